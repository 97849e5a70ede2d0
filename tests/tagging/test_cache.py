from pathlib import Path

import numpy as np
import pytest

from sukien.tagging.cache import cached
from sukien.tagging.model import Model


def small(bias: int) -> Model:
    return Model(
        labels=("O",),
        scale=1,
        bias=np.array([bias], dtype=np.int32),
        transitions=np.zeros((1, 1), dtype=np.int32),
        columns=(),
        groups=(),
        lists={},
    )


def fail() -> Model:
    raise AssertionError("built again")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUKIEN_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_model_is_built_once(folder: Path) -> None:
    assert cached("m", lambda: small(3)).bias[0] == 3
    assert cached("m", fail).bias[0] == 3
    assert [path.name for path in folder.iterdir()] == ["m.npz"]


@pytest.mark.parametrize("damage", [b"", b"not a model", b"PK\x03\x04cut"])
def test_a_damaged_cache_is_rebuilt(folder: Path, damage: bytes) -> None:
    cached("m", lambda: small(3))
    (folder / "m.npz").write_bytes(damage)
    assert cached("m", lambda: small(4)).bias[0] == 4
    assert cached("m", fail).bias[0] == 4


def test_a_cache_that_cannot_be_written_costs_no_run(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert cached("m", lambda: small(5)).bias[0] == 5
