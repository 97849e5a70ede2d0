"""Shards through the executor that a user chose, with their progress noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sukien.batch.estimate import Estimate
from sukien.batch.lanes import Loader, run_here, run_in_processes
from sukien.batch.settings import Settings
from sukien.batch.shards import Shard
from sukien.batch.work import Keys, Result, Sink

__all__ = ["Engine", "Progress", "Workers", "execute"]

Engine = Literal["local", "dask"]


@dataclass(slots=True)
class Progress:
    """How far a run is: weights of inputs (about bytes) and rows by status, all so far.

    `total` is 0 where it cannot be known beforehand. `kept` rows were in the store, `running` ones
    are done in shards that are not finished.
    """

    total: float = 0.0
    done: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    running: int = 0
    stage: str = "reading and analysing"
    estimate: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Workers:
    """Who works: this process (`jobs` 0), `jobs` others, or a Dask cluster.

    `shared` is a folder that Dask's workers see as we do; None where they see none of ours.
    """

    jobs: int
    engine: Engine = "local"
    scheduler: str | None = None
    shared: Path | None = None


def execute(
    shards: Iterable[Shard],
    load: Loader,
    settings: Settings,
    known: Keys,
    sink: Sink,
    workers: Workers,
    state: Progress | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Iterator[Result]:
    """The results of all shards, as they are ready."""
    state = state or Progress()
    weights: dict[int, float] = {}

    def weighed() -> Iterator[Shard]:
        for shard in shards:
            weights[shard.number] = shard.weight
            yield shard

    def tick(running: int) -> None:
        state.running = running
        progress(state)

    task = weighed(), load, settings, known, sink
    if workers.engine == "dask":
        from sukien.batch.dask_cluster import run_on_dask

        results = run_on_dask(*task, workers.jobs or 1, workers.scheduler, workers.shared)
    elif workers.jobs < 1:
        results = run_here(*task)
    else:
        results = run_in_processes(*task, workers.jobs, tick)
    for result in results:
        state.counts.update(result.counts)
        state.kept += result.kept
        state.done += weights.pop(result.number)
        state.running = 0
        progress(state)
        yield result
