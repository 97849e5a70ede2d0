"""Columns: what a feature template may ask of a token, as functions of its form alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["COLUMNS", "Placed", "Template", "column_function", "shape"]

Template = tuple[tuple[str, int], ...]
"""A feature template: columns at offsets from the token, as `(("lower", -1), ("lower", 0))`."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column's values by place: `values[i]` holds for `sizes[i]` tokens from `starts[i]` on.

    Values are numbers above 0 (`hashing.string_hash` makes one of a string). Tokens without a
    value say nothing; ranges do not overlap.

    >>> column = Placed.of([(2, 3, 9)])
    >>> column.by_token()
    {2: 9, 3: 9, 4: 9}
    """

    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    values: NDArray[np.uint64]

    @classmethod
    def of(cls, ranges: Sequence[tuple[int, int, int]]) -> Placed:
        """A column from ranges: first token, number of tokens, value."""
        starts, sizes, values = zip(*ranges, strict=True) if ranges else ((), (), ())
        return cls(
            np.array(starts, dtype=np.int64),
            np.array(sizes, dtype=np.int64),
            np.array(values, dtype=np.uint64),
        )

    def tokens(self, kept: NDArray[np.bool_] | slice = slice(None)) -> NDArray[np.int64]:
        """The tokens of all ranges, or of the `kept` ones, one after the other."""
        starts, sizes = self.starts[kept], self.sizes[kept]
        return np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())

    def dense(self, size: int) -> NDArray[np.uint64]:
        """The value of each of `size` tokens, 0 where there is none."""
        out = np.zeros(size, dtype=np.uint64)
        out[self.tokens()] = np.repeat(self.values, self.sizes)
        return out

    def by_token(self) -> dict[int, int]:
        """The value of each token that has one."""
        values = np.repeat(self.values, self.sizes)
        return dict(zip(self.tokens().tolist(), values.tolist(), strict=True))


def shape(form: str) -> str:
    """Summarise upper case, lower case, digits and marks; runs are written once.

    >>> shape("TP.HCM"), shape("iPhone"), shape("15/2020"), shape("Nội"), shape("B")
    ('XX.XX', 'xXx', '9/9', 'Xx', 'X')
    """
    out: list[str] = []
    previous = ""
    for character in form:
        kind = (
            "9"
            if character.isdigit()
            else "X"
            if character.isupper()
            else "x"
            if character.isalpha()
            else character
        )
        if kind != previous:
            out.append(kind)
        elif kind == "X" and out[-1] == "X":
            out[-1] = "XX"  # one capital and several tell names from acronyms
        previous = kind
    return "".join(out)


def _starts_upper(form: str) -> str:
    """Underthesea's Rust featurizer: no syllable begins with a letter that is not a capital."""
    return str(all(s[0].isupper() or not s[0].isalpha() for s in form.split(" ") if s))


def _titlecased(form: str) -> str:
    """Underthesea's Python featurizer for parts of speech: each syllable begins with a capital."""
    return str(all(s[:1].istitle() for s in form.split(" ")))


COLUMNS: dict[str, Callable[[str], str]] = {
    "form": lambda form: form,
    "lower": str.lower,
    "shape": shape,
    "starts_upper": _starts_upper,
    "titlecased": _titlecased,
    "digits": lambda form: str(form.isascii() and form.isdigit()),
    "prefix1": lambda form: form[:1],
    "prefix2": lambda form: form[:2],
    "prefix3": lambda form: form[:3],
    "prefix4": lambda form: form[:4],
    "suffix1": lambda form: form[-1:],
    "suffix2": lambda form: form[-2:],
    "suffix3": lambda form: form[-3:],
    "suffix4": lambda form: form[-4:],
    "length": lambda form: str(min(len(form), 12)),
}


def column_function(name: str, lists: Mapping[str, Mapping[str, str]]) -> Callable[[str], str]:
    """The function of a form behind a column: of a word list, as written or in lower case.

    >>> kind = column_function("kind", {"kind": {"huế": "place"}})
    >>> kind("Huế"), kind("mưa")
    ('place', '')
    """
    if name in lists:
        entries = lists[name]
        return lambda form: entries.get(form) or entries.get(form.lower(), "")
    return COLUMNS[name]
