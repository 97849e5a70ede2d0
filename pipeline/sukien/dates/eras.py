"""Decades, centuries, seasons, fiscal years and vague references: from slots to values."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from sukien.dates import periods
from sukien.dates.context import Context
from sukien.dates.items import Item
from sukien.dates.periods import Period
from sukien.dates.reading import Reading, direction, safe_date, years_of
from sukien.dates.timex import Anchor
from sukien.dates.words import SEASONS, number_of, roman

__all__ = ["READERS"]

_STARTS = re.compile(
    r"(?:bắt đầu|tính|kéo dài) từ (?:ngày )?([0-9]{1,2})(?:/| tháng )([0-9]{1,2})(?![0-9])"
)
_EDGES = {
    "đầu": "START",
    "giữa": "MID",
    "cuối": "END",
    "nửa đầu": "START",
    "nửa cuối": "END",
    "nửa sau": "END",
}


def read_fiscal(context: Context, item: Item) -> Reading | None:
    """`năm tài chính 2024`; its days where the sentence goes on `bắt đầu từ 1/4`."""
    y = number_of(item.slots["y"])
    if not y:
        return None
    period = periods.fiscal(y)
    end = context.scan.sentence(item.start)[1]
    if start := _STARTS.search(context.scan.text, item.end, end):
        begin = safe_date(y, int(start[2]), int(start[1]))
        if begin:
            last = periods.add_months(begin, 12) - timedelta(days=1)
            period = replace(period, begin=begin.isoformat(), end=last.isoformat())
    return Reading(period)


def read_bc(context: Context, item: Item) -> Reading | None:
    """`năm 111 trước Công nguyên`."""
    y = number_of(item.slots["y"])
    return Reading(periods.before_christ(y)) if y else None


def read_decade(context: Context, item: Item) -> Reading | None:
    """`thập niên 90`, `những năm 1980`, `thập kỷ trước`."""
    slots = item.slots
    mod = _EDGES.get(slots.get("e", ""))
    today, anchor = context.anchor_of(item)
    if "decr" in slots:
        if today is None:
            return Reading(Period("XXX", "decade"))
        return Reading(periods.decade(today.year // 10 + direction(slots["decr"])), anchor, mod=mod)
    tens = int(slots["dec"])
    if tens > 99:
        return Reading(periods.decade(tens // 10), mod=mod)
    century = 19 if tens >= 30 else 20
    if cen := slots.get("cen"):
        if cen in {"trước", "này"}:
            century = (today.year if today else 2020) // 100 - (1 if cen == "trước" else 0)
        elif (number := roman(cen)) is not None:
            century = number - 1
    return Reading(periods.decade(century * 10 + tens // 10), mod=mod)


def read_century(context: Context, item: Item) -> Reading | None:
    """`thế kỷ XX`, `thế kỷ trước`."""
    slots = item.slots
    mod = _EDGES.get(" ".join(slots.get("e", "").split()))
    if "cenr" in slots:
        today, anchor = context.anchor_of(item)
        if today is None:
            return Reading(Period("XX", "century"))
        return Reading(
            periods.century((today.year - 1) // 100 + 1 + direction(slots["cenr"])), anchor, mod=mod
        )
    number = roman(slots["cen"])
    if not number or number > 30:
        return None
    if "bc" in slots:
        begin, end = number * 100 - 1, (number - 1) * 100
        name = f"-{number * 100 - 1:04d}"
        last = f"-{end:04d}" if end else "0000"
        return Reading(
            Period(
                f"BC{number - 1:02d}",
                "century",
                f"-{begin:04d}-01-01",
                f"{last}-12-31",
                f"{name}/{last}",
            ),
            mod=mod,
        )
    return Reading(periods.century(number), mod=mod)


def read_season(context: Context, item: Item) -> Reading | None:
    """`mùa thu năm 1945`, `hè này`."""
    slots = item.slots
    code = SEASONS[slots["se"]]
    y = years_of(context, item)
    anchor: Anchor = "none"
    if y is None and "ser" in slots:
        today, anchor = context.anchor_of(item)
        if today is not None:
            y = today.year
            side = direction(slots["ser"])
            middle = {"SP": 3, "SU": 7, "FA": 10, "WI": 12}[code]
            if (side > 0 and today.month >= middle) or slots["ser"] == "sau":
                y += 1
            elif side < 0 and (today.month <= middle or slots["ser"] in {"ngoái", "trước"}):
                y -= 1
    elif y is not None and "y" not in slots:
        anchor = context.anchor_of(item)[1]
    return Reading(periods.season(y, code), anchor)


def read_this_day(context: Context, item: Item) -> Reading | None:
    """`ngày này năm ngoái`."""
    today, anchor = context.anchor_of(item)
    if today is None:
        return Reading(periods.UNKNOWN_DAY)
    return Reading(periods.day(periods.add_months(today, 12 * direction(item.slots["yr"]))), anchor)


def read_ref(context: Context, item: Item) -> Reading:
    """`hiện nay`, `thời gian qua`, `trong tương lai`; `từ nay` and `đến nay` are the day itself."""
    if item.name == "now" and context.scan.left(item.start)[0] in {"từ", "đến", "tới"}:
        today, anchor = context.anchor_of(item)
        if today:
            iso = today.isoformat()
            return Reading(Period("PRESENT_REF", None, iso, iso), anchor)
    return Reading(periods.ref(item.value or "PAST_REF"))


READERS = {
    "fiscal": read_fiscal,
    "bc": read_bc,
    "decade": read_decade,
    "century": read_century,
    "season": read_season,
    "thisday": read_this_day,
    "ref": read_ref,
}
