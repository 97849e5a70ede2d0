"""What takes long to prepare, kept in the user's cache directory: written whole, mapped when read.

A file holds a pickle and, behind it, the arrays as they lie in memory (PEP 574): they are mapped,
not read, so that processes share them.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import mmap
import os
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np

__all__ = ["Strings", "cache_folder", "cached"]

_PACKAGE = Path(__file__).parents[1]
_KEPT = 4  # files under one key: those of the last versions of the package
_SUM = 8  # bytes of a file's own sum
_ALIGNED = 64  # bytes; arrays begin at multiples of it

T = TypeVar("T")


class Strings(dict[str, str]):
    """Many short strings by short strings, kept as two long ones: those are read at once.

    >>> pickle.loads(pickle.dumps(Strings({"Huế": "Lv"})))
    {'Huế': 'Lv'}
    """

    def __reduce__(self) -> tuple[Callable[..., Strings], tuple[str, str, int]]:
        return _strings, ("\0".join(self), "\0".join(self.values()), len(self))


def _strings(keys: str, values: str, size: int) -> Strings:
    pairs = zip(keys.split("\0"), values.split("\0"), strict=True)
    out = Strings(pairs if size else ())
    if len(out) != size:
        raise ValueError("a string held the mark that parts them")
    return out


def cache_folder() -> Path:
    """Where prepared things are kept; `SUKIEN_CACHE_DIR` overrides the platform's own place."""
    override = os.environ.get("SUKIEN_CACHE_DIR")
    if override:
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("sukien")


def cached(key: str, build: Callable[[], T]) -> T:
    """Return what is kept under `key`, else build and keep it; its arrays may be read-only.

    The package's own code and data are part of every key; `key` names what else decides. A cache
    that is damaged, or cannot be read or written, costs time, never the run.
    """
    path = cache_folder() / f"{key}-{_package_version()}.pickle"
    with contextlib.suppress(Exception):  # a pickle may fail in any way
        kept: T = _load(path)
        return kept
    value = build()
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{key}.")
        try:
            with os.fdopen(handle, "wb") as file:
                _dump(value, file)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        others = path.parent.glob(f"{key}-{'?' * len(_package_version())}.pickle")
        old = sorted(others, key=lambda other: other.stat().st_mtime_ns)
        for outdated in old[:-_KEPT]:
            outdated.unlink()
    return value


@cache
def _package_version() -> str:
    """A checksum over the names, sizes and times of the package's files."""
    digest = hashlib.blake2b(digest_size=8)
    for folder, inner, names in os.walk(_PACKAGE):
        inner[:] = sorted(name for name in inner if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(folder, name)  # noqa: PTH118 (a Path for each file takes longer)
            found = os.stat(path)  # noqa: PTH116
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()


class _Pickler(pickle.Pickler):
    """Writes a dataclass as a call with its fields: with slots, that is read in half the time."""

    def reducer_override(self, value: object) -> Any:
        if is_dataclass(value) and not isinstance(value, type) and hasattr(value, "__slots__"):
            fields_ = fields(value)
            if all(field.init for field in fields_):
                return type(value), tuple(getattr(value, field.name) for field in fields_)
        return NotImplemented


def _dump(value: object, file: BinaryIO) -> None:
    """Write the sum of all that follows, a pickle of sizes, and the parts in their places."""
    buffers: list[pickle.PickleBuffer] = []
    head = io.BytesIO()
    _Pickler(head, protocol=5, buffer_callback=buffers.append).dump(value)
    parts = [head.getbuffer(), *(buffer.raw() for buffer in buffers)]
    file.write(bytes(_SUM))
    pickle.dump([part.nbytes for part in parts], file)
    for part in parts:
        file.write(bytes(-file.tell() % _ALIGNED))
        file.write(part)
    file.flush()
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        total = _total(memoryview(whole))
    file.seek(0)
    file.write(total)


def _total(whole: memoryview) -> bytes:
    """The sum of what follows the sum: a changed bit shows, at four times the speed of a CRC."""
    words, rest = divmod(len(whole) - _SUM, 8)
    total = int(np.frombuffer(whole, np.uint64, words, _SUM).sum())
    total += int.from_bytes(whole[len(whole) - rest :], "little") if rest else 0
    return (total % 2**64).to_bytes(_SUM, "little")


def _load(path: Path) -> Any:
    with path.open("rb") as file:
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        if _total(whole) != bytes(whole[:_SUM]):
            raise ValueError(f"{path} is damaged")
        file.seek(_SUM)
        sizes = pickle.load(file)
        at, parts = file.tell(), []
    for size in sizes:
        at += -at % _ALIGNED
        parts.append(whole[at : at + size])
        at += size
    collects = gc.isenabled()
    gc.disable()  # so many new objects would set off collections that find nothing
    try:
        return pickle.loads(parts[0], buffers=parts[1:])
    finally:
        if collects:
            gc.enable()
