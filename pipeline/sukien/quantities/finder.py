"""Find amounts in a text: numbers first, then what stands around them.

One pass over the numbers of the text; each looks a few words to the left and right, so the cost
is linear. A number is a quantity only where a unit, a noun or a scale word says what it
measures: scores, codes, phone numbers, fractions and versions have none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sukien.language.numerals import NUMBER, parse
from sukien.language.shadow import Shadow
from sukien.quantities.lexicon import Lexicon, Unit, lexicon
from sukien.quantities.quantity import Kind, Quantity

__all__ = ["find_quantities"]

_SCALE = r"(?:chục|trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)"
_VAGUE = {"hàng": "EQUAL_OR_MORE", "cả": "APPROX"}
_SCAN = re.compile(
    rf"(?P<number>(?:(?<![0-9])(?=[0-9])|(?<!\w)){NUMBER})"
    rf"|(?<!\w)(?:(?P<vague>(?:(?:hàng|vài|mấy|dăm|cả|vài ba) +)?{_SCALE}(?: +{_SCALE})*(?!\w))"
    r"|(?P<ordinal>thứ +(?:nhất|nhì|tư|[ivx]+)|đầu tiên)(?!\w)"
    r"|(?P<half>nửa)(?= ))"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MALFORMED = re.compile(r"[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})")
_ENGLISH = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_RUN = re.compile(r"[\w.,/:-]*\w")
_TOKEN = re.compile(r"[^\W_]+")
_TRAILING_SCALE = re.compile(rf"(?: *{_SCALE})+\Z")
_SUFFIX_SCALE = re.compile(r" ?(triệu|tỷ|tỉ|nghìn|ngàn|million|billion|tr|bn|mn|m|b)(?!\w)")
_SUFFIXES = {
    "triệu": 1e6,
    "million": 1e6,
    "billion": 1e9,
    "tr": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "tỷ": 1e9,
    "tỉ": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "nghìn": 1e3,
    "ngàn": 1e3,
}
_HEIGHT = re.compile(r"m([0-9]{1,2})(?!\w|[.,][0-9])")
_HYPHEN = re.compile(r" ?[-–—~] ?(?=[0-9$€£])")
_PER = re.compile(r" ?/ ?(?:mỗi )?|(?<=\w) (?:mỗi|một|cho mỗi|trên mỗi|trên một|một mỗi) ")
_CENTS = re.compile(r" ([0-9]{2})(?=\s*(?:\Z|[.,;!?)\n](?![0-9])))")
_HALF_MORE = re.compile(r" rưỡi(?!\w)")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_NAMED_ORDINALS = {"nhất": 1, "nhì": 2, "tư": 4}
_TIME_WORDS = frozenset("năm tháng tuần ngày đêm giờ phút giây".split())
_DAY_WORDS = frozenset("sáng trưa chiều tối đêm ngày hôm vào mỗi từ đến tới lúc khuya".split())


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of the text and what was read directly at it."""

    start: int
    end: int
    text: str
    value: float
    prefix: Unit | None = None

    @property
    def scale(self) -> float:
        """What the scale words at its end multiply by."""
        match = _TRAILING_SCALE.search(self.text)
        return float(parse("1 " + match[0].strip()) or 1) if match and match.start() else 1.0


