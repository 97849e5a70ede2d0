"""Tellings of one event, within an article and across articles.

Every event becomes a light `Telling`. Within an article, tellings of one type with compatible
participants, time and place are one event. Across articles two of these are one event when they
share names and nothing speaks against it: intervals that do not meet, other places, days of
publication too far apart. Candidates meet under hashed keys (type with a pair of names, a name
and a place, a place and a count) and are compared only with their neighbours in time under that
key, so the cost is linear in the number of events. Links are taken best first, and the result
depends on the set of tellings alone, not on their order.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from zlib import crc32

from sukien.entities.meeting import distinct, long_hash, shared_keys

__all__ = ["Cluster", "Telling", "cluster_events", "content_words"]

# Neighbours in time that a telling is compared with under one key.
_WINDOW = 6
# Names of a telling that make keys; more come from lists and say little.
_NAMES = 6
# Days between reports of one event: with a day told in both, and with none.
_DATED_GAP, _OPEN_GAP = 45, 4
# Share of the words of the shorter sentence that two reports of one thing have in common.
_ALIKE, _CLOSE = 0.3, 0.55
_SHORT = 8
# Evidence from which a link is a candidate, and evidence of other links that makes it hold.
_WEAK, _SUPPORT = 1.0, 2.0
# Tellings of a group whose sentences are compared, and orders under which words make keys.
_FACES = 3
_ORDERS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)
_PRIME = (1 << 61) - 1
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One event as told once.

    `names` are keys of the entities that take part (not where it happens), equal across
    articles for equal entities; `amounts` are surfaces of its quantities; `begin` and `end` are
    the days of its time, `published` the article's; `rank` and `char_start` order tellings:
    the first report has the earliest `published`, then the least `rank` and `char_start`.
    `words` are hashes of the content words of its sentence (`content_words`).
    """

    event_id: str
    article_id: str
    type: str
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    begin: str | None = None
    end: str | None = None
    published: str | None = None
    rank: int = 0
    char_start: int = 0
    polarity: str = "positive"
    words: tuple[int, ...] = ()

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sort key: the first report of an event comes first."""
        return (self.published or "9999", self.rank, self.char_start, self.event_id)


@dataclass(frozen=True, slots=True)
class Cluster:
    """All tellings of one event, the first report first, and what they say together."""

    tellings: tuple[Telling, ...]
    begin: str | None
    end: str | None
    places: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def first(self) -> Telling:
        """The first report; its event's id is the cluster's."""
        return self.tellings[0]

    @property
    def n_articles(self) -> int:
        """Articles that tell the event."""
        return len({telling.article_id for telling in self.tellings})


def content_words(words: Iterable[str]) -> tuple[int, ...]:
    """Hashes of the longer words of a sentence, sorted, at most 24.

    >>> content_words(["Ông", "Nam", "bị", "bắt"]) == content_words(["bắt", "bị", "nam", "ông"])
    True
    """
    hashes = {
        crc32(word.lower().encode("utf-8", "surrogatepass"))
        for word in words
        if word[0:1].isalnum()
    }
    return tuple(sorted(hashes)[:24])


def cluster_events(tellings: Iterable[Telling]) -> list[Cluster]:
    """Group tellings into events, sorted by their first reports."""
    ordered = sorted(tellings, key=lambda telling: telling.order)
    groups = _Groups(ordered)
    for one, other in _within_articles(ordered):
        groups.join(one, other)
    for link in _supported(ordered, _across_articles(ordered, groups)):
        if groups.agree(link.one, link.other):
            groups.join(link.one, link.other)
    return [_cluster([ordered[i] for i in members]) for members in groups.members()]


@dataclass(slots=True)
class _Group:
    """What a set of tellings says together."""

    names: frozenset[str]
    places: frozenset[str]
    begin: str | None
    end: str | None
    first_day: int | None
    last_day: int | None
    members: list[int] = field(default_factory=list)


class _Groups:
    """Disjoint sets of tellings (union by least member), each with its summary."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        self._parent = list(range(len(tellings)))
        self._groups = {}
        for i, told in enumerate(tellings):
            day = _day(told.published)
            self._groups[i] = _Group(
                frozenset(told.names),
                frozenset(told.places),
                told.begin,
                told.end,
                day,
                day,
                [i],
            )

    def root(self, i: int) -> int:
        """The least telling of the set that holds telling i."""
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def of(self, i: int) -> _Group:
        """Summary of the set that holds telling i."""
        return self._groups[self.root(i)]

    def agree(self, i: int, j: int) -> bool:
        """Whether nothing in the two sets speaks against their being one event."""
        one, other = self.of(i), self.of(j)
        return (
            _names_agree(one.names, other.names)
            and _places_agree(one.places, other.places)
            and _times_meet(one, other)
        )

    def join(self, i: int, j: int) -> None:
        """Make one set of two."""
        keep, lose = sorted((self.root(i), self.root(j)))
        if keep == lose:
            return
        one, other = self._groups[keep], self._groups.pop(lose)
        self._parent[lose] = keep
        begin, end = _narrower(one, other)
        days = [d for d in (one.first_day, one.last_day, other.first_day, other.last_day) if d]
        self._groups[keep] = _Group(
            one.names | other.names,
            one.places | other.places,
            begin,
            end,
            min(days, default=None),
            max(days, default=None),
            one.members + other.members,
        )

    def members(self) -> Iterator[list[int]]:
        """Each set's tellings in order, sets by their first."""
        for root in sorted(self._groups):
            yield sorted(self._groups[root].members)


