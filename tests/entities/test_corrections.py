"""What a user fixed is obeyed."""

from pathlib import Path

import pytest
from tests.entities.marked import read, surfaces

from sukien.entities.corrections import Corrections, CorrectionsError
from sukien.entities.link import link


def test_names_are_marked_and_unmarked() -> None:
    document, mentions = read("Nhóm Sao Khuya hát. [PER Hạnh Phúc] là gì, [LOC Huế]?")
    fixed = Corrections.parse("name\tSao Khuya\tORG\nnot\tHạnh Phúc\n")
    found = fixed.mentions(document, mentions)
    assert [(m.text, m.label, m.method) for m in found] == [
        ("Sao Khuya", "ORG", "user"),
        ("Huế", "LOC", "model"),
    ]
    assert all(document.text[m.char_start : m.char_end] == m.text for m in found)


def test_a_users_name_replaces_what_it_overlaps() -> None:
    document, mentions = read("[PER Sao] Khuya và [ORG Sao Khuya] Xanh")
    found = Corrections.parse("name\tSao Khuya Xanh\tMISC").mentions(document, mentions)
    assert [(m.text, m.label) for m in found] == [("Sao", "PER"), ("Sao Khuya Xanh", "MISC")]


def test_names_kept_apart() -> None:
    document, mentions = read("[ORG Tập đoàn Sao Biển] mua [ORG Sao Biển].")
    fixed = Corrections.parse("apart\tTập đoàn Sao Biển\tSao Biển")
    entities = link(document, mentions, corrections=fixed)
    assert surfaces(mentions, entities) == [["Tập đoàn Sao Biển"], ["Sao Biển"]]


@pytest.mark.parametrize(
    "line", ["name\tSao", "name\tSao\tXYZ", "same\tSao", "unknown\tSao", "apart\ta\tb\tc"]
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(CorrectionsError, match=r"corrections:2: "):
        Corrections.parse(f"# mine\n{line}")


def test_a_file_is_read_with_or_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "fixed.tsv"
    path.write_text("not\tMai\n", encoding="utf-8-sig")
    assert Corrections.read(path).names == (("Mai", "-"),)


def test_a_file_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "fixed.tsv"
    path.write_text("not\tHạnh Phúc\n", encoding="utf-16")
    with pytest.raises(ValueError, match=r"fixed.tsv: byte 0 is no UTF-8; save the file"):
        Corrections.read(path)
