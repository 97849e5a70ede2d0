"""The inner loop of `crf`: forward and backward sums and the step, compiled by numba."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np

__all__ = ["run_pass"]

# numba has no types and is there only where models are trained.
_numba: Any = importlib.import_module("numba")
_compiled: Any = _numba.njit(fastmath=True, cache=True)


@_compiled
def _sums(s: Any, move: Any, n: int, ahead: Any, back: Any, node: Any, edge: Any) -> Any:
    """Probabilities of labels (into `node`) and of steps (added to `edge`); returns log Z."""
    width = s.shape[1]
    for j in range(width):
        ahead[0, j] = s[0, j]
    for t in range(1, n):
        top = ahead[t - 1, 0]
        for j in range(1, width):
            top = max(top, ahead[t - 1, j])
        for j in range(width):
            back[t, j] = math.exp(ahead[t - 1, j] - top)  # not needed yet: room to work in
        for j in range(width):
            total = 0.0
            for i in range(width):
                total += back[t, i] * move[i, j]
            ahead[t, j] = s[t, j] + top + math.log(total + 1e-300)
    top = ahead[n - 1, 0]
    for j in range(1, width):
        top = max(top, ahead[n - 1, j])
    total = 0.0
    for j in range(width):
        total += math.exp(ahead[n - 1, j] - top)
        back[n - 1, j] = 0.0
    log_z = top + math.log(total)
    for t in range(n - 2, -1, -1):
        top = back[t + 1, 0] + s[t + 1, 0]
        for j in range(1, width):
            top = max(top, back[t + 1, j] + s[t + 1, j])
        for i in range(width):
            total = 0.0
            for j in range(width):
                total += move[i, j] * math.exp(back[t + 1, j] + s[t + 1, j] - top)
            back[t, i] = top + math.log(total + 1e-300)
    for t in range(n):
        for j in range(width):
            node[t, j] = math.exp(ahead[t, j] + back[t, j] - log_z)
    for t in range(1, n):
        for i in range(width):
            for j in range(width):
                if move[i, j] > 0:
                    edge[i, j] += move[i, j] * math.exp(
                        ahead[t - 1, i] - log_z + s[t, j] + back[t, j]
                    )
    return log_z


@_compiled
def run_pass(
    features: Any,
    starts: Any,
    lengths: Any,
    trust: Any,
    order: Any,
    target: Any,
    weights: Any,
    squares: Any,
    steps: Any,
    step_squares: Any,
    allowed: Any,
    rate: float,
    penalty: float,
    dropout: Any,
    seed: int,
) -> float:
    """Go once through all sentences in `order`, updating the weights in place; returns the loss.

    `features` (places, templates) holds feature numbers, -1 for none; `target` label numbers;
    `weights` and `squares` (features, labels); `steps` (labels, labels).
    """
    np.random.seed(seed)
    width = weights.shape[1]
    count = features.shape[1]
    longest = lengths.max()
    s = np.zeros((longest, width))
    ahead = np.zeros((longest, width))
    back = np.zeros((longest, width))
    node = np.zeros((longest, width))
    edge = np.zeros((width, width))
    move = np.zeros((width, width))
    used = np.zeros((longest, count), np.bool_)
    loss = 0.0
    for u in order:
        a = starts[u]
        n = lengths[u]
        w = trust[u]
        if w <= 0:
            continue
        for i in range(width):
            for j in range(width):
                move[i, j] = math.exp(steps[i, j]) if allowed[i, j] else 0.0
                edge[i, j] = 0.0
        for t in range(n):
            for j in range(width):
                s[t, j] = 0.0
            for k in range(count):
                f = features[a + t, k]
                keep = f >= 0 and not (dropout[k] > 0 and np.random.random() < dropout[k])
                used[t, k] = keep
                if keep:
                    for j in range(width):
                        s[t, j] += weights[f, j]
        for j in range(width):
            if not allowed[width, j]:
                s[0, j] -= 1e4
        log_z = _sums(s, move, n, ahead, back, node, edge)
        gold = 0.0
        for t in range(n):
            y = target[a + t]
            gold += s[t, y]
            node[t, y] -= 1.0
            if t > 0:
                x = target[a + t - 1]
                gold += steps[x, y]
                edge[x, y] -= 1.0
        loss += w * (log_z - gold)
        for t in range(n):
            size = 0.0
            for j in range(width):
                node[t, j] *= w
                size += abs(node[t, j])
            if size < 1e-4:
                continue
            for k in range(count):
                if used[t, k]:
                    f = features[a + t, k]
                    for j in range(width):
                        g = node[t, j] + penalty * weights[f, j]
                        squares[f, j] += g * g
                        weights[f, j] -= rate * g / math.sqrt(squares[f, j])
        for i in range(width):
            for j in range(width):
                if allowed[i, j]:
                    g = w * edge[i, j]
                    step_squares[i, j] += g * g
                    if g != 0:
                        steps[i, j] -= rate * g / math.sqrt(step_squares[i, j])
    return loss