def _within_articles(ordered: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """Pairs of tellings in one article that are one event."""
    blocks: dict[tuple[str, str, str], list[int]] = {}
    for i, telling in enumerate(ordered):
        blocks.setdefault((telling.article_id, telling.type, telling.polarity), []).append(i)
    for block in blocks.values():
        for place, j in enumerate(block):
            for i in reversed(block[max(place - _WINDOW, 0) : place]):
                one, other = ordered[i], ordered[j]
                small, large = sorted((frozenset(one.names), frozenset(other.names)), key=len)
                related = bool(small & large) and _names_agree(small, large)
                # A telling without names goes on an earlier one that says the same.
                bare = not small and _alike(one, other) >= _ALIKE
                if (
                    (related or bare)
                    and _places_agree(frozenset(one.places), frozenset(other.places))
                    and _intervals_meet(one.begin, one.end, other.begin, other.end)
                    and not _amounts_differ(one, other)
                ):
                    yield i, j
                    break


@dataclass(frozen=True, slots=True, order=True)
class _Link:
    """A candidate: how unsure it is, whether it holds by itself, and the two tellings."""

    doubt: float
    weak: bool
    one: int
    other: int


def _supported(ordered: Sequence[Telling], links: Iterable[_Link]) -> list[_Link]:
    """Links to take, the surest first.

    A weak one is taken if its two articles have other links too: articles that tell several
    like events tell one story.
    """
    links = sorted(links)
    support: dict[tuple[str, str], float] = {}
    for link in links:
        pair = ordered[link.one].article_id, ordered[link.other].article_id
        support[pair] = support.get(pair, 0.0) - link.doubt
    return [
        link
        for link in links
        if not link.weak
        or support[ordered[link.one].article_id, ordered[link.other].article_id] + link.doubt
        >= _SUPPORT
    ]


def _across_articles(ordered: Sequence[Telling], groups: _Groups) -> Iterator[_Link]:
    """Candidate links between articles."""
    # Numbers side by side and sorted: as a dict of lists, keys that nothing shares, which are
    # most, would fill the memory.
    keys, owners = array("Q"), array("l")
    for i, telling in enumerate(ordered):
        if groups.root(i) == i:
            for key in _keys(telling, groups.of(i)):
                keys.append(key)
                owners.append(i)
    pairs = array("Q")
    for block in shared_keys(keys, owners):
        # Tellings are in order of publication already.
        for place, j in enumerate(block):
            pairs.extend(i * len(ordered) + j for i in block[max(place - _WINDOW, 0) : place])
    for pair in distinct(pairs):
        link = _link(*divmod(pair, len(ordered)), ordered, groups)
        if link is not None:
            yield link


def _keys(telling: Telling, group: _Group) -> Iterator[int]:
    """Hashed keys under which tellings of one event are likely to meet."""
    head = f"{telling.type}\x1f{telling.polarity}\x1f"
    names, places = sorted(group.names)[:_NAMES], sorted(group.places)[:3]
    for pair in combinations(names, 2):
        yield _key(head, *pair)
    for name in names:
        yield _key(head, name, str(_week(group)))
        for place in places:
            yield _key(head, name, place)
    if not names:
        for place in places:
            for extra in (*telling.amounts[:2], str(_week(group))):
                yield _key(head, "at", place, extra)
    # Sentences that share words share the least of them under some order (Broder 1997).
    for factor in _ORDERS:
        if telling.words:
            yield _key(
                head, str(factor), str(min(word * factor % _PRIME for word in telling.words))
            )


def _key(*parts: str) -> int:
    return long_hash("\x1f".join(parts))


def _week(group: _Group) -> int:
    day = _day(group.begin) if group.begin and len(group.begin) == 10 else group.first_day
    return day // 7 if day is not None else -1


def _link(i: int, j: int, ordered: Sequence[Telling], groups: _Groups) -> _Link | None:
    """The candidate link of two tellings, None if too little speaks for it."""
    one, other, group, second = ordered[i], ordered[j], groups.of(i), groups.of(j)
    if one.article_id == other.article_id or not groups.agree(i, j):
        return None
    shared = len(group.names & second.names)
    same_place = bool(group.places & second.places)
    same_day = group.begin is not None and group.begin == second.begin and group.end == second.end
    exact = same_day and group.begin == group.end
    gap = _gap(group, second)
    if gap is not None and gap > (_DATED_GAP if exact else _OPEN_GAP):
        return None
    alike = max(
        _alike(ordered[a], ordered[b])
        for a in group.members[:_FACES]
        for b in second.members[:_FACES]
    )
    amounts = bool(set(one.amounts) & set(other.amounts))
    evidence = shared + 0.7 * exact + 0.5 * same_place + 0.5 * amounts + 2.0 * alike
    if not shared and _amounts_differ(one, other):
        return None
    strong = (
        (shared >= 2 and (alike >= _ALIKE / 2 or exact or same_place))
        or (shared == 1 and (alike >= _ALIKE or (alike >= _ALIKE / 2 and (exact or same_place))))
        or (not shared and alike >= (_ALIKE if same_place and (exact or amounts) else _CLOSE))
    )
    if not strong and evidence < _WEAK:
        return None
    return _Link(-evidence, not strong, i, j)


def _gap(one: _Group, other: _Group) -> int | None:
    """Days between the reports of two sets, None where a day of publication is not known."""
    if one.first_day is None or other.first_day is None:
        return None
    assert one.last_day is not None
    assert other.last_day is not None
    return max(other.first_day - one.last_day, one.first_day - other.last_day, 0)


def _names_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one set of names holds the other, or most of it."""
    small = min(len(one), len(other))
    return len(one & other) * 3 >= small * 2


def _places_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


def _amounts_differ(one: Telling, other: Telling) -> bool:
    return bool(one.amounts and other.amounts and not set(one.amounts) & set(other.amounts))


def _times_meet(one: _Group, other: _Group) -> bool:
    return _intervals_meet(one.begin, one.end, other.begin, other.end)


def _intervals_meet(
    begin: str | None, end: str | None, other_begin: str | None, other_end: str | None
) -> bool:
    """Whether two intervals of days meet; what is not known stands open."""
    return not (
        (begin and other_end and begin > other_end) or (other_begin and end and other_begin > end)
    )


def _narrower(one: _Group, other: _Group) -> tuple[str | None, str | None]:
    """The days both intervals have in common."""
    begins = [day for day in (one.begin, other.begin) if day]
    ends = [day for day in (one.end, other.end) if day]
    return max(begins, default=None), min(ends, default=None)


def _alike(one: Telling, other: Telling) -> float:
    """Share of the words of the shorter sentence that stand in both."""
    small = min(len(one.words), len(other.words))
    # Of few words, many meet by chance.
    return len(set(one.words) & set(other.words)) / max(small, _SHORT) if small else 0.0


def _day(value: str | None) -> int | None:
    return date.fromisoformat(value[:10]).toordinal() - _EPOCH if value else None


def _cluster(tellings: list[Telling]) -> Cluster:
    begin: str | None = None
    end: str | None = None
    for telling in tellings:
        begin = max(filter(None, (begin, telling.begin)), default=None)
        end = min(filter(None, (end, telling.end)), default=None)
    names = dict.fromkeys(name for telling in tellings for name in telling.names)
    places = dict.fromkeys(place for telling in tellings for place in telling.places)
    return Cluster(tuple(tellings), begin, end, tuple(places), tuple(names))
