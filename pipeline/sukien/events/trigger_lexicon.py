"""The words that may name an event, found in a document by walks through a trie of syllables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from sukien.entities.mention import Mention
from sukien.events.ontology import Lexeme
from sukien.events.trigger_features import Hashes, string_hash
from sukien.language.document import Document
from sukien.tagging.hashing import HashTable

__all__ = ["Contexts", "Found", "TriggerLexicon", "Use"]

# A syllable within a longer word (`điều` of `điều trị`) counts only from this prior on.
_CUT: Final = 0.25
_END: Final = ""
# Names of these kinds hold no events; a work, a law or a competition may.
_SILENT: Final = frozenset({"PER", "ORG", "LOC"})

# The syllables before and after a lexeme.
_Sides = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Contexts:
    """Contexts in which a lexeme names nothing, by the syllable before or, failing that, after it.

    >>> contexts = Contexts.read(["môn _ cung", "_ lẻ"])
    >>> contexts.hold("họ bán lẻ gạo".split(), 1, 2), contexts.hold("họ bán gạo".split(), 1, 2)
    (True, False)
    """

    before: Mapping[str, tuple[_Sides, ...]] = field(default_factory=dict)
    after: Mapping[str, tuple[_Sides, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, patterns: Iterable[str]) -> Self:
        """Read patterns with `_` for the lexeme."""
        before: dict[str, tuple[_Sides, ...]] = {}
        after: dict[str, tuple[_Sides, ...]] = {}
        for pattern in patterns:
            left, _, right = (tuple(part.split()) for part in f" {pattern} ".partition(" _ "))
            table, nearest = (before, left[-1]) if left else (after, right[0])
            table[nearest] = (*table.get(nearest, ()), (left, right))
        return cls(before, after)

    def __bool__(self) -> bool:
        return bool(self.before or self.after)

    def hold(self, lower: Sequence[str], start: int, end: int) -> bool:
        """Whether one of them surrounds the span."""
        near = self.before.get(lower[start - 1], ()) if start else ()
        if end < len(lower) and self.after:
            near += self.after.get(lower[end], ())
        return any(
            tuple(lower[max(start - len(left), 0) : start]) == left
            and tuple(lower[end : end + len(right)]) == right
            for left, right in near
        )


_NOWHERE: Final = Contexts()


@dataclass(frozen=True, slots=True)
class Use:
    """A lexeme and a type it may name: how often it does (0–1), where never, and who said so.

    `next` holds the labels of names of which one must follow at once, if any.
    """

    text: str
    type: str
    prior: float
    unless: Contexts = _NOWHERE
    source: str = "lexicon"
    next: frozenset[str] = frozenset()

    @property
    def guarded(self) -> bool:
        """Whether the context has a say."""
        return bool(self.unless or self.next)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A lexeme's uses by their number: all, and those that hold within a longer word too."""

    uses: tuple[int, ...]
    sure: tuple[int, ...]
    guarded: bool


# A trie: the next syllable to its node, and under the empty string the entry that ends here.
_Node = dict[str, "_Node | _Entry"]


@dataclass(slots=True)
class Found:
    """Spans of tokens and the numbers of their uses; parallel lists, in order of position.

    `longest` is false for a span within a longer one.
    """

    starts: list[int]
    ends: list[int]
    uses: list[int]
    longest: list[bool]


def _pair(left: Hashes, right: Hashes) -> Hashes:
    return left * np.uint64(3) + right


