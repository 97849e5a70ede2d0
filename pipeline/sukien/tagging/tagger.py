"""Batched inference of a linear-chain CRF in numpy.

Sentences of a batch lie behind each other in one array, a few empty places between them, so
that a feature at offset o is the array shifted by o. Everything that depends on a token's form
alone is summed once per form and kept; n-grams are found by hashing. Sums are integers: a
sentence gets the same scores whatever else is in its batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sukien.tagging.columns import Placed, column_function
from sukien.tagging.hashing import HashTable
from sukien.tagging.lattice import Lattice
from sukien.tagging.model import EDGE, KEY_BITS, UNKNOWN, Column, Model

__all__ = ["Lattice", "Numbers", "Tagger"]

_FORMS_KEPT = 60_000  # forms whose summed weights are kept before the table starts afresh

Ints = NDArray[np.int32]
Index = NDArray[np.int64]
Numbers = NDArray[np.uint64]


class _Forms:
    """Per form: its value ids in the type columns, and their weights summed by offset."""

    def __init__(self, model: Model) -> None:
        self._columns = [column for column in model.columns if not column.context]
        self._functions = [column_function(column.name, model.lists) for column in self._columns]
        self._vocabularies = [
            {value: position + 2 for position, value in enumerate(column.values)}
            for column in self._columns
        ]
        self.offsets = tuple(sorted({o for column in self._columns for o in column.offsets}))
        self._labels = len(model.labels)
        self._model = model
        self.clear()

    def __reduce__(self) -> tuple[type[_Forms], tuple[Model]]:
        """What is pickled forgets the forms; functions cannot be pickled."""
        return _Forms, (self._model,)

    def clear(self) -> None:
        """Forget all forms. Row 0 is the place outside a sentence."""
        self._ids: dict[str, int] = {"": 0}
        width = (1024, len(self.offsets), self._labels)
        self.weights: Ints = np.zeros(width, dtype=np.int32)
        self.values: Ints = np.full((1024, len(self._columns)), EDGE, dtype=np.int32)
        for column in self._columns:
            for slot, offset in enumerate(column.offsets):
                self.weights[0, self.offsets.index(offset)] += column.weights[EDGE, slot]

    def rows(self, forms: Sequence[str]) -> list[int]:
        """Row of each form; forms not seen before are added first."""
        if len(self._ids) > _FORMS_KEPT:
            self.clear()
        ids = self._ids
        try:
            return [ids[form] for form in forms]
        except KeyError:
            self._add([form for form in dict.fromkeys(forms) if form not in ids])
        return [ids[form] for form in forms]

    def _add(self, new: list[str]) -> None:
        first = len(self._ids)
        last = first + len(new)
        self._ids.update(zip(new, range(first, last), strict=True))
        while last > len(self.weights):
            self.weights = np.concatenate([self.weights, np.zeros_like(self.weights)])
            self.values = np.concatenate([self.values, np.zeros_like(self.values)])
        block = np.zeros((len(new), len(self.offsets), self._labels), dtype=np.int32)
        for position, column in enumerate(self._columns):
            function, vocabulary = self._functions[position], self._vocabularies[position]
            values = [vocabulary.get(function(form), UNKNOWN) for form in new]
            self.values[first:last, position] = values
            slots = [self.offsets.index(offset) for offset in column.offsets]
            if slots:
                block[:, slots] += column.weights[values]
        self.weights[first:last] = block


class _Vocabulary:
    """Ids of a context column's values."""

    def __init__(self, column: Column) -> None:
        self._table = HashTable(np.asarray(column.values, dtype=np.uint64))

    def known(self, given: Placed | Numbers) -> tuple[Index, Ints]:
        """Tokens whose value the model knows, and the ids of these values."""
        if isinstance(given, Placed):
            ids = self._table.find(given.values)
            kept = ids >= 0
            return given.tokens(kept), np.repeat(ids[kept], given.sizes[kept]) + 2
        ids = self._table.find(given)
        tokens = np.flatnonzero(ids >= 0)
        return tokens, ids[tokens] + 2


