"""The language of a text is told by its letters and commonest words, or not at all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.tables.tongue import tongue

SENTENCE = "Chính phủ vừa ban hành nghị định mới về thuế, có hiệu lực từ đầu tháng sau."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SENTENCE, "vi"),
        (unicodedata.normalize("NFD", SENTENCE), "vi"),
        (SENTENCE.upper(), "vi"),
        ("Chu tich nuoc da den tham va lam viec tai tinh Nghe An trong ngay hom nay", "vi"),
        ("The minister said on Monday that Nguyễn Văn An will visit the city.", "en"),
        ("Les négociations ont échoué à Hanoï après la réunion.", None),
        ("Președintele a spus că va vizita țara după alegeri", None),
        ("12/3, 4-2, 100%", None),
        ("", None),
    ],
)
def test_language(text: str, expected: str | None) -> None:
    assert tongue(text) == expected


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert tongue(text) in ("vi", "en", None)
