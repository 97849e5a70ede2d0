"""The event types, their roles and the words that name them: data, read and checked once.

`ontology.toml` and `lexicon/*.tsv` beside this module are the shipped ontology. A user's TOML
file of the same form adds types and roles, adds lexemes to a type, or replaces a type:

    [types.Slaughter]
    group = "Farming"
    name = "Giết mổ"
    vi = "Gia súc bị giết mổ."
    en = "Livestock is slaughtered."
    roles = ["Agent", "Artifact"]
    agent = ["Agent"]
    patient = ["Artifact"]
    lexemes = ["giết mổ", { text = "tiêu hủy", weight = 0.6, unless = ["_ hồ sơ"] }]

    [types.Award]                 # a shipped type: only what is given changes
    lexemes = ["lên bục nhận giải"]
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from sukien.language.shadow import Shadow
from sukien.tagging.cache import cached

__all__ = ["EventType", "Lexeme", "Ontology", "OntologyError", "Role", "load_ontology"]

HERE: Final = Path(__file__).parent
KINDS: Final = frozenset(
    ("PER", "ORG", "LOC", "MISC", "money", "percent", "count", "measure", "date", "noun")
)
# Of a lexicon: `count` is how often the lexeme stands in a sample of raw news (11 million tokens:
# every sixth article of baomoi 2017 and of vietnews 2016-2019, all of dantri 2020-2021), `judged`
# how many of the places that were read name the type. Both are for people; the weight counts.
COLUMNS: Final = ("lexeme", "type", "weight", "pos", "count", "judged", "unless", "next", "note")
LABELS: Final = frozenset(("PER", "ORG", "LOC", "MISC"))
MAX_SYLLABLES: Final = 6
# A user's lexeme without a weight is believed: whoever adds a word wants to see it.
USER_WEIGHT: Final = 0.8


class OntologyError(ValueError):
    """Something is wrong in an ontology file; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Role:
    """A part a participant plays; `fills` tells which names, quantities or phrases may play it."""

    name: str
    vi: str
    en: str
    fills: frozenset[str]


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event. `roles` includes those that every type has (Place, Time).

    `agent` and `patient` are the roles that fill these columns of the events table, best
    first. A type that is not `enabled` is found only when asked for.
    """

    name: str
    group: str
    label: str
    vi: str
    en: str
    roles: tuple[str, ...]
    agent: tuple[str, ...]
    patient: tuple[str, ...]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word or phrase that may name an event of one type.

    `text` is in lower case, syllables separated by a space. `weight` is how often it names such
    an event where it stands (0–1). `unless` holds contexts in which it never does, with `_`
    for the lexeme: `("cầu _", "_ lẻ")`. Where `next` names labels, the lexeme counts only right
    before a name with one of them (`trở thành` + ORG). `source` is `lexicon` or `user`.
    """

    text: str
    type: str
    weight: float
    pos: str = ""
    unless: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    source: str = "lexicon"

    @property
    def syllables(self) -> tuple[str, ...]:
        """The syllables of the lexeme."""
        return tuple(self.text.split())


@dataclass(frozen=True, slots=True)
class Ontology:
    """All types, roles and lexemes of a run.

    >>> ontology = load_ontology()
    >>> ontology.types["Join-Org"].roles
    ('Member', 'Org', 'Place', 'Time')
    >>> sorted(ontology.roles["Member"].fills)
    ['LOC', 'MISC', 'ORG', 'PER', 'noun']
    >>> {lexeme.type for lexeme in ontology.lexemes if lexeme.text == "đổi tên"}
    {'Rename-Org'}
    """

    types: Mapping[str, EventType]
    roles: Mapping[str, Role]
    lexemes: tuple[Lexeme, ...]

    def enabled(self, *more: str) -> frozenset[str]:
        """Names of the types to look for: those enabled, and `more` (`"Statement"`).

        Raises:
            OntologyError: if a name in `more` is no type.
        """
        for name in more:
            if name not in self.types:
                raise OntologyError(
                    f"there is no event type {name!r}; types are {', '.join(self.types)}"
                )
        return frozenset(name for name, kind in self.types.items() if kind.enabled) | set(more)


def load_ontology(user: Path | str | None = None) -> Ontology:
    """Read the shipped ontology, and a user's file on top of it.

    Raises:
        OntologyError: if a file cannot be read or something in it does not fit; the message
            names the file and the key.
    """
    ontology = _shipped()
    return ontology if user is None else _extend(ontology, Path(user))


@cache
def _shipped() -> Ontology:
    return cached("ontology", _read_shipped)


def _read_shipped() -> Ontology:
    ontology = _extend(Ontology({}, {}, ()), HERE / "ontology.toml")
    lexemes = [
        lexeme
        for path in sorted((HERE / "lexicon").glob("*.tsv"))
        for lexeme in _read_lexicon(path, ontology.types)
    ]
    return replace(ontology, lexemes=(*ontology.lexemes, *lexemes))


