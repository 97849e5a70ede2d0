"""A Dask cluster gives the same bytes as any other executor."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from tests.batch.background import Background, posix, workers
from tests.batch.test_runs import content, make_news, run

from sukien.batch.settings import Settings

pytest.importorskip("distributed", reason="Dask is an extra: pip install 'sukien[dask]'")

# Dask's own threads and sockets are torn down in their own time.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def test_two_workers_give_the_bytes_of_one_process(tmp_path: Path) -> None:
    news = make_news(tmp_path / "in")
    run(news, tmp_path / "plain")
    run(news, tmp_path / "dask", engine="dask", jobs=2, shard_size=7)
    assert content(tmp_path / "dask") == content(tmp_path / "plain")


@pytest.mark.parametrize("blamed_after", [0, 3])  # deaths of a worker beside a task; 3 by default
def test_an_input_that_ends_workers_is_one_failed_row(tmp_path: Path, blamed_after: int) -> None:
    import dask

    news = make_news(tmp_path / "in", 6)
    (news / "004.txt").write_text("Đoạn CHẾT.", encoding="utf-8")
    with dask.config.set({"distributed.scheduler.allowed-failures": blamed_after}):
        summary = run(news, tmp_path / "out", engine="dask", jobs=2, shard_size=4)
    failed = {row["source_path"]: row["error"] for row in summary.failures}
    assert "worker processes died on it" in failed["004.txt"]
    assert summary.status == {"ok": 17, "failed": 2, "skipped": 1}


def test_work_that_travels_gives_the_same_bytes(tmp_path: Path) -> None:
    news, output = make_news(tmp_path / "in"), tmp_path / "shipped"
    (news / "003.json").write_text('{"title": "Một cái tên", "date": "2024-03-02"}')
    run(news, tmp_path / "plain")
    (news / "009.txt").rename(tmp_path / "009.txt")
    run(news, output, engine="dask", jobs=2, shard_size=7, ship=True)
    (tmp_path / "009.txt").rename(news / "009.txt")
    summary = run(news, output, engine="dask", jobs=1, ship=True)
    assert (summary.analysed, summary.kept) == (1, 43)
    assert content(output) == content(tmp_path / "plain")


def test_an_article_that_takes_too_long_is_one_failed_row(tmp_path: Path) -> None:
    news = make_news(tmp_path / "in", 2)
    (news / "lines.jsonl").unlink()
    (news / "001.txt").write_text("Đoạn LÂU.", encoding="utf-8")
    settings = Settings(tokens=True, timeout=1.0)
    summary = run(news, tmp_path / "out", engine="dask", jobs=1, settings=settings)
    failed = {row["source_path"]: row["error"] for row in summary.failures}
    assert "too slow" in failed["001.txt"]
    assert summary.status == {"ok": 1, "failed": 2, "skipped": 1}


@posix
def test_a_dask_worker_that_is_lost_costs_nothing(
    plain: dict[str, bytes], background: Background
) -> None:
    process = background.start(2, engine="dask")
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert content(background.output) == plain
