"""The one pure function every executor calls: a shard of inputs to parts of tables."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sukien.analysis import Analysis, Stages, analyse, failure_of
from sukien.article import Article, Failure, stable_id
from sukien.batch.gist import Gists, gists
from sukien.batch.settings import Settings, article_key
from sukien.batch.shards import Shard
from sukien.batch.signatures import Signatures, numbers, signatures
from sukien.tables.order import Place, place
from sukien.tables.rows import Rows, failure_row, rows_of

__all__ = ["STORED", "Beat", "Keys", "PartRows", "Result", "Sink", "work"]

Keys = npt.NDArray[np.uint64]

Beat = MutableSequence[float]
"""What a worker tells its watchdog, six numbers: its process id; since when it has been at its
row or batch (monotonic seconds; 0: between two); the item of the shard and the row in it that it
is at; how many rows of the shard are done; 1 when the models are loaded."""

STORED = (
    "articles",
    "texts",
    "sentences",
    "tokens",
    "mentions",
    "local_entities",
    "dates",
    "quantities",
    "events",
    "event_arguments",
)
"""The tables of a part; what spans articles is made from them."""

_BATCH = 100
_BATCH_CHARS = 400_000
_PART = 500
_PART_CHARS = 20_000_000


@dataclass(slots=True)
class PartRows:
    """Rows of some articles in the tables' order; each article's key, place and likeness."""

    keys: list[int]
    places: list[Place]
    rows: Rows
    signatures: Signatures
    gists: Gists


class Sink(Protocol):
    """Where parts go: a store on disk, or memory. Returns what the driver needs to find it."""

    def __call__(self, part: PartRows) -> Any:
        """Keep a part."""
        ...


@dataclass(slots=True)
class Result:
    """What became of a shard: keys of all its rows, parts made, counts by status."""

    number: int
    keys: Keys
    parts: list[Any] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    kept: int = 0

    @classmethod
    def of(cls, number: int, pieces: Sequence[Result]) -> Result:
        """The results of pieces of a shard as that of the shard."""
        whole = cls(number, np.concatenate([np.empty(0, np.uint64), *(p.keys for p in pieces)]))
        for piece in pieces:
            whole.parts += piece.parts
            whole.counts.update(piece.counts)
            whole.kept += piece.kept
        return whole


def work(
    shard: Shard,
    load: Callable[[], Stages],
    settings: Settings,
    known: Keys,
    sink: Sink,
    beat: Beat,
) -> Result:
    """Read a shard, analyse what is not `known` (sorted keys of the store), and keep the rows.

    `load` gives the stages, the same ones each time; it is called only when they are needed.

    The rows depend on the inputs and settings alone: not on how inputs are cut into shards,
    on the order of shards, nor on what else is in one.
    """
    part = _Part(tokens=settings.tokens)
    result = Result(shard.number, np.empty(0, np.uint64))
    keys: list[int] = []
    fresh = _fresh(shard, settings, known, keys, result, beat)
    for batch in _batches(fresh, 1 if shard.careful else _BATCH):
        beat[1] = 0.0
        stages = load()
        beat[5], beat[1] = 1.0, time.monotonic()
        for (_, key, _), found in zip(batch, _analysed(batch, shard, stages), strict=True):
            status = part.add(key, found)
            result.counts[status] += 1
        beat[4] += len(batch)
        if part.full:
            beat[1] = 0.0
            result.parts.append(sink(part.finish()))
            part = _Part(tokens=settings.tokens)
        beat[1] = time.monotonic()
    beat[1] = 0.0
    if len(part):
        result.parts.append(sink(part.finish()))
    result.keys = np.array(keys, np.uint64)
    beat[4] = 0.0
    return result


_Numbered = tuple[tuple[int, int], int, Article | Failure]


def _fresh(
    shard: Shard, settings: Settings, known: Keys, keys: list[int], result: Result, beat: Beat
) -> Iterator[_Numbered]:
    """Numbers and key of each row that is not in the store; all keys are noted in `keys`."""
    seen: set[str] = set()

    def at(item: int, row: int) -> None:
        beat[2], beat[3] = float(item), float(row)

    beat[1] = time.monotonic()
    for item, number, row in shard.read(settings.reading, at):
        found = row
        if isinstance(row, Article):
            reason = settings.outside(row.published_at)
            found = row if reason is None else failure_of(row, reason, "skipped")
        # An article given twice is one article: the same place and the same words.
        if found.id not in seen:
            seen.add(found.id)
            key = article_key(found) if isinstance(found, Article) else _failure_key(found)
            keys.append(key)
            stored = int(np.searchsorted(known, np.uint64(key)))
            if stored < len(known) and int(known[stored]) == key:
                result.kept += 1
            else:
                yield (item, number), key, found


def _batches(rows: Iterator[_Numbered], size: int) -> Iterator[list[_Numbered]]:
    batch: list[_Numbered] = []
    chars = 0
    for row in rows:
        batch.append(row)
        chars += row[2].n_chars if isinstance(row[2], Article) else 0
        if len(batch) >= size or chars >= _BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _analysed(
    batch: Sequence[_Numbered], shard: Shard, stages: Stages
) -> Iterator[Analysis | Failure]:
    articles = [
        row for number, _, row in batch if isinstance(row, Article) and number not in shard.given_up
    ]
    analyses = iter(analyse(articles, stages))
    for number, _, row in batch:
        if isinstance(row, Failure):
            yield row
        elif number in shard.given_up:
            yield failure_of(row, shard.given_up[number])
        else:
            yield next(analyses)


def _failure_key(failure: Failure) -> int:
    return int(stable_id(failure.id, failure.status, failure.error, failure.format), 16)


class _Part:
    """Rows being gathered, article by article; `finish` puts the articles in order."""

    def __init__(self, *, tokens: bool) -> None:
        self._tokens = tokens
        self._articles: list[tuple[Place, str, int, Rows]] = []
        self._chars = 0

    def __len__(self) -> int:
        return len(self._articles)

    @property
    def full(self) -> bool:
        return len(self) >= _PART or self._chars >= _PART_CHARS

    def add(self, key: int, found: Analysis | Failure) -> str:
        """Add an article's rows; returns its status."""
        status = "ok"
        if isinstance(found, Analysis):
            try:
                rows = rows_of(found, tokens=self._tokens)
                self._chars += found.article.n_chars
            except Exception as error:  # noqa: BLE001  a stage's fault costs one article
                words = f"could not be tabled: {type(error).__name__}: {error}"
                found = failure_of(found.article, words)
        if isinstance(found, Failure):
            rows, status = {"articles": [failure_row(found)]}, found.status
        article = rows["articles"][0]
        where = place(article[1], article[2])
        self._articles.append((where, article[0], key, rows))
        return status

    def finish(self) -> PartRows:
        """All rows in the order of the tables."""
        self._articles.sort(key=lambda article: article[:2])
        tables: Rows = {name: [] for name in STORED if name != "tokens" or self._tokens}
        for *_, rows in self._articles:
            for name, new in rows.items():
                tables[name] += new
        texts: dict[str, str] = dict(tables["texts"])
        bodies = [numbers(texts.get(article[0], "")) for article in tables["articles"]]
        titles = (numbers(article[5] or "") for article in tables["articles"])
        whole = [np.concatenate(pair) for pair in zip(titles, bodies, strict=True)]
        keys = [key for _, _, key, _ in self._articles]
        return PartRows(
            keys, [where for where, *_ in self._articles], tables, signatures(bodies), gists(whole)
        )
