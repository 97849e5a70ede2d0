"""Find the temporal expressions of a text: where they stand and what fills their slots."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sukien.dates.grammar import Compiled, Rule, load_grammar
from sukien.dates.guards import GUARDS
from sukien.dates.items import Item, Scan
from sukien.language.shadow import Shadow

__all__ = ["recognise"]

_EDGES = {"START", "MID", "END"}
_EDGE_KINDS = {"month", "year", "quarter", "decade", "century", "season", "week", "bc"}
_ORDER_KINDS = {"month", "year", "quarter", "decade", "century", "bc", "point", "weekend"}
_SIZE_KINDS = {"duration", "offset", "window"}
_COMPARED = {
    "nhanh",
    "chậm",
    "ngắn",
    "xa",
    "nhiều",
    "ít",
    "lớn",
    "nhỏ",
    "sớm",
    "muộn",
    "già",
    "trẻ",
    "cao",
    "thấp",
}


def recognise(shadow: Shadow, names: Sequence[tuple[int, int]] = ()) -> Scan:
    """Scan a text from left to right; `names` are spans of the shadow.

    Offsets of the items count from 1, for the scanned text begins with a line end.

    >>> [i.name for i in recognise(Shadow("Sáng 19/3, mưa to trong 3 giờ.")).items]
    ['of-day', 'amount']
    """
    grammar = load_grammar()
    spans = [(start + 1, end + 1) for start, end in names]
    scan = Scan(f"\n{shadow.lower}\n", f"\n{shadow.norm}\n", grammar, spans)
    text, search, by_first, position = scan.text, grammar.starts.search, grammar.by_first, 0
    while match := search(text, position):
        item = _match_at(scan, match.start() + 1, by_first[_key(match[1])])
        if item is None:
            position = match.end()
            continue
        position = _add(scan, item)
    for index, item in enumerate(scan.items):
        item.index = index
    return scan


def _key(first: str) -> str:
    return "0" if first in "0123456789" else first


def _slots(match: re.Match[str], slots: list[tuple[str, int]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, group in slots:
        value = match[group]
        if value is not None and name not in found:
            found[name] = value
    return found


def _match_at(scan: Scan, start: int, rules: Sequence[Compiled]) -> Item | None:
    text = scan.text
    for compiled in rules:
        match = compiled.regex.match(text, start)
        # Where its guard refuses a rule, later ones may still read the place otherwise.
        if match and (item := _build(scan, compiled.rule, match, compiled.slots)):
            return item
    return None


def _build(
    scan: Scan, rule: Rule, match: re.Match[str], slots: list[tuple[str, int]]
) -> Item | None:
    start, end = match.span()
    item = Item(start, end, rule.name, rule.kind or "", _slots(match, slots), start, rule.value)
    if item.slots.get("tail") == "tới" and scan.norm[end : end + 2].strip()[:1].isupper():
        item.end -= 4  # `tới Huế` goes there
        del item.slots["tail"]
    if item.slots.get("tail") == "này" and len(item.slots.get("y", "")) == 4:
        item.end -= 4  # `hãng thành lập năm 1988 này`
        del item.slots["tail"]
    if rule.kind in {"point", "duration"}:
        _join(scan, item)
    if rule.guard and not GUARDS[rule.guard](scan, item):
        return None
    return item


def _join(scan: Scan, item: Item) -> None:
    """Extend an item by what belongs to it: the day of a clock time, the direction of a length."""
    grown = True
    while grown:
        grown = False
        for compiled in scan.grammar.joins:
            rule, slots = compiled.rule, item.slots
            if rule.joins.isdisjoint(slots) or not rule.without.isdisjoint(slots):
                continue
            match = compiled.regex.match(scan.text, item.end)
            if not match or match.end() == item.end:
                continue
            added = _slots(match, compiled.slots)
            if not added.keys().isdisjoint(slots):
                continue
            longer = Item(
                item.start, match.end(), rule.name, rule.kind or item.kind, slots | added, item.core
            )
            if rule.guard:
                probe = longer
                if not GUARDS[rule.guard](scan, probe):
                    continue
            item.end, item.slots, grown = longer.end, longer.slots, True
            item.name, item.kind = longer.name, longer.kind


def _add(scan: Scan, item: Item) -> int:
    """Take an item, its modifiers on the left and the list that goes on from it."""
    if item.name == "day" and "mung" not in item.slots:
        if "d" in item.slots:
            _shed_count(scan, item)
        elif "wd" in item.slots and scan.left(item.start)[0] == "một":
            _shed_noun(scan, item)  # `một ngày Chủ nhật`
    _modify(scan, item)
    scan.items.append(item)
    end = item.end
    while following := _continue(scan, item):
        item = following
        scan.items.append(item)
        end = item.end
    return end


def _shed_count(scan: Scan, item: Item) -> None:
    # In `hai ngày 5 và 6/4` the noun goes with the number before it.
    previous = scan.left(item.start)[0]
    counted = previous in {"hai", "ba", "bốn", "năm", "sáu", "bảy"} or (
        previous.isdigit() and len(previous) == 1
    )
    if counted:
        _shed_noun(scan, item)


def _shed_noun(scan: Scan, item: Item) -> None:
    if scan.text.startswith("ngày ", item.start):
        rest = scan.text[item.start + 5 : item.end].lstrip()
        item.start = item.core = item.end - len(rest)


def _continue(scan: Scan, item: Item) -> Item | None:
    kind = item.kind
    if kind == "point":
        if "d" not in item.slots or "h" in item.slots:
            return None
        kind = "day"
    for compiled in scan.grammar.continuations.get(kind, ()):
        if match := compiled.regex.match(scan.text, item.end):
            gap = scan.grammar.connector.match(scan.text, item.end)
            start = gap.end() if gap else item.end
            slots = _slots(match, compiled.slots)
            if kind == "day" and int(slots["d"]) <= int(
                item.slots["d"] if item.slots["d"].isdigit() else 0
            ):
                continue
            if kind == "year" and len(slots["y"]) > 2 and not _plausible_years(item, slots):
                continue
            rule = compiled.rule
            if kind == "year" and len(slots["y"]) == 2 and not _season_end(item, slots):
                continue
            return Item(start, match.end(), rule.name, rule.kind or "", slots, start)
    return None


def _plausible_years(item: Item, slots: dict[str, str]) -> bool:
    first = item.slots.get("y", "")
    return not first.isdigit() or -200 < int(slots["y"]) - int(first) < 300


def _season_end(item: Item, slots: dict[str, str]) -> bool:
    """Whether two digits are the year after the one before: `2023-24`; makes them four."""
    first = item.slots.get("y", "")
    if len(first) != 4 or not first.isdigit() or (int(first) + 1) % 100 != int(slots["y"]):
        return False
    slots["y"] = str(int(first) + 1)
    return True


def _modify(scan: Scan, item: Item) -> None:
    """Take in `khoảng`, `hơn`, `đầu`, `trước` … where they stand right before the item."""
    floor = scan.items[-1].end if scan.items else 0
    for _ in range(3):
        begin = max(floor, item.start - 16)
        match = scan.grammar.modifier_tail.search(scan.text, begin, item.start)
        if match is None:
            return
        word = " ".join(match[0].split())
        mod = scan.grammar.modifiers[word]
        if not _fits(scan, item, mod, word, match.start()):
            return
        item.start = match.start()
        item.mods.append(mod)


def _fits(scan: Scan, item: Item, mod: str, word: str, start: int) -> bool:
    kind, slots = item.kind, item.slots
    if mod in _EDGES:
        if item.mods or kind == "weekend":
            return False
        if scan.left(start)[0] in scan.grammar.cues["edge_left"]:
            return False
        return kind in _EDGE_KINDS or (kind == "point" and "h" not in slots and "part" not in slots)
    if mod in {"BEFORE", "AFTER"}:
        return kind in _ORDER_KINDS and item.name != "day-of-range" and item.mods[-1:] != [mod]
    if kind in _SIZE_KINDS:
        previous, earlier = scan.left(start)
        if previous == "dài":  # `kéo dài hơn 5 năm` is a length, `dài hơn 5 ngày` compares
            return earlier == "kéo"
        return previous not in _COMPARED
    if mod in {"MORE_THAN", "LESS_THAN"}:
        return kind == "point" and "h" in slots and word in {"hơn", "gần"}
    if mod == "APPROX":
        return kind in {
            "month",
            "year",
            "quarter",
            "decade",
            "century",
            "season",
            "share",
            "edge",
        } or (kind == "point" and ("dr" not in slots or "h" in slots))
    return False
