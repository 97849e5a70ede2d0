"""What the mentions of one article refer to."""

from __future__ import annotations

from dataclasses import dataclass

from sukien.entities.mention import Label

__all__ = ["Entity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One person, organisation, place or thing of an article, and where it is named.

    `name` is the fullest natural form, `aliases` the other forms as they stand in the text,
    `related` the names of linked but distinct entities of the article (a project and the
    foundation behind it). `mentions` are positions in the list of mentions, ascending.

    Places carry `kb_id` (`VN-HN`: ISO 3166-2, `RU`: ISO 3166-1, `geonames:524901`), `country`
    (ISO 3166-1 alpha-2), `province` (the Vietnamese province of today, by name) and degrees of
    latitude and longitude; each is None where it is not known for sure.

    >>> Entity(label="LOC", name="Hà Nội", mentions=(0, 3), kb_id="VN-HN").aliases
    ()
    """

    label: Label
    name: str
    mentions: tuple[int, ...]
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    kb_id: str | None = None
    country: str | None = None
    province: str | None = None
    latitude: float | None = None
    longitude: float | None = None
