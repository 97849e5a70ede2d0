"""The tallies of one article, layer by layer, and of lone phrases."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sukien.events.event import Event
from sukien.scoring.counts import Count
from sukien.scoring.dates import same_phrase, score_dates
from sukien.scoring.entities import b_cubed
from sukien.scoring.events import EventScore, LooseScore, score_exact, score_loose
from sukien.scoring.found import Found
from sukien.scoring.gold import GoldArticle
from sukien.scoring.metrics import Tally
from sukien.scoring.names import score_names
from sukien.scoring.quantities import score as score_phrases
from sukien.scoring.quantities import score_quantities

__all__ = ["counted_events", "entity_sets", "tally_article", "tally_phrase"]

Tallies = Iterator[tuple[str, Tally]]
Span = tuple[int, int]
Sets = dict[Hashable, Hashable]
# Of events that the model is at least so sure of the precision is told apart.
_SURE = 0.7
_LOOSER = ("strict", "strict_value", "relaxed", "relaxed_value")


def tally_article(
    gold: GoldArticle, found: Found, seen: set[str] | None, known: Collection[str]
) -> Tallies:
    """Score one article; gives figures by their keys.

    `seen` are surfaces that training has seen; `known` are the event types that the gold marks.
    """
    yield from _names(gold, found, seen)
    yield from _entities(gold, found)
    yield from _dates(gold, found)
    yield from _quantities(gold, found)
    if gold.events is not None:
        exact = gold.exact
        yield from _exact_events(gold, found, known) if exact else _loose_events(gold, found)


def _names(gold: GoldArticle, found: Found, seen: set[str] | None) -> Tallies:
    if gold.names is None:
        return
    spans = [(m.char_start, m.char_end, str(m.label)) for m in found.mentions]
    scores = score_names([(gold.text, gold.names)], [spans], seen=seen)
    yield "names.exact", Tally.of(scores.exact)
    yield "names.span", Tally.of(scores.untyped)
    yield "names.partial", Tally.of(scores.partial)
    yield (
        "names.label",
        Tally.share(min(scores.exact.right, scores.untyped.right), scores.untyped.right),
    )
    for label, count in scores.labels.items():
        yield f"names.{label}", Tally.of(count)
    for key, part in (("names.seen", scores.seen), ("names.unseen", scores.unseen)):
        if part is not None:
            yield key, Tally.share(part.right, part.gold)


def entity_sets(gold: GoldArticle, found: Found) -> tuple[Sets, Sets, Sets | None]:
    """Entities by span of mention: gold, of found mentions, and of gold mentions as linked.

    Optional gold mentions, and found ones that touch them, are left out.
    """
    rows = gold.entities or ()
    free = [(row["start"], row["end"]) for row in rows if row.get("optional")]

    def counts(span: Span) -> bool:
        return not any(start < span[1] and span[0] < end for start, end in free)

    sets: Sets = {(r["start"], r["end"]): r["entity"] for r in rows if not r.get("optional")}
    tagged: Sets = {
        (m.char_start, m.char_end): entity
        for m, entity in zip(found.mentions, found.entities, strict=True)
        if counts((m.char_start, m.char_end))
    }
    linked: Sets | None = None
    if found.linked is not None:
        linked = {span: entity for span, entity in found.linked.items() if counts(span)}
    return sets, tagged, linked


def _entities(gold: GoldArticle, found: Found) -> Tallies:
    if gold.entities is None:
        return
    sets, tagged, linked = entity_sets(gold, found)
    for key, answer in (("gold_mentions", linked), ("found_mentions", tagged)):
        if answer is not None:
            score = b_cubed(sets, answer)
            found_share, right_share = score.recall / 100, score.precision / 100
            yield (
                f"entities.{key}",
                Tally(
                    score.n_gold,
                    score.n_gold * found_share,
                    score.n_predicted,
                    score.n_predicted * right_share,
                ),
            )


def _dates(gold: GoldArticle, found: Found) -> Tallies:
    if gold.dates is None:
        return
    score = score_dates(gold.dates, found.dates, gold.must_not)
    plain = [date for date in gold.dates if not date.derived]
    valued = not plain or any(value is not None for date in plain for value in date.values)
    for key in _LOOSER:
        if valued or not key.endswith("value"):
            count = Count(score.gold, score.predicted, getattr(score, key))
            yield f"dates.{key}", Tally.of(count)
    yield "dates.interval", Tally.share(score.bounds_right, score.bounds)
    yield "dates.range", Tally.share(score.derived_right, score.derived)
    clean = score.forbidden - score.forbidden_hit
    yield "dates.must_not", Tally.share(clean, score.forbidden)


def _quantities(gold: GoldArticle, found: Found) -> Tallies:
    if gold.quantities is None:
        return
    score = score_quantities(gold.quantities, found.quantities)
    valued = not gold.quantities or any(q.value is not None for q in gold.quantities)
    for key in _LOOSER:
        if valued or not key.endswith("value"):
            yield f"quantities.{key}", Tally.of(getattr(score, key))


def counted_events(gold: GoldArticle, found: Found, known: Collection[str]) -> Sequence[Event]:
    """The found events that count: a corpus says nothing of the types that it never marks."""
    return [e for e in found.events if e.type in known] if gold.exact else found.events


def _sure(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.confidence >= _SURE]


def _exact_events(gold: GoldArticle, found: Found, known: Collection[str]) -> Tallies:
    def score(events: Sequence[Event]) -> EventScore:
        out = EventScore()
        score_exact(gold.events or (), events, out)
        return out

    events = counted_events(gold, found, known)
    scores = score(events)
    yield "triggers.identification", Tally.of(scores.identification)
    yield "triggers.classification", Tally.of(scores.classification)
    yield "triggers.sure", Tally.of(score(_sure(events)).classification)
    yield "arguments.exact", Tally.of(scores.arguments)
    yield "arguments.head", Tally.of(scores.heads)
    if found.filled is not None:
        filled = score(found.filled)
        yield "arguments.exact_gold_triggers", Tally.of(filled.arguments)
        yield "arguments.head_gold_triggers", Tally.of(filled.heads)


def _loose_events(gold: GoldArticle, found: Found) -> Tallies:
    def score(events: Sequence[Event]) -> LooseScore:
        out = LooseScore()
        score_loose(gold.events or (), events, out)
        return out

    scores = score(found.events)
    yield "triggers.overlap", Tally.of(scores.triggers)
    yield "triggers.sure_overlap", Tally.of(score(_sure(found.events)).triggers)
    yield "arguments.matched", Tally.of(scores.arguments)
    if found.filled is not None:
        yield "arguments.overlap_gold_triggers", Tally.of(score(found.filled).arguments)
    for name, (right, total) in scores.attributes.items():
        yield f"attributes.{name}", Tally.share(right, total)


def tally_phrase(row: Mapping[str, Any]) -> tuple[str, Tally, str | None]:
    """Score a phrase with one value: the key, the tally, and what is wrong if it is.

    Dates are read with a preference for the future, as in everyday speech.

    >>> row = {"text": "12%", "dimension": "percent", "expected": {"kind": "value", "value": 7}}
    >>> tally_phrase(row)[:2]
    ('quantities.phrase', Tally(gold=1, found=0, predicted=1, right=0))
    """
    if row["dimension"] == "time":
        from sukien.dates import find_dates

        found = find_dates(row["text"], reference=row["reference"], prefer="future")
        right = same_phrase(row["expected"], found)
        shown = ", ".join(f"{t.text} = {t.value}" for t in found) or "nothing"
        return "dates.phrase", Tally.share(right, 1), None if right else shown
    score = score_phrases([row])
    wrong = score.wrong[0].partition(", got ")[2] if score.wrong else None
    return "quantities.phrase", Tally.share(score.right, 1), wrong
