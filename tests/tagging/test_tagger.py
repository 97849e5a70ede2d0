"""The engine against slow and plain re-computations, on models of random weights."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sukien.tagging.columns import COLUMNS, Placed, column_function
from sukien.tagging.hashing import HashTable
from sukien.tagging.model import EDGE, KEY_BITS, UNKNOWN, Column, Group, Model
from sukien.tagging.tagger import Tagger

TAGS = ["", "A", "N", "V", "?"]  # 0: says nothing; the last one is not in the model
WORDS = ["Hà", "Nội", "có", "mưa", "lớn", "ở", "Huế", "12", "TP.HCM", "lạ"]
SENTENCE = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(TAGS)),
    min_size=1,
    max_size=7,
)
Sentence = list[tuple[str, str]]


def coded(tags: list[str]) -> NDArray[np.uint64]:
    return np.array([TAGS.index(tag) for tag in tags], dtype=np.uint64)


def random_model(seed: int = 1) -> Model:
    rng = np.random.default_rng(seed)
    labels = ("O", "B", "I")
    lists = {"kind": {"hà": "place", "Huế": "place", "mưa": "weather"}}

    def column(name: str, values: list[str], offsets: tuple[int, ...], place: bool) -> Column:
        weights = rng.integers(-3000, 3000, (len(values) + 2, len(offsets), 3)).astype(np.int32)
        weights[UNKNOWN] = 0
        if place:
            return Column(name, coded(values), offsets, weights, context=True)
        return Column(name, tuple(values), offsets, weights)

    known = sorted({word.lower() for word in WORDS} - {"lạ"})
    columns = (
        column("lower", known, (-1, 0, 2), place=False),
        column("shape", sorted({COLUMNS["shape"](word) for word in WORDS}), (0,), place=False),
        column("kind", ["place", "weather"], (0, 1), place=False),
        column("pos", ["A", "N", "V"], (-2, 0, 1), place=True),
    )

    def group(names: tuple[str, ...], steps: tuple[int, ...], anchors: tuple[int, ...]) -> Group:
        sizes = [len(next(c for c in columns if c.name == name).values) + 2 for name in names]
        every = list(product(*(range(EDGE, size) for size in sizes)))
        chosen = rng.permutation(len(every))[: max(4, len(every) // 3)]
        keys = [0] * len(chosen)
        for row, pick in enumerate(chosen):
            for value in every[pick]:
                keys[row] = keys[row] << KEY_BITS | value
        weights = rng.integers(-3000, 3000, (len(keys) + 3, len(anchors), 3)).astype(np.int32)
        weights[:3] = 0
        return Group(names, steps, anchors, np.array(keys, dtype=np.uint64), weights)

    return Model(
        labels=labels,
        scale=1024,
        bias=rng.integers(-500, 500, 3).astype(np.int32),
        transitions=rng.integers(-2000, 2000, (3, 3)).astype(np.int32),
        columns=columns,
        groups=(
            group(("lower", "lower"), (0, 1), (-1, 0)),
            group(("shape", "pos", "shape"), (0, 1, 2), (-1,)),
            group(("pos", "lower"), (0, 2), (-2, 0)),
        ),
        lists=lists,
    )


MODEL = random_model()


def plain_scores(model: Model, sentence: Sentence) -> list[list[int]]:
    """Scores by the definition of columns and groups, token by token."""
    words, pos = [word for word, _ in sentence], [tag for _, tag in sentence]
    ids: dict[str, list[int]] = {}
    for column in model.columns:
        if isinstance(column.values, tuple):
            of = column_function(column.name, model.lists)
            vocabulary = {value: row + 2 for row, value in enumerate(column.values)}
            ids[column.name] = [vocabulary.get(of(word), UNKNOWN) for word in words]
        else:
            known = {value: row + 2 for row, value in enumerate(column.values.tolist())}
            ids[column.name] = [known.get(value, UNKNOWN) for value in coded(pos).tolist()]

    def at(name: str, position: int) -> int:
        return ids[name][position] if 0 <= position < len(words) else EDGE

    out = []
    for token in range(len(words)):
        total = model.bias.copy()
        for column in model.columns:
            for slot, offset in enumerate(column.offsets):
                total += column.weights[at(column.name, token + offset), slot]
        for group in model.groups:
            rows = {int(key): row + 3 for row, key in enumerate(group.keys)}
            for slot, anchor in enumerate(group.anchors):
                key = 0
                parts = [
                    at(name, token + anchor + step)
                    for name, step in zip(group.columns, group.steps, strict=True)
                ]
                for part in parts:
                    key = key << KEY_BITS | part
                if UNKNOWN not in parts and key in rows:
                    total += group.weights[rows[key], slot]
        out.append(total.tolist())
    return out


@given(st.lists(SENTENCE, min_size=1, max_size=6))
@settings(max_examples=60)
def test_scores_are_the_sums_of_the_weights(batch: list[Sentence]) -> None:
    words = [word for sentence in batch for word, _ in sentence]
    pos = [tag for sentence in batch for _, tag in sentence]
    lattice = Tagger(MODEL).lattice(words, [len(s) for s in batch], {"pos": coded(pos)})
    expected = [row for sentence in batch for row in plain_scores(MODEL, sentence)]
    assert lattice.scores.tolist() == expected


@given(SENTENCE)
@settings(max_examples=40)
def test_best_path_and_probability_agree_with_trying_every_path(sentence: Sentence) -> None:
    model = MODEL
    words, pos = [w for w, _ in sentence], [t for _, t in sentence]
    lattice = Tagger(model).lattice(words, [len(words)], {"pos": coded(pos)})
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
    batch: list[Sentence],
) -> None:
    tagger = Tagger(MODEL)
    words = [word for sentence in batch for word, _ in sentence]
    pos = [tag for sentence in batch for _, tag in sentence]
    sizes = [len(s) for s in batch]
    lattice = tagger.lattice(words, sizes, {"pos": coded(pos)})
    path = lattice.best()
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    spans = [(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    chances = lattice.span_probability(spans, path)
    for (start, end), chance in zip(spans, chances, strict=True):
        alone = tagger.lattice(words[start:end], [end - start], {"pos": coded(pos[start:end])})
        assert (alone.scores == lattice.scores[start:end]).all()
        assert (alone.best() == path[start:end]).all()
        assert alone.span_probability([(0, end - start)], path[start:end]) == [chance]


def test_what_is_told_later_counts_as_if_told_at_once() -> None:
    plain = replace(MODEL, groups=())
    tagger = Tagger(plain)
    words, lengths = ["Hà", "Nội", "mưa", "Huế"], [3, 1]
    tags = coded(["N", "", "V", "A"])
    first = tagger.lattice(words, lengths, {"pos": Placed.of([])})
    told = tagger.told(first, {"pos": tags})
    assert (told.scores == tagger.lattice(words, lengths, {"pos": tags}).scores).all()


def test_some_sentences_of_a_batch_are_read_as_in_it() -> None:
    tagger = Tagger(MODEL)
    words, lengths = ["Hà", "Nội", "mưa", "Huế", "lạ"], [3, 1, 1]
    lattice = tagger.lattice(words, lengths, {"pos": coded(["N", "", "V", "A", "N"])})
    part, tokens = lattice.of(np.array([0, 2]))
    assert tokens.tolist() == [0, 1, 2, 4]
    assert (part.best() == lattice.best()[tokens]).all()


def test_context_by_place_equals_context_by_token() -> None:
    tagger = Tagger(MODEL)
    words, lengths = ["Hà", "Nội", "mưa", "Huế"], [3, 1]
    dense = tagger.lattice(words, lengths, {"pos": coded(["N", "", "V", ""])})
    sparse = tagger.lattice(words, lengths, {"pos": Placed.of([(0, 1, 2), (2, 1, 3)])})
    assert (dense.scores == sparse.scores).all()


def test_a_model_survives_its_file() -> None:
    model = MODEL
    again = Model.from_bytes(model.to_bytes())
    assert again.labels == model.labels
    assert again.lists == model.lists
    words = ["Hà", "Nội", "mưa"]
    first, second = (
        Tagger(m).lattice(words, [3], {"pos": coded(["N", "N", "V"])}).scores
        for m in (model, again)
    )
    assert (first == second).all()


def test_a_damaged_model_file_says_so() -> None:
    data = MODEL.to_bytes()
    with pytest.raises(ValueError, match="damaged"):
        Model.from_bytes(data[: len(data) // 2])


def test_wrong_lengths_and_missing_columns_are_told() -> None:
    tagger = Tagger(MODEL)
    with pytest.raises(ValueError, match="add up"):
        tagger.lattice(["a", "b"], [3], {"pos": coded(["N", "N"])})
    with pytest.raises(ValueError, match="'pos'"):
        tagger.lattice(["a"], [1])


@given(st.sets(st.integers(0, 2**63), max_size=300), st.lists(st.integers(0, 2**63), max_size=50))
def test_hash_table_finds_what_it_holds_and_nothing_else(held: set[int], asked: list[int]) -> None:
    keys = sorted(held)
    table = HashTable(np.array(keys, dtype=np.uint64))
    query = np.array([*keys, *asked], dtype=np.uint64)
    expected = [keys.index(key) if key in held else -1 for key in [*keys, *asked]]
    assert table.find(query).tolist() == expected
