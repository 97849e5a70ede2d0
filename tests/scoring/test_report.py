"""Reports: figures, intervals, parts, errors, and runs read back from their folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.batch.fake_stages import FakeLoader, FakeStages
from tests.scoring.made import argument, event

from sukien.article import Article
from sukien.batch.run import extract_to_folder
from sukien.batch.settings import Settings
from sukien.dates.timex import Timex
from sukien.entities.mention import Mention
from sukien.scoring.bootstrap import interval, resample
from sukien.scoring.dates import GoldDate
from sukien.scoring.errors import Error, errors_in
from sukien.scoring.evaluation import evaluate_path
from sukien.scoring.events import GoldArgument, GoldEvent
from sukien.scoring.found import Found, from_tables
from sukien.scoring.gold import GoldArticle, GoldSet
from sukien.scoring.matching import match_overlaps
from sukien.scoring.metrics import LAYERS, METRICS, figures
from sukien.scoring.names import GoldName
from sukien.scoring.quantities import GoldQuantity, score_quantities
from sukien.scoring.report import Report, evaluate
from sukien.writing import read_tables

TEXT = "Bà Lan gặp ông Hùng hôm nay. Ở Huế có mưa."


def mention(start: int, end: int, label: str) -> Mention:
    return Mention(
        char_start=start,
        char_end=end,
        text=TEXT[start:end],
        label=label,  # type: ignore[arg-type]  # plain strings keep the tests short
        confidence=0.9,
        method="model",
        token_start=0,
        token_end=1,
        sentence=0,
    )


def name(start: int, end: int, label: str) -> GoldName:
    return GoldName(((start, end),), (label,))


GOLD = GoldArticle(
    id="a",
    text=TEXT,
    names=[name(3, 6, "PER"), name(15, 19, "PER"), name(31, 34, "LOC")],
    entities=[
        {"start": 3, "end": 6, "label": "PER", "entity": "lan"},
        {"start": 15, "end": 19, "label": "PER", "entity": "hung"},
        {"start": 31, "end": 34, "label": "LOC", "entity": "hue"},
    ],
)
FOUND = Found(
    mentions=[mention(3, 6, "PER"), mention(11, 19, "PER"), mention(31, 34, "ORG")],
    entities=["e1", "e2", "e3"],
    sentences=[(0, 28), (29, 42)],
)


def scores(gold: GoldArticle, found: Found, seen: set[str] | None = None) -> dict[str, float]:
    return evaluate(GoldSet("g", [gold]), [found], seen=seen).scores()


def errors(gold: GoldArticle, found: Found) -> list[Error]:
    known = {kind for event in gold.events or () for kind in event.types}
    return list(errors_in(gold, found, LAYERS, known))


def test_names_are_scored_by_span_label_and_surface() -> None:
    got = scores(GOLD, FOUND, seen={"Lan"})
    assert got["names.exact"] == 33.3
    assert got["names.span"] == 66.7
    assert got["names.partial"] == 50.0
    assert got["names.label"] == 50.0
    assert (got["names.seen"], got["names.unseen"]) == (100.0, 0.0)


def test_layers_without_gold_are_left_out() -> None:
    assert {key.partition(".")[0] for key in scores(GOLD, FOUND)} == {"names", "entities"}
    chosen = evaluate(GoldSet("g", [GOLD]), [FOUND], layers=["entities"]).scores()
    assert set(chosen) == {"entities.found_mentions"}


def test_parts_are_scored_apart() -> None:
    new = replace(GOLD, id="b", parts=("by a second reader",))
    report = evaluate(GoldSet("g", [GOLD, new]), [FOUND, Found()])
    whole, part = report.sections
    assert "by a second reader, 1 articles" in part.title
    assert (whole.lines[0].score, part.lines[0].score) == (22.2, 0.0)


def test_an_article_without_findings_is_noted() -> None:
    report = evaluate(GoldSet("g", [GOLD]), [Found(problem="the text is blank")])
    assert report.notes[0] == "a: the text is blank; counted as nothing found"


def test_confidences_are_held_against_what_is_right() -> None:
    report = evaluate(GoldSet("g", [GOLD]), [FOUND])
    assert report.notes == ["names: expected calibration error 56.7 %"]  # 0.9 said, a third right


def test_errors_tell_article_sentence_and_both_sides() -> None:
    first, second = (error for error in errors(GOLD, FOUND) if error.layer == "names")
    assert (first.what, first.gold, first.found) == ("span", "PER", "PER “ông Hùng”")
    assert first.sentence == "Bà Lan gặp ông [Hùng] hôm nay."
    assert (second.what, second.gold, second.found) == ("wrong", "LOC", "ORG")


def test_missed_and_extra_names_are_errors_and_optional_ones_none() -> None:
    optional = replace(name(15, 19, "PER"), optional=True)
    gold = replace(GOLD, names=[name(3, 6, "PER"), optional], entities=None)
    found = replace(FOUND, mentions=[mention(11, 19, "ORG"), mention(31, 34, "LOC")], entities=[])
    assert [(e.what, e.span) for e in errors(gold, found)] == [
        ("missed", (3, 6)),
        ("extra", (31, 34)),
    ]


def test_entities_that_were_joined_are_errors() -> None:
    found = replace(FOUND, linked={(3, 6): 0, (15, 19): 0, (31, 34): 1})
    (error,) = (error for error in errors(GOLD, found) if error.layer == "entities")
    assert (error.what, error.found) == ("joined", "Lan + Hùng")
    assert scores(GOLD, found)["entities.gold_mentions"] < 100


def test_dates_and_quantities_with_their_errors() -> None:
    day = GoldDate(
        start=20, end=27, type="DATE", values=("2024-03-05",), begin="2024-03-05", bounded=True
    )
    amount = GoldQuantity(start=0, end=2, kind="age", value=3, unit="year")
    gold = GoldArticle(id="a", text=TEXT, dates=[day], quantities=[amount], must_not=[(31, 34)])
    row = Timex(char_start=20, char_end=27, text="", type="DATE", value="2024-03-06", rule="r")
    wrong = replace(row, char_start=31, char_end=34)
    found = Found(dates=[row, wrong])
    got = scores(gold, found)
    assert (got["dates.strict"], got["dates.strict_value"]) == (66.7, 0.0)
    assert (got["dates.must_not"], got["quantities.strict"]) == (0.0, 0.0)
    told = [(e.layer, e.what, e.gold, e.found) for e in errors(gold, found)]
    assert ("dates", "wrong", "2024-03-05", "2024-03-06") in told
    assert ("dates", "extra", "no date", "2024-03-06") in told
    assert ("quantities", "missed", "age 3 year", "") in told


def test_events_with_arguments_and_attributes() -> None:
    wanted = GoldEvent(
        7,
        10,
        ("Meet",),
        (GoldArgument("Entity", ((3, 6),)), GoldArgument("Entity", ((15, 19),))),
        (("tense", "past"),),
        ("2024-03-05T15",),
    )
    gold = GoldArticle(id="a", text=TEXT, events=[wanted])
    given = event(
        7,
        10,
        "Meet",
        argument("Entity", 0, 6),
        argument("Place", 31, 34),
        text="gặp",
        confidence=0.8,
        tense="future",
        time="2024-03-05T15:00",
    )
    found = Found(events=[given], filled=[given])
    got = scores(gold, found)
    assert got["triggers.overlap"] == got["triggers.sure_overlap"] == 100.0
    assert got["arguments.matched"] == got["arguments.overlap_gold_triggers"] == 50.0
    assert (got["attributes.tense"], got["attributes.time"]) == (0.0, 100.0)
    told = [(e.what, e.gold, e.found) for e in errors(gold, found)]
    assert ("wrong", "tense past", "tense future") in told
    assert ("missed", "Entity of Meet “gặp”", "") in told
    assert ("extra", "", "Place of Meet “gặp”") in told
    exact = replace(gold, exact=True)
    assert scores(exact, found)["triggers.classification"] == 100.0
    assert scores(exact, found)["arguments.exact"] == 0.0
    assert scores(exact, found)["arguments.head"] == 50.0


def test_types_that_exact_gold_never_marks_do_not_count() -> None:
    wanted = GoldEvent(7, 10, ("Meet",))
    gold = GoldArticle(id="a", text=TEXT, events=[wanted], exact=True)
    found = Found(events=[event(31, 34, "Damage")])
    report = evaluate(GoldSet("g", [gold]), [found])
    assert {line.key: line.precision for line in report.sections[0].lines}[
        "triggers.identification"
    ] == 0.0
    assert [error.what for error in errors(gold, found)] == ["missed"]


def test_phrases_are_scored_one_by_one() -> None:
    row = {"text": "12%", "dimension": "percent", "expected": {"kind": "value", "value": 13}}
    report = evaluate(GoldSet("g", phrases=[row]), [], errors=True)
    assert report.scores() == {"quantities.phrase": 0.0}
    assert report.errors[0].sentence == "12%"


def test_a_run_is_read_back_as_it_was_found(tmp_path: Path) -> None:
    texts = [TEXT, "Mai gặp Vinh hôm nay.\nHai xe, 12 người.", TEXT + " Hết."]
    articles = [Article(text=t, source_path=f"{n}.txt") for n, t in enumerate(texts)]
    extract_to_folder(articles, tmp_path, Settings(), load=FakeLoader())
    gold = [GoldArticle(id=a.source_path, text=a.text) for a in articles]
    for found, analysis in zip(
        from_tables(tmp_path, gold), FakeStages().run(articles), strict=True
    ):
        assert [(m.char_start, m.char_end, m.label) for m in found.mentions] == [
            (m.char_start, m.char_end, m.label) for m in analysis.mentions
        ]
        assert [(d.char_start, d.value, d.begin) for d in found.dates] == [
            (d.char_start, d.value, d.begin) for d in analysis.dates
        ]
        assert [(q.kind, q.value, q.unit) for q in found.quantities] == [
            (q.kind, q.value, q.unit) for q in analysis.quantities
        ]
        (read,) = found.events
        (told,) = analysis.events
        assert (read.type, read.char_start, read.tense) == ("Meet", told.char_start, told.tense)
        spans = {(a.role, a.char_start, a.char_end) for a in told.arguments}
        assert {(a.role, a.char_start, a.char_end) for a in read.arguments} == spans


def test_a_run_in_memory_is_scored_like_its_folder(tmp_path: Path) -> None:
    articles = [Article(text="Mai gặp Vinh hôm nay.", source_path="a.txt")]
    extract_to_folder(articles, tmp_path / "out", Settings(), load=FakeLoader())
    gold = tmp_path / "gold.jsonl"
    row = {"text": articles[0].text, "entities": [{"start": 0, "end": 3, "label": "PER"}]}
    gold.write_text(json.dumps(row), encoding="utf-8")
    from_folder = evaluate_path(str(gold), pred=str(tmp_path / "out"), errors=True)
    in_memory = evaluate_path(gold, pred=read_tables(tmp_path / "out"), errors=True)
    assert from_folder == in_memory
    assert in_memory.scores()["names.PER"] < 100.0  # Vinh is not in this gold


def test_a_run_without_the_articles_is_refused(tmp_path: Path) -> None:
    extract_to_folder([Article(text="Mai.")], tmp_path, Settings(), load=FakeLoader())
    other = [GoldArticle(id="a", text="Lan.")]
    with pytest.raises(ValueError, match="holds none of the gold articles"):
        from_tables(tmp_path, other)
    some = from_tables(tmp_path, [*other, GoldArticle(id="b", text="Mai.")])
    assert [found.problem is None for found in some] == [False, True]


COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1)


@given(COUNTS)
def test_an_interval_holds_its_figure_and_is_the_same_twice(
    rows: list[tuple[int, int, int]],
) -> None:
    table = np.array([(g + r, r, p + r, r) for g, p, r in rows], np.float64)
    low, high = interval(figures(resample(table))[2])
    assert (low, high) == interval(figures(resample(table))[2])
    assert 0 <= low <= high <= 100
    share = 100 * 2 * table[:, 1] / np.maximum(table[:, 0] + table[:, 2], 1)
    assert high <= share.max() + 1e-9


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda p: (p[0], sum(p))))


@given(SPANS, SPANS)
def test_overlaps_are_matched_one_to_one_and_none_is_left(
    gold: list[tuple[int, int]], found: list[tuple[int, int]]
) -> None:
    pairs = match_overlaps(gold, found)
    assert len(set(pairs.values())) == len(pairs)
    for i, left in enumerate(gold):
        for j, right in enumerate(found):
            if max(left[0], right[0]) < min(left[1], right[1]):
                assert i in pairs or j in pairs.values()
            else:
                assert pairs.get(i) != j


def test_quantities_without_a_known_value_are_right_with_any() -> None:
    gold = [GoldQuantity(start=0, end=3, kind="count", value=None)]
    analysis = FakeStages().run([Article(text="123")])[0]
    assert score_quantities(gold, analysis.quantities).strict_value.f1 == 1


def test_every_figure_belongs_to_a_layer() -> None:
    assert {metric.layer for metric in METRICS} == set(LAYERS)
    assert len({metric.key for metric in METRICS}) == len(METRICS)


def test_a_report_becomes_plain_values() -> None:
    report = evaluate(GoldSet("g", [GOLD]), [FOUND], errors=True)
    plain = report.as_dict()
    assert plain["sections"][0]["lines"][0]["key"] == "names.exact"
    assert plain["errors"][0]["what"] == "span"
    assert isinstance(report, Report)
