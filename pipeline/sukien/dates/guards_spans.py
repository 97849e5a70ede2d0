"""Conditions on amounts, longer units and vague words: no ages, ranks, laws, place words."""

from __future__ import annotations

import re

from sukien.dates.items import Item, Scan, linked

__all__ = ["GUARDS"]

_NUMBERED = frozenset(
    ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "những", "mấy", "vài")
)

_RANKS = {"thứ", "tháng", "quý", "lớp", "phút", "hiệp", "khóa", "cấp", "hạng"}
_NO_RANKS = {"khẩn cấp", "trợ cấp", "cung cấp", "trung cấp", "cao cấp", "sơ cấp", "phong tháng"}
_A_WEEKDAY = re.compile(
    r"(?:một|1) ngày (?:thứ [^\W\d]|thứ [2-7]\b|chủ nhật|chúa nhật|(?:đầu|giữa|cuối) (?:năm|tháng))"
)


def unit_is_one_day(scan: Scan, item: Item) -> bool:
    """`một ngày Chủ nhật`, `một ngày cuối năm` are no lengths."""
    return _A_WEEKDAY.match(scan.text, item.start) is not None


def amount(scan: Scan, item: Item) -> bool:
    """A length of time, unless it is an age, a rank, a rate or a part of a date."""
    text, slots = scan.text, item.slots
    previous, earlier = scan.left(item.start)
    own = text[item.start : item.end]
    if unit_is_one_day(scan, item):
        return False
    if text[item.start - 1] in "/." or text.startswith((" tuổi", "/"), item.end):
        return False
    if text[item.start - 1] in "-–" and own[0].isdigit():
        return False
    if previous in _RANKS and f"{earlier} {previous}" not in _NO_RANKS:
        return False
    unit = slots.get("u", "")
    if (
        "n" in slots
        and unit.startswith("ngày")
        and re.match(r" [0-9]{1,2}(?:,| và|-|/| đến)", text[item.end : item.end + 8])
    ):
        return False
    if "n" not in slots and "some" not in slots and "nhalf" not in slots:
        return bool(slots.get("half"))
    if unit == "h":
        tail = re.match(r" (?:qua|tới|đầu|liên|đồng|sau|nay|làm)\b", text[item.end : item.end + 6])
        return previous in scan.grammar.cues["span_left"] or tail is not None
    if unit == "năm" and "dir" not in slots and "cu" not in slots:
        if re.match(r" (?:nay\b|[0-9]{4}|sinh\b|thứ\b)", text[item.end : item.end + 6]):
            return False
        if slots.get("n") == "năm" and previous == "năm":
            return False
    if unit == "tiếng" and slots.get("n") in {"một", "1"} and "dir" not in slots:
        return previous in scan.grammar.cues["span_left"] | {"khoảng"}
    if "nhalf" in slots and unit in {"đêm", "hôm"}:
        return False
    if unit == "hôm" and "n" in slots and "dir" not in slots:
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
        return scan.stops(item.end)
    if item.slots["dir"] == "qua":
        return not re.match(r" (?:đời|đường|tay)\b", scan.text[item.end : item.end + 7])
    return not (item.slots["dir"] == "nay" and scan.left(item.start)[0] in {"lần", "đợt", "kỳ"})


def rel(scan: Scan, item: Item) -> bool:
    """`năm qua`, `tháng trước`; `cùng năm` only where a clause ends."""
    own = scan.text[item.start : item.end]
    if own.startswith(("cùng năm", "cùng tháng")):
        return own != "cùng năm" or scan.stops(item.end)
    previous = scan.left(item.start)[0]
    return previous not in {"thứ", "người", "nghìn", "ngàn", "trăm", "chục", "triệu", "vạn"}


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
    if text[item.start - 1] in "./-" and not linked(scan, item):
        return False
    if scan.after_law(item.start) or scan.in_name(item.start, item.end):
        return False
    previous = scan.left(item.start)[0]
    if previous in scan.grammar.cues["number_left"]:
        return False
    return linked(scan, item) or previous in scan.grammar.cues["date_left"] | {"", "\n", "trong"}


def edge(scan: Scan, item: Item) -> bool:
    """`cuối năm`, not `những ngày đầu năm học`, `bắt đầu năm`."""
    previous = scan.left(item.start)[0]
    return previous != "buổi" and previous not in scan.grammar.cues["edge_left"]


def same(scan: Scan, item: Item) -> bool:
    """`cùng kỳ` stands alone, `cùng thời điểm` needs its year."""
    own = scan.text[item.start : item.end]
    if own in {"cùng kỳ", "cùng kì"}:
        return not re.match(r" (?:thi|họp|lương|hạn|vọng)\b", scan.text[item.end : item.end + 7])
    return own not in {"cùng thời điểm", "cùng thời gian", "cùng giai đoạn"}


def present(scan: Scan, item: Item) -> bool:
    """`hiện tại`, not `thực hiện tại Huế`."""
    previous = scan.left(item.start)[0]
    return (
        not scan.text.startswith("hiện", item.start)
        or previous not in scan.grammar.cues["appearing"]
    )


def lasting(scan: Scan, item: Item) -> bool:
    """`kéo dài hàng tuần`, `mất hàng giờ` are lengths, not sets."""
    return scan.left(item.start) in {("dài", "kéo"), ("mất", "phải"), ("hàng", "xếp")} or scan.left(
        item.start
    )[0] in {"suốt", "tốn"}


def set_each(scan: Scan, item: Item) -> bool:
    """`hàng năm`, not `ngân hàng năm nay`."""
    if item.slots.get("part") == "chiều" and scan.left(item.start)[0] in {"lượng", "đồng", "usd"}:
        return False  # both ways of a price
    if lasting(scan, item) and scan.text.startswith("hàng", item.start) and "n" not in item.slots:
        return False
    if scan.left(item.start)[0] in scan.grammar.cues["goods"] and scan.text.startswith(
        "hàng", item.start
    ):
        return False
    return not re.match(r" (?:nay|ngoái|qua|trước|[0-9]{4})\b", scan.text[item.end : item.end + 7])


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
    if scan.text.startswith("mai sau", item.start):
        return not re.match(r" (?:đó|khi|này)\b", scan.text[item.end : item.end + 5])
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
        return previous not in {"hội", "olympic", "paralympic"} or len(slots) > 2
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
    if len(item.slots["y2"]) == 2:  # `mùa giải 2023-24`
        second = first + 1 if (first + 1) % 100 == second else 0
        if re.search(r"[A-ZĐ][^\W\d_]+ $", scan.norm[max(0, item.start - 16) : item.start]):
            return False  # `Champions League 2017/18` is a name
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
    if linked(scan, item) and scan.items[-1].kind in {"year", "fiscal"}:
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
        r" *(?:đến|tới|-|–) *([0-9]+(?:[.,][0-9]+)*)(?: (\w+))?", text[item.end : item.end + 30]
    )
    if other and (len(other[1]) != 4 or (other[2] or "") in scan.grammar.cues["counted"]):
        return False
    return not scan.counted(item.end) or text.startswith((" của", " các", " và"), item.end)


GUARDS = (
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
    present,
    lasting,
    set_each,
    past,
    future,
    season,
    year_range,
    year_bare,
)
