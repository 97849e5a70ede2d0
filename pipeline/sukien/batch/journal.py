"""The log of a run: what happened when, in a file of the output folder.

Modules of `batch` write to `LOG`; without a run that keeps a log nothing is printed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["FILE", "LOG", "journal"]

LOG = logging.getLogger("sukien.batch")
LOG.addHandler(logging.NullHandler())

FILE = "sukien.log"


@contextmanager
def journal(folder: Path) -> Iterator[None]:
    """Append what is logged meanwhile to the folder's log, with UTC times."""
    handler = logging.FileHandler(folder / FILE, encoding="utf-8", errors="backslashreplace")
    form = logging.Formatter("%(asctime)sZ %(levelname)-7s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler.setFormatter(form)
    level = LOG.level
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    try:
        yield
    except KeyboardInterrupt:
        LOG.warning("stopped by the user; the same command goes on from here")
        raise
    except BaseException as error:
        LOG.error("ended by %s: %s", type(error).__name__, error)
        raise
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(level)
        handler.close()
