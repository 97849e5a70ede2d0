"""JSON: one object a line (`.jsonl`, `.ndjson`), or a file with one object or a list of them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sukien.article import Article, Failure
from sukien.reading.encodings import decode
from sukien.reading.errors import ReadError
from sukien.reading.lines import read_lines
from sukien.reading.options import ReadOptions
from sukien.reading.records import article_from_record, failed
from sukien.reading.source import Source, read_whole

__all__ = ["read", "read_document"]

# A JSON document is parsed at once; longer collections belong in JSON lines.
_DOCUMENT_LIMIT = 512 * 2**20


def read(source: Source, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read a file of JSON lines; a broken line fails alone, an empty one is none."""
    with source.open() as stream:
        for line in read_lines(stream, options.max_article_bytes):
            member = source.member_at(line.number)
            if line.problem is not None:
                yield failed(source, line.problem, format="jsonl", member=member)
            elif not line.text.isspace():
                yield _from_line(source, line.text, options, member, line.encoding)


def read_document(source: Source, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read a JSON file: an object is one article, a list holds one in each of its items.

    An object without a text whose only list holds objects (`{"articles": [...]}`) is read as
    that list. A `.json` file that in truth holds JSON lines is read as such.
    """
    data = read_whole(source, _DOCUMENT_LIMIT, "JSON document")
    text, encoding = decode(data)
    if not text.strip():
        yield failed(source, "the file is empty, so it is no JSON", format="json")
        return
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            yield from read(source, options)
            return
        yield failed(source, _broken(error), format="json")
        return
    except (ValueError, RecursionError) as error:
        yield failed(source, _unusual(error), format="json")
        return
    del data, text
    items = _items(document)
    if items is None:
        yield _record(source, document, options, source.member, encoding, "json")
        return
    for position, item in enumerate(items, 1):
        yield _record(source, item, options, source.member_at(position), encoding, "json")


def _items(document: object) -> list[object] | None:
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        lists = [v for v in document.values() if isinstance(v, list) and v]
        if len(lists) == 1 and all(isinstance(item, dict) for item in lists[0]):
            try:
                from sukien.reading.metadata import field_map

                field_map(document)
            except ReadError:
                return lists[0]
    return None


def _from_line(
    source: Source, text: str, options: ReadOptions, member: str, encoding: str
) -> Article | Failure:
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        return failed(source, _broken(error), format="jsonl", member=member)
    except (ValueError, RecursionError) as error:
        return failed(source, _unusual(error), format="jsonl", member=member)
    return _record(source, record, options, member, encoding, "jsonl")


def _record(
    source: Source, record: object, options: ReadOptions, member: str, encoding: str, kind: str
) -> Article | Failure:
    if not isinstance(record, dict):
        what = "null" if record is None else f"a {type(record).__name__}"
        message = f"an article must be a JSON object with its text in a field, not {what}"
        return failed(source, message, format=kind, member=member)
    return article_from_record(
        source, record, options, format=kind, member=member, encoding=encoding
    )


def _unusual(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "the JSON is nested too deep to be an article"
    return f"the JSON cannot be read: {error}"  # a number of thousands of digits


def _broken(error: json.JSONDecodeError) -> str:
    place = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else ""
    place = place or f"column {error.colno}"
    return f"broken JSON: {error.msg[0].lower()}{error.msg[1:]} ({place})"
