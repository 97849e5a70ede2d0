"""Analyses become tables that keep every rule, whatever the text."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.batch.fake_stages import FakeLoader, FakeStages

from sukien.analysis import analyse
from sukien.article import Article, Failure, stable_id
from sukien.batch.run import extract_to_memory
from sukien.batch.settings import Settings
from sukien.tables import TABLES, Tables, validate
from sukien.tables.rows import article_row, failure_row, id_maker
from sukien.tables.schema import describe

_WORDS = ["Lan", "gặp", "Huế", "hôm nay", "12", ".", "\r\n", "e\u0301", "hoà", "\u200b", "😀", " "]
TEXTS = st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=25).map(" ".join)


def tables_of(*texts: str, **metadata: Any) -> Tables:
    articles = [
        Article(text=text, source_path=f"{n}.txt", **metadata) for n, text in enumerate(texts)
    ]
    return extract_to_memory(articles, Settings(tokens=True), load=FakeLoader())


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, max_size=3))
def test_every_rule_holds_for_any_text(texts: list[str]) -> None:
    tables = tables_of(*texts, published_at="2024-03-20")
    assert validate(tables).empty
    assert len(tables.articles) == len(texts)


def test_an_event_reads_alone() -> None:
    tables = tables_of("Lan gặp Hùng tại Huế hôm nay.", published_at="2024-03-20")
    event = tables.events.iloc[0]
    assert (event.type, event.trigger, event.agent, event.place) == ("Meet", "gặp", "Lan", "Huế")
    assert event.participants == ["Lan", "Hùng", "Huế"]
    assert event.latitude == 21.03
    assert event.sentence == "Lan gặp Hùng tại Huế hôm nay."
    arguments = tables.event_arguments
    assert arguments["event_id"].eq(event.event_id).all()
    assert arguments["date_id"].dropna().isin(tables.dates["date_id"]).all()


def test_a_failure_is_a_row_with_its_reason() -> None:
    tables = tables_of("Tốt.", "HỎNG", "nửa cặp \ud800", " \n", "x" * 5_000_001)
    rows = tables.articles.sort_values("source_path")
    assert rows["status"].tolist() == ["ok", "failed", "failed", "skipped", "failed"]
    errors = rows["error"].tolist()
    assert errors[1] == "could not be analysed: ValueError: this text is broken"
    assert "character 8 is half a UTF-16 pair (U+D800)" in errors[2]
    assert errors[3] == "the text is blank"
    assert "5,000,001 characters" in errors[4]
    assert validate(tables).empty


def test_one_bad_article_does_not_stop_its_batch() -> None:
    articles = [Article(text=text) for text in ("Lan", "HỎNG", "Huế")]
    found = analyse(articles, FakeStages())
    assert [isinstance(result, Failure) for result in found] == [False, True, False]


def test_dtypes_are_nullable_and_closed_vocabularies_are_categories() -> None:
    tables = tables_of("Lan gặp Huế.")
    assert str(tables.entities["latitude"].dtype) == "Float64"
    assert str(tables.mentions["char_start"].dtype) == "Int64"
    assert str(tables.articles["title"].dtype).startswith("string")
    assert tables.mentions["label"].cat.categories.tolist() == ["PER", "ORG", "LOC", "MISC"]
    assert str(tables.entities["aliases"].dtype) == "list<item: string>[pyarrow]"


def test_rows_have_one_cell_a_column() -> None:
    article = Article(text="a", source_path="odd\udcff.txt")
    row = article_row(article, 1, 1)
    assert len(row) == len(TABLES["articles"].columns)
    assert row[1] == "odd\\udcff.txt"
    failure = Failure(source_path="b", status="failed", error="")
    assert len(failure_row(failure)) == len(row)


@given(st.text(max_size=3), st.integers(), st.integers(), st.text(max_size=3))
def test_ids_are_those_of_stable_id(article: str, start: int, end: int, kind: str) -> None:
    article, kind = (part.encode("utf-8", "ignore").decode() for part in (article, kind))
    made = id_maker(article, "dates")(start, end, kind)
    assert made == stable_id(article, "dates", start, end, kind)


def _with(tables: Tables, name: str, column: str, cells: list[Any]) -> Tables:
    frame = tables[name].copy()
    frame[column] = pd.Series(cells, index=frame.index).astype(frame[column].dtype)
    return dataclasses.replace(tables, **{name: frame})


@pytest.mark.parametrize(
    ("table", "column", "cells", "rule"),
    [
        ("mentions", "text", ["Lan", "Huệ"], "surface"),
        ("mentions", "char_end", [3, 99], "offsets"),
        ("mentions", "char_start", [8, 0], "order"),
        ("mentions", "entity_id", ["x", "y"], "foreign_key"),
        ("mentions", "mention_id", ["x", "x"], "unique"),
        ("mentions", "article_id", [None, None], "not_null"),
        ("mentions", "confidence", [0.5, 1.5], "confidence"),
        ("mentions", "confidence", [0.5, 0.12345], "confidence"),
        ("articles", "title", [""], "not_empty"),
        ("events", "time_begin", ["20/3/2024"], "day"),
    ],
)
def test_a_broken_rule_is_named(table: str, column: str, cells: list[Any], rule: str) -> None:
    broken = _with(tables_of("Lan gặp Huế."), table, column, cells)
    faults = validate(broken)
    assert rule in set(faults["rule"])
    assert table in set(faults["table"])


def test_types_columns_and_vocabularies_are_checked() -> None:
    tables = tables_of("Lan gặp Huế.")
    wrong = dataclasses.replace(
        tables,
        mentions=tables.mentions.drop(columns="method"),
        sentences=tables.sentences.astype({"position": "float64"}),
        dates=tables.dates,
        events=tables.events.assign(polarity=pd.Categorical(["perhaps"])),
    )
    assert {"columns", "dtype", "vocabulary"} <= set(validate(wrong)["rule"])


def test_tables_show_themselves() -> None:
    tables = tables_of("Lan gặp <Huế>.")
    assert "mentions" in repr(tables)
    shown = tables._repr_html_()
    assert "&lt;Huế&gt;" in shown
    assert dict(tables.items()).keys() == TABLES.keys() == set(tables)
    with pytest.raises(KeyError, match="no table 'event'"):
        tables["event"]


def test_every_column_is_documented() -> None:
    page = describe()
    for table in TABLES.values():
        for column in table.columns:
            assert f"| {column.name} |" in page
            assert column.meaning