class Tagger:
    """A model made ready to tag. Not shared between threads: forms seen are kept inside."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.labels = model.labels
        self._forms = _Forms(model)
        self._type_columns = [column.name for column in model.columns if not column.context]
        self._context = [column for column in model.columns if column.context]
        self._vocabularies = {column.name: _Vocabulary(column) for column in self._context}
        self._grouped = {name for group in model.groups for name in group.columns}
        self._tables = [HashTable(group.keys) for group in model.groups]

    def lattice(
        self,
        forms: Sequence[str],
        lengths: Sequence[int] | Index,
        context: Mapping[str, Placed | Numbers] | None = None,
    ) -> Lattice:
        """Score every label of every token.

        `forms` are the tokens of all sentences in a row, `lengths` their numbers by sentence;
        `context` holds for each context column of the model one value a token (0: says nothing),
        or the values by place. An empty form is not allowed. Raises ValueError where lengths do
        not add up or a column is missing.
        """
        sizes = np.asarray(lengths, dtype=np.int64)
        if int(sizes.sum()) != len(forms) or (len(sizes) and int(sizes.min()) < 1):
            raise ValueError("lengths must be positive and add up to the number of forms")
        layout = _Layout(sizes, self.model.reach)
        rows = layout.spread(self._forms.rows(forms), 0)
        scores = np.empty((len(forms), len(self.labels)), dtype=np.int32)
        scores[:] = self.model.bias
        for slot, offset in enumerate(self._forms.offsets):
            scores += _rows(self._forms.weights, rows[layout.places + offset], slot)
        values: dict[str, Ints] = {}
        for position, name in enumerate(self._type_columns):
            if name in self._grouped:
                values[name] = self._forms.values[rows, position]
        for column in self._context:
            if context is None or column.name not in context:
                raise ValueError(f"the model needs the context column {column.name!r}")
            tokens, ids = self._vocabularies[column.name].known(context[column.name])
            _add_edges(scores, layout, column)
            _add_values(scores, layout, column, tokens, ids)
            if column.name in self._grouped:
                spread = layout.spread(UNKNOWN, EDGE)
                spread[layout.places[tokens]] = ids
                values[column.name] = spread
        self._add_groups(scores, values, layout)
        return Lattice(self.model, scores, sizes)

    def told(self, lattice: Lattice, context: Mapping[str, Placed | Numbers]) -> Lattice:
        """Score anew where context columns that said nothing have got values since.

        Columns that are part of an n-gram cannot be told later.
        """
        scores = lattice.scores.copy()
        layout = _Layout(lattice.sizes, self.model.reach)
        for column in self._context:
            if column.name in context:
                tokens, ids = self._vocabularies[column.name].known(context[column.name])
                _add_values(scores, layout, column, tokens, ids)
        return Lattice(lattice.model, scores, lattice.sizes)

    def _add_groups(self, scores: Ints, values: Mapping[str, Ints], layout: _Layout) -> None:
        """Add what n-grams say, place by place; what they say of empty places is dropped."""
        total = len(layout.tokens)
        pad = max(
            (abs(anchor) for group in self.model.groups for anchor in group.anchors), default=0
        )
        said = np.zeros((total + 2 * pad, len(self.labels)), dtype=np.int32)
        for group, table in zip(self.model.groups, self._tables, strict=True):
            low, high = min(group.steps), max(group.steps)
            anchors = np.arange(-low if low < 0 else 0, total - max(high, 0))
            keys = np.zeros(len(anchors), dtype=np.uint64)
            known = np.ones(len(anchors), dtype=bool)
            for name, step in zip(group.columns, group.steps, strict=True):
                ids = values[name][anchors + step]
                known &= ids != UNKNOWN
                keys = (keys << np.uint64(KEY_BITS)) | ids.astype(np.uint64)
            row = np.zeros(len(anchors), dtype=np.int64)
            row[known] = table.find(keys[known]) + 3
            row[row < 3] = 0
            missed = row == 0
            outside_first = values[group.columns[0]][anchors + group.steps[0]] == EDGE
            outside_last = values[group.columns[-1]][anchors + group.steps[-1]] == EDGE
            row[missed & outside_last] = 2
            row[missed & outside_first] = 1
            hits = np.flatnonzero(row)
            weights = group.weights.take(row[hits], axis=0)
            for slot, anchor in enumerate(group.anchors):
                said[anchors[hits] + (pad - anchor)] += weights[:, slot]
        scores += said[layout.places + pad]


class _Layout:
    """Where the tokens of a batch lie when `reach` empty places part its sentences.

    `places` by token, `tokens` by place (-1: none).
    """

    def __init__(self, sizes: Index, reach: int) -> None:
        size = int(sizes.sum())
        starts = np.cumsum(sizes + reach) - sizes
        self.places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(size)
        self.tokens = np.full(size + reach * (len(sizes) + 1), -1, dtype=np.int64)
        self.tokens[self.places] = np.arange(size)

    def spread(self, values: Sequence[int] | int, empty: int) -> Ints:
        """Values by token, brought to their places."""
        out = np.full(len(self.tokens), empty, dtype=np.int32)
        out[self.places] = values
        return out


def _rows(weights: Ints, rows: Index | Ints, slot: int) -> Ints:
    """`weights[rows, slot]` of an array (rows, slots, labels), without a copy of its slice."""
    slots, labels = weights.shape[1:]
    taken: Ints = weights.reshape(-1, labels).take(rows * slots + slot, axis=0)
    return taken


def _add_values(scores: Ints, layout: _Layout, column: Column, tokens: Index, ids: Ints) -> None:
    """Add what a context column's values say, at each of its offsets."""
    for slot, offset in enumerate(column.offsets):
        if not offset:
            scores[tokens] += _rows(column.weights, ids, slot)
            continue
        reached = layout.tokens[layout.places[tokens] - offset]
        inside = reached >= 0
        scores[reached[inside]] += _rows(column.weights, ids[inside], slot)


def _add_edges(scores: Ints, layout: _Layout, column: Column) -> None:
    """Add what a context column says of places outside the sentence."""
    for slot, offset in enumerate(column.offsets):
        if offset:
            beyond = np.flatnonzero(layout.tokens[layout.places + offset] < 0)
            scores[beyond] += column.weights[EDGE, slot]
