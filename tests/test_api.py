"""The public Python interface."""

from __future__ import annotations

import subprocess
import sys

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


def test_arguments_that_make_no_sense_raise() -> None:
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        sukien.extract("nowhere/at/all")
    with pytest.raises(TypeError, match="must be a path"):
        sukien.extract(5)
    with pytest.raises(ValueError, match="no full date"):
        sukien.extract([], since="2024")
