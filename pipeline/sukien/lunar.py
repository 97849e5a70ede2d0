"""The Vietnamese lunar calendar: solar days to lunar ones and back, leap months, can-chi names.

A lunar month begins on the day of the new moon at Vietnam's meridian (UTC+7); the month that
holds the winter solstice is the eleventh, and a year of thirteen months repeats the first month
in which the sun enters no new sign. The method is that of Ho Ngoc Duc, "Thuật toán tính âm
lịch" (informatik.uni-leipzig.de/~duc/amlich); new moons and the sun's longitude follow
Jean Meeus, *Astronomical Algorithms* (1991), chapters 47 and 24. The Chinese calendar is the
same at UTC+8, so Tết differs where a new moon falls between 23:00 and midnight in Hanoi
(1968, 1985, 2007, 2030, 2053). Before 1968 North and South used other meridians in some years;
this module counts in UTC+7 throughout.

>>> to_lunar(date(2025, 8, 3))
LunarDate(day=10, month=6, year=2025, leap=True)
>>> to_solar(LunarDate(1, 1, 1985)), year_name(2025)
(datetime.date(1985, 1, 21), 'Ất Tỵ')
"""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

__all__ = [
    "BRANCHES",
    "FIRST_YEAR",
    "LAST_YEAR",
    "STEMS",
    "LunarDate",
    "LunarMonth",
    "day_name",
    "month_length",
    "month_name",
    "months",
    "named_year",
    "to_lunar",
    "to_solar",
    "year_name",
]

STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
BRANCHES = (
    "Tý",
    "Sửu",
    "Dần",
    "Mão",
    "Thìn",
    "Tỵ",
    "Ngọ",
    "Mùi",
    "Thân",
    "Dậu",
    "Tuất",
    "Hợi",
)
#: Lunar years that can be asked for; the series loses its precision far from today.
FIRST_YEAR, LAST_YEAR = 1200, 2199

_TIME_ZONE = 7
_SYNODIC = 29.530588853
_ORDINAL_TO_JULIAN = 1721425


class LunarDate(NamedTuple):
    """A day of the lunar calendar; `leap` marks the second of two months of one number."""

    day: int
    month: int
    year: int
    leap: bool = False


class LunarMonth(NamedTuple):
    """A lunar month: its number, whether it is the leap one, its first solar day and length."""

    month: int
    leap: bool
    first_day: date
    length: int


def _new_moon_day(k: int) -> int:
    """Julian day number, in Vietnam, of the k-th new moon since 1 January 1900 (Meeus 47)."""
    t = k / 1236.85
    rad = math.pi / 180
    time = 2415020.75933 + 29.53058868 * k + (0.0001178 - 0.000000155 * t) * t * t
    time += 0.00033 * math.sin((166.56 + (132.87 - 0.009173 * t) * t) * rad)
    sun = (359.2242 + 29.10535608 * k - (0.0000333 + 0.00000347 * t) * t * t) * rad
    moon = (306.0253 + 385.81691806 * k + (0.0107306 + 0.00001236 * t) * t * t) * rad
    node = (21.2964 + 390.67050646 * k - (0.0016528 + 0.00000239 * t) * t * t) * rad
    correction = (
        (0.1734 - 0.000393 * t) * math.sin(sun)
        + 0.0021 * math.sin(2 * sun)
        - 0.4068 * math.sin(moon)
        + 0.0161 * math.sin(2 * moon)
        - 0.0004 * math.sin(3 * moon)
        + 0.0104 * math.sin(2 * node)
        - 0.0051 * math.sin(sun + moon)
        - 0.0074 * math.sin(sun - moon)
        + 0.0004 * math.sin(2 * node + sun)
        - 0.0004 * math.sin(2 * node - sun)
        - 0.0006 * math.sin(2 * node + moon)
        + 0.0010 * math.sin(2 * node - moon)
        + 0.0005 * math.sin(sun + 2 * moon)
    )
    if t < -11:
        delta = 0.001 + 0.000839 * t + 0.0002261 * t**2 - 0.00000845 * t**3 - 0.000000081 * t**4
    else:
        delta = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return math.floor(time + correction - delta + 0.5 + _TIME_ZONE / 24)


