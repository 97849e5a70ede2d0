"""Put a finished folder in the place of an old one at once, where the system can."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

__all__ = ["swap_in"]

_HERE = -100  # AT_FDCWD: paths are as the process sees them
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, and RENAME_SWAP of macOS


def swap_in(new: Path, place: Path) -> None:
    """Move the folder `new` to `place`; a folder that is there is then at `new`, or gone.

    Linux and macOS exchange the two in one step. Elsewhere, and on file systems that cannot,
    the old one steps aside first, so `place` is missing for a moment.
    """
    if not place.is_dir():
        place.unlink(missing_ok=True)
        new.replace(place)
    elif not _exchanged(new, place):
        aside = new.with_name(f"{new.name}.old")
        place.replace(aside)
        new.replace(place)
        aside.replace(new)


def _exchanged(one: Path, other: Path) -> bool:
    paths = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(library.renamex_np(*paths, _EXCHANGE) == 0)
        if sys.platform == "linux":
            return bool(library.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0)
    except (OSError, TypeError, AttributeError):
        pass  # a system library without the call
    return False
