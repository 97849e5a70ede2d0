"""Web pages: the body alone is the text; the date keeps its zone; never today's date."""

from __future__ import annotations

from pathlib import Path

import pytest

from sukien.article import Article, Failure
from sukien.reading import read_articles

pytest.importorskip("trafilatura")

BODY = "".join(
    f"<p>Đoạn thứ {n} kể rằng phiên chợ vùng cao họp từ khi sương chưa tan, người bán kẻ mua đều "
    "thong thả chuyện trò bên bếp lửa và nồi nước chè xanh đang sôi.</p>"
    for n in ("nhất", "hai", "ba", "tư")
)


def page(head: str = "", body: str = BODY) -> str:
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'>"
        f"<title>Chợ phiên</title>{head}"
        f"</head><body><nav>Trang chủ</nav><article><h1>Chợ phiên</h1>{body}</article>"
        "</body></html>"
    )


def read(path: Path, text: str, encoding: str = "utf-8") -> Article | Failure:
    (path / "a.html").write_bytes(text.encode(encoding))
    (row,) = read_articles(path)
    return row


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (
            "<meta property='article:published_time' content='2025-09-10T23:30:00Z'>",
            "2025-09-11T06:30:00+07:00",
        ),
        (
            (
                '<script type="application/ld+json">{"@graph": [{"datePublished": '
                '"2025-09-10T08:00:00+07:00", "dateModified": "2025-10-01"}]}</script>'
            ),
            "2025-09-10T08:00:00+07:00",
        ),
        (
            "<meta name='pubdate' content='Thứ tư, 10/9/2025, 16:30 (GMT+7)'>",
            "2025-09-10T16:30:00+07:00",
        ),
        ("<script type='application/ld+json'>{broken</script>", None),
        ("", None),
    ],
)
def test_a_page_gives_its_body_and_its_date(
    tmp_path: Path, head: str, published: str | None
) -> None:
    row = read(tmp_path, page(head))
    assert isinstance(row, Article)
    assert "Đoạn thứ nhất" in row.text
    assert "Trang chủ" not in row.text
    assert (row.published_at, row.title) == (published, "Chợ phiên")
    assert row.published_from == ("html" if published else None)


def test_a_sidecar_goes_before_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"published_at": "2024-01-02", "title": "Khác"}')
    row = read(tmp_path, page("<meta name='pubdate' content='2025-09-10'>"))
    assert isinstance(row, Article)
    assert (row.published_at, row.published_from, row.title) == ("2024-01-02", "sidecar", "Khác")


def test_pages_without_an_article(tmp_path: Path) -> None:
    for text in ("", " ", "<html><body></body></html>"):
        row = read(tmp_path, text)
        assert isinstance(row, Failure)
        assert row.status == "skipped"


def test_a_page_may_declare_another_encoding(tmp_path: Path) -> None:
    text = page().replace("utf-8", "gbk").replace("Đ", "D").replace("đ", "d")
    text = "".join(c for c in text if c.isascii()).replace("Chợ", "X") + "<p>中文</p>"
    row = read(tmp_path, text, "gbk")
    assert isinstance(row, Article)
    assert row.encoding == "gbk"


def test_without_the_extra_a_page_fails_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "trafilatura", None)
    row = read(tmp_path, page())
    assert isinstance(row, Failure)
    assert row.status == "failed"
    assert "pip install 'sukien[html]'" in row.error
