"""Train the names tagger from the data folder; `python -m sukien.training.names --help`.

What goes in: VLSP 2018 and VLSP 2016 train (research use), word and name clusters from raw news
(`sukien.training.clusters`), the gazetteer. The list of names knows the training texts' names too
well, so a third of it is hidden from each document while training.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sukien.entities.features import CONTEXT, templates
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.tagger import GRAINS, LEXICON, document_columns, pieces_of
from sukien.language.analyzer import segment
from sukien.language.document import Document
from sukien.tagging.model import Model
from sukien.training.crf import Example, Settings, bioes, fit

__all__ = ["LABELS", "main", "read_vlsp2016", "read_vlsp2018", "to_example", "train_names"]

LABELS = (
    "O",
    *(f"{place}-{label}" for label in ("PER", "ORG", "LOC", "MISC") for place in "BIES"),
)
HIDDEN = 3
"""One gazetteer name in so many is hidden from a training document."""

Spans = list[tuple[int, int, str]]
_NO_SPACE_BEFORE = frozenset(",.;:!?)…”")
_NO_SPACE_AFTER = frozenset("(“")


def read_vlsp2018(path: Path) -> Iterator[tuple[str, Spans]]:
    """Texts with their outermost names as half-open character spans."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield (
                row["text"],
                [(e["start"], e["end"], e["label"]) for e in row["entities"] if not e["level"]],
            )


def read_vlsp2016(path: Path) -> Iterator[tuple[str, Spans]]:
    """Sentences with their names, the text rebuilt from segmented words."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for block in file.read().split("\n\n"):
            rows = [line.split("\t") for line in block.split("\n") if line]
            if rows:
                yield _rebuild([(row[0], row[3]) for row in rows])


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

    __slots__ = ("_full", "_salt")

    def __init__(self, full: Gazetteer, salt: str) -> None:
        super().__init__()
        self._full, self._salt = full, salt

    def matches(
        self, forms: Sequence[str], *, caseless: bool = False
    ) -> Iterator[tuple[int, int, str]]:
        """Matches of the full list without the hidden names."""
        for start, end, codes in self._full.matches(forms, caseless=caseless):
            name = f"{self._salt} {' '.join(forms[start:end])}"
            if zlib.crc32(name.encode()) % HIDDEN:
                yield start, end, codes


def to_example(
    document: Document,
    spans: Spans,
    gazetteer: Gazetteer,
    lexicon: dict[str, tuple[str, ...]],
    *,
    weight: float = 1.0,
    one_sentence: bool = False,
) -> Example:
    """A training example; names that no token span fits, or that cross sentences, are dropped."""
    pieces = pieces_of(document)
    if one_sentence and len(document) <= 300:
        pieces = [(0, len(document), "body")]
    tokens: Spans = []
    for start, end, label in spans:
        first, last = bisect_right(document.ends, start), bisect_left(document.starts, end)
        if first < last and any(a <= first and last <= b for a, b, _ in pieces):
            tokens.append((first, last, label))
    return Example(
        forms=document.forms,
        pieces=[(first, last) for first, last, _ in pieces],
        context=document_columns(document, pieces, gazetteer, lexicon),
        labels=bioes(tokens, len(document)),
        weight=weight,
    )


def train_names(
    data: Path, clusters: Mapping[str, Mapping[str, str]], *, settings: Settings | None = None
) -> Model:
    """Train the tagger on the folder `data` (see `/shared/data/README.md`)."""
    gazetteer = Gazetteer.load()
    lexicon = {name: tuple(codes.split()) for name, codes in clusters[LEXICON].items()}
    examples = []
    for text, spans in read_vlsp2018(data / "ner" / "vlsp2018_train.jsonl.xz"):
        hiding = Hiding(gazetteer, text[:80])
        examples.append(to_example(segment(text), spans, hiding, lexicon))
    for text, spans in read_vlsp2016(data / "ner" / "vlsp2016_train.conll.xz"):
        hiding = Hiding(gazetteer, text[:80])
        examples.append(to_example(segment(text), spans, hiding, lexicon, one_sentence=True))
    return fit(
        examples,
        templates(),
        LABELS,
        context=(*CONTEXT, *GRAINS),
        lists=clusters,
        settings=settings or Settings(),
        report=lambda line: print(line, file=sys.stderr, flush=True),
    )


def main(arguments: Sequence[str] | None = None) -> Any:
    """Train from the command line and write `model.npz`."""
    parser = argparse.ArgumentParser(prog="python -m sukien.training.names", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with ner/ and news/")
    parser.add_argument("--output", type=Path, required=True, help="folder for model.npz")
    parser.add_argument("--clusters", type=Path, help="clusters.json.xz of an earlier run")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    from sukien.training.clusters import news_clusters, read_clusters, write_clusters

    options.output.mkdir(parents=True, exist_ok=True)
    if options.clusters is not None:
        clusters = read_clusters(options.clusters)
    else:
        clusters = news_clusters(options.data / "news", seed=options.seed)
        write_clusters(clusters, options.output / "clusters.json.xz")
    model = train_names(options.data, clusters, settings=Settings(seed=options.seed))
    (options.output / "model.npz").write_bytes(model.to_bytes())


if __name__ == "__main__":
    main()
