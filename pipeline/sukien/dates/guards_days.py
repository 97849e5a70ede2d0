"""Conditions on days, parts of the day and clock times: no scores, fractions, ordinals, codes."""

from __future__ import annotations

import re
from calendar import monthrange

from sukien.dates.guards_bare import bare_tet
from sukien.dates.items import Item, Scan, linked
from sukien.dates.words import number_of

__all__ = ["GUARDS"]

_DAY_SLOTS = ("d", "dr", "wd", "hol", "tetday", "ram", "eve")
_YEARED = frozenset(("y", "yc", "yr"))
_RANKED = {"lần", "người", "hạng", "đứng", "vòng", "lượt", "đợt", "bậc", "đời", "vị"}
_FEAST_LEFT = {"lễ", "dịp", "khánh", "niệm"}
_CLOCK_LEFT = {"lúc", "vào", "đến", "tới", "từ", "hết", "trước", "sau", "-", "–", "hồi"}
_RANGE_SIGN = re.compile(r" *(?:-|–|đến\b|tới\b) *")


def valid_day(item: Item) -> bool:
    day, month = number_of(item.slots.get("d")), number_of(item.slots.get("m"))
    year = number_of(item.slots.get("y"))
    if day is None or month is None:
        return True
    if any(item.slots.get(slot) for slot in ("al", "leap", "yc")) or item.slots.get("m") in {
        "giêng",
        "chạp",
    }:
        return day <= 30
    last = 29 if month == 2 else 0
    if year and year > 99:
        last = 0
    return 1 <= month <= 12 and day <= (
        last or monthrange(year if year and year > 99 else 2024, month)[1]
    )


def number(scan: Scan, item: Item) -> bool:
    """A full date in digits is none inside a longer number or a code."""
    text = scan.text
    if not valid_day(item) or text[item.start - 1] in "./-+,":
        return valid_day(item) and text[item.start - 1] == "-" and linked(scan, item)
    year = item.slots["y"]
    if len(year) == 2 and "/" not in text[item.start : item.end]:
        return scan.left(item.start)[0] in scan.grammar.cues["date_left"]
    return not scan.after_law(item.start)


def part(scan: Scan, item: Item) -> bool:
    """A part of the day needs a day (or stands before a clock time)."""
    if not valid_day(item):
        return False
    return any(slot in item.slots for slot in _DAY_SLOTS)


def day(scan: Scan, item: Item) -> bool:
    """A day, unless it counts (`ngày 3 lần`), ranks (`thứ năm` = fifth) or names a thing."""
    slots = item.slots
    if not valid_day(item):
        return False
    previous, earlier = scan.left(item.start)
    if slots.get("wd") == "cn" and scan.text[item.start - 1] not in " (\n":
        return False
    if "wd" in slots and "d" not in slots:
        return weekday(scan, item)
    if "wd" in slots and (previous in _RANKED or earlier == "lần"):
        return False  # `lần thứ hai, ngày 23/6`
    if "hol" in slots:
        return _holiday(scan, item, previous)
    if "dr" in slots or "m" in slots or "tet" in slots or "eve" in slots:
        if slots.get("d") and "m" in slots and scan.text[item.start].isdigit():
            return fraction(scan, item)
        return not (slots.get("dr") == "đó" and previous in {"những", "các"})
    if "d" in slots and previous in {"mỗi", "hàng", "hằng", "từng", "cả", "nửa", "số", "trong"}:
        return False
    return not (previous in {"một", "1"} and "mung" not in slots)


def _holiday(scan: Scan, item: Item, previous: str) -> bool:
    text = scan.text[item.start : item.end]
    if scan.in_name(item.start, item.end) and not text.startswith("ngày"):
        return False
    if text.startswith("tết") and len(text.split()[0]) == len(item.slots["hol"]):
        return bare_tet(scan, item) if item.slots.keys().isdisjoint(_YEARED) else True
    if text == "lễ tạ ơn" and "T" not in scan.norm[item.start + 3 : item.end]:
        return previous in {"dịp", "ngày", "mùa"}  # a service of thanks else
    strong = (
        r"(?:ngày|hôm|lễ|đại lễ|tết|giỗ|quốc khánh|giáng sinh|noel|nô en|valentine|halloween|"
        r"black|vu lan|phật đản|trung thu|phục sinh|đoan|rằm)"
    )
    if previous in {
        "bánh",
        "đèn",
        "quà",
        "già",
        "cây",
        "thông",
        "nhạc",
        "thiệp",
        "đồ",
        "chợ",
        "hàng",
    }:
        return False
    return bool(re.match(strong, text)) or previous in {"dịp", "lễ", "ngày", "niệm", "mừng", "đêm"}


