"""When an event happens: the date told of it, or the one that carries over from before.

A date attaches to an event by its argument model's `Time` role first, then by place: a date at
the head of a sentence holds for its main clauses, another one for the clause it stands in. An
event without a date takes over the time of another telling of it in the article, or of the
sentence before when the story goes on there; that is marked `context`. The date of publication
is used only when asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sukien.dates.timex import Timex
from sukien.events.event import Argument, TimeSource
from sukien.events.phrases import Trigger
from sukien.language.document import Document

__all__ = ["EventTime", "attach_times"]


@dataclass(frozen=True, slots=True)
class EventTime:
    """A TIMEX3 value, the inclusive local days it covers, where it was read, and the date used.

    `date` is the position of the date in the document's dates, None for the publication date.
    """

    value: str | None = None
    begin: str | None = None
    end: str | None = None
    source: TimeSource | None = None
    date: int | None = None


_UNKNOWN = EventTime()
_POINTS = frozenset(("DATE", "TIME"))


@dataclass(frozen=True, slots=True)
class _Rules:
    before_head: frozenset[str]
    marks: frozenset[str]
    borders: frozenset[str]
    vague: frozenset[str]
    comparisons: frozenset[str]


@cache
def _rules() -> _Rules:
    text = files("sukien.events").joinpath("time.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return _Rules(*(frozenset(data[name]) for name in _Rules.__dataclass_fields__))


def attach_times(
    document: Document,
    triggers: Sequence[Trigger],
    dates: Sequence[Timex],
    arguments: Sequence[Sequence[Argument]] | None = None,
    published: str | None = None,
    fallback: TimeSource | None = None,
) -> list[EventTime]:
    """The time of each trigger, in their order.

    `arguments` are those of each trigger; their `Time` roles win over place. `fallback`
    "published" gives events that are left without a time the day of `published`.
    """
    if not triggers:
        return []
    reader = _Reader(document, dates)
    given = arguments or [()] * len(triggers)
    times = [reader.told(trigger, some) for trigger, some in zip(triggers, given, strict=True)]
    reader.carry(triggers, times, given)
    if fallback == "published" and published:
        day = published[:10]
        times = [
            EventTime(day, day, day, "published") if time.value is None else time for time in times
        ]
    return times


@dataclass(frozen=True, slots=True)
class _Telling:
    """Where an event is told, its time there, and what fills its roles, in lower case."""

    sentence: int
    time: EventTime
    fillers: frozenset[str]

    def fits(self, other: _Telling) -> bool:
        """Whether two tellings share a participant, or one stands near and names none."""
        if self.fillers & other.fillers:
            return True
        near = abs(self.sentence - other.sentence) <= 2
        return near and not (self.fillers and other.fillers)

    def goes_on(self, other: _Telling) -> bool:
        """Whether the other is told in the next sentence or shares a participant near by."""
        apart = other.sentence - self.sentence
        return apart in (0, 1) or (abs(apart) <= 3 and bool(self.fillers & other.fillers))


def _fillers(arguments: Sequence[Argument]) -> frozenset[str]:
    """Participants of an event by their words, without times and amounts."""
    return frozenset(
        argument.text.lower()
        for argument in arguments
        if argument.date is None and argument.quantity is None and argument.role != "Place"
    )


class _Reader:
    """Dates of a document by sentence, and what stands around them."""

    def __init__(self, document: Document, dates: Sequence[Timex]) -> None:
        self.document = document
        self.dates = dates
        self.by_sentence: dict[int, list[tuple[int, int, int]]] = {}
        for position, date in enumerate(dates):
            if date.type in _POINTS:
                start, end = document.tokens_of(date.char_start, date.char_end)
                sentence = document.sentence_at(date.char_start)
                self.by_sentence.setdefault(sentence, []).append((start, end, position))

    def sentence_of(self, trigger: Trigger) -> int:
        return self.document.sentence_at(self.document.starts[trigger.token_start])

    def told(self, trigger: Trigger, arguments: Sequence[Argument]) -> EventTime:
        """Time from the event's own sentence."""
        timed = [a for a in arguments if a.role == "Time" and a.date is not None]
        timed = [a for a in timed if a.date is not None and self.dates[a.date].type in _POINTS]
        best = max(timed, key=lambda a: (a.confidence, -a.char_start), default=None)
        if best is not None and best.date is not None:
            return self._explicit(best.date)
        sentence = self.sentence_of(trigger)
        found = self.by_sentence.get(sentence, [])
        if not found:
            return _UNKNOWN
        first = self.document.sentences[sentence].token_start
        near: list[tuple[int, int]] = []
        for start, end, position in found:
            if self.dates[position].value in _rules().vague:
                continue
            right = start >= trigger.token_end
            low, high = (trigger.token_end, start) if right else (end, trigger.token_start)
            if not self._border(low, high) and not self._compared(start):
                near.append((high - low, position))
        if near:
            return self._explicit(min(near)[1])
        start, _, position = found[0]
        headed = self._words(first, start) <= _rules().before_head
        vague = self.dates[position].value in _rules().vague
        if headed and not vague and not self._nested(trigger):
            return self._explicit(position)
        return _UNKNOWN

    def carry(
        self,
        triggers: Sequence[Trigger],
        times: list[EventTime],
        arguments: Sequence[Sequence[Argument]],
    ) -> None:
        """Give events without a time that of another telling of the same event."""
        told: dict[tuple[str, str], list[_Telling]] = {}
        by_type: dict[str, list[_Telling]] = {}
        tellings = [
            _Telling(self.sentence_of(trigger), time, _fillers(some))
            for trigger, time, some in zip(triggers, times, arguments, strict=True)
        ]
        for trigger, telling in zip(triggers, tellings, strict=True):
            if telling.time.begin is not None:
                told.setdefault(self._key(trigger), []).append(telling)
                by_type.setdefault(trigger.type, []).append(telling)
        for number, (trigger, telling) in enumerate(zip(triggers, tellings, strict=True)):
            if telling.time.value is not None or self._dated(telling.sentence):
                continue
            same = [one for one in told.get(self._key(trigger), ()) if one.fits(telling)]
            alike = [one for one in by_type.get(trigger.type, ()) if one.goes_on(telling)]
            for group in (same, alike):
                if len({one.time.value for one in group}) == 1:
                    time = group[0].time
                    times[number] = EventTime(
                        time.value, time.begin, time.end, "context", time.date
                    )
                    break

    def _key(self, trigger: Trigger) -> tuple[str, str]:
        forms = self.document.forms[trigger.token_start : trigger.token_end]
        return trigger.type, " ".join(forms).lower()

    def _dated(self, spot: int) -> bool:
        """Whether a sentence has a date that could have been told of its events."""
        return any(
            self.dates[position].value not in _rules().vague and not self._compared(start)
            for start, _, position in self.by_sentence.get(spot, ())
        )

    def _explicit(self, position: int) -> EventTime:
        date = self.dates[position]
        return EventTime(
            date.value,
            date.range_begin or date.begin,
            date.range_end or date.end,
            "explicit",
            position,
        )

    def _words(self, start: int, end: int) -> set[str]:
        """Words of a stretch of tokens, in lower case."""
        words: list[str] = []
        document = self.document
        for token in range(start, end):
            form = document.forms[token].lower()
            if words and not document.words[token]:
                words[-1] += " " + form
            else:
                words.append(form)
        return set(words)

    def _border(self, start: int, end: int) -> bool:
        words = self._words(start, end)
        if words & _rules().marks:
            return True
        return self._opened(start, end)

    def _opened(self, start: int, end: int) -> bool:
        """Whether a word that opens a clause of its own stands in a stretch of tokens."""
        words = self._words(start, end)
        text = " ".join(form.lower() for form in self.document.forms[start:end])
        return bool(words & _rules().borders) or any(
            f" {border} " in f" {text} " for border in _rules().borders if " " in border
        )

    def _compared(self, start: int) -> bool:
        text = " ".join(form.lower() for form in self.document.forms[max(start - 3, 0) : start])
        return any(text.endswith(word) for word in _rules().comparisons)

    def _nested(self, trigger: Trigger) -> bool:
        """Whether the trigger stands right after a word that opens a subordinate stretch."""
        first = self.document.sentences[self.sentence_of(trigger)].token_start
        return self._opened(max(first, trigger.token_start - 3), trigger.token_start)
