"""Sentences of a batch of documents behind each other, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sukien.entities.forms import Forms
from sukien.language.analyzer import tagging_lengths
from sukien.language.document import Document

__all__ = ["ZONES", "Page", "Pieces", "pieces_of"]

ZONES = ("body", "title", "sapo", "caption")
Pieces = list[tuple[int, int, str]]
Index = NDArray[np.int64]


def pieces_of(document: Document) -> Pieces:
    """What the tagger sees as sentences: half-open token spans with their zone."""
    out: Pieces = []
    first, sentences = 0, iter(document.sentences)
    sentence = next(sentences, None)
    for length in tagging_lengths(document):
        while sentence is not None and sentence.token_end <= first:
            sentence = next(sentences, None)
        out.append((first, first + length, sentence.zone if sentence is not None else "body"))
        first += length
    return out


@dataclass(frozen=True)
class Page:
    """All tokens of some documents, one document after the other.

    `forms` are the tokens, `rows` their rows in `table`; `firsts` (sentences + 1) where each
    sentence begins, and the end; `zones` the number of each sentence's zone; `documents`
    (documents + 1) the first token of each document; `texts` the documents themselves.
    """

    table: Forms
    forms: list[str]
    rows: Index
    firsts: Index
    zones: Index
    documents: Index
    texts: Sequence[Document]

    @classmethod
    def of(cls, table: Forms, texts: Sequence[Document], pieces: Iterable[Pieces]) -> Page:
        """Lay out documents whose `pieces` cover all of their tokens."""
        forms: list[str] = []
        documents, firsts, zones = [0], [0], []
        for document, own in zip(texts, pieces, strict=True):
            begin = len(forms)
            forms += document.forms
            documents.append(len(forms))
            firsts += [begin + last for _, last, _ in own]
            zones += [ZONES.index(zone) for _, _, zone in own]
        rows = table.rows(forms)
        first, zone, whole = (
            np.array(values, dtype=np.int64) for values in (firsts, zones, documents)
        )
        return cls(table, forms, rows, first, zone, whole, texts)

    @property
    def sizes(self) -> Index:
        """Tokens of each sentence."""
        return np.diff(self.firsts)

    @cached_property
    def sentences(self) -> Index:
        """The sentence of each token."""
        return np.repeat(np.arange(len(self.firsts) - 1), self.sizes)

    def flag(self, flag: int) -> NDArray[np.bool_]:
        """Whether each token has a flag of `Forms`."""
        return self.table.flags[self.rows] & flag > 0

    def count(self, marks: NDArray[np.bool_]) -> Index:
        """How many tokens of each sentence are marked."""
        total = np.concatenate([[0], np.cumsum(marks)])
        counts: Index = total[self.firsts[1:]] - total[self.firsts[:-1]]
        return counts

    def touching(self, token: int) -> bool:
        """Whether a token stands next to the one before and the one after without a space."""
        number = int(np.searchsorted(self.documents, token, side="right")) - 1
        at, text = token - int(self.documents[number]), self.texts[number]
        return text.starts[at] == text.ends[at - 1] and text.starts[at + 1] == text.ends[at]
