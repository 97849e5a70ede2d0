"""Vietnamese numbers in digits, in words and mixed: a pattern to embed, and their values.

`1.234,5` groups with points and has a decimal comma; `1,234.5` is read the English way only
where no Vietnamese reading exists. In words, `năm` after `mươi` or `nghìn` is the noun *year*
(five is `lăm` there), so `hai mươi năm` is 20 and then a year.

>>> parse("1.234,5"), parse("hai mươi lăm"), parse("3 triệu rưỡi"), parse("2 nghìn tỷ")
(1234.5, 25, 3500000, 2000000000000)
>>> parse("hai năm") is None
True
"""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["DIGITS", "NUMBER", "SMALL", "parse"]

_UNITS = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "nhăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
_SCALES = {
    "nghìn": 10**3,
    "ngàn": 10**3,
    "k": 10**3,
    "vạn": 10**4,
    "triệu": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
}
_SUFFIXES = {"k": 10**3, "m": 10**6, "g": 10**9}

# Points group thousands, a comma starts decimals; the English way needs a point after commas or
# two commas, else "1,234" is one and a quarter. Repetitions are bounded, so that a page of
# digits costs linear time.
DIGITS = (
    r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,9}(?![0-9])(?:,[0-9]+)?"
    r"|[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,9}(?![0-9])(?:\.[0-9]+)?|(?:,[0-9]{3}){1,9}\.[0-9]+)"
    r"|[0-9]+(?:[.,][0-9]+)?)"
)
_DIGIT = r"(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)"
_AFTER_TEN = r"(?:một|mốt|hai|ba|bốn|tư|lăm|nhăm|sáu|bảy|bẩy|tám|chín)\b"
_TENS = (
    rf"(?:{_DIGIT} +mươi\b(?: +{_AFTER_TEN})?|mười\b(?: +{_AFTER_TEN})?"
    rf"|{_DIGIT} +chục\b|{_DIGIT} +(?:lăm|nhăm|mốt)\b|hăm +{_AFTER_TEN})"
)
_HUNDREDS = (
    rf"(?:(?:{_DIGIT}|không) +trăm\b"
    rf"(?: +(?:(?:linh|lẻ) +{_DIGIT}\b|{_TENS}|rưỡi\b|(?:mốt|tư|lăm|nhăm)\b))?)"
)
#: Whole numbers below a thousand in words.
SMALL = rf"(?:{_HUNDREDS}|{_TENS}|(?:{_DIGIT}|không)\b)"
# `triệu phú`, `tỷ lệ` are other words.
_SCALE = (
    r"(?:nghìn|ngàn|vạn|triệu(?! +phú\b)|(?:tỷ|tỉ)"
    r"(?! +(?:phú|lệ|số|trọng|suất|mỉ|đối)\b))\b"
)
_TAIL = (
    rf"(?: +(?:(?:{DIGITS}|{SMALL}) +{_SCALE}(?: +{_SCALE})?|{_HUNDREDS}|{_TENS}"
    rf"|(?:linh|lẻ) +{_DIGIT}\b|rưỡi\b|(?:mốt|tư|lăm|nhăm)\b)){{0,6}}"
)
_POINT = rf"(?: +(?:phẩy|chấm) +(?:[0-9]+|{_TENS}|(?:{_DIGIT}|không)\b))?"
#: Any number; begin it at a boundary (`(?<!\w)`), over lower-case text.
NUMBER = (
    rf"(?:{DIGITS}k\b|nửa +{_SCALE}(?: +{_SCALE})?"
    rf"|(?:{DIGITS}{_POINT}(?: +(?:chục|trăm)\b)?|{SMALL}{_POINT})"
    rf"(?: +{_SCALE}(?: +{_SCALE})?{_TAIL})?)"
)

