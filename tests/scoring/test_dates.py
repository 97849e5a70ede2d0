"""Scoring of temporal expressions."""

from __future__ import annotations

from sukien.dates import Timex, find_dates
from sukien.scoring.dates import GoldDate, read_gold, same_phrase, score_dates


def row(start: int, end: int, value: str) -> Timex:
    return Timex(
        char_start=start, char_end=end, text="x" * (end - start), type="DATE", value=value, rule="r"
    )


def gold(start: int, end: int, *values: str, optional: bool = False) -> GoldDate:
    return GoldDate(start=start, end=end, type="DATE", values=values, optional=optional)


def test_a_right_row_counts_everywhere() -> None:
    figures = score_dates([gold(0, 4, "2024")], [row(0, 4, "2024")]).figures()
    assert figures["strict_value_f1"] == figures["relaxed_value_f1"] == 1.0


def test_another_right_value_counts() -> None:
    assert score_dates([gold(0, 4, "2024", "FY2024")], [row(0, 4, "FY2024")]).strict_value == 1


def test_an_overlap_counts_only_in_relaxed() -> None:
    score = score_dates([gold(0, 8, "2024")], [row(4, 8, "2024")])
    assert (score.strict, score.relaxed, score.relaxed_value) == (0, 1, 1)


def test_optional_gold_neither_rewards_nor_punishes() -> None:
    items = [gold(0, 4, "2024", optional=True)]
    for found in ([], [row(0, 4, "2024")], [row(2, 6, "1999")]):
        score = score_dates(items, found)
        assert (score.gold, score.predicted) == (0, 0)


def test_a_forbidden_span_that_is_hit_is_counted() -> None:
    score = score_dates([], [row(3, 6, "2024")], [(0, 4), (8, 9)])
    assert (score.forbidden, score.forbidden_hit) == (2, 1)


def test_derived_intervals_need_a_range() -> None:
    text = "từ 1/7 đến 15/8"
    items = [
        read_gold(
            {
                "start": 0,
                "stop": 15,
                "type": "INTERVAL",
                "value": "",
                "begin": "2024-07-01",
                "end": "2024-08-15",
                "derived": True,
            }
        )
    ]
    assert score_dates(items, find_dates(text, reference="2024-06-20")).derived_right == 1
    assert score_dates(items, [row(3, 6, "2024-07-01")]).derived_right == 0


def test_phrases_are_compared_at_their_grain() -> None:
    found = find_dates("3 giờ chiều", reference="2024-03-20T10:00", prefer="future")
    want = {"kind": "instant", "grain": "hour", "timex": "2024-03-20T15"}
    assert same_phrase(want, found)
    assert same_phrase(None, [])
    assert not same_phrase(None, found)
    span = {
        "kind": "interval",
        "begin": "2024-03-21T00:00:00",
        "end_exclusive": "2024-03-24T00:00:00",
    }
    assert same_phrase(span, find_dates("3 ngày tới", reference="2024-03-20", prefer="future"))
