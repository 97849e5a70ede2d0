"""Runs give the same bytes however they are cut, and lose nothing when they are cut off."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from tests.batch.background import Background, posix, until, workers
from tests.batch.fake_stages import FakeLoader, FakeStages

import sukien.batch.run as run_module
from sukien.analysis import ModelOptions, Stages
from sukien.article import Article
from sukien.batch.lock import FolderLock, LockedError
from sukien.batch.run import Progress, Summary, extract_to_folder, extract_to_memory
from sukien.batch.settings import Settings
from sukien.batch.store import StoreMismatchError
from sukien.reading import ReadOptions
from sukien.tables import validate
from sukien.writing import read_tables

FORMATS = ("csv", "jsonl", "parquet")


def make_news(folder: Path, count: int = 30) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    names = ["Lan", "Hùng", "Huế", "Vinh", "Mai"]
    for n in range(count):
        text = f"Bài {n}.\n{names[n % 5]} gặp {names[n % 3]} tại Huế hôm nay.\r\n{n} người."
        (folder / f"{n:03}.txt").write_text(text, encoding="utf-8", newline="")
    lines = [
        json.dumps({"text": f"Dòng {n}. Mai gặp Lan.", "date": "2024-03-0" + str(n % 9 + 1)})
        for n in range(12)
    ]
    (folder / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "broken.txt").write_text("Đây là bài HỎNG.", encoding="utf-8")
    return folder


def run(source: Any, output: Path, **options: Any) -> Summary:
    defaults: dict[str, Any] = {
        "formats": FORMATS,
        "tables": ("texts", "tokens"),
        "load": FakeLoader(),
        "settings": Settings(tokens=True),
    }
    return extract_to_folder(source, output, **(defaults | options))


def content(output: Path) -> dict[str, bytes]:
    """Everything a run wrote, but for its notes about itself."""
    names = [p for p in output.iterdir() if p.name not in (".store", "run.json", "sukien.log")]
    return {path.name: path.read_bytes() for path in names}


def test_every_input_has_a_row(news: Path, tmp_path: Path) -> None:
    summary = run(news, tmp_path / "out")
    assert summary.status == {"ok": 42, "failed": 1, "skipped": 1}
    assert summary.exit_code == 1
    assert [row["source_path"] for row in summary.failures] == ["broken.txt", "empty.txt"]
    tables = read_tables(tmp_path / "out")
    assert len(tables.articles) == 44 == summary.rows["articles"]
    assert validate(tables).empty
    noted = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert noted["articles"] == {"ok": 42, "failed": 1, "skipped": 1, "analysed": 44, "kept": 0}


@pytest.mark.parametrize(
    "how",
    [
        {"shard_size": 7},
        {"shard_size": 1},
        {"jobs": 1, "shard_size": 500},
        {"jobs": 2, "shard_size": 5},
    ],
    ids=str,
)
def test_shards_and_workers_do_not_show(
    news: Path, plain: dict[str, bytes], tmp_path: Path, how: dict[str, Any]
) -> None:
    run(news, tmp_path, **how)
    assert content(tmp_path) == plain


def test_the_order_of_inputs_does_not_show(
    news: Path, plain: dict[str, bytes], tmp_path: Path
) -> None:
    files = [str(path) for path in news.iterdir()]
    random.Random(5).shuffle(files)
    run(files, tmp_path, shard_size=4)
    assert content(tmp_path) == plain


def test_memory_and_every_format_hold_the_same_tables(news: Path, tmp_path: Path) -> None:
    import pandas as pd

    memory = extract_to_memory(news, Settings(tokens=True), load=FakeLoader(), shard_size=9)
    for suffix in FORMATS:
        output = tmp_path / suffix
        run(news, output, formats=(suffix,))
        for name, frame in read_tables(output).items():
            pd.testing.assert_frame_equal(frame, memory[name])


def _never() -> Stages:
    raise AssertionError("nothing was to be analysed")


class _Counting:
    """Stages that count the articles they see."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self) -> Stages:
        return self

    def run(self, articles: Any) -> Any:
        self.texts += [article.text for article in articles]
        return FakeStages().run(articles)


def test_a_second_run_does_only_what_is_new(tmp_path: Path) -> None:
    news, output = make_news(tmp_path / "in"), tmp_path / "out"
    run(news, output)
    (news / "000.txt").write_text("Bài mới. Mai gặp Vinh.", encoding="utf-8")
    (news / "003.txt").unlink()
    (news / "005.json").write_text('{"title": "Một cái tên"}', encoding="utf-8")
    counting = _Counting()
    summary = run(news, output, load=counting)
    assert sorted(counting.texts)[1:] == ["Bài mới. Mai gặp Vinh."]
    assert (summary.analysed, summary.kept) == (2, 41)
    run(news, tmp_path / "new")
    assert content(output) == content(tmp_path / "new")


