"""A small folder of news, what a run makes of it, and runs to be disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.batch.background import Background
from tests.batch.test_runs import content, make_news, run

import sukien.batch.run as run_module


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_news(tmp_path_factory.mktemp("news") / "in")


@pytest.fixture(scope="module")
def plain(news: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    output = tmp_path_factory.mktemp("plain")
    run(news, output)
    return content(output)


@pytest.fixture
def background(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Background]:
    monkeypatch.setattr(run_module, "made_by", lambda: {"sukien": "test"})
    runs = Background(news, tmp_path)
    yield runs
    runs.stop()
