"""Days and years carried over: what a clock time, `cùng ngày` or a bare `5/3` lean on."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sukien.dates.context import Context
from sukien.dates.items import Item
from sukien.dates.timex import Anchor

__all__ = ["clock_day", "sentence_year", "story_day", "story_year"]

_EVERY = re.compile(r"\b(?:hàng|hằng|mỗi|các) (?:ngày|tuần|đêm|sáng|chiều|tối)\b")
_OPENING = re.compile(
    r"\b(?:mở cửa|đóng cửa|khung giờ|giờ vàng|giờ làm|lịch chiếu|phục vụ|bán vé)"
    r" (?:từ|lúc|đến|vào|\()"
)
_NEWS_DAYS = 40  # how far back the events of a report lie
_STORY_REACH = 600  # characters over which a story of years ago goes on
_PARAGRAPH = 3000  # characters that a paragraph has at most
_EARLY = 6  # the hour before which it is still night
_HABIT_REACH = 300  # characters over which a habit holds


def story_year(context: Context, item: Item, month: int) -> int | None:
    """The year of a story told about years ago, for a day or month that names none.

    It goes on from a dated day or month of the same paragraph (`Ngày 17/2/1979, … Ngày 5/3, …`)
    or, where all days told so far are of one such year, from further back. `hôm 5/3` does not.
    """
    last, today = context.last, context.today
    if context.scan.text.startswith("hôm ", item.core):
        return None
    if "d" in item.slots and (year := _whole_story_year(context, item)):
        return year
    if context.prefer or not last or not last.first or not today or "tail" in item.slots:
        return None
    if year := sentence_year(context, item):
        return year
    if last.granularity in {"year", "quarter", "half", "decade", "century"}:
        return None
    if last.first.year > today.year - 2 or not 0 <= item.start - context.last_end < 250:
        return None
    if "\n" in context.scan.text[context.last_end : item.start] or context.tense(item) == "future":
        return None
    return last.first.year + (1 if month < last.first.month - 6 else 0)


def sentence_year(context: Context, item: Item) -> int | None:
    """The year that opens the sentence (`Năm 1992, anh ở Huế; tháng 11, …`).

    A quarter takes any year told last in its sentence.
    """
    last = context.last
    if context.prefer or last is None or last.granularity != "year" or last.first is None:
        return None
    begin, _ = context.scan.sentence(item.start)
    if context.last_end < begin:
        return _opening_year(context, item, last.first.year)
    opens = context.last_end - 8 < begin + 10
    return last.first.year if opens or item.kind == "quarter" else None


def _opening_year(context: Context, item: Item, year: int) -> int | None:
    """A year of long ago that opened the sentence before: `Năm 1997, … . Ngày 2/11, …`."""
    text, today = context.scan.text, context.today
    if today is None or year > today.year - 2 or item.start - context.last_end > _STORY_REACH:
        return None
    if "\n" in text[context.last_end : item.start] or context.tense(item) == "future":
        return None
    begin, _ = context.scan.sentence(max(0, context.last_end - 1))
    return year if context.last_end - 8 < begin + 10 else None


def _whole_story_year(context: Context, item: Item) -> int | None:
    """The year of all days told so far, where it is long ago and told as a story."""
    today, marks = context.today, context.day_marks
    if context.prefer or today is None or not marks or "tail" in item.slots:
        return None
    end, last = marks[-1]
    if last.year > today.year - 2 or context.tense(item) == "future":
        return None
    if len(context.years) == 1:
        begin, _ = context.scan.sentence(marks[0][0])
        # `Chiều ngày 29/3/2003, …`, not `ông A (sinh ngày …)`.
        opening = context.scan.text[begin : marks[0][0]]
        born = "(" in opening or "sinh " in opening
        if (len(opening) < 26 and not born) or len(marks) > 2:
            return last.year
    told_twice = len(marks) > 1 and marks[-2][1].year == last.year
    return last.year if told_twice and item.start - end < _STORY_REACH else None


def _same_paragraph(context: Context, place: int, item: Item) -> bool:
    # Looked at a stretch only, so that long texts cost linear time.
    if item.start - place > _PARAGRAPH:
        return False
    return context.scan.text.find("\n", place, item.start) < 0


def story_day(context: Context, item: Item) -> date | None:
    """The day that `cùng ngày`, `hôm sau` or `hai ngày sau` lean on.

    The day told last; one of years ago, told in passing in a paragraph before, gives way to
    the last day of the news itself.
    """
    last, reference = context.last_day, context.reference
    if last is None or reference is None or context.prefer:
        return last
    if _same_paragraph(context, context.last_day_end, item):
        return last
    news = [0 <= (reference.day - day).days <= _NEWS_DAYS for _, day in context.day_marks[-2:]]
    if news[-1] or not any(news):
        return last
    return context.day_marks[-2][1]


def _habitual(context: Context, item: Item) -> bool:
    """Whether a set, or a clock time of every day, was told since the last day."""
    near = context.last_set_end > context.last_day_end
    if near and _same_paragraph(context, context.last_set_end, item):
        return True
    opened = context.open_clock_end
    return opened > context.last_day_end and item.start - opened < _HABIT_REACH


def clock_day(
    context: Context, item: Item, moment: tuple[int, int] | None = None
) -> tuple[date | None, Anchor]:
    """The day of a clock time, or a part of the day, that names none.

    The day told last in the paragraph; else the latest of the days around the reference, or
    the reference itself. Amid habits (`hàng ngày`, `các ngày thứ 3`) it stays open.
    """
    if context.prefer and context.reference:
        return context.reference.day, context.source
    following = context.scan.text[item.end : item.end + 30].partition(",")[0]
    text = context.scan.text
    if _EVERY.search(following) or _habitual(context, item):
        context.open_clock_end = item.end
        return None, "none"
    if context.reference is None:
        return context.last_day and _after_dark(context, context.last_day, moment), "context"
    today, future = context.reference.day, context.tense(item) == "future"
    here = context.last_day is not None and _same_paragraph(context, context.last_day_end, item)
    if here and context.last_day and (future or context.last_day <= today):
        return _after_dark(context, context.last_day, moment), "context"
    begin, end = context.scan.sentence(item.start)
    if _OPENING.search(text, begin, end):
        return None, "none"
    if not context.near:
        if context.generic(item) or item.slots.get("part", "").startswith("buổi"):
            return None, "none"  # `buổi sáng` may be that of any day
        return today, context.source
    days = sorted(context.near, reverse=True)
    if not future:
        told = [day for day in (*days, context.last_day) if day]
        days = [day for day in told if not _to_come(context, day, moment)] or days
    return _after_dark(context, days[0], moment), "context"


def _to_come(context: Context, day: date, moment: tuple[int, int] | None) -> bool:
    """Whether an hour of a day lies after the reference."""
    if context.reference is None or day != context.reference.day:
        return context.reference is not None and day > context.reference.day
    now = context.reference.time
    return now is not None and moment is not None and moment > now[:2]


def _after_dark(context: Context, day: date, moment: tuple[int, int] | None) -> date:
    """The day after, for an early hour that follows an evening: `Tối 18/3, … Lúc 2h, …`."""
    told = context.hours.get(day, "")
    late = told[-3:] in {"TAF", "TEV", "TNI"} or "T12" <= told[:3] < "T25"
    if not late or moment is None or moment[0] >= _EARLY or day == date.max:
        return day
    following = day + timedelta(days=1)
    return following if not context.reference or following <= context.reference.day else day