def weekday(scan: Scan, item: Item) -> bool:
    """`thứ năm` is Thursday by a capital, a digit with a cue, or the words around it."""
    slots, text = item.slots, scan.text
    if slots["wd"] in {"chủ nhật", "chúa nhật"} or any(s in slots for s in ("wr", "tail", "part")):
        return True
    if scan.left(item.start)[0] == "ngày":
        return False  # `ngày thứ 7` counts days
    own = scan.norm[item.start : item.end]
    name = own.split()[-1]
    previous, _ = scan.left(item.start)
    if slots["wd"] == "cn":
        return own == "CN" and previous in scan.grammar.cues["weekday_left"]
    if item.end - item.start > 8 and text.startswith(("hôm", "ngày"), item.start):
        # `ngày thứ hai` may be the second day; `ngày thứ Hai` and `hôm thứ hai` are Monday.
        listed = previous in {"các", "những", "mỗi"}
        return text.startswith("hôm", item.start) or name[0].isupper() or listed
    if name[0].isupper():
        return previous not in {"hạng", "tiết"}
    if re.match(r" *\(? *(?:ngày )?[0-9]{1,2}/[0-9]", text[item.end : item.end + 14]):
        return True
    if previous in {"", "\n"}:
        return text[item.end :].strip() == "" or name[0].isdigit()
    if previous in {"hôm", "sáng", "trưa", "chiều", "tối", "đêm", "rạng", "khuya"}:
        return True
    if previous in {",", "và", "-", "–", "hoặc"}:
        return bool(scan.items) and "wd" in scan.items[-1].slots and linked(scan, item)
    if name[0].isdigit() and previous in scan.grammar.cues["weekday_left"]:
        return True
    return previous in {"vào", "từ"} and scan.stops(item.end)


def clock(scan: Scan, item: Item) -> bool:
    """A clock time, unless it is a duration, a score or a part of a number."""
    slots, text = item.slots, scan.text
    before = text[item.start - 1]
    if before in "./+:-," and not (before == "-" and linked(scan, item)):
        return False
    if any(slot in slots for slot in (*_DAY_SLOTS, "part", "ampm", "tz")):
        return valid_day(item) and not (text.startswith("h đồng", item.end))
    previous, earlier = scan.left(item.start)
    cues = scan.grammar.cues
    own = text[item.start : item.end]
    if slots["h"] == "24" and "mi" not in slots and previous not in _CLOCK_LEFT:
        return False  # `tin an ninh 24h`
    if text.startswith(" đồng hồ", item.end) or own.endswith(" giờ một"):
        return False  # `lệch 21 giờ đồng hồ`, `làm 18 giờ một ngày`
    if ":" in own and " " in own.partition(":")[2][:1] + own.partition(":")[0][-1:]:
        return False  # `Lần 1: 12`
    if ":" in own:
        return previous not in cues["number_left"] and not scan.counted(item.end)
    if (
        previous in {"lúc", "vào", "hồi", "từ", "("}
        or earlier in {"lúc", "vào"}
        or (earlier in {"đến", "tới", "hồi", "từ"} and previous in {"hơn", "gần", "khoảng"})
        or linked(scan, item)
    ):
        return True
    if "less" in slots or ("mi" in slots and "phut" not in slots and "giờ" in own):
        return True
    if "giờ" in own:
        alone = text.strip() == own
        ranged = _RANGE_SIGN.match(text, item.end) is not None and previous in cues["clock_left"]
        return (
            (alone and "half" in slots)
            or ranged
            or (previous in {"đến", "tới", "trước"} and "phut" not in slots)
        )
    if previous in cues["span_left"] or re.match(
        r" (?:qua|tới|đầu|liên|đồng|sau|nay)\b", text[item.end : item.end + 6]
    ):
        return "mi" in slots and previous in {"sau", "cách", "chỉ"}
    return not text.startswith("/", item.end)


def hour_range(scan: Scan, item: Item) -> bool:
    """The bare hour of `từ 8-10h`."""
    return scan.left(item.start)[0] in scan.grammar.cues["clock_left"]


def of_date(scan: Scan, item: Item) -> bool:
    """The date that stands with a weekday or a deictic."""
    return valid_day(item)


def at_clock(scan: Scan, item: Item) -> bool:
    """The clock time after a day: with minutes, `lúc`, or a part of the day."""
    slots = item.slots
    return (
        "mi" in slots
        or "part" in slots
        or " lúc " in scan.text[item.start : item.end]
        or (scan.text[item.end - 1] == "h")
    )


