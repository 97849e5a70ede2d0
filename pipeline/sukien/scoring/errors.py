"""What was missed, invented or read wrongly, one readable line each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sukien.events.event import Event
from sukien.quantities.quantity import Quantity
from sukien.scoring.dates import GoldDate, same_bounds, same_range, same_value
from sukien.scoring.entities import errors_of
from sukien.scoring.events import GoldEvent
from sukien.scoring.found import Found
from sukien.scoring.gold import GoldArticle
from sukien.scoring.layers import counted_events, entity_sets
from sukien.scoring.matching import match_overlaps, overlap
from sukien.scoring.quantities import same_value as same_amount

__all__ = ["Error", "errors_in"]

Span = tuple[int, int]
What = Literal["missed", "extra", "span", "wrong", "joined", "split"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """One difference: in which layer and article, the sentence, what gold and the program say.

    `span` is the place in the text that is meant; `sentence` marks it by `[…]`. `gold` or `found`
    is empty where that side has nothing.
    """

    layer: str
    article: str
    what: What
    sentence: str = ""
    gold: str = ""
    found: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Mark:
    """An item of either side: its spans (the first is shown) and what it says.

    Two marks agree where `says` of one is among `says` of the other.
    """

    spans: tuple[Span, ...]
    says: tuple[str, ...]
    optional: bool = False


def errors_in(
    gold: GoldArticle, found: Found, layers: Collection[str], known: Collection[str]
) -> Iterator[Error]:
    """All differences in one article, layer by layer in text order.

    `known` are the event types that the gold marks.
    """
    for layer, find in _FINDERS:
        if layer in layers:
            yield from find(gold, found, known)


def _names(gold: GoldArticle, found: Found, known: Collection[str]) -> Iterator[Error]:
    wanted = [_Mark(name.spans, name.labels, name.optional) for name in gold.names or ()]
    given = [_Mark(((m.char_start, m.char_end),), (m.label,)) for m in found.mentions]
    if gold.names is not None:
        yield from _compare("names", gold, found, wanted, given)


def _entities(gold: GoldArticle, found: Found, known: Collection[str]) -> Iterator[Error]:
    if gold.entities is None:
        return
    sets, tagged, linked = entity_sets(gold, found)
    texts = {
        (row["start"], row["end"]): gold.text[row["start"] : row["end"]] for row in gold.entities
    }
    for kind, forms in errors_of(sets, tagged if linked is None else linked, dict(texts)):
        what: What = "joined" if kind == "joined" else "split"
        yield Error(layer="entities", article=gold.id, what=what, found=forms)


def _dates(gold: GoldArticle, found: Found, known: Collection[str]) -> Iterator[Error]:
    if gold.dates is None:
        return
    plain = [date for date in gold.dates if not date.derived]
    wanted = [
        _Mark(((d.start, d.end),), tuple(v or "" for v in d.values), d.optional) for d in plain
    ]
    given = [_Mark(((t.char_start, t.char_end),), (t.value,)) for t in found.dates]
    yield from _compare("dates", gold, found, wanted, given)
    rows = {(t.char_start, t.char_end): t for t in found.dates}
    for date in gold.dates:
        if date.derived:
            if not date.optional and not any(same_range(t, date) for t in found.dates):
                yield _error("dates", gold, found, (date.start, date.end), "wrong", _days(date), "")
            continue
        row = rows.get((date.start, date.end))
        if (
            row is None
            or date.optional
            or not date.bounded
            or not same_value(row.value, date.values)
        ):
            continue
        if not same_bounds(row, date):
            days = f"{row.begin} – {row.end}"
            yield _error("dates", gold, found, (date.start, date.end), "wrong", _days(date), days)
    spans = {(date.start, date.end) for date in plain}
    for span in gold.must_not:
        for row in found.dates:
            place = row.char_start, row.char_end
            if overlap(span, place) and place not in spans:
                yield _error("dates", gold, found, place, "extra", "no date", row.value)


def _days(date: GoldDate) -> str:
    return f"{date.begin} – {date.end_day}"


def _quantities(gold: GoldArticle, found: Found, known: Collection[str]) -> Iterator[Error]:
    if gold.quantities is None:
        return
    by_span: dict[tuple[int, int, str], Quantity] = {
        (q.char_start, q.char_end, q.kind): q for q in found.quantities
    }
    wanted = []
    for item in gold.quantities:
        says = _amount(item.kind, item.value, item.value_max, item.unit)
        row = by_span.get((item.start, item.end, item.kind))
        same = row is not None and same_amount(item, row)
        also = (_amount(row.kind, row.value, row.value_max, row.unit),) if row and same else ()
        wanted.append(_Mark(((item.start, item.end),), (says, *also), item.optional))
    given = [
        _Mark(((q.char_start, q.char_end),), (_amount(q.kind, q.value, q.value_max, q.unit),))
        for q in found.quantities
    ]
    yield from _compare("quantities", gold, found, wanted, given)


def _amount(kind: str, low: float | None, high: float | None, unit: str | None) -> str:
    number = "" if low is None else f"{low:.12g}" + ("" if high is None else f" to {high:.12g}")
    return " ".join(part for part in (kind, number, unit) if part)


def _triggers(gold: GoldArticle, found: Found, known: Collection[str]) -> Iterator[Error]:
    if gold.events is None:
        return
    wanted = [_Mark(((e.start, e.end),), e.types, e.optional) for e in gold.events]
    given = [
        _Mark(((e.char_start, e.char_end),), (e.type,)) for e in counted_events(gold, found, known)
    ]
    yield from _compare("triggers", gold, found, wanted, given, loose=not gold.exact)


def _matched(
    gold: GoldArticle, found: Found, known: Collection[str]
) -> Iterator[tuple[GoldEvent, Event]]:
    """Gold events that are not optional, with the found event of their type and place."""
    taken: set[int] = set()
    for wanted in gold.events or ():
        for position, event in enumerate(counted_events(gold, found, known)):
            near = overlap((wanted.start, wanted.end), (event.char_start, event.char_end))
            if near and event.type in wanted.types and position not in taken:
                taken.add(position)
                if not wanted.optional:
                    yield wanted, event
                break


def _arguments(gold: GoldArticle, found: Found, known: Collection[str]) -> Iterator[Error]:
    for wanted, event in _matched(gold, found, known):
        trigger = f" of {event.type} “{event.text}”"
        marks = [_Mark(a.spans, (a.role + trigger,)) for a in wanted.arguments]
        given = [_Mark(((a.char_start, a.char_end),), (a.role + trigger,)) for a in event.arguments]
        yield from _compare("arguments", gold, found, marks, given, loose=not gold.exact)


def _attributes(gold: GoldArticle, found: Found, known: Collection[str]) -> Iterator[Error]:
    for wanted, event in _matched(gold, found, known):
        pairs: list[tuple[str, tuple[str | None, ...], str | None]] = [
            (name, (value,), getattr(event, name)) for name, value in wanted.attributes
        ]
        if wanted.times is not None:
            pairs.append(("time", wanted.times, event.time))
        for name, right, given in pairs:
            if not _right(name, given, right):
                told = " or ".join(f"{value or 'none'}" for value in right)
                yield _error(
                    "attributes",
                    gold,
                    found,
                    (wanted.start, wanted.end),
                    "wrong",
                    f"{name} {told}",
                    f"{name} {given or 'none'}",
                )


def _right(name: str, given: str | None, right: tuple[str | None, ...]) -> bool:
    return same_value(given, right) if name == "time" else given in right


def _compare(
    layer: str,
    gold: GoldArticle,
    found: Found,
    wanted: Sequence[_Mark],
    given: Sequence[_Mark],
    *,
    loose: bool = False,
) -> Iterator[Error]:
    """Differences between two sets of marks; `loose` takes any overlap for the right span."""
    free = list(range(len(given)))
    left = []
    for mark in wanted:
        hit = next((n for n in free if _agree(mark, given[n], loose=loose)), None)
        if hit is None:
            left.append(mark)
        else:
            free.remove(hit)
    touched = [mark for mark in wanted if mark.optional]
    free = [n for n in free if not any(_touch(mark, given[n]) for mark in touched)]
    left = [mark for mark in left if not mark.optional]
    pairs = match_overlaps([m.spans[0] for m in left], [given[n].spans[0] for n in free])
    out: list[Error] = []
    for position, mark in enumerate(left):
        said = mark.says[0]
        at = pairs.get(position)
        if at is None:
            out.append(_error(layer, gold, found, mark.spans[0], "missed", said, ""))
            continue
        other = given[free[at]]
        what: What = "span" if same_value(other.says[0], mark.says) else "wrong"
        shown = f"{other.says[0]} “{gold.text[slice(*other.spans[0])]}”"
        if other.spans[0] in mark.spans:
            shown = other.says[0]
        out.append(_error(layer, gold, found, mark.spans[0], what, said, shown))
    for at in sorted(set(range(len(free))) - set(pairs.values())):
        mark = given[free[at]]
        out.append(_error(layer, gold, found, mark.spans[0], "extra", "", mark.says[0]))
    yield from sorted(out, key=lambda error: error.span or (0, 0))


def _agree(mark: _Mark, other: _Mark, *, loose: bool) -> bool:
    if not same_value(other.says[0], mark.says):  # of other layers a value is itself
        return False
    return _touch(mark, other) if loose else other.spans[0] in mark.spans


def _touch(mark: _Mark, other: _Mark) -> bool:
    return any(overlap(span, other.spans[0]) for span in mark.spans)


def _error(
    layer: str, gold: GoldArticle, found: Found, span: Span, what: What, said: str, given: str
) -> Error:
    return Error(
        layer=layer,
        article=gold.id,
        what=what,
        sentence=_sentence(gold.text, found.sentences, span),
        gold=said,
        found=given,
        span=span,
    )


def _sentence(text: str, sentences: Sequence[Span], span: Span, around: int = 90) -> str:
    """The sentence of a span with the span in brackets, cut where it is long, on one line.

    >>> _sentence("Mưa. Huế có mưa.", [(0, 4), (5, 16)], (5, 8))
    '[Huế] có mưa.'
    """
    place = max(bisect_right(sentences, span[0], key=lambda s: s[0]) - 1, 0)
    first, last = sentences[place] if sentences else (0, len(text))
    first, last = min(first, span[0]), max(last, span[1])
    start, end = max(first, span[0] - around), min(last, span[1] + around)
    parts = (
        "…" if start > first else "",
        text[start : span[0]],
        "[",
        text[slice(*span)],
        "]",
        text[span[1] : end],
        "…" if end < last else "",
    )
    return " ".join("".join(parts).split())


_FINDERS: tuple[
    tuple[str, Callable[[GoldArticle, Found, Collection[str]], Iterator[Error]]], ...
] = (
    ("names", _names),
    ("entities", _entities),
    ("dates", _dates),
    ("quantities", _quantities),
    ("triggers", _triggers),
    ("arguments", _arguments),
    ("attributes", _attributes),
)
