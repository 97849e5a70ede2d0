"""The value of one expression, and what the readers of all kinds share."""

from __future__ import annotations

from datetime import date

from sukien import lunar
from sukien.dates.context import Context
from sukien.dates.items import Item
from sukien.dates.periods import Period
from sukien.dates.story import sentence_year, story_year
from sukien.dates.timex import Anchor, Calendar
from sukien.dates.words import number_of

__all__ = ["Reading", "direction", "january", "safe_date", "years_of"]

_NEXT = {"sau", "tới", "sắp tới", "tới đây", "kế tiếp", "tiếp theo", "kế"}
_LAST = {"trước", "qua", "rồi", "ngoái", "vừa qua", "vừa rồi", "mới qua", "mới rồi", "mới đây"}


class Reading:
    """The value of an expression and how it was come by."""

    __slots__ = ("anchor", "calendar", "mod", "period", "type")

    def __init__(
        self,
        period: Period,
        anchor: Anchor = "none",
        calendar: Calendar = "solar",
        kind: str = "DATE",
        mod: str | None = None,
    ) -> None:
        self.period = period
        self.anchor: Anchor = anchor
        self.calendar: Calendar = calendar
        self.type = kind
        self.mod = mod


def direction(word: str | None) -> int:
    """-1, 0 or 1 for trước, này, tới and their like.

    >>> direction("ngoái"), direction("này"), direction("sau")
    (-1, 0, 1)
    """
    word = " ".join((word or "").split())
    if word in _NEXT:
        return 1
    if word in {"kia", "kìa"}:
        return -2
    return -1 if word in _LAST else 0


def safe_date(y: int, m: int, d: int) -> date | None:
    """The date, None where there is none."""
    try:
        return date(y, m, d)
    except ValueError:
        return None


def january(context: Context, item: Item) -> bool:
    """Whether `tháng Giêng` is January: `kỳ chuyển nhượng tháng Giêng`, not `hội tháng Giêng`."""
    if item.slots.get("m") != "giêng" or not item.slots.keys().isdisjoint(("al", "yc", "mung")):
        return False
    phrases = context.scan.grammar.phrases
    begin, end = context.scan.sentence(item.start)
    text = context.scan.text
    return (
        phrases["western"].search(text, begin, end) is not None
        and phrases["lunar"].search(text, begin, end) is None
    )


def years_of(context: Context, item: Item) -> int | None:
    """The year an expression states, in digits, words, by deixis or a can-chi name; else None."""
    slots = item.slots
    today, _ = context.anchor_of(item)
    near = today.year if today else 2020
    if text := slots.get("y"):
        y = number_of(text)
        if y is not None and len(text) == 2 and item.kind == "point":
            # Two digits: the last such year that is not ahead of the reference year.
            y += near // 100 * 100
            y -= 100 if y > near else 0
        return y
    if text := slots.get("yc"):
        # The last such year, next year included: news seldom looks further ahead.
        return lunar.named_year(text, near - 28)
    word = slots.get("yr")
    if "ys" in slots or word in {"đó", "ấy", "cùng năm", "trước đó", "sau đó"}:
        last = context.last.first if context.last else None
        shift = {"trước đó": -1, "sau đó": 1}.get(word or "", 0)
        return last.year + shift if last else None
    if word and today:
        return today.year + direction(word)
    if "m" in slots or "q" in slots:
        y = context.adjacent_year(item)
        if y is not None:
            slots["adjacent"] = str(y)  # what a list goes on with
            return y
        month = number_of(slots.get("m"))
        if month is None:
            return sentence_year(context, item) if item.kind == "quarter" else None
        return story_year(context, item, month)
    return None
