"""Names of one thing that share no letters: `Quỷ đỏ` and `Man Utd`, `WHO` and `Tổ chức Y tế …`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import cast

from sukien.entities.keys import Key, key_of, person_key
from sukien.entities.mention import Label
from sukien.entities.shortforms import Partition
from sukien.tagging.cache import cached

__all__ = ["join_aliases", "known_as"]


@lru_cache(maxsize=1)
def _table() -> dict[tuple[Label, Key], Key]:
    return cached("aliases", _read)


def _read() -> dict[tuple[Label, Key], Key]:
    text = (files("sukien.entities") / "data" / "aliases.tsv").read_text(encoding="utf-8")
    table: dict[tuple[Label, Key], Key] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        label, name, others = line.split("\t")
        make = person_key if label == "PER" else key_of
        own = make(name)
        for form in (name, *others.split("|")):
            table.setdefault((cast(Label, label), make(form)), own)
    return table


def known_as(label: Label, key: Key) -> Key:
    """The key of the name that a key is another name of, or the key itself.

    >>> known_as("ORG", key_of("WHO")) == key_of("Tổ chức Y tế Thế giới")
    True
    >>> known_as("ORG", key_of("Sao Mai"))
    ('sao', 'mai')
    """
    return _table().get((label, key), key)


def join_aliases(names: Iterable[tuple[int, Label, Key]], partition: Partition) -> None:
    """Join the names of an article that are other names of one thing."""
    first: dict[tuple[Label, Key], int] = {}
    for at, label, key in names:
        partition.union(first.setdefault((label, known_as(label, key)), at), at)
