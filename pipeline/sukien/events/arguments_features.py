"""What the argument model sees of a trigger and a phrase: hashed features, as arrays.

A feature is a 64-bit hash of a slot number and of what fills the slot. All are computed for all
pairs of a batch at once. The slots follow what argument classifiers have used since ACE (Gildea
and Jurafsky 2002; Ji and Grishman 2008): what the phrase is, where it stands, what lies between.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sukien.events.grammar import Ints, grammar, word_hash
from sukien.events.phrases import KINDS, Batch, among

__all__ = [
    "COMMA",
    "Hashes",
    "Pairs",
    "after",
    "before",
    "chains",
    "distance",
    "few",
    "mixed",
    "pair_features",
    "pairs_of",
    "preposition_before",
    "resumed",
    "seed",
]

Hashes = npt.NDArray[np.uint64]

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_TRIGGER = KINDS.index("trigger")

# Phrases on each side of a trigger that can be its arguments.
_REACH = 12

# Distances fall into classes: 0 1 2 3 4-5 6-8 9-13 14-20 more.
_FAR = 64
_DISTANCE = np.searchsorted([0, 1, 2, 3, 5, 8, 13, 20], np.arange(_FAR + 1))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a trigger and a phrase of its sentence, as positions in a `Batch`."""

    trigger: Ints
    phrase: Ints

    def __len__(self) -> int:
        return len(self.trigger)


def pairs_of(batch: Batch) -> Pairs:
    """Pairs of a trigger and a phrase of its sentence, trigger by trigger.

    Of a long sentence only the nearest phrases are paired, so that the cost stays linear.
    """
    sentence = batch.words.sentence[batch.trigger_first]
    begins = batch.phrases.first
    at = np.searchsorted(begins, batch.trigger_first)
    low = np.maximum(np.searchsorted(begins, batch.bounds[sentence]), at - _REACH)
    high = np.minimum(np.searchsorted(begins, batch.bounds[sentence + 1]), at + _REACH)
    count = high - low
    trigger = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(trigger)) - np.repeat(np.cumsum(count) - count, count)
    return Pairs(trigger, np.repeat(low, count) + within)


def seed(*names: str) -> int:
    """Hash names to 64 bits, the same on every machine.

    >>> seed("Die", "Victim") == seed("Die", "Victim") != seed("Victim", "Die")
    True
    """
    value = 0
    for name in names:
        value = ((value ^ word_hash(name)) * int(_PRIME)) & 0xFFFFFFFFFFFFFFFF
        value ^= value >> 29
    return value


def mixed(slot: int, *parts: Ints | npt.NDArray[np.bool_]) -> Hashes:
    """Hash of a slot number and of what stands in it, item by item."""
    value: Hashes = np.full(1, slot + 1, np.uint64)
    for part in parts:
        value = value ^ part.astype(np.uint64)
        value *= _PRIME
        value ^= value >> _SHIFT
    return value


def before(values: Ints, at: Ints, start: Ints) -> Ints:
    """Values one place to the left of `at`, -1 at the start of the sentence."""
    return np.where(at > start, values[np.maximum(at - 1, 0)], -1)


def after(values: Ints, at: Ints, stop: Ints) -> Ints:
    """Values at `at`, -1 past the end of the sentence."""
    return np.where(at < stop, values[np.minimum(at, len(values) - 1)], -1)


def few(count: Ints, most: int) -> Ints:
    """Counts, cut off."""
    return np.minimum(count, most)


def distance(words: Ints) -> Ints:
    """Class of a distance in words."""
    return np.asarray(_DISTANCE[np.clip(words, 0, _FAR)])


_PASSIVE = [word_hash("bị"), word_hash("được"), word_hash("do"), word_hash("bởi")]
_COMMA = np.array(sorted(word_hash(mark) for mark in (",", ";", ":", "-", "–")), np.int64)
COMMA = word_hash(",")
_OPEN, _CLOSE = word_hash("("), word_hash(")")
_LINKS = np.array(sorted(word_hash(word) for word in (",", "và", "cùng", "hoặc", "hay")), np.int64)
_LAST_NAME, _LAST_DATE = KINDS.index("MISC"), KINDS.index("SET")


