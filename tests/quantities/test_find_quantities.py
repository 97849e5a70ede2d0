"""Quantities: what is one, what is none, its value, unit, range and modifier."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.language.shadow import Shadow
from sukien.quantities import Quantity, find_quantities
from sukien.quantities.lexicon import lexicon

Row = tuple[str, str, float, float | None, str | None, str | None]


def rows(text: str) -> list[Row]:
    return [(q.text, q.kind, q.value, q.value_max, q.unit, q.mod) for q in find_quantities(text)]


def one(text: str) -> Quantity:
    (found,) = find_quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("4,8 tỷ đồng", 4.8e9, "VND"),
        ("1.234.500 đồng", 1_234_500, "VND"),
        ("430 triệu USD", 4.3e8, "USD"),
        ("hai mươi lăm nghìn tỷ đồng", 2.5e13, "VND"),
        ("3 triệu rưỡi đồng", 3_500_000, "VND"),
        ("nửa triệu đô la", 500_000, "USD"),
        ("500.000đ", 500_000, "VND"),
        ("20K đồng", 20_000, "VND"),
        ("15tr đồng", 15_000_000, "VND"),
        ("$2.5bn", 2.5e9, "USD"),
        ("US$ 300 triệu", 3e8, "USD"),
        ("USD 23,000", 23_000, "USD"),
        ("€40", 40, "EUR"),
        ("12 tỷ bảng", 1.2e10, "GBP"),
        ("7 bảng Anh", 7, "GBP"),
        ("1.000 yên", 1000, "JPY"),
        ("200 triệu nhân dân tệ", 2e8, "CNY"),
        ("50 tỷ won", 5e10, "KRW"),
        ("99 baht", 99, "THB"),
        ("1,2 tỷ đô la Úc", 1.2e9, "AUD"),
        ("3 triệu đô la Singapore", 3e6, "SGD"),
        ("40 xu Mỹ", 0.4, "USD"),
        ("5 đô la và 20 xu", 5.2, "USD"),
        ("2 tỷ 300 triệu đồng", 2.3e9, "VND"),
        ("62 triệu đồng/lượng", 62e6, "VND/lượng"),
        ("70 USD/thùng", 70, "USD/thùng"),
        ("9 triệu đồng mỗi tháng", 9e6, "VND/tháng"),
        ("2.000 USD/người/năm", 2000, "USD/người/năm"),
    ],
)
def test_money(text: str, value: float, unit: str) -> None:
    found = one(f"Họ trả {text}.")
    assert (found.kind, found.text, found.value, found.unit) == ("money", text, value, unit)


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("3,5%", "percent", 3.5, "%"),
        ("12 phần trăm", "percent", 12, "%"),
        ("1,2 điểm phần trăm", "percent", 1.2, "điểm %"),
        ("6%/năm", "percent", 6, "%/năm"),
        ("35 km", "measure", 35, "km"),
        ("120km/h", "measure", 120, "km/h"),
        ("60 m2", "measure", 60, "m²"),
        ("1.500 tấn", "measure", 1500, "t"),
        ("-5 độ C", "measure", -5, "°C"),
        ("âm 5 độ C", "measure", -5, "°C"),
        ("6,1 độ Richter", "measure", 6.1, "độ Richter"),
        ("1m72", "measure", 1.72, "m"),
        ("2 mét rưỡi", "measure", 2.5, "m"),
        ("nửa lít", "measure", 0.5, "l"),
        ("12 MP", "measure", 12, "MP"),
        ("300 Nm", "measure", 300, "N·m"),
        ("5 nm", "measure", 5, "nm"),
        ("15 tấn/ha", "measure", 15, "t/ha"),
        ("ba người", "count", 3, "người"),
        ("1.234 học sinh", "count", 1234, "học sinh"),
        ("hai chiếc ô tô", "count", 2, "ô tô"),
        ("4 nam thanh niên", "count", 4, "thanh niên"),
        ("02 đối tượng", "count", 2, "đối tượng"),
        ("6 lần/ngày", "count", 6, "lần/ngày"),
        ("một trăm linh năm hộ dân", "count", 105, "hộ dân"),
        ("5 triệu lượt khách", "count", 5e6, "lượt khách"),
        ("19,5 triệu", "count", 19.5e6, None),
        ("35 tuổi", "age", 35, "năm"),
        ("18 tháng tuổi", "age", 18, "tháng"),
        ("thứ nhất", "ordinal", 1, None),
        ("thứ XIII", "ordinal", 13, None),
        ("thứ 20", "ordinal", 20, None),
        ("đầu tiên", "ordinal", 1, None),
    ],
)
def test_other_kinds(text: str, kind: str, value: float, unit: str | None) -> None:
    found = one(f"Đó là {text}, theo ông An.")
    assert (found.text, found.kind, found.value, found.unit) == (text, kind, value, unit)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("10 đến 15 triệu đồng", 10e6, 15e6, "VND"),
        ("10-15tr đồng", 10e6, 15e6, "VND"),
        ("800 - 1,2 tỷ đồng", 8e8, 1.2e9, "VND"),
        ("3-4%", 3, 4, "%"),
        ("3% đến 4%", 3, 4, "%"),
        ("$10-20", 10, 20, "USD"),
        ("$1.5-2 billion", 1.5e9, 2e9, "USD"),
        ("55,4 – 55,8 triệu đồng/lượng", 55.4e6, 55.8e6, "VND/lượng"),
        ("37-39 độ C", 37, 39, "°C"),
        ("hai đến ba người", 2, 3, "người"),
        ("5 đến dưới 12 tuổi", 5, 12, "năm"),
        ("1.000 tới 2.000 euro", 1000, 2000, "EUR"),
        ("2 - 3 triệu", 2e6, 3e6, None),
    ],
)
def test_ranges(text: str, low: float, high: float, unit: str | None) -> None:
    found = one(f"Mức từ {text}.")
    assert (found.text, found.value, found.value_max, found.unit) == (text, low, high, unit)


def test_a_range_between_words() -> None:
    found = one("Giá giữa 1,1 và 1,3 đô la")
    assert (found.value, found.value_max) == (1.1, 1.3)


def test_a_change_is_two_amounts() -> None:
    assert [(q.value, q.unit) for q in find_quantities("tăng từ 5 lên 7 triệu đồng")] == [
        (5e6, "VND"),
        (7e6, "VND"),
    ]
    assert [q.value for q in find_quantities("giảm từ 8,5% xuống 7%")] == [8.5, 7]
    years = "giảm từ 48% năm 2005 xuống 24,8% năm 2010"
    assert [q.value for q in find_quantities(years)] == [48, 24.8]


@pytest.mark.parametrize(
    ("text", "mod"),
    [
        ("khoảng 20 kg", "APPROX"),
        ("tầm khoảng 20 kg", "APPROX"),
        ("trên dưới 20 kg", "APPROX"),
        ("hơn 20 kg", "MORE_THAN"),
        ("nhiều hơn 20 kg", "MORE_THAN"),
        ("gần 20 kg", "LESS_THAN"),
        ("chưa đầy 20 kg", "LESS_THAN"),
        ("ít hơn 20 kg", "LESS_THAN"),
        ("tối đa 20 kg", "EQUAL_OR_LESS"),
        ("không quá 20 kg", "EQUAL_OR_LESS"),
        ("không hơn 20 kg", "EQUAL_OR_LESS"),
        ("ít nhất 20 kg", "EQUAL_OR_MORE"),
        ("không dưới 20 kg", "EQUAL_OR_MORE"),
        ("20 kg trở lên", "EQUAL_OR_MORE"),
        ("20 kg trở xuống", "EQUAL_OR_LESS"),
        ("hàng trăm kg", "EQUAL_OR_MORE"),
        ("vài chục kg", "MORE_THAN"),
        ("gần chục kg", "LESS_THAN"),
    ],
)
def test_modifiers_are_part_of_the_span(text: str, mod: str) -> None:
    found = one(f"Họ bán {text}.")
    assert (found.text, found.mod) == (text, mod)


def test_a_comparison_or_a_place_is_no_modifier() -> None:
    assert one("cao hơn 5% so với").mod is None
    assert one("dựa trên 3 yếu tố").mod is None


@pytest.mark.parametrize(
    "text",
    [
        "thắng 2-1",
        "thua 1-2 đội chủ nhà",
        "tỷ số 3-0",
        "gọi 0912345678 hoặc 1900 1234",
        "mạng 5G, iPhone 12, F0, COVID-19, A350, U23",
        "theo Điều 5, khoản 2 Nghị định 100/2019/NĐ-CP",
        "nghỉ 1/3 chặng, mở cửa 24/7",
        "bản 3.11.7 tại 192.168.1.1",
        "lúc 15h30, 7:45 ngày 20/10/2021",
        "Quận 1 người đông, quốc lộ 1A",
        "phố Hai Bà Trưng",
        "trong năm học mới, mỗi năm người dân",
        "một số người, một phần",
        "không người nào",
        "biển số 51F-123.45",
        "xe Vision 110 bản tiêu chuẩn",
        "tỷ lệ, triệu phú, vạn sự, trăm năm",
        "đội đứng đầu bảng 4",
        "V-League, vòng 5 V-League",
        "năm 2020, 6 triệu năm trước",
    ],
)
def test_no_quantities(text: str) -> None:
    assert rows(text) == []


def test_year_or_five() -> None:
    assert [q.unit for q in find_quantities("Vụ nổ khiến năm người chết")] == ["người"]
    assert rows("hai năm người dân chờ đợi") == []


def test_weekdays_are_no_ordinals() -> None:
    assert rows("sáng thứ hai, vào thứ 5 tuần này") == []
    assert one("lần thứ hai").value == 2


def test_taken_spans_are_left_alone() -> None:
    text = "Ngày 20 người dân nhận 30 kg gạo trong tháng 3"
    spans = [(text.index("20"), text.index("20") + 2)]
    assert [q.text for q in find_quantities(text, taken=spans)] == ["30 kg"]
    rate = "Họ trả 300.000 đồng mỗi ngày"
    (found,) = find_quantities(rate, taken=[(rate.index("mỗi"), len(rate))])
    assert (found.text, found.unit) == ("300.000 đồng", "VND/ngày")
    whole = [(0, len(text))]
    assert find_quantities(text, taken=whole) == []


def test_offsets_hold_in_any_spelling() -> None:
    text = "Giá\u00a0vàng tăng  khoảng 5\u200b triệu đồng; hoà 3 người"
    for shown in (text, unicodedata.normalize("NFD", text), text.upper()):
        found = find_quantities(shown)
        assert [(q.kind, q.value) for q in found] == [("money", 5e6), ("count", 3)]
        assert all(shown[q.char_start : q.char_end] == q.text for q in found)


def test_a_shadow_may_be_given() -> None:
    assert find_quantities(Shadow("5 kg")) == find_quantities("5 kg")


def vietnamese(value: int) -> str:
    return f"{value:,}".replace(",", ".")


FORMS = sorted({unit.form for group in lexicon().units.values() for unit in group})


@given(st.integers(2, 999_999), st.sampled_from(["đồng", "USD", "kg", "km", "%", "người", "ca"]))
def test_a_plain_amount_comes_back(value: int, unit: str) -> None:
    found = one(f"Tổng cộng {vietnamese(value)} {unit}.")
    assert found.value == value


@given(
    st.lists(st.sampled_from([*FORMS, "12", "3,5", "từ", "đến", "-", "hơn", "/", "năm", ".", "$"]))
)
def test_any_words_give_true_offsets_in_order(words: list[str]) -> None:
    text = " ".join(words)
    found = find_quantities(text)
    assert all(text[q.char_start : q.char_end] == q.text for q in found)
    assert all(a.char_end <= b.char_start for a, b in pairwise(found))
    assert all(q.value_max is None or q.value < q.value_max for q in found)


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    for quantity in find_quantities(text):
        assert text[quantity.char_start : quantity.char_end] == quantity.text


@pytest.mark.stress
def test_many_random_strings_are_read() -> None:
    rng = random.Random(5)
    pieces = [*FORMS, *"0123456789.,-/%$€ \n", "trăm", "triệu", "hai", "năm", "rưỡi", "thứ", "và"]
    for _ in range(200_000):
        text = "".join(
            rng.choice(pieces) + rng.choice(["", " "]) for _ in range(rng.randint(1, 12))
        )
        for quantity in find_quantities(text):
            assert text[quantity.char_start : quantity.char_end] == quantity.text


def test_every_currency_name_is_read() -> None:
    for group in lexicon().units.values():
        for unit in group:
            if unit.kind == "money":
                found = one(f"nhận 2 triệu {unit.form}")
                assert (found.kind, found.unit) == ("money", unit.symbol), unit.form
