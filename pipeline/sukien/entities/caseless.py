"""Sentences whose capitals tell nothing: headlines in capitals, texts in small letters.

They are read in small letters by a model of their own, which knows words, the list of names,
clusters and what the rest of the document said, but no capitals.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from sukien.entities.features import (
    Lexicon,
    Matches,
    Templates,
    cluster_columns,
    listed_columns,
    parse_templates,
)
from sukien.entities.forms import Forms
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.page import Page
from sukien.tagging.columns import Placed

__all__ = ["CASELESS_CONTEXT", "caseless_columns", "caseless_templates", "is_caseless"]

CASELESS_CONTEXT = ("listed", "listed_first")
"""Columns given by position, beside the name clusters and the memory."""

_UPPER_SHARE = 0.7  # of the words of a sentence written in capitals
_FEWEST = 3  # words that such a sentence has at least
_SMALL_SHARE = 0.9  # of a document's sentences that begin small


def is_caseless(page: Page) -> NDArray[np.bool_]:
    """For each sentence whether its capitals tell nothing.

    True for sentences in capitals, and for those without any in a document that has hardly any.
    """
    letter = page.flag(Forms.LETTER)
    words, upper = page.count(letter), page.count(page.flag(Forms.SHOUTED))
    out: NDArray[np.bool_] = (words >= _FEWEST) & (upper >= _UPPER_SHARE * words)
    small = page.count(page.flag(Forms.FIRST_UPPER) & letter) == 0
    borders = np.searchsorted(page.firsts, page.documents)
    total = np.concatenate([[0], np.cumsum(small)])[borders]
    mostly = np.diff(total) >= _SMALL_SHARE * np.diff(borders)
    out |= np.repeat(mostly, np.diff(borders)) & small
    return out


@lru_cache(maxsize=1)
def caseless_templates() -> Templates:
    """The feature templates of `caseless.toml`."""
    path = files("sukien.entities") / "caseless.toml"
    return parse_templates(tomllib.loads(path.read_text(encoding="utf-8")))


def caseless_columns(
    forms: list[str], sizes: NDArray[np.int64], gazetteer: Gazetteer, lexicon: Lexicon
) -> dict[str, Placed]:
    """Columns by place of sentences in small letters, given as tokens in a row and sizes.

    The names of `lexicon` are in small letters too.
    """
    ends = np.cumsum(sizes)
    columns = cluster_columns(lexicon.find(forms, ends - sizes, ends))
    matches: Matches = []
    for first, last in zip((ends - sizes).tolist(), ends.tolist(), strict=True):
        found = gazetteer.matches(forms[first:last], caseless=True)
        matches += [(first + start, first + end, codes) for start, end, codes in found]
    return columns | listed_columns(matches)
