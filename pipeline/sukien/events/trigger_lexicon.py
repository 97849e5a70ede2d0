"""The words that may name an event, found in a document by walks through a trie of syllables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sukien.events.ontology import Lexeme
from sukien.language.document import Document

__all__ = ["Found", "TriggerLexicon", "Use"]

# A syllable within a longer word (`điều` of `điều trị`) counts only from this prior on.
_CUT: Final = 0.25
_END: Final = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A lexeme and a type it may name: how often it does (0–1), where never, and who said so."""

    text: str
    type: str
    prior: float
    unless: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    source: str = "lexicon"

    def excluded(self, lower: Sequence[str], start: int, end: int) -> bool:
        """Whether a context in which the lexeme never names the type surrounds this span."""
        return any(
            tuple(lower[max(start - len(before), 0) : start]) == before
            and tuple(lower[end : end + len(after)]) == after
            for before, after in self.unless
        )


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
            unless = tuple(_context(context) for context in lexeme.unless)
            chosen[lexeme.text, lexeme.type] = Use(
                lexeme.text, lexeme.type, lexeme.weight, unless, lexeme.source
            )
        for (text, kind), prior in (priors or {}).items():
            old = chosen.get((text, kind))
            # What a user says of a word stands above what a model learnt.
            if old is None or old.source != "user":
                chosen[text, kind] = Use(text, kind, prior, old.unless if old else (), "model")
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
                any(self.uses[n].unless for n in of_text),
            )

    def find(self, document: Document, lower: Sequence[str]) -> Found:
        """Spans of tokens that hold a lexeme, with the uses that their context allows.

        `lower` are the document's forms in lower case. Spans may overlap; none crosses the end
        of a sentence.
        """
        found = Found([], [], [], [])
        begins = [*(document.words or [True] * len(lower)), True]
        nodes = list(map(self._root.get, lower))
        for sentence in document.sentences:
            stop, reach = sentence.token_end, sentence.token_start
            for start in range(sentence.token_start, stop):
                node = nodes[start]
                if node is None:
                    continue
                spans: list[tuple[int, _Entry]] = []
                end = start + 1
                while type(node) is dict:
                    entry = node.get(_END)
                    if type(entry) is _Entry:
                        spans.append((end, entry))
                    if end >= stop:
                        break
                    node = node.get(lower[end])
                    end += 1
                for end, entry in spans:
                    whole = begins[start] and (begins[end] or end == stop)
                    uses = entry.uses if whole else entry.sure
                    if entry.guarded:
                        uses = tuple(
                            n for n in uses if not self.uses[n].excluded(lower, start, end)
                        )
                    found.starts += [start] * len(uses)
                    found.ends += [end] * len(uses)
                    found.uses += uses
                    found.longest += [end > reach and end == spans[-1][0]] * len(uses)
                if spans:
                    reach = max(reach, spans[-1][0])
        return found


def _context(pattern: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut `đánh _ cược` into what stands before and after.

    >>> _context("môn _ cung")
    (('môn',), ('cung',))
    """
    before, _, after = f" {pattern} ".partition(" _ ")
    return tuple(before.split()), tuple(after.split())
