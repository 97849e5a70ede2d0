"""Lengths of time: their ISO 8601 form, and what a day moved by one is."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from sukien.dates import periods
from sukien.dates.periods import Period
from sukien.language.numerals import parse

__all__ = ["Length", "length_period", "moved_by"]

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
        if digits := slots.get("cs"):  # `9 phút 52 giây 44` on a stopwatch
            part = Fraction(int(digits), 10 ** len(digits))
            if self.extra:
                self.extra[-1] = (self.extra[-1][0] + part, self.extra[-1][1])
            elif self.low is not None:
                self.low += part
                self.high = self.low

    def value(self) -> str:
        """TIMEX3 value; the upper end of a range, X for a vague number."""
        letter, clock, factor = self.unit
        if self.high is None:
            vague = self.vague or ""
            if "chục" in vague and not clock and factor == 1:
                letter = _TENFOLD.get(letter, letter)
            return f"PTX{letter}" if clock else f"PX{letter}"
        return _iso(self.high, self.unit, self.extra)

    @property
    def grain(self) -> str:
        """The unit as a granularity."""
        letter, clock, _ = self.unit
        if clock:
            return {"H": "hour", "M": "minute", "S": "second"}[letter]
        names = {"D": "day", "NI": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}
        return names.get(letter, "decade" if letter == "DE" else "century")

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


def moved_by(base: date, length: Length, sign: int) -> date | None:
    """A day moved by a length; None outside the calendar."""
    try:
        months = length.months()
        if months is not None:
            return periods.add_months(base, sign * int(months))
        days = length.days()
        return base + timedelta(days=sign * int(days)) if days is not None else base
    except (ValueError, OverflowError):
        return None


def length_period(when: date, length: Length, fraction: bool) -> Period:
    """The period of the length's own grain that holds a day."""
    letter, clock, _ = length.unit
    if clock or letter in {"D", "NI"}:
        return periods.day(when)
    if letter == "W":
        return periods.week(when)
    if letter == "Q":
        return periods.quarter(when.year, (when.month + 2) // 3)
    if letter == "M" or fraction or length.extra:
        return periods.month(when.year, when.month)
    if letter == "DE":
        return periods.decade(when.year // 10)
    if letter == "CE":
        return periods.century((when.year - 1) // 100 + 1)
    return periods.year(when.year)
