"""Texts to documents: tokens, sentences, zones, words and parts of speech, a batch at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

import numpy as np

from sukien.language.document import Document, Sentence, Zone
from sukien.language.models import load_language_models
from sukien.language.sentences import LINE_ENDS, cut_stops, sentence_ends
from sukien.language.shadow import Shadow
from sukien.language.tokens import tokenize
from sukien.language.zones import line_zone

__all__ = ["Analyzer", "segment"]

_LONGEST = 300  # tokens of a sentence that the taggers see at once
_BREAKS = frozenset({";", ":", ",", "-", "–", ".", "…"})
_LINE_SPLIT = dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), "\n")


class Analyzer:
    """Underthesea's words and parts of speech on our tokens, with true offsets.

    >>> document = Analyzer().documents(["Chính phủ họp tại Hà Nội. Trời mưa."])[0]
    >>> [document.text[s.char_start:s.char_end] for s in document.sentences]
    ['Chính phủ họp tại Hà Nội.', 'Trời mưa.']
    >>> document.word_texts(), document.pos[:3]
    (['Chính phủ', 'họp', 'tại', 'Hà Nội', '.', 'Trời', 'mưa', '.'], ['N', 'N', 'V'])
    """

    def __init__(self) -> None:
        self._models = load_language_models()

    def documents(self, texts: Iterable[str | Shadow]) -> list[Document]:
        """Analyse texts, in their order. Results do not depend on what else is in the batch."""
        documents = [segment(text) for text in texts]
        forms = list(chain.from_iterable(document.forms for document in documents))
        if not forms:
            return documents
        lengths = list(chain.from_iterable(map(tagging_lengths, documents)))
        begins = self._models.begins(forms, lengths)
        first = 0
        for length in lengths:
            begins[first] = True
            first += length
        words, sizes = _join(forms, begins, lengths)
        tags = _spread(self._models.tags(words, sizes), begins)
        first = 0
        for document in documents:
            last = first + len(document.starts)
            document.words, document.pos = begins[first:last], tags[first:last]
            first = last
        return documents


def _join(
    forms: Sequence[str], begins: Sequence[bool], lengths: Sequence[int]
) -> tuple[list[str], list[int]]:
    """Join tokens to words; returns the words and their number by sentence."""
    marks = np.array(begins)
    starts = np.flatnonzero(marks)
    words = [
        forms[start] if end == start + 1 else " ".join(forms[start:end])
        for start, end in pairwise([*starts.tolist(), len(forms)])
    ]
    sizes = np.add.reduceat(marks, np.cumsum([0, *lengths[:-1]]), dtype=np.int64)
    return words, sizes.tolist()


def _spread(tags: Sequence[str], begins: Sequence[bool]) -> list[str]:
    """Give each token the tag of its word."""
    return [tags[word] for word in (np.cumsum(begins) - 1).tolist()]


def segment(text: str | Shadow) -> Document:
    """Cut a text into tokens and sentences; words and parts of speech stay empty.

    >>> [s.zone for s in segment("Mưa lớn ở Huế\\nSáng 5/3, Huế mưa.\\nNước lên. Hết.").sentences]
    ['title', 'sapo', 'body', 'body']
    """
    shadow = text if isinstance(text, Shadow) else Shadow(text)
    norm = shadow.norm
    starts, ends, forms = tokenize(norm)
    if not starts:
        return Document(shadow, [], [], [], [])
    borders = [0]
    for position in sentence_ends(norm, starts, ends, forms):
        token = bisect_left(starts, position, lo=borders[-1])
        if token > borders[-1]:
            borders.append(token)
    if borders[-1] < len(starts):
        borders.append(len(starts))
    starts, ends, forms, borders = cut_stops(starts, ends, forms, borders)
    zones = _zones(norm, [starts[b] for b in borders[:-1]])
    if shadow.maps:
        spans = [shadow.span(start, end) for start, end in zip(starts, ends, strict=True)]
        starts, ends = [span[0] for span in spans], [span[1] for span in spans]
    sentences = [
        Sentence(starts[first], ends[last - 1], first, last, zone)
        for first, last, zone in zip(borders, borders[1:], zones, strict=False)
    ]
    return Document(shadow, starts, ends, forms, sentences)


def _zones(norm: str, sentence_starts: Sequence[int]) -> list[Zone]:
    """Zone of each sentence: that of the line it begins in."""
    if any(mark in norm for mark in LINE_ENDS[1:]):
        norm = norm.translate(_LINE_SPLIT)
    lines: list[tuple[int, Zone]] = []
    filled = [line for line in norm.split("\n") if line.strip()]
    position, number, previous = 0, 0, None
    for line in norm.split("\n"):
        if line.strip():
            previous = line_zone(line.strip(), number, len(filled), previous)
            lines.append((position + len(line), previous))
            number += 1
        position += len(line) + 1
    out: list[Zone] = []
    at = 0
    for start in sentence_starts:
        while lines[at][0] <= start:
            at += 1
        out.append(lines[at][1])
    return out


def tagging_lengths(document: Document) -> list[int]:
    """Lengths of the pieces that the taggers see: sentences, the longest cut at a mark.

    >>> tagging_lengths(segment("dài " * 700))
    [300, 300, 100]
    """
    out: list[int] = []
    for sentence in document.sentences:
        first, last = sentence.token_start, sentence.token_end
        while last - first > _LONGEST:
            cut = first + _LONGEST
            back = cut
            while back > first + _LONGEST // 2 and document.forms[back - 1] not in _BREAKS:
                back -= 1
            if back > first + _LONGEST // 2:
                cut = back
            out.append(cut - first)
            first = cut
        out.append(last - first)
    return out
