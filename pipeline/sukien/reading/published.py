"""When an article was published: one value in any usual form, to a local ISO date or time.

The result is a day (`2025-09-10`) or a time in Việt Nam (`2025-09-10T16:30:00+07:00`). A zone
that the value names is kept in mind and turned into Asia/Ho_Chi_Minh; a value without one is
local. Nothing is filled in: no time for a day, no day for a month, and never today's date.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

__all__ = ["LOCAL", "dateline", "published_at"]

# Việt Nam has kept UTC+7 without summer time since 1975.
LOCAL = timezone(timedelta(hours=7), "ICT")
# The first newspaper in quốc ngữ, Gia Định báo, appeared in 1865.
_FIRST_YEAR, _LAST_YEAR = 1865, 2100

_MONTHS = (
    ("một", "giêng", "jan", "january"),
    ("hai", "feb", "february"),
    ("ba", "mar", "march"),
    ("tư", "bốn", "apr", "april"),
    ("năm", "may"),
    ("sáu", "jun", "june"),
    ("bảy", "bẩy", "jul", "july"),
    ("tám", "aug", "august"),
    ("chín", "sep", "sept", "september"),
    ("mười", "oct", "october"),
    ("mười một", "nov", "november"),
    ("mười hai", "chạp", "dec", "december"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_ENGLISH = {name for name in _MONTH if name.isascii() and name not in ("hai", "ba")}
_VI = "|".join(sorted(_MONTH.keys() - _ENGLISH, reverse=True))
_EN = "|".join(sorted(_ENGLISH, reverse=True))
_NOT_IN_NUMBER = r"(?<![\d.,/:])"

_DATES = tuple(
    re.compile(_NOT_IN_NUMBER + pattern)
    for pattern in (
        r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d|[-/.]\d)",
        r"(?P<d>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<m>\d{1,2})\s?(?P=sep)\s?(?P<y>\d{4})(?!\d|[-/.]\d)",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
        rf"(?P<d>\d{{1,2}})[\s,]+(?:tháng|thg|th)\.?\s*(?P<m>\d{{1,2}}|{_VI})(?:,|\s|năm)+(?P<y>\d{{4}})(?!\d)",
        rf"(?:tháng|thg|th)\.?\s*(?P<m>\d{{1,2}}|{_VI})\s+(?P<d>\d{{1,2}})(?:,|\s|năm)+(?P<y>\d{{4}})(?!\d)",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<m>{_EN})\b\.?[\s,-]+(?P<y>\d{{4}})(?!\d)",
        rf"\b(?P<m>{_EN})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)",
        rf"(?P<y>\d{{4}})[\s-]+(?P<m>{_EN})\b\.?[\s-]+(?P<d>\d{{1,2}})(?!\d)",
    )
)
_HALF = r"(?:\s*(?P<half>am|pm|a\.m\.|p\.m\.|sa|ch|sáng|trưa|chiều|tối|đêm)(?!\w))?"
_TIMES = (
    re.compile(
        r"(?<![\d:])(?P<h>\d{1,2})\s?(?::|h|g|giờ)\s?(?P<min>\d{2})(?:\s?(?::|m|'|phút)\s?(?P<s>\d{2})"
        r"(?:[.,]\d+)?)?(?:\s?phút)?(?![\d:])" + _HALF
    ),
    re.compile(r"(?<![\d:])(?P<h>\d{1,2})\s?(?:h|giờ)(?!\w)" + _HALF),
    re.compile(r"(?<=t)(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)(?:[.,]\d+)?(?!\d)" + _HALF),
)
_ZONE = re.compile(
    r"(?:\b(?:gmt|utc)\s*)?(?P<sign>[+-])\s?(?P<h>\d{1,2})(?::?(?P<min>\d\d))?(?!\d)"
    r"|(?<![^\W\d])(?P<utc>z|gmt|utc)\b|\b(?P<local>ict|giờ (?:việt nam|hà nội))\b"
)
# Words that stand around a date without changing it.
_FILLER = re.compile(
    r"\b(?:(?:thứ|t)\s?(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|cn"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|ngày|năm|lúc|vào|hồi|at|on|published|posted|updated"
    r"|(?:ngày )?(?:cập nhật|xuất bản|đăng(?: tải| lúc)?|phát hành))\b"
)
_BETWEEN = re.compile(r"[\s,;:|()\[\]•·–—-]+")
_FAST = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")


def published_at(value: object) -> str | None:
    """Turn a publication date into local ISO form; None for an empty value.

    A clock of exactly midnight without a zone is what tables make of a bare day, so it is read
    as the day. Numbers are Unix times in seconds or milliseconds.

    Raises:
        ValueError: the value is no full date, or no possible one.

    >>> published_at("Thứ tư, 10/9/2025, 16:30 (GMT+7)")
    '2025-09-10T16:30:00+07:00'
    >>> published_at("2021-03-01T23:30:00Z")
    '2021-03-02T06:30:00+07:00'
    >>> published_at("10 tháng Chín, 2025"), published_at(""), published_at("20250910")
    ('2025-09-10', None, '2025-09-10')
    >>> published_at("tháng 9/2025")
    Traceback (most recent call last):
    ...
    ValueError: 'tháng 9/2025' is no full date (day, month and year)
    """
    if value is None or value != value:  # NaN and NaT differ from themselves
        return None
    if isinstance(value, datetime):
        return _local(value)
    if isinstance(value, date):
        return _day(value.year, value.month, value.day, value).isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    text = str(value).strip()
    if not text:
        return None
    if _FAST.fullmatch(text):
        try:
            return _local(datetime.fromisoformat(text), bare=len(text) == 10)
        except ValueError:
            raise ValueError(f"{text!r} is no possible date") from None
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return _from_number(int(text))
    return _from_words(text)


def dateline(line: str) -> str | None:
    """Read a line that is a date with its day of the week or clock and nothing else, else None.

    >>> dateline("Chủ nhật, 2/3/2025, 07:15 (GMT+7)")
    '2025-03-02T07:15:00+07:00'
    >>> dateline("Hà Nội, ngày 2/3/2025 trời mưa") is dateline("2/3/2025") is None
    True
    """
    if not 16 <= len(line) <= 80 or not any(map(str.isdigit, line)):
        return None
    lowered = unicodedata.normalize("NFC", line).lower()
    weekday = re.search(r"\b(?:thứ|chủ nhật|cn)\b", lowered)
    if not weekday and not any(pattern.search(lowered) for pattern in _TIMES[:2]):
        return None
    try:
        return _from_words(line.strip())
    except ValueError:
        return None


def _day(year: int, month: int, day: int, shown: object) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"{str(shown)!r}: the year {year} is no year of publication")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{str(shown)!r} is no possible date") from None


def _local(moment: datetime, *, bare: bool = False) -> str:
    day = _day(moment.year, moment.month, moment.day, moment.isoformat())
    if moment.tzinfo is None:
        if bare or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return day.isoformat()
        moment = moment.replace(tzinfo=LOCAL)
    return moment.astimezone(LOCAL).isoformat(timespec="seconds")


def _from_number(value: float) -> str:
    if isinstance(value, int) and 18650101 <= value <= 21001231:
        return _from_words(str(value))
    seconds = value / 1000 if abs(value) >= 1e11 else value
    # Below 1973 a number is far more likely a count or an identifier than a time.
    if not 1e8 <= seconds <= 4.2e9:
        raise ValueError(f"{value!r} is no full date (day, month and year)")
    return _local(datetime.fromtimestamp(seconds, UTC))


def _from_words(shown: str) -> str:
    rest = unicodedata.normalize("NFC", shown).lower()
    found = next((match for pattern in _DATES if (match := pattern.search(rest))), None)
    if found is None:
        raise ValueError(f"{shown!r} is no full date (day, month and year)")
    month = _MONTH.get(found["m"]) or int(found["m"])
    day = _day(int(found["y"]), month, int(found["d"]), shown)
    rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    clock = next((match for pattern in _TIMES if (match := pattern.search(rest))), None)
    hour = minute = second = 0
    if clock is not None:
        hour, minute, second = (int(clock.groupdict().get(k) or 0) for k in ("h", "min", "s"))
        half = clock["half"]
        if half in ("pm", "p.m.", "ch", "chiều", "tối") and hour < 12:
            hour += 12
        elif half in ("am", "a.m.", "sa", "sáng", "đêm") and hour == 12:
            hour = 0
        before = rest[: clock.start()]
        rest = f"{before.removesuffix('t')} {rest[clock.end() :]}"
    zone = _ZONE.search(rest)
    if zone is not None:
        rest = f"{rest[: zone.start()]} {rest[zone.end() :]}"
    if _BETWEEN.sub("", _FILLER.sub(" ", rest)):
        raise ValueError(f"{shown!r} is no full date (day, month and year)")
    if clock is None:
        return day.isoformat()
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"{shown!r}: there is no such time of day")
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(zone, shown))
    if zone is None:
        moment = moment.replace(tzinfo=None)
    return _local(moment)


def _zone(match: re.Match[str] | None, shown: str) -> timezone:
    if match is None or match["local"]:
        return LOCAL
    if match["utc"]:
        return UTC
    offset = timedelta(hours=int(match["h"]), minutes=int(match["min"] or 0))
    if offset > timedelta(hours=14):
        raise ValueError(f"{shown!r}: there is no such time zone")
    return timezone(-offset if match["sign"] == "-" else offset)
