"""What the report reads: the tables of a run's folder."""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sukien.writing.folder import FORMATS, read_tables

if TYPE_CHECKING:
    import pandas as pd

    from sukien.tables.frames import Tables

__all__ = ["NEEDED", "cells", "day_of", "read_run"]

NEEDED = (
    "articles",
    "sentences",
    "mentions",
    "entities",
    "dates",
    "events",
    "event_arguments",
    "event_clusters",
)
"""The tables a report is made from; every run writes them."""

_EPOCH = 719_163  # ordinal of 1970-01-01


def read_run(folder: str | os.PathLike[str]) -> Tables:
    """The tables of a run.

    Raises:
        FileNotFoundError: if `folder` is no folder of a run, or tables are missing in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise FileNotFoundError(
            f"{folder} {what}; a folder that `sukien extract --output` wrote is wanted"
        )
    missing = [
        name
        for name in NEEDED
        if not any((folder / f"{name}.{suffix}").is_file() for suffix in FORMATS)
    ]
    # Where all are, there may be a DuckDB file; if not, the reader says what it wants.
    if missing and len(missing) < len(NEEDED):
        raise FileNotFoundError(
            f"{folder} lacks {', '.join(missing)}; run `sukien extract` on it again, "
            "which writes all tables"
        )
    return read_tables(folder)


def cells(column: pd.Series[Any]) -> list[Any]:
    """A column as a list, unknown as None.

    >>> import pandas as pd
    >>> cells(pd.Series(["a", None], dtype="string")), cells(pd.Series([1, None], dtype="Int64"))
    (['a', None], [1, None])
    >>> cells(pd.Series(["b", None], dtype="category"))
    ['b', None]
    """
    import pyarrow as pa

    if column.dtype.name == "category":
        names = [*column.cat.categories, None]
        return [names[code] for code in column.cat.codes]
    values: list[Any] = pa.array(column, from_pandas=True).to_pylist()
    return values


@lru_cache(maxsize=1 << 16)
def day_of(moment: str | None) -> int | None:
    """Days from 1970-01-01 to the local day of an ISO date or date-time; None if it is neither.

    >>> day_of("1970-01-02T23:00:00+07:00"), day_of("1969"), day_of(None)
    (1, None, None)
    """
    try:
        return date.fromisoformat(moment[:10]).toordinal() - _EPOCH if moment else None
    except ValueError:
        return None
