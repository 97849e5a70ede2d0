"""Floors under scores, and the command that checks and raises them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.batch.fake_stages import FakeStages
from typer.testing import CliRunner, Result

import sukien.analysis
import sukien.cli
from sukien.scoring.baseline import Baseline, complaints, raise_floors
from sukien.scoring.metrics import LAYERS
from sukien.scoring.rewriting import REWRITINGS

SCORES = st.dictionaries(st.sampled_from("abcd"), st.floats(0, 100).map(lambda x: round(x, 1)))


@given(SCORES, SCORES)
def test_floors_are_never_lowered_and_hold_the_scores_they_come_from(
    old: dict[str, float], scores: dict[str, float]
) -> None:
    before = Baseline("x", 3.0, old)
    after, new = raise_floors(before, scores, "x")
    assert all(after.floors[key] >= floor for key, floor in old.items())
    assert all(after.floors[key] <= scores[key] for key in new)
    wrong = {words.split()[0] for words in complaints(after, scores, "x")}
    assert wrong <= set(old)
    assert raise_floors(after, scores, "x") == (after, {})


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sukien.analysis, "Models", FakeStages)
    monkeypatch.setenv("COLUMNS", "120")
    text = "Lan gặp Hùng. " * 60
    names = [
        {"start": 14 * n + at, "end": 14 * n + at + size, "label": label}
        for n in range(60)
        for at, size, label in ((0, 3, "MISC"), (8, 4, "PER"))
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"text": text, "entities": names}), encoding="utf-8")
    return path


def evaluate(*arguments: object) -> Result:
    words = ["evaluate", *(str(argument) for argument in arguments)]
    return CliRunner().invoke(sukien.cli.app, words)


def test_the_table_tells_figures_and_intervals(gold: Path) -> None:
    result = evaluate(gold)
    assert result.exit_code == 0, result.output
    assert "gold.jsonl, 1 articles" in result.stdout
    line = next(line for line in result.stdout.splitlines() if "span and label" in line)
    assert line.split()[-5:] == ["100.0", "100.0", "100.0", "100.0–100.0", "120"]


def test_errors_are_listed_with_their_sentence(gold: Path) -> None:
    row = json.loads(gold.read_text(encoding="utf-8"))
    row["entities"][0]["label"] = "LOC"
    gold.write_text(json.dumps(row), encoding="utf-8")
    result = evaluate(gold, "--errors")
    assert "wrong  gold LOC, found MISC" in result.stdout
    assert "[Lan] gặp Hùng." in result.stdout


def test_figures_go_to_a_file(gold: Path, tmp_path: Path) -> None:
    evaluate(gold, "--json", tmp_path / "out.json")
    (report,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert report["sections"][0]["lines"][0]["score"] == 100.0


def test_floors_are_made_kept_and_checked(gold: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    made = evaluate(gold, "--baseline", floors, "--raise-floors")
    assert made.exit_code == 0
    assert "names.exact: floor raised to 97.0" in made.stdout
    assert evaluate(gold, "--baseline", floors).exit_code == 0
    held = json.loads(floors.read_text(encoding="utf-8"))
    assert "names.PER" not in held["floors"]  # too few to hold

    held["floors"]["names.exact"] = 100.1
    floors.write_text(json.dumps(held), encoding="utf-8")
    fallen = evaluate(gold, "--baseline", floors)
    assert fallen.exit_code == 1
    assert "names.exact is 100.0, below its floor of 100.1" in fallen.stdout
    assert evaluate(gold, "--baseline", floors, "--raise-floors").exit_code == 1
    assert json.loads(floors.read_text(encoding="utf-8"))["floors"]["names.exact"] == 100.1


def test_gold_that_changed_fails_until_it_is_taken(gold: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    evaluate(gold, "--baseline", floors, "--raise-floors")
    gold.write_text(gold.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = evaluate(gold, "--baseline", floors)
    assert changed.exit_code == 1
    assert "its checksum differs" in changed.stdout
    assert evaluate(gold, "--baseline", floors, "--raise-floors").exit_code == 0
    assert evaluate(gold, "--baseline", floors).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--layers", "verbs"], "no verbs; there are names, entities, dates"),
        (["--raise-floors"], "needs --baseline"),
        (["--layers", "dates"], "annotates nothing of dates"),
        (["--rewrite", "title"], "no title; there are lower, upper, nfd"),
        (["--rewrite", "nfd", "--pred", "{folder}"], "goes without --pred"),
        (["--pred", "{folder}"], "holds no tables"),
        (["--baseline", "{folder}/none.json"], "No such file or directory"),
    ],
)
def test_what_makes_no_sense_is_said_plainly(
    gold: Path, tmp_path: Path, arguments: list[Any], words: str
) -> None:
    result = evaluate(gold, *(part.format(folder=tmp_path) for part in arguments))
    assert result.exit_code == 2
    said = " ".join(result.stderr.replace("│", " ").split())
    assert words in said
    assert "Traceback" not in result.stderr


def test_the_command_offers_all_layers() -> None:
    assert sukien.cli.LAYERS == LAYERS
    assert tuple(REWRITINGS) == sukien.cli.REWRITINGS
