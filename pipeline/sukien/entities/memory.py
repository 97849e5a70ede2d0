"""What the rest of a document says of a name: the tagger's memory.

A name seen clearly once helps its other occurrences and its short forms. After a first pass each
capitalised token learns what its form was part of in *other* sentences, and a second pass weighs
that against the sentence's own words (two-stage CRF: Krishnan and Manning, ACL 2006).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sukien.entities.forms import Forms
from sukien.entities.page import Page
from sukien.tagging.columns import Placed
from sukien.tagging.hashing import fold

__all__ = ["MEMORY", "memory_columns", "told_label", "told_place", "told_whole"]

MEMORY = ("told_label", "told_place", "told_whole")
"""Columns that `memory_columns` fills."""

NONE = 1
"""Value of `told_label` where a form stands elsewhere, but never in a name."""

_LABELS = ("LOC", "MISC", "ORG", "PER")
_LONGEST = 8  # tokens of a whole name that is recognised

Index = NDArray[np.int64]
Spans = Sequence[tuple[int, int, str]]


def told_label(label: str, count: int, *, sole: bool) -> int:
    """Value for the most frequent label of a form in other sentences, and how often."""
    return 2 + 8 * _LABELS.index(label) + 4 * sole + min(count, 3)


def told_place(label: str, place: str) -> int:
    """Value for where in a name (B, I, E or S) a form stands elsewhere."""
    return 1 + 4 * _LABELS.index(label) + "BEIS".index(place)


def told_whole(label: str, count: int, edge: int) -> int:
    """Value for a token of a whole name that stands elsewhere; `edge`: 1 begins it, 2 ends it."""
    return 1 + 16 * _LABELS.index(label) + 4 * min(count, 2) + edge


class _Votes:
    """Labels that things got, by thing and by sentence.

    A thing is a number; `of` counts for each of some (thing, sentence) pairs how often it has
    each label in other sentences, shape (pairs, labels).
    """

    def __init__(self, things: Index, sentences: Index, labels: Index) -> None:
        self.things, at = np.unique(things, return_inverse=True)
        self._total = np.zeros((len(self.things) + 1, len(_LABELS)), dtype=np.int64)
        np.add.at(self._total, (at, labels), 1)
        self._pairs, pair = np.unique(_pair(at, sentences), return_inverse=True)
        self._own = np.zeros((len(self._pairs) + 1, len(_LABELS)), dtype=np.int64)
        np.add.at(self._own, (pair, labels), 1)

    def of(self, things: Index, sentences: Index) -> Index:
        at = _find(self.things, things)
        own = _find(self._pairs, _pair(at, sentences))
        counts: Index = self._total[at] - self._own[own]
        return counts


def _pair(one: Index, two: Index) -> Index:
    return (one << 32) | two


def _find(held: NDArray[np.int64], asked: Index) -> Index:
    """Position of each number in the sorted ones held, -1 where it is not there."""
    if not len(held):
        return np.full(len(asked), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(held, asked), len(held) - 1)
    return np.where(held[at] == asked, at, -1)


def memory_columns(page: Page, spans: Spans, *, caseless: bool = False) -> dict[str, Placed]:
    """Columns of a batch's tokens from the names of a first pass, half-open token spans in order.

    Linear in tokens. A token whose form stands in one sentence of its document only has no
    value. `caseless` takes every word for a capitalised one.
    """
    none = Placed.of([])
    if not spans:
        return dict.fromkeys(MEMORY, none)
    table, rows = page.table, page.rows
    kind = Forms.LOWER if caseless else Forms.WRITTEN
    document = np.repeat(np.arange(len(page.documents) - 1), np.diff(page.documents))
    named = np.zeros(len(page.documents) - 1, dtype=np.bool_)
    starts, ends = (np.array([span[at] for span in spans], dtype=np.int64) for at in (0, 1))
    labels = np.array([_LABELS.index(label) for _, _, label in spans], dtype=np.int64)
    named[document[starts]] = True
    capital = page.flag(Forms.LETTER if caseless else Forms.CAPITAL) & named[document]
    tokens = np.flatnonzero(capital)
    # A form within its document: one number.
    _, number = np.unique(table.hashes[rows[tokens], kind], return_inverse=True)
    form = np.full(len(rows), -1, dtype=np.int64)
    form[tokens] = _pair(document[tokens], number)

    sizes = ends - starts
    inside = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    owner = np.repeat(np.arange(len(starts)), sizes)
    upper = form[inside] >= 0
    inside, owner = inside[upper], owner[upper]
    votes = _Votes(form[inside], page.sentences[inside], labels[owner])

    # Tokens whose form stands in several sentences.
    pairs = np.unique(_pair(_rank(form[tokens]), page.sentences[tokens]))
    repeated = np.bincount(pairs >> 32)[_rank(form[tokens])] > 1
    tokens = tokens[repeated]
    counts = votes.of(form[tokens], page.sentences[tokens])
    most = counts.max(axis=1, initial=0)
    told = most > 0
    label = counts.argmax(axis=1)
    sole = (counts > 0).sum(axis=1) == 1
    value = np.where(told, 2 + 8 * label + 4 * sole + np.minimum(most, 3), NONE)
    ones = np.ones(len(tokens), dtype=np.int64)
    at = tokens[told]
    place = 4 * labels[owner] + _places(inside, starts[owner], ends[owner])
    return {
        "told_label": Placed(tokens, ones, value.astype(np.uint64)),
        "told_place": Placed(
            at, ones[told], _best_place(page, form, inside, sizes[owner], place, at)
        ),
        "told_whole": _recognise(page, kind, document, (starts, ends, labels)),
    }


def _rank(values: Index) -> Index:
    return np.unique(values, return_inverse=True)[1]


def _places(tokens: Index, starts: Index, ends: Index) -> Index:
    """Where in its name a token stands: B 0, E 1, I 2, S 3."""
    first, last = tokens == starts, tokens == ends - 1
    return np.select([first & last, first, last], [3, 0, 1], 2)


def _best_place(
    page: Page, form: Index, inside: Index, sizes: Index, place: Index, asked: Index
) -> NDArray[np.uint64]:
    """Where each asked token's form stands in the longest name of another sentence."""
    sentence = page.sentences[inside]
    order = np.lexsort((-place, -sentence, -sizes, form[inside]))
    forms, sentence, place = form[inside][order], sentence[order], place[order]
    first = np.searchsorted(forms, form[asked])
    # The best entry of another sentence than the best one's: the first after it.
    group = np.flatnonzero(np.diff(forms, prepend=-1))
    head = np.repeat(group, np.diff(np.append(group, len(forms))))
    other = np.where(sentence != sentence[head], np.arange(len(forms)), len(forms))
    second = np.minimum.reduceat(other, group) if len(group) else other
    next_best = second[np.searchsorted(group, first)]
    own = sentence[first] == page.sentences[asked]
    chosen = place[np.where(own, next_best, first)]
    return (chosen + 1).astype(np.uint64)


