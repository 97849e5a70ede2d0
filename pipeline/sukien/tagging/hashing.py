"""64-bit hashes of strings, and a table over them whose look-ups run over whole numpy arrays."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

__all__ = ["HashTable", "fold", "string_hash"]

_EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
# Fibonacci hashing (Knuth, TAOCP 3, 6.4): the odd integer nearest 2**64 / golden ratio.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def string_hash(text: str) -> int:
    """A number above 0 that stands for a string, the same on every machine; 0 for the empty one.

    >>> string_hash("Huế") == string_hash("Huế") != string_hash("huế"), string_hash("")
    (True, 0)
    """
    if not text:
        return 0
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little") or 1


def fold(before: NDArray[np.uint64], value: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    """Hashes of sequences with one more value each; order counts.

    >>> one, two = np.array([1], dtype=np.uint64), np.array([2], dtype=np.uint64)
    >>> bool((fold(one, two) == fold(two, one))[0])
    False
    """
    mixed = (before ^ (before >> np.uint64(29))) * _MULTIPLIER + value
    return mixed ^ (mixed >> np.uint64(32))


class HashTable:
    """Open addressing with linear probing, at most a quarter full, so that most misses end at once.

    >>> table = HashTable(np.array([7, 9], dtype=np.uint64))
    >>> table.find(np.array([9, 8, 7], dtype=np.uint64)).tolist()
    [1, -1, 0]
    """

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        bits = max(4, int(len(keys) * 4).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys = np.full(1 << bits, _EMPTY, dtype=np.uint64)
        self._rows = np.full(1 << bits, -1, dtype=np.int32)
        waiting = np.arange(len(keys))
        slots = self._slots(keys)
        while len(waiting):
            free = self._keys[slots[waiting]] == _EMPTY
            _, first = np.unique(slots[waiting[free]], return_index=True)
            placed = waiting[free][first]
            self._keys[slots[placed]] = keys[placed]
            self._rows[slots[placed]] = placed
            waiting = np.setdiff1d(waiting, placed, assume_unique=True)
            slots[waiting] = (slots[waiting] + 1) & self._mask

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        with np.errstate(over="ignore"):
            return ((keys * _MULTIPLIER) >> self._shift).astype(np.int64)

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Position of each key in the array the table was built from, -1 where it is not there."""
        slots = self._slots(keys)
        held = self._keys[slots]
        rows = self._rows[slots]
        probing = np.flatnonzero((held != keys) & (held != _EMPTY))
        rows[held != keys] = -1
        while len(probing):
            slots[probing] = (slots[probing] + 1) & self._mask
            held = self._keys[slots[probing]]
            hit = held == keys[probing]
            rows[probing[hit]] = self._rows[slots[probing[hit]]]
            probing = probing[~hit & (held != _EMPTY)]
        return rows
