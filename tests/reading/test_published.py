"""Dates of publication: every usual form, one local value, nothing invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.reading.published import LOCAL, dateline, published_at


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("Thứ tư, 10/9/2025, 16:30 (GMT+7)", "2025-09-10T16:30:00+07:00"),
        ("Thứ Năm, 02/01/2020 08:05", "2020-01-02T08:05:00+07:00"),
        ("Chủ nhật, ngày 2/3/2025 - 07:15", "2025-03-02T07:15:00+07:00"),
        ("16:30 10/09/2025", "2025-09-10T16:30:00+07:00"),
        ("16h30, 10.9.2025", "2025-09-10T16:30:00+07:00"),
        ("16 giờ 05 phút ngày 10 tháng 9 năm 2025", "2025-09-10T16:05:00+07:00"),
        ("10 Tháng Mười Hai, 2025", "2025-12-10"),
        ("Tháng Chín 10, 2025", "2025-09-10"),
        ("10-09-2025", "2025-09-10"),
        ("2025/9/1", "2025-09-01"),
        ("20250910", "2025-09-10"),
        ("20250910T163000Z", "2025-09-10T23:30:00+07:00"),
        ("2025-09-10", "2025-09-10"),
        ("2025-09-10 00:00:00", "2025-09-10"),
        ("2025-09-10T00:00:00+07:00", "2025-09-10T00:00:00+07:00"),
        ("2025-09-10T23:30:00Z", "2025-09-11T06:30:00+07:00"),
        ("2025-09-10T23:30:00.123-0400", "2025-09-11T10:30:00+07:00"),
        ("Wed, 10 Sep 2025 16:30:00 +0000", "2025-09-10T23:30:00+07:00"),
        ("September 10th, 2025 4:30 PM", "2025-09-10T16:30:00+07:00"),
        ("10/9/2025 4:30 CH", "2025-09-10T16:30:00+07:00"),
        ("10/9/2025 12:05 SA", "2025-09-10T00:05:00+07:00"),
        ("Cập nhật lúc 9h, 10/9/2025", "2025-09-10T09:00:00+07:00"),
        (1757493000, "2025-09-10T15:30:00+07:00"),
        (1757493000000, "2025-09-10T15:30:00+07:00"),
        ("1757493000", "2025-09-10T15:30:00+07:00"),
        (20250910, "2025-09-10"),
        (date(2025, 9, 10), "2025-09-10"),
        (datetime(2025, 9, 10, 8, tzinfo=UTC), "2025-09-10T15:00:00+07:00"),
        ("", None),
        ("  ", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_a_published_form_gives_its_local_value(given_value: object, expected: str | None) -> None:
    assert published_at(given_value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "hôm qua",
        "tháng 9/2025",
        "2025",
        "10/9",
        "10/9/25",
        "31/2/2025",
        "10/13/2025",
        "25:99 10/9/2025",
        "10/9/2025 và 11/9/2025",
        "giá 10/9/2025 đồng",
        "0001-01-01",
        "10/9/2025 EST",
        "9999-12-31T23:59:59Z",
        "10/9/2025 10:00 GMT+99",
        True,
        12,
        "12345678",
        [],
    ],
)
def test_what_is_no_full_date_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        published_at(value)


def test_pandas_timestamps_are_datetimes() -> None:
    import pandas as pd

    assert published_at(pd.Timestamp("2025-09-10 16:30")) == "2025-09-10T16:30:00+07:00"
    assert published_at(pd.NaT) is None


@given(
    st.datetimes(
        min_value=datetime.fromisoformat("1900-01-01"),
        max_value=datetime.fromisoformat("2099-01-01"),
    ),
    st.integers(-12, 14),
)
def test_a_zone_is_kept_in_mind(moment: datetime, hours: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    local = moment.astimezone(LOCAL).isoformat()
    sign = "-" if hours < 0 else "+"
    assert published_at(moment.isoformat()) == local
    assert published_at(f"{moment:%d/%m/%Y %H:%M:%S} (GMT{sign}{abs(hours)})") == local


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        value = published_at(text)
    except ValueError:
        return
    assert value is None or datetime.fromisoformat(value)


def test_a_dateline_is_a_whole_line_with_weekday_or_clock() -> None:
    assert dateline("Thứ tư, 10/9/2025, 16:30 (GMT+7)") == "2025-09-10T16:30:00+07:00"
    assert dateline("10:20 ngày 10/9/2025") == "2025-09-10T10:20:00+07:00"
    assert dateline("Thứ tư, 10/9/2025, ông An tới Huế") is None
    assert dateline("Hạn chót: 10/9/2025") is None
