"""A lock that the operating system holds: it vanishes with the process, however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["FolderLock", "LockedError"]


class LockedError(RuntimeError):
    """Another run works on the folder."""


class FolderLock:
    """Keeps two runs off one folder; use as a context manager.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "lock"
    >>> with FolderLock(path):
    ...     try:
    ...         FolderLock(path).__enter__()
    ...     except LockedError:
    ...         print("locked")
    locked
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> FolderLock:
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(self._file)
        except OSError as error:
            os.close(self._file)
            raise LockedError(
                f"another run is writing to {self._path.parent.parent}; wait for it, "
                "or choose another --output"
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        # Closing gives the lock back; the file stays, or a third run could lock a new one.
        os.close(self._file)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
