"""Words and phrases that can take part in an event."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.entities.mention import Label, Mention
from sukien.events.grammar import word_hash
from sukien.events.phrases import KINDS, Reading, read
from sukien.language.analyzer import Analyzer
from sukien.language.document import Document
from sukien.quantities.finder import find_quantities


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def trigger(document: Document, word: str, type_: str = "Attack") -> SimpleNamespace:
    start = document.text.index(word)
    first, last = document.tokens_of(start, start + len(word))
    return SimpleNamespace(type=type_, token_start=first, token_end=last)


def name(document: Document, text: str, label: Label) -> Mention:
    start = document.text.index(text)
    first, last = document.tokens_of(start, start + len(text))
    return Mention(
        char_start=start,
        char_end=start + len(text),
        text=text,
        label=label,
        confidence=1.0,
        method="user",
        token_start=first,
        token_end=last,
        sentence=document.sentence_at(start),
    )


def phrases(reading: Reading) -> list[tuple[str, str]]:
    """Text and kind of the phrases of a reading."""
    batch, document = read([reading]), reading.document
    first = batch.words.first[batch.phrases.first].tolist()
    last = batch.words.last[batch.phrases.last - 1].tolist()
    return [
        (document.text[document.starts[a] : document.ends[b - 1]], KINDS[kind])
        for a, b, kind in zip(first, last, batch.phrases.kind.tolist(), strict=True)
    ]


def test_names_take_their_titles_and_amounts_their_nouns(analyzer: Analyzer) -> None:
    (document,) = analyzer.documents(["Ông Nguyễn Văn Nam tấn công 3 cảnh sát tại Hà Nội."])
    reading = Reading(
        document=document,
        triggers=[trigger(document, "tấn công")],
        mentions=[name(document, "Nguyễn Văn Nam", "PER"), name(document, "Hà Nội", "LOC")],
        quantities=find_quantities(document.shadow),
    )
    assert phrases(reading) == [
        ("Ông Nguyễn Văn Nam", "PER"),
        ("3 cảnh sát", "count"),
        ("Hà Nội", "LOC"),
    ]


def test_a_relation_is_a_phrase_of_its_own(analyzer: Analyzer) -> None:
    (document,) = analyzer.documents(["Vợ Trump gặp báo chí."])
    reading = Reading(
        document=document,
        triggers=[trigger(document, "gặp", "Meet")],
        mentions=[name(document, "Trump", "PER")],
    )
    assert [text for text, _ in phrases(reading)][:2] == ["Vợ", "Trump"]


def test_phrases_do_not_hold_triggers(analyzer: Analyzer) -> None:
    (document,) = analyzer.documents(["Vụ tai nạn tàu hỏa làm chết hai người."])
    reading = Reading(document=document, triggers=[trigger(document, "tai nạn", "Accident")])
    assert all("tai nạn" not in text for text, _ in phrases(reading))


def test_sentences_without_a_trigger_are_not_read(analyzer: Analyzer) -> None:
    (document,) = analyzer.documents(["Trời mưa to. Anh Nam gặp bà Hoa."])
    batch = read([Reading(document=document, triggers=[trigger(document, "gặp", "Meet")])])
    assert int(batch.words.first.min()) == document.sentences[1].token_start


def test_nothing_to_read(analyzer: Analyzer) -> None:
    (document,) = analyzer.documents(["Trời mưa."])
    assert len(read([Reading(document=document, triggers=[])]).phrases) == 0


@given(st.lists(st.text("abcđêăơ", min_size=1, max_size=6), min_size=1, max_size=6))
def test_word_hashes_ignore_case_and_stay_below_two_to_the_63(syllables: list[str]) -> None:
    word = " ".join(syllables)
    assert 0 <= word_hash(word) == word_hash(word.upper()) < 2**63
