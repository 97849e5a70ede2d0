"""B-cubed of `story_id` on articles in known stories, mixed with articles of other times.

    python tests/benchmarks/stories.py story_clusters.jsonl.xz others.jsonl.xz [HOW_MANY_OTHERS]

Each line of the first file is an article with `cluster`, `title`, `published_at` and `text`; those
of the second stand alone, one story each.
"""

from __future__ import annotations

import json
import lzma
import random
import sys
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

from sukien.batch.gist import gists
from sukien.batch.signatures import numbers
from sukien.batch.stories import stories


def read(path: str) -> list[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def b_cubed(found: Sequence[Hashable], gold: Sequence[Hashable]) -> tuple[float, float, float]:
    both, ours, theirs = Counter(zip(found, gold, strict=True)), Counter(found), Counter(gold)
    pairs = list(zip(found, gold, strict=True))
    precision = sum(both[pair] / ours[pair[0]] for pair in pairs) / len(pairs)
    recall = sum(both[pair] / theirs[pair[1]] for pair in pairs) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main(told: str, others: str, count: str = "500") -> None:
    articles = read(told)
    alone = random.Random(1).sample(read(others), int(count))
    articles += [{**article, "cluster": f"alone {n}"} for n, article in enumerate(alone)]
    about = gists([numbers(f"{a.get('title') or ''}\n{a['text']}") for a in articles])
    found = stories(about, [article["published_at"] for article in articles])
    scores = b_cubed(found, [article["cluster"] for article in articles])
    print("B-cubed precision {:.3f}, recall {:.3f}, F1 {:.3f}".format(*scores))


if __name__ == "__main__":
    main(*sys.argv[1:])
