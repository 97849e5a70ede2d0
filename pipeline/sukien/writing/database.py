"""All tables in one DuckDB file, with views that join them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from sukien.tables.arrow import arrow_schema
from sukien.tables.schema import TABLES

__all__ = ["VIEWS", "read_database", "write_database"]

VIEWS = {
    "event_rows": """
        SELECT a.published_at, a.source, a.title, e.* EXCLUDE (article_id, sentence_id),
            a.source_path, a.member, a.url
        FROM events e JOIN articles a USING (article_id)""",
    "mention_rows": """
        SELECT n.name, m.label, m.text, a.published_at, a.source, a.title, n.country, n.province,
            n.latitude, n.longitude, m.char_start, m.char_end, m.confidence, m.entity_id,
            a.source_path, a.member
        FROM mentions m JOIN entities n USING (entity_id) JOIN articles a USING (article_id)""",
    "argument_rows": """
        SELECT e.type, e.trigger, x.role, x.text, n.name, d.value AS date_value,
            q.value AS amount, q.unit, e.sentence, x.event_id, x.entity_id
        FROM event_arguments x JOIN events e USING (event_id)
        LEFT JOIN entities n ON n.entity_id = x.entity_id
        LEFT JOIN dates d ON d.date_id = x.date_id
        LEFT JOIN quantities q ON q.quantity_id = x.quantity_id""",
}
"""Ready-made joins: events and mentions with their articles, arguments with what they mean."""


def write_database(path: Path, tables: Mapping[str, Iterable[Any]]) -> None:
    """Write tables, given as Arrow batches by name, and the views over them.

    Views whose tables are not written are left out. Raises ImportError without DuckDB.
    """
    path.unlink(missing_ok=True)
    with _duckdb().connect(str(path)) as database:
        for name, batches in tables.items():
            database.register("rows", arrow_schema(name).empty_table())
            database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM rows')
            for batch in batches:
                database.register("rows", batch)
                database.execute(f'INSERT INTO "{name}" SELECT * FROM rows')
            database.unregister("rows")
        for name, query in VIEWS.items():
            database.execute(f"CREATE VIEW {name} AS {query}")


def read_database(path: Path) -> dict[str, Any]:
    """Read all tables back as Arrow tables, in the order they were written in."""
    with _duckdb().connect(str(path), read_only=True) as database:
        found = database.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        names = {row[0] for row in found}
        return {
            name: database.sql(f'FROM "{name}"').to_arrow_table().cast(arrow_schema(name))
            for name in TABLES
            if name in names
        }


def _duckdb() -> Any:
    # By name: the library is an extra.
    try:
        return import_module("duckdb")
    except ImportError as error:
        raise ImportError("--format duckdb needs DuckDB: pip install 'sukien[duckdb]'") from error
