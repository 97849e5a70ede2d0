"""The store of a run: finished parts on disk, so that nothing is computed twice.

`DIR/.store/` holds `manifest.json` (what made the parts), `tmp/` for what is not finished, and
one folder a part in `parts/`: `TABLE.parquet`, `keys.npy`, `signatures.npy`, `gists.npy` and
`part.json`. A part is written to `tmp`, synced and renamed: it is there whole or not at all.
Parts carry the number of the run that made them (`generation`): of two rows of one article the
later one counts.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from sukien.article import stable_id
from sukien.batch.gist import Gists
from sukien.batch.lock import FolderLock
from sukien.batch.signatures import Signatures
from sukien.batch.work import Keys, PartRows
from sukien.tables.arrow import empty_table, to_arrow
from sukien.tables.order import Place
from sukien.writing.folder import sync
from sukien.writing.stored import STORE

__all__ = [
    "SCHEMA",
    "PackedPart",
    "Store",
    "StoreMismatchError",
    "StoredPart",
    "pack_part",
    "write_json",
    "write_part",
]

SCHEMA = 2
"""Version of the store's layout; a store of another one is made anew."""


_FILES = ("models.gazetteer", "models.corrections", "models.ontology")


class StoreMismatchError(ValueError):
    """The folder holds a run with other settings."""


class StoredPart:
    """A part on disk."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "part.json").read_text(encoding="utf-8"))
        self.folder = folder
        self.first: Place = tuple(about["first"])
        self.generation: int = about["generation"]

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
class PackedPart:
    """A finished part as the files it will be: a name, and the bytes of each file."""

    name: str
    files: Mapping[str, bytes]

    @classmethod
    def of(
        cls,
        tables: Mapping[str, Any],
        keys: Keys,
        signatures: Signatures,
        gists: Gists,
        first: Place,
        generation: int,
    ) -> PackedPart:
        """Pack Arrow tables by name, with the numbers of their articles."""
        from pyarrow.parquet import write_table

        files: dict[str, bytes] = {}
        for name, table in tables.items():
            if table.num_rows:
                buffer = BytesIO()
                write_table(table, buffer, compression="zstd")
                files[f"{name}.parquet"] = buffer.getvalue()
        for name, array in (("keys", keys), ("signatures", signatures), ("gists", gists)):
            files[f"{name}.npy"] = _npy(array)
        rows = {name: table.num_rows for name, table in tables.items()}
        about = {"first": first, "generation": generation, "rows": rows}
        files["part.json"] = json.dumps(about).encode()
        return cls(stable_id(generation, *keys.tolist()), files)

    def write(self, store: Path) -> str:
        """Write the part to a store; one that is there, from an earlier try, is left as it is.

        Returns its name.
        """
        target = store / "parts" / self.name
        if target.exists():
            return self.name
        folder = store / "tmp" / uuid4().hex
        folder.mkdir()
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
            sync(folder / name)
        sync(folder)
        try:
            folder.rename(target)
        except OSError:
            # Someone else finished the same part in between: the same rows.
            if not target.exists():
                raise
            shutil.rmtree(folder)
        sync(target.parent)
        return self.name


def _npy(array: npt.NDArray[Any]) -> bytes:
    buffer = BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class pack_part:  # noqa: N801  called like a function; a class so that it can be pickled
    """The sink that gives parts back as bytes, for workers that do not see the store."""

    generation: int

    def __call__(self, part: PartRows) -> PackedPart:
        """Pack a part."""
        return PackedPart.of(
            {name: to_arrow(name, rows) for name, rows in part.rows.items() if rows},
            np.array(part.keys, np.uint64),
            part.signatures,
            part.gists,
            part.places[0],
            self.generation,
        )


@dataclass(frozen=True, slots=True)
class write_part:  # noqa: N801  called like a function; a class so that it can be pickled
    """The sink that keeps parts in a store; returns the part's name."""

    store: Path
    generation: int

    def __call__(self, part: PartRows) -> str:
        """Write a part."""
        return pack_part(self.generation)(part).write(self.store)


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
        self.path = output / STORE
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
        self.generation = 0

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
        self.generation = max((part.generation for part in self.parts()), default=0) + 1

    def parts(self) -> list[StoredPart]:
        """All finished parts, those of later runs last."""
        parts = [StoredPart(folder) for folder in sorted(self.parts_path.iterdir())]
        return sorted(parts, key=lambda part: (part.generation, part.first, part.folder.name))

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
    return "; ".join(_told(n, flat_old.get(n), flat_new.get(n)) for n in names)


def _told(name: str, old: Any, new: Any) -> str:
    if name in _FILES:  # known by a hash of what is in them
        now = "another" if old and new else "one" if new else "none"
        return f"{name}: {'a' if old else 'no'} file there, {now} now"
    return f"{name}: {old!r} there, {new!r} now"


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
