"""Many small parts, as many small runs leave them, rewritten as few of full size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from sukien.batch.parts import Plan, Segment, concat
from sukien.batch.store import PackedPart, Store, StoredPart
from sukien.batch.work import STORED
from sukien.tables.order import place

__all__ = ["compact"]

_SMALL = 100
"""A part with fewer articles in use is small."""

_MANY = 16
"""Small parts that may gather before they are rewritten."""

_FULL = 500


def compact(store: Store, parts: Sequence[StoredPart], plan: Plan) -> None:
    """Rewrite the small parts of a plan that reads all live articles, if there are many.

    New parts are whole before old ones go, and hold the same rows: a run that is cut off in
    between finds its articles twice and reads them once.
    """
    used: Counter[int] = Counter()
    for segment in plan.segments:
        used[segment.part] += segment.stop - segment.start
    small = {part for part, count in used.items() if count < _SMALL}
    if len(small) < _MANY:
        return
    new = set()
    for group in _groups(segment for segment in plan.segments if segment.part in small):
        tables = {
            name: concat((plan.slice(segment, name) for segment in group), name) for name in STORED
        }
        first = tables["articles"].slice(0, 1).to_pylist()[0]
        packed = PackedPart.of(
            tables,
            np.concatenate([plan.keys(segment) for segment in group]),
            np.concatenate([plan.signature(segment) for segment in group]),
            np.concatenate([plan.gist(segment) for segment in group]),
            place(first["source_path"], first["member"]),
            store.generation,
        )
        new.add(packed.write(store.path))
    store.drop([parts[part] for part in sorted(small) if parts[part].folder.name not in new])


def _groups(segments: Iterator[Segment]) -> Iterator[list[Segment]]:
    """Segments in order, about `_FULL` articles at a time."""
    group: list[Segment] = []
    count = 0
    for segment in segments:
        group.append(segment)
        count += segment.stop - segment.start
        if count >= _FULL:
            yield group
            group, count = [], 0
    if group:
        yield group
