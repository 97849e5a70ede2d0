"""One article's text as the stages see it: tokens, sentences, words, parts of speech."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Literal

from sukien.language.shadow import Shadow

__all__ = ["Document", "Sentence", "Zone"]

Zone = Literal["title", "sapo", "body", "caption"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: half-open spans in characters of the text and in tokens, and its zone."""

    char_start: int
    char_end: int
    token_start: int
    token_end: int
    zone: Zone


@dataclass(slots=True)
class Document:
    """A text cut into tokens; parallel lists, one item a token.

    A token is a syllable, a number, a mark or a code: what the tagger labels. `starts` and
    `ends` are half-open code-point offsets into `shadow.text`; `forms` are the normalised
    surfaces; `words` tells for each token whether it begins a word (underthesea's
    segmentation); `pos` holds the part of speech of the token's word.
    """

    shadow: Shadow
    starts: list[int]
    ends: list[int]
    forms: list[str]
    sentences: list[Sentence]
    words: list[bool] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    _sentence_starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._sentence_starts = [sentence.char_start for sentence in self.sentences]

    @property
    def text(self) -> str:
        """The text itself, as all offsets count it."""
        return self.shadow.text

    def __len__(self) -> int:
        return len(self.starts)

    def word_texts(self) -> list[str]:
        """The words, their tokens' forms joined by a space."""
        out: list[str] = []
        for form, begins in zip(self.forms, self.words, strict=True):
            if begins:
                out.append(form)
            else:
                out[-1] += " " + form
        return out

    def tokens_of(self, char_start: int, char_end: int) -> tuple[int, int]:
        """Half-open span of the tokens that overlap a span of characters."""
        return bisect_right(self.ends, char_start), bisect_left(self.starts, char_end)

    def sentence_at(self, char: int) -> int:
        """Position of the sentence that holds a character, or the last one that begins before."""
        return max(bisect_right(self._sentence_starts, char) - 1, 0)
