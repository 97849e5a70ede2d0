"""Triggers: the words of a text that name an event, and of which type.

Candidates come from the lexicons (`trigger_lexicon.py`); a log-linear model over hashed features
(`trigger_features.py`) decides which of them name an event where they stand, as the difficulty
is the ambiguous word, not its type. Weights are integers in one table with fingerprints, sums are
exact, so that scores do not depend on the batch. Trained by `sukien.training.triggers`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from sukien.entities.mention import Mention
from sukien.events.ontology import Ontology, load_ontology
from sukien.events.trigger_features import (
    Candidates,
    Hashes,
    Tokens,
    cluster_table,
    feature_keys,
    string_hash,
)
from sukien.events.trigger_lexicon import TriggerLexicon
from sukien.language.document import Document
from sukien.tagging.cache import cached

__all__ = ["Collector", "Trigger", "TriggerFinder", "TriggerModel"]

MODEL: Final = Path(__file__).parent.parent / "models" / "triggers"
SCALE: Final = 1024
# A lexeme of two syllables or more that the lexicons trust this much, and that little annotation
# has told of, is as good as the lexicon says: the trust weighs as much as so many occurrences.
_TRUSTED: Final = 0.85
_TRUST: Final = 2.0
# Documents whose features are computed together; bounds memory, never changes a result.
_BATCH: Final = 64
_LONGEST_BATCH: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A span of tokens that names an event of a type; `confidence` is its probability."""

    type: str
    token_start: int
    token_end: int
    confidence: float
    method: str


