"""`sukien evaluate`: from a path of gold to its report."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sukien.scoring.found import from_pipeline, from_tables
from sukien.scoring.gold import read_gold
from sukien.scoring.metrics import LAYERS
from sukien.scoring.report import Report, evaluate
from sukien.scoring.rewriting import rewrite

if TYPE_CHECKING:
    from sukien.tables import Tables

__all__ = ["evaluate_path", "surfaces", "write_json"]


def evaluate_path(
    path: str | os.PathLike[str],
    *,
    pred: str | os.PathLike[str] | Tables | None = None,
    rewriting: str | None = None,
    layers: Collection[str] = LAYERS,
    seen: set[str] | None = None,
    errors: bool = False,
) -> Report:
    """Score the shipped models on gold, or what a run made of the gold's articles.

    path: a folder of gold with its articles beside it or of brat files; JSON lines or CoNLL.
    pred: the run to be scored, as `sukien.extract` returned it or the folder it wrote.
    rewriting: score on the texts in other letters (`lower`, `upper`, `nfd`).
    layers: what is scored; all that the gold annotates if not given.
    seen: surfaces of names known from training, to tell new names apart.
    errors: also list what was missed, invented or read wrongly.

    `report.sections[0].lines` are the figures in percent, `report.errors` the mistakes; both make
    a DataFrame as they are.

    Raises FileNotFoundError and ValueError, with the place, where gold or run cannot be read,
    and ValueError where the gold annotates none of the layers.

    >>> import json, tempfile
    >>> names = [{"start": 15, "end": 18, "label": "LOC"}]
    >>> row = {"text": "Chị Mai bay ra Huế.", "entities": names}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gold = Path(folder, "gold.jsonl")
    ...     _ = gold.write_text(json.dumps(row), encoding="utf-8")
    ...     report = evaluate_path(gold, layers=["names"], errors=True)
    >>> report.scores()["names.LOC"], [(error.what, error.found) for error in report.errors]
    (100.0, [('extra', 'PER')])
    """
    path = Path(path)
    gold = read_gold(path)
    if rewriting is not None:
        gold = rewrite(gold, rewriting)
    if pred is None:
        found = from_pipeline(gold.articles)
    else:
        run = Path(pred) if isinstance(pred, str | os.PathLike) else pred
        found = from_tables(run, gold.articles)
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
