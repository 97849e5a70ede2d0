"""Names in documents: behaviour that any model must show, and what the shipped one knows."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sukien.entities.caseless import caseless_columns, is_caseless
from sukien.entities.features import Lexicon, place_columns, templates
from sukien.entities.forms import Forms, is_capital
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.memory import MEMORY, memory_columns, told_label, told_place, told_whole
from sukien.entities.page import Page, pieces_of
from sukien.entities.tagger import NameTagger
from sukien.language.analyzer import segment
from sukien.tagging.hashing import string_hash


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


def test_capitals_alone_make_no_listed_name(tagger: NameTagger) -> None:
    text = "HỌ LUYỆN TẬP, HOẠT ĐỘNG, GIÁO DỤC VÀ HƯỞNG LƯƠNG."
    assert [m.text for m in tagger.mentions([segment(text)])[0] if m.method == "gazetteer"] == []


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


def page_of(text: str, gazetteer: Gazetteer | None = None) -> Page:
    document = segment(text)
    return Page.of(Forms(gazetteer), [document], [pieces_of(document)])


def test_every_template_names_a_column_that_exists() -> None:
    columns = place_columns(page_of("Hà Nội mưa."), Gazetteer(), Lexicon())
    from sukien.tagging.columns import COLUMNS

    known = {*columns, *COLUMNS, *MEMORY}
    clusters = {"word64", "word256", "word1024"}
    assert {name for template in templates() for name, _ in template} <= known | clusters


def test_runs_tell_what_stands_around_them() -> None:
    gazetteer = Gazetteer([("Lê Nam", "Pv")])
    page = page_of("Ông Lê Nam về.", gazetteer)
    columns = place_columns(page, gazetteer, Lexicon({"Lê Nam": "1 2 3"}))
    assert columns["run_length"].by_token() == dict.fromkeys(range(3), 2 * 3 + 1)
    assert columns["run_after"].by_token()[1] == string_hash("về")
    assert columns["run_before"].by_token()[1] == string_hash("^")
    listed = columns["listed"].by_token()
    assert set(listed) == {1, 2}
    assert listed[2] - listed[1] == 1  # begins the name, ends it
    assert columns["name50"].by_token() == {1: 4 * 2 + 1, 2: 4 * 2 + 2}
    assert columns["name600"].by_token() == {1: 4 * 4 + 1, 2: 4 * 4 + 2}


PARTS = [
    *("Hà", " Nội", " và", "-", " - ", "&", " 12", " 2018", " 20.000", "/", "AT", " U23", "Đ"),
    *(". ", "\n", " “", "”", " ông", " Á", "’"),
]


def plain_runs(page: Page) -> list[tuple[int, int]]:
    """Runs of capitals token by token, sentence by sentence, as the rule says."""
    document = page.texts[0]
    forms, starts, ends = document.forms, document.starts, document.ends
    out = []
    for first, last, _ in pieces_of(document):
        token = first
        while token < last:
            if not is_capital(forms[token]):
                token += 1
                continue
            end = token + 1
            while end < last:
                if is_capital(forms[end]):
                    end += 1
                elif (
                    forms[end] in "-–&/'’"
                    and end + 1 < last
                    and is_capital(forms[end + 1])
                    and starts[end] == ends[end - 1]
                    and starts[end + 1] == ends[end]
                ):
                    end += 2
                elif forms[end][0].isdigit() and len(forms[end]) <= 4 and end - token < 6:
                    end += 1
                else:
                    break
            out.append((token, end))
            token = end
    return out


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(PARTS),
        max_size=24,
    )
)
def test_runs_are_those_of_the_plain_rule(parts: list[str]) -> None:
    page = page_of("".join(parts))
    if not page.forms:
        return
    length = place_columns(page, Gazetteer(), Lexicon())["run_length"]
    found = list(zip(length.starts.tolist(), length.sizes.tolist(), strict=True))
    assert found == [(start, end - start) for start, end in plain_runs(page)]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), max_size=4))
def test_columns_of_a_document_do_not_depend_on_its_neighbours(texts: list[list[str]]) -> None:
    gazetteer = Gazetteer([("Hà Nội", "Lv"), ("FPT", "Oc"), ("công ty FPT", "Oc")])
    lexicon = Lexicon({"Nguyễn Văn": "1 2 3", "MU": "4 5 6"})
    documents = [segment(" ".join(words)) for words in texts]
    page = Page.of(Forms(gazetteer), documents, map(pieces_of, documents))
    if not page.forms:
        return
    together = place_columns(page, gazetteer, lexicon)
    for number, document in enumerate(documents):
        if not document.forms:
            continue
        first, last = page.documents[number], page.documents[number + 1]
        alone = place_columns(page_of(document.text, gazetteer), gazetteer, lexicon)
        for name, column in alone.items():
            own = together[name].dense(len(page.forms))[first:last]
            assert column.dense(len(document)).tolist() == own.tolist()


def test_memory_leaves_the_own_sentence_out() -> None:
    page = page_of("An Bình nói.\nBình về.")
    assert page.forms == ["An", "Bình", "nói", ".", "Bình", "về", "."]
    columns = memory_columns(page, [(0, 2, "PER"), (4, 5, "LOC")])
    assert columns["told_label"].by_token() == {
        1: told_label("LOC", 1, sole=True),
        4: told_label("PER", 1, sole=True),
    }
    assert columns["told_place"].by_token() == {
        1: told_place("LOC", "S"),
        4: told_place("PER", "E"),
    }
    assert columns["told_whole"].by_token() == {1: told_whole("LOC", 1, 3)}


def test_memory_stays_in_the_document() -> None:
    documents = [segment("Ông Minh về."), segment("Minh về.")]
    page = Page.of(Forms(), documents, map(pieces_of, documents))
    columns = memory_columns(page, [(1, 2, "PER"), (4, 5, "PER")])
    assert not any(column.by_token() for column in columns.values())


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("PO"), st.integers(1, 3)), max_size=12))
def test_memory_grows_with_the_text_only(parts: list[tuple[str, int]]) -> None:
    text, at = "", 0
    spans: list[tuple[int, int, str]] = []
    for label, length in parts:
        text += " ".join(["Minh"] * length) + " về.\n"
        spans.append((at, at + length, "PER" if label == "P" else "ORG"))
        at += length + 2
    page = page_of(text)
    assert len(page.forms) == at
    columns = memory_columns(page, spans)
    assert all(0 <= token < at for column in columns.values() for token in column.by_token())


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
    assert is_caseless(page_of(text)).tolist() == wanted


def test_one_text_in_small_letters_does_not_make_its_neighbours_so() -> None:
    documents = [segment("giá xăng tăng"), segment("Giá xăng tăng.\ntừ chiều nay")]
    page = Page.of(Forms(), documents, map(pieces_of, documents))
    assert is_caseless(page).tolist() == [True, False, False]


def test_caseless_columns_find_listed_names() -> None:
    columns = caseless_columns(
        ["về", "hà", "nội"],
        np.array([3]),
        Gazetteer([("Hà Nội", "Lv")]),
        Lexicon({"nội": "7 7 7"}),
    )
    listed = columns["listed_first"].by_token()
    assert set(listed) == {1, 2}
    assert columns["name50"].by_token() == {2: 4 * 8 + 3}


def test_a_listed_name_with_a_capital_inside_is_found_where_the_model_sees_none() -> None:
    silent = NameTagger.load(gazetteer=Gazetteer([("QwxTool", "Mp"), ("QwxBoth", "Mp,Oc")]))
    document = segment("Họ dùng QwxTool, không dùng QwxBoth hay QwxNone.")
    listed = [m for m in silent.mentions([document])[0] if m.method == "gazetteer"]
    assert {(m.text, m.label) for m in listed} <= {("QwxTool", "MISC")}
    assert all(m.text != "QwxNone" or m.method == "model" for m in listed)
