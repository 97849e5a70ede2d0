"""The final tables, streamed from the parts of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from sukien.batch.corpus import Corpus
from sukien.batch.parts import Plan
from sukien.tables.schema import TABLES

__all__ = ["Tally", "by_article", "final_tables", "stream"]

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
        if len(self.failures) < _SAMPLE and set(status) - {"ok"}:
            wanted = articles.select(["source_path", "member", "status", "error"]).to_pylist()
            self.failures += [row for row in wanted if row["status"] != "ok"]
            del self.failures[_SAMPLE:]


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
