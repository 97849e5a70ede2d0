"""The inner loop of training the pair model: one pass of gradient steps, compiled by numba.

Adagrad (Duchi, Hazan and Singer 2011), pair by pair; each step leaves features out at random,
which keeps weights from leaning on single features (Wang and Manning 2013).
"""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np

__all__ = ["run_pass"]

# numba has no types and is there only where models are trained.
_numba: Any = importlib.import_module("numba")
_compiled: Any = _numba.njit(cache=True)


@_compiled
def run_pass(
    own: Any,
    shared: Any,
    columns: Any,
    role: Any,
    trust: Any,
    order: Any,
    own_weights: Any,
    own_squares: Any,
    shared_weights: Any,
    shared_squares: Any,
    rate: float,
    own_penalty: float,
    shared_penalty: float,
    dropout: float,
    alone: float,
    seed: int,
) -> float:
    """Go once through the pairs in `order`, updating the weights in place; returns the loss.

    `own` and `shared` hold the features of each pair as rows of the two tables, -1 for none, the
    first of each always kept; `columns` the shared column of each role of the pair's type, -1
    past the last one; `role` what it plays, -1 for nothing; `trust` what it counts; `alone` is
    what the shared weights by themselves count beside both tables together.
    """
    np.random.seed(seed)
    width = columns.shape[1]
    mixed, both = np.zeros(width), np.zeros(width)
    slope, common = np.zeros(width), np.zeros(width)
    own_kept = np.zeros(own.shape[1], np.bool_)
    shared_kept = np.zeros(shared.shape[1], np.bool_)
    scale = 1.0 / (1.0 - dropout)
    loss = 0.0
    for pair in order:
        count = 0
        while count < width and columns[pair, count] >= 0:
            count += 1
        mixed[:] = 0.0
        both[:] = 0.0
        for slot in range(shared.shape[1]):
            feature = shared[pair, slot]
            kept = slot == 0 or np.random.random() >= dropout
            shared_kept[slot] = kept and feature >= 0
            if shared_kept[slot]:
                value = 1.0 if slot == 0 else scale
                for j in range(count):
                    mixed[j] += value * shared_weights[feature, columns[pair, j]]
        for slot in range(own.shape[1]):
            feature = own[pair, slot]
            kept = slot == 0 or np.random.random() >= dropout
            own_kept[slot] = kept and feature >= 0
            if own_kept[slot]:
                value = 1.0 if slot == 0 else scale
                for j in range(count):
                    both[j] += value * own_weights[feature, j]
        total, total_alone = 1.0, 1.0
        for j in range(count):
            both[j] += mixed[j]
            slope[j] = math.exp(min(both[j], 30.0))
            common[j] = math.exp(min(mixed[j], 30.0))
            total += slope[j]
            total_alone += common[j]
        weight = trust[pair]
        loss += weight * (math.log(total) - (both[role[pair]] if role[pair] >= 0 else 0.0))
        for j in range(count):
            right = 1.0 if j == role[pair] else 0.0
            slope[j] = weight * (slope[j] / total - right)
            common[j] = slope[j] + alone * weight * (common[j] / total_alone - right)
        for slot in range(shared.shape[1]):
            if shared_kept[slot]:
                feature = shared[pair, slot]
                value = 1.0 if slot == 0 else scale
                for j in range(count):
                    k = columns[pair, j]
                    step = value * common[j] + shared_penalty * shared_weights[feature, k]
                    shared_squares[feature, k] += step * step
                    shared_weights[feature, k] -= (
                        rate * step / math.sqrt(shared_squares[feature, k])
                    )
        for slot in range(own.shape[1]):
            if own_kept[slot]:
                feature = own[pair, slot]
                value = 1.0 if slot == 0 else scale
                for j in range(count):
                    step = value * slope[j] + own_penalty * own_weights[feature, j]
                    own_squares[feature, j] += step * step
                    own_weights[feature, j] -= rate * step / math.sqrt(own_squares[feature, j])
    return loss
