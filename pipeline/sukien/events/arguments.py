"""Who, what, where, when: the arguments of triggers that are already found.

`ArgumentFinder` reads the sentence of each trigger, collects what could take part (names, dates,
quantities, noun phrases; `phrases.py`), scores every pair of trigger and candidate with a
log-linear model over hashed features (`arguments_features.py`, `arguments_model.py`), and settles
the edges of what it keeps. Scores are sums of integers, so they do not depend on what else is
in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from sukien.dates.timex import Timex
from sukien.entities.mention import Mention
from sukien.events.event import Argument
from sukien.language.document import Document
from sukien.quantities.quantity import Quantity

__all__ = ["ArgumentFinder", "Reading", "Trigger"]


class Trigger(Protocol):
    """What names an event: its type and its half-open span of tokens."""

    @property
    def type(self) -> str:
        """A type of the ontology, `Join-Org`."""

    @property
    def token_start(self) -> int:
        """First token."""

    @property
    def token_end(self) -> int:
        """Token after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One document with all that was found in it before its arguments are."""

    document: Document
    triggers: Sequence[Trigger]
    mentions: Sequence[Mention] = ()
    dates: Sequence[Timex] = ()
    quantities: Sequence[Quantity] = ()


class ArgumentFinder:
    """Finds the arguments of triggers; `load()` reads the shipped model."""

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a model folder, by default the shipped one."""
        raise NotImplementedError

    def arguments(
        self,
        document: Document,
        triggers: Sequence[Trigger],
        mentions: Sequence[Mention] = (),
        dates: Sequence[Timex] = (),
        quantities: Sequence[Quantity] = (),
    ) -> list[tuple[Argument, ...]]:
        """Arguments of each trigger, in the order of the triggers, sorted by position."""
        reading = Reading(
            document=document,
            triggers=triggers,
            mentions=mentions,
            dates=dates,
            quantities=quantities,
        )
        return self.batch([reading])[0]

    def batch(self, readings: Sequence[Reading]) -> list[list[tuple[Argument, ...]]]:
        """Do the same for many documents at once; the result does not depend on the batch."""
        raise NotImplementedError
