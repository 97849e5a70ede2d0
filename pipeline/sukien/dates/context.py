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

_EVERY = re.compile(r"\b(?:hàng|hằng|mỗi|các) (?:ngày|tuần|đêm|sáng|chiều|tối)\b")
_IF = re.compile(r"\bnếu\b")
_OPENING = re.compile(
    r"\b(?:mở cửa|đóng cửa|khung giờ|giờ vàng|giờ làm|lịch chiếu|phục vụ|bán vé)"
    r" (?:từ|lúc|đến|vào|\()"
)
_DEADLINES = {("nhất", "chậm"), ("nhất", "muộn"), ("chót", "hạn"), ("cuối", "hạn"), ("là", "cuối")}
_NEWS_DAYS = 40  # how far back the events of a report lie
_STORY_REACH = 600  # characters over which a story of years ago goes on
_EARLY = 6  # the hour before which it is still night
_HABIT_REACH = 300  # characters over which a habit holds
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

    def story_year(self, item: Item, month: int) -> int | None:
        """The year of a story told about years ago, for a day or month that names none.

        It goes on from a dated day or month of the same paragraph (`Ngày 17/2/1979, … Ngày 5/3, …`)
        or, where all days told so far are of one such year, from further back. `hôm 5/3` does not.
        """
        last, today = self.last, self.today
        if self.scan.text.startswith("hôm ", item.core):
            return None
        if "d" in item.slots and (year := self._whole_story_year(item)):
            return year
        if self.prefer or not last or not last.first or not today or "tail" in item.slots:
            return None
        if year := self.sentence_year(item):
            return year
        if last.granularity in {"year", "quarter", "half", "decade", "century"}:
            return None
        if last.first.year > today.year - 2 or not 0 <= item.start - self.last_end < 250:
            return None
        if "\n" in self.scan.text[self.last_end : item.start] or self.tense(item) == "future":
            return None
        return last.first.year + (1 if month < last.first.month - 6 else 0)

    def sentence_year(self, item: Item) -> int | None:
        """The year that opens the sentence (`Năm 1992, anh ở Huế; tháng 11, …`).

        A quarter takes any year told last in its sentence.
        """
        last = self.last
        if self.prefer or last is None or last.granularity != "year" or last.first is None:
            return None
        begin, _ = self.scan.sentence(item.start)
        if self.last_end < begin:
            return self._opening_year(item, last.first.year)
        opens = self.last_end - 8 < begin + 10
        return last.first.year if opens or item.kind == "quarter" else None

    def _opening_year(self, item: Item, year: int) -> int | None:
        """A year of long ago that opened the sentence before: `Năm 1997, … . Ngày 2/11, …`."""
        text, today = self.scan.text, self.today
        if today is None or year > today.year - 2 or item.start - self.last_end > _STORY_REACH:
            return None
        if "\n" in text[self.last_end : item.start] or self.tense(item) == "future":
            return None
        begin, _ = self.scan.sentence(max(0, self.last_end - 1))
        return year if self.last_end - 8 < begin + 10 else None

    def _whole_story_year(self, item: Item) -> int | None:
        """The year of all days told so far, where it is long ago and told as a story."""
        today, marks = self.today, self.day_marks
        if self.prefer or today is None or not marks or "tail" in item.slots:
            return None
        end, last = marks[-1]
        if last.year > today.year - 2 or self.tense(item) == "future":
            return None
        if all(day.year == last.year for _, day in marks):
            begin, _ = self.scan.sentence(marks[0][0])
            # `Chiều ngày 29/3/2003, …`, not `ông A (sinh ngày …)`.
            opening = self.scan.text[begin : marks[0][0]]
            born = "(" in opening or "sinh " in opening
            if (len(opening) < 26 and not born) or len(marks) > 2:
                return last.year
        told_twice = len(marks) > 1 and marks[-2][1].year == last.year
        return last.year if told_twice and item.start - end < _STORY_REACH else None

    def story_day(self, item: Item) -> date | None:
        """The day that `cùng ngày`, `hôm sau` or `hai ngày sau` lean on.

        The day told last; one of years ago, told in passing in a paragraph before, gives way to
        the last day of the news itself.
        """
        last, reference = self.last_day, self.reference
        if last is None or reference is None or self.prefer:
            return last
        if "\n" not in self.scan.text[self.last_day_end : item.start]:
            return last
        news = [0 <= (reference.day - day).days <= _NEWS_DAYS for _, day in self.day_marks[-2:]]
        if news[-1] or not any(news):
            return last
        return self.day_marks[-2][1]

    def _habitual(self, item: Item) -> bool:
        """Whether a set, or a clock time of every day, was told since the last day."""
        near = self.last_set_end > self.last_day_end
        if near and "\n" not in self.scan.text[self.last_set_end : item.start]:
            return True
        opened = self.open_clock_end
        return opened > self.last_day_end and item.start - opened < _HABIT_REACH

    def clock_day(
        self, item: Item, moment: tuple[int, int] | None = None
    ) -> tuple[date | None, Anchor]:
        """The day of a clock time, or a part of the day, that names none.

        The day told last in the paragraph; else the latest of the days around the reference, or
        the reference itself. Amid habits (`hàng ngày`, `các ngày thứ 3`) it stays open.
        """
        if self.prefer and self.reference:
            return self.reference.day, self.source
        following = self.scan.text[item.end : item.end + 30].partition(",")[0]
        text = self.scan.text
        if _EVERY.search(following) or self._habitual(item):
            self.open_clock_end = item.end
            return None, "none"
        if self.reference is None:
            return self.last_day and self._after_dark(self.last_day, moment), "context"
        today, future = self.reference.day, self.tense(item) == "future"
        here = self.last_day is not None and "\n" not in text[self.last_day_end : item.start]
        if here and self.last_day and (future or self.last_day <= today):
            return self._after_dark(self.last_day, moment), "context"
        near = {day for _, day in self.day_marks if 0 <= (today - day).days <= 2}
        begin, end = self.scan.sentence(item.start)
        if _OPENING.search(text, begin, end):
            return None, "none"
        if not near:
            if self.generic(item) or item.slots.get("part", "").startswith("buổi"):
                return None, "none"  # `buổi sáng` may be that of any day
            return today, self.source
        days = sorted(near, reverse=True)
        if not future:
            days = [d for d in (*days, self.last_day) if d and not self._to_come(d, moment)] or days
        return self._after_dark(days[0], moment), "context"

    def _to_come(self, day: date, moment: tuple[int, int] | None) -> bool:
        """Whether an hour of a day lies after the reference."""
        if self.reference is None or day != self.reference.day:
            return self.reference is not None and day > self.reference.day
        now = self.reference.time
        return now is not None and moment is not None and moment > now[:2]

    def _after_dark(self, day: date, moment: tuple[int, int] | None) -> date:
        """The day after, for an early hour that follows an evening: `Tối 18/3, … Lúc 2h, …`."""
        told = self.hours.get(day, "")
        late = told[-3:] in {"TAF", "TEV", "TNI"} or "T12" <= told[:3] < "T25"
        if not late or moment is None or moment[0] >= _EARLY or day == date.max:
            return day
        following = day + timedelta(days=1)
        return following if not self.reference or following <= self.reference.day else day


def next_weekday(day: date, weekday: int) -> date:
    """The first such weekday after a day."""
    return day + timedelta(days=(weekday - day.isoweekday() - 1) % 7 + 1)
