"""Articles as brat stand-off annotation: a `.txt` and an `.ann` file each, and their configuration.

brat (Stenetorp et al. 2012) counts code points of the text as our tables do. A span that crosses
a line end is written as fragments, because brat shows one line at a time.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["annotation", "configuration", "file_stem", "write_brat"]

Row = Mapping[str, Any]

_LINE_END = re.compile(r"[\r\n]+")
_ATTRIBUTES = ("polarity", "modality", "tense")
_USUAL = {"polarity": "positive", "modality": "asserted", "tense": "unspecified"}


def write_brat(folder: Path, articles: Iterable[Mapping[str, Sequence[Row]]]) -> int:
    """Write articles, each a mapping of its tables' rows; returns how many there were.

    Needs the rows of `articles`, `texts`, `mentions`, `dates`, `quantities`, `events` and
    `event_arguments`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    types: dict[str, set[str]] = defaultdict(set)
    count = 0
    for article in articles:
        text = article["texts"][0]["text"]
        path = folder / file_stem(article["articles"][0])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f"{path.name}.txt").write_text(text, encoding="utf-8", newline="")
        lines = "".join(f"{line}\n" for line in annotation(text, article))
        path.with_name(f"{path.name}.ann").write_text(lines, encoding="utf-8", newline="")
        for event in article["events"]:
            types.setdefault(event["type"], set())
        kinds = {event["event_id"]: event["type"] for event in article["events"]}
        for argument in article["event_arguments"]:
            types[kinds[argument["event_id"]]].add(argument["role"])
        count += 1
    (folder / "annotation.conf").write_text(configuration(types), encoding="utf-8", newline="\n")
    return count


def file_stem(article: Row) -> str:
    """The name of an article's files, below the folder, without suffix.

    >>> file_stem({"source_path": "kinh-te/a.txt", "member": ""})
    'kinh-te/a.txt'
    >>> file_stem({"source_path": "b.zip", "member": "x/../c.jsonl:12"})
    'b.zip/x/__/c.jsonl_12'
    """
    path = f"{article['source_path'] or 'articles'}/{article['member']}".rstrip("/")
    steps = (re.sub(r'[<>:"\\|?*\x00-\x1f]', "_", step) for step in path.split("/"))
    return "/".join(
        re.sub(r"^\.+$", lambda dots: "_" * len(dots[0]), step) for step in steps if step
    )


def annotation(text: str, article: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """The lines of an article's `.ann` file: spans, notes, events, attributes."""
    number, marks = 0, {}
    for table, kind in (("mentions", "label"), ("dates", "type"), ("quantities", "kind")):
        for row in article[table]:
            number += 1
            marks[row["char_start"], row["char_end"]] = number
            yield _span(number, row[kind], text, row)
            note = row.get("value")
            if note is not None:
                words = f"{note} {row.get('unit') or ''}".rstrip()
                yield f"#{number}\tAnnotatorNotes T{number}\t{words}"
    arguments: dict[str, list[str]] = defaultdict(list)
    roles: Counter[tuple[str, str]] = Counter()
    for row in article["event_arguments"]:
        span = row["char_start"], row["char_end"]
        if span not in marks:
            number += 1
            marks[span] = number
            yield _span(number, "Phrase", text, row)
        # brat numbers the second and later fillers of a role.
        same = roles[row["event_id"], row["role"]] = roles[row["event_id"], row["role"]] + 1
        suffix = "" if same == 1 else str(same)
        arguments[row["event_id"]].append(f"{row['role']}{suffix}:T{marks[span]}")
    attribute = 0
    for place, row in enumerate(article["events"], 1):
        number += 1
        yield _span(number, row["type"], text, row)
        yield " ".join([f"E{place}\t{row['type']}:T{number}", *arguments[row["event_id"]]])
        for name in _ATTRIBUTES:
            if row[name] != _USUAL[name]:
                attribute += 1
                yield f"A{attribute}\t{name.title()} E{place} {row[name]}"


def _span(number: int, kind: str, text: str, row: Row) -> str:
    start, surface = row["char_start"], text[row["char_start"] : row["char_end"]]
    pieces, first = [], 0
    for end in (*_LINE_END.finditer(surface), None):
        last = len(surface) if end is None else end.start()
        if last > first:
            pieces.append((start + first, start + last))
        first = last if end is None else end.end()
    spans = ";".join(f"{begin} {stop}" for begin, stop in pieces)
    words = " ".join(text[begin:stop] for begin, stop in pieces)
    return f"T{number}\t{kind} {spans}\t{words}"


def configuration(types: Mapping[str, Iterable[str]]) -> str:
    """The `annotation.conf` that lets brat show what was written."""
    spans = "PER ORG LOC MISC DATE TIME DURATION SET money percent count measure ordinal age Phrase"
    lines = ["[entities]", *spans.split(), "", "[relations]", "", "[events]"]
    for name, roles in sorted(types.items()):
        lines.append(" ".join([name, ", ".join(f"{role}*:<ENTITY>" for role in sorted(roles))]))
    lines += ["", "[attributes]", "Polarity Arg:<EVENT>, Value:negative"]
    lines += ["Modality Arg:<EVENT>, Value:planned|possible"]
    lines += ["Tense Arg:<EVENT>, Value:past|present|future"]
    return "\n".join(lines) + "\n"
