"""Names by a user's own Hugging Face token classifier (extra `hf`), as `NameTagger` gives them.

The classifier reads the document's tokens one by one as pieces of its own, and the label of a
token is that of its first piece, as such models are trained. So a name begins and ends with one
of our tokens, whose offsets are true whatever the tokenizer does to the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sukien.entities.mention import Label, Mention
from sukien.entities.page import pieces_of
from sukien.language.document import Document

__all__ = ["HuggingFaceTagger", "read_labels"]

_KINDS: Final[Mapping[str, Label]] = {
    "PER": "PER", "PERSON": "PER", "ORG": "ORG", "ORGANIZATION": "ORG", "ORGANISATION": "ORG",
    "LOC": "LOC", "LOCATION": "LOC", "GPE": "LOC", "MISC": "MISC", "MISCELLANEOUS": "MISC",
}  # fmt: skip
_BEGIN, _INSIDE, _END, _SINGLE = "B", "I", "E", "S"
_PLACES: Final = {"B": _BEGIN, "I": _INSIDE, "E": _END, "L": _END, "S": _SINGLE, "U": _SINGLE}
_LONGEST = 512  # pieces of a window, where the model does not say
_TOKEN = 16  # pieces of a token that the model sees; the first one decides
_FORMS_KEPT = 60_000

Tag = tuple[str, Label] | None
Floats = NDArray[np.float64]


def read_labels(names: Sequence[str]) -> list[Tag]:
    """A classifier's labels as place in the name and label, None outside of names.

    Knows B-, I-, E-, L-, S-, U- before PER, ORG, LOC, MISC and their long forms, and these bare.
    Raises ValueError for labels that are none of them.

    >>> read_labels(["O", "B-PERSON", "I-LOC", "ORGANIZATION"])
    [None, ('B', 'PER'), ('I', 'LOC'), ('I', 'ORG')]
    """
    out: list[Tag] = []
    unknown: list[str] = []
    for name in names:
        place, dash, kind = name.upper().replace("_", "-").partition("-")
        if not dash:
            place, kind = _INSIDE, place
        if name.upper() == "O":
            out.append(None)
        elif kind in _KINDS and place in _PLACES:
            out.append((_PLACES[place], _KINDS[kind]))
        else:
            unknown.append(name)
    if unknown:
        raise ValueError(
            f"the model's labels {', '.join(unknown)} are not PER, ORG, LOC, MISC (B-, I-) or O; "
            "rename them in id2label of its config.json, to O what is to be left out"
        )
    return out


@dataclass(frozen=True, slots=True)
class _Window:
    """Tokens that are read together; the labels of those from `first` to `last` count."""

    tokens: Sequence[int]
    first: int
    last: int


class HuggingFaceTagger:
    """Tags names in documents by a token classifier.

    Windows are read one by one in one thread, so the same document gives the same names whatever
    else is in the batch, however many workers or cores there are.
    """

    def __init__(self, model: Any, tokenizer: Any) -> None:
        labels = model.config.id2label
        self._tags = read_labels([labels[number] for number in range(len(labels))])
        self._model, self._tokenizer = model.eval(), tokenizer
        self._torch: Any = import_module("torch")
        self._pieces: dict[str, list[int]] = {}
        begin = (tokenizer.cls_token_id, tokenizer.bos_token_id)
        marks = tokenizer("")["input_ids"]
        self._before = [mark for mark in marks if mark in begin]
        self._after = [mark for mark in marks if mark not in begin]
        places = getattr(model.config, "max_position_embeddings", None) or _LONGEST
        # Models of RoBERTa's kind count places from 2.
        longest = min(places - 2, tokenizer.model_max_length, _LONGEST)
        self._room = max(longest - len(marks), 2 * _TOKEN)

    @classmethod
    def load(cls, name: str) -> HuggingFaceTagger:
        """Read a model by its name on the Hugging Face hub, or from a folder.

        Raises ImportError without the extra `hf`, OSError where there is no such model, and
        ValueError where its labels are not those of names.
        """
        try:
            library: Any = import_module("transformers")
            import_module("torch")
        except ImportError as error:
            raise ImportError(
                f"names by hf:{name} need transformers and torch; "
                "install them with pip install 'sukien[hf]'"
            ) from error
        try:
            tokenizer = library.AutoTokenizer.from_pretrained(name)
            model = library.AutoModelForTokenClassification.from_pretrained(name)
        except (OSError, ValueError) as error:
            reason = str(error).strip().split("\n")[0]
            raise OSError(f"hf:{name} cannot be loaded: {reason}") from error
        return cls(model, tokenizer)

    def mentions(self, documents: Sequence[Document]) -> list[list[Mention]]:
        """Names of each document in text order; they never overlap."""
        threads = self._torch.get_num_threads()
        self._torch.set_num_threads(1)
        try:
            return [self._read(document) for document in documents]
        finally:
            self._torch.set_num_threads(threads)

    def _read(self, document: Document) -> list[Mention]:
        pieces = self._cut(document)
        sentences = [(first, last) for first, last, _ in pieces_of(document)]
        tags = np.zeros(len(document), dtype=np.int64)
        chances = np.zeros(len(document))
        for window in _windows(sentences, [len(own) for own in pieces], self._room):
            judged = self._judge([pieces[token] for token in window.tokens])
            best = judged.argmax(axis=1)
            for place, token in enumerate(window.tokens):
                if window.first <= token < window.last:
                    tags[token], chances[token] = best[place], judged[place, best[place]]
        found = [self._tags[number] for number in tags.tolist()]
        return [
            Mention.of(document, start, end, label, float(chances[start:end].prod()))
            for start, end, label in _spans(found, sentences)
        ]

    def _cut(self, document: Document) -> list[list[int]]:
        """Piece numbers of each token, at least one; spelt with a space where the text has one."""
        if len(self._pieces) > _FORMS_KEPT:
            self._pieces.clear()
        ends = [-1, *document.ends]
        forms = [
            form if start == end else f" {form}"
            for form, start, end in zip(document.forms, document.starts, ends, strict=False)
        ]
        new = [form for form in dict.fromkeys(forms) if form not in self._pieces]
        if new:
            rows = self._tokenizer(new, add_special_tokens=False)["input_ids"]
            unknown = [self._tokenizer.unk_token_id or 0]
            self._pieces.update(
                (form, row[:_TOKEN] or unknown) for form, row in zip(new, rows, strict=True)
            )
        return [self._pieces[form] for form in forms]

    def _judge(self, tokens: Sequence[Sequence[int]]) -> Floats:
        """Probability of each label of each token, to 4 decimals; ties go to the lowest label."""
        row = [*self._before]
        firsts: list[int] = []
        for pieces in tokens:
            firsts.append(len(row))
            row += pieces
        row += self._after
        torch = self._torch
        with torch.inference_mode():
            numbers = torch.tensor([row])
            scores = self._model(input_ids=numbers, attention_mask=torch.ones_like(numbers)).logits
            chances: Floats = scores[0, firsts].double().softmax(dim=-1).numpy()
        return chances.round(4)


def _windows(
    sentences: Sequence[tuple[int, int]], sizes: Sequence[int], room: int
) -> Iterator[_Window]:
    """Whole sentences as many as there is room for; a longer one in parts that overlap.

    `sizes` tells how many pieces each token has.

    >>> [list(w.tokens) for w in _windows([(0, 2), (2, 3), (3, 4)], [2, 2, 2, 2], 6)]
    [[0, 1, 2], [3]]
    >>> [(list(w.tokens), w.first, w.last) for w in _windows([(0, 7)], [1] * 7, 4)]
    [([0, 1, 2, 3], 0, 3), ([2, 3, 4, 5], 3, 5), ([4, 5, 6], 5, 7)]
    """
    begin = end = used = 0
    for first, last in sentences:
        size = sum(sizes[first:last])
        if end > begin and used + size > room:
            yield _Window(range(begin, end), begin, end)
            begin, used = first, 0
        if size > room:
            yield from _parts(first, last, sizes, room)
            begin = last
        else:
            used += size
        end = last
    if end > begin:
        yield _Window(range(begin, end), begin, end)


def _parts(first: int, last: int, sizes: Sequence[int], room: int) -> Iterator[_Window]:
    """A long sentence in parts that share up to half their tokens, each side judging its half."""
    begin = counted = first
    while True:
        end, used = begin, 0
        while end < last and used + sizes[end] <= room:
            used += sizes[end]
            end += 1
        if end == last:
            yield _Window(range(begin, end), counted, last)
            return
        following, shared = end, 0
        while following - 1 > counted and shared + sizes[following - 1] <= room // 2:
            following -= 1
            shared += sizes[following]
        border = (following + end + 1) // 2
        yield _Window(range(begin, end), counted, border)
        begin, counted = following, border


def _spans(
    tags: Sequence[Tag], sentences: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, Label]]:
    """Half-open spans of tokens; a name that begins with an inside label is one all the same.

    >>> list(_spans([("I", "PER"), ("I", "PER"), ("B", "PER"), None, ("S", "LOC")], [(0, 5)]))
    [(0, 2, 'PER'), (2, 3, 'PER'), (4, 5, 'LOC')]
    """
    for first, last in sentences:
        start, open_ = first, None
        for token in range(first, last):
            tag = tags[token]
            goes_on = tag is not None and tag[1] == open_ and tag[0] in (_INSIDE, _END)
            if open_ is not None and not goes_on:
                yield start, token, open_
                open_ = None
            if tag is not None and not goes_on:
                start, open_ = token, tag[1]
            if tag is not None and open_ is not None and tag[0] in (_END, _SINGLE):
                yield start, token + 1, open_
                open_ = None
        if open_ is not None:
            yield start, last, open_
