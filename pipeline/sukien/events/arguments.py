"""Who, what, where, when: the arguments of triggers that are already found.

`ArgumentFinder` reads the sentence of each trigger, collects what could take part (names, dates,
quantities, noun phrases; `phrases.py`), scores every pair of trigger and candidate with a
log-linear model over hashed features (`arguments_features.py`, `arguments_model.py`), and settles
the edges of what it keeps (`arguments_edges.py`). A sentence never lends a participant to an
event of another sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

import sukien.models
from sukien.dates.timex import Timex
from sukien.entities.mention import Mention
from sukien.events.arguments_context import Types, context_features
from sukien.events.arguments_edges import Seekers, end_places, start_places
from sukien.events.arguments_features import (
    COMMA,
    Pairs,
    chains,
    pair_features,
    pairs_of,
    resumed,
)
from sukien.events.arguments_model import SCALE, ArgumentModel, Layout, marker_words
from sukien.events.event import Argument
from sukien.events.grammar import Bools, Ints, word_hash
from sukien.events.ontology import load_ontology
from sukien.events.phrases import KINDS, Batch, Reading, Trigger, among, read
from sukien.language.document import Document
from sukien.quantities.quantity import Quantity
from sukien.tagging.cache import cached

__all__ = ["ArgumentFinder", "Reading", "Trigger"]

Floats = npt.NDArray[np.float64]

# A conjunct is a little less sure than the name whose role it shares.
_CONJUNCT = 0.95

# Share of the surest time's confidence that a second one needs.
_RIVAL = 0.6
_BY = np.array(sorted(word_hash(word) for word in marker_words("by")), np.int64)

_NAMES = frozenset(("PER", "ORG", "LOC", "MISC"))
_DATES = frozenset(("DATE", "TIME", "DURATION", "SET"))
_QUANTITIES = frozenset(("money", "percent", "count", "measure", "ordinal", "age"))


class ArgumentFinder:
    """Finds the arguments of triggers.

    `types` maps each type to its roles, by default those of the shipped ontology; a role the
    model never saw is scored by the weights of its class alone. `threshold` is the confidence
    from which an argument is kept, by default the model's; triggers that have a `confidence` ask
    for more, the less sure they are.
    """

    def __init__(
        self,
        model: ArgumentModel,
        types: Mapping[str, Sequence[str]] | None = None,
        threshold: float | None = None,
    ) -> None:
        if types is None:
            types = {name: kind.roles for name, kind in load_ontology().types.items()}
        self.model = model
        self.threshold = model.threshold if threshold is None else threshold
        self._layout = Layout.of(types, model.roles)
        self._type = {name: row for row, name in enumerate(self._layout.names)}

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        types: Mapping[str, Sequence[str]] | None = None,
        threshold: float | None = None,
    ) -> Self:
        """Read a model folder, by default the shipped one."""
        if path is None:
            shipped = Path(sukien.models.__path__[0]) / "arguments"
            model = cached("arguments", lambda: ArgumentModel.load(shipped))
        else:
            model = ArgumentModel.load(path)
        return cls(model, types, threshold)

    def arguments(
        self,
        document: Document,
        triggers: Sequence[Trigger],
        mentions: Sequence[Mention] = (),
        dates: Sequence[Timex] = (),
        quantities: Sequence[Quantity] = (),
    ) -> list[tuple[Argument, ...]]:
        """Arguments of each trigger, in the order of the triggers, sorted by position.

        Raises:
            KeyError: if a trigger has a type that is not among `types`.
        """
        reading = Reading(
            document=document,
            triggers=triggers,
            mentions=mentions,
            dates=dates,
            quantities=quantities,
        )
        return self.batch([reading])[0]

    def batch(self, readings: Sequence[Reading]) -> list[list[tuple[Argument, ...]]]:
        """Do the same for many documents at once; the result does not depend on the batch."""
        found: list[list[list[Argument]]] = [[[] for _ in one.triggers] for one in readings]
        batch = read(readings)
        if len(batch.trigger_of):
            self._fill(found, readings, batch)
        return [[_in_order(some) for some in one] for one in found]

    def _fill(
        self, found: list[list[list[Argument]]], readings: Sequence[Reading], batch: Batch
    ) -> None:
        pairs = pairs_of(batch)
        if not len(pairs):
            return
        rows = [self._type[readings[r].triggers[t].type] for r, t in batch.trigger_of]
        type_of = np.array(rows, np.int64)
        types = type_of[pairs.trigger]
        clusters = self.model.clusters.classes_of(batch.words.form)
        chances = self._chances(batch, pairs, type_of, clusters)
        role = chances.argmax(axis=1)
        confidence = np.round(chances[np.arange(len(role)), role], 3)
        # Who takes part in what may be no event must be surer than who takes part in one that is.
        sure = np.array(
            [getattr(readings[r].triggers[t], "confidence", 1.0) for r, t in batch.trigger_of]
        )[pairs.trigger]
        least = np.maximum(self.threshold, self.model.joint_threshold / np.maximum(sure, 1e-3))
        kept = np.flatnonzero(confidence >= least)
        if not len(kept):
            return
        link = _links(batch, pairs)
        kept = _with_conjuncts(link, role, confidence, kept)
        kept = kept[confidence[kept] >= least[kept]]
        first, last = self._edges(batch, pairs, kept, types[kept], role[kept], clusters)
        # Conjuncts that are arguments of their own are not also part of the one before.
        split = np.isin(kept + 1, kept) & (link[kept] >= 0)
        following = np.minimum(kept + 1, len(role) - 1)
        split &= (link[following] == link[kept]) & (role[following] == role[kept])
        last = np.where(split, np.minimum(last, batch.phrases.last[pairs.phrase[kept]]), last)
        words, phrase = batch.words, pairs.phrase[kept]
        columns = (
            pairs.trigger[kept], types[kept], role[kept], words.first[first],
            words.last[last - 1], batch.phrases.kind[phrase], batch.phrases.item[phrase],
            confidence[kept],
        )  # fmt: skip
        for trigger, kind, column, start, end, code, item, sure in zip(
            *(values.tolist() for values in columns), strict=True
        ):
            number, position = batch.trigger_of[trigger]
            document, name = readings[number].document, self._layout.roles[kind][column]
            argument = _argument(document, name, (start, end), (KINDS[code], item), sure)
            found[number][position].append(argument)

    def _chances(self, batch: Batch, pairs: Pairs, type_of: Ints, clusters: Ints) -> Floats:
        """Probability of each role for each pair; what is missing to 1 is that of none."""
        names = Types(self._layout.type_seeds[type_of], self._layout.group_seeds[type_of])
        features = np.concatenate(
            [
                pair_features(batch, pairs, clusters),
                context_features(batch, pairs, clusters, names),
            ],
            axis=1,
        )
        types = type_of[pairs.trigger]
        scores = self.model.scores(features, self._layout, types, _marked(batch, pairs))
        # Every row is reckoned by itself, so the batch does not show in the last digit.
        natural = np.maximum(scores, -64 * SCALE) / SCALE
        weights = np.where(self._layout.classes[types] >= 0, np.exp(natural), 0.0)
        total = np.ones(len(weights))
        for column in range(weights.shape[1]):
            total += weights[:, column]
        return np.asarray(weights / total[:, None])

    def _edges(
        self, batch: Batch, pairs: Pairs, kept: Ints, types: Ints, role: Ints, clusters: Ints
    ) -> tuple[Ints, Ints]:
        """Half-open span of words of each argument."""
        layout = self._layout
        seekers = Seekers(
            phrase=pairs.phrase[kept],
            trigger=pairs.trigger[kept],
            role=layout.role_seeds[types, role],
            type=layout.type_seeds[types],
        )
        best = self.model.best_place
        return (
            best(self.model.starts, start_places(batch, seekers, clusters)),
            best(self.model.ends, end_places(batch, seekers, clusters)),
        )


def _marked(batch: Batch, pairs: Pairs) -> dict[str, Bools]:
    """Which pairs bear a marker: what stands before the phrase, and where a subject is."""
    chain = chains(batch)
    words, phrases = batch.words, batch.phrases
    first = phrases.first[np.searchsorted(chain, chain)]
    start = batch.bounds[words.sentence[first]]
    before = np.where(first > start, words.form[np.maximum(first - 1, 0)], -1)
    by = among(before, _BY)[pairs.phrase]
    # The first phrase of the sentence, if a comma follows and the trigger takes it up again.
    opening = np.searchsorted(phrases.first, batch.bounds[words.sentence[batch.trigger_first]])
    opening = np.minimum(opening, max(len(phrases) - 1, 0))
    last = np.minimum(phrases.last[opening], len(words) - 1)
    taken_up = resumed(batch) & (words.form[last] == COMMA) & ~_dated(phrases.kind[opening])
    taken_up &= phrases.last[opening] < batch.trigger_first
    subject = taken_up[pairs.trigger] & (pairs.phrase == opening[pairs.trigger])
    left = phrases.first[pairs.phrase] < batch.trigger_first[pairs.trigger]
    return {"by": by, "subject": subject, "insertion": taken_up[pairs.trigger] & left & ~subject}


def _dated(kinds: Ints) -> Bools:
    """Which kinds of phrases are dates."""
    return (kinds >= KINDS.index("DATE")) & (kinds <= KINDS.index("SET"))


def _links(batch: Batch, pairs: Pairs) -> Ints:
    """For each pair a number that names in one chain of conjuncts of one trigger share, or -1."""
    kinds = batch.phrases.kind[pairs.phrase]
    named = (kinds >= KINDS.index("PER")) & (kinds <= KINDS.index("MISC"))
    number = pairs.trigger * (len(batch.phrases) + 1) + chains(batch)[pairs.phrase]
    return np.where(named, number, -1)


def _with_conjuncts(link: Ints, role: Ints, confidence: Floats, kept: Ints) -> Ints:
    """Give names that stand in a chain with an argument its role, unless they have their own.

    Changes `role` and `confidence` in place, and returns the pairs to keep, in order.
    """
    chosen = set(kept.tolist())
    chain = link.tolist()
    for pair in kept.tolist() if max(chain) >= 0 else ():
        for step in (1, -1):
            other = pair + step
            while (
                0 <= other < len(chain) and chain[other] == chain[pair] >= 0 and other not in chosen
            ):
                role[other] = role[pair]
                confidence[other] = round(float(confidence[pair]) * _CONJUNCT, 3)
                chosen.add(other)
                other += step
    return np.array(sorted(chosen), np.int64)


def _argument(
    document: Document,
    role: str,
    tokens: tuple[int, int],
    source: tuple[str, int],
    confidence: float,
) -> Argument:
    start, end = document.starts[tokens[0]], document.ends[tokens[1] - 1]
    kind, item = source
    return Argument(
        role=role,
        char_start=start,
        char_end=end,
        text=document.text[start:end],
        confidence=confidence,
        mention=item if kind in _NAMES else None,
        date=item if kind in _DATES else None,
        quantity=item if kind in _QUANTITIES else None,
    )


def _in_order(arguments: list[Argument]) -> tuple[Argument, ...]:
    """Sort by position; of overlapping ones with one role the surest stays."""
    if len(arguments) < 2:
        return tuple(arguments)
    best: list[Argument] = []
    for argument in sorted(arguments, key=lambda a: (-a.confidence, a.char_start, -a.char_end)):
        if not any(
            argument.role == other.role
            and argument.char_start < other.char_end
            and other.char_start < argument.char_end
            for other in best
        ):
            best.append(argument)
    # An event has one time: one that is far less sure than another belongs to something else.
    surest = max((argument.confidence for argument in best if argument.role == "Time"), default=0)
    best = [a for a in best if a.role != "Time" or a.confidence >= surest * _RIVAL]
    return tuple(sorted(best, key=lambda a: (a.char_start, a.char_end, a.role)))
