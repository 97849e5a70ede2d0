"""Sentences with names in brackets, `[PER Nguyễn Văn A]`, as documents with mentions."""

import re
from collections.abc import Sequence

from sukien.entities.entity import Entity
from sukien.entities.link import link
from sukien.entities.mention import Mention
from sukien.language.analyzer import segment
from sukien.language.document import Document
from sukien.scoring.entities import gold_mentions

_MARK = re.compile(r"\[(PER|ORG|LOC|MISC) ([^\]]+)\]")


def read(marked: str) -> tuple[Document, list[Mention]]:
    rows, text, last = [], "", 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        rows.append({"start": len(text), "end": len(text) + len(match[2]), "label": match[1]})
        text += match[2]
        last = match.end()
    document = segment(text + marked[last:])
    return document, gold_mentions(document, rows)


def linked(marked: str) -> list[Entity]:
    return link(*read(marked))


def groups(marked: str) -> list[list[str]]:
    """The surfaces of each entity, in text order."""
    document, mentions = read(marked)
    return surfaces(mentions, link(document, mentions))


def surfaces(mentions: Sequence[Mention], entities: Sequence[Entity]) -> list[list[str]]:
    return [[mentions[at].text for at in entity.mentions] for entity in entities]
