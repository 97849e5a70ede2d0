"""Words of the calendar and their numbers."""

from __future__ import annotations

from functools import lru_cache

from sukien.language.numerals import parse

__all__ = ["MONTHS", "SEASONS", "WEEKDAYS", "number_of", "roman"]

MONTHS = {"giêng": 1, "tư": 4, "chạp": 12}
WEEKDAYS = {
    "hai": 1,
    "ba": 2,
    "tư": 3,
    "năm": 4,
    "sáu": 5,
    "bảy": 6,
    "bẩy": 6,
    "2": 1,
    "3": 2,
    "4": 3,
    "5": 4,
    "6": 5,
    "7": 6,
    "cn": 7,
    "chủ nhật": 7,
    "chúa nhật": 7,
}
SEASONS = {"xuân": "SP", "hè": "SU", "hạ": "SU", "thu": "FA", "đông": "WI"}
_ROMAN = {"i": 1, "v": 5, "x": 10}


@lru_cache(maxsize=4096)
def number_of(text: str | None) -> int | None:
    """Read a day, month or year in digits or words; None where it is no whole number.

    >>> number_of("07"), number_of("giêng"), number_of("một nghìn chín trăm bốn mươi lăm")
    (7, 1, 1945)
    """
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    if text in MONTHS:
        return MONTHS[text]
    value = parse(text)
    return value if isinstance(value, int) else None


def roman(text: str) -> int | None:
    """Read a number in Roman or Arabic digits.

    >>> roman("xx"), roman("iv"), roman("21")
    (20, 4, 21)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    values = [_ROMAN.get(letter, 0) for letter in text]
    if not values or 0 in values:
        return None
    following = [*values[1:], 0]
    return sum(-v if v < w else v for v, w in zip(values, following, strict=True))
