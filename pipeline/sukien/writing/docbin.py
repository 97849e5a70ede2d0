"""Articles as spaCy Docs in DocBin files: names, dates, quantities, events, as `sukien.load` shows.

Files hold 1,000 articles each, in the order of the tables: spaCy's corpus readers take a folder
of `.spacy` files, and memory stays flat. To read them::

    import sukien.nlp   # names the extensions
    docs = DocBin().from_disk("out/docbin/00000.spacy").get_docs(spacy.blank("xx").vocab)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["write_docbin"]

Row = Mapping[str, Any]

_FILE = 1000
_BATCH = 64
_ATTRIBUTES = ("TAG", "POS", "SENT_START", "ENT_IOB", "ENT_TYPE")


def write_docbin(
    folder: Path, articles: Iterable[Mapping[str, Sequence[Row]]], names: Mapping[str, str]
) -> int:
    """Write articles, each a mapping of its tables' rows; returns how many there were.

    Needs the rows of `articles`, `texts`, `mentions`, `dates`, `quantities`, `events` and
    `event_arguments`; `names` gives the name of each entity. Each span holds its row in
    `span._.entity`, `._.timex`, `._.quantity` or `._.event`, each Doc its article's row in
    `doc.user_data["article"]`. Words and parts of speech are found again: the tables have none.
    """
    from spacy.tokens import DocBin

    folder.mkdir(parents=True, exist_ok=True)
    docs = _docs(iter(articles), names)
    count = 0
    for number, first in enumerate(docs):
        found = DocBin(attrs=_ATTRIBUTES, store_user_data=True, docs=[first])
        for doc in islice(docs, _FILE - 1):
            found.add(doc)
        found.to_disk(folder / f"{number:05}.spacy")
        count += len(found)
    return count


def _docs(
    articles: Iterator[Mapping[str, Sequence[Row]]], names: Mapping[str, str]
) -> Iterator[Doc]:
    from spacy.vocab import Vocab

    from sukien.language.analyzer import Analyzer
    from sukien.nlp import show, view

    analyzer, vocab = Analyzer(), Vocab()
    while batch := list(islice(articles, _BATCH)):
        documents = analyzer.documents([article["texts"][0]["text"] for article in batch])
        for article, document in zip(batch, documents, strict=True):
            doc = show(view(vocab, document, _found(article, names)))
            row = article["articles"][0]
            doc._.published_at = row["published_at"]
            doc.user_data["article"] = {k: v for k, v in row.items() if v is not None}
            yield doc


def _found(
    article: Mapping[str, Sequence[Row]], names: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """The rows under the names that the spaCy view knows."""
    arguments: dict[str, list[Row]] = defaultdict(list)
    for row in article["event_arguments"]:
        arguments[row["event_id"]].append(row)
    return {
        "entities": [{**row, "entity": names[row["entity_id"]]} for row in article["mentions"]],
        "dates": [dict(row) for row in article["dates"]],
        "quantities": [dict(row) for row in article["quantities"]],
        "events": [
            {**row, "text": row["trigger"], "arguments": arguments[row["event_id"]]}
            for row in article["events"]
        ],
    }
