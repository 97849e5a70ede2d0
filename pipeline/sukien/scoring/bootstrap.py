"""Intervals of figures by bootstrap over articles.

Articles are drawn with replacement, since errors within one article are not independent
(Efron and Tibshirani, An Introduction to the Bootstrap, 1993, percentile method).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Resampler"]

Floats: TypeAlias = npt.NDArray[np.float64]

DRAWS = 1000
SEED = 2024
# Draws that are held at once.
_BLOCK = 100


class Resampler:
    """Draws of the same articles for every figure, so that figures can be compared.

    >>> half = lambda totals: totals[..., 1] / totals[..., 0]
    >>> low, high = Resampler(50).interval(np.tile([[1.0, 0.0], [1.0, 1.0]], (25, 1)), half)
    >>> 0.3 < low < 0.5 < high < 0.7
    True
    """

    def __init__(self, articles: int, draws: int = DRAWS, seed: int = SEED) -> None:
        generator = np.random.default_rng(seed)
        share = np.full(articles, 1 / max(articles, 1))
        self._weights = generator.multinomial(articles, share, size=draws).astype(np.float64)

    def interval(
        self, counts: Floats, figure: Callable[[Floats], Floats], level: float = 0.95
    ) -> tuple[float, float]:
        """The interval that holds `level` of the figures of the draws.

        `counts` has a row an article; `figure` computes figures from the totals of its columns,
        over the last axis. Draws without a figure (nan) are left out.
        """
        blocks = [
            self._weights[first : first + _BLOCK] @ counts
            for first in range(0, len(self._weights), _BLOCK)
        ]
        figures = figure(np.concatenate(blocks))
        figures = figures[~np.isnan(figures)]
        if not len(figures):
            return 0.0, 0.0
        rest = (1 - level) / 2
        low, high = np.quantile(figures, [rest, 1 - rest])
        return float(low), float(high)
