"""Stories: articles of several papers, or of following days, that tell the same news.

Articles are taken in the order of publication. Each joins the story whose articles are on
average nearest to it, if near enough, or begins one (incremental clustering as in topic
detection and tracking, Allan et al. 1998). Stories that have been silent for some days are
closed; open ones are found through the strongest features of their articles, so the cost does
not grow with the number of stories.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import date

import numpy as np

from sukien.batch.gist import Gists

__all__ = ["stories"]

NEAR = 0.18
"""Average cosine from which an article belongs to a story. Tuned by `tests/benchmarks/stories.py`
on 460 articles in 149 stories: B-cubed F1 .913 among 500 others, .881 among 2,000."""

SILENCE = 3
"""Days without an article after which a story is closed."""

_STRONGEST = 16
_BUSY = 40
"""Stories that are looked at under one feature: the latest ones."""


class _Story:
    """An open story: the sum of its articles' weights, and when it was last told."""

    __slots__ = ("articles", "first", "last", "weights")

    def __init__(self, first: int) -> None:
        self.first, self.last, self.articles = first, 0, 0
        self.weights: dict[int, float] = {}

    def nearness(self, features: Sequence[int], weights: Sequence[float]) -> float:
        """Average cosine with the story's articles."""
        find = self.weights.get
        pairs = zip(features, weights, strict=True)
        return sum(find(feature, 0.0) * weight for feature, weight in pairs) / self.articles

    def add(self, features: Sequence[int], weights: Sequence[float], day: int) -> None:
        """Take an article in."""
        for feature, weight in zip(features, weights, strict=True):
            self.weights[feature] = self.weights.get(feature, 0.0) + weight
        self.articles += 1
        self.last = day


def stories(gists: Gists, dates: Sequence[str | None]) -> list[int | None]:
    """For each article the row of the first article of its story; None where it has no date.

    Articles come in the order of the tables, as rows of `gists` with the date of publication.
    """
    found: list[int | None] = [None] * len(dates)
    dated = [row for row, when in enumerate(dates) if when is not None]
    dated.sort(key=lambda row: (dates[row] or "", row))
    open_: dict[int, deque[_Story]] = {}
    for row in dated:
        day = date.fromisoformat((dates[row] or "")[:10]).toordinal()
        used = int(np.count_nonzero(gists[row, 1]))
        features = gists[row, 0, :used].tolist()
        weights = gists[row, 1, :used].view(np.float32).astype(np.float64).tolist()
        story = _nearest(open_, features, weights, day) or _Story(row)
        story.add(features, weights, day)
        found[row] = story.first
        for feature in features[:_STRONGEST]:
            shelf = open_.setdefault(feature, deque(maxlen=_BUSY))
            if not any(other is story for other in shelf):
                shelf.append(story)
    return found


def _nearest(
    open_: dict[int, deque[_Story]],
    features: Sequence[int],
    weights: Sequence[float],
    day: int,
) -> _Story | None:
    best, most = None, NEAR
    seen: set[int] = set()
    for feature in features[:_STRONGEST]:
        for story in open_.get(feature, ()):
            if story.first in seen or story.last < day - SILENCE:
                continue
            seen.add(story.first)
            nearness = story.nearness(features, weights)
            if nearness > most or (nearness == most and best and story.first < best.first):
                best, most = story, nearness
    return best
