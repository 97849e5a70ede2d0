"""Days and times of day: from slots to TIMEX3 values."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sukien.dates import periods
from sukien.dates.context import Context, next_weekday
from sukien.dates.feasts import feast_day, lunar_day
from sukien.dates.items import Item
from sukien.dates.periods import UNKNOWN_DAY, Period
from sukien.dates.reading import Reading, direction, january, safe_date, years_of
from sukien.dates.story import clock_day, story_day
from sukien.dates.timex import Anchor
from sukien.dates.words import WEEKDAYS, number_of

__all__ = ["pick_year", "read_day", "read_point"]


def pick_year(context: Context, item: Item, m: int, d: int) -> tuple[int | None, Anchor]:
    """The year of a day and month that name none."""
    today, anchor = context.anchor_of(item)
    if today is None:
        return None, "none"
    candidates = [
        ((when - today).days, y)
        for y in (today.year - 1, today.year, today.year + 1)
        if (when := safe_date(y, m, d))
    ]
    if not candidates:  # 29 February of a common year
        leap = [y for y in range(today.year, today.year - 8, -1) if safe_date(y, m, d)]
        return (leap[0] if leap else None), anchor
    if tail := item.slots.get("tail"):
        side = direction(tail)
        candidates = [c for c in candidates if c[0] * side >= 0 or side == 0] or candidates
        return min(candidates, key=lambda c: abs(c[0]))[1], anchor
    return context.nearest(item, candidates), anchor


def _stated(context: Context, item: Item) -> Reading | None:
    """A day with its month."""
    slots = item.slots
    d = number_of(slots.get("d"))
    if d is None:
        return None
    if "mr" in slots:
        today, anchor = context.anchor_of(item)
        if today is None:
            return Reading(UNKNOWN_DAY)
        if slots["mr"] in {"đó", "ấy"}:
            today = context.last_day or today
        first = periods.add_months(today.replace(day=1), direction(slots["mr"]))
        when = safe_date(first.year, first.month, d)
        return Reading(periods.day(when), anchor) if when else None
    m = number_of(slots.get("m"))
    if m is None:
        return None
    mung = "mung" in slots and f"{d}/{m}" in context.scan.grammar.cues["mung_lunar"]
    named = slots["m"] in {"giêng", "chạp"} and not january(context, item)
    if "al" in slots or "leap" in slots or mung or named or "yc" in slots:
        return lunar_day(context, item, d, m)
    if landmark := _landmark(context, item, d, m):
        return Reading(periods.day(landmark))
    y, anchor = years_of(context, item), "none"
    stated = "y" in slots
    if y is None:
        y, anchor = pick_year(context, item, m, d)
    elif not stated:
        anchor = context.anchor_of(item)[1]
    if y is None:
        return Reading(Period(f"XXXX-{m:02d}-{d:02d}", "day", edtf=f"XXXX-{m:02d}-{d:02d}"))
    when = safe_date(y, m, d)
    return Reading(periods.day(when), anchor) if when else None


_SAME_DAY = re.compile(r",?(?: \(|,| tức| nhằm| là| một| đúng| rơi| vào| trúng| ngày| hôm)*\(? ?")


def _told_weekday(context: Context, item: Item, weekday: int) -> date | None:
    """The day just told, where the weekday stands beside it: `Ngày 9/3, một Chủ nhật, …`."""
    last = context.last_day
    if last is None or last.isoweekday() != weekday or "wr" in item.slots or context.prefer:
        return None
    gap = context.scan.text[context.last_day_end : item.start]
    return last if len(gap) < 30 and _SAME_DAY.fullmatch(gap) else None


def _weekday(context: Context, item: Item) -> Reading:
    slots = item.slots
    weekday = WEEKDAYS[slots["wd"]]
    if told := _told_weekday(context, item, weekday):
        return Reading(periods.day(told), "context")
    today, anchor = context.anchor_of(item)
    if today is None:
        return Reading(Period(f"XXXX-WXX-{weekday}", "day"))
    if "wr" in slots:
        word = slots["wr"]
        base = context.last_day if word in {"đó"} and context.last_day else today
        monday = base - timedelta(days=base.isoweekday() - 1)
        when = monday + timedelta(days=7 * direction(word) + weekday - 1)
        return Reading(periods.day(when), anchor)
    side = direction(slots.get("tail"))
    if "tail" in slots and side == 0:  # thứ Bảy này
        when = today - timedelta(days=today.isoweekday() - weekday)
        return Reading(periods.day(when), anchor)
    ahead = next_weekday(today, weekday)
    behind = today - timedelta(days=(today.isoweekday() - weekday) % 7)
    if side == 0:
        hom = context.scan.text.startswith("hôm", item.core)
        future = not hom and context.tense(item) == "future"
        return Reading(periods.day(ahead if future else behind), anchor)
    if side < 0 and behind == today:
        behind -= timedelta(days=7)
    return Reading(periods.day(ahead if side > 0 else behind), anchor)


def _landmark(context: Context, item: Item, d: int, m: int) -> date | None:
    """The day of `vụ khủng bố 11/9`."""
    before, earlier = context.scan.left(item.start)[::-1] if "y" not in item.slots else ("", "")
    wanted = f"{before} {earlier} {d}/{m}="
    for line in context.scan.grammar.cues["landmarks"]:
        if line.startswith(wanted):
            return date.fromisoformat(line[len(wanted) :])
    return None


_SHIFTS = {"qua": -1, "kia": -2, "kìa": -3, "mai": 1, "mốt": 2}


def _deictic(context: Context, item: Item) -> Reading:
    word = " ".join(item.slots["dr"].split())
    after = {"sau", "sau đó", "tiếp theo", "kế tiếp"}
    if word in {"cùng ngày", "đó", "ấy", "đấy", "trước", "trước đó"} | after:
        base = story_day(context, item)
        anchor: Anchor = "context"
        if base is None and context.open_day and word in {"cùng ngày", "đó", "ấy", "đấy"}:
            return Reading(context.open_day, "context")
        if base is None:
            base, anchor = context.anchor_of(item)
            if word != "cùng ngày" and anchor != "quote":
                vague = word == "trước" and not context.scan.text.startswith("ngày", item.core)
                return Reading(periods.ref("PAST_REF") if vague else UNKNOWN_DAY)
        if base is None:
            return Reading(UNKNOWN_DAY)
        shift = 1 if word in after else -1 if word.startswith("trước") else 0
        return Reading(periods.day(base + timedelta(days=shift)), anchor)
    today, anchor = context.anchor_of(item)
    if today is None:
        return Reading(UNKNOWN_DAY)
    shift = _SHIFTS.get(word, 0)
    if word == "kia" and context.scan.text[item.core : item.end].startswith("ngày"):
        shift = 2
    if word == "kia" and "part" in item.slots:
        shift = -2
    return Reading(periods.day(today + timedelta(days=shift)), anchor)


def _day_only(context: Context, item: Item) -> Reading | None:
    d = number_of(item.slots["d"]) or 0
    scan = context.scan
    begin, end = scan.sentence(item.start)
    if "mung" in item.slots and "tết" in scan.text[begin:end]:
        item.slots["tet"] = "tết"
        return lunar_day(context, item, d, 1)
    if "mung" in item.slots:
        return Reading(Period(f"XXXX-XX-{d:02d}", "day"), calendar="lunar")
    base = context.last_day
    anchor: Anchor = "context"
    today, source = context.anchor_of(item)
    if base is None or (context.last_day_end < begin and today):
        base, anchor = today, source
    if base is None:
        return Reading(Period(f"XXXX-XX-{d:02d}", "day"))
    months = [periods.add_months(base.replace(day=1), n) for n in (-1, 0, 1)]
    days = [when for first in months if (when := safe_date(first.year, first.month, d))]
    if not days:
        return Reading(Period(f"XXXX-XX-{d:02d}", "day"))
    if anchor == "context":
        # A day that goes on from a dated one stays in its month.
        same = [when for when in days if (when.year, when.month) == (base.year, base.month)]
        return Reading(periods.day((same or days)[0]), "context")
    chosen = context.nearest(item, [((w - base).days, i) for i, w in enumerate(days)])
    return Reading(periods.day(days[chosen]), anchor)


def read_day(context: Context, item: Item) -> Reading | None:
    """The day an expression names; None where it names none (or one that does not exist)."""
    slots = item.slots
    if "tetday" in slots or "eve" in slots or "ram" in slots:
        return feast_day(context, item)
    if ("m" in slots or "mr" in slots) and "hol" not in slots:
        return _stated(context, item)
    if "hol" in slots:
        return feast_day(context, item)
    if "wd" in slots:
        return _weekday(context, item)
    if "dr" in slots:
        return _deictic(context, item)
    if "d" in slots:
        return _day_only(context, item)
    return None


def _bare_part(context: Context, item: Item) -> Reading:
    """The day of `đến chiều`, `lúc nửa đêm`; one still to come is taken for yesterday's."""
    code, _ = context.scan.grammar.parts[item.slots["part"]]
    when, anchor = clock_day(context, item, (_BEGINS[code], 0))
    if when is None:
        return Reading(UNKNOWN_DAY)
    if code == "TMO" and context.scan.left(item.start)[0] in {"đến", "tới"}:
        told = context.hours.get(when, "")
        late = told[-3:] in {"TAF", "TEV", "TNI"} or "T12" <= told[:3] < "T25"
        return Reading(periods.day(when + timedelta(days=1 if late else 0)), anchor)
    reference = context.reference
    if reference and reference.time and reference.day == when:
        coming = reference.time[0] < _BEGINS[code]
        if coming and context.tense(item) != "future" and when > date.min:
            when -= timedelta(days=1)
    return Reading(periods.day(when), anchor)


