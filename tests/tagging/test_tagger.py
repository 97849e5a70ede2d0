from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sukien.tagging.hashing import HashTable
from sukien.tagging.model import Model
from sukien.tagging.tagger import Tagger, _flow
from sukien.tagging.train import Template, features, to_model, train

WORDS = ["Hà", "Nội", "có", "mưa", "lớn", "ở", "Huế", "12", "TP.HCM"]
TEMPLATES: list[Template] = [
    (("lower", -1),),
    (("lower", 0),),
    (("shape", 1),),
    (("lower", -1), ("lower", 0)),
    (("lower", 0), ("lower", 1)),
    (("shape", -1), ("pos", 0), ("shape", 1)),
    (("pos", 0),),
    (("pos", -2),),
    (("kind", 0),),
]
LISTS = {"kind": {"hà": "place", "huế": "place", "mưa": "weather"}}
SENTENCE = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from("NVA")), min_size=1, max_size=7
)


def label(word: str) -> str:
    return "B" if word[0].isupper() else "D" if word.isdigit() else "O"


@pytest.fixture(scope="module")
def trained() -> tuple[Model, dict[tuple[str, str], float]]:
    rng = np.random.default_rng(1)
    data = []
    for _ in range(60):
        words = [WORDS[i] for i in rng.integers(0, len(WORDS), rng.integers(1, 9))]
        pos = ["NVA"[i] for i in rng.integers(0, 3, len(words))]
        data.append((features(TEMPLATES, words, {"pos": pos}, LISTS), [label(w) for w in words]))
    info = train(data, iterations=30)
    model = to_model(info, TEMPLATES, context=["pos"], lists=LISTS, scale=1 << 18, smallest=0.0)
    return model, dict(info.state_features)


@given(st.lists(SENTENCE, min_size=1, max_size=6))
@settings(max_examples=60)
def test_scores_are_the_sums_of_the_weights(
    trained: tuple[Model, dict[tuple[str, str], float]], batch: list[list[tuple[str, str]]]
) -> None:
    model, weights = trained
    words = [word for sentence in batch for word, _ in sentence]
    pos = [tag for sentence in batch for _, tag in sentence]
    lattice = Tagger(model).lattice(words, [len(s) for s in batch], {"pos": pos})
    token = 0
    for sentence in batch:
        rows = features(
            TEMPLATES, [w for w, _ in sentence], {"pos": [t for _, t in sentence]}, LISTS
        )
        for row in rows:
            expected = [sum(weights.get((f, y), 0.0) for f in row) for y in model.labels]
            assert np.allclose(lattice.scores[token] / model.scale, expected, atol=1e-4)
            token += 1


@given(SENTENCE)
@settings(max_examples=40)
def test_best_path_and_probability_agree_with_trying_every_path(
    trained: tuple[Model, dict[tuple[str, str], float]], sentence: list[tuple[str, str]]
) -> None:
    model, _ = trained
    words, pos = [w for w, _ in sentence], [t for _, t in sentence]
    lattice = Tagger(model).lattice(words, [len(words)], {"pos": pos})
    scores, moves = lattice.scores.astype(np.int64), model.transitions.astype(np.int64)

    def score(path: tuple[int, ...]) -> int:
        inside = sum(scores[i, y] for i, y in enumerate(path))
        return int(inside + sum(moves[a, b] for a, b in pairwise(path)))

    paths = list(product(range(len(model.labels)), repeat=len(words)))
    totals = np.array([score(path) for path in paths])
    found = lattice.best()
    assert score(tuple(found.tolist())) == totals.max()

    weights = np.exp((totals - totals.max()) / model.scale)
    end = min(2, len(words))
    same = [list(path[:end]) == found[:end].tolist() for path in paths]
    expected = weights[np.array(same)].sum() / weights.sum()
    assert lattice.span_probability([(0, end)], found)[0] == pytest.approx(expected, abs=6e-4)


