"""The numbers at the head of the page: what was read, what failed, what was found when."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sukien.writing.report.source import cells, day_of

if TYPE_CHECKING:
    from sukien.tables.frames import Tables

__all__ = ["failures", "happened", "reported", "totals", "types_by_count", "warnings"]

MOST_FAILURES = 300
MOST_WARNINGS = 20
LONGEST = 300
"""Characters of a path, reason or warning on the page."""


def totals(tables: Tables) -> dict[str, Any]:
    """How many there are of everything; the first and last day of publication."""
    articles = tables.articles
    status = Counter(cells(articles["status"]))
    labels = Counter(cells(tables.entities["label"]))
    fine = articles[articles["status"] == "ok"]
    days = sorted(day for day in map(day_of, cells(fine["published_at"])) if day is not None)
    return {
        "inputs": len(articles),
        "ok": status["ok"],
        "failed": status["failed"],
        "skipped": status["skipped"],
        "duplicates": int(fine["duplicate_of"].notna().sum()),
        "undated": len(fine) - len(days),
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
        "mentions": len(tables.mentions),
        "PER": labels["PER"],
        "ORG": labels["ORG"],
        "LOC": labels["LOC"],
        "MISC": labels["MISC"],
        "dates": len(tables.dates),
        "events": len(tables.events),
        "clusters": len(tables.event_clusters),
        "timed": int(tables.events["time_begin"].notna().sum()),
    }


def failures(tables: Tables) -> list[list[str]]:
    """Where, status and reason of the first inputs that failed or were skipped, failed first."""
    articles = tables.articles
    bad = articles[articles["status"] != "ok"]
    rows = [
        [_where(path, member)[:LONGEST], status, (reason or "")[:LONGEST]]
        for path, member, status, reason in zip(
            *(cells(bad[name]) for name in ("source_path", "member", "status", "error")),
            strict=True,
        )
    ]
    rows.sort(key=lambda row: row[1])
    return rows[:MOST_FAILURES]


def warnings(tables: Tables) -> list[tuple[str, int]]:
    """The commonest warnings about articles that were read, with how many have them."""
    told = Counter(
        str(word)[:LONGEST] for row in tables.articles["warnings"].dropna() for word in row
    )
    return sorted(told.items(), key=lambda item: (-item[1], item[0]))[:MOST_WARNINGS]


def types_by_count(tables: Tables) -> list[tuple[str, int]]:
    """Event types with the number of events, commonest first."""
    told = Counter(cells(tables.events["type"]))
    return sorted(told.items(), key=lambda item: (-item[1], item[0]))


def happened(tables: Tables, number: dict[str, int]) -> list[list[int]]:
    """First day, last day, type and count of events whose time is known.

    number: the position of each type on the page. Days count from 1970-01-01.
    """
    times = tables.events[["time_begin", "time_end", "type"]].dropna(subset=["time_begin"])
    told: Counter[tuple[int, int, int]] = Counter()
    rows = times.groupby(list(times), dropna=False, observed=True, sort=False).size().reset_index()
    for begin, end, kind, count in zip(*(cells(rows[name]) for name in rows), strict=True):
        first, last = day_of(begin), day_of(end)
        if first is not None:
            told[first, first if last is None else last, number[kind]] += count
    return [[*key, count] for key, count in sorted(told.items())]


def reported(tables: Tables, number: dict[str, int]) -> list[list[int]]:
    """The same by the day on which the article was published."""
    articles = tables.articles
    days = dict(
        zip(
            cells(articles["article_id"]),
            map(day_of, cells(articles["published_at"])),
            strict=True,
        )
    )
    told: Counter[tuple[int, int]] = Counter()
    for article, kind in zip(
        cells(tables.events["article_id"]), cells(tables.events["type"]), strict=True
    ):
        day = days.get(article)
        if day is not None:
            told[day, number[kind]] += 1
    return [[day, day, kind, count] for (day, kind), count in sorted(told.items())]


def _where(path: str, member: str | None) -> str:
    return f"{path} · {member}" if member else path
