"""Small stages that find something in any text, for tests of tables and runs without models.

Capitalised words are names, numbers are quantities, `hôm nay` is a date and `gặp` an event.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sukien.analysis import Analysis
from sukien.article import Article
from sukien.dates.timex import Timex
from sukien.entities.entity import Entity
from sukien.entities.mention import Label, Mention
from sukien.events.event import Argument, Event
from sukien.language.document import Document, Sentence, Zone
from sukien.language.shadow import Shadow
from sukien.quantities.quantity import Quantity

_TOKEN = re.compile(r"\w+|[^\w\s]")
_LABELS: tuple[Label, ...] = ("PER", "ORG", "LOC", "MISC")


class FakeStages:
    """Finds what can be found by eye; `HỎNG` raises, `CHẾT` kills the process, `LÂU` sleeps."""

    def run(self, articles: Sequence[Article]) -> list[Analysis]:
        return [self._one(article) for article in articles]

    def _one(self, article: Article) -> Analysis:
        if "HỎNG" in article.text:
            raise ValueError("this text is broken")
        if "CHẾT" in article.text:
            os._exit(9)
        if "LÂU" in article.text:
            time.sleep(60)
        document = _document(article.text)
        mentions = _mentions(document)
        dates = [
            Timex(
                char_start=match.start(),
                char_end=match.end(),
                text=match[0],
                type="DATE",
                value=article.published_at or "XXXX",
                rule="today",
                begin=article.published_at,
                end=article.published_at,
                anchor="published" if article.published_at else "none",
                range_key=0,
            )
            for match in re.finditer("hôm nay", article.text)
        ]
        quantities = [
            Quantity(
                char_start=match.start(),
                char_end=match.end(),
                text=match[0],
                kind="count",
                value=float(match[0]),
            )
            for match in re.finditer(r"(?a:\d{1,9})", article.text)
        ]
        entities: dict[str, list[int]] = {}
        for position, mention in enumerate(mentions):
            entities.setdefault(mention.text, []).append(position)
        linked = [
            Entity(
                label=mentions[places[0]].label,
                name=name.title(),
                mentions=tuple(places),
                aliases=(name,),
                latitude=21.03 if name == "Huế" else None,
                longitude=105.85 if name == "Huế" else None,
            )
            for name, places in entities.items()
        ]
        events = _events(document, mentions, dates, quantities)
        return Analysis(article, document, mentions, linked, dates, quantities, events)


def _document(text: str) -> Document:
    tokens = list(_TOKEN.finditer(text))
    starts, ends = [t.start() for t in tokens], [t.end() for t in tokens]
    sentences: list[Sentence] = []
    first = 0
    for n, token in enumerate(tokens):
        if token[0] == "." or n == len(tokens) - 1:
            zone: Zone = "body" if sentences else "title"
            sentences.append(Sentence(starts[first], ends[n], first, n + 1, zone))
            first = n + 1
    forms = [token[0] for token in tokens]
    return Document(Shadow(text), starts, ends, forms, sentences, pos=["X"] * len(tokens))


def _mentions(document: Document) -> list[Mention]:
    return [
        Mention(
            char_start=start,
            char_end=end,
            text=document.text[start:end],
            label=_LABELS[len(form) % 4],
            confidence=0.9,
            method="model",
            token_start=n,
            token_end=n + 1,
            sentence=document.sentence_at(start),
        )
        for n, (start, end, form) in enumerate(
            zip(document.starts, document.ends, document.forms, strict=True)
        )
        if form[:1].isupper()
    ]


def _events(
    document: Document,
    mentions: Sequence[Mention],
    dates: Sequence[Timex],
    quantities: Sequence[Quantity],
) -> list[Event]:
    events = []
    for token, form in enumerate(document.forms):
        if form != "gặp":
            continue
        start, end = document.starts[token], document.ends[token]
        sentence = document.sentence_at(start)
        arguments = [
            Argument(
                role="Entity",
                char_start=mention.char_start,
                char_end=mention.char_end,
                text=mention.text,
                confidence=0.5,
                mention=n,
            )
            for n, mention in enumerate(mentions)
            if mention.sentence == sentence
        ]
        spans: list[tuple[str, Timex | Quantity]] = [("Time", date) for date in dates[:1]]
        spans += [("Money", quantity) for quantity in quantities[:1]]
        arguments += [
            Argument(
                role=role,
                char_start=span.char_start,
                char_end=span.char_end,
                text=span.text,
                confidence=0.5,
                date=0 if role == "Time" else None,
                quantity=0 if role == "Money" else None,
            )
            for role, span in spans
        ]
        named = [n for n, argument in enumerate(arguments) if argument.mention is not None]
        events.append(
            Event(
                type="Meet",
                char_start=start,
                char_end=end,
                text=form,
                token_start=token,
                token_end=token + 1,
                sentence=sentence,
                confidence=0.75,
                method="model",
                arguments=tuple(arguments),
                agent=named[0] if named else None,
                patient=named[1] if len(named) > 1 else None,
                place=named[-1] if named else None,
                participants=tuple(named),
            )
        )
    return events


@dataclass(frozen=True)
class FakeLoader:
    """Loads the fake stages, in any process; with `fault` it fails to."""

    fault: str = ""

    def __call__(self) -> FakeStages:
        if self.fault:
            raise OSError(self.fault)
        return FakeStages()


class SlowLoader(FakeLoader):
    """Loads stages that take their time."""

    def __call__(self) -> FakeStages:
        return _SlowStages()


class _SlowStages(FakeStages):
    def run(self, articles: Sequence[Article]) -> list[Analysis]:
        time.sleep(0.2)
        return super().run(articles)
