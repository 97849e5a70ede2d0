"""DocBin files that spaCy reads, with everything the tables hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from tests.batch.fake_stages import FakeLoader
from tests.batch.test_runs import make_news

import sukien.nlp
from sukien.batch.run import extract_to_folder
from sukien.batch.settings import Settings
from sukien.tables import Tables
from sukien.writing import docbin, read_tables

assert sukien.nlp  # names the extensions that the Docs use


def docs_of(output: Path) -> list[Doc]:
    vocab = spacy.blank("xx").vocab
    files = sorted((output / "docbin").iterdir())
    return [doc for file in files for doc in DocBin().from_disk(file).get_docs(vocab)]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Tables, list[Doc]]:
    monkeypatch.setattr(docbin, "_FILE", 4)
    news, output = make_news(tmp_path / "in", 6), tmp_path / "out"
    (news / "odd.txt").write_text("Mai\u200b  gặp\r\n\r\nNguyê\u0303n tại Huế hôm nay.", "utf-8")
    (news / "odd.json").write_text(json.dumps({"published_at": "2024-03-20", "title": "Lạ"}))
    extract_to_folder(
        news, output, Settings(), formats=("csv", "docbin"), tables=("texts",), load=FakeLoader()
    )
    return read_tables(output), docs_of(output)


def test_docs_hold_the_texts_in_the_order_of_the_tables(run: tuple[Tables, list[Doc]]) -> None:
    tables, docs = run
    assert [doc.text for doc in docs] == tables.texts["text"].tolist()
    ok = tables.articles[tables.articles["status"] == "ok"]
    assert [doc.user_data["article"]["article_id"] for doc in docs] == ok["article_id"].tolist()
    assert docs[-1]._.published_at == "2024-03-20"


def test_spans_are_the_rows_of_the_tables(run: tuple[Tables, list[Doc]]) -> None:
    tables, docs = run
    entities = [ent for doc in docs for ent in doc.ents]
    assert [ent.text for ent in entities] == tables.mentions["text"].tolist()
    assert [ent.label_ for ent in entities] == tables.mentions["label"].tolist()
    assert [e._.entity["mention_id"] for e in entities] == tables.mentions["mention_id"].tolist()
    names = dict(zip(tables.entities["entity_id"], tables.entities["name"], strict=True))
    assert all(e._.entity["entity"] == names[e._.entity["entity_id"]] for e in entities)
    dates = [span._.timex["value"] for doc in docs for span in doc.spans["dates"]]
    assert dates == tables.dates["value"].tolist()
    amounts = [span._.quantity["value"] for doc in docs for span in doc.spans["quantities"]]
    assert amounts == tables.quantities["value"].tolist()


def test_events_hold_their_arguments(run: tuple[Tables, list[Doc]]) -> None:
    tables, docs = run
    events = [event for doc in docs for event in doc._.events]
    assert [event["event_id"] for event in events] == tables.events["event_id"].tolist()
    found = [argument["argument_id"] for event in events for argument in event["arguments"]]
    assert sorted(found) == sorted(tables.event_arguments["argument_id"])
    spans = [span.text for doc in docs for span in doc.spans["events"]]
    assert spans == tables.events["trigger"].tolist()


def test_docs_have_words_and_sentences(run: tuple[Tables, list[Doc]]) -> None:
    doc = run[1][0]
    assert all(token.tag_ for token in doc if not token.is_space)
    assert len(list(doc.sents)) > 1
