"""What is to be scored: the findings of a run over gold texts, fresh or read from its folder."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sukien.article import Article, Failure
from sukien.dates.timex import Timex
from sukien.entities.mention import Mention
from sukien.events.event import Argument, Event
from sukien.quantities.quantity import Quantity

if TYPE_CHECKING:
    from sukien.analysis import Analysis
    from sukien.scoring.gold import GoldArticle
    from sukien.tables import Tables

__all__ = ["Found", "from_pipeline", "from_tables"]

Span = tuple[int, int]
# Articles that are analysed together; bounds memory, never changes a result.
_BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in one article.

    `entities` tells for each mention what it refers to. `linked` are the entities of the gold
    mentions by span, and `filled` the gold events with the arguments found for them; both are
    None for a run that was read from its folder, since it never saw the gold.
    """

    mentions: Sequence[Mention] = ()
    entities: Sequence[Hashable] = ()
    dates: Sequence[Timex] = ()
    quantities: Sequence[Quantity] = ()
    events: Sequence[Event] = ()
    sentences: Sequence[Span] = ()
    linked: Mapping[Span, int] | None = None
    filled: Sequence[Event] | None = None
    problem: str | None = None


def from_pipeline(gold: Sequence[GoldArticle]) -> list[Found]:
    """Take the gold texts through all stages, as `sukien extract` does.

    A text that cannot be analysed gives nothing, with its problem.
    """
    if not gold:
        return []
    from sukien.analysis import Models, analyse

    models = Models()
    filler = _Filler() if any(article.events for article in gold) else None
    out: list[Found] = []
    for first in range(0, len(gold), _BATCH):
        part = gold[first : first + _BATCH]
        articles = [Article(text=a.text, published_at=a.published) for a in part]
        for article, result in zip(part, analyse(articles, models), strict=True):
            if isinstance(result, Failure):
                out.append(Found(problem=result.error))
            else:
                out.append(_of_analysis(article, result, filler))
    return out


def _of_analysis(gold: GoldArticle, analysis: Analysis, filler: _Filler | None) -> Found:
    entities: list[Hashable] = [None] * len(analysis.mentions)
    for number, entity in enumerate(analysis.entities):
        for position in entity.mentions:
            entities[position] = number
    return Found(
        mentions=analysis.mentions,
        entities=entities,
        dates=analysis.dates,
        quantities=analysis.quantities,
        events=analysis.events,
        sentences=[(s.char_start, s.char_end) for s in analysis.document.sentences],
        linked=_linked(gold, analysis),
        filled=filler(gold, analysis) if filler and gold.events is not None else None,
    )


def _linked(gold: GoldArticle, analysis: Analysis) -> dict[Span, int] | None:
    """Entities of the gold mentions, by the same linking that found mentions go through."""
    from sukien.entities.link import link
    from sukien.scoring.entities import gold_mentions

    if gold.entities is None:
        return None
    mentions = gold_mentions(analysis.document, gold.entities)
    entities = link(analysis.document, mentions, published=gold.published)
    return {
        (mentions[position].char_start, mentions[position].char_end): number
        for number, entity in enumerate(entities)
        for position in entity.mentions
    }


class _Filler:
    """Finds the arguments of gold triggers, so that they can be scored apart from triggers."""

    def __init__(self) -> None:
        from sukien.events.arguments import ArgumentFinder
        from sukien.events.ontology import load_ontology

        types = load_ontology().types
        self._types = frozenset(types)
        self._finder = ArgumentFinder.load(types={name: kind.roles for name, kind in types.items()})

    def __call__(self, gold: GoldArticle, analysis: Analysis) -> list[Event]:
        from sukien.events.phrases import Reading
        from sukien.events.triggers import Trigger

        document = analysis.document
        events = [event for event in gold.events or () if event.types[0] in self._types]
        spans = [document.tokens_of(event.start, event.end) for event in events]
        triggers = [
            Trigger(type=e.types[0], token_start=a, token_end=b, confidence=1.0, method="gold")
            for e, (a, b) in zip(events, spans, strict=True)
        ]
        reading = Reading(
            document=document,
            triggers=triggers,
            mentions=analysis.mentions,
            dates=analysis.dates,
            quantities=analysis.quantities,
        )
        (arguments,) = self._finder.batch([reading])
        return [
            Event(
                type=trigger.type,
                char_start=event.start,
                char_end=event.end,
                text=gold.text[event.start : event.end],
                token_start=trigger.token_start,
                token_end=trigger.token_end,
                sentence=document.sentence_at(event.start),
                confidence=1.0,
                method="gold",
                arguments=its,
            )
            for event, trigger, its in zip(events, triggers, arguments, strict=True)
        ]


