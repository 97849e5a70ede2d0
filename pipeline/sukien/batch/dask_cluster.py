"""Executor: a Dask cluster, here or on several machines, with the same `work` as everywhere.

Workers should be processes of one thread under a nanny (`dask worker --nthreads 1`). They see the
input and the output folder under the same paths, or what they need travels with the work and the
rows come back as bytes (`ship`). Dask gives the shards of a lost worker to another one; a shard
that ends several workers is repeated input by input. Dask blames all that waited at a worker that
died, so an input under suspicion is tried once more with nothing beside it before it becomes a
failed row. A worker that is too long at one article ends itself: its nanny begins a new one.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from sukien.batch.journal import LOG
from sukien.batch.lanes import Loader
from sukien.batch.settings import Settings
from sukien.batch.shards import Shard
from sukien.batch.work import Beat, Keys, Result, Sink, work

if TYPE_CHECKING:
    from sukien.analysis import Stages

__all__ = ["run_on_dask"]

_AHEAD = 2
"""Shards a worker has waiting, so that it never waits itself."""

_LOST = "the worker processes died on it (out of memory, a fault in a library, or too slow)"


def run_on_dask(
    shards: Iterable[Shard],
    load: Loader,
    settings: Settings,
    known: Keys,
    sink: Sink,
    jobs: int,
    scheduler: str | None,
    shared: Path | None,
) -> Iterator[Result]:
    """Take shards through `work` on the cluster at `scheduler`, or on `jobs` local workers.

    `shared` is a folder that all workers see; None: the workers see no folder of ours, so the
    bytes of the inputs go to them, and `sink` must not write.

    Raises ImportError where Dask is not installed, OSError where no scheduler answers.
    """
    dask = _distributed()
    with ExitStack() as stack:
        address: Any = scheduler
        if scheduler is None:
            # Else a cluster here forgets a worker some seconds after it died, though its nanny
            # has begun another; in the end there is none and the run would wait for ever.
            patience = {"distributed.deploy.lost-worker-timeout": "365 days"}
            stack.enter_context(import_module("dask").config.set(patience))
            cluster = dask.LocalCluster(
                n_workers=jobs, threads_per_worker=1, dashboard_address=":0"
            )
            address = stack.enter_context(cluster)
        client = stack.enter_context(dask.Client(address))
        stored = stack.enter_context(_published(dask, client, known, shared))
        waiting = iter(shards)
        again: deque[Shard] = deque()
        suspects: deque[Shard] = deque()
        alone: set[Any] = set()
        at: dict[Any, Shard] = {}
        running = dask.as_completed()

        def feed() -> None:
            shard = again.popleft() if again else next(waiting, None)
            suspected = shard is None and bool(suspects) and not at
            if suspected:
                shard = suspects.popleft()
            if shard is not None:
                if shared is None:
                    shard = shard.carried(settings.reading)
                future = client.submit(_do, shard, load, settings, stored, sink, pure=False)
                at[future] = shard
                running.add(future)
                if suspected:
                    alone.add(future)

        for _ in range(_AHEAD * max(len(client.scheduler_info(-1)["workers"]), 1)):
            feed()
        gathered: dict[int, _Pieces] = {}
        for future in running:
            shard = at.pop(future)
            try:
                result = future.result()
            except dask.KilledWorker:
                if len(shard.items) == 1 and future not in alone:
                    suspects.append(shard)
                    feed()
                    continue
                LOG.warning("shard %d ended several workers; it is taken apart", shard.number)
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


_sent: dict[str, Keys] = {}
"""In a worker: the keys that came with a plugin, by the run's name."""


@contextmanager
def _published(dask: Any, client: Any, known: Keys, shared: Path | None) -> Iterator[Path | str]:
    """Make the known keys available to all workers, also to those that begin later."""
    # Not scattered: Dask forgets what its workers held when they die.
    if shared is not None:
        path = shared / "known.npy"
        np.save(path, known)
        yield path
        return

    class Known(dask.WorkerPlugin):  # type: ignore[misc]  # the library is an extra without types
        def __init__(self, name: str, keys: Keys) -> None:
            self.name, self.keys = name, keys

        def setup(self, worker: Any) -> None:
            import_module(__name__)._sent[self.name] = self.keys

        def teardown(self, worker: Any) -> None:
            import_module(__name__)._sent.pop(self.name, None)

    name = f"sukien-{uuid4().hex}"
    client.register_plugin(Known(name, known))
    try:
        yield name
    finally:
        client.unregister_worker_plugin(name)


def _do(shard: Shard, load: Loader, settings: Settings, stored: Path | str, sink: Sink) -> Result:
    beat = [0.0] * 6
    done = threading.Event()
    watchdog = threading.Thread(target=_watch, args=(beat, settings.timeout, done), daemon=True)
    watchdog.start()
    try:
        known = _known(stored) if isinstance(stored, Path) else _sent[stored]
        return work(shard, _loaded(load), settings, known, sink, beat)
    finally:
        done.set()
        watchdog.join()


def _watch(beat: Beat, limit: float, done: threading.Event) -> None:
    """End this process when it has been too long at one article or batch."""
    # No signal and no exception reaches a thread that is inside a library.
    while not done.wait(min(limit / 4, 1.0)):
        since = beat[1]
        if since and time.monotonic() - since > limit:
            os._exit(1)


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
