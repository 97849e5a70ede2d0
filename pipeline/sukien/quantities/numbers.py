"""Numbers in a text with the unit behind them and the currency before them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from sukien.language import numerals
from sukien.language.numerals import NUMBER, SMALL
from sukien.language.shadow import Shadow
from sukien.quantities.lexicon import Lexicon, Unit, lexicon

__all__ = [
    "SCALE",
    "SCAN",
    "TOKEN",
    "Number",
    "Other",
    "Reader",
    "parse",
    "shared_scale",
    "thousands",
]

SCALE = r"(?:chục|trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)"
SCAN = re.compile(
    rf"(?P<number>(?:(?<![0-9])(?=[0-9])|(?<!\w)){NUMBER})"
    rf"|(?<!\w)(?:(?P<vague>(?:(?:hàng|vài|mấy|dăm|cả|vài ba) +)?{SCALE}(?: +{SCALE})*(?!\w))"
    rf"|(?P<ordinal>thứ +(?:nhất|nhì|tư|[ivx]+|[0-9]{{1,4}}|{SMALL})|đầu tiên)(?!\w)"
    r"|(?P<half>nửa)(?= ))"
)
#: A number's value, remembered: news repeats the same few hundred numbers.
parse = lru_cache(maxsize=4096)(numerals.parse)
_RUN = re.compile(r"[\w.,/:-]*\w")
TOKEN = re.compile(r"[^\W_]+")
_TRAILING_SCALE = re.compile(rf"(?: *{SCALE})+\Z")
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
_ENGLISH = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_HYPHEN = re.compile(r" ?[-–—~] ?(?=[0-9$€£])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the text, the currency before it, and a scale stuck to it (`tr`, `M`)."""

    start: int
    end: int
    text: str
    value: float
    prefix: Unit | None = None
    factor: float = 1.0

    @property
    def scale(self) -> float:
        """What the scale words at its end multiply by."""
        match = _TRAILING_SCALE.search(self.text)
        words = parse(f"1 {match[0].strip()}") if match and match.start() else None
        return float(words or 1) * self.factor


@dataclass(frozen=True, slots=True)
class Other:
    """The second number of a range, or of a change (`từ 5 lên 7`), with its unit."""

    number: Number
    changes: bool
    unit: Unit | None
    end: int


