"""Inputs whose bytes travel with the work, for workers that do not see the files."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sukien.analysis import ModelOptions, Models, Stages
from sukien.article import Article, Failure
from sukien.reading import ReadOptions, Unit, read_unit
from sukien.reading.readers import read_source
from sukien.reading.source import Source

__all__ = ["Carried", "CarriedModels", "carry"]

_OWN = ("gazetteer", "corrections", "ontology")


@dataclass(frozen=True, slots=True)
class Carried:
    """A listed file with its bytes and those of its sidecar."""

    unit: Unit
    data: bytes
    beside: bytes | None

    @property
    def source_path(self) -> str:
        """Where the file stands below the input."""
        return self.unit.source_path

    def read(self, options: ReadOptions) -> Iterator[Article | Failure]:
        """Read the articles in it, as `read_unit` would on the machine that has the file."""
        source = Source(
            self.unit.source_path,
            self.unit.source_path.rpartition("/")[2],
            lambda: io.BytesIO(self.data),
            size=self.unit.size,
            sidecar=None if self.beside is None else self._sidecar,
        )
        return read_source(source, options)

    def _sidecar(self) -> bytes:
        return self.beside or b""


def carry(unit: Unit, options: ReadOptions) -> Iterator[Carried | Unit | Article | Failure]:
    """The unit with its bytes; one that cannot be carried as what is read of it here.

    Addresses stay as they are: workers open them by themselves.
    """
    if unit.problem is not None or "://" in unit.path:
        yield unit
        return
    try:
        if unit.path == "-" or (unit.size or 0) > options.max_article_bytes:
            raise OSError("too much to carry")
        beside = None if unit.sidecar is None else Path(unit.sidecar).read_bytes()
        yield Carried(unit, Path(unit.path).read_bytes(), beside)
    except OSError:
        yield from read_unit(unit, options)


@dataclass(frozen=True, slots=True)
class CarriedModels:
    """Loads the stages where a user's own files are not; they travel with it."""

    options: ModelOptions
    files: Mapping[str, tuple[str, bytes]]

    @classmethod
    def of(cls, options: ModelOptions) -> CarriedModels:
        """Read the user's files; raises OSError."""
        paths = {name: getattr(options, name) for name in _OWN}
        files = {n: (path.name, path.read_bytes()) for n, path in paths.items() if path is not None}
        nothing: dict[str, Any] = dict.fromkeys(_OWN)
        return cls(replace(options, **nothing), files)

    def __call__(self) -> Stages:
        """Load the stages."""
        with tempfile.TemporaryDirectory(prefix="sukien-") as folder:
            paths: dict[str, Any] = {}
            for kind, (name, data) in self.files.items():
                path = Path(folder, kind, name)
                path.parent.mkdir()
                path.write_bytes(data)
                paths[kind] = path
            return Models(replace(self.options, **paths))
