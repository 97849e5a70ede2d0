"""Train the trigger model: logistic regression over hashed features of candidates.

Needs scikit-learn and scipy (extra `train`). Two kinds of annotation go in together: documents in
which all events of some types are marked (BKEE), and single judgements "this word here names
such an event, or not" (`data/trigger_judgements.tsv`). The prior of a lexeme is what the *other*
documents say of it, so that the model learns how far to trust it. Features that stand in one
document only are left out.
"""

from __future__ import annotations

import csv
import json
import lzma
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import numpy.typing as npt

from sukien.events.ontology import Ontology, load_ontology
from sukien.events.trigger_features import (
    Candidates,
    Clusters,
    Hashes,
    Tokens,
    cluster_table,
    feature_keys,
)
from sukien.events.trigger_lexicon import TriggerLexicon
from sukien.events.triggers import MODEL, SCALE, Collector, log_odds, read_clusters
from sukien.language.document import Document

if TYPE_CHECKING:
    from sukien.language.analyzer import Analyzer

__all__ = [
    "Annotated",
    "Judgement",
    "annotate_bkee",
    "annotate_judgements",
    "read_judgements",
    "train",
    "train_triggers",
]

JUDGEMENTS: Final = Path(__file__).parent / "data" / "trigger_judgements.tsv"
LONGEST: Final = 5
# Where the ontology's reading is not BKEE's: an appointment fills a post, a proposal nominates.
RELABELLED: Final = {("bổ nhiệm", "Nominate"): "Start-Position"}
# Strength of the penalty, found on BKEE dev; smoothing of priors, in occurrences.
PENALTY: Final = 0.05
SMOOTHING: Final = 4.0
UNKNOWN: Final = 0.3
LIGHTEST: Final = 0.008
FOLDS: Final = 3
# Weight of a single judgement on a type that whole documents are annotated with: BKEE marks less
# than a reader of news would, and its reading is the rule for its types.
TRUST: Final = 0.3
# Operating points as probabilities: near the best F1 on BKEE dev for its types, on dated news for
# those beyond, and where nine of ten events that a reader of raw news sees are right.
BALANCE: Final = 0.3
BEYOND: Final = 0.38
SURE: Final = 0.8
LOWEST_PRIOR: Final = 0.05
_BATCH: Final = 64
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict: whether the text at these offsets of an article names an event of a type."""

    article: str
    char_start: int
    char_end: int
    type: str
    verdict: bool


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document and what is known of it.

    `labels` tells of spans of tokens and types whether they are events; of types in `complete`
    every span that is not in `labels` is none.
    """

    document: Document
    labels: Mapping[tuple[int, int, str], bool]
    complete: frozenset[str] = frozenset()


def annotate_bkee(
    rows: Iterable[Mapping[str, Any]], documents: Iterable[Document], types: Iterable[str]
) -> Iterator[Annotated]:
    """Read BKEE's rows (`events` with character spans and types) against their documents.

    Spans that do not begin and end with a token are left out, as no candidate can match them.
    """
    by_case = {name.lower(): name for name in types} | {"arquit": "Acquit"}
    names: set[str] = set()
    pairs = list(zip(rows, documents, strict=True))
    for row, _ in pairs:
        names.update(by_case[event["type"].lower()] for event in row["events"])
    for row, document in pairs:
        starts = {char: token for token, char in enumerate(document.starts)}
        ends = {char: token + 1 for token, char in enumerate(document.ends)}
        labels = {}
        for event in row["events"]:
            start, end = starts.get(event["start"]), ends.get(event["end"])
            if start is not None and end is not None:
                kind = by_case[event["type"].lower()]
                text = " ".join(document.forms[start:end]).lower()
                labels[start, end, RELABELLED.get((text, kind), kind)] = True
        yield Annotated(document, labels, frozenset(names))


