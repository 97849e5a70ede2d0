"""All scores of a source of gold, with their intervals and the errors behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from sukien.scoring.bootstrap import Floats, interval, resample
from sukien.scoring.errors import Error, errors_in
from sukien.scoring.found import Found
from sukien.scoring.gold import GoldSet
from sukien.scoring.layers import tally_article, tally_phrase
from sukien.scoring.metrics import LAYERS, METRICS, Metric, Tally, figures
from sukien.scoring.names import score_names

__all__ = ["Line", "Report", "Section", "evaluate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure: `score` in percent with the interval `low` to `high` that holds it at 95 %.

    `items` is the number of gold items (of predicted ones, where only precision is measured);
    precision and recall are None where the figure is a plain share.
    """

    key: str
    title: str
    score: float
    low: float
    high: float
    items: int
    precision: float | None = None
    recall: float | None = None

    @property
    def layer(self) -> str:
        """The layer it belongs to."""
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of all articles, or of a part of them."""

    title: str
    articles: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Report:
    """What `evaluate` gives: the figures of everything first, then those of the parts."""

    name: str
    sections: Sequence[Section]
    errors: Sequence[Error] = ()
    notes: Sequence[str] = field(default=())

    def scores(self) -> dict[str, float]:
        """The figures of everything by their keys, in percent with one decimal."""
        return {line.key: line.score for line in self.sections[0].lines}

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain values, for JSON."""
        return asdict(self)


def evaluate(
    gold: GoldSet,
    found: Sequence[Found],
    *,
    layers: Collection[str] = LAYERS,
    seen: set[str] | None = None,
    errors: bool = False,
) -> Report:
    """Score what was found in each article of a gold set, and its lone phrases.

    seen: surfaces of the training data; names are then also scored by whether they are new.
    errors: also list what is wrong.
    """
    known = {
        kind for article in gold.articles for event in article.events or () for kind in event.types
    }
    tallies: list[Mapping[str, Tally]] = []
    wrong: list[Error] = []
    for article, its in zip(gold.articles, found, strict=True):
        tallies.append(_chosen(dict(tally_article(article, its, seen, known)), layers))
        if errors:
            wrong += errors_in(article, its, layers, known)
    for number, row in enumerate(gold.phrases, 1):
        key, tally, problem = tally_phrase(row)
        tallies.append(_chosen({key: tally}, layers))
        if errors and problem is not None:
            wrong.append(_phrase_error(key, str(row.get("id") or number), row, problem))
    unit = "phrases" if gold.phrases else "articles"
    sections = [_section(f"{gold.name}, {len(tallies)} {unit}", tallies)]
    parts: dict[str, list[Mapping[str, Tally]]] = defaultdict(list)
    for article, its_tallies in zip(gold.articles, tallies, strict=False):
        for part in article.parts:
            parts[part].append(its_tallies)
    for title, some in sorted(parts.items()):
        if len(some) < len(tallies):
            sections.append(_section(f"{gold.name}, {title}, {len(some)} {unit}", some))
    notes = [
        f"{article.id}: {its.problem}; counted as nothing found"
        for article, its in zip(gold.articles, found, strict=True)
        if its.problem
    ]
    if "names" in layers and "names" in gold.layers:
        notes.append(f"names: expected calibration error {_calibration(gold, found):.1f} %")
    return Report(gold.name, sections, wrong, notes)


def _calibration(gold: GoldSet, found: Sequence[Found]) -> float:
    """How far the confidences of names are from the share of right ones, over all articles."""
    marked = [pair for pair in zip(gold.articles, found, strict=True) if pair[0].names is not None]
    scores = score_names(
        [(article.text, article.names or ()) for article, _ in marked],
        [[(m.char_start, m.char_end, str(m.label)) for m in its.mentions] for _, its in marked],
        confidences=[[m.confidence for m in its.mentions] for _, its in marked],
    )
    return scores.calibration or 0.0


def _chosen(tallies: dict[str, Tally], layers: Collection[str]) -> dict[str, Tally]:
    return {key: tally for key, tally in tallies.items() if key.partition(".")[0] in layers}


def _phrase_error(key: str, name: str, row: Mapping[str, Any], problem: str) -> Error:
    wanted = row["expected"]
    told = "nothing" if wanted is None else " ".join(str(v) for v in wanted.values())
    layer = key.partition(".")[0]
    return Error(
        layer=layer, article=name, what="wrong", sentence=row["text"], gold=told, found=problem
    )


def _section(title: str, tallies: Sequence[Mapping[str, Tally]]) -> Section:
    """The figures of some articles; those without a single item are left out."""
    nothing = Tally(0, 0, 0, 0)
    rows = [[tally.get(metric.key, nothing) for metric in METRICS] for tally in tallies]
    counts = np.array(rows, np.float64).reshape(-1, len(METRICS), len(nothing))
    totals = counts.sum(axis=0)
    measured = [n for n, metric in enumerate(METRICS) if totals[n][_ITEMS.get(metric.kind, 0)] > 0]
    drawn = resample(counts[:, measured]) if measured else counts
    lines = [_line(METRICS[n], totals[n], drawn[:, place]) for place, n in enumerate(measured)]
    return Section(title, len(tallies), lines)


_FIGURE = {"precision": 0, "recall": 1, "accuracy": 1, "f1": 2}
# Which count of a tally tells how many items a figure is about: gold ones, else predicted ones.
_ITEMS = {"precision": 2}


def _line(metric: Metric, totals: Floats, drawn: Floats) -> Line:
    which = _FIGURE[metric.kind]
    values = [round(float(value), 1) for value in figures(totals)]
    low, high = interval(figures(drawn)[which])
    full = metric.kind == "f1"
    return Line(
        key=metric.key,
        title=metric.title,
        score=values[which],
        low=round(low, 1),
        high=round(high, 1),
        items=round(totals[_ITEMS.get(metric.kind, 0)]),
        precision=values[0] if full else None,
        recall=values[1] if full else None,
    )
