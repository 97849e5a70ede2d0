"""Names in documents: a linear-chain CRF over syllables, with knowledge from raw news.

Labels are PER, ORG, LOC and MISC with the place inside the name (begin, inside, end, single).
Word boundaries are no feature and no limit: 6 % of the names in news cut a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import cast

from sukien.entities.features import place_columns
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.mention import Label, Mention
from sukien.language.analyzer import tagging_lengths
from sukien.language.document import Document
from sukien.tagging.model import Model
from sukien.tagging.tagger import Tagger

__all__ = ["GRAINS", "LEXICON", "NameTagger", "document_columns", "pieces_of"]

LEXICON = "name_clusters"
"""The model's list of names of raw news with their clusters, one number a granularity."""

GRAINS = ("name50", "name200", "name600")
"""Columns of those clusters, coarse to fine."""


def pieces_of(document: Document) -> list[tuple[int, int, str]]:
    """What the tagger sees as sentences: half-open token spans with their zone."""
    out: list[tuple[int, int, str]] = []
    first, sentences = 0, iter(document.sentences)
    sentence = next(sentences, None)
    for length in tagging_lengths(document):
        while sentence is not None and sentence.token_end <= first:
            sentence = next(sentences, None)
        out.append((first, first + length, sentence.zone if sentence is not None else "body"))
        first += length
    return out


def document_columns(
    document: Document,
    pieces: Sequence[tuple[int, int, str]],
    gazetteer: Gazetteer,
    lexicon: dict[str, tuple[str, ...]],
) -> dict[str, list[str]]:
    """The columns by place of one document, for training and tagging alike."""
    return place_columns(
        document.forms, document.starts, document.ends, pieces, gazetteer, lexicon, GRAINS
    )


class NameTagger:
    """Tags names in documents; load one a process and keep it.

    >>> from sukien.language.analyzer import Analyzer
    >>> documents = Analyzer().documents(["Ông Nguyễn Xuân Phúc thăm Nhật Bản."])
    >>> [(m.text, m.label) for m in NameTagger.load().mentions(documents)[0]]
    [('Nguyễn Xuân Phúc', 'PER'), ('Nhật Bản', 'LOC')]
    """

    def __init__(self, model: Model, gazetteer: Gazetteer) -> None:
        self._tagger = Tagger(model)
        self._gazetteer = gazetteer
        entries = model.lists.get(LEXICON, {})
        self._lexicon = {name: tuple(codes.split()) for name, codes in entries.items()}

    @classmethod
    def load(cls, path: Path | None = None, *, gazetteer: Gazetteer | None = None) -> NameTagger:
        """Read the shipped model, or the one at `path`.

        Raises OSError where the file cannot be read and ValueError where it is damaged.
        """
        if path is not None:
            data = path.read_bytes()
        else:
            data = (files("sukien.models") / "names" / "model.npz").read_bytes()
        return cls(Model.from_bytes(data), gazetteer or Gazetteer.load())

    def mentions(self, documents: Sequence[Document]) -> list[list[Mention]]:
        """Names of each document in text order; they never overlap.

        The same document gives the same names whatever else is in the batch.
        """
        pieces = [pieces_of(document) for document in documents]
        columns = [
            document_columns(document, parts, self._gazetteer, self._lexicon)
            for document, parts in zip(documents, pieces, strict=True)
        ]
        forms = list(chain.from_iterable(document.forms for document in documents))
        if not forms:
            return [[] for _ in documents]
        lengths = [last - first for parts in pieces for first, last, _ in parts]
        context = {
            name: list(chain.from_iterable(column[name] for column in columns))
            for name in columns[0]
        }
        lattice = self._tagger.lattice(forms, lengths, context)
        path = lattice.best()
        spans = self._spans(path.tolist(), lengths)
        chances = lattice.span_probability([(start, end) for start, end, _ in spans], path)
        return _by_document(documents, spans, chances)

    def _spans(self, path: Sequence[int], lengths: Sequence[int]) -> list[tuple[int, int, Label]]:
        """Half-open spans of names in the batch's tokens."""
        labels = self._tagger.labels
        out: list[tuple[int, int, Label]] = []
        at = 0
        for length in lengths:
            start = -1
            for token in range(at, at + length):
                label = labels[path[token]]
                if label[0] in "BS":
                    start = token
                if label[0] in "ES" and start >= 0:
                    out.append((start, token + 1, cast("Label", label[2:])))
                    start = -1
            at += length
        return out


def _by_document(
    documents: Sequence[Document],
    spans: Sequence[tuple[int, int, Label]],
    chances: Sequence[float],
) -> list[list[Mention]]:
    """Bring spans of the batch back to their documents."""
    out: list[list[Mention]] = []
    position = first = 0
    for document in documents:
        last = first + len(document)
        names: list[Mention] = []
        while position < len(spans) and spans[position][0] < last:
            start, end, label = spans[position]
            token_start, token_end = start - first, end - first
            char_start, char_end = document.starts[token_start], document.ends[token_end - 1]
            names.append(
                Mention(
                    char_start=char_start,
                    char_end=char_end,
                    text=document.text[char_start:char_end],
                    label=label,
                    confidence=chances[position],
                    method="model",
                    token_start=token_start,
                    token_end=token_end,
                    sentence=document.sentence_at(char_start),
                )
            )
            position += 1
        out.append(names)
        first = last
    return out
