"""What an article is about, in 64 numbers: the pairs of syllables that news seldom has.

Weights are TF-IDF (Spärck Jones 1972) of syllables and pairs of syllables, hashed. How common a
pair is comes from `data/rarity.npz`, made once from raw news by `count_rarity`, so that an
article's gist does not depend on what else is in a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from sukien.batch.signatures import Numbers, spread

__all__ = ["SIZE", "Gists", "count_rarity", "gists"]

Gists = npt.NDArray[np.uint32]
"""Shape (articles, 2, SIZE): hashed features, strongest first, and their weights as the bits of
float32; unused places are zero. The squares of an article's weights sum to 1."""

SIZE = 64
_BUCKETS = 1 << 18
_STEPS = 16.0
"""A step of the table is a sixteenth of a unit of log rarity."""


def gists(texts: Sequence[Numbers]) -> Gists:
    """The gist of each text, given as the numbers of its syllables."""
    found = np.zeros((len(texts), 2, SIZE), np.uint32)
    for row, text in enumerate(texts):
        if len(text):
            features, counts = np.unique(_features(text), return_counts=True)
            weights = (1.0 + np.log(counts)) * _rarity()[features % _BUCKETS]
            # Ties by the feature itself: the order never depends on anything else.
            best = np.lexsort((features, -weights))[:SIZE]
            strongest = weights[best]
            length = np.sqrt(np.sum(strongest * strongest)) or 1.0
            found[row, 0, : len(best)] = features[best]
            found[row, 1, : len(best)] = (strongest / length).astype(np.float32).view(np.uint32)
    return found


def _features(text: Numbers) -> Gists:
    """Hashes of the syllables and of the pairs of neighbours."""
    pairs = text[:-1] * np.uint64(0x9E3779B97F4A7C15) + text[1:]
    return (spread(np.concatenate([text, pairs])) >> np.uint64(32)).astype(np.uint32)


@lru_cache(maxsize=1)
def _rarity() -> npt.NDArray[np.float64]:
    data = (files("sukien.batch") / "data" / "rarity.npz").read_bytes()
    steps: npt.NDArray[np.uint8] = np.load(BytesIO(data))["steps"]
    return steps / _STEPS


def count_rarity(texts: Iterable[Numbers]) -> npt.NDArray[np.uint8]:
    """Make the table of rarities: log((texts + 1) / (texts with the feature + 1)), in steps."""
    counts = np.zeros(_BUCKETS, np.int64)
    total = 0
    for text in texts:
        counts[np.unique(_features(text) % _BUCKETS)] += 1
        total += 1
    return np.round(np.log((total + 1) / (counts + 1)) * _STEPS).astype(np.uint8)
