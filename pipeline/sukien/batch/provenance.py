"""What made the rows: versions of the code, its data and models, and of the libraries."""

from __future__ import annotations

import hashlib
import platform
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

__all__ = ["LIBRARIES", "ModelNote", "installed", "made_by", "models"]

LIBRARIES = ("underthesea", "underthesea-core", "spacy", "numpy", "pandas", "pyarrow")
"""The libraries whose versions a run records."""

_SPDX = re.compile(r"^SPDX-License-Identifier:(.*)$", re.MULTILINE)
_TRAINED = re.compile(r"\b[Tt]rained on (.+?)(?:\.\s+(?=[A-Z])|\.?\s*\n\s*\n|\.?\s*\Z)", re.DOTALL)

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
    """A shipped model: name, bytes, SPDX expression of its licence, what it was trained on."""

    name: str
    size: int
    licence: str
    data: str


def models() -> list[ModelNote]:
    """The shipped models, as their cards (`models/NAME/README.md`) and licences tell of them."""
    notes = []
    for folder in sorted(Path(str(files("sukien"))).joinpath("models").iterdir()):
        if folder.is_dir() and not folder.name.startswith("_"):
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            licence = _SPDX.search(_text(folder / "LICENSE"))
            trained = _TRAINED.search(_text(folder / "README.md"))
            notes.append(
                ModelNote(
                    folder.name,
                    size,
                    licence[1].strip() if licence else f"see models/{folder.name}/LICENSE",
                    " ".join(trained[1].split()) if trained else "",
                )
            )
    return notes


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