def test_failures_are_repeated_only_when_asked(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path)
    counting = _Counting()
    assert run(news, tmp_path, load=counting).analysed == 0
    assert counting.texts == []
    assert run(news, tmp_path, load=counting, retry_failed=True).analysed == 1
    # Once in its batch and once alone.
    assert counting.texts == ["Đây là bài HỎNG."] * 2


def test_what_was_repeated_counts_in_every_later_run(tmp_path: Path) -> None:
    news, output = make_news(tmp_path / "in", 12), tmp_path / "out"
    run(news, output, load=_Broken("Bài 0.", "Bài 7."), shard_size=5)
    assert run(news, output, retry_failed=True).status["failed"] == 1
    (news / "new.txt").write_text("Bài mới.", encoding="utf-8")
    run(news, output)
    run(news, tmp_path / "new")
    assert content(output) == content(tmp_path / "new")


class _Broken:
    """Stages that fail on texts with some words."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def __call__(self) -> Stages:
        return self

    def run(self, articles: Any) -> Any:
        if any(word in article.text for word in self._words for article in articles):
            raise ValueError("broken today")
        return FakeStages().run(articles)


def test_an_article_that_failed_alone_in_its_part_can_be_repeated(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Lan gặp Mai.", encoding="utf-8")
    assert run(tmp_path / "a.txt", tmp_path / "out", load=_Broken("Lan")).status["failed"] == 1
    assert run(tmp_path / "a.txt", tmp_path / "out", retry_failed=True).status["ok"] == 1


def test_small_parts_are_joined_and_nothing_changes(tmp_path: Path) -> None:
    news, output = make_news(tmp_path / "in", 4), tmp_path / "out"
    parts = output / ".store" / "parts"
    counts = []
    for n in range(20):
        (news / f"x{n % 3}-{n}.txt").write_text(f"Mai gặp Vinh {n}.", encoding="utf-8")
        if n == 9:
            (news / "001.txt").write_text("Bài một đổi rồi.", encoding="utf-8")
        run(news, output)
        counts.append(len(list(parts.iterdir())))
    assert max(counts) < 20
    assert counts[-1] < 10
    assert run(news, output, load=_never).analysed == 0
    run(news, tmp_path / "new")
    assert content(output) == content(tmp_path / "new")


def test_the_log_tells_what_happened_when(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path)
    run(news, tmp_path)
    log = (tmp_path / "sukien.log").read_text(encoding="utf-8")
    assert re.search(r"^\d{4}-\d\d-\d\dT[\d:]{8}Z INFO +run 1 begins", log)
    assert "run 2 begins, with 44 articles in the store" in log
    assert "WARNING failed: broken.txt: could not be analysed: ValueError" in log
    assert "finished: 42 ok, 1 failed, 1 skipped; analysis " in log
    with pytest.raises(OSError, match="no weights"):
        run(news, tmp_path, load=FakeLoader(fault="no weights"), fresh=True)
    assert "ended by OSError: no weights" in (tmp_path / "sukien.log").read_text("utf-8")


def test_a_run_keeps_the_texts_and_gives_them_back(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path, tables=(), formats=("csv",))
    assert not (tmp_path / "texts.csv").exists()
    tables = read_tables(tmp_path)
    assert len(tables.texts) == 42
    assert validate(tables).empty
    assert tables.texts.equals(extract_to_memory(news, Settings(), load=FakeLoader()).texts)


def test_a_trial_does_not_forget_the_rest(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path)
    assert sum(run(news, tmp_path, settings=Settings(tokens=True, limit=3)).status.values()) == 3
    assert run(news, tmp_path).analysed == 0


def test_a_period_skips_with_a_reason(news: Path, tmp_path: Path) -> None:
    settings = Settings(since="2024-03-05", until="2024-03-07")
    summary = run(news, tmp_path, settings=settings)
    assert summary.status["ok"] == 3
    reasons = {row["error"] for row in summary.failures}
    assert "published 2024-03-01, before 2024-03-05" in reasons
    assert "no publication date, and a period was asked for" in reasons


def test_other_settings_in_one_folder_are_refused(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path)
    other = Settings(tokens=True, reading=ReadOptions(published="2024-03-20"))
    with pytest.raises(
        StoreMismatchError, match=r"published: None there, '2024-03-20' now.*--fresh"
    ):
        run(news, tmp_path, settings=other)
    assert run(news, tmp_path, settings=other, fresh=True).kept == 0


def test_a_changed_file_of_names_is_told_without_its_hash(news: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("Sông Ngân\tORG\n", encoding="utf-8")
    settings = Settings(models=ModelOptions(gazetteer=names))
    run(news, tmp_path / "out", settings=settings)
    with pytest.raises(StoreMismatchError, match=r"models.gazetteer: a file there, none now"):
        run(news, tmp_path / "out")
    names.write_text("Sông Vàng\tORG\n", encoding="utf-8")
    with pytest.raises(StoreMismatchError, match=r"models.gazetteer: a file there, another now"):
        run(news, tmp_path / "out", settings=settings)


def test_another_version_starts_over(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(news, tmp_path)
    monkeypatch.setattr(run_module, "made_by", lambda: {"sukien": "99"})
    summary = run(news, tmp_path)
    assert summary.note == "the version or the models changed"
    assert summary.kept == 0


def test_input_and_output_are_not_one_folder(news: Path) -> None:
    with pytest.raises(ValueError, match="both input and output"):
        run(news, news)


def test_an_output_inside_the_input_is_not_read(tmp_path: Path) -> None:
    news = make_news(tmp_path, 3)
    first = run(news, tmp_path / "out").status
    assert run(news, tmp_path / "out").status == first


def test_two_runs_do_not_share_a_folder(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path)
    with FolderLock(tmp_path / ".store" / "lock"), pytest.raises(LockedError, match="another run"):
        run(news, tmp_path)


def test_tables_no_longer_asked_for_are_removed(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path)
    run(news, tmp_path, tables=(), formats=("csv",))
    assert not (tmp_path / "texts.csv").exists()
    assert not (tmp_path / "events.jsonl").exists()


@pytest.mark.parametrize(("word", "reason"), [("CHẾT", "process died"), ("LÂU", "longer than 1 s")])
def test_a_poisonous_article_is_one_failed_row(tmp_path: Path, word: str, reason: str) -> None:
    news = make_news(tmp_path / "in", 12)
    (news / "004.txt").write_text(f"Đoạn {word}.", encoding="utf-8")
    settings = Settings(timeout=1.0)
    summary = run(news, tmp_path / "out", jobs=2, shard_size=5, settings=settings)
    failed = {row["source_path"]: row["error"] for row in summary.failures}
    assert reason in failed["004.txt"]
    assert summary.status == {"ok": 23, "failed": 2, "skipped": 1}


def test_models_that_do_not_load_stop_the_run_with_their_words(news: Path, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no weights"):
        run(news, tmp_path, jobs=1, load=FakeLoader(fault="no weights"))


def test_progress_counts_what_is_done(news: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, float]] = []

    def note(progress: Progress) -> None:
        seen.append((progress.stage, sum(progress.counts.values()), progress.done))

    run(news, tmp_path, shard_size=10, progress=note)
    assert seen[-1][0] == "writing the tables"
    assert seen[-1][1] == 44
    assert [done for *_, done in seen] == sorted(done for *_, done in seen)


def test_articles_given_in_memory_need_no_files(tmp_path: Path) -> None:
    articles = [Article(text=f"Lan gặp Mai {n}.", member=str(n)) for n in range(5)]
    memory = extract_to_memory(iter(articles), Settings(), load=FakeLoader())
    assert memory.events["agent"].tolist() == ["Lan"] * 5
    assert extract_to_memory([], Settings(), load=FakeLoader()).articles.empty


@posix
def test_a_run_that_was_killed_goes_on_where_it_stopped(
    news: Path, plain: dict[str, bytes], background: Background
) -> None:
    for parts in (3, 6):
        process = background.start(parts)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert not (background.output / "events.csv").exists()
    summary = run(news, background.output)
    assert summary.kept >= 12
    assert content(background.output) == plain
    assert sorted(path.name for path in (background.output / ".store").iterdir()) == [
        "lock", "manifest.json", "parts"
    ]  # fmt: skip


@pytest.mark.stress
@posix
def test_a_run_that_is_killed_ten_times_at_random_ends_as_if_it_had_not_been(
    news: Path, plain: dict[str, bytes], background: Background
) -> None:
    chance = random.Random(os.environ.get("SEED", "7"))
    store = background.output / ".store"
    for _ in range(10):
        process = background.start(0)
        time.sleep(chance.uniform(0.5, 5.0))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shown = [path for path in background.output.glob("*") if path.suffix in (".csv", ".jsonl")]
        for path in shown:
            assert path.read_bytes() == plain[path.name]
    process = background.start(0)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert content(background.output) == plain
    assert sorted(path.name for path in store.iterdir()) == ["lock", "manifest.json", "parts"]
    assert not list(background.output.glob(".*.*"))


@posix
def test_ctrl_c_ends_cleanly_and_keeps_what_is_done(
    news: Path, plain: dict[str, bytes], background: Background
) -> None:
    process = background.start(3)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert not (background.output / ".store" / "tmp").exists()
    assert run(news, background.output).kept >= 6
    assert content(background.output) == plain


@posix
def test_a_worker_that_is_killed_costs_nothing(
    plain: dict[str, bytes], background: Background
) -> None:
    process = background.start(2)
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert content(background.output) == plain


@posix
def test_workers_end_with_the_driver(background: Background) -> None:
    process = background.start(2)
    begun = workers(process.pid)
    assert len(begun) == 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in begun))
