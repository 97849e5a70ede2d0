"""Events of documents: triggers, their arguments, attributes and time, put together.

This is the composition only; the parts are `triggers`, `arguments`, `time` and `attributes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Self

from sukien.dates.timex import Timex
from sukien.entities.mention import Mention
from sukien.events.arguments import ArgumentFinder, Reading
from sukien.events.attributes import Attributes, attributes
from sukien.events.event import Argument, Event, TimeSource
from sukien.events.ontology import EventType, Ontology, load_ontology
from sukien.events.time import EventTime, attach_times
from sukien.events.triggers import Trigger, TriggerFinder
from sukien.language.document import Document
from sukien.quantities.quantity import Quantity

__all__ = ["EventExtractor"]

# Roles that tell where or when, not who or what.
_CIRCUMSTANCES: Final = frozenset({"Place", "Time", "Origin", "Destination", "Period"})
_PLACES: Final = ("Place", "Destination", "Origin")
# Documents whose arguments are found together; bounds memory, never changes a result.
_BATCH: Final = 64


class EventExtractor:
    """Finds the events of documents whose names, dates and quantities are known.

    >>> from sukien.language.analyzer import Analyzer
    >>> documents = Analyzer().documents(["Hai người thiệt mạng trong vụ tai nạn."])
    >>> events = EventExtractor.load().events(documents, [()], [()], [()], [None])
    >>> [(event.type, event.text) for event in events[0]]
    [('Die', 'thiệt mạng'), ('Accident', 'tai nạn')]
    """

    def __init__(
        self,
        ontology: Ontology,
        triggers: TriggerFinder,
        arguments: ArgumentFinder,
        fallback: TimeSource | None = None,
    ) -> None:
        self.ontology = ontology
        self._triggers = triggers
        self._arguments = arguments
        self._fallback = fallback

    @classmethod
    def load(
        cls,
        ontology: Path | str | None = None,
        precision: bool = False,
        *,
        types: Iterable[str] = (),
        fallback: TimeSource | None = None,
    ) -> Self:
        """Read the shipped models, and a user's ontology on top of the shipped one.

        `precision` keeps only events the model is sure of; `types` are types to look for that
        are off by default; `fallback` "published" dates events that are left without a time.

        Raises:
            OntologyError: if the ontology does not fit, or a type in `types` is not in it.
        """
        known = load_ontology(ontology)
        return cls(
            known,
            TriggerFinder.load(known if ontology else None, types=types, precision=precision),
            ArgumentFinder.load(types={name: kind.roles for name, kind in known.types.items()}),
            fallback,
        )

    def events(
        self,
        documents: Sequence[Document],
        mentions: Sequence[Sequence[Mention]],
        dates: Sequence[Sequence[Timex]],
        quantities: Sequence[Sequence[Quantity]],
        published: Sequence[str | None],
    ) -> list[list[Event]]:
        """Events of each document, sorted by position; all sequences run parallel."""
        out: list[list[Event]] = []
        for first in range(0, len(documents), _BATCH):
            part = slice(first, first + _BATCH)
            readings = [
                Reading(document=d, triggers=t, mentions=m, dates=w, quantities=q)
                for d, t, m, w, q in zip(
                    documents[part],
                    self._triggers.triggers(documents[part], mentions[part]),
                    mentions[part],
                    dates[part],
                    quantities[part],
                    strict=True,
                )
            ]
            found = self._arguments.batch(readings)
            for reading, arguments, day in zip(readings, found, published[part], strict=True):
                out.append(self._compose(reading, arguments, day))
        return out

    def _compose(
        self, reading: Reading, arguments: Sequence[tuple[Argument, ...]], published: str | None
    ) -> list[Event]:
        triggers = reading.triggers
        document = reading.document
        times = attach_times(
            document, triggers, reading.dates, arguments, published, self._fallback
        )
        told = attributes(document, triggers, reading.mentions, times, published)
        return [
            self._event(document, trigger, its_arguments, time, its)
            for trigger, its_arguments, time, its in zip(
                triggers, arguments, times, told, strict=True
            )
            if isinstance(trigger, Trigger)
        ]

    def _event(
        self,
        document: Document,
        trigger: Trigger,
        arguments: tuple[Argument, ...],
        time: EventTime,
        told: Attributes,
    ) -> Event:
        start = document.starts[trigger.token_start]
        end = document.ends[trigger.token_end - 1]
        agent, patient = _summary(self.ontology.types[trigger.type], arguments)
        place = _first(arguments, _PLACES)
        return Event(
            type=trigger.type,
            char_start=start,
            char_end=end,
            text=document.text[start:end],
            token_start=trigger.token_start,
            token_end=trigger.token_end,
            sentence=document.sentence_at(start),
            confidence=trigger.confidence,
            method=trigger.method,
            arguments=arguments,
            polarity=told.polarity,
            modality=told.modality,
            tense=told.tense,
            reported_by=told.reported_by,
            time=time.value,
            time_begin=time.begin,
            time_end=time.end,
            time_source=time.source,
            agent=agent,
            patient=patient,
            place=place,
            participants=tuple(
                position
                for position, argument in enumerate(arguments)
                if position in (agent, patient)
                or (argument.mention is not None and argument.role not in _CIRCUMSTANCES)
            ),
        )


def _summary(kind: EventType, arguments: Sequence[Argument]) -> tuple[int | None, int | None]:
    """Positions of the arguments that fill `agent` and `patient` of a readable row."""
    agent = _first(arguments, kind.agent)
    return agent, _first(arguments, kind.patient, but=agent)


def _first(
    arguments: Sequence[Argument], roles: Sequence[str], but: int | None = None
) -> int | None:
    """The argument of the best role, a name before a phrase, a surer one before others."""
    if not roles or not arguments:
        return None
    ranked = [
        (roles.index(argument.role), argument.mention is None, -argument.confidence, position)
        for position, argument in enumerate(arguments)
        if argument.role in roles and position != but
    ]
    return min(ranked)[-1] if ranked else None
