"""What a caller names, to a stream of articles and failures."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, Union

from sukien.article import Article, Failure
from sukien.reading.frame import is_frame, read_frame
from sukien.reading.options import ReadOptions
from sukien.reading.readers import read_unit
from sukien.reading.records import article_from_record
from sukien.reading.remote import is_remote, list_remote
from sukien.reading.source import Source
from sukien.reading.walk import Unit, Walker

__all__ = ["Inputs", "list_inputs", "read_articles"]

PathLike: TypeAlias = Union[str, "os.PathLike[str]"]
# A DataFrame is Any here: naming pandas would import it.
Inputs: TypeAlias = PathLike | Iterable[PathLike | Article | Failure | Mapping[str, Any]] | Any


def read_articles(
    paths: Inputs,
    *,
    published: str | None = None,
    published_pattern: str | None = None,
    text_column: str | Sequence[str] | None = None,
    max_article_bytes: int = 16 * 2**20,
    exclude: Iterable[PathLike] = (),
) -> Iterator[Article | Failure]:
    """Read articles from files, folders, archives, addresses, a DataFrame, or an iterable.

    paths: a path or several (`-` is the standard input), a DataFrame, or an iterable of paths,
        `Article`s, `Failure`s and mappings with a text.
    published, published_pattern: date of the articles that do not state their own.
    text_column: name of the field with the text, or several of which the first present counts.
    exclude: folders passed over, such as the output of a run.

    Nothing is held but the file at hand. Each input gives at least one row; a broken one gives a
    `Failure` and the next is read.

    Raises:
        FileNotFoundError: a path does not exist.
        ValueError: an option makes no sense, or a DataFrame has no column of text.

    >>> list(read_articles([{"title": "Mưa", "text": "Hà Nội có mưa.", "ngày đăng": "2/3/2025"}]))
    ... # doctest: +ELLIPSIS
    [Article(text='Hà Nội có mưa.', ..., title='Mưa', ..., published_at='2025-03-02', ...)]
    """
    columns = (text_column,) if isinstance(text_column, str) else tuple(text_column or ())
    options = ReadOptions(
        published=published,
        published_pattern=published_pattern,
        text_columns=columns,
        max_article_bytes=max_article_bytes,
    )
    if is_frame(paths):
        return read_frame(paths, options)
    if isinstance(paths, Article | Failure | Mapping):
        return _read_items(iter([paths]), options)
    if isinstance(paths, str | os.PathLike):
        return _read_units(list_inputs([paths], exclude=exclude), options)
    if isinstance(paths, bytes) or not isinstance(paths, Iterable):
        raise TypeError(
            f"paths must be a path, several, a DataFrame or an iterable of Articles, not "
            f"{type(paths).__name__}"
        )
    if isinstance(paths, Sequence) and all(isinstance(path, str | os.PathLike) for path in paths):
        return _read_units(list_inputs(paths, exclude=exclude), options)
    return _read_items(iter(paths), options)


def list_inputs(
    paths: PathLike | Iterable[PathLike], *, exclude: Iterable[PathLike] = ()
) -> Iterator[Unit]:
    """List the files to read, cheaply and in a fixed order, to be read by `read_unit`.

    `source_path` is relative to the input root: the folder itself where one is given, the folder
    of a single file, and for several paths the deepest folder that holds them all. So
    `news/*.txt` and `news` name their articles alike, and no two files share a name.

    Raises:
        FileNotFoundError: a path does not exist, or none is given.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    given = list(dict.fromkeys(os.fspath(path) for path in paths))
    if not given:
        raise FileNotFoundError("no input given; name a folder, a file, or - for standard input")
    local = [path for path in given if path != "-" and not is_remote(path)]
    for path in local:
        if not Path(path).exists():
            raise FileNotFoundError(f"there is no file or folder {path!r}")
    return _list(given, local, {os.path.realpath(os.fspath(path)) for path in exclude})


def _list(given: list[str], local: list[str], exclude: Collection[str]) -> Iterator[Unit]:
    # Links in the way to an input keep their names: only `.` and `..` are taken out.
    paths = [Path(os.path.normpath(Path(path).absolute())) for path in local]
    base = _common([path if path.is_dir() else path.parent for path in paths])
    real = {path: path.resolve() for path in paths}
    walker = Walker([str(where) for where in real.values() if where.is_dir()], exclude)
    done: set[Path] = set()
    # Shorter real paths first, so that a folder comes before what lies in it; then by name.
    for path in sorted(paths, key=lambda path: (len(real[path].parts), str(path))):
        where = real[path]
        if where in done or not done.isdisjoint(where.parents):
            continue  # named twice: it is read with the folder that holds it
        done.add(where)
        if path.is_dir():
            yield from walker.folder(str(path), base)
        else:
            yield walker.file(path, base)
    for name in given:
        if name == "-":
            yield Unit("-", "-")
        elif is_remote(name):
            several = len(given) > 1
            yield from list_remote(name, prefix=f"{name.rstrip('/')}/" if several else "")


def _common(folders: list[Path]) -> str:
    try:
        return os.path.commonpath(folders) if folders else ""
    except ValueError:  # different drives on Windows have nothing in common
        return folders[0].anchor


def _read_units(units: Iterator[Unit], options: ReadOptions) -> Iterator[Article | Failure]:
    for unit in units:
        yield from read_unit(unit, options)


def _read_items(items: Iterator[Any], options: ReadOptions) -> Iterator[Article | Failure]:
    for position, item in enumerate(items):
        if isinstance(item, Article | Failure):
            yield item
        elif isinstance(item, str | os.PathLike):
            yield from _read_units(list_inputs([item]), options)
        elif isinstance(item, Mapping):
            source = Source("", "", _no_file)
            yield article_from_record(source, item, options, format="record", member=str(position))
        else:
            raise TypeError(
                f"item {position} must be an Article, a path or a mapping, not "
                f"{type(item).__name__}"
            )


def _no_file() -> Any:
    raise FileNotFoundError("a record has no file")
