"""What values hang on: the reference, a dateline, the text, a quote, tense, a preference."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from sukien.dates import Timex, find_dates
from sukien.language.shadow import Shadow


def values(text: str, reference: str | None = "2024-03-20") -> list[str]:
    return [t.value for t in find_dates(text, reference=reference)]


def only(text: str, reference: str | None = "2024-03-20") -> Timex:
    (timex,) = find_dates(text, reference=reference)
    return timex


def test_without_a_reference_deictics_stay_open() -> None:
    assert values("Hôm qua, chiều nay, tuần trước, tháng tới.", None) == [
        "XXXX-XX-XX",
        "XXXX-XX-XXTAF",
        "XXXX-WXX",
        "XXXX-XX",
    ]
    assert values("Họp ngày 5/3.", None) == ["XXXX-03-05"]
    assert only("Họp ngày 5/3.", None).begin is None


def test_a_dateline_serves_where_there_is_no_reference() -> None:
    found = find_dates("Thứ Tư, 20/3/2024, 08:15 (GMT+7)\nHôm qua, trời mưa.")
    assert [(t.value, t.anchor) for t in found][1] == ("2024-03-19", "dateline")


def test_the_date_told_last_serves_where_there_is_neither() -> None:
    found = find_dates("Ông đến ngày 5/3/2020. Hôm qua, ông đi.")
    assert [(t.value, t.anchor) for t in found] == [
        ("2020-03-05", "none"),
        ("2020-03-04", "context"),
    ]


def test_a_published_reference_is_named_as_anchor() -> None:
    assert only("Hôm qua mưa.").anchor == "published"


def test_a_quote_counts_from_its_own_day() -> None:
    found = find_dates(
        "Ngày 5/3, ông nói: “Hôm nay chúng tôi ký”. Hôm qua, ông vắng.", reference="2024-03-20"
    )
    assert [(t.value, t.anchor) for t in found][1:] == [
        ("2024-03-05", "quote"),
        ("2024-03-19", "published"),
    ]


@pytest.mark.parametrize(
    ("text", "reference", "value"),
    [
        ("Cháy ngày 30/12.", "2024-01-03", "2023-12-30"),
        ("Lễ sẽ mở ngày 3/1.", "2023-12-30", "2024-01-03"),
        ("Cháy ngày 3/1.", "2023-12-30", "2024-01-03"),
        ("Ông mất ngày 15/10.", "2024-03-20", "2023-10-15"),
        ("Giải sẽ mở ngày 15/10.", "2024-03-20", "2024-10-15"),
        ("Lãi tháng 12 tăng.", "2024-01-10", "2023-12"),
        ("Ông nói hôm thứ Sáu.", "2024-03-20", "2024-03-15"),
        ("Đội sẽ đến vào thứ Sáu.", "2024-03-20", "2024-03-22"),
        ("Trước ngày 1/5, phải xong.", "2024-03-20", "2024-05-01"),
    ],
)
def test_the_year_left_out_follows_tense_and_distance(
    text: str, reference: str, value: str
) -> None:
    assert values(text, reference) == [value]


def test_a_preference_settles_it() -> None:
    past = find_dates("thứ Hai", reference="2024-03-20", prefer="past")
    future = find_dates("thứ Hai", reference="2024-03-20", prefer="future")
    assert (past[0].value, future[0].value) == ("2024-03-18", "2024-03-25")
    ahead = find_dates("3 giờ", reference="2024-03-20T10:00", prefer="future")
    assert [t.value for t in ahead] == ["PT3H"]


def test_references_of_several_kinds_are_read() -> None:
    for reference in (date(2024, 3, 20), datetime(2024, 3, 20, 15), "2024-03-20T15:00:00+07:00"):  # noqa: DTZ001
        assert find_dates("hôm qua", reference=reference)[0].value == "2024-03-19"
    assert find_dates("hôm qua", reference="no date")[0].value == "XXXX-XX-XX"


def test_an_hour_takes_the_day_told_last_but_not_amid_habits() -> None:
    assert values("Ngày 18/3, tàu đến. Lúc 15h, tàu đi.")[1] == "2024-03-18T15:00"
    assert values("Ngày 18/3, mở tuyến. Hàng ngày, tàu rời bến lúc 9h.")[2] == "XXXX-XX-XXT09:00"


def test_a_shadow_is_taken_as_it_is() -> None:
    assert find_dates(Shadow("Hôm qua"), reference="2024-03-20")[0].value == "2024-03-19"


def test_a_year_inside_a_name_is_no_date() -> None:
    text = "Đội dự giải Cúp Mùa xuân 2022 trong 2023."
    start = text.index("Cúp")
    names = [(start, start + len("Cúp Mùa xuân 2022"))]
    assert [t.text for t in find_dates(text, names=names)] == ["2023"]


def test_edges_of_months_are_thirds_and_of_years_the_year() -> None:
    assert (only("cuối tháng 2").begin, only("cuối tháng 2").end) == ("2024-02-21", "2024-02-29")
    assert (only("đầu năm 2023").begin, only("đầu năm 2023").end) == ("2023-01-01", "2023-12-31")
    assert only("giữa tháng 2").mod == "MID"


def test_before_and_after_leave_one_side_open() -> None:
    before, after = only("trước ngày 1/5/2023"), only("sau năm 2020")
    assert (before.mod, before.begin, before.end) == ("BEFORE", None, "2023-04-30")
    assert (after.mod, after.begin, after.end) == ("AFTER", "2021-01-01", None)


def test_windows_end_or_begin_at_the_reference() -> None:
    past, ahead = only("3 tháng qua"), only("5 ngày tới")
    assert (past.begin, past.end) == ("2023-12-20", "2024-03-20")
    assert (ahead.begin, ahead.end) == ("2024-03-21", "2024-03-25")


def test_edtf_forms() -> None:
    assert only("thập niên 90").edtf == "199X"
    assert only("mùa thu năm 1945").edtf == "1945-23"
    assert only("quý II/2024").edtf == "2024-34"
    assert only("khoảng năm 2010").edtf == "2010~"
    assert only("9 tháng đầu năm 2024").edtf == "2024-01/2024-09"


def test_ranges_share_a_key_and_the_whole_interval() -> None:
    left, right = find_dates("Cấm xe từ 20h ngày 29/4 đến 6h ngày 30/4.", reference="2024-04-28")
    assert left.range_key == right.range_key
    assert (left.range_begin, left.range_end) == ("2024-04-29T20:00", "2024-04-30T06:00")


def test_a_season_over_two_years_is_not_the_two_years() -> None:
    left, right = find_dates("Vụ đông xuân 2023-2024 được mùa.")
    assert left.range_key == right.range_key == 1
    assert left.range_begin is None


def test_sets_carry_quant_and_freq() -> None:
    timex = only("hai năm một lần")
    assert (timex.type, timex.value, timex.quant, timex.freq) == ("SET", "P2Y", "EVERY", "1X")


def test_other_zones_move_the_local_day() -> None:
    timex = only("21h GMT ngày 18/3")
    assert (timex.value, timex.begin) == ("2024-03-18T21:00Z", "2024-03-19")


def test_from_today_and_until_today_are_the_day_itself() -> None:
    left, right = find_dates("Áp dụng từ nay đến hết 31/3.", reference="2024-03-20")
    assert (left.value, left.begin, left.end) == ("PRESENT_REF", "2024-03-20", "2024-03-20")
    assert (right.range_begin, right.range_end) == ("2024-03-20", "2024-03-31")
    assert only("Cầu cũ nay không còn.").begin is None


def test_the_middle_and_the_end_of_a_part_of_the_day_are_marked() -> None:
    assert only("giữa buổi chiều 10/3").mod == "MID"
    assert only("cuối buổi sáng 10/3").mod == "END"
    assert only("Xe chạy từ sáng sớm.").mod == "START"


def test_a_clock_time_of_no_day_leans_on_the_publication_and_says_so() -> None:
    timex = only("Đúng 7h, cổng mở.")
    assert (timex.value, timex.anchor) == ("2024-03-20T07:00", "published")
    assert only("Đúng 7h, cổng mở.", None).value == "XXXX-XX-XXT07:00"


def test_an_hour_still_to_come_is_that_of_the_day_before() -> None:
    found = find_dates(
        "Cháy tối 19/3, dập tắt sáng nay.\nXe tới lúc 22h15.", reference="2024-03-20T09:00"
    )
    assert found[-1].value == "2024-03-19T22:15"
