"""What a user fixed once: names, types and links that every rerun obeys.

A corrections file has one correction a line, columns parted by tabs; `#` begins a comment::

    name    Sơn Tùng M-TP    PER
    not     Hạnh Phúc
    same    Bộ GTVT    Bộ Giao thông vận tải
    apart   Việt Nam   đội tuyển Việt Nam

`name` marks a surface with a label wherever it stands, `not` unmarks it, `same` makes two names
one entity (the second is the name it gets), `apart` keeps them two. Letter case counts in `name`
and `not`, so that `hạnh phúc` stays free.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast, get_args

from sukien.entities.entity import Entity
from sukien.entities.gazetteer import Gazetteer, user_text
from sukien.entities.keys import Key, key_of
from sukien.entities.mention import Label, Mention
from sukien.language.document import Document
from sukien.language.shadow import fold_tone

__all__ = ["Corrections", "CorrectionsError"]

_NOT = "-"


class CorrectionsError(ValueError):
    """A line of a corrections file that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """A user's corrections, ready to be applied."""

    names: tuple[tuple[str, str], ...] = ()
    """Surfaces with their label, or `-` for no name."""
    same: tuple[tuple[str, str], ...] = ()
    """Pairs of names of one entity; the second is its name."""
    apart: tuple[tuple[str, str], ...] = ()
    """Pairs of names of two entities."""

    @classmethod
    def read(cls, path: Path) -> Corrections:
        """Read a file; raises OSError, or CorrectionsError with the line that is wrong."""
        return cls.parse(user_text(path), str(path))

    @classmethod
    def parse(cls, text: str, source: str = "corrections") -> Corrections:
        r"""Read corrections from a text.

        >>> Corrections.parse("same\tBộ GTVT\tBộ Giao thông vận tải\n").same
        (('Bộ GTVT', 'Bộ Giao thông vận tải'),)
        """
        names: dict[str, tuple[str, str]] = {}
        pairs: dict[str, list[tuple[str, str]]] = {"same": [], "apart": []}
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            where = f"{source}:{number}"
            kind, *fields = [_clean(field) for field in line.split("\t")]
            match kind, [field for field in fields if field]:
                case "name", [surface, label]:
                    if label not in get_args(Label):
                        known = ", ".join(get_args(Label))
                        raise CorrectionsError(f"{where}: unknown label {label!r}; known: {known}")
                    names[surface.lower()] = (surface, label)
                case "not", [surface]:
                    names[surface.lower()] = (surface, _NOT)
                case (("same" | "apart"), [one, two]):
                    pairs[kind].append((one, two))
                case _:
                    raise CorrectionsError(
                        f"{where}: cannot read {line!r}; lines are `name<TAB>surface<TAB>LABEL`, "
                        "`not<TAB>surface`, `same<TAB>name<TAB>name`, `apart<TAB>name<TAB>name`"
                    )
        return cls(tuple(names.values()), tuple(pairs["same"]), tuple(pairs["apart"]))

    def mentions(self, document: Document, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions with the user's names in place of what they overlap, method `user`."""
        if not self.names:
            return list(mentions)
        marked = list(self._marked(document))
        if not marked:
            return list(mentions)
        taken = bytearray(len(document))
        for start, end, _ in marked:
            taken[start:end] = b"\x01" * (end - start)
        kept = [m for m in mentions if not any(taken[m.token_start : m.token_end])]
        kept += [
            _mention(document, start, end, cast(Label, label))
            for start, end, label in marked
            if label != _NOT
        ]
        return sorted(kept, key=lambda mention: mention.char_start)

    def _marked(self, document: Document) -> Iterator[tuple[int, int, str]]:
        # The gazetteer's longest match does for the user's few names as for its own many.
        table = Gazetteer(self.names)
        return table.matches(document.forms)

    def entities(self, mentions: Sequence[Mention], entities: Sequence[Entity]) -> list[Entity]:
        """The entities with the user's links: names joined under one, or kept apart."""
        out = list(entities)
        for one, two in self.apart:
            out = _part(out, mentions, key_of(one), key_of(two))
        for one, two in self.same:
            out = _join(out, key_of(one), key_of(two), two)
        return sorted(out, key=lambda entity: entity.mentions[0])


def _clean(field: str) -> str:
    return fold_tone(unicodedata.normalize("NFC", field.strip()))


def _mention(document: Document, start: int, end: int, label: Label) -> Mention:
    begin, stop = document.starts[start], document.ends[end - 1]
    return Mention(
        char_start=begin,
        char_end=stop,
        text=document.text[begin:stop],
        label=label,
        confidence=1.0,
        method="user",
        token_start=start,
        token_end=end,
        sentence=document.sentence_at(begin),
    )


def _named(entity: Entity, key: Key) -> bool:
    return any(key_of(name) == key for name in (entity.name, *entity.aliases))


def _join(entities: Sequence[Entity], one: Key, two: Key, name: str) -> list[Entity]:
    """Merge the entities that bear either name; the result bears `name`."""
    group = [entity for entity in entities if _named(entity, one) or _named(entity, two)]
    if not group:
        return list(entities)
    # The entity that already bears the wanted name gives the label and the place.
    head = next((entity for entity in group if _named(entity, two)), group[0])
    forms = [form for entity in group for form in (entity.name, *entity.aliases)]
    whole = replace(
        head,
        name=name,
        aliases=tuple(form for form in dict.fromkeys(forms) if form != name),
        related=tuple(dict.fromkeys(other for entity in group for other in entity.related)),
        mentions=tuple(sorted(at for entity in group for at in entity.mentions)),
    )
    return [entity for entity in entities if entity not in group] + [whole]


def _part(
    entities: Sequence[Entity], mentions: Sequence[Mention], one: Key, two: Key
) -> list[Entity]:
    """Take the mentions of the second name out of an entity that bears both."""
    out: list[Entity] = []
    for entity in entities:
        apart = tuple(at for at in entity.mentions if key_of(mentions[at].text) == two)
        rest = tuple(at for at in entity.mentions if at not in set(apart))
        if not (_named(entity, one) and apart and rest):
            out.append(entity)
            continue
        for group in (rest, apart):
            forms = list(dict.fromkeys(mentions[at].text for at in group))
            name = max(forms, key=len)
            aliases = tuple(form for form in forms if form != name)
            out.append(
                replace(
                    entity,
                    label=mentions[group[0]].label,
                    name=name,
                    aliases=aliases,
                    mentions=group,
                )
            )
    return out
