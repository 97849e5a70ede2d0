"""One occurrence of a name in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sukien.language.document import Document

__all__ = ["Label", "Mention", "Method"]

Label = Literal["PER", "ORG", "LOC", "MISC"]
Method = Literal["model", "gazetteer", "document", "user"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name as it stands in the text: `text[char_start:char_end] == surface`.

    `token_start` and `token_end` are the half-open span in the document's tokens;
    `confidence` is the model's probability of span and label, rounded to 3 decimals.
    """

    char_start: int
    char_end: int
    text: str
    label: Label
    confidence: float
    method: Method
    token_start: int
    token_end: int
    sentence: int

    @classmethod
    def of(cls, document: Document, start: int, end: int, label: Label, chance: float) -> Mention:
        """The name on the document's tokens from `start` up to `end`, as a model found it."""
        char_start, char_end = document.starts[start], document.ends[end - 1]
        return cls(
            char_start=char_start,
            char_end=char_end,
            text=document.text[char_start:char_end],
            label=label,
            confidence=round(chance, 3),
            method="model",
            token_start=start,
            token_end=end,
            sentence=document.sentence_at(char_start),
        )