def _recognise(page: Page, kind: int, document: Index, spans: tuple[Index, Index, Index]) -> Placed:
    """Mark the longest whole names that stand in other sentences of the document too."""
    starts, ends, labels = spans
    hashes = page.table.hashes[page.rows, kind]
    sizes = ends - starts
    name = document[starts].astype(np.uint64) + np.uint64(1)
    for step in range(int(sizes.max(initial=0))):
        longer = sizes > step
        name[longer] = fold(name[longer], hashes[starts[longer] + step])
    votes = _Votes(name.view(np.int64), page.sentences[starts], labels)
    begins, begin_size = _begins(document[starts], hashes[starts], sizes)
    key = fold(document.astype(np.uint64) + np.uint64(1), hashes)
    at = _find(begins, key.view(np.int64))
    tokens = np.flatnonzero(at >= 0)
    longest = begin_size[at[tokens]]
    length, value = np.zeros(len(tokens), np.int64), np.zeros(len(tokens), np.int64)
    room = page.firsts[page.sentences[tokens] + 1] - tokens
    grown = document[tokens].astype(np.uint64) + np.uint64(1)
    for step in range(int(longest.max(initial=0))):
        going = (longest > step) & (room > step)
        grown[going] = fold(grown[going], hashes[tokens[going] + step])
        counts = votes.of(grown[going].view(np.int64), page.sentences[tokens[going]])
        most = counts.max(axis=1, initial=0)
        hit = np.flatnonzero(going)[most > 0]
        length[hit] = step + 1
        code = 1 + 16 * counts.argmax(axis=1) + 4 * np.minimum(most, 2)
        value[hit] = code[most > 0]
    ranges: list[tuple[int, int, int]] = []
    done = 0
    found = length > 0
    for token, size, code in zip(
        tokens[found].tolist(), length[found].tolist(), value[found].tolist(), strict=True
    ):
        if token < done:
            continue
        done = token + size
        ranges += [
            (place, 1, code + (place == token) + 2 * (place == done - 1))
            for place in range(token, done)
        ]
    return Placed.of(ranges)


def _begins(documents: Index, hashes: NDArray[np.uint64], sizes: Index) -> tuple[Index, Index]:
    """First tokens of the names of a document, sorted, and how long the longest name is."""
    key = fold(documents.astype(np.uint64) + np.uint64(1), hashes).view(np.int64)
    held, at = np.unique(key, return_inverse=True)
    longest = np.zeros(len(held), dtype=np.int64)
    np.maximum.at(longest, at, np.minimum(sizes, _LONGEST))
    return held, longest
