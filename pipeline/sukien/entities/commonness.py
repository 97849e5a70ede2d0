"""How much a name alone says: whether two articles that use it speak of one entity."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from importlib.resources import files

from sukien.entities.keys import Key, person_key, place_core, rules
from sukien.entities.mention import Label
from sukien.entities.persons import is_vietnamese
from sukien.entities.shortforms import is_local_body
from sukien.language.tokens import is_syllable

__all__ = ["Standing", "standing_of"]


class Standing(Enum):
    """What it takes for two entities of one name to be one."""

    FREE = "the name is enough"
    FULL = "a full name: some company must agree"
    SHORT = "a common name: rare company must agree"
    ALONE = "never more than one article"


@lru_cache(maxsize=1)
def _known_people() -> frozenset[Key]:
    """People everyone knows, so that their full name is enough."""
    path = files("sukien.entities") / "data" / "known_people.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(person_key(line) for line in lines if not line.startswith("#"))


def standing_of(
    label: Label, key: Key, kb_id: str | None = None, province: str | None = None
) -> Standing:
    """How freely a name merges across articles.

    >>> [standing_of("PER", key).name for key in (("donald", "trump"), ("lê", "văn", "hùng"))]
    ['FREE', 'FULL']
    >>> standing_of("PER", ("hùng",)).name, standing_of("LOC", ("đường", "lê", "lợi")).name
    ('ALONE', 'SHORT')
    """
    if not key:
        return Standing.ALONE
    if label == "PER":
        return _person(key)
    if label == "LOC":
        if kb_id or province:
            return Standing.FREE
        head, core, _ = place_core(key)
        foreign = not all(map(is_syllable, core))
        return Standing.FREE if foreign or not head or head == ("sông",) else Standing.SHORT
    if label == "ORG" and is_local_body(key):
        return (
            Standing.FULL
            if any(place_core(key[at:])[0] for at in range(1, len(key)))
            else Standing.SHORT
        )
    return Standing.FREE


def _person(key: Key) -> Standing:
    if key[0] == "*" or any(part.endswith(".") for part in key):
        return Standing.ALONE
    if key in _known_people():
        return Standing.FREE
    local = all(map(is_syllable, key))
    if len(key) == 1:
        return Standing.ALONE if local or len(key[0]) < 4 else Standing.FREE
    if not local:
        return Standing.FREE
    surname = key[0] in rules()["persons"]["surnames"]
    if is_vietnamese(key):
        return Standing.FULL if len(key) > 2 else Standing.SHORT
    # `Tập Cận Bình` has no Vietnamese surname; `Minh Khôi` is a given name or a byline.
    return Standing.FREE if len(key) > 2 and not surname else Standing.SHORT
