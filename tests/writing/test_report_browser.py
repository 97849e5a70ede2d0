"""The report in a real browser: Debian's Chromium, or any other that is installed.

The screenshots are in pytest's temporary folder (`--basetemp`), to be looked at.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.writing.made_run import Made
from tests.writing.test_report import EVIL, evil

from sukien.tables.frames import Tables
from sukien.writing import report

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))),
    None,
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="there is no Chromium on PATH; `apt-get install chromium` lets these tests run",
)

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium's sandbox wants a user of its own, which containers of CI do not have.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Page:
    """A page that was opened, with what it complained about and asked for."""

    def __init__(self, browser: Any, path: Path, size: dict[str, int], scheme: str) -> None:
        self._context = browser.new_context(viewport=size, color_scheme=scheme)
        self.page = self._context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-ready]", timeout=60_000)

    def close(self) -> None:
        """Close it; nothing may have gone wrong and nothing but the file been loaded."""
        self._context.close()
        assert self.complaints == []
        assert len(self.requests) == 1

    def overflow(self) -> int:
        """Pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def count(self) -> int:
        """Events that the list tells it holds."""
        return int(re.sub(r"\D", "", self.page.inner_text("#count").split(" ")[0]))


def news() -> Tables:
    """Sixty articles: three kinds of events, over two months, in several places."""
    made = Made()
    for name, province in [("Huế", "Huế"), ("Hà Nội", "Hà Nội"), ("Cần Thơ", "Cần Thơ")]:
        made.entity(name, "LOC", country="VN", province=province)
    people, places = ["Lan", "Hùng", "Mai", "Dũng"], ["Huế", "Hà Nội", "Cần Thơ"]
    for at in range(60):
        month, day = 3 + at // 30, 1 + at % 28
        who, other = people[at % 4], people[(at + 1) % 4]
        made.article(
            f"Bài thứ {at} có 🎉 một câu mở đầu.\n"
            f"{{PER:{who}}} {{Meet:gặp}} {{PER:{other}}} tại {{LOC:{places[at % 3]}}} "
            f"{{2024-{month:02d}-{day:02d}:hôm qua}}.\n"
            f"Sau đó {{PER:{who}}} {{{['Transport:đi', 'Award:nhận giải'][at % 2]}}} ở đó.\n"
            + ("Một vụ {Fire:cháy} được {ORG:Bộ Công an} dập tắt." if at % 10 == 0 else "Hết."),
            title=f"Tin số {at}",
            source="Tin Mẫu",
            published_at=f"2024-{month:02d}-{day:02d}T08:00:00+07:00",
        )
    made.article("", status="failed", error="is not UTF-8 at byte 7")
    return made.tables()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, tables = tmp_path_factory.mktemp("report"), news()
    paths = {}
    for language in report.LANGUAGES:
        paths[language] = folder / f"{language}.html"
        paths[language].write_text(report.render(tables, language=language), encoding="utf-8")
    return paths


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Page]:
    page = Page(browser, pages["en"], DESKTOP, "light")
    yield page
    page.close()


