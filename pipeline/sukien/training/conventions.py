"""What VLSP marks otherwise than the project, and how both are learnt from.

VLSP takes `người` into the name of a people (`người Pháp`); here it stays outside and a country
is a place: such spans are rewritten as they are read. VLSP also leaves most products, works and
competitions unmarked, which no rule can undo. So examples annotated by VLSP carry a column of
their own, whose features take up by how much VLSP marks each label less or more, after
capitals of each kind and listed names of each kind; the rest of the features learns what both
say (Daumé III, ACL 2007, kept to few features, so that no knowledge of words is lost with them).
The shipped model reads half-way, with `SHARE` of what that column adds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sukien.entities.gazetteer import Gazetteer
from sukien.tagging.columns import Template
from sukien.tagging.model import KEY_BITS, Column, Model
from sukien.training.crf import Example

__all__ = ["SCHEME", "SCHEME_TEMPLATES", "SHARE", "by_guidelines", "with_scheme", "without_scheme"]

SCHEME = "scheme"
"""The column of examples that VLSP annotated."""

SHARE = 0.5
"""How much of VLSP's way the default keeps: both kinds of dev text lose little by it."""

SCHEME_TEMPLATES: tuple[Template, ...] = (
    ((SCHEME, 0),),
    ((SCHEME, 0), ("run_length_kind", 0)),
    ((SCHEME, 0), ("listed_first", 0)),
)

Spans = list[tuple[int, int, str]]


def by_guidelines(text: str, spans: Spans, gazetteer: Gazetteer) -> Spans:
    """Spans of characters with `người` taken out of the names of peoples.

    >>> places = Gazetteer([("Pháp", "Ln")])
    >>> by_guidelines("người Pháp, người Kurd", [(0, 10, "MISC"), (12, 22, "MISC")], places)
    [(6, 10, 'LOC'), (18, 22, 'MISC')]
    """
    out: Spans = []
    for start, end, label in spans:
        head, _, rest = text[start:end].partition(" ")
        if label == "MISC" and rest and head.lower() == "người":
            codes = (gazetteer.get(rest) or "").split(",")
            kind = "LOC" if any(code[:1] == "L" for code in codes) else "MISC"
            out.append((end - len(rest), end, kind))
        else:
            out.append((start, end, label))
    return out


def with_scheme(example: Example, *, vlsp: bool) -> Example:
    """The example with what its annotation follows: VLSP, or else the project's guidelines."""
    column = np.full(len(example.forms), int(vlsp), dtype=np.uint64)
    return replace(example, context={**example.context, SCHEME: column})


def without_scheme(model: Model) -> tuple[Model, Model]:
    """The model by the project's guidelines, and what to add (`Model.plus`) to read as VLSP."""
    columns = {column.name: column for column in model.columns}
    scheme = columns.pop(SCHEME)
    groups, added = [], []
    for group in model.groups:
        if SCHEME not in group.columns:
            groups.append(group)
            continue
        place = 1 - group.columns.index(SCHEME)
        other = columns[group.columns[place]]
        ids = (group.keys >> np.uint64(KEY_BITS * (1 - place))) & np.uint64((1 << KEY_BITS) - 1)
        values = np.asarray(other.values, dtype=np.uint64)[ids.astype(np.int64) - 2]
        none = np.zeros((2, *group.weights.shape[1:]), dtype=np.int32)
        weights = np.concatenate([none, group.weights[3:]])
        added.append(Column(other.name, values, group.anchors, weights, other.context))
    own = replace(model, columns=tuple(columns.values()), groups=tuple(groups))
    part = replace(
        model,
        bias=scheme.weights[2, 0],
        transitions=np.zeros_like(model.transitions),
        columns=tuple(added),
        groups=(),
        lists={},
    )
    return own, part