def dateline(scan: Scan, item: Item) -> bool:
    """A date and a clock time side by side need a year and minutes."""
    return "mi" in item.slots and len(item.slots.get("y", "")) == 4 and valid_day(item)


def range_day(scan: Scan, item: Item) -> bool:
    """The bare first day of `từ 20 đến 24/3`."""
    previous, _ = scan.left(item.start)
    if re.match(r"-(?:0?[1-9]|1[0-2]) *(?:đến|tới)\b", scan.text[item.end : item.end + 8]):
        return False  # `28-1 đến 26-2` are two days
    dated = re.match(r"-(?:0?[1-9]|1[0-2])(?![0-9/.-])", scan.text[item.end : item.end + 4])
    dashed = linked(scan, item) and "-" in scan.text[scan.items[-1].core : scan.items[-1].end]
    if dated and (dashed or int(item.slots["d"]) > 12 or previous in _FEAST_LEFT):
        return False  # `lễ 30-4 và 1-5`
    if re.match(r",[0-9]+[-–.]", scan.text[item.end : item.end + 5]):
        return False  # decimals: `6,5-9,5`
    dash = scan.text[item.end : item.end + 3].strip()[:1] in {"-", "–"}
    if previous in scan.grammar.cues["number_left"] or scan.text[item.start - 1] in "./-":
        return linked(scan, item) and scan.text[item.start - 1] not in "./"
    if dash:
        other = re.match(r" *[-–] *([0-9]+)", scan.text[item.end : item.end + 8])
        return other is None or int(other[1]) > int(item.slots["d"]) or int(item.slots["d"]) > 20
    return previous in scan.grammar.cues["date_left"]


def date_words(scan: Scan, item: Item) -> bool:
    """`5 tháng 4` is a day with a year or after a word that tells of a date."""
    slots = item.slots
    if not valid_day(item):
        return False
    previous = scan.left(item.start)[0]
    if previous in {"thứ", "tháng", "quý", "đường", "phố", "cầu", "ngõ"}:
        return False
    if any(slot in slots for slot in ("y", "yc", "al", "tail", "leap")) or slots["m"] in {
        "giêng",
        "chạp",
    }:
        return True
    if previous in {"", "\n"} and scan.text.strip() == scan.text[item.start : item.end]:
        return True
    return previous in {
        "từ",
        "đến",
        "tới",
        "hết",
        "lễ",
        "dịp",
        "hôm",
        "vào",
        "sáng",
        "trước",
        "sau",
    } and (slots["d"][0].isdigit() and "yr" not in slots)


def fraction(scan: Scan, item: Item) -> bool:
    """`19/3` is a day, `3/4 dân số` and `tỷ số 3-2` are not."""
    if not valid_day(item) or scan.in_name(item.start, item.end):
        return False
    text, slots = scan.text, item.slots
    own = text[item.start : item.end]
    before = text[item.start - 1]
    goes_on = linked(scan, item)
    if before in "./+:" or (before in "-–" and not goes_on):
        return False
    if goes_on and scan.items[-1].slots.get("d"):
        before_it = text[scan.items[-1].core : scan.items[-1].end]
        if "/" in own or ("-" in own and "-" in before_it):
            return True
    previous, _ = scan.left(item.start)
    day_number, month_number = number_of(slots["d"]) or 0, number_of(slots["m"]) or 0
    if previous in scan.grammar.cues["number_left"] or (day_number, month_number) == (24, 7):
        return False
    if any(slot in slots for slot in ("yr", "ys", "y", "yc", "al", "tail")):
        return "/" in own or previous in scan.grammar.cues["date_left"]
    if "/" in own:
        # More than twelve of anything is no fraction that news writes.
        if day_number <= 12 and scan.counted(item.end):
            return False
        if previous in {"", "\n"}:
            return day_number > month_number or text.strip() == own
        return day_number > month_number or previous in scan.grammar.cues["fraction_left"]
    if "-" in own:
        last = scan.items[-1] if scan.items else None
        if last and last.kind == "point" and text[last.end : item.start] == " (":
            return text.startswith(")", item.end)  # `sáng nay (6-2)`
        if previous in _FEAST_LEFT:
            return True
        return day_number > 12 and previous in {"(", "từ", "đến", "tới", "phiên"}
    return False


def set_weekday(scan: Scan, item: Item) -> bool:
    """`mỗi CN` may be each worker (công nhân)."""
    return item.slots["wd"] != "cn" or scan.text[item.start : item.end].endswith("tuần")


GUARDS = (
    linked,
    number,
    part,
    day,
    weekday,
    clock,
    hour_range,
    of_date,
    at_clock,
    dateline,
    range_day,
    date_words,
    fraction,
    set_weekday,
)
