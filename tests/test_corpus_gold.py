"""The gold annotation of the sample corpus agrees with the texts, the ontology and itself."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import sukien
from sukien.article import Article

CORPUS = Path(__file__).parents[1] / "corpus"
GOLD = sorted((CORPUS / "gold").glob("*/*.json"))
LAYERS = ("mentions", "dates", "quantities", "events")
LABELS = {"PER", "ORG", "LOC", "MISC"}
DATE_TYPES = {"DATE", "TIME", "DURATION", "SET"}
DATE_MODS = {"START", "MID", "END", "BEFORE", "AFTER"}
AMOUNT_MODS = {"APPROX", "MORE_THAN", "LESS_THAN", "EQUAL_OR_LESS", "EQUAL_OR_MORE"}
KINDS = {"money", "percent", "count", "measure", "ordinal", "age"}
ATTRIBUTES: dict[str, set[str | None]] = {
    "polarity": {"positive", "negative"},
    "modality": {"asserted", "planned", "possible"},
    "tense": {"past", "present", "future", "unspecified"},
    "time_source": {"explicit", "context", None},
}
POINT = (
    r"(?:\d{2,4}|(?:\d{4}|XXXX)-(?:\d\d|XX|SP|SU|FA|WI|Q[1-4]|H[12])(?:-(?:\d\d|XX))?"
    r"|(?:\d{4}|XXXX)-W(?:\d\d|XX)(?:-(?:[1-7]|WE))?)"
    r"(?:T(?:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d|Z)?|MO|MD|AF|EV|NI))?"
)
LENGTH = r"P(?=.)(?:(?:\d+|X)(?:CE|DE|[YMWD]))*(?:T(?:(?:\d+(?:\.\d+)?|X)[HMS])+)?"
VALUE = re.compile(rf"(?:{POINT}|{LENGTH}|(?:PAST|PRESENT|FUTURE)_REF)")

Record: TypeAlias = dict[str, Any]


@pytest.fixture(scope="module")
def texts() -> dict[tuple[str, str], Article]:
    """The articles of the corpus by path and member."""
    pytest.importorskip("trafilatura", reason="two of the articles are html")
    articles = sukien.read_articles(CORPUS / "articles")
    return {(a.source_path, a.member): a for a in articles if isinstance(a, Article)}


def load(path: Path) -> Record:
    """One gold file."""
    record: Record = json.loads(path.read_text(encoding="utf-8"))
    return record


def by_id(gold: Record, layer: str) -> dict[str, Record]:
    """The records of a layer by their ids, which must be unique."""
    records = {record["id"]: record for record in gold[layer]}
    assert len(records) == len(gold[layer]), f"an id of {layer} stands twice"
    return records


def arguments(gold: Record) -> Iterator[tuple[Record, Record]]:
    """Every event with each of its arguments."""
    return ((event, argument) for event in gold["events"] for argument in event["arguments"])


each_file = pytest.mark.parametrize(
    "path", GOLD, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


def test_every_topic_has_gold() -> None:
    topics = {folder.name for folder in (CORPUS / "articles").iterdir() if folder.is_dir()}
    assert {path.parent.name for path in GOLD} == topics


@each_file
def test_file_describes_an_article_as_it_is_read(
    path: Path, texts: dict[tuple[str, str], Article]
) -> None:
    stated = load(path)["article"]
    article = texts[stated["source_path"], stated["member"]]
    assert stated["sha256"] == article.sha256
    assert path.parent.name == Path(article.source_path).parent.name
    stem = Path(article.source_path).stem
    assert path.stem == (f"{stem}.{article.member}" if article.member else stem)


@each_file
def test_spans_are_true(path: Path, texts: dict[tuple[str, str], Article]) -> None:
    gold = load(path)
    text = texts[gold["article"]["source_path"], gold["article"]["member"]].text
    marks = [record for layer in LAYERS for record in gold[layer]]
    for mark in marks + [argument for _, argument in arguments(gold)]:
        assert text[mark["start"] : mark["end"]] == mark["text"]
        assert mark["text"]
        assert mark["text"].strip() == mark["text"]


@each_file
def test_marks_of_a_layer_are_sorted_and_do_not_overlap(path: Path) -> None:
    gold = load(path)
    for layer in ("mentions", "dates", "quantities"):
        for left, right in pairwise(gold[layer]):
            assert left["end"] <= right["start"], (layer, left["text"], right["text"])
    triggers = [(event["start"], event["end"], event["type"]) for event in gold["events"]]
    assert triggers == sorted(set(triggers), key=lambda trigger: (trigger[0], trigger[2]))
    for before, after in pairwise(triggers):
        assert before[:2] == after[:2] or before[1] <= after[0], "triggers cross"


@each_file
def test_dates_and_quantities_share_no_letters(path: Path) -> None:
    gold = load(path)
    for date in gold["dates"]:
        for amount in gold["quantities"]:
            assert date["end"] <= amount["start"] or amount["end"] <= date["start"]


@each_file
def test_mentions_and_entities_refer_to_each_other(path: Path) -> None:
    gold = load(path)
    entities = by_id(gold, "entities")
    by_id(gold, "mentions")
    assert {mention["entity"] for mention in gold["mentions"]} == set(entities)
    for mention in gold["mentions"]:
        assert mention["label"] == entities[mention["entity"]]["label"]
    for entity in entities.values():
        assert entity["label"] in LABELS
        assert entity["name"]
        assert set(entity.get("related", ())) <= set(entities) - {entity["id"]}


@each_file
def test_dates_carry_timex_values(path: Path) -> None:
    for date in by_id(load(path), "dates").values():
        assert date["type"] in DATE_TYPES
        assert date["mod"] in DATE_MODS | AMOUNT_MODS | {None}
        assert date["calendar"] in {"solar", "lunar"}
        for value in [date["value"], *date.get("alt", ())]:
            assert VALUE.fullmatch(value), value
        point = not date["value"].startswith("P") or date["value"].endswith("_REF")
        if date["type"] != "SET":
            assert point == (date["type"] != "DURATION")
        if date["type"] in {"DATE", "TIME"} and not date["value"].endswith("_REF"):
            assert ("T" in date["value"]) == (date["type"] == "TIME")
        begin, end = date["begin"], date["end_day"]
        assert not (begin and end) or begin <= end


@each_file
def test_ranges_have_two_ends(path: Path) -> None:
    sides = defaultdict(list)
    for date in load(path)["dates"]:
        if date["range"]:
            sides[date["range"]].append(date)
    for first, last in sides.values():
        assert first["type"] == last["type"] or "DURATION" not in {first["type"], last["type"]}
        assert not (first["begin"] and last["end_day"]) or first["begin"] <= last["end_day"]


@each_file
def test_quantities_have_a_kind_and_a_unit(path: Path) -> None:
    for amount in by_id(load(path), "quantities").values():
        assert amount["kind"] in KINDS
        assert amount["mod"] in AMOUNT_MODS | {None}
        low, high = amount["value"], amount["value_max"]
        assert high is None or low < high
        if amount["kind"] == "money":
            assert re.fullmatch("[A-Z]{3}", amount["unit"])
        elif amount["kind"] in {"percent", "measure", "age"}:
            assert amount["unit"]


@each_file
def test_events_follow_the_ontology(path: Path) -> None:
    ontology = tomllib.loads(
        files("sukien.events").joinpath("ontology.toml").read_text(encoding="utf-8")
    )
    gold = load(path)
    by_id(gold, "events")
    for event in gold["events"]:
        assert event["type"] in ontology["types"]
        for name, allowed in ATTRIBUTES.items():
            assert event[name] in allowed
        assert (event["time"] is None) == (event["time_source"] is None)
        dated = any(argument["role"] == "Time" for argument in event["arguments"])
        assert dated == (event["time_source"] == "explicit")
    for event, argument in arguments(gold):
        roles = [*ontology["types"][event["type"]]["roles"], *ontology["common_roles"]]
        assert argument["role"] in roles


@each_file
def test_arguments_point_at_marks_of_the_same_span(path: Path) -> None:
    gold = load(path)
    marks = {
        name: by_id(gold, layer)
        for name, layer in (("mention", "mentions"), ("date", "dates"), ("quantity", "quantities"))
    }
    spans = {
        (mark["start"], mark["end"]): (name, mark["id"])
        for name, records in marks.items()
        for mark in records.values()
    }
    entities = by_id(gold, "entities")
    for _, argument in arguments(gold):
        span = (argument["start"], argument["end"])
        for name, records in marks.items():
            if name in argument:
                mark = records[argument[name]]
                assert (mark["start"], mark["end"]) == span
        assert span not in spans or spans[span][0] in argument, "a mark is not linked"
        assert argument["role"] != "Time" or "date" in argument
        assert argument.get("entity", next(iter(entities))) in entities
        if "mention" in argument:
            assert argument["entity"] == marks["mention"][argument["mention"]]["entity"]


@each_file
def test_sources_of_reports_stand_in_the_text(
    path: Path, texts: dict[tuple[str, str], Article]
) -> None:
    gold = load(path)
    text = texts[gold["article"]["source_path"], gold["article"]["member"]].text
    for event in gold["events"]:
        assert event["reported_by"] is None or event["reported_by"] in text


def test_a_cluster_holds_events_of_one_type() -> None:
    types = defaultdict(set)
    for path in GOLD:
        for event in load(path)["events"]:
            types[event["cluster"]].add(event["type"])
    assert [cluster for cluster, found in types.items() if len(found) > 1] == []
