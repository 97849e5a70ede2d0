"""Annotated texts to training examples: VLSP's files, hidden gazetteer names, small letters."""

from __future__ import annotations

import hashlib
import json
import lzma
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sukien.entities.caseless import caseless_columns
from sukien.entities.features import Lexicon, place_columns
from sukien.entities.forms import Forms
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.memory import MEMORY, memory_columns
from sukien.entities.page import Page, pieces_of
from sukien.language.document import Document
from sukien.scoring.lines import open_text
from sukien.scoring.names import read_gold
from sukien.training.crf import Example, bioes

__all__ = [
    "LABELS",
    "Hiding",
    "Spans",
    "caseless_example",
    "caseless_lists",
    "read_articles",
    "read_news",
    "read_sentences",
    "remember",
    "select",
    "to_example",
    "token_spans",
]

LABELS = (
    "O",
    *(f"{place}-{label}" for label in ("PER", "ORG", "LOC", "MISC") for place in "BIES"),
)
HIDDEN = 3
"""One gazetteer name in so many is hidden from a training document."""
SILVER_HIDDEN = 60
"""Of 90 gazetteer names, how many are hidden where the gazetteer itself made the annotation."""

Spans = list[tuple[int, int, str]]
Numbers = NDArray[np.uint64]
_NO_SPACE_BEFORE = frozenset(",.;:!?)…”")
_NO_SPACE_AFTER = frozenset("(“")


def read_articles(path: Path) -> Iterator[tuple[str, Spans]]:
    """Texts with their outermost names as half-open character spans; ValueError names the line."""
    for text, names in read_gold(path):
        yield text, [(*name.spans[0], name.labels[0]) for name in names if not name.optional]


def read_sentences(path: Path) -> Iterator[tuple[str, Spans]]:
    """Sentences with their names, the text rebuilt from segmented words.

    Columns are parted by tabs: word, part of speech, chunk, name (`B-`, `I-`, `O`); empty lines
    part the sentences. ValueError names the line that has too few.
    """
    rows: list[tuple[str, str]] = []
    with open_text(path) as file:
        for number, line in enumerate(file, 1):
            cells = line.rstrip("\n").split("\t")
            if cells != [""]:
                if len(cells) < 4:
                    raise ValueError(f"{path}:{number}: fewer than four columns parted by tabs")
                rows.append((cells[0], cells[3]))
            elif rows:
                yield _rebuild(rows)
                rows = []
    if rows:
        yield _rebuild(rows)


def read_news(folder: Path) -> Iterator[tuple[str, Spans]]:
    """Beginnings of raw articles with the names marked by hand in `data/news_names.jsonl`.

    The annotation is stand-off: file, article, SHA-256 of its text, where the marked part ends,
    and half-open character spans. Articles that are not in `folder`, or differ, are left out.
    """
    source = files("sukien.training") / "data" / "news_names.jsonl"
    marked: dict[tuple[str, str], dict[str, Any]] = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        marked[row["file"], row["id"]] = row
    for name in sorted({file for file, _ in marked}):
        if not (folder / name).exists():
            continue
        with lzma.open(folder / name, "rt", encoding="utf-8") as file:
            for line in file:
                article = json.loads(line)
                found = marked.get((name, article["id"]))
                if found is None:
                    continue
                text = article["text"]
                if hashlib.sha256(text.encode()).hexdigest() == found["sha256"]:
                    spans = [(start, end, label) for start, end, label in found["mentions"]]
                    yield text[: found["end"]], spans


def _rebuild(rows: Iterable[tuple[str, str]]) -> tuple[str, Spans]:
    text = ""
    spans: Spans = []
    open_ = False
    for word, tag in rows:
        surface = word.replace("_", " ") if word != "_" else word
        if text and word not in _NO_SPACE_BEFORE and text[-1] not in _NO_SPACE_AFTER:
            text += " "
        start, end = len(text), len(text) + len(surface)
        if tag[0] == "I" and open_:
            spans[-1] = (spans[-1][0], end, spans[-1][2])
        elif tag[0] in "BI":
            spans.append((start, end, tag[2:]))
        open_ = tag[0] in "BI"
        text += surface
    return text, spans


