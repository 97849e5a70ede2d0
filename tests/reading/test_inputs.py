"""What a caller may name, and how articles are called."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sukien.article import Article, Failure
from sukien.reading import ReadOptions, read_articles
from sukien.reading.readers import read_stdin

GOOD = "Chợ nổi họp từ lúc trời còn chưa sáng."


def articles(paths: Any, **options: Any) -> list[Article]:
    found = list(read_articles(paths, **options))
    assert all(isinstance(row, Article) for row in found), found
    return [row for row in found if isinstance(row, Article)]


def test_the_text_of_a_file_is_its_bytes_decoded(tmp_path: Path) -> None:
    text = "Dòng một\r\nDòng  hai\u200b\n\nHo\u0300a\r"
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert articles(tmp_path)[0].text == text


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1),
        min_size=1,
    )
)
def test_json_lines_and_csv_give_texts_unchanged(texts: list[str]) -> None:
    import csv
    import tempfile

    kept = [f"a{text}" for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "a.jsonl")
        lines.write_text("\n".join(json.dumps({"text": t}) for t in kept), "utf-8", newline="")
        table = Path(folder, "b.csv")
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["text"], *([t] for t in kept)])
        assert [row.text for row in articles(lines)] == kept
        assert [row.text for row in articles(table)] == kept


def test_one_folder_names_paths_relative_to_itself(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("z.txt", "b/y.txt", "b/c/x.txt"):
        (tmp_path / name).write_text(GOOD, "utf-8")
    names = [row.source_path for row in articles(tmp_path)]
    assert names == ["b/c/x.txt", "b/y.txt", "z.txt"]
    assert [row.source_path for row in articles(str(tmp_path) + "/")] == names
    listed = [row.source_path for row in articles([tmp_path / "z.txt", tmp_path / "b"])]
    assert sorted(listed) == names
    assert [row.source_path for row in articles(tmp_path / "b" / "y.txt")] == ["y.txt"]


def test_several_roots_never_share_a_name_and_nothing_is_read_twice(tmp_path: Path) -> None:
    for folder in ("p", "q"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(GOOD, "utf-8")
    p, q = tmp_path / "p", tmp_path / "q"
    found = articles([q, p, p / "a.txt", q])
    assert [row.source_path for row in found] == ["p/a.txt", "q/a.txt"]
    assert len({row.id for row in found}) == 2


def test_ids_do_not_depend_on_where_the_root_lies(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder / "x").mkdir(parents=True)
        (tmp_path / folder / "x" / "a.txt").write_text(GOOD, "utf-8")
    first, second = (articles(tmp_path / folder)[0].id for folder in ("one", "two"))
    assert first == second


def test_excluded_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "texts.csv").write_text("text\na\n")
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    found = articles(tmp_path, exclude=[tmp_path / "out"])
    assert [row.source_path for row in found] == ["a.txt"]


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_single_files_may_be_compressed(tmp_path: Path, suffix: str) -> None:
    compress = gzip.compress if suffix == ".gz" else lzma.compress
    (tmp_path / f"a.txt{suffix}").write_bytes(compress(GOOD.encode()))
    (tmp_path / "a.json").write_text('{"url": "https://example.com/a"}')
    article = articles(tmp_path)[0]
    assert (article.text, article.format, article.url) == (GOOD, "txt", "https://example.com/a")


def test_where_the_date_comes_from(tmp_path: Path) -> None:
    folder = tmp_path / "2024" / "03" / "05"
    folder.mkdir(parents=True)
    (folder / "2025-01-02_a.txt").write_text(GOOD, "utf-8")
    (folder / "b.txt").write_text(f"Tựa\nThứ tư, 10/9/2025, 16:30 (GMT+7)\n{GOOD}", "utf-8")
    (folder / "c.txt").write_text(GOOD, "utf-8")
    (folder / "d-20250132.txt").write_text(GOOD, "utf-8")
    (folder / "e.txt").write_text(GOOD, "utf-8")
    (folder / "e.json").write_text('{"published_at": "2023-07-08"}')

    def dates(**options: Any) -> list[tuple[str | None, str | None]]:
        return [(row.published_at, row.published_from) for row in articles(tmp_path, **options)]

    sidecar = ("2023-07-08", "sidecar")
    assert dates() == [
        ("2025-01-02", "filename"),
        ("2025-09-10T16:30:00+07:00", "dateline"),
        (None, None),
        (None, None),
        sidecar,
    ]
    assert dates(published="9/9/2022") == [("2022-09-09", "option")] * 4 + [sidecar]
    pattern = r"(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)/"
    assert dates(published_pattern=pattern) == [("2024-03-05", "filename")] * 4 + [sidecar]


def test_a_dump_named_by_its_day_does_not_date_its_articles(tmp_path: Path) -> None:
    (tmp_path / "dump-2025-01-02.jsonl").write_text(json.dumps({"text": GOOD}))
    assert articles(tmp_path)[0].published_at is None


def test_fields_are_found_under_vietnamese_and_english_names(tmp_path: Path) -> None:
    record = {
        "Nội dung": GOOD,
        "Tiêu đề": "Chợ",
        "Ngày đăng": "10/9/2025 08:00",
        "Tác giả": ["An", "Bình"],
        "Chuyên mục": {"name": "Đời sống"},
        "Đường dẫn": "https://example.com",
        "Nguồn": "Báo X",
    }
    (tmp_path / "a.json").write_text(json.dumps([record, record]))
    (tmp_path / "b.json").write_text(json.dumps({"total": 1, "articles": [record]}))
    (tmp_path / "c.json").write_text(json.dumps(record))
    (tmp_path / "d.json").write_text(f"{json.dumps(record)}\n{json.dumps(record)}")
    found = articles(tmp_path)
    assert [(row.source_path, row.member) for row in found] == [
        ("a.json", "1"),
        ("a.json", "2"),
        ("b.json", "1"),
        ("c.json", ""),
        ("d.json", "1"),
        ("d.json", "2"),
    ]
    for row in found:
        assert row.text == GOOD
        assert (row.title, row.author, row.section) == ("Chợ", "An, Bình", "Đời sống")
        assert (row.url, row.source) == ("https://example.com", "Báo X")
        assert row.published_at == "2025-09-10T08:00:00+07:00"


def test_the_first_field_that_says_something_counts() -> None:
    records = [
        {"text": GOOD, "published_at": None, "date": "2/1/2025", "title": "", "headline": "Chợ"},
        {"text": GOOD, "published": "mai", "date": "2/1/2025"},
        {"text": GOOD, "published": "mai", "date": "mốt"},
    ]
    first, second, third = articles(records)
    assert (first.published_at, first.title, first.warnings) == ("2025-01-02", "Chợ", ())
    assert (second.published_at, second.warnings) == ("2025-01-02", ())
    assert third.published_at is None
    assert len(third.warnings) == 2


def test_a_sidecar_named_among_files_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    (tmp_path / "a.json").write_text('{"title": "Chợ"}')
    first, second = read_articles(sorted(tmp_path.iterdir()))
    assert isinstance(first, Failure)
    assert "sidecar" in first.error
    assert isinstance(second, Article)
    assert second.title == "Chợ"


def test_the_text_column_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"text;bài\nngắn;{GOOD}\n", "utf-8")
    assert articles(tmp_path)[0].text == "ngắn"
    assert articles(tmp_path, text_column="bài")[0].text == GOOD
    assert articles(tmp_path, text_column=["none", "bài"])[0].text == GOOD
    row = next(read_articles(tmp_path, text_column="none"))
    assert isinstance(row, Failure)
    assert "'none'" in row.error


def test_csv_dialects(tmp_path: Path) -> None:
    (tmp_path / "tab.tsv").write_text(f"date\tcontent\n2/1/2025\t{GOOD}\n", "utf-16")
    (tmp_path / "semi.csv").write_bytes(
        b"\xef\xbb\xbf" + f"content;date\r\n{GOOD};2/1/2025\r\n".encode()
    )
    for row in articles(tmp_path):
        assert (row.text, row.published_at, row.member) == (GOOD, "2025-01-02", "2")


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\n" + "từ " * 100_000 + "\n", "utf-8")
    assert articles(tmp_path)[0].n_chars == 300_000


def test_parquet_reads_only_what_it_needs(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"id": [1, 2], "noi_dung": [GOOD, None], "ngay": ["2/1/2025", None]})
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(table.slice(0, 0), tmp_path / "b.parquet")
    pq.write_table(table.select(["id"]), tmp_path / "c.parquet")
    first, second, empty, no_text = read_articles(tmp_path)
    assert isinstance(first, Article)
    assert (first.text, first.published_at, first.member) == (GOOD, "2025-01-02", "1")
    assert isinstance(second, Failure)
    assert second.status == "skipped"
    assert isinstance(empty, Failure)
    assert empty.status == "skipped"
    assert isinstance(no_text, Failure)
    assert "'id'" in no_text.error


def test_dataframes_of_pandas_and_polars() -> None:
    import pandas as pd

    columns = {"text": [GOOD, None, GOOD], "date": ["2/1/2025", None, None]}
    frame = pd.DataFrame(columns, index=["x", "y", "z"])
    first, second, third = read_articles(frame)
    assert isinstance(first, Article)
    assert (first.member, first.published_at, first.format) == ("x", "2025-01-02", "dataframe")
    assert isinstance(second, Failure)
    assert isinstance(third, Article)
    assert third.published_at is None
    assert first.id != third.id
    dated = pd.DataFrame({"text": [GOOD], "published": pd.to_datetime(["2025-01-02 10:00"])})
    assert articles(dated)[0].published_at == "2025-01-02T10:00:00+07:00"
    named = pd.DataFrame({"text": [GOOD], "source_path": ["a.txt"]})
    assert (articles(named)[0].source_path, articles(named)[0].member) == ("a.txt", "")
    polars = pytest.importorskip("polars")
    assert [row.member for row in read_articles(polars.DataFrame(columns))] == ["0", "1", "2"]
    with pytest.raises(ValueError, match="'title'"):
        list(read_articles(pd.DataFrame({"title": ["a"]})))


def test_iterables_of_articles_paths_and_mappings(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    own = Article(text=GOOD, source_path="own")
    found = articles(iter([own, tmp_path / "a.txt", {"text": GOOD}]))
    assert found[0] is own
    assert [row.format for row in found] == ["txt", "txt", "record"]


def test_standard_input_is_text_or_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    options = ReadOptions()
    text = list(read_stdin(io.BytesIO(GOOD.encode()), options))
    assert [(row.source_path, row.format) for row in text] == [("-", "txt")]
    lines = json.dumps({"text": GOOD}).encode() + b"\n{\n"
    first, second = read_stdin(io.BytesIO(lines), options)
    assert isinstance(first, Article)
    assert isinstance(second, Failure)
    (empty,) = read_stdin(io.BytesIO(b""), options)
    assert isinstance(empty, Failure)
    assert empty.status == "skipped"
    stdin = io.TextIOWrapper(io.BytesIO(GOOD.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert articles("-")[0].text == GOOD
    assert not stdin.closed


def test_an_address_is_read_through_fsspec() -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    for name, data in {
        "/news/a.txt": GOOD.encode(),
        "/news/a.json": b'{"date": "2025-01-02"}',
        "/news/sub/b.jsonl.gz": gzip.compress(json.dumps({"text": GOOD}).encode()),
        "/news/c.pdf": b"x",
        "/news/.hidden/d.txt": b"x",
    }.items():
        memory.pipe(name, data)
    try:
        found = {row.source_path: row for row in read_articles("memory://news")}
        assert sorted(found) == [".hidden/d.txt", "a.txt", "c.pdf", "sub/b.jsonl.gz"]
        first = found["a.txt"]
        assert isinstance(first, Article)
        assert first.published_at == "2025-01-02"
        assert isinstance(found["sub/b.jsonl.gz"], Article)
        with pytest.raises(FileNotFoundError):
            list(read_articles("memory://nothing"))
    finally:
        memory.rm("/news", recursive=True)
