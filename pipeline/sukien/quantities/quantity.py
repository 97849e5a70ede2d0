"""One quantity of a text with its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Kind", "Quantity"]

Kind = Literal["money", "percent", "count", "measure", "ordinal", "age"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount: `4,8 tỷ đồng` is money, value 4.8e9, unit VND.

    `unit` is an ISO 4217 code for money, `%` for percent, the counted noun for counts, an SI
    or common symbol for measures, None for ordinals and `năm`/`tháng` for ages. A range fills
    `value` and `value_max`. `mod` is a TIMEX3 mod: APPROX, MORE_THAN, LESS_THAN, EQUAL_OR_LESS
    or EQUAL_OR_MORE.
    """

    char_start: int
    char_end: int
    text: str
    kind: Kind
    value: float
    value_max: float | None = None
    unit: str | None = None
    mod: str | None = None
