"""The tables: columns declared once; analyses to rows, Arrow tables and pandas DataFrames."""

from __future__ import annotations

from sukien.tables.frames import Tables
from sukien.tables.schema import TABLES
from sukien.tables.validation import validate

__all__ = ["TABLES", "Tables", "validate"]
