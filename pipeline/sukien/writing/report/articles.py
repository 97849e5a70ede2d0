"""The articles that are in the page itself, with their names, dates and events.

All of a small run; of a large one as many as fit, one of each story first.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from sukien.writing.report.source import cells, day_of

if TYPE_CHECKING:
    import pandas as pd

    from sukien.tables.frames import Tables

__all__ = ["Embedded", "by_interest", "compressed", "pack"]

LONGEST = 100_000
"""Characters; a longer article is left out of the page."""

_BLOCK = 400_000
"""Characters of text in one compressed block."""

_BATCH = 200
"""Articles whose rows are looked up together."""

_Cells = Sequence[tuple[Any, ...]]

_TIME_SOURCES = {None: 0, "explicit": 1, "context": 2, "published": 3}
_MODALITIES = {"asserted": 0, "planned": 1, "possible": 2}
_LABELS = {"PER": 0, "ORG": 1, "LOC": 2, "MISC": 3}


def by_interest(tables: Tables) -> list[int]:
    """Rows of `articles` to embed, in the order in which they are tried.

    First one article of every story, the stories that most articles tell before others; then the
    rest. Among equals those with more events, then the newer ones.
    """
    stories = _stories(tables)
    size = Counter(stories)
    events = Counter(cells(tables.events["article_id"]))
    columns = ("article_id", "published_at", "duplicate_of", "status", "n_chars")
    rows = zip(*(cells(tables.articles[name]) for name in columns), stories, strict=True)
    seen: set[str] = set()
    order = []
    for row, (article, published, duplicate, status, length, story) in enumerate(rows):
        if status == "ok" and (length or 0) <= LONGEST:
            later = story in seen or duplicate is not None
            order.append((later, -size[story], -events[article], -(day_of(published) or 0), row))
            seen.add(story)
    return [row for *_, row in sorted(order)]


def _stories(tables: Tables) -> list[str]:
    """The story of each article; an article without one is its own."""
    articles = tables.articles
    return [
        story or article
        for story, article in zip(
            cells(articles["story_id"]), cells(articles["article_id"]), strict=True
        )
    ]


class _Rows:
    """A table's rows by article, some columns of them."""

    def __init__(self, frame: pd.DataFrame, names: Sequence[str]) -> None:
        self._frame = frame[list(names)]
        self._rows = frame.groupby("article_id", sort=False).indices

    def of(self, articles: Sequence[str]) -> list[list[tuple[Any, ...]]]:
        """For each of the articles its rows."""
        none = np.empty(0, dtype=np.intp)
        rows = [self._rows.get(article, none) for article in articles]
        chosen = self._frame.take(np.concatenate(rows))
        cell_rows = zip(*(cells(chosen[name]) for name in chosen), strict=True)
        return [list(islice(cell_rows, len(of_one))) for of_one in rows]