_SYLLABLE = re.compile(r"[0-9.,]*[0-9]|[^\W\d_]+|\S")
_VALID_DIGITS = re.compile(rf"{DIGITS}|,[0-9]+")
_POINTED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}|[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+")


def _digits(token: str) -> Fraction | None:
    """Read a number in digits.

    >>> _digits("15.000"), _digits("0.125"), _digits("1,234.5")
    (Fraction(15000, 1), Fraction(1, 8), Fraction(2469, 2))
    """
    if not _VALID_DIGITS.fullmatch(token):
        return None
    whole, _, decimals = token.partition(",")
    if _ENGLISH.match(token):
        plain = token.replace(",", "")
    elif decimals or token.startswith(",") or _POINTED.fullmatch(whole):
        plain = f"{whole.replace('.', '') or '0'}.{decimals or '0'}"
    else:
        plain = token
    return Fraction(plain)


class _Sum:
    """The value of a number read from left to right."""

    def __init__(self) -> None:
        self.terms: list[Fraction] = []  # closed by a scale word, largest first
        self.group: Fraction | None = None  # below the next scale word
        self.last: Fraction | None = None  # what a following `mươi` or `trăm` multiplies
        self.scale = Fraction(1)  # what `rưỡi` halves
        self.previous = ""

    def digit(self, word: str) -> bool:
        value = Fraction(_UNITS[word])
        if word in {"mốt", "tư", "lăm", "nhăm"} and self.previous not in {"mươi", "mười", "hăm"}:
            return self._shortened(value)
        if self.group is None or self.previous in {"linh", "lẻ", "mươi", "mười", "hăm", "trăm"}:
            self.group = (self.group or Fraction(0)) + value
            self.last = value
            return True
        return False

    def _shortened(self, value: Fraction) -> bool:
        # `hai lăm` is 25, `triệu tư` 1,400,000, `trăm mốt` 110.
        if self.previous in _UNITS and self.group is not None:
            self.group = self.group * 10 + value
        elif self.scale > 1:
            part = value * self.scale / 10
            if self.group is None:
                self.terms.append(part)
            else:
                self.group += part
        else:
            return False
        return True

    def ten(self, word: str) -> bool:
        if word in {"mười", "hăm"}:
            self.group = (self.group or Fraction(0)) + (10 if word == "mười" else 20)
            return True
        factor = 100 if word == "trăm" else 10
        if word == "trăm" or self.last is None or self.group is None:
            self.group = (self.group if self.group is not None else Fraction(1)) * factor
        else:
            self.group += self.last * (factor - 1)
        self.last = None
        self.scale = Fraction(factor)
        return True

    def close(self, scale: int) -> bool:
        value = self.group
        if value is None and not self.terms:
            value = Fraction(1)
        total = value or Fraction(0)
        while self.terms and self.terms[-1] < scale:
            total += self.terms.pop()
        if not total:
            return False
        self.terms.append(total * scale)
        self.group = self.last = None
        self.scale = Fraction(scale)
        return True


def parse(text: str) -> float | int | None:
    """Read a Vietnamese number; None where the text is not one number and nothing else.

    A whole number comes back as `int`. `k`, `M`, `G` after digits are thousand, million and
    billion (`G` and `M` in capitals only, `m` and `g` being metre and gram).

    >>> parse("15.000"), parse("1,2 triệu"), parse("một trăm linh năm"), parse("nửa triệu")
    (15000, 1200000, 105, 500000)
    >>> parse("hai phẩy năm"), parse("100K"), parse("ba trăm rưỡi"), parse("mười lăm nghìn tỷ")
    (2.5, 100000, 350, 15000000000000)
    >>> parse("số") is None
    True
    """
    text = text.strip()
    sign = -1 if text[:1] in {"-", "\u2212"} else 1
    text = text[1:] if sign < 0 else text
    factor = 1
    if len(text) > 1 and text[-1] in "kKMG" and text[-2].isdigit():
        factor = _SUFFIXES[text[-1].lower()]
        text = text[:-1]
    value = _words(_SYLLABLE.findall(text.lower()))
    if value is None:
        return None
    value *= sign * factor
    return int(value) if value.denominator == 1 else float(value)


def _words(tokens: list[str]) -> Fraction | None:
    if not tokens:
        return None
    number = _Sum()
    for index, token in enumerate(tokens):
        if token[0].isdigit() or token[0] in ",.":
            value = _digits(token)
            if value is None or number.group is not None:
                return None
            number.group = number.last = value
            done = True
        elif token in {"phẩy", "chấm"}:
            return _with_decimals(number, tokens[index + 1 :])
        elif token in _UNITS:
            done = number.digit(token)
        elif token in {"mười", "mươi", "chục", "trăm", "hăm"}:
            done = number.ten(token)
        elif token in _SCALES:
            done = number.close(_SCALES[token])
        elif token == "rưỡi":
            done = number.scale > 1
            number.group = (number.group or Fraction(0)) + number.scale / 2
        elif token == "nửa":
            done = index == 0
            number.group = Fraction(1, 2)
        else:
            done = token in {"linh", "lẻ"} and index > 0
        if not done:
            return None
        number.previous = token
    if number.previous in {"linh", "lẻ"}:
        return None
    return sum(number.terms, number.group or Fraction(0))


def _with_decimals(number: _Sum, tokens: list[str]) -> Fraction | None:
    # The decimals end where a scale word begins: `hai phẩy năm triệu`.
    count = next((i for i, token in enumerate(tokens) if token in _SCALES), len(tokens))
    decimals = tokens[:count]
    if number.group is None or number.terms or not decimals:
        return None
    if all(token in _UNITS for token in decimals):
        digits = "".join(str(_UNITS[token]) for token in decimals)
    else:
        value = _words(decimals)
        if value is None or value.denominator != 1:
            return None
        digits = decimals[0] if decimals[0].isdigit() else str(value)
    total = number.group + Fraction(int(digits), 10 ** len(digits))
    for token in tokens[count:]:
        if token not in _SCALES:
            return None
        total *= _SCALES[token]
    return total
