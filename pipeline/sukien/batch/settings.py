"""What a run is asked to do, and which of it changes the rows in the store."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from sukien.analysis import ModelOptions
from sukien.article import Article, stable_id
from sukien.reading import ReadOptions

__all__ = ["Settings", "article_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How articles are read and analysed; safe to pickle and to send to workers.

    reading: options of the readers.
    models: options of the stages.
    tokens: whether the `tokens` table is made.
    since, until: ISO days; articles published outside them, or undated ones, are skipped.
    limit: how many articles to read at most; None for all.
    timeout: seconds one article may take.

    >>> Settings(since="2024-02-01").outside("2024-01-31T09:00:00+07:00")
    'published 2024-01-31, before 2024-02-01'
    """

    reading: ReadOptions = field(default_factory=ReadOptions)
    models: ModelOptions = field(default_factory=ModelOptions)
    tokens: bool = False
    since: str | None = None
    until: str | None = None
    limit: int | None = None
    timeout: float = 120.0

    def identity(self) -> dict[str, Any]:
        """The part that decides what a store holds: two runs that differ here do not mix."""
        reading = asdict(self.reading)
        reading["text_columns"] = list(self.reading.text_columns)
        return {"reading": reading, "models": self.models.identity(), "tokens": self.tokens}

    def outside(self, published_at: str | None) -> str | None:
        """Why an article of that date is left out, or None if it is wanted."""
        if self.since is None and self.until is None:
            return None
        if published_at is None:
            return "no publication date, and a period was asked for"
        day = published_at[:10]
        if self.since is not None and day < self.since:
            return f"published {day}, before {self.since}"
        if self.until is not None and day > self.until:
            return f"published {day}, after {self.until}"
        return None


def article_key(article: Article) -> int:
    """A number for an article with all its metadata: what changes it must be analysed again.

    >>> first, second = Article(text="a"), Article(text="a", title="b")
    >>> first.id == second.id, article_key(first) == article_key(second)
    (True, False)
    """
    metadata = (
        article.format,
        article.encoding,
        article.title,
        article.author,
        article.section,
        article.url,
        article.source,
        article.published_at,
        article.published_from,
        *article.warnings,
    )
    return int(stable_id(article.id, *metadata), 16)
