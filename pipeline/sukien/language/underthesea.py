"""Underthesea's word and part-of-speech models, read from its package for our tagger.

The models are CRFsuite files with features such as `T[-1,0].lower=hà nội`. They are read once,
turned into arrays and kept in the user's cache directory.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sukien.tagging.cache import cached
from sukien.tagging.model import EDGE, KEY_BITS, Column, Group, Model
from sukien.tagging.tagger import Tagger

__all__ = ["ModelChangedError", "load_tagger"]

_SCALE = 1 << 18  # fixed point; CRFsuite gives its weights with six decimals
_ATTRIBUTE = re.compile(
    r"T\[(?P<first>-?\d+)(?:,(?P<last>-?\d+))?\](?P<tag>\[1\])?(?:\.(?P<function>\w+))?=(?P<value>.*)",
    re.S,
)
_OUTSIDE = {"BOS": 1, "EOS": 2}  # rows of a group's table for n-grams that leave the sentence


class ModelChangedError(RuntimeError):
    """Underthesea's model file is missing or not the one of version 9.5."""


class _Source(NamedTuple):
    file: str
    sha256: str
    columns: dict[str, str]  # underthesea's functions to our columns
    dictionary: str | None = None


_SOURCES = {
    "words": _Source(
        "word_tokenize/models/ws_crf_vlsp2013_20230727/models.bin",
        "c3a64c64349f1d73304f89babacaa8f8cd6078b1ec1a1b2c104e9e411ac1d2c3",
        {"": "form", "lower": "lower", "isdigit": "digits", "istitle": "starts_upper"},
        "word_tokenize/models/ws_crf_vlsp2013_20230727/dictionary.bin",
    ),
    "pos": _Source(
        "pos_tag/pos_crf_2017_10_11.bin",
        "5b1606d0c3688cda7cc1e19b3789e1b98412eb94fc507219dc3bd19ef7ac7493",
        {"": "form", "lower": "lower", "istitle": "titlecased"},
    ),
}


def load_tagger(name: str) -> Tagger:
    """Load underthesea's `words` or `pos` model; ModelChangedError where it is not version 9.5's.

    >>> load_tagger("words").labels
    ('B-W', 'I-W')
    """
    source = _SOURCES[name]
    spec = find_spec("underthesea")  # finding it does not import it
    if spec is None or spec.origin is None:
        raise ModelChangedError("underthesea is not installed: pip install underthesea")
    folder = Path(spec.origin).parent / "pipeline"
    path = folder / source.file
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise ModelChangedError(f"{path} is not the model of underthesea 9.5")
    return cached(f"underthesea-{name}", lambda: Tagger(_convert(path, source, folder)))


def _convert(path: Path, source: _Source, folder: Path) -> Model:
    import pycrfsuite

    crfsuite = pycrfsuite.Tagger()
    crfsuite.open(str(path))
    info = crfsuite.info()
    labels = sorted(info.labels, key=lambda label: int(info.labels[label]))
    builder = _Builder(labels, source)
    for (attribute, label), weight in info.state_features.items():
        builder.add(attribute, label, weight)
    transitions = np.zeros((len(labels), len(labels)))
    for (before, after), weight in info.transitions.items():
        transitions[labels.index(before), labels.index(after)] = weight
    words: set[str] = set()
    if source.dictionary:
        # A plain pickle of a set, from the package whose model was just checked.
        words = pickle.loads((folder / source.dictionary).read_bytes())
    return builder.model(transitions, words)


