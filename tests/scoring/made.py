"""Events and arguments with little writing, for tests of scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sukien.events.event import Argument, Event


def argument(role: str, start: int, end: int) -> Argument:
    return Argument(role=role, char_start=start, char_end=end, text="", confidence=0.9)


def event(start: int, end: int, kind: str, *arguments: Argument, **more: Any) -> Event:
    made = Event(
        type=kind,
        char_start=start,
        char_end=end,
        text="",
        token_start=0,
        token_end=1,
        sentence=0,
        confidence=0.5,
        method="model",
        arguments=arguments,
    )
    return replace(made, **more)