def pair_features(batch: Batch, pairs: Pairs, clusters: Ints) -> Hashes:
    """Features of each pair, shape (pairs, slots).

    `clusters` holds for each word of the batch a class of words with like neighbours.
    """
    rules = grammar()
    words, phrases = batch.words, batch.phrases
    form, pos, kind = words.form, words.pos, words.kind
    t_first, t_last = batch.trigger_first[pairs.trigger], batch.trigger_last[pairs.trigger]
    p_first, p_last = phrases.first[pairs.phrase], phrases.last[pairs.phrase]
    sentence = words.sentence[t_first]
    start, stop = batch.bounds[sentence], batch.bounds[sentence + 1]

    right = p_first >= t_first
    # The stretch between the two: half-open, in words.
    low = np.where(right, t_last, p_last)
    high = np.maximum(np.where(right, p_first, t_first), low)
    gap = distance(high - low)

    def between(flags: npt.NDArray[np.bool_]) -> Ints:
        total = np.concatenate([[0], np.cumsum(flags)])
        return np.asarray(total[high] - total[low], np.int64)

    triggers = kind == _TRIGGER
    entry = triggers.copy()
    entry[1:] &= ~(triggers[:-1] & (words.item[1:] == words.item[:-1]))
    commas = few(between(among(form, _COMMA)), 3)
    verbs = few(between(rules.verb[pos] & ~triggers), 3)
    others = few(between(entry), 2)
    opened = np.zeros(len(words) + 1, np.int64)
    np.cumsum((form == _OPEN).astype(np.int64) - (form == _CLOSE), out=opened[1:])
    bracket = np.sign(opened[p_first] - opened[t_first])

    # Phrases between, all and of the same kind; counted over starts of phrases.
    code = phrases.kind[pairs.phrase]
    rank_low, rank_high = np.searchsorted(phrases.first, low), np.searchsorted(phrases.first, high)
    apart = few(rank_high - rank_low, 5)
    alike = _same_kind(phrases.kind, rank_low, rank_high, code)
    place = few(pairs.phrase - np.searchsorted(phrases.first, start), 3)

    # Words around the phrase and around the trigger.
    head = form[phrases.head[pairs.phrase]]
    head_pos = pos[phrases.head[pairs.phrase]]
    first_form, last_form = form[p_first], form[p_last - 1]
    prev, prev_pos = before(form, p_first, start), before(pos, p_first, start)
    prev2 = before(form, p_first - 1, start)
    nxt, nxt_pos = after(form, p_last, stop), after(pos, p_last, stop)
    nxt2 = after(form, p_last + 1, stop)
    t_prev, t_prev_pos = before(form, t_first, start), before(pos, t_first, start)
    t_prev2 = before(form, t_first - 1, start)
    t_next = after(form, t_last, stop)
    facing = np.where(right, t_next, t_prev)
    trigger_form = form[t_first] * 31 + np.where(t_last - t_first > 1, form[t_last - 1], 0)
    trigger_pos = pos[t_first]
    voice = np.zeros(len(pairs), np.int64)
    for code_of_voice, word in enumerate(_PASSIVE, start=1):
        near = (form[t_first] == word) | (t_prev == word) | (t_prev2 == word)
        voice = np.where(near, code_of_voice, voice)
    voice_here = np.zeros(len(pairs), np.int64)
    for code_of_voice, word in enumerate(_PASSIVE, start=1):
        voice_here = np.where((prev == word) | (nxt == word), code_of_voice, voice_here)

    # The verb or trigger that governs the phrase: the last one before it, and the next after.
    ruling = rules.verb[pos] | triggers
    at = np.arange(len(words))
    last_ruler = np.maximum.accumulate(np.where(ruling, at, -1))
    ruler = np.where(p_first > start, last_ruler[np.maximum(p_first - 1, 0)], -1)
    ruler = np.where(ruler >= start, ruler, -1)
    own = (ruler >= t_first) & (ruler < t_last)
    ruler_form = np.where(own, 1, np.where(ruler >= 0, form[ruler], 0))
    next_ruler = np.append(
        np.minimum.accumulate(np.where(ruling, at, len(words))[::-1])[::-1], len(words)
    )[p_last]
    next_ruler = np.where(next_ruler < stop, next_ruler, -1)
    next_own = (next_ruler >= t_first) & (next_ruler < t_last)
    next_form = np.where(next_own, 1, np.where(next_ruler >= 0, form[next_ruler], 0))
    head_class = clusters[phrases.head[pairs.phrase]]
    trigger_class = clusters[t_first]
    ruler_class = np.where(own, -1, np.where(ruler >= 0, clusters[ruler], -2))
    prev_class = before(clusters, p_first, start)
    next_class = np.where(next_own, -1, np.where(next_ruler >= 0, clusters[next_ruler], -2))
    again = resumed(batch)[pairs.trigger]
    opening = pairs.phrase == np.searchsorted(phrases.first, start)
    topic = opening + 2 * (nxt == COMMA).astype(np.int64)
    # Insertions open and close with commas: how many stand before the phrase.
    marks = np.concatenate([[0], np.cumsum(form == COMMA)])
    inserted = few(marks[p_first] - marks[start], 2)
    preposition = preposition_before(batch, p_first, start)
    nearer = _nearer_trigger(batch, p_first, p_last, pairs.trigger, gap, start, stop)
    path, path_words = _paths(words.pos, form, low, high)

    slots = (
        (),
        (code,),
        (code, right, apart),
        (right, apart, commas),
        (head,),
        (head, right),
        (head_pos, right, code),
        (code, right, voice),
        (code, right, voice, apart, verbs),
        (prev, right),
        (prev, code),
        (prev2, prev),
        (nxt, right),
        (nxt, code, right, next_own),
        (preposition, code, right),
        (preposition, right, apart),
        (right, gap),
        (code, right, gap),
        (path, code, right),
        (path_words, right),
        (trigger_form, right, code),
        (trigger_form, prev, right),
        (trigger_form, right, voice, apart),
        (trigger_form, head),
        (facing, code, right, apart),
        (others, right, code),
        (commas, verbs, others, right),
        (place, right, code, voice),
        (alike, right, code),
        (bracket, right, code),
        (trigger_pos, t_prev_pos, right, code),
        (first_form,),
        (last_form, right),
        (nearer, right, code),
        (ruler_form, right),
        (ruler_form, next_form, right),
        (own, next_own, right, code, apart),
        (t_prev, right, code, apart),
        (t_prev2, t_prev, right),
        (trigger_form, t_next, right),
        (prev_pos, nxt_pos, right, code),
        (nxt, nxt2, right),
        (voice_here, voice, right, code),
        (trigger_form, ruler_form, right),
        (head_class, right),
        (head_class, code, right, apart),
        (head_class, trigger_class, right),
        (head_class, trigger_form),
        (head_class, ruler_class, right),
        (trigger_class, code, right, voice),
        (trigger_class, preposition, code, right),
        (ruler_class, next_class, right, code),
        (prev_class, code, right),
        (again, topic, code, right),
        (again, topic, right, apart),
        (again, inserted, opening, code, right),
        (again, inserted, topic, right, verbs),
    )
    # One slot a row in memory: sums over features then run along whole rows.
    out = np.empty((len(pairs), len(slots)), np.uint64, order="F")
    for slot, parts in enumerate(slots):
        out[:, slot] = mixed(slot, *parts)
    return out