class Reader:
    """Reads numbers and units at places of one text.

    `cursor` is the end of what has been understood: nothing to the left of it is read again.
    """

    def __init__(self, shadow: Shadow, taken: Sequence[tuple[int, int]]) -> None:
        self.shadow = shadow
        self.s = shadow.lower
        self.lexicon: Lexicon = lexicon()
        self.cursor = 0
        spans = sorted(taken)
        self._taken_starts = [start for start, _ in spans]
        self._taken_ends: list[int] = []
        for _, end in spans:  # spans may overlap: ends are kept as running maxima
            last = self._taken_ends[-1] if self._taken_ends else end
            self._taken_ends.append(max(end, last))
        # The last unit read, because several questions are asked about the same place.
        self._unit_position = -1
        self._unit_found: tuple[Unit | None, int] = (None, -1)

    def number(self, match: re.Match[str], *, joined: bool = False) -> tuple[Number | None, int]:
        """Read a number with the currency before it and a scale stuck to it, if it is one.

        A number that is `joined` to one before it by a hyphen is no part of a code for that.
        """
        s, (start, end) = self.s, match.span()
        text = match[0]
        before = s[start - 1] if start else " "
        prefix = None
        if s[start].isdigit():
            if before.isalnum() or not before.isspace():
                prefix = self.prefix(start)
                if prefix is None and not joined and self._inside_code(start, before):
                    return None, self._run_end(start, end)
            elif self.word_before(start) in self.lexicon.prefixes:
                prefix = self.prefix(start)
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
        if prefix is None and not joined and text.isdigit() and self._says_nothing(start, end):
            return None, end
        value = parse(text)
        if value is None:
            return None, end
        if prefix is not None:
            start -= len(prefix.form) + (s[start - 1] == " ")
        return Number(start, end, text, value * factor, prefix, factor), end

    def _says_nothing(self, start: int, end: int) -> bool:
        """Tell early that nothing around plain digits makes them a quantity."""
        if self.unit(end)[0] is not None or self.s[end : end + 1] == "m":
            return False
        if self.word_before(start) == "tuổi":
            return False
        return _HYPHEN.match(self.s, end) is None and _link().match(self.s, end) is None

    def _inside_code(self, start: int, before: str) -> bool:
        """Tell a number that is part of something else: `F0`, `COVID-19`, `3.4.5`, `1/3`."""
        s = self.s
        if before.isalnum():
            return True
        return start > 1 and before in "-–/.,:_'" and s[start - 2].isalnum()

    def prefix(self, start: int) -> Unit | None:
        """Read the currency that ends right before a number: `$`, `USD `."""
        match = self.lexicon.prefix.search(self.s, max(0, start - 6, self.cursor), start)
        if match is None:
            return None
        code = self.lexicon.prefixes[match[1]]
        return Unit(match[1], "money", code)

    def _money_at(self, position: int) -> bool:
        unit, _ = self.unit(position)
        return unit is not None and unit.kind == "money"

    def _run_end(self, start: int, end: int) -> int:
        match = _RUN.match(self.s, start)
        return max(end, match.end()) if match else end

    def unit(self, position: int) -> tuple[Unit | None, int]:
        """Read the unit at a position (after one space or stuck to the number) and its end."""
        if position == self._unit_position:
            return self._unit_found
        self._unit_position = position
        self._unit_found = self._read_unit(position)
        return self._unit_found

    def _read_unit(self, position: int) -> tuple[Unit | None, int]:
        s = self.s
        at = position
        while at < position + 2 and s[at : at + 1] == " ":
            at += 1
        first = TOKEN.match(s, at)
        if first is None:
            for length in (3, 2, 1):
                if (unit := self.lexicon.symbols.get(s[at : at + length])) is not None:
                    return unit, min(at + length, len(s))
            first_word = s[at : at + 1]
        else:
            first_word = first[0]
        group = self.lexicon.units.get(first_word)
        if group is None:
            return None, position
        unit = self.longest(group, at)
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

    def longest(self, group: tuple[Unit, ...], at: int) -> Unit | None:
        """Give the first unit of a group (longest first) that stands at a place as whole words."""
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
        first = TOKEN.match(self.s, position + 1)
        if first is None:
            return None
        group = self.lexicon.nouns.get(first[0])
        return self.longest(group, position + 1) if group else None

    def other_end(self, number: Number, end: int) -> Other | None:
        """Read the other end of a range, or of a change, behind a number and its unit."""
        link, changes = _HYPHEN.match(self.s, end), False
        if link is None:
            link = _link().match(self.s, end)
            if link is None or (link["and"] and self.word_before(number.start) != "giữa"):
                return None
            changes = link["change"] is not None
        currency = self.lexicon.prefix_ahead.match(self.s, link.end())
        match = SCAN.match(self.s, currency.end() if currency else link.end())
        if match is None or match["number"] is None or self.is_taken(*match.span()):
            return None
        kept, self.cursor = self.cursor, link.end()
        # Behind a hyphen that joins two numbers, the second is no part of a code.
        other, _ = self.number(match, joined=True)
        self.cursor = kept
        if other is None:
            return None
        unit, unit_end = self.unit_of(other)
        return Other(other, changes, unit, unit_end)

    def unit_of(self, number: Number) -> tuple[Unit | None, int]:
        """Read the unit of a number: behind it, else the currency before it."""
        unit, end = self.unit(number.end)
        if number.prefix is not None and (unit is None or unit.kind != "money"):
            return number.prefix, number.end
        return unit, end

    def word_before(self, start: int) -> str:
        """Give the word before a place, without an opening bracket or quotation mark."""
        left = self.s[max(0, start - 16) : start].rstrip(" ")
        return left.replace("\n", " \n ").rpartition(" ")[2].lstrip("(“\"'")

    def is_taken(self, start: int, end: int) -> bool:
        """Tell whether a span of the shadow overlaps a span that others have taken."""
        if not self._taken_starts:
            return False
        first, last = self.shadow.span(start, end)
        before = bisect_right(self._taken_starts, last - 1)
        return before > 0 and self._taken_ends[before - 1] > first


def shared_scale(first: Number, second: Number) -> Number:
    """Give the first number of a range the scale word that stands behind the second only.

    `10 đến 15 triệu` shares it, `800 - 1,2 tỷ` the scale below it.
    """
    scale = second.scale
    if scale == 1 or first.scale != 1 or first.value >= 1000:
        return first
    for factor in (scale, scale / 1000):
        if factor >= 1 and first.value * factor < second.value:
            return replace(first, value=first.value * factor)
    return first


def thousands(number: Number, unit: Unit) -> Number:
    """Read `23,000 USD` the English way: nobody writes thousandths of a coin or of a person."""
    if number.factor != 1 or not _ENGLISH.fullmatch(number.text):
        return number
    if unit.kind in ("count", "money") or (number.text.endswith("000") and unit.kind != "percent"):
        return replace(number, value=float(number.text.replace(",", "")))
    return number


@cache
def _link() -> re.Pattern[str]:
    """Words between the two ends of a range, or of a change."""
    words = lexicon()
    return re.compile(
        rf" (?:(?P<to>{words.to})|(?P<and>và)|(?P<change>{words.change})) "
        r"(?:(?:khoảng|gần|hơn|dưới|trên) )?(?=\S)"
    )
