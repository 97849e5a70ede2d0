"""One event told in a text, with its arguments and attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Argument", "Event", "Modality", "Polarity", "Tense", "TimeSource"]

Polarity = Literal["positive", "negative"]
Modality = Literal["asserted", "planned", "possible"]
Tense = Literal["past", "present", "future", "unspecified"]
TimeSource = Literal["explicit", "context", "published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A participant, place, time or amount of an event.

    `mention`, `date` and `quantity` are positions in the document's mentions, dates and
    quantities, None where the argument is a plain noun phrase.
    """

    role: str
    char_start: int
    char_end: int
    text: str
    confidence: float
    mention: int | None = None
    date: int | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A trigger, what it names, and who, where and when.

    `agent`, `patient`, `place` and `participants` are positions in `arguments`: the readable
    summary of a row. `time` is a TIMEX3 value; `time_begin` and `time_end` are inclusive local
    days; `time_source` tells whether the time stands with the event or was carried over.
    """

    type: str
    char_start: int
    char_end: int
    text: str
    token_start: int
    token_end: int
    sentence: int
    confidence: float
    method: str
    arguments: tuple[Argument, ...] = ()
    polarity: Polarity = "positive"
    modality: Modality = "asserted"
    tense: Tense = "unspecified"
    reported_by: str | None = None
    time: str | None = None
    time_begin: str | None = None
    time_end: str | None = None
    time_source: TimeSource | None = None
    agent: int | None = None
    patient: int | None = None
    place: int | None = None
    participants: tuple[int, ...] = ()
