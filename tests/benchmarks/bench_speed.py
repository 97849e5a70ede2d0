"""Speed of every stage beside underthesea's functions, on one core, in one run.

    python tests/benchmarks/bench_speed.py [NEWS] [--articles 400] [--rounds 5]

NEWS is anything `sukien.read_articles` reads (default: the sample corpus, repeated). Times are
processor seconds of this process, run with OMP_NUM_THREADS=1 as `make bench` does. Each figure
is the median over the rounds; underthesea works on a part of the articles in every round,
sentence by sentence.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar

import underthesea

from sukien.analysis import Analysis
from sukien.article import Article
from sukien.dates import find_dates
from sukien.entities.link import link
from sukien.entities.tagger import NameTagger
from sukien.events.extractor import EventExtractor
from sukien.language.analyzer import Analyzer, segment
from sukien.quantities import find_quantities
from sukien.reading import read_articles
from sukien.tables.rows import rows_of

CORPUS = Path(__file__).parents[2] / "corpus" / "articles"
BATCH = 64
SAMPLE = 12  # articles underthesea works on in a round

T = TypeVar("T")


class Stages:
    """The stages in their order, with the seconds each has taken."""

    def __init__(self) -> None:
        self.analyzer = Analyzer()
        self.tagger = NameTagger.load()
        self.extractor = EventExtractor.load()
        self.spent: dict[str, float] = defaultdict(float)

    def timed(self, name: str, call: Callable[[], T]) -> T:
        start = time.process_time()
        result = call()
        self.spent[name] += time.process_time() - start
        return result

    def run(self, articles: list[Article]) -> None:
        texts = [article.text for article in articles]
        self.timed("  of which tokens, sentences", lambda: [segment(text) for text in texts])
        documents = self.timed("language", lambda: self.analyzer.documents(texts))
        mentions = self.timed("names", lambda: self.tagger.mentions(documents))
        spans = [[(m.char_start, m.char_end) for m in found] for found in mentions]
        published = [article.published_at for article in articles]
        dates = self.timed(
            "dates",
            lambda: [
                find_dates(document.shadow, reference=day, names=names)
                for document, day, names in zip(documents, published, spans, strict=True)
            ],
        )
        taken = [[(d.char_start, d.char_end) for d in found] for found in dates]
        quantities = self.timed(
            "quantities",
            lambda: [
                find_quantities(document.shadow, taken=t)
                for document, t in zip(documents, taken, strict=True)
            ],
        )
        events = self.timed(
            "events",
            lambda: self.extractor.events(documents, mentions, dates, quantities, published),
        )
        entities = self.timed(
            "entities", lambda: [link(d, m) for d, m in zip(documents, mentions, strict=True)]
        )
        parts = (articles, documents, mentions, entities, dates, quantities, events)
        self.timed(
            "rows", lambda: [rows_of(Analysis(*p), tokens=False) for p in zip(*parts, strict=True)]
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("news", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--articles", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    found = (item for item in read_articles([options.news]) if isinstance(item, Article))
    read = list(islice(found, options.articles))
    articles = list(islice(cycle(read), options.articles))
    stages = Stages()
    stages.run(articles[:BATCH])
    functions = {"underthesea.ner": underthesea.ner, "underthesea.pos_tag": underthesea.pos_tag}
    for function in functions.values():
        function("Hà Nội")

    table: dict[str, list[float]] = defaultdict(list)
    for number in range(options.rounds):
        stages.spent.clear()
        for first in range(0, len(articles), BATCH):
            stages.run(articles[first : first + BATCH])
        for name, seconds in stages.spent.items():
            table[name].append(seconds / len(articles))
        whole = sum(s for name, s in stages.spent.items() if not name.startswith(" "))
        table["sukien, all stages"].append(whole / len(articles))
        start = number * SAMPLE % max(len(articles) - SAMPLE, 1)
        documents = [segment(article.text) for article in articles[start : start + SAMPLE]]
        sentences = [d.text[s.char_start : s.char_end] for d in documents for s in d.sentences]
        for name, function in functions.items():
            begin = time.process_time()
            for sentence in sentences:
                function(sentence)
            table[name].append((time.process_time() - begin) / len(documents))

    syllables = sum(len(segment(article.text)) for article in articles) / len(articles)
    median = {name: statistics.median(values) for name, values in table.items()}
    print(f"{len(articles)} articles ({len(read)} different) of {syllables:.0f} tokens on average")
    print(f"{'':30}{'ms/article':>12}{'articles/s':>12}{'× ner':>8}{'× pos_tag':>11}")
    for name, seconds in median.items():
        ner, pos = median["underthesea.ner"] / seconds, median["underthesea.pos_tag"] / seconds
        print(f"{name:30}{seconds * 1e3:12.3f}{1 / seconds:12.1f}{ner:8.1f}{pos:11.1f}")


if __name__ == "__main__":
    main()
