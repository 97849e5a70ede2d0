"""Vietnamese numbers: every way of writing one comes back to its value."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.language.numerals import NUMBER, SMALL, parse

UNITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def spell_below_thousand(n: int, full: bool = False) -> str:
    hundreds, rest = divmod(n, 100)
    tens, unit = divmod(rest, 10)
    words = [f"{UNITS[hundreds]} trăm"] if hundreds or full else []
    if tens == 0 and unit and words:
        words.append(f"linh {UNITS[unit]}")
    elif tens == 1:
        words.append("mười")
    elif tens > 1:
        words.append(f"{UNITS[tens]} mươi")
    if tens and unit:
        words.append({5: "lăm", 1: "mốt" if tens > 1 else "một"}.get(unit, UNITS[unit]))
    if tens == 0 and not words:
        words.append(UNITS[unit])
    return " ".join(words)


def spell(n: int) -> str:
    words: list[str] = []
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn")):
        count, n = divmod(n, scale)
        if count:
            words.append(f"{spell_below_thousand(count, full=bool(words))} {name}")
    if n or not words:
        words.append(spell_below_thousand(n, full=bool(words)))
    return " ".join(words)


@given(st.integers(0, 10**12 - 1))
def test_a_spelled_number_comes_back(n: int) -> None:
    assert parse(spell(n)) == n
    assert re.fullmatch(NUMBER, spell(n))


@given(st.integers(0, 10**15))
def test_grouped_digits_come_back(n: int) -> None:
    assert parse(f"{n:,}".replace(",", ".")) == n
    assert re.fullmatch(NUMBER, f"{n:,}".replace(",", "."))


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_decimal_commas_come_back(n: int, cents: int) -> None:
    assert parse(f"{n:,}".replace(",", ".") + f",{cents:02d}") == float(f"{n}.{cents:02d}")


@given(st.text(max_size=30))
def test_any_text_is_read_without_error(text: str) -> None:
    parse(text)


@given(st.lists(st.sampled_from([*UNITS, "mười", "mươi", "trăm", "nghìn", "tỷ", "rưỡi", "linh"])))
def test_any_heap_of_number_words_is_read_without_error(words: list[str]) -> None:
    parse(" ".join(words))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,5", 1.5),
        ("0.5", 0.5),
        ("2.5", 2.5),
        ("hai lăm", 25),
        ("hăm mốt", 21),
        ("ba mươi tư", 34),
        ("mười lăm", 15),
        ("ba chục", 30),
        ("5 chục nghìn", 50_000),
        ("một trăm lẻ ba", 103),
        ("trăm rưỡi", 150),
        ("một nghìn rưỡi", 1500),
        ("2 tỷ rưỡi", 2_500_000_000),
        ("1 triệu tư", 1_400_000),
        ("3 triệu 500 nghìn", 3_500_000),
        ("hai trăm nghìn tỷ", 200_000_000_000_000),
        ("năm vạn", 50_000),
        ("15 nghìn tỉ", 15_000_000_000_000),
        ("1,2 triệu", 1_200_000),
        ("hai phẩy hai lăm", 2.25),
        ("3 phẩy 05", 3.05),
        ("một nghìn không trăm linh một", 1001),
        ("hai nghìn lẻ hai", 2002),
        ("-3", -3),
        (",5", 0.5),
        ("2M", 2_000_000),
    ],
)
def test_ways_of_writing(text: str, value: float) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "năm nay", "linh", "một trăm linh", "hai ba", "1.2.3.", "tỷ lệ", "rưỡi", "mốt", "²"],
)
def test_what_is_no_number(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hai mươi năm", "hai mươi"),
        ("hai nghìn năm", "hai nghìn"),
        ("một trăm năm trước", "một trăm"),
        ("2 tỷ phú", "2"),
        ("3 triệu phú", "3"),
        ("ba mươi lăm nghìn đồng", "ba mươi lăm nghìn"),
        ("mười năm", "mười"),
        ("nửa triệu người", "nửa triệu"),
        ("bao nhiêu", None),
    ],
)
def test_the_pattern_stops_where_the_number_ends(text: str, found: str | None) -> None:
    match = re.match(NUMBER, text)
    assert (match[0] if match else None) == found


@given(st.integers(0, 999))
def test_the_small_pattern_takes_all_below_a_thousand(n: int) -> None:
    assert re.fullmatch(SMALL, spell_below_thousand(n))
