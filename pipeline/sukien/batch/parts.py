"""Parts: the tables of some articles, and the plan that reads many parts as one."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sukien.batch.gist import Gists
from sukien.batch.signatures import Signatures
from sukien.batch.work import Keys, PartRows
from sukien.tables.arrow import empty_table, to_arrow
from sukien.tables.order import Place, place

__all__ = ["MemoryPart", "Part", "Plan", "Segment", "concat", "known_keys"]


class Part(Protocol):
    """Tables of some articles, each in order; `first` is the place of the first article."""

    @property
    def first(self) -> Place:
        """The place of the first article."""
        ...

    def keys(self) -> Keys:
        """The key of each article, in the order of the `articles` table."""
        ...

    def signatures(self) -> Signatures:
        """The MinHash signature of each article."""
        ...

    def gists(self) -> Gists:
        """What each article is about."""
        ...

    def table(self, name: str) -> Any:
        """One Arrow table; empty where the part has none of that name."""
        ...


class MemoryPart:
    """A part that stays in memory."""

    def __init__(self, part: PartRows) -> None:
        self.first = part.places[0]
        self._keys = np.array(part.keys, np.uint64)
        self._signatures, self._gists = part.signatures, part.gists
        self._tables = {name: to_arrow(name, rows) for name, rows in part.rows.items()}

    def keys(self) -> Keys:
        """The key of each article."""
        return self._keys

    def signatures(self) -> Signatures:
        """The MinHash signature of each article."""
        return self._signatures

    def gists(self) -> Gists:
        """What each article is about."""
        return self._gists

    def table(self, name: str) -> Any:
        """One Arrow table."""
        return self._tables[name] if name in self._tables else empty_table(name)


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring articles of one part: rows `start` to `stop` of its `articles`."""

    part: int
    start: int
    stop: int


class Plan:
    """The order in which the articles of all parts are read: that of the tables.

    Only articles whose key is in `live` (sorted) are read, each once: of two parts with the same
    article the later one counts. Parts are opened as their turn comes, and what was opened is
    kept as far as it fits, so memory does not grow with their number.
    """

    def __init__(self, parts: Sequence[Part], live: Keys) -> None:
        self._parts = parts
        self._table = _Shelf(self._read)
        self._numbers = _Shelf(self._number)
        self.segments = list(_segments(parts, live))

    def signatures(self) -> Iterator[Signatures]:
        """The signatures of all articles, in order, as arrays, one a segment."""
        return map(self.signature, self.segments)

    def gists(self) -> Iterator[Gists]:
        """What all articles are about, in order, as arrays, one a segment."""
        return map(self.gist, self.segments)

    def signature(self, segment: Segment) -> Signatures:
        """The signatures of a segment's articles."""
        return self._parts[segment.part].signatures()[segment.start : segment.stop]

    def gist(self, segment: Segment) -> Gists:
        """What a segment's articles are about."""
        return self._parts[segment.part].gists()[segment.start : segment.stop]

    def keys(self, segment: Segment) -> Keys:
        """The keys of a segment's articles."""
        return self._parts[segment.part].keys()[segment.start : segment.stop]

    def tables(self, name: str) -> Iterator[Any]:
        """The rows of one table, in order, as Arrow tables, one a segment."""
        for segment in self.segments:
            yield self.slice(segment, name)

    def slice(self, segment: Segment, name: str) -> Any:
        """The rows of one table that belong to a segment."""
        table = self._table(segment.part, name)
        if name == "articles":
            return table.slice(segment.start, segment.stop - segment.start)
        numbers = self._numbers(segment.part, name)
        low, high = np.searchsorted(numbers, [segment.start, segment.stop])
        return table.slice(int(low), int(high - low))

    def _read(self, part: int, name: str) -> Any:
        return self._parts[part].table(name)

    def _number(self, part: int, name: str) -> Any:
        """For each row of a table the number of its article; rows stand in that order."""
        articles = self._table(part, "articles")["article_id"].combine_chunks()
        rows = self._table(part, name)["article_id"]
        return pc.index_in(rows, value_set=articles).to_numpy()


