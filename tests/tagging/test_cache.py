import functools
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sukien.tagging import cache
from sukien.tagging.cache import cached

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Prepared:
    words: tuple[str, ...]
    numbers: Numbers
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", len(self.words))


def numbers(value: int) -> Numbers:
    return np.full(1000, value, dtype=np.int32)


def fail() -> Numbers:
    raise AssertionError("built again")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUKIEN_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_thing_is_built_once(folder: Path) -> None:
    assert cached("m", lambda: numbers(3)).tolist() == [3] * 1000
    assert cached("m", fail).tolist() == [3] * 1000
    assert len(list(folder.iterdir())) == 1


def test_what_is_read_equals_what_was_built() -> None:
    def build() -> list[Prepared]:
        odd = Prepared(("một", "\ud800"), np.zeros(0, dtype=np.int32))
        return [odd, Prepared((), numbers(7)[::2]), odd]

    cached("m", build)
    first, second, again = cached("m", list[Prepared])
    assert (first.words, first.numbers.size, first.size) == (("một", "\ud800"), 0, 2)
    assert (second.words, second.numbers.tolist(), second.size) == ((), [7] * 500, 0)
    assert again is first


def test_arrays_are_mapped_from_the_file_not_copied() -> None:
    cached("m", lambda: numbers(3))
    read = cached("m", fail)
    assert not read.flags.owndata
    assert not read.flags.writeable
    assert read.ctypes.data % 64 == 0


@pytest.mark.parametrize("damage", ["empty", "other", "cut", "byte"])
def test_a_damaged_cache_is_rebuilt(folder: Path, damage: str) -> None:
    cached("m", lambda: numbers(3))
    (path,) = folder.iterdir()
    data = path.read_bytes()
    broken = {
        "empty": b"",
        "other": b"not a cache",
        "cut": data[: len(data) // 2],
        "byte": data[:-100] + bytes([data[-100] ^ 1]) + data[-99:],
    }
    path.write_bytes(broken[damage])
    assert cached("m", lambda: numbers(4))[0] == 4
    assert cached("m", fail)[0] == 4


def test_a_cache_that_cannot_be_written_costs_no_run(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert cached("m", lambda: numbers(5))[0] == 5


def test_a_changed_package_reads_nothing_old(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    package.mkdir()
    monkeypatch.setattr(cache, "_PACKAGE", package)
    version = functools.cache(cache._package_version.__wrapped__)
    monkeypatch.setattr(cache, "_package_version", version)
    for number in range(8):
        (package / "model.npz").write_bytes(b"x" * number)
        version.cache_clear()
        assert cached("m", functools.partial(numbers, number))[0] == number
        assert cached("m", fail)[0] == number
    cached("other", lambda: numbers(1))
    kept = sorted(path.name.split("-")[0] for path in folder.iterdir())
    assert kept == ["m", "m", "m", "m", "other"]
