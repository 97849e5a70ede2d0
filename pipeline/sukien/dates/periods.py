"""Calendar periods: their TIMEX3 value, first and last day, granularity and EDTF form.

Values follow ISO-TimeML (Pustejovsky et al. 2010); EDTF is that of ISO 8601-2:2019 (Library of
Congress), with seasons 21-24, quarters 33-36 and halves 40-41.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from sukien import lunar

__all__ = [
    "UNKNOWN_DAY",
    "Period",
    "add_months",
    "before_christ",
    "century",
    "day",
    "decade",
    "fiscal",
    "half",
    "lunar_month",
    "lunar_year",
    "month",
    "quarter",
    "ref",
    "season",
    "shift_years",
    "week",
    "weekend",
    "year",
]

_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}


def _common_era(day: str | None) -> date | None:
    if day is None or day.startswith(("-", "0000")):
        return None
    return date.fromisoformat(day)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the calendar; `begin` and `end` are inclusive days, None where unknown."""

    value: str
    granularity: str | None = None
    begin: str | None = None
    end: str | None = None
    edtf: str | None = None

    @property
    def first(self) -> date | None:
        """The first day as a date; None where unknown or before year 1."""
        return _common_era(self.begin)

    @property
    def last(self) -> date | None:
        """The last day as a date; None where unknown or before year 1."""
        return _common_era(self.end)


UNKNOWN_DAY = Period("XXXX-XX-XX", "day")


def _span(value: str, kind: str, begin: date, end: date, edtf: str | None = None) -> Period:
    return Period(value, kind, begin.isoformat(), end.isoformat(), edtf or value)


def day(when: date) -> Period:
    """One day.

    >>> day(date(2024, 3, 19)).value
    '2024-03-19'
    """
    text = when.isoformat()
    return Period(text, "day", text, text, text)


def week(when: date) -> Period:
    """The ISO week that holds a day.

    >>> week(date(2024, 3, 20)).value, week(date(2024, 3, 20)).begin
    ('2024-W12', '2024-03-18')
    """
    iso = when.isocalendar()
    monday = when - timedelta(days=iso.weekday - 1)
    sunday = monday + timedelta(days=6)
    interval = f"{monday.isoformat()}/{sunday.isoformat()}"
    return _span(f"{iso.year:04d}-W{iso.week:02d}", "week", monday, sunday, interval)


def weekend(when: date) -> Period:
    """Saturday and Sunday of the ISO week that holds a day.

    >>> weekend(date(2024, 3, 20)).value
    '2024-W12-WE'
    """
    whole = week(when)
    saturday = when + timedelta(days=6 - when.isoweekday())
    sunday = saturday + timedelta(days=1)
    interval = f"{saturday.isoformat()}/{sunday.isoformat()}"
    return _span(f"{whole.value}-WE", "weekend", saturday, sunday, interval)


def month(y: int | None, m: int) -> Period:
    """A month; of an unknown year where `y` is None.

    >>> month(2024, 2).end, month(None, 4).value
    ('2024-02-29', 'XXXX-04')
    """
    if y is None:
        return Period(f"XXXX-{m:02d}", "month", edtf=f"XXXX-{m:02d}")
    return _span(f"{y:04d}-{m:02d}", "month", date(y, m, 1), date(y, m, monthrange(y, m)[1]))


def quarter(y: int | None, q: int) -> Period:
    """A quarter of a year.

    >>> quarter(2024, 2).begin, quarter(2024, 2).edtf
    ('2024-04-01', '2024-34')
    """
    if y is None:
        return Period(f"XXXX-Q{q}", "quarter", edtf=f"XXXX-{32 + q}")
    last = 3 * q
    end = date(y, last, monthrange(y, last)[1])
    return _span(f"{y:04d}-Q{q}", "quarter", date(y, last - 2, 1), end, f"{y:04d}-{32 + q}")


def half(y: int | None, h: int) -> Period:
    """A half of a year.

    >>> half(2024, 2).value
    '2024-H2'
    """
    if y is None:
        return Period(f"XXXX-H{h}", "half", edtf=f"XXXX-{39 + h}")
    begin, end = (date(y, 1, 1), date(y, 6, 30)) if h == 1 else (date(y, 7, 1), date(y, 12, 31))
    return _span(f"{y:04d}-H{h}", "half", begin, end, f"{y:04d}-{39 + h}")


def year(y: int | None) -> Period:
    """A year; one that no calendar of ours reaches is unknown.

    >>> year(938).value, year(None).value
    ('0938', 'XXXX')
    """
    if y is None or not MINYEAR <= y <= MAXYEAR:
        return Period("XXXX", "year", edtf="XXXX")
    return _span(f"{y:04d}", "year", date(y, 1, 1), date(y, 12, 31))


