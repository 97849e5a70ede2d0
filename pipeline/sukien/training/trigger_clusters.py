"""Clusters of words by their neighbours in raw news, for the trigger model.

Positive pointwise mutual information of words with the frequent words beside them (one to the
left, one to the right, two or three to the left, to the right), reduced by a singular value
decomposition, then k-means on the unit sphere (Levy, Goldberg and Dagan 2015). Needs scipy and
scikit-learn (extra `train`); deterministic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sukien.language.document import Document

__all__ = ["word_clusters", "words_of"]

CLUSTERS: Final = 512
RAREST: Final = 12
VOCABULARY: Final = 60_000
CONTEXTS: Final = 3_000
DIMENSIONS: Final = 100
SMOOTHING: Final = 0.75
_PLACES: Final = ((-1,), (1,), (-3, -2), (2, 3))
_GAP: Final = -2

Ints = npt.NDArray[np.int32]


def words_of(document: Document) -> Iterator[list[str]]:
    """Words of each sentence in lower case, syllables joined by `_`, numbers written as 0."""
    for sentence in document.sentences:
        words: list[str] = []
        for token in range(sentence.token_start, sentence.token_end):
            form = document.forms[token].lower()
            form = "0" if form[0].isdigit() else form
            if document.words[token] or not words:
                words.append(form)
            else:
                words[-1] += "_" + form
        yield words


def word_clusters(sentences: Iterable[list[str]], clusters: int = CLUSTERS) -> dict[str, int]:
    """Cluster the words that stand often enough in the sentences."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.utils.extmath import randomized_svd

    held = list(sentences)
    counts = Counter(word for words in held for word in words)
    vocabulary = [w for w, n in counts.most_common(VOCABULARY) if n >= RAREST]
    numbers = {word: number for number, word in enumerate(vocabulary)}
    # Three gaps between sentences keep their words apart at every place.
    stream = np.array(
        [n for words in held for n in (*(numbers.get(w, -1) for w in words), *[_GAP] * 3)],
        np.int32,
    )
    matrix = _information(stream, len(vocabulary))
    left, strength, _ = randomized_svd(matrix, DIMENSIONS, n_iter=3, random_state=0)
    vectors = left * np.sqrt(strength)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    model = MiniBatchKMeans(clusters, random_state=0, n_init=1, batch_size=4096, max_iter=60)
    labels = model.fit(vectors[: VOCABULARY // 2]).predict(vectors)
    return dict(zip(vocabulary, labels.tolist(), strict=True))


def _information(stream: Ints, size: int) -> Any:
    """Positive pointwise mutual information with the frequent words at each group of places."""
    from scipy.sparse import hstack

    return hstack([_block(stream, size, places) for places in _PLACES]).tocsr()


def _block(stream: Ints, size: int, places: tuple[int, ...]) -> Any:
    from scipy.sparse import coo_matrix

    contexts = min(CONTEXTS, size)
    total = coo_matrix((size, contexts)).tocsr()
    for place in places:
        words = stream[max(0, -place) : len(stream) - max(0, place)]
        beside = stream[max(0, place) : len(stream) + min(0, place)]
        kept = (words >= 0) & (beside >= 0) & (beside < contexts)
        ones = np.ones(int(kept.sum()), np.float32)
        total = total + coo_matrix((ones, (words[kept], beside[kept])), (size, contexts)).tocsr()
    rows = np.asarray(total.sum(axis=1)).ravel() + 1e-9
    columns = np.asarray(total.sum(axis=0)).ravel() ** SMOOTHING
    columns /= columns.sum()
    cells = total.tocoo()
    values = np.log(cells.data / (rows[cells.row] * columns[cells.col]))
    kept = values > 0
    return coo_matrix((values[kept], (cells.row[kept], cells.col[kept])), (size, contexts)).tocsr()