def find_quantities(
    text: str | Shadow, *, taken: Sequence[tuple[int, int]] = ()
) -> list[Quantity]:
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
    """One text being read; `cursor` is the end of what has been understood."""

    def __init__(self, shadow: Shadow, taken: Sequence[tuple[int, int]]) -> None:
        self.shadow = shadow
        self.s = shadow.lower
        self.lexicon: Lexicon = lexicon()
        self.found: list[Quantity] = []
        self.cursor = 0
        spans = sorted(taken)
        self.taken_starts = [start for start, _ in spans]
        self.taken_ends: list[int] = []
        for _, end in spans:  # spans may overlap: ends are kept as running maxima
            self.taken_ends.append(max(end, self.taken_ends[-1]) if self.taken_ends else end)

    def run(self) -> list[Quantity]:
        """Read the numbers from left to right."""
        search = _SCAN.search
        position = 0
        while (match := search(self.s, position)) is not None:
            position = max(self._read(match), match.end())
        return self.found

    # -- one number --------------------------------------------------------------------------

    def _read(self, match: re.Match[str]) -> int:
        """Read what begins at a match; gives where to go on."""
        start, end = match.span()
        if self._is_taken(start, end):
            return end
        if match["ordinal"] is not None:
            return self._named_ordinal(match)
        if match["vague"] is not None:
            return self._vague(match)
        if match["half"] is not None:
            return self._half(match)
        number, end = self._number(match)
        if number is None:
            return end
        if self._word_before(start) == "thứ":
            return self._ordinal(number)
        return self._amount(number)

    def _number(self, match: re.Match[str]) -> tuple[_Number | None, int]:
        """Read a number with the currency before it and a scale stuck to it, if it is one."""
        s, (start, end) = self.s, match.span()
        text = match[0]
        before = s[start - 1] if start else " "
        prefix = None
        if s[start].isdigit():
            if before.isalnum() or not before.isspace():
                prefix = self._prefix(start)
                if prefix is None and self._inside_code(start, before):
                    return None, self._run_end(start, end)
            elif self._word_before(start) in self.lexicon.prefixes:
                prefix = self._prefix(start)
            following = s[end : end + 2]
            if following[:1] in ".,:/" and following[1:].isdigit():
                return None, self._run_end(start, end)
            if text[0] == "0" and len(text) > 2 and text.isdigit():
                return None, self._run_end(start, end)
        elif text == "không":
            return None, end
        factor = 1.0
        if text[-1].isdigit() and (suffix := _SUFFIX_SCALE.match(s, end)) is not None:
            word = suffix[1]
            # `m` and `b` are million and billion beside a currency only.
            if len(word) > 2 or prefix or self._money_at(suffix.end()):
                factor, end = _SUFFIXES[word], suffix.end()
        value = parse(text)
        if value is None:
            return None, end
        if prefix is not None:
            start -= len(prefix.form) + (s[start - 1] == " ")
        return _Number(start, end, s[match.start() : end], value * factor, prefix), end

    def _inside_code(self, start: int, before: str) -> bool:
        """Tell a number that is part of something else: `F0`, `COVID-19`, `3.4.5`, `1/3`."""
        s = self.s
        if before.isalnum():
            return True
        return start > 1 and before in "-–/.,:_'" and s[start - 2].isalnum()

    def _prefix(self, start: int) -> Unit | None:
        match = self.lexicon.prefix.search(self.s, max(0, start - 6, self.cursor), start)
        if match is None:
            return None
        code = self.lexicon.prefixes[match[1]]
        return Unit(match[1], "money", code)

    def _money_at(self, position: int) -> bool:
        unit, _ = self._unit(position)
        return unit is not None and unit.kind == "money"

    def _run_end(self, start: int, end: int) -> int:
        match = _RUN.match(self.s, start)
        return max(end, match.end()) if match else end

    # -- units -------------------------------------------------------------------------------

    def _unit(self, position: int) -> tuple[Unit | None, int]:
        """Read the unit at a position (after one space or stuck to the number) and its end."""
        s = self.s
        at = position
        while at < position + 2 and s[at : at + 1] == " ":
            at += 1
        first = _TOKEN.match(s, at)
        if first is None:
            for length in (3, 2, 1):
                if (unit := self.lexicon.symbols.get(s[at : at + length])) is not None:
                    return unit, at + length
            first_word = s[at : at + 1]
        else:
            first_word = first[0]
        group = self.lexicon.units.get(first_word)
        if group is None:
            return None, position
        unit = self._longest(group, at)
        if unit is None:
            return None, position
        end = at + len(unit.form)
        if unit.cases is not None:
            if s[end : end + 1] == "-" and s[end + 1 : end + 2].isalpha():
                return None, position  # `V-League`
            if self.shadow.norm[at] not in unit.cases:
                capital = self.lexicon.capitals.get(unit.form)
                return capital, end if capital else position
        if unit.classifier and (noun := self._noun(end)) is not None:
            return noun, end + 1 + len(noun.form)
        return unit, end

    def _longest(self, group: tuple[Unit, ...], at: int) -> Unit | None:
        s = self.s
        for unit in group:
            if s.startswith(unit.form, at):
                end = at + len(unit.form)
                if not s[end : end + 1].isalnum() or not unit.form[-1].isalnum():
                    return unit
        return None

    def _noun(self, position: int) -> Unit | None:
        """Read the noun behind a classifier."""
        if self.s[position : position + 1] != " ":
            return None
        first = _TOKEN.match(self.s, position + 1)
        if first is None:
            return None
        group = self.lexicon.nouns.get(first[0])
        return self._longest(group, position + 1) if group else None

    # -- amounts -----------------------------------------------------------------------------

    def _amount(self, number: _Number) -> int:
        """Make a quantity of a number, or of two that are the ends of a range."""
        unit, end = self._unit(number.end)
        if number.prefix is not None and (unit is None or unit.kind != "money"):
            unit, end = number.prefix, number.end
        if unit is None and (height := self._height(number)):
            return height
        second, changes, second_unit, second_end = self._second(number, end)
        if (about := unit or second_unit) is not None:
            number = _thousands(number, about)
            second = _thousands(second, about) if second is not None else None
        if second is not None and second_unit is not None:
            if unit is None or (unit.kind, unit.symbol) == (second_unit.kind, second_unit.symbol):
                if changes:
                    # `từ 5 lên 7 triệu đồng` tells two amounts, the first in the second's unit.
                    low = self._shared_scale(number, second) if unit is None else number.value
                    first = replace(number, value=low)
                    self._emit(first, unit or second_unit, end, bare=unit is None)
                    return end
                low = number.value if unit else self._shared_scale(number, second)
                if low < second.value:
                    first = replace(number, value=low)
                    if self._emit(first, second_unit, second_end, high=second):
                        return self.cursor
                    return second_end
                if unit is None and not number.text[-1:].isalpha():
                    return second.end  # 2-0 and its like are results
        if unit is not None:
            self._emit(number, unit, end)
            return max(end if unit.kind != "count" else number.end, self.cursor)
        if self._word_before(number.start) == "tuổi":
            high = second if second is not None and second.value > number.value else None
            age = Unit("", "age", "năm")
            self._emit(number, age, high.end if high else number.end, high=high)
            return self.cursor
        return self._bare(number, second)

    def _bare(self, number: _Number, second: _Number | None) -> int:
        """Read millions and billions of something that is not named: `hơn 19 triệu`."""
        high = None
        if second is not None and second.scale >= 1e6 and number.text[0].isdigit():
            low = self._shared_scale(number, second)
            if low < second.value:
                number, high = replace(number, value=low), second
        last = high or number
        following = _TOKEN.match(self.s, last.end + 1)
        is_time = following is not None and following[0] in _TIME_WORDS
        if last.scale >= 1e6 and len(last.text) > 4 and not is_time:
            self._emit(number, Unit("", "count", ""), last.end, high=high)
        return max(last.end, self.cursor)

    def _second(
        self, number: _Number, end: int
    ) -> tuple[_Number | None, bool, Unit | None, int]:
        """Read the other end of a range: the number, whether it is a change, its unit, its end."""
        s = self.s
        changes = False
        if (link := _HYPHEN.match(s, end)) is None and (link := _link().match(s, end)) is not None:
            changes = link["change"] is not None
            if link["and"] and self._word_before(number.start) != "giữa":
                link = None
        if link is None:
            return None, False, None, end
        match = _SCAN.match(s, link.end())
        if match is None or match["number"] is None or self._is_taken(*match.span()):
            prefix = self.lexicon.prefix_ahead.match(s, link.end())
            match = _SCAN.match(s, prefix.end()) if prefix else None
            if match is None or match["number"] is None:
                return None, False, None, end
        kept, self.cursor = self.cursor, link.end()
        # The number behind a hyphen is judged as one that stands alone.
        second, _ = self._number_after_link(match)
        self.cursor = kept
        if second is None:
            return None, False, None, end
        unit, unit_end = self._unit(second.end)
        if second.prefix is not None and (unit is None or unit.kind != "money"):
            unit, unit_end = second.prefix, second.end
        return second, changes, unit, unit_end

    def _number_after_link(self, match: re.Match[str]) -> tuple[_Number | None, int]:
        s, (start, end) = self.s, match.span()
        if s[end : end + 2][:1] in ("/", ":", ".", ",") and s[end + 1 : end + 2].isdigit():
            return None, end
        if s[start - 1] in "-–—~":
            value = parse(match[0])
            if value is None:
                return None, end
            suffix = _SUFFIX_SCALE.match(s, end) if match[0][-1].isdigit() else None
            if suffix is not None and (len(suffix[1]) > 2 or self._money_at(suffix.end())):
                value, end = value * _SUFFIXES[suffix[1]], suffix.end()
            return _Number(start, end, s[start:end], float(value)), end
        return self._number(match)

    def _shared_scale(self, first: _Number, second: _Number) -> float:
        """Give the first number of a range the scale word that stands behind the second only.

        `10 đến 15 triệu` shares it, `800 - 1,2 tỷ` the scale below it.
        """
        scale = second.scale
        if scale == 1 or first.scale != 1 or not first.text[0].isdigit():
            same = second.scale != 1 and first.scale == 1
            return first.value * scale if same and first.value * scale < second.value else (
                first.value
            )
        for factor in (scale, scale / 1000):
            if factor >= 1 and first.value * factor < second.value and first.value < 1000:
                return first.value * factor
        return first.value

    def _height(self, number: _Number) -> int | None:
        """Read `1m70`."""
        match = _HEIGHT.match(self.s, number.end)
        if match is None or not number.text.isdigit():
            return None
        value = number.value + int(match[1]) / 10 ** len(match[1])
        metre = Unit("m", "measure", "m")
        self._emit(replace(number, value=value), metre, match.end())
        return match.end()

    def _vague(self, match: re.Match[str]) -> int:
        """Read `hàng trăm người`, `vài chục triệu đồng`, `gần chục xe`: a bound is all they say."""
        first, _, rest = match[0].partition(" ")
        words = rest.strip().removeprefix("ba ") if first in _VAGUE_WORDS else match[0]
        value = parse(words)
        unit, end = self._unit(match.end())
        if value is None or unit is None:
            return match.end()
        number = _Number(match.start(), match.end(), match[0], float(value))
        if first in _VAGUE_WORDS:
            self._emit(number, unit, end, mod=_VAGUE.get(first, "MORE_THAN"))
        elif self._mod_before(match.start())[0] is not None:
            self._emit(number, unit, end)
        return max(match.end(), self.cursor)

    def _half(self, match: re.Match[str]) -> int:
        """Read `nửa lít`."""
        unit, end = self._unit(match.end())
        if unit is not None and unit.kind == "measure" and len(unit.form) > 1:
            self._emit(_Number(match.start(), match.end(), "nửa", 0.5), unit, end)
        return max(match.end(), self.cursor)

    # -- ordinals ----------------------------------------------------------------------------

    def _named_ordinal(self, match: re.Match[str]) -> int:
        word = match[0].rpartition(" ")[2]
        if word == "tiên":
            value = 1
        elif word in _NAMED_ORDINALS:
            value = _NAMED_ORDINALS[word]
            if word == "tư" and self._is_weekday(match.start(), match.end()):
                return match.end()
        else:
            value = _roman(word)
            if not value or not self.shadow.norm[match.end() - 1].isupper():
                return match.end()
        self._add(match.start(), match.end(), "ordinal", value)
        return match.end()

    def _ordinal(self, number: _Number) -> int:
        start = self.s.rindex("thứ", 0, number.start)
        day = number.value in (2, 3, 5, 6, 7)
        if number.value == int(number.value) and not (
            day and self._is_weekday(start, number.end)
        ):
            self._add(start, number.end, "ordinal", number.value)
        return number.end

    def _is_weekday(self, start: int, end: int) -> bool:
        """Tell Wednesday from fourth where no date stage has done so."""
        before = self._word_before(start)
        after = self.s[end : end + 8].lstrip(" ,(")
        at_start = self.s[:start].rpartition("\n")[2].strip() == ""
        return (
            before in _DAY_WORDS
            or after[:1].isdigit()
            or after.startswith(("tuần", "ngày", "tới", "này"))
            or (at_start and after[:1].isdigit())
        )

    # -- what stands around ------------------------------------------------------------------

    def _emit(
        self,
        number: _Number,
        unit: Unit,
        end: int,
        *,
        high: _Number | None = None,
        mod: str | None = None,
        bare: bool = False,
    ) -> bool:
        """Add a quantity with all that belongs to it, unless its surroundings speak against it."""
        start = number.start
        own_mod, mod_start = self._mod_before(start)
        if unit.kind == "count" and not self._counts(number, unit, end, own_mod, high):
            return False
        if unit.ambiguous and not self._is_large(number, high):
            return False
        if mod is None and own_mod is not None:
            on = unit.kind == "count" and number.text == "một" and self.s[mod_start] == "t"
            if not (on and self.s.startswith("trên ", mod_start)):  # `trên một chiếc xe`
                mod, start = own_mod, mod_start
        value, value_max = number.value * unit.factor, high.value * unit.factor if high else None
        if unit.kind in ("percent", "measure", "money") and self._negative(number.start):
            value, start = -value, number.start - 1 if start == number.start else start
        symbol: str | None = unit.symbol or None
        if bare:
            end = number.end
        else:
            if high is None and unit.kind == "money":
                value, end = self._with_minor(number, unit, value, end)
            if (half := _HALF_MORE.match(self.s, end)) and unit.kind in ("money", "measure"):
                value, end = value + 0.5, half.end()
            if unit.kind in ("money", "measure", "count", "percent") and symbol is not None:
                symbol, end = self._per(symbol, end, unit.kind)
                symbol, end = self._per(symbol, end, "count")  # `USD/người/năm`
            after = self._mod_after(end)
            if after is not None:
                mod, end = after
        self._add(start, end, unit.kind, value, value_max, symbol, mod)
        return True

    def _counts(
        self, number: _Number, unit: Unit, end: int, mod: str | None, high: _Number | None
    ) -> bool:
        """Tell whether a number before a noun counts it."""
        before = self._word_before(number.start)
        text = number.text
        if text[0].isdigit():
            if before in self.lexicon.labels and mod is None:
                return False
            if not unit.strong and unit.form and mod is None and self._names(number):
                return False
            if _MALFORMED.fullmatch(text):
                return False
            if high is not None and before in self.lexicon.scores and high.value < 30:
                return False
            return number.value == int(number.value) or number.scale > 1 or unit.symbol == "điểm"
        if unit.form and self.shadow.norm[end - len(unit.form)].isupper():
            return False  # `Hai Bà Trưng`
        if text == "một":
            return unit.strong or (mod is not None and before != "trên")
        if text == "năm":
            return before in self.lexicon.five or (
                unit.strong and self.shadow.norm[number.start].isupper()
            )
        return True

    def _names(self, number: _Number) -> bool:
        """Tell a number that is part of a name: `Vision 110 bản tiêu chuẩn`, `đời 2017 bản`.

        It is a plain year, or stands right after a capitalised word inside a sentence.
        """
        if _YEAR.fullmatch(number.text):
            return True
        norm, start = self.shadow.norm, number.start
        if not number.text.isdigit() or norm[start - 1 : start] != " ":
            return False
        left = norm[max(0, start - 40) : start - 1]
        before, _, word = left.rpartition(" ")
        return word[:1].isupper() and before[-1:] not in ("", ".", "\n", ":", "?", "!", "”", '"')

    def _is_large(self, number: _Number, high: _Number | None) -> bool:
        top = high or number
        return top.value >= 1000 or top.scale > 1 or number.scale > 1

    def _negative(self, start: int) -> bool:
        before = self.s[max(0, start - 2) : start]
        return before.endswith("-") and not before[:1].isalnum() and before != "--"

    def _with_minor(
        self, number: _Number, unit: Unit, value: float, end: int
    ) -> tuple[float, int]:
        """Add the small coins: `1 đô la và 42 xu`, `hai đô 23`."""
        minors = self.lexicon.minors.get(unit.symbol)
        if unit.factor != 1 or not minors:
            return value, end
        at = end + 4 if self.s.startswith(" và ", end) else end + 1
        match = _SCAN.match(self.s, at) if self.s[end : end + 1] == " " else None
        if match is not None and match["number"] is not None:
            coins = parse(match[0])
            minor, minor_end = self._unit(match.end())
            if coins is not None and minor is not None and minor.form in minors:
                return round(value + coins / 100, 2), minor_end
        cents = _CENTS.match(self.s, end)
        if cents is not None and number.scale == 1 and value == int(value):
            return round(value + int(cents[1]) / 100, 2), cents.end()
        return value, end

    def _per(self, symbol: str, end: int, kind: Kind) -> tuple[str, int]:
        """Add what an amount is given for: `đồng/kg`, `USD mỗi thùng`."""
        link = _PER.match(self.s, end)
        if link is None:
            return symbol, end
        at = link.end()
        first = _TOKEN.match(self.s, at)
        if first is None or first[0][0].isdigit():
            return symbol, end
        slash = "/" in link[0]
        if kind == "count" and "một" in link[0]:
            return symbol, end
        group = self.lexicon.units.get(first[0], ())
        unit = self._longest(group, at)
        form = unit.form if unit is not None else ""
        for length in (2, 1):
            words = self._words_at(at, length)
            if words in self.lexicon.per and len(words) > len(form):
                form, unit = words, None
                break
        if not form and slash:
            form = first[0]
        if not form or self._is_taken(at, at + len(form)):
            return symbol, end
        if not slash and (unit is None or unit.kind != "measure") and form not in self.lexicon.per:
            return symbol, end
        shown = unit.symbol if unit is not None and unit.kind == "measure" else form
        return f"{symbol}/{shown}", at + len(form)

    def _words_at(self, position: int, count: int) -> str:
        match = re.compile(r"[^\W_]+" + r" [^\W_]+" * (count - 1)).match(self.s, position)
        return match[0] if match else ""

    def _mod_after(self, end: int) -> tuple[str, int] | None:
        first = _TOKEN.match(self.s, end + 1) if self.s[end : end + 1] == " " else None
        if first is None:
            return None
        for form, mod in self.lexicon.after.get(first[0], ()):
            if self.s.startswith(form, end + 1):
                return mod, end + 1 + len(form)
        return None

    def _mod_before(self, start: int) -> tuple[str | None, int]:
        """Read the longest modifier that ends right before a position, and where it begins."""
        s = self.s
        if start < 3 or s[start - 1] != " ":
            return None, start
        left = s[max(self.cursor, start - 32) : start - 1]
        if left.endswith(" từ") or left == "từ":
            left = left[:-2].rstrip()
        words = left.replace("\n", " \n ").split(" ")
        for count in range(min(4, len(words)), 0, -1):
            form = " ".join(words[-count:])
            mod = self.lexicon.before.get(form)
            if mod is not None:
                if form == "hơn" and len(words) > 1 and words[-2] in self.lexicon.comparatives:
                    return None, start
                return mod, s.rindex(form, 0, start)
        return None, start

    def _word_before(self, start: int) -> str:
        left = self.s[max(0, start - 16) : start].rstrip(" ")
        return left.replace("\n", " \n ").rpartition(" ")[2].lstrip("(“\"'")

    def _is_taken(self, start: int, end: int) -> bool:
        if not self.taken_starts:
            return False
        first, last = self.shadow.span(start, end)
        before = bisect_right(self.taken_starts, last - 1)
        return before > 0 and self.taken_ends[before - 1] > first

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
        self.cursor = max(self.cursor, end)
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


_VAGUE_WORDS = frozenset(("hàng", "vài", "mấy", "dăm", "cả"))


def _link() -> re.Pattern[str]:
    """Words between the two ends of a range, or of a change."""
    words = lexicon()
    return re.compile(
        rf" (?:(?P<to>{words.to})|(?P<and>và)|(?P<change>{words.change})) "
        r"(?:(?:khoảng|gần|hơn|dưới|trên) )?(?=\S)"
    )


def _thousands(number: _Number, unit: Unit) -> _Number:
    """Read `23,000 USD` the English way: nobody writes thousandths of a coin or of a person."""
    if not _ENGLISH.fullmatch(number.text):
        return number
    if unit.kind in ("count", "money") or (number.text.endswith("000") and unit.kind != "percent"):
        return replace(number, value=float(number.text.replace(",", "")))
    return number


def _roman(word: str) -> int:
    total = 0
    for character, following in zip(word, [*word[1:], "i"], strict=True):
        value = _ROMAN[character]
        total += -value if value < _ROMAN[following] else value
    return total
