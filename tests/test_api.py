"""The public Python interface."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import sukien
from sukien.tables import TABLES


def test_the_public_names_are_there() -> None:
    assert set(sukien.__all__) <= set(dir(sukien))
    for name in sukien.__all__:
        assert getattr(sukien, name)
    with pytest.raises(AttributeError, match="no attribute 'extrakt'"):
        _ = sukien.extrakt


def test_import_is_light() -> None:
    code = (
        "import sys, sukien; heavy = {'spacy', 'pandas', 'numpy', 'pyarrow', 'underthesea'}; "
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_extract_returns_all_tables() -> None:
    tables = sukien.extract(
        [{"text": "Sáng 5/3, Bộ Y tế họp với UNICEF tại Hà Nội.", "date": "2024-03-06"}]
    )
    assert set(tables) == set(TABLES)
    assert tables.articles["status"].tolist() == ["ok"]
    assert "Bộ Y tế" in tables.mentions["text"].tolist()
    assert tables.dates["begin"].tolist() == ["2024-03-05"]


def test_extract_takes_a_data_frame() -> None:
    import pandas as pd

    frame = pd.DataFrame({"content": ["Mưa lớn ở Huế.", None], "date": ["2024-03-06"] * 2})
    tables = sukien.extract(frame)
    assert sorted(tables.articles["status"]) == ["ok", "skipped"]


def test_extract_with_a_folder_goes_on_from_it(tmp_path: Path) -> None:
    from pandas.testing import assert_frame_equal

    news, out = tmp_path / "news", tmp_path / "out"
    news.mkdir()
    (news / "a.txt").write_text("Ngày 5/3/2024, Bộ Y tế họp ở Hà Nội.", encoding="utf-8")
    first = sukien.extract(news, output=out, formats=["csv", "parquet"])
    assert {"events.csv", "events.parquet", "run.json"} <= {path.name for path in out.iterdir()}
    in_memory = sukien.extract(news)
    for name, frame in first.items():
        assert_frame_equal(frame, in_memory[name])
    (news / "b.txt").write_text("Hôm nay trời mưa ở Huế.", encoding="utf-8")
    second = sukien.extract(news, output=out)
    assert len(second.articles) == 2
    told = json.loads((out / "run.json").read_text(encoding="utf-8"))["articles"]
    assert (told["analysed"], told["kept"]) == (1, 1)
    assert not (out / "events.parquet").exists()
    with pytest.raises(ValueError, match="other settings"):
        sukien.extract(news, output=out, precision=True)
    assert len(sukien.extract(news, output=out, precision=True, fresh=True).articles) == 2


@pytest.mark.parametrize(
    ("formats", "words"),
    [("xlsx", "no xlsx; there are csv, jsonl, parquet, duckdb, brat, docbin"), ("brat", "add one")],
)
def test_formats_that_make_no_sense_raise(tmp_path: Path, formats: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sukien.extract([], output=tmp_path / "out", formats=formats)
    assert not (tmp_path / "out").exists()


def test_one_type_may_be_named_alone() -> None:
    with pytest.raises(ValueError, match="no event type 'Nope'"):
        sukien.extract([{"text": "Mưa."}], types="Nope")


def test_arguments_that_make_no_sense_raise() -> None:
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        sukien.extract("nowhere/at/all")
    with pytest.raises(TypeError, match="must be a path"):
        sukien.extract(5)
    with pytest.raises(ValueError, match="no full date"):
        sukien.extract([], since="2024")
