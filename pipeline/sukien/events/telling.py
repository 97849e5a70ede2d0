"""One event as told once, and how much two tellings have in common."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import log
from typing import Any
from zlib import crc32

__all__ = [
    "Telling",
    "Weights",
    "amounts_differ",
    "announces",
    "content_words",
    "exact_figures",
    "is_measured",
    "is_once",
    "kinds",
]

_SHORT = 8
# Shares of words from which things are the same and sentences copies.
_SAME, _CLOSE = 0.75, 0.55
# Characters of a figure that is told by itself.
_EXACT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One event as told once.

    `names` are keys of the entities that take part (not where it happens), equal across
    articles for equal entities; `amounts` are surfaces of its quantities; `begin` and `end` are
    the days of its time, `published` the article's; `rank` and `char_start` order tellings:
    the first report has the earliest `published`, then the least `rank` and `char_start`.
    `words` are hashes of the content words of its sentence (`content_words`), `parts` those of
    its participants, `figures` the numbers of the sentence, with points only; `kinds` say which
    occurrences of the type the trigger can mean (`kinds`, empty where it does not tell). `story`
    is the article's; `headline` is true of what the article's title tells.
    """

    event_id: str
    article_id: str
    type: str
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    begin: str | None = None
    end: str | None = None
    published: str | None = None
    rank: int = 0
    char_start: int = 0
    polarity: str = "positive"
    words: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    figures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    story: str | None = None
    headline: bool = False

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sort key: the first report of an event comes first."""
        return (self.published or "9999", self.rank, self.char_start, self.event_id)


def content_words(words: Iterable[str]) -> tuple[int, ...]:
    """Hashes of the longer words of a sentence, sorted, at most 24.

    >>> content_words(["Ông", "Nam", "bị", "bắt"]) == content_words(["bắt", "bị", "nam", "ông"])
    True
    """
    hashes = {
        crc32(word.lower().encode("utf-8", "surrogatepass"))
        for word in words
        if word[0:1].isalnum()
    }
    return tuple(sorted(hashes)[:24])


@cache
def _rules() -> Mapping[str, Any]:
    text = resources.files("sukien.events").joinpath("clusters.toml").read_text(encoding="utf-8")
    rules: dict[str, Any] = tomllib.loads(text)
    return {
        "measured": frozenset(rules["measured"]),
        "once": frozenset(rules["once"]),
        "general": frozenset(rules["general"]),
        "empty": frozenset(rules["empty"]),
        "kinds": {
            type_: {phrase: group[0] for group in groups for phrase in group}
            for type_, groups in rules["kinds"].items()
        },
    }


def is_measured(type_: str) -> bool:
    """Whether articles list many events of this type, each with its own figure.

    >>> is_measured("Value-Change"), is_measured("Meet")
    (True, False)
    """
    return type_ in _rules()["measured"]


def is_once(type_: str) -> bool:
    """Whether a participant seldom sees two events of this type in a story.

    >>> is_once("Join-Org"), is_once("Attack")
    (True, False)
    """
    return type_ in _rules()["once"]


def kinds(type_: str, trigger: str) -> tuple[str, ...]:
    """The kinds of occurrences that a trigger can mean; empty where any may be meant.

    >>> kinds("Value-Change", "tăng vọt"), kinds("Value-Change", "sụt giảm")
    (('tăng',), ('giảm',))
    >>> kinds("Accident", "vụ nổ"), kinds("Hold-Event", "tổ chức"), kinds("Join-Org", "gia nhập")
    (('nổ',), (), ())
    """
    rules = _rules()
    phrase = " ".join(trigger.lower().split())
    if type_ in rules["once"] or phrase in rules["general"]:
        return ()
    group = rules["kinds"].get(type_, {}).get(phrase)
    if group is not None:
        return (group,)
    told = [part for part in phrase.split() if part not in rules["empty"]]
    of_type = rules["kinds"].get(type_, {})
    return tuple(dict.fromkeys(of_type.get(part, part) for part in told))


def announces(title: str, type_: str, trigger: str) -> bool:
    """Whether a title names what a trigger tells, in its words or in others of the kind.

    >>> announces("Hãng ra mắt điện thoại mới", "Launch-Product", "trình làng")
    True
    >>> announces("Bắt nhóm trộm xe", "Arrest-Jail", "bị bắt giữ")
    True
    >>> announces("Hai năm nhìn lại", "Arrest-Jail", "bị bắt giữ")
    False
    """
    rules, title = _rules(), f" {' '.join(title.lower().split())} "
    told = kinds(type_, trigger)
    of_kind = (p for p, group in rules["kinds"].get(type_, {}).items() if group in told)
    own = (part for part in trigger.lower().split() if part not in rules["empty"])
    return any(f" {phrase} " in title for phrase in (*of_kind, *own))


def exact_figures(telling: Telling) -> tuple[str, ...]:
    """Figures of so many digits that few things have them.

    >>> event = {"event_id": "e", "article_id": "a", "type": "Value-Change"}
    >>> told = Telling(**event, figures=("12", "1.754.67"))
    >>> exact_figures(told)
    ('1.754.67',)
    """
    return tuple(f for f in telling.figures if len(f) >= _EXACT and not f.isdigit())


class Weights:
    """What a shared word says: the more, the fewer tellings have it."""

    def __init__(self, tellings: Iterable[Telling]) -> None:
        counts: Counter[int] = Counter()
        total = 0
        for telling in tellings:
            counts.update(set(telling.words) | set(telling.parts))
            total += 1
        # Whole numbers: sums of fractions depend on their order.
        self._weight = {
            word: round(1000 * log(1 + total / count)) for word, count in counts.items()
        }

    def alike(self, one: Telling, other: Telling) -> float:
        """Share of the weight of the shorter sentence that stands in both, from 0 to 1."""
        small = min(len(one.words), len(other.words))
        # Of few words, many meet by chance.
        return self._shared(one.words, other.words) * min(small / _SHORT, 1.0)

    def same_parts(self, one: Telling, other: Telling, *, few: int = 1) -> float:
        """Share of the weight of the shorter participants that stands in both, from 0 to 1.

        Participants of less than `few` words say less.
        """
        small = min(len(one.parts), len(other.parts))
        return self._shared(one.parts, other.parts) * min(small / few, 1.0)

    def same_figures(self, one: Telling, other: Telling) -> bool:
        """Whether two tellings of a measured type are of one figure of one thing.

        Two lists of figures have most in common; where a sentence has none, the things and
        the day must be the same.
        """
        if one.parts and other.parts and self.same_parts(one, other) < _SAME:
            return False
        small, large = sorted((len(one.figures), len(other.figures)))
        if small:
            shared = len(set(one.figures) & set(other.figures))
            return 2 * shared > small or self.same_exact_figure(one, other)
        if large:
            return self.alike(one, other) >= _CLOSE
        return bool(one.parts and other.parts) and one.begin == other.begin

    def same_exact_figure(self, one: Telling, other: Telling) -> bool:
        """Whether two tellings share a thing and a figure of so many digits that few have it."""
        shared = set(exact_figures(one)) & set(exact_figures(other))
        return bool(shared) and self.same_parts(one, other) >= _SAME

    def _shared(self, one: tuple[int, ...], other: tuple[int, ...]) -> float:
        small = min(self._sum(one), self._sum(other))
        return self._sum(set(one).intersection(other)) / small if small else 0.0

    def _sum(self, words: Iterable[int]) -> int:
        return sum(map(self._weight.__getitem__, words))


def amounts_differ(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two sets of amounts have none in common."""
    one, other = frozenset(one), frozenset(other)
    return bool(one and other and not one & other)
