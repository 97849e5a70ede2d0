"""Names in documents: a linear-chain CRF over syllables, with knowledge from raw news.

Labels are PER, ORG, LOC and MISC with the place inside the name (begin, inside, end, single).
Word boundaries are no feature and no limit: 6 % of the names in news cut a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.resources import files
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sukien.entities.caseless import caseless_columns, is_caseless
from sukien.entities.features import Lexicon, place_columns
from sukien.entities.forms import Forms
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.memory import MEMORY, memory_columns
from sukien.entities.mention import Label, Mention
from sukien.entities.page import Page, pieces_of
from sukien.language.document import Document
from sukien.tagging.cache import cached
from sukien.tagging.columns import Placed
from sukien.tagging.model import Model
from sukien.tagging.tagger import Lattice, Numbers, Tagger

__all__ = ["LEXICON", "NameTagger", "Reader"]

LEXICON = "name_clusters"
"""The model's list of names of raw news with their clusters, one number a granularity."""

LISTED_CONFIDENCE = 0.5
"""Confidence of names that only the list and their spelling tell."""

_LABELS: dict[str, Label] = {"P": "PER", "O": "ORG", "L": "LOC", "M": "MISC"}

Span = tuple[int, int, Label]
Index = NDArray[np.int64]
Marks = NDArray[np.bool_]


class Reader:
    """A model that reads a batch twice: the second time it knows what the documents said."""

    def __init__(self, model: Model) -> None:
        self.labels = model.labels
        lists = dict(model.lists)
        self.lexicon = Lexicon(lists.pop(LEXICON, {}))
        self._tagger = Tagger(replace(model, lists=lists))

    def read(self, forms: Sequence[str], sizes: Index, columns: Mapping[str, Placed]) -> _Reading:
        """The first time."""
        unsaid = dict.fromkeys(MEMORY, Placed.of([]))
        lattice = self._tagger.lattice(forms, sizes, {**columns, **unsaid})
        return _Reading(lattice, lattice.best(), self.labels)

    def reread(self, first: _Reading, memory: Mapping[str, Placed | Numbers]) -> _Reading:
        """The second time; sentences that memory says nothing of stay as they are."""
        told = np.zeros(len(first.path), dtype=np.bool_)
        for column in memory.values():
            told[column.tokens() if isinstance(column, Placed) else column > 0] = True
        lattice = self._tagger.told(first.lattice, memory)
        owner = np.repeat(np.arange(len(lattice.sizes)), lattice.sizes)
        part, tokens = lattice.of(np.unique(owner[told]))
        path = first.path.copy()
        path[tokens] = part.best()
        return _Reading(lattice, path, self.labels)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Scores and labels of a batch."""

    lattice: Lattice
    path: Index
    labels: Sequence[str]

    def spans(self) -> list[Span]:
        """Half-open spans of names; label 0 is outside, and none crosses a sentence's edge."""
        out: list[Span] = []
        start = -1
        found = np.flatnonzero(self.path)
        for token, number in zip(found.tolist(), self.path[found].tolist(), strict=True):
            label = self.labels[number]
            if label[0] in "BS":
                start = token
            if label[0] in "ES" and start >= 0:
                out.append((start, token + 1, cast("Label", label[2:])))
                start = -1
        return out

    def judged(self) -> list[tuple[Span, float]]:
        """Names, each with its probability."""
        spans = self.spans()
        places = [(start, end) for start, end, _ in spans]
        chances = self.lattice.span_probability(places, self.path)
        return list(zip(spans, chances, strict=True))


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
        self._forms = Forms(gazetteer)

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
        page = Page.of(self._forms, documents, map(pieces_of, documents))
        if not page.forms:
            return [[] for _ in documents]
        columns = place_columns(page, self._gazetteer, self._cased.lexicon)
        first = self._cased.read(page.forms, page.sizes, columns)
        found = first.spans()
        unread = self._unread(page)
        small: _Small | None = None
        if unread.any():
            small = _Small.of(page, unread, self._small, self._gazetteer)
            found = sorted([*small.outside(found), *small.spans()])
        out = self._cased.reread(first, memory_columns(page, found)).judged()
        if small is not None:
            judged = small.judged(page, found)
            kept = set(small.outside([span for span, _ in out]))
            out = sorted([*(item for item in out if item[0] in kept), *judged])
        mentions = [
            [Mention.of(document, *span, chance) for span, chance in own]
            for document, own in zip(documents, _split(page, out), strict=True)
        ]
        return self._with_listed(page, mentions)

    def _unread(self, page: Page) -> Marks:
        """Sentences whose capitals tell nothing, where there is a model for them."""
        if self._caseless is None:
            return np.zeros(len(page.sizes), dtype=np.bool_)
        return is_caseless(page)

    def _with_listed(self, page: Page, mentions: list[list[Mention]]) -> list[list[Mention]]:
        """Add listed names whose spelling alone shows that they are names, where none is marked.

        A capital inside a word (`PyTorch`, `iPhone`) is how brands and products are written and
        nothing else is; the list tells which kind. Their confidence is `LISTED_CONFIDENCE`.
        """
        for at in np.flatnonzero(page.flag(Forms.CAMEL)).tolist():
            number = int(np.searchsorted(page.documents, at, side="right")) - 1
            token, own = at - int(page.documents[number]), mentions[number]
            if any(m.token_start <= token < m.token_end for m in own):
                continue
            kinds = {
                _LABELS.get(code[0])
                for code in (self._gazetteer.get(page.forms[at]) or "").split(",")
                if code
            }
            if len(kinds) == 1 and (label := kinds.pop()) is not None:
                span: Span = (token, token + 1, label)
                mention = Mention.of(page.texts[number], *span, LISTED_CONFIDENCE)
                own.append(replace(mention, method="gazetteer"))
                own.sort(key=lambda m: m.token_start)
        return mentions


