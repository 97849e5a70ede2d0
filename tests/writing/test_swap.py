"""A folder takes the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from sukien.writing import swap


def folder(path: Path, name: str) -> Path:
    path.mkdir()
    (path / name).touch()
    return path


@pytest.mark.parametrize("exchanges", [True, False])
def test_the_new_folder_is_in_place_and_the_old_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool
) -> None:
    if not exchanges:
        monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    new, place = folder(tmp_path / "new", "b"), folder(tmp_path / "place", "a")
    swap.swap_in(new, place)
    assert [path.name for path in place.iterdir()] == ["b"]
    assert [path.name for path in new.iterdir()] == ["a"]


def test_a_file_gives_way_and_an_empty_place_is_filled(tmp_path: Path) -> None:
    (tmp_path / "place").touch()
    swap.swap_in(folder(tmp_path / "one", "a"), tmp_path / "place")
    swap.swap_in(folder(tmp_path / "two", "b"), tmp_path / "other")
    assert (tmp_path / "place" / "a").exists()
    assert (tmp_path / "other" / "b").exists()
