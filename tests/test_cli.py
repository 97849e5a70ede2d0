"""The command line: what it prints, writes and returns."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.batch.fake_stages import FakeLoader, FakeStages
from typer.testing import CliRunner, Result

import sukien.analysis
import sukien.batch.run
from sukien.article import Article
from sukien.cli import app


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    run = functools.partial(sukien.batch.run.extract_to_folder, load=FakeLoader())
    monkeypatch.setattr(sukien.batch.run, "extract_to_folder", run)
    monkeypatch.setattr(sukien.analysis, "Models", FakeStages)
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Lan gặp Hùng tại Huế hôm nay.", encoding="utf-8")
    (folder / "b.txt").write_text("Mai gặp Vinh.", encoding="utf-8")
    return folder


def sukien_(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def extract(*arguments: object) -> Result:
    return sukien_("extract", *arguments, "--jobs", 1)


def said(result: Result) -> str:
    """What was printed to stderr, without box and line breaks."""
    return " ".join(result.stderr.replace("│", " ").split())


def test_extract_writes_tables_and_says_what_it_did(news: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    result = extract(news, "--output", output)
    assert result.exit_code == 0, result.output
    assert "2 articles ok, 0 failed, 0 skipped" in result.stdout
    assert "articles/s" in result.stdout
    assert result.stderr == ""
    lines = (output / "events.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    assert not (output / "texts.csv").exists()


def test_a_failed_input_is_named_and_gives_exit_code_1(news: Path, tmp_path: Path) -> None:
    (news / "c [1].txt").write_text("HỎNG", encoding="utf-8")
    result = extract(news, "--output", tmp_path / "out")
    assert result.exit_code == 1
    assert "1 failed" in result.stdout
    assert "c [1].txt" in result.stdout
    assert "this text is broken" in result.stdout


def test_nothing_ok_gives_exit_code_2(news: Path, tmp_path: Path) -> None:
    (news / "c.txt").write_text("HỎNG", encoding="utf-8")
    assert extract(news / "c.txt", "--output", tmp_path / "out").exit_code == 2


def test_nothing_new_gives_exit_code_0(news: Path, tmp_path: Path) -> None:
    extract(news, "--output", tmp_path / "out")
    result = extract(news, "--output", tmp_path / "out")
    assert result.exit_code == 0
    assert "0 inputs done now, 2 kept from before" in result.stdout


def test_formats_and_tables_are_chosen(news: Path, tmp_path: Path) -> None:
    extract(news, "-o", tmp_path, "--format", "jsonl,parquet", "--tables", "+texts,+tokens")
    names = {path.name for path in tmp_path.iterdir()}
    assert {"texts.jsonl", "tokens.parquet", "events.jsonl", "run.json"} <= names
    assert "events.csv" not in names


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "xlsx"], "no xlsx; there are csv, jsonl, parquet, duckdb, brat"),
        (["--tables", "+people"], "no people; there are texts, tokens"),
        (["--since", "tháng 5"], "since: 'tháng 5' is no full date"),
        (["--since", "2024-02-01", "--until", "2024-01-01"], "nothing would be left"),
        (["--published-pattern", "("], "is no regular expression"),
        (["--jobs", "0"], "Invalid value for '--jobs'"),
        (["--published", "2024"], "published: '2024' is no full date"),
        (["--config", "nowhere.toml"], "nowhere.toml cannot be read: No such file"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(
    news: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    result = sukien_("extract", news, "--output", tmp_path / "out", *arguments)
    assert result.exit_code == 2
    assert words in said(result)
    assert not (tmp_path / "out").exists()


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    result = extract(tmp_path / "nowhere", "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert "there is no file or folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_options_come_from_a_file_unless_given(news: Path, tmp_path: Path) -> None:
    config = tmp_path / "run.toml"
    config.write_text('format = "jsonl"\nlimit = 1\npublished = "2024-03-20"\n', encoding="utf-8")
    output = tmp_path / "out"
    extract(news, "--config", config, "--output", output, "--format", "parquet")
    noted = json.loads((output / "run.json").read_text(encoding="utf-8"))["configuration"]
    assert (noted["formats"], noted["limit"]) == (["parquet"], 1)
    assert noted["reading"]["published"] == "2024-03-20"
    config.write_text("formt = 1\n", encoding="utf-8")
    result = extract(news, "--config", config, "--output", output)
    assert result.exit_code == 2
    assert "there is no option formt" in said(result)


def test_a_file_of_options_may_list_values(news: Path, tmp_path: Path) -> None:
    config = tmp_path / "run.toml"
    config.write_text(
        'format = ["csv", "jsonl"]\ntext-column = ["noi_dung", "text"]\n', encoding="utf-8"
    )
    assert extract(news, "--config", config, "--output", tmp_path / "out").exit_code == 0
    noted = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["configuration"]
    assert noted["formats"] == ["csv", "jsonl"]
    assert noted["reading"]["text_columns"] == ["noi_dung", "text"]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = extract(tmp_path / "empty", "--output", tmp_path / "out")
    assert "Nothing to read was found" in result.stdout
    assert "holds nothing to read" in said(sukien_("show", tmp_path / "empty"))


def test_a_run_does_not_read_the_output_of_another(news: Path, tmp_path: Path) -> None:
    extract(news, "--output", news / "out")
    result = extract(news, "--output", tmp_path / "other")
    assert "2 articles ok, 0 failed, 1 skipped" in result.stdout
    assert "the output of a run" in result.stdout


@pytest.mark.parametrize("command", ["", "extract", "show", "evaluate", "info"])
def test_help_shows_an_example(command: str) -> None:
    result = sukien_(*command.split(), "--help")
    assert result.exit_code == 0
    assert f"sukien {command or 'extract'}" in result.stdout


def test_quiet_prints_nothing(news: Path, tmp_path: Path) -> None:
    result = extract(news, "--output", tmp_path, "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_an_interrupted_run_says_how_to_go_on(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sukien.batch.run, "extract_to_folder", stop)
    result = extract(news, "--output", tmp_path)
    assert result.exit_code == 130
    assert "the same command goes on from there" in result.stderr


def test_a_full_disk_is_said_plainly(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", "out/events.csv")

    monkeypatch.setattr(sukien.batch.run, "extract_to_folder", full)
    result = extract(news, "--output", tmp_path)
    assert result.exit_code == 2
    assert "No space left on device: out/events.csv; what is done is kept" in result.stderr


def test_show_prints_text_and_events(news: Path) -> None:
    result = sukien_("show", news / "a.txt", "--published", "2024-03-20")
    assert result.exit_code == 0
    assert "Lan gặp Hùng tại Huế hôm nay." in result.stdout
    assert "Meet" in result.stdout
    assert "Entity Lan; Entity Hùng; Entity Huế; Time hôm nay" in result.stdout


def test_show_tells_what_failed(news: Path) -> None:
    (news / "c.txt").write_text("HỎNG", encoding="utf-8")
    result = sukien_("show", news / "c.txt")
    assert result.exit_code == 1
    assert "failed c.txt: could not be analysed" in result.stdout


def test_colours_mark_names_dates_and_events() -> None:
    from sukien.writing.terminal import COLOURS, coloured_text

    text = coloured_text(FakeStages().run([Article(text="Lan gặp Mai hôm nay.")])[0])
    marked = {(text.plain[span.start : span.end], span.style) for span in text.spans}
    assert ("gặp", COLOURS["event"]) in marked
    assert ("hôm nay", COLOURS["date"]) in marked


def test_info_names_versions_models_and_licences() -> None:
    result = sukien_("info")
    assert result.exit_code == 0
    assert "underthesea 9." in result.stdout
    assert "licence" in result.stdout


def test_info_imports_nothing_heavy() -> None:
    code = (
        "import sys; from sukien.cli import app\n"
        "app(['info'], standalone_mode=False)\n"
        "heavy = {'spacy', 'pandas', 'numpy', 'pyarrow', 'underthesea'} & set(sys.modules)\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
