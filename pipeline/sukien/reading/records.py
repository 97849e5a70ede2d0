"""A text with its metadata, or a record of any table, to an Article or a Failure.

Every reader ends here, so what is blank, what fails and where a date comes from is decided once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from sukien.article import Article, Failure, PublishedFrom
from sukien.reading.errors import ReadError
from sukien.reading.metadata import Metadata, field_map, from_record
from sukien.reading.options import ReadOptions
from sukien.reading.published import dateline, published_at
from sukien.reading.source import Source

__all__ = ["article_from_record", "article_from_text", "failed", "skipped"]

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_NAME_DATES = (
    re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d|-\d)"),
    re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)"),
)
# A dateline stands in the first lines of an article or is its last line.
_DATELINE_LINES = 5


def failed(source: Source, error: str, *, format: str = "", member: str | None = None) -> Failure:  # noqa: A002  (the table's column has this name)
    """Make the row of an input that could not be read."""
    return Failure(
        source_path=source.source_path,
        member=source.member if member is None else member,
        format=format,
        status="failed",
        error=error,
    )


def skipped(source: Source, error: str, *, format: str = "", member: str | None = None) -> Failure:  # noqa: A002  (the table's column has this name)
    """Make the row of an input in which there is nothing to read."""
    return Failure(
        source_path=source.source_path,
        member=source.member if member is None else member,
        format=format,
        status="skipped",
        error=error,
    )


def article_from_record(
    source: Source,
    record: Mapping[str, object],
    options: ReadOptions,
    *,
    format: str,  # noqa: A002  (the table's column has this name)
    member: str,
    encoding: str = "utf-8",
) -> Article | Failure:
    """Turn a record (a JSON object, a table's row) into its article."""
    try:
        fields = field_map(record, options.text_columns)
    except ReadError as error:
        message = str(error).replace("no column", "no field", 1)
        return failed(source, message, format=format, member=member)
    (column,) = fields["text"]
    text = record.get(column)
    if text is None or text != text:
        return skipped(source, f"{column!r} is empty", format=format, member=member)
    if not isinstance(text, str):
        return failed(
            source,
            f"{column!r} holds {type(text).__name__}, not text; name the field with the text by "
            "--text-column NAME (text_column= in Python)",
            format=format,
            member=member,
        )
    return article_from_text(
        source,
        text.removeprefix("\ufeff"),
        from_record(record, fields),
        options,
        format=format,
        encoding=encoding,
        member=member,
        stated="metadata",
    )


def article_from_text(
    source: Source,
    text: str,
    metadata: Metadata,
    options: ReadOptions,
    *,
    format: str,  # noqa: A002  (the table's column has this name)
    encoding: str,
    stated: PublishedFrom,
    member: str | None = None,
    own_file: bool = False,
) -> Article | Failure:
    """Turn a decoded text into its article, with the best known date of publication.

    What the article states itself comes first, then `published_pattern`, then `published`, then
    a full date in the name of a file that holds this article alone (`own_file`), then a
    dateline in the text.
    """
    member = source.member if member is None else member
    if not text.strip().strip(_INVISIBLE).strip():
        why = "the text is blank" if text else "the text is empty"
        return skipped(source, why, format=format, member=member)
    if not _is_writable(text) and (bad := _UNWRITABLE.search(text)) is not None:
        what = "NUL" if bad[0] == "\x00" else "half of a surrogate pair"
        return failed(
            source,
            f"character {bad.start()} of the text is {what}, which no text holds",
            format=format,
            member=member,
        )
    warnings = metadata.warnings
    published, origin = metadata.published_at, stated
    if published is None:
        found: tuple[str, PublishedFrom] | None = None
        if options.published_pattern:
            try:
                day = _from_pattern(options.published_pattern, f"{source.source_path}/{member}")
                found = (day, "filename") if day else None
            except ValueError as error:
                warnings = (*warnings, f"published_pattern: {error}")
        if found is None and options.published:
            found = options.published, "option"
        if found is None and own_file and (day := _from_name(source.name)):
            found = day, "filename"
        if found is None and (day := _from_dateline(text)):
            found = day, "dateline"
        if found is not None:
            published, origin = found
    return Article(
        source_path=source.source_path,
        member=member,
        format=format,
        encoding=encoding,
        text=text,
        title=metadata.title,
        author=metadata.author,
        section=metadata.section,
        url=metadata.url,
        source=metadata.source,
        published_at=published,
        published_from=origin if published is not None else None,
        warnings=warnings,
    )


def _is_writable(text: str) -> bool:
    # Ten times faster than the search, which only has to find the place.
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _from_name(name: str) -> str | None:
    """Read the one full date in a file's name.

    >>> _from_name("2025-03-02_mua-lon.txt"), _from_name("tin20250302.txt"), _from_name("3-2025")
    ('2025-03-02', '2025-03-02', None)
    """
    days = set()
    for pattern in _NAME_DATES:
        for match in pattern.finditer(name):
            try:
                days.add(published_at("-".join(match.groups())))
            except ValueError:
                continue  # a number of eight digits that is no date
    return days.pop() if len(days) == 1 else None


@lru_cache(maxsize=8)
def _compiled(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern).search


def _from_pattern(pattern: str, path: str) -> str | None:
    """Read the date a pattern finds in a path.

    >>> _from_pattern(r"/(\\d{4})/(\\d\\d)/(\\d\\d)/", "news/2025/03/02/a.txt")
    '2025-03-02'
    """
    match = _compiled(pattern)(path)
    if match is None:
        return None
    groups = match.groupdict()
    if {"year", "month", "day"} <= set(groups):
        clock = f" {groups['hour']}:{groups.get('minute') or '00'}" if groups.get("hour") else ""
        return published_at(f"{groups['day']}/{groups['month']}/{groups['year']}{clock}")
    if len(match.groups()) == 3:
        year, month, day = match.groups()
        return published_at(f"{day}/{month}/{year}")
    return published_at(match[1] if match.groups() else match[0])


def _from_dateline(text: str) -> str | None:
    first = text[:1000].split("\n", _DATELINE_LINES)[:_DATELINE_LINES]
    last = text[-200:].rstrip().rpartition("\n")[2]
    for line in (*first, last):
        if (day := dateline(line.strip())) is not None:
            return day
    return None
