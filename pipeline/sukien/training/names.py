"""Train the names tagger; `sukien train names --help`.

What goes in: annotated articles (VLSP 2018, research use) and sentences (VLSP 2016), beginnings
of 440 news articles marked for this project (`data/news_names.jsonl`, offsets only), word and
name clusters from raw news (`sukien.training.clusters`), the gazetteer, and silver sentences of
raw news. The list of names knows the training texts' names too well, so a third of it is hidden
from each document.

Steps: models of two thirds of the articles each tag the other third, for the memory; a first
model tags raw news; the gazetteer and cues add what VLSP does not mark (`silver`); the model and
its companion for sentences without capitals are trained on everything. Without raw news there
are no marked beginnings and no silver.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sukien.entities.caseless import CASELESS_CONTEXT, caseless_templates
from sukien.entities.features import CONTEXT, GRAINS, Lexicon, templates
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.memory import MEMORY
from sukien.entities.tagger import LEXICON, NameTagger, Reader
from sukien.language.analyzer import segment
from sukien.scoring.lines import read_rows
from sukien.tagging.model import Model
from sukien.tagging.tagger import Tagger
from sukien.training.conventions import (
    SCHEME,
    SCHEME_TEMPLATES,
    SHARE,
    by_guidelines,
    with_scheme,
    without_scheme,
)
from sukien.training.crf import Example, Settings, fit
from sukien.training.names_data import (
    LABELS,
    SILVER_HIDDEN,
    Hiding,
    Spans,
    caseless_example,
    caseless_lists,
    read_articles,
    read_news,
    read_sentences,
    remember,
    select,
    to_example,
    token_spans,
)
from sukien.training.silver import silver_sentences

__all__ = ["Trained", "train_names"]

FOLDS = 3
NEWS = {"dantri_2020_2021": 3000, "baomoi_2017": 5000, "vietnews_2016_2019": 5000}
"""Articles of each file that are tagged for silver sentences."""
SILVER = 12_000
"""Silver sentences that are learnt from, at most `PER_ARTICLE` of an article."""
PER_ARTICLE = 8
SILVER_WEIGHT = 0.5
NEWS_WEIGHT = 1.5
"""The news marked for this project follows the ontology's conventions more closely than VLSP."""
TEMPERATURE = 2.0
"""Makes confidences honest (found on VLSP 2018 dev); the best path does not depend on it."""
Clusters = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Trained:
    """The models of the names tagger."""

    model: Model
    caseless: Model
    vlsp: Model | None
    """What to add to `model` to read as VLSP; None where all annotation is of one kind."""


