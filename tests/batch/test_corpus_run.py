"""The sample articles through the real stages: every rule holds, however the work is cut."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from tests.batch.test_runs import FORMATS, content

from sukien.analysis import Models
from sukien.batch.run import extract_to_folder, extract_to_memory
from sukien.batch.settings import Settings
from sukien.reading import read_articles
from sukien.tables import Tables, validate

CORPUS = Path(__file__).parents[2] / "corpus" / "articles"


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


@pytest.fixture(scope="module")
def tables(models: Models) -> Tables:
    return extract_to_memory(CORPUS, Settings(tokens=True), load=lambda: models)


def test_every_rule_holds(tables: Tables) -> None:
    faults = validate(tables)
    assert faults.empty, faults.to_string()


def test_every_article_has_names_and_a_date(tables: Tables) -> None:
    articles = tables.articles[tables.articles["status"] == "ok"]
    assert len(articles) >= 15
    assert articles["article_id"].isin(tables.mentions["article_id"]).all()
    assert articles["language"].eq("vi").all()


def test_batches_and_order_do_not_show(models: Models, tables: Tables) -> None:
    articles = list(read_articles(CORPUS))
    settings = Settings(tokens=True)
    turned = extract_to_memory(articles[::-1], settings, shard_size=5, load=lambda: models)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, turned[name])


def test_workers_shards_and_order_of_files_do_not_show_in_any_byte(
    models: Models, tmp_path: Path
) -> None:
    files = [str(path) for path in CORPUS.iterdir()]
    random.Random(3).shuffle(files)
    extract_to_folder(CORPUS, tmp_path / "a", Settings(), formats=FORMATS, load=lambda: models)
    for name, jobs, size in (("b", 1, 500), ("c", 2, 7)):
        output = tmp_path / name
        extract_to_folder(files, output, Settings(), formats=FORMATS, jobs=jobs, shard_size=size)
        assert content(output) == content(tmp_path / "a")
