"""Words and parts of speech: underthesea's models on our engine, else underthesea itself."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from sukien.language.underthesea import ModelChangedError, load_tagger

__all__ = ["LanguageModels", "load_language_models"]


class LanguageModels(Protocol):
    """Two taggers over a batch of sentences, given as items in a row and lengths."""

    def begins(self, forms: Sequence[str], lengths: Sequence[int]) -> list[bool]:
        """For each token, whether a word begins with it."""
        ...

    def tags(self, words: Sequence[str], lengths: Sequence[int]) -> list[str]:
        """Part of speech of each word."""
        ...


class Engine:
    """Underthesea's models on our engine."""

    def __init__(self) -> None:
        self._words = load_tagger("words")
        self._pos = load_tagger("pos")

    def begins(self, forms: Sequence[str], lengths: Sequence[int]) -> list[bool]:
        """For each token, whether a word begins with it."""
        first = self._words.labels.index("B-W")
        out: list[bool] = (self._words.lattice(forms, lengths).best() == first).tolist()
        return out

    def tags(self, words: Sequence[str], lengths: Sequence[int]) -> list[str]:
        """Part of speech of each word."""
        sizes = np.array(lengths, dtype=np.int64)
        place = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        before = (np.minimum(place, 3) + 1).astype(np.uint64)
        path = self._pos.lattice(words, lengths, {"before": before}).best().tolist()
        return [self._pos.labels[label] for label in path]


class Underthesea:
    """Underthesea's own taggers, sentence by sentence; right with any version, and slow."""

    def __init__(self) -> None:
        from underthesea import word_tokenize
        from underthesea.pipeline import word_tokenize as words
        from underthesea.pipeline.pos_tag.model_crf import CRFPOSTagPredictor

        word_tokenize("a")  # its first call loads the model
        self._words = words.word_tokenize_model
        self._pos = CRFPOSTagPredictor.Instance()

    def begins(self, forms: Sequence[str], lengths: Sequence[int]) -> list[bool]:
        """For each token, whether a word begins with it."""
        out: list[bool] = []
        for first, last in _bounds(lengths):
            out += [tag == "B-W" for tag in self._words.predict([[f] for f in forms[first:last]])]
        return out

    def tags(self, words: Sequence[str], lengths: Sequence[int]) -> list[str]:
        """Part of speech of each word."""
        out: list[str] = []
        for first, last in _bounds(lengths):
            out += [tag for _, tag in self._pos.predict(list(words[first:last]))]
        return out


def _bounds(lengths: Sequence[int]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    first = 0
    for length in lengths:
        out.append((first, first + length))
        first += length
    return out


def load_language_models() -> LanguageModels:
    """The fast models, or underthesea's own taggers with a warning where its files have changed."""
    try:
        return Engine()
    except ModelChangedError as error:
        warnings.warn(
            f"{error}; using underthesea's own taggers, which are some thirty times slower. "
            "Install underthesea>=9.5,<9.6 for the fast ones.",
            RuntimeWarning,
            stacklevel=2,
        )
        return Underthesea()
