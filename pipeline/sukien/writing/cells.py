"""CSV cells from Arrow columns and back, whole columns at a time.

Excel runs a cell that starts with `=`, `+`, `-`, `@`, tab or CR as a formula (OWASP, CSV
Injection). A safe cell gets a leading apostrophe, also where it already starts with
apostrophes before one of these; so the way back is to take one apostrophe off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sukien.tables.schema import Column

__all__ = ["from_cells", "join", "to_cells"]

SEPARATOR = " | "
_FORMULA = r"^('*[=+\-@\t\r])"
_MADE_SAFE = r"^'('*[=+\-@\t\r])"
_STRUCTURE = r'[",\r\n]'
_EXACT = 1e15
"""Whole floats below this are written as integers: 4800000000, not 4.8e+09."""


def to_cells(column: Column, values: Any, *, safe: bool) -> Any:
    """An Arrow column to its CSV cells, quoted where needed; null stays null.

    >>> from sukien.tables.schema import TABLES
    >>> name = TABLES["entities"].column("name")
    >>> to_cells(name, pa.array(["=1+1", "A, B", None]), safe=True).to_pylist()
    ["'=1+1", '"A, B"', None]
    """
    if column.kind == "int":
        return pc.cast(values, pa.large_string())
    if column.kind == "float":
        return _floats(values)
    cells = _joined(values) if column.kind == "list" else values
    cells = pc.cast(cells, pa.large_string())
    if safe and _any(pc.match_substring_regex(cells, _FORMULA)):
        cells = pc.replace_substring_regex(cells, _FORMULA, r"'\1")
    quoted = pc.match_substring_regex(cells, _STRUCTURE)
    if not _any(quoted):
        return cells
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(quoted, join(['"', doubled, '"'], ""), cells)


def from_cells(column: Column, cells: Any, *, safe: bool) -> Any:
    """CSV cells, unquoted by a reader and null where empty, back to the column they came from."""
    if column.kind == "int":
        return pc.cast(cells, pa.int64())
    if column.kind == "float":
        return pc.cast(cells, pa.float64())
    if safe:
        cells = pc.replace_substring_regex(cells, _MADE_SAFE, r"\1")
    if column.kind == "list":
        return _split(cells)
    return cells if column.null else pc.fill_null(cells, "")


def join(cells: Sequence[Any], separator: str) -> Any:
    """Join columns, and strings for all rows, row by row; null is the empty string."""
    parts = [pa.scalar(c, pa.large_string()) if isinstance(c, str) else c for c in cells]
    return pc.binary_join_element_wise(
        *parts,
        pa.scalar(separator, pa.large_string()),
        null_handling="replace",
        null_replacement="",
    )


def _any(mask: Any) -> bool:
    return bool(pc.any(mask).as_py())


def _floats(values: Any) -> Any:
    whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), _EXACT))
    integers = pc.cast(pc.if_else(whole, values, None), pa.int64())
    return pc.coalesce(pc.cast(integers, pa.large_string()), pc.cast(values, pa.large_string()))


def _joined(values: Any) -> Any:
    """Lists to one cell each; a bar inside an item is escaped."""
    lists = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    items = lists.flatten()
    if _any(pc.match_substring_regex(items, r"[|\\]")):
        items = pc.replace_substring(pc.replace_substring(items, "\\", "\\\\"), "|", "\\|")
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    offsets = pa.concat_arrays(
        [pa.array([0], pa.int32()), pc.cast(pc.cumulative_sum(lengths), pa.int32())]
    )
    return pc.binary_join(pa.ListArray.from_arrays(offsets, items), SEPARATOR)


def _split(cells: Any) -> Any:
    lists = pc.split_pattern(pc.fill_null(cells, ""), SEPARATOR)
    rows = [_unescaped(items) if items != [""] else [] for items in lists.to_pylist()]
    return pa.array(rows, pa.list_(pa.string()))


def _unescaped(items: list[str]) -> list[str]:
    return [item.replace("\\|", "|").replace("\\\\", "\\") for item in items]
