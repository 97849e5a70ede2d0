"""Weeks, months, quarters and years: from slots to TIMEX3 values."""

from __future__ import annotations

from datetime import date, timedelta

from sukien import lunar
from sukien.dates import periods
from sukien.dates.context import Context
from sukien.dates.feasts import lunar_month_of
from sukien.dates.items import Item
from sukien.dates.periods import Period
from sukien.dates.reading import Reading, direction, january, years_of
from sukien.dates.timex import Anchor
from sukien.dates.words import SEASONS, number_of

__all__ = ["READERS", "read_month", "read_quarter"]

_THAT = {"đó", "ấy", "cùng tháng", "trước đó", "sau đó"}
_FOLLOWING = {"tiếp theo", "kế tiếp"}
_QUARTERS = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "nhất": 1,
    "đầu": 1,
    "đầu tiên": 1,
    "cuối": 4,
    "cuối cùng": 4,
}


def _add_quarters(when: date, count: int) -> date:
    return periods.add_months(when.replace(day=1), 3 * count)


def _back(word: str) -> int:
    return {"trước đó": -1, "sau đó": 1}.get(word, 0)


def _base(context: Context, item: Item, word: str | None) -> tuple[date | None, Anchor]:
    """The day a deictic unit counts from; `đó` and `trước đó` lean on the date told last."""
    if word in _FOLLOWING and context.last and not context.prefer:
        return context.last.first or context.today, "context"
    if word in _THAT:
        if context.last and context.last.first:
            return context.last.first, "context"
        return None, "none"
    return context.anchor_of(item)


def _shift(word: str | None) -> int:
    word = " ".join((word or "").split())
    return _back(word) if word in _THAT else direction(word)


def read_week(context: Context, item: Item) -> Reading:
    """`tuần trước`."""
    word = item.slots.get("wr")
    base, anchor = _base(context, item, word)
    if base is None:
        return Reading(Period("XXXX-WXX", "week"))
    return Reading(periods.week(base + timedelta(days=7 * _shift(word))), anchor)


def read_weekend(context: Context, item: Item) -> Reading:
    """`cuối tuần này`; a bare one is this week's, or the last where the clause is past."""
    word = item.slots.get("wr")
    base, anchor = _base(context, item, word)
    if base is None:
        return Reading(Period("XXXX-WXX-WE", "weekend"))
    shift = _shift(word)
    if word is None and base.isoweekday() <= 3 and context.tense(item) == "past":
        shift = -1
    return Reading(periods.weekend(base + timedelta(days=7 * shift)), anchor)


def read_month(context: Context, item: Item) -> Reading | None:
    """`tháng 3`, `tháng trước`, `tháng Giêng`."""
    slots = item.slots
    if "m" not in slots:
        word = slots.get("mr")
        base, anchor = _base(context, item, word)
        if base is None:
            return Reading(Period("XXXX-XX", "month"))
        first = periods.add_months(
            base.replace(day=1), _shift(word) + 12 * direction(slots.get("yr"))
        )
        return Reading(periods.month(first.year, first.month), anchor)
    m = number_of(slots["m"])
    if m is None or not 1 <= m <= 12:
        return None
    text = context.scan.text[item.start : item.end + 24]
    solar = "dương lịch" in text or "lịch dương" in text
    if (
        "al" in slots
        or "leap" in slots
        or "yc" in slots
        or (slots["m"] in {"giêng", "chạp"} and not solar and not january(context, item))
    ):
        return lunar_month_of(context, item, m)
    y = years_of(context, item)
    if y is not None:
        return Reading(periods.month(y, m), "none" if "y" in slots else context.anchor_of(item)[1])
    today, anchor = context.anchor_of(item)
    if today is None or ("tail" not in slots and context.generic(item)):
        return Reading(periods.month(None, m))
    candidates = [
        ((y - today.year) * 12 + m - today.month, y) for y in range(today.year - 1, today.year + 2)
    ]
    if "tail" in slots:
        side = direction(slots["tail"])
        candidates = [c for c in candidates if c[0] * side > 0 or not side] or candidates
        return Reading(periods.month(min(candidates, key=lambda c: abs(c[0]))[1], m), anchor)
    return Reading(periods.month(context.nearest(item, candidates), m), anchor)


