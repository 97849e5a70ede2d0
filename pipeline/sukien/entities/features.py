"""What the names tagger sees of a batch of documents, column by column.

Columns of a token's form are functions of `forms`; columns of its place (the run of capitals it
stands in, the words before and after that run, quotation marks, the list of names, the words'
neighbours in raw news) are computed here, for all runs of a batch at once. `features.toml` says
which columns at which offsets make a feature.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sukien.entities.forms import Forms, without_digits
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.page import ZONES, Page
from sukien.tagging.cache import Strings
from sukien.tagging.columns import Placed
from sukien.tagging.hashing import fold, string_hash

__all__ = [
    "CONTEXT",
    "GRAINS",
    "Lexicon",
    "Matches",
    "Templates",
    "cluster_columns",
    "listed_columns",
    "parse_templates",
    "place_columns",
    "templates",
]

Templates = tuple[tuple[tuple[str, int], ...], ...]
Index = NDArray[np.int64]
Numbers = NDArray[np.uint64]
Matches = list[tuple[int, int, str]]

_LONGEST_RUN = 8  # tokens of a run that is remembered as a whole
_LONGEST_NAME = 6  # tokens of a name looked up in the lexicon
_LONGEST_NUMBERED = 6  # tokens before a number that may go on a run
_LOOK_AHEAD = 4  # how far before a run its first word is announced
_MASK = (1 << 64) - 1
_BEFORE, _AFTER = np.uint64(string_hash("^")), np.uint64(string_hash("$"))

GRAINS = ("name50", "name200", "name600")
"""Columns of the lexicon's clusters, coarse to fine."""

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
"""Columns given by position, beside those of the lexicon."""


class Lexicon:
    """Names of raw news (digits as 0) with their clusters, coarse to fine, as a model lists them.

    >>> lexicon = Lexicon({"Real Madrid": "3 17 204"})
    >>> spans, clusters = lexicon.find(["xem", "Real", "Madrid"], np.array([1]), np.array([3]))
    >>> spans.tolist(), clusters.tolist()
    ([[1, 3]], [[3, 17, 204]])
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = Strings(names or {})
        # For the first token of a name how long the longest one is.
        self._reach: dict[str, int] = {}
        for name in self._names:
            first, _, rest = name.partition(" ")
            size = rest.count(" ") + 2 if rest else 1
            self._reach[first] = max(self._reach.get(first, 0), min(size, _LONGEST_NAME))

    def find(self, forms: Sequence[str], starts: Index, ends: Index) -> tuple[Index, Index]:
        """Longest names in each of some half-open rows of tokens, left to right.

        Returns half-open spans, shape (names, 2), and their clusters, shape (names, grains).
        """
        reach, get = self._reach.get, self._names.get
        spans: list[tuple[int, int]] = []
        clusters: list[tuple[int, ...]] = []
        for at, end in zip(starts.tolist(), ends.tolist(), strict=True):
            row = [without_digits(form) for form in forms[at:end]]
            place, size = 0, end - at
            while place < size:
                for length in range(min(reach(row[place], 0), size - place), 0, -1):
                    found = get(" ".join(row[place : place + length]))
                    if found is not None:
                        spans.append((at + place, at + place + length))
                        clusters.append(_clusters(found))
                        place += length
                        break
                else:
                    place += 1
        return (
            np.array(spans, dtype=np.int64).reshape(-1, 2),
            np.array(clusters, dtype=np.int64).reshape(-1, len(GRAINS)),
        )


@lru_cache(maxsize=50_000)
def _clusters(codes: str) -> tuple[int, ...]:
    return tuple(map(int, codes.split()))


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


def place_columns(page: Page, gazetteer: Gazetteer, lexicon: Lexicon) -> dict[str, Placed]:
    """Columns of a batch's tokens; a token without a value says nothing.

    Values are numbers: counts and marks packed together, or hashes of forms (`Forms.hashes`)
    folded in order.
    """
    starts, ends = _runs(page)
    out = _describe(page, starts, ends)
    out["ahead"] = _announce(page, starts, ends)
    out["quoted"] = _quoted(page)
    out["zone"] = _zones(page)
    out.update(cluster_columns(lexicon.find(page.forms, starts, ends)))
    likely = np.flatnonzero(_likely(page, gazetteer))
    firsts = page.documents.tolist()
    borders = np.searchsorted(likely, page.documents).tolist()
    matches: Matches = []
    for number, document in enumerate(page.texts):
        first = firsts[number]
        own = (likely[borders[number] : borders[number + 1]] - first).tolist()
        found = gazetteer.matches(document.forms, likely=own)
        matches += [(first + start, first + end, codes) for start, end, codes in found]
    out.update(listed_columns(matches))
    return out


def _likely(page: Page, gazetteer: Gazetteer) -> NDArray[np.bool_]:
    """Tokens in which a listed name may begin.

    Of two tokens that are a piece each it is known whether a name goes on with them; a single
    piece that is a name may stand for itself.
    """
    several, single = page.flag(Forms.SEVERAL), page.flag(Forms.SINGLE)
    likely = page.flag(Forms.BEGINS)
    likely[:-1] &= several[:-1] | several[1:]
    begins = np.flatnonzero(page.flag(Forms.BEGINS)[:-1])
    lower = page.table.hashes[page.rows, Forms.LOWER]
    likely[begins] |= gazetteer.goes_on(lower[begins], lower[begins + 1])
    return likely | single


def cluster_columns(found: tuple[Index, Index]) -> dict[str, Placed]:
    """The columns of names with clusters: spans, and clusters by granularity."""
    spans, clusters = found
    tokens, owner, edges = _inside(spans)
    values = ((clusters[owner] + 1) * 4 + edges[:, None]).astype(np.uint64)
    ones = np.ones(len(tokens), dtype=np.int64)
    return {grain: Placed(tokens, ones, values[:, at]) for at, grain in enumerate(GRAINS)}


def listed_columns(matches: Matches) -> dict[str, Placed]:
    """The columns of listed names in order; of two names in a token the first counts."""
    spans = np.array([match[:2] for match in matches], dtype=np.int64).reshape(-1, 2)
    codes = np.array([_codes(match[2]) for match in matches], dtype=np.uint64).reshape(-1, 2)
    tokens, owner, edges = _inside(spans)
    kept = np.diff(tokens, prepend=-1) > 0
    tokens, owner = tokens[kept], owner[kept]
    ones = np.ones(len(tokens), dtype=np.int64)
    values = codes[owner] + edges[kept, None].astype(np.uint64)
    return {
        "listed": Placed(tokens, ones, values[:, 0]),
        "listed_first": Placed(tokens, ones, values[:, 1]),
    }


@lru_cache(maxsize=4096)
def _codes(codes: str) -> tuple[int, int]:
    """Values of the list's codes: all of them, and the first; the lowest two bits are free."""
    every, first = string_hash(codes), string_hash(codes.partition(",")[0])
    return every << 2 & _MASK, first << 2 & _MASK


