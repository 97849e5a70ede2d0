"""Train the argument model on documents with events whose arguments are known.

Needs scipy (extra `train`). The pair model is a softmax over the roles of a type and "nothing",
the edge models softmaxes over places; all are fitted with L-BFGS and a quadratic penalty, so the
result depends on the data alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sukien.events.arguments_edges import end_features, start_features
from sukien.events.arguments_features import Hashes, Pairs, pair_features, pairs_of, seed
from sukien.events.arguments_model import (
    ArgumentModel,
    Clusters,
    Roles,
    Table,
    by_type,
    class_of,
    role_seed,
)
from sukien.events.phrases import Batch, Bools, Ints, read
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Strength of the penalties, number of iterations, and what counts as a known feature."""

    specific_penalty: float = 2.2
    shared_penalty: float = 1.75
    edge_penalty: float = 1.0
    iterations: int = 60
    edge_iterations: int = 50
    # Share of features left out of each copy of the pairs, and copies.
    noise: float = 0.25
    copies: int = 3
    # What the shared weights alone count against both together.
    alone: float = 0.5
    # A feature is used if so many documents have it.
    documents: int = 2


@dataclass(frozen=True, slots=True)
class Labelled:
    """Pairs of a batch with the role each plays (-1 none) and the tokens of the argument."""

    batch: Batch
    pairs: Pairs
    types: Sequence[str]
    document: Ints
    role: Ints
    span: Ints
    weight: Floats


