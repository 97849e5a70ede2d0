"""What spans articles: duplicates, stories, entities, clusters of events.

Everything here depends on the set of live articles and their order in the tables alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from sukien.batch.duplicates import duplicates
from sukien.batch.parts import Plan
from sukien.batch.stories import stories
from sukien.entities.corpus import GlobalEntity, LocalEntity, merge_entities
from sukien.events.clusters import cluster_events
from sukien.events.telling import Telling, announces, content_words, kinds
from sukien.tables.arrow import empty_table, to_arrow
from sukien.tables.schema import TABLES

__all__ = ["Corpus", "span_articles"]

_values = attrgetter(*TABLES["entities"].names)

_WHERE = ("Place", "Origin", "Destination")
_TOLD = [
    "event_id",
    "article_id",
    "type",
    "char_start",
    "polarity",
    "time_begin",
    "time_end",
    "place_entity_id",
    "trigger",
    "sentence",
]
# Roles whose words do not say who or what takes part.
_APART = (*_WHERE, "Time", "Amount", "Final-Value", "Money", "Price", "Period")
# Share of a title's words in the sentence of what it tells.
_COVERED = 0.4
_FIGURES = 12
# Numbers but days and hours.
_FIGURE = re.compile(r"(?<![\d/h.,-])\d+(?:[.,]\d+)*(?![\d/h-])")
# What stands before the titles of other articles.
_LINKS = ">>"
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Corpus:
    """The results of the corpus pass, and how they enter the rows of the parts.

    Maps hold only the ids that change: those of entities and clusters that were merged.
    """

    duplicate_of: dict[str, str] = field(default_factory=dict)
    story_of: dict[str, str] = field(default_factory=dict)
    entity_of: dict[str, str] = field(default_factory=dict)
    cluster_of: dict[str, str] = field(default_factory=dict)
    related_to: dict[str, str] = field(default_factory=dict)
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
    corpus = Corpus()
    _alike(plan, corpus)
    names = _entities(plan, corpus)
    _clusters(plan, corpus, names)
    return corpus


def _entities(plan: Plan, corpus: Corpus) -> dict[str, str]:
    """Merge entities into `corpus`; returns their names."""
    merged = merge_entities(_local_entities(plan))
    corpus.entity_of = {own: whole for own, whole in merged.global_id.items() if own != whole}
    rows = [
        tuple(list(cell) if isinstance(cell, tuple) else cell for cell in _values(entity))
        for entity in merged.entities
    ]
    corpus.entities = to_arrow("entities", rows)
    corpus.related_to = _related(merged.entities)
    return {entity.entity_id: entity.name for entity in merged.entities}


def _related(entities: Iterable[GlobalEntity]) -> dict[str, str]:
    """What stands in a telling for something that has become another, or makes it.

    A project and its foundation are two entities, but joining something they do it once.
    """
    related = [entity for entity in entities if entity.related]
    known = {entity.name: entity.entity_id for entity in reversed(related)}
    out: dict[str, str] = {}
    for entity in related:
        group = [known[name] for name in entity.related if name in known]
        out[entity.entity_id] = min([entity.entity_id, *group])
    return out


def _told_names(entities: Sequence[str], related_to: Mapping[str, str]) -> tuple[str, ...]:
    """Who takes part, related ones as one, unless the event is between them (a renaming)."""
    plain = dict.fromkeys(entities)
    joined = dict.fromkeys(related_to.get(entity, entity) for entity in plain)
    return tuple(joined if len(joined) == len(plain) > 1 else plain)


class _Pool(dict[Any, Any]):
    """One object for equal ones: what thousands of rows repeat is kept once."""

    def __missing__(self, key: Any) -> Any:
        self[key] = key
        return key


def _local_entities(plan: Plan) -> Iterator[LocalEntity]:
    """The entities of every article, in order."""
    rank, one = 0, _Pool()
    for articles, local in _side_by_side(plan, "articles", "local_entities"):
        known = {}
        for row in articles.select(["article_id", "published_at"]).to_pylist():
            known[row["article_id"]] = (rank, row["published_at"])
            rank += 1
        for place, row in enumerate(local.to_pylist()):
            number, published = known[row["article_id"]]
            entity_id = row.pop("entity_id")
            cells = {
                name: one[tuple(cell) if isinstance(cell, list) else cell]
                for name, cell in row.items()
            }
            yield LocalEntity(
                entity_id=entity_id, order=(number, place), published=one[published], **cells
            )


def _clusters(plan: Plan, corpus: Corpus, names: Mapping[str, str]) -> None:
    """Group the tellings of each event into `corpus`."""
    heads: dict[str, tuple[Any, ...]] = {}
    for cluster in cluster_events(_tellings(plan, corpus)):
        first, begin, end = cluster.first, cluster.begin, cluster.end
        for telling in cluster.tellings[1:]:
            corpus.cluster_of[telling.event_id] = first.event_id
        if begin is not None and end is not None and begin > end:
            begin, end = first.begin, first.end  # the tellings disagree: the first one counts
        place = names[cluster.places[0]] if cluster.places else None
        taking_part = dict.fromkeys(names[name] for name in cluster.names)
        told = len(cluster.tellings), cluster.n_articles
        heads[first.event_id] = begin, end, place, tuple(taking_part), *told
    batches = list(_cluster_rows(plan, heads))
    corpus.event_clusters = pa.concat_tables(batches) if batches else empty_table("event_clusters")


def _cluster_rows(plan: Plan, heads: Mapping[str, tuple[Any, ...]]) -> Iterator[Any]:
    """The table of clusters in the order of their first tellings, which give the headlines."""
    for articles, events in _side_by_side(plan, "articles", "events"):
        known = {
            row["article_id"]: (row["published_at"], row["title"])
            for row in articles.select(["article_id", "published_at", "title"]).to_pylist()
        }
        rows = []
        columns = ["event_id", "article_id", "type", "place", "sentence"]
        for row in events.select(columns).to_pylist():
            head = heads.get(row["event_id"])
            if head is None:
                continue
            begin, end, place, names, n_events, n_articles = head
            published, title = known[row["article_id"]]
            where = place or row["place"]
            said = title or row["sentence"]
            about = where, list(names), n_events, n_articles, published, said
            rows.append((row["event_id"], row["type"], begin, end, *about))
        yield to_arrow("event_clusters", rows)


def _tellings(plan: Plan, corpus: Corpus) -> Iterator[Telling]:
    """Every event as a telling."""
    rank, one = 0, _Pool()
    for articles, events, arguments in _side_by_side(plan, "articles", "events", "event_arguments"):
        known = {}
        for row in articles.select(["article_id", "published_at", "title"]).to_pylist():
            heading = row["title"] or ""
            title = frozenset(content_words(_WORD.findall(heading)))
            known[row["article_id"]] = (rank, row["published_at"], heading, title)
            rank += 1
        taking_part: dict[str, list[str]] = {}
        parts: dict[str, list[str]] = {}
        amounts: dict[str, list[str]] = {}
        columns = ["event_id", "role", "entity_id", "quantity_id", "text"]
        for row in arguments.select(columns).to_pylist():
            if row["entity_id"] is not None and row["role"] not in _WHERE:
                entity = corpus.entity_of.get(row["entity_id"], row["entity_id"])
                taking_part.setdefault(row["event_id"], []).append(one[entity])
            if row["role"] not in _APART:
                parts.setdefault(row["event_id"], []).extend(_WORD.findall(row["text"]))
            if row["quantity_id"] is not None:
                amounts.setdefault(row["event_id"], []).append(one[row["text"]])
        for row in events.select(_TOLD).to_pylist():
            key, place = row["event_id"], row["place_entity_id"]
            number, published, heading, title = known[row["article_id"]]
            words = content_words(_WORD.findall(row["sentence"]))
            yield Telling(
                event_id=key,
                article_id=one[row["article_id"]],
                type=one[row["type"]],
                names=_told_names(taking_part.get(key, ()), corpus.related_to),
                places=() if place is None else (one[corpus.entity_of.get(place, place)],),
                amounts=tuple(dict.fromkeys(amounts.get(key, ()))),
                begin=one[row["time_begin"]],
                end=one[row["time_end"]],
                published=one[published],
                rank=number,
                char_start=row["char_start"],
                polarity=one[row["polarity"]],
                words=one[tuple(one[word] for word in words)],
                parts=one[content_words(parts.get(key, ()))],
                figures=one[_figures(row["sentence"])],
                kinds=one[kinds(row["type"], row["trigger"])],
                story=corpus.story_of.get(row["article_id"]),
                headline=_LINKS not in row["sentence"]
                and (
                    announces(heading, row["type"], row["trigger"])
                    or 0 < _COVERED * len(title) <= len(title & set(words))
                ),
            )


def _figures(sentence: str) -> tuple[str, ...]:
    """The numbers of a sentence but days and hours, whichever way it groups digits."""
    found = {figure.replace(",", ".") for figure in _FIGURE.findall(sentence)}
    return tuple(sorted(found)[:_FIGURES])


def _side_by_side(plan: Plan, *names: str) -> Iterator[tuple[Any, ...]]:
    """Several tables of the same articles, segment by segment."""
    for segment in plan.segments:
        yield tuple(plan.slice(segment, name) for name in names)


def _alike(plan: Plan, corpus: Corpus) -> None:
    """Find duplicates and stories."""
    ids: list[str] = []
    hashes: list[str | None] = []
    dates: list[str | None] = []
    for table in plan.tables("articles"):
        ids += table["article_id"].to_pylist()
        # Sixteen digits tell a billion texts apart; the rest would only fill the memory.
        hashes += [sha and sha[:16] for sha in table["sha256"].to_pylist()]
        dates += table["published_at"].to_pylist()
    if not ids:
        return
    same = duplicates(np.concatenate(list(plan.signatures())), hashes, dates)
    corpus.duplicate_of = {ids[row]: ids[first] for row, first in same.items()}
    told = stories(np.concatenate(list(plan.gists())), dates)
    corpus.story_of = {ids[row]: ids[first] for row, first in enumerate(told) if first is not None}


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
