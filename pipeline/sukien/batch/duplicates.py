"""Exact and near duplicates among all articles of a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sukien.batch.signatures import BANDS, BINS, Signatures, similarity

__all__ = ["duplicates"]

Positions = npt.NDArray[np.intp]

_NEAR = 0.7
"""Estimated Jaccard similarity of syllable shingles from which two articles say the same."""

_CROWD = 64
"""In a band that many articles share each is compared with the first ones only."""


def duplicates(
    signatures: Signatures, hashes: Sequence[str | None], dates: Sequence[str | None]
) -> dict[int, int]:
    """Tell for each article that repeats another which one that is: the first of its group.

    The articles come in the order of the tables, as rows of `signatures` with the hash of the
    text (None: no text) and the publication date. First is the one published first (undated ones
    last), then the one that comes first. Candidates agree in a band of their signatures, so the
    cost is that of sorting the bands.
    """
    order = sorted(range(len(hashes)), key=lambda row: (dates[row] is None, dates[row] or "", row))
    rows = np.array([row for row in order if hashes[row] is not None], np.intp)
    groups = _Groups(len(hashes))
    first_of: dict[str, int] = {}
    for row in rows:
        same = first_of.setdefault(str(hashes[row]), int(row))
        groups.join(same, int(row))
    # Equal texts are settled; one of each stands for them in what follows.
    rows = rows[np.fromiter((first_of[str(hashes[row])] == row for row in rows), bool, len(rows))]
    rows = rows[signatures[rows].any(axis=1)]
    for band in np.split(np.arange(BINS), BANDS):
        _, bucket = np.unique(signatures[np.ix_(rows, band)], axis=0, return_inverse=True)
        _join_buckets(groups, rows, bucket.reshape(-1), signatures)
    members: dict[int, list[int]] = {}
    for row in (row for row in order if hashes[row] is not None):
        members.setdefault(groups.find(row), []).append(row)
    found = {}
    for first, *others in members.values():
        found.update(dict.fromkeys(others, first))
    return found


def _join_buckets(
    groups: _Groups, rows: Positions, bucket: Positions, signatures: Signatures
) -> None:
    """Compare the articles of each bucket, in their order, and join those that are alike."""
    by_bucket = np.argsort(bucket, kind="stable")
    ends = np.flatnonzero(np.diff(bucket[by_bucket])) + 1
    for members in np.split(by_bucket, ends):
        if len(members) < 2:
            continue
        found = rows[members]
        for number, row in enumerate(found[1:], 1):
            others = found[: min(number, _CROWD)]
            others = others[[groups.find(int(o)) != groups.find(int(row)) for o in others]]
            if len(others):
                alike = others[similarity(signatures[others], signatures[row]) >= _NEAR]
                for other in alike:
                    groups.join(int(other), int(row))


class _Groups:
    """Disjoint sets of row numbers."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, row: int) -> int:
        parent = self._parent
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    def join(self, first: int, second: int) -> None:
        one, two = self.find(first), self.find(second)
        self._parent[max(one, two)] = min(one, two)
