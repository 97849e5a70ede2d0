"""What phrases are made of: words as numbers, and the grammar of `phrases.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from zlib import crc32

import numpy as np
import numpy.typing as npt

__all__ = ["Bools", "Grammar", "Ints", "grammar", "word_hash", "word_hashes"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# A word's hash is a polynomial over its first syllables, below 2**63.
_FACTOR = 1_000_003
_SYLLABLES = 4
_MASK = (1 << 63) - 1


class _Forms(dict[str, int]):
    """Hash of a token's lower-case form, its lowest bit telling whether it begins with a capital.

    Kept between calls, emptied when it grows large: the values do not depend on it.
    """

    _LIMIT = 300_000

    def __missing__(self, form: str) -> int:
        lower = form.lower()
        code = (crc32(lower.encode("utf-8", "surrogatepass")) << 1) | (form[:1] != lower[:1])
        if len(self) >= self._LIMIT:
            self.clear()
        self[form] = code
        return code


_FORMS = _Forms()


def word_hash(word: str) -> int:
    """Hash of a word of one or more syllables, as `Words.form` holds it.

    >>> word_hash("Gia nhập") == word_hash("gia nhập")
    True
    """
    value = 0
    for syllable in word.split()[:_SYLLABLES]:
        value = (value * _FACTOR + (_FORMS[syllable] >> 1)) & _MASK
    return value


def word_hashes(forms: Sequence[str], first: Ints, length: Ints) -> tuple[Ints, Bools]:
    """The hash of each word, given by its first token and its length, and if it begins large."""
    codes = np.fromiter(map(_FORMS.__getitem__, forms), np.int64, len(forms))
    form = codes[first] >> 1
    for syllable in range(1, _SYLLABLES):
        longer = np.flatnonzero(length > syllable)
        form[longer] = (form[longer] * _FACTOR + (codes[first[longer] + syllable] >> 1)) & _MASK
    return form, (codes[first] & 1).astype(np.bool_)


def _hashes(words: Iterable[str]) -> Ints:
    return np.unique(np.array([word_hash(word) for word in words], np.int64))


class _Codes(dict[str, int]):
    """Codes of parts of speech; 0 is any that is not listed."""

    def __missing__(self, tag: str) -> int:
        return 0


class Grammar:
    """The data of `phrases.toml` as look-up arrays over codes of parts of speech."""

    def __init__(self, data: dict[str, list[str]]) -> None:
        tags = sorted(
            {*data["nominal"], *data["verbs"], "CH", "C", "Cc", "E", "R", "T", "I", "Y", "FW"}
        )
        self.pos = _Codes({tag: code for code, tag in enumerate(tags, start=1)})
        size = len(tags) + 1
        self.nominal = self._flags(data["nominal"], size)
        self.head = self._flags(data["heads"], size)
        self.verb = self._flags(data["verbs"], size)
        self.opener = self._flags(data["openers"], size)
        self.number = self._flags(["M"], size)
        self.adjective = self._flags(["A"], size)
        self.pronoun = self._flags(["P"], size)
        self.mark = self._flags(["CH"], size)
        self.preposition = self._flags(["E"], size)
        self.adverb = self._flags(["R", "A", "T"], size)
        self.pointers = _hashes(data["pointers"])
        self.classifier = self._flags(["Nc"], size)
        self.demonstratives = _hashes(data["demonstratives"])
        self.idle = _hashes(data["idle"])
        self.relations = _hashes(data["relations"])
        self.types = _hashes(data["types"])
        self.clause_openers = _hashes(data["clause_openers"])
        self.never_last = _hashes(data["never_last"])
        self.credits = _hashes(data["credits"])
        self.before_verbs = _hashes(data["before_verb_phrases"])

    def _flags(self, tags: Iterable[str], size: int) -> Bools:
        flags = np.zeros(size, np.bool_)
        flags[[self.pos[tag] for tag in tags]] = True
        return flags


@cache
def grammar() -> Grammar:
    """Read the phrase grammar once."""
    text = files("sukien.events").joinpath("phrases.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    data.pop("version")
    return Grammar(data)
