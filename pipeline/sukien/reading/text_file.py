"""Plain text: the whole file is one article; a JSON file of the same name may stand beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sukien.article import Article, Failure
from sukien.reading.encodings import decode
from sukien.reading.errors import ReadError
from sukien.reading.metadata import Metadata, field_map, from_record
from sukien.reading.options import ReadOptions
from sukien.reading.records import article_from_text
from sukien.reading.source import Source, read_whole

__all__ = ["read", "read_sidecar"]


def read(source: Source, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read a text file with its sidecar."""
    text, encoding = decode(read_whole(source, options.max_article_bytes))
    yield article_from_text(
        source,
        text,
        read_sidecar(source),
        options,
        format="txt",
        encoding=encoding,
        stated="sidecar",
        own_file=True,
    )


def read_sidecar(source: Source) -> Metadata:
    """Read the metadata beside an article; a broken file is a warning, not an error."""
    if source.sidecar is None:
        return Metadata()
    try:
        text, _ = decode(source.sidecar())
        record = json.loads(text)
        if not isinstance(record, dict):
            raise ReadError(f"it holds a {type(record).__name__}, not an object")
    except (OSError, ValueError, RecursionError) as error:
        return Metadata(warnings=(f"the sidecar cannot be read: {error}",))
    # The text of a sidecar's article is its file; only the other fields count.
    fields = field_map((*record, "text")) if record else {}
    return from_record(record, fields)