def read_quarter(context: Context, item: Item) -> Reading | None:
    """`quý II/2024`, `quý trước`."""
    slots = item.slots
    if "qr" in slots:
        base, anchor = _base(context, item, slots["qr"])
        if base is None:
            return Reading(Period("XXXX-QX", "quarter"))
        first = _add_quarters(base, _shift(slots["qr"]))
        return Reading(periods.quarter(first.year, (first.month + 2) // 3), anchor)
    word = " ".join(slots["q"].split())
    q = _QUARTERS.get(word) or number_of(word)
    if q is None or not 1 <= q <= 4:
        return None
    y = years_of(context, item)
    if y is not None:
        return Reading(
            periods.quarter(y, q), "none" if "y" in slots else context.anchor_of(item)[1]
        )
    today, anchor = context.anchor_of(item)
    if today is None:
        return Reading(periods.quarter(None, q))
    now = (today.month + 2) // 3
    candidates = [
        ((y - today.year) * 4 + q - now, y) for y in range(today.year - 1, today.year + 2)
    ]
    if "tail" in slots:
        side = direction(slots["tail"])
        candidates = [c for c in candidates if c[0] * side > 0 or not side] or candidates
        return Reading(periods.quarter(min(candidates, key=lambda c: abs(c[0]))[1], q), anchor)
    return Reading(periods.quarter(context.nearest(item, candidates), q), anchor)


def read_year(context: Context, item: Item) -> Reading | None:
    """`năm 2024`, `năm ngoái`, `năm Giáp Thìn`."""
    slots = item.slots
    word = " ".join(slots.get("yr", "").split())
    if word in {"sau", "trước"} and (leaning := _leaning_year(context, item)):
        return Reading(periods.year(leaning + (1 if word == "sau" else -1)), "context")
    y = years_of(context, item)
    if word in _FOLLOWING and not context.prefer and context.last and context.last.first:
        y = context.last.first.year + 1
    if y is None:
        return Reading(periods.year(None)) if "yr" in slots else None
    if not 0 < y < 9999:
        return None
    if "yc" in slots and lunar.FIRST_YEAR < y < lunar.LAST_YEAR:
        return Reading(
            periods.lunar_year(y), "none" if "y" in slots else context.anchor_of(item)[1], "lunar"
        )
    if "y" in slots:
        return Reading(periods.year(y))
    return Reading(
        periods.year(y), "context" if word in {"đó", "ấy"} else context.anchor_of(item)[1]
    )


def _leaning_year(context: Context, item: Item) -> int | None:
    """The year that `năm sau` follows in a story told about another year than today's."""
    last, today = context.last, context.today
    if context.prefer or not last or last.granularity != "year" or not last.first or not today:
        return None
    begin, _ = context.scan.sentence(item.start)
    between = context.scan.text[context.last_end : item.start]
    near = context.last_end >= begin or len(between) < 120
    far = last.first.year not in {today.year - 1, today.year, today.year + 1}
    return last.first.year if near and far and "\n" not in between else None


def _open_unit(unit: str, mod: str) -> Reading:
    """A unit of no known year."""
    names = {
        "tháng": ("XXXX-XX", "month"),
        "tuần": ("XXXX-WXX", "week"),
        "quý": ("XXXX-QX", "quarter"),
    }
    value, kind = names.get(unit, ("XXXX", "year"))
    return Reading(Period(value, kind), mod=mod)


def read_edge(context: Context, item: Item) -> Reading | None:
    """`cuối năm`, `đầu tháng` without more: of the running year or month."""
    slots = item.slots
    mod = {"đầu": "START", "giữa": "MID", "cuối": "END"}[slots["e"]]
    today, anchor = context.anchor_of(item)
    unit = slots["u"]
    if today is None:
        return _open_unit(unit, mod)
    if unit.startswith("mùa"):
        return Reading(periods.season(None, SEASONS[slots["se"]]), mod=mod)
    if context.generic(item):
        return _open_unit(unit, mod)
    if unit == "năm":
        period = periods.year(today.year)
    elif unit == "tháng":
        period = periods.month(today.year, today.month)
    elif unit == "tuần":
        period = periods.week(today)
    elif unit == "quý":
        period = periods.quarter(today.year, (today.month + 2) // 3)
    elif unit.startswith("thế"):
        period = periods.century((today.year - 1) // 100 + 1)
    else:
        period = periods.decade(today.year // 10)
    return Reading(period, anchor, mod=mod)


def read_same(context: Context, item: Item) -> Reading | None:
    """`cùng kỳ năm ngoái`: the period told last, moved to the year (or month) named."""
    slots = item.slots
    today, anchor = context.anchor_of(item)
    if "m" in slots or "mr" in slots:
        return read_month(context, item)
    if "qr" in slots:
        return read_quarter(context, item)
    if "wr" in slots:
        return read_week(context, item)
    span = context.span
    if "y" in slots:
        y = number_of(slots["y"])
    elif slots.get("yr") in {"nay", "này"} and today:
        y = today.year
    elif span and span.first and slots.get("yr") != "ngoái":
        y = span.first.year - 1
    elif today:
        y = today.year - (2 if slots.get("yr") in {"kia", "kìa"} else 1)
    else:
        return Reading(periods.year(None))
    if y is None:
        return None
    if span and span.first:
        moved = periods.shift_years(span, y - span.first.year)
        if moved:
            kind = "DURATION" if moved.value.startswith("P") else "DATE"
            return Reading(moved, "context", kind=kind)
    return Reading(periods.year(y), anchor if "y" not in slots else "none")


READERS = {
    "week": read_week,
    "weekend": read_weekend,
    "month": read_month,
    "quarter": read_quarter,
    "year": read_year,
    "edge": read_edge,
    "same": read_same,
}