class Embedded:
    """Turns articles into compact records; `RECORD` and `EVENT` name what stands where."""

    RECORD = (
        "id", "title", "published", "source", "author", "section", "path", "url", "told", "text",
        "sentences", "names", "dates", "events",
    )  # fmt: skip
    EVENT = (
        "type", "start", "length", "time", "begin", "end", "known", "polarity", "modality",
        "reported", "agent", "patient", "place", "told", "confidence", "roles",
    )  # fmt: skip

    def __init__(
        self,
        tables: Tables,
        types: dict[str, int],
        roles: dict[str, int],
        entities: dict[str, int],
    ) -> None:
        self._types, self._roles, self._entities = types, roles, entities
        articles = tables.articles
        self._articles = [
            cells(articles[name])
            for name in (
                "article_id", "title", "published_at", "source", "author", "section",
                "source_path", "member", "url",
            )
        ]  # fmt: skip
        stories = _stories(tables)
        size = Counter(stories)
        self._told = [size[story] for story in stories]
        self._texts = dict(
            zip(cells(tables.texts["article_id"]), cells(tables.texts["text"]), strict=True)
        )
        span = ("char_start", "char_end")
        self._sentences = _Rows(tables.sentences, (*span, "text"))
        self._mentions = _Rows(tables.mentions, (*span, "label", "entity_id"))
        self._dates = _Rows(tables.dates, (*span, "value", "begin", "end", "calendar"))
        self._arguments = _Rows(tables.event_arguments, ("event_id", "role", *span))
        self._events = _Rows(
            tables.events,
            (
                "event_id", "type", *span, "time", "time_begin", "time_end", "time_source",
                "polarity", "modality", "reported_by", "agent", "patient", "place", "cluster_id",
                "confidence",
            ),
        )  # fmt: skip
        clusters = tables.event_clusters
        self._clusters = dict(
            zip(cells(clusters["cluster_id"]), cells(clusters["n_articles"]), strict=True)
        )

    def records(self, rows: Sequence[int]) -> Iterator[list[Any]]:
        """Articles by their rows, in that order; offsets in code points, spans as flat lists."""
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            ids = [self._articles[0][row] for row in batch]
            parts = [
                table.of(ids)
                for table in (
                    self._sentences, self._mentions, self._dates, self._arguments, self._events,
                )
            ]  # fmt: skip
            for row, *of_one in zip(batch, *parts, strict=True):
                yield self._record(row, *of_one)

    def _record(
        self, row: int, sentences: _Cells, mentions: _Cells, dates: _Cells, arguments: _Cells,
        events: _Cells,
    ) -> list[Any]:  # fmt: skip
        article, title, published, source, author, section, path, member, url = (
            column[row] for column in self._articles
        )
        text = self._texts.get(article)
        if text is None:
            text = _rebuilt(sentences)
        return [
            article,
            title,
            published[:16] if published else None,
            source,
            author,
            section,
            f"{path} · {member}" if member else path,
            url,
            self._told[row],
            text,
            [offset for start, end, _ in sentences for offset in (start, end)],
            [
                value
                for start, end, label, entity in mentions
                for value in (start, end - start, _LABELS[label], self._entities.get(entity, -1))
            ],
            [
                [start, end - start, value, day_of(begin), day_of(last), int(calendar == "lunar")]
                for start, end, value, begin, last, calendar in dates
            ],
            self._told_events(events, arguments),
        ]

    def _told_events(self, events: _Cells, arguments: _Cells) -> list[list[Any]]:
        roles: dict[str, list[int]] = {}
        for event, role, start, end in arguments:
            roles.setdefault(event, []).extend((self._roles[role], start, end - start))
        return [
            [
                self._types[kind],
                start,
                end - start,
                time,
                day_of(begin),
                day_of(last),
                _TIME_SOURCES[known],
                int(polarity == "negative"),
                _MODALITIES[modality],
                reported,
                agent,
                patient,
                place,
                int(self._clusters.get(cluster, 1)),
                confidence,
                roles.get(event, []),
            ]
            for (
                event, kind, start, end, time, begin, last, known, polarity, modality, reported,
                agent, patient, place, cluster, confidence,
            ) in events
        ]  # fmt: skip


def _rebuilt(sentences: Sequence[tuple[Any, ...]]) -> str:
    """The text from its sentences, where a run kept no texts; what stood between is a line end.

    >>> _rebuilt([(0, 2, "A."), (4, 6, "B.")])
    'A.\\n\\nB.'
    """
    text = ""
    for start, _, words in sentences:
        text += "\n" * (start - len(text)) + words
    return text


_TEXT = Embedded.RECORD.index("text")


def pack(records: Iterable[list[Any]], room: int) -> tuple[list[str], list[list[Any]]]:
    """Compress records into blocks of base64 until `room` characters are used.

    Returns the blocks and the records in them.
    """
    blocks: list[str] = []
    packed: list[list[Any]] = []
    for group in _groups(records):
        left = group
        while left:
            block = compressed(left)
            if len(block) <= room:
                blocks.append(block)
                packed.extend(left)
                room -= len(block)
                break
            left = left[: len(left) // 2]
        if len(left) < len(group):
            break
    return blocks, packed


def _groups(records: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    """Records in groups of about one block."""
    group: list[list[Any]] = []
    size = 0
    for record in records:
        group.append(record)
        size += len(record[_TEXT])
        if size >= _BLOCK:
            yield group
            group, size = [], 0
    if group:
        yield group


def compressed(value: Any) -> str:
    """JSON, deflated (zlib), as base64: what the page's script reads back.

    >>> from base64 import b64decode
    >>> zlib.decompress(b64decode(compressed(["Huế"]))).decode()
    '["Huế"]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")
