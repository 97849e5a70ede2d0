"""Find amounts in a text: numbers first, then what stands around them.

One pass over the numbers of the text; each looks a few words to the left and right, so the cost
is linear. A number is a quantity only where a unit, a noun or a scale word says what it
measures: scores, codes, phone numbers, fractions and versions have none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sukien.language.shadow import Shadow
from sukien.quantities.around import Surroundings
from sukien.quantities.lexicon import Unit
from sukien.quantities.numbers import (
    SCALE,
    SCAN,
    TOKEN,
    Number,
    Other,
    Reader,
    parse,
    shared_scale,
    thousands,
)
from sukien.quantities.quantity import Kind, Quantity

__all__ = ["find_quantities"]

_SIGNED = ("money", "percent", "measure")
_METRE = Unit("m", "measure", "m")
_YEARS = Unit("", "age", "năm")
_UNNAMED = Unit("", "count", "")
_VAGUE = {"hàng": "EQUAL_OR_MORE", "cả": "APPROX"}
_VAGUE_WORDS = frozenset(("hàng", "vài", "mấy", "dăm", "cả"))
# A cheap look for places where one of these can begin; what matches here is then read in full.
_BEGINNING = re.compile(
    r"(?<![0-9])[0-9]|(?<!\w)(?:(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười|nửa|hăm|thứ)(?= )"
    rf"|(?:hàng|vài|mấy|dăm|cả|không)(?= +(?:ba +)?{SCALE})|{SCALE}(?= )|đầu(?= tiên))"
)
_HEIGHT = re.compile(r"m([0-9]{1,2})(?!\w|[.,][0-9])")
_HALF_MORE = re.compile(r" rưỡi(?!\w)")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_NAMED_ORDINALS = {"nhất": 1, "nhì": 2, "tư": 4}
_TIME_WORDS = frozenset(("năm", "tháng", "tuần", "ngày", "đêm", "giờ", "phút", "giây"))


def find_quantities(text: str | Shadow, *, taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Find money, percentages, counts, measures, ordinals and ages, in order of the text.

    taken: half-open spans of the text (its dates) whose numbers are not quantities.

    Money has its ISO 4217 code as unit, a price its measure behind it (`VND/kg`). The span
    includes a word that fills `mod` (`khoảng`, `hơn`, `trở lên`).

    >>> [(q.text, q.kind, q.value, q.unit, q.mod) for q in find_quantities(
    ...     "Gần 300 hộ dân nhận 4,8 tỷ đồng, tăng 3,5%")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('Gần 300 hộ dân', 'count', 300.0, 'hộ dân', 'LESS_THAN'),
     ('4,8 tỷ đồng', 'money', 4800000000.0, 'VND', None), ('3,5%', 'percent', 3.5, '%', None)]
    >>> find_quantities("Đội nhà thắng 2-1, số điện thoại 0912345678")
    []
    """
    shadow = text if isinstance(text, Shadow) else Shadow(text)
    return _Finder(shadow, taken).run()