@pytest.mark.parametrize("language", report.LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_fits_the_screen(
    browser: Any,
    pages: dict[str, Path],
    size: dict[str, int],
    scheme: str,
    language: str,
    tmp_path: Path,
) -> None:
    page = Page(browser, pages[language], size, scheme)
    assert page.overflow() <= 0
    page.page.screenshot(path=tmp_path / "page.png", full_page=True)
    page.page.locator("#list .told-by a").first.click()
    assert page.page.locator("#reader .sentence.target").is_visible()
    assert page.overflow() <= 0
    page.page.screenshot(path=tmp_path / "article.png")
    background = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", background)[:3]))
    assert (brightness < 384) == (scheme == "dark")
    assert (tmp_path / "page.png").stat().st_size > 20_000
    page.close()


def test_a_type_filters_the_list(opened: Page) -> None:
    page = opened.page
    assert opened.count() == 126
    page.locator("#types .rank", has_text="Fire").click()
    assert opened.count() == 6
    assert page.locator("#list tbody tr").count() == 6
    assert set(page.locator("#list .type button").all_inner_texts()) == {"Fire"}
    page.locator("#chips .chip").click()
    assert opened.count() == 126


def test_a_bar_filters_its_time_and_looks_closer(opened: Page) -> None:
    page = opened.page
    page.locator("#chart .column").first.click()
    assert opened.count() == 2
    assert page.locator("#from").input_value() == page.locator("#to").input_value() == "2024-03-01"
    page.locator("#clear").click()
    assert opened.count() == 126


def test_names_and_places_filter_together(opened: Page) -> None:
    page = opened.page
    page.locator("#top-PER .rank", has_text="Lan").click()
    lan = opened.count()
    page.locator("#place-list .rank", has_text="Huế").click()
    assert 0 < opened.count() < lan < 126
    for words in page.locator("#list .told-by a").all_inner_texts():
        assert "Lan" in words
        assert "Huế" in words


def test_a_pair_of_the_network_filters_both(opened: Page) -> None:
    page = opened.page
    assert page.locator("#network .node").count() >= 4
    page.locator("#pairs .rank").first.click()
    assert page.locator("#chips .chip").count() == 2
    assert 0 < opened.count() < 126


@pytest.mark.parametrize("query", ["cháy bộ", "chay bo cong an", "CHÁY"])
def test_the_search_finds_with_and_without_marks(opened: Page, query: str) -> None:
    page = opened.page
    page.locator("#search").fill(query)
    page.locator("#chips .chip").wait_for()
    assert opened.count() == 6
    page.locator("#search").fill("không có từ này")
    page.get_by_text("No event matches these filters.").wait_for()


def test_the_list_is_sorted_and_paged(opened: Page) -> None:
    page = opened.page
    assert page.locator("#list tbody tr").count() == 25
    first = page.locator("#list .told-by a").first.get_attribute("href")
    page.locator("#pager button").last.click()
    assert "Page 2 of 6" in page.inner_text("#pager")
    assert page.locator("#list .told-by a").first.get_attribute("href") != first
    page.locator("#list th button", has_text="When").click()
    assert page.locator("#list .when").first.inner_text() == "28 Apr 2024"
    page.locator("#list th button", has_text="When").click()
    assert page.locator("#list .when").first.inner_text() == "1 Mar 2024"
    assert page.locator("#list th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.select_option("#sort", "type")
    assert page.locator("#list .type button").first.inner_text() == "Award"


def test_an_event_leads_to_its_sentence_and_back(opened: Page) -> None:
    page = opened.page
    link = page.locator("#list tr", has_text="Transport").locator(".told-by a").first
    sentence = link.inner_text()
    link.click()
    target = page.locator("#reader .sentence.target")
    assert target.inner_text() == sentence
    trigger = page.locator("#reader .trigger.now")
    assert trigger.inner_text() == "đi"  # true offsets beyond U+FFFF
    assert page.evaluate("document.activeElement.textContent") == "đi"
    roles = page.locator("#reader .text .role").all_inner_texts()
    assert len(roles) == 1
    assert roles[0] in sentence
    # Its arguments come up on hover, and on focus with the keyboard.
    page.locator("#reader .text .trigger", has_text="gặp").hover()
    page.locator("#tip", has_text="entity").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#reader").is_visible()
    link.click()
    page.locator("#reader .current .back").click()
    row = page.locator("#list tr.here")
    assert row.is_visible()
    assert not page.locator("#reader").is_visible()
    assert row.locator(".told-by a").inner_text() == sentence


def test_a_link_into_the_page_opens_the_article(browser: Any, pages: dict[str, Path]) -> None:
    page = Page(browser, pages["en"], DESKTOP, "light")
    page.page.locator("#article-list a").nth(2).click()
    title = page.page.inner_text("#reader-title")
    page.page.locator("#reader-next").click()
    assert page.page.inner_text("#reader-title") != title
    page.page.go_back()
    page.page.locator("#reader-title", has_text=title).wait_for()
    page.close()


def test_the_keyboard_is_enough(opened: Page) -> None:
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#types .rank", has_text="Fire").focus()
    page.keyboard.press("Enter")
    assert opened.count() == 6
    # The rows are drawn anew, and the focus stays where it was.
    assert page.evaluate("document.activeElement.textContent").startswith("Fire")
    page.keyboard.press("Enter")
    page.locator("#chart .column").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("#from").input_value() == "2024-03-02"
    page.locator("#clear").click()
    page.locator("#map .place").first.focus()
    page.keyboard.press("Space")
    assert opened.count() < 126


def test_light_and_dark_can_be_chosen(opened: Page) -> None:
    page = opened.page
    shade = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(shade)
    page.locator("#theme").click()
    assert page.evaluate(shade) != light
    page.locator("#theme").click()
    assert page.evaluate(shade) == light


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_against_its_ground(
    browser: Any, pages: dict[str, Path], scheme: str
) -> None:
    page = Page(browser, pages["en"], DESKTOP, scheme)
    page.page.locator("#list .told-by a").first.click()
    ratios = page.page.evaluate(
        """() => {
          const channels = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
          const light = (colour) => channels(colour).map((v) => v / 255)
            .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
          const ground = light(getComputedStyle(document.body).backgroundColor);
          return [".faint", ".sub", ".tag", "h1", ".text .name", ".text .date",
                  ".text .trigger:not(.now)", "button.quiet"].map((selector) => {
            const ink = light(getComputedStyle(document.querySelector(selector)).color);
            return [selector, (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)];
          });
        }"""
    )
    # 4.5 is what WCAG 2 asks of body text.
    assert {selector: ratio for selector, ratio in ratios if ratio < 4.5} == {}
    page.close()


def test_hostile_text_stays_text(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    path.write_text(report.render(evil()), encoding="utf-8")
    page = Page(browser, path, DESKTOP, "light")
    assert page.page.locator("img").count() == 0
    page.page.locator("#list .told-by a").first.click()
    assert EVIL in page.page.inner_text("#reader .text")
    page.page.mouse.move(0, 0)
    page.page.locator("#reader .text .trigger").first.hover()
    page.page.locator("#tip dd").first.wait_for()
    assert page.page.locator("#reader a[target]").count() == 0
    page.page.locator("#reader-close").click()
    page.page.locator("#top-PER .rank").first.click()
    page.page.locator("#search").fill(EVIL)
    page.page.locator("#chips .chip").nth(1).wait_for()
    assert page.page.locator("img").count() == 0
    page.close()


def test_what_is_missing_is_said(browser: Any, tmp_path: Path) -> None:
    made = Made()
    made.article("Không có gì ở đây.")
    path = tmp_path / "bare.html"
    path.write_text(report.render(made.tables()), encoding="utf-8")
    page = Page(browser, path, PHONE, "light")
    for part, words in [
        ("#types", "No events were found."),
        ("#chart", "No events were found."),
        ("#top-PER", "None found."),
        ("#network", "No two people"),
        ("#place-list", "No place in Viet Nam"),
        ("#list", "No events were found."),
    ]:
        assert words in page.page.inner_text(part)
    page.page.locator("#article-list a").click()
    assert "No events were found in this article." in page.page.inner_text("#reader-body")
    assert page.overflow() <= 0
    page.close()
    path.write_text(report.render(Made().tables()), encoding="utf-8")
    Page(browser, path, PHONE, "dark").close()