def _extend(base: Ontology, path: Path) -> Ontology:
    """Put the types, roles and lexemes of one TOML file on top of `base`."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise OntologyError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OntologyError(f"{path}: is not TOML in UTF-8: {error}") from error
    table = _Table(path, "", data, ("version", "common_roles", "roles", "types"))
    roles = dict(base.roles)
    for name, role in table.tables("roles", ("vi", "en", "fills")):
        fills = frozenset(role.strings("fills", ("noun",)))
        if unknown := sorted(fills - KINDS):
            raise role.error("fills", f"{unknown[0]!r} is none of {', '.join(sorted(KINDS))}")
        roles[name] = Role(name, role.string("vi", name), role.string("en", name), fills)
    common = table.strings("common_roles", ("Place", "Time"))
    types, lexemes = dict(base.types), list(base.lexemes)
    keys = ("group", "name", "vi", "en", "roles", "agent", "patient", "enabled", "lexemes")
    for name, kind in table.tables("types", keys):
        types[name] = _read_type(name, kind, types.get(name), roles, common)
        lexemes.extend(_read_inline(name, kind))
    return Ontology(types, roles, tuple(lexemes))


def _read_type(
    name: str,
    table: _Table,
    old: EventType | None,
    roles: Mapping[str, Role],
    common: tuple[str, ...],
) -> EventType:
    own = table.strings("roles", old.roles if old else ())
    every = (*own, *(role for role in common if role not in own))
    for role in every:
        if role not in roles:
            raise table.error("roles", f"there is no role {role!r}; add it under [roles]")
    readable = {}
    for key in ("agent", "patient"):
        kept = tuple(r for r in getattr(old, key) if r in every) if old else ()
        readable[key] = table.strings(key, kept)
        for role in readable[key]:
            if role not in every:
                raise table.error(key, f"{role!r} is not among the roles of {name}")
    return EventType(
        name=name,
        group=table.string("group", old.group if old else "User"),
        label=table.string("name", old.label if old else name),
        vi=table.string("vi", old.vi if old else ""),
        en=table.string("en", old.en if old else ""),
        roles=every,
        enabled=table.boolean("enabled", old.enabled if old else True),
        **readable,
    )


def _read_inline(name: str, table: _Table) -> Iterator[Lexeme]:
    """The lexemes a type brings along: strings, or tables with text, weight and unless."""
    items = table.data.get("lexemes", [])
    if not isinstance(items, list):
        raise table.error("lexemes", "must be a list")
    for position, item in enumerate(items):
        where = f"{table.key}.lexemes[{position}]"
        data = {"text": item} if isinstance(item, str) else item
        if not isinstance(data, dict):
            raise table.error(f"lexemes[{position}]", "must be a string or a table with `text`")
        entry = _Table(table.path, where, data, ("text", "weight", "pos", "unless", "next"))
        yield _lexeme(
            entry,
            entry.string("text", ""),
            name,
            entry.number("weight", USER_WEIGHT),
            entry.string("pos", ""),
            entry.strings("unless", ()),
            entry.strings("next", ()),
            source="user",
        )


def _read_lexicon(path: Path, types: Mapping[str, EventType]) -> Iterator[Lexeme]:
    """The lexemes of one TSV file; `COLUMNS` names its columns, lists are joined by ` | `."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise OntologyError(f"{path}:1: the columns must be {', '.join(COLUMNS)}")
        for number, row in enumerate(rows, start=2):
            table = _Table(path, f"line {number}", {}, ())
            if row["note"] is None or None in row:
                raise table.error("", f"needs {len(COLUMNS)} columns")
            if row["type"] not in types:
                raise table.error("type", f"there is no event type {row['type']!r}")
            try:
                weight = float(row["weight"])
            except ValueError:
                raise table.error("weight", f"{row['weight']!r} is no number") from None
            unless, following = (
                tuple(part.strip() for part in row[column].split("|") if part.strip())
                for column in ("unless", "next")
            )
            yield _lexeme(table, row["lexeme"], row["type"], weight, row["pos"], unless, following)


def _lexeme(
    table: _Table,
    text: str,
    kind: str,
    weight: float,
    pos: str,
    unless: tuple[str, ...],
    following: tuple[str, ...],
    source: str = "lexicon",
) -> Lexeme:
    text = " ".join(Shadow(text).lower.split())
    if not text or len(text.split()) > MAX_SYLLABLES:
        raise table.error("text", f"a lexeme has 1 to {MAX_SYLLABLES} syllables, not {text!r}")
    if not 0 <= weight <= 1:
        raise table.error("weight", f"must lie between 0 and 1, not {weight}")
    contexts = tuple(" ".join(Shadow(context).lower.split()) for context in unless)
    for context in contexts:
        if context == "_" or context.split().count("_") != 1:
            raise table.error("unless", f"{context!r} needs one `_` for the lexeme and a word")
    if unknown := sorted(set(following) - LABELS):
        raise table.error("next", f"{unknown[0]!r} is none of {', '.join(sorted(LABELS))}")
    return Lexeme(text, kind, weight, pos, contexts, following, source)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a file, that knows where it stands for the sake of its error messages."""

    path: Path
    key: str
    data: dict[str, Any]
    allowed: tuple[str, ...]

    def __post_init__(self) -> None:
        for key in self.data:
            if key not in self.allowed:
                raise self.error(key, f"is not known here; known are {', '.join(self.allowed)}")

    def error(self, key: str, message: str) -> OntologyError:
        """An error that says in which file and at which key."""
        where = ".".join(part for part in (self.key, key) if part)
        return OntologyError(f"{self.path}: {where}: {message}")

    def string(self, key: str, default: str) -> str:
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, "must be a string")
        return value

    def boolean(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def number(self, key: str, default: float) -> float:
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, "must be a number")
        return float(value)

    def strings(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self.data.get(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise self.error(key, "must be a list of strings")
        return tuple(value)

    def tables(self, key: str, allowed: tuple[str, ...]) -> Iterator[tuple[str, _Table]]:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "must be a table")
        for name, inner in value.items():
            if not isinstance(inner, dict):
                raise self.error(f"{key}.{name}", "must be a table")
            yield name, _Table(self.path, f"{key}.{name}", inner, allowed)
