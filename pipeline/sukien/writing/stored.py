"""What a run keeps in its store and does not write as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sukien.tables.arrow import empty_table

__all__ = ["STORE", "stored_texts"]

STORE = ".store"


def stored_texts(folder: Path, articles: Any) -> Any:
    """The `texts` of a run's articles from the parts of its store, in their order.

    folder: the run's output. articles: the column of their ids. Empty where there is no store.
    """
    from pyarrow.parquet import ParquetFile

    found = []
    for path in sorted(Path(folder, STORE, "parts").glob("*/texts.parquet")):
        with ParquetFile(path) as file:
            table = file.read(use_threads=False)
        # An id is a hash of the text, so the same id in two parts is the same text.
        found.append(table.filter(pc.is_in(table["article_id"], value_set=articles)))
    if not found:
        return empty_table("texts")
    texts = pa.concat_tables(found)
    rows = pc.drop_null(pc.index_in(articles, value_set=texts["article_id"].combine_chunks()))
    return texts.take(rows)
