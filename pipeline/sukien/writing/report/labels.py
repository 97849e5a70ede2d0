"""The words of the page, and the names of types and roles, in English or Vietnamese."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from sukien.events.ontology import load_ontology

__all__ = ["LANGUAGES", "role_names", "type_rows", "words"]

LANGUAGES = ("en", "vi")


def words(language: str) -> dict[str, Any]:
    """All words of the page in one language.

    Raises:
        ValueError: if there is no such language.

    >>> words("vi")["nav"]["events"], words("en")["nav"]["events"]
    ('Sự kiện', 'Events')
    """
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}; there are {', '.join(LANGUAGES)}")
    table: dict[str, Any] = _table()[language]
    return table


@cache
def _table() -> dict[str, Any]:
    text = (files("sukien.writing.report") / "data" / "labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def type_rows(types: Iterable[str], language: str) -> list[tuple[str, str, str]]:
    """Name, label and definition of event types; a user's own type is its own label.

    >>> type_rows(["Join-Org", "Slaughter"], "en")[1]
    ('Slaughter', 'Slaughter', '')
    """
    known = load_ontology().types
    rows = []
    for name in types:
        kind = known.get(name)
        plain = _plain(name)
        if kind is None:
            rows.append((name, plain, ""))
        else:
            vietnamese = language == "vi"
            rows.append((name, kind.label if vietnamese else plain, getattr(kind, language)))
    return rows


def role_names(roles: Iterable[str], language: str) -> list[str]:
    """Labels of roles.

    >>> role_names(["Victim", "Final-Value"], "vi"), role_names(["Final-Value"], "en")
    (['nạn nhân', 'mức đạt tới'], ['final value'])
    """
    known = load_ontology().roles
    return [
        known[role].vi if language == "vi" and role in known else role.replace("-", " ").lower()
        for role in roles
    ]


def _plain(name: str) -> str:
    return name.replace("-", " ").capitalize()
