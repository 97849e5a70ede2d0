"""Score numbers and quantities against phrases with known values.

`python -m sukien.scoring.quantities FILE...` reads JSON lines with `text`, `dimension`
(`amount_of_money`, `numeral`, `ordinal`, `percent`, `count`, `measure`, `age`) and `expected`:
`kind` (value, between, under, above, ordinal), `value` or `min` and `max`, and `unit`.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sukien.language.numerals import parse
from sukien.quantities import Quantity, find_quantities

__all__ = ["Score", "agrees", "score"]

_KINDS = {"amount_of_money": "money"}
_UNDER = {"LESS_THAN", "EQUAL_OR_LESS"}
_ABOVE = {"MORE_THAN", "EQUAL_OR_MORE"}
# Other tools name some currencies loosely; a cent is a hundredth of a dollar here.
_UNITS = {"Dollar": ("USD", 1.0), "Cent": ("USD", 0.01), "Pound": ("GBP", 1.0)}


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
        lines = Path(path).read_text("utf-8").splitlines()
        result = score(json.loads(line) for line in lines if line.strip())
        print(f"{path}: {result.right}/{result.total} = {result.accuracy:.3f}")
        for line in result.wrong:
            print(f"  {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
