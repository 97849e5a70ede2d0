"""Clusters of words and of whole names by their neighbours in raw news.

word2vec (Mikolov et al. 2013, skip-gram with negative sampling) over syllables, and over a copy
of the news in which each run of capitals is one unit (`Real_Madrid`); then k-means on the unit
sphere at several granularities. Needs gensim and scikit-learn (extra `train`).
"""

from __future__ import annotations

import json
import lzma
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sukien.entities.forms import without_digits
from sukien.entities.tagger import LEXICON
from sukien.language.analyzer import segment
from sukien.tagging.model import Model

__all__ = ["merge_runs", "news_clusters", "read_clusters", "write_clusters"]

WORDS = (64, 256, 1024)
NAMES = (50, 200, 600)
_NEWS = ("baomoi_2017.jsonl.xz", "vietnews_2016_2019.jsonl.xz", "dantri_2020_2021.jsonl.xz")
_LONGEST = 7

Clusters = dict[str, dict[str, str]]


def news_clusters(news: Path, *, seed: int = 7) -> Clusters:
    """Lists of the model: `word64` … and `name_clusters`. Takes about an hour on one core."""
    with tempfile.TemporaryDirectory() as folder:
        plain, merged = Path(folder) / "plain.txt", Path(folder) / "merged.txt"
        inside: Counter[str] = Counter()
        with plain.open("w", encoding="utf-8") as file:
            for sentence in _sentences(news):
                file.write(" ".join(sentence) + "\n")
                inside.update(word for word in sentence[1:] if word.islower())
                inside.update(word for word in sentence[1:] if word[0].isupper())
        with plain.open(encoding="utf-8") as source, merged.open("w", encoding="utf-8") as file:
            for line in source:
                file.write(" ".join(merge_runs(line.split(), inside)) + "\n")
        out: Clusters = {}
        words = _vectors(plain, min_count=8, passes=3, sample=1e-4, seed=seed)
        for size in WORDS:
            out[f"word{size}"] = _means(words, list(words.index_to_key), size, seed)
        names = _vectors(merged, min_count=6, passes=2, sample=2e-5, seed=seed)
    capital = [name for name in names.index_to_key if name[0].isupper()]
    grains = [_means(names, capital, size, seed) for size in NAMES]
    out[LEXICON] = {
        name.replace("_", " "): " ".join(grain[name] for grain in grains) for name in capital
    }
    return out


def _sentences(news: Path) -> Iterator[list[str]]:
    for name in _NEWS:
        with lzma.open(news / name, "rt", encoding="utf-8") as file:
            for line in file:
                document = segment(json.loads(line)["text"])
                for sentence in document.sentences:
                    forms = document.forms[sentence.token_start : sentence.token_end]
                    yield [without_digits(form) for form in forms]


def merge_runs(words: list[str], inside: Mapping[str, int]) -> list[str]:
    """Join runs of capitals; a capital that only begins the sentence is written small.

    `inside` counts forms that stand inside sentences.

    >>> merge_runs("Theo Nguyễn Văn An , MU thua".split(), {"theo": 90, "Theo": 3})
    ['theo', 'Nguyễn_Văn_An', ',', 'MU', 'thua']
    """
    out: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if not word[0].isupper():
            out.append(word)
            at += 1
            continue
        begins = at == 0 or words[at - 1] in {".", "!", "?", ":", "“", '"'}
        if begins and inside.get(word.lower(), 0) > 3 * inside.get(word, 0):
            out.append(word.lower())
            at += 1
            continue
        end = at + 1
        while end < len(words) and words[end][0].isupper() and end - at < _LONGEST:
            end += 1
        out.append("_".join(words[at:end]))
        at = end
    return out


def _vectors(path: Path, *, min_count: int, passes: int, sample: float, seed: int) -> Any:
    from gensim.models import Word2Vec

    class Lines:
        def __iter__(self) -> Iterator[list[str]]:
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield line.split()

    # One worker: with more, the order of updates and so the vectors change from run to run.
    return Word2Vec(
        Lines(), vector_size=100, window=5, min_count=min_count, sg=1, negative=6,
        epochs=passes, workers=1, seed=seed, sample=sample,
    ).wv  # fmt: skip


def _means(vectors: Any, words: list[str], size: int, seed: int) -> dict[str, str]:
    import numpy as np
    from sklearn.cluster import MiniBatchKMeans

    rows = np.stack([vectors[word] for word in words])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    fitted = MiniBatchKMeans(size, random_state=seed, batch_size=4096, n_init=2, max_iter=60)
    numbers: Iterable[int] = fitted.fit(rows).labels_
    return {word: str(number) for word, number in zip(words, numbers, strict=True)}


def write_clusters(clusters: Mapping[str, Mapping[str, str]], path: Path) -> None:
    """Write clusters as compressed JSON."""
    with lzma.open(path, "wt", encoding="utf-8") as file:
        json.dump(clusters, file, ensure_ascii=False)


def read_clusters(path: Path) -> Clusters:
    """Read what `write_clusters` wrote, or the clusters inside a names model (`model.npz`)."""
    if path.suffix == ".npz":
        return {name: dict(entries) for name, entries in Model.load(path).lists.items()}
    with lzma.open(path, "rt", encoding="utf-8") as file:
        out: Clusters = json.load(file)
    return out
