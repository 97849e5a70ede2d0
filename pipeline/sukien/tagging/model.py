"""A linear-chain CRF as arrays: weights in fixed point, vocabularies, transitions.

Conditional random fields: Lafferty, McCallum and Pereira, ICML 2001.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sukien.tagging.cache import Strings

__all__ = ["EDGE", "KEY_BITS", "UNKNOWN", "Column", "Group", "Model"]

UNKNOWN, EDGE = (
    0,
    1,
)  # ids before a column's own values: not in the vocabulary; outside the sentence
KEY_BITS = 21  # bits of one value in an n-gram's key; three fit into 64

Weights = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Column:
    """Weights of one token property at several offsets.

    `weights[2 + v, o]` is what `values[v]` at `offsets[o]` adds to the labels, shape
    (2 + values, offsets, labels). `context` columns are given by position and their values are
    numbers; the others are functions of the form (`columns.COLUMNS`) or a word list of the
    model's own (`lists`), and their values are strings.
    """

    name: str
    values: tuple[str, ...] | NDArray[np.uint64]
    offsets: tuple[int, ...]
    weights: Weights
    context: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Weights of n-grams: values of `columns` at `steps` from an anchor.

    `keys[k]` packs the value ids; `weights[3 + k, a]` is what n-gram k anchored at
    `anchors[a]` from the token adds, shape (3 + keys, anchors, labels). Rows 0, 1, 2: not in
    the table, begins outside the sentence, ends outside it.
    """

    columns: tuple[str, ...]
    steps: tuple[int, ...]
    anchors: tuple[int, ...]
    keys: NDArray[np.uint64]
    weights: Weights


@dataclass(frozen=True, slots=True)
class Model:
    """A trained tagger. Weights are integers in units of 1 / `scale`, so sums are exact."""

    labels: tuple[str, ...]
    scale: int
    bias: Weights
    transitions: Weights
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    lists: Mapping[str, Mapping[str, str]]

    @property
    def reach(self) -> int:
        """How far from a token its features look, in tokens."""
        far = [abs(o) for column in self.columns for o in column.offsets]
        far += [abs(a + s) for g in self.groups for a in g.anchors for s in g.steps]
        return max(far, default=1)

    def plus(self, part: Model) -> Model:
        """The model with the bias and the column weights of another one added.

        `part` has the same labels and scale, no groups, and columns that this one has too.
        """
        columns = {column.name: column for column in self.columns}
        for extra in part.columns:
            base = columns[extra.name]
            held, more = _listed(base.values), _listed(extra.values)
            number = {value: row for row, value in enumerate(held, 2)}
            new = [value for value in more if value not in number]
            # Added behind the others, so that the numbers in the groups' keys stay.
            number.update(zip(new, range(len(number) + 2, len(number) + 2 + len(new)), strict=True))
            weights = np.zeros((len(number) + 2, *base.weights.shape[1:]), dtype=np.int32)
            weights[: len(base.weights)] = base.weights
            rows = [number[value] for value in more]
            for slot, offset in enumerate(extra.offsets):
                weights[rows, base.offsets.index(offset)] += extra.weights[2:, slot]
            values: Any = (*held, *new)
            if base.context:
                values = np.array(values, dtype=np.uint64)
            columns[base.name] = replace(base, values=values, weights=weights)
        return replace(self, bias=self.bias + part.bias, columns=tuple(columns.values()))

    def times(self, share: float) -> Model:
        """The model with its bias and the weights of its columns made smaller or larger."""

        def scaled(weights: Weights) -> Weights:
            out: Weights = np.rint(weights * share).astype(np.int32)
            return out

        columns = (replace(column, weights=scaled(column.weights)) for column in self.columns)
        return replace(self, bias=scaled(self.bias), columns=tuple(columns))

    def to_bytes(self) -> bytes:
        """Serialise into a compressed npz archive; weights that fit are kept in 16 bits."""
        arrays: dict[str, NDArray[Any]] = {"bias": self.bias, "transitions": self.transitions}
        header: dict[str, Any] = {
            "labels": self.labels,
            "scale": self.scale,
            "lists": self.lists,
            "columns": [],
            "groups": [],
        }
        for i, column in enumerate(self.columns):
            arrays[f"c{i}"] = _narrow(column.weights)
            values: tuple[str, ...] = ()
            if isinstance(column.values, tuple):
                values = column.values
            else:
                arrays[f"v{i}"] = column.values
            header["columns"].append([column.name, values, column.offsets, column.context])
        for i, group in enumerate(self.groups):
            arrays[f"k{i}"], arrays[f"g{i}"] = group.keys, _narrow(group.weights)
            header["groups"].append([group.columns, group.steps, group.anchors])
        text = json.dumps(header, ensure_ascii=False).encode("utf-8", "surrogatepass")
        arrays["header"] = np.frombuffer(text, dtype=np.uint8)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Model:
        """Read what `to_bytes` wrote; ValueError where it is damaged."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            header = json.loads(arrays["header"].tobytes().decode("utf-8", "surrogatepass"))
            return cls(
                labels=tuple(header["labels"]),
                scale=header["scale"],
                bias=arrays["bias"].astype(np.int32),
                transitions=arrays["transitions"].astype(np.int32),
                columns=tuple(
                    Column(
                        name, arrays[f"v{i}"] if by else tuple(values), tuple(at),
                        arrays[f"c{i}"].astype(np.int32), by,
                    )
                    for i, (name, values, at, by) in enumerate(header["columns"])
                ),
                groups=tuple(
                    Group(
                        tuple(columns), tuple(steps), tuple(anchors),
                        arrays[f"k{i}"], arrays[f"g{i}"].astype(np.int32),
                    )
                    for i, (columns, steps, anchors) in enumerate(header["groups"])
                ),
                lists={name: Strings(entries) for name, entries in header["lists"].items()},
            )  # fmt: skip
        except Exception as error:
            raise ValueError(f"not a sukien tagger model, or damaged: {error}") from error

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a model file."""
        return cls.from_bytes(path.read_bytes())


def _listed(values: tuple[str, ...] | NDArray[np.uint64]) -> list[Any]:
    return list(values) if isinstance(values, tuple) else values.tolist()


def _narrow(weights: Weights) -> NDArray[Any]:
    small = np.iinfo(np.int16)
    fits = weights.size == 0 or (weights.min() >= small.min and weights.max() <= small.max)
    return weights.astype(np.int16) if fits else weights
