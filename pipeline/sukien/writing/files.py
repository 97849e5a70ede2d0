"""One file a table: CSV, JSONL and Parquet, written in batches and read back.

A writer takes Arrow tables of any size; how the rows were cut into batches never shows in the
file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from sukien.tables.arrow import arrow_schema
from sukien.tables.schema import TABLES
from sukien.writing.cells import from_cells, join, to_cells
from sukien.writing.folder import FORMATS

__all__ = ["FileWriter", "read_file", "write_file"]

_ROW_GROUP = 65_536
_BLOCK = 1 << 26


class FileWriter(Protocol):
    """Writes one table to one file."""

    def write(self, table: Any) -> None:
        """Append the rows of an Arrow table."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class _Csv:
    """UTF-8 with BOM, so that Excel opens Vietnamese right; line end CR LF; null is empty."""

    def __init__(self, path: Path, name: str, *, safe: bool = True) -> None:
        self._columns = TABLES[name].columns
        self._safe = safe
        self._file = path.open("wb")
        self._file.write(("\ufeff" + ",".join(TABLES[name].names) + "\r\n").encode())

    def write(self, table: Any) -> None:
        if not table.num_rows:
            return
        cells = [
            to_cells(column, table[column.name].combine_chunks(), safe=self._safe)
            for column in self._columns
        ]
        cells[-1] = join([cells[-1], "\r\n"], "")
        lines = join(cells, ",")
        # The lines of a string column stand end to end in its buffer: that is the file.
        self._file.write(lines.buffers()[2])

    def close(self) -> None:
        self._file.close()


class _Jsonl:
    """One JSON object a line, all columns in their order."""

    def __init__(self, path: Path, name: str) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._dump = json.JSONEncoder(
            ensure_ascii=False, separators=(",", ":"), check_circular=False
        ).encode

    def write(self, table: Any) -> None:
        for batch in table.to_batches(max_chunksize=_ROW_GROUP):
            self._file.writelines(f"{self._dump(row)}\n" for row in batch.to_pylist())

    def close(self) -> None:
        self._file.close()


class _Parquet:
    """Row groups of a fixed number of rows, so that equal rows give equal bytes."""

    def __init__(self, path: Path, name: str) -> None:
        from pyarrow.parquet import ParquetWriter

        self._schema = arrow_schema(name)
        self._waiting: list[Any] = []
        self._rows = 0
        self._writer = ParquetWriter(path, self._schema, compression="zstd", version="2.6")

    def write(self, table: Any) -> None:
        self._waiting.append(table)
        self._rows += table.num_rows
        if self._rows >= _ROW_GROUP:
            rows = pa.concat_tables(self._waiting)
            full = self._rows - self._rows % _ROW_GROUP
            for start in range(0, full, _ROW_GROUP):
                self._group(rows.slice(start, _ROW_GROUP))
            self._waiting, self._rows = [rows.slice(full)], self._rows - full

    def _group(self, rows: Any) -> None:
        # Copied whole: pages would follow the chunks of the batches otherwise.
        self._writer.write_table(rows.combine_chunks(), row_group_size=_ROW_GROUP)

    def close(self) -> None:
        if self._rows:
            self._group(pa.concat_tables(self._waiting))
        self._writer.close()


def write_file(path: Path, name: str, *, csv_safe: bool = True) -> FileWriter:
    """Open a writer for the table `name`; the format is the path's suffix."""
    match path.suffix:
        case ".csv":
            return _Csv(path, name, safe=csv_safe)
        case ".jsonl":
            return _Jsonl(path, name)
        case ".parquet":
            return _Parquet(path, name)
    raise ValueError(f"{path.name}: tables are written as {', '.join(FORMATS)}")


def read_file(path: Path, name: str, *, csv_safe: bool = True) -> Any:
    """Read a written file back as the Arrow table it was written from."""
    schema = arrow_schema(name)
    match path.suffix:
        case ".csv":
            table = _read_csv(path, name, safe=csv_safe)
        case ".jsonl":
            table = _read_jsonl(path, name)
        case ".parquet":
            from pyarrow.parquet import read_table

            table = read_table(path)
        case _:
            raise ValueError(f"{path.name}: tables are read from {', '.join(FORMATS)}")
    if table.column_names != schema.names:
        raise ValueError(
            f"{path} is no {name} table of this version of sukien: its columns are "
            f"{', '.join(table.column_names)}"
        )
    return table.cast(schema)


def _read_csv(path: Path, name: str, *, safe: bool) -> Any:
    from pyarrow import csv

    table = csv.read_csv(
        path,
        read_options=csv.ReadOptions(block_size=_BLOCK),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(TABLES[name].names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    if tuple(table.column_names) != TABLES[name].names:
        return table
    columns = [
        from_cells(column, table[column.name].combine_chunks(), safe=safe)
        for column in TABLES[name].columns
    ]
    return pa.Table.from_arrays(columns, names=list(TABLES[name].names))


def _read_jsonl(path: Path, name: str) -> Any:
    from pyarrow import json as arrow_json

    schema = arrow_schema(name)
    if not path.stat().st_size:
        return schema.empty_table()
    return arrow_json.read_json(
        path,
        read_options=arrow_json.ReadOptions(block_size=_BLOCK),
        parse_options=arrow_json.ParseOptions(explicit_schema=schema),
    )
