"""A folder of trouble through the command line: every input has its row, the good ones work."""

from __future__ import annotations

import json
import os
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from tests.batch.fake_stages import FakeLoader
from tests.reading import test_trouble as reading
from typer.testing import CliRunner

import sukien.batch.run
from sukien.batch.messages import Words
from sukien.cli import app
from sukien.tables import validate
from sukien.writing import read_tables

GOOD = "Lan gặp Hùng tại Huế."


bad_files = reading.trouble


@pytest.fixture
def trouble(bad_files: Path) -> Path:
    root = bad_files
    with zipfile.ZipFile(root / "evil.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../out.txt", GOOD)
        archive.writestr("in.txt", GOOD)
    with zipfile.ZipFile(root / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.jsonl", b" " * (80 << 20))
    with tarfile.open(root / "good.tar.gz", "w:gz") as tar:
        tar.add(root / "good.txt", "a/good.txt")
    (root / "long.jsonl").write_bytes(
        b"a" * (17 << 20) + b"\n" + json.dumps({"text": GOOD}).encode()
    )
    (root / "copy one.txt").write_text(GOOD, "utf-8")
    (root / "copy-two.txt").write_text(GOOD, "utf-8")
    (root / "dead.txt").write_text("CHẾT", "utf-8")
    if sys.platform != "win32":
        (root / "nowhere.txt").symlink_to("gone.txt")
        (root / "again.txt").symlink_to("good.txt")
    if sys.platform == "linux":
        (root / os.fsdecode(b"\xff odd.txt")).write_text(GOOD, "utf-8")
    return root


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_folder_of_trouble_is_accounted_for(
    trouble: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    run = sukien.batch.run.extract_to_folder

    def with_fakes(*arguments: object, **options: object) -> object:
        return run(*arguments, load=FakeLoader(), **options)  # type: ignore[arg-type]  # as given

    monkeypatch.setattr(sukien.batch.run, "extract_to_folder", with_fakes)
    monkeypatch.setenv("COLUMNS", "200")
    output = tmp_path / "out"
    command = ["extract", str(trouble), "--output", str(output), "--jobs", "1", "--lang", lang]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1, done.output
    assert "Traceback" not in done.output

    tables = read_tables(output)
    assert validate(tables).empty
    rows = tables.articles
    noted = json.loads((output / "run.json").read_text("utf-8"))["articles"]
    counts = Counter(rows["status"])
    assert {name: noted[name] for name in ("ok", "failed", "skipped")} == counts
    seen = {path.split("/")[0] for path in rows["source_path"]}
    metadata = {"good.json", "side.json", "undated.json"}
    names = {os.fsencode(p.name).decode("utf-8", "backslashreplace") for p in trouble.iterdir()}
    assert seen == names - metadata

    ok = rows[rows["status"] == "ok"]
    places = set(zip(ok["source_path"], ok["member"], strict=True))
    assert {("good.txt", ""), ("evil.zip", "in.txt"), ("good.tar.gz", "a/good.txt")} <= places
    assert ("long.jsonl", "2") in places
    copies = rows.set_index("source_path").loc[["copy one.txt", "copy-two.txt"]]
    assert copies["duplicate_of"].notna().any()
    wrong = rows[rows["status"] != "ok"]
    errors = dict(zip(wrong["source_path"] + ":" + wrong["member"], wrong["error"], strict=True))
    assert "worker process died" in errors["dead.txt:"]
    assert "leads out of the archive" in errors["evil.zip:../out.txt"]
    assert any("decompression bomb" in e for p, e in errors.items() if p.startswith("bomb.zip"))
    untranslated = [error for error in errors.values() if Words("vi").reason(error) == error]
    assert untranslated == []
    expected = "bỏ qua" if lang == "vi" else "skipped"
    assert expected in done.stdout
