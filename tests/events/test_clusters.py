"""Tellings of one event come together, others stay apart, in any order."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sukien.events.clusters import cluster_events
from sukien.events.telling import Telling, content_words


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
    day = {"published": "2024-03-09", "words": shared, "names": ("x", "y")}
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
