"""Training the argument model on a handful of sentences of our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sukien.events.arguments import ArgumentFinder
from sukien.events.arguments_model import ArgumentModel, Clusters
from sukien.events.ontology import load_ontology
from sukien.training.arguments import Settings, score_arguments, train_arguments
from sukien.training.arguments_data import Known, examples_of, read_sentences, stages

TYPES = {name: kind.roles for name, kind in load_ontology().types.items()}
SETTINGS = Settings(passes=6, edge_iterations=15, documents=1)


def test_sentences_of_our_own_fit_the_ontology() -> None:
    for known in read_sentences():
        for event, start, end, arguments in known.events:
            assert known.text[start:end].strip()
            assert {role for role, _, _ in arguments} <= set(TYPES[event])


def test_a_wrong_surface_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text("type\tsentence\targuments\nDie\tAnh [chết].\tVictim=em\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'em' is not in"):
        list(read_sentences(path))


def test_a_model_learns_saves_and_reads_the_same(tmp_path: Path) -> None:
    known: list[Known] = list(read_sentences())[:40]
    examples = list(examples_of(known, stages()))
    clusters = Clusters.of({"công ty": 3, "ông": 7})
    first = train_arguments(examples, TYPES, clusters, 0.3, SETTINGS)
    again = train_arguments(examples, TYPES, clusters, 0.3, SETTINGS)
    assert np.array_equal(first.specific.weights, again.specific.weights)
    first.save(tmp_path)
    read = ArgumentModel.load(tmp_path)
    finder = ArgumentFinder(read)
    readings = [example.reading for example in examples]
    assert finder.batch(readings) == ArgumentFinder(first).batch(readings)
    scores = score_arguments(finder, examples)
    assert scores.exact <= scores.overlap <= scores.gold
    assert scores.overlap_f1 > 60
