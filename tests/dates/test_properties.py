"""Any date, in any form news writes it, comes back; any text is read without error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sukien import lunar
from sukien.dates import find_dates

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
WEEKDAYS = ["Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy"]
MONTHS = ["Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười một"]
MONTHS.append("Mười hai")

FULL_FORMS: list[Callable[[date], str]] = [
    lambda d: f"ngày {d.day}/{d.month}/{d.year}",
    lambda d: f"ngày {d.day:02d}/{d.month:02d}/{d.year}",
    lambda d: f"ngày {d.day}-{d.month}-{d.year}",
    lambda d: f"ngày {d.day}.{d.month}.{d.year}",
    lambda d: f"ngày {d.day} tháng {d.month} năm {d.year}",
    lambda d: f"Ngày {d.day:02d} tháng {d.month:02d} năm {d.year}",
    lambda d: f"ngày {d.day} tháng {MONTHS[d.month - 1].lower()} năm {d.year}",
    lambda d: f"ngày {d.day} tháng {d.month}/{d.year}",
    lambda d: f"ngày {d.day}/{d.month} năm {d.year}",
    lambda d: f"hôm {d.day}/{d.month}/{d.year}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d.day:02d}-{d.month:02d}-{d.year}",
    lambda d: d.isoformat(),
    lambda d: (
        f"{'Chủ nhật' if d.isoweekday() == 7 else 'thứ ' + WEEKDAYS[d.isoweekday() - 1]}"
        f", ngày {d.day}/{d.month}/{d.year}"
    ),
]


@given(
    DAYS, st.sampled_from(FULL_FORMS), st.sampled_from(["Họp {}.", "{}", "Vào {}, mưa to ({})."])
)
def test_a_full_date_comes_back(day: date, form: Callable[[date], str], frame: str) -> None:
    written = form(day)
    text = frame.replace("{}", written)
    found = find_dates(text)
    assert [t.text for t in found] == [written] * frame.count("{}")
    assert {t.value for t in found} == {day.isoformat()}
    assert all(t.begin == t.end == day.isoformat() for t in found)


@given(DAYS, st.integers(-120, 60))
def test_a_date_without_year_takes_the_nearest(today: date, shift: int) -> None:
    day = today + timedelta(days=shift)
    if (day.month, day.day) == (2, 29) or day.year > 2099:
        return
    found = find_dates(f"Hội mở ngày {day.day}/{day.month}.", reference=today)
    assert [t.value for t in found] == [day.isoformat()]


@given(
    DAYS,
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["{}h{:02d}", "{}:{:02d}", "{} giờ {} phút"]),
)
def test_a_clock_time_with_its_day_comes_back(day: date, h: int, mi: int, form: str) -> None:
    written = f"{form.format(h, mi)} ngày {day.day}/{day.month}/{day.year}"
    found = find_dates(f"Tàu chạy lúc {written}.")
    assert [(t.text, t.value) for t in found] == [(written, f"{day.isoformat()}T{h:02d}:{mi:02d}")]


@given(st.integers(1, 9999))
def test_years_come_back(year: int) -> None:
    if year < 100:
        assert [t.value for t in find_dates(f"năm {year} sau Công nguyên")] == [f"{year:04d}"]
    elif year < 1000 or 1000 <= year < 2200:
        assert [t.value for t in find_dates(f"năm {year}, vua mất.")] == [f"{year:04d}"]
    assert [t.value for t in find_dates(f"năm {year} TCN")] == [f"BC{year:04d}"]


@given(
    st.integers(2000, 2099),
    st.integers(1, 12),
    st.sampled_from(["tháng {m}/{y}", "tháng {m} năm {y}", "tháng {m}-{y}"]),
)
def test_months_come_back(y: int, m: int, form: str) -> None:
    written = form.format(m=m, y=y)
    assert [(t.text, t.value) for t in find_dates(f"Trong {written}.")] == [
        (written, f"{y}-{m:02d}")
    ]


@given(DAYS)
def test_lunar_days_come_back(day: date) -> None:
    there = lunar.to_lunar(day)
    leap = " nhuận" if there.leap else ""
    written = f"ngày {there.day} tháng {there.month}{leap} năm {lunar.year_name(there.year)}"
    reference = day + timedelta(days=200)
    found = find_dates(f"Lễ vào {written}.", reference=reference)
    assert [(t.text, t.value, t.calendar) for t in found] == [(written, day.isoformat(), "lunar")]


@given(DAYS, st.integers(1, 30))
def test_days_ago_and_ahead(today: date, n: int) -> None:
    for written, day in (
        (f"{n} ngày trước", today - timedelta(n)),
        (f"{n} ngày nữa", today + timedelta(n)),
    ):
        found = find_dates(f"{written}.", reference=today)
        assert [t.value for t in found] == [day.isoformat()]


@given(DAYS, st.integers(2, 27), st.integers(1, 3), st.sampled_from(["-", " đến ", " - ", "–"]))
def test_a_range_of_days_comes_back(day: date, first: int, length: int, sign: str) -> None:
    begin = day.replace(day=first)
    end = begin.replace(day=min(first + length, 28))
    if begin == end:
        return
    text = f"từ {begin.day}{sign}{end.day}/{end.month}/{end.year}"
    left, right = find_dates(text, reference=day)
    assert (left.value, right.value) == (begin.isoformat(), end.isoformat())
    assert left.range_key == right.range_key == 1
    assert (right.range_begin, right.range_end) == (begin.isoformat(), end.isoformat())


_WORDS = """ngày tháng năm 5 12/3 2024 - / : h giờ sáng tối qua nay tới từ đến thứ hai Tết mùng rằm
quý II cùng kỳ đầu cuối nửa 15h30 , . ( ) “ ” hôm trước sau đó tuần thế kỷ XX thập niên 90 mùa hè
lần mỗi hàng cứ cách đây nghìn 31/2 29/2 30/2/2023 0 13 24h 99 vài trăm rưỡi âm lịch GMT+7"""
_PIECES = st.sampled_from([*_WORDS.split(), "\n"])


@given(st.text(max_size=60))
def test_any_text_is_read_without_error(text: str) -> None:
    for t in find_dates(text, reference="2024-02-29"):
        assert text[t.char_start : t.char_end] == t.text


@given(
    st.lists(_PIECES, max_size=20),
    st.sampled_from([None, "2024-02-29", "0001-01-01", "9999-12-31"]),
)
@example(["hè", "trước"], "0001-01-01")
def test_any_heap_of_time_words_is_read_without_error(pieces: list[str], dct: str | None) -> None:
    text = " ".join(pieces)
    found = find_dates(text, reference=dct)
    places = [(t.char_start, t.char_end) for t in found]
    assert all(a[1] <= b[0] for a, b in pairwise(places))
    assert all(t.text == text[t.char_start : t.char_end] for t in found)


@pytest.mark.stress
@settings(max_examples=200_000, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(_PIECES, max_size=15).map(" ".join)))
def test_many_texts_are_read_without_error(text: str) -> None:
    find_dates(text, reference="2024-03-20")


@pytest.mark.parametrize(
    "piece", ["1,000,", "ngày 5 ", "từ 20 đến ", "năm 2020, ", "“hôm nay ", "1-", "5 và "]
)
def test_a_long_text_of_one_kind_is_read(piece: str) -> None:
    count = len(find_dates(piece * 2000, reference="2024-03-20"))
    assert abs(len(find_dates(piece * 4000, reference="2024-03-20")) - 2 * count) <= 2


@pytest.mark.parametrize("word", ["15h", "ngày 5", "thứ Hai", "nửa đầu"])
def test_a_long_run_of_spaces_is_read(word: str) -> None:
    find_dates(f"{word}{' ' * 100_000}x", reference="2024-03-20")
