"""The report: its numbers are those of the tables, it is bounded, safe and always the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zlib
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.writing.made_run import Made, many, save
from typer.testing import CliRunner

from sukien.cli import app
from sukien.tables.frames import Tables
from sukien.writing import report
from sukien.writing.report.source import day_of

EVIL = "</script><img src=x onerror=alert(1)><!--"


def small() -> Made:
    made = Made()
    made.entity("Huế", "LOC", country="VN", province="Huế")
    made.entity("Lào", "LOC", country="LA", kb_id="LA")
    made.article(
        "{PER:Lan} {Meet:gặp} {PER:Hùng} tại {LOC:Huế} {2024-03-19:hôm qua}.\n"
        "{PER:Lan} và {PER:Hùng} sẽ {Meet:họp} với {ORG:Bộ Y tế} {2024-03-21:ngày mai}.",
        title="Cuộc gặp",
        published_at="2024-03-20T08:00:00+07:00",
        warnings=["date in the sidecar could not be read"],
    )
    made.article(
        "{PER:Lan} 😀 {Transport:sang} {LOC:Lào}.\nKhông có gì thêm.",
        title="Chuyến đi",
        published_at="2024-03-25",
    )
    made.article("Bài này không có ngày, {LOC:Huế} {Fire:cháy}.")
    made.article("", status="failed", error="is not UTF-8 at byte 7")
    made.article("", status="skipped", error="no text")
    return made


def blocks(page: str, name: str) -> list[Any]:
    found = re.findall(rf'data-block="{name}">([^<]*)</script>', page)
    return [json.loads(zlib.decompress(b64decode(block))) for block in found]


def overview(page: str) -> dict[str, Any]:
    (found,) = blocks(page, "overview")
    assert isinstance(found, dict)
    return found


def records(page: str) -> list[dict[str, Any]]:
    fields = overview(page)["record"]
    return [
        dict(zip(fields, row, strict=True)) for block in blocks(page, "articles") for row in block
    ]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return small().tables()


@pytest.fixture(scope="module")
def page(tables: Tables) -> str:
    return report.render(tables)


def test_totals_are_those_of_the_tables(page: str) -> None:
    totals = overview(page)["totals"]
    assert {key: totals[key] for key in ("inputs", "ok", "failed", "skipped", "undated")} == {
        "inputs": 5,
        "ok": 3,
        "failed": 1,
        "skipped": 1,
        "undated": 1,
    }
    assert (totals["events"], totals["timed"], totals["PER"], totals["LOC"]) == (4, 2, 2, 2)
    assert (totals["first"], totals["last"]) == (day_of("2024-03-20"), day_of("2024-03-25"))
    assert '<dd data-total="events">4</dd>' in page


def test_events_are_counted_by_day_and_type(page: str) -> None:
    told = overview(page)
    assert [(name, count) for name, _, _, count in told["types"]] == [
        ("Meet", 2),
        ("Fire", 1),
        ("Transport", 1),
    ]
    days = [day_of(f"2024-03-{day}") for day in (19, 20, 21, 25)]
    assert told["happened"] == [[days[0], days[0], 0, 1], [days[2], days[2], 0, 1]]
    assert told["reported"] == [[days[1], days[1], 0, 2], [days[3], days[3], 2, 1]]


def test_entities_come_with_their_articles_over_time(page: str) -> None:
    told = overview(page)
    lan = next(row for row, entity in enumerate(told["entities"]) if entity[0] == "Lan")
    assert told["entities"][lan] == ["Lan", "PER", 2, 3, None, None]
    assert told["sparklines"]["rows"][str(lan)] == [1, 0, 0, 0, 0, 1]


def test_pairs_are_named_in_one_sentence(page: str) -> None:
    told = overview(page)
    named = [
        ({told["entities"][a][0], told["entities"][b][0]}, articles, events)
        for a, b, articles, events in told["pairs"]
    ]
    assert named[0] == ({"Lan", "Hùng"}, 1, 2)
    assert sorted(map(sorted, (pair for pair, _, _ in named))) == [
        ["Bộ Y tế", "Hùng"],
        ["Bộ Y tế", "Lan"],
        ["Hùng", "Lan"],
    ]


def test_places_are_counted_by_province_and_country(page: str) -> None:
    told = overview(page)
    ((name, latitude, longitude, articles, events),) = told["provinces"]
    assert (name, articles, events) == ("Huế", 2, 2)
    assert (round(latitude), round(longitude)) == (16, 108)
    assert {row[0]: (row[4], row[5]) for row in told["countries"]} == {"VN": (2, 2), "LA": (1, 1)}


def test_what_failed_and_what_is_odd_is_told(page: str) -> None:
    assert "is not UTF-8 at byte 7" in page
    assert "00003.txt" in page
    assert "no text" in page
    assert "date in the sidecar could not be read" in page


def test_spans_of_the_page_are_those_of_the_tables(page: str, tables: Tables) -> None:
    fields = overview(page)["event"]
    shown = {
        (row["id"], row["text"][event["start"] : event["start"] + event["length"]])
        for row in records(page)
        for event in (dict(zip(fields, values, strict=True)) for values in row["events"])
    }
    events = tables.events
    assert shown == set(zip(events["article_id"], events["trigger"], strict=True))


def test_text_comes_from_the_sentences_where_no_texts_are_kept(page: str, tables: Tables) -> None:
    bare = report.render(replace(tables, texts=tables.texts.head(0)))
    assert [row["text"] for row in records(bare)] == [
        row["text"].rstrip("\n") for row in records(page)
    ]


def test_one_article_of_each_story_comes_first() -> None:
    made = Made()
    for at in range(4):
        made.article("{Fire:Cháy}.", title=f"A{at}", story_id="a")
    made.article("{Fire:Cháy} {Die:chết}.", title="B", story_id="b")
    titles = [row["title"] for row in records(report.render(made.tables()))]
    assert titles[:2] == ["A0", "B"]
    assert len(titles) == 5


@pytest.mark.parametrize("language", report.LANGUAGES)
def test_both_languages_have_the_same_words(language: str, tables: Tables) -> None:
    data = (files("sukien.writing.report") / "data" / "labels.toml").read_text(encoding="utf-8")
    told = tomllib.loads(data)

    def shape(words: Any) -> Any:
        if isinstance(words, dict):
            return {key: shape(value) for key, value in words.items()}
        if isinstance(words, list):
            return len(words)
        return set(re.findall(r"\{\w+\}", words))

    assert shape(told[language]) == shape(told["en"])
    assert f'<html lang="{language}">' in report.render(tables, language=language)


def test_every_word_the_script_asks_for_exists() -> None:
    folder = files("sukien.writing.report")
    told = tomllib.loads((folder / "data" / "labels.toml").read_text(encoding="utf-8"))
    code = "".join(
        part.read_text(encoding="utf-8")
        for part in (folder / "page").iterdir()
        if part.name.endswith(".js")
    )
    asked = set(re.findall(r"\bwords\.(\w+)", code)) | set(re.findall(r'\bsay\("(\w+)"', code))
    assert len(asked) > 40
    assert asked <= set(told["en"]["script"])


class _Tags(HTMLParser):
    """The tags of a page, and the text of its style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.code: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.tags[-1] if self.tags else ("", {})
        if tag in ("style", "script") and "type" not in attributes:
            self.code.setdefault(tag, data)


