"""Gold in CoNLL columns: one token a line, an empty line after each sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sukien.scoring.gold import GoldArticle, GoldSet
from sukien.scoring.lines import open_text
from sukien.scoring.names import LABELS, GoldName

__all__ = ["chunks", "read"]

Sentence = list[list[str]]
_TAG = re.compile(r"([BIESLU])-(.+)")
_LABELS = {
    **{label: label for label in LABELS},
    "PERSON": "PER",
    "ORGANIZATION": "ORG",
    "LOCATION": "LOC",
    "MISCELLANEOUS": "MISC",
}
_NO_SPACE_BEFORE = frozenset(",.;:!?)]}…”’%")
_NO_SPACE_AFTER = frozenset("([{“‘")


def read(path: Path) -> GoldSet:
    """Read a file; the text is put together again from its tokens.

    Columns are parted by tabs, or by spaces; syllables of a word may be joined by `_`. The names
    stand in the first column of nothing but O and tags such as B-PER (IOB, IOB2, BIOES, BILOU).
    `-DOCSTART-` begins a document; where there is none every sentence is one.
    """
    with open_text(path) as lines:
        documents = list(_documents(lines))
    column = _column(path, documents)
    return GoldSet(
        path.name,
        [_article(str(n), document, column) for n, document in enumerate(documents, 1)],
    )


def _documents(lines: Iterable[str]) -> Iterator[list[Sentence]]:
    document: list[Sentence] = [[]]
    marked = False
    for line in lines:
        cells = line.rstrip("\r\n").split("\t") if "\t" in line else line.split()
        if cells and cells[0] == "-DOCSTART-":
            marked = True
            if any(document):
                yield [sentence for sentence in document if sentence]
            document = [[]]
        elif any(cell.strip() for cell in cells):
            document[-1].append([cell.strip() for cell in cells])
        elif document[-1]:
            if marked:
                document.append([])
            else:
                yield document
                document = [[]]
    if any(document):
        yield [sentence for sentence in document if sentence]


def _column(path: Path, documents: Sequence[Sequence[Sentence]]) -> int:
    """The column of the names: all of its cells are tags, and some begin a name."""
    rows = [row for document in documents for sentence in document for row in sentence]
    width = min((len(row) for row in rows), default=0)
    for column in range(1, width):
        cells = {row[column] for row in rows}
        kinds = {match[2].upper() for cell in cells if (match := _TAG.fullmatch(cell))}
        if kinds & _LABELS.keys() and all(c == "O" or _TAG.fullmatch(c) for c in cells):
            return column
    raise ValueError(f"{path} has no column of names (O, B-PER, I-PER, …)")


def _article(name: str, document: Sequence[Sentence], column: int) -> GoldArticle:
    text, names = "", []
    for sentence in document:
        spans: list[tuple[int, int]] = []
        for token in (row[0].replace("_", " ") for row in sentence):
            glued = not text or text[-1] == "\n" or token[0] in _NO_SPACE_BEFORE
            if spans and not glued and text[-1] not in _NO_SPACE_AFTER:
                text += " "
            spans.append((len(text), len(text) + len(token)))
            text += token
        for first, last, kind in chunks([row[column] for row in sentence]):
            label = _LABELS.get(kind.upper(), "MISC")
            names.append(GoldName(((spans[first][0], spans[last - 1][1]),), (label,)))
        text += "\n"
    return GoldArticle(id=name, text=text, names=names)


def chunks(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Names in a sequence of tags, as half-open spans of tokens with their label.

    >>> list(chunks(["B-PER", "I-PER", "O", "S-LOC", "I-ORG"]))
    [(0, 2, 'PER'), (3, 4, 'LOC'), (4, 5, 'ORG')]
    """
    first, label = 0, ""
    for position, tag in enumerate([*tags, "O"]):
        match = _TAG.fullmatch(tag)
        prefix, kind = (match[1], match[2]) if match else ("O", "")
        if label and (prefix in "OBSU" or kind != label):
            yield first, position, label
            label = ""
        if kind and not label:
            first, label = position, kind
        if label and prefix in "ESLU":
            yield first, position + 1, label
            label = ""