def train(
    bkee: Sequence[Path], output: Path, news: Path | None = None, threshold: float = 0.22
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
    starts, ends = _fit_edges(data, settings, types)
    return ArgumentModel(roles, specific, shared, starts, ends, clusters, threshold)


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
    kinds = [names[trigger] for trigger in pairs.trigger]
    return Labelled(batch, pairs, kinds, document, role, span, weight)


def _fit_pairs(
    data: Labelled, roles: Roles, clusters: Clusters, settings: Settings
) -> tuple[Table, Table]:
    features = pair_features(data.batch, data.pairs, clusters.classes_of(data.batch.words.form))
    data, features, noise = _noised(data, features, settings)
    seeds = np.array([seed(name) for name in data.types], np.uint64)
    typed = by_type(features, seeds)
    width, shared_width = roles.width, len(roles.classes)
    columns = np.array(
        [(roles.columns(name) + [-1] * width)[:width] for name in data.types], np.int64
    )
    allowed = columns >= 0
    columns = np.maximum(columns, 0)
    specific_keys = _known(typed, data.document, settings.documents)
    shared_keys = _known(features, data.document, settings.documents)
    specific, shared = _matrix(typed, specific_keys, noise), _matrix(features, shared_keys, noise)
    specific_t, shared_t = specific.T.tocsr(), shared.T.tocsr()
    count, cut = len(data.role), len(specific_keys) * width
    rows = np.arange(count)
    target = np.zeros((count, width))
    held = np.flatnonzero(data.role >= 0)
    target[held, data.role[held]] = 1.0
    flat = (rows[:, None] * shared_width + columns).ravel()

    def softmax(score: Floats) -> tuple[float, Floats]:
        """Negative log-likelihood, and its slope by score."""
        score = np.where(allowed, score, -1e9)
        top = np.maximum(score.max(axis=1), 0.0)
        grown = np.exp(score - top[:, None])
        total = grown.sum(axis=1) + np.exp(-top)
        likelihood = np.where(data.role >= 0, score[rows, np.maximum(data.role, 0)], 0.0)
        likelihood -= top + np.log(total)
        slope = np.where(allowed, grown / total[:, None] - target, 0.0) * data.weight[:, None]
        return -float(likelihood @ data.weight), slope

    def loss(theta: Floats) -> tuple[float, Floats]:
        own, common = theta[:cut], theta[cut:]
        mixed = np.take_along_axis(
            shared @ common.reshape(-1, shared_width).astype(np.float32), columns, axis=1
        )
        both = mixed + specific @ own.reshape(-1, width).astype(np.float32)
        value, slope = softmax(both)
        # The shared weights must also do alone, for types and roles without training data.
        alone, slope_alone = softmax(mixed)
        value += settings.alone * alone
        own_slope = specific_t @ slope.astype(np.float32)
        slope += settings.alone * slope_alone
        spread = np.bincount(flat, weights=slope.ravel(), minlength=count * shared_width)
        common_slope = shared_t @ spread.reshape(count, shared_width).astype(np.float32)
        value += 0.5 * settings.specific_penalty * float(own @ own)
        value += 0.5 * settings.shared_penalty * float(common @ common)
        gradient = np.concatenate(
            [
                own_slope.ravel() + settings.specific_penalty * own,
                common_slope.ravel() + settings.shared_penalty * common,
            ]
        )
        return value, gradient.astype(np.float64)

    theta = _minimise(loss, cut + len(shared_keys) * shared_width, settings.iterations)
    return (
        Table.of(specific_keys, theta[:cut].reshape(-1, width)),
        Table.of(shared_keys, theta[cut:].reshape(-1, shared_width)),
    )


def _fit_edges(
    data: Labelled, settings: Settings, types: Mapping[str, Sequence[str]]
) -> tuple[Table, Table]:
    held = np.flatnonzero(data.role >= 0)
    phrase = data.pairs.phrase[held]
    right = data.batch.phrases.first[phrase] >= data.batch.trigger_first[data.pairs.trigger[held]]
    names = [types[data.types[pair]][int(data.role[pair])] for pair in held.tolist()]
    seeds = np.array([role_seed(name) for name in names], np.int64)
    words, span = data.batch.words, data.span[held]
    tables = []
    for features, tokens, wanted in (
        (start_features, words.first, span[:, 0]),
        (end_features, np.concatenate([[-1], words.last]), span[:, 1]),
    ):
        hashes, allowed, places = features(data.batch, phrase, seeds, right)
        at = tokens[np.clip(places, 0, len(tokens) - 1)]
        right_place = allowed & (at == wanted[:, None])
        reached = np.flatnonzero(right_place.any(axis=1))
        tables.append(
            _fit_places(
                hashes[np.isin(np.nonzero(allowed)[0], reached)],
                allowed[reached],
                right_place[reached].argmax(axis=1),
                data.document[held][reached],
                data.weight[held][reached],
                settings,
            )
        )
    return tables[0], tables[1]


def _fit_places(
    features: Hashes,
    allowed: Bools,
    gold: Ints,
    document: Ints,
    weight: Floats,
    settings: Settings,
) -> Table:
    count, places = allowed.shape
    open_rows = np.flatnonzero(allowed.ravel())
    keys = _known(features, np.repeat(document, places)[open_rows], settings.documents)
    matrix = _matrix(features, keys)
    transposed = matrix.T.tocsr()
    target = np.zeros((count, places))
    target[np.arange(count), gold] = 1.0

    def loss(theta: Floats) -> tuple[float, Floats]:
        score = np.full(count * places, -1e9)
        score[open_rows] = matrix @ theta.astype(np.float32)
        score = score.reshape(count, places)
        score -= score.max(axis=1, keepdims=True)
        grown = np.exp(score)
        total = grown.sum(axis=1, keepdims=True)
        likelihood = (score - np.log(total))[np.arange(count), gold]
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


def _noised(
    data: Labelled, features: Hashes, settings: Settings
) -> tuple[Labelled, Hashes, npt.NDArray[np.float32] | None]:
    """Copies of the pairs, each with other features left out, and the value of each feature.

    Training on copies with gaps keeps weights from leaning on single features (Wang and
    Manning 2013); what is left weighs more, so that sums stay what they are.
    """
    times = settings.copies
    noised = replace(
        data,
        types=list(data.types) * times,
        document=np.tile(data.document, times),
        role=np.tile(data.role, times),
        weight=np.tile(data.weight, times) / times,
    )
    features = np.tile(features, (times, 1))
    return noised, features, _gaps(features.shape, settings.noise)


def _gaps(shape: tuple[int, ...], share: float) -> npt.NDArray[np.float32] | None:
    """Values of features of which a share is left out; the first slot always stays."""
    if not share:
        return None
    kept = np.random.default_rng(0).random(shape) >= share
    values = np.where(kept, 1.0 / (1.0 - share), 0.0).astype(np.float32)
    values[:, 0] = 1.0
    return values


def _matrix(features: Hashes, keys: Hashes, values: npt.NDArray[np.float32] | None = None) -> Any:
    """Sparse matrix of rows by known features; a feature counts 1 or its value."""
    from scipy.sparse import csr_matrix

    at = np.searchsorted(keys, features.ravel())
    at[at == len(keys)] = 0
    held = keys[at] == features.ravel()
    rows = np.repeat(np.arange(len(features)), features.shape[1])[held]
    filled = np.ones(len(rows), np.float32) if values is None else values.ravel()[held]
    matrix = csr_matrix((filled, (rows, at[held])), shape=(len(features), len(keys)))
    matrix.eliminate_zeros()
    return matrix


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
