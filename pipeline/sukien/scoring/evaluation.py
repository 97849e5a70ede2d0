"""`sukien evaluate`: from a path of gold to its report."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from sukien.scoring.found import from_pipeline, from_tables
from sukien.scoring.gold import read_gold
from sukien.scoring.metrics import LAYERS
from sukien.scoring.report import Report, evaluate
from sukien.scoring.rewriting import rewrite

__all__ = ["evaluate_path", "surfaces", "write_json"]


def evaluate_path(
    path: Path,
    *,
    pred: Path | None = None,
    rewriting: str | None = None,
    layers: Collection[str] = LAYERS,
    seen: set[str] | None = None,
    errors: bool = False,
) -> Report:
    """Score the shipped models on gold, or the tables of a run in the folder `pred`.

    rewriting: score on the texts in other letters (`lower`, `upper`, `nfd`).

    Raises FileNotFoundError and ValueError, with the place, where gold or run cannot be read,
    and ValueError where the gold annotates none of the layers.
    """
    gold = read_gold(path)
    if rewriting is not None:
        gold = rewrite(gold, rewriting)
    found = from_pipeline(gold.articles) if pred is None else from_tables(pred, gold.articles)
    report = evaluate(gold, found, layers=layers, seen=seen, errors=errors)
    if not report.sections[0].lines:
        raise ValueError(f"{path} annotates nothing of {', '.join(layers)}")
    return report


def surfaces(paths: Iterable[Path]) -> set[str]:
    """The surfaces of all gold names of some files: what a tagger trained on them has seen."""
    return {
        article.text[slice(*name.spans[0])]
        for path in paths
        for article in read_gold(path).articles
        for name in article.names or ()
    }


def write_json(path: Path, reports: Sequence[Report]) -> None:
    """Write reports as a list of objects."""
    data = [report.as_dict() for report in reports]
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
