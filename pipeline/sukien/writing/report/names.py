"""Who is named: the entities of the page, how often over time, and who with whom."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from sukien.writing.report.source import cells, day_of

if TYPE_CHECKING:
    from sukien.tables.frames import Tables

__all__ = ["entity_rows", "pairs", "ranked", "sparklines"]

MOST_ENTITIES = 20_000
TOP = 40
"""Entities of each label with a line in the lists."""

BINS = 24
MOST_NODES = 40
MOST_PAIRS = 70


def ranked(tables: Tables) -> pd.DataFrame:
    """The entities that the page knows by name, those in most articles first."""
    order = ["n_articles", "n_mentions", "name", "entity_id"]
    entities = tables.entities.sort_values(order, ascending=[False, False, True, True])
    return entities.head(MOST_ENTITIES).reset_index(drop=True)


def entity_rows(entities: pd.DataFrame) -> list[list[Any]]:
    """Name, label, articles, mentions, country and province of each."""
    names = ("name", "label", "n_articles", "n_mentions", "country", "province")
    return [list(row) for row in zip(*(cells(entities[name]) for name in names), strict=True)]


def sparklines(tables: Tables, entities: pd.DataFrame) -> dict[str, Any]:
    """For the top entities of each label: articles that name it, in equal spans of time.

    `first` and `width` are in days; `rows` maps the position of an entity to its counts. Empty
    where articles are undated or all of one day.
    """
    articles = tables.articles
    days = {
        article: day
        for article, day in zip(
            cells(articles["article_id"]), map(day_of, cells(articles["published_at"])), strict=True
        )
        if day is not None
    }
    first, last = min(days.values(), default=0), max(days.values(), default=0)
    if first == last:
        return {"first": None, "width": None, "rows": {}}
    width = max(1, -(-(last - first + 1) // BINS))
    labels = entities["label"].astype(str)
    top = {
        str(entity): position
        for label in ("PER", "ORG", "LOC")
        for position, entity in entities["entity_id"][labels == label].head(TOP).items()
    }
    bins = (last - first) // width + 1
    rows = {row: [0] * bins for row in top.values()}
    named = tables.mentions[["entity_id", "article_id"]]
    named = named[named["entity_id"].isin(list(top))].drop_duplicates()
    for entity, article in zip(*(cells(named[name]) for name in named), strict=True):
        if article in days:
            rows[top[entity]][(days[article] - first) // width] += 1
    return {"first": first, "width": width, "rows": rows}


def pairs(tables: Tables, entities: pd.DataFrame) -> list[list[int]]:
    """Persons and organisations that one sentence names: the pairs in most articles.

    Each is two positions in `entities`, the number of articles, and the number of events in
    which both take part.
    """
    who = entities[entities["label"].isin(["PER", "ORG"])]
    position = dict(zip(cells(who["entity_id"]), who.index, strict=True))
    together = _joined(_numbered(tables.mentions, "sentence_id", position), "sentence_id")
    counts = _counted(together.drop_duplicates(["a", "b", "article_id"]))
    shared = _counted(_joined(_numbered(tables.event_arguments, "event_id", position), "event_id"))
    best: list[tuple[int, int, int, int]] = sorted(
        (-count, -shared.get(pair, 0), *pair) for pair, count in counts.items()
    )
    nodes: set[int] = set()
    kept: list[list[int]] = []
    for articles, events, a, b in best:
        if len(nodes | {a, b}) <= MOST_NODES and len(kept) < MOST_PAIRS:
            nodes |= {a, b}
            kept.append([a, b, -articles, -events])
    return kept


def _counted(rows: pd.DataFrame) -> Counter[tuple[int, int]]:
    return Counter(zip(rows["a"].tolist(), rows["b"].tolist(), strict=True))


def _numbered(frame: pd.DataFrame, key: str, position: dict[str, int]) -> pd.DataFrame:
    """What is named in each sentence or event, once; ids as numbers."""
    rows = pd.DataFrame(
        {name: pd.factorize(frame[name])[0] for name in (key, "article_id")}
        | {"entity": [position.get(entity, -1) for entity in cells(frame["entity_id"])]}
    )
    return rows[rows["entity"] >= 0].drop_duplicates()


# Lists of names (a team, the members of a board) would say that all are with all.
_LIST = 8


def _joined(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    rows = rows[rows.groupby(key)[key].transform("size") <= _LIST]
    both = rows.merge(rows[[key, "entity"]], on=key, suffixes=("", "_b"))
    both = both[both["entity"] < both["entity_b"]]
    return both.rename(columns={"entity": "a", "entity_b": "b"})[["a", "b", "article_id", key]]
