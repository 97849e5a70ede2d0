"""Names in documents: behaviour that any model must show, and what the shipped one knows."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sukien.entities.caseless import caseless_columns, is_caseless
from sukien.entities.features import Lexicon, place_columns, templates
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.memory import MEMORY, memory_columns
from sukien.entities.tagger import NameTagger, pieces_of
from sukien.language.analyzer import segment


@pytest.fixture(scope="module")
def tagger() -> NameTagger:
    return NameTagger.load()


def _names(tagger: NameTagger, text: str) -> list[tuple[str, str]]:
    return [(m.text, m.label) for m in tagger.mentions([segment(text)])[0]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Chiều qua, bà Lê Thị Hoa rời Đà Nẵng.", [("Lê Thị Hoa", "PER"), ("Đà Nẵng", "LOC")]),
        ("Microsoft mở văn phòng ở Tokyo.", [("Microsoft", "ORG"), ("Tokyo", "LOC")]),
        ("Lễ hội năm nay vắng khách.", []),
        ("", []),
    ],
)
def test_names_of_plain_sentences(
    tagger: NameTagger, text: str, wanted: list[tuple[str, str]]
) -> None:
    assert _names(tagger, text) == wanted


def test_offsets_are_true_in_decomposed_text(tagger: NameTagger) -> None:
    text = "Ông Trần Văn Bình đến Huế.\r\nBà Hoà ở lại."
    decomposed = unicodedata.normalize("NFD", text)
    found = tagger.mentions([segment(decomposed)])[0]
    assert [unicodedata.normalize("NFC", m.text) for m in found] == [
        m.text for m in tagger.mentions([segment(text)])[0]
    ]
    assert all(decomposed[m.char_start : m.char_end] == m.text for m in found)


def test_headlines_in_capitals_are_read(tagger: NameTagger) -> None:
    text = "BÃO ĐỔ BỘ VÀO QUẢNG NINH VÀ HẢI PHÒNG"
    assert [name for name, _ in _names(tagger, text)] == ["QUẢNG NINH", "HẢI PHÒNG"]


def test_neighbours_in_the_batch_change_nothing(tagger: NameTagger) -> None:
    texts = ["Ông Nam thăm Lào.", "TIN VẮN TỪ HÀ NỘI HÔM NAY", "", "Sông Hồng lên cao ở Yên Bái."]
    alone = [tagger.mentions([segment(text)])[0] for text in texts]
    assert tagger.mentions([segment(text) for text in texts]) == alone
    assert tagger.mentions([segment(text) for text in reversed(texts)]) == alone[::-1]


WORDS = [
    *("ông", "bà", "Nguyễn", "Văn", "Hà", "Nội", "tại", "công", "ty", "FPT", "thắng", "MU", "và"),
    *("2-1", "2018", "THÀNH", "PHỐ", "iPhone", ",", ".", "“", "”", "\n"),
]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=40))
def test_mentions_are_in_order_and_cut_from_the_text(tagger: NameTagger, words: list[str]) -> None:
    document = segment(" ".join(words))
    found = tagger.mentions([document])[0]
    end = 0
    for mention in found:
        assert end <= mention.char_start < mention.char_end
        assert document.text[mention.char_start : mention.char_end] == mention.text
        assert document.starts[mention.token_start] == mention.char_start
        assert document.ends[mention.token_end - 1] == mention.char_end
        assert 0 <= mention.confidence <= 1
        end = mention.char_end


def test_pieces_cover_the_tokens() -> None:
    document = segment("Một câu. " + "rất dài " * 400)
    pieces = pieces_of(document)
    assert [first for first, _, _ in pieces] == [0, *[last for _, last, _ in pieces[:-1]]]
    assert pieces[-1][1] == len(document)
    assert max(last - first for first, last, _ in pieces) <= 300


def test_every_template_names_a_column_that_exists() -> None:
    document = segment("Hà Nội mưa.")
    columns = place_columns(
        document.forms,
        document.starts,
        document.ends,
        pieces_of(document),
        Gazetteer(),
        Lexicon(),
        (),
    )
    from sukien.tagging.columns import COLUMNS

    known = {*columns, *COLUMNS, *MEMORY}
    clusters = {"word64", "word256", "word1024", "name50", "name200", "name600"}
    assert {name for template in templates() for name, _ in template} <= known | clusters


def test_runs_tell_what_stands_around_them() -> None:
    document = segment("Ông Lê Nam về.")
    columns = place_columns(
        document.forms,
        document.starts,
        document.ends,
        pieces_of(document),
        Gazetteer([("Lê Nam", "Pv")]),
        Lexicon({"Lê Nam": ("1",)}),
        ("g",),
    )
    assert columns["run_length"].by_token() == {0: "3^", 1: "3^", 2: "3^"}
    assert columns["run_after"].by_token()[1] == "về"
    assert columns["listed"].by_token() == {1: "BPv", 2: "IEPv"}
    assert columns["g"].by_token() == {1: "B1", 2: "IE1"}


def test_memory_leaves_the_own_sentence_out() -> None:
    forms = ["An", "Bình", "nói", ".", "Bình", "về", "."]
    columns = memory_columns(forms, [(0, 4), (4, 7)], [(0, 2, "PER"), (4, 5, "LOC")])
    assert columns["told_label"].by_token() == {1: "LOC!1", 4: "PER!1"}
    assert columns["told_place"].by_token() == {1: "LOC-S", 4: "PER-E"}
    assert columns["told_whole"].by_token() == {1: "BELOC1"}


@given(st.lists(st.tuples(st.sampled_from("PO"), st.integers(1, 3)), max_size=12))
def test_memory_grows_with_the_text_only(parts: list[tuple[str, int]]) -> None:
    forms: list[str] = []
    pieces: list[tuple[int, int]] = []
    spans: list[tuple[int, int, str]] = []
    for label, length in parts:
        first = len(forms)
        forms += ["Minh"] * length + ["."]
        pieces.append((first, len(forms)))
        spans.append((first, first + length, "PER" if label == "P" else "ORG"))
    columns = memory_columns(forms, pieces, spans)
    assert all(
        0 <= token < len(forms) for column in columns.values() for token in column.by_token()
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("GIÁ XĂNG TĂNG MẠNH\nGiá xăng tăng từ chiều nay.", [True, False]),
        ("giá xăng tăng\nchiều nay có hiệu lực", [True, True]),
        ("Giá xăng tăng.\ntừ chiều nay", [False, False]),
        ("WTO họp.", [False]),
    ],
)
def test_sentences_whose_capitals_tell_nothing(text: str, wanted: list[bool]) -> None:
    document = segment(text)
    pieces = [(first, last) for first, last, _ in pieces_of(document)]
    assert is_caseless(document.forms, pieces) == wanted


def test_caseless_columns_find_listed_names() -> None:
    columns = caseless_columns(
        ["về", "hà", "nội"],
        [(0, 3)],
        Gazetteer([("Hà Nội", "Lv")]),
        Lexicon({"nội": ("7",)}),
        ("g",),
    )
    assert columns["listed_first"].by_token() == {1: "BLv", 2: "IELv"}
    assert columns["g"].by_token() == {2: "BE7"}


def test_a_listed_name_with_a_capital_inside_is_found_where_the_model_sees_none() -> None:
    silent = NameTagger.load(gazetteer=Gazetteer([("QwxTool", "Mp"), ("QwxBoth", "Mp,Oc")]))
    document = segment("Họ dùng QwxTool, không dùng QwxBoth hay QwxNone.")
    listed = [m for m in silent.mentions([document])[0] if m.method == "gazetteer"]
    assert {(m.text, m.label) for m in listed} <= {("QwxTool", "MISC")}
    assert all(m.text != "QwxNone" or m.method == "model" for m in listed)
