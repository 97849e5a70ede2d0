"""Entities that are places: which place, told by what stands beside their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sukien.entities.entity import Entity
from sukien.entities.keys import Key, key_of
from sukien.entities.mention import Mention
from sukien.entities.places import Context, Place, resolve
from sukien.language.document import Document

__all__ = ["locate"]

_CHAIN = 3  # units named one after another: commune, district, province, country
_JOINTS = frozenset(
    (",", "(", "-", "–", "thuộc", "bang", "tiểu", "tỉnh", "huyện", "nước", "vùng", "miền", "ở")
)


def _above(document: Document, mentions: Sequence[Mention], at: int) -> Iterator[Key]:
    """Keys of the larger places right after a mention: `xã A, huyện B (tỉnh C)`."""
    for step in range(1, _CHAIN + 1):
        if at + step >= len(mentions):
            return
        here, after = mentions[at + step - 1], mentions[at + step]
        gap = document.forms[here.token_end : after.token_start]
        if after.label != "LOC" or not 1 <= len(gap) <= 3 or not _JOINTS.issuperset(gap):
            return
        yield key_of(after.text)


def locate(
    document: Document,
    mentions: Sequence[Mention],
    entities: Sequence[Entity],
    published: str | None = None,
) -> list[Entity]:
    """The entities, places among them with their country, province and coordinates."""
    keys = dict.fromkeys(key_of(m.text) for m in mentions if m.label == "LOC")
    around = Context(keys)
    return [
        _placed(entity, _find(document, mentions, entity, around, published))
        if entity.label == "LOC"
        else entity
        for entity in entities
    ]


def _find(
    document: Document,
    mentions: Sequence[Mention],
    entity: Entity,
    around: Context,
    published: str | None,
) -> Place | None:
    """The place that a mention with larger places beside it names, else any mention."""
    bare: dict[Key, None] = {}
    for at in entity.mentions:
        key = key_of(mentions[at].text)
        above = tuple(_above(document, mentions, at))
        if above and (place := resolve(key, Context(above), around, published)):
            return place
        bare[key] = None
    return next(
        (p for key in bare if (p := resolve(key, around=around, published=published))), None
    )


def _placed(entity: Entity, place: Place | None) -> Entity:
    if place is None:
        return entity
    name, aliases = entity.name, entity.aliases
    if place.kb_id and not place.thousands:
        # One name in every article: `Mỹ` for `Hoa Kỳ`, `Thành phố Hồ Chí Minh` for `TP.HCM`.
        name = place.name
        aliases = tuple(alias for alias in (entity.name, *aliases) if alias != name)
    return replace(
        entity,
        name=name,
        aliases=aliases,
        kb_id=place.kb_id,
        country=place.country,
        province=place.province,
        latitude=place.latitude,
        longitude=place.longitude,
    )