# The hour at which a part of the day begins.
_BEGINS = {"TMO": 0, "TMD": 10, "TAF": 12, "TEV": 17, "TNI": 20}


def read_point(context: Context, item: Item) -> Reading | None:
    """A day, a part of a day or a clock time."""
    slots = item.slots
    named = read_day(context, item)
    if item.name == "part-bare":
        named = _bare_part(context, item)
    has_day = any(s in slots for s in ("d", "dr", "wd", "hol", "tetday", "eve", "ram"))
    if named is None and has_day:
        return None
    if "h" in slots:
        return _clock(context, item, named)
    if named is None:
        return None
    code, mod = context.scan.grammar.parts.get(slots.get("part", ""), (None, None))
    if code is None:
        return Reading(named.period, named.anchor, named.calendar)
    base = named.period
    if (
        "hol" in slots
        and code == "TNI"
        and slots["hol"].startswith(("giáng sinh", "noel", "nô en"))
    ):
        first = base.first
        base = periods.day(first - timedelta(days=1)) if first else base
    period = Period(f"{base.value}{code}", "part", base.begin, base.end, base.edtf)
    return Reading(period, named.anchor, named.calendar, "TIME", mod)


def _hours(slots: dict[str, str], code: str | None) -> tuple[int, int, int | None]:
    h = number_of(slots["h"]) or 0
    mi = number_of(slots.get("mi")) or 0
    s = number_of(slots.get("s")) if "s" in slots else None
    if "half" in slots:
        mi = 30
    if "less" in slots:
        total = h * 60 - (number_of(slots["less"]) or 0)
        h, mi = total // 60, total % 60
    ampm = slots.get("ampm", "").replace(".", "")
    if ampm in {"pm", "ch"} and h < 12:
        h += 12
    elif ampm in {"am", "sa"} and h == 12:
        h = 0
    elif (
        (code in {"TAF", "TEV"} and h < 12)
        or (code == "TMD" and h < 6)
        or (code == "TNI" and (6 <= h <= 12))
    ):
        h += 12
    return h, mi, s


