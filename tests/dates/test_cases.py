"""Every way of writing time in cases.toml is found, with its value, and nothing else."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from sukien.dates import find_dates

_MARK = re.compile(r"\[([^\[\]|]*)\|([^\]]*)\]")
_GROUPS = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["group"]
_CASES = [
    pytest.param(case, group["dct"], id=f"{group['name']} {number}")
    for group in _GROUPS
    for number, case in enumerate(group["cases"])
]


def unmark(case: str) -> tuple[str, list[tuple[str, str]]]:
    return _MARK.sub(r"\1", case), [(m[1], m[2]) for m in _MARK.finditer(case)]


@pytest.mark.parametrize(("case", "dct"), _CASES)
def test_the_expressions_of_a_sentence_are_found(case: str, dct: str) -> None:
    text, gold = unmark(case)
    found = find_dates(text, reference=dct)
    assert [(t.text, t.value) for t in found] == gold
    assert all(text[t.char_start : t.char_end] == t.text for t in found)


@pytest.mark.parametrize(("case", "dct"), _CASES)
def test_decomposed_letters_make_no_difference(case: str, dct: str) -> None:
    text, gold = unmark(case)
    decomposed = unicodedata.normalize("NFD", text)
    found = find_dates(decomposed, reference=dct)
    assert [(unicodedata.normalize("NFC", t.text), t.value) for t in found] == gold
    assert all(decomposed[t.char_start : t.char_end] == t.text for t in found)


@pytest.mark.parametrize(("case", "dct"), _CASES)
def test_no_break_spaces_make_no_difference(case: str, dct: str) -> None:
    text, gold = unmark(case)
    found = find_dates(text.replace(" ", "\u00a0"), reference=dct)
    assert [t.value for t in found] == [value for _, value in gold]
