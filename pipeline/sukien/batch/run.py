"""A whole run: inputs to shards, shards to parts, parts to the tables of a folder or of memory."""

from __future__ import annotations

import os
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sukien.analysis import Models
from sukien.batch.corpus import span_articles
from sukien.batch.finish import Tally, by_article, final_tables, stream
from sukien.batch.lanes import Loader, run_here, run_in_processes
from sukien.batch.parts import MemoryPart, Plan, known_keys
from sukien.batch.provenance import made_by
from sukien.batch.settings import Settings
from sukien.batch.shards import Shard, cut, open_inputs, survey
from sukien.batch.store import Store, StoredPart, write_json, write_part
from sukien.batch.work import Keys, Result, Sink
from sukien.tables.schema import TABLES
from sukien.writing.brat import write_brat
from sukien.writing.database import write_database
from sukien.writing.folder import BRAT, DATABASE, FORMATS, FolderWriter

if TYPE_CHECKING:
    from sukien.tables.frames import Tables

__all__ = ["Progress", "Summary", "extract_to_folder", "extract_to_memory"]

Engine = Literal["local", "dask"]

SHARD = 200
"""Articles in a shard: some seconds of work, so that little is lost when a run is cut off."""

_ARTICLE_BYTES = 4000


@dataclass(slots=True)
class Progress:
    """How far a run is: weights of inputs (about bytes) and rows by status, all so far.

    `total` is 0 where it cannot be known beforehand. `kept` rows were in the store.
    """

    total: float = 0.0
    done: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    running: int = 0
    stage: str = "reading and analysing"


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
    results = _execute(shards, load, settings, np.empty(0, np.uint64), MemoryPart, jobs)
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
    shard_size: articles in a piece of work; the rows do not depend on it.

    What an earlier run with the same settings has done is not done again. Raises
    `StoreMismatchError` where the folder holds a run with other settings, `LockedError` where
    another run is at it, ValueError where input and output are one folder.
    """
    clock = [time.perf_counter()]
    load = load or partial(Models, settings.models)
    _apart(source, output)
    names = [name for name, table in TABLES.items() if not table.optional or name in tables]
    configuration = settings.identity()
    with Store(output, configuration=configuration, made_by=made_by(), fresh=fresh) as store:
        inputs = open_inputs(source, settings, exclude=[output])
        old = store.parts()
        known = _known(old, retry_failed=retry_failed)
        # Told at once, so that a long look through folders is not silence.
        state = Progress(stage="looking at the inputs")
        progress(state)
        count, size = survey(source, exclude=[output])
        state.total = 0.0 if settings.limit else size
        state.stage = "reading and analysing"
        # Few inputs are cut finer, so that every worker gets some.
        articles = max(count, int(size / _ARTICLE_BYTES))
        fine = max(articles // (3 * max(jobs, 1)), 8) if articles else SHARD
        shards = cut(inputs, settings.reading, shard_size or min(fine, SHARD))
        live: list[Keys] = []
        analysed = kept = 0
        for result in _execute(
            shards,
            load,
            settings,
            known,
            write_part(store.path.resolve()),
            jobs,
            engine,
            scheduler,
            store.temporary.resolve(),
            state,
            progress,
        ):
            live.append(result.keys)
            analysed += sum(result.counts.values())
            kept += result.kept
        clock.append(time.perf_counter())

        state.stage = "what spans articles"
        progress(state)
        # Parts of this run come last: what was analysed again counts, not what was there before.
        before = {part.folder.name for part in old}
        parts = sorted(store.parts(), key=lambda part: (part.folder.name not in before, part.first))
        plan = Plan(parts, _union(live))
        corpus = span_articles(plan)
        clock.append(time.perf_counter())

        state.stage = "writing the tables"
        progress(state)
        place = store.temporary / "tables"
        plain = [name for name in formats if name in FORMATS]
        writer = FolderWriter(output, place, names, plain, csv_safe=csv_safe)
        tally = Tally()
        for name in names:
            writer.write(name, stream(name, plan, corpus, tally))
        if "duckdb" in formats:
            write_database(place / DATABASE, {name: stream(name, plan, corpus) for name in names})
        if "brat" in formats:
            write_brat(place / BRAT, by_article(plan, corpus))
        files = writer.commit()
        clock.append(time.perf_counter())
        if settings.limit is None and settings.since is None and settings.until is None:
            used = {segment.part for segment in plan.segments}
            store.drop([part for number, part in enumerate(parts) if number not in used])
        stages = ("analysis", "corpus", "writing")
        seconds = {
            n: round(b - a, 3) for n, a, b in zip(stages, clock[:-1], clock[1:], strict=True)
        }
        status = {name: tally.status.get(name, 0) for name in ("ok", "failed", "skipped")}
        write_json(
            output / "run.json",
            {
                "configuration": {
                    **configuration,
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
                "rows": writer.rows,
                "seconds": seconds,
            },
        )
    return Summary(
        output, files, status, tally.failures, writer.rows, analysed, kept, seconds, store.reason
    )


def _execute(
    shards: Iterable[Shard],
    load: Loader,
    settings: Settings,
    known: Keys,
    sink: Sink,
    jobs: int,
    engine: Engine = "local",
    scheduler: str | None = None,
    shared: Path | None = None,
    state: Progress | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Iterator[Result]:
    """The results of all shards, from this process (`jobs` 0) or from `jobs` others."""
    state = state or Progress()
    weights: dict[int, float] = {}

    def weighed() -> Iterator[Shard]:
        for shard in shards:
            weights[shard.number] = shard.weight
            yield shard

    def tick(running: int) -> None:
        state.running = running
        progress(state)

    if engine == "dask":
        from sukien.batch.dask_cluster import run_on_dask

        assert shared is not None
        results = run_on_dask(weighed(), load, settings, known, sink, jobs or 1, scheduler, shared)
    elif jobs < 1:
        results = run_here(weighed(), load, settings, known, sink)
    else:
        results = run_in_processes(weighed(), load, settings, known, sink, jobs, tick)
    for result in results:
        state.counts.update(result.counts)
        state.kept += result.kept
        state.done += weights.pop(result.number)
        state.running = 0
        progress(state)
        yield result


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