def _inside(spans: Index) -> tuple[Index, Index, Index]:
    """Tokens of spans, the span of each, and its place: 1 begins it, 2 ends it, 3 both."""
    starts, ends = spans[:, 0], spans[:, 1]
    sizes = ends - starts
    owner = np.repeat(np.arange(len(spans)), sizes)
    tokens = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + starts[owner]
    return tokens, owner, (tokens == starts[owner]) + 2 * (tokens == ends[owner] - 1)


def _runs(page: Page) -> tuple[Index, Index]:
    """Half-open spans of capitalised tokens in a row, joined over marks without spaces.

    A short number goes on a run: `U23`, `Boeing 737`.
    """
    capital, number = page.flag(Forms.CAPITAL), page.flag(Forms.NUMBER)
    part = capital | number
    begins = np.zeros(len(part) + 1, dtype=np.bool_)
    begins[page.firsts] = True
    joiner = np.flatnonzero(page.flag(Forms.JOINER)[1:-1]) + 1
    joiner = joiner[part[joiner - 1] & capital[joiner + 1] & ~begins[joiner] & ~begins[joiner + 1]]
    for token in joiner.tolist():
        part[token] = page.touching(token)
    edge = np.flatnonzero(
        np.diff(part, prepend=False, append=False) | (begins & np.append(part, False))
    )
    starts, ends = edge[:-1], edge[1:]
    inside = part[starts]
    starts, ends = starts[inside], ends[inside]
    total = np.concatenate([[0], np.cumsum(capital)])
    plain = capital[starts] & (_count(number, starts, ends) == 0)
    mixed = ~plain & (total[ends] > total[starts])
    found = list(zip(starts[plain].tolist(), ends[plain].tolist(), strict=True))
    for start, end in zip(starts[mixed].tolist(), ends[mixed].tolist(), strict=True):
        found += _cut(capital[start:end].tolist(), number[start:end].tolist(), start)
    spans = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return spans[:, 0], spans[:, 1]


def _cut(capital: list[bool], number: list[bool], shift: int) -> Iterator[tuple[int, int]]:
    """Runs among capitals, numbers and joining marks: each begins with a capital."""
    token, size = 0, len(capital)
    while token < size:
        if not capital[token]:
            token += 1
            continue
        end = token + 1
        while end < size and not (number[end] and end - token >= _LONGEST_NUMBERED):
            end += 1
        yield shift + token, shift + end
        token = end


def _count(marks: NDArray[np.bool_], starts: Index, ends: Index) -> Index:
    total = np.concatenate([[0], np.cumsum(marks)])
    counts: Index = total[ends] - total[starts]
    return counts