@dataclass(frozen=True, slots=True)
class _Small:
    """The sentences of a page that are read in small letters, and their first reading.

    `tokens` are theirs on the page, `marks` (page tokens) which these are.
    """

    reader: Reader
    tokens: Index
    marks: Marks
    first: _Reading

    @classmethod
    def of(cls, page: Page, unread: Marks, reader: Reader, gazetteer: Gazetteer) -> _Small:
        marks = np.repeat(unread, page.sizes)
        tokens, sizes = np.flatnonzero(marks), page.sizes[unread]
        forms = [page.forms[token].lower() for token in tokens.tolist()]
        columns = caseless_columns(forms, sizes, gazetteer, reader.lexicon)
        return cls(reader, tokens, marks, reader.read(forms, sizes, columns))

    def outside(self, spans: Sequence[Span]) -> list[Span]:
        """Spans of the page that do not lie in these sentences."""
        return [span for span in spans if not self.marks[span[0]]]

    def _placed(self, span: Span) -> Span:
        return int(self.tokens[span[0]]), int(self.tokens[span[1] - 1]) + 1, span[2]

    def spans(self) -> list[Span]:
        """Names of the first reading, as spans of the page."""
        return [self._placed(span) for span in self.first.spans()]

    def judged(self, page: Page, found: Sequence[Span]) -> list[tuple[Span, float]]:
        """Names with their probabilities after the memory of all names found."""
        document = np.searchsorted(page.documents, self.tokens, side="right")
        own = set(document.tolist())
        first = np.searchsorted(page.documents, [span[0] for span in found], side="right")
        told = [span for span, at in zip(found, first.tolist(), strict=True) if at in own]
        memory = memory_columns(page, told, caseless=True)
        size = len(page.forms)
        dense = {name: column.dense(size)[self.tokens] for name, column in memory.items()}
        judged = self.reader.reread(self.first, dense).judged()
        return [(self._placed(span), chance) for span, chance in judged]


def _split(page: Page, items: Sequence[tuple[Span, float]]) -> list[list[tuple[Span, float]]]:
    """Names of the page by document, as spans of the document's tokens."""
    out: list[list[tuple[Span, float]]] = [[] for _ in page.texts]
    documents = page.documents.tolist()
    number = 0
    for (start, end, label), chance in items:
        while documents[number + 1] <= start:
            number += 1
        first = documents[number]
        out[number].append(((start - first, end - first, label), chance))
    return out
