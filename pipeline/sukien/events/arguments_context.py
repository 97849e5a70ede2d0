"""What stands around a trigger and a phrase: neighbours, clauses, other triggers, kinds of types.

More features of a pair, beside those of `arguments_features.py`, and made in the same way. They
tell apart what the nearest words do not: whose phrase comes between, which verb or conjunction
opens the clause, what other event lies near and of which type.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sukien.events.arguments_features import (
    Hashes,
    Pairs,
    after,
    before,
    chains,
    distance,
    few,
    mixed,
    preposition_before,
)
from sukien.events.grammar import Bools, Ints, grammar, word_hash
from sukien.events.phrases import KINDS, Batch, among

__all__ = ["Types", "context_features"]

_TRIGGER, _PRONOUN, _MISC = (KINDS.index(name) for name in ("trigger", "pronoun", "MISC"))
_OF = word_hash("của")
# Slot numbers do not meet those of `arguments_features`.
_FIRST_SLOT = 200


@dataclass(frozen=True, slots=True)
class Types:
    """Hash of the type of each trigger of a batch, and of the group its type belongs to."""

    names: Ints
    groups: Ints


def _picked(values: Ints, at: Ints, held: Bools, other: int = -1) -> Ints:
    return np.where(held, values[np.clip(at, 0, max(len(values) - 1, 0))], other)


def _last_before(flags: Bools) -> Ints:
    """For each place the last flagged item before it, -1 for none; one place more than items."""
    at = np.where(flags, np.arange(len(flags)), -1)
    return np.concatenate([[-1], np.maximum.accumulate(at)])


def _first_from(flags: Bools) -> Ints:
    """For each place the first flagged item from it on, the number of items for none."""
    at = np.where(flags, np.arange(len(flags)), len(flags))
    return np.append(np.minimum.accumulate(at[::-1])[::-1], len(flags))


def _sums(flags: Bools) -> Ints:
    return np.concatenate([[0], np.cumsum(flags)])


def context_features(batch: Batch, pairs: Pairs, clusters: Ints, types: Types) -> Hashes:
    """Features of each pair, shape (pairs, slots)."""
    rules = grammar()
    words, phrases = batch.words, batch.phrases
    form, pos, kind, item = words.form, words.pos, words.kind, words.item
    own, phrase = pairs.trigger, pairs.phrase
    t_first, t_last = batch.trigger_first[own], batch.trigger_last[own]
    p_first, p_last = phrases.first[phrase], phrases.last[phrase]
    head, code = phrases.head[phrase], phrases.kind[phrase]
    sentence = words.sentence[t_first]
    start, stop = batch.bounds[sentence], batch.bounds[sentence + 1]
    right = p_first >= t_first
    low = np.where(right, t_last, p_last)
    high = np.maximum(np.where(right, p_first, t_first), low)
    gap = distance(high - low)
    group = types.groups[own]
    head_form, head_class = form[head], clusters[head]
    trigger_form = form[t_first] * 31 + np.where(t_last - t_first > 1, form[t_last - 1], 0)
    trigger_class = clusters[t_first]

    # Triggers next to the phrase and to the trigger, by their types; the own one is 1.
    triggers = kind == _TRIGGER
    last_trigger, next_trigger = _last_before(triggers), _first_from(triggers)

    def type_at(word: Ints, held: Bools) -> Ints:
        number = _picked(item, word, held)
        found = types.names[np.clip(number, 0, len(types.names) - 1)]
        return np.where(held & (number == own), 1, np.where(number >= 0, found, 0))

    type_left = type_at(last_trigger[p_first], last_trigger[p_first] >= start)
    type_right = type_at(next_trigger[p_last], next_trigger[p_last] < stop)
    type_before = type_at(last_trigger[t_first], last_trigger[t_first] >= start)
    type_after = type_at(next_trigger[t_last], next_trigger[t_last] < stop)

    # Inside the phrase.
    length = few(p_last - p_first, 4)
    second = np.where(head + 1 < p_last, form[np.minimum(head + 1, len(form) - 1)], 0)
    last_form, last_class = form[p_last - 1], clusters[p_last - 1]
    first_class, first_pos = clusters[p_first], pos[p_first]

    # The phrases beside it.
    size = len(phrases)
    left, beyond = phrase - 1, phrase + 1
    has_left = (left >= 0) & (words.sentence[phrases.first[np.maximum(left, 0)]] == sentence)
    clipped = np.minimum(beyond, size - 1)
    has_beyond = (beyond < size) & (words.sentence[phrases.first[clipped]] == sentence)
    left_kind = _picked(phrases.kind, left, has_left)
    left_head = _picked(phrases.head, left, has_left, 0)
    left_form = np.where(has_left, form[left_head], 0)
    left_class = np.where(has_left, clusters[left_head], -1)
    left_gap = np.where(has_left, few(p_first - _picked(phrases.last, left, has_left), 4), 9)
    beyond_kind = _picked(phrases.kind, beyond, has_beyond)
    beyond_gap = np.where(
        has_beyond, few(_picked(phrases.first, beyond, has_beyond) - p_last, 4), 9
    )
    chain = chains(batch)
    linked = (has_left & (chain[np.maximum(left, 0)] == chain[phrase])).astype(np.int64)
    linked += 2 * (has_beyond & (chain[clipped] == chain[phrase]))

    # Words around.
    prev, prev_pos = before(form, p_first, start), before(pos, p_first, start)
    nxt, nxt_pos = after(form, p_last, stop), after(pos, p_last, stop)
    adverb = before(form, t_first, start)
    preposition = preposition_before(batch, p_first, start)
    ends, begins = few(stop - p_last, 2), few(p_first - start, 2)

    # What opens a clause between the two, and the verbs there.
    opener = _last_before(among(form, rules.clause_openers))[high]
    opener_form = np.where(opener >= low, form[np.maximum(opener, 0)], 0)
    verbs = rules.verb[pos] & ~triggers
    verb = _last_before(verbs)[high]
    verb_form = np.where(verb >= low, form[np.maximum(verb, 0)], 0)
    verb_class = np.where(verb >= low, clusters[np.maximum(verb, 0)], -1)
    first_verb = _first_from(verbs)[low]
    first_form = np.where(first_verb < high, form[np.minimum(first_verb, len(form) - 1)], 0)

    # Names, and whatever may act, between the two and next to the trigger.
    named = (phrases.kind > 0) & (phrases.kind <= _MISC)
    acting = named | (phrases.kind == 0) | (phrases.kind == _PRONOUN)
    rank_low, rank_high = np.searchsorted(phrases.first, low), np.searchsorted(phrases.first, high)
    names, actors = _sums(named), _sums(acting)
    names_between = few(names[rank_high] - names[rank_low], 3)
    actors_between = few(actors[rank_high] - actors[rank_low], 4)
    facing = np.searchsorted(phrases.first, t_first)
    ahead = phrases.first[np.minimum(facing, size - 1)]
    has_ahead = (facing < size) & (ahead < stop)
    facing_kind = _picked(phrases.kind, facing, has_ahead)
    facing_gap = np.where(has_ahead & (ahead >= t_last), few(ahead - t_last, 3), 9)
    has_behind = (facing > 0) & (phrases.first[np.maximum(facing - 1, 0)] >= start)
    behind_kind = _picked(phrases.kind, facing - 1, has_behind)
    subjects = few(actors[facing] - actors[np.minimum(beyond, facing)], 3)
    subjects = np.where(right, 0, subjects)
    apart = few(rank_high - rank_low, 4)

    slots: tuple[tuple[Ints | Bools, ...], ...] = (
        (type_left, right, code),
        (type_right, right, code),
        (type_left, type_right, code),
        (type_before, right, code),
        (type_after, right, code),
        (type_before, prev, right),
        (type_left, prev, code),
        (second, head_form),
        (last_form, code),
        (last_class, code, right),
        (first_class, right),
        (length, code, right),
        (first_pos, length, right),
        (head_class, second),
        (left_kind, left_gap, code, right),
        (left_kind, prev, code),
        (left_class, prev, head_class),
        (left_form, prev, right),
        (prev == _OF, left_class, right),
        (beyond_kind, beyond_gap, code, right),
        (beyond_kind, nxt, code),
        (opener_form, right, code),
        (opener_form, right, gap),
        (verb_form, right),
        (verb_class, right, code),
        (first_form, right),
        (verb_form, prev, right),
        (linked, right, code),
        (linked, prev, code, right),
        (names_between, right, code, gap),
        (actors_between, right, code),
        (actors_between, opener_form, right, code),
        (facing_kind, facing_gap, right, code),
        (behind_kind, right, code, names_between),
        (trigger_form, facing_kind, right, code),
        (subjects, right, code),
        (trigger_form, actors_between, right, code),
        (trigger_form, right, prev, code),
        (trigger_form, head_class, right),
        (trigger_class, head_class, prev),
        (trigger_class, head_class, code, right),
        (trigger_class, prev, right),
        (ends, begins, code, right),
        (begins, nxt_pos, right, code),
        (begins, nxt, right),
        (prev_pos, nxt_pos, code, right, gap),
        (nxt, prev, right),
        (adverb, code, right, actors_between),
        (trigger_form, opener_form, right, code),
        (trigger_class, type_left, type_right, right),
        (head_form, prev, right),
        (head_class, prev, right),
        (head_class, nxt, right),
        (group, code, right),
        (group, head_form, right),
        (group, head_class, right),
        (group, prev, right),
        (group, preposition, code, right),
        (group, code, right, apart),
        (group, adverb, code, right),
        (group, prev, head_class),
        (group, nxt, right),
    )
    out: npt.NDArray[np.uint64] = np.empty((len(pairs), len(slots)), np.uint64)
    for number, parts in enumerate(slots):
        out[:, number] = mixed(_FIRST_SLOT + number, *parts)
    return out