def train_names(
    corpora: Sequence[Path],
    clusters: Clusters,
    *,
    news: Path | None = None,
    held_out: Sequence[Path] = (),
    seed: int = 1,
    passes: int = 10,
    report: Callable[[str], None] = lambda line: None,
) -> Trained:
    """Train the tagger on annotated files, and on the raw news of a folder.

    corpora: JSON lines of articles with `text` and `entities`, and CoNLL columns (`.conll`) of
        sentences; `.xz` too.
    clusters: word and name clusters, see `sukien.training.clusters`.
    news: folder of raw news; with it `corpora` count as annotated VLSP's way, which the model
        does not follow where the project's own annotation says otherwise (`conventions`).
    held_out: JSON lines of articles that must not be learnt from.
    passes: over all examples; the intermediate models take fewer.
    report: is told what goes on.

    Equal input gives equal models on one machine. Raises OSError and ValueError where a file
    cannot be read, or holds no article.
    """
    gazetteer = Gazetteer.load()
    lexicon = Lexicon(clusters[LEXICON])
    settings = Settings(
        passes=passes,
        seed=seed,
        column_dropout={"listed": 0.35, "listed_first": 0.35, **dict.fromkeys(MEMORY, 0.3)},
    )
    sentences = [path for path in corpora if ".conll" in path.suffixes]
    articles = [path for path in corpora if path not in sentences]
    gold = [
        to_example(
            segment(text),
            by_guidelines(text, spans, gazetteer),
            Hiding(gazetteer, text[:80]),
            lexicon,
        )
        for path in articles
        for text, spans in read_articles(path)
    ]
    older = [
        to_example(
            segment(text),
            by_guidelines(text, spans, gazetteer),
            Hiding(gazetteer, text[:80]),
            lexicon,
            one_sentence=True,
        )
        for path in sentences
        for text, spans in read_sentences(path)
    ]
    if len(gold) < FOLDS:
        raise ValueError(f"{len(gold)} annotated articles to train on; {FOLDS} are the fewest")
    trainer = _Trainer(clusters, report)
    told = _cross_tag(trainer, gold, older, replace(settings, passes=max(1, passes * 6 // 10)))
    with_memory = [remember(e, spans) for e, spans in zip(gold, told, strict=True)]
    marked: list[Example] = []
    told_news: list[Spans] = []
    silver: list[tuple[Example, str]] = []
    if news is not None:
        early = replace(settings, passes=max(1, passes * 7 // 10))
        fitted = trainer.fit([*with_memory, *older], early)
        first = NameTagger(Reader(fitted), gazetteer)
        for text, spans in read_news(news):
            document, hiding = segment(text), Hiding(gazetteer, text[:80])
            example = to_example(document, spans, hiding, lexicon, weight=NEWS_WEIGHT)
            found = first.mentions([document])[0]
            told_news.append([(m.token_start, m.token_end, m.label) for m in found])
            marked.append(remember(example, told_news[-1]))
        report(f"{len(marked):,} news articles marked by hand")
        texts = _news(news, held_out, seed)
        silver = list(_silver(texts, first, gazetteer, lexicon))
        report(f"{sum(len(e.pieces) for e, _ in silver):,} silver sentences")
    vlsp, own = [*with_memory, *older], [*marked, *(example for example, _ in silver)]
    ways: Model | None = None
    if own:
        model, ways = trainer.fit_schemes(vlsp, own, settings)
    else:
        model = trainer.fit(vlsp, settings)

    lists = caseless_lists(clusters)
    small_lexicon = Lexicon(lists[LEXICON])
    pairs: list[tuple[Example, Spans | None]] = [(example, None) for example in older]
    pairs += [*zip(gold, told, strict=True), *zip(marked, told_news, strict=True)]
    small = [
        caseless_example(
            example, spans, Hiding(gazetteer, " ".join(example.forms[:20])), small_lexicon
        )
        for example, spans in pairs
    ]
    small += [
        caseless_example(example, None, Hiding(gazetteer, salt, SILVER_HIDDEN), small_lexicon)
        for example, salt in silver
    ]
    caseless = fit(
        small,
        caseless_templates(),
        LABELS,
        context=(*CASELESS_CONTEXT, *GRAINS, *MEMORY),
        lists=lists,
        settings=replace(settings, passes=max(1, passes * 8 // 10), smallest=0.015),
        report=report,
    )
    return Trained(_tempered(model), _tempered(caseless), ways and _tempered(ways))


@dataclass(frozen=True, slots=True)
class _Trainer:
    """Fits models of the tagger's features."""

    clusters: Clusters
    report: Callable[[str], None]

    def fit(self, examples: Sequence[Example], settings: Settings) -> Model:
        """A model of these examples."""
        return fit(
            examples,
            templates(),
            LABELS,
            context=(*CONTEXT, *GRAINS, *MEMORY),
            lists=self.clusters,
            settings=settings,
            report=self.report,
        )

    def fit_schemes(
        self, vlsp: Sequence[Example], own: Sequence[Example], settings: Settings
    ) -> tuple[Model, Model]:
        """A model by the project's ways, and what to add for VLSP's, see `conventions`."""
        examples = [with_scheme(example, vlsp=True) for example in vlsp]
        examples += [with_scheme(example, vlsp=False) for example in own]
        model = fit(
            examples,
            (*templates(), *SCHEME_TEMPLATES),
            LABELS,
            context=(*CONTEXT, *GRAINS, *MEMORY, SCHEME),
            lists=self.clusters,
            settings=replace(settings, column_dropout={**settings.column_dropout, SCHEME: 0.0}),
            report=self.report,
        )
        own_ways, rest = without_scheme(model)
        return own_ways.plus(rest.times(SHARE)), rest.times(1 - SHARE)


def _tempered(model: Model) -> Model:
    """Features left out in training make the sum of all too sure of itself; take that back."""
    return replace(model, scale=round(model.scale * TEMPERATURE))


def _cross_tag(
    trainer: _Trainer, gold: Sequence[Example], older: Sequence[Example], settings: Settings
) -> list[Spans]:
    """Names of each document, in tokens, by a model that was not trained on it."""
    out: list[Spans] = [[] for _ in gold]
    for fold in range(FOLDS):
        rest = [example for number, example in enumerate(gold) if number % FOLDS != fold]
        tagger = Tagger(trainer.fit([*rest, *older], replace(settings, seed=settings.seed + fold)))
        for number in range(fold, len(gold), FOLDS):
            out[number] = _tag(tagger, gold[number])
    return out


def _tag(tagger: Tagger, example: Example) -> Spans:
    lengths = [last - first for first, last in example.pieces]
    order = [at for first, last in example.pieces for at in range(first, last)]
    context = {name: values[order] for name, values in example.context.items()}
    path = tagger.lattice([example.forms[at] for at in order], lengths, context).best().tolist()
    out: Spans = []
    start = 0
    for at, label in zip(order, (tagger.labels[number] for number in path), strict=True):
        if label[0] in "BS":
            start = at
        if label[0] in "ES":
            out.append((start, at + 1, label[2:]))
    return out


def _silver(
    texts: Iterator[str], tagger: NameTagger, gazetteer: Gazetteer, lexicon: Lexicon
) -> Iterator[tuple[Example, str]]:
    """Silver examples, each with what its hidden names are drawn by."""
    left = SILVER
    for text in texts:
        document = segment(text)
        found = tagger.mentions([document])[0]
        sure = [(m.token_start, m.token_end, m.label, m.confidence) for m in found]
        names, sentences = silver_sentences(document, gazetteer, sure)
        if not sentences:
            continue
        chars = [(document.starts[a], document.ends[b - 1], label) for a, b, label in names]
        salt = text[:80]
        example = to_example(
            document,
            chars,
            Hiding(gazetteer, salt, SILVER_HIDDEN),
            lexicon,
            weight=SILVER_WEIGHT,
        )
        pieces = [
            piece
            for piece in example.pieces
            if any(first <= piece[0] and piece[1] <= last for first, last in sentences)
        ][: min(PER_ARTICLE, left)]
        if pieces:
            example = remember(example, token_spans(document, chars))
            yield select(example, pieces), salt
            left -= len(pieces)
        if left <= 0:
            return


def _news(folder: Path, held_out: Sequence[Path], seed: int) -> Iterator[str]:
    """A sample of raw articles, none of them in a held-out file."""
    dev = {row["text"][:60] for path in held_out for row in read_rows(path)}
    texts: list[str] = []
    choice = random.Random(seed)
    for name, count in NEWS.items():
        path = folder / f"{name}.jsonl.xz"
        rows = [row["text"] for row in read_rows(path)] if path.is_file() else []
        texts += choice.sample(rows, min(count, len(rows)))
    if not texts:
        raise ValueError(f"{folder} holds none of the news files {', '.join(NEWS)} (.jsonl.xz)")
    choice.shuffle(texts)
    return (text for text in texts if text[:60] not in dev)