def before_christ(y: int) -> Period:
    """A year before the common era; 1 BC is the astronomical year 0.

    >>> before_christ(111).value, before_christ(111).begin
    ('BC0111', '-0110-01-01')
    """
    name = f"-{y - 1:04d}" if y > 1 else "0000"
    return Period(f"BC{y:04d}", "year", f"{name}-01-01", f"{name}-12-31", name)


def decade(tens: int) -> Period:
    """A decade by its first three digits.

    >>> decade(199).begin, decade(199).edtf
    ('1990-01-01', '199X')
    """
    begin, end = date(max(tens * 10, 1), 1, 1), date(tens * 10 + 9, 12, 31)
    return _span(f"{tens:03d}", "decade", begin, end, f"{tens:03d}X")


def century(number: int) -> Period:
    """A century by its number; its value is the first two digits of its years.

    >>> century(20).value, century(20).begin, century(20).end
    ('19', '1901-01-01', '2000-12-31')
    """
    hundreds = number - 1
    begin, end = date(hundreds * 100 + 1, 1, 1), date(number * 100, 12, 31)
    return _span(f"{hundreds:02d}", "century", begin, end, f"{hundreds:02d}XX")


def season(y: int | None, code: str) -> Period:
    """A season, SP, SU, FA or WI; its days are left open, for no source fixes them.

    >>> season(1945, "FA").edtf
    '1945-23'
    """
    name = "XXXX" if y is None else f"{y:04d}"
    return Period(f"{name}-{code}", "season", edtf=f"{name}-{_SEASONS[code]}")


def fiscal(y: int) -> Period:
    """A fiscal year; where it begins is the company's affair.

    >>> fiscal(2024).value
    'FY2024'
    """
    return Period(f"FY{y:04d}", "year", edtf=f"{y:04d}")


def lunar_month(y: int, m: int, leap: bool = False) -> Period | None:
    """The solar days of a lunar month; None where the year has no such month.

    >>> lunar_month(2024, 1).value
    '2024-02-10/2024-03-09'
    """
    try:
        begin = lunar.to_solar(lunar.LunarDate(1, m, y, leap))
        end = begin + timedelta(days=lunar.month_length(m, y, leap) - 1)
    except ValueError:
        return None
    return _span(f"{begin.isoformat()}/{end.isoformat()}", "month", begin, end)


def lunar_year(y: int) -> Period:
    """A lunar year, named by the solar year it begins in.

    >>> lunar_year(2025).value, lunar_year(2025).begin
    ('2025', '2025-01-29')
    """
    try:
        table = lunar.months(y)
    except ValueError:
        return year(y)
    end = table[-1].first_day + timedelta(days=table[-1].length - 1)
    return _span(f"{y:04d}", "year", table[0].first_day, end)


def ref(value: str) -> Period:
    """A vague reference: PAST_REF, PRESENT_REF or FUTURE_REF."""
    return Period(value)


def add_months(when: date, count: int) -> date:
    """Move a day by months, to the last day of a shorter month.

    >>> add_months(date(2024, 3, 31), -1)
    datetime.date(2024, 2, 29)
    """
    index = when.year * 12 + when.month - 1 + count
    y, m = divmod(index, 12)
    return date(y, m + 1, min(when.day, monthrange(y, m + 1)[1]))


def shift_years(period: Period, count: int) -> Period | None:
    """Return the same period of another year (`2024-Q1` to `2023-Q1`), None where there is none.

    >>> shift_years(quarter(2024, 1), -1).value
    '2023-Q1'
    """
    first, last = period.first, period.last
    if first is None or last is None:
        return None
    y = first.year + count
    match period.granularity:
        case "quarter":
            return quarter(y, first.month // 3 + 1)
        case "half":
            return half(y, 1 if first.month == 1 else 2)
        case "month" if (first.year, first.month) == (last.year, last.month):
            return month(y, first.month)
        case "year":
            return year(y)
        case _:
            begin, end = add_months(first, 12 * count), add_months(last, 12 * count)
            if period.granularity == "day":
                return day(begin)
            # From January to the end of a month: keep the end at the end of its month.
            if (last + timedelta(days=1)).day == 1:
                end = end.replace(day=monthrange(end.year, end.month)[1])
            interval = f"{begin.isoformat()}/{end.isoformat()}"
            value = period.value if period.value.startswith("P") else interval
            return Period(value, period.granularity, begin.isoformat(), end.isoformat(), interval)
