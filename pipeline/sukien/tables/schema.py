"""Every table and column, declared once.

The declaration is used to build the tables (`frames`), to check them (`validation`) and to
document them (`describe`). Column order is the order of this page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["LOCAL_ENTITIES", "TABLES", "Column", "Kind", "Table", "describe"]

Kind = Literal["string", "int", "float", "category", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, kind, what a cell means, and what may stand in it.

    `null` tells whether a cell may be unknown; a nullable string is never empty. `values` is
    the closed vocabulary of a category (empty: open). `refers` names the table whose key the
    cell holds.
    """

    name: str
    kind: Kind
    meaning: str
    null: bool = False
    values: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, its key (the first column unless said otherwise) and its meaning.

    `optional` tables are written only when asked for.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: str | None
    optional: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name}")


def _string(name: str, meaning: str, *, null: bool = False, refers: str = "") -> Column:
    return Column(name, "string", meaning, null, (), refers)


def _int(name: str, meaning: str, *, null: bool = False) -> Column:
    return Column(name, "int", meaning, null)


def _float(name: str, meaning: str, *, null: bool = False) -> Column:
    return Column(name, "float", meaning, null)


def _category(name: str, meaning: str, values: str = "", *, null: bool = False) -> Column:
    return Column(name, "category", meaning, null, tuple(values.split()))


def _list(name: str, meaning: str) -> Column:
    return Column(name, "list", meaning)


_ARTICLE = _string("article_id", "the article", refers="articles")
_SENTENCE = _string("sentence_id", "the sentence it begins in", refers="sentences")
_START = _int("char_start", "first code point, counted in the article's text from 0")
_END = _int("char_end", "code point after the last")
_TEXT = _string("text", "the surface: text[char_start:char_end] of the article")
_CONFIDENCE = _float("confidence", "probability that the row is right, 3 decimals")
_LABELS = "PER ORG LOC MISC"
_MODS = "START MID END APPROX MORE_THAN LESS_THAN EQUAL_OR_LESS EQUAL_OR_MORE BEFORE AFTER"


def _place(whose: str) -> tuple[Column, ...]:
    return (
        _float("latitude", f"degrees north of {whose}", null=True),
        _float("longitude", f"degrees east of {whose}", null=True),
    )


