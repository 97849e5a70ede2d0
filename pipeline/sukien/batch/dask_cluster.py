"""Executor: a Dask cluster, here or on several machines, with the same `work` as everywhere.

Workers should be processes of one thread under a nanny (`dask worker --nthreads 1`), and see the
input and the output folder under the same paths. Dask gives the shards of a lost worker to
another one; a shard that ends several workers is repeated input by input, and an input that does
it alone becomes a failed row.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sukien.batch.lanes import Loader
from sukien.batch.settings import Settings
from sukien.batch.shards import Shard
from sukien.batch.work import Keys, Result, Sink, work

if TYPE_CHECKING:
    from sukien.analysis import Stages

__all__ = ["run_on_dask"]

_AHEAD = 2
"""Shards a worker has waiting, so that it never waits itself."""

_LOST = "the worker processes died on it (out of memory, or a fault in a library)"


def run_on_dask(
    shards: Iterable[Shard],
    load: Loader,
    settings: Settings,
    known: Keys,
    sink: Sink,
    jobs: int,
    scheduler: str | None,
    shared: Path,
) -> Iterator[Result]:
    """Take shards through `work` on the cluster at `scheduler`, or on `jobs` local workers.

    `shared` is a folder that all workers see.

    Raises ImportError where Dask is not installed, OSError where no scheduler answers.
    """
    dask = _distributed()
    with ExitStack() as stack:
        address: Any = scheduler
        if scheduler is None:
            cluster = dask.LocalCluster(
                n_workers=jobs, threads_per_worker=1, dashboard_address=None
            )
            address = stack.enter_context(cluster)
        client = stack.enter_context(dask.Client(address))
        # In a file of the store, not scattered: Dask forgets what its workers held when they die.
        path = shared / "known.npy"
        np.save(path, known)
        waiting = iter(shards)
        again: deque[Shard] = deque()
        at: dict[Any, Shard] = {}
        running = dask.as_completed()

        def feed() -> None:
            shard = again.popleft() if again else next(waiting, None)
            if shard is not None:
                future = client.submit(_do, shard, load, settings, path, sink, pure=False)
                at[future] = shard
                running.add(future)

        for _ in range(_AHEAD * max(len(client.scheduler_info(-1)["workers"]), 1)):
            feed()
        gathered: dict[int, _Pieces] = {}
        for future in running:
            shard = at.pop(future)
            try:
                result = future.result()
            except dask.KilledWorker:
                pieces = _pieces(shard)
                again.extend(pieces)
                whole = gathered.setdefault(shard.number, _Pieces(shard.number))
                whole.missing += len(pieces) - (1 if whole.missing else 0)
                for _ in pieces:
                    feed()
                continue
            future.release()
            if shard.number in gathered:
                whole = gathered[shard.number]
                whole.add(result)
                if whole.missing:
                    feed()
                    continue
                result = gathered.pop(shard.number).result
            yield result
            feed()


def _distributed() -> Any:
    # By name: the library is an extra, and its classes have no types.
    try:
        return import_module("distributed")
    except ImportError as error:
        raise ImportError("--engine dask needs Dask: pip install 'sukien[dask]'") from error


class _Pieces:
    """The results of a shard that was taken apart."""

    def __init__(self, number: int) -> None:
        self.missing = 0
        self._results: list[Result] = []
        self._number = number

    def add(self, result: Result) -> None:
        """Note the result of one piece."""
        self.missing -= 1
        self._results.append(result)

    @property
    def result(self) -> Result:
        """All pieces as one result."""
        return Result.of(self._number, self._results)


def _pieces(shard: Shard) -> list[Shard]:
    """The shard input by input; a single input is given up."""
    if len(shard.items) == 1:
        return [shard.without(0, _LOST)]
    return [replace(shard, items=(item,), careful=True) for item in shard.items]


def _do(shard: Shard, load: Loader, settings: Settings, known: Path, sink: Sink) -> Result:
    return work(shard, _loaded(load), settings, _known(known), sink, [0.0] * 6)


@lru_cache(maxsize=1)
def _known(path: Path) -> Keys:
    keys: Keys = np.load(path)
    return keys


@cache
def _loaded(load: Loader) -> Loader:
    """The loader of this process, which loads once."""

    @cache
    def stages() -> Stages:
        return load()

    return stages