def _sun_sign(day: int) -> int:
    """The twelfth of the ecliptic (0 from the March equinox) the sun is in as a day begins."""
    t = (day - 2451545.5 - _TIME_ZONE / 24) / 36525
    rad = math.pi / 180
    anomaly = (357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * rad
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * math.sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * math.sin(2 * anomaly)
    longitude += 0.000290 * math.sin(3 * anomaly)
    return int(longitude % 360 // 30)


def _to_date(julian_day: int) -> date:
    return date.fromordinal(julian_day - _ORDINAL_TO_JULIAN)


@cache
def _eleventh_month(year: int) -> int:
    """Number k of the new moon that begins the eleventh month, the one with the solstice."""
    last = date(year, 12, 31).toordinal() + _ORDINAL_TO_JULIAN
    k = int((last - 2415021) / _SYNODIC)
    return k - 1 if _sun_sign(_new_moon_day(k)) >= 9 else k


@cache
def _solstice_year(year: int) -> tuple[LunarMonth, ...]:
    """The months from the eleventh of `year` - 1 to the tenth of `year`."""
    first, after = _eleventh_month(year - 1), _eleventh_month(year)
    starts = [_new_moon_day(k) for k in range(first, after + 1)]
    leap = -1
    if len(starts) == 14:
        # The sun changes its sign in every month but the leap one.
        signs = [_sun_sign(start) for start in starts]
        leap = next(i for i in range(1, 14) if signs[i] == signs[i + 1] or i == 12)
    table = []
    for i in range(len(starts) - 1):
        number = (10 + i - (1 if 0 <= leap <= i else 0)) % 12 + 1
        length = starts[i + 1] - starts[i]
        table.append(LunarMonth(number, i == leap, _to_date(starts[i]), length))
    return tuple(table)


@cache
def months(year: int) -> tuple[LunarMonth, ...]:
    """Return the twelve or thirteen months of a lunar year.

    Raises ValueError outside FIRST_YEAR to LAST_YEAR.

    >>> [month.month for month in months(2025)]
    [1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 11, 12]
    >>> months(2007)[0].first_day
    datetime.date(2007, 2, 17)
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"lunar year {year} is outside {FIRST_YEAR} to {LAST_YEAR}")
    own = _solstice_year(year)
    head = next(i for i, m in enumerate(own) if m.month == 1)
    # The eleventh and twelfth month (and a leap one of them) stand at the head of the next table.
    tail = tuple(m for m in _solstice_year(year + 1)[:4] if m.month > 10)
    return own[head:] + tail


@cache
def _starts(year: int) -> tuple[list[date], tuple[LunarMonth, ...]]:
    table = months(year)
    return [month.first_day for month in table], table


def to_lunar(day: date) -> LunarDate:
    """Turn a solar day into the lunar one.

    Raises ValueError where the lunar year is outside FIRST_YEAR to LAST_YEAR.

    >>> to_lunar(date(2024, 2, 9))
    LunarDate(day=30, month=12, year=2023, leap=False)
    """
    year = day.year
    if day < months(year)[0].first_day:
        year -= 1
    starts, table = _starts(year)
    month = table[bisect_right(starts, day) - 1]
    return LunarDate((day - month.first_day).days + 1, month.month, year, month.leap)


def _find(month: int, year: int, leap: bool) -> LunarMonth:
    for candidate in months(year):
        if candidate.month == month and candidate.leap == leap:
            return candidate
    kind = "leap month" if leap else "month"
    raise ValueError(f"lunar year {year} has no {kind} {month}")


def to_solar(lunar: LunarDate) -> date:
    """Turn a lunar day into the solar one.

    Raises ValueError for a day, month or leap month that does not exist.

    >>> to_solar(LunarDate(15, 7, 2024))
    datetime.date(2024, 8, 18)
    >>> to_solar(LunarDate(30, 12, 2024))
    Traceback (most recent call last):
        ...
    ValueError: lunar month 12 of 2024 has no day 30
    """
    month = _find(lunar.month, lunar.year, lunar.leap)
    if not 1 <= lunar.day <= month.length:
        raise ValueError(f"lunar month {lunar.month} of {lunar.year} has no day {lunar.day}")
    return month.first_day + timedelta(days=lunar.day - 1)


def month_length(month: int, year: int, leap: bool = False) -> int:
    """Return the days of a lunar month, 29 or 30; ValueError where there is no such month.

    >>> month_length(12, 2024)
    29
    """
    return _find(month, year, leap).length


def year_name(year: int) -> str:
    """Return the can-chi name of a lunar year.

    >>> year_name(1968), year_name(2024)
    ('Mậu Thân', 'Giáp Thìn')
    """
    return f"{STEMS[(year + 6) % 10]} {BRANCHES[(year + 8) % 12]}"


def month_name(month: int, year: int) -> str:
    """Return the can-chi name of a lunar month (a leap month has that of the month before).

    >>> month_name(1, 2025)
    'Mậu Dần'
    """
    return f"{STEMS[(year * 12 + month + 3) % 10]} {BRANCHES[(month + 1) % 12]}"


def day_name(day: date) -> str:
    """Return the can-chi name of a solar day.

    >>> day_name(date(2025, 1, 29))
    'Mậu Tuất'
    """
    julian = day.toordinal() + _ORDINAL_TO_JULIAN
    return f"{STEMS[(julian + 9) % 10]} {BRANCHES[(julian + 1) % 12]}"


def named_year(name: str, near: int) -> int | None:
    """Return the year of a can-chi name that lies nearest to `near`; None for no such name.

    >>> named_year("Mậu Thân", near=1975), named_year("ất tị", near=2030)
    (1968, 2025)
    """
    parts = name.lower().split()
    if len(parts) != 2:
        return None
    stem, branch = _STEM_NUMBER.get(parts[0]), _BRANCH_NUMBER.get(parts[1])
    if stem is None or branch is None or (stem - branch) % 2:
        return None
    offset = next(i for i in range(60) if (i + 6) % 10 == stem and (i + 8) % 12 == branch)
    return near + (offset - near + 30) % 60 - 30


_STEM_NUMBER = {name.lower(): i for i, name in enumerate(STEMS)} | {"kỉ": 5, "quí": 9}
_BRANCH_NUMBER = {name.lower(): i for i, name in enumerate(BRANCHES)} | {
    "tí": 0,
    "mẹo": 3,
    "tị": 5,
    "vị": 7,
}
