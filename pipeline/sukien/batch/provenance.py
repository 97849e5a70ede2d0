"""What made the rows: versions of the code, its data and models, and of the libraries."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

__all__ = ["LIBRARIES", "made_by"]

LIBRARIES = ("underthesea", "underthesea-core", "spacy", "numpy", "pandas", "pyarrow")
"""The libraries whose versions a run records."""

# What these hold does not change a row of a part.
_APART = ("cli.py", "batch/finish.py", "writing/", "scoring/", "training/", "report/")


@lru_cache(maxsize=1)
def made_by() -> dict[str, str]:
    """Versions of what rows depend on; parts of a store made by another set are made anew.

    `code` is a checksum over the package's own modules, rules, lexicons and weights.
    """
    found = {"sukien": _version("sukien"), "code": _checksum()}
    found.update({name: _version(name) for name in LIBRARIES if name != "pandas"})
    found["python"] = platform.python_version()
    return found


def _version(name: str) -> str:
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