def read_judgements(path: Path = JUDGEMENTS) -> list[Judgement]:
    """Read a table of judgements: article, char_start, char_end, type, verdict (1 or 0)."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Judgement(
                row["article"],
                int(row["char_start"]),
                int(row["char_end"]),
                row["type"],
                row["verdict"] == "1",
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]


def annotate_judgements(
    judgements: Iterable[Judgement], documents: Mapping[str, Document]
) -> Iterator[Annotated]:
    """Bring judgements to the documents they are about; those without a document are left out."""
    by_article: dict[str, dict[tuple[int, int, str], bool]] = defaultdict(dict)
    for item in judgements:
        document = documents.get(item.article)
        if document is not None:
            start, end = document.tokens_of(item.char_start, item.char_end)
            by_article[item.article][start, end, item.type] = item.verdict
    for article, labels in by_article.items():
        yield Annotated(documents[article], labels)


@dataclass(frozen=True, slots=True)
class _Examples:
    """Labelled candidates: features, priors, verdicts and the number of the document."""

    keys: Hashes
    prior: Floats
    verdict: npt.NDArray[np.bool_]
    document: npt.NDArray[np.int64]
    weight: Floats


_Counts = dict[tuple[str, str], tuple[float, float]]


def train_triggers(
    annotated: Sequence[Annotated],
    ontology: Ontology,
    clusters: Mapping[str, int],
    output: Path,
    *,
    bits: int = 20,
) -> dict[str, Any]:
    """Fit the model and write its folder; returns its settings.

    `output` gets weights.npz, priors.tsv, clusters.tsv and settings.json.
    """
    lexemes = _trained_lexemes(annotated)
    weights = {(lexeme.text, lexeme.type): lexeme.weight for lexeme in ontology.lexemes}
    start = {key: weights.get(key, UNKNOWN) for key in weights.keys() | lexemes}
    documents = list(_labelled(annotated, ontology, start, cluster_table(clusters)))
    total, own = _count(documents)
    priors = {key: _prior(start[key], total.get(key, (0, 0))) for key in start}
    examples = _examples(documents, start, total, own)
    known, column = _common_features(examples)
    matrix = _sparse(examples, known, column)
    held_out = np.zeros(len(examples.verdict))
    fold = examples.document * 7919 % FOLDS
    for number in range(FOLDS):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        fitted = _fit(matrix[train], examples.verdict[train], examples.weight[train])
        held_out[test] = matrix[test] @ fitted.coef_[0] + fitted.intercept_[0]
    slope, shift = _calibrate(held_out, examples.verdict)
    fitted = _fit(matrix, examples.verdict, examples.weight)
    coefficients = cast("Floats", fitted.coef_[0])
    settings = {
        "bias": round(float(fitted.intercept_[0]) * SCALE),
        "prior_weight": round(float(coefficients[-1]), 4),
        "slope": round(slope, 4),
        "shift": round(shift, 4),
        "thresholds": {
            "balance": BALANCE,
            "beyond": BEYOND,
            "precision": SURE,
            "prior": LOWEST_PRIOR,
        },
        "covered": sorted({kind for item in annotated for kind in item.complete}),
    }
    seen = {key: total.get(key, (0.0, 0.0))[1] for key in start}
    _write(output, known, coefficients[:-1], priors, seen, clusters, settings, bits)
    return settings


def _trained_lexemes(annotated: Iterable[Annotated]) -> set[tuple[str, str]]:
    """Words that name an event somewhere in the annotation: up to five syllables, no marks."""
    out = set()
    for item in annotated:
        for (start, end, kind), verdict in item.labels.items():
            forms = [form.lower() for form in item.document.forms[start:end]]
            if verdict and 0 < len(forms) <= LONGEST and all(f.isalpha() for f in forms):
                out.add((" ".join(forms), kind))
    return out


@dataclass(frozen=True, slots=True)
class _Labelled:
    """The candidates of one document: what they are, and the verdicts on the rows that have one."""

    number: int
    tokens: Tokens
    candidates: Candidates
    keys: list[tuple[str, str]]
    rows: list[int]
    verdicts: list[bool]
    weights: list[float]


def _labelled(
    annotated: Sequence[Annotated],
    ontology: Ontology,
    priors: Mapping[tuple[str, str], float],
    clusters: Clusters,
) -> Iterator[_Labelled]:
    collector = Collector(TriggerLexicon(ontology.lexemes, priors), ontology.types)
    covered = frozenset(kind for item in annotated for kind in item.complete)
    for number, item in enumerate(annotated):
        tokens = Tokens([item.document], clusters)
        candidates, numbers = collector.collect([item.document], tokens)
        uses = [collector.lexicon.uses[n] for n in numbers.tolist()]
        rows, verdicts, weights = [], [], []
        spans = zip(candidates.start.tolist(), candidates.end.tolist(), uses, strict=True)
        for row, (start, end, use) in enumerate(spans):
            label = item.labels.get((start, end, use.type))
            if label is None and use.type in item.complete:
                label = False
            if label is not None:
                rows.append(row)
                verdicts.append(label)
                doubtful = use.type in covered and use.type not in item.complete
                weights.append(TRUST if doubtful else 1.0)
        keys = [(use.text, use.type) for use in uses]
        yield _Labelled(number, tokens, candidates, keys, rows, verdicts, weights)


def _count(documents: Iterable[_Labelled]) -> tuple[_Counts, dict[int, _Counts]]:
    """How often each lexeme stands, and names its type: in all, and by document."""
    total: _Counts = {}
    own: dict[int, _Counts] = {}
    for document in documents:
        counts = own[document.number] = {}
        labels = zip(document.rows, document.verdicts, document.weights, strict=True)
        for row, verdict, weight in labels:
            key = document.keys[row]
            for table in (total, counts):
                yes, seen = table.get(key, (0.0, 0.0))
                table[key] = (yes + verdict * weight, seen + weight)
    return total, own


def _prior(start: float, counts: tuple[float, float]) -> float:
    yes, seen = counts
    return round((yes + SMOOTHING * start) / (seen + SMOOTHING), 3)


def _examples(
    documents: Iterable[_Labelled],
    start: Mapping[tuple[str, str], float],
    total: _Counts,
    own: Mapping[int, _Counts],
) -> _Examples:
    """All labelled candidates, each with the prior that the other documents give."""
    keys, priors, numbers = [], [], []
    verdicts: list[bool] = []
    weights: list[float] = []
    for document in documents:
        if not document.rows:
            continue
        here = own[document.number]
        prior = np.array([_left_out(key, start[key], total, here) for key in document.keys])
        candidates = replace(document.candidates, prior=prior)
        keys.append(feature_keys(document.tokens, candidates)[document.rows])
        priors.append(prior[document.rows])
        verdicts.extend(document.verdicts)
        weights.extend(document.weights)
        numbers.extend([document.number] * len(document.rows))
    return _Examples(
        np.concatenate(keys),
        np.concatenate(priors),
        np.array(verdicts),
        np.array(numbers),
        np.array(weights),
    )


def _left_out(key: tuple[str, str], start: float, total: _Counts, own: _Counts) -> float:
    yes, seen = total.get(key, (0.0, 0.0))
    here, times = own.get(key, (0.0, 0.0))
    return _prior(start, (yes - here, seen - times))


def _common_features(examples: _Examples) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Features of two documents or more, and for each cell of `keys` its number there or -1."""
    flat = examples.keys.ravel()
    known, number = np.unique(flat, return_inverse=True)
    document = np.repeat(examples.document, examples.keys.shape[1])
    first = np.full(len(known), np.iinfo(np.int64).max)
    last = np.full(len(known), -1)
    np.minimum.at(first, number, document)
    np.maximum.at(last, number, document)
    kept = last > first
    renumber = np.where(kept, np.cumsum(kept) - 1, -1)
    return known[kept], renumber[number].reshape(examples.keys.shape)


