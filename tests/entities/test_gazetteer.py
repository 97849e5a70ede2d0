"""The typed list of names and its matches."""

from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.entities.gazetteer import CODES, Gazetteer, GazetteerError, _read_strict
from sukien.language.shadow import Shadow

DATA = files("sukien.entities") / "data" / "gazetteer"


def test_every_shipped_line_reads_and_is_normalised() -> None:
    for path in DATA.iterdir():
        text = path.read_text(encoding="utf-8")
        rows = list(_read_strict(text, path.name))
        assert len(rows) > 100
        for name, codes in rows:
            assert Shadow(name).norm == name
            assert set(codes.split(",")) <= set(CODES)


def test_there_are_forty_thousand_names() -> None:
    assert len(Gazetteer.load()) >= 40_000


def test_longest_name_wins_and_capitals_count() -> None:
    names = Gazetteer([("Hà Nội", "Lv"), ("Đại học Y Hà Nội", "Oe"), ("Anh", "Ln,Pv")])
    assert names.codes(["Đại", "học", "Y", "Hà", "Nội"]) == ["B-Oe", *["I-Oe"] * 4]
    assert names.codes(["anh", "ở", "HÀ", "NỘI"]) == ["O", "O", "B-Lv", "I-Lv"]
    assert names.codes(["anh", "hà", "nội"], caseless=True) == ["B-Ln,Pv", "B-Lv", "I-Lv"]


def test_tokens_may_be_cut_finer_or_coarser_than_names() -> None:
    names = Gazetteer([("TP.HCM", "Lv"), ("Wi-Fi Alliance", "Oi")])
    assert names.codes(["TP.HCM"]) == ["B-Lv"]
    assert names.codes(["TP", ".", "HCM"]) == ["B-Lv", "I-Lv", "I-Lv"]
    assert names.codes(["Wi-Fi", "Alliance"]) == ["B-Oi", "I-Oi"]


def test_a_users_file_goes_over_the_shipped_list(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("# mine\nHoà Bình Xanh\tOx\n[Os]\nHà Nội\nSao Đêm\tPER\n", encoding="utf-8-sig")
    names = Gazetteer.load(path)
    assert names.get("Hòa Bình Xanh") == "Ox"
    assert names.get("Hà Nội") == "Os"
    assert names.get("sao đêm") == "Pf"
    assert Gazetteer.load().get("Hòa Bình Xanh") is None


@pytest.mark.parametrize("line", ["Hà Nội\tZz", "Hà Nội", "\tLv", "[Zz]"])
def test_wrong_lines_are_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(f"Huế\tLv\n{line}\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"mine\.tsv:2: "):
        Gazetteer.load(path)


@given(st.lists(st.text(max_size=8), max_size=12))
def test_codes_are_one_a_token_and_well_formed(forms: list[str]) -> None:
    codes = Gazetteer.load().codes(forms)
    assert len(codes) == len(forms)
    for before, code in zip(["O", *codes], codes, strict=False):
        assert code[0] in "BIO"
        assert not code.startswith("I-") or before[2:] == code[2:]


def test_a_users_file_that_is_wrong_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("Sông Ngân ORG\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"names.tsv:1: 'Sông Ngân ORG' has no codes; .*a tab"):
        Gazetteer.load(path)
    path.write_text("Sông Ngân\tORG\n", encoding="utf-16")  # "Unicode text" of a spreadsheet
    with pytest.raises(ValueError, match=r"names.tsv: byte 0 is no UTF-8; save the file"):
        Gazetteer.load(path)