@given(st.lists(SENTENCE, min_size=2, max_size=8))
@settings(max_examples=40)
def test_a_sentence_has_the_same_scores_and_probabilities_in_any_batch(
    trained: tuple[Model, dict[tuple[str, str], float]], batch: list[list[tuple[str, str]]]
) -> None:
    tagger = Tagger(trained[0])
    words = [word for sentence in batch for word, _ in sentence]
    pos = [tag for sentence in batch for _, tag in sentence]
    sizes = [len(s) for s in batch]
    lattice = tagger.lattice(words, sizes, {"pos": pos})
    path = lattice.best()
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    spans = [(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    chances = lattice.span_probability(spans, path)
    for (start, end), chance in zip(spans, chances, strict=True):
        alone = tagger.lattice(words[start:end], [end - start], {"pos": pos[start:end]})
        assert (alone.scores == lattice.scores[start:end]).all()
        assert (alone.best() == path[start:end]).all()
        assert alone.span_probability([(0, end - start)], path[start:end]) == [chance]


@given(st.integers(1, 200), st.integers(2, 20), st.integers(0, 2**32))
@settings(max_examples=40)
def test_both_ways_to_sum_over_labels_agree_to_the_last_bit(
    sentences: int, labels: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    before, move = rng.random((sentences, labels)), rng.random((labels, labels)) * 9
    few = np.concatenate([_flow(before[i : i + 20], move) for i in range(0, sentences, 20)])
    many = _flow(np.concatenate([before] * 48), move)[:sentences]
    assert (few == many).all()


def test_context_by_position_equals_context_by_token(
    trained: tuple[Model, dict[tuple[str, str], float]],
) -> None:
    tagger = Tagger(trained[0])
    words, lengths = ["Hà", "Nội", "mưa", "Huế"], [3, 1]
    dense = tagger.lattice(words, lengths, {"pos": ["N", "", "V", ""]})
    sparse = tagger.lattice(words, lengths, {"pos": {0: "N", 2: "V"}})
    assert (dense.scores == sparse.scores).all()


def test_a_model_survives_its_file(trained: tuple[Model, dict[tuple[str, str], float]]) -> None:
    model = trained[0]
    again = Model.from_bytes(model.to_bytes())
    assert again.labels == model.labels
    assert again.lists == model.lists
    words = ["Hà", "Nội", "mưa"]
    first, second = (
        Tagger(m).lattice(words, [3], {"pos": ["N", "N", "V"]}).scores for m in (model, again)
    )
    assert (first == second).all()


def test_a_damaged_model_file_says_so(trained: tuple[Model, dict[tuple[str, str], float]]) -> None:
    data = trained[0].to_bytes()
    with pytest.raises(ValueError, match="damaged"):
        Model.from_bytes(data[: len(data) // 2])


def test_training_twice_gives_the_same_weights() -> None:
    data = [(features(TEMPLATES[:5], ["Hà", "Nội", "mưa"]), ["B", "B", "O"])] * 3
    assert train(data).state_features == train(data).state_features


def test_wrong_lengths_and_missing_columns_are_told(
    trained: tuple[Model, dict[tuple[str, str], float]],
) -> None:
    tagger = Tagger(trained[0])
    with pytest.raises(ValueError, match="add up"):
        tagger.lattice(["a", "b"], [3], {"pos": ["N", "N"]})
    with pytest.raises(ValueError, match="'pos'"):
        tagger.lattice(["a"], [1])


@given(st.sets(st.integers(0, 2**63), max_size=300), st.lists(st.integers(0, 2**63), max_size=50))
def test_hash_table_finds_what_it_holds_and_nothing_else(held: set[int], asked: list[int]) -> None:
    keys = sorted(held)
    table = HashTable(np.array(keys, dtype=np.uint64))
    query = np.array([*keys, *asked], dtype=np.uint64)
    expected = [keys.index(key) if key in held else -1 for key in [*keys, *asked]]
    assert table.find(query).tolist() == expected
