"""The tables of places in `data/places/`, read once when first needed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Literal, cast

from sukien.entities.keys import Key, key_of, place_core
from sukien.tagging.cache import Strings, cached

__all__ = ["Kind", "Place", "cities_abroad", "named_places", "province_of_today", "seats", "units"]

Kind = Literal["country", "province", "region", "city", "district", "commune"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place: id, kind, country (ISO 3166-1), degrees; None where unknown.

    `province` is the name of the Vietnamese province of today that it lies in.
    """

    kb_id: str | None
    kind: Kind
    name: str
    country: str
    province: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    within: str | None = None
    """Id of the province or region that holds it."""
    district: Key = ()
    """Key of the district that holds a commune."""
    qualifier: Key = ()
    """Key of the place that must be named beside it."""
    thousands: int = 0
    """Thousands of people, for cities of GeoNames."""


def _rows(name: str) -> list[list[str]]:
    path = files("sukien.entities") / "data" / "places" / name
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _degrees(field: str) -> float | None:
    return float(field) if field else None


_QUALIFIED = re.compile(r"^(.*?) \((.*)\)$")


@lru_cache(maxsize=1)
def named_places() -> dict[Key, list[Place]]:
    """Countries, provinces, regions and cities with Vietnamese names, by key."""
    return cached("places", _read_places)


def _read_places() -> dict[Key, list[Place]]:
    table: dict[Key, list[Place]] = defaultdict(list)
    rows = _rows("places.tsv")
    names_of = {row[0]: row[6].split("|")[0] for row in rows}
    for kb_id, kind, country, today, latitude, longitude, names in rows:
        surfaces = names.split("|")
        seen: set[Key] = set()
        for surface in surfaces:
            match = _QUALIFIED.match(surface)
            key = key_of(match[1] if match else surface)
            if key in seen:
                continue
            seen.add(key)
            table[key].append(
                Place(
                    kb_id=kb_id or None,
                    kind=cast(Kind, kind),
                    name=surfaces[0],
                    country=country,
                    province=names_of[today] if today else None,
                    latitude=_degrees(latitude),
                    longitude=_degrees(longitude),
                    qualifier=key_of(match[2]) if match else (),
                )
            )
    return table


@lru_cache(maxsize=1)
def seats() -> dict[str | None, tuple[float, float]]:
    """Latitude and longitude of the seats that moved in July 2025, by province."""
    return {row[0]: (float(row[1]), float(row[2])) for row in _rows("seats.tsv")}


@lru_cache(maxsize=1)
def _unit_rows() -> tuple[dict[str, list[int]], list[list[str]]]:
    """Rows of the table of units by each key in them, and by the bare names of districts."""
    rows = _rows("units.tsv")
    table: dict[str, list[int]] = defaultdict(list)
    for at, (district, _, _, _, communes) in enumerate(rows):
        if district:
            bare = place_core(tuple(district.split(" ")))[1]
            for key in {district, " ".join(bare)} if not bare[0].isdigit() else {district}:
                table[key].append(at)
        for commune in communes.split("|"):
            table[commune].append(at)
    return table, rows


def units(key: Key) -> list[Place]:
    """Districts and communes of Viet Nam by their full key; districts by their bare one too.

    >>> [unit.province for unit in units(("huyện", "ba", "tơ"))]
    ['Quảng Ngãi']
    """
    table, rows = _unit_rows()
    name = " ".join(key)
    places = []
    for at in table.get(name, ()):
        district, province, latitude, longitude, communes = rows[at]
        place = Place(
            kb_id=None,
            kind="district",
            name=district,
            country="VN",
            province=province_of_today(province),
            within=province,
        )
        if name in communes.split("|"):
            holder = tuple(district.split(" ")) if district else ()
            places.append(replace(place, kind="commune", name=name, district=holder))
        else:
            degrees = _degrees(latitude), _degrees(longitude)
            places.append(replace(place, latitude=degrees[0], longitude=degrees[1]))
    return places


@lru_cache(maxsize=1)
def _cities() -> Strings:
    return cached("cities", lambda: Strings((row[0], row[1]) for row in _rows("cities.tsv")))


def _plain(words: Iterable[str]) -> str | None:
    """A name without accents, or None where it is written in Vietnamese letters."""
    text = " ".join(words)
    if any(letter > "\xff" or letter in "đ" for letter in text):
        return None
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def cities_abroad(core: Key) -> list[Place]:
    """Cities of GeoNames by name, the largest first."""
    name = _plain(core)
    row = _cities().get(name) if name else None
    places = []
    for city in row.split(";") if row else ():
        country, state, latitude, longitude, thousands, number = city.split(",")
        places.append(
            Place(
                kb_id=f"geonames:{number}",
                kind="city",
                name=" ".join(core),
                country=country,
                province=None,
                latitude=float(latitude),
                longitude=float(longitude),
                within=f"US-{state}" if state else None,
                thousands=int(thousands),
            )
        )
    return places


def province_of_today(kb_id: str) -> str:
    """Name of the province that a province (by ISO 3166-2) belongs to since July 2025.

    >>> province_of_today("VN-73"), province_of_today("VN-26")
    ('Cần Thơ', 'Huế')
    """
    return _today()[kb_id]


@lru_cache(maxsize=1)
def _today() -> dict[str, str]:
    rows = [row for row in _rows("places.tsv") if row[1] == "province"]
    # A later row of one id is its newer name: Thừa Thiên Huế became Huế in 2025.
    names = {row[0]: row[6].split("|")[0] for row in rows}
    return {row[0]: names[row[3]] for row in rows}
