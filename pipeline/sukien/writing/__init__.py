"""Tables to files and back."""

from __future__ import annotations

from sukien.writing.folder import FolderWriter, read_tables

__all__ = ["FolderWriter", "read_tables"]
