import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.language.shadow import Shadow
from sukien.language.tokens import is_syllable, tokenize


def forms(text: str) -> list[str]:
    return tokenize(Shadow(text).norm)[2]


@pytest.mark.parametrize(
    "token",
    [
        "https://tinmau.vn/thoi-su/bai-1.html?x=1",
        "vnexpress.net",
        "ban.doc@tinmau.com.vn",
        "#COP26",
        "@sukien_vn",
        "1.234,5",
        "12.000.000",
        "15/3/2025",
        "2025-03-15",
        "20.11.2024",
        "15h30",
        "7h",
        "20:45",
        "15/2020/NĐ-CP",
        "120/QĐ-TTg",
        "QL1A",
        "MH370",
        "TP.HCM",
        "PGS.TS",
        "Th.S",
        "N.V.A",
        "Covid-19",
        "Ro-ma-ni-a",
        "al-Assad",
        "H'Mông",
        "O'Neil",
        "OpenStack",
        "VinFast",
        "U23",
        "AT&T",
        "👨‍👩‍👧".replace("\u200d", ""),
        "🇻🇳",
    ],
)
def test_one_token(token: str) -> None:
    assert forms(f"Xem {token} nhé") == ["Xem", token, "nhé"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("20-24/3", "20 - 24/3"),
        ("10–15/5", "10 – 15/5"),
        ("Hà Nội-Hải Phòng", "Hà Nội - Hải Phòng"),
        ("30%", "30 %"),
        ("(AFC)", "( AFC )"),
        ("“Vâng”,", "“ Vâng ” ,"),
        ("5km", "5 km"),
        ("ThủyTheo", "Thủy Theo"),
        ("rồi...", "rồi ..."),
        ("$10", "$ 10"),
    ],
)
def test_several_tokens(text: str, tokens: str) -> None:
    assert " ".join(forms(text)) == tokens


@given(st.text())
def test_tokens_cover_all_but_white_space_in_order(text: str) -> None:
    norm = Shadow(text).norm
    starts, ends, found = tokenize(norm)
    assert [norm[a:b] for a, b in zip(starts, ends, strict=True)] == found
    assert "".join(found) == "".join(norm.split())
    assert all(b <= a for b, a in zip(ends, starts[1:], strict=False))


def test_syllables_are_told_from_foreign_words() -> None:
    assert all(map(is_syllable, ["Nguyễn", "quốc", "giữa", "nghiêng", "ủy", "Ê"]))
    assert not any(map(is_syllable, ["Rackspace", "Trump", "19", "AFC", ""]))
