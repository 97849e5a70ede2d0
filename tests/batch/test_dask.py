"""A Dask cluster gives the same bytes as any other executor."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.batch.test_runs import content, make_news, run

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


def test_an_input_that_ends_workers_is_one_failed_row(tmp_path: Path) -> None:
    news = make_news(tmp_path / "in", 6)
    (news / "004.txt").write_text("Đoạn CHẾT.", encoding="utf-8")
    summary = run(news, tmp_path / "out", engine="dask", jobs=2, shard_size=4)
    failed = {row["source_path"]: row["error"] for row in summary.failures}
    assert "worker processes died on it" in failed["004.txt"]
    assert summary.status == {"ok": 17, "failed": 2, "skipped": 1}
