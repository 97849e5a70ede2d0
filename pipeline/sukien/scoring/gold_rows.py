"""Gold as JSON lines: a text with its names, dates, quantities and events, or a lone phrase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sukien.scoring.dates import find_surfaces
from sukien.scoring.dates import read_gold as read_date
from sukien.scoring.events import read_gold as read_events
from sukien.scoring.gold import GoldArticle, GoldSet
from sukien.scoring.lines import read_rows
from sukien.scoring.names import read_name
from sukien.scoring.quantities import read_gold as read_quantity

__all__ = ["article", "read"]

Row = Mapping[str, Any]
_LAYERS = ("entities", "dates", "expected", "quantities", "events")


def read(path: Path) -> GoldSet:
    """Read a file; ValueError names the line that does not fit."""
    rows = list(read_rows(path))
    if not rows:
        raise ValueError(f"{path} is empty, so there is nothing to score")
    if "dimension" in rows[0]:
        return GoldSet(path.name, phrases=rows)
    if not any(layer in rows[0] for layer in _LAYERS):
        raise ValueError(f"{path}:1: a gold row has a text and one of {', '.join(_LAYERS)}")
    return GoldSet(path.name, list(_articles(path, rows)))


def _articles(path: Path, rows: Iterable[Row]) -> Iterator[GoldArticle]:
    from sukien.events.ontology import load_ontology

    types = tuple(load_ontology().types)
    for number, row in enumerate(rows, 1):
        try:
            yield article(str(row.get("id") or row.get("doc") or number), row, types)
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(f"{path}: row {number} is no gold row: {error!r}") from error


def article(name: str, row: Row, types: Iterable[str]) -> GoldArticle:
    """One row as gold; `types` are the event types to spell by.

    >>> row = {"text": "Huế", "entities": [{"start": 0, "end": 3, "label": "LOC"}]}
    >>> article("a", row, ()).names
    [GoldName(spans=((0, 3),), labels=('LOC',), optional=False)]
    """
    text = row["text"]
    names = [e for e in row.get("entities") or () if not e.get("level")]
    dates = row.get("expected", row.get("dates"))
    amounts = row.get("quantities")
    parts = [row["part"]] if row.get("part") else []
    if "duplicate_of_train" in row and not row["duplicate_of_train"]:
        parts.append("without what repeats train")
    return GoldArticle(
        id=name,
        text=text,
        published=row.get("dct") or row.get("published_at"),
        names=[read_name(e) for e in names] if "entities" in row else None,
        entities=names if names and all("entity" in e for e in names) else None,
        dates=None if dates is None else [read_date(item) for item in dates],
        must_not=find_surfaces(text, row.get("must_not", ())),
        quantities=None if amounts is None else [read_quantity(item) for item in amounts],
        events=read_events(row, types) if "events" in row else None,
        # Only corpora of plain triggers are scored by the exact span.
        exact=not any("polarity" in event for event in row.get("events", ()))
        and "duplicate_of_train" in row,
        parts=tuple(parts),
    )