def from_tables(run: Path | Tables, gold: Sequence[GoldArticle]) -> list[Found]:
    """Read the tables of a run, or those it wrote to a folder, and give each gold article's part.

    Articles are recognised by their text. One that the run does not have counts as an article
    in which nothing was found, with that problem; ValueError where it has none of them.
    """
    from sukien.writing import read_tables

    tables = read_tables(run) if isinstance(run, Path) else run
    whose = str(run) if isinstance(run, Path) else "the run"
    ids = defaultdict(list)
    for row in _rows(tables.articles):
        if row["sha256"]:
            ids[row["sha256"]].append(row["article_id"])
    names = ("sentences", "mentions", "dates", "quantities", "events", "event_arguments")
    parts = {name: _by(tables[name], "article_id") for name in names}
    out = []
    for article in gold:
        waiting = ids[hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()]
        if not waiting:
            out.append(Found(problem=f"{whose} has no article with this text"))
            continue
        # Equal texts are told apart by their order only; the last one serves all that follow.
        name = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        out.append(_of_rows({table: rows.get(name, ()) for table, rows in parts.items()}))
    if gold and all(found.problem for found in out):
        raise ValueError(f"{whose} holds none of the gold articles; run `sukien extract` on them")
    return out


def _rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a DataFrame; an unknown cell is None."""
    plain = frame.astype(object)
    rows: list[dict[str, Any]] = plain.where(frame.notna(), None).to_dict("records")
    return rows


def _by(frame: Any, key: str) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(frame):
        out[row[key]].append(row)
    return out


def _of_rows(rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> Found:
    sentences = [(row["char_start"], row["char_end"]) for row in rows["sentences"]]
    mentions = list(rows["mentions"])
    arguments = defaultdict(list)
    for row in rows["event_arguments"]:
        taken = {name: row[name] for name in ("role", "char_start", "char_end", "text")}
        arguments[row["event_id"]].append(Argument(**taken, confidence=row["confidence"]))
    ranges: dict[str, int] = {}
    return Found(
        mentions=[
            Mention(**_some(row, _NAME), token_start=0, token_end=0, sentence=0) for row in mentions
        ],
        entities=[row["entity_id"] for row in mentions],
        dates=[
            Timex(
                **_some(row, _DATE),
                range_key=ranges.setdefault(row["range_id"], len(ranges))
                if row["range_id"]
                else None,
            )
            for row in rows["dates"]
        ],
        quantities=[Quantity(**_some(row, _QUANTITY)) for row in rows["quantities"]],
        events=[
            Event(
                **_some(row, _EVENT),
                text=row["trigger"],
                token_start=0,
                token_end=0,
                sentence=0,
                arguments=tuple(arguments[row["event_id"]]),
            )
            for row in rows["events"]
        ],
        sentences=sentences,
    )


_NAME = ("char_start", "char_end", "text", "label", "confidence", "method")
_DATE = (
    *("char_start", "char_end", "text", "type", "value", "rule", "mod", "quant", "freq"),
    *("begin", "end", "granularity", "edtf", "calendar", "anchor", "range_begin", "range_end"),
)
_QUANTITY = ("char_start", "char_end", "text", "kind", "value", "value_max", "unit", "mod")
_EVENT = (
    *("type", "char_start", "char_end", "confidence", "method", "polarity", "modality"),
    *("reported_by", "tense", "time", "time_begin", "time_end", "time_source"),
)


def _some(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: cast("Any", row[name]) for name in names}
