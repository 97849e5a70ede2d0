"""Who reports an event: `theo X`, `X cho biết …`, `"…", X nói`."""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import attrgetter

from sukien.entities.mention import Mention
from sukien.events.phrases import Trigger
from sukien.language.document import Document

__all__ = ["Reports"]

_QUOTES = frozenset('"“”«»')
# A source stands so near before its verb, or after `theo`.
_REACH = 14
_NOMINAL = frozenset(("N", "Np", "Nc", "Ny", "M", "L", "P", "A"))
_start, _token_start = attrgetter("start"), attrgetter("token_start")


@dataclass(frozen=True, slots=True)
class _Words:
    """Verbs of saying and words like `theo` by their first syllable, longest first."""

    cues: dict[str, list[tuple[tuple[str, ...], bool]]]
    no_sources: tuple[str, ...]
    nouns_before: frozenset[str]
    not_after: frozenset[str]
    heads: frozenset[str]
    numbers: frozenset[str]

    def at(self, lower: Sequence[str], place: int) -> tuple[int, bool]:
        """Tokens of the longest cue at a place (0 for none), and whether its source follows."""
        for cue, follows in self.cues.get(lower[place], ()):
            if tuple(lower[place : place + len(cue)]) == cue:
                return len(cue), follows
        return 0, False


