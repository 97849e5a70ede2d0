"""A run's tables as one HTML page that needs no network."""

from __future__ import annotations

from sukien.writing.report.labels import LANGUAGES
from sukien.writing.report.page import BUDGET, render, write_report

__all__ = ["BUDGET", "LANGUAGES", "render", "write_report"]