_ROOM = 32 << 20


class _Shelf:
    """Keeps what a reader gave, up to `_ROOM` bytes; what was not used for longest goes first."""

    def __init__(self, read: Callable[[int, str], Any]) -> None:
        self._read = read
        self._kept: OrderedDict[tuple[int, str], Any] = OrderedDict()
        self._size = 0

    def __call__(self, part: int, name: str) -> Any:
        key = part, name
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        found = self._kept[key] = self._read(part, name)
        self._size += found.nbytes
        while self._size > _ROOM and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.nbytes
        return found


def _segments(parts: Sequence[Part], live: Keys) -> Iterator[Segment]:
    last: tuple[Place, str] | None = None
    open_: Segment | None = None
    for where, article_id, _, part, row in _merged(parts, live):
        if (where, article_id) == last:
            continue
        last = (where, article_id)
        if open_ is not None and open_.part == part and open_.stop == row:
            open_ = Segment(part, open_.start, row + 1)
            continue
        if open_ is not None:
            yield open_
        open_ = Segment(part, row, row + 1)
    if open_ is not None:
        yield open_


_Entry = tuple[Place, str, int, int, int]


def _merged(parts: Sequence[Part], live: Keys) -> Iterator[_Entry]:
    """All live articles in order, from the latest part that has them."""
    owners = _owners(parts, live)
    waiting = sorted(range(len(parts)), key=lambda part: parts[part].first)
    heap: list[tuple[_Entry, Iterator[_Entry]]] = []
    for part in waiting:
        # A part is opened only when everything before its first article has been given.
        while heap and heap[0][0][0] < parts[part].first:
            yield from _step(heap)
        entries = _entries(parts[part], part, live, owners)
        first = next(entries, None)
        if first is not None:
            heapq.heappush(heap, (first, entries))
    while heap:
        yield from _step(heap)


def _step(heap: list[tuple[_Entry, Iterator[_Entry]]]) -> Iterator[_Entry]:
    entry, entries = heap[0]
    yield entry
    following = next(entries, None)
    if following is None:
        heapq.heappop(heap)
    else:
        heapq.heapreplace(heap, (following, entries))


def _owners(parts: Sequence[Part], live: Keys) -> npt.NDArray[np.int32]:
    """For each live key the number of the last part that has it."""
    owners = np.full(len(live), -1, np.int32)
    for number, part in enumerate(parts):
        at, alive = _alive(part.keys(), live)
        owners[at[alive]] = number
    return owners


def _alive(keys: Keys, live: Keys) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where each key stands among the live ones, and whether it does."""
    if not len(live):
        return np.zeros(len(keys), np.intp), np.zeros(len(keys), np.bool_)
    at = np.minimum(np.searchsorted(live, keys), len(live) - 1)
    return at, live[at] == keys


def _entries(
    part: Part, number: int, live: Keys, owners: npt.NDArray[np.int32]
) -> Iterator[_Entry]:
    at, alive = _alive(part.keys(), live)
    if not alive.any():
        return
    alive &= owners[at] == number
    articles = part.table("articles")
    columns = (articles[name].to_pylist() for name in ("source_path", "member", "article_id"))
    for row, (source_path, member, article_id) in enumerate(zip(*columns, strict=True)):
        if alive[row]:
            yield place(source_path, member), article_id, -number, number, row


def known_keys(parts: Iterable[Part]) -> Keys:
    """The sorted keys of all articles in the parts."""
    keys = [part.keys() for part in parts]
    return np.unique(np.concatenate(keys)) if keys else np.empty(0, np.uint64)


def concat(tables: Iterable[Any], name: str) -> Any:
    """Arrow tables of one name as one."""
    found = list(tables)
    return pa.concat_tables(found) if found else empty_table(name)
