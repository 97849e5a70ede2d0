"""brat files that brat can read, and a database that joins its tables."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.batch.fake_stages import FakeLoader
from tests.batch.test_runs import make_news

from sukien.batch.run import extract_to_folder, extract_to_memory
from sukien.batch.settings import Settings
from sukien.writing import read_tables
from sukien.writing.brat import annotation


def spans(lines: list[str]) -> dict[str, tuple[str, list[tuple[int, int]], str]]:
    """The text-bound annotations of an `.ann` file, as brat's own parser takes them apart."""
    found = {}
    for line in lines:
        if match := re.fullmatch(r"(T\d+)\t(\S+) ([\d ;]+)\t(.*)", line):
            pieces = [tuple(map(int, piece.split())) for piece in match[3].split(";")]
            found[match[1]] = (match[2], [(a, b) for a, b in pieces], match[4])
    return found


def test_brat_files_hold_the_annotation(tmp_path: Path) -> None:
    news = make_news(tmp_path / "in", 3)
    extract_to_folder(
        news, tmp_path / "out", Settings(), formats=("brat", "csv"), load=FakeLoader()
    )
    folder = tmp_path / "out" / "brat"
    text = (folder / "000.txt.txt").read_bytes().decode()
    assert text == (news / "000.txt").read_bytes().decode()
    lines = (folder / "000.txt.ann").read_text(encoding="utf-8").splitlines()
    marks = spans(lines)
    for kind, pieces, words in marks.values():
        assert " ".join(text[a:b] for a, b in pieces) == words, kind
    event = next(line for line in lines if line.startswith("E1\t"))
    trigger = re.match(r"E1\tMeet:(T\d+)( [A-Za-z]+\d?:T\d+)+$", event)
    assert trigger is not None
    assert marks[trigger[1]][2] == "gặp"
    assert " Entity:T" in event
    assert " Entity2:T" in event
    assert (folder / "lines.jsonl" / "1.ann").exists()
    assert not (folder / "broken.txt.ann").exists()
    assert "Meet" in (folder / "annotation.conf").read_text(encoding="utf-8")


@given(st.text("ab \r\n", min_size=1, max_size=12))
def test_no_span_of_brat_crosses_a_line(surface: str) -> None:
    text = f"x{surface}y"
    row = {"char_start": 0, "char_end": len(text), "label": "ORG"}
    tables = {"mentions": [row], "dates": [], "quantities": [], "events": [], "event_arguments": []}
    (_, pieces, words) = spans(list(annotation(text, tables)))["T1"]
    assert not set(words) & {"\r", "\n"}
    assert "".join(text[a:b] for a, b in pieces) == re.sub(r"[\r\n]", "", text)


def test_the_database_reads_back_and_joins(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="an extra: pip install 'sukien[duckdb]'")
    news = make_news(tmp_path / "in", 5)
    extract_to_folder(
        news,
        tmp_path / "out",
        Settings(tokens=True),
        formats=("duckdb",),
        tables=("texts", "tokens"),
        load=FakeLoader(),
    )
    memory = extract_to_memory(news, Settings(tokens=True), load=FakeLoader())
    for name, frame in read_tables(tmp_path / "out").items():
        pd.testing.assert_frame_equal(frame, memory[name])
    with duckdb.connect(str(tmp_path / "out" / "sukien.duckdb"), read_only=True) as database:
        rows = database.execute("SELECT count(*) FROM event_rows").fetchone()
        assert rows == (len(memory.events),)
        names = database.execute(
            "SELECT DISTINCT name FROM mention_rows WHERE text = 'Huế'"
        ).fetchall()
        assert names == [("Huế",)]
        assert database.execute("SELECT count(*) FROM argument_rows").fetchone() == (
            len(memory.event_arguments),
        )


def test_a_format_that_is_not_asked_for_again_is_removed(tmp_path: Path) -> None:
    news, output = make_news(tmp_path / "in", 2), tmp_path / "out"
    extract_to_folder(news, output, Settings(), formats=("brat",), load=FakeLoader())
    extract_to_folder(news, output, Settings(), formats=("csv",), load=FakeLoader())
    assert not (output / "brat").exists()
