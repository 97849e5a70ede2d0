"""What the names tagger sees of a document, column by column.

Columns of a token's form are functions registered with the engine; columns of its place (the run
of capitals it stands in, the words before and after that run, quotation marks, the list of
names, the words' neighbours in raw news) are computed here. `features.toml` says which columns
at which offsets make a feature.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sukien.entities.gazetteer import Gazetteer
from sukien.language.tokens import is_syllable
from sukien.tagging.columns import COLUMNS

__all__ = [
    "CONTEXT",
    "Sparse",
    "Templates",
    "edges",
    "is_capital",
    "parse_templates",
    "place_columns",
    "templates",
    "without_digits",
]

Templates = tuple[tuple[tuple[str, int], ...], ...]

_DIGITS = str.maketrans("123456789", "000000000")
_JOINERS = frozenset("-–&/'’")  # between two capitals without spaces they do not end a run
_OPENING, _CLOSING, _EITHER = frozenset("“«"), frozenset("”»"), frozenset('"')
_STOPS = frozenset(',.;:!?()"“”')
_LONGEST_RUN = 8  # tokens of a run that is remembered as a whole
_LONGEST_NAME = 6  # tokens of a name looked up in the lexicon
_LOOK_AHEAD = 4  # how far before a run its first word is announced

CONTEXT = (
    "run_length",
    "run_place",
    "run_before",
    "run_before2",
    "run_after",
    "run_after2",
    "run_whole",
    "run_first",
    "run_last",
    "run_kind",
    "run_before_place",
    "run_before_kind",
    "run_length_kind",
    "quoted",
    "ahead",
    "zone",
    "listed",
    "listed_first",
)
"""Columns given by position; a lexicon adds one for each of its granularities."""

Sparse = dict[int, str]
"""The values of a column that are not empty, by token."""


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


@lru_cache(maxsize=1)
def templates() -> Templates:
    """The feature templates of `features.toml`: one column at one offset, or several together."""
    path = files("sukien.entities") / "features.toml"
    return parse_templates(tomllib.loads(path.read_text(encoding="utf-8")))


def parse_templates(data: Mapping[str, Any]) -> Templates:
    """Templates from the tables `single` and `together` of a file.

    >>> parse_templates({"single": {"lower": [0]}, "together": [[["lower", -1], ["lower", 0]]]})
    ((('lower', 0),), (('lower', -1), ('lower', 0)))
    """
    single = [((name, offset),) for name, offsets in data["single"].items() for offset in offsets]
    joined = [tuple((name, offset) for name, offset in parts) for parts in data["together"]]
    return (*single, *joined)


def place_columns(
    forms: Sequence[str],
    starts: Sequence[int],
    ends: Sequence[int],
    pieces: Iterable[tuple[int, int, str]],
    gazetteer: Gazetteer,
    lexicon: Mapping[str, Sequence[str]],
    grains: Sequence[str],
) -> dict[str, Sparse]:
    """Columns of one document's tokens; a token without a value says nothing.

    `pieces` are the sentences as half-open token spans with their zone. `lexicon` maps a name
    (digits as 0) to its cluster at each granularity in `grains`.
    """
    out: dict[str, Sparse] = {name: {} for name in (*CONTEXT, *grains)}
    capital = [is_capital(form) for form in forms]
    for first, last, zone in pieces:
        _quotes(out["quoted"], forms, first, last)
        _zone(out["zone"], forms, capital, first, last, zone)
        before = first
        for start, end in _runs(forms, starts, ends, capital, first, last):
            _describe(out, forms, start, end, first, last)
            _announce(out["ahead"], forms, start, before)
            _look_up(out, forms, start, end, lexicon, grains)
            before = end
    listed, listed_first = out["listed"], out["listed_first"]
    for start, end, codes in gazetteer.matches(forms):
        first_code = codes.partition(",")[0]
        for token, edge in enumerate(edges(end - start), start):
            if token not in listed:  # two names inside one token: the first one keeps it
                listed[token] = edge + codes
                listed_first[token] = edge + first_code
    return out


def edges(length: int) -> tuple[str, ...]:
    """Marks of a span's tokens: begin, inside, end."""
    return _EDGES[length] if length < len(_EDGES) else ("B", *["I"] * (length - 2), "IE")


_EDGES = ((), ("BE",), ("B", "IE"), ("B", "I", "IE"), ("B", "I", "I", "IE"))


