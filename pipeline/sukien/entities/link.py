"""Mentions of one article to entities: names that mean the same thing meet.

Coreference of names without pronouns, by rule: equal keys, names the text introduces for one
another, acronyms, short forms. Names are compared through tables of keys, so the cost is
linear in the mentions; equal input gives equal output.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count

from sukien.entities.aliases import join_aliases, known_as
from sukien.entities.corrections import Corrections
from sukien.entities.entity import Entity
from sukien.entities.introductions import embedded, find_introductions, is_acronym
from sukien.entities.keys import Key, cut, expand, initials, key_of, person_key
from sukien.entities.labels import agree, agree_introduced
from sukien.entities.locating import locate
from sukien.entities.mention import Label, Mention
from sukien.entities.persons import resolve_persons
from sukien.entities.shortforms import Partition, join_organisations, join_places
from sukien.language.document import Document

__all__ = ["link", "relabelled"]


class _Names:
    """The distinct names of an article: (label, key) pairs, and the mentions of each."""

    def __init__(self) -> None:
        self.position: dict[tuple[Label, Key], int] = {}
        self.labels: list[Label] = []
        self.keys: list[Key] = []

    def add(self, label: Label, key: Key) -> int:
        at = self.position.setdefault((label, key), len(self.keys))
        if at == len(self.keys):
            self.labels.append(label)
            self.keys.append(key)
        return at

    def with_label(self, *labels: Label) -> list[tuple[int, Key]]:
        """Position and key of the names of some kinds."""
        return [(at, key) for at, key in enumerate(self.keys) if self.labels[at] in labels]


def link(
    document: Document,
    mentions: Sequence[Mention],
    *,
    published: str | None = None,
    corrections: Corrections | None = None,
) -> list[Entity]:
    """Group the mentions of one article into entities, in the order they are first named.

    Every mention belongs to exactly one entity. `mentions` are in text order and do not
    overlap; the positions in `Entity.mentions` are positions in it. `published` (ISO) decides
    where the seat of a merged province is; a user's `corrections` of links have the last word.
    """
    if not mentions:
        return []
    mentions = agree(document, mentions)
    introductions = list(find_introductions(document, mentions))
    agreed = agree_introduced(mentions, introductions)
    if agreed != mentions:
        mentions, introductions = agreed, list(find_introductions(document, agreed))
    labels = [mention.label for mention in mentions]
    names = _Names()
    owner = [-1] * len(mentions)

    persons = [at for at, label in enumerate(labels) if label == "PER"]
    before = [document.forms[max(mentions[at].token_start - 1, 0)] for at in persons]
    for at, key in zip(
        persons, resolve_persons([mentions[at].text for at in persons], before), strict=True
    ):
        owner[at] = names.add("PER", key)

    acronyms = _local_acronyms(mentions, introductions)
    for at, mention in enumerate(mentions):
        if owner[at] < 0:
            key = key_of(mention.text)
            owner[at] = names.add(labels[at], expand(key, acronyms) if acronyms else key)

    partition = Partition(len(names.keys))
    related: set[tuple[int, int]] = set()
    for first, second, kind in introductions:
        if labels[first] == labels[second] or kind == "acronym":
            partition.union(owner[first], owner[second])
        elif {labels[first], labels[second]} == {"ORG", "MISC"}:
            related.add((owner[first], owner[second]))
    _join_embedded(names, partition, mentions, owner)
    _join_acronyms(names, partition, mentions, owner)
    join_aliases(zip(count(), names.labels, names.keys), partition)
    join_places(names.with_label("LOC"), partition)
    bases = join_organisations(names.with_label("ORG"), partition)
    for at, key in names.with_label("MISC"):
        # A project and the foundation of its name are two things, but linked.
        related.update((at, body) for body in bases.get(key, ())[:1])
    entities = _assemble(names, partition, related, mentions, owner)
    entities = locate(document, mentions, entities, published)
    return corrections.entities(mentions, entities) if corrections else entities


def relabelled(mentions: Sequence[Mention], entities: Iterable[Entity]) -> list[Mention]:
    """The mentions with the label of the entity they belong to, a user's own left alone."""
    out = list(mentions)
    for entity in entities:
        for at in entity.mentions:
            if out[at].label != entity.label and out[at].method != "user":
                out[at] = replace(out[at], label=entity.label)
    return out


