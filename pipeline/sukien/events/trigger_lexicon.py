"""The words that may name an event, found in a document by walks through a trie of syllables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from sukien.entities.mention import Mention
from sukien.events.ontology import Lexeme
from sukien.language.document import Document

__all__ = ["Contexts", "Found", "TriggerLexicon", "Use"]

# A syllable within a longer word (`điều` of `điều trị`) counts only from this prior on.
_CUT: Final = 0.25
_END: Final = ""
# Names of these kinds hold no events; a work, a law or a competition may.
_SILENT: Final = frozenset({"PER", "ORG", "LOC"})


@dataclass(frozen=True, slots=True)
class Contexts:
    """Contexts in which a lexeme names nothing; most are one syllable before or after it.

    >>> contexts = Contexts.read(["môn _ cung", "_ lẻ"])
    >>> contexts.hold("họ bán lẻ gạo".split(), 1, 2), contexts.hold("họ bán gạo".split(), 1, 2)
    (True, False)
    """

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    longer: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    @classmethod
    def read(cls, patterns: Iterable[str]) -> Self:
        """Read patterns with `_` for the lexeme."""
        before, after, longer = set(), set(), []
        for pattern in patterns:
            left, _, right = (part.split() for part in f" {pattern} ".partition(" _ "))
            if len(left) == 1 and not right:
                before.add(left[0])
            elif len(right) == 1 and not left:
                after.add(right[0])
            else:
                longer.append((tuple(left), tuple(right)))
        return cls(frozenset(before), frozenset(after), tuple(longer))

    def __bool__(self) -> bool:
        return bool(self.before or self.after or self.longer)

    def hold(self, lower: Sequence[str], start: int, end: int) -> bool:
        """Whether one of them surrounds the span."""
        if start and lower[start - 1] in self.before:
            return True
        if end < len(lower) and lower[end] in self.after:
            return True
        return any(
            tuple(lower[max(start - len(left), 0) : start]) == left
            and tuple(lower[end : end + len(right)]) == right
            for left, right in self.longer
        )


@dataclass(frozen=True, slots=True)
class Use:
    """A lexeme and a type it may name: how often it does (0–1), where never, and who said so.

    `next` holds the labels of names of which one must follow at once, if any.
    """

    text: str
    type: str
    prior: float
    unless: Contexts = Contexts()
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
            unless = Contexts.read(lexeme.unless)
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
                    text, kind, prior, old.unless if old else Contexts(), "model"
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

    def find(
        self,
        document: Document,
        lower: Sequence[str],
        mentions: Sequence[Mention] = (),
    ) -> Found:
        """Spans of tokens that hold a lexeme, with the uses that their context allows.

        `lower` are the document's forms in lower case, `mentions` its names. Spans may overlap;
        none crosses the end of a sentence or lies across two words, none begins within the name of
        a person, a place or an organisation (`Thắng`, `Cục Điều tra`).
        """
        found = Found([], [], [], [])
        starts, ends, numbers, longest = found.starts, found.ends, found.uses, found.longest
        begins = [*(document.words or [True] * len(lower)), True]
        nodes = list(map(self._root.get, lower))
        names: dict[int, str] = {}
        for mention in mentions:
            names[mention.token_start] = mention.label
            if mention.label in _SILENT:
                count = mention.token_end - mention.token_start
                nodes[mention.token_start : mention.token_end] = [None] * count
        for sentence in document.sentences:
            stop, reach = sentence.token_end, sentence.token_start
            for start in range(sentence.token_start, stop):
                node = nodes[start]
                if node is None:
                    continue
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
