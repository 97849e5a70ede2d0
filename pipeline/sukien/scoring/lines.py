"""Lines of JSON and text, packed or not."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

__all__ = ["open_text", "read_rows"]


def open_text(path: Path) -> IO[str]:
    """Open a text file in UTF-8, `.xz` too."""
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines; ValueError names the line that holds none."""
    with open_text(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}:{number}: broken JSON: {error}") from error
            if not isinstance(row, dict):
                # A fault of the file, not of the caller.
                raise ValueError(  # noqa: TRY004
                    f"{path}:{number}: a gold row is a JSON object"
                )
            yield row
