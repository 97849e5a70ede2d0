"""Intervals of figures by bootstrap over articles.

Articles are drawn with replacement, since errors within one article are not independent
(Efron and Tibshirani, An Introduction to the Bootstrap, 1993, percentile method).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "interval", "resample"]

Floats: TypeAlias = npt.NDArray[np.float64]

DRAWS = 1000
SEED = 2024
# Articles times draws that are held at once; bounds memory, never changes a result.
_BLOCK = 2_000_000


def resample(counts: Floats, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Totals of `counts` (articles first) over as many articles drawn anew, one row a draw.

    >>> totals = resample(np.array([[1.0, 0.0], [0.0, 1.0]]))
    >>> totals.shape, set(totals.sum(axis=1).tolist())
    ((1000, 2), {2.0})
    """
    articles = len(counts)
    generator = np.random.default_rng(seed)
    share = np.full(articles, 1 / articles)
    flat = counts.reshape(articles, -1)
    size = max(_BLOCK // articles, 1)
    blocks = [
        generator.multinomial(articles, share, size=min(size, draws - first)) @ flat
        for first in range(0, draws, size)
    ]
    return np.concatenate(blocks).reshape(draws, *counts.shape[1:])


def interval(figures: Floats, level: float = 0.95) -> tuple[float, float]:
    """The interval that holds `level` of the figures; those of draws without items (nan) are out.

    >>> interval(np.arange(5.0), level=0.5)
    (1.0, 3.0)
    """
    known = figures[~np.isnan(figures)]
    if not len(known):
        return 0.0, 0.0
    rest = (1 - level) / 2
    low, high = np.quantile(known, [rest, 1 - rest])
    return float(low), float(high)
