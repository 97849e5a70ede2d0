"""The store of a run: finished parts on disk, so that nothing is computed twice.

`DIR/.store/` holds `manifest.json` (what made the parts), `tmp/` for what is not finished, and
one folder a part in `parts/`: `TABLE.parquet`, `keys.npy`, `signatures.npy`, `gists.npy` and
`part.json`. A part is written to `tmp`, synced and renamed: it is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from sukien.article import stable_id
from sukien.batch.gist import Gists
from sukien.batch.lock import FolderLock
from sukien.batch.signatures import Signatures
from sukien.batch.work import Keys, PartRows
from sukien.tables.arrow import empty_table, to_arrow
from sukien.tables.order import Place
from sukien.writing.folder import sync

__all__ = ["SCHEMA", "Store", "StoreMismatchError", "StoredPart", "write_json", "write_part"]

SCHEMA = 1
"""Version of the store's layout; a store of another one is made anew."""


class StoreMismatchError(ValueError):
    """The folder holds a run with other settings."""


class StoredPart:
    """A part on disk."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "part.json").read_text(encoding="utf-8"))
        self.folder = folder
        self.first: Place = tuple(about["first"])

    def keys(self) -> Keys:
        """The key of each article."""
        keys: Keys = np.load(self.folder / "keys.npy")
        return keys

    def signatures(self) -> Signatures:
        """The MinHash signature of each article."""
        signatures: Signatures = np.load(self.folder / "signatures.npy")
        return signatures

    def gists(self) -> Gists:
        """What each article is about."""
        gists: Gists = np.load(self.folder / "gists.npy")
        return gists

    def table(self, name: str) -> Any:
        """One Arrow table."""
        from pyarrow.parquet import ParquetFile

        path = self.folder / f"{name}.parquet"
        if not path.exists():
            return empty_table(name)
        with ParquetFile(path) as file:
            return file.read(use_threads=False)


@dataclass(frozen=True, slots=True)
class write_part:  # noqa: N801  called like a function; a class so that it can be pickled
    """The sink that keeps parts in a store; returns the part's name."""

    store: Path

    def __call__(self, part: PartRows) -> str:
        """Write a part; one that is already there, from an earlier try, is left as it is."""
        from pyarrow.parquet import write_table

        name = stable_id(*part.keys)
        target = self.store / "parts" / name
        if target.exists():
            return name
        folder = self.store / "tmp" / uuid4().hex
        folder.mkdir()
        for table, rows in part.rows.items():
            if rows:
                path = folder / f"{table}.parquet"
                write_table(to_arrow(table, rows), path, compression="zstd")
        np.save(folder / "keys.npy", np.array(part.keys, np.uint64))
        np.save(folder / "signatures.npy", part.signatures)
        np.save(folder / "gists.npy", part.gists)
        about = {"first": part.places[0], "rows": {k: len(v) for k, v in part.rows.items()}}
        (folder / "part.json").write_text(json.dumps(about), encoding="utf-8")
        for path in folder.iterdir():
            sync(path)
        sync(folder)
        try:
            folder.rename(target)
        except OSError:
            # Someone else finished the same part in between: the same rows.
            if not target.exists():
                raise
            shutil.rmtree(folder)
        sync(target.parent)
        return name


class Store:
    """The store of an output folder, locked while it is open; use as a context manager."""

    def __init__(
        self,
        output: Path,
        *,
        configuration: Mapping[str, Any],
        made_by: Mapping[str, Any],
        fresh: bool = False,
    ) -> None:
        self.path = output / ".store"
        self.parts_path = self.path / "parts"
        self.temporary = self.path / "tmp"
        self._manifest: dict[str, Any] = {
            "schema": SCHEMA,
            "configuration": dict(configuration),
            "made_by": dict(made_by),
        }
        self._fresh = fresh
        self._lock = FolderLock(self.path / "lock")
        self.reason: str | None = None

    def __enter__(self) -> Store:
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock.__enter__()
        try:
            self._prepare()
        except BaseException:
            self._lock.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        shutil.rmtree(self.temporary, ignore_errors=True)
        self._lock.__exit__()

    def _prepare(self) -> None:
        """Clear what an interrupted run left, and the parts that are not ours to reuse."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        path = self.path / "manifest.json"
        old = _read_json(path)
        reuse = not self._fresh and old is not None
        if reuse and old is not None and old.get("schema") != SCHEMA:
            reuse, self.reason = False, "the folder was written by another version of sukien"
        if reuse and old is not None and old["configuration"] != self._manifest["configuration"]:
            raise StoreMismatchError(
                f"{self.path.parent} holds a run with other settings "
                f"({_difference(old['configuration'], self._manifest['configuration'])}); "
                "choose another --output, or start over here with --fresh"
            )
        if reuse and old is not None and old["made_by"] != self._manifest["made_by"]:
            reuse, self.reason = False, "the version or the models changed"
        if not reuse:
            shutil.rmtree(self.parts_path, ignore_errors=True)
            write_json(path, self._manifest)
        self.parts_path.mkdir(exist_ok=True)
        self.temporary.mkdir()

    def parts(self) -> list[StoredPart]:
        """All finished parts, in an order that does not depend on the file system."""
        return [StoredPart(folder) for folder in sorted(self.parts_path.iterdir())]

    def drop(self, parts: Sequence[StoredPart]) -> None:
        """Forget parts that no run needs any more."""
        for part in parts:
            # Renamed first: a part that is half removed would be half a part.
            grave = self.temporary / uuid4().hex
            part.folder.rename(grave)
            shutil.rmtree(grave, ignore_errors=True)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a JSON file atomically."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(
        json.dumps(content, ensure_ascii=False, indent=2, sort_keys=False) + "\n", encoding="utf-8"
    )
    sync(temporary)
    temporary.replace(path)


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The settings that differ, in words."""
    flat_old, flat_new = _flat(old), _flat(new)
    names = [n for n in {**flat_old, **flat_new} if flat_old.get(n) != flat_new.get(n)]
    return "; ".join(f"{n}: {flat_old.get(n)!r} there, {flat_new.get(n)!r} now" for n in names)


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
