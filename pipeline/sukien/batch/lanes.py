"""Executors: in this process, or several worker processes that may die without loss.

Each lane is a `ProcessPoolExecutor` of one worker, so that a worker that dies or hangs costs
its own shard only. The worker tells through shared memory which article it is at; so the
driver knows whom to blame.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from typing import Any

from sukien.analysis import Stages
from sukien.batch.journal import LOG
from sukien.batch.settings import Settings
from sukien.batch.shards import Shard
from sukien.batch.work import Beat, Keys, Result, Sink, work

__all__ = ["Loader", "run_here", "run_in_processes"]

Loader = Callable[[], Stages]
"""Loads the stages; picklable, called once in each process."""

_LOOK = 0.5
"""Seconds between two looks of the watchdog."""


def run_here(
    shards: Iterable[Shard], load: Loader, settings: Settings, known: Keys, sink: Sink
) -> Iterator[Result]:
    """Take shards through `work` in this process, one after the other."""
    beat = [0.0] * 6
    loaded = cache(load)
    for shard in shards:
        yield work(shard, loaded, settings, known, sink, beat)


def run_in_processes(
    shards: Iterable[Shard],
    load: Loader,
    settings: Settings,
    known: Keys,
    sink: Sink,
    jobs: int,
    tick: Callable[[int], None] = lambda done: None,
) -> Iterator[Result]:
    """Take shards through `work` in `jobs` worker processes; results come as they are ready.

    A shard is read from `shards` only when a worker is free. A worker that dies or exceeds the
    time limit is replaced, and its shard repeated article by article; an article that does it
    again becomes a failed row. `tick` is called now and then with the number of articles done in
    shards that are not finished.
    """
    waiting = iter(shards)
    lanes = [_Lane(load, settings, known, sink) for _ in range(jobs)]
    try:
        busy: dict[Future[Result], _Lane] = {}
        for lane in lanes:
            _feed(lane, waiting, busy)
        while busy:
            done, _ = wait(busy, timeout=_LOOK, return_when=FIRST_COMPLETED)
            for future in done:
                lane = busy.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    busy[lane.again()] = lane
                else:
                    yield result
                    _feed(lane, waiting, busy)
            for lane in busy.values():
                lane.watch()
            tick(sum(int(lane.beat[4]) for lane in busy.values()))
    finally:
        for lane in lanes:
            lane.stop()


def _feed(lane: _Lane, waiting: Iterator[Shard], busy: dict[Future[Result], _Lane]) -> None:
    shard = next(waiting, None)
    if shard is not None:
        busy[lane.take(shard)] = lane


class _Lane:
    """One worker process and the shard it is at."""

    def __init__(self, load: Loader, settings: Settings, known: Keys, sink: Sink) -> None:
        # Spawned, not forked: the driver has threads (Arrow's) that a fork would leave locked.
        self._context = multiprocessing.get_context("spawn")
        self._start = (load, settings, known, sink)
        self._limit = settings.timeout
        self._late = False
        self._stillborn = 0
        self._open()

    def _open(self) -> None:
        self.beat = self._context.Array("d", 6, lock=False)
        self._pool = ProcessPoolExecutor(
            1, self._context, initializer=_begin, initargs=(*self._start, self.beat)
        )

    def take(self, shard: Shard) -> Future[Result]:
        self._deaths = 0
        return self._submit(shard)

    def _submit(self, shard: Shard) -> Future[Result]:
        self._shard, self._late = shard, False
        with _deaf():  # the worker begins with the first shard
            return self._pool.submit(_do, shard)

    def again(self) -> Future[Result]:
        """Take the shard once more after the worker died, with more care each time.

        First article by article; then without the row it died on; then, if it dies there again
        before any analysis, without the input that cannot even be read.
        """
        shard, (item, row) = self._shard, (int(self.beat[2]), int(self.beat[3]))
        loaded, died_at_row = self.beat[5], self.beat[1]
        LOG.warning(
            "a worker %s at input %d, row %d of shard %d; the shard is repeated with more care",
            f"took longer than {self._limit:g} s" if self._late else "died",
            item,
            row,
            self._shard.number,
        )
        self._pool.shutdown()
        if not loaded and not died_at_row:
            self._stillborn += 1
            if self._stillborn > 2:
                raise RuntimeError(
                    "worker processes end before they have loaded the models; too little memory "
                    "is the usual reason: try --jobs 1"
                )
        elif shard.careful:
            why = "the worker process died on it (out of memory, or a fault in a library)"
            if self._late:
                why = f"it took longer than {self._limit:g} seconds"
            if not died_at_row and self._deaths > len(shard.items):
                raise RuntimeError("worker processes keep dying while they store results")
            if (item, row) in shard.given_up:
                shard = shard.without(item, why)
            elif died_at_row:
                shard = replace(shard, given_up={**shard.given_up, (item, row): why})
        self._deaths += 1
        self._open()
        return self._submit(replace(shard, careful=True))

    def watch(self) -> None:
        """Kill the worker when it has been too long at one article or batch."""
        since = self.beat[1]
        if since and time.monotonic() - since > self._limit and not self._late:
            self._late = True
            self._kill()

    def _kill(self) -> None:
        with suppress(OSError):  # it may have ended by itself in between
            os.kill(int(self.beat[0]), getattr(signal, "SIGKILL", signal.SIGTERM))

    def stop(self) -> None:
        """End the worker, also in the middle of a shard: its parts are whole or absent."""
        if self.beat[0] and self.beat[1]:
            self._kill()
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: processes begun in it ignore it from birth."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


_worker: dict[str, Any] = {}


def _begin(load: Loader, settings: Settings, known: Keys, sink: Sink, beat: Beat) -> None:
    """Begin a worker: leave Ctrl-C to the driver, end with the driver, load models when needed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    beat[0] = float(os.getpid())
    _worker.update(load=cache(partial(_load, load)), settings=settings, known=known)
    _worker.update(sink=sink, beat=beat)


def _load(load: Loader) -> Stages:
    stages = load()
    # What is loaded stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    return stages


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _do(shard: Shard) -> Result:
    return work(shard, **_worker)
