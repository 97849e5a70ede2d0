"""The tables as pandas DataFrames, in one container."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sukien.tables.schema import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Tables", "to_pandas"]


@dataclass(frozen=True, slots=True, repr=False)
class Tables:
    """All tables of a run, one pandas DataFrame each.

    Column types are pandas' nullable ones: `string`, `Int64`, `Float64`, `category`, and lists
    of strings as `list<item: string>[pyarrow]`. Tables that were not asked for are empty.

    >>> tables = Tables.from_arrow({})
    >>> tables.events.empty, list(tables)[:3]
    (True, ['articles', 'texts', 'sentences'])
    """

    articles: pd.DataFrame
    texts: pd.DataFrame
    sentences: pd.DataFrame
    tokens: pd.DataFrame
    mentions: pd.DataFrame
    entities: pd.DataFrame
    dates: pd.DataFrame
    quantities: pd.DataFrame
    events: pd.DataFrame
    event_arguments: pd.DataFrame
    event_clusters: pd.DataFrame

    @classmethod
    def from_arrow(cls, tables: Mapping[str, Any]) -> Tables:
        """Build from Arrow tables by name; those left out are empty."""
        from sukien.tables.arrow import empty_table

        return cls(
            **{
                name: to_pandas(name, tables[name] if name in tables else empty_table(name))
                for name in TABLES
            }
        )

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            raise KeyError(f"no table {name!r}; there are {', '.join(TABLES)}")
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def items(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Names and DataFrames."""
        return ((field.name, getattr(self, field.name)) for field in fields(self))

    def __repr__(self) -> str:
        rows = [(name, f"{len(frame):,}", TABLES[name].meaning) for name, frame in self.items()]
        width = max(len(count) for _, count, _ in rows)
        lines = [f"  {name:<16}{count:>{width}}  {meaning}" for name, count, meaning in rows]
        return "\n".join(["Tables", *lines])

    def _repr_html_(self) -> str:
        """What a notebook shows: every table's size and the first events."""
        rows = "".join(
            f"<tr><td><code>{name}</code></td><td style='text-align:right'>{len(frame):,}</td>"
            f"<td style='text-align:left'>{html.escape(TABLES[name].meaning)}</td></tr>"
            for name, frame in self.items()
        )
        counts = f"<table><tr><th>table</th><th>rows</th><th></th></tr>{rows}</table>"
        wanted = ["type", "trigger", "agent", "patient", "time", "place", "sentence"]
        head = self.events[wanted].head(5)
        return counts + (head.to_html(index=False, na_rep="") if len(head) else "")


def to_pandas(name: str, table: Any) -> pd.DataFrame:
    """An Arrow table to a DataFrame with the declared nullable dtypes."""
    import pandas as pd
    import pyarrow as pa

    dtypes = {
        pa.string(): pd.StringDtype("pyarrow"),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.list_(pa.string()): pd.ArrowDtype(pa.list_(pa.string())),
    }
    frame: pd.DataFrame = table.to_pandas(types_mapper=dtypes.get)
    return _categories(TABLES[name], frame)


def _categories(spec: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Turn category columns into categories: the closed vocabulary, or what occurs, sorted."""
    import pandas as pd

    for column in spec.columns:
        if column.kind == "category":
            cells = frame[column.name]
            values = list(column.values) or sorted(cells.dropna().unique())
            dtype = pd.CategoricalDtype(pd.Index(values, dtype="str"))
            frame[column.name] = cells.astype(dtype)
    return frame
