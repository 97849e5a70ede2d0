"""What README shows is what the commands give."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

import sukien
from sukien.batch.api import settings_of
from sukien.batch.run import extract_to_folder
from sukien.cli import app
from sukien.tables import TABLES

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\w+) \| [^|]+ \| (\w+: `.*`) \|$", re.MULTILINE)
CELL = re.compile(r"(\w+): `([^`]*)`")
COMMANDS = re.findall(r"^\$ (sukien [^#\n]+)", README, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the steps of README were followed."""
    folder = tmp_path_factory.mktemp("reader")
    (name, text) = re.findall(r"cat > (\S+) <<'END'\n(.*?)END\n", README, re.DOTALL)[0]
    (folder / name).parent.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    settings = settings_of(tokens=True)
    tables = ("texts", "tokens")
    extract_to_folder(folder / "my_articles", folder / "out", settings, tables=tables)
    return folder


def is_shown(cell: str, example: str) -> bool:
    """Whether a cell is the example, or begins like it where that is cut by `…`."""
    return cell.startswith(example[:-1]) if example.endswith("…") else cell == example


def test_every_table_is_shown_with_a_row_that_it_has(folder: Path) -> None:
    examples = dict(ROW.findall(README))
    assert list(examples) == list(TABLES)
    for table, example in examples.items():
        wanted = CELL.findall(example)
        with (folder / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert any(all(is_shown(row[column], value) for column, value in wanted) for row in rows), (
            table,
            example,
            rows,
        )


def test_the_notebook_cell_filters_and_plots(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    matplotlib.use("agg")
    monkeypatch.chdir(folder)
    (cell,) = re.findall(r"```python\n(import sukien\n\nevents.*?)```", README, re.DOTALL)
    names: dict[str, Any] = {}
    exec(cell, names)
    assert len(names["built"]) > 0
    assert "khởi công" in (folder / "built.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_and_options_exist(command: str) -> None:
    group: Any = typer.main.get_command(app)
    _, name, *words = shlex.split(command)
    options = {option for parameter in group.commands[name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_contributing_maps_every_room() -> None:
    told = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = [line for line in told.splitlines() if line.startswith("| `")]
    mapped = {name.rstrip("/") for line in rooms for name in re.findall(r"`([\w./]+)`", line)}
    house = Path(sukien.__file__).parent
    there = {path.name for path in house.iterdir() if path.name[:2] != "__" or path.suffix}
    assert there - {"py.typed"} <= mapped


def test_every_notebook_is_told_of() -> None:
    notebooks = (Path(__file__).parents[1] / "notebooks").glob("*.ipynb")
    assert {path.stem for path in notebooks} == set(re.findall(r"^\| `(\d\d_\w+)`", README, re.M))
