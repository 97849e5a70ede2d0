"""Train the argument model on documents with events whose arguments are known.

Needs numba and scipy (extra `train`). The pair model is a softmax over the roles of a type and
"nothing", fitted by adaptive gradient steps with features left out at random; the edge models are
softmaxes over places, fitted with L-BFGS. The same data give the same weights on one machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sukien.events.arguments_context import Types, context_features
from sukien.events.arguments_edges import Places, Seekers, end_places, start_places
from sukien.events.arguments_features import Hashes, Pairs, pair_features, pairs_of, seed
from sukien.events.arguments_model import (
    SPECIFIC,
    ArgumentModel,
    Clusters,
    Roles,
    Table,
    by_type,
    class_of,
    group_seed,
    role_seed,
)
from sukien.events.grammar import Bools, Ints
from sukien.events.phrases import Batch, read
from sukien.training.arguments_data import (
    Example,
    examples_of,
    read_bkee,
    read_judgements,
    read_sentences,
    stages,
)

if TYPE_CHECKING:
    from sukien.events.arguments import ArgumentFinder

__all__ = ["Scores", "Settings", "label", "score_arguments", "train", "train_arguments"]

Floats = npt.NDArray[np.float64]

# What the sum of squared slopes of each weight begins with.
_FIRST_SQUARE = 0.5
# Near the best F1 on BKEE dev, with triggers given and with triggers found.
THRESHOLD = 0.25
JOINT = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to train, and what counts as a known feature."""

    specific_penalty: float = 2e-3
    shared_penalty: float = 1e-3
    rate: float = 0.05
    passes: int = 10
    # Share of features left out in each step.
    dropout: float = 0.4
    edge_penalty: float = 1.0
    edge_iterations: int = 60
    # What the shared weights alone count against both together.
    alone: float = 0.5
    # A feature is used if so many documents have it.
    documents: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Labelled:
    """Pairs of a batch with the role each plays (-1 none) and the tokens of the argument.

    `types` holds the type of each trigger; all else goes by pair.
    """

    batch: Batch
    pairs: Pairs
    types: Sequence[str]
    document: Ints
    role: Ints
    span: Ints
    weight: Floats


def train(
    bkee: Sequence[Path], output: Path, news: Path | None = None, threshold: float = THRESHOLD
) -> ArgumentModel:
    """Train on files of BKEE and on the project's own events; writes the model into a folder.

    `news` is the folder with the articles that `argument_judgements.tsv` is about; without it
    these are left out.
    """
    from sukien.events.ontology import load_ontology
    from sukien.events.triggers import MODEL, read_clusters

    types = {name: kind.roles for name, kind in load_ontology().types.items()}
    known = [one for path in bkee for one in read_bkee(path, types)]
    known += [] if news is None else read_judgements(news)
    known += read_sentences()
    words = {word.replace("_", " "): number for word, number in read_clusters(MODEL).items()}
    examples = list(examples_of(known, stages()))
    model = train_arguments(examples, types, Clusters.of(words), threshold)
    model.save(output)
    return model


def train_arguments(
    examples: Sequence[Example],
    types: Mapping[str, Sequence[str]],
    clusters: Clusters,
    threshold: float,
    settings: Settings | None = None,
) -> ArgumentModel:
    """Fit pair and edge models; `types` maps each type to its roles."""
    settings = settings or Settings()
    classes = sorted({class_of(name, role) for name, roles in types.items() for role in roles})
    roles = Roles({name: list(some) for name, some in types.items()}, classes)
    data = label(examples, types)
    specific, shared = _fit_pairs(data, roles, clusters, settings)
    starts, ends = _fit_edges(data, clusters, settings, types)
    return ArgumentModel(roles, specific, shared, starts, ends, clusters, threshold, JOINT)


def label(examples: Sequence[Example], types: Mapping[str, Sequence[str]]) -> Labelled:
    """Lay out all examples and mark the pairs that are arguments.

    An argument belongs to the first phrase whose head it covers; roles that its type lacks and
    arguments without a phrase are left out.
    """
    batch = read([example.reading for example in examples])
    pairs = pairs_of(batch)
    words, phrases = batch.words, batch.phrases
    head_first = words.first[phrases.head].tolist()
    head_last = words.last[phrases.head].tolist()
    role = np.full(len(pairs), -1, np.int64)
    span = np.zeros((len(pairs), 2), np.int64)
    begins = np.searchsorted(pairs.trigger, np.arange(len(batch.trigger_of) + 1)).tolist()
    low = words.first[batch.bounds[words.sentence[batch.trigger_first]]]
    high = words.last[batch.bounds[words.sentence[batch.trigger_first] + 1] - 1]
    names: list[str] = []
    for number, (reading, position) in enumerate(batch.trigger_of):
        example = examples[reading]
        name = example.reading.triggers[position].type
        names.append(name)
        mine = range(begins[number], begins[number + 1])
        for gold in sorted(example.gold[position], key=lambda g: g.token_end - g.token_start):
            if gold.role not in types[name] or not low[number] <= gold.token_start < high[number]:
                continue
            for pair in mine:
                phrase = pairs.phrase[pair]
                if gold.token_start <= head_first[phrase] and head_last[phrase] <= gold.token_end:
                    if role[pair] < 0:
                        role[pair] = types[name].index(gold.role)
                        span[pair] = gold.token_start, gold.token_end
                    break
    document = np.array([reading for reading, _ in batch.trigger_of], np.int64)[pairs.trigger]
    weight = np.array([example.weight for example in examples], np.float64)[document]
    return Labelled(batch, pairs, names, document, role, span, weight)


