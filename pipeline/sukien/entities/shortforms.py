"""Short forms of places and organisations: type words, tails and places left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from sukien.entities.gazetteer import Gazetteer
from sukien.entities.keys import Key, key_of, place_core, place_types, rules, strip_types
from sukien.entities.places import is_place, known_place

__all__ = ["Partition", "is_local_body", "join_organisations", "join_places", "organisation_core"]


class Partition:
    """Sets of numbers that merge; the smallest number of a set stands for it.

    >>> partition = Partition(4)
    >>> partition.union(3, 1)
    >>> [partition.find(number) for number in range(4)]
    [0, 1, 2, 1]
    """

    __slots__ = ("_parent",)

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, number: int) -> int:
        """The number that stands for the set of `number`."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def union(self, one: int, two: int) -> None:
        """Merge two sets."""
        low, high = sorted((self.find(one), self.find(two)))
        self._parent[high] = low


@lru_cache(maxsize=1)
def _org_types() -> dict[Key, str]:
    return {key_of(w): kind for kind, table in rules()["org_types"].items() for w in table}


@lru_cache(maxsize=1)
def _org_words() -> dict[str, frozenset[Key]]:
    return {name: frozenset(map(key_of, words)) for name, words in rules()["org_words"].items()}


def is_local_body(key: Key) -> bool:
    """Whether an organisation is one of many of its kind and no province tells which.

    >>> is_local_body(("sở", "i", "tế")), is_local_body(("sở", "i", "tế", "hà", "nam"))
    (True, False)
    """
    local = any(key[:size] in _org_words()["local"] for size in (1, 2, 3, 4))
    return local and not any(is_place(key[at:]) for at in range(1, len(key)))


def _lent(core: Key, kind: str) -> bool:
    """Whether bodies of a kind bear the name of an organisation that the gazetteer knows."""
    wanted = rules()["org_codes"].get(kind)
    codes = (Gazetteer.load().get(" ".join(core)) or "").split(",") if wanted else []
    bodies = [code for code in codes if code.startswith("O")]
    return bool(bodies) and wanted not in bodies


def _is_loose(kind: str) -> bool:
    return kind in rules()["org_words"]["loose"]


def join_places(names: Iterable[tuple[int, Key]], partition: Partition) -> None:
    """Join `Sài Gòn` and `TP HCM`, `Nghệ An` and `tỉnh Nghệ An`.

    `tỉnh Hà Giang` and `thành phố Hà Giang` stay two; a bare name that fits several units is
    the one of the highest rank.
    """
    cores: dict[Key, dict[Key, int]] = defaultdict(dict)
    known: dict[tuple[str, str], int] = {}
    for at, key in names:
        head, core, _ = place_core(key)
        cores[core].setdefault(head, at)
        if (place := known_place(key)) is not None:
            partition.union(known.setdefault(place, at), at)
    types = place_types()
    for core, heads in cores.items():
        typed = sorted((types[head], head) for head in heads if head)
        for (_, short), (_, long) in pairwise(typed):
            if long[: len(short)] == short:  # `sân bay`, `sân bay quốc tế`
                partition.union(heads[short], heads[long])
        if () in heads and typed:
            best = typed[0][1]
            # A bare `Hà Giang` is the province, also where only its town is named in full.
            other = known_place(best + core)
            if (bare := known_place(core)) is None or bare == other:
                partition.union(heads[()], heads[best])


def organisation_core(key: Key) -> tuple[Key, str, Key]:
    """Type words, kind and own name of an organisation; tails such as `Inc` left out.

    >>> organisation_core(("tập", "đoàn", "hòa", "phát"))
    (('tập', 'đoàn'), 'business', ('hòa', 'phát'))
    >>> organisation_core(("linux", "foundation"))
    (('foundation',), 'tail', ('linux',))
    """
    types, tails = _org_types(), _org_words()["tails"]
    head, core = strip_types(key, types)
    end = len(core)
    while end > 1 and core[end - 1 : end] in tails:
        end -= 1
    if end < len(core):
        return head or core[end:], types.get(head, "tail"), core[:end]
    return head, types.get(head, ""), core


def join_organisations(
    names: Sequence[tuple[int, Key]], partition: Partition
) -> dict[Key, list[int]]:
    """Join organisations that differ by type words, tails or the words of a place.

    Returns the names by their own part, for what shares a name with an organisation.
    """
    words = _org_words()
    cores: dict[Key, dict[str, list[tuple[Key, int]]]] = defaultdict(lambda: defaultdict(list))
    for at, key in names:
        head, kind, core = organisation_core(key)
        if any(part.isalpha() for part in core):
            cores[core][kind].append((head, at))
    for kinds in cores.values():
        for kind, members in kinds.items():
            for head, at in members:
                for other, mate in members[:4]:
                    same = head[-len(other) :] == other or other[-len(head) :] == head
                    if same or _is_loose(kind) or {head, other} & words["generic"]:
                        partition.union(at, mate)
        typed = {partition.find(at) for kind in kinds if kind for _, at in kinds[kind]}
        if "" in kinds and len(typed) == 1 and not any(_lent(core, kind) for kind in kinds):
            partition.union(kinds[""][0][1], typed.pop())
    _join_slim(names, partition)
    _join_prefixes(names, partition)
    return {
        core: [at for kind, members in kinds.items() if kind for _, at in members]
        for core, kinds in cores.items()
    }


def _slim(key: Key) -> tuple[Key, Key]:
    """A key without the words for administrative units inside it, and these words."""
    types = place_types()
    kept: list[str] = list(key[:1])
    dropped: list[str] = []
    at = 1
    while at < len(key):
        size = next((n for n in (2, 1) if 0 < types.get(key[at : at + n], 0) < 6), 0)
        if size and at + size < len(key):
            dropped.extend(key[at : at + size])
            at += size
        else:
            kept.append(key[at])
            at += 1
    return tuple(kept), tuple(dropped)


def _join_slim(names: Sequence[tuple[int, Key]], partition: Partition) -> None:
    """`Sở Y tế tỉnh Hà Nam` and `Sở Y tế Hà Nam`, where only one unit fits."""
    slims: dict[Key, dict[Key, int]] = defaultdict(dict)
    for at, key in names:
        slim, dropped = _slim(key)
        slims[slim].setdefault(dropped, at)
    for units in slims.values():
        typed = [unit for unit in units if unit]
        if () in units and len(typed) == 1:
            partition.union(units[()], units[typed[0]])


def _join_prefixes(names: Sequence[tuple[int, Key]], partition: Partition) -> None:
    """`Bộ Ngoại giao` after `Bộ Ngoại giao Nga`, `Sở Y tế` beside `Sở Y tế Hà Nam`."""
    words = _org_words()
    whole = {key: at for at, key in names}
    longer: dict[Key, list[Key]] = defaultdict(list)
    for _, key in names:
        for size in range(2, min(len(key), 12)):
            if key[:size] in whole and _names_place(key[size:]):
                longer[key[:size]].append(key)
    for short, fulls in longer.items():
        roots = {partition.find(whole[full]) for full in fulls}
        local = any(short[:size] in words["local"] for size in (1, 2, 3, 4))
        if len(roots) == 1 and (local or min(whole[full] for full in fulls) < whole[short]):
            partition.union(whole[short], roots.pop())


def _names_place(rest: Key) -> bool:
    return bool(place_core(rest)[0]) or is_place(rest)