def evil() -> Tables:
    made = Made()
    made.article(
        f"{EVIL} {{PER:{EVIL}}} {{Meet:{EVIL}}} {{ORG:{EVIL}}} {{LOC:Huế}} {{2024-03-19:{EVIL}}}.",
        **dict.fromkeys(("title", "author", "section", "source", "url"), EVIL),
        published_at="2024-03-20",
        warnings=[EVIL],
    )
    made.article("{Meet'\"><script>x:gặp}.", title=EVIL, url="javascript:alert(1)")
    made.article("", status="failed", error=EVIL, source_path=f"{EVIL}.txt", member=EVIL)
    return made.tables()


def test_text_cannot_become_markup(page: str) -> None:
    clean, hostile = _Tags(page), _Tags(report.render(evil()))
    assert "img" not in {tag for tag, _ in hostile.tags}
    scripts = [attributes.get("data-block") for tag, attributes in hostile.tags if tag == "script"]
    assert scripts == ["overview", "articles", None]
    assert not [name for _, attributes in hostile.tags for name in attributes if name[:2] == "on"]
    assert hostile.code["script"] == clean.code["script"]


def test_the_policy_lets_only_our_own_code_run(page: str) -> None:
    tags = _Tags(page)
    (policy,) = (
        attributes["content"]
        for _, attributes in tags.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    for kind in ("style", "script"):
        digest = b64encode(sha256(tags.code[kind].encode()).digest()).decode()
        assert rules.pop(f"{kind}-src") == f"'sha256-{digest}'"
    assert set(rules.values()) == {"'none'"}
    assert not [tag for tag, attributes in tags.tags if "style" in attributes]


def test_the_page_refers_to_nothing_outside(page: str) -> None:
    for tag, attributes in _Tags(page).tags:
        for name in ("src", "href", "action", "data", "poster"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
    style = (files("sukien.writing.report") / "page" / "page.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_the_same_tables_give_the_same_page(tables: Tables, tmp_path: Path) -> None:
    one = report.write_report(save(tables, tmp_path / "one"))
    other = save(tables, tmp_path / "other")
    # In a process of its own: addresses and the order of sets differ there.
    command = [sys.executable, "-m", "sukien.cli", "report", str(other)]
    subprocess.run(command, check=True, capture_output=True)
    assert one.read_bytes() == (other / "report.html").read_bytes()


_CODA = [consonant + tail for consonant in "bcdghklmnpqrstvx" for tail in ("", "h", "r")]
_RHYME = [
    vowel + tail for vowel in "aăâeêioôơuưáàảạấềểộớứ" for tail in ("", "n", "ng", "m", "t", "c")
]


def _varied(count: int) -> Tables:
    """Articles of about 2,300 characters whose words hardly repeat."""
    rng = np.random.default_rng(7)
    syllables = np.array([coda + rhyme for coda in _CODA for rhyme in _RHYME])
    made = Made()
    for _ in range(count):
        words = iter(rng.choice(syllables, 8 * 55 + 1).tolist())

        def some(number: int, words: Any = words) -> str:
            return " ".join(next(words) for _ in range(number))

        lines = [
            f"{some(20)} {{PER:{some(1).title()} {name}}} {{{kind}:{some(1)}}} {some(18)} "
            f"{{ORG:{some(1).title()}}} {some(13)} {{2024-03-{day:02d}:{some(1)}}}."
            for name, kind, day in zip(
                "ABCDEFGH", ["Meet", "Die", "Fire", "Award"] * 2, range(1, 9), strict=True
            )
        ]
        made.article("\n".join(lines), title=some(1), published_at="2024-03-20")
    return made.tables()


def test_twenty_thousand_articles_fit_into_one_page() -> None:
    tables = many(_varied(100), 200)
    assert len(tables.articles) == 20_000
    page = report.render(tables)
    assert len(page.encode()) < 15_000_000
    told, shown = overview(page), records(page)
    assert told["totals"]["events"] == len(tables.events) == 160_000
    assert sum(row[3] for row in told["happened"]) == 160_000
    assert 2_000 < len(shown) < 20_000
    # What was left out is told, with the numbers.
    assert f"hold {len(shown):,} articles with their {8 * len(shown):,} events" in page
    assert "all 20,000 articles and 160,000 events" in page


def test_a_tight_budget_is_kept(tables: Tables) -> None:
    run = _varied(100)
    budget = len(report.render(run, budget=0).encode()) + 150_000
    page = report.render(run, budget=budget)
    assert len(page.encode()) < budget
    assert 0 < len(records(page)) < 100
    assert 'id="left-out"' in page
    assert 'id="left-out"' not in report.render(tables)


def test_a_run_without_anything_gives_a_page() -> None:
    page = report.render(Made().tables())
    assert "Report on a run without articles" in page
    assert records(page) == []


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["report", *map(str, arguments)], env={"COLUMNS": "200"})


def test_the_command_writes_beside_the_tables(tables: Tables, tmp_path: Path) -> None:
    folder = save(tables, tmp_path / "out")
    result = run(folder, "--lang", "vi")
    assert result.exit_code == 0, result.output
    assert str(folder / "report.html") in result.stdout.replace("\n", "")
    assert "Báo cáo về 3 bài báo" in (folder / "report.html").read_text(encoding="utf-8")
    assert run(folder, "--output", tmp_path / "mine.html").exit_code == 0
    assert (tmp_path / "mine.html").is_file()


def test_a_folder_that_is_no_run_is_said_plainly(tmp_path: Path) -> None:
    for folder, words in [
        (tmp_path / "nowhere", "does not exist"),
        (tmp_path, "holds no tables"),
        (Path(__file__), "is a file"),
    ]:
        result = run(folder)
        assert result.exit_code == 2
        assert words in result.stderr
        assert "sukien extract --output" in result.stderr


def test_missing_tables_are_named(tables: Tables, tmp_path: Path) -> None:
    folder = save(tables, tmp_path / "out")
    (folder / "events.parquet").unlink()
    (folder / "dates.parquet").unlink()
    result = run(folder)
    assert result.exit_code == 2
    assert "lacks dates, events" in result.stderr
    assert not (folder / "report.html").exists()


def test_a_page_that_cannot_be_written_is_said_plainly(tables: Tables, tmp_path: Path) -> None:
    folder = save(tables, tmp_path / "out")
    assert "there is no folder" in run(folder, "-o", tmp_path / "no" / "r.html").stderr
    assert "is a folder" in run(folder, "-o", tmp_path).stderr
    page = tmp_path / ("x" * 252 + ".htm")  # longer than file systems allow
    result = run(folder, "-o", page)
    assert result.exit_code == 2
    assert "File name too long" in result.stderr


def test_an_unknown_language_is_a_usage_error(tables: Tables, tmp_path: Path) -> None:
    result = run(save(tables, tmp_path / "out"), "--lang", "de")
    assert result.exit_code == 2
    assert "there are en, vi" in result.stderr
