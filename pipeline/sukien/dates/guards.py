"""Conditions on the context of a match: what rules out scores, fractions, ordinals, codes.

A guard sees the scan so far and the candidate, and says whether it is an expression of time.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable

from sukien.dates.items import Item, Scan
from sukien.dates.words import number_of

__all__ = ["GUARDS"]

Guard = Callable[[Scan, Item], bool]

_STOP = re.compile(r" *(?:[,.;:!?)\]\"”’\n]|(?:là|sẽ|tại|ở|do|và|nhằm|để|cho|khi|vào|với|trong) )")
_DAY_SLOTS = ("d", "dr", "wd", "hol", "tetday", "ram", "eve")
_NUMBERED = {"một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"}
_COUNTED = re.compile(
    r" *(?:%|đồng|người|tỷ|triệu|nghìn|ngàn|usd|ca|m|km|kg|tấn|ha|căn|chiếc|lượt|lần|tuổi|điểm|"
    r"phần|dân số|diện tích|số|tổng|lượng|thành viên|chặng|hộ|xã|vốn|quân|thời gian|quãng|khối|"
    r"cơ thể|trái đất|thế giới|cầu thủ|giá|giá trị|cổ phần|ghế|sản lượng|ca sĩ|chiều|hành trình|"
    r"trong số|trận|đường|dung|công suất|đại biểu|phiếu|nhân|học sinh|sinh viên|lợi nhuận|doanh|"
    r"gia đình|các|những|bề|ly|cốc|thìa|muỗng|chén|quả|inch|nhịp|cơ hội|đội|thị phần|mức|của)\b"
)
_LAW = re.compile(
    r"(?:số|nghị định|thông tư|quyết định|nghị quyết|luật|chỉ thị|công văn|văn bản|hướng dẫn|"
    r"thông báo|tờ trình|kế hoạch|qđ|nđ|tt)(?: số)?:? *$"
)
_RANGE_SIGN = re.compile(r" *(?:-|–|đến\b|tới\b) *")


def _valid_day(item: Item) -> bool:
    day, month = number_of(item.slots.get("d")), number_of(item.slots.get("m"))
    year = number_of(item.slots.get("y"))
    if day is None or month is None:
        return True
    if item.slots.get("al") or item.slots.get("leap") or item.slots.get("m") in {"giêng", "chạp"}:
        return day <= 30
    last = 29 if month == 2 else 0
    if year and year > 99:
        last = 0
    return 1 <= month <= 12 and day <= (
        last or monthrange(year if year and year > 99 else 2024, month)[1]
    )


def _linked(scan: Scan, item: Item) -> bool:
    """Whether only a connector stands between the item and the one before."""
    if not scan.items:
        return False
    gap = scan.text[scan.items[-1].end : item.start]
    return bool(gap) and len(gap) < 16 and bool(scan.grammar.connector.fullmatch(gap))


def linked(scan: Scan, item: Item) -> bool:
    """A member of a list that began with an expression of time."""
    return _linked(scan, item)


def number(scan: Scan, item: Item) -> bool:
    """A full date in digits is none inside a longer number or a code."""
    text = scan.text
    if not _valid_day(item) or text[item.start - 1] in "./-+,":
        return _valid_day(item) and text[item.start - 1] == "-" and _linked(scan, item)
    year = item.slots["y"]
    if len(year) == 2 and "/" not in text[item.start : item.end]:
        return scan.left(item.start)[0] in scan.grammar.cues["date_left"]
    return not _LAW.search(text, max(0, item.start - 25), item.start)


def part(scan: Scan, item: Item) -> bool:
    """A part of the day needs a day (or stands before a clock time)."""
    if not _valid_day(item):
        return False
    return any(slot in item.slots for slot in _DAY_SLOTS)


def day(scan: Scan, item: Item) -> bool:
    """A day, unless it counts (`ngày 3 lần`), ranks (`thứ năm` = fifth) or names a thing."""
    slots = item.slots
    if not _valid_day(item):
        return False
    previous, before = scan.left(item.start)
    if "wd" in slots and "d" not in slots:
        return weekday(scan, item)
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
    strong = (
        r"(?:ngày|hôm|lễ|đại lễ|tết|giỗ|quốc khánh|giáng sinh|noel|nô en|valentine|halloween|"
        r"black|vu lan|phật đản|trung thu|phục sinh|đoan)"
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
    own = scan.norm[item.start : item.end]
    name = own.split()[-1]
    previous, before = scan.left(item.start)
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
        return bool(scan.items) and "wd" in scan.items[-1].slots and _linked(scan, item)
    if name[0].isdigit() and previous in scan.grammar.cues["weekday_left"]:
        return True
    return previous in {"vào", "từ"} and bool(_STOP.match(text, item.end))


def clock(scan: Scan, item: Item) -> bool:
    """A clock time, unless it is a duration, a score or a part of a number."""
    slots, text = item.slots, scan.text
    before = text[item.start - 1]
    if before in "./+:-," and not (before == "-" and _linked(scan, item)):
        return False
    if any(slot in slots for slot in (*_DAY_SLOTS, "part", "ampm", "tz")):
        return _valid_day(item) and not (text.startswith("h đồng", item.end))
    previous, earlier = scan.left(item.start)
    cues = scan.grammar.cues
    own = text[item.start : item.end]
    if ":" in own:
        return previous not in cues["number_left"] and not _COUNTED.match(text, item.end)
    if (
        previous in {"lúc", "vào", "hồi", "từ", "("}
        or earlier in {"lúc", "vào"}
        or _linked(scan, item)
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
    return _valid_day(item)


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
    return "mi" in item.slots and len(item.slots.get("y", "")) == 4 and _valid_day(item)


def range_day(scan: Scan, item: Item) -> bool:
    """The bare first day of `từ 20 đến 24/3`."""
    previous, before = scan.left(item.start)
    dash = scan.text[item.end : item.end + 3].strip()[:1] in {"-", "–"}
    if previous in scan.grammar.cues["number_left"] or scan.text[item.start - 1] in "./-":
        return _linked(scan, item) and scan.text[item.start - 1] not in "./"
    if dash:
        other = re.match(r" *[-–] *([0-9]+)", scan.text[item.end : item.end + 8])
        return other is None or int(other[1]) > int(item.slots["d"]) or int(item.slots["d"]) > 20
    return previous in scan.grammar.cues["date_left"]


def date_words(scan: Scan, item: Item) -> bool:
    """`5 tháng 4` is a day with a year or after a word that tells of a date."""
    slots = item.slots
    if not _valid_day(item):
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
    if not _valid_day(item) or scan.in_name(item.start, item.end):
        return False
    text, slots = scan.text, item.slots
    own = text[item.start : item.end]
    before = text[item.start - 1]
    linked = _linked(scan, item)
    if before in "./+:" or (before in "-–" and not linked):
        return False
    if linked and scan.items[-1].slots.get("d") and "/" in own:
        return True
    previous, earlier = scan.left(item.start)
    day_number, month_number = number_of(slots["d"]) or 0, number_of(slots["m"]) or 0
    if previous in scan.grammar.cues["number_left"] or (day_number, month_number) == (24, 7):
        return False
    if any(slot in slots for slot in ("yr", "ys", "y", "yc", "al", "tail")):
        return "/" in own or previous in scan.grammar.cues["date_left"]
    cue = previous in scan.grammar.cues["date_left"]
    if "/" in own:
        if _COUNTED.match(text, item.end):
            return False
        if previous in {"", "\n"}:
            return day_number > month_number or text.strip() == own
        return day_number > month_number or cue
    if "-" in own:
        return day_number > 12 and previous in {"(", "từ", "đến", "tới", "lễ", "dịp", "phiên"}
    return False


def amount(scan: Scan, item: Item) -> bool:
    """A length of time, unless it is an age, a rank, a rate or a part of a date."""
    text, slots = scan.text, item.slots
    previous, earlier = scan.left(item.start)
    own = text[item.start : item.end]
    if text[item.start - 1] in "/." or text.startswith((" tuổi", "/"), item.end):
        return False
    if text[item.start - 1] in "-–" and own[0].isdigit():
        return False
    if previous in {"thứ", "tháng", "quý", "lớp", "phút", "hiệp", "khóa", "cấp", "hạng"}:
        return False
    unit = slots.get("u", "")
    if (
        "n" in slots
        and unit.startswith("ngày")
        and re.match(r" [0-9]{1,2}(?:,| và|-|/| đến)", text[item.end : item.end + 8])
    ):
        return False
    if "n" not in slots and "some" not in slots and "nhalf" not in slots:
        return "half" in slots and not slots["half"] == ""
    if unit == "h":
        tail = re.match(r" (?:qua|tới|đầu|liên|đồng|sau|nay|làm)\b", text[item.end : item.end + 6])
        return previous in scan.grammar.cues["span_left"] or tail is not None
    if unit == "năm" and "dir" not in slots and "cu" not in slots:
        if re.match(r" (?:nay\b|[0-9]{4}|học\b|sinh\b|thứ\b)", text[item.end : item.end + 6]):
            return False
        if slots.get("n") == "năm" and previous == "năm":
            return False
    if unit == "tiếng" and slots.get("n") in {"một", "1"} and "dir" not in slots:
        return previous in scan.grammar.cues["span_left"] | {"khoảng"}
    if unit == "hôm" and "n" in slots:
        return False
    if unit in {"ngày", "năm", "đêm", "hôm"} and slots.get("n") == "một" and "dir" not in slots:
        return not re.match(
            r" (?:nào|kia|không|mới|đẹp|nọ|thường|\w+ trời)\b", text[item.end : item.end + 12]
        )
    if slots.get("some") in {"ít", "bao nhiêu", "nhiều"} and unit in {"tiếng"}:
        return False
    return not (unit == "tháng" and slots.get("n") == "năm" and previous in {"những", "qua", "bao"})


def times(scan: Scan, item: Item) -> bool:
    """A rate: `2 lần/tuần`."""
    return scan.left(item.start)[0] not in {"thứ", "tháng", "lần"}


def share(scan: Scan, item: Item) -> bool:
    """The first or last months of a year."""
    slots = item.slots
    if slots.get("cu") == "" and not slots.get("e"):
        return slots.get("u") in {"tháng", "quý"}
    return True


def offset(scan: Scan, item: Item) -> bool:
    """`ba năm trước`; `sau` and `trước` before a noun compare two events."""
    if item.slots["dir"] == "trước" and scan.left(item.start)[0] in {"tháng", "quý"}:
        return False
    return not (item.slots["dir"] in {"trước", "sau"} and _next_is_name(scan, item.end))


def _next_is_name(scan: Scan, end: int) -> bool:
    following = scan.norm[end : end + 2]
    return len(following) == 2 and following[0] == " " and following[1].isupper()


def window(scan: Scan, item: Item) -> bool:
    """`3 tháng qua`, `5 năm tới`; `10 phút tới bệnh viện` is a way."""
    unit = item.slots.get("u", "")
    if item.slots["dir"] == "tới" and unit.startswith(("giờ", "phút", "giây", "tiếng")):
        return bool(_STOP.match(scan.text, item.end))
    if item.slots["dir"] == "qua":
        return not re.match(r" (?:đời|đường|tay)\b", scan.text[item.end : item.end + 7])
    return not (item.slots["dir"] == "nay" and scan.left(item.start)[0] in {"lần", "đợt", "kỳ"})


def rel(scan: Scan, item: Item) -> bool:
    """`năm qua`, `tháng trước`; `cùng năm` only where a clause ends."""
    own = scan.text[item.start : item.end]
    if own.startswith(("cùng năm", "cùng tháng")):
        return own != "cùng năm" or bool(_STOP.match(scan.text, item.end))
    previous = scan.left(item.start)[0]
    return previous not in {"thứ", "người"}


def month(scan: Scan, item: Item) -> bool:
    """`tháng 3`, not `mỗi tháng 3 triệu`, `những tháng năm`, `Cách mạng Tháng Tám`."""
    previous, earlier = scan.left(item.start)
    text = scan.text
    if previous in {"mỗi", "một", "hàng", "hằng", "từng", "nửa", "lương"} and "y" not in item.slots:
        return False
    if item.slots["m"] == "năm" and previous in {"những", "năm", "bao", "nhiều", "ngày"}:
        return False
    if (earlier, previous) == ("cách", "mạng"):
        return False
    if not item.slots["m"][0].isdigit() and scan.in_name(item.start, item.end):
        return False
    if re.match(r"(?:[.,][0-9]|-[0-9]{1,2}/[0-9]{1,2}/)", text[item.end : item.end + 10]):
        return False
    return not re.match(
        r" (?:triệu|nghìn|lần|người|đồng|tuổi|kg|tỷ|tấn)\b", text[item.end : item.end + 7]
    )


def month_bare(scan: Scan, item: Item) -> bool:
    """`từ 3/2024`, not `Thông tư 12/2023`."""
    text = scan.text
    if text[item.start - 1] in "./-" and not _linked(scan, item):
        return False
    if _LAW.search(text, max(0, item.start - 25), item.start) or scan.in_name(item.start, item.end):
        return False
    previous = scan.left(item.start)[0]
    if previous in scan.grammar.cues["number_left"]:
        return False
    return _linked(scan, item) or previous in scan.grammar.cues["date_left"] | {"", "\n", "trong"}


def edge(scan: Scan, item: Item) -> bool:
    """`cuối năm`, not `những ngày đầu năm học`."""
    return scan.left(item.start)[0] not in {"buổi", "bắt", "giờ"}


def same(scan: Scan, item: Item) -> bool:
    """`cùng kỳ` stands alone, `cùng thời điểm` needs its year."""
    own = scan.text[item.start : item.end]
    if own in {"cùng kỳ", "cùng kì"}:
        return not re.match(r" (?:thi|họp|lương|hạn|vọng)\b", scan.text[item.end : item.end + 7])
    return own not in {"cùng thời điểm", "cùng thời gian", "cùng giai đoạn"}


def now(scan: Scan, item: Item) -> bool:
    """`đến nay`."""
    return scan.left(item.start)[0] in {"đến", "tới", "từ"}


def past(scan: Scan, item: Item) -> bool:
    """`gần đây` is a place after `ở`; `vừa qua đời` is no time."""
    previous = scan.left(item.start)[0]
    following = scan.text[item.end : item.end + 6]
    if scan.text.startswith("quá khứ", item.start):
        return previous == "trong"
    if scan.text.endswith("gần đây", item.start, item.end) and previous in {"ở", "sống", "nhà"}:
        return False
    if following.startswith((" đời", " tay", " đường")):
        return False
    return not (
        scan.text.startswith("ngày trước", item.start)
        and (
            previous.isdigit()
            or previous in _NUMBERED
            or previous in {"những", "mấy", "vài", "ít", "nhiều"}
        )
    )


def future(scan: Scan, item: Item) -> bool:
    """`tới đây` is also `come here`, `tương lai` also a thing one has."""
    if scan.text[item.start : item.end] == "tương lai":
        return scan.left(item.start)[0] in {"trong", "về", "\n", ".", ","}
    if not scan.text.startswith("tới đây", item.start):
        return True
    previous = scan.left(item.start)[0]
    return previous in {"", "\n", ",", ".", "trong", "thời", ";", "và", "“", '"', ":"}


def season(scan: Scan, item: Item) -> bool:
    """A season by `mùa`, or by its name with a year; not a crop, a person or a verb."""
    slots = item.slots
    previous, _ = scan.left(item.start)
    if scan.in_name(item.start, item.end):
        return False
    if "mua" in slots:
        return True
    if previous in {"vụ", "đông", "xuân", "hè", "thu", "mùa", "khóa"}:
        return False
    if slots["se"] == "hè":
        return any(slot in slots for slot in ("y", "yc", "yr", "ser"))
    if slots["se"] == "xuân":
        return "yc" in slots or (
            "y" in slots and not scan.norm[item.start - 2 : item.start - 1].isalpha()
        )
    return False


def year_range(scan: Scan, item: Item) -> bool:
    """`2021-2026` where both can be years."""
    first, second = int(item.slots["y"]), int(item.slots["y2"])
    previous, _ = scan.left(item.start)
    if not first < second <= first + 300 or scan.in_name(item.start, item.end):
        return False
    return scan.text[item.start - 1] not in "./-+" and previous not in {
        "tel",
        "thoại",
        "sđt",
        "số",
        "hotline",
    }


def year_bare(scan: Scan, item: Item) -> bool:
    """A year without `năm`, after a word or mark that makes it one."""
    if scan.in_name(item.start, item.end):
        return False
    text = scan.text
    before, year = text[item.start - 1], int(item.slots["y"])
    if _linked(scan, item) and scan.items[-1].kind in {"year", "fiscal"}:
        return True
    previous, earlier = scan.left(item.start)
    if before in "./-+,":
        return False
    if previous == "(":
        return bool(re.match(r" *(?:\)|[-–,;])", text[item.end : item.end + 3]))
    if previous == ":":
        return earlier in {"sn", "sinh"}
    if previous not in scan.grammar.cues["year_left"]:
        return False
    if year < 1800 or (year < 1900 and previous not in {"sinh", "từ", "đến"}):
        return False
    other = re.match(
        r" *(?:đến|tới|-|–) *([0-9][0-9.,]*)(?: (\w+))?", text[item.end : item.end + 30]
    )
    if other and (len(other[1].rstrip(".,")) != 4 or _COUNTED.match(" " + (other[2] or ""))):
        return False
    return not _COUNTED.match(text, item.end) or text.startswith((" của", " các", " và"), item.end)


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
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
        amount,
        times,
        share,
        offset,
        window,
        rel,
        month,
        month_bare,
        edge,
        same,
        now,
        past,
        future,
        season,
        year_range,
        year_bare,
    )
}
