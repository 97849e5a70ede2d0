"""Columns: what a feature template may ask of a token, as functions of its form alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["COLUMNS", "Placed", "Template", "column_values", "shape"]

Template = tuple[tuple[str, int], ...]
"""A feature template: columns at offsets from the token, as `(("lower", -1), ("lower", 0))`."""


@dataclass(slots=True)
class Placed:
    """A column's values by place: `values[i]` holds for `sizes[i]` tokens from `starts[i]` on.

    Tokens without a value say nothing; ranges do not overlap.

    >>> column = Placed()
    >>> column.add(2, "q", 3)
    >>> column.by_token()
    {2: 'q', 3: 'q', 4: 'q'}
    """

    starts: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, start: int, value: str, size: int = 1) -> None:
        """Give a value to `size` tokens."""
        self.starts.append(start)
        self.values.append(value)
        self.sizes.append(size)

    def extend(self, other: Placed, shift: int) -> None:
        """Add another column's ranges, moved by `shift` tokens."""
        self.starts += [start + shift for start in other.starts]
        self.values += other.values
        self.sizes += other.sizes

    def by_token(self) -> dict[int, str]:
        """The value of each token that has one."""
        return {
            token: value
            for start, value, size in zip(self.starts, self.values, self.sizes, strict=True)
            for token in range(start, start + size)
        }


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


def column_values(
    name: str,
    forms: Sequence[str],
    context: Mapping[str, Sequence[str]],
    lists: Mapping[str, Mapping[str, str]],
) -> Sequence[str]:
    """Values of a column for the tokens of a sentence: by place, by a word list, or by form.

    >>> list(column_values("kind", ["Huế", "mưa"], {}, {"kind": {"huế": "place"}}))
    ['place', '']
    """
    if name in context:
        return context[name]
    function = column_function(name, lists)
    return [function(form) for form in forms]


def column_function(name: str, lists: Mapping[str, Mapping[str, str]]) -> Callable[[str], str]:
    """The function of a form behind a column: of a word list, as written or in lower case."""
    if name in lists:
        entries = lists[name]
        return lambda form: entries.get(form) or entries.get(form.lower(), "")
    return COLUMNS[name]
