"""When an event happens: the date told of it, or the one that carries over from before.

A date attaches to an event by its argument model's `Time` role first, then by place: a date at
the head of a sentence holds for its main clauses, another one for the clause it stands in. An
event without a date takes over the time of another telling of it in the article, or of the
sentence before when the story goes on there; that is marked `context`. The date of publication
is used only when asked for.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from operator import attrgetter
from typing import Self

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
# Tokens on each side of an event in which dates are looked for; tokens before a date at the head.
_WINDOW, _HEAD = 60, 12
# Confidence from which a `Time` argument settles the time; below, place decides.
_SURE = 0.4
# Tellings before and after an event that are looked at.
_NEAREST = 12
_ADVERBS = frozenset(("R", "A", "T"))
_STOPS = frozenset('.!?…:;”"')


@dataclass(frozen=True, slots=True)
class _Phrases:
    """A set of words and phrases to look for in a stretch of words."""

    words: frozenset[str]
    phrases: re.Pattern[str] | None

    @classmethod
    def of(cls, entries: Sequence[str]) -> Self:
        longer = sorted(re.escape(entry) for entry in entries if " " in entry)
        pattern = re.compile(f" (?:{'|'.join(longer)}) ") if longer else None
        return cls(frozenset(entries), pattern)

    def within(self, words: Sequence[str]) -> bool:
        """Whether one of them stands among the words; a phrase may be cut into several words."""
        if not self.words.isdisjoint(words):
            return True
        return self.phrases is not None and bool(self.phrases.search(f" {' '.join(words)} "))


@dataclass(frozen=True, slots=True)
class _Rules:
    before_head: frozenset[str]
    marks: frozenset[str]
    borders: _Phrases
    borders_after: _Phrases
    vague: frozenset[str]
    vague_reach: int
    owners: tuple[str, ...]
    said: frozenset[str]
    to_come: frozenset[str]
    until: tuple[str, ...]
    until_types: frozenset[str]


@cache
def _rules() -> _Rules:
    text = files("sukien.events").joinpath("time.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return _Rules(
        before_head=frozenset(data["before_head"]),
        marks=frozenset(data["marks"]),
        borders=_Phrases.of(data["borders"]),
        borders_after=_Phrases.of(data["borders_after"]),
        vague=frozenset(data["vague"]),
        vague_reach=data["vague_reach"],
        owners=tuple(" " + owner for owner in data["owners"]),
        said=frozenset(data["said"]),
        to_come=frozenset(data["to_come"]),
        until=tuple(" " + word for word in data["until"]),
        until_types=frozenset(data["until_types"]),
    )


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
    reader.carry(triggers, times, given, published)
    if fallback == "published" and published:
        day = published[:10]
        times = [
            EventTime(day, day, day, "published") if time.value is None else time for time in times
        ]
    return times


@dataclass(frozen=True)
class _Telling:
    """Where an event is told, its time there, and its arguments."""

    number: int
    sentence: int
    time: EventTime
    arguments: Sequence[Argument]

    @cached_property
    def fillers(self) -> frozenset[str]:
        """Participants by their first words in lower case, without times and amounts."""
        return frozenset(
            " ".join(argument.text.lower().split()[:2])
            for argument in self.arguments
            if argument.date is None and argument.quantity is None and argument.role != "Place"
        )

    def apart(self, other: _Telling) -> tuple[int, bool]:
        """Rank of another telling: the nearest first, an earlier one before a later one."""
        return abs(other.sentence - self.sentence), other.sentence > self.sentence

    def retells(self, other: _Telling) -> bool:
        """Whether two tellings in the same words share a participant or stand near."""
        return abs(self.sentence - other.sentence) <= 2 or bool(self.fillers & other.fillers)

    def goes_on(self, other: _Telling) -> bool:
        """Whether one of the same type follows soon, or shares a participant near by."""
        apart = other.sentence - self.sentence
        return 0 <= apart <= 2 or (abs(apart) <= 5 and bool(self.fillers & other.fillers))


def _around(some: Sequence[_Telling], telling: _Telling) -> Sequence[_Telling]:
    """The tellings nearest to one, in order: so many that the cost stays linear."""
    at = bisect_left(some, telling.number, key=attrgetter("number"))
    return some[max(at - _NEAREST, 0) : at + _NEAREST]


def _old(time: EventTime, published: str | None) -> bool:
    """Whether a time lies more than the year before behind the day of publication."""
    if published is None or time.begin is None:
        return False
    return int(published[:4]) - int(time.begin[:4]) > 1


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
        for found in self.by_sentence.values():
            found.sort()

    def sentence_of(self, trigger: Trigger) -> int:
        return self.document.sentence_at(self.document.starts[trigger.token_start])

    def told(self, trigger: Trigger, arguments: Sequence[Argument]) -> EventTime:
        """Time from the event's own sentence."""
        timed = [
            (argument.confidence, -argument.char_start, argument.date)
            for argument in arguments
            if argument.role == "Time"
            and argument.confidence >= _SURE
            and argument.date is not None
            and self.dates[argument.date].type in _POINTS
            and not self._owned(self._start(argument.date), trigger)
        ]
        if timed:
            return self._explicit(max(timed)[2])
        sentence = self.sentence_of(trigger)
        found = self.by_sentence.get(sentence, [])
        if not found:
            return _UNKNOWN
        low = bisect_left(found, (trigger.token_start - _WINDOW,))
        high = bisect_left(found, (trigger.token_end + _WINDOW,))
        near = [
            (distance, position)
            for start, end, position in found[low:high]
            if (distance := self._distance(trigger, start, end, position)) is not None
        ]
        if near:
            return self._explicit(min(near)[1])
        first = self.document.sentences[sentence].token_start
        start, end, position = found[0]
        headed = start - first <= _HEAD and not self._announced(trigger, start, end)
        headed = headed and _rules().before_head.issuperset(self._words(first, start))
        if headed and not self._vague(position) and not self._nested(trigger, first):
            return self._explicit(position)
        return _UNKNOWN

    def _distance(self, trigger: Trigger, start: int, end: int, position: int) -> int | None:
        """Tokens between a trigger and a date of its clause, None for a date of another clause."""
        if self._owned(start, trigger) or self._announced(trigger, start, end):
            return None
        rules = _rules()
        if start >= trigger.token_end:
            words, borders = self._words(trigger.token_end, start), rules.borders_after
            distance = start - trigger.token_end
        else:
            words, borders = self._words(end, trigger.token_start), rules.borders
            distance = trigger.token_start - end
            if self._resumed(trigger, end):
                return None
        if self._vague(position) and (start >= trigger.token_end or distance > rules.vague_reach):
            return None
        if not rules.marks.isdisjoint(words) or borders.within(words):
            return None
        return max(distance, 0)

    def _resumed(self, trigger: Trigger, end: int) -> bool:
        """Whether an insertion closes between a date and a trigger: `X, lập năm 2010, đã thắng`.

        A date that itself stands right before the comma at the head of the sentence is none.
        """
        document = self.document
        token = trigger.token_start - 1
        while token > end and document.pos[token] in _ADVERBS:
            token -= 1
        if token < end or document.forms[token] != ",":
            return False
        first = document.sentences[self.sentence_of(trigger)].token_start
        return "," in document.forms[max(first, end - _WINDOW) : end]

    def carry(
        self,
        triggers: Sequence[Trigger],
        times: list[EventTime],
        arguments: Sequence[Sequence[Argument]],
        published: str | None = None,
    ) -> None:
        """Give events without a time that of another telling of the same event."""
        if all(time.begin is None for time in times):
            return
        tellings = [
            _Telling(number, self.sentence_of(trigger), time, some)
            for number, (trigger, time, some) in enumerate(
                zip(triggers, times, arguments, strict=True)
            )
        ]
        by_word: dict[tuple[str, str], list[_Telling]] = {}
        by_type: dict[str, list[_Telling]] = {}
        by_sentence: dict[int, list[_Telling]] = {}
        for trigger, telling in zip(triggers, tellings, strict=True):
            if telling.time.begin is not None:
                by_word.setdefault(self._key(trigger), []).append(telling)
                by_type.setdefault(trigger.type, []).append(telling)
                by_sentence.setdefault(telling.sentence, []).append(telling)
        for trigger, telling in zip(triggers, tellings, strict=True):
            if telling.time.value is not None or self._dated(telling.sentence):
                continue
            same = _around(by_word.get(self._key(trigger), ()), telling)
            alike = _around(by_type.get(trigger.type, ()), telling)
            before = by_sentence.get(telling.sentence - 1, ())
            group = (
                [one for one in same if one.retells(telling)]
                or [one for one in alike if one.goes_on(telling)]
                or (before[:1] if self._joined(telling.sentence) else ())
            )
            if self._captioned(telling.sentence):
                # A picture shows what the story told first, and no memories.
                told = by_type.get(trigger.type, ())[:_NEAREST]
                group = [one for one in told if not _old(one.time, published)][:1] or group
            if group:
                near = min(group, key=telling.apart)
                time = near.time
                times[telling.number] = EventTime(
                    time.value, time.begin, time.end, "context", time.date
                )

    def _captioned(self, sentence: int) -> bool:
        """Whether a sentence tells of a picture, which shows what the story is about.

        A line of the body without a full stop is a caption or a heading.
        """
        here = self.document.sentences[sentence]
        if here.zone == "caption":
            return True
        alone = not self._joined(sentence) and not self._joined(sentence + 1)
        return alone and self.document.forms[here.token_end - 1] not in _STOPS

    def _joined(self, sentence: int) -> bool:
        """Whether a sentence stands in one line with the one before it."""
        sentences = self.document.sentences
        if not 0 < sentence < len(sentences):
            return False
        last, here = sentences[sentence - 1].char_end, sentences[sentence].char_start
        between = self.document.text[last:here]
        return "\n" not in between and "\r" not in between

    def _key(self, trigger: Trigger) -> tuple[str, str]:
        forms = self.document.forms[trigger.token_start : trigger.token_end]
        return trigger.type, " ".join(forms).lower()

    def _dated(self, spot: int) -> bool:
        """Whether a sentence has a date that could have been told of its events."""
        return any(
            not self._vague(position) and not self._owned(start, None)
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

    def _words(self, start: int, end: int) -> list[str]:
        """Words of a stretch of tokens, in lower case."""
        words: list[str] = []
        document = self.document
        for token in range(start, end):
            form = document.forms[token].lower()
            if words and not document.words[token]:
                words[-1] += " " + form
            else:
                words.append(form)
        return words

    def _vague(self, position: int) -> bool:
        return self.dates[position].value in _rules().vague

    def _start(self, position: int) -> int:
        """First token of a date."""
        date = self.dates[position]
        return self.document.tokens_of(date.char_start, date.char_end)[0]

    def _owned(self, start: int, trigger: Trigger | None) -> bool:
        """Whether a date belongs to what stands right before it: a birth, a term, a comparison."""
        if trigger is not None and trigger.token_start < start <= trigger.token_end:
            return False
        text = " ".join(self.document.forms[max(start - 3, 0) : start]).lower()
        return f" {text}".endswith(_rules().owners)

    def _announced(self, trigger: Trigger, start: int, end: int) -> bool:
        """Whether a date tells when the event was spoken of or counted, not when it happens."""
        rules = _rules()
        if trigger.type in rules.until_types:
            text = " ".join(self.document.forms[max(start - 3, 0) : start]).lower()
            if f" {text}".endswith(rules.until):
                return True
        if end > trigger.token_start:
            return False
        words = self._words(max(end, trigger.token_start - _WINDOW), trigger.token_start)
        spoken = next((place for place, word in enumerate(words) if word in rules.said), None)
        return spoken is not None and not rules.to_come.isdisjoint(words[spoken + 1 :])

    def _nested(self, trigger: Trigger, first: int) -> bool:
        """Whether the trigger stands right after a word that opens a subordinate stretch."""
        words = self._words(max(first, trigger.token_start - 3), trigger.token_start)
        return _rules().borders.within(words)