def _clock(context: Context, item: Item, named: Reading | None) -> Reading | None:
    slots = item.slots
    code, _ = context.scan.grammar.parts.get(slots.get("part", ""), (None, None))
    h, mi, s = _hours(slots, code)
    if mi > 59 or (s or 0) > 59 or h > 24 or (h == 24 and mi):
        return None
    anchor: Anchor = named.anchor if named else "none"
    base = named.period if named else UNKNOWN_DAY
    if named is None:
        when, anchor = clock_day(context, item, (h, mi))
        if when:
            if context.prefer == "future" and context.reference and context.reference.time:
                h, when = _coming(context.reference.time, when, h, mi, code)
            base = periods.day(when)
    clock = f"{h:02d}:{mi:02d}" + (f":{s:02d}" if s is not None else "")
    zone = _zone(context, slots)
    fine = "second" if s is not None else "minute"
    if s is None and "mi" not in slots and "half" not in slots and "less" not in slots:
        fine = "hour"
    begin, end, edtf = base.begin, base.end, base.edtf
    if zone and base.first and zone not in {"", "+07:00"}:
        # Days are local ones (UTC+7), also where the text names another zone.
        hours = 0 if zone == "Z" else int(zone[:3])
        moved = base.first + timedelta(days=(h - hours + 7) // 24)
        begin = end = moved.isoformat()
    if base.first and h < 24:
        edtf = f"{base.value}T{h:02d}:{mi:02d}:{s or 0:02d}{zone}"
    period = Period(f"{base.value}T{clock}{zone}", fine, begin, end, edtf)
    return Reading(period, anchor, named.calendar if named else "solar", "TIME")


def _coming(
    now: tuple[int, int, int], today: date, h: int, mi: int, code: str | None
) -> tuple[int, date]:
    """The next time a clock shows h:mi; without a part of the day 2 may be 14."""
    moments = [h] if code or h > 12 else [h, h + 12]
    for hour in moments:
        if (hour, mi) >= now[:2] and hour < 24:
            return hour, today
    return h, today + timedelta(days=1)


def _zone(context: Context, slots: dict[str, str]) -> str:
    if "tz" not in slots:
        return ""
    if offset := slots.get("off"):
        digits = offset.replace(" ", "").replace(":", "")
        hours = digits[1:3] if len(digits) > 3 else digits[1:]
        minutes = digits[-2:] if len(digits) > 3 else "00"
        return f"{digits[0]}{int(hours):02d}:{minutes}"
    return context.scan.grammar.zones.get(" ".join(slots["tz"].split()), "")
