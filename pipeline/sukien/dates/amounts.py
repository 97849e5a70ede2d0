"""Lengths of time: durations, offsets, windows, shares of a year, and sets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction

from sukien.dates import periods
from sukien.dates.context import Context
from sukien.dates.items import Item
from sukien.dates.periods import Period
from sukien.dates.reading import Reading, safe_date, years_of
from sukien.dates.timex import Anchor
from sukien.dates.words import SEASONS, WEEKDAYS, number_of
from sukien.language.numerals import parse

__all__ = ["READERS"]

# Unit: its letter in ISO 8601, whether it stands after the T, and its factor.
_UNITS = {
    "giây": ("S", True, 1),
    "phút": ("M", True, 1),
    "giờ": ("H", True, 1),
    "tiếng": ("H", True, 1),
    "h": ("H", True, 1),
    "ngày": ("D", False, 1),
    "hôm": ("D", False, 1),
    "đêm": ("NI", False, 1),
    "tuần": ("W", False, 1),
    "tháng": ("M", False, 1),
    "quý": ("Q", False, 1),
    "năm": ("Y", False, 1),
    "thập": ("DE", False, 1),
    "thế": ("CE", False, 1),
    "thiên": ("Y", False, 1000),
}
_TENFOLD = {"Y": "DE"}


def _unit(text: str) -> tuple[str, bool, int]:
    return _UNITS[text.split()[0]]


def _amount(text: str | None) -> Fraction | None:
    value = parse(text) if text else None
    return None if value is None else Fraction(value).limit_denominator(1000)


def _decimal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _iso(
    value: Fraction,
    unit: tuple[str, bool, int],
    extra: list[tuple[Fraction, tuple[str, bool, int]]],
) -> str:
    """Write a length as ISO 8601, halves in the next smaller unit where that is exact."""
    letter, clock, factor = unit
    value *= factor
    if value.denominator != 1:
        whole, rest = divmod(value, 1)
        smaller = (
            {"H": ("M", 60), "M": ("S", 60)}.get(letter) if clock else {"Y": ("M", 12)}.get(letter)
        )
        if smaller and (rest * smaller[1]).denominator == 1:
            head = f"{whole}{letter}" if whole and clock else ""
            tail = rest * smaller[1] + (0 if clock else whole * smaller[1])
            return f"P{'T' if clock else ''}{head}{tail}{smaller[0]}"
        if letter == "D" and (rest * 24).denominator == 1:
            return f"PT{value * 24}H"
        if letter in {"CE", "DE"}:
            return f"P{_decimal(value * (100 if letter == 'CE' else 10))}Y"
    date_part = time_part = ""
    for amount, (own, own_clock, own_factor) in [(value / factor, unit), *extra]:
        piece = f"{_decimal(amount * own_factor)}{own}"
        if own_clock:
            time_part += piece
        else:
            date_part += piece
    return f"P{date_part}" + (f"T{time_part}" if time_part else "")


class Length:
    """A length of time read from its slots."""

    __slots__ = ("extra", "high", "low", "unit", "vague")

    def __init__(self, slots: dict[str, str]) -> None:
        self.unit = _unit(slots["u"])
        self.vague = slots.get("some")
        low = _amount(slots.get("n"))
        if "nhalf" in slots:
            low = Fraction(1, 2)
        elif low is None and "half" in slots:
            low = Fraction(1)
        if low is not None and "half" in slots:
            low += Fraction(1, 2)
        self.low = low
        self.high = _amount(slots.get("n2")) or low
        self.extra = [
            (amount, _unit(slots[u]))
            for n, u in (("nb", "ub"), ("nc", "uc"))
            if (amount := _amount(slots.get(n))) is not None
        ]

    def value(self) -> str:
        """TIMEX3 value; the upper end of a range, X for a vague number."""
        letter, clock, factor = self.unit
        if self.high is None:
            vague = self.vague or ""
            if "chục" in vague and not clock and factor == 1:
                letter = _TENFOLD.get(letter, letter)
            return f"PT X{letter}".replace(" ", "") if clock else f"PX{letter}"
        return _iso(self.high, self.unit, self.extra)

    def months(self) -> Fraction | None:
        """The length in months where the unit is a month or longer; else None."""
        letter, clock, factor = self.unit
        per = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}.get(letter)
        if clock or per is None or self.high is None:
            return None
        total = self.high * per * factor
        for amount, (own, own_clock, _) in self.extra:
            total += amount * {"M": 1, "Y": 12}.get(own, 0) if not own_clock else 0
        return total

    def days(self) -> Fraction | None:
        """The length in days where the unit is a day or a week; else None."""
        letter, clock, _ = self.unit
        per = {"D": 1, "NI": 1, "W": 7}.get(letter)
        return None if clock or per is None or self.high is None else self.high * per

    def seconds(self) -> Fraction | None:
        """The length in seconds where the unit is an hour or shorter; else None."""
        letter, clock, _ = self.unit
        if not clock or self.high is None:
            return None
        total = self.high * {"H": 3600, "M": 60, "S": 1}[letter]
        for amount, (own, own_clock, _) in self.extra:
            total += amount * {"H": 3600, "M": 60, "S": 1}[own] if own_clock else 0
        return total


def _moved(base: date, length: Length, sign: int) -> date | None:
    """A day moved by a length; None outside the calendar."""
    try:
        months = length.months()
        if months is not None:
            return periods.add_months(base, sign * int(months))
        days = length.days()
        return base + timedelta(days=sign * int(days)) if days is not None else base
    except (ValueError, OverflowError):
        return None


def read_duration(context: Context, item: Item) -> Reading:
    """`30 phút`, `hai năm rưỡi`, `vài ngày`."""
    length = Length(item.slots)
    if length.high != length.low:
        item.mods = item.mods or ["APPROX"]
    return Reading(Period(length.value(), _granularity(length)), kind="DURATION")


def _granularity(length: Length) -> str | None:
    letter, clock, _ = length.unit
    if clock:
        return {"H": "hour", "M": "minute", "S": "second"}[letter]
    names = {"D": "day", "NI": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}
    return names.get(letter, "decade" if letter == "DE" else "century")


def _at(when: date, length: Length, fraction: bool) -> Period:
    """The period of the length's own grain that holds a day."""
    letter, clock, _ = length.unit
    if clock or letter in {"D", "NI"}:
        return periods.day(when)
    if letter == "W":
        return periods.week(when)
    if letter in {"M", "Q"} or fraction or length.extra:
        return periods.month(when.year, when.month)
    if letter == "DE":
        return periods.decade(when.year // 10)
    if letter == "CE":
        return periods.century((when.year - 1) // 100 + 1)
    return periods.year(when.year)


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
    if leaning:
        return _lean(context, length, sign, named) or vague
    today, anchor = context.anchor_of(item)
    if today is None:
        return vague
    seconds = length.seconds()
    if seconds is not None:
        return _clock_offset(context, today, sign * seconds, anchor) or vague
    when = _moved(today, length, sign)
    if when is None:
        return vague
    fraction = length.high.denominator != 1
    period = _at(when, length, fraction)
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


def _lean(context: Context, length: Length, sign: int, named: bool) -> Reading | None:
    """Move the date told last; None where there is none of a fitting grain."""
    last = context.last
    if last is None or last.first is None:
        return None
    first, grain = last.first, last.granularity
    days, months = length.days(), length.months()
    if days is not None:
        if grain not in {"day", "part", "hour", "minute", "second"}:
            return None
        when = _moved(first, length, sign)
        return Reading(periods.day(when), "context") if when else None
    if months is None:
        return None
    if length.unit[0] == "Y" and grain in {"quarter", "half", "month"} and sign < 0:
        moved = periods.shift_years(last, sign * int(length.high or 0))
        return Reading(moved, "context") if moved else None
    when = _moved(first, length, sign)
    if when is None or (length.unit[0] in {"M", "Q"} and grain in {"year", "decade", "century"}):
        return None
    return Reading(
        _at(when, length, length.high is not None and length.high.denominator != 1), "context"
    )


def read_window(context: Context, item: Item) -> Reading | None:
    """`3 tháng qua`, `2-3 ngày tới`: a duration that ends, or begins, today.

    `vừa rồi` and `tiếp theo` count whole calendar units and leave the running one out.
    """
    slots = item.slots
    word = " ".join(slots["dir"].split())
    length = Length(slots)
    value, grain = length.value(), _granularity(length)
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
        unit = _at(today, length, False)
        first, last = unit.first, unit.last
        if first is None or last is None:
            return None
        if length.unit[0] == "Q":
            quarter = periods.quarter(today.year, (today.month + 2) // 3)
            first, last = quarter.first or first, quarter.last or last
        begin = last + timedelta(days=1) if ahead else first
        other = _moved(begin, length, sign)
        if other is None:
            return None
        begin, end = (begin, other) if ahead else (other, begin)
        end -= timedelta(days=1)
    else:
        other = _moved(today, length, sign)
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
        return Reading(Period(length.value(), _granularity(length)), anchor, kind="DURATION")
    if late:
        begin = _moved(last + timedelta(days=1), length, -1)
        end: date | None = last
    else:
        begin, moved = first, _moved(first, length, 1)
        end = moved - timedelta(days=1) if moved else None
    if begin is None or end is None or begin < first or end > last:
        return Reading(Period(length.value(), _granularity(length)), anchor, kind="DURATION")
    edtf = f"{begin.isoformat()}/{end.isoformat()}"
    if months is not None:
        edtf = f"{begin.isoformat()[:7]}/{end.isoformat()[:7]}"
    period = Period(length.value(), _granularity(length), begin.isoformat(), end.isoformat(), edtf)
    return Reading(period, anchor, kind="DURATION")


def _container(context: Context, item: Item) -> tuple[Period | None, Anchor]:
    from sukien.dates.spans import read_month, read_quarter

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
    return Reading(Period(length.value(), _granularity(length)), kind="SET")


READERS = {
    "duration": read_duration,
    "offset": read_offset,
    "window": read_window,
    "share": read_share,
    "set": read_set,
}
