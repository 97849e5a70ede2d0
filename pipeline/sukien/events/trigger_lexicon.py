"""The words that may name an event, found in a document by longest walks through a trie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sukien.events.ontology import Lexeme
from sukien.language.document import Document

__all__ = ["Entry", "TriggerLexicon", "Use"]

# A trie: the next syllable to its node, and under the empty string the entry that ends here.
_Node = dict[str, "_Node | Entry"]
_END: Final = ""


@dataclass(frozen=True, slots=True)
class Use:
    """One type a lexeme may name: how often it does (0–1), where never, and who said so."""

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
class Entry:
    """A lexeme and its uses, at most one a type."""

    text: str
    uses: tuple[Use, ...]


class TriggerLexicon:
    """All lexemes, with the priors of a trained model over those of the ontology.

    >>> lexicon = TriggerLexicon([Lexeme("mua", "Transfer-Ownership", 0.5, unless=("_ sắm",))])
    >>> from sukien.language.analyzer import segment
    >>> document = segment("Ông mua nhà. Họ đi mua sắm.")
    >>> [(start, end, [use.type for use in uses])
    ...  for start, end, _, uses in lexicon.find(document, [f.lower() for f in document.forms])]
    [(1, 2, ['Transfer-Ownership'])]
    """

    def __init__(
        self,
        lexemes: Iterable[Lexeme],
        priors: Mapping[tuple[str, str], float] | None = None,
        types: frozenset[str] | None = None,
    ) -> None:
        uses: dict[str, dict[str, Use]] = {}
        for lexeme in lexemes:
            unless = tuple(_context(context) for context in lexeme.unless)
            use = Use(lexeme.type, lexeme.weight, unless, lexeme.source)
            uses.setdefault(lexeme.text, {})[lexeme.type] = use
        for (text, kind), prior in (priors or {}).items():
            held = uses.setdefault(text, {})
            old = held.get(kind)
            # What a user says of a word stands above what a model learnt.
            if old is None or old.source != "user":
                held[kind] = Use(kind, prior, old.unless if old else (), "model")
        self.entries: list[Entry] = []
        self._root: _Node = {}
        for text in sorted(uses):
            chosen = [
                use for kind, use in sorted(uses[text].items()) if types is None or kind in types
            ]
            if chosen:
                self._add(Entry(text, tuple(chosen)))

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        node = self._root
        for syllable in entry.text.split():
            node = node.setdefault(syllable, {})  # type: ignore[assignment]  # never an Entry
        node[_END] = entry

    def find(
        self, document: Document, lower: Sequence[str]
    ) -> Iterator[tuple[int, int, Entry, list[Use]]]:
        """Spans of tokens that hold a lexeme, with the uses that their context allows.

        `lower` are the document's forms in lower case. Spans may overlap; none crosses the end
        of a sentence.
        """
        root = self._root
        for sentence in document.sentences:
            stop = sentence.token_end
            for start in range(sentence.token_start, stop):
                node = root.get(lower[start])
                end = start + 1
                while type(node) is dict:
                    entry = node.get(_END)
                    if type(entry) is Entry:
                        uses = [u for u in entry.uses if not u.excluded(lower, start, end)]
                        if uses:
                            yield start, end, entry, uses
                    if end >= stop:
                        break
                    node = node.get(lower[end])
                    end += 1


def _context(pattern: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut `đánh _ cược` into what stands before and after.

    >>> _context("môn _ cung")
    (('môn',), ('cung',))
    """
    before, _, after = f" {pattern} ".partition(" _ ")
    return tuple(before.split()), tuple(after.split())
