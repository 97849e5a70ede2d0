"""One temporal expression of a text with its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Anchor", "Calendar", "Timex", "TimexType"]

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
Calendar = Literal["solar", "lunar"]
Anchor = Literal["published", "dateline", "context", "quote", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timex:
    """A temporal expression, its ISO-TimeML value and the calendar days it covers.

    `value`, `mod`, `quant` and `freq` are TIMEX3 attributes (ISO-TimeML, Pustejovsky et al.
    2010). `begin` and `end` are inclusive local days `YYYY-MM-DD` (Asia/Ho_Chi_Minh), None
    where the text leaves them open. `anchor` tells what the value was computed from. Members
    of one range ("từ 10 đến 15/5") share a `range_key`, the number of the range in its text.
    """

    char_start: int
    char_end: int
    text: str
    type: TimexType
    value: str
    rule: str
    mod: str | None = None
    quant: str | None = None
    freq: str | None = None
    begin: str | None = None
    end: str | None = None
    granularity: str | None = None
    edtf: str | None = None
    calendar: Calendar = "solar"
    anchor: Anchor = "none"
    range_key: int | None = None
    range_begin: str | None = None
    range_end: str | None = None
