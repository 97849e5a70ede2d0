"""`sukien train`: a tiny set of our own in, a model that loads and tags out; plain errors."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import sukien.cli
import sukien.training.command
from sukien.entities.tagger import NameTagger
from sukien.language.analyzer import segment

PEOPLE = ("Lê Văn Tám", "Trần Thị Hoa", "Phạm Minh Đức", "Vũ Thu Hằng", "Đỗ Quang Huy")
PLACES = ("Huế", "Vinh", "Đà Lạt", "Cần Thơ", "Pleiku")


def train(*arguments: object) -> Result:
    return CliRunner().invoke(sukien.cli.app, ["train", *(str(a) for a in arguments)])


def article(person: str, place: str) -> dict[str, Any]:
    text = f"Ông {person} đến {place}. Hôm qua ông {person} nói như vậy.\n"
    entities: list[dict[str, Any]] = []
    for surface, label in ((person, "PER"), (place, "LOC"), (person, "PER")):
        start = text.index(surface, entities[-1]["end"] if entities else 0)
        entities.append({"start": start, "end": start + len(surface), "label": label, "level": 0})
    return {"text": text, "entities": entities}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "train.jsonl"
    rows = [article(person, place) for person in PEOPLE for place in PLACES]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_names_learn_from_a_tiny_set_and_are_scored(corpus: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    columns = tmp_path / "more.conll"
    columns.write_text(
        "Bà\tN\tO\tO\nLan\tNp\tO\tB-PER\nvề\tV\tO\tO\nHuế\tNp\tO\tB-LOC\n\n", "utf-8"
    )
    dev = tmp_path / "dev.jsonl"
    dev.write_text(json.dumps(article("Hồ Đức Phú", "Sa Pa")), encoding="utf-8")
    clusters = tmp_path / "clusters.json.xz"
    from sukien.training.clusters import write_clusters

    lists = {name: {"ông": "1"} for name in ("word64", "word256", "word1024")}
    write_clusters({**lists, "name_clusters": {"Huế": "1 2 3"}}, clusters)
    made = tmp_path / "names"
    result = train(
        "names", "--train", corpus, "--train", columns, "--dev", dev, "--clusters", clusters,
        "--output", made,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("dev.jsonl\n")
    assert "unseen" in result.stdout
    tagger = NameTagger.load(made)
    (names,) = tagger.mentions([segment("Ông Bùi Văn Sơn đến Vinh.")])
    assert [(name.text, name.label) for name in names] == [
        ("Bùi Văn Sơn", "PER"),
        ("Vinh", "LOC"),
    ]
    assert tagger.mentions([segment("ông lê văn tám đến huế.")])[0]

    again = tmp_path / "again"
    train("names", "--train", corpus, "--train", columns, "--clusters", clusters, "--output", again)
    for name in ("model.npz", "caseless.npz"):
        assert (again / name).read_bytes() == (made / name).read_bytes()


def test_triggers_and_arguments_learn_from_a_tiny_set(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    rows = []
    for place in PLACES * 2:
        text = f"Hôm qua ông Tám đã mua nhà ở {place}. Người mua cần nhớ điều đó."
        buyer, house = text.index("ông Tám"), text.index("nhà")
        start = text.index("mua")
        arguments = [
            {"role": "Buyer", "start": buyer, "end": buyer + 7},
            {"role": "Artifact", "start": house, "end": house + 3},
        ]
        kind = "Transfer-Ownership"
        event = {"type": kind, "start": start, "end": start + 3, "args": arguments}
        rows.append({"text": text, "events": [event]})
    path = tmp_path / "bkee.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for model, words in (("triggers", "exact span and type"), ("arguments", "overlap")):
        made = tmp_path / model
        result = train(model, "--train", path, "--dev", path, "--output", made)
        assert result.exit_code == 0, result.stderr
        assert f"{words}: F1" in result.stdout
        score = float(result.stdout.split()[-1])
        assert score > 50

    from sukien.events.arguments_model import ArgumentModel
    from sukien.events.triggers import TriggerModel

    assert TriggerModel.load(tmp_path / "triggers").priors
    assert ArgumentModel.load(tmp_path / "arguments").threshold > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verbs", "--train", "{corpus}"], "no verbs; there are names, triggers, arguments"),
        (["names", "--train", "none.jsonl"], "No such file or directory: none.jsonl"),
        (["names", "--train", "{corpus}", "--news", "none"], "No such file or directory: none"),
        (["triggers", "--train", "{corpus}", "--clusters", "{corpus}"], "clusters are for names"),
        (["names", "--train", "{few}"], "1 annotated articles to train on; 3 are the fewest"),
        (["names", "--train", "{broken}"], "broken.jsonl:2: not a gold row"),
        (["names", "--train", "{columns}"], "broken.conll:1: fewer than four columns"),
    ],
)
def test_what_cannot_be_trained_on_is_said_plainly(
    corpus: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    files = {name: tmp_path / name for name in ("few.jsonl", "broken.jsonl", "broken.conll")}
    line = json.dumps(article("Lê Nam", "Huế"))
    files["few.jsonl"].write_text(line, encoding="utf-8")
    files["broken.jsonl"].write_text(f'{line}\n{{"text": "Huế"}}\n', encoding="utf-8")
    files["broken.conll"].write_text("Huế B-LOC\n", encoding="utf-8")
    few, broken, columns = files.values()
    given = [a.format(corpus=corpus, few=few, broken=broken, columns=columns) for a in arguments]
    result = train(*given, "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.replace("│", " ").split()).replace(f"{tmp_path}/", "")


def test_a_missing_extra_is_named(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(name: str) -> object:
        return None if name == "numba" else importlib.util.find_spec(name)

    monkeypatch.setattr(sukien.training.command, "find_spec", find)
    result = train("names", "--train", corpus, "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert "training needs numba; install them with pip install 'sukien[train]'" in " ".join(
        result.stderr.split()
    )


def test_the_command_offers_all_models() -> None:
    assert sukien.training.command.MODELS == sukien.cli.TRAINED
