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
from sukien.tagging.columns import COLUMNS, Placed

__all__ = [
    "CONTEXT",
    "Lexicon",
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
_QUOTES = _OPENING | _CLOSING | _EITHER
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


class Lexicon(dict[str, tuple[str, ...]]):
    """Names of raw news (digits as 0) with their cluster at each granularity.

    `reach` tells for the first token of a name how long the longest one is.

    >>> Lexicon({"Real Madrid": ("3", "17")}).reach
    {'Real': 2}
    """

    def __init__(self, names: Mapping[str, tuple[str, ...]] | None = None) -> None:
        super().__init__(names or {})
        self.reach: dict[str, int] = {}
        for name in self:
            first, _, rest = name.partition(" ")
            size = rest.count(" ") + 2 if rest else 1
            self.reach[first] = max(self.reach.get(first, 0), min(size, _LONGEST_NAME))

    def names(self, forms: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Longest names in a row of tokens, left to right: half-open spans and clusters."""
        reach = self.reach
        at, size = 0, len(forms)
        while at < size:
            for length in range(min(reach.get(forms[at], 0), size - at), 0, -1):
                clusters = self.get(" ".join(forms[at : at + length]))
                if clusters is not None:
                    yield at, at + length, clusters
                    at += length
                    break
            else:
                at += 1


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


@lru_cache(maxsize=50_000)
def _small(form: str) -> str:
    return without_digits(form.lower())


@lru_cache(maxsize=50_000)
def _kind(form: str) -> str:
    return _spelling(form)[:1]


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
    lexicon: Lexicon,
    grains: Sequence[str],
) -> dict[str, Placed]:
    """Columns of one document's tokens; a token without a value says nothing.

    `pieces` are the sentences as half-open token spans with their zone; `grains` names the
    lexicon's granularities.
    """
    out = {name: Placed() for name in (*CONTEXT, *grains)}
    capital = [is_capital(form) for form in forms]
    letter = [form[0].isalpha() for form in forms]
    for first, last, zone in pieces:
        if not _QUOTES.isdisjoint(forms[first:last]):
            _quotes(out["quoted"], forms, first, last)
        words = sum(letter[first:last])
        _zone(out["zone"], forms, sum(capital[first:last]), words, first, last, zone)
        before = first
        for start, end in _runs(forms, starts, ends, capital, first, last):
            _describe(out, forms, start, end, first, last)
            _announce(out["ahead"], forms, start, before)
            run = [without_digits(form) for form in forms[start:end]]
            place_clusters(out, lexicon.names(run), start, grains)
            before = end
    place_codes(out, gazetteer.matches(forms))
    return out


def place_clusters(
    out: Mapping[str, Placed],
    names: Iterable[tuple[int, int, tuple[str, ...]]],
    shift: int,
    grains: Sequence[str],
) -> None:
    """Give the tokens of each name its clusters, one column a granularity."""
    for start, end, clusters in names:
        for token, edge in enumerate(edges(end - start), shift + start):
            for grain, cluster in zip(grains, clusters, strict=True):
                out[grain].add(token, edge + cluster)


def place_codes(
    out: Mapping[str, Placed], matches: Iterable[tuple[int, int, str]], shift: int = 0
) -> None:
    """Give the tokens of each listed name its codes; of two names in a token the first counts."""
    listed, listed_first = out["listed"], out["listed_first"]
    done = 0
    for start, end, codes in matches:
        first_code = codes.partition(",")[0]
        for token, edge in enumerate(edges(end - start), start):
            if token >= done:
                listed.add(shift + token, edge + codes)
                listed_first.add(shift + token, edge + first_code)
        done = max(done, end)


def edges(length: int) -> tuple[str, ...]:
    """Marks of a span's tokens: begin, inside, end."""
    return _EDGES[length] if length < len(_EDGES) else ("B", *["I"] * (length - 2), "IE")


_EDGES = ((), ("BE",), ("B", "IE"), ("B", "I", "IE"), ("B", "I", "I", "IE"))


def _runs(
    forms: Sequence[str],
    starts: Sequence[int],
    ends: Sequence[int],
    capital: list[bool],
    first: int,
    last: int,
) -> Iterator[tuple[int, int]]:
    """Half-open spans of capitalised tokens in a row, joined over marks without spaces."""
    token = first
    while True:
        try:
            token = capital.index(True, token, last)
        except ValueError:
            return
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
    out: Mapping[str, Placed], forms: Sequence[str], start: int, end: int, first: int, last: int
) -> None:
    """Tell each token of a run where in it it stands and what surrounds the run."""
    before = _small(forms[start - 1]) if start > first else "^"
    before2 = _small(forms[start - 2]) if start - 1 > first else "^"
    after = _small(forms[end]) if end < last else "$"
    after2 = _small(forms[end + 1]) if end + 1 < last else "$"
    length = end - start
    run = forms[start:end]
    size = f"{min(length, 7)}^" if start == first else str(min(length, 7))
    upper = "U" if all(map(str.isupper, run)) else ""
    kind = upper + "".join(sorted(set(map(_kind, run))))
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
    for name, value in values.items():
        out[name].add(start, value, length)
    run_place, run_before_place = out["run_place"], out["run_before_place"]
    for token in range(length):
        place = f"{min(token, 5)}/{min(length - 1 - token, 4)}"
        run_place.add(start + token, place)
        run_before_place.add(start + token, f"{before} {place}")


def _quotes(column: Placed, forms: Sequence[str], first: int, last: int) -> None:
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
            column.add(token, "q")


def _zone(
    column: Placed,
    forms: Sequence[str],
    capitals: int,
    words: int,
    first: int,
    last: int,
    zone: str,
) -> None:
    """The sentence's zone, how it is written (all capitals, title case), and if it is short."""
    length = last - first
    case = ""
    if not capitals:
        case = "l"
    elif capitals > 0.6 * words and 0.6 * words < sum(
        form[0].isalpha() and form.isupper() and len(form) > 1 for form in forms[first:last]
    ):
        case = "U"
    elif words > 4 and capitals > 0.7 * words:
        case = "T"
    value = zone + case + (str(length) if length < 6 else "")
    if value != "body":
        column.add(first, value, length)


def _announce(column: Placed, forms: Sequence[str], start: int, first: int) -> None:
    """Tell the words shortly before a run how it begins: `công ty cổ phần` before `Kinh Đô`."""
    token = start
    while token > max(first, start - _LOOK_AHEAD) and forms[token - 1] not in _STOPS:
        token -= 1
    if token < start:
        column.add(token, forms[start].lower(), start - token)
