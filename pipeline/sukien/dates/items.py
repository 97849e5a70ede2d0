"""An expression that was recognised and not yet given a value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sukien.dates.grammar import Grammar

__all__ = ["Item", "Scan", "linked"]

_TOKEN = re.compile(r"\w+|[^\w ]")
_SENTENCE_END = re.compile(r"[.!?…][\"”’)\]]*\s|\n")


@dataclass(slots=True)
class Item:
    """A recognised expression: its place in the scanned text, its rule and its slots."""

    start: int
    end: int
    name: str
    kind: str
    slots: dict[str, str]
    core: int  # where the expression begins without its modifiers
    value: str | None = None
    mods: list[str] = field(default_factory=list)
    index: int = -1  # its number among the items found
    link: str | None = None  # how it is joined to the item before: range or list


@dataclass(slots=True)
class Scan:
    """The text being scanned (lower case, one line end before and after) and what was found."""

    text: str
    norm: str
    grammar: Grammar
    names: list[tuple[int, int]]
    items: list[Item] = field(default_factory=list)
    _sentence: tuple[int, int] = (0, 0)
    _left: dict[int, tuple[str, str]] = field(default_factory=dict)

    def left(self, start: int) -> tuple[str, str]:
        """The word (or mark) before a place and the one before that, "" where there is none."""
        if (known := self._left.get(start)) is not None:
            return known
        tokens = _TOKEN.findall(self.text, max(0, start - 30), start)
        if not tokens or tokens[-1] == "\n":
            words = "", ""
        else:
            words = tokens[-1], tokens[-2] if len(tokens) > 1 and tokens[-2] != "\n" else ""
        self._left[start] = words
        return words

    def sentence(self, start: int) -> tuple[int, int]:
        """The bounds of the sentence around a place, at most 400 characters either way."""
        if not self._sentence[0] <= start < self._sentence[1]:
            begin, end = max(0, start - 400), min(len(self.text), start + 400)
            for match in _SENTENCE_END.finditer(self.text, begin, start):
                begin = match.end()
            after = _SENTENCE_END.search(self.text, start, end)
            self._sentence = (begin, after.end() if after else end)
        return self._sentence

    def stops(self, end: int) -> bool:
        """Whether a clause ends, or a function word follows, at a place."""
        return self.grammar.phrases["stop"].match(self.text, end) is not None

    def counted(self, end: int) -> bool:
        """Whether a counted noun follows: `3/4 dân số`, `2023 người`."""
        return self.grammar.phrases["counted"].match(self.text, end) is not None

    def after_law(self, start: int) -> bool:
        """Whether the number of a law or a letter stands here: `Thông tư 12/2023`."""
        return self.grammar.phrases["law"].search(self.text, max(0, start - 25), start) is not None

    def in_name(self, start: int, end: int) -> bool:
        """Whether a place lies inside a longer name."""
        return any(s <= start and end <= e and e - s > end - start for s, e in self.names)


def linked(scan: Scan, item: Item) -> bool:
    """Whether only a connector stands between the item and the one before."""
    if not scan.items:
        return False
    gap = scan.text[scan.items[-1].end : item.start]
    return bool(gap) and len(gap) < 16 and bool(scan.grammar.connector.fullmatch(gap))
