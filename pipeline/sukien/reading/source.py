"""One thing to read: how to open it, what to call it, what stands beside it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, cast

from sukien.reading.errors import ReadError

__all__ = ["Borrowed", "LimitedReader", "Source", "decompress", "limited", "read_whole"]

# Small files may compress as well as they like; a bomb is large by definition.
_FLOOR = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a member of an archive, or a stream.

    `name` is its own name without folders and compression suffix (it decides the format and may
    hold a date); `size` the bytes it takes where it stands, None when unknown; `sidecar` gives
    the bytes of the JSON file beside it.
    """

    source_path: str
    name: str
    opener: Callable[[], BinaryIO]
    member: str = ""
    size: int | None = None
    sidecar: Callable[[], bytes] | None = None

    def open(self) -> BinaryIO:
        """Open the bytes for reading from the beginning."""
        return self.opener()

    def member_at(self, place: int | str) -> str:
        """Name a record inside this source: `12`, or `news.jsonl:12` inside an archive."""
        return f"{self.member}:{place}" if self.member else str(place)


class LimitedReader(io.RawIOBase):
    """Decompressed bytes, read only as long as they stay in proportion to the compressed ones.

    The first of `streams` is read, all are closed in the end: Python's decompressors leave the
    stream below them open.

    Raises:
        ReadError: the data grows beyond `ratio` times its compressed size (and 64 MiB).
    """

    def __init__(self, *streams: BinaryIO, compressed: int | None, ratio: int) -> None:
        # One step at a time: data before a damage is given before the damage is met.
        self._read = getattr(streams[0], "read1", streams[0].read)
        self._streams = streams
        self._ratio = ratio
        self._left = max(_FLOOR, (compressed or 0) * ratio)

    def readable(self) -> bool:
        """Tell the io module that this is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io passes one
        """Fill a buffer; gives the number of bytes read, 0 at the end."""
        data: bytes = self._read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise ReadError(
                f"the data grows to more than {self._ratio} times its compressed size, as a "
                "decompression bomb does; unpack it yourself if you trust it"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the streams below as well."""
        if not self.closed:
            for stream in self._streams:
                stream.close()
        super().close()


def read_whole(source: Source, limit: int, what: str = "article") -> bytes:
    """Read all bytes of a source that holds one article.

    Raises:
        ReadError: it holds more than `limit` bytes.
    """
    with source.open() as stream:
        # Read in pieces: a stream may give less than it is asked for.
        parts, size = [], 0
        while data := stream.read(min(1 << 20, limit + 1 - size)):
            parts.append(data)
            size += len(data)
            if size > limit:
                raise ReadError(
                    f"longer than {limit / 2**20:g} MiB, the limit for one {what}; split it or "
                    "raise the limit (max_article_bytes= in Python)"
                )
    return b"".join(parts)


def limited(*streams: BinaryIO, compressed: int | None, ratio: int) -> BinaryIO:
    """Guard a decompressing stream against bombs; what it reads from is closed with it."""
    reader = LimitedReader(*streams, compressed=compressed, ratio=ratio)
    return cast("BinaryIO", io.BufferedReader(reader, 1 << 17))


def decompress(stream: BinaryIO, suffix: str, compressed: int | None, ratio: int) -> BinaryIO:
    """Decompress a stream by the suffix of its name: `.gz`, `.xz` or `.bz2`."""
    inner: object
    if suffix == ".gz":
        inner = gzip.GzipFile(fileobj=stream)
    elif suffix == ".xz":
        inner = lzma.LZMAFile(stream)  # noqa: SIM115  (the guard closes it)
    else:
        inner = bz2.BZ2File(stream)
    return limited(cast("BinaryIO", inner), stream, compressed=compressed, ratio=ratio)


class Borrowed(io.RawIOBase):
    """Any binary stream as a raw one, for a buffer to look ahead in; closing leaves it open."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner

    def readable(self) -> bool:
        """Tell the io module that this is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io passes one
        """Fill a buffer; gives the number of bytes read, 0 at the end."""
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
