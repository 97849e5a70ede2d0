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

from sukien.entities.meeting import distinct, long_hash, shared_keys
from sukien.events.telling import (
    Telling,
    Weights,
    amounts_differ,
    exact_figures,
    is_measured,
    is_once,
)

__all__ = ["Cluster", "cluster_events"]

# Neighbours in time that a telling is compared with under one key.
_WINDOW = 6
# Names of a telling that make keys; more come from lists and say little.
_NAMES = 6
# Days between reports of one event: with a day told in both, and with none.
_DATED_GAP, _OPEN_GAP = 45, 4
# Share of the weight of the words of the shorter sentence that two reports of one thing have in
# common: at least, across stories, and where one copies the other; and of their participants.
_ALIKE, _CLOSE, _SAME = 0.3, 0.55, 0.6
# Score from which two tellings are of one event: in two articles of one story, in two of other
# stories, and in one article.
_ENOUGH, _ENOUGH_APART, _AGAIN = 1.0, 1.2, 1.0
# Participants of fewer words say less.
_FEW = 3
# Score from which tellings that two titles announce are one whatever names and places say.
_SURE = 1.3
# Orders under which words make keys.
_ORDERS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)
# Tellings of a set that another set is compared with, and the score they have on average.
_FACES, _DRIFT = 3, 0.6
_PRIME = (1 << 61) - 1
_EPOCH = date(1970, 1, 1).toordinal()


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


def cluster_events(tellings: Iterable[Telling]) -> list[Cluster]:
    """Group tellings into events, sorted by their first reports."""
    ordered = sorted(tellings, key=lambda telling: telling.order)
    groups, weights = _Groups(ordered), Weights(ordered)
    for one, other in _within_articles(ordered, weights, groups):
        groups.join(one, other)
    for link in sorted(_across_articles(ordered, weights)):
        if groups.agree(link.one, link.other, sure=link.sure) and groups.near(link, weights):
            groups.join(link.one, link.other)
    return [_cluster([ordered[i] for i in members]) for members in groups.members()]


@dataclass(slots=True)
class _Group:
    """What a set of tellings says together."""

    names: frozenset[str]
    places: frozenset[str]
    begin: str | None
    end: str | None
    amounts: frozenset[str]
    kinds: frozenset[str]
    members: list[int] = field(default_factory=list)


class _Groups:
    """Disjoint sets of tellings (union by least member), each with its summary."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        self._tellings = tellings
        self._parent = list(range(len(tellings)))
        self._groups = {}
        for i, told in enumerate(tellings):
            self._groups[i] = _Group(
                frozenset(told.names),
                frozenset(told.places),
                told.begin,
                told.end,
                frozenset(told.amounts),
                frozenset(told.kinds),
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

    def agree(self, i: int, j: int, *, sure: bool = False) -> bool:
        """Whether nothing in the two sets speaks against their being one event."""
        one, other = self.of(i), self.of(j)
        return (
            (
                sure
                or (
                    _names_agree(one.names, other.names) and _places_agree(one.places, other.places)
                )
            )
            and _intervals_meet(one.begin, one.end, other.begin, other.end)
            and not amounts_differ(one.amounts, other.amounts)
            and (not one.kinds or not other.kinds or bool(one.kinds & other.kinds))
        )

    def near(self, link: _Link, weights: Weights) -> bool:
        """Whether the first tellings of two sets are alike too, so that chains do not drift."""
        scores = [
            _score(self._tellings[i], self._tellings[j], weights)
            for i in sorted(self.of(link.one).members)[:_FACES]
            for j in sorted(self.of(link.other).members)[:_FACES]
        ]
        return sum(scores) >= _DRIFT * len(scores)

    def join(self, i: int, j: int) -> None:
        """Make one set of two."""
        keep, lose = sorted((self.root(i), self.root(j)))
        if keep == lose:
            return
        one, other = self._groups[keep], self._groups.pop(lose)
        self._parent[lose] = keep
        begin, end = _narrower(one, other)
        self._groups[keep] = _Group(
            one.names | other.names,
            one.places | other.places,
            begin,
            end,
            one.amounts | other.amounts,
            one.kinds | other.kinds,
            one.members + other.members,
        )

    def members(self) -> Iterator[list[int]]:
        """Each set's tellings in order, sets by their first."""
        for root in sorted(self._groups):
            yield sorted(self._groups[root].members)


def _within_articles(
    ordered: Sequence[Telling], weights: Weights, groups: _Groups
) -> Iterator[tuple[int, int]]:
    """Pairs of tellings in one article that are one event."""
    blocks: dict[tuple[str, str, str], list[int]] = {}
    for i, telling in enumerate(ordered):
        blocks.setdefault((telling.article_id, telling.type, telling.polarity), []).append(i)
    for block in blocks.values():
        for place, j in enumerate(block):
            for i in reversed(block[max(place - _WINDOW, 0) : place]):
                one, other = ordered[i], ordered[j]
                if _retold(one, other, weights) and groups.agree(i, j, sure=True):
                    yield i, j
                    break


