"""Batched inference of a linear-chain CRF in numpy.

Sentences of a batch lie behind each other in one array, a few empty places between them, so
that a feature at offset o is the array shifted by o. Everything that depends on a token's form
alone is summed once per form and kept; n-grams are found by hashing. Sums are integers: a
sentence gets the same scores whatever else is in its batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sukien.tagging.columns import Placed, column_function
from sukien.tagging.hashing import HashTable
from sukien.tagging.model import EDGE, KEY_BITS, UNKNOWN, Column, Model

__all__ = ["Lattice", "Tagger"]

_FEW = 48  # sentences below which one broadcast call beats one call a label
_FORMS_KEPT = 60_000  # forms whose summed weights are kept before the table starts afresh

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Index = NDArray[np.int64]
ContextValues = Sequence[str] | Placed


class _Forms:
    """Per form: its value ids in the type columns, and their weights summed by offset."""

    def __init__(self, model: Model) -> None:
        self._columns = [column for column in model.columns if not column.context]
        self._functions = [column_function(column.name, model.lists) for column in self._columns]
        self._vocabularies = [_vocabulary(column) for column in self._columns]
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
        new = [form for form in dict.fromkeys(forms) if form not in ids]
        if new:
            self._add(new)
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


class Tagger:
    """A model made ready to tag. Not shared between threads: forms seen are kept inside."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.labels = model.labels
        self._forms = _Forms(model)
        self._type_columns = [column.name for column in model.columns if not column.context]
        self._context = [column for column in model.columns if column.context]
        self._vocabularies = {column.name: _vocabulary(column) for column in self._context}
        self._grouped = {name for group in model.groups for name in group.columns}
        self._tables = [HashTable(group.keys) for group in model.groups]

    def lattice(
        self,
        forms: Sequence[str],
        lengths: Sequence[int],
        context: Mapping[str, ContextValues] | None = None,
    ) -> Lattice:
        """Score every label of every token.

        `forms` are the tokens of all sentences in a row, `lengths` their numbers by sentence;
        `context` holds for each context column of the model one value a token, or the values
        that are not empty by place. An empty form is not allowed. Raises ValueError where
        lengths do not add up or a column is missing.
        """
        sizes = np.asarray(lengths, dtype=np.int64)
        if int(sizes.sum()) != len(forms) or (len(sizes) and int(sizes.min()) < 1):
            raise ValueError("lengths must be positive and add up to the number of forms")
        reach, n_labels = self.model.reach, len(self.labels)
        starts = np.cumsum(sizes + reach) - sizes
        places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(len(forms))
        total = int(sizes.sum() + reach * (len(sizes) + 1))

        rows = np.zeros(total, dtype=np.int64)
        rows[places] = self._forms.rows(forms)
        scores = np.empty((len(forms), n_labels), dtype=np.int32)
        scores[:] = self.model.bias
        for slot, offset in enumerate(self._forms.offsets):
            scores += self._forms.weights[:, slot].take(rows[places + offset], axis=0)

        token_at = np.full(total, -1, dtype=np.int64)
        token_at[places] = np.arange(len(places))
        values: dict[str, Ints] = {}
        for position, name in enumerate(self._type_columns):
            if name in self._grouped:
                values[name] = self._forms.values[:, position].take(rows)
        for column in self._context:
            if context is None or column.name not in context:
                raise ValueError(f"the model needs the context column {column.name!r}")
            tokens, ids = self._values(column.name, context[column.name])
            for slot, offset in enumerate(column.offsets):
                reached = token_at[places[tokens] - offset]
                inside = reached >= 0
                scores[reached[inside]] += column.weights[ids[inside], slot]
                if offset:
                    beyond = np.flatnonzero(token_at[places + offset] < 0)
                    scores[beyond] += column.weights[EDGE, slot]
            if column.name in self._grouped:
                spread = np.full(total, EDGE, dtype=np.int32)
                spread[places] = UNKNOWN
                spread[places[tokens]] = ids
                values[column.name] = spread
        self._add_groups(scores, values, token_at)
        return Lattice(self.model, scores, sizes)

    def _values(self, name: str, given: ContextValues) -> tuple[Index, Ints]:
        """Tokens whose value the model knows, and the ids of these values."""
        known = self._vocabularies[name]
        values = given.values if isinstance(given, Placed) else given
        ids = np.array([known.get(value, UNKNOWN) for value in values], dtype=np.int32)
        kept = np.flatnonzero(ids)
        if not isinstance(given, Placed):
            return kept, ids[kept]
        starts = np.array(given.starts, dtype=np.int64)[kept]
        sizes = np.array(given.sizes, dtype=np.int64)[kept]
        first = np.cumsum(sizes) - sizes
        tokens = np.repeat(starts - first, sizes) + np.arange(int(sizes.sum()))
        return tokens, np.repeat(ids[kept], sizes)

    def _add_groups(self, scores: Ints, values: Mapping[str, Ints], token_at: Index) -> None:
        total = len(token_at)
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
            anchors, row = anchors[hits], row[hits]
            for slot, anchor in enumerate(group.anchors):
                token = anchors - anchor
                inside = (token >= 0) & (token < total)
                token = token_at[np.where(inside, token, 0)]
                used = inside & (token >= 0)
                scores[token[used]] += group.weights[row[used], slot]


