"""Decoding a linear-chain CRF for a whole batch of sentences at once.

Sentences are laid out by time: first the first tokens of all of them, longest sentence first,
then the second tokens, and so on; a step works on a row a label. Only transitions that a model
allows are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sukien.tagging.model import Model

__all__ = ["Lattice"]

_FEW = 32  # sentences below which one broadcast call beats one call a label
_FORBIDDEN = -900  # a transition below has no chance, in whole units

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(slots=True)
class Lattice:
    """Label scores of a batch: `scores` (tokens, labels) in fixed point, `sizes` by sentence."""

    model: Model
    scores: Ints
    sizes: Index

    def of(self, sentences: Index) -> tuple[Lattice, Index]:
        """Some of the sentences (positions in order), and their tokens here."""
        sizes = self.sizes[sentences]
        starts = (np.cumsum(self.sizes) - self.sizes)[sentences]
        tokens = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        return Lattice(self.model, self.scores[tokens], sizes), tokens

    def best(self) -> Index:
        """Label of each token on the best path (Viterbi); ties go to the lowest label."""
        layout = _ByTime(self.sizes)
        best = layout.rows(self.scores)
        transitions = self.model.transitions
        blocks = _blocks(self.model)
        for before, now in layout.steps():
            ahead = best[:, before]
            if ahead.shape[1] < _FEW:
                reached = (ahead[:, None] + transitions[:, :, None]).max(axis=0)
            else:
                reached = np.empty_like(ahead)
                for targets, sources, weights in blocks:
                    most = ahead[sources[0]] + weights[0]
                    for source, weight in zip(sources[1:], weights[1:], strict=True):
                        np.maximum(most, ahead[source] + weight, out=most)
                    reached[targets] = most
            # Kept near zero, so that a long sentence does not overflow; differences stay exact.
            reached -= reached.max(axis=0)
            best[:, now] += reached
        choice = np.ascontiguousarray(best.T)
        into = np.ascontiguousarray(transitions.T)
        path = np.empty(len(choice), dtype=np.int64)
        after = slice(0, 0)
        for now in reversed(layout.slices):
            block = choice[now]
            going = after.stop - after.start
            block[:going] += into.take(path[after], axis=0)
            path[now] = block.argmax(axis=1)
            after = now
        out = np.empty_like(path)
        out[layout.tokens] = path
        return out

    def span_probability(self, spans: Sequence[tuple[int, int]], path: Index) -> list[float]:
        """Probability that the labels of each span of tokens are those of `path`, to 3 decimals.

        Exact, by the forward-backward sums at both ends (Culotta and McCallum, HLT-NAACL 2004).
        Spans are half-open in the batch's tokens and lie within one sentence.
        """
        starts = np.array([start for start, _ in spans], dtype=np.int64)
        lengths = np.array([end for _, end in spans], dtype=np.int64) - starts
        owner = np.searchsorted(np.cumsum(self.sizes), starts, side="right")
        # Only sentences that hold a span are summed over.
        part, tokens = self.of(np.unique(owner))
        emit, move, forward, backward, norm, place = part._forward_backward()
        labels = path[tokens]
        at = np.searchsorted(tokens, starts)
        chance = forward[labels[at], place[at]]
        for step in range(1, int(lengths.max(initial=0))):
            going = np.flatnonzero(lengths > step)
            token = at[going] + step
            label, where = labels[token], place[token]
            chance[going] *= move[labels[token - 1], label] * emit[label, where]
            chance[going] /= norm[where]
        last = at + lengths - 1
        chance *= backward[labels[last], place[last]]
        return [round(value, 3) for value in np.minimum(chance, 1.0).tolist()]

    def _forward_backward(self) -> tuple[Floats, Floats, Floats, Floats, Floats, Index]:
        """Scaled forward and backward sums (Rabiner 1989, V.A), by label and place in time.

        The last array is the place of each token. What else is in the batch can change a product
        of matrices in its last bits only, far below the three decimals that are kept.
        """
        layout = _ByTime(self.sizes)
        scale = float(self.model.scale)
        scores = layout.rows(self.scores)
        emit = np.exp((scores - scores.max(axis=0)) / scale)
        move = np.exp(self.model.transitions / scale)
        back = np.ascontiguousarray(move.T)
        forward, backward = emit.copy(), np.ones_like(emit)
        norm = np.ones(emit.shape[1])
        for number, now in enumerate(layout.slices):
            if number:
                forward[:, now] *= back @ forward[:, layout.before(number)]
            norm[now] = total = forward[:, now].sum(axis=0)
            forward[:, now] /= total
        for number in range(len(layout.slices) - 1, 0, -1):
            now, before = layout.slices[number], layout.before(number)
            backward[:, before] = move @ (emit[:, now] * backward[:, now]) / norm[now]
        place = np.empty(len(layout.tokens), dtype=np.int64)
        place[layout.tokens] = np.arange(len(place))
        return emit, move, forward, backward, norm, place


class _ByTime:
    """Tokens of a batch in the order of time; `slices` are its steps, `tokens` the order."""

    def __init__(self, sizes: Index) -> None:
        order = np.argsort(-sizes, kind="stable")
        starts = (np.cumsum(sizes) - sizes)[order]
        longest = int(sizes.max(initial=0))
        running = len(sizes) - np.searchsorted(np.sort(sizes), np.arange(longest), side="right")
        ends = np.cumsum(running)
        self.slices = [
            slice(end - size, end)
            for end, size in zip(ends.tolist(), running.tolist(), strict=True)
        ]
        step = np.repeat(np.arange(longest), running)
        self.tokens = starts[np.arange(int(running.sum())) - (ends - running)[step]] + step

    def rows(self, scores: Ints) -> Ints:
        """Scores (tokens, labels) as a row a label, in the order of time."""
        return np.ascontiguousarray(scores.take(self.tokens, axis=0).T)

    def before(self, number: int) -> slice:
        """The tokens just before those of a step."""
        start, now = self.slices[number - 1].start, self.slices[number]
        return slice(start, start + now.stop - now.start)

    def steps(self) -> list[tuple[slice, slice]]:
        """From the second step on: the tokens before, and the tokens."""
        return [(self.before(n), self.slices[n]) for n in range(1, len(self.slices))]


Block = tuple[Index, list[int], list[NDArray[np.int32]]]


def _blocks(model: Model) -> list[Block]:
    """Labels that may follow the same labels: targets, sources, weights (targets, 1) a source."""
    allowed = model.transitions > _FORBIDDEN * model.scale
    allowed[:, ~allowed.any(axis=0)] = True
    by_sources: dict[tuple[int, ...], list[int]] = {}
    for target, column in enumerate(allowed.T):
        by_sources.setdefault(tuple(np.flatnonzero(column).tolist()), []).append(target)
    return [
        (
            np.array(targets),
            list(sources),
            [model.transitions[source, targets][:, None] for source in sources],
        )
        for sources, targets in by_sources.items()
    ]