class TriggerModel:
    """Trained weights: a table of fingerprints and integers, priors of lexemes, word clusters.

    `seen` tells how often the annotation told of a lexeme and a type; `covered` are the types that
    whole documents are annotated with.

    A key's low bits choose a slot of the table; its high 16 bits must equal the slot's
    fingerprint, or else the feature is unknown and weighs nothing.
    """

    def __init__(
        self,
        table: npt.NDArray[np.uint32],
        priors: Mapping[tuple[str, str], float],
        clusters: Mapping[str, int],
        settings: Mapping[str, Any],
        seen: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        if len(table) & (len(table) - 1):
            raise ValueError(f"the table's length must be a power of two, not {len(table)}")
        self._table = table
        self._mask = np.uint64(len(table) - 1)
        self.priors, self.clusters = priors, cluster_table(clusters)
        self.seen = seen or {}
        self.bias: int = settings["bias"]
        self.prior_weight: float = settings["prior_weight"]
        self.slope: float = settings["slope"]
        self.shift: float = settings["shift"]
        self.thresholds: Mapping[str, float] = settings["thresholds"]
        self.covered = frozenset(settings["covered"])

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a model folder, by default the shipped one."""
        path = path or MODEL
        settings = json.loads((path / "settings.json").read_text(encoding="utf-8"))
        with np.load(path / "weights.npz", allow_pickle=False) as data:
            table = np.zeros(1 << int(data["bits"]), np.uint32)
            table[data["slots"]] = data["cells"]
        priors, seen = {}, {}
        for line in (path / "priors.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            text, kind, prior, times = line.split("\t")
            priors[text, kind], seen[text, kind] = float(prior), float(times)
        return cls(table, priors, read_clusters(path), settings, seen)

    def scores(self, keys: Hashes, prior: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Log odds of each row, times `SCALE`, as exact integers."""
        cells = self._table[(keys & self._mask).view(np.int64)]
        known = (cells >> np.uint32(16)) == (keys >> np.uint64(48))
        weights = cells.astype(np.uint16).view(np.int16) * known
        sums: npt.NDArray[np.int64] = weights.sum(axis=1, dtype=np.int64)
        return sums + self.bias + _fixed(self.prior_weight * log_odds(prior))

    def confidences(self, scores: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities, rounded to 3 decimals."""
        logit = self.slope * scores / SCALE + self.shift
        out: npt.NDArray[np.float64] = np.round(1 / (1 + np.exp(-logit)), 3)
        return out


def read_clusters(path: Path) -> dict[str, int]:
    """The words of a model folder and the numbers of their clusters."""
    lines = (path / "clusters.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {word: int(number) for word, number in (line.split("\t") for line in lines)}


def log_odds(prior: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Log odds of priors, kept finite at 0 and 1."""
    out: npt.NDArray[np.float64] = np.log((prior + 0.01) / (1.01 - prior))
    return out


def _fixed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.round(values * SCALE).astype(np.int64)


class Collector:
    """Turns documents into candidates: pairs of a span and a type that its words may name."""

    def __init__(self, lexicon: TriggerLexicon, types: Iterable[str]) -> None:
        numbers = {name: number for number, name in enumerate(types)}
        uses = lexicon.uses
        self.lexicon = lexicon
        self._kind = np.array([numbers[use.type] for use in uses], np.int64)
        self._type_hash = np.array([string_hash(use.type) for use in uses], np.uint64)
        self._lexeme = np.array([string_hash(use.text) for use in uses], np.uint64)
        self._prior = np.array([use.prior for use in uses], np.float64)

    def collect(
        self,
        documents: Sequence[Document],
        tokens: Tokens,
        mentions: Sequence[Sequence[Mention]] | None = None,
    ) -> tuple[Candidates, npt.NDArray[np.int64]]:
        """All candidates of a batch, and the number of the lexicon's use behind each."""
        mentions = mentions or [()] * len(documents)
        starts: list[int] = []
        ends: list[int] = []
        uses: list[int] = []
        longest: list[bool] = []
        shifts: list[int] = []
        at = self.lexicon.beginnings(tokens.form)
        cuts = np.searchsorted(at, [*tokens.offsets, len(tokens.form)]).tolist()
        for number, (document, of_document) in enumerate(zip(documents, mentions, strict=True)):
            offset = tokens.offsets[number]
            lower = tokens.lower[offset : offset + len(document)]
            begins = (at[cuts[number] : cuts[number + 1]] - offset).tolist()
            found = self.lexicon.find(document, lower, of_document, begins)
            starts += found.starts
            ends += found.ends
            uses += found.uses
            longest += found.longest
            shifts += [offset] * len(found.uses)
        use, shift = np.array(uses, np.int64), np.array(shifts, np.int64)
        candidates = Candidates(
            start=np.array(starts, np.int64) + shift,
            end=np.array(ends, np.int64) + shift,
            kind=self._kind[use],
            type_hash=self._type_hash[use],
            lexeme=self._lexeme[use],
            prior=self._prior[use],
            longest=np.array(longest, bool),
        )
        return candidates, use


def _lexicon_trust(
    ontology: Ontology, lexicon: TriggerLexicon, model: TriggerModel
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """For each use the share of the lexicon's word in its confidence, and that word's log odds."""
    weights = {(lexeme.text, lexeme.type): lexeme.weight for lexeme in ontology.lexemes}
    keys = [(use.text, use.type) for use in lexicon.uses]
    weight = np.array([weights.get(key, 0.0) for key in keys], np.float64)
    seen = np.array([model.seen.get(key, 0.0) for key in keys], np.float64)
    long = np.array([" " in text for text, _ in keys], bool)
    share = np.where(long & (weight >= _TRUSTED), _TRUST / (seen + _TRUST), 0.0)
    return share, log_odds(weight)


class TriggerFinder:
    """Finds the triggers of documents.

    >>> from sukien.language.analyzer import Analyzer
    >>> documents = Analyzer().documents(["Công an đã bắt giữ ông Nam và khởi tố ông."])
    >>> [(" ".join(documents[0].forms[t.token_start : t.token_end]), t.type)
    ...  for t in TriggerFinder.load().triggers(documents)[0]]
    [('bắt giữ', 'Arrest-Jail'), ('khởi tố', 'Charge-Indict')]
    """

    def __init__(
        self,
        ontology: Ontology,
        model: TriggerModel,
        *,
        types: Iterable[str] = (),
        precision: bool = False,
    ) -> None:
        self._model = model
        lexicon = TriggerLexicon(
            ontology.lexemes, model.priors, ontology.enabled(*types), model.thresholds["prior"]
        )
        self._collector = Collector(lexicon, ontology.types)
        # The model knows nothing of a user's words, nor of those that need a name beside them:
        # their weight is their confidence.
        self._told = np.array([use.source == "user" or bool(use.next) for use in lexicon.uses])
        self._share, self._trust = _lexicon_trust(ontology, lexicon, model)
        covered = np.array([use.type in model.covered for use in lexicon.uses], bool) | self._told
        points = ("precision", "precision") if precision else ("balance", "beyond")
        self._threshold = np.where(covered, *(model.thresholds[point] for point in points))

    @classmethod
    def load(
        cls,
        ontology: Ontology | None = None,
        path: Path | None = None,
        *,
        types: Iterable[str] = (),
        precision: bool = False,
    ) -> TriggerFinder:
        """Read a model folder, by default the shipped one.

        `types` are types to look for that are off by default (`Statement`); `precision` keeps
        only triggers the model is sure of.
        """
        types = sorted(types)

        def read() -> TriggerFinder:
            known = ontology or load_ontology()
            return TriggerFinder(known, TriggerModel.load(path), types=types, precision=precision)

        if ontology or path:
            return read()
        chosen = zlib.crc32(repr((types, precision)).encode())
        return cached(f"triggers-{chosen:08x}", read)

    def triggers(
        self,
        documents: Sequence[Document],
        mentions: Sequence[Sequence[Mention]] | None = None,
    ) -> list[list[Trigger]]:
        """Triggers of each document, sorted by position; none overlaps another.

        `mentions` are the names of each document; without them lexemes that need a name beside
        them are not found.
        """
        out: list[list[Trigger]] = []
        first = size = 0
        for last, document in enumerate(documents):
            if last > first and (last - first == _BATCH or size + len(document) > _LONGEST_BATCH):
                part = slice(first, last)
                out.extend(self._batch(documents[part], mentions[part] if mentions else None))
                first, size = last, 0
            size += len(document)
        part = slice(first, len(documents))
        out.extend(self._batch(documents[part], mentions[part] if mentions else None))
        return out

    def _batch(
        self, documents: Sequence[Document], mentions: Sequence[Sequence[Mention]] | None
    ) -> list[list[Trigger]]:
        out: list[list[Trigger]] = [[] for _ in documents]
        tokens = Tokens(documents, self._model.clusters)
        candidates, uses = self._collector.collect(documents, tokens, mentions)
        if not len(candidates):
            return out
        scores = self._model.scores(feature_keys(tokens, candidates), candidates.prior)
        confidences = self._model.confidences(scores)
        # Context may speak for a trusted word more loudly than the lexicon, never less.
        lift = np.maximum(self._trust[uses] - log_odds(confidences), 0) * self._share[uses]
        raised = np.round(1 / (1 + np.exp(-log_odds(confidences) - lift)), 3)
        confidences = np.where(lift > 0, raised, confidences)
        confidences = np.where(self._told[uses], candidates.prior, confidences)
        kept = np.flatnonzero(confidences >= self._threshold[uses])
        start, end = candidates.start[kept], candidates.end[kept]
        order = np.lexsort((candidates.kind[kept], start, start - end, -confidences[kept]))
        taken = bytearray(len(tokens.lower))
        for row in kept[order].tolist():
            first, last = int(candidates.start[row]), int(candidates.end[row])
            if any(taken[first:last]):
                continue
            taken[first:last] = b"\1" * (last - first)
            number = int(tokens.document[first])
            offset = tokens.offsets[number]
            use = self._collector.lexicon.uses[uses[row]]
            out[number].append(
                Trigger(
                    type=use.type,
                    token_start=first - offset,
                    token_end=last - offset,
                    confidence=float(confidences[row]),
                    method="lexicon" if self._told[uses[row]] else "model",
                )
            )
        for triggers in out:
            triggers.sort(key=lambda trigger: trigger.token_start)
        return out
