"""Events whose arguments are known, for training the argument model.

Three kinds go in together: BKEE, events of the types that BKEE lacks, annotated for this project
in raw news (`data/argument_judgements.tsv`, offsets only), and sentences of our own
(`data/argument_sentences.tsv`).
"""

from __future__ import annotations

import csv
import json
import lzma
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sukien.events.phrases import Reading

__all__ = [
    "Analyse",
    "Example",
    "Gold",
    "Known",
    "examples_of",
    "read_bkee",
    "read_judgements",
    "read_sentences",
    "stages",
]

DATA: Final = Path(__file__).parent / "data"
# What an event annotated for this project counts beside one of BKEE.
_OWN_WEIGHT: Final = 1.5

# Texts to readings without triggers.
Analyse = Callable[[Sequence[str]], list[Reading]]


@dataclass(frozen=True, slots=True)
class Gold:
    """An argument as annotated: its role and its half-open span of tokens."""

    role: str
    token_start: int
    token_end: int


@dataclass(frozen=True, slots=True)
class Example:
    """A document with its triggers, and the arguments of each trigger.

    `weight` is what the document counts in training.
    """

    reading: Reading
    gold: Sequence[Sequence[Gold]]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """A text with events: type, span of the trigger, and (role, start, end) of its arguments.

    Spans count code points.
    """

    text: str
    events: Sequence[tuple[str, int, int, Sequence[tuple[str, int, int]]]]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _Span:
    """A trigger as the argument finder wants it."""

    type: str
    token_start: int
    token_end: int


def read_bkee(path: Path, types: Iterable[str]) -> Iterator[Known]:
    """Read BKEE's rows; its types are ours up to letter case, `Arquit` is Acquit."""
    by_case = {name.lower(): name for name in types} | {"arquit": "Acquit"}
    for row in _read_rows(path):
        yield Known(
            row["text"],
            [
                (
                    by_case[event["type"].lower()],
                    event["start"],
                    event["end"],
                    [(a["role"], a["start"], a["end"]) for a in event["args"]],
                )
                for event in row["events"]
            ],
        )


def read_judgements(news: Path, path: Path = DATA / "argument_judgements.tsv") -> Iterator[Known]:
    """Read stand-off events against the articles of a folder; a text is one sentence with one."""
    wanted: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            wanted.setdefault(row["article"], []).append(row)
    for source in sorted({article.partition(":")[0] for article in wanted}):
        for article in _read_rows(news / f"{source}.jsonl.xz"):
            for row in wanted.get(f"{source}:{article['id']}", ()):
                start, end = int(row["char_start"]), int(row["char_end"])
                parts = [part.split(":") for part in row["arguments"].split()]
                arguments = [(role, int(first), int(last)) for role, first, last in parts]
                yield Known(article["text"], [(row["type"], start, end, arguments)], _OWN_WEIGHT)


def read_sentences(path: Path = DATA / "argument_sentences.tsv") -> Iterator[Known]:
    """Read sentences with the trigger in brackets and arguments as `Role=text; Role=text`."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            marked = row["sentence"]
            text = marked.replace("[", "").replace("]", "")
            arguments = []
            for part in row["arguments"].split("; "):
                role, _, surface = part.partition("=")
                found = re.search(rf"(?<!\w){re.escape(surface)}(?!\w)", text)
                if found is None:
                    raise ValueError(f"{path}: {surface!r} is not in {text!r}")
                arguments.append((role, found.start(), found.end()))
            span = marked.index("["), marked.index("]") - 1
            yield Known(text, [(row["type"], *span, arguments)], _OWN_WEIGHT)


def examples_of(known: Iterable[Known], read_texts: Analyse) -> Iterator[Example]:
    """Bring known events to what the earlier stages find in their texts."""
    known = list(known)
    for one, reading in zip(known, read_texts([one.text for one in known]), strict=True):
        document = reading.document
        triggers = [
            _Span(name, *document.tokens_of(start, end)) for name, start, end, _ in one.events
        ]
        gold = [
            [Gold(role, *document.tokens_of(first, last)) for role, first, last in arguments]
            for *_, arguments in one.events
        ]
        yield Example(replace(reading, triggers=triggers), gold, one.weight)


def stages() -> Analyse:
    """The earlier stages with their shipped models, as `examples_of` wants them."""
    from sukien.dates.finder import find_dates
    from sukien.entities.tagger import NameTagger
    from sukien.language.analyzer import Analyzer
    from sukien.quantities.finder import find_quantities

    analyzer, tagger = Analyzer(), NameTagger.load()

    def analyse(texts: Sequence[str]) -> list[Reading]:
        readings = []
        for first in range(0, len(texts), 32):
            documents = analyzer.documents(texts[first : first + 32])
            for document, mentions in zip(documents, tagger.mentions(documents), strict=True):
                names = [(mention.char_start, mention.char_end) for mention in mentions]
                dates = find_dates(document.shadow, names=names)
                taken = [(date.char_start, date.char_end) for date in dates]
                quantities = find_quantities(document.shadow, taken=taken)
                readings.append(
                    Reading(
                        document=document,
                        triggers=(),
                        mentions=mentions,
                        dates=dates,
                        quantities=quantities,
                    )
                )
        return readings

    return analyse


def _read_rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
