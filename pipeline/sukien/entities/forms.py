"""Written forms as the names tagger knows them: columns of a form, and a table of them.

Forms repeat, so what is asked of a form is worked out once and kept: whole batches then look it
up by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sukien.language.tokens import is_syllable
from sukien.tagging.columns import COLUMNS
from sukien.tagging.hashing import string_hash

__all__ = ["Forms", "is_capital", "without_digits"]

_DIGITS = str.maketrans("123456789", "000000000")
_JOINERS = frozenset("-–&/'’")  # between two capitals without spaces they do not end a run
_QUOTES = {"“": 1, "«": 1, "”": 2, "»": 2, '"': 3}  # opening, closing, either
_STOPS = frozenset(',.;:!?()"“”')
_SPELLINGS = {"": 0, "p": 1, "v": 2, "f": 4}
_KEPT = 100_000  # forms kept before the table starts afresh
_LONGEST_NUMBER = 4  # characters of a number that may stand inside a run of capitals

Numbers = NDArray[np.uint64]


@lru_cache(maxsize=50_000)
def without_digits(form: str) -> str:
    """Write every digit as 0, so that years and prices look alike.

    >>> without_digits("U23"), without_digits("2018")
    ('U00', '0000')
    """
    return form.translate(_DIGITS)


def is_capital(form: str) -> bool:
    """Whether a form is written like (a part of) a name.

    >>> [form for form in ("Huế", "iPhone", "eBay", "mưa", "2018") if is_capital(form)]
    ['Huế', 'iPhone', 'eBay']
    """
    return form[0].isupper() or (len(form) > 2 and form[1].isupper() and form[0].isalpha())


def _shape(form: str) -> str:
    first = form[0]
    if first.isdigit():
        return ("0." if "." in form or "," in form else "0") + str(min(len(form), 4))
    if not first.isalpha():
        return form if len(form) == 1 else first
    if form.islower():
        return "a" if len(form) > 1 else "a1"
    if form.isupper():
        return f"A{min(len(form), 6)}"
    if first.isupper():
        return "Aa" if form[1:].islower() else "AaA"
    return "aA"


def _spelling(form: str) -> str:
    """Whether a form is spelt like a Vietnamese syllable, has Vietnamese letters, and its case."""
    if not form[0].isalpha():
        return ""
    kind = "p" if not form.isalpha() else "v" if is_syllable(form) else "f"
    return kind + ("-" if form.isascii() else "t") + _shape(form)[:2]


def _prefix(form: str, size: int) -> str:
    return form[:size].lower() if len(form) > size and form[0].isalpha() else ""


def _suffix(form: str, size: int) -> str:
    return form[-size:].lower() if len(form) > size and form[0].isalpha() else ""


COLUMNS.update(
    {
        "name_form": without_digits,
        "name_lower": lambda form: without_digits(form.lower()),
        "name_shape": _shape,
        "spelling": _spelling,
        "start1": lambda form: _prefix(form, 1),
        "start2": lambda form: _prefix(form, 2),
        "start3": lambda form: _prefix(form, 3),
        "finish1": lambda form: _suffix(form, 1),
        "finish2": lambda form: _suffix(form, 2),
        "finish3": lambda form: _suffix(form, 3),
        "finish4": lambda form: _suffix(form, 4),
    }
)


class Listed(Protocol):
    """A list of names: whether one begins in a form, and whether a form is one."""

    def begins(self, form: str) -> bool: ...

    def single(self, form: str) -> bool: ...


class Forms:
    """A growing table with a row for each form seen; not shared between threads.

    `hashes[row]` are those of the form as written, in small letters, and in small letters with
    digits as 0; `flags[row]` and `spelling[row]` hold what it is made of. `listed` is the
    list that BEGINS and SINGLE are asked of.

    >>> forms = Forms()
    >>> rows = forms.rows(["Huế", "mưa", "Huế"])
    >>> rows.tolist(), (forms.flags[rows] & Forms.CAPITAL > 0).tolist()
    ([1, 2, 1], [True, False, True])
    """

    WRITTEN, LOWER, PLAIN = 0, 1, 2
    CAPITAL, LETTER, UPPER, SHOUTED, JOINER, NUMBER, STOP, FIRST_UPPER, CAMEL, SEVERAL = (
        1 << n for n in range(10)
    )
    BEGINS, SINGLE = 1 << 10, 1 << 11

    def __init__(self, listed: Listed | None = None) -> None:
        self._listed = listed
        self._clear()

    def _clear(self) -> None:
        """Forget all forms; row 0 is the place outside a sentence."""
        self._rows: dict[str, int] = {"": 0}
        self.hashes: Numbers = np.zeros((1024, 3), dtype=np.uint64)
        self.flags: NDArray[np.int16] = np.zeros(1024, dtype=np.int16)
        self.spelling: NDArray[np.int8] = np.zeros(1024, dtype=np.int8)
        self.quotes: NDArray[np.int8] = np.zeros(1024, dtype=np.int8)

    def rows(self, forms: Sequence[str]) -> NDArray[np.int64]:
        """Row of each form; forms not seen before are added first.

        Rows of earlier calls may no longer hold after a call.
        """
        if len(self._rows) > _KEPT:
            self._clear()
        rows = self._rows
        try:
            found = [rows[form] for form in forms]
        except KeyError:
            self._add([form for form in dict.fromkeys(forms) if form not in rows])
            found = [rows[form] for form in forms]
        return np.array(found, dtype=np.int64)

    def _add(self, new: list[str]) -> None:
        first, last = len(self._rows), len(self._rows) + len(new)
        self._rows.update(zip(new, range(first, last), strict=True))
        while last > len(self.flags):
            for name in ("hashes", "flags", "spelling", "quotes"):
                array = getattr(self, name)
                setattr(self, name, np.concatenate([array, np.zeros_like(array)]))
        for row, form in enumerate(new, first):
            lower = form.lower()
            plain = without_digits(lower)
            self.hashes[row] = string_hash(form), string_hash(lower), string_hash(plain)
            self.flags[row] = _flags(form)
            if self._listed is not None:
                self.flags[row] |= Forms.BEGINS * self._listed.begins(form)
                self.flags[row] |= Forms.SINGLE * self._listed.single(form)
            self.spelling[row] = _SPELLINGS[_spelling(form)[:1]]
            self.quotes[row] = _QUOTES.get(form, 0)


def _is_camel(form: str) -> bool:
    """Whether a capital stands behind a small letter in the first letters of a form."""
    for one, two in pairwise(form):
        if not one.isalpha():
            return False
        if one.islower() and two.isupper():
            return True
    return False


def _flags(form: str) -> int:
    letter = form[0].isalpha()
    return (
        Forms.CAPITAL * is_capital(form)
        | Forms.LETTER * letter
        | Forms.UPPER * form.isupper()
        | Forms.SHOUTED * (letter and form.isupper() and len(form) > 1)
        | Forms.JOINER * (form in _JOINERS)
        | Forms.NUMBER * (form[0].isdigit() and len(form) <= _LONGEST_NUMBER)
        | Forms.STOP * (form in _STOPS)
        | Forms.FIRST_UPPER * form[0].isupper()
        | Forms.SEVERAL * (not form.isalnum() and len(form) > 1)
        | Forms.CAMEL * _is_camel(form)
    )
