"""What a run says, in two languages."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import sukien.batch.console
from sukien.batch.console import forecast
from sukien.batch.estimate import Estimate, estimate
from sukien.batch.messages import Words

TABLE = tomllib.loads((files("sukien.batch") / "data" / "vi.toml").read_text("utf-8"))


@pytest.mark.parametrize("kind", ["screen", "reasons"])
def test_a_translation_uses_only_values_that_its_original_has(kind: str) -> None:
    for english, words in TABLE[kind].items():
        assert set(re.findall(r"{(\w+)}", words)) <= set(re.findall(r"{(\w+)}", english)), english


def _said(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "words":
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_everything_on_the_screen_has_a_translation() -> None:
    source = Path(sukien.batch.console.__file__).read_text("utf-8")
    said = set(_said(ast.parse(source)))
    assert len(said) > 10
    assert said <= set(TABLE["screen"])


def test_an_unknown_reason_stays_as_it_is() -> None:
    assert Words("vi").reason("something new") == "something new"
    assert Words("en").reason("the text is blank") == "the text is blank"


def test_a_place_may_hold_anything() -> None:
    words = Words("vi")
    assert words.reason("could not be analysed: Key{x}: a\nb") == (
        "không phân tích được: Key{x}: a\nb"
    )


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="there are en, vi"):
        Words("fr")


def test_a_forecast_tells_time_space_and_too_little_of_it(tmp_path: Path) -> None:
    (line,) = forecast(Estimate(20_000, 400, 2e8), tmp_path / "out", 2, Words())
    assert line.startswith("About 20,000 articles: about 7 minutes with 2 workers, and 200 MB in")
    lines = forecast(Estimate(10**9, 1e7, 1e18), tmp_path, 1, Words("vi"))
    assert "116 ngày" in lines[0]
    assert "không còn đủ chỗ" in lines[1]


def test_more_workers_need_less_time_and_more_formats_more_space() -> None:
    one = estimate([("txt", 1e6), ("xz", 1e6)], 1, ["csv"])
    two = estimate([("txt", 1e6), ("xz", 1e6)], 2, ["csv", "jsonl"])
    assert two.seconds == one.seconds / 2
    assert two.bytes > one.bytes
    assert one.articles > estimate([("txt", 2e6)], 1, ["csv"]).articles