class Hiding(Gazetteer):
    """A gazetteer that leaves out a share of its names, another one for each document."""

    __slots__ = ("_full", "_hidden", "_salt")

    def __init__(self, full: Gazetteer, salt: str, hidden: int = 90 // HIDDEN) -> None:
        super().__init__()
        self._full, self._salt, self._hidden = full, salt, hidden

    def begins(self, form: str, *, caseless: bool = False) -> bool:
        """As the full list says."""
        return self._full.begins(form, caseless=caseless)

    def single(self, form: str, *, caseless: bool = False) -> bool:
        """As the full list says."""
        return self._full.single(form, caseless=caseless)

    def goes_on(self, first: Numbers, second: Numbers) -> NDArray[np.bool_]:
        """As the full list says."""
        return self._full.goes_on(first, second)

    def matches(
        self,
        forms: Sequence[str],
        *,
        caseless: bool = False,
        likely: Iterable[int] | None = None,
    ) -> Iterator[tuple[int, int, str]]:
        """Matches of the full list without the hidden names."""
        for start, end, codes in self._full.matches(forms, caseless=caseless, likely=likely):
            name = f"{self._salt} {' '.join(forms[start:end])}"
            if zlib.crc32(name.encode()) % 90 >= self._hidden:
                yield start, end, codes

    @property
    def full(self) -> Gazetteer:
        """The list with all its names."""
        return self._full


@lru_cache(maxsize=4)
def _forms_of(gazetteer: Gazetteer) -> Forms:
    return Forms(gazetteer)


def to_example(
    document: Document,
    spans: Spans,
    gazetteer: Gazetteer,
    lexicon: Lexicon,
    *,
    weight: float = 1.0,
    one_sentence: bool = False,
) -> Example:
    """A training example; names that no token span fits, or that cross sentences, are dropped."""
    pieces = pieces_of(document)
    if one_sentence and len(document) <= 300:
        pieces = [(0, len(document), "body")]
    tokens = [
        (first, last, label)
        for first, last, label in token_spans(document, spans)
        if any(a <= first and last <= b for a, b, _ in pieces)
    ]
    full = gazetteer.full if isinstance(gazetteer, Hiding) else gazetteer
    page = Page.of(_forms_of(full), [document], [pieces])
    columns = place_columns(page, gazetteer, lexicon)
    nothing = np.zeros(len(document), dtype=np.uint64)
    return Example(
        forms=document.forms,
        pieces=[(first, last) for first, last, _ in pieces],
        context={
            **{name: column.dense(len(document)) for name, column in columns.items()},
            **dict.fromkeys(MEMORY, nothing),
        },
        labels=bioes(tokens, len(document)),
        weight=weight,
    )


def caseless_example(
    example: Example,
    spans: Spans | None,
    gazetteer: Gazetteer,
    lexicon: Lexicon,
) -> Example:
    """The same document in small letters, for the model of sentences without capitals.

    `spans` are the names of a first pass in tokens, for the memory; None leaves it empty.
    """
    forms = [form.lower() for form in example.forms]
    sizes = np.array([last - first for first, last in example.pieces], dtype=np.int64)
    columns = caseless_columns(forms, sizes, gazetteer, lexicon)
    told = memory_columns(_page(example), spans or [], caseless=True)
    both = {**columns, **told}
    return Example(
        forms=forms,
        pieces=example.pieces,
        context={name: column.dense(len(forms)) for name, column in both.items()},
        labels=example.labels,
        weight=example.weight,
    )


def caseless_lists(clusters: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Clusters by small letters: those of the small form, else of the most frequent writing.

    >>> caseless_lists({"word64": {"anh": "1", "Anh": "2", "Nguyễn": "3"}})
    {'word64': {'anh': '1', 'nguyễn': '3'}}
    """
    out: dict[str, dict[str, str]] = {}
    for name, entries in clusters.items():
        small = {form: cluster for form, cluster in entries.items() if form == form.lower()}
        for form, cluster in entries.items():
            small.setdefault(form.lower(), cluster)
        out[name] = small
    return out


def _page(example: Example) -> Page:
    """An example whose sentences follow each other, as the memory reads it."""
    firsts = np.array([0, *(last for _, last in example.pieces)], dtype=np.int64)
    rows = _plain_forms().rows(example.forms)
    zones = np.zeros(len(firsts) - 1, dtype=np.int64)
    whole = np.array([0, len(rows)], dtype=np.int64)
    return Page(_plain_forms(), list(example.forms), rows, firsts, zones, whole, ())


@lru_cache(maxsize=1)
def _plain_forms() -> Forms:
    return Forms()


def token_spans(document: Document, spans: Spans) -> Spans:
    """Spans of characters as spans of the tokens that they touch; empty ones are left out."""
    found = (
        (bisect_right(document.ends, start), bisect_left(document.starts, end), label)
        for start, end, label in spans
    )
    return [span for span in found if span[0] < span[1]]


def remember(example: Example, spans: Spans) -> Example:
    """The example with the memory that the names of a first pass (in tokens) make."""
    told = memory_columns(_page(example), spans)
    columns = {name: column.dense(len(example.forms)) for name, column in told.items()}
    return replace(example, context={**example.context, **columns})


def select(example: Example, pieces: Sequence[tuple[int, int]]) -> Example:
    """The example cut down to some of its sentences."""
    kept = [at for first, last in pieces for at in range(first, last)]
    cut: list[tuple[int, int]] = []
    for first, last in pieces:
        begin = cut[-1][1] if cut else 0
        cut.append((begin, begin + last - first))
    return replace(
        example,
        forms=[example.forms[at] for at in kept],
        pieces=cut,
        context={name: values[kept] for name, values in example.context.items()},
        labels=[example.labels[at] for at in kept],
    )
