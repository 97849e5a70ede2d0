"""The verdicts of readers are whole, and the model card tells what they say."""

from __future__ import annotations

import importlib.util
import re
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

from sukien.events.ontology import load_ontology


@pytest.fixture(scope="module")
def readings() -> ModuleType:
    path = Path(__file__).parent / "readings" / "count.py"
    spec = importlib.util.spec_from_file_location("readings_count", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "size"), [("dantri_default", 200), ("dantri_precision", 120)])
def test_every_row_has_a_verdict(readings: ModuleType, name: str, size: int) -> None:
    rows = readings.rows(name)
    types = load_ontology().types
    assert len({row["event_id"] for row in rows}) == len(rows) == size
    for row in rows:
        assert re.fullmatch(r"[0-9a-f]{16}", row["event_id"])
        assert row["type"] in types
        assert 0 <= float(row["confidence"]) <= 1
        assert row["trigger"] in {"y", "t", "n"}
        assert {row[slot] for slot in readings.SLOTS} <= {"y", "n", "-"}


def test_the_card_tells_the_counts(readings: ModuleType) -> None:
    card = (files("sukien.models") / "triggers" / "README.md").read_text(encoding="utf-8")
    card = " ".join(card.split())
    right, all_ = readings.share([row["trigger"] for row in readings.rows("dantri_default")])
    assert f"{right} of {all_} random events" in card
    sure = [row for row in readings.rows("dantri_precision") if float(row["confidence"]) >= 0.8]
    right, all_ = readings.share([row["trigger"] for row in sure])
    assert f"{right} of {all_} at 0.80 and more" in card
