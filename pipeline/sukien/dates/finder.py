"""find_dates: the temporal expressions of a text with values, intervals and ranges."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from sukien.dates import amounts, eras, spans
from sukien.dates.context import Context, Reference, read_reference
from sukien.dates.items import Item, Scan
from sukien.dates.periods import Period, year
from sukien.dates.points import read_point
from sukien.dates.ranges import link
from sukien.dates.reading import Reading
from sukien.dates.recognise import recognise
from sukien.dates.timex import Timex, TimexType
from sukien.dates.words import number_of
from sukien.language.shadow import Shadow

__all__ = ["find_dates"]

_READERS = {"point": read_point, **spans.READERS, **eras.READERS, **amounts.READERS}
_LEANING = {"same", "offset", "window", "duration"}
_DATED = {"point", "month", "quarter"}
_YEARS = {"y", "yr", "ys", "yc", "adjacent"}
_ORDERED = {"BEFORE", "AFTER"}
_THIRDS = {"START": (1, 10), "MID": (11, 20), "END": (21, 31)}
_HEADS = re.compile(
    r"(?:vụ|năm học|niên học|niên khóa|mùa giải|mùa bóng|niên vụ|mùa)(?: [^\W\d]+){0,3} *$"
)


def find_dates(
    text: str | Shadow,
    *,
    reference: str | date | datetime | None = None,
    prefer: Literal["past", "future"] | None = None,
    names: Sequence[tuple[int, int]] = (),
) -> list[Timex]:
    """Find temporal expressions and say what calendar time they mean.

    `reference` is the day (or time) of writing, from which `hôm qua` and years left out are
    counted; without it a dateline in the text serves, then the date told last, and what hangs
    on none stays open (`XXXX-...`). `prefer` settles what past and future leave open; by
    default news tells of the past unless the clause speaks of plans. `names` are spans of the
    text (code points) that are names: a bare year inside one is no date.

    Offsets are code points of the text given. Never raises for any text; an unreadable
    reference counts as none.

    >>> [(t.text, t.value) for t in find_dates("Chiều qua, giá vàng giảm.", reference="2024-03-20")]
    [('Chiều qua', '2024-03-19TAF')]
    >>> [(t.text, t.value) for t in find_dates("từ 20 đến 24/3", reference="2024-03-20")]
    [('20', '2024-03-20'), ('24/3', '2024-03-24')]
    >>> [t.value for t in find_dates("mùng 3 Tết", reference="2025-02-05")]
    ['2025-01-31']
    """
    shadow = text if isinstance(text, Shadow) else Shadow(text)
    scan = recognise(shadow, _to_shadow(shadow, names))
    if not scan.items:
        return []
    link(scan)
    ref = read_reference(reference)
    context = Context(scan, ref, prefer, "published" if ref else "none")
    if ref is None and (dateline := _dateline(scan)):
        context.reference, context.source = Reference(dateline), "dateline"
    found: list[tuple[Item, Reading]] = []
    for item in scan.items:
        reading = _read(context, item, found[-1] if found else None)
        if reading is not None:
            found.append((item, reading))
    return _rows(shadow, context, found)


def _to_shadow(shadow: Shadow, names: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Turn spans of the text into spans of the shadow."""
    if not names or shadow.span(0, len(shadow) or 1) == (0, len(shadow)) == (0, len(shadow.text)):
        return list(names)
    places = [shadow.span(i, i + 1)[0] for i in range(len(shadow))]
    return [(bisect_left(places, start), bisect_left(places, end)) for start, end in names]


def _dateline(scan: Scan) -> date | None:
    """The full date at the head of a text that stands like a dateline."""
    for item in scan.items[:3]:
        slots = item.slots
        if item.start > 300 or item.kind != "point":
            return None
        y = slots.get("y", "")
        if (
            len(y) == 4
            and y.isdigit()
            and slots.get("d", "").isdigit()
            and slots.get("m", "").isdigit()
        ):
            alone = (
                "\n" in scan.text[max(0, item.start - 2) : item.start]
                and "\n" in scan.text[item.end : item.end + 3]
            )
            if "h" in slots or alone or ("wd" in slots and item.start < 60):
                try:
                    return date(int(y), int(slots["m"]), int(slots["d"]))
                except ValueError:
                    return None
    return None


def _value(context: Context, item: Item) -> Reading | None:
    try:
        return _READERS[item.kind](context, item)
    except (ValueError, OverflowError):  # outside the calendar (year 0, year 10000)
        return None


def _read(context: Context, item: Item, before: tuple[Item, Reading] | None) -> Reading | None:
    _habit(context, item)
    reading = _value(context, item)
    if reading is None:
        return None
    if item.link and before is not None and "lent" not in item.slots:
        reading = _after(context, item, reading, before)
    # What a figure is compared with is not what the story is about.
    if context.scan.left(item.start) == ("với", "so"):
        return reading
    if item.kind == "set":
        context.last_set_end = item.end
    elif reading.type in {"DATE", "TIME"} and reading.period.begin and item.kind != "ref":
        period = reading.period
        single = period.granularity in {"day", "part", "hour", "minute", "second"}
        context.note(item, period, period.first if single else None)
    elif reading.period.granularity == "season" and reading.period.value[:4].isdigit():
        context.note(item, year(int(reading.period.value[:4])), None)
    elif item.kind == "point" and reading.period.value.startswith("XXXX-") and "d" in item.slots:
        value = reading.period.value[:10]
        context.open_day = Period(value, "day", edtf=value)
    spanning = reading.period.granularity in {"quarter", "half", "month"} or item.kind == "share"
    leaning = item.kind in _LEANING and item.kind != "window"
    if spanning and reading.period.begin and not leaning:
        context.span = reading.period
    return reading