def _local_acronyms(
    mentions: Sequence[Mention], introductions: Iterable[tuple[int, int, str]]
) -> dict[Key, Key]:
    """Acronyms the article introduces, as a table for `expand`."""
    table: dict[Key, Key] = {}
    pairs = [
        (mentions[second].text, key_of(mentions[first].text))
        for first, second, kind in introductions
        if kind == "acronym"
    ]
    for mention in mentions:
        inner = embedded(mention.text)
        if inner and is_acronym(inner[-1]):
            pairs.append((inner[-1], key_of(mention.text[: mention.text.index("(")])))
    for short, full in pairs:
        key = cut(short)
        letters = "".join(key)
        spelt = next((full[at:] for at in range(len(full)) if initials(full[at:]) == letters), full)
        if len(key) <= 3 and key_of(short) == key and len(spelt) > len(key):
            table.setdefault(key, spelt)
    return table


def _join_embedded(
    names: _Names, partition: Partition, mentions: Sequence[Mention], owner: Sequence[int]
) -> None:
    """`Open Infrastructure (OpenInfra) Foundation` is also what its parts spell."""
    for at, mention in enumerate(mentions):
        for surface in embedded(mention.text):
            other = names.position.get((names.labels[owner[at]], key_of(surface)))
            if other is not None:
                partition.union(owner[at], other)


def _join_acronyms(
    names: _Names, partition: Partition, mentions: Sequence[Mention], owner: Sequence[int]
) -> None:
    """Acronyms with a name of the same kind that they spell, `và` counted or not."""
    short = {
        (names.labels[name], "".join(cut(mention.text))): name
        for name, mention in zip(owner, mentions, strict=True)
        if is_acronym(mention.text) and names.labels[name] != "PER"
    }
    if not short:
        return
    spelt: dict[tuple[Label, str], set[int]] = defaultdict(set)
    for name, surface in {(name, m.text) for name, m in zip(owner, mentions, strict=True)}:
        if names.labels[name] != "PER" and " " in surface:
            for letters in _initials(surface, names.keys[name]):
                spelt[names.labels[name], letters].add(name)
    for (label, letters), name in short.items():
        roots = {partition.find(full) for full in spelt.get((label, letters), ())}
        if len(roots) == 1:
            partition.union(name, roots.pop())


@lru_cache(maxsize=16384)
def _initials(surface: str, key: Key) -> frozenset[str]:
    words = (word[0] for word in surface.lower().split() if word[0].isalnum())
    return frozenset((initials(cut(surface)), initials(key), "".join(words)))


def _assemble(
    names: _Names,
    partition: Partition,
    related: Iterable[tuple[int, int]],
    mentions: Sequence[Mention],
    owner: Sequence[int],
) -> list[Entity]:
    members: dict[int, list[int]] = defaultdict(list)
    for at in range(len(mentions)):
        members[partition.find(owner[at])].append(at)
    title: dict[int, tuple[str, tuple[str, ...]]] = {}
    for root, positions in members.items():
        surfaces: dict[str, int] = {}
        for at in positions:
            surface = _clean(mentions[at].text)
            surfaces[surface] = surfaces.get(surface, 0) + 1
        title[root] = _name(surfaces, mentions[positions[0]].label)
    links: dict[int, set[int]] = defaultdict(set)
    for first, second in related:
        one, two = partition.find(first), partition.find(second)
        if one != two:
            links[one].add(two)
            links[two].add(one)
    return [
        Entity(
            label=_label(names, mentions, owner, positions),
            name=title[root][0],
            aliases=title[root][1],
            related=tuple(sorted(title[other][0] for other in links[root])),
            mentions=tuple(positions),
        )
        for root, positions in sorted(members.items(), key=lambda item: item[1][0])
    ]


@lru_cache(maxsize=16384)
def _clean(surface: str) -> str:
    return " ".join(unicodedata.normalize("NFC", surface).split())


def _label(
    names: _Names, mentions: Sequence[Mention], owner: Sequence[int], positions: Sequence[int]
) -> Label:
    labels = {names.labels[owner[at]] for at in positions}
    if len(labels) == 1:
        return labels.pop()
    weights: Counter[Label] = Counter()
    for at in positions:
        weights[names.labels[owner[at]]] += round(mentions[at].confidence * 1000) + 1
    return min(weights, key=lambda label: (-weights[label], label))


def _name(surfaces: Mapping[str, int], label: Label) -> tuple[str, tuple[str, ...]]:
    """The fullest natural form, and the others in order of first use."""

    def fullness(surface: str) -> tuple[bool, bool, int, int, int]:
        shouting = surface.isupper() and len(surface) > 4 and "." not in surface
        key = person_key(surface) if label == "PER" else key_of(surface)
        own = known_as(label, key) == key  # not a nickname of something
        return (own, not shouting, len(key), len(surface), surfaces[surface])

    best = max(surfaces, key=fullness) if len(surfaces) > 1 else next(iter(surfaces))
    forms = [best, *(form for alias in surfaces for form in (alias, *embedded(alias)))]
    return best, tuple(dict.fromkeys(forms))[1:]
