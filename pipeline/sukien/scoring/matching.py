"""Which found spans stand for which gold spans."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["match_overlaps", "overlap"]

Span = tuple[int, int]


def overlap(left: Span, right: Span) -> int:
    """Number of characters that two half-open spans share.

    >>> overlap((0, 5), (3, 9))
    2
    """
    return max(0, min(left[1], right[1]) - max(left[0], right[0]))


def match_overlaps(gold: Sequence[Span], found: Sequence[Span]) -> dict[int, int]:
    """Pair gold with found spans that overlap, one to one, the longest overlap first.

    Returns positions in `found` by positions in `gold`; ties go to what stands first.

    >>> match_overlaps([(0, 4), (6, 9)], [(3, 9)])
    {1: 0}
    """
    pairs = []
    # Few spans of an article overlap, so the pairs are found by a sweep over both in order.
    order = sorted(range(len(found)), key=lambda j: found[j])
    longest = max((end - start for start, end in found), default=0)
    first = 0
    for i in sorted(range(len(gold)), key=lambda i: gold[i]):
        while first < len(order) and found[order[first]][0] + longest <= gold[i][0]:
            first += 1
        for j in order[first:]:
            if found[j][0] >= gold[i][1]:
                break
            if shared := overlap(gold[i], found[j]):
                pairs.append((-shared, i, j))
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched
