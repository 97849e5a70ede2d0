"""Who reports an event: `theo X`, `X cho biết …`, `"…", X nói`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sukien.entities.mention import Mention
from sukien.events.phrases import Trigger
from sukien.language.document import Document

__all__ = ["Reports"]

_QUOTES = frozenset('"“”«»')
# A source stands so near before its verb, or after `theo`.
_REACH = 14
_NOMINAL = frozenset(("N", "Np", "Nc", "Ny", "M", "L", "P", "A"))


@dataclass(frozen=True, slots=True)
class _Words:
    verbs: frozenset[tuple[str, ...]]
    sources: frozenset[tuple[str, ...]]
    no_sources: tuple[str, ...]
    longest: int


@cache
def _words() -> _Words:
    text = files("sukien.events").joinpath("attributes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)["reporting"]
    verbs = frozenset(tuple(word.split()) for word in data["verbs"])
    sources = frozenset(tuple(word.split()) for word in data["sources"])
    longest = max(len(some) for some in verbs | sources)
    return _Words(verbs, sources, tuple(data["no_sources"]), longest)


@dataclass(frozen=True, slots=True)
class _Report:
    """A source and the half-open stretch of tokens it vouches for."""

    text: str
    start: int
    end: int


class Reports:
    """The reports of a document, read sentence by sentence as they are asked for."""

    def __init__(self, document: Document, mentions: Sequence[Mention]) -> None:
        self._document = document
        self._by_sentence: dict[int, list[Mention]] = {}
        for mention in mentions:
            self._by_sentence.setdefault(mention.sentence, []).append(mention)
        self._read: dict[int, list[_Report]] = {}

    def source(self, sentence: int, trigger: Trigger) -> str | None:
        """Surface of the source that reports a trigger, None where the text itself tells it."""
        if sentence not in self._read:
            self._read[sentence] = self._reports(sentence)
        for report in self._read[sentence]:
            if report.start <= trigger.token_start < report.end:
                return report.text
        return None

    def _reports(self, position: int) -> list[_Report]:
        document = self._document
        sentence = document.sentences[position]
        first, last = sentence.token_start, sentence.token_end
        lower = " ".join(document.forms[first:last]).lower().split(" ")
        found: list[_Report] = []
        place = 0
        while place < len(lower):
            size = self._cue_at(lower, place, _words().sources)
            if size and not self._rules_out(lower, place + size):
                source = self._after(position, first + place + size)
                if source:
                    found.append(_Report(source, first, last))
            elif size := self._cue_at(lower, place, _words().verbs):
                source = self._before(position, first + place)
                if source:
                    quoted = any(form in _QUOTES for form in lower[:place])
                    start = first if quoted else first + place + size
                    found.append(_Report(source, start, last))
            place += max(size, 1)
        return found

    @staticmethod
    def _cue_at(lower: Sequence[str], place: int, cues: frozenset[tuple[str, ...]]) -> int:
        """Number of tokens of the longest cue at a place, 0 for none."""
        for size in range(_words().longest, 0, -1):
            if tuple(lower[place : place + size]) in cues:
                return size
        return 0

    @staticmethod
    def _rules_out(lower: Sequence[str], place: int) -> bool:
        following = " ".join(lower[place : place + 3]) + " "
        return any(following.startswith(word + " ") for word in _words().no_sources)

    def _after(self, position: int, token: int) -> str | None:
        """The name in, or else the noun phrase at, a place after `theo`."""
        document = self._document
        end = document.sentences[position].token_end
        stop = token
        while stop < end and stop - token < _REACH and document.forms[stop] not in ",:;":
            stop += 1
        for mention in self._by_sentence.get(position, ()):
            if token <= mention.token_start < stop:
                return mention.text
        while stop > token and document.pos[stop - 1] not in _NOMINAL:
            stop -= 1
        return self._text(token, stop)

    def _before(self, position: int, token: int) -> str | None:
        """The subject of a verb of saying: the name before it, or else the noun phrase."""
        document = self._document
        first = document.sentences[position].token_start
        nearest = None
        for mention in self._by_sentence.get(position, ()):
            if token - _REACH <= mention.token_start and mention.token_end <= token:
                between = range(mention.token_end, token)
                if not any(document.pos[i] == "V" and document.words[i] for i in between):
                    nearest = (
                        mention if nearest is None or self._apart(nearest, mention) else nearest
                    )
        if nearest is not None:
            return nearest.text
        stop = token
        while stop > first and document.pos[stop - 1] in ("R", "T", "X"):
            stop -= 1
        start = stop
        while start > first and stop - start < 8 and document.pos[start - 1] in _NOMINAL:
            start -= 1
        return self._text(start, stop)

    def _apart(self, one: Mention, other: Mention) -> bool:
        """Whether the later name is a subject of its own, not in brackets or after `của`."""
        between = self._document.forms[one.token_end : other.token_start]
        return "," in between and "(" not in between

    def _text(self, start: int, end: int) -> str | None:
        document = self._document
        return (
            document.text[document.starts[start] : document.ends[end - 1]] if end > start else None
        )