def _describe(page: Page, starts: Index, ends: Index) -> dict[str, Placed]:
    """Tell each token of a run where in it it stands and what surrounds the run."""
    table, rows = page.table, page.rows
    first, last = page.firsts[page.sentences[starts]], page.firsts[page.sentences[starts] + 1]
    plain, lower = table.hashes[:, Forms.PLAIN], table.hashes[:, Forms.LOWER]
    margin = np.concatenate([rows, [0, 0]])  # so that every place around a run can be asked for
    before = np.where(starts > first, plain[margin[starts - 1]], _BEFORE)
    before2 = np.where(starts - 1 > first, plain[margin[starts - 2]], _BEFORE)
    after = np.where(ends < last, plain[margin[ends]], _AFTER)
    after2 = np.where(ends + 1 < last, plain[margin[ends + 1]], _AFTER)
    length = ends - starts
    size = (2 * np.minimum(length, 7) + (starts == first)).astype(np.uint64)
    inside, owner, _ = _inside(np.stack([starts, ends], axis=1))
    kind = np.zeros(len(starts), dtype=np.uint64)
    for bit in (1, 2, 4):
        held = _count(table.spelling[rows] == bit, starts, ends) > 0
        kind |= held.astype(np.uint64) * np.uint64(bit)
    shouted = _count(page.flag(Forms.UPPER), starts, ends) == length
    kind += shouted.astype(np.uint64) * np.uint64(8) + np.uint64(16)
    whole = np.zeros(len(starts), dtype=np.uint64)
    written = table.hashes[:, Forms.WRITTEN]
    for step in range(_LONGEST_RUN):
        longer = length > step
        whole[longer] = fold(whole[longer], written[rows[starts[longer] + step]])
    short = length <= _LONGEST_RUN
    token = inside - starts[owner]
    place = 5 * np.minimum(token, 5) + np.minimum(length[owner] - 1 - token, 4) + 1
    place = place.astype(np.uint64)
    values = {
        "run_length": size,
        "run_before": before,
        "run_before2": fold(before2, before),
        "run_after": after,
        "run_after2": fold(after, after2),
        "run_first": lower[rows[starts]],
        "run_last": lower[rows[ends - 1]],
        "run_kind": kind,
        "run_before_kind": fold(before, kind),
        "run_length_kind": size * np.uint64(32) + kind,
    }
    ones = np.ones(len(inside), dtype=np.int64)
    return {
        **{name: Placed(starts, length, value) for name, value in values.items()},
        "run_whole": Placed(starts[short], length[short], whole[short]),
        "run_place": Placed(inside, ones, place),
        "run_before_place": Placed(inside, ones, fold(before[owner], place)),
    }


def _announce(page: Page, starts: Index, ends: Index) -> Placed:
    """Tell the words shortly before a run how it begins: `công ty cổ phần` before `Kinh Đô`."""
    limit = page.firsts[page.sentences[starts]]
    if len(ends):
        limit[1:] = np.maximum(limit[1:], ends[:-1])
    stop = page.flag(Forms.STOP)
    length = np.zeros(len(starts), dtype=np.int64)
    going = np.ones(len(starts), dtype=np.bool_)
    for step in range(1, _LOOK_AHEAD + 1):
        going &= (starts - step >= limit) & ~stop[np.maximum(starts - step, 0)]
        length += going
    told = length > 0
    value = page.table.hashes[page.rows[starts[told]], Forms.LOWER]
    return Placed(starts[told] - length[told], length[told], value)


def _quoted(page: Page) -> Placed:
    """Mark what stands in quotation marks, the opening one included."""
    marks = page.table.quotes[page.rows]
    ranges: list[tuple[int, int, int]] = []
    opened, sentence = -1, -1
    for token in np.flatnonzero(marks).tolist():
        own = int(page.sentences[token])
        if opened >= 0 and own != sentence:
            ranges.append((opened, int(page.firsts[sentence + 1]) - opened, 1))
            opened = -1
        sentence = own
        if marks[token] == 1 or (marks[token] == 3 and opened < 0):
            opened = token if opened < 0 else opened
        elif opened >= 0:
            ranges.append((opened, token - opened, 1))
            opened = -1
    if opened >= 0:
        ranges.append((opened, int(page.firsts[sentence + 1]) - opened, 1))
    return Placed.of(ranges)


def _zones(page: Page) -> Placed:
    """The sentence's zone, how it is written (all capitals, title case), and if it is short."""
    capitals, words = page.count(page.flag(Forms.CAPITAL)), page.count(page.flag(Forms.LETTER))
    shouted = page.count(page.flag(Forms.SHOUTED))
    small = capitals == 0
    upper = (capitals > 0.6 * words) & (shouted > 0.6 * words)
    title = (words > 4) & (capitals > 0.7 * words)
    case = np.select([small, upper, title], [1, 2, 3], 0)
    sizes = page.sizes
    value = page.zones + len(ZONES) * case + 4 * len(ZONES) * np.where(sizes < 6, sizes, 0)
    told = value > 0
    return Placed(page.firsts[:-1][told], sizes[told], value[told].astype(np.uint64))
