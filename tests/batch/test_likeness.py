"""Duplicates and stories: found without comparing all with all, the same in any order."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.batch.fake_stages import FakeLoader

from sukien.article import Article
from sukien.batch.duplicates import duplicates
from sukien.batch.gist import SIZE, gists
from sukien.batch.run import extract_to_memory
from sukien.batch.settings import Settings
from sukien.batch.signatures import BINS, numbers, signatures, similarity
from sukien.batch.stories import stories

_SYLLABLES = ["mưa", "lũ", "sông", "cầu", "nhà", "người", "xe", "tỉnh", "xã", "chợ", "bão", "gió"]


def passage(seed: int, length: int = 200) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(_SYLLABLES) + str(chance.randrange(9)) for _ in range(length)]


def changed(words: Sequence[str], count: int) -> list[str]:
    return [*words[:-count], *(word + "x" for word in words[-count:])]


def found(*texts: Sequence[str], dates: Sequence[str | None] | None = None) -> dict[int, int]:
    joined = [" ".join(text) for text in texts]
    hashes = [text or None for text in joined]
    return duplicates(
        signatures([numbers(text) for text in joined]), hashes, dates or [None] * len(texts)
    )


@given(st.lists(st.lists(st.sampled_from(_SYLLABLES), max_size=30), max_size=5), st.data())
def test_a_signature_is_that_of_its_text_alone(texts: list[list[str]], data: st.DataObject) -> None:
    parts = [numbers(" ".join(text)) for text in texts]
    together = signatures(parts)
    assert together.shape == (len(texts), BINS)
    about = gists(parts)
    assert about.shape == (len(texts), 2, SIZE)
    for row, part in enumerate(parts):
        np.testing.assert_array_equal(together[row], signatures([part])[0])
        np.testing.assert_array_equal(about[row], gists([part])[0])


@pytest.mark.parametrize(("replaced", "expected"), [(0, 1.0), (20, 0.82), (100, 0.33)])
def test_signatures_estimate_the_share_of_common_shingles(replaced: int, expected: float) -> None:
    estimates = []
    for seed in range(20):
        words = passage(seed)
        other = changed(words, replaced) if replaced else words
        one, two = signatures([numbers(" ".join(words)), numbers(" ".join(other))])
        estimates.append(float(similarity(one, two)))
    assert np.mean(estimates) == pytest.approx(expected, abs=0.05)


def test_copies_and_near_copies_are_marked_and_others_not() -> None:
    text = passage(1)
    assert found(text, text, changed(text, 10), passage(2)) == {1: 0, 2: 0}


def test_the_first_published_is_the_original() -> None:
    text = passage(1)
    dates = [None, "2024-03-02", "2024-03-01T08:00:00+07:00"]
    assert found(text, text, changed(text, 8), dates=dates) == {0: 2, 1: 2}


def test_texts_without_words_are_no_duplicates_of_others() -> None:
    assert found(["..."], ["!!!"], ["mưa"]) == {}
    assert found([], [], ["mưa"]) == {}


def test_many_copies_cost_no_more_than_their_number() -> None:
    text = passage(3)
    assert found(*[changed(text, 1 + n % 5) for n in range(300)]) == dict.fromkeys(range(1, 300), 0)


def told(*articles: tuple[str, str | None]) -> list[int | None]:
    about = gists([numbers(text) for text, _ in articles])
    return stories(about, [date for _, date in articles])


STORM = "Bão Lan đổ bộ vào Quảng Nam, hàng nghìn ngôi nhà ở Hội An bị tốc mái"
STORM_AGAIN = "Hội An: hàng nghìn ngôi nhà tốc mái khi bão Lan đổ bộ Quảng Nam sáng nay"
MATCH = "Câu lạc bộ Hà Nội thắng Viettel hai bàn không gỡ tại sân Hàng Đẫy"


def test_articles_on_one_event_share_a_story() -> None:
    assert told((STORM, "2024-03-05"), (MATCH, "2024-03-05"), (STORM_AGAIN, "2024-03-06")) == [
        0, 1, 0
    ]  # fmt: skip


def test_a_story_ends_when_it_is_silent() -> None:
    assert told((STORM, "2024-03-05"), (STORM_AGAIN, "2024-03-20")) == [0, 1]


def test_the_earliest_article_names_the_story() -> None:
    assert told((STORM, "2024-03-06"), (STORM_AGAIN, "2024-03-05T10:00:00+07:00")) == [1, 1]


def test_without_a_date_there_is_no_story() -> None:
    assert told((STORM, None), (STORM, "2024-03-05")) == [None, 1]


def test_tables_show_duplicates_and_stories() -> None:
    articles = [
        Article(text=STORM, source_path="a.txt", published_at="2024-03-06"),
        Article(text=STORM, source_path="b.txt", published_at="2024-03-05"),
        Article(text=MATCH, source_path="c.txt", published_at="2024-03-05", title="Bóng đá"),
    ]
    rows = extract_to_memory(articles, Settings(), load=FakeLoader()).articles
    first = rows["article_id"][1]
    assert rows["duplicate_of"].fillna("").tolist() == [first, "", ""]
    assert rows["story_id"].tolist() == [first, first, rows["article_id"][2]]
