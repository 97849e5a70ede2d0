"""HTML: the article's body by trafilatura, its date by the page's own metadata."""

from __future__ import annotations

from collections.abc import Iterator

from sukien.article import Article, Failure
from sukien.reading.errors import ReadError
from sukien.reading.options import ReadOptions
from sukien.reading.source import Source

__all__ = ["read"]


def read(source: Source, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read a web page."""
    raise ReadError("reading web pages needs trafilatura: pip install sukien[html]")
    yield
