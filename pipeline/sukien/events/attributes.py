"""Whether an event happened, is planned or only possible, when, and who says so.

The cues are data (`attributes.toml`). A cue governs the events in its scope; of several, for
each attribute, the heaviest decides, then the nearest. What no cue governs was told as a fact:
asserted, positive, and past unless its date says otherwise. This follows the negation scopes of
NegEx (Chapman et al. 2001) with scopes cut at clause borders.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import attrgetter
from typing import Any, cast

from sukien.entities.mention import Mention
from sukien.events.event import Modality, Polarity, Tense
from sukien.events.phrases import Trigger
from sukien.events.reporting import Reports
from sukien.events.time import EventTime
from sukien.language.document import Document

__all__ = ["Attributes", "Cue", "attributes"]

_MARKS = frozenset((",", ";", ":", "(", ")"))
# Tokens on each side of an event in which cues are looked for.
_WINDOW = 40
_start = attrgetter("start")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """What is true of one event besides its participants and its time."""

    polarity: Polarity = "positive"
    modality: Modality = "asserted"
    tense: Tense = "unspecified"
    reported_by: str | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that sets attributes of the events in its scope, which ends after `reach` words."""

    syllables: tuple[str, ...]
    sets: tuple[tuple[str, str], ...]
    scope: str
    reach: int
    weight: float


@dataclass(frozen=True, slots=True)
class _Book:
    """All cues by their syllables, and the words that end a scope.

    `lengths` tells how long the cues that begin with a syllable are, the longest first.
    """

    cues: dict[tuple[str, ...], Cue]
    lengths: dict[str, tuple[int, ...]]
    stops: dict[str, frozenset[str]]
    nominalisers: frozenset[str]


@cache
def _book() -> _Book:
    text = files("sukien.events").joinpath("attributes.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    cues: dict[tuple[str, ...], Cue] = {}
    lengths: dict[str, set[int]] = {}
    for entry in data["cue"]:
        for word in entry["words"]:
            syllables = tuple(word.split())
            sets = tuple(sorted(entry["sets"].items()))
            scope, reach = entry["scope"], entry.get("reach", 99)
            cue = Cue(syllables, sets, scope, reach, entry.get("weight", 1.0))
            lengths.setdefault(syllables[0], set()).add(len(syllables))
            # Of two cues in the same words the heavier one counts.
            if syllables not in cues or cue.weight > cues[syllables].weight:
                cues[syllables] = cue
    longest = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}
    stops = {scope: frozenset(words) for scope, words in data["stops"].items()}
    return _Book(cues, longest, stops, frozenset(data["nominalisers"]))


@dataclass(frozen=True, slots=True)
class _Found:
    cue: Cue
    start: int
    end: int


def attributes(
    document: Document,
    triggers: Sequence[Trigger],
    mentions: Sequence[Mention] = (),
    times: Sequence[EventTime] | None = None,
    published: str | None = None,
) -> list[Attributes]:
    """Attributes of each trigger, in their order; `times` are those of `attach_times`."""
    by_sentence: dict[int, list[int]] = {}
    for number, trigger in enumerate(triggers):
        sentence = document.sentence_at(document.starts[trigger.token_start])
        by_sentence.setdefault(sentence, []).append(number)
    result = [Attributes()] * len(triggers)
    reports = Reports(document, mentions)
    for position, members in by_sentence.items():
        clause = _Sentence(document, position)
        for number in members:
            trigger = triggers[number]
            chosen = clause.decide(trigger)
            time = times[number] if times else EventTime()
            tense = _tense(chosen, time, published)
            modality = chosen.get("modality", "asserted")
            if modality == "asserted" and tense == "future":
                modality = "planned"
            result[number] = Attributes(
                polarity=cast(Polarity, chosen.get("polarity", "positive")),
                modality=cast(Modality, modality),
                tense=tense,
                reported_by=reports.source(position, trigger),
            )
    return result


