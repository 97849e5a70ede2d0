"""Files of one record a line: lines of text with their places, decoded one by one.

A line that is too long or cannot be decoded is told apart; the lines after it are still read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, BinaryIO, NamedTuple

from sukien.reading.encodings import decode, decode_legacy, is_utf8_with_errors, unicode_encoding
from sukien.reading.errors import ReadError, UndecodableError
from sukien.reading.source import Borrowed

__all__ = ["Line", "read_lines"]

_HEAD = 1 << 18


class Line(NamedTuple):
    """A line: its number from 1, its text (with its line end) or what is wrong with it."""

    number: int
    text: str
    encoding: str
    problem: str | None = None


def read_lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    r"""Read lines of at most `limit` bytes; the encoding is found from the beginning.

    >>> [(line.number, line.text) for line in read_lines(io.BytesIO(b"a\r\n\xff\nb"), 100)]
    [(1, 'a\r\n'), (2, ''), (3, 'b')]
    """
    buffered = io.BufferedReader(Borrowed(stream), _HEAD)
    head = buffered.peek(_HEAD)[:_HEAD]
    wide = unicode_encoding(head[: len(head) // 4 * 4])
    if wide is not None and wide != "utf-8-sig":
        yield from _wide_lines(buffered, wide, limit)
        return
    name = _encoding(head)
    offset, number = 0, 0
    if head.startswith(b"\xef\xbb\xbf"):
        offset = len(buffered.read(3))
    while data := buffered.readline(limit + 1):
        number += 1
        start, offset = offset, offset + len(data)
        if len(data) > limit and not data.endswith(b"\n"):
            while rest := buffered.readline(1 << 20):
                offset += len(rest)
                if rest.endswith(b"\n"):
                    break
            yield Line(number, "", name, _too_long(limit))
            continue
        try:
            text, encoding = data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            try:
                text, encoding = _decode_line(data, name)
            except UndecodableError as other:
                place = start + (error.start if other.offset < 0 else other.offset)
                byte = data[place - start]
                why = f"byte 0x{byte:02X} at offset {place} of the file is not UTF-8; save it so"
                yield Line(number, "", name, why)
                continue
        yield Line(number, text, encoding)


def _encoding(head: bytes) -> str:
    """Name the encoding of the whole file: UTF-8 unless its beginning is clearly an old one."""
    if b"\n" in head:
        head = head[: head.rindex(b"\n")]
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        if not is_utf8_with_errors(head) and (found := decode_legacy(head)) is not None:
            return found[1]
        return "utf-8"
    # Plain ASCII so far says nothing about what follows: each line is then judged by itself.
    return "ascii" if head.isascii() else "utf-8"


def _decode_line(data: bytes, name: str) -> tuple[str, str]:
    if name == "utf-8":
        raise UndecodableError("not UTF-8", -1)
    if name == "ascii":
        return decode(data)
    found = decode_legacy(data, only=name)
    if found is None:
        raise UndecodableError(f"not {name}", -1)
    return found


def _wide_lines(stream: IO[bytes], encoding: str, limit: int) -> Iterator[Line]:
    text = io.TextIOWrapper(stream, encoding=encoding, newline="\n")
    number = 0
    while True:
        number += 1
        try:
            line = text.readline(limit)
        except UnicodeError as error:
            # Where units of two bytes are out of step, nothing after it can be trusted.
            raise ReadError(f"line {number} is not {encoding.upper()}: {error}") from None
        if not line:
            return
        if len(line) >= limit and not line.endswith("\n"):
            while (rest := text.readline(1 << 20)) and not rest.endswith("\n"):
                pass
            yield Line(number, "", encoding, _too_long(limit))
            continue
        yield Line(number, line, encoding)


def _too_long(limit: int) -> str:
    return (
        f"the line is longer than {limit / 2**20:g} MiB, the limit for one article; split it or "
        "raise the limit (max_article_bytes= in Python)"
    )
