"""Temporal expressions to TIMEX3 values and calendar intervals."""

from sukien.dates.finder import find_dates
from sukien.dates.timex import Timex

__all__ = ["Timex", "find_dates"]
