"""Train a linear-chain CRF with CRFsuite and turn it into a `Model`.

CRFsuite (Okazaki 2007, http://www.chokkan.org/software/crfsuite/) trains on strings, one per
template and token; the same templates then become the columns and groups that inference reads.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sukien.tagging.columns import COLUMNS
from sukien.tagging.model import EDGE, KEY_BITS, Column, Group, Model

__all__ = ["Template", "features", "to_model", "train"]

Template = tuple[tuple[str, int], ...]
_EDGE = "∅"
_SPLIT = "\x1f"


def column_values(
    name: str,
    forms: Sequence[str],
    context: Mapping[str, Sequence[str]],
    lists: Mapping[str, Mapping[str, str]],
) -> Sequence[str]:
    """Values of a column for the tokens of a sentence: by position, by list, or by form."""
    if name in context:
        return context[name]
    if name in lists:
        entries = lists[name]
        return [entries.get(form) or entries.get(form.lower(), "") for form in forms]
    return [COLUMNS[name](form) for form in forms]


def features(
    templates: Sequence[Template],
    forms: Sequence[str],
    context: Mapping[str, Sequence[str]] | None = None,
    lists: Mapping[str, Mapping[str, str]] | None = None,
) -> list[list[str]]:
    """Feature strings of a sentence's tokens; empty values give none.

    >>> features([(("lower", 0),), (("lower", -1), ("lower", 0))], ["Hà", "Nội"])
    [['0=hà', '1=∅\\x1fhà'], ['0=nội', '1=hà\\x1fnội']]
    """
    needed = {name for template in templates for name, _ in template}
    columns = {name: column_values(name, forms, context or {}, lists or {}) for name in needed}
    out: list[list[str]] = [[] for _ in forms]
    for number, template in enumerate(templates):
        for position, row in enumerate(out):
            values = [
                columns[name][position + offset] if 0 <= position + offset < len(forms) else _EDGE
                for name, offset in template
            ]
            if all(values):
                row.append(f"{number}={_SPLIT.join(values)}")
    return out


def train(
    sentences: Sequence[tuple[list[list[str]], list[str]]],
    *,
    l1: float = 0.0,
    l2: float = 0.05,
    iterations: int = 100,
    min_frequency: int = 1,
    verbose: bool = False,
) -> Any:
    """Train on (features, labels) by sentence; returns CRFsuite's dump (labels, weights).

    L-BFGS with elastic-net regularisation; the same data give the same weights.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=verbose)
    for rows, labels in sentences:
        trainer.append(rows, labels)
    trainer.set_params(
        {
            "c1": l1,
            "c2": l2,
            "max_iterations": iterations,
            "feature.minfreq": min_frequency,
            "feature.possible_transitions": True,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.crfsuite"
        trainer.train(str(path))
        tagger = pycrfsuite.Tagger()
        tagger.open(str(path))
        info = tagger.info()
        tagger.close()
    return info


def to_model(
    info: Any,
    templates: Sequence[Template],
    *,
    context: Sequence[str] = (),
    lists: Mapping[str, Mapping[str, str]] | None = None,
    scale: int = 1 << 11,
    smallest: float = 0.002,
) -> Model:
    """Turn CRFsuite's weights into a `Model`; weights nearer to zero than `smallest` are dropped.

    With the default scale weights up to 16 fit into 16 bits in the file.
    """
    labels = sorted(info.labels, key=lambda label: int(info.labels[label]))
    position = {label: index for index, label in enumerate(labels)}
    weights: dict[int, dict[tuple[str, ...], NDArray[Any]]] = defaultdict(dict)
    for (attribute, label), weight in info.state_features.items():
        if abs(weight) < smallest:
            continue
        number, _, text = attribute.partition("=")
        row = weights[int(number)].setdefault(tuple(text.split(_SPLIT)), np.zeros(len(labels)))
        row[position[label]] += weight
    transitions = np.zeros((len(labels), len(labels)))
    for (before, after), weight in info.transitions.items():
        transitions[position[before], position[after]] = weight

    seen: dict[str, set[str]] = defaultdict(set)
    for number, rows in weights.items():
        for values in rows:
            for (name, _), value in zip(templates[number], values, strict=True):
                seen[name].add(value)
    vocabulary: dict[str, dict[str, int]] = defaultdict(dict)
    for name, found in seen.items():
        vocabulary[name] = {v: index + 2 for index, v in enumerate(sorted(found - {_EDGE}))}

    singles: dict[str, dict[int, dict[tuple[str, ...], NDArray[Any]]]] = defaultdict(dict)
    several: dict[tuple[tuple[str, ...], tuple[int, ...]], dict[int, Any]] = defaultdict(dict)
    for number, template in enumerate(templates):
        (name, first), rows = template[0], weights[number]
        if len(template) == 1:
            singles[name][first] = rows
        else:
            steps = tuple(offset - first for _, offset in template)
            several[tuple(name for name, _ in template), steps][first] = rows

    def fixed(array: NDArray[Any]) -> NDArray[np.int32]:
        out: NDArray[np.int32] = np.rint(array * scale).astype(np.int32)
        return out

    columns: list[Column] = []
    for name in sorted({*vocabulary, *singles}):
        ids, slots = vocabulary[name], singles.get(name, {})
        table = np.zeros((len(ids) + 2, len(slots), len(labels)))
        for slot, offset in enumerate(sorted(slots)):
            for (value,), row in slots[offset].items():
                table[EDGE if value == _EDGE else ids[value], slot] += row
        columns.append(
            Column(name, tuple(ids), tuple(sorted(slots)), fixed(table), name in context)
        )
    groups: list[Group] = []
    for (names, steps), anchors in sorted(several.items()):
        keys: dict[int, int] = {}
        entries = []
        for slot, anchor in enumerate(sorted(anchors)):
            for values, row in anchors[anchor].items():
                key = 0
                for name, value in zip(names, values, strict=True):
                    key = key << KEY_BITS | (EDGE if value == _EDGE else vocabulary[name][value])
                entries.append((keys.setdefault(key, len(keys) + 3), slot, row))
        table = np.zeros((len(keys) + 3, len(anchors), len(labels)))
        for index, slot, row in entries:
            table[index, slot] += row
        groups.append(
            Group(
                names,
                steps,
                tuple(sorted(anchors)),
                np.array(list(keys), dtype=np.uint64),
                fixed(table),
            )
        )
    return Model(
        labels=tuple(labels),
        scale=scale,
        bias=np.zeros(len(labels), dtype=np.int32),
        transitions=fixed(transitions),
        columns=tuple(columns),
        groups=tuple(groups),
        lists={name: dict(entries) for name, entries in (lists or {}).items()},
    )
