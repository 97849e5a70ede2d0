"""Conditions on the context of a match, by the names that rules.toml uses.

A guard sees the scan so far and the candidate, and says whether it is an expression of time.
"""

from __future__ import annotations

from collections.abc import Callable

from sukien.dates import guards_bare, guards_days, guards_spans
from sukien.dates.items import Item, Scan

__all__ = ["GUARDS", "Guard"]

Guard = Callable[[Scan, Item], bool]

GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (*guards_days.GUARDS, *guards_spans.GUARDS, *guards_bare.GUARDS)
}
