import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.language.shadow import Shadow, fold_tone

# Everything a decoder can hand over, lone surrogates included.
ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()))
VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằắờởộụỷỳ ÀĐỐ.,\n\u0300\u0309\u200b\u00a0ðfjwz"
)


@given(ANY_TEXT | VIETNAMESE)
def test_every_span_of_the_shadow_is_a_span_of_the_text(text: str) -> None:
    shadow = Shadow(text)
    assert len(shadow.lower) == len(shadow.norm)
    previous = 0
    for position in range(len(shadow)):
        start, end = shadow.span(position, position + 1)
        assert 0 <= start < end <= len(text)
        assert start >= previous
        previous = end


@given(VIETNAMESE)
def test_composed_and_decomposed_text_read_alike(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert Shadow(unicodedata.normalize("NFD", composed)).norm == Shadow(composed).norm


@given(ANY_TEXT)
def test_folding_tones_keeps_length_and_is_done_once(text: str) -> None:
    folded = fold_tone(text)
    assert len(folded) == len(text)
    assert fold_tone(folded) == folded


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("hoà", "hòa"),
        ("THUỶ", "THỦY"),
        ("Khoẻ", "Khỏe"),
        ("quý", "quý"),
        ("quỳ", "quỳ"),
        ("hoàn", "hoàn"),
        ("ðồng", "đồng"),
        ("Hà\u00a0Nội", "Hà Nội"),
        ("Hà\u200b Nội", "Hà Nội"),
        ("dòng\r\nmới", "dòng\r\nmới"),
        ("a\u2011b", "a-b"),
    ],
)
def test_spellings_of_one_word_meet_in_the_shadow(written: str, read: str) -> None:
    assert Shadow(written).norm == read


def test_bytes_are_refused_with_advice() -> None:
    with pytest.raises(TypeError, match="decode bytes first"):
        Shadow(b"abc")  # type: ignore[arg-type]  # the mistake under test
