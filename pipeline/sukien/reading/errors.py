"""What reading can say went wrong; each ends as one failed row, none stops a run."""

from __future__ import annotations

__all__ = ["ReadError", "UndecodableError"]


class ReadError(ValueError):
    """An input cannot be read; the message says what to do, in one plain sentence."""


class UndecodableError(ReadError):
    """Bytes are no text; `offset` is the place of the first wrong byte."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset
