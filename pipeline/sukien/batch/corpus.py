"""What spans articles: duplicates, entities and clusters of events, from the parts of a run.

Everything here depends on the set of live articles and their order in the tables alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from sukien.batch.duplicates import duplicates
from sukien.batch.parts import Plan
from sukien.batch.signatures import BINS
from sukien.tables.arrow import to_arrow
from sukien.tables.rows import Row

__all__ = ["Corpus", "span_articles"]


@dataclass(slots=True)
class Corpus:
    """The results of the corpus pass, and how they enter the rows of the parts.

    Maps hold only the ids that change: those of entities and clusters that were merged.
    """

    duplicate_of: dict[str, str] = field(default_factory=dict)
    story_of: dict[str, str] = field(default_factory=dict)
    entity_of: dict[str, str] = field(default_factory=dict)
    cluster_of: dict[str, str] = field(default_factory=dict)
    entities: Any = None
    event_clusters: Any = None

    def finish(self, name: str, table: Any) -> Any:
        """Rows of a part's table with the ids and marks that span articles."""
        match name:
            case "articles":
                ids = table["article_id"]
                table = _set(table, "duplicate_of", _looked_up(ids, self.duplicate_of.get))
                return _set(table, "story_id", _looked_up(ids, self.story_of.get))
            case "mentions" | "event_arguments":
                return _mapped(table, "entity_id", self.entity_of)
            case "events":
                table = _mapped(table, "place_entity_id", self.entity_of)
                return _mapped(table, "cluster_id", self.cluster_of)
        return table


def span_articles(plan: Plan) -> Corpus:
    """Run the corpus pass over all parts of a plan."""
    corpus = Corpus(duplicate_of=_duplicates(plan))
    entities: list[Row] = []
    clusters: list[Row] = []
    for articles, local, events in zip(
        plan.tables("articles"), plan.tables("local_entities"), plan.tables("events"), strict=True
    ):
        ids = articles["article_id"].to_pylist()
        dates = dict(zip(ids, articles["published_at"].to_pylist(), strict=True))
        for row in local.to_pylist():
            day = dates[row.pop("article_id")]
            n = row.pop("n_mentions")
            entities.append((*row.values(), n, 1, day, day))
        for row in events.to_pylist():
            day = dates[row["article_id"]]
            clusters.append(
                (
                    row["cluster_id"],
                    row["type"],
                    row["time_begin"],
                    row["time_end"],
                    row["place"],
                    row["participants"],
                    1,
                    1,
                    day,
                    row["sentence"],
                )
            )
    corpus.entities = to_arrow("entities", entities)
    corpus.event_clusters = to_arrow("event_clusters", clusters)
    return corpus


def _duplicates(plan: Plan) -> dict[str, str]:
    ids: list[str] = []
    hashes: list[str | None] = []
    dates: list[str | None] = []
    for table in plan.tables("articles"):
        ids += table["article_id"].to_pylist()
        # Sixteen digits tell a billion texts apart; the rest would only fill the memory.
        hashes += [sha and sha[:16] for sha in table["sha256"].to_pylist()]
        dates += table["published_at"].to_pylist()
    if not ids:
        return {}
    signatures = np.concatenate([np.empty((0, BINS), np.uint32), *plan.signatures()])
    return {ids[row]: ids[first] for row, first in duplicates(signatures, hashes, dates).items()}


def _looked_up(column: Any, find: Callable[[str], str | None]) -> list[str | None]:
    return [find(key) for key in column.to_pylist()]


def _mapped(table: Any, column: str, ids: Mapping[str, str]) -> Any:
    if not ids:
        return table
    return _set(table, column, [ids.get(key, key) for key in table[column].to_pylist()])


def _set(table: Any, column: str, cells: Sequence[str | None]) -> Any:
    field_ = table.schema.field(column)
    position = table.schema.get_field_index(column)
    return table.set_column(position, field_, pa.array(cells, field_.type))
