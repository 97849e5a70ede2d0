"""Conditions on words that are an expression of time by themselves: `chiều`, `nay`, `Tết`."""

from __future__ import annotations

import re

from sukien.dates.items import Item, Scan, linked

__all__ = ["GUARDS", "bare_tet"]

_HABITS = re.compile(r"\b(?:mỗi|hàng|hằng|các|những|thường|từng|nhiều|vài|mấy) *$")
_USUAL = re.compile(
    r"(?<!bình )(?<!bồi )(?<!phi )(?<!thất )(?<!khác )\bthường\b(?! (?:trực|vụ|dân|niên|xuyên))"
    r"|\b(?:bạn|du khách|thói quen|luôn luôn|ngày nào cũng|quanh năm)\b"
)
_RANGE_TO = re.compile(r" (?:đến|tới) (?:sáng|trưa|chiều|tối|đêm|khuya|nửa đêm|rạng sáng)\b")
_TO_PART = re.compile(
    r" (?:đến|tới)(?: tận)? (?:sáng|trưa|chiều|tối|đêm|khuya|nửa đêm)"
    r"(?! (?:nay|qua|mai|cùng|ngày|hôm|thứ|[0-9]))"
)
_FROM_PART = re.compile(r"\btừ (?:sáng|sáng sớm|trưa|chiều|tối) (?:đến|tới)(?: tận)? $")
_TET_LEFT = {"dịp", "trước", "sau", "cận", "giáp", "sát", "hôm", "đến", "tới", "kỳ"}


def part_bare(scan: Scan, item: Item) -> bool:
    """`chờ đến chiều`, `Rạng sáng, …`, not `mỗi buổi sáng`, `từ sáng đến tối`."""
    text, cues = scan.text, scan.grammar.cues
    if any(slot in item.slots for slot in ("d", "dr", "wd", "hol", "h")):
        return False
    if scan.in_name(item.start, item.end):
        return False
    previous = scan.left(item.start)[0]
    word = " ".join(text[item.start : item.end].split())
    plain = word in cues["part_first"] and previous in {"lúc", "từ", "đến", "tới"}
    if not plain and not scan.stops(item.end) and not _RANGE_TO.match(text, item.end):
        return False
    if _TO_PART.match(text, item.end) or _FROM_PART.search(text, item.start - 24, item.start):
        return False
    begin, end = scan.sentence(item.start)
    if _HABITS.search(text, begin, item.start) or _USUAL.search(text, begin, end):
        return False
    if scan.grammar.phrases["generic"].search(text, begin, end):
        return False
    if previous in cues["part_left"]:
        return True
    opens = previous in {"", "\n", ".", "“", "!", "?"} and text.startswith(",", item.end)
    return opens and word in cues["part_first"]


def now(scan: Scan, item: Item) -> bool:
    """`đến nay`, `nay đã`, `(nay là Huế)`, not `năm nay`, `nay mai`, the name Nay."""
    previous = scan.left(item.start)[0]
    if previous in {"đến", "tới", "từ"}:
        return True
    if (
        previous in scan.grammar.cues["nay_left"]
        or (previous.isdigit() and len(previous) != 4)
        or scan.in_name(item.start, item.end)
    ):
        return False
    following = re.match(r" ([^\W\d]+)(?: ([^\W\d]+))?", scan.norm[item.end : item.end + 24])
    if following is None or following[1][0].isupper():
        return False
    if scan.norm.startswith("Nay", item.start):
        return True
    right = scan.grammar.cues["now_right"]
    return following[1] in right or f"{following[1]} {following[2]}" in right


def bare_tet(scan: Scan, item: Item) -> bool:
    """`dịp Tết`, `trước Tết`, `Tết này`, not `quà Tết`, `ăn Tết`."""
    following = scan.norm[item.end : item.end + 2]
    if not scan.norm.startswith("T", item.start) or following[1:].isupper():
        return False  # `Tết Songkran`
    if scan.text.startswith(" đến", item.end):
        return False  # `Tết đến xuân về`
    previous = scan.left(item.start)[0]
    return "tail" in item.slots or previous in _TET_LEFT or linked(scan, item)


GUARDS = (part_bare, now)
