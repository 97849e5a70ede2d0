"""Train a linear-chain CRF by adaptive gradient steps, sentence by sentence.

Features are integers from the start, so a million tokens with eighty templates train in minutes
on one core. Each step leaves features out at random, which keeps the tagger from leaning on the
words of the training texts alone; the weights kept are the mean over the second half of the
passes. Soft targets (a teacher's probabilities) and weights of examples are supported. Needs
numba (extra `train`).

Adagrad: Duchi, Hazan and Singer, JMLR 2011. Dropout of features: Wang and Manning, ICML 2013.
Averaging: Collins, EMNLP 2002.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sukien.tagging.columns import Template, column_function
from sukien.tagging.model import EDGE, KEY_BITS, UNKNOWN, Column, Group, Model
from sukien.training.crf_kernel import run_pass

__all__ = ["Example", "Settings", "bioes", "fit", "steps_allowed"]

_FORBIDDEN = -1000.0  # weight of a transition that cannot be
_EDGE_PENALTY = -15.5  # weight of a label that cannot stand at a sentence's edge; fits 16 bits


@dataclass(frozen=True, slots=True)
class Example:
    """A document: its tokens, sentences as half-open token spans, columns by place, labels.

    A column by place has a number for each token; 0 says nothing.
    """

    forms: Sequence[str]
    pieces: Sequence[tuple[int, int]]
    context: Mapping[str, NDArray[np.uint64]]
    labels: Sequence[str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. `dropout` may name columns with a rate of their own."""

    passes: int = 10
    rate: float = 0.1
    penalty: float = 1e-5
    dropout: float = 0.2
    column_dropout: Mapping[str, float] = field(default_factory=dict)
    rarest: int = 1
    rarest_together: int = 2
    smallest: float = 0.01
    scale: int = 1 << 11
    seed: int = 1


def bioes(spans: Sequence[tuple[int, int, str]], size: int) -> list[str]:
    """Labels of tokens from half-open spans: B- I- E- for a name of several tokens, S- for one.

    >>> bioes([(0, 2, "LOC"), (3, 4, "PER")], 5)
    ['B-LOC', 'E-LOC', 'O', 'S-PER', 'O']
    """
    out = ["O"] * size
    for start, end, label in spans:
        if end - start == 1:
            out[start] = f"S-{label}"
        else:
            out[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 2), f"E-{label}"]
    return out


