"""Names in documents: a linear-chain CRF over syllables, with knowledge from raw news.

Labels are PER, ORG, LOC and MISC with the place inside the name (begin, inside, end, single).
Word boundaries are no feature and no limit: 6 % of the names in news cut a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.resources import files
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sukien.entities.caseless import caseless_columns, is_caseless
from sukien.entities.features import Lexicon, place_columns
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.memory import MEMORY, memory_columns
from sukien.entities.mention import Label, Mention
from sukien.language.analyzer import tagging_lengths
from sukien.language.document import Document
from sukien.tagging.cache import cached
from sukien.tagging.columns import Placed
from sukien.tagging.model import Model
from sukien.tagging.tagger import Lattice, Tagger

__all__ = [
    "GRAINS",
    "LEXICON",
    "NameTagger",
    "Reader",
    "document_columns",
    "lexicon_of",
    "pieces_of",
]

LEXICON = "name_clusters"
"""The model's list of names of raw news with their clusters, one number a granularity."""

GRAINS = ("name50", "name200", "name600")
"""Columns of those clusters, coarse to fine."""

LISTED_CONFIDENCE = 0.5
"""Confidence of names that only the list and their spelling tell."""

_CAMEL = re.compile(r"^[^\W\d_]*[a-zà-ỹ][A-Z]")
_LABELS: dict[str, Label] = {"P": "PER", "O": "ORG", "L": "LOC", "M": "MISC"}

Pieces = list[tuple[int, int, str]]
Span = tuple[int, int, Label]


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


def lexicon_of(entries: Mapping[str, str]) -> Lexicon:
    """Names with their clusters from a model's list.

    >>> lexicon_of({"Real Madrid": "3 17 204"})
    {'Real Madrid': ('3', '17', '204')}
    """
    return Lexicon({name: tuple(codes.split()) for name, codes in entries.items()})


def document_columns(
    document: Document,
    pieces: Pieces,
    gazetteer: Gazetteer,
    lexicon: Lexicon,
) -> dict[str, Placed]:
    """The columns by place of one document, for training and tagging alike."""
    return place_columns(
        document.forms, document.starts, document.ends, pieces, gazetteer, lexicon, GRAINS
    )


class Reader:
    """A model and its memory: two passes over a batch.

    The scores of the second pass are those of the first with the weights of the memory columns
    added.
    """

    def __init__(self, model: Model) -> None:
        now = tuple(column for column in model.columns if column.name not in MEMORY)
        told = tuple(column for column in model.columns if column.name in MEMORY)
        self.labels = model.labels
        lists = dict(model.lists)
        self.lexicon = lexicon_of(lists.pop(LEXICON, {}))
        self._now = Tagger(replace(model, columns=now, lists=lists))
        self._told = Tagger(replace(model, columns=told, groups=(), lists={}))

    def read(
        self, forms: Sequence[str], lengths: Sequence[int], columns: Mapping[str, Placed]
    ) -> Lattice:
        """Scores without memory."""
        return self._now.lattice(forms, lengths, columns)

    def reread(
        self,
        lattice: Lattice,
        forms: Sequence[str],
        lengths: Sequence[int],
        memory: Mapping[str, Placed],
    ) -> Lattice:
        """Scores with memory."""
        told = self._told.lattice(forms, lengths, memory)
        return Lattice(lattice.model, lattice.scores + told.scores, lattice.sizes)


@dataclass(slots=True)
class _View:
    """Some sentences of each document behind each other, as one batch.

    `tokens` are the document's tokens, document by document; `firsts` where each begins;
    `whole` whether that is all of them.
    """

    forms: list[str]
    lengths: list[int]
    tokens: list[list[int]]
    firsts: list[int]
    whole: bool

    @classmethod
    def of(
        cls,
        documents: Sequence[Document],
        pieces: Sequence[Sequence[tuple[int, int]]],
        *,
        small: bool,
    ) -> _View:
        tokens = [[at for first, last in own for at in range(first, last)] for own in pieces]
        lengths = [last - first for own in pieces for first, last in own]
        firsts = [0]
        forms: list[str] = []
        for document, own in zip(documents, tokens, strict=True):
            forms.extend(document.forms[at].lower() if small else document.forms[at] for at in own)
            firsts.append(len(forms))
        return cls(forms, lengths, tokens, firsts, whole=not small)

    def join(self, parts: Iterable[Mapping[str, Placed]]) -> dict[str, Placed]:
        """Columns by document token as columns of the batch."""
        out: dict[str, Placed] = {}
        for columns, tokens, first in zip(parts, self.tokens, self.firsts, strict=False):
            at = {} if self.whole else {token: place for place, token in enumerate(tokens)}
            for name, column in columns.items():
                joined = out.setdefault(name, Placed())
                if self.whole:
                    joined.extend(column, first)
                else:
                    for token, value in column.by_token().items():
                        if token in at:
                            joined.add(first + at[token], value)
        return out

    def split(self, spans: Sequence[Span]) -> list[list[Span]]:
        """Spans of the batch as spans of the documents' tokens."""
        out: list[list[Span]] = []
        position = 0
        for tokens, first in zip(self.tokens, self.firsts, strict=False):
            own: list[Span] = []
            while position < len(spans) and spans[position][0] < first + len(tokens):
                start, end, label = spans[position]
                own.append((tokens[start - first], tokens[end - 1 - first] + 1, label))
                position += 1
            out.append(own)
        return out