class TriggerLexicon:
    """All lexemes, with the priors of a trained model over those of the ontology.

    >>> lexicon = TriggerLexicon([Lexeme("mua", "Transfer-Ownership", 0.5, unless=("_ sắm",))])
    >>> from sukien.language.analyzer import segment
    >>> document = segment("Ông mua nhà. Họ đi mua sắm.")
    >>> found = lexicon.find(document, [form.lower() for form in document.forms])
    >>> found.starts, found.ends, [lexicon.uses[number].type for number in found.uses]
    ([1], [2], ['Transfer-Ownership'])
    """

    def __init__(
        self,
        lexemes: Iterable[Lexeme],
        priors: Mapping[tuple[str, str], float] | None = None,
        types: frozenset[str] | None = None,
        lowest: float = 0.0,
    ) -> None:
        chosen: dict[tuple[str, str], Use] = {}
        for lexeme in lexemes:
            unless = Contexts.read(lexeme.unless) if lexeme.unless else _NOWHERE
            chosen[lexeme.text, lexeme.type] = Use(
                lexeme.text,
                lexeme.type,
                lexeme.weight,
                unless,
                lexeme.source,
                frozenset(lexeme.next),
            )
        for (text, kind), prior in (priors or {}).items():
            old = chosen.get((text, kind))
            # What a user says of a word stands above what a model learnt, and a model that is
            # trained without names knows nothing of what names decide.
            if old is None or (old.source != "user" and not old.next):
                chosen[text, kind] = Use(
                    text, kind, prior, old.unless if old else _NOWHERE, "model"
                )
        self.uses = [
            use
            for _, use in sorted(chosen.items())
            if use.prior >= lowest and (types is None or use.type in types)
        ]
        numbers: dict[str, list[int]] = {}
        for number, use in enumerate(self.uses):
            numbers.setdefault(use.text, []).append(number)
        self._root: _Node = {}
        for text, of_text in numbers.items():
            node = self._root
            syllables = text.split()
            for syllable in syllables:
                node = node.setdefault(syllable, {})  # type: ignore[assignment]  # no entry here
            whole = len(syllables) == 1
            node[_END] = _Entry(
                tuple(of_text),
                tuple(n for n in of_text if not whole or self.uses[n].prior >= _CUT),
                any(self.uses[n].guarded for n in of_text),
            )
        split = [[string_hash(syllable) for syllable in text.split()] for text in numbers]
        alone = {syllables[0]: False for syllables in split}
        alone.update((syllables[0], True) for syllables in split if len(syllables) == 1)
        self._firsts = HashTable(np.array(list(alone), np.uint64))
        # One more for a first syllable that is not in the table, at position -1.
        self._alone = np.array([*alone.values(), False])
        pairs = {tuple(syllables[:2]) for syllables in split if len(syllables) > 1}
        left, right = np.array(sorted(pairs), np.uint64).reshape(-1, 2).T
        self._pairs = HashTable(np.unique(_pair(left, right)))

    def beginnings(self, forms: Hashes) -> npt.NDArray[np.int64]:
        """Positions at which a lexeme may begin, given the hashes of forms in lower case.

        A cheap look at two tokens that misses none: few of the first syllables go on.
        """
        first = self._firsts.find(forms)
        at = np.flatnonzero(first >= 0)
        following = forms[np.minimum(at + 1, len(forms) - 1)]
        goes_on = self._pairs.find(_pair(forms[at], following)) >= 0
        return at[self._alone[first[at]] | goes_on]

    def find(
        self,
        document: Document,
        lower: Sequence[str],
        mentions: Sequence[Mention] = (),
        beginnings: Iterable[int] | None = None,
    ) -> Found:
        """Spans of tokens that hold a lexeme, with the uses that their context allows.

        `lower` are the document's forms in lower case, `mentions` its names. Spans may overlap;
        none crosses the end of a sentence or lies across two words, none begins within the name of
        a person, a place or an organisation (`Thắng`, `Cục Điều tra`). `beginnings` are the tokens
        to look at in ascending order, by default all.
        """
        found = Found([], [], [], [])
        starts, ends, numbers, longest = found.starts, found.ends, found.uses, found.longest
        begins = [*(document.words or [True] * len(lower)), True]
        names: dict[int, str] = {}
        silent = bytearray(len(lower))
        for mention in mentions:
            names[mention.token_start] = mention.label
            if mention.label in _SILENT:
                count = mention.token_end - mention.token_start
                silent[mention.token_start : mention.token_end] = b"\1" * count
        stops = iter(document.sentences)
        stop = reach = 0
        for start in range(len(lower)) if beginnings is None else beginnings:
            if silent[start]:
                continue
            while start >= stop:
                stop = next(stops).token_end
            node: _Node | _Entry | None = self._root.get(lower[start])
            last, end = 0, start + 1
            while type(node) is dict:
                entry = node.get(_END)
                if type(entry) is _Entry:
                    opens, closes = begins[start], end == stop or begins[end]
                    # The end of one word and the beginning of the next are no word.
                    uses = entry.uses if opens and closes else entry.sure
                    if not (opens or closes):
                        uses = ()
                    if entry.guarded:
                        uses = self._allowed(uses, lower, start, end, names)
                    for number in uses:
                        starts.append(start)
                        ends.append(end)
                        numbers.append(number)
                        longest.append(False)
                    if uses:
                        last, count = end, len(uses)
                if end == stop:
                    break
                node = node.get(lower[end])
                end += 1
            if last > reach:
                reach = last
                longest[-count:] = [True] * count
        return found

    def _allowed(
        self,
        uses: tuple[int, ...],
        lower: Sequence[str],
        start: int,
        end: int,
        names: Mapping[int, str],
    ) -> tuple[int, ...]:
        return tuple(
            number
            for number in uses
            if not (use := self.uses[number]).unless.hold(lower, start, end)
            and (not use.next or names.get(end) in use.next)
        )