def _vocabulary(column: Column) -> dict[str, int]:
    return {value: position + 2 for position, value in enumerate(column.values)}


@dataclass(slots=True)
class Lattice:
    """Label scores of a batch: `scores` (tokens, labels) in fixed point, `sizes` by sentence."""

    model: Model
    scores: Ints
    sizes: Index

    def _steps(self) -> tuple[Index, list[int]]:
        """Sentence starts ordered longest first, and how many are still running at each step."""
        order = np.argsort(-self.sizes, kind="stable")
        starts = (np.cumsum(self.sizes) - self.sizes)[order]
        longest = int(self.sizes.max(initial=0))
        running = len(self.sizes) - np.searchsorted(
            np.sort(self.sizes), np.arange(longest), side="right"
        )
        return starts, running.tolist()

    def best(self) -> NDArray[np.int64]:
        """Label of each token on the best path (Viterbi); ties go to the lowest label."""
        starts, running = self._steps()
        best = self.scores.copy()
        transitions = self.model.transitions
        for step in range(1, len(running)):
            now = starts[: running[step]] + step
            before = best[now - 1]
            if len(now) < _FEW:
                reached = (before[:, :, None] + transitions).max(axis=1)
            else:
                reached = before[:, :1] + transitions[0]
                for label in range(1, len(transitions)):
                    np.maximum(
                        reached, before[:, label : label + 1] + transitions[label], out=reached
                    )
            # Kept near zero, so that a long sentence does not overflow; differences stay exact.
            reached -= reached.max(axis=1, keepdims=True)
            best[now] += reached
        path = np.zeros(len(self.scores), dtype=np.int64)
        into = np.ascontiguousarray(transitions.T)
        for step in range(len(running) - 1, -1, -1):
            now = starts[: running[step]] + step
            choice = best[now]
            ahead = running[step + 1] if step + 1 < len(running) else 0
            choice[:ahead] += into[path[now[:ahead] + 1]]
            path[now] = choice.argmax(axis=1)
        return path

    def span_probability(self, spans: Sequence[tuple[int, int]], path: Index) -> list[float]:
        """Probability that the labels of each span of tokens are those of `path`, to 3 decimals.

        Exact, by the forward-backward sums at both ends (Culotta and McCallum, HLT-NAACL 2004).
        Spans are half-open in the batch's tokens and lie within one sentence.
        """
        ends = np.cumsum(self.sizes)
        at = np.array([start for start, _ in spans], dtype=np.int64)
        used, which = np.unique(np.searchsorted(ends, at, side="right"), return_inverse=True)
        # Only sentences that hold a span are summed over, laid out anew.
        sizes = self.sizes[used]
        shift = (np.cumsum(sizes) - sizes) - (ends - self.sizes)[used]
        rows = np.repeat(-shift, sizes) + np.arange(int(sizes.sum()))
        part = Lattice(self.model, self.scores[rows], sizes)
        emit, move, forward, backward, norm = part._forward_backward()
        labels = path[rows].tolist()
        out: list[float] = []
        for (first, last), moved in zip(spans, shift[which].tolist(), strict=True):
            start, end = first + moved, last + moved
            chance = forward[start, labels[start]]
            for token in range(start + 1, end):
                chance *= move[labels[token - 1], labels[token]] * emit[token, labels[token]]
                chance /= norm[token]
            chance *= backward[end - 1, labels[end - 1]]
            out.append(round(min(float(chance), 1.0), 3))
        return out

    def _forward_backward(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Scaled forward and backward sums (Rabiner 1989, V.A), label by label, batch by batch."""
        starts, running = self._steps()
        scale = float(self.model.scale)
        emit = np.exp((self.scores - self.scores.max(axis=1, keepdims=True)) / scale)
        move = np.exp(self.model.transitions / scale)
        back = np.ascontiguousarray(move.T)
        forward, backward = np.zeros_like(emit), np.ones_like(emit)
        norm = np.ones(len(emit))
        for step in range(len(running)):
            now = starts[: running[step]] + step
            reached = emit[now] if step == 0 else _flow(forward[now - 1], move) * emit[now]
            total = _total(reached)
            norm[now] = total
            forward[now] = reached / total[:, None]
        for step in range(len(running) - 2, -1, -1):
            now = starts[: running[step + 1]] + step
            ahead = _flow(emit[now + 1] * backward[now + 1], back)
            backward[now] = ahead / norm[now + 1][:, None]
        return emit, move, forward, backward, norm


def _flow(before: Floats, move: Floats) -> Floats:
    """Sum over the labels before, one after the other: no sum depends on the other sentences.

    For few sentences one broadcast call is faster than one call a label; both add in the same
    order, so they agree to the last bit.
    """
    if len(before) < _FEW:
        flowed: Floats = np.add.reduce(before[:, :, None] * move, axis=1)
        return flowed
    flowed = before[:, :1] * move[0]
    for label in range(1, len(move)):
        flowed += before[:, label : label + 1] * move[label]
    return flowed


def _total(rows: Floats) -> Floats:
    total: Floats = rows[:, 0].copy()
    for label in range(1, rows.shape[1]):
        total += rows[:, label]
    return total
