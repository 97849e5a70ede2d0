"""Shares of right rows among those read; `python tests/events/readings/count.py`."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
SLOTS = ("agent", "patient", "time", "place")


def rows(name: str) -> list[dict[str, str]]:
    """The verdicts of a file."""
    with (HERE / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def share(verdicts: list[str]) -> tuple[int, int]:
    """Right ones, and all that are not empty."""
    counts = Counter(verdicts)
    return counts["y"], sum(counts.values()) - counts["-"]


def main() -> None:
    """Print the shares of both settings, by slot and by confidence, and of the stories."""
    for name in ("dantri_default", "dantri_precision"):
        read = rows(name)
        for slot in ("trigger", *SLOTS):
            right, all_ = share([row[slot] for row in read])
            print(f"{name} {slot}: {right} of {all_}, {right / all_:.0%}")
        for low in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            own = [row["trigger"] for row in read if float(row["confidence"]) >= low]
            right, all_ = share(own)
            print(f"{name} confidence ≥ {low}: {right} of {all_}, {right / max(all_, 1):.0%}")
    stories = rows("stories")
    for kind in ("story", "cluster", "mixed"):
        right, all_ = share([row["verdict"] for row in stories if row["kind"] == kind])
        print(f"stories {kind}: {right} of {all_}, {right / all_:.0%}")


if __name__ == "__main__":
    main()
