"""Persons of one article: which full name a short one stands for.

Vietnamese people are called by the last syllable of their name (`Nguyễn Xuân Phúc`, then
`ông Phúc`), others by the last part or the first; a short name belongs to the person with it
who was named last, or, in a headline or lead, to the one who will be named next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from sukien.entities.keys import Key, cut, person_key, rules
from sukien.language.tokens import is_syllable

__all__ = ["Gender", "gender_of", "is_vietnamese", "resolve_persons"]

Gender = Literal["male", "female"] | None
_LONGEST = 8


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = rules()["persons"]
    return {
        name: frozenset(part for word in table[name] for part in (cut(word)[-1:] or (word,)))
        for name in ("surnames", "male", "female", "families", "tails")
    }


def is_vietnamese(key: Key) -> bool:
    """Whether a full name reads as Vietnamese: two to five syllables, a surname first.

    >>> is_vietnamese(("nguyễn", "xuân", "phúc")), is_vietnamese(("kim", "jong", "un"))
    (True, False)
    """
    surname = key[:1] and key[0] in _words()["surnames"]
    return bool(surname) and 2 <= len(key) <= 5 and all(map(_spellable, key))


def _spellable(part: str) -> bool:
    return part.endswith(".") or is_syllable(part)


def gender_of(title: str, key: Key = ()) -> Gender:
    """Gender told by the word before a name, or by `Thị` in it.

    >>> gender_of("bà"), gender_of("", ("nguyễn", "thị", "trang")), gender_of("Chủ")
    ('female', 'female', None)
    """
    words = _words()
    word = title.lower()
    if word in words["female"] or "thị" in key[1:-1]:
        return "female"
    return "male" if word in words["male"] else None


def _parts(key: Key) -> list[tuple[Key, int]]:
    """Short forms of a full name with their rank: the lower, the more usual."""
    tails = _words()["tails"]
    body = key[:-1] if len(key) > 2 and key[-1] in tails else key
    size = len(body)
    parts = [(body[start:], 0) for start in range(1, size)]
    given = size == 2 and all(map(is_syllable, body))  # `Thùy Linh`: `Thùy` is someone else
    if not given and not is_vietnamese(body):
        # `ông Tập`, `Iwan`: the first part, where no one's last part fits better.
        parts += [(body[:end], 1) for end in range(1, size)]
        if size >= 3:
            parts.append(((body[0], body[-1]), 1))
    if body is not key:
        parts.append((body, 2))
    return parts


def _deletions(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def _misspelt(keys: Sequence[Key]) -> dict[Key, Key]:
    """Long foreign names one letter apart from a commoner one (`Chatra`, `Chaitra`)."""
    seen: dict[str, Key] = {}
    out: dict[Key, Key] = {}
    for key in keys:  # the commonest first
        if len(key) != 1 or len(key[0]) < 6 or not key[0].isascii():
            continue
        forms = _deletions(key[0])
        near = next((seen[form] for form in forms if form in seen), None)
        if near is not None and abs(len(near[0]) - len(key[0])) <= 1:
            out[key] = near
        else:
            for form in forms:
                seen.setdefault(form, key)
    return out


def resolve_persons(surfaces: Sequence[str], titles: Sequence[str]) -> list[Key]:
    """The key of the person each mention speaks of.

    `surfaces` are names in text order, `titles` the form before each. Each answer is the
    fullest key of the article that the mention fits; a name of a whole family (`nhà Glazer`)
    keeps to itself, marked by a first part `*`. One pass to gather, one to resolve.

    >>> resolve_persons(["Nguyễn Xuân Phúc", "Phúc", "Donald Trump", "Trump"],
    ...                 ["ông", "Ông", "Tổng", "ông"])[1::2]
    [('nguyễn', 'xuân', 'phúc'), ('donald', 'trump')]
    """
    keys = [person_key(surface) for surface in surfaces]
    counts: dict[Key, int] = defaultdict(int)
    genders: dict[Key, Gender] = {}
    for key, title in zip(keys, titles, strict=True):
        counts[key] += 1
        genders[key] = genders.get(key) or gender_of(title, key)
    order = {key: at for at, key in enumerate(counts)}
    near = _misspelt(sorted(counts, key=lambda key: (-counts[key], order[key])))

    # The best rank at which a part stands for anyone, and whom it stands for first.
    rank_of: dict[Key, int] = {}
    owner: dict[tuple[Key, int], Key] = {}
    first: dict[tuple[Key, int, Gender], Key] = {}
    fullest: dict[Key, Key] = {}
    bearers: dict[Key, set[Key]] = defaultdict(set)
    for key in sorted((key for key in counts if len(key) > 1), key=lambda k: (-len(k), order[k])):
        known = key in rank_of
        fullest[key] = fullest[owner[key, rank_of[key]]] if known else key
        if known or len(key) > _LONGEST:
            continue
        for part, rank in _parts(key):
            rank_of[part] = min(rank, rank_of.get(part, rank))
            owner.setdefault((part, rank), key)
            bearers[part].add(key)
    for key in counts:  # in text order
        full = fullest.get(key, key)
        for part, rank in _parts(full) if len(full) <= _LONGEST else ():
            for gender in {genders[key], genders.get(full), None}:
                first.setdefault((part, rank, gender), full)

    families = _words()["families"]
    last: dict[tuple[Key, int, Gender], Key] = {}
    out: list[Key] = []
    for key, title in zip(keys, titles, strict=True):
        if len(key) > 1:
            full = fullest[key]
            out.append(full)
            for part, rank in _parts(full) if len(full) <= _LONGEST else ():
                for gender in {genders[key], genders.get(full), None}:
                    last[part, rank, gender] = full
            continue
        short = key if key in rank_of else near.get(key, key)
        if short not in rank_of:
            out.append(short)
        elif title.lower() in families and not (
            len(bearers[short]) == 1 and all(map(is_vietnamese, bearers[short]))
        ):
            out.append(("*", *key))
        else:
            rank = rank_of[short]
            slots = [(short, rank, gender_of(title)), (short, rank, None)]
            out.append(
                next(table[slot] for slot in slots for table in (last, first) if slot in table)
            )
    return out