def _tense(chosen: dict[str, str], time: EventTime, published: str | None) -> Tense:
    """Tense by cue, then by the date against the day of publication, then by modality."""
    today = published[:10] if published else None
    after = today is not None and time.source == "explicit" and (time.begin or "") > today
    before = today is not None and time.source == "explicit" and "" < (time.end or "") < today
    told = chosen.get("tense")
    if told == "past" or (before and told != "future"):
        return "past"
    if told in ("present", "future"):
        return cast(Tense, told)
    if after or time.value == "FUTURE_REF":
        return "future"
    return "past" if chosen.get("modality", "asserted") == "asserted" else "unspecified"


class _Sentence:
    """One sentence with the cues found in it."""

    def __init__(self, document: Document, position: int) -> None:
        sentence = document.sentences[position]
        self.first, self.last = sentence.token_start, sentence.token_end
        self.lower = " ".join(document.forms[self.first : self.last]).lower().split(" ")
        self.words = document.words[self.first : self.last]
        self.pos = document.pos[self.first : self.last]
        self.found = self._cues()

    def _cues(self) -> list[_Found]:
        book, lower = _book(), self.lower
        # Cues are whole words: `định` is none in `xác định`.
        ends = [*self.words[1:], True]
        found: list[_Found] = []
        done = 0
        for place in [i for i, form in enumerate(lower) if form in book.lengths]:
            for length in book.lengths[lower[place]] if place >= done and self.words[place] else ():
                end = place + length
                if end <= len(lower) and ends[end - 1]:
                    cue = book.cues.get(tuple(lower[place:end]))
                    if cue is not None:
                        found.append(_Found(cue, place, end))
                        done = end
                        break
        return found

    def decide(self, trigger: Trigger) -> dict[str, str]:
        """Value of each attribute that some cue sets for a trigger."""
        start, end = trigger.token_start - self.first, trigger.token_end - self.first
        best: dict[str, tuple[float, int, str]] = {}
        low = bisect_left(self.found, start - _WINDOW, key=_start)
        high = bisect_left(self.found, end + _WINDOW, key=_start)
        for found in self.found[low:high]:
            if found.start < end and start < found.end:
                continue
            distance = self._distance(found, start, end)
            if distance is None:
                continue
            for name, value in found.cue.sets:
                rank = (found.cue.weight, -distance, value)
                if name not in best or rank[:2] > best[name][:2]:
                    best[name] = rank
        return {name: value for name, (_, _, value) in best.items()}

    def _distance(self, found: _Found, start: int, end: int) -> int | None:
        """Words between a cue and the trigger it governs, None where it does not govern it."""
        scope = found.cue.scope
        if scope == "sentence":
            return abs(found.start - start)
        if scope == "clause":
            return None if self._stopped(found.end, start, scope) else abs(start - found.end)
        if found.end <= start:
            if self._stopped(found.end, start, scope):
                return None
            words = sum(self.words[found.end : start])
            return words if words <= found.cue.reach else None
        return self._subject_distance(found, start, end) if scope == "adverb" else None

    def _subject_distance(self, found: _Found, start: int, end: int) -> int | None:
        """Distance to a cue of the predicate whose subject is the trigger: `vụ nổ sẽ …`."""
        before = " ".join(self.lower[max(start - 2, 0) : start])
        nominal = self.pos[start].startswith("N") or before.split(" ")[-1] in _book().nominalisers
        if not nominal or found.start - end > 12:
            return None
        between = range(end, found.start)
        if any(self.lower[i] in _MARKS or self.pos[i].startswith("V") for i in between):
            return None
        return found.start - end

    def _stopped(self, low: int, high: int, scope: str) -> bool:
        """Whether something between a cue and a trigger ends the scope."""
        if low > high:
            return False
        stops = _book().stops[scope]
        lower, pos = self.lower, self.pos
        for place in range(low, high):
            form = lower[place]
            if form in stops and self.words[place]:
                return True
            if place + 1 < high and f"{form} {lower[place + 1]}" in stops:
                return True
            # A comma goes on a list of verbs and ends anything else.
            if form == "," and scope != "clause" and not pos[place + 1].startswith("V"):
                return True
        return False
