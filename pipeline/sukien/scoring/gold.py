"""Gold annotation of any format as one kind of object.

`read_gold` takes a folder of our own gold (`corpus/gold` with `corpus/articles` beside it), a
folder of brat files, JSON lines (`.xz` too) of names, dates, quantities and events, phrases with
one value each, and CoNLL columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sukien.scoring.dates import GoldDate
from sukien.scoring.events import GoldEvent
from sukien.scoring.names import GoldName
from sukien.scoring.quantities import GoldQuantity

__all__ = ["GoldArticle", "GoldSet", "read_gold"]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """One text with what is right in it; a layer that was not annotated is None.

    `entities` are names as rows (`start`, `end`, `label`, `entity`, `optional`). `must_not` are
    spans that hold no date. `exact` events are scored by their span, as BKEE is, the others by
    overlap. `parts` name the parts of the gold that the article belongs to, which are scored
    apart too.
    """

    id: str
    text: str
    published: str | None = None
    names: Sequence[GoldName] | None = None
    entities: Sequence[Mapping[str, Any]] | None = None
    dates: Sequence[GoldDate] | None = None
    must_not: Sequence[Span] = ()
    quantities: Sequence[GoldQuantity] | None = None
    events: Sequence[GoldEvent] | None = None
    exact: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldSet:
    """The articles of one source of gold, or phrases with one value each (rows as they are).

    `layers` are those that the source annotates.
    """

    name: str
    articles: Sequence[GoldArticle] = ()
    phrases: Sequence[Mapping[str, Any]] = field(default=())

    @property
    def layers(self) -> frozenset[str]:
        """The layers that any of the articles has."""
        names = ("names", "entities", "dates", "quantities", "events")
        return frozenset(
            name for name in names if any(getattr(a, name) is not None for a in self.articles)
        )


def read_gold(path: Path) -> GoldSet:
    """Read gold of any of the formats.

    Raises FileNotFoundError where there is nothing, ValueError where what is there is no gold or
    does not fit its text; both name the place.
    """
    from sukien.scoring import gold_brat, gold_columns, gold_corpus, gold_rows

    if path.is_dir():
        if any(path.rglob("*.ann")):
            return gold_brat.read(path)
        return gold_corpus.read(path)
    if not path.exists():
        raise FileNotFoundError(2, "No such file or directory", str(path))
    name = path.name.removesuffix(".xz")
    if name.endswith((".jsonl", ".json", ".ndjson")):
        return gold_rows.read(path)
    if name.endswith(".ann"):
        return gold_brat.read(path)
    if name.endswith((".conll", ".txt", ".tsv", ".bio", ".iob")):
        return gold_columns.read(path)
    raise ValueError(
        f"{path}: gold is a folder of our gold or of brat files, or a .jsonl or .conll file"
    )
