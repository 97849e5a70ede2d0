"""The grammar files read: rules by the words they may begin with, compiled as texts need them."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from sukien.language.numerals import DIGITS, SMALL
from sukien.tagging.cache import cached

__all__ = ["Compiled", "Grammar", "Holiday", "Rule", "load_grammar"]

_NUMBER_STARTS = (
    "không một hai ba bốn năm sáu bảy bẩy tám chín mười nửa".split()  # noqa: SIM905 (a list of words)
)
_SENTENCE_CUES = ("future", "past", "generic", "western", "lunar")
_FRAGMENT = re.compile(r"\{([a-z]\w*)\}")
_GROUP = re.compile(r"\(\?P<(\w*)>")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of rules.toml: how an expression is recognised and as what it is read."""

    name: str
    pattern: str
    example: str
    counter: str
    kind: str | None = None
    first: str = ""
    guard: str | None = None
    value: str | None = None
    joins: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    follows: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Holiday:
    """A holiday: a pattern of its names and its day (`09-02`, lunar `l01-01`, or a rule)."""

    pattern: str
    day: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first needed."""
        return re.compile(self.pattern)


class Compiled:
    """A rule by itself, compiled when it is first needed."""

    def __init__(self, rule: Rule, expanded: str) -> None:
        self.rule = rule
        self.source, self.slots = _number_groups(expanded)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern; its groups are those of `slots`."""
        return re.compile(self.source)


@dataclass(slots=True)
class Grammar:
    """The compiled grammar; `candidates` finds where an expression may begin."""

    rules: list[Rule]
    starts: re.Pattern[str]
    by_first: dict[str, list[Compiled]]
    joins: list[Compiled]
    continuations: dict[str, list[Compiled]]
    connector: re.Pattern[str]
    cues: dict[str, frozenset[str]]
    modifiers: dict[str, str]
    modifier_tail: re.Pattern[str]
    parts: dict[str, tuple[str, str | None]]
    zones: dict[str, str]
    holidays: list[Holiday]
    phrases: dict[str, re.Pattern[str]] = field(default_factory=dict)


def _expand(pattern: str, fragments: dict[str, str]) -> str:
    while _FRAGMENT.search(pattern):
        pattern = _FRAGMENT.sub(lambda m: f"(?:{fragments[m[1]]})", pattern)
    return pattern


def _spaces(pattern: str) -> str:
    # At most three, so that a run of spaces costs linear time.
    return pattern.replace(" ", " {1,3}").replace("~", " {0,3}")


def _number_groups(pattern: str) -> tuple[str, list[tuple[str, int]]]:
    """Turn named groups into numbered ones, for names may repeat; return name and number."""
    slots: list[tuple[str, int]] = []

    def number(match: re.Match[str]) -> str:
        slots.append((match[1], len(slots) + 1))
        return "("

    return _GROUP.sub(number, pattern), slots


def _first_words(rule: Rule, lists: dict[str, list[str]]) -> list[str]:
    words: list[str] = []
    for word in rule.first.split():
        words += lists[word[1:]] if word[0] == "@" else [word]
    return words


def _alternation(words: set[str]) -> str:
    """An alternation that looks at the first letter once."""
    heads: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda w: (-len(w), w)):
        heads[word[0]].append(re.escape(word[1:]))
    return "|".join(f"{head}(?:{'|'.join(tails)})" for head, tails in sorted(heads.items()))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("sukien.dates").joinpath(name).read_text(encoding="utf-8"))


def _phrases(cues: dict[str, frozenset[str]]) -> dict[str, re.Pattern[str]]:
    """The cues of several words as patterns."""
    choice = {
        name: "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))
        for name, words in cues.items()
    }
    found = {name: rf"(?<!\w)(?:{choice[name]})(?!\w)" for name in _SENTENCE_CUES}
    found["counted"] = rf" *(?:%|(?:{choice['counted']})(?!\w))"
    found["law"] = rf"(?<!\w)(?:{choice['law']})(?: số)?:? *$"
    found["stop"] = rf" *(?:[,.;:!?)\]\"”’\n]|(?:{choice['stop']}) )"
    return {name: re.compile(pattern) for name, pattern in found.items()}


