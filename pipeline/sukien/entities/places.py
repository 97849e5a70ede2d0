"""Where a place named in Vietnamese news is: country, province, coordinates, never a guess.

Tables of ours (`placetables.py`) hold countries and Vietnamese provinces (the 63 before July
2025 and their place among the 34 since), regions and cities abroad with their Vietnamese names,
the districts and communes of Viet Nam, and the cities of GeoNames. A name that could be several
places is resolved by the unit after it (`Châu Thành, Tiền Giang`) or the provinces and countries
the article names; otherwise it stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from sukien.entities.keys import Key, key_of, place_core
from sukien.entities.placetables import (
    Kind,
    Place,
    cities_abroad,
    named_places,
    province_of_today,
    seats,
    units,
)

__all__ = [
    "Context",
    "Place",
    "candidates",
    "is_place",
    "known_place",
    "province_of_today",
    "resolve",
]

_ORDER: Sequence[Kind] = ("country", "province", "city", "region", "district", "commune")
# Type words that fit each kind; a name with others (`sông Sài Gòn`) is another place.
_TYPES: Mapping[Kind, frozenset[str]] = {
    "country": frozenset(("nước", "vương quốc", "cộng hòa", "liên bang", "đảo", "quần đảo")),
    "province": frozenset(("tỉnh",)),
    "region": frozenset(("tỉnh", "bang", "tiểu bang", "đảo", "vùng", "bán đảo", "quần đảo")),
    "city": frozenset(("thành phố", "thủ đô", "thị trấn", "thị xã")),
}
_MERGED = "2025-07-01"
# A city abroad is meant by its bare name where it has ten times the people of the next one.
_DOMINANT, _LARGE = 10, 300


@lru_cache(maxsize=8192)
def candidates(key: Key) -> tuple[Place, ...]:
    """Every place a key (`keys.key_of`) may be, countries and provinces first.

    >>> [place.kb_id for place in candidates(key_of("TP.HCM"))]
    ['VN-SG']
    >>> candidates(key_of("sông Sài Gòn"))
    ()
    """
    head, core, _ = place_core(key)
    words = " ".join(head)
    main = named_places()
    found = list(main.get(key, ()))
    if not found and head:
        found = [place for place in main.get(core, ()) if words in _TYPES.get(place.kind, ())]
    known = {place.kb_id for place in found}
    found += units(key)
    if words in _TYPES["city"] or not head:
        found += [place for place in cities_abroad(core) if place.kb_id not in known]
    # A town of Viet Nam comes before a namesake abroad that only GeoNames knows.
    return tuple(
        sorted(found, key=lambda place: _ORDER.index(place.kind) + 3 * (place.thousands > 0))
    )


class Context:
    """Places that stand around a name: what may hold it.

    >>> context = Context([key_of("Bến Tre")])
    >>> [place.province for place in candidates(key_of("huyện Châu Thành")) if context.holds(place)]
    ['Vĩnh Long']
    """

    __slots__ = ("_countries", "_districts", "_ids", "_keys", "_provinces")

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = frozenset(keys)
        self._ids: set[str | None] = set()
        self._provinces: set[str | None] = set()
        self._countries: set[str | None] = set()
        self._districts: set[tuple[str | None, Key]] = set()
        for key in self._keys:
            for place in candidates(key)[:3]:
                self._ids.add(place.kb_id)
                if place.kind == "province":
                    self._provinces.add(place.name)
                if place.kind == "country":
                    self._countries.add(place.country)
                if place.kind == "district":
                    self._districts.add((place.within, place_core(key_of(place.name))[1]))
        self._ids.discard(None)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def holds(self, place: Place) -> bool:
        """Whether one of these places holds a place."""
        if place.qualifier:
            return place.qualifier in self._keys
        if place.kind == "commune" and place.district and self._districts:
            return (place.within, place_core(place.district)[1]) in self._districts
        if place.country in self._countries and place.kind != "country":
            return True
        # Since 2025 a district of Kiên Giang may be named with An Giang, where it is now.
        return place.within in self._ids or (
            place.within is not None and place.province in self._provinces
        )

    def countries(self) -> set[str]:
        """Countries that these places may lie in."""
        return {place.country for key in self._keys for place in candidates(key)[:3]}


_NOWHERE = Context(())


def _one(places: Sequence[Place]) -> Place | None:
    """The only place, or the one all mean: same kind and id, or by far the largest city."""
    if not places:
        return None
    first = places[0]
    best = [p for p in places if (p.kind, p.thousands > 0) == (first.kind, first.thousands > 0)]
    if len(best) == 1 or all(place.kb_id and place.kb_id == first.kb_id for place in best):
        return first
    if first.kind == "city" and all(place.thousands for place in best):
        dominant = first.thousands >= max(_LARGE, _DOMINANT * best[1].thousands)
        return first if dominant else None
    if all(place.province and place.province == first.province for place in best):
        # Several communes of one name in one province: the province is sure, no more.
        return Place(None, first.kind, first.name, first.country, first.province)
    return None


def resolve(
    key: Key, above: Context = _NOWHERE, around: Context = _NOWHERE, published: str | None = None
) -> Place | None:
    """The place a key names, or None where that is not sure.

    `above` are the units named right after it, `around` all places of the article;
    `published` is an ISO date: since July 2025 a province is seen from its new seat.

    >>> resolve(key_of("Mỹ")).kb_id, resolve(key_of("tỉnh Hậu Giang")).province
    ('US', 'Cần Thơ')
    >>> resolve(key_of("huyện Châu Thành")) is None
    True
    >>> resolve(key_of("huyện Châu Thành"), Context([key_of("tỉnh Bến Tre")])).province
    'Vĩnh Long'
    """
    found = candidates(key)
    place = _one([place for place in found if above.holds(place)])
    if place is None and above and (countries := above.countries()):
        # `Hà Nam (Trung Quốc)` must not become the Hà Nam of Viet Nam, nor `xã A, huyện B`
        # the one commune of that name that lies elsewhere.
        found = tuple(p for p in found if p.country in countries and not p.within)
    place = place or _one([place for place in found if not place.qualifier])
    place = place or _one([place for place in found if around.holds(place)])
    if place is not None and published and published >= _MERGED and place.kb_id in seats():
        latitude, longitude = seats()[place.kb_id]
        place = replace(place, latitude=latitude, longitude=longitude)
    return place


def known_place(key: Key) -> tuple[str, str] | None:
    """Id and name of a country, province or city with several names, to see that they are one.

    >>> known_place(key_of("Sài Gòn")) == known_place(key_of("Tp. Hồ Chí Minh"))
    True
    """
    head, core, _ = place_core(key)
    words = " ".join(head)
    main = named_places()
    for place in main.get(key) or main.get(core, []):
        fits = key in main or words in _TYPES.get(place.kind, ())
        if fits and place.kb_id and not place.qualifier:
            return place.kb_id, place.name
    return None


def is_place(key: Key) -> bool:
    """Whether a key is the name of a country or province, with its type words or without.

    >>> is_place(("việt", "nam")), is_place(key_of("tỉnh Phú Yên")), is_place(("nước", "mắm"))
    (True, True, False)
    """
    return known_place(key) is not None
