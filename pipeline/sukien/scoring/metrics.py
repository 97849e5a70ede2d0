"""The figures that `sukien evaluate` reports: what each is called and how counts make it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from sukien.scoring.bootstrap import Floats
from sukien.scoring.counts import Count

__all__ = ["LAYERS", "METRICS", "Metric", "Tally", "figures"]

Kind = Literal["f1", "accuracy", "recall", "precision"]

LAYERS = ("names", "entities", "dates", "quantities", "triggers", "arguments", "attributes")
"""What can be scored, in the order of the table."""


class Tally(NamedTuple):
    """The counts of one article: gold items and how many of them were found, predicted items
    and how many of them are right. For all but B-cubed the two right ones are equal."""

    gold: float
    found: float
    predicted: float
    right: float

    @classmethod
    def of(cls, count: Count) -> Tally:
        """From plain counts.

        >>> Tally.of(Count(gold=4, predicted=2, right=1))
        Tally(gold=4, found=1, predicted=2, right=1)
        """
        return cls(count.gold, count.right, count.predicted, count.right)

    @classmethod
    def share(cls, right: float, total: float) -> Tally:
        """For an accuracy or a recall: so many of so many."""
        return cls(total, right, total, right)


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure: its key (`names.exact`), what the table calls it, and its kind."""

    key: str
    title: str
    kind: Kind = "f1"

    @property
    def layer(self) -> str:
        """The layer it belongs to."""
        return self.key.partition(".")[0]


METRICS = (
    Metric("names.exact", "span and label"),
    Metric("names.span", "span"),
    Metric("names.partial", "label, half for a part of the span"),
    Metric("names.label", "label where the span is right", "accuracy"),
    Metric("names.PER", "PER"),
    Metric("names.ORG", "ORG"),
    Metric("names.LOC", "LOC"),
    Metric("names.MISC", "MISC"),
    Metric("names.seen", "surface seen in training", "recall"),
    Metric("names.unseen", "surface never seen", "recall"),
    Metric("entities.gold_mentions", "B-cubed, gold mentions"),
    Metric("entities.found_mentions", "B-cubed, found mentions"),
    Metric("dates.strict", "span"),
    Metric("dates.strict_value", "span and value"),
    Metric("dates.relaxed", "overlap"),
    Metric("dates.relaxed_value", "overlap and value"),
    Metric("dates.interval", "first and last day", "accuracy"),
    Metric("dates.range", "interval of a range", "accuracy"),
    Metric("dates.must_not", "no date where none is", "accuracy"),
    Metric("dates.phrase", "value of a phrase", "accuracy"),
    Metric("quantities.strict", "span and kind"),
    Metric("quantities.strict_value", "span, kind and value"),
    Metric("quantities.relaxed", "overlap and kind"),
    Metric("quantities.relaxed_value", "overlap, kind and value"),
    Metric("quantities.phrase", "value of a phrase", "accuracy"),
    Metric("triggers.identification", "span"),
    Metric("triggers.classification", "span and type"),
    Metric("triggers.sure", "span and type, confidence ≥ .7", "precision"),
    Metric("triggers.overlap", "overlap and type"),
    Metric("triggers.sure_overlap", "overlap and type, confidence ≥ .7", "precision"),
    Metric("arguments.exact", "span and role, found triggers"),
    Metric("arguments.head", "head and role, found triggers"),
    Metric("arguments.exact_gold_triggers", "span and role, gold triggers"),
    Metric("arguments.head_gold_triggers", "head and role, gold triggers"),
    Metric("arguments.matched", "overlap and role, matched triggers"),
    Metric("arguments.overlap_gold_triggers", "overlap and role, gold triggers"),
    Metric("attributes.polarity", "polarity", "accuracy"),
    Metric("attributes.modality", "modality", "accuracy"),
    Metric("attributes.tense", "tense", "accuracy"),
    Metric("attributes.time", "time, where gold has one", "accuracy"),
    Metric("attributes.no_time", "no time, where gold has none", "accuracy"),
)
"""All figures, in the order of the table."""


def figures(totals: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 in percent from totals of tallies (last axis); nan without items.

    >>> [round(float(x), 1) for x in figures(np.array([4.0, 1.0, 2.0, 1.0]))]
    [50.0, 25.0, 33.3]
    """
    gold, found, predicted, right = np.moveaxis(np.asarray(totals, np.float64), -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(predicted > 0, 100 * right / predicted, np.where(gold > 0, 0, np.nan))
        recall = np.where(gold > 0, 100 * found / gold, np.where(predicted > 0, 0, np.nan))
        both = precision + recall
        f1 = np.where(both > 0, 2 * precision * recall / both, both)
    return precision, recall, f1
