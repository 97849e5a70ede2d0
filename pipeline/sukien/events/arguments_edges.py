"""Where an argument begins and ends: hashed features of the places near its phrase.

A phrase is minimal; an argument may take in a title on its left, or a modifier, a bracket or
a second name on its right. Each edge is chosen among a few places between words, apart from the
other edge and from what else is in the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sukien.events.arguments_features import Hashes, chains, mixed
from sukien.events.grammar import Bools, Ints, grammar, word_hash
from sukien.events.phrases import KINDS, Batch, among

__all__ = ["ENDS", "STARTS", "Places", "Seekers", "end_places", "start_places"]

# Places to begin, in words from the phrase's first; to end, from the word after its last.
STARTS = np.arange(-5, 5)
ENDS = np.arange(-4, 15)

_TRIGGER, _DATE, _SET = (KINDS.index(name) for name in ("trigger", "DATE", "SET"))
_MISC, _AGE = KINDS.index("MISC"), KINDS.index("age")
_OPEN, _CLOSE, _COMMA = word_hash("("), word_hash(")"), word_hash(",")
_QUOTES = np.array(sorted(word_hash(mark) for mark in ('"', "“", "”")), np.int64)
_LINKS = np.array(sorted(word_hash(word) for word in (",", "và", "cùng", "hoặc", "hay")), np.int64)
# Slot numbers of edges do not meet those of pairs.
_FIRST_SLOT = 400
_FIRST_END_SLOT = 500


@dataclass(frozen=True, slots=True)
class Seekers:
    """Arguments whose edges are sought: phrase, trigger, and hashes of role and type."""

    phrase: Ints
    trigger: Ints
    role: Ints
    type: Ints


@dataclass(frozen=True, slots=True)
class Places:
    """Places where arguments may begin or end.

    `words` and `allowed` have shape (arguments, places); `features` has a row for each allowed
    place, in their order.
    """

    words: Ints
    allowed: Bools
    features: Hashes


def _sums(flags: Bools | Ints) -> Ints:
    """How many flagged words stand before each place."""
    return np.concatenate([[0], np.cumsum(flags)])


class _Around:
    """Looks words up near a place, -1 outside the sentence."""

    def __init__(self, low: Ints, high: Ints) -> None:
        self.low, self.high = low, high

    def __call__(self, values: Ints, at: Ints) -> Ints:
        held = (at >= self.low) & (at < self.high)
        return np.where(held, values[np.clip(at, 0, len(values) - 1)], -1)


def _bounds(batch: Batch, word: Ints) -> tuple[Ints, Ints]:
    sentence = batch.words.sentence[word]
    return batch.bounds[sentence], batch.bounds[sentence + 1]


def start_places(batch: Batch, seekers: Seekers, clusters: Ints) -> Places:
    """Where arguments may begin; `clusters` holds a class for each word."""
    words, phrases = batch.words, batch.phrases
    first, head = phrases.first[seekers.phrase][:, None], phrases.head[seekers.phrase][:, None]
    low, _ = _bounds(batch, first)
    places = first + STARTS[None, :]
    allowed = (places >= low) & (places <= head)
    allowed &= _free(batch, places, first, head)
    rows, columns = np.nonzero(allowed)
    place, offset = places[rows, columns], STARTS[columns]
    first, head = first[rows, 0], head[rows, 0]
    role, kind_of = seekers.role[rows], phrases.kind[seekers.phrase[rows]]
    type_ = seekers.type[rows]
    own = seekers.trigger[rows]
    right = phrases.first[seekers.phrase[rows]] >= batch.trigger_first[own]
    at = _Around(*_bounds(batch, head))
    form, pos, kind, item = words.form, words.pos, words.kind, words.item
    here, here_pos = at(form, place), at(pos, place)
    prev, prev_pos, prev2 = at(form, place - 1), at(pos, place - 1), at(form, place - 2)
    here_class, prev_class = at(clusters, place), at(clusters, place - 1)
    outside = at(form, first - 1)
    inside = _inside(kind, item, place, at)
    touch = np.where(place == batch.trigger_last[own], 1, np.where(place <= at.low, 2, 0))
    grown, to_head = np.sign(offset), head - place
    slots: tuple[tuple[Ints | Bools, ...], ...] = (
        (role, offset),
        (kind_of, offset),
        (role, kind_of, to_head),
        (here, kind_of),
        (here, role),
        (here, prev),
        (prev, kind_of),
        (prev, role),
        (prev_pos, here_pos),
        (prev_pos, here_pos, kind_of, offset),
        (prev2, prev),
        (inside,),
        (here_pos, offset, kind_of),
        (prev, here_pos, right),
        (touch, role, grown),
        (touch, kind_of, offset),
        (here_class, kind_of, to_head),
        (prev_class, role, grown),
        (form[head], prev),
        (form[head], role, grown),
        (type_, role, grown),
        (type_, role, prev),
        (outside, grown, role),
        (outside, form[first], grown),
        (form[first], grown, role),
    )
    return Places(places, allowed, _stack(_FIRST_SLOT, slots, len(rows)))


def end_places(batch: Batch, seekers: Seekers, clusters: Ints) -> Places:
    """Where arguments may end; a place is that of the word after the argument."""
    rules = grammar()
    words, phrases = batch.words, batch.phrases
    form, pos, kind, item = words.form, words.pos, words.kind, words.item
    last, head = phrases.last[seekers.phrase][:, None], phrases.head[seekers.phrase][:, None]
    _, high = _bounds(batch, head)
    places = last + ENDS[None, :]
    allowed = (places <= high) & (places > head)
    allowed &= _free(batch, places, head, last)
    clipped = np.clip(places, 1, len(form))
    # No word that leads on is the last one, and no bracket tells who took the picture.
    code = phrases.kind[seekers.phrase]
    dated = ((code >= _DATE) & (code <= _SET))[:, None]
    loose = among(form, rules.never_last) & (kind == 0)
    allowed &= dated | ~loose[clipped - 1] | (places - 1 <= head)
    credit = form == _OPEN
    credit[:-1] &= among(form, rules.credits)[1:]
    credited = _sums(credit)
    allowed &= (credited[clipped] == credited[last]) | (places <= last)
    rows, columns = np.nonzero(allowed)
    place, offset = places[rows, columns], ENDS[columns]
    last, head = last[rows, 0], head[rows, 0]
    role, kind_of, type_ = seekers.role[rows], code[rows], seekers.type[rows]
    phrase, own = seekers.phrase[rows], seekers.trigger[rows]
    right = phrases.first[phrase] >= batch.trigger_first[own]
    at = _Around(*_bounds(batch, head))
    here, here_pos, here_kind = at(form, place), at(pos, place), at(kind, place)
    here_class, prev_class = at(clusters, place), at(clusters, place - 1)
    prev, prev_pos, prev_kind = at(form, place - 1), at(pos, place - 1), at(kind, place - 1)
    prev2_pos, next_form = at(pos, place - 2), at(form, place + 1)
    inside = _inside(kind, item, place, at)

    def crossed(flags: Bools | Ints, most: int) -> Ints:
        """How many flagged words the argument takes in after its phrase."""
        total = _sums(flags)
        return np.asarray(np.minimum(total[place] - total[np.minimum(last, place)], most))

    fresh = np.ones(len(form), np.bool_)
    fresh[1:] = (kind[1:] != kind[:-1]) | (item[1:] != item[:-1])
    fresh[batch.bounds[:-1]] = True
    balance = crossed((form == _OPEN).astype(np.int64) - (form == _CLOSE), len(form))
    commas, links = crossed(form == _COMMA, 2), crossed(among(form, _LINKS), 3)
    acts, prepositions = crossed(rules.verb[pos], 2), crossed(rules.preposition[pos], 3)
    names = crossed(fresh & (kind > 0) & (kind <= _MISC), 3)
    numbers = crossed((kind > _MISC) & (kind <= _AGE), 3)
    quotes = _sums(among(form, _QUOTES))
    quotes = np.minimum(quotes[place] - quotes[np.minimum(phrases.first[phrase], place)], 2)
    touch = np.where(place == batch.trigger_first[own], 1, np.where(place >= at.high, 2, 0))
    whole = fresh[np.minimum(place, len(form) - 1)] | (place >= at.high)
    closes = np.where(whole, prev_kind, 0)
    closes = np.where(closes <= _AGE, closes, 0)
    chain = chains(batch)
    beside = np.minimum(phrase + 1, len(phrases) - 1)
    linked = ((chain[beside] == chain[phrase]) & (beside != phrase)).astype(np.int64)
    linked += 2 * ((chain[np.maximum(phrase - 1, 0)] == chain[phrase]) & (phrase > 0))
    follow, follow_pos = at(form, last), at(pos, last)
    follow_kind, follow_class = at(kind, last), at(clusters, last)
    second, second_pos, second_kind = at(form, last + 1), at(pos, last + 1), at(kind, last + 1)
    head_form, head_class, grown = form[head], clusters[head], np.sign(offset)
    slots: tuple[tuple[Ints | Bools, ...], ...] = (
        (role, offset),
        (kind_of, offset),
        (role, kind_of, grown),
        (here, kind_of),
        (here, role),
        (here, prev),
        (prev, role),
        (prev, grown),
        (prev_pos, here_pos),
        (prev_pos, here_pos, kind_of, grown),
        (prev2_pos, prev_pos, here_pos),
        (here, next_form),
        (inside,),
        (balance, grown, role),
        (commas, balance, acts, grown),
        (acts, grown, role),
        (here_kind, prev_kind, grown),
        (follow, grown, kind_of),
        (follow, offset),
        (follow, role, grown),
        (follow_pos, follow, offset),
        (head_form, grown),
        (head_form, prev),
        (right, here_pos, grown),
        (touch, role, grown),
        (touch, kind_of, offset),
        (touch, here_pos, grown, kind_of),
        (here_class, prev_class),
        (here_class, kind_of, grown),
        (prev_class, kind_of, grown),
        (here_class, role, grown),
        (prev_class, role, grown),
        (head_class, here),
        (head_class, prev_class, grown),
        (head_class, follow_class, grown),
        (head_form, here),
        (head_form, role, grown),
        (type_, role, grown),
        (type_, role, here),
        (type_, role, follow, grown),
        (quotes, grown, role),
        (prepositions, names, numbers, grown),
        (prepositions, acts, links, grown, kind_of),
        (names, role, grown),
        (numbers, role, grown),
        (links, role, grown),
        (follow, second, grown),
        (follow, second_pos, grown, role),
        (follow, second_kind, grown, kind_of),
        (follow_kind, grown, role),
        (follow, here, grown),
        (follow, prev, grown),
        (follow, here_pos, prev_pos),
        (follow, here_kind, prev_kind, grown, kind_of),
        (linked, grown, kind_of),
        (linked, role, grown, here),
        (linked, links, offset),
        (prev, here, next_form),
        (right, follow, grown),
        (right, touch, offset),
        (kind_of, prev_kind, here),
        (kind_of, prev_kind, here_kind, role),
        (closes, follow, grown),
        (closes, role, grown),
    )
    return Places(places, allowed, _stack(_FIRST_END_SLOT, slots, len(rows)))


def _free(batch: Batch, places: Ints, low: Ints, high: Ints) -> Bools:
    """Whether no trigger stands between a place and the phrase it belongs to."""
    total = _sums(batch.words.kind == _TRIGGER)
    clipped = np.clip(places, 0, len(total) - 1)
    begin, end = np.minimum(clipped, low), np.maximum(clipped, high)
    return np.asarray(total[end] == total[begin])


def _inside(kind: Ints, item: Ints, places: Ints, at: _Around) -> Ints:
    """Kind of the name, date or quantity that a place cuts in two, 0 for none."""
    here, prev = np.clip(places, 0, len(kind) - 1), np.clip(places - 1, 0, len(kind) - 1)
    same = (
        (places < at.high)
        & (kind[here] == kind[prev])
        & (item[here] == item[prev])
        & (places > at.low)
    )
    return np.where(same, kind[here], 0)


def _stack(first: int, slots: tuple[tuple[Ints | Bools, ...], ...], count: int) -> Hashes:
    out: npt.NDArray[np.uint64] = np.empty((count, len(slots)), np.uint64, order="F")
    for number, parts in enumerate(slots):
        out[:, number] = mixed(first + number, *parts)
    return out
