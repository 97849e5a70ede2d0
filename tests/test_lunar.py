"""The Vietnamese lunar calendar against known days and against itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien import lunar
from sukien.lunar import LunarDate, to_lunar, to_solar


@pytest.mark.parametrize(
    "day",
    [
        date(1968, 1, 29),
        date(1975, 2, 11),
        date(1985, 1, 21),
        date(2000, 2, 5),
        date(2007, 2, 17),
        date(2024, 2, 10),
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2030, 2, 2),
        date(2053, 2, 18),
    ],
)
def test_tet_falls_on_the_vietnamese_day(day: date) -> None:
    assert to_lunar(day) == LunarDate(1, 1, day.year)


@pytest.mark.parametrize(
    ("year", "month"),
    [(1985, 2), (1987, 7), (2006, 7), (2014, 9), (2017, 6), (2020, 4), (2023, 2), (2025, 6)],
)
def test_leap_months(year: int, month: int) -> None:
    assert [m.month for m in lunar.months(year) if m.leap] == [month]


def test_1984_has_no_leap_month_though_the_chinese_year_has() -> None:
    assert len(lunar.months(1984)) == 12


def test_every_day_from_1968_to_2100_comes_back() -> None:
    day, previous = date(1968, 1, 1), to_lunar(date(1967, 12, 31))
    while day.year <= 2100:
        there = to_lunar(day)
        assert to_solar(there) == day
        assert there.day in (1, previous.day + 1)
        day, previous = day + timedelta(days=1), there


@given(st.integers(lunar.FIRST_YEAR, lunar.LAST_YEAR - 1))
def test_years_join_without_a_gap(year: int) -> None:
    table = lunar.months(year)
    assert len(table) in (12, 13)
    assert all(month.length in (29, 30) for month in table)
    assert table[-1].first_day + timedelta(table[-1].length) == lunar.months(year + 1)[0].first_day


@given(st.integers(1900, 2100))
def test_a_year_name_finds_its_year(year: int) -> None:
    assert lunar.named_year(lunar.year_name(year), near=year) == year
    assert lunar.named_year(lunar.year_name(year), near=year + 29) == year
    assert lunar.named_year(lunar.year_name(year), near=year - 29) == year


def test_names() -> None:
    assert lunar.year_name(1984) == "Giáp Tý"
    assert lunar.day_name(date(2000, 1, 1)) == "Mậu Ngọ"
    assert lunar.month_name(1, 2024) == "Bính Dần"
    assert lunar.named_year("Giáp Sửu", near=2000) is None
    assert lunar.named_year("Nguyễn Dần", near=2000) is None
    assert lunar.named_year("Dần", near=2000) is None


@pytest.mark.parametrize(
    "day", [LunarDate(30, 12, 2024), LunarDate(1, 5, 2025, leap=True), LunarDate(0, 1, 2025)]
)
def test_days_that_do_not_exist_are_refused(day: LunarDate) -> None:
    with pytest.raises(ValueError, match="has no"):
        to_solar(day)


@pytest.mark.parametrize("year", [lunar.FIRST_YEAR - 1, lunar.LAST_YEAR + 1])
def test_years_beyond_the_series_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        lunar.months(year)
