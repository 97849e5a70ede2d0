"""Score quantities in a text, or phrases with known values.

`python -m sukien.scoring.quantities FILE...` reads phrases: JSON lines with `text`, `dimension`
(`amount_of_money`, `numeral`, `ordinal`, `percent`, `count`, `measure`, `age`) and `expected`:
`kind` (value, between, under, above, ordinal), `value` or `min` and `max`, and `unit`.
"""

from __future__ import annotations

import math
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sukien.language.numerals import parse
from sukien.quantities import Quantity, find_quantities
from sukien.scoring.counts import Count
from sukien.scoring.lines import read_rows
from sukien.scoring.matching import match_overlaps, overlap

__all__ = [
    "GoldQuantity",
    "QuantityScore",
    "Score",
    "agrees",
    "read_gold",
    "same_value",
    "score",
    "score_quantities",
]

_KINDS = {"amount_of_money": "money"}
_UNDER = {"LESS_THAN", "EQUAL_OR_LESS"}
_ABOVE = {"MORE_THAN", "EQUAL_OR_MORE"}
# Other tools name some currencies loosely; a cent is a hundredth of a dollar here.
_UNITS = {"Dollar": ("USD", 1.0), "Cent": ("USD", 0.01), "Pound": ("GBP", 1.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuantity:
    """A quantity of the gold annotation; `value` None where none is known (`hàng trăm tỷ`)."""

    start: int
    end: int
    kind: str
    value: float | None
    value_max: float | None = None
    unit: str | None = None
    optional: bool = False


@dataclass(slots=True)
class QuantityScore:
    """Counts of one or more texts.

    `strict` needs span and kind, `relaxed` kind and an overlap; `..._value` also the number or
    range and, of all but counts, the unit (the counted noun of a count may be cut in many ways).
    """

    strict: Count = field(default_factory=Count)
    strict_value: Count = field(default_factory=Count)
    relaxed: Count = field(default_factory=Count)
    relaxed_value: Count = field(default_factory=Count)


def read_gold(item: Mapping[str, Any]) -> GoldQuantity:
    """Read a gold item.

    >>> read_gold({"start": 0, "end": 3, "kind": "percent", "value": 5, "unit": "%"}).value
    5
    """
    return GoldQuantity(
        start=item["start"],
        end=item["end"],
        kind=item["kind"],
        value=item["value"],
        value_max=item.get("value_max"),
        unit=item.get("unit"),
        optional=bool(item.get("optional")),
    )


def same_value(gold: GoldQuantity, found: Quantity) -> bool:
    """Whether a quantity says what the gold one says, in whatever spelling of the unit.

    An amount without a known value is right with any; of a price only the currency counts.
    """
    if gold.value is not None and not _close(found.value, gold.value):
        return False
    if (gold.value_max is None) != (found.value_max is None):
        return False
    if gold.value_max is not None and not _close(found.value_max, gold.value_max):
        return False
    return gold.kind == "count" or _unit(gold.kind, gold.unit) == _unit(gold.kind, found.unit)


def _unit(kind: str, unit: str | None) -> str | None:
    if unit is None:
        return None
    plain = unicodedata.normalize("NFKC", unit.partition("/")[0] if kind == "money" else unit)
    return "/".join(_spellings().get(part, part) for part in plain.split("/"))


@cache
def _spellings() -> dict[str, str]:
    """Other spellings of units and the usual ones."""
    text = files("sukien.scoring").joinpath("units.toml").read_text("utf-8")
    return {other: usual for usual, others in tomllib.loads(text).items() for other in others}


def score_quantities(gold: Sequence[GoldQuantity], found: Sequence[Quantity]) -> QuantityScore:
    """Score the quantities of one text; optional gold is neither rewarded nor punished.

    >>> found = find_quantities("tăng 5% một năm")
    >>> gold = [GoldQuantity(start=5, end=7, kind="percent", value=5, unit="%")]
    >>> score_quantities(gold, found).strict_value.f1
    1.0
    """
    firm = [g for g in gold if not g.optional]
    optional = [(g.start, g.end) for g in gold if g.optional]
    counted = [
        q
        for q in found
        if not any(overlap((q.char_start, q.char_end), span) for span in optional)
        or any(overlap((q.char_start, q.char_end), (g.start, g.end)) for g in firm)
    ]
    score = QuantityScore()
    by_span: dict[tuple[int, int, str], Quantity] = {
        (q.char_start, q.char_end, q.kind): q for q in counted
    }
    same = [(g, q) for g in firm if (q := by_span.get((g.start, g.end, g.kind))) is not None]
    matched = match_overlaps(
        [(g.start, g.end) for g in firm], [(q.char_start, q.char_end) for q in counted]
    )
    near = [(firm[i], counted[j]) for i, j in matched.items() if firm[i].kind == counted[j].kind]
    for pairs, plain, valued in (
        (same, score.strict, score.strict_value),
        (near, score.relaxed, score.relaxed_value),
    ):
        plain.add(len(firm), len(counted), len(pairs))
        valued.add(len(firm), len(counted), sum(same_value(g, q) for g, q in pairs))
    return score


@dataclass(frozen=True, slots=True)
class Score:
    """How many phrases were read right, and those that were not."""

    right: int
    total: int
    wrong: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        """Share of the phrases read right."""
        return self.right / self.total if self.total else 0.0


def agrees(expected: Mapping[str, Any], quantity: Quantity) -> bool:
    """Tell whether a quantity has the expected value, range or bound, and unit.

    >>> (found,) = find_quantities("dưới 7.000 đồng")
    >>> agrees({"kind": "under", "unit": "VND", "value": 7000}, found)
    True
    """
    unit, factor = _UNITS.get(expected.get("unit", ""), (expected.get("unit"), 1.0))
    if unit is not None and quantity.unit != unit:
        return False
    kind = expected["kind"]
    if kind == "between":
        return _close(quantity.value, expected["min"] * factor) and _close(
            quantity.value_max, expected["max"] * factor
        )
    if quantity.value_max is not None or not _close(quantity.value, expected["value"] * factor):
        return False
    if kind in ("under", "above"):
        return quantity.mod in (_UNDER if kind == "under" else _ABOVE)
    return quantity.mod in (None, "APPROX")


def score(items: Iterable[Mapping[str, Any]]) -> Score:
    """Score phrases; each must give exactly one quantity of its kind, with the expected value."""
    right, wrong = 0, []
    for item in items:
        text, dimension = item["text"], item["dimension"]
        if dimension == "numeral":
            # A bare number is no quantity: it has no unit. Its value is what counts.
            value = parse(text)
            good = _close(value, item["expected"]["value"])
            shown = str(value)
        else:
            kind = _KINDS.get(dimension, dimension)
            found = [q for q in find_quantities(text) if q.kind == kind]
            good = len(found) == 1 and agrees(item["expected"], found[0])
            shown = str(found)
        right += good
        if not good:
            wrong.append(f"{text!r}: expected {dict(item['expected'])}, got {shown}")
    return Score(right, right + len(wrong), tuple(wrong))


def _close(value: float | None, expected: float) -> bool:
    return value is not None and math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-12)


def main(paths: list[str]) -> int:
    """Print the score of each file and what was read wrong."""
    for path in paths:
        result = score(read_rows(Path(path)))
        print(f"{path}: {result.right}/{result.total} = {result.accuracy:.3f}")
        for line in result.wrong:
            print(f"  {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
