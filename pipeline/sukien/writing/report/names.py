"""Who is named: the entities of the page, how often over time, and who with whom."""

from __future__ import annotations

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
    days = pd.Series(
        [day_of(moment) for moment in cells(articles["published_at"])],
        index=articles["article_id"].astype(str),
        dtype="Int64",
    ).dropna()
    if days.empty or days.min() == days.max():
        return {"first": None, "width": None, "rows": {}}
    first, last = int(days.min()), int(days.max())
    width = max(1, -(-(last - first + 1) // BINS))
    labels = entities["label"].astype(str)
    top = {
        str(entity): position
        for label in ("PER", "ORG", "LOC")
        for position, entity in entities["entity_id"][labels == label].head(TOP).items()
    }
    named = tables.mentions[["entity_id", "article_id"]].astype(str).drop_duplicates()
    named = named[named["entity_id"].isin(list(top))]
    bins = (last - first) // width + 1
    rows = {position: [0] * bins for position in top.values()}
    for entity, article in zip(named["entity_id"], named["article_id"], strict=True):
        if article in days.index:
            rows[top[entity]][(int(days[article]) - first) // width] += 1
    return {"first": first, "width": width, "rows": rows}


def pairs(tables: Tables, entities: pd.DataFrame) -> list[list[int]]:
    """Persons and organisations that one sentence names: the pairs in most articles.

    Each is two positions in `entities`, the number of articles, and the number of events in
    which both take part.
    """
    who = entities[entities["label"].isin(["PER", "ORG"])]
    position = dict(zip(who["entity_id"].astype(str), who.index, strict=True))
    named = _numbered(tables.mentions, "sentence_id", position)
    together = _joined(named, "sentence_id")
    counts = together.drop_duplicates(["a", "b", "article_id"]).groupby(["a", "b"]).size()
    acting = _joined(_numbered(tables.event_arguments, "event_id", position), "event_id")
    shared = acting.groupby(["a", "b"]).size().to_dict()
    best = sorted(
        ((int(count), key) for key, count in counts.items()), key=lambda row: (-row[0], row[1])
    )
    nodes: set[int] = set()
    kept: list[list[int]] = []
    for count, key in best:
        a, b = (int(value) for value in key)
        if len(nodes | {a, b}) <= MOST_NODES and len(kept) < MOST_PAIRS:
            nodes |= {a, b}
            kept.append([a, b, count, int(shared.get((a, b), 0))])
    return kept


def _numbered(frame: pd.DataFrame, key: str, position: dict[str, int]) -> pd.DataFrame:
    rows = frame[[key, "article_id", "entity_id"]].dropna().astype(str)
    rows = rows[rows["entity_id"].isin(list(position))].drop_duplicates()
    return rows.assign(entity=rows["entity_id"].map(position).astype(int))


# Lists of names (a team, the members of a board) would say that all are with all.
_LIST = 8


def _joined(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    rows = rows[rows.groupby(key)[key].transform("size") <= _LIST]
    both = rows.merge(rows[[key, "entity"]], on=key, suffixes=("", "_b"))
    both = both[both["entity"] < both["entity_b"]]
    return both.rename(columns={"entity": "a", "entity_b": "b"})[["a", "b", "article_id", key]]