def _fit_pairs(
    data: Labelled, roles: Roles, clusters: Clusters, settings: Settings
) -> tuple[Table, Table]:
    # Numba is needed only where a model is trained.
    from sukien.training.arguments_kernel import run_pass

    batch, pairs = data.batch, data.pairs
    word_classes = clusters.classes_of(batch.words.form)
    types = Types(
        np.array([role_seed(name) for name in data.types], np.int64),
        np.array([group_seed(name) for name in data.types], np.int64),
    )
    features = np.concatenate(
        [
            pair_features(batch, pairs, word_classes),
            context_features(batch, pairs, word_classes, types),
        ],
        axis=1,
    )
    kinds = [data.types[trigger] for trigger in pairs.trigger.tolist()]
    seeds = np.array([seed(name) for name in kinds], np.uint64)
    own = by_type(features[:, SPECIFIC], seeds)
    own_keys = _known(own, data.document, settings.documents)
    shared_keys = _known(features, data.document, settings.documents)
    own_rows, shared_rows = _rows(own, own_keys), _rows(features, shared_keys)
    width = roles.width
    columns = np.array([(roles.columns(name) + [-1] * width)[:width] for name in kinds], np.int64)
    own_weights = np.zeros((len(own_keys), width), np.float32)
    shared_weights = np.zeros((len(shared_keys), len(roles.classes)), np.float32)
    own_squares = np.full_like(own_weights, _FIRST_SQUARE)
    shared_squares = np.full_like(shared_weights, _FIRST_SQUARE)
    own_mean, shared_mean = np.zeros_like(own_weights), np.zeros_like(shared_weights)
    random = np.random.default_rng(settings.seed)
    for number in range(settings.passes):
        run_pass(
            own_rows, shared_rows, columns, data.role, data.weight,
            random.permutation(len(data.role)),
            own_weights, own_squares, shared_weights, shared_squares,
            settings.rate * (1 - 0.7 * number / settings.passes),
            settings.specific_penalty, settings.shared_penalty, settings.dropout, settings.alone,
            settings.seed * 1000 + number,
        )  # fmt: skip
        if number >= settings.passes // 2:
            own_mean += own_weights
            shared_mean += shared_weights
    kept = settings.passes - settings.passes // 2
    return Table.of(own_keys, (own_mean / kept).astype(np.float32)), Table.of(
        shared_keys, (shared_mean / kept).astype(np.float32)
    )


def _rows(features: Hashes, keys: Hashes) -> npt.NDArray[np.int32]:
    """Position of each feature among sorted keys, -1 where it is not there."""
    if not len(keys):
        return np.full(features.shape, -1, np.int32)
    at = np.minimum(np.searchsorted(keys, features.ravel()), len(keys) - 1)
    found = np.where(keys[at] == features.ravel(), at, -1)
    return found.reshape(features.shape).astype(np.int32)


def _fit_edges(
    data: Labelled, clusters: Clusters, settings: Settings, types: Mapping[str, Sequence[str]]
) -> tuple[Table, Table]:
    held = np.flatnonzero(data.role >= 0)
    trigger = data.pairs.trigger[held]
    kinds = [data.types[number] for number in trigger.tolist()]
    roles = [types[kind][int(role)] for kind, role in zip(kinds, data.role[held], strict=True)]
    seekers = Seekers(
        phrase=data.pairs.phrase[held],
        trigger=trigger,
        role=np.array([role_seed(name) for name in roles], np.int64),
        type=np.array([role_seed(name) for name in kinds], np.int64),
    )
    words, span = data.batch.words, data.span[held]
    word_classes = clusters.classes_of(words.form)
    starts = start_places(data.batch, seekers, word_classes)
    ends = end_places(data.batch, seekers, word_classes)
    tables = []
    for places, tokens, wanted in (
        (starts, words.first, span[:, 0]),
        (ends, np.concatenate([[-1], words.last]), span[:, 1]),
    ):
        at = tokens[np.clip(places.words, 0, len(tokens) - 1)]
        right = places.allowed & (at == wanted[:, None])
        tables.append(_fit_places(places, right, data.document[held], data.weight[held], settings))
    return tables[0], tables[1]


