"""Runs over many articles: shards, a store that remembers, worker processes, the corpus pass."""

from __future__ import annotations

from sukien.batch.run import Progress, Summary, extract_to_folder, extract_to_memory
from sukien.batch.settings import Settings

__all__ = ["Progress", "Settings", "Summary", "extract_to_folder", "extract_to_memory"]