def chains(batch: Batch) -> Ints:
    """Running number of the chain of conjuncts that each phrase belongs to: `A, B và C`."""
    words, phrases = batch.words, batch.phrases
    if not len(phrases):
        return np.zeros(0, np.int64)
    before, here = phrases.last[:-1], phrases.first[1:]
    first_between = among(words.form[np.minimum(before, len(words) - 1)], _LINKS)
    last_between = among(words.form[np.maximum(here - 1, 0)], _LINKS)
    gap = here - before
    linked = ((gap == 1) | (gap == 2)) & first_between & last_between
    linked &= words.sentence[before - 1] == words.sentence[here]
    # A name goes with a name, an amount with an amount.
    kinds = phrases.kind
    named = (kinds > 0) & (kinds <= _LAST_NAME)
    dated = (kinds > _LAST_NAME) & (kinds <= _LAST_DATE)
    linked &= (named[:-1] == named[1:]) & (dated[:-1] == dated[1:])
    return np.concatenate([[0], np.cumsum(~linked)])


def _same_kind(kinds: Ints, low: Ints, high: Ints, code: Ints) -> Ints:
    """Count phrases of the same kind in a range of phrases, at most 3."""
    total = np.zeros((len(KINDS), len(kinds) + 1), np.int64)
    total[kinds, np.arange(1, len(kinds) + 1)] = 1
    total = np.cumsum(total, axis=1)
    return few(total[code, np.maximum(high, low)] - total[code, low], 3)


