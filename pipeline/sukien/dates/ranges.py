"""Lists and ranges: which expressions belong together and what one lends another."""

from __future__ import annotations

import re
from itertools import pairwise

from sukien.dates.items import Item, Scan
from sukien.dates.words import number_of

__all__ = ["link"]

_RANGE = re.compile(r" *(?:-|–|—|/|đến|tới|đến hết|tới hết|cho đến|cho tới|cho đến hết) *")
_LIST = re.compile(r" *(?:,|và|, và|hoặc|hay) *")
_WORDS = re.compile(r"đến|tới")
_DAYS = re.compile(r"(?:hai|ba|bốn|[2-9]) ngày *$")
_FAMILIES = {
    "point": "day",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "bc": "year",
    "fiscal": "year",
    "week": "week",
    "weekend": "week",
    "decade": "decade",
    "century": "century",
    "edge": "edge",
    "ref": "ref",
    "season": "season",
}


def link(scan: Scan) -> None:
    """Mark items that go on from the one before as part of a range or a list.

    What the first member leaves out and the last one states is lent: `5, 6 và 7/4`,
    `9h-11h ngày 22/3`, `tháng 1-3/2024`, `quý I và II năm 2023`.
    """
    items = scan.items
    for first, second in pairwise(items):
        gap = scan.text[first.end : second.start]
        if second.kind == "set" and len(gap) < 16 and scan.grammar.connector.fullmatch(gap):
            _share_set(first, second)
            continue
        if len(gap) > 16 or not _alike(first, second):
            continue
        if _RANGE.fullmatch(gap):
            spoken = _WORDS.search(gap) is not None
            second.link = "range" if not spoken or _opens(scan, first) or _short(gap) else None
        elif _LIST.fullmatch(gap):
            days = _DAYS.search(scan.text, max(0, first.start - 12), first.start)
            counted = days is not None and "d" in first.slots and "và" in gap
            second.link = "range" if counted else "list"
    for first, second in reversed(list(pairwise(items))):
        if second.link:
            _lend(first, second)


def _share_set(first: Item, second: Item) -> None:
    """`từ thứ Hai đến thứ Sáu hàng tuần`: both are sets."""
    mine, other = first.slots, second.slots
    if first.kind != "point" or "h" in mine:
        return
    if "wd" in mine and "wd" in other and "d" not in mine and "wr" not in mine:
        first.kind = "set"
    elif "d" in mine and "every" in other and "y" not in mine:
        first.kind, mine["every"] = "set", other["every"]


def _opens(scan: Scan, item: Item) -> bool:
    return scan.left(item.start)[0] in {"từ", "giữa", "kể"}


def _short(gap: str) -> bool:
    return len(gap.split()) <= 2


def _alike(first: Item, second: Item) -> bool:
    one, other = _FAMILIES.get(first.kind), _FAMILIES.get(second.kind)
    if one is None or other is None:
        return False
    if one == "ref":  # `từ nay đến hết 31/12`
        return first.name == "now" and other in {"day", "month", "year", "edge", "quarter"}
    if other == "ref":
        return second.value == "PRESENT_REF"
    return one == other or {one, other} <= {"day", "month", "year", "edge", "quarter"}


def _lend(first: Item, second: Item) -> None:
    mine, other = first.slots, second.slots
    if first.kind != second.kind:
        return
    if first.kind == "point":
        if "h" in mine and "h" in other and not _has_day(mine) and _has_day(other):
            for slot in ("d", "m", "y", "yr", "ys", "dr", "wd", "wr", "mr", "tail"):
                if slot in other:
                    mine[slot] = other[slot]
            later = (number_of(other.get("h")) or 0) >= (number_of(mine.get("h")) or 0)
            if later and "part" in other:
                mine.setdefault("part", other["part"])
            return
        if first.name == "part-bare" and "part" in other and _has_day(other):
            mine |= {slot: value for slot, value in other.items() if slot != "part"}
            first.name = "part"
        if "d" in mine and "m" not in mine and "m" in other:
            mine["m"] = other["m"]
        if "d" in mine and "m" in mine and "m" in other and not _has_year(mine):
            _lend_year(mine, other)
    elif first.kind in {"month", "quarter"} and not _has_year(mine):
        _lend_year(mine, other)


def _lend_year(mine: dict[str, str], other: dict[str, str]) -> None:
    for slot in ("y", "yr", "ys", "yc"):
        if slot in other:
            mine[slot] = other[slot]
            mine["lent"] = slot


def _has_day(slots: dict[str, str]) -> bool:
    return any(s in slots for s in ("d", "dr", "wd", "hol", "tetday", "eve"))


def _has_year(slots: dict[str, str]) -> bool:
    return any(s in slots for s in ("y", "yr", "ys", "yc"))
