"""Entities across articles: what is one thing in several articles, cautiously.

Places merge by their id, or by name and province; organisations and things by name; people by
name where it is rare, else only where the articles share another name besides: two Nguyễn Văn
Hùng of unrelated articles stay two. Acronyms and last names join the one full name they stand
for in nearly every article. The result depends on the set of records and their `order` alone,
and the cost is linear in the records: people meet under hashed keys of name and shared company,
never pair by pair.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from zlib import crc32

from sukien.entities.aliases import known_as
from sukien.entities.commonness import Standing, standing_of
from sukien.entities.introductions import is_acronym
from sukien.entities.keys import Key, cut, key_of, person_key
from sukien.entities.meeting import long_hash, shared_keys
from sukien.entities.mention import Label
from sukien.entities.shortforms import Partition
from sukien.language.shadow import Shadow

__all__ = ["GlobalEntity", "LocalEntity", "Merged", "merge_entities"]

# Names of an article that say which people it is about, the most mentioned first.
_COMPANY = 24
# The rarest of them that make keys for one person, and how many articles may hold a rare one.
_RAREST = 6
_RARE, _FAIR = 0.005, 0.05
_FEW = 3
# Share of its uses in which an alias must stand for one entity.
_SURE = 0.9
_SELDOM = 20
# Company that agrees everywhere and so says nothing.
_EVERYWHERE = frozenset(("VN-HN", "VN-SG"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEntity:
    """An entity of one article, as `link` made it, with its id and where it stands.

    `order` is the rank of the article among all in table order, and of the entity in it.
    """

    entity_id: str
    article_id: str
    order: tuple[int, int]
    label: Label
    name: str
    aliases: Sequence[str] = ()
    related: Sequence[str] = ()
    kb_id: str | None = None
    country: str | None = None
    province: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    n_mentions: int = 1
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalEntity:
    """An entity of a corpus: the columns of the table `entities`, in their order."""

    entity_id: str
    label: Label
    name: str
    aliases: tuple[str, ...]
    related: tuple[str, ...]
    kb_id: str | None
    country: str | None
    province: str | None
    latitude: float | None
    longitude: float | None
    n_mentions: int
    n_articles: int
    first_seen: str | None
    last_seen: str | None


@dataclass(frozen=True, slots=True)
class Merged:
    """Entities by their earliest member, and the global id of every local one."""

    entities: list[GlobalEntity]
    global_id: Mapping[str, str]


@dataclass(slots=True)
class _Bearers:
    """Which full names a short one stands for, counted in articles."""

    counts: Counter[int] = field(default_factory=Counter)

    def sure(self) -> int | None:
        """The one that it stands for nearly always."""
        total = sum(self.counts.values())
        best = min(self.counts, key=lambda name: (-self.counts[name], name), default=None)
        return best if best is not None and self.counts[best] >= _SURE * total else None


def merge_entities(records: Iterable[LocalEntity]) -> Merged:
    """Merge the entities of many articles; a global id is that of the earliest member.

    >>> one = LocalEntity(entity_id="a", article_id="1", order=(0, 0), label="ORG", name="Bộ Y tế")
    >>> two = LocalEntity(entity_id="b", article_id="2", order=(1, 0), label="ORG", name="Bộ Y Tế")
    >>> merge_entities([two, one]).global_id
    {'a': 'a', 'b': 'a'}
    """
    local = sorted(records, key=lambda record: (record.order, record.entity_id))
    keys = [_key(record) for record in local]
    partition = _met(local, keys)
    _join_aliases(local, keys, partition)
    return _collect(local, partition)


def _met(local: Sequence[LocalEntity], keys: Sequence[Key]) -> Partition:
    """The sets of records that meet by name, or by name and company."""
    partition = Partition(len(local))
    # Numbers side by side, sorted in the end: a dict of all keys would fill the memory.
    meetings, places = array("Q"), array("l")

    def meet(at: int, *parts: object) -> None:
        meetings.append(long_hash("\x1f".join(map(str, parts))))
        places.append(at)

    company = _company(local, keys)
    seen = Counter(name for names in company.values() for name in names)
    for at, (record, key) in enumerate(zip(local, keys, strict=True)):
        standing = standing_of(record.label, key, record.kb_id, record.province)
        if standing is Standing.FREE:
            meet(at, record.label, key, record.kb_id or "", record.province or "")
        elif standing is not Standing.ALONE:
            own = _hash(record.label, key)
            names = [name for name in company[record.article_id] if name != own]
            for shared in _shared(names, seen, len(company), standing):
                meet(at, record.label, key, shared)
    for first, *others in shared_keys(meetings, places):
        for other in others:
            partition.union(first, other)
    return partition


def _key(record: LocalEntity) -> Key:
    return known_as(record.label, _own_key(record.label, record.name))


def _own_key(label: Label, name: str) -> Key:
    return person_key(name) if label == "PER" else key_of(name)


def _hash(label: Label, key: Key) -> int:
    return crc32(f"{label} {' '.join(key)}".encode())


def _company(local: Sequence[LocalEntity], keys: Sequence[Key]) -> dict[str, tuple[int, ...]]:
    """By article the hashed names in it that can tell its people apart from others."""
    named: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for record, key in zip(local, keys, strict=True):
        names = named[record.article_id]
        country = record.kb_id is not None and len(record.kb_id) == 2
        telling = len(key) > 1 or not key[:1] or len(key[0]) > 3
        if telling and not country and record.kb_id not in _EVERYWHERE:
            names.append((-record.n_mentions, _hash(record.label, key)))
    return {
        article: tuple(name for _, name in sorted(names)[:_COMPANY])
        for article, names in named.items()
    }


def _shared(
    names: Iterable[int], seen: Counter[int], n_articles: int, standing: Standing
) -> Iterable[tuple[int, ...]]:
    """What must be found beside a name again: one rare name, or two that are not."""
    rarest = sorted((name for name in set(names) if seen[name] > 1), key=lambda n: (seen[n], n))
    rarest = rarest[:_RAREST]
    limit = max(_FEW, (_FAIR if standing is Standing.FULL else _RARE) * n_articles)
    yield from ((name,) for name in rarest if seen[name] <= limit)
    yield from (tuple(sorted(pair)) for pair in combinations(rarest, 2))


def _join_aliases(local: Sequence[LocalEntity], keys: Sequence[Key], partition: Partition) -> None:
    """Join acronyms and last names to the one entity they nearly always stand for."""
    bearers: dict[tuple[Label, Key], _Bearers] = defaultdict(_Bearers)
    holders: dict[tuple[Label, Key], list[int]] = defaultdict(list)
    for at, (record, key) in enumerate(zip(local, keys, strict=True)):
        holders[record.label, key].append(at)
        if standing_of(record.label, key, record.kb_id, record.province) is not Standing.FREE:
            continue
        if record.label == "PER" and len(key) > 1:
            bearers["PER", key[-1:]].counts[partition.find(at)] += 1
        elif record.label in ("ORG", "MISC"):
            for alias in record.aliases:
                if is_acronym(alias) and key_of(alias) != key:
                    bearers[record.label, key_of(alias)].counts[partition.find(at)] += 1
    for (label, key), found in sorted(bearers.items()):
        target = found.sure()
        if target is None or standing_of(label, key, None, None) is not Standing.FREE:
            continue
        for at in holders.get((label, key), ()):
            partition.union(target, at)


def _collect(local: Sequence[LocalEntity], partition: Partition) -> Merged:
    members: dict[int, list[LocalEntity]] = defaultdict(list)
    for at, record in enumerate(local):
        members[partition.find(at)].append(record)
    global_id = {
        record.entity_id: group[0].entity_id for group in members.values() for record in group
    }
    names = {group[0].entity_id: _name(group) for group in members.values()}
    by_name = {(record.article_id, record.name): record.entity_id for record in local}
    entities = []
    for group in members.values():
        own = group[0].entity_id
        related = {
            names[global_id[other]]
            for record in group
            for name in record.related
            if (other := by_name.get((record.article_id, name))) is not None
        }
        entities.append(_entity(group, names[own], sorted(related - {names[own]})))
    return Merged(entities, global_id)


def _name(group: Sequence[LocalEntity]) -> str:
    """The fullest name that is in use, the one most articles give among equals."""
    label = group[0].label
    counts = Counter(record.name for record in group)
    keys = {name: _own_key(label, name) for name in counts}
    # Neither a nickname nor a writing that one article in twenty has.
    own = [name for name in counts if known_as(label, keys[name]) == keys[name]] or list(counts)
    often = max(counts[name] for name in own) / _SELDOM
    used = [name for name in own if counts[name] >= often]
    return min(
        used,
        key=lambda name: (
            -len(keys[name]),
            -len(cut(name)),
            name.isupper(),
            -counts[name],
            -len(name),
            name,
        ),
    )


@lru_cache(maxsize=1 << 16)
def _plain(name: str) -> str:
    """A name as everyone writes it."""
    return " ".join(Shadow(name).norm.split())


def _entity(group: Sequence[LocalEntity], name: str, related: Sequence[str]) -> GlobalEntity:
    # One of the writings that only differ in how they are encoded or spaced, and not the name.
    forms: Counter[str] = Counter()
    for record in group:
        forms.update({_plain(form) for form in (record.name, *record.aliases)})
    del forms[_plain(name)]
    # The most telling record gives the place; equal places have equal data.
    place = next((record for record in group if record.latitude is not None), group[0])
    dates = sorted(record.published for record in group if record.published)
    return GlobalEntity(
        entity_id=group[0].entity_id,
        label=group[0].label,
        name=name,
        aliases=tuple(sorted(forms, key=lambda form: (-forms[form], form))),
        related=tuple(related),
        kb_id=place.kb_id,
        country=place.country,
        province=place.province,
        latitude=place.latitude,
        longitude=place.longitude,
        n_mentions=sum(record.n_mentions for record in group),
        n_articles=len({record.article_id for record in group}),
        first_seen=dates[0] if dates else None,
        last_seen=dates[-1] if dates else None,
    )
