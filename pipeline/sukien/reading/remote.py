"""Files behind an address (`s3://…`, `gs://…`, `memory://…`) through fsspec."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from sukien.article import Failure
from sukien.reading.formats import describe, format_of, stem
from sukien.reading.walk import Unit, printable

__all__ = ["is_remote", "list_remote", "open_remote"]


def is_remote(path: str) -> bool:
    """Tell an address from a local path."""
    return "://" in path


def open_remote(address: str) -> BinaryIO:
    """Open a remote file for reading."""
    return cast("BinaryIO", _fsspec().open(address, "rb").open())


def list_remote(address: str, prefix: str = "") -> Iterator[Unit]:
    """List the files below a remote folder (or the one file), sorted by path.

    Raises:
        FileNotFoundError: there is nothing at the address.
    """
    try:
        system, top = _fsspec().core.url_to_fs(address)
    except ImportError as error:  # of the library behind this kind of address
        raise ModuleNotFoundError(f"{address}: {error}") from error
    top = top.rstrip("/")
    found = dict(system.find(top, detail=True))
    if not found:
        raise FileNotFoundError(f"there is nothing at {address}")
    base = top.rpartition("/")[0] if set(found) == {top} else top
    stems = {f"{folder}/{own}" for folder, own in map(_folder_and_stem, found) if own is not None}
    for path in sorted(found):
        shown = prefix + printable(path[len(base) :].lstrip("/"))
        name = path.rpartition("/")[2]
        folder, own = _folder_and_stem(path)
        if name.lower().endswith(".json") and path[:-5] in stems:
            continue
        full = system.unstrip_protocol(path)
        reason = describe(name) if format_of(name) is None else ""
        if any(part.startswith(".") for part in shown.split("/")):
            reason = "hidden file (its name or folder begins with a dot)"
        if reason:
            problem = Failure(source_path=shown, status="skipped", error=reason)
            yield Unit(full, shown, problem=problem)
            continue
        sidecar = f"{folder}/{own}.json"
        has_sidecar = own is not None and sidecar in found
        yield Unit(
            full,
            shown,
            found[path].get("size"),
            system.unstrip_protocol(sidecar) if has_sidecar else None,
        )


def _folder_and_stem(path: str) -> tuple[str, str | None]:
    folder, _, name = path.rpartition("/")
    return folder, stem(name)


def _fsspec() -> Any:
    try:
        import fsspec
    except ImportError:
        raise ModuleNotFoundError(
            "reading from an address needs fsspec: pip install 'sukien[remote]'"
        ) from None
    return fsspec
