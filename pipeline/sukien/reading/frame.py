"""A pandas (or polars) DataFrame: one article a row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sukien.article import Article, Failure
from sukien.reading.errors import ReadError
from sukien.reading.metadata import field_map
from sukien.reading.options import ReadOptions
from sukien.reading.records import article_from_record
from sukien.reading.source import Source

__all__ = ["is_frame", "read_frame"]


def is_frame(value: object) -> bool:
    """Tell a DataFrame without importing any library that makes one."""
    return hasattr(value, "columns") and hasattr(value, "dtypes") and hasattr(value, "shape")


def read_frame(frame: Any, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read a DataFrame's rows.

    Columns `source_path` and `member`, where there are any, name the articles; else `member` is
    the row's index label (its position where labels repeat or the frame has no index).

    Raises:
        ReadError: no column holds the text.
    """
    columns = [str(column) for column in frame.columns]
    fields = field_map(columns, options.text_columns)
    used = set(chain.from_iterable(fields.values()))
    wanted = dict.fromkeys((*used, *({"source_path", "member"} & set(columns))))
    # By position, because names of columns may repeat.
    values = {column: _values(frame, columns.index(column)) for column in wanted}
    labels = _labels(frame)
    for row, label in enumerate(labels):
        record = {column: cells[row] for column, cells in values.items()}
        path = record.pop("source_path", None) if "source_path" not in used else None
        member = record.pop("member", None) if "member" not in used else None
        source = Source("" if path is None else str(path), "", _nothing)
        shown = str(member) if member is not None else "" if path is not None else label
        yield article_from_record(source, record, options, format="dataframe", member=shown)


def _values(frame: Any, position: int) -> list[object]:
    if hasattr(frame, "iloc"):
        column = frame.iloc[:, position]
        return [
            None if missing else value
            for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)
        ]
    return list(frame.to_series(position).to_list())


def _labels(frame: Any) -> list[str]:
    index = getattr(frame, "index", None)
    if index is None or not getattr(index, "is_unique", False):
        return [str(position) for position in range(len(frame))]
    return [str(label) for label in index.tolist()]


def _nothing() -> Any:
    raise ReadError("a row of a DataFrame has no file")
