"""Floors that scores must not fall below, and the checksum of the gold they were measured on.

The file is JSON: `checksum`, `margin` (how far below a score its floor is set) and `floors` by
key of the figure, in percent. Floors are raised by `raise_floors` and lowered by hand only.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sukien.scoring import gold_corpus
from sukien.scoring.report import Report

__all__ = ["Baseline", "Verdict", "check", "checksum", "complaints", "raise_floors"]

MARGIN = 3.0
# Figures of fewer items jump too much to be held to a floor.
_ITEMS = 100


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a baseline file says."""

    checksum: str = ""
    margin: float = MARGIN
    floors: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Read a file; ValueError where it is no baseline."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            floors = {str(key): float(floor) for key, floor in data["floors"].items()}
            return cls(str(data["checksum"]), float(data["margin"]), floors)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path} is no baseline: {error!r}") from error

    def write(self, path: Path) -> None:
        """Write the file, one floor a line."""
        data = {"checksum": self.checksum, "margin": self.margin, "floors": dict(self.floors)}
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def complaints(baseline: Baseline, scores: Mapping[str, float], checksum: str) -> list[str]:
    """What is wrong: the gold has changed, or a score has fallen below its floor or is missing.

    >>> complaints(Baseline("x", floors={"names.exact": 80.0}), {"names.exact": 79.9}, "x")
    ['names.exact is 79.9, below its floor of 80.0']
    """
    out = []
    if checksum != baseline.checksum:
        out.append(
            "the gold is not the one the floors were set on (its checksum differs); "
            "if it was meant to change, --raise-floors takes the new one"
        )
    for key, floor in baseline.floors.items():
        score = scores.get(key)
        if score is None:
            out.append(f"{key} has a floor of {floor:.1f} but was not measured")
        elif score < floor:
            out.append(f"{key} is {score:.1f}, below its floor of {floor:.1f}")
    return out


def raise_floors(
    baseline: Baseline, scores: Mapping[str, float], checksum: str
) -> tuple[Baseline, dict[str, float]]:
    """Raise each floor to `margin` below its score where that is higher; never lower one.

    Figures without a floor get one. Returns the new baseline and the floors that are new.

    >>> raise_floors(Baseline("x", 3.0, {"a": 90.0, "b": 10.0}), {"a": 91.0, "b": 50.04}, "y")[1]
    {'b': 47.0}
    """
    floors = dict(baseline.floors)
    new = {}
    for key, score in scores.items():
        floor = max(math.floor(10 * (score - baseline.margin) + 1e-6) / 10, 0.0)
        if floor > floors.get(key, -1.0):
            floors[key] = new[key] = floor
    return replace(baseline, checksum=checksum, floors=floors), new


def checksum(path: Path) -> str:
    """SHA-256 of gold: of the records of our own, else of the bytes of the file or files."""
    if path.is_dir() and not any(path.rglob("*.ann")):
        return gold_corpus.checksum(path)
    digest = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether all floors hold, and what to say about it."""

    passed: bool
    lines: Sequence[str]


def check(
    path: Path, report: Report, gold: Path, layers: Collection[str], *, raising: bool = False
) -> Verdict:
    """Hold a report against a baseline file; `raising` writes higher floors to it first.

    Only the floors of `layers` are looked at. Raises FileNotFoundError where there is no file
    and floors are not being raised.
    """
    baseline = Baseline() if raising and not path.exists() else Baseline.read(path)
    digest, lines = checksum(gold), []
    if raising:
        scores = {x.key: x.score for x in report.sections[0].lines if x.items >= _ITEMS}
        baseline, new = raise_floors(baseline, scores, digest)
        baseline.write(path)
        lines = [f"{key}: floor raised to {floor:.1f}" for key, floor in new.items()]
    mine = {key: f for key, f in baseline.floors.items() if key.partition(".")[0] in layers}
    wrong = complaints(replace(baseline, floors=mine), report.scores(), digest)
    lines += wrong or [f"{len(mine)} floors hold"]
    return Verdict(not wrong, lines)