_DECLARED = (
    Table(
        "articles",
        "one row an input, also when it could not be read",
        (
            _string("article_id", "hash of source_path, member and text"),
            _string("source_path", "the file, relative to the input folder"),
            _string("member", "path inside an archive, or line of a JSONL or CSV file"),
            _category("format", "how the input is written", null=True),
            _category("encoding", "how its characters are encoded", null=True),
            _string("title", "headline", null=True),
            _string("author", "author as given", null=True),
            _string("section", "section of the paper", null=True),
            _string("url", "address", null=True),
            _string("source", "paper or site", null=True),
            _string("published_at", "local ISO date or date-time with +07:00", null=True),
            _category(
                "published_from",
                "where published_at comes from",
                "metadata sidecar html filename dateline option",
                null=True,
            ),
            _category("language", "vi, en, or null where it cannot be told", null=True),
            _int("n_chars", "code points of the text", null=True),
            _int("n_sentences", "sentences", null=True),
            _int("n_tokens", "tokens (syllables, numbers, marks)", null=True),
            _string("sha256", "SHA-256 of the text in UTF-8", null=True),
            _string(
                "duplicate_of",
                "the first article that says the same, exactly or nearly",
                null=True,
                refers="articles",
            ),
            _string("story_id", "articles that tell the same news share it", null=True),
            _category("status", "what became of the input", "ok failed skipped"),
            _string("error", "why it failed or was skipped", null=True),
            _list("warnings", "what was odd about an input that was read"),
        ),
        "article_id",
    ),
    Table(
        "texts",
        "the text itself, as all offsets count it",
        (_ARTICLE, _string("text", "the article's text")),
        "article_id",
        optional=True,
    ),
    Table(
        "sentences",
        "one row a sentence",
        (
            _string("sentence_id", "key"),
            _ARTICLE,
            _int("position", "number of the sentence in the article, from 0"),
            _START,
            _END,
            _category("zone", "part of the article", "title sapo body caption"),
            _TEXT,
        ),
        "sentence_id",
    ),
    Table(
        "tokens",
        "one row a token",
        (
            _ARTICLE,
            _SENTENCE,
            _int("position", "number of the token in the article, from 0"),
            _START,
            _END,
            _TEXT,
            _category("pos", "part of speech of the token's word", null=True),
            _category("entity", "B-, I- and the label of the name it is part of", null=True),
        ),
        None,
        optional=True,
    ),
    Table(
        "mentions",
        "one row an occurrence of a name",
        (
            _string("mention_id", "key"),
            _ARTICLE,
            _SENTENCE,
            _START,
            _END,
            _TEXT,
            _category("label", "person, organisation, place, other", _LABELS),
            _string("entity_id", "what the name means", refers="entities"),
            _CONFIDENCE,
            _category("method", "who found it", "model gazetteer document user"),
        ),
        "mention_id",
    ),
    Table(
        "entities",
        "one row a thing that names mean, across all articles",
        (
            _string("entity_id", "key: that of its first telling"),
            _category("label", "person, organisation, place, other", _LABELS),
            _string("name", "canonical name"),
            _list("aliases", "other ways it is written"),
            _list("related", "names of other entities it is bound to"),
            _string("kb_id", "code in a knowledge base: place, country", null=True),
            _string("country", "country, ISO 3166 code", null=True),
            _string("province", "province of Vietnam", null=True),
            *_place("the place"),
            _int("n_mentions", "mentions in all articles"),
            _int("n_articles", "articles that name it"),
            _string("first_seen", "earliest published_at", null=True),
            _string("last_seen", "latest published_at", null=True),
        ),
        "entity_id",
    ),
    Table(
        "dates",
        "one row a temporal expression (TIMEX3)",
        (
            _string("date_id", "key"),
            _ARTICLE,
            _SENTENCE,
            _START,
            _END,
            _TEXT,
            _category("type", "TIMEX3 type", "DATE TIME DURATION SET"),
            _string("value", "TIMEX3 value: 2024-03-20, P1DE, PAST_REF"),
            _category("mod", "TIMEX3 modifier", _MODS, null=True),
            _string("quant", "TIMEX3 quantifier of a SET", null=True),
            _string("freq", "TIMEX3 frequency of a SET", null=True),
            _string("begin", "first day it covers (Asia/Ho_Chi_Minh)", null=True),
            _string("end", "last day it covers", null=True),
            _category("granularity", "unit the value is exact to", null=True),
            _string("edtf", "the value in EDTF (ISO 8601-2)", null=True),
            _category("calendar", "calendar of the expression", "solar lunar"),
            _category(
                "anchor", "what the value was counted from", "published dateline context quote none"
            ),
            _string("range_id", "both ends of a range share it", null=True),
            _string("range_begin", "first day of the whole range", null=True),
            _string("range_end", "last day of the whole range", null=True),
            _category("rule", "name of the rule that found it"),
        ),
        "date_id",
    ),
    Table(
        "quantities",
        "one row an amount",
        (
            _string("quantity_id", "key"),
            _ARTICLE,
            _SENTENCE,
            _START,
            _END,
            _TEXT,
            _category("kind", "what is measured", "money percent count measure ordinal age"),
            _float("value", "the number"),
            _float("value_max", "upper end of a range", null=True),
            _string("unit", "ISO 4217 code, %, counted noun or symbol", null=True),
            _category("mod", "about, more than, less than", _MODS, null=True),
        ),
        "quantity_id",
    ),
    Table(
        "events",
        "one row a told event: who, what, when, where",
        (
            _string("event_id", "key"),
            _ARTICLE,
            _SENTENCE,
            _category("type", "type of the ontology"),
            _string("trigger", "the word that names the event"),
            _int("char_start", "first code point of the trigger"),
            _int("char_end", "code point after the trigger"),
            _category("polarity", "told as having happened or not", "positive negative"),
            _category("modality", "fact, plan or possibility", "asserted planned possible"),
            _string("reported_by", "who says so", null=True),
            _category("tense", "against the day of publication", "past present future unspecified"),
            _string("time", "TIMEX3 value of when it happens", null=True),
            _string("time_begin", "first day", null=True),
            _string("time_end", "last day", null=True),
            _category("time_source", "how it is known", "explicit context published", null=True),
            _string("agent", "who did it", null=True),
            _string("patient", "who or what it was done to", null=True),
            _string("place", "where", null=True),
            _string("place_entity_id", "the place", null=True, refers="entities"),
            *_place("the place"),
            _list("participants", "everyone who takes part"),
            _CONFIDENCE,
            _category("method", "who found it"),
            _string("cluster_id", "tellings of one event", refers="event_clusters"),
            _string("sentence", "the sentence that tells it"),
        ),
        "event_id",
    ),
    Table(
        "event_arguments",
        "one row a participant, place, time or amount of an event",
        (
            _string("argument_id", "key"),
            _string("event_id", "the event", refers="events"),
            _ARTICLE,
            _category("role", "role of the ontology"),
            _START,
            _END,
            _TEXT,
            _string("mention_id", "the name", null=True, refers="mentions"),
            _string("entity_id", "what the name means", null=True, refers="entities"),
            _string("date_id", "the date", null=True, refers="dates"),
            _string("quantity_id", "the amount", null=True, refers="quantities"),
            _CONFIDENCE,
        ),
        "argument_id",
    ),
    Table(
        "event_clusters",
        "one row an event, told once or by many articles",
        (
            _string("cluster_id", "key: that of its first telling"),
            _category("type", "type of the ontology"),
            _string("time_begin", "first day", null=True),
            _string("time_end", "last day", null=True),
            _string("place", "where", null=True),
            _list("participants", "everyone who takes part"),
            _int("n_events", "tellings"),
            _int("n_articles", "articles that tell it"),
            _string("first_reported", "earliest published_at", null=True),
            _string("headline", "title or sentence of the first telling", null=True),
        ),
        "cluster_id",
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _DECLARED}
"""All tables by name, in the order in which they are documented and written."""

LOCAL_ENTITIES = Table(
    "local_entities",
    "what the names of one article mean: kept in the store, merged by the corpus pass",
    (
        _string("entity_id", "key, local: that of the first mention"),
        _ARTICLE,
        *TABLES["entities"].columns[1:10],
        _int("n_mentions", "mentions in the article"),
    ),
    "entity_id",
)


def describe() -> str:
    """Document all tables and columns as Markdown.

    >>> print(describe().splitlines()[0])
    ### articles: one row an input, also when it could not be read
    """
    lines: list[str] = []
    for table in TABLES.values():
        asked = " (only when asked for)" if table.optional else ""
        lines += [f"### {table.name}: {table.meaning}{asked}", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        for column in table.columns:
            kind = f"{column.kind}?" if column.null else column.kind
            meaning = column.meaning
            if column.values:
                meaning += f": {', '.join(column.values)}"
            if column.refers:
                meaning += f" → {column.refers}"
            lines.append(f"| {column.name} | {kind} | {meaning} |")
        lines.append("")
    return "\n".join(lines)
