"""Syllables as numbers, and MinHash signatures: which articles say nearly the same.

One-permutation hashing (Li, Owen and Zhang 2012): every shingle of five syllables is hashed once,
the first bits choose a bin, and each bin keeps its least hash. Two texts agree in a bin with the
probability of their Jaccard similarity. Empty bins, which short texts have, borrow from the next
full one (Shrivastava and Li 2014).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = [
    "BANDS",
    "BINS",
    "Numbers",
    "Signatures",
    "numbers",
    "signatures",
    "similarity",
    "spread",
]

Numbers = npt.NDArray[np.uint64]

Signatures = npt.NDArray[np.uint32]
"""One row of `BINS` numbers an article; all zero where there is no text to compare."""

BINS = 64
BANDS = 16
"""Texts that agree in all bins of a band are compared: at Jaccard .8 all but one in 4,000 are."""

_SHINGLE = 5
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MARKS = ".,;:!?\"'()[]{}<>…“”‘’«»–—-/*"
_EMPTY = np.uint32(0xFFFFFFFF)


def numbers(text: str) -> Numbers:
    """A number for each syllable of a text; letter case, spacing and marks make no difference.

    >>> numbers("Hà Nội, mưa!").tolist() == numbers("hà  nội mưa").tolist()
    True
    """
    found: Numbers = np.array([_number(syllable) for syllable in text.lower().split()], np.uint64)
    kept: Numbers = found[found != 0]
    return kept


def signatures(texts: Sequence[Numbers]) -> Signatures:
    """The signature of each text, given as the numbers of its syllables.

    Shape (texts, `BINS`); a text without syllables has a row of zeros.

    >>> words = ("Mưa lớn ở Hà Nội.", "MƯA LỚN Ở HÀ NỘI", "Nắng ở Huế")
    >>> one, two, three = signatures([numbers(text) for text in words])
    >>> float(similarity(one, two)), float(similarity(one, three))
    (1.0, 0.0)
    """
    # Zeros keep the shingles of two texts apart, and give short texts whole ones.
    gap = np.zeros(_SHINGLE - 1, np.uint64)
    flat = np.concatenate([part for text in texts for part in (text, gap)] or [gap])
    starts = len(flat) - _SHINGLE + 1
    shingles = np.zeros(max(starts, 0), np.uint64)
    for offset in range(_SHINGLE if starts > 0 else 0):
        shingles = shingles * _MIX + flat[offset : offset + starts]
    spans = np.array([len(text) for text in texts], np.intp)
    ends = np.cumsum(spans + (_SHINGLE - 1))
    owner = np.repeat(np.arange(len(texts)), spans + (_SHINGLE - 1))[: len(shingles)]
    begin = ends - spans - (_SHINGLE - 1)
    inside = np.arange(len(shingles)) - begin[owner] < spans[owner]
    mixed, owner = spread(shingles[inside]), owner[inside]
    bins = (mixed >> np.uint64(58)).astype(np.intp)
    least = np.full(len(texts) * BINS, _EMPTY)
    np.minimum.at(least, owner * BINS + bins, (mixed >> np.uint64(26)).astype(np.uint32) >> 1)
    return _filled(least.reshape(len(texts), BINS))


def _filled(least: Signatures) -> Signatures:
    """Let empty bins borrow from the next full one, round the end."""
    for row in np.flatnonzero((least == _EMPTY).any(axis=1)):
        full = np.flatnonzero(least[row] != _EMPTY)
        if len(full):
            least[row] = least[row, full[np.searchsorted(full, np.arange(BINS)) % len(full)]]
        else:
            least[row] = 0
    return least


def similarity(first: Signatures, second: Signatures) -> npt.NDArray[np.float64]:
    """The estimated Jaccard similarity of texts, from their signatures row by row."""
    share: npt.NDArray[np.float64] = np.asarray(np.mean(first == second, axis=-1), np.float64)
    return share


@lru_cache(maxsize=1 << 16)
def _number(syllable: str) -> int:
    return zlib.crc32(syllable.strip(_MARKS).encode("utf-8", "surrogatepass"))


def spread(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread the bits of each number (the finaliser of MurmurHash3, Appleby 2011)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(factor)
    return values ^ (values >> np.uint64(33))
