"""Surfaces to keys: what two writings of one name have in common.

A key is a tuple of lower-case syllables with abbreviations written out, so that
`Bộ GD&ĐT`, `Bộ GD-ĐT` and `Bộ Giáo dục và Đào tạo` share one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sukien.language.shadow import fold_tone

__all__ = [
    "Key",
    "cut",
    "expand",
    "initials",
    "key_of",
    "person_key",
    "place_core",
    "place_types",
    "rules",
    "strip_types",
]

Key = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
_WORD_OR_INITIAL = re.compile(r"([^\W_]+)(\.?)")
# `Mĩ` and `Mỹ`, `kĩ` and `kỹ` are one syllable in two spellings.
_Y = re.compile(r"(?<![^\W\d_])(th|[hklmst])([yỳýỷỹỵ])(?![^\W\d_])")
_Y_TO_I = dict(zip("yỳýỷỹỵ", "iìíỉĩị", strict=True))
# Joining words that come and go between writings of one name.
_JOINERS = frozenset(("và", "and"))


def _fold(surface: str) -> str:
    text = fold_tone(unicodedata.normalize("NFC", surface)).lower()
    return _Y.sub(lambda match: match[1] + _Y_TO_I[match[2]], text)


@lru_cache(maxsize=65536)
def cut(surface: str) -> Key:
    """Cut a surface into lower-case syllables; marks, `và` and a leading `the` fall away.

    >>> cut("Sở LĐ-TB&XH"), cut("The Guardian"), cut("Mỹ Tho")
    (('sở', 'lđ', 'tb', 'xh'), ('guardian',), ('mĩ', 'tho'))
    """
    words = tuple(word for word in _WORD.findall(_fold(surface)) if word not in _JOINERS)
    return words[1:] if len(words) > 1 and words[0] == "the" else words


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """The linking rules of `data/linking.toml`."""
    path = files("sukien.entities") / "data" / "linking.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _abbreviations() -> dict[Key, Key]:
    return {cut(short): cut(full) for short, full in rules()["abbreviations"].items()}


def expand(words: Key, table: Mapping[Key, Key]) -> Key:
    """Write out abbreviations, the longest that matches first, in one pass.

    >>> expand(("bộ", "gd", "đt"), {("gd", "đt"): ("giáo", "dục", "đào", "tạo")})
    ('bộ', 'giáo', 'dục', 'đào', 'tạo')
    """
    out: list[str] = []
    position = 0
    while position < len(words):
        for length in (3, 2, 1):
            full = table.get(words[position : position + length])
            if full is not None and position + length <= len(words):
                out.extend(full)
                position += length
                break
        else:
            out.append(words[position])
            position += 1
    return tuple(out)


@lru_cache(maxsize=65536)
def key_of(surface: str) -> Key:
    """The key of a name that is no person's.

    >>> key_of("TP.HCM") == key_of("Tp Hồ Chí Minh") == key_of("thành phố Hồ Chí Minh")
    True
    """
    return expand(cut(surface), _abbreviations())


@lru_cache(maxsize=65536)
def person_key(surface: str) -> Key:
    """The key of a person's name; initials keep a dot, so that `T.` is not the name `T`.

    >>> person_key("N.T.C"), person_key("Trương Quang T."), person_key("Jong-un")
    (('n.', 't.', 'c.'), ('trương', 'quang', 't.'), ('jong', 'un'))
    """
    words = []
    for word, dot in _WORD_OR_INITIAL.findall(unicodedata.normalize("NFC", surface)):
        # `Ủ` in `Ủ Thị` is a name, `H` in `L.T.H` an initial: a lone consonant cannot be read.
        short = len(word) == 1 and word.isupper() and (dot or word not in "YÝỲ")
        words.append(_fold(word) + ("." if short or (dot and len(word) == 2) else ""))
    return tuple(words)


def strip_types(key: Key, types: Iterable[Key]) -> tuple[Key, Key]:
    """Split a key into its longest leading type words and the rest, which is never empty.

    >>> strip_types(("tỉnh", "nghệ", "an"), {("tỉnh",)})
    (('tỉnh',), ('nghệ', 'an'))
    """
    table = types if isinstance(types, frozenset | set | dict) else frozenset(types)
    for length in range(min(len(key) - 1, 8), 0, -1):
        if key[:length] in table:
            return key[:length], key[length:]
    return (), key


def initials(words: Iterable[str]) -> str:
    """First letters of the syllables.

    >>> initials(("liên", "đoàn", "bóng", "đá", "việt", "nam"))
    'lđbđvn'
    """
    return "".join(word[0] for word in words)


@lru_cache(maxsize=1)
def place_types() -> dict[Key, int]:
    """Words before the name of a place, with their rank: the lower, the larger the unit."""
    return {key_of(words): rank for words, rank in rules()["place_types"].items()}


def place_core(key: Key) -> tuple[Key, Key, int]:
    """Type words, own name and rank of a place; rank 9 where no type word stands.

    >>> place_core(("tỉnh", "nghệ", "an"))
    (('tỉnh',), ('nghệ', 'an'), 1)
    """
    types = place_types()
    head, core = strip_types(key, types)
    return head, core, types.get(head, 9)
