"""Encodings: Unicode first, old encodings by how Vietnamese the result is, no repairs."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.reading.encodings import LEGACY, _table, decode
from sukien.reading.errors import UndecodableError
from sukien.reading.plausible import is_syllable

TEXT = (
    "Sáng sớm hôm đó, những người thợ rừng ở huyện miền núi đã kéo nhau xuống chợ bán măng.\r\n"
    "Trời mưa, đường trơn, nhưng ai cũng vui vì được giá."
)


def encoded(text: str, encoding: str) -> bytes:
    """Write a text in an old encoding (the way back of what the package reads)."""
    if encoding == "windows-1258":
        out = bytearray()
        for character in text:
            try:
                out += character.encode("cp1258")
            except UnicodeEncodeError:
                for mark in "\u0300\u0301\u0303\u0309\u0323":
                    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY":
                        if unicodedata.normalize("NFC", letter + mark) == character:
                            out += (letter + mark).encode("cp1258")
        return bytes(out)
    _, table = _table(encoding)
    back = {character: sequence for sequence, character in reversed(table.items())}
    return "".join(back.get(character, character) for character in text).encode("latin-1")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_is_read_with_and_without_mark(encoding: str) -> None:
    text, name = decode(TEXT.encode(encoding))
    assert text == TEXT
    assert name == encoding.removesuffix("-sig")


def test_only_one_leading_mark_is_removed() -> None:
    assert decode("\ufeff\ufeffa".encode())[0] == "\ufeffa"


@pytest.mark.parametrize("encoding", LEGACY)
def test_old_encodings_are_told_by_their_result(encoding: str) -> None:
    text, name = decode(encoded(TEXT, encoding))
    assert name == encoding
    assert unicodedata.normalize("NFC", text) == TEXT
    if encoding == "windows-1258":
        assert text == encoded(TEXT, encoding).decode("cp1258")


@pytest.mark.parametrize("encoding", LEGACY)
def test_old_encodings_are_read_in_short_texts_too(encoding: str) -> None:
    for short in ("Hà Nội mưa lớn", "Giá vàng tăng mạnh", "Đường về quê"):
        text, name = decode(encoded(short, encoding))
        assert (unicodedata.normalize("NFC", text), name) == (short, encoding)


def test_a_lone_wrong_byte_fails_with_its_offset() -> None:
    data = TEXT.encode()
    broken = data[:40] + b"\xff" + data[40:]
    with pytest.raises(UndecodableError, match="0xFF at offset"):
        decode(broken)
    with pytest.raises(UndecodableError) as caught:
        decode(b"Ha Noi \xea hom nay co mua")
    assert caught.value.offset == 7


def test_text_cut_inside_a_character_fails() -> None:
    with pytest.raises(UndecodableError):
        decode("Hà Nội có mưa rất to ở".encode()[:-1])


def test_nul_bytes_and_known_files_fail_clearly() -> None:
    with pytest.raises(UndecodableError, match="NUL"):
        decode(b"abc\x00def")
    with pytest.raises(UndecodableError, match="PDF"):
        decode(b"%PDF-1.7\n\xe2\xe3\xcf\xd3")


def test_random_bytes_are_never_text() -> None:
    rng = random.Random(7)
    for _ in range(300):
        with pytest.raises(UndecodableError):
            decode(rng.randbytes(rng.randint(30, 3000)))


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_an_error_with_a_place(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except UndecodableError as error:
        text = data[: error.offset].decode("latin-1")
    assert isinstance(text, str)


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1
    )
)
def test_utf8_comes_back_as_it_was(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode()) == (text, "utf-8")


def test_syllables_have_one_tone_and_known_rhymes() -> None:
    assert all(
        is_syllable(w) for w in ("nghiêng", "quyết", "giờ", "gì", "khuỷu", "thuở", "yêu", "rượu")
    )
    assert not any(is_syllable(w) for w in ("Néi", "tếơ", "mưâ", "bắcc", "đuợc", "họàc", "cãt"))
