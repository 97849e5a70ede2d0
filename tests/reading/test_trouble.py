"""A folder of trouble: every input gives rows, the good ones are read, nothing raises."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sukien.article import Article, Failure
from sukien.reading import ReadOptions, list_inputs, read_articles, read_unit

GOOD = "Chợ nổi họp từ lúc trời còn chưa sáng."


def rows(path: object, **options: object) -> dict[tuple[str, str], Article | Failure]:
    found = list(read_articles(path, **options))  # type: ignore[arg-type]  # passed through
    by_place = {(row.source_path, row.member): row for row in found}
    assert len(by_place) == len(found)
    return by_place


def error(row: Article | Failure, status: str = "failed") -> str:
    assert isinstance(row, Failure), row
    assert row.status == status, row
    return row.error


@pytest.fixture
def trouble(tmp_path: Path) -> Path:
    root = tmp_path / "in"
    root.mkdir()
    (root / "good.txt").write_text(GOOD, "utf-8")
    (root / "good.json").write_text(json.dumps({"ngày đăng": "10/9/2025", "title": "Chợ"}))
    (root / "empty.txt").write_bytes(b"")
    (root / "blank.txt").write_bytes(b"\xef\xbb\xbf \r\n\t")
    (root / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (root / "nul.txt").write_bytes(b"abc\x00def")
    (root / "invalid.txt").write_bytes(GOOD.encode()[:30] + b"\xff" + GOOD.encode()[30:])
    (root / "picture.png").write_bytes(b"\x89PNG")
    (root / "README").write_bytes(b"hello")
    (root / ".DS_Store").write_bytes(b"\x00")
    (root / ".git").mkdir()
    (root / ".git" / "a.txt").write_text("x")
    (root / "folder.txt").mkdir()
    (root / "full.txt").mkdir()
    (root / "full.txt" / "inner.txt").write_text(GOOD, "utf-8")
    (root / "side.txt").write_text(GOOD, "utf-8")
    (root / "side.json").write_text("{broken")
    (root / "undated.txt").write_text(GOOD, "utf-8")
    (root / "undated.json").write_text('{"date": "mai", "tieu_de": "T"}')
    lines = [
        json.dumps({"text": GOOD, "date": "2025-01-02"}),
        '{"text": "cut',
        "",
        "[1]",
        json.dumps({"body_html": 1}),
        json.dumps({"text": None}),
        json.dumps({"text": ["a"]}),
        json.dumps({"text": "a\u0000b"}),
        '{"text": "a\\ud800b"}',
        "[" * 100_000,
        '{"text": "a", "n": ' + "1" * 5000 + "}",
        json.dumps({"content": GOOD}),
    ]
    (root / "lines.jsonl").write_text("\n".join(lines), "utf-8")
    (root / "bytes.jsonl").write_bytes(
        json.dumps({"text": GOOD}, ensure_ascii=False).encode() + b'\n{"text": "\xff"}\n'
    )
    (root / "no_text.csv").write_text("id,tags\n1,a\n")
    (root / "ragged.csv").write_text(f'text,date\n"{GOOD}",2/1/2025\na,b,c\n\n"x\ny",\n', "utf-8")
    (root / "open.csv").write_text('text\nfirst\n"never closed\nsecond\n')
    (root / "cut.zip").write_bytes(zipped({"a.txt": GOOD.encode()})[:-30])
    (root / "cut.txt.gz").write_bytes(gzip.compress(os.urandom(5000))[:-200])
    (root / "broken.parquet").write_bytes(b"PAR1 nothing")
    (root / "broken.json").write_text("{")
    (root / "broken.xz").write_bytes(b"x")
    (root / "tiếng Việt 😀 'x\n.txt").write_text(GOOD, "utf-8")
    deep = root / "deep"
    for _ in range(60):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text(GOOD, "utf-8")
    return root


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_every_input_of_a_folder_of_trouble_gives_its_row(trouble: Path) -> None:
    found = rows(trouble)
    good = found["good.txt", ""]
    assert isinstance(good, Article)
    assert (good.text, good.published_at, good.published_from, good.title) == (
        GOOD,
        "2025-09-10",
        "sidecar",
        "Chợ",
    )
    assert error(found["empty.txt", ""], "skipped") == "the text is empty"
    assert error(found["blank.txt", ""], "skipped") == "the text is blank"
    assert "NUL" in error(found["binary.txt", ""])
    assert "offset 3" in error(found["nul.txt", ""])
    assert "0xFF at offset 30" in error(found["invalid.txt", ""])
    assert "'.png'" in error(found["picture.png", ""], "skipped")
    assert "without a suffix" in error(found["README", ""], "skipped")
    assert "hidden file" in error(found[".DS_Store", ""], "skipped")
    assert "hidden folder" in error(found[".git", ""], "skipped")
    assert "folder" in error(found["folder.txt", ""], "skipped")
    assert isinstance(found["full.txt/inner.txt", ""], Article)
    assert "tiếng Việt 😀 'x\n.txt" in {path for path, _ in found}
    assert sum(path.endswith("d/a.txt") for path, _ in found) == 1
    assert not any(path.endswith(("good.json", "side.json")) for path, _ in found)
    for name in ("cut.zip", "cut.txt.gz", "broken.parquet", "broken.json"):
        error(found[name, ""])
    error(found["broken.xz", ""], "skipped")


def test_a_broken_sidecar_leaves_the_article_ok(trouble: Path) -> None:
    found = rows(trouble)
    for name in ("side.txt", "undated.txt"):
        row = found[name, ""]
        assert isinstance(row, Article)
        assert row.published_at is None
        assert row.published_from is None
        assert len(row.warnings) == 1


def test_broken_lines_fail_one_by_one(trouble: Path) -> None:
    found = {key[1]: row for key, row in rows(trouble).items() if key[0] == "lines.jsonl"}
    assert sorted(found, key=int) == ["1", "2", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
    assert isinstance(found["1"], Article)
    assert found["1"].published_from == "metadata"
    assert "broken JSON" in error(found["2"])
    assert "object" in error(found["4"])
    assert "'body_html'" in error(found["5"])
    assert "--text-column" in error(found["5"])
    error(found["6"], "skipped")
    assert "list" in error(found["7"])
    assert "NUL" in error(found["8"])
    assert "surrogate" in error(found["9"])
    error(found["10"])
    error(found["11"])
    assert isinstance(found["12"], Article)


def test_a_wrong_byte_in_a_line_is_told_with_its_place_in_the_file(trouble: Path) -> None:
    row = rows(trouble)["bytes.jsonl", "2"]
    data = (trouble / "bytes.jsonl").read_bytes()
    assert f"offset {data.index(0xFF)} " in error(row)


def test_csv_without_text_names_columns_and_the_option(trouble: Path) -> None:
    message = error(rows(trouble)["no_text.csv", ""])
    assert "'id'" in message
    assert "'tags'" in message
    assert "--text-column" in message


def test_csv_rows_fail_one_by_one(trouble: Path) -> None:
    found = rows(trouble)
    first = found["ragged.csv", "2"]
    assert isinstance(first, Article)
    assert (first.text, first.published_at) == (GOOD, "2025-01-02")
    assert "3 cells" in error(found["ragged.csv", "3"])
    assert isinstance(found["ragged.csv", "5"], Article)
    assert isinstance(found["open.csv", "2"], Article)


def test_links_are_read_once(tmp_path: Path) -> None:
    root, outside = tmp_path / "in", tmp_path / "out"
    root.mkdir()
    outside.mkdir()
    (outside / "o.txt").write_text(GOOD, "utf-8")
    (root / "m.txt").write_text(GOOD, "utf-8")
    for name, target in {
        "a_link.txt": root / "m.txt",
        "b_out": outside,
        "c_out": outside,
        "d_out.txt": outside / "o.txt",
        "loop": root,
        "up": tmp_path,
        "nowhere.txt": tmp_path / "missing.txt",
        "self.txt": root / "self.txt",
    }.items():
        (root / name).symlink_to(target)
    found = rows(root)
    assert isinstance(found["m.txt", ""], Article)
    assert isinstance(found["b_out/o.txt", ""], Article)
    assert "m.txt" in error(found["a_link.txt", ""], "skipped")
    assert "same place" in error(found["c_out", ""], "skipped")
    error(found["loop", ""], "skipped")
    error(found["up", ""], "skipped")
    assert "leads nowhere" in error(found["nowhere.txt", ""])
    error(found["self.txt", ""])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_without_permission_fails(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    (tmp_path / "a.txt").chmod(0)
    assert "permission" in error(rows(tmp_path)["a.txt", ""])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_file_name_that_is_no_unicode_can_be_written(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.txt")).write_text(GOOD, "utf-8")
    assert isinstance(rows(tmp_path)["a\\xff.txt", ""], Article)


def test_a_line_or_file_beyond_the_limit_fails_and_the_next_is_read(tmp_path: Path) -> None:
    long = json.dumps({"text": "a" * 5000})
    (tmp_path / "a.jsonl").write_text(f'{long}\n{{"text": "{GOOD}"}}\n', "utf-8")
    (tmp_path / "b.txt").write_text("a" * 5000)
    (tmp_path / "c.jsonl").write_text(f'{long}\n{{"text": "{GOOD}"}}\n', "utf-16")
    found = rows(tmp_path, max_article_bytes=1000)
    assert "limit" in error(found["a.jsonl", "1"])
    assert isinstance(found["a.jsonl", "2"], Article)
    assert "limit" in error(found["b.txt", ""])
    assert "limit" in error(found["c.jsonl", "1"])
    assert isinstance(found["c.jsonl", "2"], Article)


def test_a_zip_gives_its_members_and_refuses_unsafe_ones(tmp_path: Path) -> None:
    data = zipped(
        {
            "b/a.txt": GOOD.encode(),
            "b/a.json": b'{"published": "2025-02-03T20:00:00Z"}',
            "../evil.txt": GOOD.encode(),
            "/abs.txt": GOOD.encode(),
            "n.jsonl.xz": lzma.compress(json.dumps({"text": GOOD}).encode()),
            "inner.zip": zipped({"x.txt": b"x"}),
            "t.pdf": b"%PDF",
            "e.txt": b"",
            "bad.txt": b"\xff\xff\xff",
            "__MACOSX/._a.txt": b"\x00",
        }
    )
    (tmp_path / "z.zip").write_bytes(data)
    found = {key[1]: row for key, row in rows(tmp_path).items()}
    article = found["b/a.txt"]
    assert isinstance(article, Article)
    assert (article.source_path, article.published_at) == ("z.zip", "2025-02-04T03:00:00+07:00")
    assert isinstance(found["n.jsonl.xz:1"], Article)
    assert "leads out" in error(found["../evil.txt"])
    assert "leads out" in error(found["/abs.txt"])
    assert "unpack" in error(found["inner.zip"], "skipped")
    error(found["t.pdf"], "skipped")
    error(found["e.txt"], "skipped")
    error(found["bad.txt"])
    error(found["__MACOSX/._a.txt"], "skipped")
    assert len(found) == 9


def test_members_of_one_name_are_all_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("a.txt", GOOD)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", GOOD + GOOD)
    found = rows(tmp_path)
    assert sorted(member for _, member in found) == ["a.txt", "a.txt#2"]
    assert all(isinstance(row, Article) for row in found.values())


def test_bombs_are_stopped(tmp_path: Path) -> None:
    zeros = b" " * (70 * 2**20)
    (tmp_path / "z.zip").write_bytes(zipped({"a.jsonl": zeros, "b.txt": GOOD.encode()}))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(zeros))
    found = rows(tmp_path, max_article_bytes=200 * 2**20)
    assert "bomb" in error(found["z.zip", "a.jsonl"])
    assert isinstance(found["z.zip", "b.txt"], Article)
    assert "bomb" in error(found["c.jsonl.gz", ""])


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz", ".bz2"])
def test_a_tar_gives_its_members_with_sidecars(tmp_path: Path, suffix: str) -> None:
    ways: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        ".gz": gzip.compress,
        ".xz": lzma.compress,
        ".bz2": bz2.compress,
    }
    with tarfile.open(tmp_path / "t.tar", "w") as archive:
        for name, data in {
            "a.txt": GOOD.encode(),
            "../up.txt": GOOD.encode(),
            "a.json": b'{"ngay_dang": "3/2/2025"}',
            "b.csv": f"text\n{GOOD}\n".encode(),
        }.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("l.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    data = (tmp_path / "t.tar").read_bytes()
    (tmp_path / "t.tar").unlink()
    (tmp_path / f"t.tar{suffix}").write_bytes(ways[suffix](data))
    found = {key[1]: row for key, row in rows(tmp_path).items()}
    article = found["a.txt"]
    assert isinstance(article, Article)
    assert article.published_at == "2025-02-03"
    assert isinstance(found["b.csv:2"], Article)
    assert "leads out" in error(found["../up.txt"])
    error(found["l.txt"], "skipped")


def test_a_cut_tar_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "t.tar.gz", "w:gz") as archive:
        for name in ("a.txt", "b.txt"):
            data = GOOD.encode() + os.urandom(40_000).hex().encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    whole = (tmp_path / "t.tar.gz").read_bytes()
    (tmp_path / "t.tar.gz").write_bytes(whole[: len(whole) * 3 // 4])
    found = rows(tmp_path)
    assert isinstance(found["t.tar.gz", "a.txt"], Article)
    assert any(isinstance(row, Failure) for row in found.values())


def test_options_make_no_sense_or_paths_miss(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        list_inputs(tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        list_inputs([])
    with pytest.raises(ValueError, match="published_pattern"):
        ReadOptions(published_pattern="(")
    with pytest.raises(ValueError, match="published_pattern"):
        ReadOptions(published_pattern="(a)(b)")
    with pytest.raises(ValueError, match="full date"):
        ReadOptions(published="hôm nay")
    with pytest.raises(TypeError):
        read_articles(b"x")
    with pytest.raises(TypeError):
        list(read_articles(iter([3])))


def test_units_travel_between_processes(trouble: Path) -> None:
    import pickle

    options = ReadOptions()
    units = pickle.loads(pickle.dumps(list(list_inputs(trouble))))
    again = [row for unit in units for row in read_unit(unit, options)]
    assert again == list(read_articles(trouble))
