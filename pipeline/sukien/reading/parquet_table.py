"""Parquet: one article a row; only the columns that are needed are read, batch by batch."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain

from sukien.article import Article, Failure
from sukien.reading.errors import ReadError
from sukien.reading.metadata import field_map
from sukien.reading.options import ReadOptions
from sukien.reading.records import article_from_record, skipped
from sukien.reading.source import Source, read_whole

__all__ = ["read"]

_BATCH = 256
# A member of an archive cannot be read from its end, where Parquet keeps its index.
_IN_MEMORY = 1 << 30


def read(source: Source, options: ReadOptions) -> Iterator[Article | Failure]:
    """Read a Parquet file; `member` is the number of the row, from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = source.open()
    try:
        if not stream.seekable():
            stream.close()
            stream = io.BytesIO(read_whole(source, _IN_MEMORY, "Parquet file in an archive"))
        try:
            file = pq.ParquetFile(stream)
            fields = field_map(file.schema_arrow.names, options.text_columns)
            if file.metadata.num_rows == 0:
                yield skipped(source, "the table has no rows", format="parquet")
            number = 0
            columns = list(dict.fromkeys(chain.from_iterable(fields.values())))
            for batch in file.iter_batches(_BATCH, columns=columns):
                for record in batch.to_pylist():
                    number += 1
                    member = source.member_at(number)
                    yield article_from_record(
                        source, record, options, format="parquet", member=member
                    )
        except pa.ArrowException as error:
            raise ReadError(f"broken Parquet: {str(error).splitlines()[0]}") from error
    finally:
        stream.close()
