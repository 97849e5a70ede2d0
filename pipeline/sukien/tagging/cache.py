"""Prepared models in the user's cache directory: written whole, rebuilt when damaged."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sukien.tagging.model import Model

__all__ = ["cache_folder", "cached"]


def cache_folder() -> Path:
    """Where prepared models are kept; `SUKIEN_CACHE_DIR` overrides the platform's own place."""
    override = os.environ.get("SUKIEN_CACHE_DIR")
    if override:
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("sukien")


def cached(key: str, build: Callable[[], Model]) -> Model:
    """Return the model kept under `key`, else build and keep it.

    A cache that cannot be read or written costs time, never the run.
    """
    path = cache_folder() / f"{key}.npz"
    with contextlib.suppress(OSError, ValueError):
        return Model.load(path)
    model = build()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{key}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(model.to_bytes())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    return model
