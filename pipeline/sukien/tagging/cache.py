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
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

__all__ = ["cache_folder", "cached"]

_PACKAGE = Path(__file__).parents[1]
_KEPT = 4  # files under one key: those of the last versions of the package
_ALIGNED = 64  # bytes; arrays begin at multiples of it

T = TypeVar("T")


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
    file.write(bytes(4))
    pickle.dump([part.nbytes for part in parts], file)
    for part in parts:
        file.write(bytes(-file.tell() % _ALIGNED))
        file.write(part)
    file.flush()
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        total = zlib.crc32(memoryview(whole)[4:])
    file.seek(0)
    file.write(total.to_bytes(4, "little"))


def _load(path: Path) -> Any:
    with path.open("rb") as file:
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        if zlib.crc32(whole[4:]) != int.from_bytes(whole[:4], "little"):
            raise ValueError(f"{path} is damaged")
        file.seek(4)
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
