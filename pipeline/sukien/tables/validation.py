"""The rules all tables keep, and the rows that break them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sukien.tables.order import place
from sukien.tables.schema import TABLES, Column, Table

if TYPE_CHECKING:
    import pandas as pd

    from sukien.tables.frames import Tables

__all__ = ["RULES", "validate"]

RULES = {
    "columns": "the columns are the declared ones, in their order",
    "dtype": "each column has its declared type",
    "not_null": "a cell is null only where the declaration allows it",
    "not_empty": "a nullable string is null or not empty",
    "vocabulary": "a category with a closed vocabulary keeps to it",
    "unique": "keys are unique",
    "foreign_key": "a cell that refers to a table holds one of its keys",
    "offsets": "0 <= char_start < char_end <= length of the text",
    "surface": "the surface is text[char_start:char_end]",
    "order": "rows stand by (source_path, member, char_start, char_end, type, id); "
    "numbers in member count as numbers",
    "day": "first and last days are ISO days, of ranges and events also with a clock time; "
    "the first is not after the last",
    "confidence": "a confidence is between 0 and 1, with 3 decimals",
}
"""Every rule by name, in words."""

_DTYPES = {"string": "string", "int": "Int64", "float": "Float64", "category": "category"}
_DAYS = (("begin", "end"), ("range_begin", "range_end"), ("time_begin", "time_end"))
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(_DAY.pattern + r"(T\d\d:\d\d)?")
# What tells rows of one span apart in the order of the tables.
_TYPE = {"mentions": "label", "dates": "type", "quantities": "kind", "events": "type"}
_TYPE["event_arguments"] = "role"
_SURFACE = {"events": "trigger"}


def validate(tables: Tables) -> pd.DataFrame:
    """Check all tables; return one row a fault: table, column, rule, row, value.

    `row` is the number of the row in its table, or -1 where the whole column is meant. An
    empty result says that all rules hold. Offsets and surfaces are checked where `texts` has
    the article's text.

    >>> from sukien.tables import Tables
    >>> validate(Tables.from_arrow({})).empty
    True
    """
    import pandas as pd

    faults: list[tuple[str, str, str, int, str]] = []
    broken = set()
    for name, frame in tables.items():
        spec = TABLES[name]
        if list(frame.columns) != list(spec.names):
            faults.append((name, "", "columns", -1, " ".join(map(str, frame.columns))))
            broken.add(name)
    for name, frame in tables.items():
        if name in broken:
            continue
        for column in TABLES[name].columns:
            checks = (*_cells(column, frame[column.name]), *_keys(TABLES[name], column, tables))
            faults += [(name, column.name, *fault) for fault in checks]
        faults += [(name, *fault) for fault in _rows(name, tables)]
    columns = ["table", "column", "rule", "row", "value"]
    return pd.DataFrame(faults, columns=columns).astype({"row": "Int64"})


def _where(mask: Any) -> list[int]:
    return [int(row) for row in mask.to_numpy(dtype=bool, na_value=False).nonzero()[0]]


def _cells(column: Column, cells: pd.Series[Any]) -> Iterator[tuple[str, int, str]]:
    """Faults of single cells: type, null, vocabulary, confidence."""
    dtype = str(cells.dtype)
    wanted = _DTYPES.get(column.kind, "list<item: string>[pyarrow]")
    if dtype != wanted and not (wanted == "string" and dtype.startswith("string")):
        yield "dtype", -1, dtype
        return
    if not column.null:
        yield from (("not_null", row, "") for row in _where(cells.isna()))
    elif column.kind == "string":
        yield from (("not_empty", row, "") for row in _where(cells == ""))
    if column.values:
        odd = set(cells.cat.categories) - set(column.values)
        bad = cells.astype("object").isin(odd)
        yield from (("vocabulary", row, str(cells.iloc[row])) for row in _where(bad))
    if column.name == "confidence":
        bad = (cells < 0) | (cells > 1) | (cells.round(3) != cells)
        yield from (("confidence", row, str(cells.iloc[row])) for row in _where(bad))


def _keys(spec: Table, column: Column, tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Faults of keys: repeated ones, and references to nothing."""
    cells = tables[spec.name][column.name]
    if column.name == spec.key:
        yield from (("unique", row, str(cells.iloc[row])) for row in _where(cells.duplicated()))
    if column.refers and column.name != spec.key:
        known = tables[column.refers].get(TABLES[column.refers].key or "")
        bad = cells.notna() & ~cells.isin(set() if known is None else set(known.dropna()))
        yield from (("foreign_key", row, str(cells.iloc[row])) for row in _where(bad))


def _rows(name: str, tables: Tables) -> Iterator[tuple[str, str, int, str]]:
    """Faults of whole rows: order, days, offsets, surfaces."""
    frame = tables[name]
    for first, last in _DAYS:
        if first not in frame.columns:
            continue
        for row, (begin, end) in enumerate(zip(frame[first], frame[last], strict=True)):
            days = [day for day in (begin, end) if isinstance(day, str)]
            shape = _DAY if first == "begin" else _MOMENT
            # A day and a moment in it are in order either way.
            least = min(map(len, days), default=0)
            ordered = len(days) < 2 or days[0][:least] <= days[1][:least]
            if not ordered or any(not shape.fullmatch(day) for day in days):
                yield first, "day", row, f"{begin} {end}"
    if name == "articles":
        places = [place(*pair) for pair in zip(frame["source_path"], frame["member"], strict=True)]
        yield from (("source_path", "order", row, "") for row in _disorder(places))
    elif "char_start" in frame.columns:
        yield from _spans(name, tables)


def _spans(name: str, tables: Tables) -> Iterator[tuple[str, str, int, str]]:
    frame = tables[name]
    texts = dict(zip(tables.texts["article_id"], tables.texts["text"], strict=True))
    rank = {article_id: n for n, article_id in enumerate(tables.articles["article_id"])}
    starts, ends = frame["char_start"].tolist(), frame["char_end"].tolist()
    surfaces = frame[_SURFACE.get(name, "text")].tolist()
    kinds = frame[_TYPE[name]].astype(str).tolist() if name in _TYPE else [""] * len(frame)
    key = TABLES[name].key
    keys = frame[key].tolist() if key else [""] * len(frame)
    articles = frame["article_id"].tolist()
    places = [
        (rank.get(a, -1), *rest)
        for a, *rest in zip(articles, starts, ends, kinds, keys, strict=True)
    ]
    yield from (("char_start", "order", row, "") for row in _disorder(places))
    for row, (article, start, end, surface) in enumerate(
        zip(articles, starts, ends, surfaces, strict=True)
    ):
        text = texts.get(article)
        if not 0 <= start < end or (text is not None and end > len(text)):
            yield "char_start", "offsets", row, f"{start} {end}"
        elif text is not None and text[start:end] != surface:
            yield "text", "surface", row, str(surface)


def _disorder(places: Sequence[Any]) -> list[int]:
    return [row for row in range(1, len(places)) if places[row] < places[row - 1]]