class _Builder:
    """Collects weights by template, then lays them out as columns and groups."""

    def __init__(self, labels: list[str], source: _Source) -> None:
        self.labels = labels
        self.source = source
        self.single: dict[str, dict[int, dict[str, NDArray[Any]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(self._zeros))
        )
        self.several: dict[tuple[str, int], dict[int, dict[str, NDArray[Any]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(self._zeros))
        )
        self.before = np.zeros((4, len(labels)))  # weights by how many tokens stand before, 0 to 3

    def _zeros(self) -> NDArray[Any]:
        return np.zeros(len(self.labels))

    def add(self, attribute: str, label: str, weight: float) -> None:
        match = _ATTRIBUTE.fullmatch(attribute)
        if match is None:
            raise ModelChangedError(f"unknown feature in underthesea's model: {attribute!r}")
        first = int(match["first"])
        size = int(match["last"] or first) - first + 1
        position = self.labels.index(label)
        if match["tag"]:
            # At inference underthesea gives every previous tag as X, so only these values occur.
            if match["value"] == "BOS":
                self.before[:-first, position] += weight
            elif set(match["value"].split(" ")) == {"X"}:
                self.before[-first:, position] += weight
        elif size == 1:
            self.single[match["function"] or ""][first][match["value"]][position] += weight
        else:
            group = self.several[match["function"] or "", size]
            group[first][match["value"]][position] += weight

    def model(self, transitions: NDArray[Any], words: set[str]) -> Model:
        bias = np.zeros(len(self.labels))
        lists: dict[str, dict[str, str]] = {}
        by_size: dict[int, list[str]] = defaultdict(list)
        for word in words:
            by_size[word.count(" ") + 1].append(word)
        # Weights of n-grams in the dictionary go to the table of lower-case n-grams.
        for (function, size), slots in list(self.several.items()):
            if function not in ("is_in_dict", "istitle"):
                continue
            truths = by_size[size] if function == "is_in_dict" else [" ".join(["True"] * size)]
            target = self.several["lower" if function == "is_in_dict" else "title", size]
            for anchor, values in slots.items():
                base = values["False"]
                bias += base
                for truth in truths:
                    target[anchor][truth] += values["True"] - base
                for outside in _OUTSIDE:
                    target[anchor][outside] += values[outside] - base
            del self.several[function, size]

        columns: dict[str, dict[int, dict[str, NDArray[Any]]]] = {}
        for function, offsets in self.single.items():
            name = self.source.columns.get(function, "dictionary")
            columns[name] = offsets
        if "dictionary" in columns:
            lists["dictionary"] = dict.fromkeys(sorted(by_size[1]), "True")
        grams = {
            (
                self.source.columns["istitle"] if f == "title" else self.source.columns[f],
                size,
            ): slots
            for (f, size), slots in self.several.items()
        }
        vocabularies = self._vocabularies(columns, grams)
        return Model(
            labels=tuple(self.labels),
            scale=_SCALE,
            bias=_fixed(bias),
            transitions=_fixed(transitions),
            columns=(
                *(
                    self._column(n, vocabularies[n], columns.get(n, {}))
                    for n in sorted(vocabularies)
                ),
                *self._distance(),
            ),
            groups=tuple(
                self._group(name, size, slots, vocabularies[name])
                for (name, size), slots in sorted(grams.items())
            ),
            lists=lists,
        )

    def _vocabularies(
        self,
        columns: dict[str, dict[int, dict[str, NDArray[Any]]]],
        grams: dict[tuple[str, int], dict[int, dict[str, NDArray[Any]]]],
    ) -> dict[str, list[str]]:
        values: dict[str, set[str]] = defaultdict(set)
        for name, offsets in columns.items():
            values[name].add("True" if name == "dictionary" else "False")
            for weights in offsets.values():
                values[name].update(weights)
        for (name, size), slots in grams.items():
            for weights in slots.values():
                for text in weights:
                    for split in _splits(text, size):
                        values[name].update(split)
        # "False" stands for every value not listed, and lies in the row of unknown values.
        return {name: sorted(v - {"BOS", "EOS", "False"}) for name, v in values.items()}

    def _column(
        self, name: str, vocabulary: list[str], slots: dict[int, dict[str, NDArray[Any]]]
    ) -> Column:
        offsets = tuple(sorted(slots))
        rows = {value: row + 2 for row, value in enumerate(vocabulary)}
        weights = np.zeros((len(vocabulary) + 2, len(offsets), len(self.labels)))
        for slot, offset in enumerate(offsets):
            for value, weight in slots[offset].items():
                weights[EDGE if value in _OUTSIDE else rows.get(value, 0), slot] += weight
        return Column(name, tuple(vocabulary), offsets, _fixed(weights))

    def _distance(self) -> list[Column]:
        if not self.before.any():
            return []
        weights = np.concatenate([np.zeros((2, len(self.labels))), self.before])[:, None]
        places = np.arange(1, 5, dtype=np.uint64)
        return [Column("before", places, (0,), _fixed(weights), context=True)]

    def _group(
        self, name: str, size: int, slots: dict[int, dict[str, NDArray[Any]]], vocabulary: list[str]
    ) -> Group:
        ids = {value: row + 2 for row, value in enumerate(vocabulary)}
        anchors = tuple(sorted(slots))
        keys: dict[int, int] = {}
        entries: list[tuple[int, int, NDArray[Any]]] = []
        for slot, anchor in enumerate(anchors):
            for text, weight in slots[anchor].items():
                if text in _OUTSIDE:
                    entries.append((_OUTSIDE[text], slot, weight))
                    continue
                for split in _splits(text, size):
                    key = 0
                    for value in split:
                        key = key << KEY_BITS | ids[value]
                    entries.append((keys.setdefault(key, len(keys) + 3), slot, weight))
        weights = np.zeros((len(keys) + 3, len(anchors), len(self.labels)))
        for row, slot, weight in entries:
            weights[row, slot] += weight
        return Group(
            columns=(name,) * size,
            steps=tuple(range(size)),
            anchors=anchors,
            keys=np.array(list(keys), dtype=np.uint64),
            weights=_fixed(weights),
        )


def _splits(text: str, size: int) -> list[list[str]]:
    """All ways to read an n-gram joined by spaces: a word may itself hold spaces."""
    if text in _OUTSIDE:
        return []
    parts = text.split(" ")
    if size == 2 and len(parts) > 2:
        return [[" ".join(parts[:i]), " ".join(parts[i:])] for i in range(1, len(parts))]
    return [parts] if len(parts) == size else []


def _fixed(weights: NDArray[Any]) -> NDArray[np.int32]:
    out: NDArray[np.int32] = np.rint(weights * _SCALE).astype(np.int32)
    return out