def steps_allowed(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Which label may follow which, shape (labels + 1, labels); the last row is the start.

    >>> steps_allowed(["O", "B-X", "E-X"]).astype(int).tolist()
    [[1, 1, 0], [0, 0, 1], [1, 1, 0], [1, 1, 0]]
    """
    out = np.zeros((len(labels) + 1, len(labels)), dtype=np.bool_)
    for i, before in enumerate([*labels, "^"]):
        inside = before[0] in "BI"
        for j, after in enumerate(labels):
            out[i, j] = (after[0] in "IE") == inside and (not inside or after[2:] == before[2:])
    return out


class _Layout:
    """Sentences of all examples behind each other, with empty places between them."""

    def __init__(self, examples: Sequence[Example], gap: int) -> None:
        self.examples = examples
        starts, lengths, owners = [], [], []
        at = gap
        for number, example in enumerate(examples):
            for first, last in example.pieces:
                starts.append(at)
                lengths.append(last - first)
                owners.append(number)
                at += last - first + gap
        self.starts = np.array(starts, dtype=np.int64)
        self.lengths = np.array(lengths, dtype=np.int64)
        self.owners = np.array(owners, dtype=np.int64)
        self.size = at
        self.filled = self.spread([[1] * len(e.forms) for e in examples], 0) == 1

    def spread(self, rows: Sequence[Sequence[int]], empty: int) -> NDArray[np.int64]:
        """Values by example and token, brought to their places."""
        out = np.full(self.size, empty, dtype=np.int64)
        at = 0
        for row, example in zip(rows, self.examples, strict=True):
            for first, last in example.pieces:
                start = self.starts[at]
                out[start : start + last - first] = row[first:last]
                at += 1
        return out


class _Features:
    """Feature numbers by template, and what is needed to write the model."""

    def __init__(
        self,
        layout: _Layout,
        templates: Sequence[Template],
        lists: Mapping[str, Mapping[str, str]],
        settings: Settings,
    ) -> None:
        self.templates = templates
        self.vocabularies: dict[str, dict[Any, int]] = {}
        columns = {
            name: self._column(layout, name, lists)
            for name in sorted({name for template in templates for name, _ in template})
        }
        self.keys: list[NDArray[np.int64]] = []
        self.first: list[int] = []
        self.numbers = np.full((layout.size, len(templates)), -1, dtype=np.int32)
        self.count = 0
        for slot, template in enumerate(templates):
            rarest = settings.rarest if len(template) == 1 else settings.rarest_together
            keys = _keys(columns, template, layout.filled)
            known, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
            kept = (counts >= rarest) & (known >= 0)
            number = np.full(len(known), -1, dtype=np.int64)
            number[kept] = self.count + np.arange(int(kept.sum()))
            self.numbers[:, slot] = number[inverse]
            self.keys.append(known[kept])
            self.first.append(self.count)
            self.count += int(kept.sum())

    def _column(
        self, layout: _Layout, name: str, lists: Mapping[str, Mapping[str, str]]
    ) -> NDArray[np.int64]:
        if name in layout.examples[0].context:
            numbers: dict[int, int] = {0: UNKNOWN}
            self.vocabularies[name] = numbers
            rows = [
                [numbers.setdefault(v, len(numbers) + 1) for v in example.context[name].tolist()]
                for example in layout.examples
            ]
            return layout.spread(rows, EDGE)
        strings: dict[str, int] = {"": UNKNOWN}
        self.vocabularies[name] = strings
        function = column_function(name, lists)
        of_form: dict[str, int] = {}
        for form in {form: None for example in layout.examples for form in example.forms}:
            of_form[form] = strings.setdefault(function(form), len(strings) + 1)
        rows = [[of_form[form] for form in example.forms] for example in layout.examples]
        return layout.spread(rows, EDGE)


def _keys(
    columns: Mapping[str, NDArray[np.int64]], template: Template, filled: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The packed values of a template at each place, -1 where one says nothing."""
    keys = np.zeros(len(filled), dtype=np.int64)
    silent = ~filled
    for name, offset in template:
        values = np.roll(columns[name], -offset)
        silent = silent | (values == UNKNOWN)
        keys = (keys << KEY_BITS) | values
    return np.where(silent, -1, keys)


def fit(
    examples: Sequence[Example],
    templates: Sequence[Template],
    labels: Sequence[str],
    *,
    context: Sequence[str],
    lists: Mapping[str, Mapping[str, str]],
    settings: Settings,
    report: Callable[[str], None] = lambda line: None,
) -> Model:
    """Train a tagger; the same examples and settings give the same weights on one machine."""
    gap = max(abs(offset) for template in templates for _, offset in template)
    layout = _Layout(examples, gap)
    features = _Features(layout, templates, lists, settings)
    report(f"{len(layout.starts):,} sentences, {features.count:,} features")
    index = {label: number for number, label in enumerate(labels)}
    target = layout.spread([[index[x] for x in e.labels] for e in examples], 0).astype(np.int8)
    allowed = steps_allowed(labels)
    width = len(labels)
    weights = np.zeros((features.count, width), dtype=np.float32)
    squares = np.full((features.count, width), 0.1, dtype=np.float32)
    steps, step_squares = np.zeros((width, width)), np.ones((width, width))
    trust = np.array([examples[owner].weight for owner in layout.owners], dtype=np.float32)
    dropout = np.array(
        [max(settings.column_dropout.get(n, settings.dropout) for n, _ in t) for t in templates]
    )
    random = np.random.default_rng(settings.seed)
    mean, mean_steps, kept = np.zeros_like(weights), np.zeros_like(steps), 0
    for number in range(settings.passes):
        order = random.permutation(len(layout.starts))
        rate = settings.rate * (1 - 0.7 * number / settings.passes)
        loss = run_pass(
            features.numbers, layout.starts, layout.lengths, trust, order, target,
            weights, squares, steps, step_squares, allowed,
            rate, settings.penalty, dropout, settings.seed * 1000 + number,
        )  # fmt: skip
        report(f"pass {number + 1}: loss {loss:,.0f}")
        if number >= settings.passes // 2:
            mean += weights
            mean_steps += steps
            kept += 1
    mean /= kept
    mean_steps = np.where(allowed[:width], mean_steps / kept, _FORBIDDEN)
    return _model(features, mean, mean_steps, labels, allowed, context, lists, settings)


def _model(
    features: _Features,
    weights: NDArray[np.float32],
    steps: NDArray[np.float64],
    labels: Sequence[str],
    allowed: NDArray[np.bool_],
    context: Sequence[str],
    lists: Mapping[str, Mapping[str, str]],
    settings: Settings,
) -> Model:
    """Keep the weights that matter, in fixed point, by column and by group of columns."""
    fixed = np.clip(np.rint(weights * settings.scale), -32767, 32767).astype(np.int32)
    matters = np.abs(weights).max(axis=1) >= settings.smallest
    singles: dict[str, dict[int, int]] = {}
    several: dict[tuple[tuple[str, ...], tuple[int, ...]], dict[int, int]] = {}
    used: dict[str, list[NDArray[np.int64]]] = {}
    for slot, template in enumerate(features.templates):
        name, first = template[0]
        if len(template) == 1:
            singles.setdefault(name, {})[first] = slot
        else:
            names = tuple(name for name, _ in template)
            places = tuple(offset - first for _, offset in template)
            several.setdefault((names, places), {})[first] = slot
        keys = _kept(features, slot, matters)[0]
        for position, (name, _) in enumerate(reversed(template)):
            values = (keys >> (KEY_BITS * position)) & ((1 << KEY_BITS) - 1)
            used.setdefault(name, []).append(np.unique(values))
    number: dict[str, NDArray[np.int64]] = {}
    words: dict[str, tuple[str, ...] | NDArray[np.uint64]] = {}
    for name, parts in used.items():
        vocabulary = features.vocabularies[name]
        kept = set(np.unique(np.concatenate(parts)).tolist()) - {EDGE}
        held = sorted(value for value, v in vocabulary.items() if v in kept)
        words[name] = np.array(held, dtype=np.uint64) if name in context else tuple(held)
        table = np.zeros(len(vocabulary) + 2, dtype=np.int64)
        table[EDGE] = EDGE
        table[[vocabulary[value] for value in held]] = np.arange(len(held)) + 2
        number[name] = table

    columns = []
    for name in sorted(used):
        slots = singles.get(name, {})
        offsets = tuple(sorted(slots))
        array = np.zeros((len(words[name]) + 2, len(offsets), len(labels)), dtype=np.int32)
        for place, offset in enumerate(offsets):
            keys, rows = _kept(features, slots[offset], matters)
            array[number[name][keys], place] = fixed[rows]
        columns.append(Column(name, words[name], offsets, array, name in context))
    _guard_edges(columns, labels, allowed, settings.scale)

    groups = []
    for (names, places), anchors in sorted(several.items()):
        found = [
            (anchor, *_kept(features, slot, matters)) for anchor, slot in sorted(anchors.items())
        ]
        packed = [(anchor, _repack(keys, names, number), rows) for anchor, keys, rows in found]
        all_keys = np.unique(np.concatenate([keys for _, keys, _ in packed]))
        array = np.zeros((len(all_keys) + 3, len(packed), len(labels)), dtype=np.int32)
        for place, (_, keys, rows) in enumerate(packed):
            array[np.searchsorted(all_keys, keys) + 3, place] = fixed[rows]
        order = tuple(anchor for anchor, _, _ in packed)
        groups.append(Group(names, places, order, all_keys.astype(np.uint64), array))
    return Model(
        labels=tuple(labels),
        scale=settings.scale,
        bias=np.zeros(len(labels), dtype=np.int32),
        transitions=np.rint(steps * settings.scale).astype(np.int32),
        columns=tuple(columns),
        groups=tuple(groups),
        lists={name: dict(entries) for name, entries in lists.items()},
    )


def _kept(
    features: _Features, slot: int, matters: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keys of a template whose weights matter, and their rows in the weights."""
    keys = features.keys[slot]
    rows = features.first[slot] + np.arange(len(keys))
    kept = matters[rows]
    return keys[kept], rows[kept]


def _repack(
    keys: NDArray[np.int64], names: Sequence[str], number: Mapping[str, NDArray[np.int64]]
) -> NDArray[np.int64]:
    out = np.zeros_like(keys)
    for position, name in enumerate(names):
        shift = KEY_BITS * (len(names) - 1 - position)
        values = (keys >> shift) & ((1 << KEY_BITS) - 1)
        out = (out << KEY_BITS) | number[name][values]
    return out


def _guard_edges(
    columns: Sequence[Column], labels: Sequence[str], allowed: NDArray[np.bool_], scale: int
) -> None:
    """Forbid labels that cannot begin or end a sentence, by the place outside it."""
    first = ~allowed[-1]
    last = np.array([label[0] in "BI" for label in labels])
    done: dict[int, Any] = {-1: first, 1: last}
    for column in columns:
        for place, offset in enumerate(column.offsets):
            if offset in done:
                column.weights[EDGE, place, done.pop(offset)] = round(_EDGE_PENALTY * scale)
