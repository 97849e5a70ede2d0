"""Does the language layer cost the same per syllable whatever the length, and keep its memory?

    python tests/benchmarks/bench_scaling.py [NEWS] [--articles 2000 20000]

Prints processor seconds per syllable for one long sentence against short ones, for twice the
articles, and the peak memory after the first and the second number of articles.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from sukien.article import Article
from sukien.language.analyzer import Analyzer
from sukien.reading import read_articles

CORPUS = Path(__file__).parents[2] / "corpus" / "articles"
BATCH = 64


def seconds(analyzer: Analyzer, texts: Sequence[str]) -> float:
    start = time.process_time()
    for first in range(0, len(texts), BATCH):
        analyzer.documents(texts[first : first + BATCH])
    return time.process_time() - start


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("news", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--articles", type=int, nargs=2, default=(1000, 4000))
    options = parser.parse_args()
    few, many = options.articles

    analyzer = Analyzer()
    found = (item for item in read_articles([options.news]) if isinstance(item, Article))
    texts = [article.text for article in islice(found, 2000)]
    syllables = " ".join(texts).replace(".", "").replace("\n", " ").split()
    syllables = list(islice(cycle(syllables), 200_000))
    # The same syllables as one text of short sentences, and as texts of one long sentence.
    short = [
        " ".join(" ".join(syllables[i : i + 50]) + ".\n" for i in range(first, first + 10_000, 50))
        for first in range(0, len(syllables), 10_000)
    ]
    long = [" ".join(syllables[i : i + 10_000]) for i in range(0, len(syllables), 10_000)]
    seconds(analyzer, short)
    pairs = [(seconds(analyzer, short), seconds(analyzer, long)) for _ in range(5)]
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"a sentence of 10,000 syllables against sentences of 50: {ratio:.2f} × per syllable")

    first = list(islice(cycle(texts), 640))
    seconds(analyzer, first)
    doubled = [seconds(analyzer, first + first) / seconds(analyzer, first) for _ in range(5)]
    print(f"twice the articles: {statistics.median(doubled):.2f} × the time")

    seconds(analyzer, list(islice(cycle(texts), few)))
    before = peak_mib()
    news = (item for item in read_articles([options.news]) if isinstance(item, Article))
    batch: list[str] = []
    for article in islice(cycle(news) if options.news == CORPUS else news, many):
        batch.append(article.text)
        if len(batch) == BATCH:
            analyzer.documents(batch)
            batch.clear()
    print(f"peak memory: {before:.0f} MiB after {few} articles, {peak_mib():.0f} MiB after {many}")


if __name__ == "__main__":
    main()