def _sparse(examples: _Examples, known: Hashes, column: npt.NDArray[np.int64]) -> Any:
    """The design matrix; the last column holds the log odds of the prior."""
    from scipy.sparse import csr_matrix, hstack

    row, place = np.nonzero(column >= 0)
    ones = np.ones(len(row))
    cells = csr_matrix(
        (ones, (row, column[row, place])), shape=(len(column), len(known)), dtype=np.float64
    )
    return hstack([cells, csr_matrix(log_odds(examples.prior)[:, None])]).tocsr()


def _fit(matrix: Any, verdict: npt.NDArray[np.bool_], weight: Floats) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=PENALTY, solver="liblinear", tol=1e-3)
    return model.fit(matrix, verdict, sample_weight=weight)


def _calibrate(scores: Floats, verdict: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's (1999) scaling of held-out scores: slope and shift."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(scores[:, None], verdict)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _write(
    output: Path,
    known: Hashes,
    coefficients: Floats,
    priors: Mapping[tuple[str, str], float],
    seen: Mapping[tuple[str, str], float],
    clusters: Mapping[str, int],
    settings: Mapping[str, Any],
    bits: int,
) -> None:
    output.mkdir(parents=True, exist_ok=True)
    kept = np.abs(coefficients) >= LIGHTEST
    keys, values = known[kept], coefficients[kept]
    # Where two features share a slot the heavier keeps it.
    order = np.argsort(np.abs(values), kind="stable")
    keys, values = keys[order], values[order]
    table = np.zeros(1 << bits, np.uint32)
    fixed = np.clip(np.round(values * SCALE), -32768, 32767).astype(np.int16).view(np.uint16)
    table[(keys & np.uint64((1 << bits) - 1)).astype(np.int64)] = (
        (keys >> np.uint64(48)).astype(np.uint32) << np.uint32(16)
    ) | fixed.astype(np.uint32)
    slots = np.flatnonzero(table).astype(np.uint32)
    np.savez_compressed(output / "weights.npz", bits=bits, slots=slots, cells=table[slots])
    lines = [
        f"{text}\t{kind}\t{prior:g}\t{seen[text, kind]:g}"
        for (text, kind), prior in sorted(priors.items())
    ]
    _write_lines(output / "priors.tsv", ["lexeme\ttype\tprior\tseen", *lines])
    lines = [f"{word}\t{number}" for word, number in sorted(clusters.items())]
    _write_lines(output / "clusters.tsv", ["word\tcluster", *lines])
    _write_lines(output / "settings.json", [json.dumps(settings, indent=2)])


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def train(bkee: Sequence[Path], output: Path, news: Path | None = None) -> dict[str, Any]:
    """Train on files of BKEE and on the shipped judgements; returns the settings.

    `news` is the folder with the raw news that the judgements are about (`FILE.jsonl.xz`, an
    article being named `FILE:id`); without it they are left out. The word clusters are those of
    the shipped model.
    """
    from sukien.language.analyzer import Analyzer

    ontology = load_ontology()
    analyzer = Analyzer()
    rows = [row for path in bkee for row in _read_rows(path)]
    annotated = list(
        annotate_bkee(rows, _analysed(analyzer, [row["text"] for row in rows]), ontology.types)
    )
    judgements = read_judgements()
    wanted = {judgement.article for judgement in judgements}
    texts = dict(_articles(news, wanted)) if news is not None else {}
    documents = dict(zip(texts, _analysed(analyzer, list(texts.values())), strict=True))
    annotated.extend(annotate_judgements(judgements, documents))
    return train_triggers(annotated, ontology, read_clusters(MODEL), output)


def _analysed(analyzer: Analyzer, texts: Sequence[str]) -> list[Document]:
    return [
        document
        for first in range(0, len(texts), _BATCH)
        for document in analyzer.documents(texts[first : first + _BATCH])
    ]


def _articles(news: Path, wanted: set[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(news.glob("*.jsonl.xz")):
        stem = path.name.removesuffix(".jsonl.xz")
        if any(name.startswith(f"{stem}:") for name in wanted):
            for row in _read_rows(path):
                if f"{stem}:{row['id']}" in wanted:
                    yield f"{stem}:{row['id']}", row["text"]


def _read_rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