def _retold(one: Telling, other: Telling, weights: Weights) -> bool:
    """Whether an article that told one event tells it again."""
    if not _places_agree(frozenset(one.places), frozenset(other.places)):
        return False
    small, large = sorted((frozenset(one.names), frozenset(other.names)), key=len)
    related = bool(small & large) and _names_agree(small, large)
    if is_measured(one.type):
        return (
            weights.same_figures(one, other)
            and weights.same_parts(one, other) >= _SAME
            and one.begin == other.begin
        )
    if is_once(one.type) and related:
        return True
    # A telling without names goes on an earlier one that says the same.
    return (related or not small) and _score(one, other, weights) >= _AGAIN


@dataclass(frozen=True, slots=True, order=True)
class _Link:
    """A candidate: how unsure it is, and the two tellings."""

    doubt: float
    one: int
    other: int
    sure: bool = field(compare=False)
    """Whether the sentences alone say that it is one event, however names are spelled."""


def _across_articles(ordered: Sequence[Telling], weights: Weights) -> Iterator[_Link]:
    """Candidate links between articles."""
    # Numbers side by side and sorted: as a dict of lists, keys that nothing shares, which are
    # most, would fill the memory.
    keys, owners = array("Q"), array("l")
    for i, telling in enumerate(ordered):
        for key in _keys(telling):
            keys.append(key)
            owners.append(i)
    pairs = array("Q")
    for block in shared_keys(keys, owners):
        # Tellings are in order of publication already.
        for place, j in enumerate(block):
            pairs.extend(i * len(ordered) + j for i in block[max(place - _WINDOW, 0) : place])
    for pair in distinct(pairs):
        i, j = divmod(pair, len(ordered))
        link = _link(i, j, ordered[i], ordered[j], weights)
        if link is not None:
            yield link


def _keys(telling: Telling) -> Iterator[int]:
    """Hashed keys under which tellings of one event are likely to meet."""
    head = f"{telling.type}\x1f{telling.polarity}\x1f"
    names, places = sorted(telling.names)[:_NAMES], sorted(telling.places)[:3]
    for pair in combinations(names, 2):
        yield _key(head, *pair)
    for name in names:
        yield _key(head, name, str(_week(telling)))
        for place in places:
            yield _key(head, name, place)
    if is_measured(telling.type):
        for figure in exact_figures(telling)[:_NAMES]:
            yield _key(head, figure)
    if telling.story is None:
        return
    head += telling.story
    for part in (*names, *telling.kinds, *telling.amounts[:3]):
        yield _key(head, part)
    if telling.headline:
        yield _key(head, "headline")
    # Sentences that share words share the least of them under some order (Broder 1997).
    for factor in _ORDERS:
        if telling.words:
            yield _key(
                head, str(factor), str(min(word * factor % _PRIME for word in telling.words))
            )


def _key(*parts: str) -> int:
    return long_hash("\x1f".join(parts))


def _week(telling: Telling) -> int:
    told = telling.begin if telling.begin and len(telling.begin) == 10 else telling.published
    day = _day(told)
    return day // 7 if day is not None else -1


def _link(i: int, j: int, one: Telling, other: Telling, weights: Weights) -> _Link | None:
    """The candidate link of two tellings, None if too little speaks for it."""
    if one.article_id == other.article_id:
        return None
    exact = one.begin is not None and one.begin == one.end == other.begin and one.begin == other.end
    gap = _gap(one, other)
    if gap is not None and gap > (_DATED_GAP if exact else _OPEN_GAP):
        return None
    names = len(set(one.names) & set(other.names))
    place = bool(set(one.places) & set(other.places))
    score, alike = _score(one, other, weights), weights.alike(one, other)
    copied = alike >= _CLOSE
    if is_measured(one.type) and not weights.same_figures(one, other):
        return None
    if one.story is None or one.story != other.story:
        # Boilerplate is alike in unrelated cases: only names tell that it is not.
        # A figure to the last digit is as good.
        exact_figure = is_measured(one.type) and weights.same_exact_figure(one, other)
        if not exact_figure and (not names or alike < _ALIKE or not (names > 1 or exact or place)):
            return None
        return _Link(-score, i, j, False) if score >= _ENOUGH_APART else None
    leading = one.headline and other.headline and score >= _SURE
    return _Link(-score, i, j, copied or leading) if score >= _ENOUGH else None


def _score(one: Telling, other: Telling, weights: Weights) -> float:
    """How much speaks for two tellings being of one event; from `_ENOUGH` it is taken."""
    names = min(len(set(one.names) & set(other.names)), 2)
    exact = one.begin is not None and one.begin == one.end == other.begin == other.end
    return (
        2.0 * weights.alike(one, other)
        + max(0.4 * names, 0.5 * weights.same_parts(one, other, few=_FEW))
        + 0.4 * exact
        + 0.2 * bool(set(one.places) & set(other.places))
        + 0.4 * (one.headline and other.headline)
        + 0.2 * (is_once(one.type) or bool(set(one.kinds) & set(other.kinds)))
        + 0.3 * bool(set(one.amounts) & set(other.amounts))
    )


def _gap(one: Telling, other: Telling) -> int | None:
    """Days between two reports, None where a day of publication is not known."""
    day, other_day = _day(one.published), _day(other.published)
    return None if day is None or other_day is None else abs(day - other_day)


def _names_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one set of names holds the other, or most of it."""
    small = min(len(one), len(other))
    return len(one & other) * 3 >= small * 2


def _places_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


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
