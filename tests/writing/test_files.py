"""Every format gives back what was written, to the byte and to the type."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sukien.tables.arrow import to_arrow
from sukien.tables.frames import to_pandas
from sukien.tables.schema import TABLES, Column
from sukien.writing.files import read_file, write_file
from sukien.writing.folder import FORMATS

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_TRICKY = st.sampled_from(
    ["=1+1", "'=1", "''@x", "'", "-5 độ", "a\r\nb", "\r", 'nói "đi"', "a | b", "\\|", " x ", "NULL"]
)


def _cell(column: Column) -> st.SearchStrategy[Any]:
    words = _TEXT | _TRICKY
    cell: st.SearchStrategy[Any]
    match column.kind:
        case "int":
            cell = st.integers(-(2**53), 2**53)
        case "float":
            cell = st.floats(allow_nan=False, allow_infinity=False)
        case "list":
            return st.lists(words.filter(bool), max_size=3)
        case _:
            cell = st.sampled_from(column.values) if column.values else words
            cell = cell.filter(bool) if column.null else cell
    return st.none() | cell if column.null else cell


def _rows(name: str) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    columns = TABLES[name].columns
    return st.lists(st.tuples(*map(_cell, columns)), max_size=4)


def _write(path: Path, name: str, rows: list[tuple[Any, ...]], cuts: int = 1, **how: bool) -> bytes:
    writer = write_file(path, name, **how)
    size = max(1, -(-len(rows) // cuts))
    for start in range(0, len(rows), size):
        writer.write(to_arrow(name, rows[start : start + size]))
    writer.close()
    return path.read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", ["articles", "entities", "quantities"])
@pytest.mark.parametrize("safe", [True, False])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(data=st.data())
def test_what_is_written_is_read_back(
    tmp_path: Path, suffix: str, name: str, safe: bool, data: st.DataObject
) -> None:
    rows = data.draw(_rows(name))
    if not safe:
        rows = [r for r in rows if not any(isinstance(c, str) and c[:1] == "'" for c in r)]
    path = tmp_path / f"{name}.{suffix}"
    _write(path, name, rows, csv_safe=safe)
    table = read_file(path, name, csv_safe=safe)
    assert table.equals(to_arrow(name, rows))
    pd.testing.assert_frame_equal(to_pandas(name, table), to_pandas(name, to_arrow(name, rows)))


@pytest.mark.parametrize("suffix", FORMATS)
def test_batches_do_not_show_in_the_file(tmp_path: Path, suffix: str) -> None:
    rows = [("a", f"bài {n}" * (n % 5)) for n in range(140_000)]
    path = tmp_path / f"texts.{suffix}"
    assert _write(path, "texts", rows) == _write(path, "texts", rows, cuts=7)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_rows("texts"))
def test_python_s_csv_module_reads_the_same_cells(
    tmp_path: Path, rows: list[tuple[str, str]]
) -> None:
    raw = _write(tmp_path / "texts.csv", "texts", rows, csv_safe=False)
    assert raw.startswith(b"\xef\xbb\xbfarticle_id,text\r\n")
    read = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    assert [tuple(row) for row in read[1:]] == rows


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=SUM(A1)", "'=SUM(A1)"),
        ("-5 độ", "'-5 độ"),
        ("'=1", "''=1"),
        ("'Hà Nội'", "'Hà Nội'"),
        ("5-3", "5-3"),
        ("@bộ_y_tế", "'@bộ_y_tế"),
    ],
)
def test_excel_never_takes_a_cell_for_a_formula(tmp_path: Path, cell: str, written: str) -> None:
    raw = _write(tmp_path / "texts.csv", "texts", [("a", cell)])
    assert raw.decode("utf-8-sig") == f"article_id,text\r\na,{written}\r\n"
    assert read_file(tmp_path / "texts.csv", "texts")["text"].to_pylist() == [cell]


def test_numbers_read_as_a_person_writes_them(tmp_path: Path) -> None:
    row = ("q", "a", "s", 0, 1, "x", "money", 4.8e9, 0.25, "VND", None)
    raw = _write(tmp_path / "quantities.csv", "quantities", [row]).decode("utf-8-sig")
    assert raw.split("\r\n")[1] == "q,a,s,0,1,x,money,4800000000,0.25,VND,"


def test_an_empty_table_has_a_header(tmp_path: Path) -> None:
    assert _write(tmp_path / "texts.csv", "texts", []).decode("utf-8-sig") == "article_id,text\r\n"


def test_a_table_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("id,body\r\n1,x\r\n", encoding="utf-8")
    with pytest.raises(ValueError, match="its columns are id, body"):
        read_file(path, "texts")
