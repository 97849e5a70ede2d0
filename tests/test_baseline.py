"""Scores on the sample corpus do not fall below the floors in `corpus/baseline.json`.

Floors are raised by `sukien evaluate corpus/gold --baseline corpus/baseline.json --raise-floors`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sukien.scoring.baseline import check
from sukien.scoring.evaluation import evaluate_path
from sukien.scoring.metrics import LAYERS

CORPUS = Path(__file__).parents[1] / "corpus"


def test_scores_on_the_sample_corpus_hold_their_floors() -> None:
    pytest.importorskip("trafilatura", reason="two of the articles are html")
    report = evaluate_path(CORPUS / "gold")
    verdict = check(CORPUS / "baseline.json", report, CORPUS / "gold", LAYERS)
    assert verdict.passed, "\n".join(verdict.lines)