def _rule(entry: dict[str, str]) -> Rule:
    sets = {
        name: frozenset(entry.pop(name, "").split()) for name in ("joins", "without", "follows")
    }
    return Rule(**entry, **sets)  # type: ignore[arg-type]  # TOML tables are untyped


@cache
def load_grammar() -> Grammar:
    """The grammar, read once.

    >>> len(load_grammar().rules) > 40
    True
    """
    return cached("dates", _read_grammar)


def _read_grammar() -> Grammar:
    data = _read("grammar.toml")
    rules = [_rule(entry) for entry in _read("rules.toml")["rules"]]
    fragments: dict[str, str] = dict(data["fragments"])
    # Amounts of time are small numbers; the whole pattern of numerals would be slow to compile.
    small = SMALL.replace(" +", " ")
    fragments["number"] = rf"(?:{DIGITS}(?![0-9])|{small})(?: (?:chục|trăm|nghìn|ngàn|vạn|triệu))?"
    holiday_names = {_expand(names, fragments): day for names, day in data["holidays"].items()}
    fragments["holiday"] = "|".join(holiday_names)
    parts = {
        word: ((spec := key.split())[0], spec[1] if len(spec) > 1 else None)
        for key, words in data["parts"].items()
        for word in words.split("|")
    }
    lists = {
        "number": _NUMBER_STARTS,
        "part": sorted({word.split()[0] for word in parts}),
        "some": sorted({w.split()[0] for w in fragments["some"].strip("(?:)").split("|")}),
        "holiday": data["scan"]["holiday"].split(),
    }
    joins: list[Compiled] = []
    by_first: dict[str, list[Compiled]] = defaultdict(list)
    continuations: dict[str, list[Compiled]] = defaultdict(list)
    for rule in rules:
        compiled = Compiled(rule, _spaces(_expand(rule.pattern, fragments)))
        if rule.joins:
            joins.append(compiled)
        for kind in rule.follows:
            continuations[kind].append(compiled)
        if rule.first:
            for word in dict.fromkeys(_first_words(rule, lists)):
                by_first[word].append(compiled)
    numerals = set(_NUMBER_STARTS) - {"năm", "nửa"}
    words = set(by_first) - {"0"} - numerals
    # One character before, so that the search can skip from boundary to boundary.
    number_tail = data["scan"]["after_number"]
    starts = (
        rf"[^\w]((?:(?<![0-9][.,])|(?=[0-9]{{1,2}}[/,]))[0-9](?=[0-9]{{0,15}}(?:[.,][0-9]+){{0,5}}{number_tail}|[0-9]{{3}}(?![0-9]|[.,][0-9]))"
        rf"|(?:{_alternation(words)})(?!\w)|(?:{_alternation(numerals)})(?!\w)(?={number_tail}))"
    )
    modifiers = {
        word: mod for mod, words_ in data["modifiers"].items() for word in words_.split("|")
    }
    tail = "|".join(sorted(map(re.escape, modifiers), key=len, reverse=True))
    cues = {
        name: frozenset(word.replace("_", " ") for word in text.split())
        for name, text in data["cues"].items()
    }
    return Grammar(
        rules=rules,
        starts=re.compile(starts),
        by_first=dict(by_first),
        joins=joins,
        continuations=dict(continuations),
        connector=re.compile(r" *(?:,|-|–|/|đến hết|và|đến|tới|hoặc) *"),
        cues=cues,
        modifiers=modifiers,
        modifier_tail=re.compile(rf"(?<!\w)(?:{_spaces(tail.replace(chr(92) + ' ', ' '))}) +$"),
        parts=parts,
        zones={w: zone for zone, words_ in data["zones"].items() for w in words_.split("|")},
        holidays=[Holiday(_spaces(n), day) for n, day in holiday_names.items()],
        phrases=_phrases(cues),
    )