@cache
def _words() -> _Words:
    text = files("sukien.events").joinpath("attributes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)["reporting"]
    cues: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for name, follows in (("verbs", False), ("sources", True)):
        for word in data[name]:
            cue = tuple(word.split())
            cues.setdefault(cue[0], []).append((cue, follows))
    for group in cues.values():
        group.sort(key=lambda item: (-len(item[0]), item))
    lists = (frozenset(data[name]) for name in ("nouns_before", "not_after", "heads", "numbers"))
    return _Words(cues, tuple(word + " " for word in data["no_sources"]), *lists)


@dataclass(frozen=True, slots=True)
class _Report:
    """A source, and the token from which it vouches for the rest of its sentence."""

    text: str
    start: int


class Reports:
    """The reports of a document, read sentence by sentence as they are asked for."""

    def __init__(self, document: Document, mentions: Sequence[Mention]) -> None:
        self._document = document
        self._by_sentence: dict[int, list[Mention]] = {}
        for mention in sorted(mentions, key=_token_start):
            self._by_sentence.setdefault(mention.sentence, []).append(mention)
        self._read: dict[int, list[_Report]] = {}

    def source(self, sentence: int, trigger: Trigger) -> str | None:
        """Surface of the source that reports a trigger, None where the text itself tells it."""
        if sentence not in self._read:
            # The report that begins last before an event is the one it stands in.
            found = sorted(self._reports(sentence), key=_start)
            self._read[sentence] = found
        reports = self._read[sentence]
        at = bisect_right(reports, trigger.token_start, key=_start)
        return reports[at - 1].text if at else None

    def _reports(self, position: int) -> list[_Report]:
        document = self._document
        sentence = document.sentences[position]
        first, last = sentence.token_start, sentence.token_end
        lower = " ".join(document.forms[first:last]).lower().split(" ")
        found: list[_Report] = []
        words, done = _words(), 0
        places = [i for i, form in enumerate(lower) if form in words.cues]
        if not places:
            return found
        quote = next((i for i, form in enumerate(lower) if form in _QUOTES), len(lower))
        for place in places:
            size, follows = words.at(lower, place) if place >= done else (0, False)
            if follows:
                following = " ".join(lower[place + size : place + size + 3]) + " "
                source = None
                if not following.startswith(words.no_sources):
                    source = self._after(position, first + place + size)
                if source:
                    found.append(_Report(source, first))
            elif size:
                source = self._before(position, first + place)
                if source:
                    start = first if quote < place else first + place + size
                    found.append(_Report(source, start))
            done = max(done, place + size)
        return found

    def _after(self, position: int, token: int) -> str | None:
        """The name in, or else the noun phrase at, a place after `theo`."""
        document = self._document
        end = document.sentences[position].token_end
        if token >= end or not document.words[token] or self._ends(token - 1, _words().not_after):
            return None
        stop = token
        while stop < end and stop - token < _REACH and document.forms[stop] not in ",:;":
            stop += 1
        headed = self._headed(token, stop)
        for mention in self._near(position, token, stop):
            if not headed and mention.token_start > token:
                return None
            # `theo Sở Y tế Hà Nội`: a place at the end of a longer phrase names its source.
            longer = mention.label == "LOC" and mention.token_start > token
            return self._text(token, mention.token_end) if longer else mention.text
        while stop > token and document.pos[stop - 1] not in _NOMINAL:
            stop -= 1
        return self._text(token, stop) if headed else None

    def _before(self, position: int, token: int) -> str | None:
        """The subject of a verb of saying: the name before it, or else the noun phrase."""
        document = self._document
        first = document.sentences[position].token_start
        if not document.words[token] or self._ends(token, _words().nouns_before):
            return None
        nearest = None
        for mention in self._near(position, token - _REACH, token):
            if mention.token_end <= token and not self._bracketed(mention):
                between = range(mention.token_end, token)
                if any(document.pos[i] == "V" and document.words[i] for i in between):
                    continue
                # `anh Hùng, nhà đầu tư ở Hà Nội, nói`: the place is not who speaks.
                if mention.label == "LOC" and document.pos[mention.token_start - 1] in ("E", "V"):
                    continue
                person = mention.label == "PER"
                # `Ngoại trưởng Nga Lavrov`, `bà Lan, Giám đốc Sở Y tế`: the person speaks.
                if nearest is None or (
                    person or (nearest.label != "PER" and self._apart(nearest, mention))
                ):
                    nearest = mention
        if nearest is not None:
            return self._whole(nearest, first)
        stop = token
        while stop > first and document.pos[stop - 1] in ("R", "T", "X"):
            stop -= 1
        if any(mention.token_end == stop for mention in self._near(position, first, stop)):
            return None
        start = stop
        while start > first and stop - start < 8 and document.pos[start - 1] in _NOMINAL:
            start -= 1
        return self._text(start, stop) if self._headed(start, stop) else None

    def _whole(self, mention: Mention, first: int) -> str | None:
        """A name, a place with what belongs to it: `Hải quân Indonesia`."""
        start = mention.token_start
        if mention.label == "LOC":
            while start > first and self._document.pos[start - 1].startswith("N"):
                start -= 1
            if not self._headed(start, mention.token_start):
                start = mention.token_start
        return self._text(start, mention.token_end)

    def _headed(self, start: int, stop: int) -> bool:
        """Whether a phrase begins with someone or something that can tell, after a number."""
        words, document = _words(), self._document
        for _ in range(2):
            for size in (3, 2, 1):
                if start + size <= stop:
                    word = " ".join(document.forms[start : start + size]).lower()
                    if word in words.numbers:
                        start += size
                        break
        return any(
            " ".join(document.forms[start : start + size]).lower() in words.heads
            for size in (1, 2, 3)
            if start + size <= stop
        )

    def _ends(self, token: int, some: frozenset[str]) -> bool:
        """Whether one of some words stands right before a token."""
        forms = self._document.forms
        return any(" ".join(forms[max(token - size, 0) : token]).lower() in some for size in (1, 2))

    def _bracketed(self, mention: Mention) -> bool:
        """Whether a name stands in brackets: `ông Nam (quê Hà Nội) cho biết`."""
        before = self._document.forms[max(mention.token_start - _REACH, 0) : mention.token_start]
        return before.count("(") > before.count(")")

    def _near(self, position: int, start: int, end: int) -> Sequence[Mention]:
        """Names of a sentence that begin in a stretch of tokens."""
        some = self._by_sentence.get(position, [])
        low = bisect_left(some, start, key=_token_start)
        high = bisect_left(some, end, key=_token_start)
        return some[low:high]

    def _apart(self, one: Mention, other: Mention) -> bool:
        """Whether the later name is a subject of its own, not in brackets or after `của`."""
        between = self._document.forms[one.token_end : other.token_start]
        return "," in between and "(" not in between

    def _text(self, start: int, end: int) -> str | None:
        document = self._document
        return (
            document.text[document.starts[start] : document.ends[end - 1]] if end > start else None
        )
