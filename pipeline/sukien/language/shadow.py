"""A normalised copy of a text beside the text itself, with a map of offsets between them.

Everything that reads the text for meaning reads the shadow; everything that is written out is
cut from the text. So `hoà`/`hòa`, NFD, `ð`, no-break spaces and zero-width characters
read alike, and offsets stay true.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import cached_property

__all__ = ["Shadow", "fold_tone"]

# Zero-width and direction marks carry no reading; they vanish from the shadow.
_DROPPED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"

# One character for one: dashes, quotation marks and look-alike letters keep their length.
_ONE_TO_ONE = {
    **dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u0189\u00d0", "Đ"),
    **dict.fromkeys("\u0256\u00f0", "đ"),
    **dict.fromkeys("\u2044\uff0f", "/"),
    "\uff0c": ",",
}

# Anything here sends a text down the slow path, which maps offsets character by character.
_NEEDS_MAP = re.compile(f"[{_DROPPED}\u0300-\u036f]")
_ODD = re.compile(f"[{_SPACES}{_CONTROLS}{''.join(_ONE_TO_ONE)}]")

_OLD = re.findall("..", "òaóaỏaõaọaòeóeỏeõeọeùyúyủyũyụy")
_NEW = re.findall("..", "oàoáoảoãoạoèoéoẻoẽoẹuỳuýuỷuỹuỵ")
_TONE = {
    form(new): form(old)
    for new, old in zip(_NEW, _OLD, strict=True)
    for form in (str.lower, str.title, str.upper)
}
# `oà` ends its syllable in both styles; `oàn`, `quý` and `quỳ` are written one way only.
_NEW_STYLE = re.compile(
    "[oOuU](?:(?<=[oO])[àáảãạèéẻẽẹ]|(?<=O)[ÀÁẢÃẠÈÉẺẼẸ]"
    "|(?<=[uU])(?<![qQ][uU])[ỳýỷỹỵ]|(?<=U)(?<![qQ]U)[ỲÝỶỸỴ])(?![^\\W\\d_])"
)


def fold_tone(text: str) -> str:
    """Write the tone mark on the first vowel of oa, oe, uy (`hoà` becomes `hòa`); length is kept.

    >>> fold_tone("Hoà bình, thuỷ lợi, quý hoá, khoản")
    'Hòa bình, thủy lợi, quý hóa, khoản'
    """
    return _NEW_STYLE.sub(lambda match: _TONE[match[0]], text)


def _even(match: re.Match[str]) -> str:
    return _ONE_TO_ONE.get(match[0], " ")


class Shadow:
    """A text, its normalised copy `norm`, and the way back from `norm` to the text.

    `norm` is NFC with tone marks in one style, `ð` read as `đ`, special spaces and control
    characters as a space, dashes of a word as `-`, zero-width characters left out. Line ends
    stay. `lower` is `norm` in lower case, of the same length.

    >>> shadow = Shadow("Tha\u0300nh\u200b phố Hoà Bình")
    >>> shadow.norm
    'Thành phố Hòa Bình'
    >>> shadow.span(0, 5), shadow.text[0:6]
    ((0, 6), 'Tha\u0300nh')
    """

    __slots__ = ("__dict__", "_ends", "_starts", "norm", "text")

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"text must be str, not {type(text).__name__}; decode bytes first")
        self.text = text
        self._starts: array[int] | None = None
        self._ends: array[int] | None = None
        plain = text
        # NFC of already composed text is a fast check in C; most news passes it.
        if _NEEDS_MAP.search(text) or not unicodedata.is_normalized("NFC", text):
            plain = self._map(text)
        if _ODD.search(plain):
            plain = _ODD.sub(_even, plain)
        self.norm = fold_tone(plain)

    def _map(self, text: str) -> str:
        """Compose letter by letter, noting where each piece of the result stands in `text`."""
        starts, ends, out = array("l"), array("l"), []
        for match in re.finditer(f"[{_DROPPED}]+|[^\u0300-\u036f]?[\u0300-\u036f]+|.", text, re.S):
            piece = match[0]
            if re.match(f"[{_DROPPED}]", piece):
                continue
            composed = unicodedata.normalize("NFC", piece)
            if len(composed) > len(piece):
                composed = piece  # a letter that Unicode never composes
            # The first letter takes in what was composed; marks left over stand for themselves.
            head = match.end() - len(composed) + 1
            out.append(composed)
            starts.append(match.start())
            starts.extend(range(head, match.end()))
            ends.append(head)
            ends.extend(range(head + 1, match.end() + 1))
        self._starts, self._ends = starts, ends
        return "".join(out)

    @cached_property
    def lower(self) -> str:
        """`norm` in lower case, position by position."""
        lowered = self.norm.lower()
        if len(lowered) == len(self.norm):
            return lowered
        return "".join(c if len(c.lower()) != 1 else c.lower() for c in self.norm)

    @property
    def maps(self) -> bool:
        """Whether offsets of `norm` differ from those of the text."""
        return self._starts is not None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a non-empty half-open span of `norm` into the span of the text it stands for."""
        if self._starts is None or self._ends is None:
            return start, end
        return self._starts[start], self._ends[end - 1]

    def __len__(self) -> int:
        return len(self.norm)
