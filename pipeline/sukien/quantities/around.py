"""What stands around an amount: modifiers, small coins, rates, and signs that it is none."""

from __future__ import annotations

import re

from sukien.quantities.lexicon import Unit
from sukien.quantities.numbers import SCAN, TOKEN, Number, Reader, parse
from sukien.quantities.quantity import Kind

__all__ = ["Surroundings"]

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MALFORMED = re.compile(r"[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})")
_PER = re.compile(r" ?/ ?(?:mỗi )?|(?<=\w) (?:mỗi|một|cho mỗi|trên mỗi|trên một|một mỗi) ")
_CENTS = re.compile(r" ([0-9]{2})(?=\s*(?:\Z|[.,;!?)\n](?![0-9])))")
_TWO_TOKENS = re.compile(r"[^\W_]+ [^\W_]+")
_DAY_WORDS = frozenset(
    ("sáng", "trưa", "chiều", "tối", "đêm", "ngày", "hôm", "vào", "mỗi", "từ", "đến", "tới", "lúc")
)


class Surroundings:
    """Asks about the words before and behind an amount of one text."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.shadow = reader.shadow
        self.s = reader.s
        self.lexicon = reader.lexicon

    def mod_before(self, start: int) -> tuple[str | None, int]:
        """Read the longest modifier that ends right before a position, and where it begins."""
        s = self.s
        if start < 3 or s[start - 1] != " ":
            return None, start
        left = s[max(self.reader.cursor, start - 32) : start - 1]
        if left.endswith(" từ") or left == "từ":
            left = left[:-2].rstrip()
        words = left.replace("\n", " \n ").split(" ")
        for count in range(min(4, len(words)), 0, -1):
            form = " ".join(words[-count:])
            mod = self.lexicon.before.get(form)
            if mod is not None:
                previous = words[-2] if len(words) > 1 else ""
                if (form == "hơn" and previous in self.lexicon.comparatives) or (
                    form == "trên" and previous in self.lexicon.places
                ):
                    return None, start
                return mod, s.rindex(form, 0, start)
        return None, start

    def mod_after(self, end: int) -> tuple[str, int] | None:
        """Read a modifier behind a unit (`trở lên`) and its end."""
        first = TOKEN.match(self.s, end + 1) if self.s[end : end + 1] == " " else None
        if first is None:
            return None
        for form, mod in self.lexicon.after.get(first[0], ()):
            if self.s.startswith(form, end + 1):
                return mod, end + 1 + len(form)
        return None

    def with_minor(self, number: Number, unit: Unit, value: float, end: int) -> tuple[float, int]:
        """Add the small coins: `1 đô la và 42 xu`, `hai đô 23`."""
        minors = self.lexicon.minors.get(unit.symbol)
        if unit.factor != 1 or not minors:
            return value, end
        at = end + 4 if self.s.startswith(" và ", end) else end + 1
        match = SCAN.match(self.s, at) if self.s[end : end + 1] == " " else None
        if match is not None and match["number"] is not None:
            coins = parse(match[0])
            minor, minor_end = self.reader.unit(match.end())
            if coins is not None and minor is not None and minor.form in minors:
                return round(value + coins / 100, 2), minor_end
        cents = _CENTS.match(self.s, end)
        if cents is not None and number.scale == 1 and value == int(value):
            return round(value + int(cents[1]) / 100, 2), cents.end()
        return value, end

    def per(self, symbol: str, end: int, kind: Kind) -> tuple[str, int]:
        """Add what an amount is given for: `đồng/kg`, `USD mỗi thùng`.

        The words of a date (`mỗi ngày`) make a rate too, but the span leaves them to the date.
        """
        link = _PER.match(self.s, end)
        if link is None:
            return symbol, end
        at = link.end()
        first = TOKEN.match(self.s, at)
        if first is None or first[0][0].isdigit():
            return symbol, end
        slash = "/" in link[0] and kind != "count"  # `xã/phường` is no rate
        if kind == "count" and "một" in link[0]:
            return symbol, end
        group = self.lexicon.units.get(first[0], ())
        unit = self.reader.longest(group, at)
        form = unit.form if unit is not None else ""
        for length in (2, 1):
            words = self._words_at(at, length)
            if words in self.lexicon.per and len(words) > len(form):
                form, unit = words, None
                break
        if not form and slash:
            form = first[0]
        if not form:
            return symbol, end
        if not slash and (unit is None or unit.kind != "measure") and form not in self.lexicon.per:
            return symbol, end
        shown = unit.symbol if unit is not None and unit.kind == "measure" else form
        last = at + len(form)
        return f"{symbol}/{shown}", end if self.reader.is_taken(end, last) else last

    def _words_at(self, position: int, count: int) -> str:
        match = (_TWO_TOKENS if count == 2 else TOKEN).match(self.s, position)
        return match[0] if match else ""

    def minus(self, start: int) -> int:
        """Give the place of a minus sign or `âm` before a number, else the number's own."""
        before = self.s[max(0, start - 4) : start]
        if before.endswith("-") and not before[-2:-1].isalnum() and before[-2:] != "--":
            return start - 1
        return start - 3 if before in (" âm ", "âm ", "\nâm ") else start

    def counts(
        self, number: Number, unit: Unit, end: int, mod: str | None, high: Number | None
    ) -> bool:
        """Tell whether a number before a noun counts it."""
        before = self.reader.word_before(number.start)
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

    def _names(self, number: Number) -> bool:
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

    def is_large(self, number: Number, high: Number | None) -> bool:
        """Tell whether an ambiguous currency can be meant."""
        top = high or number
        return top.value >= 1000 or top.scale > 1 or number.scale > 1

    def is_weekday(self, start: int, end: int) -> bool:
        """Tell Wednesday from fourth where no date stage has done so."""
        before = self.reader.word_before(start)
        after = self.s[end : end + 8].lstrip(" ,(")
        at_start = self.s[:start].rpartition("\n")[2].strip() == ""
        return (
            before in _DAY_WORDS
            or after[:1].isdigit()
            or after.startswith(("tuần", "ngày", "tới", "này"))
            or (at_start and after[:1].isdigit())
        )
