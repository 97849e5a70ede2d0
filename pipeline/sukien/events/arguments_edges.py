"""Where an argument begins and ends: hashed features of the places near its phrase.

A phrase is minimal; an argument may take in a title on its left, or a modifier, a bracket or
a second name on its right. Each edge is chosen among a few places between words, apart from the
other edge and from what else is in the batch.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt

from sukien.events.arguments_features import Hashes, mixed
from sukien.events.phrases import KINDS, Batch, Bools, Ints, grammar, word_hash

__all__ = ["ENDS", "STARTS", "end_features", "start_features"]

# Places to begin, in words from the phrase's first; to end, from the word after its last.
STARTS = np.arange(-5, 5)
ENDS = np.arange(-4, 15)

_TRIGGER = KINDS.index("trigger")
_OPEN, _CLOSE, _COMMA = word_hash("("), word_hash(")"), word_hash(",")
# Slot numbers of edges do not meet those of pairs.
_FIRST_SLOT = 100


def _at(values: Ints, places: Ints, low: Ints, high: Ints) -> Ints:
    """Values at places, -1 outside the sentence."""
    inside = (places >= low) & (places < high)
    return np.where(inside, values[np.clip(places, 0, len(values) - 1)], -1)


def start_features(
    batch: Batch, phrase: Ints, role: Ints, right: Bools
) -> tuple[Hashes, Bools, Ints]:
    """Features of each allowed place to begin; which places are allowed; where they are.

    The features are of shape (allowed places, slots), the others (arguments, places).
    `role` holds a hash of the argument's role, `right` whether it stands after its trigger.
    """
    words, phrases = batch.words, batch.phrases
    first, head = phrases.first[phrase][:, None], phrases.head[phrase][:, None]
    low, high = _sentence(batch, first)
    places = first + STARTS[None, :]
    allowed = (places >= low) & (places <= head)
    allowed &= _free(batch, places, first, head)
    form, pos, kind, item = words.form, words.pos, words.kind, words.item
    offset = np.broadcast_to(STARTS[None, :], places.shape)
    here, here_pos = _at(form, places, low, high), _at(pos, places, low, high)
    prev, prev_pos = _at(form, places - 1, low, high), _at(pos, places - 1, low, high)
    prev2 = _at(form, places - 2, low, high)
    inside = _inside(kind, item, places, low)
    code = phrases.kind[phrase][:, None]
    shape = places.shape
    role_, code_ = np.broadcast_to(role[:, None], shape), np.broadcast_to(code, shape)
    after = np.broadcast_to(right[:, None], shape)
    to_head = head - places
    slots = (
        (role_, offset),
        (code_, offset),
        (role_, code_, to_head),
        (here, code_),
        (here, role_),
        (here, prev),
        (prev, code_),
        (prev, role_),
        (prev_pos, here_pos),
        (prev_pos, here_pos, code_, offset),
        (prev2, prev),
        (inside,),
        (here_pos, offset, code_),
        (prev, here_pos, after),
    )
    return _stack(_FIRST_SLOT, slots, allowed), allowed, places


def end_features(
    batch: Batch, phrase: Ints, role: Ints, right: Bools
) -> tuple[Hashes, Bools, Ints]:
    """The same for each place to end; a place is that of the word after the argument."""
    words, phrases = batch.words, batch.phrases
    last, head = phrases.last[phrase][:, None], phrases.head[phrase][:, None]
    low, high = _sentence(batch, head)
    places = last + ENDS[None, :]
    allowed = (places <= high) & (places > head)
    allowed &= _free(batch, places, head, last)
    form, pos, kind, item = words.form, words.pos, words.kind, words.item
    offset = np.broadcast_to(ENDS[None, :], places.shape)
    here, here_pos = _at(form, places, low, high), _at(pos, places, low, high)
    prev, prev_pos = _at(form, places - 1, low, high), _at(pos, places - 1, low, high)
    prev2_pos, next_form = _at(pos, places - 2, low, high), _at(form, places + 1, low, high)
    inside = _inside(kind, item, places, low)
    opened = np.concatenate([[0], np.cumsum((form == _OPEN).astype(np.int64) - (form == _CLOSE))])
    clipped = np.clip(places, 0, len(form))
    balance = opened[clipped] - opened[np.minimum(last, clipped)]
    commas = np.concatenate([[0], np.cumsum(form == _COMMA)])
    crossed = np.minimum(commas[clipped] - commas[np.minimum(last, clipped)], 2)
    verbs = np.concatenate([[0], np.cumsum(grammar().verb[pos])])
    acts = np.minimum(verbs[clipped] - verbs[np.minimum(last, clipped)], 2)
    here_kind, prev_kind = _at(kind, places, low, high), _at(kind, places - 1, low, high)
    shape = places.shape
    code_ = np.broadcast_to(phrases.kind[phrase][:, None], shape)
    role_ = np.broadcast_to(role[:, None], shape)
    after = np.broadcast_to(right[:, None], shape)
    follow = np.broadcast_to(_at(form, last, low, high), shape)
    follow_pos = np.broadcast_to(_at(pos, last, low, high), shape)
    head_form = np.broadcast_to(form[head], shape)
    grown = np.sign(offset)
    slots = (
        (role_, offset),
        (code_, offset),
        (role_, code_, grown),
        (here, code_),
        (here, role_),
        (here, prev),
        (prev, role_),
        (prev, grown),
        (prev_pos, here_pos),
        (prev_pos, here_pos, code_, grown),
        (prev2_pos, prev_pos, here_pos),
        (here, next_form),
        (inside,),
        (balance, grown, role_),
        (crossed, balance, acts, grown),
        (acts, grown, role_),
        (here_kind, prev_kind, grown),
        (follow, grown, code_),
        (follow, offset),
        (follow, role_, grown),
        (follow_pos, follow, offset),
        (head_form, grown),
        (head_form, prev),
        (after, here_pos, grown),
    )
    return _stack(_FIRST_SLOT + 50, slots, allowed), allowed, places


def _sentence(batch: Batch, word: Ints) -> tuple[Ints, Ints]:
    sentence = batch.words.sentence[word]
    return batch.bounds[sentence], batch.bounds[sentence + 1]


def _free(batch: Batch, places: Ints, low: Ints, high: Ints) -> Bools:
    """Whether no trigger stands between a place and the phrase it belongs to."""
    total = np.concatenate([[0], np.cumsum(batch.words.kind == _TRIGGER)])
    clipped = np.clip(places, 0, len(total) - 1)
    begin, end = np.minimum(clipped, low), np.maximum(clipped, high)
    return np.asarray(total[end] == total[begin])


def _inside(kind: Ints, item: Ints, places: Ints, low: Ints) -> Ints:
    """Kind of the name, date or quantity that a place cuts in two, 0 for none."""
    here, prev = np.clip(places, 0, len(kind) - 1), np.clip(places - 1, 0, len(kind) - 1)
    same = (kind[here] == kind[prev]) & (item[here] == item[prev]) & (places > low)
    return np.where(same, kind[here], 0)


def _stack(first: int, slots: tuple[tuple[Ints | Bools, ...], ...], allowed: Bools) -> Hashes:
    """Features of the allowed places; what fills several slots is laid out once."""
    rows = np.flatnonzero(allowed)
    filled: dict[int, Ints | Bools] = {}
    out: npt.NDArray[np.uint64] = np.empty((len(rows), len(slots)), np.uint64, order="F")
    for number, parts in enumerate(slots):
        for part in parts:
            if id(part) not in filled:
                laid_out = cast("Ints | Bools", np.broadcast_to(part, allowed.shape))
                filled[id(part)] = laid_out.ravel()[rows]
        out[:, number] = mixed(first + number, *(filled[id(part)] for part in parts))
    return out
