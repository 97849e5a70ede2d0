"""A run's tables as one HTML page that needs no network."""

from __future__ import annotations

from sukien.writing.report.page import BUDGET, render, write_report

__all__ = ["BUDGET", "render", "write_report"]
