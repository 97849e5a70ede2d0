"""What the value of an expression hangs on: the reference day, tense, and the dates before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from sukien.dates.items import Item, Scan
from sukien.dates.periods import Period
from sukien.dates.timex import Anchor

__all__ = ["Context", "Reference", "read_reference"]

_IF = re.compile(r"\bnếu\b")
_DEADLINES = {("nhất", "chậm"), ("nhất", "muộn"), ("chót", "hạn"), ("cuối", "hạn"), ("là", "cuối")}
_NEAR = 2  # days before the reference that news tells of hour by hour
Prefer = Literal["past", "future"]
_OPEN, _CLOSE = '“«"', '”»"'


@dataclass(frozen=True, slots=True)
class Reference:
    """The day, and where known the time of day, from which deictics count."""

    day: date
    time: tuple[int, int, int] | None = None


def read_reference(reference: str | date | datetime | None) -> Reference | None:
    """Read a reference; None for None or a text that is no ISO date.

    >>> read_reference("2024-03-20T15:30:00+07:00").time
    (15, 30, 0)
    >>> read_reference("yesterday") is None
    True
    """
    if isinstance(reference, datetime):
        return Reference(reference.date(), (reference.hour, reference.minute, reference.second))
    if isinstance(reference, date):
        return Reference(reference)
    if not isinstance(reference, str):
        return None
    text = reference.strip()
    try:
        if len(text) <= 10:
            return Reference(date.fromisoformat(text))
        return read_reference(datetime.fromisoformat(text))
    except ValueError:
        try:
            return Reference(date.fromisoformat(text[:10]))
        except ValueError:
            return None


@dataclass(slots=True)
class Context:
    """The state of reading one text from left to right."""

    scan: Scan
    reference: Reference | None
    prefer: Prefer | None
    source: Anchor = "none"
    last_day: date | None = None
    last_day_end: int = -1
    last_set_end: int = -1
    open_day: Period | None = None  # a day told last whose year is not known
    last: Period | None = None
    last_end: int = -1
    span: Period | None = None  # the last quarter, half, month or run of months (for cùng kỳ)
    day_marks: list[tuple[int, date]] = field(default_factory=list)
    hours: dict[date, str] = field(default_factory=dict)  # what of a day was told last
    years: set[int] = field(default_factory=set)  # of the days told
    near: set[date] = field(default_factory=set)  # days told right before the reference
    open_clock_end: int = -1  # where a clock time stood that is every day's
    moment: datetime | None = None  # the clock time told last, and where it ended
    moment_end: int = -1

    @property
    def today(self) -> date | None:
        """The reference day, else the nearest earlier date in the text."""
        return self.reference.day if self.reference else self.last_day

    def anchor_of(self, item: Item) -> tuple[date | None, Anchor]:
        """The day a deictic counts from and where it was taken from.

        Inside a quotation whose sentence was dated before the quote opened, it is that date.
        """
        if self.day_marks and (quoted := self._quote_day(item)):
            return quoted, "quote"
        if self.reference:
            return self.reference.day, self.source
        if self.last_day:
            return self.last_day, "context"
        return None, "none"

    def _quote_day(self, item: Item) -> date | None:
        text = self.scan.text
        begin = max(text.rfind("\n", 0, item.start), item.start - 600) + 1
        place = item.start
        opened = max(text.rfind("“", begin, place), text.rfind("«", begin, place))
        if opened >= 0 and max(text.rfind("”", opened, place), text.rfind("»", opened, place)) > 0:
            return None
        if opened < 0 and text.count('"', begin, place) % 2:
            opened = text.rfind('"', begin, place)
        if opened < 0:
            return None
        # The day named in the words that introduce the quote.
        lead = max(text.rfind(mark, begin, opened) for mark in (". ", "! ", "? ", "\n", "”"))
        lead = max(lead, begin - 1)
        for end, day in reversed(self.day_marks):
            if end <= opened:
                return day if end > lead else None
        return None

    def tense(self, item: Item) -> Literal["past", "future", "open"]:
        """Whether the clause speaks of the past or of plans."""
        if self.prefer:
            return self.prefer
        begin, end = self.scan.sentence(item.start)
        text, phrases = self.scan.text, self.scan.grammar.phrases
        if phrases["future"].search(text, begin, end) or "BEFORE" in item.mods:
            return "future"
        if _IF.search(text, begin, min(end, item.end + 5)):
            return "future"
        return "past" if phrases["past"].search(text, begin, item.start) else "open"

    def generic(self, item: Item) -> bool:
        """Whether the sentence tells a habit, so that a bare month is every year's."""
        begin, end = self.scan.sentence(item.start)
        end = min(end, item.end + 25)
        return self.scan.grammar.phrases["generic"].search(self.scan.text, begin, end) is not None

    def nearest(self, item: Item, candidates: list[tuple[int, int]]) -> int:
        """Pick among (distance, key) the likeliest key; distances after today are positive.

        News tells of the past: without a word of plans a date ahead counts twice as far. Where
        a preference was asked for, only that side (or today) counts.
        """
        tense = self.tense(item)
        if self.scan.left(item.start)[0] == "hồi":
            candidates = [c for c in candidates if c[0] <= 0] or candidates
        if self.prefer == "future":
            candidates = [c for c in candidates if c[0] >= 0] or candidates
        elif self.prefer == "past":
            candidates = [c for c in candidates if c[0] <= 0] or candidates
        ahead = {"past": 6, "open": 2, "future": 1}[tense]
        behind = 3 if tense == "future" else 1
        if tense == "open" and item.kind in {"quarter", "month"}:
            ahead = 5
        if tense == "open" and self.scan.left(item.start) == ("từ", ""):
            ahead, behind = 1, 2  # `Từ tháng 9, học sinh được miễn phí`
        if self.scan.left(item.start) in _DEADLINES:
            behind = 10
        return min(candidates, key=lambda c: c[0] * ahead if c[0] > 0 else -c[0] * behind)[1]

    def note(self, item: Item, period: Period, day: date | None) -> None:
        """Remember a resolved expression for those that lean on it."""
        self.last, self.last_end = period, item.end
        if day is not None:
            self.open_day = None
            self.last_day, self.last_day_end = day, item.end
            self.day_marks.append((item.end, day))
            self.hours[day] = period.value[10:]
            self.years.add(day.year)
            if self.reference and 0 <= (self.reference.day - day).days <= _NEAR:
                self.near.add(day)
        if period.granularity in {"hour", "minute", "second"} and day is not None:
            # A time in parentheses tells the one before it in another zone.
            if self.scan.text[item.start - 1] != "(" or self.moment_end < item.start - 40:
                hour, minute = int(period.value[11:13]), int(period.value[14:16])
                told = datetime.combine(
                    date.fromisoformat(period.value[:10]), time(hour % 24, minute)
                )
                self.moment, self.moment_end = told, item.end
        elif day is not None and self.scan.text[item.start - 1] != "(":
            self.moment = None

    def adjacent_year(self, item: Item) -> int | None:
        """The year told right before: `Năm 1945, ngày 2/9`."""
        last = self.last
        if last is None or last.granularity != "year" or last.first is None:
            return None
        gap = self.scan.text[self.last_end : item.start]
        return last.first.year if re.fullmatch(r",? (?:vào |hồi |trong |từ |đến )?", gap) else None


def next_weekday(day: date, weekday: int) -> date:
    """The first such weekday after a day."""
    return day + timedelta(days=(weekday - day.isoweekday() - 1) % 7 + 1)
