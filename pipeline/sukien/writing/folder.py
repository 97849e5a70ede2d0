"""Tables in a folder: written together, replaced together, read back."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sukien.tables.schema import TABLES
from sukien.writing.swap import swap_in

if TYPE_CHECKING:
    from sukien.tables.frames import Tables
    from sukien.writing.files import FileWriter

__all__ = ["BRAT", "DATABASE", "DOCBIN", "FORMATS", "FolderWriter", "read_tables", "sync"]

FORMATS = ("csv", "jsonl", "parquet")
"""The formats with one file a table, `TABLE.FORMAT`."""

DATABASE = "sukien.duckdb"
BRAT = "brat"
DOCBIN = "docbin"


def sync(path: Path) -> None:
    """Ask the system to put a file, or a folder's list of names, on the disk."""
    # Windows has no descriptors of folders; there a rename is durable by itself.
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class FolderWriter:
    """Writes tables under temporary names, then moves all into place.

    Until `commit` the folder's old files stay as they were; `rows` counts what was written.
    """

    def __init__(
        self,
        folder: Path,
        temporary: Path,
        tables: Iterable[str],
        formats: Iterable[str],
        *,
        csv_safe: bool = True,
    ) -> None:
        self._folder, self._temporary = folder, temporary
        self._formats, self._csv_safe = tuple(formats), csv_safe
        self.rows = dict.fromkeys(tables, 0)
        temporary.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def table(self, name: str) -> Iterator[list[FileWriter]]:
        """The writers of one table, one a format; closed at the end."""
        from sukien.writing.files import write_file

        paths = [self._temporary / f"{name}.{suffix}" for suffix in self._formats]
        writers = [write_file(path, name, csv_safe=self._csv_safe) for path in paths]
        try:
            yield writers
        finally:
            for writer in writers:
                writer.close()

    def write(self, name: str, batches: Iterable[Any]) -> None:
        """Write a whole table from Arrow batches."""
        with self.table(name) as writers:
            for batch in batches:
                self.rows[name] += batch.num_rows
                for writer in writers:
                    writer.write(batch)

    def commit(self) -> list[Path]:
        """Move the finished files into the folder; returns where they are.

        Files of tables or formats that this run does not write are removed, so that the folder
        never mixes two runs.
        """
        made = sorted(self._temporary.iterdir())
        for path in made:
            sync(path)
        names = {path.name for path in made}
        known = {f"{table}.{suffix}" for table in TABLES for suffix in FORMATS}
        for name in sorted((known | {DATABASE, BRAT, DOCBIN}) - names):
            _remove(self._folder / name)
        for path in made:
            target = self._folder / path.name
            if path.is_dir():
                swap_in(path, target)
            else:
                path.replace(target)
        shutil.rmtree(self._temporary)
        sync(self._folder)
        return [self._folder / path.name for path in made]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def read_tables(folder: str | os.PathLike[str], *, csv_safe: bool | None = None) -> Tables:
    """Read the tables of a run back, exactly as `sukien.extract` returned them.

    Of several formats the first of Parquet, JSONL, CSV and DuckDB is read. `texts` come from the
    run's store where they were not written; `tokens` are empty unless asked for. `csv_safe` tells
    whether CSV cells were made safe for Excel; None: as the folder's run.json says, else True.

    Raises FileNotFoundError if the folder holds no table.

    >>> import tempfile, sukien
    >>> news = [{"text": "Ngày 5/3/2024, bà Lan gặp ông Hùng tại Huế."}]
    >>> with tempfile.TemporaryDirectory() as out:
    ...     _ = sukien.extract(news, output=out)
    ...     read_tables(out).dates[["text", "value"]].values.tolist()
    [['Ngày 5/3/2024', '2024-03-05']]
    """
    from sukien.tables.frames import Tables
    from sukien.writing.files import read_file

    folder = Path(folder)
    if csv_safe is None:
        csv_safe = _configuration(folder).get("csv_safe", True)
    found: dict[str, Any] = {}
    for name in TABLES:
        for suffix in ("parquet", "jsonl", "csv"):
            path = folder / f"{name}.{suffix}"
            if path.is_file():
                found[name] = read_file(path, name, csv_safe=csv_safe)
                break
    if not found and (folder / DATABASE).is_file():
        from sukien.writing.database import read_database

        found = read_database(folder / DATABASE)
    if not found:
        raise FileNotFoundError(
            f"{folder} holds no tables; a folder that `sukien extract --output` wrote is wanted"
        )
    if "texts" not in found and "articles" in found:
        from sukien.writing.stored import stored_texts

        found["texts"] = stored_texts(folder, found["articles"]["article_id"])
    return Tables.from_arrow(found)


def _configuration(folder: Path) -> Mapping[str, Any]:
    path = folder / "run.json"
    if not path.is_file():
        return {}
    run = json.loads(path.read_text(encoding="utf-8"))
    configuration: Mapping[str, Any] = run.get("configuration", {})
    return configuration
