"""An analysis to plain rows: tuples in the column order of `schema`, one list a table.

Ids of entities and clusters are local to the article here: an entity's is that of its first
mention, an event is its own cluster. The corpus pass gives them their final values.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sukien.tables.tongue import tongue

if TYPE_CHECKING:
    from sukien.analysis import Analysis
    from sukien.article import Article, Failure
    from sukien.events.event import Argument

__all__ = ["Row", "Rows", "article_row", "failure_row", "id_maker", "rows_of"]

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


def id_maker(article_id: str, table: str) -> Callable[[int, int, str], str]:
    """The maker of a table's ids in one article: (char_start, char_end, type) to an id.

    The same ids as `stable_id` of all parts; the hash of what they share is taken once.

    >>> from sukien.article import stable_id
    >>> id_maker("a1", "dates")(3, 8, "DATE") == stable_id("a1", "dates", 3, 8, "DATE")
    True
    """
    head = blake2b(f"{article_id}\x1f{table}\x1f".encode(), digest_size=8)

    def make(char_start: int, char_end: int, kind: str) -> str:
        whole = head.copy()
        whole.update(f"{char_start}\x1f{char_end}\x1f{kind}".encode())
        return whole.hexdigest()

    return make


def rows_of(analysis: Analysis, *, tokens: bool = False) -> Rows:
    """The rows of one article, table by table, each list in the order of its table.

    Besides the tables of `schema` there is `local_entities`, what the article's names mean
    (`schema.LOCAL_ENTITIES`); `entities` and `event_clusters` come from the corpus pass.
    """
    return _Article(analysis).rows(tokens=tokens)


def article_row(article: Article, n_sentences: int, n_tokens: int) -> Row:
    """The `articles` row of an article that was analysed."""
    return (
        article.id,
        _clean(article.source_path) or "",
        _clean(article.member) or "",
        _clean(article.format),
        _clean(article.encoding),
        _clean(article.title),
        _clean(article.author),
        _clean(article.section),
        _clean(article.url),
        _clean(article.source),
        _clean(article.published_at),
        article.published_from,
        tongue(article.text),
        article.n_chars,
        n_sentences,
        n_tokens,
        article.sha256,
        None,
        None,
        "ok",
        None,
        [_clean(warning) or "" for warning in article.warnings],
    )


def failure_row(failure: Failure) -> Row:
    """The `articles` row of an input that gave no article."""
    head = (
        failure.id,
        _clean(failure.source_path) or "",
        _clean(failure.member) or "",
        _clean(failure.format),
        _clean(failure.encoding),
    )
    unknown = (None,) * 14
    return (*head, *unknown, failure.status, _clean(failure.error) or "no reason given", [])


def _clean(text: str | None) -> str | None:
    """A metadata cell: null when blank; half characters, as odd file names have, spelt out."""
    if not text:
        return None
    return text.encode("utf-8", "backslashreplace").decode()


def _ordered(keyed: Iterable[tuple[int, int, str, str, Row]]) -> list[Row]:
    """Rows by (char_start, char_end, type, id); a row told twice is one row."""
    unique = {item[3]: item for item in keyed}
    # Ids differ, so no two rows are ever compared.
    return [item[4] for item in sorted(unique.values())]


class _Article:
    """One article on its way to rows; holds the ids its tables share."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        sentences = analysis.document.sentences
        self.article = article_row(analysis.article, len(sentences), len(analysis.document))
        self.article_id: str = self.article[0]
        self.starts = [sentence.char_start for sentence in sentences]
        make = self._maker("sentences")
        self.sentence_ids = [make(s.char_start, s.char_end, "") for s in sentences]
        make = self._maker("mentions")
        self.mention_ids = [make(m.char_start, m.char_end, m.label) for m in analysis.mentions]
        make = self._maker("dates")
        self.date_ids = [make(d.char_start, d.char_end, d.type) for d in analysis.dates]
        make = self._maker("quantities")
        self.quantity_ids = [make(q.char_start, q.char_end, q.kind) for q in analysis.quantities]
        make = self._maker("entities")
        self.entity_ids: list[str] = []
        self.entity_of: dict[int, int] = {}
        for position, entity in enumerate(analysis.entities):
            names = (analysis.mentions[number] for number in entity.mentions)
            start, end = min((name.char_start, name.char_end) for name in names)
            self.entity_ids.append(make(start, end, entity.label))
            self.entity_of.update(dict.fromkeys(entity.mentions, position))

    def _maker(self, table: str) -> Callable[[int, int, str], str]:
        return id_maker(self.article_id, table)

    def _sentence_id(self, char: int) -> str:
        return self.sentence_ids[max(bisect_right(self.starts, char) - 1, 0)]

    def rows(self, *, tokens: bool) -> Rows:
        document = self.analysis.document
        rows = {
            "articles": [self.article],
            "texts": [(self.article_id, document.text)],
            "sentences": self._sentences(),
            "mentions": self._mentions(),
            "local_entities": self._entities(),
            "dates": self._dates(),
            "quantities": self._quantities(),
        }
        rows["events"], rows["event_arguments"] = self._events()
        if tokens:
            rows["tokens"] = self._tokens()
        return rows

    def _sentences(self) -> list[Row]:
        article_id, text = self.article_id, self.analysis.document.text
        return [
            (key, article_id, n, s.char_start, s.char_end, s.zone, text[s.char_start : s.char_end])
            for n, (key, s) in enumerate(
                zip(self.sentence_ids, self.analysis.document.sentences, strict=True)
            )
        ]

    def _tokens(self) -> list[Row]:
        document, text = self.analysis.document, self.analysis.document.text
        labels: list[str | None] = [None] * len(document)
        for mention in self.analysis.mentions:
            for token in range(mention.token_start, mention.token_end):
                labels[token] = f"{'B' if token == mention.token_start else 'I'}-{mention.label}"
        pos: Sequence[str | None] = document.pos or [None] * len(document)
        return [
            (self.article_id, self._sentence_id(start), n, start, end, text[start:end], tag, label)
            for n, (start, end, tag, label) in enumerate(
                zip(document.starts, document.ends, pos, labels, strict=True)
            )
        ]

    def _mentions(self) -> list[Row]:
        article_id, entity_ids, entity_of = self.article_id, self.entity_ids, self.entity_of
        return _ordered(
            (
                *(m.char_start, m.char_end, m.label, key),
                (
                    key,
                    article_id,
                    self.sentence_ids[m.sentence],
                    m.char_start,
                    m.char_end,
                    m.text,
                    m.label,
                    entity_ids[entity_of[n]],
                    m.confidence,
                    m.method,
                ),
            )
            for n, (key, m) in enumerate(zip(self.mention_ids, self.analysis.mentions, strict=True))
        )

    def _entities(self) -> list[Row]:
        return [
            (
                key,
                self.article_id,
                entity.label,
                entity.name,
                list(entity.aliases),
                list(entity.related),
                entity.kb_id,
                entity.country,
                entity.province,
                entity.latitude,
                entity.longitude,
                len(entity.mentions),
            )
            for key, entity in zip(self.entity_ids, self.analysis.entities, strict=True)
        ]

    def _dates(self) -> list[Row]:
        dates = self.analysis.dates
        ranges: dict[int, tuple[int, int]] = {}
        for date in dates:
            if date.range_key is not None:
                start, end = ranges.get(date.range_key, (date.char_start, date.char_end))
                ranges[date.range_key] = min(start, date.char_start), max(end, date.char_end)
        make = self._maker("ranges")
        range_ids = {key: make(start, end, "") for key, (start, end) in ranges.items()}
        return _ordered(
            (
                *(d.char_start, d.char_end, d.type, key),
                (
                    key,
                    self.article_id,
                    self._sentence_id(d.char_start),
                    d.char_start,
                    d.char_end,
                    d.text,
                    d.type,
                    d.value,
                    d.mod,
                    d.quant,
                    d.freq,
                    d.begin,
                    d.end,
                    d.granularity,
                    d.edtf,
                    d.calendar,
                    d.anchor,
                    None if d.range_key is None else range_ids[d.range_key],
                    d.range_begin,
                    d.range_end,
                    d.rule,
                ),
            )
            for key, d in zip(self.date_ids, dates, strict=True)
        )

    def _quantities(self) -> list[Row]:
        return _ordered(
            (
                *(q.char_start, q.char_end, q.kind, key),
                (
                    key,
                    self.article_id,
                    self._sentence_id(q.char_start),
                    q.char_start,
                    q.char_end,
                    q.text,
                    q.kind,
                    q.value,
                    q.value_max,
                    q.unit,
                    q.mod,
                ),
            )
            for key, q in zip(self.quantity_ids, self.analysis.quantities, strict=True)
        )

    def _name(self, argument: Argument) -> str:
        """The canonical name of what an argument means, else its words."""
        if argument.mention is None:
            return argument.text
        return self.analysis.entities[self.entity_of[argument.mention]].name or argument.text

    def _events(self) -> tuple[list[Row], list[Row]]:
        document, article_id = self.analysis.document, self.article_id
        make, make_argument = self._maker("events"), self._maker("event_arguments")
        events: list[tuple[int, int, str, str, Row]] = []
        arguments: list[tuple[int, int, str, str, Row]] = []
        for event in self.analysis.events:
            key = make(event.char_start, event.char_end, event.type)
            found = event.arguments

            def named(position: int | None, found: tuple[Argument, ...] = found) -> str | None:
                return None if position is None else self._name(found[position])

            where = None if event.place is None else found[event.place].mention
            place = None if where is None else self.entity_of[where]
            entity = None if place is None else self.analysis.entities[place]
            sentence = max(bisect_right(self.starts, event.char_start) - 1, 0)
            span = document.sentences[sentence]
            participants = dict.fromkeys(self._name(found[n]) for n in event.participants)
            row = (
                key,
                article_id,
                self.sentence_ids[sentence],
                event.type,
                event.text,
                event.char_start,
                event.char_end,
                event.polarity,
                event.modality,
                event.reported_by,
                event.tense,
                event.time,
                event.time_begin,
                event.time_end,
                event.time_source,
                named(event.agent),
                named(event.patient),
                named(event.place),
                None if place is None else self.entity_ids[place],
                None if entity is None else entity.latitude,
                None if entity is None else entity.longitude,
                list(participants),
                event.confidence,
                event.method,
                key,
                document.text[span.char_start : span.char_end],
            )
            events.append((event.char_start, event.char_end, event.type, key, row))
            arguments += [self._argument(argument, key, make_argument) for argument in found]
        return _ordered(events), _ordered(arguments)

    def _argument(
        self, argument: Argument, event_id: str, make: Callable[[int, int, str], str]
    ) -> tuple[int, int, str, str, Row]:
        start, end, role = argument.char_start, argument.char_end, argument.role
        key = make(start, end, f"{event_id} {role}")
        mention, date, quantity = argument.mention, argument.date, argument.quantity
        row = (
            key,
            event_id,
            self.article_id,
            role,
            start,
            end,
            argument.text,
            None if mention is None else self.mention_ids[mention],
            None if mention is None else self.entity_ids[self.entity_of[mention]],
            None if date is None else self.date_ids[date],
            None if quantity is None else self.quantity_ids[quantity],
            argument.confidence,
        )
        return start, end, role, key, row
