"""Scores of names: what counts as right, what does not count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.scoring.names import (
    GoldName,
    expected_calibration_error,
    read_gold,
    score_names,
    surfaces,
)


def _gold(start: int, end: int, label: str, *, optional: bool = False) -> GoldName:
    return GoldName(((start, end),), (label,), optional)


def test_exact_needs_span_and_label() -> None:
    gold = [("a" * 30, [_gold(0, 3, "PER"), _gold(5, 9, "LOC"), _gold(12, 20, "ORG")])]
    scores = score_names(gold, [[(0, 3, "PER"), (5, 9, "ORG"), (12, 18, "ORG")]])
    assert scores.exact.f1 == pytest.approx(1 / 3)
    assert scores.untyped.f1 == pytest.approx(2 / 3)
    assert scores.partial.f1 == pytest.approx(0.5)
    assert scores.labels["PER"].f1 == 1


def test_optional_names_are_neither_rewarded_nor_punished() -> None:
    gold = [("a" * 9, [_gold(0, 3, "PER"), _gold(4, 8, "ORG", optional=True)])]
    for extra in ([], [(4, 8, "ORG")], [(4, 6, "LOC")]):
        scores = score_names(gold, [[(0, 3, "PER"), *extra]])
        assert (scores.exact.gold, scores.exact.predicted, scores.exact.f1) == (1, 1, 1)


def test_other_right_answers_count() -> None:
    gold = [("a" * 9, [GoldName(((0, 3), (0, 5)), ("ORG", "LOC"))])]
    assert score_names(gold, [[(0, 5, "LOC")]]).exact.f1 == 1
    assert score_names(gold, [[(0, 4, "LOC")]]).exact.f1 == 0


def test_recall_on_unseen_surfaces() -> None:
    gold = [("Huế Vinh", [_gold(0, 3, "LOC"), _gold(4, 8, "LOC")])]
    scores = score_names(gold, [[(4, 8, "LOC")]], seen={"Huế"})
    assert scores.seen is not None
    assert scores.unseen is not None
    assert (scores.seen.recall, scores.unseen.recall) == (0, 1)


def test_gold_files_are_read(tmp_path: Path) -> None:
    row = {
        "text": "Huế và FPT Huế",
        "entities": [
            {"start": 0, "end": 3, "label": "LOC", "alt": [{"start": 0, "end": 6}]},
            {"start": 7, "end": 14, "label": "ORG", "level": 0, "alt_types": ["LOC"]},
            {"start": 11, "end": 14, "label": "LOC", "level": 1},
        ],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    ((text, names),) = read_gold(path)
    assert text == row["text"]
    assert names[0].spans == ((0, 3), (0, 6))
    assert names[1].labels == ("ORG", "LOC")
    assert surfaces([path]) == {"Huế", "FPT Huế"}


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"text": "a"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"gold\.jsonl:1"):
        list(read_gold(path))


def test_calibration_of_honest_confidences_is_zero() -> None:
    assert expected_calibration_error([(0.5, True), (0.5, False)]) == 0
    assert expected_calibration_error([]) == 0


SPANS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["PER", "LOC"])), unique_by=lambda x: x[0]
)


@given(SPANS, SPANS)
def test_scores_stay_in_bounds_and_self_is_perfect(
    one: list[tuple[int, str]], two: list[tuple[int, str]]
) -> None:
    gold = [("x" * 40, [_gold(at * 3, at * 3 + 2, label) for at, label in one])]
    own = [(at * 3, at * 3 + 2, label) for at, label in one]
    other = [(at * 3, at * 3 + 2, label) for at, label in two]
    scores = score_names(gold, [other])
    assert 0 <= scores.exact.f1 <= scores.partial.f1 <= 1
    assert score_names(gold, [own]).exact.f1 == (1 if one else 0)