class _Finder:
    """One text being read from left to right."""

    def __init__(self, shadow: Shadow, taken: Sequence[tuple[int, int]]) -> None:
        self.shadow = shadow
        self.s = shadow.lower
        self.reader = Reader(shadow, taken)
        self.around = Surroundings(self.reader)
        self.found: list[Quantity] = []

    def run(self) -> list[Quantity]:
        """Read the numbers from left to right."""
        search, read, text = _BEGINNING.search, SCAN.match, self.s
        position = 0
        while (start := search(text, position)) is not None:
            match = read(text, start.start())
            position = start.end() if match is None else max(self._read(match), match.end())
        return self.found

    def _read(self, match: re.Match[str]) -> int:
        """Read what begins at a match; gives where to go on."""
        start, end = match.span()
        if self.reader.is_taken(start, end):
            return end
        if match["ordinal"] is not None:
            return self._ordinal(match)
        if match["vague"] is not None:
            return self._vague(match)
        if match["half"] is not None:
            return self._half(match)
        number, end = self.reader.number(match)
        return end if number is None else self._amount(number)

    def _amount(self, number: Number) -> int:
        """Make a quantity of a number, or of two that are the ends of a range."""
        unit, end = self.reader.unit_of(number)
        if unit is None and (height := self._height(number)):
            return height
        other = self.reader.other_end(number, end)
        if other is not None:
            done = self._pair(number, unit, end, other)
            if done is not None:
                return done
        if unit is not None:
            self._emit(thousands(number, unit), unit, end)
            return max(end if unit.kind != "count" else number.end, self.reader.cursor)
        second = other.number if other is not None and not other.changes else None
        if self.reader.word_before(number.start) == "tuổi":
            high = second if second is not None and second.value > number.value else None
            self._emit(number, _YEARS, high.end if high else number.end, high=high)
            return self.reader.cursor
        return self._unnamed(number, second)

    def _pair(self, first: Number, unit: Unit | None, end: int, other: Other) -> int | None:
        """Make a quantity of two numbers of one unit; None where they do not belong together."""
        # `$50-100 triệu`: a currency before the first number counts for both.
        shared = other.unit or first.prefix
        if shared is None or (unit is not None and unit.symbol != shared.symbol):
            return None
        first, second = thousands(first, shared), thousands(other.number, shared)
        if unit is None or first.prefix is not None:
            first = shared_scale(first, second)
        if other.changes:
            # `từ 5 lên 7 triệu đồng` tells two amounts, the first in the second's unit; but
            # `6% năm 2005 xuống 4%` has a year between them.
            if unit is None and self.reader.word_before(first.start) == "năm":
                return first.end
            self._emit(first, unit or shared, end, bare=unit is None)
            return end
        if first.value < second.value:
            self._emit(first, shared, other.end, high=second)
            return max(other.end, self.reader.cursor)
        # `2-0` and its like are results.
        return second.end if unit is None and first.text.isdigit() else None

    def _unnamed(self, number: Number, second: Number | None) -> int:
        """Read millions and billions of something that is not named: `hơn 19 triệu`."""
        high = None
        if second is not None and second.scale >= 1e6 and number.text[0].isdigit():
            low = shared_scale(number, second)
            if low.value < second.value:
                number, high = low, second
        last = high or number
        following = TOKEN.match(self.s, last.end + 1)
        is_time = following is not None and following[0] in _TIME_WORDS
        if last.scale >= 1e6 and len(last.text) > 4 and not is_time:
            self._emit(number, _UNNAMED, last.end, high=high)
        return max(last.end, self.reader.cursor)

    def _height(self, number: Number) -> int | None:
        """Read `1m70`."""
        match = _HEIGHT.match(self.s, number.end)
        if match is None or not number.text.isdigit():
            return None
        value = number.value + int(match[1]) / 10 ** len(match[1])
        self._emit(replace(number, value=value), _METRE, match.end())
        return match.end()

    def _vague(self, match: re.Match[str]) -> int:
        """Read `hàng trăm người`, `vài chục triệu đồng`, `gần chục xe`: a bound is all they say."""
        first, _, rest = match[0].partition(" ")
        words = rest.strip().removeprefix("ba ") if first in _VAGUE_WORDS else match[0]
        value = parse(words)
        unit, end = self.reader.unit(match.end())
        if value is None or unit is None:
            return match.end()
        number = Number(match.start(), match.end(), match[0], float(value))
        if first in _VAGUE_WORDS:
            self._emit(number, unit, end, mod=_VAGUE.get(first, "MORE_THAN"))
        elif self.around.mod_before(match.start())[0] is not None:
            self._emit(number, unit, end)
        return max(match.end(), self.reader.cursor)

    def _half(self, match: re.Match[str]) -> int:
        """Read `nửa lít`."""
        unit, end = self.reader.unit(match.end())
        if unit is not None and unit.kind == "measure" and len(unit.form) > 1:
            self._emit(Number(match.start(), match.end(), "nửa", 0.5), unit, end)
        return max(match.end(), self.reader.cursor)

    def _ordinal(self, match: re.Match[str]) -> int:
        """Read `thứ ba`, `thứ 12`, `thứ XIII`, `đầu tiên`."""
        word = match[0].partition(" ")[2].strip()
        value: float | None
        if word == "tiên":
            value = 1
        elif word in _NAMED_ORDINALS:
            value = _NAMED_ORDINALS[word]
        elif word[0] in _ROMAN:
            value = _roman(word) if self.shadow.norm[match.end() - 1].isupper() else None
        else:
            value = parse(word)
        is_day = value in range(2, 8) and self.around.is_weekday(match.start(), match.end())
        if value is not None and not is_day:
            self._add(match.start(), match.end(), "ordinal", value)
        return match.end()

    def _emit(
        self,
        number: Number,
        unit: Unit,
        end: int,
        *,
        high: Number | None = None,
        mod: str | None = None,
        bare: bool = False,
    ) -> bool:
        """Add a quantity with all that belongs to it, unless its surroundings speak against it."""
        start = number.start
        own_mod, mod_start = self.around.mod_before(start)
        if unit.kind == "count" and not self.around.counts(number, unit, end, own_mod, high):
            return False
        if unit.ambiguous and not self.around.is_large(number, high):
            return False
        if mod is None and own_mod is not None:
            on = unit.kind == "count" and number.text == "một" and self.s[mod_start] == "t"
            if not (on and self.s.startswith("trên ", mod_start)):  # `trên một chiếc xe`
                mod, start = own_mod, mod_start
        value, value_max = number.value * unit.factor, high.value * unit.factor if high else None
        sign = self.around.minus(number.start) if unit.kind in _SIGNED else number.start
        if sign < number.start:
            value, start = -value, min(start, sign)
        symbol: str | None = unit.symbol or None
        if bare:
            end = number.end
        else:
            if high is None and unit.kind == "money":
                value, end = self.around.with_minor(number, unit, value, end)
            if (half := _HALF_MORE.match(self.s, end)) and unit.kind in ("money", "measure"):
                value, end = value + 0.5, half.end()
            if unit.kind in ("money", "measure", "count", "percent") and symbol is not None:
                symbol, rate_end = self.around.per(symbol, end, unit.kind)
                if rate_end > end:  # `USD/người/năm`
                    symbol, rate_end = self.around.per(symbol, rate_end, "count")
                end = rate_end
            after = self.around.mod_after(end)
            if after is not None:
                mod, end = after
        self._add(start, end, unit.kind, value, value_max, symbol, mod)
        return True

    def _add(
        self,
        start: int,
        end: int,
        kind: Kind,
        value: float,
        value_max: float | None = None,
        unit: str | None = None,
        mod: str | None = None,
    ) -> None:
        first, last = self.shadow.span(start, end)
        self.reader.cursor = max(self.reader.cursor, end)
        quantity = Quantity(
            char_start=first,
            char_end=last,
            text=self.shadow.text[first:last],
            kind=kind,
            value=float(value),
            value_max=None if value_max is None else float(value_max),
            unit=unit,
            mod=mod,
        )
        self.found.append(quantity)


def _roman(word: str) -> int:
    total = 0
    for character, following in zip(word, [*word[1:], "i"], strict=True):
        value = _ROMAN[character]
        total += -value if value < _ROMAN[following] else value
    return total
