"""The inputs of a run cut into shards, the pieces of work that are sent to workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from sukien.article import Article, Failure
from sukien.batch.carried import Carried, carry
from sukien.batch.settings import Settings
from sukien.reading import ReadOptions, Unit, list_inputs, read_articles, read_unit

__all__ = ["Inputs", "Item", "Shard", "cut", "open_inputs", "survey"]

Item: TypeAlias = Unit | Carried | Article | Failure
Inputs: TypeAlias = Iterable[Item]

_BYTES = 4 << 20
"""A shard of files closes at this size."""

_MANY = 256 << 10
"""Files of many articles from this size on are read by the driver, so that workers share them."""

_SINGLE = (".txt", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class Shard:
    """Some inputs, in order. `careful` shards are analysed one article at a time.

    `given_up` tells for rows, by number of the item and of the row in it, why they are not
    analysed again.
    """

    number: int
    items: tuple[Item, ...]
    careful: bool = False
    given_up: dict[tuple[int, int], str] = field(default_factory=dict)

    def read(
        self, options: ReadOptions, at: Callable[[int, int], None] = lambda item, row: None
    ) -> Iterator[tuple[int, int, Article | Failure]]:
        """The rows of all inputs with the number of the item and of the row in it.

        `at` is called with the same two numbers before a row is read, so that a reader that
        never comes back can be blamed.
        """
        for number, item in enumerate(self.items):
            at(number, 0)
            for row, found in enumerate(_opened(item, options)):
                yield number, row, found
                at(number, row + 1)

    @property
    def weight(self) -> float:
        """About how many bytes of input it holds, for estimates of time."""
        return sum(map(_bytes, self.items))

    def without(self, item: int, error: str) -> Shard:
        """The shard with one input given up as a whole."""
        lost = self.items[item]
        row = lost if isinstance(lost, Article | Failure) else None
        failure = Failure(
            source_path=lost.source_path,
            member="" if row is None else row.member,
            format="" if row is None else row.format,
            status="failed",
            error=error,
        )
        return replace(self, items=(*self.items[:item], failure, *self.items[item + 1 :]))

    def carried(self, options: ReadOptions) -> Shard:
        """The shard with the bytes of its files, for workers that do not see them."""
        items = (
            carry(item, options) if isinstance(item, Unit) else iter((item,)) for item in self.items
        )
        return replace(self, items=tuple(chain.from_iterable(items)))


def open_inputs(source: object, settings: Settings, exclude: Iterable[Path] = ()) -> Inputs:
    """List what a caller named: paths as units to be read by workers, anything else as articles.

    Raises FileNotFoundError where a path does not exist, and what `read_articles` raises.
    """
    units: Inputs
    if isinstance(source, list | tuple) and not source:
        units = ()
    elif _is_paths(source):
        units = list_inputs(source, exclude=exclude)  # type: ignore[arg-type]  # checked
    else:
        options = settings.reading
        units = read_articles(
            source,
            published=options.published,
            published_pattern=options.published_pattern,
            text_column=options.text_columns,
            max_article_bytes=options.max_article_bytes,
            exclude=exclude,
        )
    if settings.limit is None:
        return units
    rows = chain.from_iterable(_opened(unit, settings.reading) for unit in units)
    return _limited(rows, settings)


def survey(source: object, exclude: Iterable[Path] = ()) -> tuple[int, dict[str, float]]:
    """How many inputs there are, and about how many bytes by the last suffix of their names.

    Nothing where only reading would tell.
    """
    sizes: dict[str, float] = {}
    count = 0
    if _is_paths(source):
        for unit in list_inputs(source, exclude=exclude):  # type: ignore[arg-type]  # checked above
            count += 1
            suffix = unit.path.rpartition(".")[2].lower()
            if unit.problem is None:
                sizes[suffix] = sizes.get(suffix, 0.0) + (unit.size or 0)
    return count, sizes


def _bytes(item: Item) -> float:
    match item:
        case Unit():
            return item.size or 0
        case Carried():
            return len(item.data)
        case Article():
            return 1.3 * item.n_chars  # news in UTF-8 takes 1.3 bytes a character
    return 0.0


def _limited(rows: Iterable[Article | Failure], settings: Settings) -> Iterator[Item]:
    """The first articles that are wanted, with the failures before them."""
    assert settings.limit is not None
    left = settings.limit
    for row in rows:
        if left <= 0:
            return
        yield row
        if isinstance(row, Article) and settings.outside(row.published_at) is None:
            left -= 1


def cut(inputs: Inputs, options: ReadOptions, size: int) -> Iterator[Shard]:
    """Cut inputs into shards of about `size` articles, in order, as they are asked for."""
    rows = _spread(iter(inputs), options)
    number, weight = 0, 0
    items: list[Item] = []
    for item in rows:
        items.append(item)
        weight += item.size or 0 if isinstance(item, Unit) else 0
        if len(items) >= size or weight >= _BYTES:
            yield Shard(number, tuple(items))
            number, items, weight = number + 1, [], 0
    if items:
        yield Shard(number, tuple(items))


def _spread(inputs: Iterator[Item], options: ReadOptions) -> Iterator[Item]:
    """Units that hold many articles become these articles, so that workers can share them."""
    for item in inputs:
        if isinstance(item, Unit) and _holds_many(item):
            yield from read_unit(item, options)
        else:
            yield item


def _holds_many(unit: Unit) -> bool:
    if unit.problem is not None:
        return False
    if unit.path == "-":
        return True
    return not unit.path.lower().endswith(_SINGLE) and (unit.size is None or unit.size > _MANY)


def _opened(item: Item, options: ReadOptions) -> Iterator[Article | Failure]:
    if isinstance(item, Unit):
        return read_unit(item, options)
    return item.read(options) if isinstance(item, Carried) else iter((item,))


def _is_paths(source: object) -> bool:
    if isinstance(source, str | os.PathLike):
        return True
    if not isinstance(source, list | tuple) or not source:
        return False
    return all(isinstance(path, str | os.PathLike) for path in source)
