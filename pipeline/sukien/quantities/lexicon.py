"""The words of quantities, read from tables: currencies, units, counted nouns, words around.

To add a currency, a unit or a noun, add it to the TOML files in `data`; nothing else changes.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sukien.language.shadow import fold_tone
from sukien.quantities.quantity import Kind
from sukien.tagging.cache import cached

__all__ = ["Lexicon", "Unit", "lexicon"]

_AGES = {"tuổi": "năm", "tháng tuổi": "tháng", "tuần tuổi": "tuần", "ngày tuổi": "ngày"}
_PERCENT = {
    "%": "%",
    "phần trăm": "%",
    "điểm phần trăm": "điểm %",
    "điểm %": "điểm %",
    "‰": "‰",
    "phần nghìn": "‰",
    "phần ngàn": "‰",
}
# Cases in which a short symbol is a unit: `5G` is a network, `5 g` a mass.
_CASES = {"m": "m", "g": "g", "l": "lL", "w": "Ww", "v": "V", "nm": "n"}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number may be followed by.

    `factor` turns a minor coin into its currency; `ambiguous` names need a large number;
    `strong` nouns are counted even with "một"; `cases` are the spellings of a short symbol.
    """

    form: str
    kind: Kind
    symbol: str
    factor: float = 1.0
    ambiguous: bool = False
    strong: bool = False
    classifier: bool = False
    cases: str | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables, ready for look-up by the first word of a form."""

    units: dict[str, tuple[Unit, ...]]
    nouns: dict[str, tuple[Unit, ...]]
    capitals: dict[str, Unit]
    symbols: dict[str, Unit]
    prefixes: dict[str, str]
    prefix: re.Pattern[str]
    prefix_ahead: re.Pattern[str]
    minors: dict[str, frozenset[str]]
    before: dict[str, str]
    after: dict[str, tuple[tuple[str, str], ...]]
    comparatives: frozenset[str]
    places: frozenset[str]
    labels: frozenset[str]
    scores: frozenset[str]
    five: frozenset[str]
    per: frozenset[str]
    to: str
    change: str


def _table(name: str) -> dict[str, Any]:
    path = resources.files("sukien.quantities") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8"))


@cache
def lexicon() -> Lexicon:
    """Load the tables once.

    >>> [unit.symbol for unit in lexicon().units["yên"]]
    ['JPY', 'JPY', 'JPY']
    """
    return cached("quantities", _read)


def _read() -> Lexicon:
    money, words, nouns = _table("money"), _table("words"), _table("nouns")
    units: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    prefixes: dict[str, str] = {}
    minors: dict[str, frozenset[str]] = {}
    counted = _nouns(nouns)
    units.update({unit.form: unit for unit in counted})
    for name, symbol in _PERCENT.items():
        symbols[name] = units[name] = Unit(name, "percent", symbol)
    measures = _table("measures")
    capitals = {
        form: Unit(form, "measure", symbol)
        for symbol, forms in measures.pop("capital").items()
        for form in forms
    }
    for group in measures.values():
        for symbol, forms in group.items():
            for form in forms:
                units[form] = Unit(form, "measure", symbol, cases=_CASES.get(form))
    for code, names in money.items():
        minors[code] = frozenset(names.get("minor", ()))
        for form in names["names"]:
            units[form] = Unit(form, "money", code)
        for form in names.get("ambiguous", ()):
            units[form] = Unit(form, "money", code, ambiguous=True)
        for form in minors[code]:
            units[form] = Unit(form, "money", code, factor=0.01)
        for form in names.get("symbols", ()):
            units[form] = symbols[form] = Unit(form, "money", code)
        before = (*names.get("symbols", ()), *(n for n in names["names"] if _is_code(n)))
        prefixes.update(dict.fromkeys(before, code))
    for form, symbol in _AGES.items():
        units[form] = Unit(form, "age", symbol)
    known = {fold_tone(form) for form in (*nouns["strong"], *nouns["weak"])}
    any_prefix = "|".join(re.escape(p) for p in sorted(prefixes, key=len, reverse=True))
    ranges = words["ranges"]
    return Lexicon(
        units=_by_first_word(units.values()),
        nouns=_by_first_word(unit for unit in counted if unit.form in known),
        capitals=capitals,
        symbols=symbols,
        prefixes=prefixes,
        prefix=re.compile(rf"(?<!\w)({any_prefix}) ?\Z"),
        prefix_ahead=re.compile(rf"(?:{any_prefix}) ?(?=[0-9])"),
        minors=minors,
        before={f: mod for mod, forms in words["before"].items() for f in map(fold_tone, forms)},
        after=_after(words["after"]),
        comparatives=frozenset(words["comparatives"]["words"]),
        places=frozenset(words["places"]["words"]),
        labels=frozenset(nouns["labels"]),
        scores=frozenset(words["scores"]["words"]),
        five=frozenset(words["five"]["before"]),
        per=frozenset(words["per"]["words"]),
        to="|".join(ranges["to"]),
        change="|".join(sorted(ranges["change"], key=len, reverse=True)),
    )


def _nouns(table: dict[str, list[str]]) -> list[Unit]:
    classifiers = set(table["classifiers"])
    strong = set(table["strong"])
    # `chiếc`, `con`, `vụ` are counted by themselves too when no known noun follows.
    forms = dict.fromkeys((*table["strong"], *table["weak"], *table["classifiers"]))
    return [
        Unit(
            fold_tone(form),
            "count",
            form,
            strong=form in strong,
            classifier=form in classifiers,
        )
        for form in forms
    ]


def _by_first_word(units: Any) -> dict[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        first = re.match(r"[^\W_]+|.", unit.form)
        if first is not None:
            found.setdefault(first[0], []).append(unit)
    return {
        first: tuple(sorted(group, key=lambda unit: -len(unit.form)))
        for first, group in found.items()
    }


def _after(table: dict[str, list[str]]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for mod, forms in table.items():
        for form in forms:
            found.setdefault(form.split()[0], []).append((form, mod))
    return {first: tuple(group) for first, group in found.items()}


def _is_code(name: str) -> bool:
    return name.isascii() and name.isalpha() and len(name) <= 3 and name not in ("yen", "won")
