from __future__ import annotations

import pytest
from tests.scoring.made import argument, event

from sukien.events.event import Event
from sukien.scoring.events import (
    EventScore,
    GoldArgument,
    GoldEvent,
    LooseScore,
    read_gold,
    score_exact,
    score_loose,
)


def exact(gold: list[GoldEvent], found: list[Event]) -> dict[str, float]:
    score = EventScore()
    score_exact(gold, found, score)
    return score.figures()


def loose(gold: list[GoldEvent], found: list[Event]) -> dict[str, float]:
    score = LooseScore()
    score_loose(gold, found, score)
    return score.figures()


def test_exact_needs_the_span_and_for_classification_the_type() -> None:
    gold = [GoldEvent(0, 3, ("Die",)), GoldEvent(9, 12, ("Meet",))]
    figures = exact(gold, [event(0, 3, "Die"), event(9, 12, "Attack")])
    assert figures["trigger_identification_f1"] == 1
    assert figures["trigger_classification_f1"] == 0.5


def test_exact_arguments_need_trigger_role_and_span() -> None:
    gold = [GoldEvent(0, 3, ("Die",), (GoldArgument("Victim", ((5, 9),)),))]
    assert exact(gold, [event(0, 3, "Die", argument("Victim", 5, 9))])["argument_exact_f1"] == 1
    assert exact(gold, [event(0, 3, "Die", argument("Agent", 5, 9))])["argument_exact_f1"] == 0
    assert exact(gold, [event(1, 3, "Die", argument("Victim", 5, 9))])["argument_exact_f1"] == 0


def test_head_score_takes_spans_that_begin_or_end_together() -> None:
    gold = [GoldEvent(0, 3, ("Die",), (GoldArgument("Victim", ((5, 9),)),))]
    for start, end, right in ((7, 9, 1), (5, 20, 1), (6, 8, 0), (9, 12, 0)):
        figures = exact(gold, [event(0, 3, "Die", argument("Victim", start, end))])
        assert figures["argument_head_f1"] == right


def test_one_gold_argument_is_matched_once() -> None:
    gold = [GoldEvent(0, 3, ("Die",), (GoldArgument("Victim", ((5, 9),)),))]
    found = event(0, 3, "Die", argument("Victim", 5, 9), argument("Victim", 5, 7))
    assert exact(gold, [found])["argument_head_f1"] == pytest.approx(2 / 3)


def test_loose_takes_overlap_and_other_right_types() -> None:
    gold = [GoldEvent(4, 8, ("Sanction", "Transport"))]
    assert loose(gold, [event(0, 6, "Transport")])["trigger_f1"] == 1
    assert loose(gold, [event(0, 4, "Transport")])["trigger_f1"] == 0
    assert loose(gold, [event(0, 6, "Meet")])["trigger_f1"] == 0


def test_optional_events_are_neither_rewarded_nor_punished() -> None:
    gold = [GoldEvent(0, 3, ("Die",), optional=True), GoldEvent(9, 12, ("Meet",))]
    assert loose(gold, [event(9, 12, "Meet")])["trigger_f1"] == 1
    assert loose(gold, [event(0, 3, "Die"), event(9, 12, "Meet")])["trigger_f1"] == 1
    assert loose(gold, [event(0, 3, "Attack"), event(9, 12, "Meet")])["trigger_f1"] == 1


def test_a_second_event_on_a_gold_trigger_is_wrong() -> None:
    gold = [GoldEvent(0, 9, ("Die",))]
    figures = loose(gold, [event(0, 3, "Die"), event(4, 9, "Die")])
    assert figures["trigger_precision"] == 0.5


def test_attributes_and_times_are_those_of_matched_events() -> None:
    gold = [
        GoldEvent(0, 3, ("Die",), (), (("tense", "past"),), ("2020", "2020-05")),
        GoldEvent(9, 12, ("Meet",), (), (("tense", "future"),), (None,)),
    ]
    found = [event(0, 3, "Die", tense="past", time="2020-05"), event(9, 12, "Meet", time="2021")]
    figures = loose(gold, found)
    assert figures["tense_accuracy"] == 0.5
    assert figures["time_accuracy"] == 1
    assert figures["no_time_accuracy"] == 0


def test_loose_arguments_take_any_right_span() -> None:
    gold = [GoldEvent(0, 3, ("Die",), (GoldArgument("Victim", ((5, 9), (20, 22))),))]
    assert loose(gold, [event(0, 3, "Die", argument("Victim", 21, 25))])["argument_f1"] == 1
    assert loose(gold, [event(0, 3, "Die", argument("Agent", 5, 9))])["argument_f1"] == 0


def test_gold_of_both_kinds_is_read() -> None:
    bkee = {"events": [{"type": "Arquit", "start": 1, "end": 2, "args": []}]}
    assert read_gold(bkee, ["Acquit"])[0] == GoldEvent(1, 2, ("Acquit",))
    news = {
        "events": [
            {
                "start": 1,
                "end": 2,
                "type": "Meet",
                "alt_types": ["Hold-Event"],
                "polarity": "positive",
                "modality": "asserted",
                "tense": "past",
                "time": None,
                "time_alt": ["2020"],
                "args": [{"role": "Entity", "start": 3, "end": 4, "alt": [[5, 6]]}],
                "optional": True,
            }
        ]
    }
    (gold,) = read_gold(news, ["Meet", "Hold-Event"])
    assert gold.types == ("Meet", "Hold-Event")
    assert gold.times == (None, "2020")
    assert gold.arguments == (GoldArgument("Entity", ((3, 4), (5, 6))),)
    assert gold.optional
