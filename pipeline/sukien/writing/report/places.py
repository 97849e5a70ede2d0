"""Where: provinces of Viet Nam and countries with what is told of them, and their outlines."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sukien.entities.placetables import Place, named_places, seats
from sukien.writing.report.source import cells

if TYPE_CHECKING:
    from sukien.tables.frames import Tables

__all__ = ["countries", "geography", "provinces"]


def geography() -> dict[str, Any]:
    """Outlines of Viet Nam, its neighbours and the world, from Natural Earth (public domain).

    Each has a `scale` and `rings`; a ring is longitude, latitude and then the steps from point to
    point, in 1/scale degrees.
    """
    path = files("sukien.writing.report") / "data" / "geography.json"
    outlines: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return outlines


def provinces(tables: Tables) -> list[list[Any]]:
    """Name, latitude, longitude, articles and events of today's provinces that are named.

    Articles name a place in the province; events take place in one.
    """
    known = {place.name: place for place in _places("province") if place.name == place.province}
    rows = []
    for name, articles, events in _counted(tables, "province"):
        place = known.get(name)
        if place is not None:
            moved = seats().get(place.kb_id)
            latitude, longitude = moved or (place.latitude, place.longitude)
            rows.append([name, latitude, longitude, articles, events])
    return rows


def countries(tables: Tables) -> list[list[Any]]:
    """ISO code, name, latitude, longitude, articles and events of countries that are named."""
    known = {place.kb_id: place for place in _places("country")}
    rows = []
    for code, articles, events in _counted(tables, "country"):
        place = known.get(code)
        if place is not None and place.latitude is not None:
            rows.append([code, place.name, place.latitude, place.longitude, articles, events])
    return rows


@cache
def _places(kind: str) -> tuple[Place, ...]:
    found = [place for places in named_places().values() for place in places if place.kind == kind]
    return tuple(dict.fromkeys(found))


def _counted(tables: Tables, column: str) -> list[tuple[str, int, int]]:
    entities = tables.entities
    value = {
        entity: place
        for entity, place in zip(cells(entities["entity_id"]), cells(entities[column]), strict=True)
        if place is not None
    }
    mentions = tables.mentions[["entity_id", "article_id"]].drop_duplicates()
    articles = mentions.assign(place=mentions["entity_id"].map(value)).dropna(subset=["place"])
    named = articles.drop_duplicates(["place", "article_id"]).groupby("place").size().to_dict()
    told = tables.events["place_entity_id"].map(value).dropna().value_counts().to_dict()
    rows = [(str(place), int(count), int(told.get(place, 0))) for place, count in named.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))
