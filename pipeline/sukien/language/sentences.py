"""Where sentences end: at marks and line ends, also glued; not at abbreviations and initials."""

from __future__ import annotations

import itertools
import re
import tomllib
from bisect import bisect_right
from functools import cache
from importlib.resources import files

__all__ = ["cut_stops", "sentence_ends"]

LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_CANDIDATE = re.compile(rf"[.!?…]+[)\]}}”’\"»]*|[{LINE_ENDS}]+")
_OPENERS = " -–—•*+\"'“‘«([{"
_CLOSERS = frozenset(')]}”’"»')
_INITIAL = re.compile(r"[A-ZĐ]\.")
_ROMAN = re.compile(r"[IVX]{1,5}|\d{1,3}|[a-zđA-ZĐ]")


class _Words:
    """The abbreviations and first words of `data/abbreviations.toml`."""

    def __init__(self) -> None:
        source = files("sukien.language").joinpath("data/abbreviations.toml")
        data = tomllib.loads(source.read_text("utf-8"))
        before_name = data["before_name"].split()
        self.before_name = frozenset(before_name) | {word.upper() for word in before_name}
        self.any = frozenset(data["any"].split())
        self.first = frozenset(data["first_words"].split())
        self.domains = frozenset(data["domains"].split())


@cache
def _words() -> _Words:
    return _Words()


def sentence_ends(norm: str, starts: list[int], ends: list[int], forms: list[str]) -> list[int]:
    """Positions in a normalised text where a sentence ends, rising; its last end is not among them.

    >>> from sukien.language.tokens import tokenize
    >>> text = "Ông H. ở TP. HCM được 1.234 USD.Sau đó ông về. Hết"
    >>> [text[:end] for end in sentence_ends(text, *tokenize(text))]
    ['Ông H. ở TP. HCM được 1.234 USD.', 'Ông H. ở TP. HCM được 1.234 USD.Sau đó ông về.']
    """
    out: list[int] = []
    last = 0
    for match in _CANDIDATE.finditer(norm):
        start, end = match.span()
        if norm[start] not in ".!?…" or _ends_sentence(norm, start, end, last, starts, ends, forms):
            out.append(end)
            last = end
    return out


def _ends_sentence(
    norm: str, start: int, end: int, last: int, starts: list[int], ends: list[int], forms: list[str]
) -> bool:
    begin = end
    while begin < len(norm) and norm[begin] in _OPENERS:
        begin += 1
    if begin == len(norm):
        return False
    opener = norm[begin]
    # A capital or a digit begins a sentence; after … and … a capital only.
    if not (opener.isupper() or (opener.isdigit() and norm[start] != "…" and begin > end)):
        return False
    token = bisect_right(starts, start) - 1
    if token < 0 or ends[token] > end:
        return False  # the mark stands inside a number, an address or an abbreviation
    glued = begin == end
    if norm[start] != "." or norm[start : start + 2] == "..":
        return not glued or (start > 0 and norm[start - 1].isalpha())
    following = bisect_right(starts, begin) - 1
    if (
        all(map(_INITIAL.fullmatch, forms[following : following + 2]))
        and len(forms) > following + 1
    ):
        return False  # a name's initials: `Nông. N. M. khai`
    return _stop_ends(norm, token, start, glued, last, forms[following], starts, forms)


def _stop_ends(
    norm: str, token: int, start: int, glued: bool, last: int, next_form: str,
    starts: list[int], forms: list[str],
) -> bool:  # fmt: skip
    """Whether a single full stop ends a sentence, by the word before and the word after it."""
    words = _words()
    form = forms[token]
    if starts[token] == start:
        token -= 1
        if token < 0 or starts[token] + len(forms[token]) != start:
            return not glued
        left = forms[token]
    else:
        left = form[:-1] if form.endswith(".") else form
    starts_line = starts[token] <= last or not norm[last : starts[token]].strip()
    if starts_line and _ROMAN.fullmatch(left):
        return False  # the number of a list
    if left in words.before_name:
        return False
    if "." in left and left.isupper() and len(left.rpartition(".")[2]) > 2:
        return True  # `TP.HCM.`: what the stop follows is no abbreviated title
    if left in words.any or (len(left) == 1 and left.isupper()) or "." in left:
        return not glued and next_form in words.first
    if glued:
        return next_form.lower() not in words.domains and not norm[start - 1].isspace()
    return True


def cut_stops(
    starts: list[int], ends: list[int], forms: list[str], borders: list[int]
) -> tuple[list[int], list[int], list[str], list[int]]:
    """Cut the full stop off a token such as `USD.` that ends a sentence.

    `borders` are the token positions where sentences begin, and the number of tokens; all four
    lists are returned anew.
    """
    cuts: list[int] = []
    for first, last in itertools.pairwise(borders):
        token = last - 1
        while token > first and forms[token] in _CLOSERS:
            token -= 1
        bare, dot, _ = forms[token].rpartition(".")
        # Initials keep their stop: `N.V.A.` is the name.
        if dot and bare and forms[token][-1] == "." and len(bare.rpartition(".")[2]) > 1:
            cuts.append(token)
    if not cuts:
        return starts, ends, forms, borders
    new_starts: list[int] = []
    new_ends: list[int] = []
    new_forms: list[str] = []
    done = 0
    for token in cuts:
        stop = ends[token] - 1
        new_starts += [*starts[done : token + 1], stop]
        new_ends += [*ends[done:token], stop, stop + 1]
        new_forms += [*forms[done:token], forms[token][:-1], "."]
        done = token + 1
    new_starts += starts[done:]
    new_ends += ends[done:]
    new_forms += forms[done:]
    return new_starts, new_ends, new_forms, [b + bisect_right(cuts, b - 1) for b in borders]
