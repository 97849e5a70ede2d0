"""Our own gold: a folder of one JSON file an article, with the articles in a folder beside it.

`part` in a file's `article` names a part of the gold that is scored apart too, as what was
annotated by someone who knows nothing of the rules.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sukien.article import Article
from sukien.scoring.dates import GoldDate
from sukien.scoring.gold import GoldArticle, GoldSet
from sukien.scoring.gold_rows import article as article_of_row

__all__ = ["checksum", "read"]

Record = Mapping[str, Any]


def _records(folder: Path) -> Iterator[tuple[Path, Record]]:
    for path in sorted(folder.rglob("*.json"), key=lambda path: path.relative_to(folder).parts):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            record["article"]["sha256"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} is no gold annotation: it is not JSON, or tells no article with its sha256"
            ) from error
        yield path, record


def checksum(folder: Path) -> str:
    """SHA-256 over all gold records, and by the digests in them over the texts.

    It depends on names of files and on what they say, not on spaces and line ends.
    """
    digest = hashlib.sha256()
    for path, record in _records(folder):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(json.dumps(record, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


def read(folder: Path) -> GoldSet:
    """Read the gold below a folder and the articles it belongs to.

    Raises ValueError where an article is missing or its text is not the one that was annotated.
    """
    from sukien.events.ontology import load_ontology
    from sukien.reading import read_articles

    texts = _articles_folder(folder)
    types = tuple(load_ontology().types)
    found = {(a.source_path, a.member): a for a in read_articles(texts) if isinstance(a, Article)}
    articles = []
    for path, record in _records(folder):
        stated = record["article"]
        article = found.get((stated["source_path"], stated["member"]))
        if article is None:
            raise ValueError(f"{path}: its article {stated['source_path']} is not in {texts}")
        if article.sha256 != stated["sha256"]:
            raise ValueError(
                f"{path}: the text of {stated['source_path']} has changed since it was annotated"
            )
        articles.append(_article(article, record, types))
    if not articles:
        raise ValueError(f"{folder} holds no gold: neither .json files of ours nor brat's .ann")
    return GoldSet(folder.name, articles)


def _articles_folder(folder: Path) -> Path:
    """`articles` beside the folder, or beside one of the folders above it."""
    for place in (folder.resolve(), *folder.resolve().parents):
        texts = place.parent / "articles"
        if texts.is_dir():
            return texts
    raise ValueError(f"{folder} has no folder `articles` beside it with the annotated texts")


def _article(article: Article, record: Record, types: Sequence[str]) -> GoldArticle:
    events = [{**event, "args": event["arguments"]} for event in record["events"]]
    row = {
        **record,
        "text": article.text,
        "published_at": article.published_at,
        "entities": record["mentions"],
        "events": events,
        "part": record["article"].get("part"),
    }
    name = f"{article.source_path}:{article.member}" if article.member else article.source_path
    gold = article_of_row(name, row, types)
    return replace(gold, dates=[*(gold.dates or ()), *_ranges(record["dates"])])


def _ranges(dates: Sequence[Record]) -> Iterator[GoldDate]:
    """The whole interval of each pair of dates that are the two ends of one range."""
    ends = defaultdict(list)
    for date in dates:
        if date["range"]:
            ends[date["range"]].append(date)
    for first, last in (pair for pair in ends.values() if len(pair) == 2):
        if first["begin"] and last["end_day"]:
            yield GoldDate(
                start=first["start"],
                end=last["end"],
                type=first["type"],
                values=(None,),
                begin=first["begin"],
                end_day=last["end_day"],
                optional=bool(first.get("optional") or last.get("optional")),
                derived=True,
            )
