"""What made the rows: versions of the code, its data and models, and of the libraries."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

__all__ = ["LIBRARIES", "ModelNote", "installed", "made_by", "models"]

LIBRARIES = ("underthesea", "underthesea-core", "spacy", "numpy", "pandas", "pyarrow")
"""The libraries whose versions a run records."""

# What these hold does not change a row of a part.
_APART = ("cli.py", "batch/finish.py", "writing/", "scoring/", "training/", "report/")


@lru_cache(maxsize=1)
def made_by() -> dict[str, str]:
    """Versions of what rows depend on; parts of a store made by another set are made anew.

    `code` is a checksum over the package's own modules, rules, lexicons and weights.
    """
    found = {"sukien": installed("sukien"), "code": _checksum()}
    found.update({name: installed(name) for name in LIBRARIES if name not in ("spacy", "pandas")})
    found["python"] = platform.python_version()
    return found


def installed(name: str) -> str:
    """The version of an installed distribution."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _checksum() -> str:
    root = Path(str(files("sukien")))
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and "__pycache__" not in name and not name.startswith(_APART):
            digest.update(f"\0{name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class ModelNote:
    """A shipped model: name, bytes, SPDX expression of its licence, data it learnt from."""

    name: str
    size: int
    licence: str
    data: str


def models() -> list[ModelNote]:
    """The shipped models, from the head of their cards (`models/NAME/README.md`)."""
    notes = []
    for folder in sorted(Path(str(files("sukien"))).joinpath("models").iterdir()):
        if folder.is_dir() and not folder.name.startswith("_"):
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            head = _head(folder / "README.md")
            licence = head.get("license") or head.get("licence") or "see LICENSE"
            notes.append(ModelNote(folder.name, size, licence, head.get("data", "")))
    return notes


def _head(card: Path) -> dict[str, str]:
    """The `name: value` lines between the two `---` at the top of a model card."""
    if not card.is_file():
        return {}
    parts = card.read_text(encoding="utf-8").split("---\n", 2)
    lines = parts[1].splitlines() if len(parts) == 3 and not parts[0] else []
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}
