"""A source to its articles: decompression, the reader of its format, and what goes wrong."""

from __future__ import annotations

import dataclasses
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from sukien.article import Article, Failure
from sukien.reading import archive, csv_table, json_lines, parquet_table, text_file, web_page
from sukien.reading.errors import ReadError
from sukien.reading.formats import describe, format_of, split_name
from sukien.reading.options import ReadOptions
from sukien.reading.records import failed, skipped
from sukien.reading.source import Borrowed, Source, decompress
from sukien.reading.walk import Unit

__all__ = ["open_unit", "read_source", "read_stdin", "read_unit"]

Reader = Callable[[Source, ReadOptions], Iterator[Article | Failure]]

# Each format implements only how to read one source.
READERS: dict[str, Reader] = {
    "txt": text_file.read,
    "jsonl": json_lines.read,
    "json": json_lines.read_document,
    "csv": csv_table.read,
    "parquet": parquet_table.read,
    "html": web_page.read,
}
_DAMAGED = (
    EOFError,
    gzip.BadGzipFile,
    lzma.LZMAError,
    zlib.error,
    tarfile.TarError,
    zipfile.BadZipFile,
)


def read_unit(unit: Unit, options: ReadOptions | None = None) -> Iterator[Article | Failure]:
    """Read one listed input: gives its articles and failures, at least one row.

    No error of the input escapes; what was read before something broke is kept.
    """
    options = options or ReadOptions()
    if unit.problem is not None:
        yield unit.problem
    elif unit.path == "-":
        yield from read_stdin(sys.stdin.buffer, options)
    else:
        yield from read_source(open_unit(unit), options)


def open_unit(unit: Unit) -> Source:
    """Make the source of a listed file, local or remote."""
    opener = partial(_open, unit.path)
    sidecar = partial(_read_small, unit.sidecar) if unit.sidecar else None
    name = unit.source_path.rpartition("/")[2]
    return Source(unit.source_path, name, opener, size=unit.size, sidecar=sidecar)


def read_source(source: Source, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read any source: an archive member by member, a compressed file, or a plain one."""
    kind = format_of(source.name)
    if kind is None:
        yield skipped(source, describe(source.name))
        return
    empty = True
    try:
        for row in _rows(source, kind, options):
            empty = False
            yield row
    except ReadError as error:
        yield failed(source, str(error), format=kind)
    except PermissionError:
        yield failed(source, "no permission to read it", format=kind)
    except _DAMAGED as error:
        detail = str(error).rstrip(".") or "it ends too early"
        yield failed(source, f"the file is damaged or cut off: {detail}", format=kind)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        yield failed(source, f"cannot be read: {reason}", format=kind)
    else:
        if empty:
            yield skipped(source, "there is nothing in it", format=kind)


def read_stdin(stream: BinaryIO, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read the standard input: JSON lines where it begins with `{`, else one text."""
    buffered = io.BufferedReader(Borrowed(stream), 1 << 16)
    is_json = buffered.peek(1 << 16).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    source = Source("-", "-", lambda: cast("BinaryIO", buffered))
    reader = json_lines.read if is_json else text_file.read
    try:
        yield from reader(source, options)
    except ReadError as error:
        yield failed(source, str(error), format="jsonl" if is_json else "txt")


def _rows(source: Source, kind: str, options: ReadOptions) -> Iterator[Article | Failure]:
    if kind == "archive":
        if source.member:
            yield skipped(source, "an archive inside an archive is not read; unpack it first")
            return
        for item in archive.members(source, options):
            if isinstance(item, Failure):
                yield item
            else:
                yield from read_source(item, options)
        return
    base, compression = split_name(source.name)
    if compression:
        opener = partial(_decompressed, source, compression, options.max_ratio)
        source = dataclasses.replace(source, name=base, opener=opener)
    yield from READERS[kind](source, options)


def _decompressed(source: Source, compression: str, ratio: int) -> BinaryIO:
    return decompress(source.open(), compression, source.size, ratio)


def _open(path: str) -> BinaryIO:
    if "://" in path:
        from sukien.reading.remote import open_remote

        return open_remote(path)
    return Path(path).open("rb")


def _read_small(path: str) -> bytes:
    with _open(path) as stream:
        data = stream.read((1 << 20) + 1)
    if len(data) > 1 << 20:
        raise ReadError("it is longer than 1 MiB")
    return data
