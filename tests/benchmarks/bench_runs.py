"""Whole runs to a folder: one and two worker processes, time and peak memory.

    python tests/benchmarks/bench_runs.py [NEWS] [--articles 600]

NEWS is anything `sukien extract` reads (default: the sample corpus, repeated under new names).
Times are seconds on the clock, so the machine should have nothing else to do. Memory is that of
the largest process of the run.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from sukien.article import Article
from sukien.batch.run import extract_to_folder
from sukien.batch.settings import Settings
from sukien.reading import read_articles

CORPUS = Path(__file__).parents[2] / "corpus" / "articles"
MEGABYTES = 2**20 if sys.platform == "darwin" else 2**10


def write_news(source: str, count: int, path: Path) -> None:
    """So many articles as JSON lines; repeated ones get a line of their own at the end."""
    found = [a for a in read_articles(source) if isinstance(a, Article)]
    with path.open("w", encoding="utf-8") as lines:
        for number, article in enumerate(islice(cycle(found), count)):
            text = article.text if number < len(found) else f"{article.text}\nBản {number}."
            fields = {"title": article.title, "date": article.published_at, "text": text}
            lines.write(json.dumps(fields, ensure_ascii=False) + "\n")


def run(news: str, output: str, jobs: int) -> None:
    """One run in a process of its own, so that peaks of memory do not mix."""
    start = time.perf_counter()
    summary = extract_to_folder(news, Path(output), Settings(), jobs=jobs)
    seconds = time.perf_counter() - start
    driver = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTES
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEGABYTES
    share = summary.seconds["corpus"] / seconds
    print(
        f"{summary.analysed:>8,} articles, {jobs} worker{'s' * (jobs > 1)}: "
        f"{summary.analysed / seconds:7.1f} articles/s, corpus pass {share:4.0%}, "
        f"memory: driver {driver:,.0f} MB, worker {workers:,.0f} MB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("news", nargs="?", default=str(CORPUS))
    parser.add_argument("--articles", type=int, default=600)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        news = Path(folder) / "news.jsonl"
        for count in (options.articles // 4, options.articles):
            write_news(options.news, count, news)
            for jobs in (1, 2):
                output = str(Path(folder) / f"{count}-{jobs}")
                process = context.Process(target=run, args=(str(news), output, jobs))
                process.start()
                process.join()


if __name__ == "__main__":
    main()
