"""The spaCy view: words cut at what was found, spans with values, pipelines that can be saved."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import sukien

TEXT = (
    "Chiều qua (19/3), Bộ Y tế ký hợp đồng 4,8 tỷ đồng với Công ty Cổ phần FPT tại Hà Nội.\n"
    "Ông Nguyễn Văn Bình bị bắt ngày 15/3  ở TP.HCM."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return sukien.load(published_at="2024-03-20")


@pytest.fixture(scope="module")
def doc(nlp: Language) -> Doc:
    return nlp(TEXT)


def test_the_text_is_kept_whole(doc: Doc) -> None:
    assert doc.text == TEXT


def test_names_dates_quantities_and_events_are_spans_with_values(doc: Doc) -> None:
    assert ("Bộ Y tế", "ORG") in [(ent.text, ent.label_) for ent in doc.ents]
    dates = {span.text: span._.timex["value"] for span in doc.spans["dates"]}
    assert dates["Chiều qua"] == "2024-03-19TAF"
    assert dates["ngày 15/3"] == "2024-03-15"
    money = doc.spans["quantities"][0]
    assert (money.text, money._.quantity["value"], money._.quantity["unit"]) == (
        "4,8 tỷ đồng",
        4.8e9,
        "VND",
    )
    types = {span.label_ for span in doc.spans["events"]}
    assert "Arrest-Jail" in types
    assert {event["type"] for event in doc._.events} == types


def test_words_parts_of_speech_and_sentences_are_set(doc: Doc) -> None:
    words = [token.text for token in doc]
    assert "hợp đồng" in words
    assert {token.pos_ for token in doc if token.text in ("Hà Nội", "Bộ Y tế")} <= {"PROPN", "NOUN"}
    assert [sent.text.strip()[-3:] for sent in doc.sents] == ["ội.", "CM."]


def test_pipe_gives_what_single_calls_give_and_takes_dates_from_the_context(nlp: Language) -> None:
    texts = [TEXT, "", "Hôm nay trời mưa.", "   \n "]
    for one, many in zip(map(nlp, texts), nlp.pipe(texts, batch_size=2), strict=True):
        assert one.to_json() == many.to_json()
    pairs = [("Hôm nay trời mưa.", {"published_at": "2021-05-01"})]
    document, context = next(iter(nlp.pipe(pairs, as_tuples=True)))
    assert context == {"published_at": "2021-05-01"}
    assert document.spans["dates"][0]._.timex["value"] == "2021-05-01"


def test_a_saved_pipeline_loads_and_finds_the_same(nlp: Language, doc: Doc, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.pipe_names == nlp.pipe_names
    assert again.max_length == nlp.max_length
    assert again(TEXT).to_json() == doc.to_json()


def test_docs_survive_a_docbin_with_their_values(nlp: Language, doc: Doc) -> None:
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    again = next(DocBin().from_bytes(data).get_docs(nlp.vocab))
    assert [span._.timex for span in again.spans["dates"]] == [
        span._.timex for span in doc.spans["dates"]
    ]
    assert list(again._.events) == doc._.events  # msgpack gives tuples for lists


def test_views_can_be_left_out(nlp: Language) -> None:
    with nlp.select_pipes(disable=["sukien_entities", "sukien_events"]):
        document = nlp(TEXT)
    assert not document.ents
    assert document.spans["dates"]


@given(st.text(alphabet="aà đHN.,\n\t 1\u0300\u200b\u00a0🇻🇳%/-"))
@settings(max_examples=50, deadline=None)
def test_any_text_comes_back_as_it_was(nlp: Language, text: str) -> None:
    assert nlp(text).text == text
