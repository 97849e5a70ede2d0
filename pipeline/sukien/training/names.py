"""Train the names tagger from the data folder; `python -m sukien.training.names --help`.

What goes in: VLSP 2018 and VLSP 2016 train (research use), beginnings of 440 news articles marked
for this project (`data/news_names.jsonl`, offsets only), word and name clusters from raw news
(`sukien.training.clusters`), the gazetteer, and silver sentences of raw news. The list of names
knows the training texts' names too well, so a third of it is hidden from each document.

Steps: models of two thirds of VLSP 2018 each tag the other third, for the memory; a first model
tags raw news; the gazetteer and cues add what VLSP does not mark (`silver`); the model and its
companion for sentences without capitals are trained on everything.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sukien.entities.caseless import CASELESS_CONTEXT, caseless_templates
from sukien.entities.features import CONTEXT, Lexicon, templates
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.memory import MEMORY
from sukien.entities.tagger import GRAINS, LEXICON, NameTagger, Reader, lexicon_of
from sukien.language.analyzer import segment
from sukien.tagging.model import Model
from sukien.tagging.tagger import Tagger
from sukien.training.crf import Example, Settings, fit
from sukien.training.names_data import (
    LABELS,
    SILVER_HIDDEN,
    Hiding,
    Spans,
    caseless_example,
    caseless_lists,
    read_news,
    read_vlsp2016,
    read_vlsp2018,
    remember,
    select,
    to_example,
    token_spans,
)
from sukien.training.silver import silver_sentences

__all__ = ["Trained", "main", "train_names"]

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
    """The two models of the names tagger."""

    model: Model
    caseless: Model


def train_names(data: Path, clusters: Clusters, *, seed: int = 1) -> Trained:
    """Train the tagger on the folder `data`: `ner/` and `news/` (held out: every `dev` file)."""
    gazetteer = Gazetteer.load()
    lexicon = lexicon_of(clusters[LEXICON])
    settings = Settings(
        passes=10,
        seed=seed,
        column_dropout={"listed": 0.35, "listed_first": 0.35, **dict.fromkeys(MEMORY, 0.3)},
    )
    gold = [
        to_example(segment(text), spans, Hiding(gazetteer, text[:80]), lexicon)
        for text, spans in read_vlsp2018(data / "ner" / "vlsp2018_train.jsonl.xz")
    ]
    older = [
        to_example(segment(text), spans, Hiding(gazetteer, text[:80]), lexicon, one_sentence=True)
        for text, spans in read_vlsp2016(data / "ner" / "vlsp2016_train.conll.xz")
    ]
    told = _cross_tag(gold, older, clusters, replace(settings, passes=6))
    with_memory = [remember(e, spans) for e, spans in zip(gold, told, strict=True)]
    fitted = _fit([*with_memory, *older], clusters, replace(settings, passes=7))
    first = NameTagger(Reader(fitted), gazetteer)
    news: list[Example] = []
    told_news: list[Spans] = []
    for text, spans in read_news(data / "news"):
        document, hiding = segment(text), Hiding(gazetteer, text[:80])
        example = to_example(document, spans, hiding, lexicon, weight=NEWS_WEIGHT)
        found = first.mentions([document])[0]
        told_news.append([(m.token_start, m.token_end, m.label) for m in found])
        news.append(remember(example, told_news[-1]))
    _say(f"{len(news):,} news articles marked by hand")
    silver = list(_silver(data, first, gazetteer, lexicon, seed))
    _say(f"{sum(len(e.pieces) for e, _ in silver):,} silver sentences")
    everything = [*with_memory, *older, *news, *(example for example, _ in silver)]
    model = _fit(everything, clusters, settings)

    lists = caseless_lists(clusters)
    small_lexicon = lexicon_of(lists[LEXICON])
    pairs: list[tuple[Example, Spans | None]] = [(example, None) for example in older]
    pairs += [*zip(gold, told, strict=True), *zip(news, told_news, strict=True)]
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
        settings=replace(settings, passes=8, smallest=0.015),
        report=_say,
    )
    return Trained(_tempered(model), _tempered(caseless))


def _fit(examples: Sequence[Example], clusters: Clusters, settings: Settings) -> Model:
    return fit(
        examples,
        templates(),
        LABELS,
        context=(*CONTEXT, *GRAINS, *MEMORY),
        lists=clusters,
        settings=settings,
        report=_say,
    )


def _tempered(model: Model) -> Model:
    """Features left out in training make the sum of all too sure of itself; take that back."""
    return replace(model, scale=round(model.scale * TEMPERATURE))


def _cross_tag(
    gold: Sequence[Example], older: Sequence[Example], clusters: Clusters, settings: Settings
) -> list[Spans]:
    """Names of each document, in tokens, by a model that was not trained on it."""
    out: list[Spans] = [[] for _ in gold]
    for fold in range(FOLDS):
        rest = [example for number, example in enumerate(gold) if number % FOLDS != fold]
        tagger = Tagger(
            _fit([*rest, *older], clusters, replace(settings, seed=settings.seed + fold))
        )
        for number in range(fold, len(gold), FOLDS):
            out[number] = _tag(tagger, gold[number])
    return out


def _tag(tagger: Tagger, example: Example) -> Spans:
    lengths = [last - first for first, last in example.pieces]
    order = [at for first, last in example.pieces for at in range(first, last)]
    context = {n: [values[at] for at in order] for n, values in example.context.items()}
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
    data: Path,
    tagger: NameTagger,
    gazetteer: Gazetteer,
    lexicon: Lexicon,
    seed: int,
) -> Iterator[tuple[Example, str]]:
    """Silver examples, each with what its hidden names are drawn by."""
    left = SILVER
    for text in _news(data, seed):
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


def _news(data: Path, seed: int) -> Iterator[str]:
    """A sample of raw articles, none of them in a dev file."""
    dev = {row["text"][:60] for path in _dev_files(data) for row in _rows(path)}
    texts: list[str] = []
    choice = random.Random(seed)
    for name, count in NEWS.items():
        rows = [row["text"] for row in _rows(data / "news" / f"{name}.jsonl.xz")]
        texts += choice.sample(rows, min(count, len(rows)))
    choice.shuffle(texts)
    return (text for text in texts if text[:60] not in dev)


def _dev_files(data: Path) -> list[Path]:
    return [data / "ner" / "vlsp2018_dev.jsonl.xz", data / "gold_dev" / "news_dev.jsonl"]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if not path.exists():
        return
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)
    else:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train from the command line and write `model.npz` and `caseless.npz`."""
    parser = argparse.ArgumentParser(prog="python -m sukien.training.names", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with ner/ and news/")
    parser.add_argument("--output", type=Path, required=True, help="folder for the models")
    parser.add_argument("--clusters", type=Path, help="clusters.json.xz of an earlier run")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    from sukien.training.clusters import news_clusters, read_clusters, write_clusters

    options.output.mkdir(parents=True, exist_ok=True)
    if options.clusters is not None:
        clusters = read_clusters(options.clusters)
    else:
        clusters = news_clusters(options.data / "news", seed=options.seed)
        write_clusters(clusters, options.output / "clusters.json.xz")
    trained = train_names(options.data, clusters, seed=options.seed)
    (options.output / "model.npz").write_bytes(trained.model.to_bytes())
    (options.output / "caseless.npz").write_bytes(trained.caseless.to_bytes())


if __name__ == "__main__":
    main()
