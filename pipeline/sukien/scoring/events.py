"""Score events against gold, in two ways.

Exact, as BKEE and ACE are scored: a trigger counts where its span (identification) and also its
type (classification) are the gold's; an argument counts where trigger, role and span are, or for
the head figure where the spans overlap and begin or end together (`ông Trump`, `Trump`).
Loose, for news that a person annotated for use: a trigger counts where it overlaps a gold
trigger of its type, an argument of such an event where it overlaps a gold argument of its role;
of matched events polarity, modality, tense and time are compared. Gold may list other right
types (`alt_types`), spans (`alt`) and times (`time_alt`); what is `optional` is neither rewarded
nor punished.

`python -m sukien.scoring.events FILE...` takes files of either kind through all stages.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sukien.events.event import Argument, Event
from sukien.scoring.counts import Count
from sukien.scoring.dates import same_value
from sukien.scoring.lines import read_rows

__all__ = [
    "EventScore",
    "GoldArgument",
    "GoldEvent",
    "LooseScore",
    "read_gold",
    "score_exact",
    "score_file",
    "score_loose",
]

Json = Mapping[str, Any]
_ATTRIBUTES: Final = ("polarity", "modality", "tense")


@dataclass(frozen=True, slots=True)
class GoldArgument:
    """A gold argument: its role and the spans that are right for it, the first one the best."""

    role: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """A gold event. `types` are those that are right, the first one the best.

    `times` are the right TIMEX3 values (None for no time); `attributes` those that are known.
    """

    start: int
    end: int
    types: tuple[str, ...]
    arguments: tuple[GoldArgument, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    times: tuple[str | None, ...] | None = None
    optional: bool = False


@dataclass(slots=True)
class EventScore:
    """Exact scores."""

    identification: Count = field(default_factory=Count)
    classification: Count = field(default_factory=Count)
    arguments: Count = field(default_factory=Count)
    heads: Count = field(default_factory=Count)

    def figures(self) -> dict[str, float]:
        """The metrics, each between 0 and 1."""
        return {
            "trigger_identification_f1": self.identification.f1,
            "trigger_classification_f1": self.classification.f1,
            "trigger_classification_precision": self.classification.precision,
            "trigger_classification_recall": self.classification.recall,
            "argument_exact_f1": self.arguments.f1,
            "argument_head_f1": self.heads.f1,
        }


@dataclass(slots=True)
class LooseScore:
    """Scores by overlap, and of the attributes of matched events."""

    triggers: Count = field(default_factory=Count)
    arguments: Count = field(default_factory=Count)
    attributes: dict[str, list[int]] = field(
        default_factory=lambda: {name: [0, 0] for name in (*_ATTRIBUTES, "time", "no_time")}
    )

    def figures(self) -> dict[str, float]:
        """The metrics, each between 0 and 1.

        `time_accuracy` is over matched events that have a time in gold, `no_time_accuracy` over
        those that have none.
        """
        figures = {
            "trigger_f1": self.triggers.f1,
            "trigger_precision": self.triggers.precision,
            "trigger_recall": self.triggers.recall,
            "argument_f1": self.arguments.f1,
            "argument_precision": self.arguments.precision,
            "argument_recall": self.arguments.recall,
        }
        for name, (right, total) in self.attributes.items():
            figures[f"{name}_accuracy"] = right / total if total else 0.0
        return figures


def read_gold(row: Json, types: Iterable[str]) -> list[GoldEvent]:
    """Read the events of a row of either kind; `types` are the names to spell types by.

    >>> row = {"events": [{"type": "Start-org", "start": 3, "end": 9, "args": []}]}
    >>> read_gold(row, ["Start-Org"])[0].types
    ('Start-Org',)
    """
    by_case = {name.lower(): name for name in types} | {"arquit": "Acquit"}
    events = []
    for item in row["events"]:
        names = [item["type"], *item.get("alt_types", ())]
        times = None
        if "time" in item:
            times = (item["time"], *item.get("time_alt", ()))
            if item["time"] and "/" in item["time"]:
                times += (item["time"].partition("/")[0],)  # of an interval the time is its start
        events.append(
            GoldEvent(
                item["start"],
                item["end"],
                tuple(by_case.get(name.lower(), name) for name in names),
                tuple(
                    GoldArgument(
                        a["role"],
                        ((a["start"], a["end"]), *((s, e) for s, e in a.get("alt", ()))),
                    )
                    for a in item["args"]
                ),
                tuple((name, item[name]) for name in _ATTRIBUTES if name in item),
                times,
                bool(item.get("optional")),
            )
        )
    return events


def score_exact(gold: Sequence[GoldEvent], found: Sequence[Event], score: EventScore) -> None:
    """Add one document to exact scores. Repeated items count once."""
    spans = {(g.start, g.end) for g in gold}
    typed = {(g.start, g.end, g.types[0]) for g in gold}
    found_spans = {(e.char_start, e.char_end) for e in found}
    found_typed = {(e.char_start, e.char_end, e.type) for e in found}
    score.identification.add(len(spans), len(found_spans), len(spans & found_spans))
    score.classification.add(len(typed), len(found_typed), len(typed & found_typed))
    wanted = {(g.start, g.end, g.types[0], a.role, *a.spans[0]) for g in gold for a in g.arguments}
    given = {
        (e.char_start, e.char_end, e.type, a.role, a.char_start, a.char_end)
        for e in found
        for a in e.arguments
    }
    score.arguments.add(len(wanted), len(given), len(wanted & given))
    heads, taken = 0, set()
    for item in sorted(given):
        near = [
            other
            for other in wanted
            if other[:4] == item[:4] and other not in taken and _same_head(other[4:], item[4:])
        ]
        if near:
            taken.add(min(near, key=lambda other: (other != item, other)))
            heads += 1
    score.heads.add(len(wanted), len(given), heads)


def _same_head(left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    overlap = max(left[0], right[0]) < min(left[1], right[1])
    return overlap and (left[0] == right[0] or left[1] == right[1])


def score_loose(gold: Sequence[GoldEvent], found: Sequence[Event], score: LooseScore) -> None:
    """Add one document to loose scores; surer events are matched first."""
    firm = [g for g in gold if not g.optional]
    matched: dict[int, Event] = {}
    predicted = right = 0
    for event in sorted(found, key=lambda e: (-e.confidence, e.char_start)):
        touched = [n for n, g in enumerate(gold) if _overlaps(event, g.start, g.end)]
        fitting = [n for n in touched if n not in matched and event.type in gold[n].types]
        if fitting:
            # A gold event that counts comes before an optional one.
            best = min(fitting, key=lambda n: (gold[n].optional, n))
            matched[best] = event
            right += not gold[best].optional
            predicted += not gold[best].optional
        elif not any(gold[n].optional for n in touched):
            predicted += 1
    score.triggers.add(len(firm), predicted, right)
    for number, event in matched.items():
        if not gold[number].optional:
            _score_matched(gold[number], event, score)


def _overlaps(item: Event | Argument, start: int, end: int) -> bool:
    return item.char_start < end and start < item.char_end


def _score_matched(gold: GoldEvent, event: Event, score: LooseScore) -> None:
    """Arguments and attributes of an event that gold has too."""
    taken: set[int] = set()
    for argument in event.arguments:
        for number, wanted in enumerate(gold.arguments):
            if number in taken or wanted.role != argument.role:
                continue
            if any(_overlaps(argument, start, end) for start, end in wanted.spans):
                taken.add(number)
                break
    score.arguments.add(len(gold.arguments), len(event.arguments), len(taken))
    for name, value in gold.attributes:
        _tally(score.attributes[name], getattr(event, name) == value)
    if gold.times is not None:
        name = "no_time" if gold.times[0] is None else "time"
        _tally(score.attributes[name], same_value(event.time, gold.times))


def _tally(counts: list[int], right: bool) -> None:
    counts[0] += right
    counts[1] += 1


def score_file(path: Path) -> dict[str, dict[str, float]]:
    """Take the rows of a file through all stages and score the events.

    A file of BKEE gives `without_duplicates` (documents that do not repeat train) and
    `all_documents`, other files `news`.
    """
    from sukien.analysis import Models
    from sukien.article import Article
    from sukien.events.ontology import load_ontology

    rows = list(read_rows(path))
    types = load_ontology().types
    articles = [Article(text=r["text"], published_at=r.get("published_at")) for r in rows]
    models = Models()
    results = [a for n in range(0, len(articles), 16) for a in models.run(articles[n : n + 16])]
    if not any("duplicate_of_train" in row for row in rows):
        loose = LooseScore()
        for row, result in zip(rows, results, strict=True):
            score_loose(read_gold(row, types), result.events, loose)
        return {"news": loose.figures()}
    every, without = EventScore(), EventScore()
    known = {name for row in rows for gold in read_gold(row, types) for name in gold.types}
    for row, result in zip(rows, results, strict=True):
        gold = read_gold(row, types)
        # BKEE marks nothing of the types that it does not have.
        found = [event for event in result.events if event.type in known]
        score_exact(gold, found, every)
        if not row.get("duplicate_of_train"):
            score_exact(gold, found, without)
    return {"without_duplicates": without.figures(), "all_documents": every.figures()}


def main(arguments: Sequence[str]) -> int:
    """Score files and print the figures in percent."""
    if not arguments:
        print("usage: python -m sukien.scoring.events FILE...", file=sys.stderr)
        return 2
    for name in arguments:
        for part, figures in score_file(Path(name)).items():
            print(f"{name} {part}")
            for metric, value in figures.items():
                print(f"  {metric:34}{100 * value:6.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