def _habit(context: Context, item: Item) -> None:
    """Weekdays after `các`, and those that go on from such a list, are sets."""
    if (
        item.kind != "point"
        or "wd" not in item.slots
        or any(s in item.slots for s in ("d", "wr", "h"))
    ):
        return
    scan = context.scan
    previous, earlier = scan.left(item.start)
    chained = item.link is not None and scan.items[item.index - 1].kind == "set"
    if (
        chained
        or previous == "các"
        or (earlier == "các" and previous in {"ngày", "tối", "sáng", "chiều"})
    ):
        item.kind, item.name = "set", "set-weekday"


def _after(context: Context, item: Item, reading: Reading, before: tuple[Item, Reading]) -> Reading:
    """A member whose year was not written goes on from the member before it.

    It takes that one's year where that was stated; the end of a range is not before its begin.
    """
    slots, (left, left_reading) = item.slots, before
    first, own = left_reading.period.first, reading.period.first
    if first is None or own is None or not slots.keys().isdisjoint(_YEARS):
        return reading
    if item.kind not in _DATED or not {"m", "q"} & slots.keys():
        return reading
    stated = not left.slots.keys().isdisjoint(_YEARS)
    if not stated and (own >= first or item.link != "range"):
        return reading
    for y in (first.year, first.year + 1):
        slots["y"] = f"{y:04d}"
        again = _value(context, item)
        del slots["y"]
        if again and again.period.first and (again.period.first >= first or item.link != "range"):
            again.anchor = left_reading.anchor if stated else reading.anchor
            return again
    return reading


def _modified(item: Item, reading: Reading) -> tuple[Period, str | None]:
    """Apply đầu/giữa/cuối and trước/sau to the interval."""
    period, mods = reading.period, list(item.mods)
    if reading.mod:
        mods.insert(0, reading.mod)
    if not mods:
        return period, None
    edge = next((m for m in mods if m in _THIRDS), None)
    if edge and period.granularity == "month" and period.first and period.last and period.last:
        low, high = _THIRDS[edge]
        first, last = period.first, period.last
        length = (last - first).days + 1
        begin = first + timedelta(days=low - 1)
        end = first + timedelta(days=min(high, length) - 1)
        period = replace(period, begin=begin.isoformat(), end=end.isoformat())
    order = next((m for m in mods if m in _ORDERED), None)
    if order and reading.type == "TIME":
        # Before or after an hour is still that day.
        return (
            replace(period, begin=None) if order == "BEFORE" else replace(period, end=None)
        ), order
    if order == "BEFORE" and period.first:
        end = period.first - timedelta(days=1) if period.first > date.min else period.first
        return replace(period, begin=None, end=end.isoformat()), order
    if order == "AFTER" and period.last:
        begin = period.last + timedelta(days=1) if period.last < date.max else period.last
        return replace(period, begin=begin.isoformat(), end=None), order
    return period, order or edge or mods[0]


def _rows(shadow: Shadow, context: Context, found: list[tuple[Item, Reading]]) -> list[Timex]:
    rows: list[Timex] = []
    key, previous = 0, -2
    for index, (item, reading) in enumerate(found):
        start, end = shadow.span(item.start - 1, item.end - 1)
        period, mod = _modified(item, reading)
        slots = item.slots
        quant = freq = None
        if reading.type == "SET":
            quant = "EVERY"
            if times := slots.get("f"):
                count = _times(times)
                freq = f"{count}X" if count else None
        edtf = period.edtf
        if edtf and mod == "APPROX" and "/" not in edtf and "T" not in edtf:
            edtf += "~"
        rows.append(
            Timex(
                char_start=start,
                char_end=end,
                text=shadow.text[start:end],
                type=_type(reading),
                value=period.value,
                rule=item.name,
                mod=mod,
                quant=quant,
                freq=freq,
                begin=period.begin,
                end=period.end,
                granularity=period.granularity,
                edtf=edtf,
                calendar=reading.calendar,
                anchor=reading.anchor,
            )
        )
        if item.link == "range" and item.index == previous + 1:
            key += 1
            _join(context, rows, key, found[index - 1][0])
        previous = item.index
    return rows


def _times(text: str) -> int | None:
    return number_of(text.replace("lần", "").strip()) or None


def _type(reading: Reading) -> TimexType:
    kinds: dict[str, TimexType] = {"TIME": "TIME", "DURATION": "DURATION", "SET": "SET"}
    return kinds.get(reading.type, "DATE")


def _moment(row: Timex, day: str | None) -> str | None:
    """The bound of a range: the day, with the clock time where the text gives one."""
    if day is None or row.type != "TIME" or row.granularity == "part" or row.value[:10] != day:
        return day
    return row.value[:16] if row.value[13:14] == ":" else day


def _join(context: Context, rows: list[Timex], key: int, first: Item) -> None:
    """Give the last two rows one range key and the whole interval."""
    left, right = rows[-2], rows[-1]
    begin, end = _moment(left, left.begin), _moment(right, right.end)
    if right.value == "PRESENT_REF" and context.today:
        end = context.today.isoformat()
    scan = context.scan
    if _HEADS.search(scan.text, max(0, first.start - 30), first.start) and first.kind == "year":
        begin = end = None  # a season over two years is not the two years
    if begin and end and begin[:10] > end[:10] and begin[0] != "-":
        begin = end = None
    shared = {"range_key": key, "range_begin": begin, "range_end": end}
    rows[-2:] = [replace(left, **shared), replace(right, **shared)]  # type: ignore[arg-type]  # a dict of mixed values
