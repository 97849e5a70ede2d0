"""Sentences whose capitals tell nothing: headlines in capitals, texts in small letters.

They are read in small letters by a model of their own, which knows words, the list of names,
clusters and what the rest of the document said, but no capitals.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from sukien.entities.features import (
    Lexicon,
    Templates,
    parse_templates,
    place_clusters,
    place_codes,
    without_digits,
)
from sukien.entities.gazetteer import Gazetteer
from sukien.tagging.columns import Placed

__all__ = ["CASELESS_CONTEXT", "caseless_columns", "caseless_templates", "is_caseless"]

CASELESS_CONTEXT = ("listed", "listed_first")
"""Columns given by position, beside the name clusters and the memory."""

_UPPER_SHARE = 0.7  # of the words of a sentence written in capitals
_FEWEST = 3  # words that such a sentence has at least
_SMALL_SHARE = 0.9  # of a document's sentences that begin small


def is_caseless(forms: Sequence[str], pieces: Sequence[tuple[int, int]]) -> list[bool]:
    """For each sentence (half-open token span) whether its capitals tell nothing.

    True for sentences in capitals, and for those without any in a document that has hardly any.

    >>> is_caseless(["BÃO", "VÀO", "BẮC", "BỘ", ".", "Bão", "vào", "."], [(0, 5), (5, 8)])
    [True, False]
    """
    out = []
    small = 0
    for first, last in pieces:
        words = [form for form in forms[first:last] if form[0].isalpha()]
        upper = sum(form.isupper() and len(form) > 1 for form in words)
        out.append(len(words) >= _FEWEST and upper >= _UPPER_SHARE * len(words))
        small += not any(form[0].isupper() for form in words)
    if small >= _SMALL_SHARE * len(pieces):
        return [
            own or not any(form[0].isupper() for form in forms[first:last])
            for own, (first, last) in zip(out, pieces, strict=True)
        ]
    return out


@lru_cache(maxsize=1)
def caseless_templates() -> Templates:
    """The feature templates of `caseless.toml`."""
    path = files("sukien.entities") / "caseless.toml"
    return parse_templates(tomllib.loads(path.read_text(encoding="utf-8")))


def caseless_columns(
    forms: Sequence[str],
    pieces: Sequence[tuple[int, int]],
    gazetteer: Gazetteer,
    lexicon: Lexicon,
    grains: Sequence[str],
) -> dict[str, Placed]:
    """Columns by place of sentences in small letters.

    `forms` are all in lower case, and so are the names of `lexicon`; `pieces` are the sentences
    that are looked at.
    """
    out = {name: Placed() for name in (*CASELESS_CONTEXT, *grains)}
    for first, last in pieces:
        place_codes(out, gazetteer.matches(forms[first:last], caseless=True), first)
        plain = [without_digits(form) for form in forms[first:last]]
        place_clusters(out, lexicon.names(plain), first, grains)
    return out