def resumed(batch: Batch) -> npt.NDArray[np.bool_]:
    """Whether a trigger takes up the sentence after an insertion: `X, …, đã chính thức V`."""
    rules = grammar()
    words = batch.words
    start = batch.bounds[words.sentence[batch.trigger_first]]
    found = np.zeros(len(start), np.bool_)
    alive = np.ones(len(start), np.bool_)
    for step in range(1, 5):
        at = batch.trigger_first - step
        alive &= at > start
        at = np.maximum(at, 0)
        found |= alive & (words.form[at] == COMMA)
        alive &= rules.adverb[words.pos[at]] & ~found
    return found


def preposition_before(batch: Batch, p_first: Ints, start: Ints) -> Ints:
    """The last preposition within four words before the phrase with no verb after it, or -1."""
    rules = grammar()
    words = batch.words
    found = np.full(len(p_first), -1, np.int64)
    alive = np.ones(len(p_first), np.bool_)
    for step in range(1, 5):
        at = np.maximum(p_first - step, 0)
        alive &= (p_first - step >= start) & ~rules.mark[words.pos[at]]
        alive &= (words.kind[at] != _TRIGGER) & ~rules.verb[words.pos[at]]
        hit = alive & rules.preposition[words.pos[at]]
        found = np.where(hit, words.form[at], found)
        alive &= ~hit
    return found


def _nearer_trigger(
    batch: Batch, p_first: Ints, p_last: Ints, own: Ints, gap: Ints, start: Ints, stop: Ints
) -> Ints:
    """Whether another trigger is nearer to the phrase: 1 on the left, 2 on the right, 3 both."""
    item = batch.words.item
    triggers = batch.words.kind == _TRIGGER
    size = len(triggers)
    at = np.arange(size)
    left = np.concatenate([[-1], np.maximum.accumulate(np.where(triggers, at, -1))])[p_first]
    right = np.append(np.minimum.accumulate(np.where(triggers, at, size)[::-1])[::-1], size)[p_last]
    left_other = (left >= start) & (item[np.maximum(left, 0)] != own)
    right_other = (right < stop) & (item[np.minimum(right, size - 1)] != own)
    left_gap = distance(p_first - 1 - left)
    right_gap = distance(right - p_last)
    found = (left_other & (left_gap < gap)) + 2 * (right_other & (right_gap < gap))
    return np.asarray(found, np.int64)


def _paths(pos: Ints, form: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Hashes of the parts of speech, and of the words, between; of at most four words."""
    tags = np.zeros(len(low), np.int64)
    forms = np.zeros(len(low), np.int64)
    for step in range(4):
        at = np.minimum(low + step, len(pos) - 1)
        inside = low + step < high
        tags = np.where(inside, tags * 41 + pos[at] + 1, tags)
        forms = np.where(inside, forms * 1_000_003 + form[at], forms)
    length = np.minimum(high - low, 5)
    return tags * 7 + length, forms * 7 + length
