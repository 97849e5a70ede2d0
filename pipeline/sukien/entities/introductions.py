"""Names introduced for one another: `A (B)`, `A hay B`, `A đổi tên thành B`, `tổ chức này …`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from sukien.entities.keys import cut, initials, key_of, rules
from sukien.entities.mention import Mention
from sukien.language.document import Document

__all__ = ["Introduction", "embedded", "find_introductions", "is_acronym", "is_product"]

Kind = Literal["same", "acronym", "renamed"]
Introduction = tuple[int, int, Kind]
_MARKS = frozenset("(),:;-–—\"“”'‘’[]/")
_DOUBT = 0.9  # a label below this confidence may be wrong
_WINDOW = 16  # tokens between two names that one cue can join


@lru_cache(maxsize=1)
def _cues() -> dict[str, frozenset[tuple[str, ...]]]:
    return {
        name: frozenset(cut(cue) for cue in cues) for name, cues in rules()["introductions"].items()
    }


@lru_cache(maxsize=1)
def _tails() -> frozenset[tuple[str, ...]]:
    return frozenset(map(key_of, rules()["org_words"]["tails"]))


@lru_cache(maxsize=1)
def _last_words() -> frozenset[str]:
    cues = _cues()
    return frozenset(cue[-1] for name in ("same", "renamed") for cue in cues[name])


@lru_cache(maxsize=16384)
def is_acronym(surface: str) -> bool:
    """Whether a name is a run of capitals such as `VFF`, `GTVT`, `PBoC`, `LĐ-TB&XH`.

    >>> [is_acronym(name) for name in ("VFF", "PBoC", "OpenInfra", "Fed", "A")]
    [True, True, False, False, False]
    """
    letters = [letter for letter in surface if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return 2 <= len(letters) <= 10 and " " not in surface and capitals * 3 >= len(letters) * 2


def embedded(surface: str) -> list[str]:
    """The names that one with parentheses inside stands for.

    >>> embedded("Open Infrastructure (OpenInfra) Foundation")
    ['Open Infrastructure Foundation', 'OpenInfra Foundation', 'OpenInfra']
    """
    start = surface.find("(")
    if start <= 0 or (end := surface.find(")")) < start:
        return []
    head, inner, tail = (
        surface[:start].strip(),
        surface[start + 1 : end].strip(),
        surface[end + 1 :],
    )
    names = [head + " " + tail.strip(), inner + " " + tail.strip(), inner]
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def is_product(document: Document, mention: Mention) -> bool:
    """Whether the words beside a name call it a thing made: `dự án X`, `X, phần mềm …`."""
    forms = document.forms
    products = _cues()["products"]
    before = tuple(
        form.lower() for form in forms[max(mention.token_start - 3, 0) : mention.token_start]
    )
    after = tuple(form.lower() for form in forms[mention.token_end : mention.token_end + 6])
    if after[:1] in ((",",), ("(",)) or after[:2] == ("là", "một"):
        skip = 1 if after[0] in ",(" else 2
        skip += after[skip : skip + 2] == ("là", "một") and 2
        rest = after[skip:]
        if any(rest[:size] in products for size in (1, 2, 3)):
            return True
    return any(before[-size:] in products for size in (1, 2, 3))


def _bare(forms: Sequence[str]) -> tuple[str, ...]:
    return cut(" ".join(form for form in forms if form not in _MARKS))


def _ends_with(words: tuple[str, ...], cues: frozenset[tuple[str, ...]]) -> int:
    """Length of the cue that ends the words, or 0."""
    return next((size for size in range(min(len(words), 6), 0, -1) if words[-size:] in cues), 0)


def _in_parentheses(document: Document, gap: Sequence[str], second: Mention) -> bool:
    after = document.forms[second.token_end : second.token_end + 1]
    return list(gap) == ["("] and after in ([")"], [","], [";"], ["-"])


@lru_cache(maxsize=4096)
def _spells(short: str, long: str) -> bool:
    """Whether an acronym is spelt by the first letters of a name or of its end.

    >>> _spells("VFF", "Vietnam Football Federation"), _spells("HAGL", "Hoàng Anh Gia Lai")
    (True, True)
    """
    letters = "".join(cut(short))
    return any(initials(key).endswith(letters) for key in (cut(long), key_of(long)))


def find_introductions(document: Document, mentions: Sequence[Mention]) -> Iterator[Introduction]:
    """Pairs of mentions that the text declares to be one, by position, in text order.

    `mentions` are in text order. An `acronym` pair has the full name first; `renamed` is what
    `tổ chức này` was renamed to, so an organisation whatever it looks like.
    """
    cues = _cues()
    forms = document.forms
    for at, second in enumerate(mentions):
        sentence_start = document.sentences[second.sentence].token_start
        first = mentions[at - 1] if at else None
        if first is None or second.token_start - first.token_end > _WINDOW:
            first = None
        near = first is not None and first.sentence == second.sentence
        start = first.token_end if first is not None and near else sentence_start
        if second.token_start - start > _WINDOW * 2:
            continue
        gap = forms[start : second.token_start]
        if first is not None and near and _in_parentheses(document, gap, second):
            yield from _parenthesis(at, first, second)
            continue
        if first is not None and near and gap == [")"] and key_of(second.text) in _tails():
            yield at - 1, at, "same"  # `Open Infrastructure (OpenInfra) Foundation` in pieces
            continue
        # Most gaps end in no cue, and their last word shows it.
        last = next((form for form in reversed(gap) if form not in _MARKS), "")
        if last.lower() not in _last_words():
            continue
        words = _bare(gap)
        if first is not None and near and words in cues["same"]:
            yield at - 1, at, "same"
        elif size := _ends_with(words, cues["renamed"]):
            rest = words[:-size]
            anaphor = any(
                rest[i : i + length] in cues["anaphors"]
                for length in (2, 3)
                for i in range(len(rest) - length + 1)
            )
            if anaphor:
                yield from _last_named(at, mentions)
            elif first is not None and near and len(rest) <= 6:
                yield at - 1, at, "same"


def _parenthesis(at: int, first: Mention, second: Mention) -> Iterator[Introduction]:
    """`A (B)`: the same where B is an acronym or spells A, unless a place holds the other."""
    # A doubtful label may be wrong; a place in parentheses is where A is.
    doubtful = min(first.confidence, second.confidence) < _DOUBT
    labels = {first.label, second.label}
    alike = labels in ({"ORG"}, {"MISC"}) or (doubtful and labels in ({"ORG", "PER"}, {"PER"}))
    if is_acronym(second.text) and not is_acronym(first.text):
        if alike or _spells(second.text, first.text):
            yield at - 1, at, "acronym"
    elif is_acronym(first.text) and not is_acronym(second.text):
        if alike and labels != {"PER"}:
            yield at, at - 1, "acronym"
    elif alike and _alike(first, second):
        yield at - 1, at, "same"


def _alike(first: Mention, second: Mention) -> bool:
    """A short name that begins like the long one: `Open Infrastructure (OpenInfra)`."""
    long, short = "".join(cut(first.text)), "".join(cut(second.text))
    return len(cut(second.text)) == 1 and long[:3] == short[:3]


def _last_named(at: int, mentions: Sequence[Mention]) -> Iterator[Introduction]:
    """`tổ chức này đổi tên thành B`: the last organisation before its sentence."""
    second = mentions[at]
    for position in range(at - 1, max(at - 6, -1), -1):
        first = mentions[position]
        if first.label == "ORG" and first.sentence < second.sentence:
            yield position, at, "renamed"
            return
