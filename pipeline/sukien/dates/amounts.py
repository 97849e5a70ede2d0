"""Lengths of time: durations, offsets, windows, shares of a year, and sets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction

from sukien.dates import periods
from sukien.dates.context import Context
from sukien.dates.items import Item
from sukien.dates.lengths import Length, length_period, moved_by
from sukien.dates.periods import Period
from sukien.dates.reading import Reading, safe_date, years_of
from sukien.dates.spans import read_month, read_quarter
from sukien.dates.story import story_day
from sukien.dates.timex import Anchor
from sukien.dates.words import SEASONS, WEEKDAYS, number_of

__all__ = ["READERS"]


def read_duration(context: Context, item: Item) -> Reading:
    """`30 phút`, `hai năm rưỡi`, `vài ngày`."""
    length = Length(item.slots)
    if length.high != length.low:
        item.mods = item.mods or ["APPROX"]
    return Reading(Period(length.value(), length.grain), kind="DURATION")


_DAYS = {"day", "part", "hour", "minute", "second"}
_STORY_REACH = 400  # characters over which a day or a clock time is leant on


def read_offset(context: Context, item: Item) -> Reading | None:
    """`cách đây ba năm`, `hai tuần trước`, `10 ngày nữa`, `sau đó 3 ngày`."""
    slots = item.slots
    word = " ".join(slots["dir"].split())
    named = item.name == "offset-then"
    leaning = named or word in {"trước đó", "sau đó", "sau", "tiếp sau", "kế đó"}
    ahead = word in {"nữa", "sau", "sau đó", "tiếp sau", "kế đó"}
    sign = 1 if ahead else -1
    length = Length(slots)
    vague = Reading(periods.ref("FUTURE_REF" if ahead else "PAST_REF"))
    if length.high is None:
        return vague
    if item.name == "ago":
        item.mods += [
            m for w, m in _INNER.items() if f" {w} " in context.scan.text[item.core : item.end]
        ]
    if leaning or (word == "trước" and _tells_on(context, item, length)):
        reading = _lean(context, item, length, sign) or vague
        return _not_ahead(context, item, length, reading) if word == "sau" else reading
    today, anchor = context.anchor_of(item)
    if today is None:
        return vague
    seconds = length.seconds()
    if seconds is not None:
        return _clock_offset(context, today, sign * seconds, anchor) or vague
    when = moved_by(today, length, sign)
    if when is None:
        return vague
    fraction = length.high.denominator != 1
    period = length_period(when, length, fraction)
    if ahead and {"EQUAL_OR_MORE", "MORE_THAN"} & set(item.mods):
        period = Period(period.value, period.granularity, when.isoformat(), None, period.edtf)
    elif not ahead and "MORE_THAN" in item.mods and period.end:
        period = Period(period.value, period.granularity, None, when.isoformat(), period.edtf)
    return Reading(period, anchor)


_INNER = {
    "khoảng": "APPROX",
    "hơn": "MORE_THAN",
    "gần": "LESS_THAN",
    "chừng": "APPROX",
    "ít nhất": "EQUAL_OR_MORE",
}


def _clock_offset(
    context: Context, today: date, seconds: Fraction, anchor: Anchor
) -> Reading | None:
    if context.reference is None or context.reference.time is None:
        return None
    moment = datetime.combine(today, time(*context.reference.time))
    moment += timedelta(seconds=float(seconds))
    day = moment.date().isoformat()
    value = moment.strftime("%Y-%m-%dT%H:%M")
    return Reading(Period(value, "minute", day, day, f"{value}:00"), anchor, kind="TIME")


def _not_ahead(context: Context, item: Item, length: Length, reading: Reading) -> Reading:
    """`23 năm sau tội ác`: a length, where what follows would lie ahead of a tale of the past."""
    first, today, scan = reading.period.first, context.today, context.scan
    if context.prefer or scan.stops(item.end) or not scan.text.startswith(" ", item.end):
        return reading
    if reading.period.value == "FUTURE_REF":
        if scan.left(item.start)[0] in {"", ".", "\n", ",", ";"}:
            return reading  # `Sáu phút sau máy bay rơi`
    elif first is None or today is None or first <= today or context.tense(item) == "future":
        return reading
    item.end = item.start + context.scan.text[item.start : item.end].rindex(" sau")
    item.end = len(context.scan.text[: item.end].rstrip(" "))
    return Reading(Period(length.value(), length.grain), kind="DURATION")


def _tells_on(context: Context, item: Item, length: Length) -> bool:
    """Whether `Một ngày trước, …` opens a sentence that follows a day of the story."""
    if length.days() is None or length.unit[0] == "W" or context.last_day is None:
        return False
    if context.prefer or (context.today and context.last_day >= context.today):
        return False
    opens = context.scan.left(item.start)[0] in {".", "", "\n"}
    return (
        opens
        and context.scan.text.startswith(",", item.end)
        and item.start - context.last_day_end < _STORY_REACH
    )


def _lean_clock(context: Context, item: Item, seconds: Fraction, sign: int) -> Reading | None:
    """`Chín tiếng sau`, `20 phút sau đó`: the clock time told last, moved."""
    if context.moment is None or item.start - context.moment_end > _STORY_REACH:
        return None
    try:
        moment = context.moment + sign * timedelta(seconds=float(seconds))
    except OverflowError:
        return None
    day, value = moment.date().isoformat(), moment.strftime("%Y-%m-%dT%H:%M")
    grain = "minute" if moment.minute else "hour"
    return Reading(Period(value, grain, day, day, f"{value}:00"), "context", kind="TIME")


def _lean(context: Context, item: Item, length: Length, sign: int) -> Reading | None:
    """Move the date told last; None where there is none of a fitting grain."""
    seconds = length.seconds()
    if seconds is not None:
        return _lean_clock(context, item, seconds, sign)
    last = context.last
    if length.days() is not None and (story := story_day(context, item)):
        near = item.start - context.last_day_end < _STORY_REACH
        if story != context.last_day or (near and last and last.granularity not in _DAYS):
            last = periods.day(story)
    if last is None or last.first is None:
        return None
    first, grain = last.first, last.granularity
    days, months = length.days(), length.months()
    if days is not None:
        if grain not in _DAYS:
            return None
        when = moved_by(first, length, sign)
        return Reading(periods.day(when), "context") if when else None
    if months is None:
        return None
    if length.unit[0] == "Y" and grain in {"quarter", "half", "month"} and sign < 0:
        moved = periods.shift_years(last, sign * int(length.high or 0))
        return Reading(moved, "context") if moved else None
    when = moved_by(first, length, sign)
    if when is None or (length.unit[0] in {"M", "Q"} and grain in {"year", "decade", "century"}):
        return None
    return Reading(
        length_period(when, length, length.high is not None and length.high.denominator != 1),
        "context",
    )


def read_window(context: Context, item: Item) -> Reading | None:
    """`3 tháng qua`, `2-3 ngày tới`: a duration that ends, or begins, today.

    `vừa rồi` and `tiếp theo` count whole calendar units and leave the running one out.
    """
    slots = item.slots
    word = " ".join(slots["dir"].split())
    length = Length(slots)
    value, grain = length.value(), length.grain
    if length.high != length.low:
        item.mods = item.mods or ["EQUAL_OR_LESS"]
    today, anchor = context.anchor_of(item)
    if length.high is None or today is None:
        return Reading(Period(value, grain), kind="DURATION")
    ahead = word in {"tới", "sắp tới", "tới đây", "tiếp theo", "kế tiếp"}
    aligned = word in {"vừa rồi", "tiếp theo", "kế tiếp"}
    seconds = length.seconds()
    if seconds is not None:
        edtf = _clock_window(context, today, seconds, ahead, aligned, length)
        return Reading(Period(value, grain, edtf=edtf), anchor, kind="DURATION")
    sign = 1 if ahead else -1
    begin = end = today
    if aligned:
        unit = length_period(today, length, False)
        first, last = unit.first, unit.last
        if first is None or last is None:
            return None
        if length.unit[0] == "Q":
            quarter = periods.quarter(today.year, (today.month + 2) // 3)
            first, last = quarter.first or first, quarter.last or last
        begin = last + timedelta(days=1) if ahead else first
        other = moved_by(begin, length, sign)
        if other is None:
            return None
        begin, end = (begin, other) if ahead else (other, begin)
        end -= timedelta(days=1)
    else:
        other = moved_by(today, length, sign)
        if other is None:
            return None
        begin, end = (today + timedelta(days=1), other) if ahead else (other, today)
    period = Period(
        value, grain, begin.isoformat(), end.isoformat(), f"{begin.isoformat()}/{end.isoformat()}"
    )
    return Reading(period, anchor, kind="DURATION")


def _clock_window(
    context: Context, today: date, seconds: Fraction, ahead: bool, aligned: bool, length: Length
) -> str | None:
    if context.reference is None or context.reference.time is None:
        return None
    now = datetime.combine(today, time(*context.reference.time))
    grain = {"H": 3600, "M": 60, "S": 1}[length.unit[0]]
    if aligned or grain == 1:
        now -= timedelta(seconds=(now.hour * 3600 + now.minute * 60 + now.second) % grain)
        now += timedelta(seconds=grain if ahead else 0)
    span = timedelta(seconds=float(seconds))
    begin, end = (now, now + span) if ahead else (now - span, now)
    end -= timedelta(seconds=1)
    return f"{begin.isoformat()}/{end.isoformat()}"


def read_share(context: Context, item: Item) -> Reading | None:
    """`9 tháng đầu năm 2024`, `nửa cuối năm`, `10 ngày đầu tháng 3`."""
    slots = item.slots
    container, anchor = _container(context, item)
    if container is None:
        return None
    late = slots.get("e") in {"cuối", "sau"}
    if "nhalf" in slots:
        if container.granularity != "year":
            return Reading(container, anchor, mod="END" if late else "START")
        first = container.first
        half = periods.half(first.year if first else None, 2 if late else 1)
        return Reading(half, anchor)
    length = Length(slots)
    months = length.months()
    if container.granularity == "year" and months == 6:
        first = container.first
        return Reading(periods.half(first.year if first else None, 2 if late else 1), anchor)
    first, last = container.first, container.last
    if first is None or last is None or length.high is None:
        return Reading(Period(length.value(), length.grain), anchor, kind="DURATION")
    if late:
        begin = moved_by(last + timedelta(days=1), length, -1)
        end: date | None = last
    else:
        begin, moved = first, moved_by(first, length, 1)
        end = moved - timedelta(days=1) if moved else None
    if begin is None or end is None or begin < first or end > last:
        return Reading(Period(length.value(), length.grain), anchor, kind="DURATION")
    edtf = f"{begin.isoformat()}/{end.isoformat()}"
    if months is not None:
        edtf = f"{begin.isoformat()[:7]}/{end.isoformat()[:7]}"
    period = Period(length.value(), length.grain, begin.isoformat(), end.isoformat(), edtf)
    return Reading(period, anchor, kind="DURATION")


def _container(context: Context, item: Item) -> tuple[Period | None, Anchor]:
    slots = item.slots
    if "m" in slots or "mr" in slots:
        month = read_month(context, item)
        return (month.period, month.anchor) if month else (None, "none")
    if "q" in slots:
        quarter = read_quarter(context, item)
        return (quarter.period, quarter.anchor) if quarter else (None, "none")
    y = years_of(context, item)
    if y is not None:
        return periods.year(y), "none" if "y" in slots else context.anchor_of(item)[1]
    today, anchor = context.anchor_of(item)
    if today is None:
        return periods.year(None), "none"
    # A share told of in the past that is still to come is last year's.
    return periods.year(today.year), anchor


def read_set(context: Context, item: Item) -> Reading | None:
    """`hằng năm`, `thứ Sáu hàng tuần`, `hai năm một lần`, `2 lần/tuần`."""
    slots = item.slots
    parts = context.scan.grammar.parts
    if "wd" in slots:
        code, _ = parts.get(slots.get("part", ""), ("", None))
        return Reading(Period(f"XXXX-WXX-{WEEKDAYS[slots['wd']]}{code}", "day"), kind="SET")
    if "every" in slots and "q" in slots:
        quarter = read_quarter(context, item)
        if quarter is None:
            return None
        return Reading(periods.quarter(None, int(quarter.period.value[-1])), kind="SET")
    if "every" in slots:
        d, m = number_of(slots.get("d")), number_of(slots.get("m"))
        if "ram" in slots:
            d = 15
        lunar = "al" in slots or "ram" in slots
        value = f"XXXX-{m:02d}" if m else "XXXX-XX"
        if d:
            value += f"-{d:02d}"
        if m and d and not lunar and safe_date(2024, m, d) is None:
            return None
        return Reading(
            Period(value, "day" if d else "month"),
            calendar="lunar" if lunar else "solar",
            kind="SET",
        )
    if "we" in slots:
        return Reading(Period("XXXX-WXX-WE", "weekend"), kind="SET")
    if "se" in slots:
        return Reading(Period(f"XXXX-{SEASONS[slots['se']]}", "season"), kind="SET")
    if "part" in slots and "u" not in slots:
        code, _ = parts.get(slots["part"], ("TMO", None))
        return Reading(Period(f"XXXX-XX-XX{code}", "part"), kind="SET")
    length = Length({"n": slots.get("n", "1"), "u": slots["u"]})
    return Reading(Period(length.value(), length.grain), kind="SET")


READERS = {
    "duration": read_duration,
    "offset": read_offset,
    "window": read_window,
    "share": read_share,
    "set": read_set,
}