def _fit_places(
    places: Places, right: Bools, document: Ints, weight: Floats, settings: Settings
) -> Table:
    """Fit a choice among places; arguments whose right place is not among them count nothing."""
    count, width = right.shape
    open_rows = np.flatnonzero(places.allowed.ravel())
    features = places.features
    keys = _known(features, np.repeat(document, width)[open_rows], settings.documents)
    matrix = _matrix(features, keys)
    transposed = matrix.T.tocsr()
    weight = np.where(right.any(axis=1), weight, 0.0)
    gold = right.argmax(axis=1)
    target = np.zeros((count, width))
    target[np.arange(count), gold] = 1.0

    def loss(theta: Floats) -> tuple[float, Floats]:
        score = np.full(count * width, -1e9)
        score[open_rows] = matrix @ theta.astype(np.float32)
        score = score.reshape(count, width)
        score -= score.max(axis=1, keepdims=True)
        grown = np.exp(score)
        total = grown.sum(axis=1, keepdims=True)
        # A place that is not allowed is right for no argument that counts.
        likelihood = np.maximum(score - np.log(total), -1e6)[np.arange(count), gold]
        slope = ((grown / total - target) * weight[:, None]).ravel()[open_rows]
        gradient = transposed @ slope.astype(np.float32) + settings.edge_penalty * theta
        value = -float(likelihood @ weight) + 0.5 * settings.edge_penalty * float(theta @ theta)
        return value, gradient.astype(np.float64)

    theta = _minimise(loss, len(keys), settings.edge_iterations)
    return Table.of(keys, theta[:, None])


def _known(features: Hashes, document: Ints, least: int) -> Hashes:
    """Features that stand in at least so many documents, sorted."""
    flat, where = features.ravel(), np.repeat(document, features.shape[1])
    order = np.lexsort((where, flat))
    flat, where = flat[order], where[order]
    fresh = np.ones(len(flat), np.bool_)
    fresh[1:] = (flat[1:] != flat[:-1]) | (where[1:] != where[:-1])
    keys, counts = np.unique(flat[fresh], return_counts=True)
    return np.asarray(keys[counts >= least])


def _matrix(features: Hashes, keys: Hashes) -> Any:
    """Sparse matrix of rows by known features."""
    from scipy.sparse import csr_matrix

    at = _rows(features, keys)
    rows, slots = np.nonzero(at >= 0)
    filled = np.ones(len(rows), np.float32)
    return csr_matrix((filled, (rows, at[rows, slots])), shape=(len(features), len(keys)))


def _minimise(loss: Any, size: int, iterations: int) -> npt.NDArray[np.float32]:
    from scipy.optimize import minimize

    found = minimize(
        loss,
        np.zeros(size),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "maxcor": 6},
    )
    return np.asarray(found.x, np.float32)


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of gold, predicted and right arguments: exact spans, and spans that overlap."""

    gold: int
    predicted: int
    exact: int
    overlap: int

    @staticmethod
    def _f1(right: int, gold: int, predicted: int) -> float:
        return 200.0 * right / max(gold + predicted, 1)

    @property
    def exact_f1(self) -> float:
        """F1 of role and exact span, in per cent."""
        return self._f1(self.exact, self.gold, self.predicted)

    @property
    def overlap_f1(self) -> float:
        """F1 of role and overlapping span, in per cent."""
        return self._f1(self.overlap, self.gold, self.predicted)


def score_arguments(finder: ArgumentFinder, examples: Sequence[Example]) -> Scores:
    """Score a finder on gold triggers; each gold argument is matched at most once."""
    gold_total = predicted_total = exact = overlap = 0
    for example, found in zip(
        examples, finder.batch([example.reading for example in examples]), strict=True
    ):
        document = example.reading.document
        for wanted, arguments in zip(example.gold, found, strict=True):
            gold_total += len(wanted)
            predicted_total += len(arguments)
            spans = [
                (g.role, document.starts[g.token_start], document.ends[g.token_end - 1])
                for g in wanted
            ]
            exact += len(set(spans) & {(a.role, a.char_start, a.char_end) for a in arguments})
            free = list(spans)
            for a in arguments:
                hit = next(
                    (
                        s
                        for s in free
                        if s[0] == a.role and s[1] < a.char_end and a.char_start < s[2]
                    ),
                    None,
                )
                if hit:
                    free.remove(hit)
                    overlap += 1
    return Scores(gold_total, predicted_total, exact, overlap)
