"""HTML: the article's body by trafilatura, its date by the page's own metadata.

A page's metadata names the time of publication with its zone (JSON-LD `datePublished`, the
Open Graph `article:published_time`); htmldate, which knows days only, is asked where it does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sukien.article import Article, Failure
from sukien.reading.encodings import decode
from sukien.reading.errors import ReadError, UndecodableError
from sukien.reading.metadata import Metadata
from sukien.reading.options import ReadOptions
from sukien.reading.published import published_at
from sukien.reading.records import article_from_text, skipped
from sukien.reading.source import Source, read_whole
from sukien.reading.text_file import read_sidecar

__all__ = ["read"]

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
# Where pages state when they were published, likeliest first; never when they were changed.
_DATE_PATHS = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@property='og:article:published_time' or @property='og:published_time']/@content",
    "//meta[@itemprop='datePublished' or @itemprop='datepublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//meta[@name='pubdate' or @name='publishdate' or @name='publish-date']/@content",
    "//meta[@name='article:published_time' or @name='date' or @name='DC.date.issued']/@content",
    "//time[@pubdate]/@datetime",
    "//article//time/@datetime",
)


def read(source: Source, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read a web page with its sidecar, whose metadata go before those of the page."""
    try:
        import lxml.html  # type: ignore[import-untyped]  # the extra brings no types
        import trafilatura
    except ImportError:
        raise ReadError("reading web pages needs trafilatura: pip install 'sukien[html]'") from None
    page, encoding = _decode(read_whole(source, options.max_article_bytes))
    if not page.strip():
        yield skipped(source, "the file is empty", format="html")
        return
    try:
        # An encoding declared in the page is about bytes; these are decoded already.
        tree = lxml.html.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", page))
        text = trafilatura.extract(tree, include_comments=False, include_tables=True)
        found = trafilatura.extract_metadata(tree)
        published = _published(tree, page)
    except Exception as error:  # parsers of the wild web fail in many ways
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise ReadError(f"the page cannot be parsed: {reason}") from error
    if not text:
        yield skipped(source, "no article text was found in the page", format="html")
        return
    own = read_sidecar(source)
    metadata = Metadata(
        title=own.title or found.title or None,
        author=own.author or found.author or None,
        section=own.section or ", ".join(found.categories or ()) or None,
        url=own.url or found.url or None,
        source=own.source or found.sitename or None,
        published_at=own.published_at or published,
        warnings=own.warnings,
    )
    yield article_from_text(
        source,
        text,
        metadata,
        options,
        format="html",
        encoding=encoding,
        stated="sidecar" if own.published_at else "html",
        own_file=True,
    )


def _decode(data: bytes) -> tuple[str, str]:
    try:
        return decode(data)
    except UndecodableError:
        # Not Vietnamese in any old encoding: then what the page itself declares counts.
        declared = _CHARSET.search(data[:4096])
        name = declared[1].decode("ascii").lower() if declared else "utf-8"
        if name in ("utf-8", "utf8"):
            raise
        try:
            return data.decode(name), name
        except (LookupError, UnicodeDecodeError):
            pass
        raise


def _published(tree: Any, page: str) -> str | None:
    """Find when a page says it was published; the first statement that is a full date counts."""
    for value in (*_json_ld(tree), *(v for path in _DATE_PATHS for v in tree.xpath(path))):
        try:
            if (moment := published_at(value)) is not None:
                return moment
        except (ValueError, OverflowError):
            continue  # the next place may be readable
    import htmldate

    # Without the extensive search it never guesses from numbers in the text.
    day = htmldate.find_date(
        page, extensive_search=False, original_date=True, outputformat="%Y-%m-%d"
    )
    return published_at(day)


def _json_ld(tree: Any) -> Iterator[object]:
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            waiting = [json.loads(str(script), strict=False)]
        except (ValueError, RecursionError):
            continue  # broken scripts are common; the page has other places
        while waiting:
            item = waiting.pop()
            if isinstance(item, dict):
                if "datePublished" in item:
                    yield item["datePublished"]
                waiting.extend(item.values())
            elif isinstance(item, list):
                waiting.extend(item)
