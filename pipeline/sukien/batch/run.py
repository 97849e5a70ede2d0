"""A whole run: inputs to shards, shards to parts, parts to the tables of a folder or of memory."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sukien.analysis import Models
from sukien.batch.carried import CarriedModels
from sukien.batch.compaction import compact
from sukien.batch.corpus import span_articles
from sukien.batch.estimate import estimate
from sukien.batch.execute import Engine, Progress, Workers, execute
from sukien.batch.finish import final_tables, write_tables
from sukien.batch.journal import LOG, journal
from sukien.batch.lanes import Loader
from sukien.batch.parts import MemoryPart, Plan, known_keys
from sukien.batch.provenance import made_by
from sukien.batch.settings import Settings
from sukien.batch.shards import cut, open_inputs, survey
from sukien.batch.store import PackedPart, Store, StoredPart, pack_part, write_json, write_part
from sukien.batch.work import Keys
from sukien.tables.schema import TABLES

if TYPE_CHECKING:
    from sukien.tables.frames import Tables

__all__ = ["Engine", "Progress", "Summary", "extract_to_folder", "extract_to_memory"]

SHARD = 200
"""Articles in a shard: some seconds of work, so that little is lost when a run is cut off."""

_ARTICLE_BYTES = 4000


@dataclass(frozen=True, slots=True)
class Summary:
    """What a finished run did."""

    output: Path
    files: list[Path]
    status: dict[str, int]
    failures: list[dict[str, Any]]
    rows: dict[str, int]
    analysed: int
    kept: int
    seconds: dict[str, float]
    note: str | None = None

    @property
    def rate(self) -> float:
        """Articles analysed in a second, models loaded and tables written included."""
        return self.analysed / max(sum(self.seconds.values()), 1e-9)

    @property
    def exit_code(self) -> int:
        """0: no failure; 1: some failed; 2: failures and not one article that is ok."""
        if not self.status.get("failed"):
            return 0
        return 1 if self.status.get("ok") else 2


def extract_to_memory(
    source: object,
    settings: Settings,
    *,
    jobs: int = 0,
    shard_size: int = SHARD,
    load: Loader | None = None,
) -> Tables:
    """Run over `source` and return the tables; nothing is written."""
    from sukien.tables.frames import Tables

    load = load or partial(Models, settings.models)
    shards = cut(open_inputs(source, settings), settings.reading, shard_size)
    results = execute(shards, load, settings, np.empty(0, np.uint64), MemoryPart, Workers(jobs))
    parts: list[MemoryPart] = []
    live: list[Keys] = []
    for result in results:
        parts += result.parts
        live.append(result.keys)
    plan = Plan(parts, _union(live))
    return Tables.from_arrow(final_tables(plan, span_articles(plan)))


def extract_to_folder(
    source: object,
    output: Path,
    settings: Settings,
    *,
    formats: Sequence[str] = ("csv",),
    tables: Sequence[str] = (),
    jobs: int = 0,
    fresh: bool = False,
    retry_failed: bool = False,
    csv_safe: bool = True,
    engine: Engine = "local",
    scheduler: str | None = None,
    ship: bool = False,
    shard_size: int | None = None,
    load: Loader | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Summary:
    """Run over `source` and write the tables to the folder `output`.

    tables: the optional tables to write besides the others (`texts`, `tokens`).
    fresh: forget what an earlier run left in the folder.
    retry_failed: analyse again what failed in an earlier run.
    jobs: worker processes; 0 works in this process, where a crash of a library ends the run.

    engine, scheduler: "dask" works on the cluster at that address, or on `jobs` workers here.
    ship: send the bytes of the inputs to Dask's workers and have those of the parts sent back,
        where they do not see the folders.
    shard_size: articles in a piece of work; the rows do not depend on it.

    What an earlier run with the same settings has done is not done again. Raises
    `StoreMismatchError` where the folder holds a run with other settings, `LockedError` where
    another run is at it, ValueError where input and output are one folder.
    """
    _apart(source, output)
    with ExitStack() as stack:
        identity = settings.identity()
        store = Store(output, configuration=identity, made_by=made_by(), fresh=fresh)
        stack.enter_context(store)
        stack.enter_context(journal(output))
        names = [name for name, table in TABLES.items() if not table.optional or name in tables]
        clock = _Clock()
        inputs = open_inputs(source, settings, exclude=[output])
        old = store.parts()
        known = _known(old, retry_failed=retry_failed)
        LOG.info("run %d begins, with %d articles in the store", store.generation, len(known))
        if store.reason:
            LOG.warning("everything is done anew: %s", store.reason)
        # Told at once, so that a long look through folders is not silence.
        state = Progress(stage="looking at the inputs")
        progress(state)
        count, sizes = survey(source, exclude=[output])
        size = sum(sizes.values())
        state.total = 0.0 if settings.limit else size
        if not settings.limit:
            state.estimate = estimate(list(sizes.items()), jobs, formats)
        LOG.info("%d inputs of %.1f MB, %d workers (%s)", count, size / 1e6, jobs, engine)
        state.stage = "reading and analysing"
        progress(state)
        # Few inputs are cut finer, so that every worker gets some.
        articles = max(count, int(size / _ARTICLE_BYTES))
        fine = max(articles // (3 * max(jobs, 1)), 8) if articles else SHARD
        shards = cut(inputs, settings.reading, shard_size or min(fine, SHARD))
        live: list[Keys] = []
        analysed = kept = 0
        if load is None:
            load = CarriedModels.of(settings.models) if ship else partial(Models, settings.models)
        sink = pack_part if ship else partial(write_part, store.path.resolve())
        shared = None if ship else store.temporary.resolve()
        workers = Workers(jobs, engine, scheduler, shared)
        for result in execute(
            shards, load, settings, known, sink(store.generation), workers, state, progress
        ):
            for part in result.parts:
                if isinstance(part, PackedPart):
                    part.write(store.path)
            live.append(result.keys)
            analysed += sum(result.counts.values())
            kept += result.kept
        clock.lap("analysis")
        LOG.info("%d inputs done now, %d kept from before", analysed, kept)

        state.stage = "what spans articles"
        progress(state)
        parts = store.parts()
        plan = Plan(parts, _union(live))
        corpus = span_articles(plan)
        clock.lap("corpus")

        state.stage = "writing the tables"
        progress(state)
        place = store.temporary / "tables"
        files, rows, tally = write_tables(
            plan, corpus, output, place, names, formats, csv_safe=csv_safe
        )
        clock.lap("writing")
        if settings.limit is None and settings.since is None and settings.until is None:
            used = {segment.part for segment in plan.segments}
            compact(store, parts, plan)
            store.drop([part for number, part in enumerate(parts) if number not in used])
        status = {name: tally.status.get(name, 0) for name in ("ok", "failed", "skipped")}
        LOG.info(
            "finished: %d ok, %d failed, %d skipped; %s",
            *status.values(),
            ", ".join(f"{name} {seconds:.1f} s" for name, seconds in clock.seconds.items()),
        )
        write_json(
            output / "run.json",
            {
                "configuration": {
                    **identity,
                    "since": settings.since,
                    "until": settings.until,
                    "limit": settings.limit,
                    "timeout": settings.timeout,
                    "formats": list(formats),
                    "tables": list(tables),
                    "csv_safe": csv_safe,
                    "jobs": jobs,
                    "engine": engine,
                },
                "made_by": made_by(),
                "system": platform.platform(),
                "finished": datetime.now(UTC).isoformat(timespec="seconds"),
                "articles": {**status, "analysed": analysed, "kept": kept},
                "rows": rows,
                "seconds": clock.seconds,
            },
        )
    failures = tally.failures
    return Summary(
        output, files, status, failures, rows, analysed, kept, clock.seconds, store.reason
    )


class _Clock:
    """Seconds of the stages of a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Note the seconds since the last stage."""
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def _known(parts: Sequence[StoredPart], *, retry_failed: bool) -> Keys:
    """Sorted keys of what needs no work; without the failed ones where they are to be retried."""
    if not retry_failed:
        return known_keys(parts)
    found = [np.empty(0, np.uint64)]
    for part in parts:
        status = part.table("articles")["status"].to_pylist()
        found.append(part.keys()[[cell != "failed" for cell in status]])
    return np.unique(np.concatenate(found))


def _union(keys: Sequence[Keys]) -> Keys:
    return np.unique(np.concatenate([np.empty(0, np.uint64), *keys]))


def _apart(source: object, output: Path) -> None:
    """Refuse an output that the next run would read as input, or that is a file."""
    if output.exists() and not output.is_dir():
        raise ValueError(f"--output {output} is a file; name a folder")
    paths = source if isinstance(source, list | tuple) else [source]
    for path in paths:
        if isinstance(path, str | Path) and os.path.realpath(path) == os.path.realpath(output):
            raise ValueError(f"{output} is both input and output; name another folder for --output")
