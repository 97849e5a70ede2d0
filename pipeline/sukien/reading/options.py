"""What a caller may choose about reading, checked once and passed to every reader."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sukien.reading.published import published_at

__all__ = ["ReadOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read; safe to pickle and to share between processes.

    published: publication date of articles that do not state their own.
    published_pattern: regular expression searched in the source path; its groups `year`,
        `month`, `day` (also `hour`, `minute`), its three unnamed groups in that order, or its
        one group hold the date of articles that do not state their own.
    text_columns: names of the field that holds the text, the first one present is taken.
    max_article_bytes: an article longer than this fails instead of filling the memory.
    max_ratio: decompressed data may be this many times the size of its compressed file.

    >>> ReadOptions(published="10/9/2025").published
    '2025-09-10'
    >>> ReadOptions(published_pattern="(")
    Traceback (most recent call last):
    ...
    ValueError: published_pattern '(' is no regular expression: missing ), unterminated subpattern
    """

    published: str | None = None
    published_pattern: str | None = None
    text_columns: tuple[str, ...] = ()
    max_article_bytes: int = 16 * 2**20
    max_ratio: int = 200

    def __post_init__(self) -> None:
        if self.published is not None:
            try:
                day = published_at(self.published)
            except ValueError as error:
                raise ValueError(f"published: {error}; write it as 2024-03-20") from error
            object.__setattr__(self, "published", day)
        if self.published_pattern is not None:
            try:
                pattern = re.compile(self.published_pattern)
            except re.error as error:
                raise ValueError(
                    f"published_pattern {self.published_pattern!r} is no regular expression: "
                    f"{error.msg}"
                ) from error
            named = {"year", "month", "day"} <= set(pattern.groupindex)
            if not named and pattern.groups not in (0, 1, 3):
                raise ValueError(
                    f"published_pattern {self.published_pattern!r} must have the groups year, "
                    "month and day, three groups in that order, or one group with the whole date"
                )
