"""What a run reads: articles, and inputs that failed.

An `Article` is one text with what is known about it; a `Failure` is an input that gave none.
Both end as one row of the `articles` table, so that nothing is lost.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

__all__ = ["Article", "Failure", "PublishedFrom", "stable_id"]

PublishedFrom = Literal["metadata", "sidecar", "html", "filename", "dateline", "option"]


def stable_id(*parts: object) -> str:
    """Hash the parts into an id of 16 hexadecimal digits, equal on every machine and run.

    >>> stable_id("a.txt", "", "9f86d081")
    '79b1100cb2295b54'
    >>> stable_id("a", "b") == stable_id("ab", "")
    False
    """
    key = "\x1f".join(str(part) for part in parts)
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article: its text and what is known about it.

    `text` is the decoded input without a leading BOM and otherwise untouched: every offset in
    every table counts code points of this string. `published_at` is a local ISO date or
    date-time (`+07:00`), or None where it is not known.

    >>> article = Article(source_path="a.txt", text="Hà Nội có mưa.")
    >>> article.n_chars, article.published_at
    (14, None)
    """

    text: str
    source_path: str = ""
    member: str = ""
    format: str = "txt"
    encoding: str = "utf-8"
    title: str | None = None
    author: str | None = None
    section: str | None = None
    url: str | None = None
    source: str | None = None
    published_at: str | None = None
    published_from: PublishedFrom | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(
                f"Article.text must be str, not {type(self.text).__name__}; "
                "decode bytes first, or let sukien.read_articles do it"
            )

    @property
    def n_chars(self) -> int:
        """Length of the text in code points."""
        return len(self.text)

    @property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, as hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def id(self) -> str:
        """The article's id: where it stands and what it says."""
        return stable_id(self.source_path, self.member, self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An input without an article: `failed` (something is wrong) or `skipped` (nothing to read).

    >>> Failure(source_path="b.txt", status="skipped", error="the file is empty").status
    'skipped'
    """

    source_path: str
    status: Literal["failed", "skipped"]
    error: str
    member: str = ""
    format: str = ""
    encoding: str | None = None

    @property
    def id(self) -> str:
        """The row's id: where the input stands."""
        return stable_id(self.source_path, self.member, "")
