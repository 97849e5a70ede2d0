"""Gold in brat's stand-off files: a `.txt` and an `.ann` of the same name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sukien.scoring.gold import GoldArticle, GoldSet
from sukien.scoring.gold_rows import article
from sukien.scoring.names import LABELS

__all__ = ["read", "record"]

Record = dict[str, Any]
_DATES = ("DATE", "TIME", "DURATION", "SET")
_KINDS = ("money", "percent", "count", "measure", "ordinal", "age")
_ATTRIBUTES = {"Polarity": "polarity", "Modality": "modality", "Tense": "tense"}
_USUAL = {"polarity": "positive", "modality": "asserted", "tense": "unspecified"}


def read(path: Path) -> GoldSet:
    """Read one `.ann` file or all below a folder, each with its text.

    A layer counts as annotated when any of the files holds a mark of it. Values of dates and
    quantities are read from brat's notes, as `sukien extract --format brat` writes them.
    """
    from sukien.events.ontology import load_ontology

    files = [path] if path.is_file() else sorted(path.rglob("*.ann"))
    types = tuple(load_ontology().types)
    rows = []
    for file in files:
        source = file.with_name(file.name.removesuffix(".ann") + ".txt")
        if not source.is_file():
            raise ValueError(f"{file} has no text beside it: {source.name} is missing")
        # newline="" keeps \r\n, which brat counts as two code points.
        with source.open(encoding="utf-8", newline="") as text:
            row = record(text.read(), file.read_text(encoding="utf-8").splitlines())
        name = source.relative_to(path).as_posix() if path.is_dir() else source.name
        rows.append((name.removesuffix(".txt"), row))
    layers = [
        layer
        for layer in ("entities", "dates", "quantities", "events")
        if any(row[layer] for _, row in rows)
    ]
    articles: list[GoldArticle] = [
        article(name, {"text": row["text"], **{layer: row[layer] for layer in layers}}, types)
        for name, row in rows
    ]
    return GoldSet(path.name, articles)


def record(text: str, lines: Sequence[str]) -> Record:
    """One file as a gold row; ValueError where a line does not fit.

    >>> record("Huế mưa", ["T1\\tLOC 0 3\\tHuế"])["entities"]
    [{'start': 0, 'end': 3, 'label': 'LOC'}]
    """
    spans: dict[str, tuple[str, int, int]] = {}
    events: dict[str, Record] = {}
    notes: dict[str, str] = {}
    attributes: dict[str, dict[str, str]] = defaultdict(dict)
    for line in lines:
        mark, _, rest = line.partition("\t")
        words = rest.split("\t")[0].split()
        try:
            if mark.startswith("T"):
                offsets = [int(number) for number in re.findall(r"\d+", " ".join(words[1:]))]
                spans[mark] = words[0], offsets[0], offsets[-1]
            elif mark.startswith("E"):
                events[mark] = {"pairs": [word.split(":") for word in words]}
            elif mark.startswith("#") and words[0] == "AnnotatorNotes":
                notes[words[1]] = rest.split("\t")[1]
            elif mark.startswith(("A", "M")) and words[0] in _ATTRIBUTES:
                attributes[words[1]][_ATTRIBUTES[words[0]]] = words[2]
        except (IndexError, ValueError) as error:
            raise ValueError(f"a line of brat that cannot be read: {line!r}") from error
    row: Record = {"text": text, "entities": [], "dates": [], "quantities": [], "events": []}
    for mark, (kind, start, end) in spans.items():
        place = {"start": start, "end": end}
        if kind in LABELS:
            row["entities"].append({**place, "label": kind})
        elif kind in _DATES:
            row["dates"].append({**place, "type": kind, "value": notes.get(mark)})
        elif kind in _KINDS:
            row["quantities"].append({**place, "kind": kind, **_amount(notes.get(mark, ""))})
    for mark, event in events.items():
        (kind, trigger), *pairs = event["pairs"]
        _, start, end = spans[trigger]
        arguments = [
            # brat numbers the second and later fillers of a role.
            {"role": role.rstrip("0123456789"), "start": spans[at][1], "end": spans[at][2]}
            for role, at in pairs
            if at in spans
        ]
        place = {"start": start, "end": end}
        told = {**_USUAL, **attributes.get(mark, {})}
        row["events"].append({**place, "type": kind, "args": arguments, **told})
    return row


def _amount(note: str) -> Record:
    number, _, unit = note.partition(" ")
    try:
        return {"value": float(number), "unit": unit or None}
    except ValueError:
        return {"value": None}
