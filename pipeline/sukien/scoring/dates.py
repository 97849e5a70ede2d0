"""Score temporal expressions against gold: strict and relaxed spans, values, intervals.

Gold items carry `start`, `end`, `type`, `value`, `begin`, `end_day` and may be `optional`
(neither rewarded nor punished), list other right values (`alt`), or be `derived` (an interval
that two rows of one range make). `python -m sukien.scoring.dates FILE...` scores a file:
phenomena, news with a `dates` layer, or Duckling's phrases, told apart by their fields.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sukien.dates import Timex, find_dates
from sukien.scoring.lines import read_rows
from sukien.scoring.matching import match_overlaps, overlap

__all__ = [
    "DateScore",
    "GoldDate",
    "find_surfaces",
    "read_gold",
    "same_bounds",
    "same_phrase",
    "same_range",
    "same_value",
    "score_dates",
    "score_file",
]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDate:
    """One gold expression; `values` holds its value and the other right ones."""

    start: int
    end: int
    type: str
    values: tuple[str | None, ...]
    begin: str | None = None
    end_day: str | None = None
    bounded: bool = False  # whether begin and end are to be scored
    optional: bool = False
    derived: bool = False


@dataclass(slots=True)
class DateScore:
    """Counts; the figures are derived from them and add up over documents."""

    gold: int = 0
    predicted: int = 0
    strict: int = 0
    strict_value: int = 0
    relaxed: int = 0
    relaxed_value: int = 0
    bounds: int = 0
    bounds_right: int = 0
    derived: int = 0
    derived_right: int = 0
    forbidden: int = 0
    forbidden_hit: int = 0
    errors: list[str] = field(default_factory=list)

    def f1(self, right: int) -> float:
        """F1 of a count of right items, 0 where there are none."""
        total = self.gold + self.predicted
        return 2 * right / total if total else 0.0

    def figures(self) -> dict[str, float]:
        """The metrics, each between 0 and 1.

        >>> DateScore(gold=4, predicted=4, strict_value=3).figures()["strict_value_f1"]
        0.75
        """
        return {
            "strict_f1": self.f1(self.strict),
            "strict_value_f1": self.f1(self.strict_value),
            "relaxed_f1": self.f1(self.relaxed),
            "relaxed_value_f1": self.f1(self.relaxed_value),
            "interval_accuracy": _ratio(
                self.bounds_right + self.derived_right, self.bounds + self.derived
            ),
            "derived_accuracy": _ratio(self.derived_right, self.derived),
            "must_not_clean": 1 - _ratio(self.forbidden_hit, self.forbidden, empty=0.0),
        }


def _ratio(right: int, total: int, empty: float = 1.0) -> float:
    return right / total if total else empty


def read_gold(item: Json) -> GoldDate:
    """Read a gold item of any file: its span ends at `stop` or `end`, its days at `end`,
    `end_date` or `end_day`.

    >>> read_gold({"start": 0, "stop": 5, "type": "DATE", "value": "2024", "end": None}).end
    5
    """
    if "stop" in item:
        end, day = item["stop"], item.get("end")
    else:
        end, day = item["end"], item.get("end_date", item.get("end_day"))
    return GoldDate(
        start=item["start"],
        end=end,
        type=item["type"],
        values=(item["value"], *(item.get("alt") or ())),
        begin=item.get("begin"),
        end_day=day,
        bounded=item.get("begin") is not None or day is not None,
        optional=bool(item.get("optional")),
        derived=bool(item.get("derived")),
    )


def score_dates(
    gold: Sequence[GoldDate], found: Sequence[Timex], must_not: Iterable[tuple[int, int]] = ()
) -> DateScore:
    """Score the expressions found in one text.

    Strict: same offsets. Relaxed: the spans overlap, one to one, the longest overlap first.
    Predictions that touch nothing but optional gold are left out.
    """
    score = DateScore()
    plain = [g for g in gold if not g.derived]
    firm = [g for g in plain if not g.optional]
    spans = {(g.start, g.end): g for g in firm}
    counted = []
    for timex in found:
        touched = [
            g for g in plain if overlap((timex.char_start, timex.char_end), (g.start, g.end))
        ]
        if not touched or any(not g.optional for g in touched):
            counted.append(timex)
    score.gold, score.predicted = len(firm), len(counted)
    for timex in counted:
        match = spans.get((timex.char_start, timex.char_end))
        if match is not None:
            score.strict += 1
            score.strict_value += same_value(timex.value, match.values)
    matched = match_overlaps(
        [(g.start, g.end) for g in firm], [(t.char_start, t.char_end) for t in counted]
    )
    used_gold = {position: counted[at] for position, at in matched.items()}
    for j, g in enumerate(firm):
        timex_or_none = used_gold.get(j)
        right = timex_or_none is not None and same_value(timex_or_none.value, g.values)
        if timex_or_none is not None:
            score.relaxed += 1
            score.relaxed_value += right
        if g.bounded:
            score.bounds += 1
            good = timex_or_none is not None and same_bounds(timex_or_none, g)
            score.bounds_right += good
    for g in gold:
        if g.derived and not g.optional:
            score.derived += 1
            score.derived_right += any(same_range(t, g) for t in found)
    for start, end in must_not:
        score.forbidden += 1
        score.forbidden_hit += any(
            t.char_start < end and start < t.char_end and not _is_gold(t, plain) for t in found
        )
    return score


_WHOLE_HOUR = re.compile(r"(T\d\d):00(?!:)")


def same_value(value: str | None, right: Iterable[str | None]) -> bool:
    """Whether a TIMEX3 value is one of those that are right; a whole hour needs no minutes.

    >>> same_value("2024-03-20T15:00", ["2024-03-20T15"]), same_value("2024-03", ["2024"])
    (True, False)
    """
    return _plain(value) in {_plain(other) for other in right}


def _plain(value: str | None) -> str | None:
    return value and _WHOLE_HOUR.sub(r"\1", value)


def _is_gold(timex: Timex, gold: Sequence[GoldDate]) -> bool:
    return any((g.start, g.end) == (timex.char_start, timex.char_end) for g in gold)


def _day(bound: str | None) -> str | None:
    return bound.partition("T")[0] if bound else None


def same_bounds(timex: Timex, gold: GoldDate) -> bool:
    """Whether a row covers the days of a gold item."""
    # Rows keep days; the hours of a clock time are in its value.
    return timex.begin == _day(gold.begin) and timex.end == _day(gold.end_day)


def same_range(timex: Timex, gold: GoldDate) -> bool:
    """Whether a row belongs to a range that is the interval of a derived gold item."""
    if timex.range_key is None:
        return False
    if not overlap((timex.char_start, timex.char_end), (gold.start, gold.end)):
        return False
    return timex.range_begin == gold.begin and timex.range_end == gold.end_day


def _add(total: DateScore, part: DateScore) -> None:
    for name in DateScore.__slots__:
        if name == "errors":
            total.errors += part.errors
        else:
            setattr(total, name, getattr(total, name) + getattr(part, name))


def _errors(text: str, gold: Sequence[GoldDate], found: Sequence[Timex]) -> list[str]:
    right = {(g.start, g.end): g for g in gold if not g.derived}
    lines = []
    for t in found:
        g = right.get((t.char_start, t.char_end))
        around = text[max(0, t.char_start - 30) : t.char_start] + f"[{t.text}]"
        around += text[t.char_end : t.char_end + 25]
        if g is None:
            touched = any(overlap((t.char_start, t.char_end), span) for span in right)
            lines.append(f"{'span ' if touched else 'extra'} {around!r} {t.value} {t.rule}")
        elif not same_value(t.value, g.values) and not g.optional:
            lines.append(f"value {around!r} {t.value} {t.rule}, gold {g.values}")
        elif g.bounded and not g.optional and not same_bounds(t, g):
            lines.append(f"bound {around!r} {t.begin} {t.end}, gold {g.begin} {g.end_day}")
    spans = {(t.char_start, t.char_end) for t in found}
    for g in gold:
        if g.derived and not any(same_range(t, g) for t in found):
            lines.append(f"range {text[g.start : g.end]!r} {g.begin} {g.end_day}")
        elif not g.derived and not g.optional and (g.start, g.end) not in spans:
            around = text[max(0, g.start - 30) : g.start] + f"[{text[g.start : g.end]}]"
            lines.append(f"miss  {around + text[g.end : g.end + 25]!r} {g.values}")
    return lines


def find_surfaces(text: str, surfaces: Iterable[str]) -> list[tuple[int, int]]:
    """Where each surface stands first in a text; those that do not stand in it are left out."""
    spans = []
    for surface in surfaces:
        start = text.find(surface)
        if start >= 0:
            spans.append((start, start + len(surface)))
    return spans


# Hours that Duckling gives the parts of a day.
_PARTS = {"TMO": (4, 12), "TMD": (12, 14), "TAF": (12, 19), "TEV": (18, 24), "TNI": (18, 24)}


def _interval(timex: Timex) -> tuple[str, str] | None:
    """The stretch of time of a row as ISO date-times, the end exclusive."""
    code = timex.value[-3:]
    if timex.type == "TIME" and code in _PARTS and timex.begin:
        low, high = _PARTS[code]
        start = datetime.fromisoformat(timex.begin)
        return (
            (start + timedelta(hours=low)).isoformat(),
            (start + timedelta(hours=high)).isoformat(),
        )
    if timex.edtf and "T" in timex.edtf and "/" in timex.edtf:
        begin, end = timex.edtf.split("/")
        after = datetime.fromisoformat(end) + timedelta(seconds=1)
        return datetime.fromisoformat(begin).isoformat(), after.isoformat()
    if timex.begin and timex.end:
        after = datetime.fromisoformat(timex.end) + timedelta(days=1)
        return datetime.fromisoformat(timex.begin).isoformat(), after.isoformat()
    return None


def same_phrase(expected: Json | None, found: Sequence[Timex]) -> bool:
    """Whether the expressions found in one of Duckling's phrases give its value at its grain.

    The longest expression counts; where nothing is expected, nothing may be found.
    """
    if expected is None:
        return not found
    if not found:
        return False
    timex = max(found, key=lambda t: t.char_end - t.char_start)
    if expected["kind"] == "interval":
        return _interval(timex) == (expected["begin"], expected["end_exclusive"])
    value = timex.value.partition("+")[0]
    # At the grain of minutes 15:00 is more than 15.
    return value == expected["timex"] or (
        expected["grain"] == "hour" and same_value(value, [expected["timex"]])
    )


def score_file(
    path: Path, find: Callable[..., list[Timex]] = find_dates
) -> tuple[dict[str, float], list[str]]:
    """Score a gold file; return the figures and one line for each error."""
    rows = list(read_rows(path))
    if rows and "dimension" in rows[0]:
        wrong = []
        for row in rows:
            found = find(row["text"], reference=row["reference"], prefer="future")
            if not same_phrase(row["expected"], found):
                shown = [(t.text, t.value, t.begin, t.end, t.edtf) for t in found]
                wrong.append(f"{row['text']!r} {shown}, gold {row['expected']}")
        return {"accuracy": 1 - len(wrong) / len(rows), "rows": len(rows)}, wrong
    total = DateScore()
    for row in rows:
        text = row["text"]
        gold = [read_gold(item) for item in row.get("expected", row.get("dates", ()))]
        found = find(text, reference=row.get("dct") or row.get("published_at"))
        part = score_dates(gold, found, find_surfaces(text, row.get("must_not", ())))
        part.errors = [f"{row['id']} {line}" for line in _errors(text, gold, found)]
        _add(total, part)
    return total.figures(), total.errors


def main(arguments: Sequence[str]) -> int:
    """Score the files named; `--errors` lists what is wrong."""
    for name in (a for a in arguments if a != "--errors"):
        figures, errors = score_file(Path(name))
        print(Path(name).name, *(f"{key}={value:.4f}" for key, value in figures.items()))
        if "--errors" in arguments:
            print(*(f"  {line}" for line in errors), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
