"""CSV and TSV: a header, then one article a record; the separator is found from the header."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from sukien.article import Article, Failure
from sukien.reading.errors import ReadError
from sukien.reading.lines import Line, read_lines
from sukien.reading.metadata import field_map
from sukien.reading.options import ReadOptions
from sukien.reading.records import article_from_record, failed, skipped
from sukien.reading.source import Source

__all__ = ["read"]

_SEPARATORS = ",;\t|"


def read(source: Source, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read a table; `member` is the line where the record begins (the header is line 1)."""
    # The csv module's own limit (128 KiB, global) is below the length of some articles.
    csv.field_size_limit(max(csv.field_size_limit(), options.max_article_bytes))
    with source.open() as stream:
        lines = _Lines(read_lines(stream, options.max_article_bytes))
        header_line = next(lines, "")
        if not header_line.strip():
            yield lines.failure(source, 1) or skipped(source, "the file is empty", format="csv")
            return
        separator = max(_SEPARATORS, key=header_line.count)
        try:
            header = next(csv.reader([header_line], delimiter=separator))
            field_map(header, options.text_columns)
        except (ReadError, csv.Error) as error:
            yield failed(source, str(error), format="csv")
            return
        rows = csv.reader(lines, delimiter=separator)
        while True:
            begin = lines.number + 1
            lines.problems.clear()
            try:
                row = next(rows, None)
            except csv.Error as error:
                message = f"broken CSV: {error} (is a quotation mark left open?)"
                yield failed(source, message, format="csv", member=source.member_at(begin))
                continue
            if row is None:
                break
            if (problem := lines.failure(source, begin)) is not None:
                yield problem
            elif row:
                yield _from_row(source, header, row, options, begin, lines.encoding)


class _Lines(Iterator[str]):
    """Lines for the csv module, which cannot be told about broken ones: they are noted here."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.number = 0
        self.encoding = "utf-8"
        self.problems: list[str] = []

    def __next__(self) -> str:
        line = next(self._lines)
        self.number = line.number
        self.encoding = "utf-8" if line.encoding == "ascii" else line.encoding
        if line.problem is not None:
            self.problems.append(line.problem)
            return "\n"
        return line.text

    def failure(self, source: Source, begin: int) -> Failure | None:
        if not self.problems:
            return None
        return failed(source, self.problems[0], format="csv", member=source.member_at(begin))


def _from_row(
    source: Source,
    header: list[str],
    row: list[str],
    options: ReadOptions,
    line: int,
    encoding: str,
) -> Article | Failure:
    member = source.member_at(line)
    if len(row) != len(header):
        message = (
            f"the record has {len(row)} cells where the header has {len(header)}; a text with "
            "separators or line ends must stand in quotation marks"
        )
        return failed(source, message, format="csv", member=member)
    record = dict(zip(header, row, strict=True))
    return article_from_record(
        source, record, options, format="csv", member=member, encoding=encoding
    )
