"""The order of articles in every table."""

from __future__ import annotations

import re

__all__ = ["Place", "place"]

Place = tuple[str, str, str]

_NUMBER = re.compile("[0-9]+")


def place(source_path: str, member: str) -> Place:
    """The sort key of an article: by path, then by member with numbers as numbers.

    So line 2 of a JSONL file comes before line 10, as it was read.

    >>> sorted(["10", "9", "a/2.txt"], key=lambda member: place("x.zip", member))
    ['9', '10', 'a/2.txt']
    """
    return source_path, _NUMBER.sub(_sized, member), member


def _sized(number: re.Match[str]) -> str:
    # The count of digits first: then numbers compare as numbers, without a limit on their size.
    digits = number[0].lstrip("0")
    return f"{len(digits):06d}{digits}"
