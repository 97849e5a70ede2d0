"""Rows to Arrow tables with the declared types."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pyarrow as pa

from sukien.tables.rows import Row
from sukien.tables.schema import LOCAL_ENTITIES, TABLES, Kind, Table

__all__ = ["arrow_schema", "empty_table", "spec", "to_arrow"]

_TYPES: dict[Kind, Any] = {
    "string": pa.string(),
    "category": pa.string(),  # a dictionary's order would depend on how the rows were sharded
    "int": pa.int64(),
    "float": pa.float64(),
    "list": pa.list_(pa.string()),
}


def spec(name: str) -> Table:
    """The declaration of a table, also of the store's own `local_entities`."""
    return LOCAL_ENTITIES if name == LOCAL_ENTITIES.name else TABLES[name]


@cache
def arrow_schema(name: str) -> Any:
    """The Arrow schema of a table: `pyarrow.Schema`."""
    return pa.schema(
        [
            pa.field(column.name, _TYPES[column.kind], nullable=column.null)
            for column in spec(name).columns
        ]
    )


def to_arrow(name: str, rows: Sequence[Row]) -> Any:
    """Rows in column order to a `pyarrow.Table`.

    >>> to_arrow("texts", [("a1", "Hà Nội")]).to_pydict()
    {'article_id': ['a1'], 'text': ['Hà Nội']}
    """
    schema = arrow_schema(name)
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def empty_table(name: str) -> Any:
    """A table without rows."""
    return arrow_schema(name).empty_table()
