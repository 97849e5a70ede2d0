"""Counts of gold, predicted and right items, and the figures that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Count"]


@dataclass(slots=True)
class Count:
    """Gold, predicted and right items; adds up over documents.

    >>> Count(gold=4, predicted=2, right=2).f1
    0.6666666666666666
    """

    gold: float = 0
    predicted: float = 0
    right: float = 0

    def add(self, gold: float, predicted: float, right: float) -> None:
        """Count more items, of one more document."""
        self.gold += gold
        self.predicted += predicted
        self.right += right

    @property
    def precision(self) -> float:
        """Right of predicted, 0 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right of gold, 0 where there are none."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.gold + self.predicted
        return 2 * self.right / total if total else 0.0