def _runs(
    forms: Sequence[str],
    starts: Sequence[int],
    ends: Sequence[int],
    capital: Sequence[bool],
    first: int,
    last: int,
) -> Iterator[tuple[int, int]]:
    """Half-open spans of capitalised tokens in a row, joined over marks without spaces."""
    token = first
    while token < last:
        if not capital[token]:
            token += 1
            continue
        end = token + 1
        while end < last:
            if capital[end]:
                end += 1
            elif (
                forms[end] in _JOINERS
                and end + 1 < last
                and capital[end + 1]
                and starts[end] == ends[end - 1]
                and starts[end + 1] == ends[end]
            ):
                end += 2
            elif forms[end][0].isdigit() and len(forms[end]) <= 4 and end - token < 6:
                end += 1
            else:
                break
        yield token, end
        token = end


def _describe(
    out: Mapping[str, Sparse], forms: Sequence[str], start: int, end: int, first: int, last: int
) -> None:
    """Tell each token of a run where in it it stands and what surrounds the run."""
    before = without_digits(forms[start - 1].lower()) if start > first else "^"
    before2 = without_digits(forms[start - 2].lower()) if start - 1 > first else "^"
    after = without_digits(forms[end].lower()) if end < last else "$"
    after2 = without_digits(forms[end + 1].lower()) if end + 1 < last else "$"
    length = end - start
    run = forms[start:end]
    size = f"{min(length, 7)}^" if start == first else str(min(length, 7))
    upper = "U" if all(form.isupper() for form in run) else ""
    kind = upper + "".join(sorted({_spelling(form)[:1] for form in run}))
    values = {
        "run_length": size,
        "run_before": before,
        "run_before2": f"{before2} {before}",
        "run_after": after,
        "run_after2": f"{after} {after2}",
        "run_first": run[0].lower(),
        "run_last": run[-1].lower(),
        "run_kind": kind,
        "run_before_kind": f"{before} {kind}",
        "run_length_kind": f"{size} {kind}",
    }
    if length <= _LONGEST_RUN:
        values["run_whole"] = " ".join(run)
    tokens = range(start, end)
    for name, value in values.items():
        column = out[name]
        for token in tokens:
            column[token] = value
    for token in tokens:
        place = f"{min(token - start, 5)}/{min(end - 1 - token, 4)}"
        out["run_place"][token] = place
        out["run_before_place"][token] = f"{before} {place}"


def _quotes(column: Sparse, forms: Sequence[str], first: int, last: int) -> None:
    inside = False
    for token in range(first, last):
        form = forms[token]
        if form in _OPENING:
            inside = True
        elif form in _CLOSING:
            inside = False
        elif form in _EITHER:
            inside = not inside
        if inside:
            column[token] = "q"


def _zone(
    column: Sparse,
    forms: Sequence[str],
    capital: Sequence[bool],
    first: int,
    last: int,
    zone: str,
) -> None:
    """The sentence's zone, how it is written (all capitals, title case), and if it is short."""
    length = last - first
    words = [form for form in forms[first:last] if form[0].isalpha()]
    capitals = sum(capital[first:last])
    case = ""
    if not capitals:
        case = "l"
    elif sum(form.isupper() and len(form) > 1 for form in words) > 0.6 * len(words):
        case = "U"
    elif len(words) > 4 and capitals > 0.7 * len(words):
        case = "T"
    value = zone + case + (str(length) if length < 6 else "")
    if value != "body":
        for token in range(first, last):
            column[token] = value


def _announce(column: Sparse, forms: Sequence[str], start: int, first: int) -> None:
    """Tell the words shortly before a run how it begins: `công ty cổ phần` before `Kinh Đô`."""
    value = forms[start].lower()
    for token in range(start - 1, max(first, start - _LOOK_AHEAD) - 1, -1):
        if forms[token] in _STOPS:
            break
        column[token] = value


def _look_up(
    out: Mapping[str, Sparse],
    forms: Sequence[str],
    start: int,
    end: int,
    lexicon: Mapping[str, Sequence[str]],
    grains: Sequence[str],
) -> None:
    """Longest names of the lexicon in a run of capitals, from left to right."""
    plain = [without_digits(form) for form in forms[start:end]]
    at, size = 0, end - start
    while at < size:
        for length in range(min(_LONGEST_NAME, size - at), 0, -1):
            clusters = lexicon.get(" ".join(plain[at : at + length]))
            if clusters is not None:
                for token, edge in enumerate(edges(length), start + at):
                    for grain, cluster in zip(grains, clusters, strict=True):
                        out[grain][token] = edge + cluster
                at += length
                break
        else:
            at += 1
