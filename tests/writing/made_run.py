"""Runs made up for tests of the report: a few marked articles, or very many from a few."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sukien.tables.arrow import arrow_schema
from sukien.tables.frames import Tables
from sukien.tables.schema import TABLES
from sukien.writing.folder import FolderWriter

# {PER:Lan} is a name, {2024-03-19:hôm qua} a date, {Meet:gặp} an event of its sentence, which is
# a line. Names and dates of the line take part in it.
_MARK = re.compile(r"\{([^:{}]+):([^{}]*)\}")
_LABELS = ("PER", "ORG", "LOC", "MISC")
_ROLES = {"PER": "Entity", "ORG": "Entity", "LOC": "Place", "MISC": "Entity"}


class Made:
    """Collects the rows of all tables."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self._entities: dict[tuple[str, str], dict[str, Any]] = {}

    def article(self, marked: str, *, status: str = "ok", **columns: Any) -> str:
        """Add an article; returns its id."""
        number = len(self.rows["articles"])
        article = f"{number:016x}"
        row = {
            "article_id": article,
            "source_path": f"{number:05d}.txt",
            "member": "",
            "status": status,
            "warnings": [],
            **columns,
        }
        self.rows["articles"].append(row)
        if status != "ok":
            return article
        row.setdefault("story_id", article)
        text = ""
        for line in marked.split("\n"):
            text = self._sentence(article, text, line) + "\n"
        self.rows["texts"].append({"article_id": article, "text": text})
        row["n_chars"] = len(text)
        return article

    def entity(self, name: str, label: str, **columns: Any) -> dict[str, Any]:
        """The entity of a name, made when first asked for."""
        key = (name, label)
        if key not in self._entities:
            self._entities[key] = {
                "entity_id": f"e{len(self._entities):015x}",
                "label": label,
                "name": name,
                "aliases": [],
                "related": [],
                "articles": set(),
                "n_mentions": 0,
            }
        self._entities[key].update(columns)
        return self._entities[key]

    def _sentence(self, article: str, before: str, line: str) -> str:
        start = len(before)
        sentence = f"{article}-{start}"
        text, at, marks = before, 0, []
        for match in _MARK.finditer(line):
            text += line[at : match.start()]
            marks.append((match[1], len(text), match[2]))
            text += match[2]
            at = match.end()
        text += line[at:]
        where = {"article_id": article, "sentence_id": sentence}
        self.rows["sentences"].append(
            {**where, "position": 0, "char_start": start, "char_end": len(text)}
            | {"zone": "body", "text": text[start:]}
        )
        arguments: list[dict[str, Any]] = []
        for kind, offset, surface in marks:
            span = {"char_start": offset, "char_end": offset + len(surface), "text": surface}
            if kind in _LABELS:
                entity = self.entity(surface, kind)
                entity["articles"].add(article)
                entity["n_mentions"] += 1
                mention = {**where, **span, "mention_id": f"{article}-{offset}", "label": kind}
                mention |= {"entity_id": entity["entity_id"], "confidence": 0.9, "method": "model"}
                self.rows["mentions"].append(mention)
                arguments.append({**span, "role": _ROLES[kind], "entity_id": entity["entity_id"]})
            elif kind[0].isdigit():
                date = {**where, **span, "date_id": f"{article}-{offset}", "type": "DATE"}
                date |= {"value": kind, "begin": kind, "end": kind, "calendar": "solar"}
                self.rows["dates"].append({**date, "anchor": "published", "rule": "made"})
                arguments.append({**span, "role": "Time", "time": kind})
        for kind, offset, surface in marks:
            if kind not in _LABELS and not kind[0].isdigit():
                self._event(where, kind, offset, surface, text[start:], arguments)
        return text

    def _event(
        self,
        where: dict[str, Any],
        kind: str,
        offset: int,
        surface: str,
        sentence: str,
        arguments: Sequence[dict[str, Any]],
    ) -> None:
        event = f"{where['article_id']}-{offset}"
        who = [one["text"] for one in arguments if one["role"] == "Entity"]
        times = [one["time"] for one in arguments if one["role"] == "Time"]
        places = [one for one in arguments if one["role"] == "Place"]
        self.rows["events"].append(
            {
                **where,
                "event_id": event,
                "type": kind,
                "trigger": surface,
                "char_start": offset,
                "char_end": offset + len(surface),
                "polarity": "positive",
                "modality": "asserted",
                "tense": "past",
                "time": times[0] if times else None,
                "time_begin": times[0] if times else None,
                "time_end": times[0] if times else None,
                "time_source": "explicit" if times else None,
                "agent": who[0] if who else None,
                "patient": who[1] if len(who) > 1 else None,
                "place": places[0]["text"] if places else None,
                "place_entity_id": places[0]["entity_id"] if places else None,
                "participants": who,
                "confidence": 0.9,
                "method": "model",
                "cluster_id": event,
                "sentence": sentence,
            }
        )
        self.rows["event_clusters"].append(
            {"cluster_id": event, "type": kind, "participants": who, "n_events": 1}
            | {"n_articles": 1, "headline": sentence}
        )
        for one in arguments:
            argument = {name: value for name, value in one.items() if name != "time"}
            argument |= {"argument_id": f"{event}-{one['char_start']}", "event_id": event}
            argument |= {"article_id": where["article_id"], "confidence": 0.9}
            self.rows["event_arguments"].append(argument)

    def tables(self) -> Tables:
        """All tables of the run."""
        self.rows["entities"] = [
            {**entity, "n_articles": len(entity["articles"])} for entity in self._entities.values()
        ]
        return Tables.from_arrow(
            {
                name: pa.Table.from_pylist(
                    [{column: row.get(column) for column in TABLES[name].names} for row in rows],
                    schema=arrow_schema(name),
                )
                for name, rows in self.rows.items()
            }
        )


def save(tables: Tables, folder: Path, *, texts: bool = True) -> Path:
    """Write the tables as a run does."""
    names = [name for name in tables if name != "tokens" and (texts or name != "texts")]
    writer = FolderWriter(folder, folder / ".new", names, ["parquet"])
    for name in names:
        frame = tables[name]
        plain = {column: frame[column].astype("object") for column in frame}
        arrow = pa.Table.from_pandas(
            pd.DataFrame(plain), schema=arrow_schema(name), preserve_index=False
        )
        writer.write(name, [arrow])
    writer.commit()
    return folder


_KEYS = (
    "article_id", "source_path", "sentence_id", "mention_id", "date_id", "event_id",
    "argument_id", "cluster_id", "story_id",
)  # fmt: skip


def many(tables: Tables, copies: int) -> Tables:
    """The same articles many times, each with ids of its own; entities stay the same."""

    def repeated(frame: pd.DataFrame) -> pd.DataFrame:
        numbers = pd.Series(np.repeat(np.arange(copies), len(frame)).astype(str))
        long = pd.concat([frame] * copies, ignore_index=True)
        for key in _KEYS:
            if key in long:
                long[key] = (long[key].astype("string") + "-" + numbers).astype("string")
        return long

    frames = {name: repeated(tables[name]) for name in tables if name != "entities"}
    entities = tables.entities.copy()
    for column in ("n_articles", "n_mentions"):
        entities[column] = entities[column] * copies
    return Tables(entities=entities, **frames)
