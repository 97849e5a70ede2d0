"""Tellings of one event come together, others stay apart, in any order."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import replace
from importlib import resources
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sukien.events.clusters import cluster_events
from sukien.events.ontology import load_ontology
from sukien.events.telling import Telling, content_words, kinds


def words(sentence: str) -> tuple[int, ...]:
    return content_words(sentence.split())


def telling(number: int, article: str, **more: object) -> Telling:
    plain = Telling(event_id=f"e{number}", article_id=article, type="Join-Org", char_start=number)
    return replace(plain, **more)  # type: ignore[arg-type]  # fields of a Telling


def groups(tellings: list[Telling]) -> list[set[str]]:
    return [{told.event_id for told in cluster.tellings} for cluster in cluster_events(tellings)]


def test_tellings_in_one_article_share_a_cluster() -> None:
    first = telling(1, "a", names=("openstack", "linux foundation"))
    second = telling(2, "a", names=("linux foundation",))
    third = telling(3, "a", names=("openinfra", "linux foundation"))
    assert groups([first, second, third]) == [{"e1", "e2", "e3"}]


def test_other_types_and_denials_stay_apart() -> None:
    one = telling(1, "a", names=("nato",))
    other = telling(2, "a", names=("nato",), type="Leave-Org")
    denied = telling(3, "a", names=("nato",), polarity="negative")
    assert groups([one, other, denied]) == [{"e1"}, {"e2"}, {"e3"}]


def test_two_papers_report_one_event() -> None:
    sentence = "Thụy Điển chính thức gia nhập liên minh NATO sau hai năm chờ đợi"
    one = telling(
        1, "a", names=("nato", "thụy điển"), published="2024-03-07", words=words(sentence)
    )
    other = telling(
        2,
        "b",
        names=("nato", "thụy điển"),
        published="2024-03-08",
        words=words("Thụy Điển gia nhập liên minh NATO"),
        rank=1,
    )
    (cluster,) = cluster_events([other, one])
    assert (cluster.first.event_id, cluster.n_articles) == ("e1", 2)


def test_same_names_at_other_times_are_other_events() -> None:
    shared = words("Hai đội gặp nhau trên sân nhà")
    one = telling(1, "a", names=("x", "y"), published="2024-03-07", words=shared)
    other = telling(2, "b", names=("x", "y"), published="2024-06-20", words=shared, rank=1)
    assert groups([one, other]) == [{"e1"}, {"e2"}]


def test_intervals_that_do_not_meet_keep_events_apart() -> None:
    shared = words("Hai bên ký thỏa thuận hợp tác")
    day: dict[str, Any] = {"published": "2024-03-09", "words": shared, "names": ("x", "y")}
    one = telling(1, "a", begin="2024-03-01", end="2024-03-01", **day)
    other = telling(2, "b", begin="2024-03-08", end="2024-03-08", rank=1, **day)
    assert groups([one, other]) == [{"e1"}, {"e2"}]


def test_another_partner_makes_another_meeting() -> None:
    shared = words("Tổng thống gặp lãnh đạo nước láng giềng")
    one = telling(1, "a", names=("trump", "kim"), published="2024-03-07", words=shared)
    other = telling(2, "b", names=("trump", "putin"), published="2024-03-07", words=shared, rank=1)
    assert groups([one, other]) == [{"e1"}, {"e2"}]


def test_the_cluster_takes_the_narrowest_time() -> None:
    year = telling(1, "a", names=("x",), begin="2024-01-01", end="2024-12-31")
    day = telling(2, "a", names=("x",), begin="2024-03-07", end="2024-03-07")
    (cluster,) = cluster_events([year, day])
    assert (cluster.begin, cluster.end) == ("2024-03-07", "2024-03-07")


def value(number: int, article: str, trigger: str, sentence: str, **more: object) -> Telling:
    """A rise or fall in an article of the story `s`, as the corpus pass would give it."""
    found = re.findall(r"\d+(?:[.,]\d+)*", sentence)
    plain = telling(
        number,
        article,
        type="Value-Change",
        kinds=kinds("Value-Change", trigger),
        words=words(sentence),
        figures=tuple(sorted({figure.replace(",", ".") for figure in found})),
        story="s",
        published="2024-03-07",
        rank=number,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields of a Telling


RICE: dict[str, Any] = {"parts": words("giá gạo tẻ thường")}


def test_one_thing_and_one_figure_are_one_change() -> None:
    one = value(1, "a", "tăng", "Giá gạo tẻ thường tăng 350 đồng, lên 15.420 đồng một cân", **RICE)
    other = value(
        2, "b", "lên mức", "Sáng nay giá gạo tẻ thường lên mức 15.420 đồng, thêm 350 đồng", **RICE
    )
    assert groups([one, other]) == [{"e1", "e2"}]


def test_another_figure_direction_or_thing_is_another_change() -> None:
    one = value(1, "a", "tăng", "Giá gạo tẻ thường tăng 350 đồng, lên 15.420 đồng một cân", **RICE)
    figure = value(
        2, "b", "tăng", "Giá gạo tẻ thường tăng 200 đồng, lên 15.070 đồng một cân", **RICE
    )
    down = value(3, "c", "giảm", "Giá gạo tẻ thường giảm 350 đồng, còn 15.420 đồng một cân", **RICE)
    thing = value(
        4,
        "d",
        "tăng",
        "Giá hạt điều khô tăng 350 đồng, lên 15.420 đồng một cân",
        parts=words("hạt điều khô"),
    )
    assert groups([one, figure, down, thing]) == [{"e1"}, {"e2"}, {"e3"}, {"e4"}]


def test_a_figure_to_the_last_digit_links_stories() -> None:
    one = value(1, "a", "tăng", "Giá gạo tẻ thường tăng, lên 15.420,75 đồng một cân", **RICE)
    other = replace(one, event_id="e2", article_id="b", story="other", rank=2)
    assert groups([one, other]) == [{"e1", "e2"}]
    round_: dict[str, Any] = {"figures": ("15",), "story": "third"}
    assert groups([one, replace(other, **round_)]) == [{"e1"}, {"e2"}]


BOILERPLATE = "Nạn nhân được đưa đi cấp cứu nhưng đã không qua khỏi, cảnh sát đang điều tra"


def test_boilerplate_of_two_stories_stays_apart() -> None:
    day: dict[str, Any] = {
        "published": "2024-03-07",
        "words": words(BOILERPLATE),
        "type": "Investigate",
    }
    one = telling(1, "a", story="one", **day)
    other = telling(2, "b", story="other", rank=1, **day)
    assert groups([one, other]) == [{"e1"}, {"e2"}]
    assert groups([one, replace(other, story="one")]) == [{"e1", "e2"}]


def test_two_stories_need_a_name_and_a_time_or_place() -> None:
    day: dict[str, Any] = {
        "published": "2024-03-07",
        "words": words("Ông Lê Văn Tám bị khởi tố sau kết luận của đoàn kiểm tra"),
        "type": "Charge-Indict",
        "names": ("tám",),
    }
    one = telling(1, "a", story="one", **day)
    other = telling(2, "b", story="other", rank=1, **day)
    assert groups([one, other]) == [{"e1"}, {"e2"}]
    there: dict[str, Any] = {"places": ("huế",)}
    assert groups([replace(one, **there), replace(other, **there)]) == [{"e1", "e2"}]


def test_what_two_titles_of_a_story_tell_is_one_event() -> None:
    day: dict[str, Any] = {
        "published": "2024-03-07",
        "type": "Launch-Product",
        "kinds": kinds("Launch-Product", "trình làng"),
        "story": "s",
    }
    first, second = "Hãng xe trình làng mẫu Sao Mai", "Mẫu Sao Mai mới của hãng xe nọ ra mắt"
    one = telling(1, "a", words=words(first), headline=True, **day)
    other = telling(2, "b", words=words(second), headline=True, rank=1, **day)
    assert groups([one, other]) == [{"e1", "e2"}]


def test_the_shows_of_an_exhibition_are_events_of_their_own() -> None:
    sentence = "Đến triển lãm gốm, khách được xem biểu diễn chèo và thi nặn đất"
    day: dict[str, Any] = {
        "published": "2024-03-07",
        "words": words(sentence),
        "type": "Hold-Event",
    }
    one = telling(1, "a", story="s", kinds=kinds("Hold-Event", "triển lãm"), **day)
    other = telling(2, "b", story="s", kinds=kinds("Hold-Event", "biểu diễn"), rank=1, **day)
    assert groups([one, other]) == [{"e1"}, {"e2"}]
    shown = kinds("Hold-Event", "trưng bày")
    assert groups([one, replace(other, kinds=shown)]) == [{"e1", "e2"}]


def test_every_list_of_kinds_is_of_a_known_type() -> None:
    path = resources.files("sukien.events") / "clusters.toml"
    rules = tomllib.loads(path.read_text(encoding="utf-8"))
    named = {*rules["kinds"], *rules["once"], *rules["measured"]}
    assert named <= set(load_ontology().types)


NAMES = st.lists(st.sampled_from("abcdef"), max_size=3, unique=True).map(tuple)
DAYS = st.sampled_from([None, "2024-03-01", "2024-03-02", "2024-05-09"])


@st.composite
def corpora(draw: st.DrawFn) -> list[Telling]:
    count = draw(st.integers(0, 14))
    made = []
    for number in range(count):
        day = draw(DAYS)
        article = draw(st.integers(0, 4))
        made.append(
            telling(
                number,
                f"article {article}",
                names=draw(NAMES),
                places=draw(NAMES),
                begin=day,
                end=day,
                published=f"2024-03-0{article + 1}",
                rank=article,
                words=words(draw(st.sampled_from(["một hai ba bốn", "hai ba bốn năm", "sáu"]))),
            )
        )
    return made


@given(corpora(), st.randoms(use_true_random=False))
def test_the_order_of_tellings_does_not_matter(
    made: list[Telling], shuffler: random.Random
) -> None:
    other = list(made)
    shuffler.shuffle(other)
    assert cluster_events(made) == cluster_events(other)


@given(corpora())
def test_every_telling_is_in_one_cluster_of_its_type(made: list[Telling]) -> None:
    clusters = cluster_events(made)
    assert sorted(t.event_id for c in clusters for t in c.tellings) == sorted(
        t.event_id for t in made
    )
    assert all(len({t.type for t in c.tellings}) == 1 for c in clusters)
