"""Things that meet under equal keys, in the memory that their numbers take."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from zlib import crc32

import numpy as np

__all__ = ["distinct", "long_hash", "shared_keys"]


def long_hash(text: str) -> int:
    """A hash of 64 bits, equal on every machine and run."""
    data = text.encode("utf-8", "surrogatepass")
    return crc32(data) << 32 | crc32(data[::-1])


def shared_keys(keys: array[int], owners: array[int]) -> Iterator[list[int]]:
    """The owners of each key that several have, in their order, by ascending key.

    `keys` are unsigned 64-bit numbers, `owners` signed ones of the same length.

    >>> list(shared_keys(array("Q", [7, 3, 7, 9, 3, 7]), array("l", [0, 0, 1, 1, 2, 2])))
    [[0, 2], [0, 1, 2]]
    """
    if not keys:
        return
    numbers = np.frombuffer(keys, np.uint64)
    order = np.argsort(numbers, kind="stable")
    numbers, members = numbers[order], np.frombuffer(owners, np.dtype(owners.typecode))[order]
    ends = np.flatnonzero(np.diff(numbers)) + 1
    starts = np.concatenate([[0], ends])
    sizes = np.diff(np.concatenate([starts, [len(numbers)]]))
    for place in np.flatnonzero(sizes > 1):
        start = starts[place]
        yield members[start : start + sizes[place]].tolist()


def distinct(numbers: array[int]) -> Iterator[int]:
    """Each of some unsigned 64-bit numbers once, ascending.

    >>> list(distinct(array("Q", [5, 2, 5])))
    [2, 5]
    """
    found = np.unique(np.frombuffer(numbers, np.uint64)) if numbers else np.empty(0, np.uint64)
    for start in range(0, len(found), 1 << 16):
        yield from found[start : start + (1 << 16)].tolist()
