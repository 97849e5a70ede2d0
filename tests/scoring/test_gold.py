"""Gold of every format is read into the same objects."""

from __future__ import annotations

import hashlib
import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.scoring.baseline import checksum
from sukien.scoring.dates import GoldDate
from sukien.scoring.events import GoldArgument, GoldEvent
from sukien.scoring.gold import GoldArticle, GoldSet, read_gold
from sukien.scoring.gold_brat import record
from sukien.scoring.gold_columns import chunks
from sukien.scoring.names import GoldName
from sukien.scoring.rewriting import REWRITINGS, rewrite

TEXT = "Ngày 5/3, bà Lan gặp ông Hùng ở Huế."


def write(path: Path, *rows: dict[str, Any]) -> Path:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    opener: Any = lzma.open if path.suffix == ".xz" else open
    with opener(path, "wt", encoding="utf-8") as file:
        file.write(lines)
    return path


def span(surface: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(surface)
    return {"start": start, "end": start + len(surface), "text": surface, **more}


def corpus(folder: Path) -> Path:
    """One article with gold of every layer."""
    (folder / "articles/culture").mkdir(parents=True)
    (folder / "gold/culture").mkdir(parents=True)
    (folder / "articles/culture/2024-03-06_a.txt").write_text(TEXT, encoding="utf-8")
    event = {
        **span("gặp", type="Meet", polarity="positive", modality="asserted", tense="past"),
        "time": "2024-03-05",
        "arguments": [span("Lan", role="Entity"), span("Hùng", role="Entity")],
    }
    date = span("Ngày 5/3", type="DATE", value="2024-03-05", begin="2024-03-05", range=None)
    gold = {
        "article": {
            "source_path": "culture/2024-03-06_a.txt",
            "member": "",
            "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        },
        "mentions": [span("Lan", label="PER", entity="x1"), span("Huế", label="LOC", entity="x2")],
        "dates": [{**date, "end_day": "2024-03-05"}],
        "quantities": [],
        "events": [event],
    }
    path = folder / "gold/culture/2024-03-06_a.json"
    path.write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return folder / "gold"


def test_our_gold_is_read_with_its_articles(tmp_path: Path) -> None:
    (article,) = read_gold(corpus(tmp_path)).articles
    assert article.id == "culture/2024-03-06_a.txt"
    assert article.text == TEXT
    assert article.published == "2024-03-06"
    assert article.names is not None
    assert [name.labels for name in article.names] == [("PER",), ("LOC",)]
    assert article.dates is not None
    assert (article.dates[0].begin, article.dates[0].end_day) == ("2024-03-05", "2024-03-05")
    assert article.quantities == []
    assert article.events is not None
    assert [a.role for a in article.events[0].arguments] == ["Entity", "Entity"]
    assert not article.exact


def test_a_part_of_our_gold_can_be_read(tmp_path: Path) -> None:
    assert len(read_gold(corpus(tmp_path) / "culture").articles) == 1


def test_the_two_ends_of_a_range_make_an_interval(tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    path = folder / "culture/2024-03-06_a.json"
    gold = json.loads(path.read_text(encoding="utf-8"))
    first = {**gold["dates"][0], "range": "r1", "end": 6}
    last = {**first, "start": 6, "end": 8, "begin": "2024-03-07", "end_day": "2024-03-07"}
    path.write_text(json.dumps({**gold, "dates": [first, last]}), encoding="utf-8")
    (article,) = read_gold(folder).articles
    assert article.dates is not None
    whole = article.dates[-1]
    assert whole.derived
    assert (whole.start, whole.end) == (0, 8)
    assert (whole.begin, whole.end_day) == ("2024-03-05", "2024-03-07")


def test_a_text_that_changed_is_refused(tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    (tmp_path / "articles/culture/2024-03-06_a.txt").write_text("Khác.", encoding="utf-8")
    with pytest.raises(ValueError, match="has changed since it was annotated"):
        read_gold(folder)


def test_the_checksum_sees_what_gold_says_and_not_how_it_is_written(tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    before = checksum(folder)
    path = folder / "culture/2024-03-06_a.json"
    gold = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(gold, indent=4), encoding="utf-8")
    assert checksum(folder) == before
    gold["mentions"].pop()
    path.write_text(json.dumps(gold), encoding="utf-8")
    assert checksum(folder) != before


@pytest.mark.parametrize("name", ["gold.jsonl", "gold.jsonl.xz"])
def test_rows_with_spans(tmp_path: Path, name: str) -> None:
    nested = span("Hùng", label="PER", level=1)
    row = {"id": "n1", "text": TEXT, "entities": [span("Lan", label="PER", level=0), nested]}
    (article,) = read_gold(write(tmp_path / name, row)).articles
    assert (article.id, len(article.names or ())) == ("n1", 1)
    assert article.dates is None
    assert article.events is None


def test_bkee_is_scored_by_exact_spans_and_apart_from_what_repeats_train(tmp_path: Path) -> None:
    event = {**span("gặp", type="Meet"), "args": [span("Lan", role="Entity")]}
    rows = [
        {"doc": name, "text": TEXT, "events": [event], "duplicate_of_train": repeats}
        for name, repeats in (("a", True), ("b", False))
    ]
    repeated, new = read_gold(write(tmp_path / "bkee.jsonl", *rows)).articles
    assert repeated.exact
    assert repeated.parts == ()
    assert new.parts == ("without what repeats train",)


def test_phrases_with_one_value_stay_rows(tmp_path: Path) -> None:
    row = {"text": "12%", "dimension": "percent", "expected": {"kind": "value", "value": 12}}
    gold = read_gold(write(tmp_path / "phrases.jsonl", row))
    assert gold.phrases == [row]
    assert not gold.articles


def test_hard_dates_with_spans_that_hold_none(tmp_path: Path) -> None:
    item = {"start": 0, "stop": 8, "type": "DATE", "value": "2024-03-05", "end": "2024-03-05"}
    row = {"id": "p", "text": TEXT, "dct": "2024-03-06", "expected": [item], "must_not": ["Huế"]}
    (article,) = read_gold(write(tmp_path / "hard.jsonl", row)).articles
    assert article.published == "2024-03-06"
    assert article.must_not == [(32, 35)]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "is empty"),
        ("{", r"gold\.jsonl:1: broken JSON"),
        ("[1]", "a gold row is a JSON object"),
        ('{"text": "a"}', "a gold row has a text and one of"),
        ('{"text": "a", "entities": [{"start": 0}]}', "row 1 is no gold row"),
    ],
)
def test_what_is_no_gold_is_said_with_its_place(tmp_path: Path, lines: str, words: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        read_gold(path)


def test_columns_make_a_text_with_names(tmp_path: Path) -> None:
    path = tmp_path / "gold.conll"
    lines = ["Bà\tN\tO", "Lan\tNp\tB-PER", "ở\tE\tO", "Đà_Nẵng\tNp\tB-LOC", ".\tCH\tO", ""]
    lines += ["FPT\tNp\tB-ORGANIZATION", "tăng\tV\tO", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    first, second = read_gold(path).articles
    assert first.text == "Bà Lan ở Đà Nẵng.\n"
    assert first.names == [GoldName(((3, 6),), ("PER",)), GoldName(((9, 16),), ("LOC",))]
    assert second.names == [GoldName(((0, 3),), ("ORG",))]


def test_columns_with_document_marks(tmp_path: Path) -> None:
    path = tmp_path / "gold.conll"
    path.write_text("-DOCSTART- O\n\nHuế B-LOC\n\nmưa O\n\n-DOCSTART- O\n\nVinh B-LOC\n")
    assert [article.text for article in read_gold(path).articles] == ["Huế\nmưa\n", "Vinh\n"]


def test_columns_without_names_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.conll"
    path.write_text("Huế\tNp\tB-NP\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column of names"):
        read_gold(path)


@given(st.lists(st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "E-LOC", "S-ORG"])))
def test_chunks_never_overlap_and_cover_every_tag_of_a_name(tags: list[str]) -> None:
    covered: list[int] = []
    for first, last, label in chunks(tags):
        assert first < last
        assert all(tags[n].endswith(label) for n in range(first, last))
        covered += range(first, last)
    assert covered == [n for n, tag in enumerate(tags) if tag != "O"]


def test_brat_files(tmp_path: Path) -> None:
    lines = [
        "T1\tPER 13 16\tLan",
        "T2\tDATE 0 8\tNgày 5/3",
        "#1\tAnnotatorNotes T2\t2024-03-05",
        "T3\tMeet 17 20\tgặp",
        "T4\tPhrase 21 29\tông Hùng",
        "E1\tMeet:T3 Entity:T1 Entity2:T4 Time:T2",
        "A1\tModality E1 planned",
    ]
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a/x.ann").write_text("\n".join(lines), encoding="utf-8")
    (article,) = read_gold(tmp_path).articles
    assert article.id == "a/x"
    assert article.names == [GoldName(((13, 16),), ("PER",))]
    assert article.quantities is None
    assert article.dates is not None
    assert article.dates[0].values == ("2024-03-05",)
    assert article.events is not None
    (event,) = article.events
    assert [(a.role, a.spans[0]) for a in event.arguments] == [
        ("Entity", (13, 16)),
        ("Entity", (21, 29)),
        ("Time", (0, 8)),
    ]
    assert dict(event.attributes)["modality"] == "planned"


def test_fragments_of_a_brat_span_are_one_span() -> None:
    assert record("Huế\nmưa", ["T1\tLOC 0 3;4 7\tHuế mưa"])["entities"][0]["end"] == 7


def test_a_brat_file_without_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ann").write_text("T1\tPER 0 3\tLan", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.txt is missing"):
        read_gold(tmp_path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"")
    with pytest.raises(ValueError, match="gold is a folder"):
        read_gold(tmp_path / "x.pdf")
    with pytest.raises(FileNotFoundError):
        read_gold(tmp_path / "y.jsonl")


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.data())
def test_rewritten_gold_covers_the_same_letters(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    event = GoldEvent(start, end, ("Meet",), (GoldArgument("Entity", ((start, end),)),))
    date = GoldDate(start=start, end=end, type="DATE", values=("2024",))
    article = GoldArticle(id="a", text=text, dates=[date], events=[event], must_not=[(start, end)])
    for way, change in REWRITINGS.items():
        (other,) = rewrite(GoldSet("g", [article]), way).articles
        wanted = "".join(map(change, text[start:end]))
        assert other.dates is not None
        assert other.events is not None
        spans = [(d.start, d.end) for d in other.dates] + [*other.must_not]
        spans += [(e.start, e.end) for e in other.events] + [*other.events[0].arguments[0].spans]
        assert [other.text[slice(*span)] for span in spans] == [wanted] * 4
        assert other.names is None
