"""Holidays, Tết and other days of the lunar calendar, resolved to solar days."""

from __future__ import annotations

from datetime import date, timedelta

from sukien import lunar
from sukien.dates import periods
from sukien.dates.context import Context, next_weekday
from sukien.dates.items import Item
from sukien.dates.periods import Period
from sukien.dates.reading import Reading, years_of
from sukien.dates.words import number_of

__all__ = ["feast_day", "lunar_day", "lunar_month_of"]


def _easter(y: int) -> date:
    """Easter Sunday (Meeus, Astronomical Algorithms, chapter 8).

    >>> _easter(2024)
    datetime.date(2024, 3, 31)
    """
    a, b, c = y % 19, y // 100, y % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = c // 4, c % 4
    l7 = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l7) // 451
    month, day = divmod(h + l7 - 7 * m + 114, 31)
    return date(y, month, day + 1)


def _nth_weekday(y: int, month: int, weekday: int, n: int) -> date:
    first = next_weekday(date(y, month, 1) - timedelta(days=1), weekday)
    return first + timedelta(days=7 * (n - 1))


def _solar_feast(rule: str, y: int) -> date | None:
    if rule == "easter":
        return _easter(y)
    if rule == "thanksgiving":
        return _nth_weekday(y, 11, 4, 4)
    if rule == "black-friday":
        return _nth_weekday(y, 11, 4, 4) + timedelta(days=1)
    if rule == "mothers-day":
        return _nth_weekday(y, 5, 7, 2)
    return date(y, int(rule[:2]), int(rule[3:]))


def _lunar_feast(y: int, month: int, day: int, leap: bool = False) -> date | None:
    """A lunar day of lunar year y; day 30 of a short month is its last one."""
    try:
        if day == 30 and month == 12:
            day = lunar.month_length(month, y, leap)
        return lunar.to_solar(lunar.LunarDate(day, month, y, leap))
    except ValueError:
        return None


def _choose(context: Context, item: Item, candidates: list[date], y0: date | None) -> date | None:
    if not candidates or y0 is None:
        return None
    picked = context.nearest(item, [((c - y0).days, i) for i, c in enumerate(candidates)])
    return candidates[picked]


def _reading(
    context: Context, item: Item, when: date | None, calendar: str, stated: bool, name: str
) -> Reading | None:
    _, anchor = context.anchor_of(item)
    if when is None:
        if context.today is not None:
            return None
        return Reading(Period(name, "day"), calendar="lunar" if calendar == "lunar" else "solar")
    source = "none" if stated else anchor
    return Reading(periods.day(when), source, "lunar" if calendar == "lunar" else "solar")


def lunar_day(context: Context, item: Item, d: int, m: int) -> Reading | None:
    """A day of a lunar month, the year stated or the likeliest one."""
    leap = "leap" in item.slots
    y = years_of(context, item)
    today, _ = context.anchor_of(item)
    if y is not None:
        when = _lunar_feast(y, m, d, leap)
    elif today is None:
        when = None
    else:
        options = [_lunar_feast(today.year + n, m, d, leap) for n in (-2, -1, 0, 1)]
        when = _choose(context, item, [o for o in options if o], today)
    return _reading(context, item, when, "lunar", "y" in item.slots, f"XXXX-{m:02d}-{d:02d}")


def feast_day(context: Context, item: Item) -> Reading | None:
    """The day of Tết, of a full moon or of a named holiday."""
    slots = item.slots
    if "ram" in slots:
        m = number_of(slots.get("m"))
        if m is None:
            return Reading(Period("XXXX-XX-15", "day"), calendar="lunar")
        return lunar_day(context, item, 15, m)
    if "tetday" in slots or "eve" in slots:
        return _tet(context, item)
    rule = _rule_of(context, slots["hol"])
    if rule is None:
        return None
    y = years_of(context, item)
    today, _ = context.anchor_of(item)
    calendar = "lunar" if rule[0] == "l" else "solar"

    def on(year: int) -> date | None:
        if calendar == "lunar":
            # `Tết ông Công ông Táo` of a year closes the lunar year before.
            month, day = int(rule[1:3]), int(rule[4:])
            return _lunar_feast(year - 1 if month == 12 else year, month, day)
        return _solar_feast(rule, year)

    if y is not None:
        when = on(y)
    elif today is None:
        when = None
    else:
        options = [on(today.year + n) for n in (-1, 0, 1)]
        when = _choose(context, item, [o for o in options if o], today)
    generic = f"XXXX-{rule[-5:]}" if rule[-2:].isdigit() else "XXXX-XX-XX"
    return _reading(context, item, when, calendar, "y" in slots, generic)


def _rule_of(context: Context, name: str) -> str | None:
    for holiday in context.scan.grammar.holidays:
        # The bare `tết` of a year looks ahead at it, so the name may be followed by anything.
        if (match := holiday.regex.match(name + " 2000")) and match.end() >= len(name):
            return holiday.day
    return None


def _tet(context: Context, item: Item) -> Reading | None:
    """`mùng 3 Tết`, `29 Tết` (of the month before), `giao thừa`."""
    slots = item.slots
    y = years_of(context, item)
    today, _ = context.anchor_of(item)
    digits = number_of(slots["tetday"].split()[-1]) if "tetday" in slots else 30
    if digits is None and "tetday" in slots:
        digits = number_of(slots["tetday"].partition(" ")[2])
    day = digits or 0
    eve = "eve" in slots or (not slots["tetday"].startswith(("mùng", "mồng")) and day >= 15)

    def on(year: int) -> date | None:
        return _lunar_feast(year - 1, 12, day) if eve else _lunar_feast(year, 1, day)

    if y is not None:
        when = on(y)
    elif today is None:
        when = None
    else:
        options = [on(today.year + n) for n in (-1, 0, 1)]
        when = _choose(context, item, [o for o in options if o], today)
    name = f"XXXX-12-{day:02d}" if eve else f"XXXX-01-{day:02d}"
    return _reading(context, item, when, "lunar", "y" in slots, name)


def lunar_month_of(context: Context, item: Item, m: int) -> Reading | None:
    """A lunar month as the solar days it covers."""
    y = years_of(context, item)
    today, anchor = context.anchor_of(item)
    leap = "leap" in item.slots
    if y is not None:
        period = periods.lunar_month(y, m, leap)
        return Reading(period, "none" if "y" in item.slots else anchor, "lunar") if period else None
    if today is None:
        return Reading(periods.month(None, m), calendar="lunar")
    options = [periods.lunar_month(today.year + n, m, leap) for n in (-2, -1, 0, 1)]
    known = [p for p in options if p]
    if not known:
        return None
    distances = []
    for index, period in enumerate(known):
        first, last = period.first, period.last
        if first and last:
            inside = first <= today <= last
            gap = 0 if inside else (first - today).days if first > today else (last - today).days
            distances.append((gap, index))
    return Reading(known[context.nearest(item, distances)], anchor, "lunar")