class NameTagger:
    """Tags names in documents; load one a process and keep it.

    >>> from sukien.language.analyzer import Analyzer
    >>> documents = Analyzer().documents(["Ông Nguyễn Xuân Phúc thăm Nhật Bản."])
    >>> [(m.text, m.label) for m in NameTagger.load().mentions(documents)[0]]
    [('Nguyễn Xuân Phúc', 'PER'), ('Nhật Bản', 'LOC')]
    """

    def __init__(
        self,
        cased: Reader,
        gazetteer: Gazetteer,
        *,
        caseless: Callable[[], Reader] | None = None,
    ) -> None:
        self._cased = cased
        self._caseless = caseless
        self._gazetteer = gazetteer

    @cached_property
    def _small(self) -> Reader:
        """The reader of sentences whose capitals tell nothing; loaded for the first of them."""
        if self._caseless is None:
            raise RuntimeError("this tagger has no model for sentences without capitals")
        return self._caseless()

    @classmethod
    def load(cls, folder: Path | None = None, *, gazetteer: Gazetteer | None = None) -> NameTagger:
        """Read the shipped models, or those in `folder` (`model.npz`, `caseless.npz`).

        Raises OSError where a file cannot be read and ValueError where it is damaged.
        """
        place = folder if folder is not None else files("sukien.models") / "names"

        def reader(name: str) -> Reader:
            def read() -> Reader:
                return Reader(Model.from_bytes((place / f"{name}.npz").read_bytes()))

            return read() if folder else cached(f"names-{name}", read)

        has_caseless = (place / "caseless.npz").is_file()
        return cls(
            reader("model"),
            gazetteer or Gazetteer.load(),
            caseless=partial(reader, "caseless") if has_caseless else None,
        )

    def mentions(self, documents: Sequence[Document]) -> list[list[Mention]]:
        """Names of each document in text order; they never overlap.

        The same document gives the same names whatever else is in the batch.
        """
        pieces = [pieces_of(document) for document in documents]
        bare = [[(first, last) for first, last, _ in own] for own in pieces]
        plain, unread = self._sort(documents, bare)
        cased = _View.of(documents, bare, small=False)
        if not cased.forms:
            return [[] for _ in documents]
        columns = (
            document_columns(document, own, self._gazetteer, self._cased.lexicon)
            for document, own in zip(documents, pieces, strict=True)
        )
        lattice = self._cased.read(cased.forms, cased.lengths, cased.join(columns))
        found = cased.split(_spans(lattice, self._cased.labels))
        found = [_within(spans, own) for spans, own in zip(found, plain, strict=True)]
        small: tuple[_View, Lattice] | None = None
        if any(unread):
            small = self._read_small(self._small, documents, unread)
            more = small[0].split(_spans(small[1], self._small.labels))
            found = [sorted(own + new) for own, new in zip(found, more, strict=True)]
        memory = (
            memory_columns(document.forms, own, spans)
            for document, own, spans in zip(documents, bare, found, strict=True)
        )
        lattice = self._cased.reread(lattice, cased.forms, cased.lengths, cased.join(memory))
        out = _judged(lattice, self._cased.labels, cased)
        out = [_judged_within(items, own) for items, own in zip(out, plain, strict=True)]
        if small is not None:
            view, before = small
            told = (
                memory_columns([form.capitalize() for form in document.forms], own, spans)
                if view.tokens[number]
                else {}
                for number, (document, own, spans) in enumerate(
                    zip(documents, bare, found, strict=True)
                )
            )
            empty = {name: Placed() for name in MEMORY}
            after = self._small.reread(before, view.forms, view.lengths, empty | view.join(told))
            judged = _judged(after, self._small.labels, view)
            out = [sorted(own + new) for own, new in zip(out, judged, strict=True)]
        return [
            self._with_listed(document, [_mention(document, span, chance) for span, chance in own])
            for document, own in zip(documents, out, strict=True)
        ]

    def _with_listed(self, document: Document, mentions: list[Mention]) -> list[Mention]:
        """Add listed names whose spelling alone shows that they are names, where none is marked.

        A capital inside a word (`PyTorch`, `iPhone`) is how brands and products are written and
        nothing else is; the list tells which kind. Their confidence is `LISTED_CONFIDENCE`.
        """
        taken = {token for m in mentions for token in range(m.token_start, m.token_end)}
        added: list[Mention] = []
        for token, form in enumerate(document.forms):
            if token in taken or not _CAMEL.search(form):
                continue
            kinds = {
                _LABELS.get(code[0])
                for code in (self._gazetteer.get(form) or "").split(",")
                if code
            }
            if len(kinds) == 1 and (label := kinds.pop()) is not None:
                span: Span = (token, token + 1, label)
                mention = _mention(document, span, LISTED_CONFIDENCE)
                added.append(replace(mention, method="gazetteer"))
        if not added:
            return mentions
        return sorted([*mentions, *added], key=lambda m: m.token_start)

    def _sort(
        self, documents: Sequence[Document], pieces: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[list[list[tuple[int, int]]], list[list[tuple[int, int]]]]:
        """Sentences whose capitals tell something, and the others."""
        plain, unread = [], []
        for document, own in zip(documents, pieces, strict=True):
            marks = is_caseless(document.forms, own) if self._caseless is not None else []
            if any(marks):
                plain.append([p for p, mark in zip(own, marks, strict=True) if not mark])
                unread.append([p for p, mark in zip(own, marks, strict=True) if mark])
            else:
                plain.append(list(own))
                unread.append([])
        return plain, unread

    def _read_small(
        self,
        reader: Reader,
        documents: Sequence[Document],
        pieces: Sequence[Sequence[tuple[int, int]]],
    ) -> tuple[_View, Lattice]:
        """First pass over sentences in small letters."""
        view = _View.of(documents, pieces, small=True)
        columns = (
            caseless_columns(
                [form.lower() for form in document.forms],
                own, self._gazetteer, reader.lexicon, GRAINS,
            )
            if own
            else {}
            for document, own in zip(documents, pieces, strict=True)
        )  # fmt: skip
        return view, reader.read(view.forms, view.lengths, view.join(columns))


def _within(spans: Sequence[Span], pieces: Sequence[tuple[int, int]]) -> list[Span]:
    """Spans that lie in one of the sentences; both are in text order."""
    out: list[Span] = []
    at = 0
    for span in spans:
        while at < len(pieces) and pieces[at][1] <= span[0]:
            at += 1
        if at < len(pieces) and pieces[at][0] <= span[0]:
            out.append(span)
    return out


def _judged_within(
    items: Sequence[tuple[Span, float]], pieces: Sequence[tuple[int, int]]
) -> list[tuple[Span, float]]:
    kept = set(_within([span for span, _ in items], pieces))
    return [item for item in items if item[0] in kept]


def _spans(lattice: Lattice, labels: Sequence[str]) -> list[Span]:
    """Half-open spans of names on the best path, in the batch's tokens."""
    return _spans_of(lattice.best(), labels)


def _spans_of(path: NDArray[np.int64], labels: Sequence[str]) -> list[Span]:
    """Spans from labels; label 0 is outside, and a name never crosses a sentence's edge."""
    out: list[Span] = []
    start = -1
    for token in np.flatnonzero(path).tolist():
        label = labels[path[token]]
        if label[0] in "BS":
            start = token
        if label[0] in "ES" and start >= 0:
            out.append((start, token + 1, cast("Label", label[2:])))
            start = -1
    return out


def _judged(lattice: Lattice, labels: Sequence[str], view: _View) -> list[list[tuple[Span, float]]]:
    """Names on the best path by document, each with its probability."""
    path = lattice.best()
    spans = _spans_of(path, labels)
    chances = iter(lattice.span_probability([(start, end) for start, end, _ in spans], path))
    return [[(span, next(chances)) for span in own] for own in view.split(spans)]


def _mention(document: Document, span: Span, chance: float) -> Mention:
    start, end, label = span
    char_start, char_end = document.starts[start], document.ends[end - 1]
    return Mention(
        char_start=char_start,
        char_end=char_end,
        text=document.text[char_start:char_end],
        label=label,
        confidence=chance,
        method="model",
        token_start=start,
        token_end=end,
        sentence=document.sentence_at(char_start),
    )
