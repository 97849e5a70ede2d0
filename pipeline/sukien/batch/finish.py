"""The final tables, streamed from the parts of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from sukien.batch.corpus import Corpus
from sukien.batch.journal import LOG
from sukien.batch.parts import Plan
from sukien.tables.schema import TABLES
from sukien.writing.brat import write_brat
from sukien.writing.database import write_database
from sukien.writing.docbin import write_docbin
from sukien.writing.folder import BRAT, DATABASE, DOCBIN, FORMATS, FolderWriter

__all__ = ["Tally", "by_article", "final_tables", "stream", "write_tables"]

_SAMPLE = 1000
_OF_ARTICLES = ("texts", "mentions", "dates", "quantities", "events", "event_arguments")


@dataclass(slots=True)
class Tally:
    """Counts of a finished run, and its first failed and skipped inputs."""

    status: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)

    def note(self, articles: Any) -> None:
        """Count the rows of an `articles` table."""
        status = articles["status"].to_pylist()
        self.status.update(status)
        if set(status) - {"ok"}:
            wanted = articles.select(["source_path", "member", "status", "error"]).to_pylist()
            found = [row for row in wanted if row["status"] != "ok"]
            for row in found:
                where = f"{row['source_path']} {row['member']}".rstrip()
                LOG.warning("%s: %s: %s", row["status"], where, row["error"])
            self.failures += found[: _SAMPLE - len(self.failures)]


def stream(name: str, plan: Plan, corpus: Corpus, tally: Tally | None = None) -> Iterator[Any]:
    """The batches of one final table, in order."""
    match name:
        case "entities":
            yield corpus.entities
        case "event_clusters":
            yield corpus.event_clusters
        case _:
            for rows in plan.tables(name):
                done = corpus.finish(name, rows)
                if tally is not None and name == "articles":
                    tally.note(done)
                yield done


def write_tables(
    plan: Plan,
    corpus: Corpus,
    output: Path,
    temporary: Path,
    names: Sequence[str],
    formats: Sequence[str],
    *,
    csv_safe: bool,
) -> tuple[list[Path], dict[str, int], Tally]:
    """Write the tables in all formats to `temporary`, then move them to `output`.

    Returns the files, the rows of each table, and the tally of inputs.
    """
    plain = [name for name in formats if name in FORMATS]
    writer = FolderWriter(output, temporary, names, plain, csv_safe=csv_safe)
    tally = Tally()
    for name in names:
        writer.write(name, stream(name, plan, corpus, tally))
    if "duckdb" in formats:
        write_database(temporary / DATABASE, {name: stream(name, plan, corpus) for name in names})
    if "brat" in formats:
        write_brat(temporary / BRAT, by_article(plan, corpus))
    if "docbin" in formats:
        columns = (corpus.entities[name].to_pylist() for name in ("entity_id", "name"))
        write_docbin(temporary / DOCBIN, by_article(plan, corpus), dict(zip(*columns, strict=True)))
    return writer.commit(), writer.rows, tally


def by_article(plan: Plan, corpus: Corpus) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """The final rows of every article that is ok, table by table, as dictionaries."""
    for segment in plan.segments:
        rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
        articles = corpus.finish("articles", plan.slice(segment, "articles")).to_pylist()
        for name in _OF_ARTICLES:
            by_id = rows.setdefault(name, {})
            for row in corpus.finish(name, plan.slice(segment, name)).to_pylist():
                by_id.setdefault(row["article_id"], []).append(row)
        for article in articles:
            if article["status"] == "ok":
                key = article["article_id"]
                yield {"articles": [article]} | {name: rows[name].get(key, []) for name in rows}


def final_tables(plan: Plan, corpus: Corpus) -> Mapping[str, Any]:
    """All final tables in memory, as Arrow tables by name."""
    tables = {}
    for name in TABLES:
        batches = list(stream(name, plan, corpus))
        if batches:
            tables[name] = pa.concat_tables(batches)
    return tables
