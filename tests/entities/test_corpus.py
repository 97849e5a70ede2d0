"""What is one thing across articles, and what stays two."""

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sukien.entities.corpus import LocalEntity, Merged, merge_entities
from sukien.entities.mention import Label

Name = tuple[Label, str]


def corpus(*articles: Sequence[Name | LocalEntity]) -> list[LocalEntity]:
    return [
        row
        if isinstance(row, LocalEntity)
        else LocalEntity(
            entity_id=f"{rank}.{place}",
            article_id=str(rank),
            order=(rank, place),
            label=row[0],
            name=row[1],
            published=f"2024-01-{rank % 28 + 1:02d}",
        )
        for rank, article in enumerate(articles)
        for place, row in enumerate(article)
    ]


def sizes(merged: Merged, name: str) -> list[int]:
    return sorted(entity.n_articles for entity in merged.entities if entity.name == name)


HUNG: Name = ("PER", "Nguyễn Văn Hùng")


def test_namesakes_of_unrelated_articles_stay_two() -> None:
    merged = merge_entities(corpus([HUNG, ("ORG", "Công ty Sao Mai")], [HUNG, ("LOC", "Cà Mau")]))
    assert sizes(merged, HUNG[1]) == [1, 1]


def test_company_that_agrees_makes_them_one() -> None:
    firm: Name = ("ORG", "Công ty Sao Mai")
    merged = merge_entities(corpus([HUNG, firm], [firm, HUNG], [HUNG]))
    assert sizes(merged, HUNG[1]) == [1, 2]


def test_a_country_is_no_company() -> None:
    def land(rank: int) -> LocalEntity:
        return LocalEntity(
            entity_id=f"l{rank}",
            article_id=str(rank),
            order=(rank, 1),
            label="LOC",
            name="Việt Nam",
            kb_id="VN",
        )

    merged = merge_entities(corpus([HUNG, land(0)], [HUNG, land(1)]))
    assert sizes(merged, HUNG[1]) == [1, 1]
    assert sizes(merged, "Việt Nam") == [2]


def test_rare_names_merge_freely_and_syllables_never() -> None:
    merged = merge_entities(corpus([("PER", "Lionel Messi")], [("PER", "Lionel Messi")]))
    assert sizes(merged, "Lionel Messi") == [2]
    merged = merge_entities(corpus([("PER", "Hùng")], [("PER", "Hùng")]))
    assert sizes(merged, "Hùng") == [1, 1]


def test_a_last_name_joins_its_only_bearer() -> None:
    merged = merge_entities(corpus([("PER", "Lionel Messi")], [("PER", "Messi")]))
    assert sizes(merged, "Lionel Messi") == [2]
    merged = merge_entities(
        corpus([("PER", "Joel Glazer")], [("PER", "Avram Glazer")], [("PER", "Glazer")])
    )
    assert sizes(merged, "Glazer") == [1]


def test_acronyms_join_the_name_they_were_introduced_for() -> None:
    full = LocalEntity(
        entity_id="f",
        article_id="0",
        order=(0, 0),
        label="ORG",
        name="Liên đoàn Cầu lông Việt Nam",
        aliases=("VBF",),
    )
    merged = merge_entities(corpus([full], [("ORG", "VBF")]))
    assert sizes(merged, full.name) == [2]
    assert merged.global_id == {"f": "f", "1.0": "f"}


def test_bodies_without_a_place_stay_apart() -> None:
    merged = merge_entities(corpus([("ORG", "Sở Y tế")], [("ORG", "Sở Y tế")]))
    assert sizes(merged, "Sở Y tế") == [1, 1]


TOLD: list[tuple[Label, str, str]] = [
    ("MISC", "Zephyr", "Zephyr Foundation"),
    ("ORG", "Zephyr Foundation", "Zephyr"),
]


def test_counts_dates_and_related_names() -> None:
    def pair(rank: int, day: str) -> list[LocalEntity]:
        return [
            LocalEntity(
                entity_id=f"{name}{rank}",
                article_id=str(rank),
                order=(rank, at),
                label=label,
                name=name,
                related=(other,),
                n_mentions=rank + 1,
                published=day,
            )
            for at, (label, name, other) in enumerate(TOLD)
        ]

    merged = merge_entities(corpus(pair(0, "2024-03-02"), pair(1, "2024-03-01")))
    project = merged.entities[0]
    assert (project.n_mentions, project.n_articles) == (3, 2)
    assert (project.first_seen, project.last_seen) == ("2024-03-01", "2024-03-02")
    assert project.related == ("Zephyr Foundation",)


POOL: list[Name] = [
    HUNG,
    ("PER", "Hùng"),
    ("PER", "Lionel Messi"),
    ("PER", "Messi"),
    ("ORG", "Bộ Y tế"),
    ("ORG", "Công ty Sao Mai"),
    ("ORG", "Sở Y tế"),
    ("LOC", "Cà Mau"),
    ("LOC", "đường Lê Lợi"),
    ("MISC", "Zephyr"),
]
ARTICLES = st.lists(st.lists(st.sampled_from(POOL), max_size=6, unique=True), max_size=12)


@given(ARTICLES, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(
    articles: list[list[Name]], chance: random.Random
) -> None:
    records = corpus(*articles)
    merged = merge_entities(records)
    chance.shuffle(records)
    assert merge_entities(records) == merged
    assert set(merged.global_id) == {record.entity_id for record in records}
    assert {entity.entity_id for entity in merged.entities} == set(merged.global_id.values())
    assert sum(entity.n_mentions for entity in merged.entities) == len(records)


@given(ARTICLES)
def test_a_global_id_is_that_of_the_earliest_member(articles: list[list[Name]]) -> None:
    records = {record.entity_id: record for record in corpus(*articles)}
    merged = merge_entities(records.values())
    for own, found in merged.global_id.items():
        assert records[found].order <= records[own].order


def test_people_everyone_knows_merge_by_their_full_name() -> None:
    known: Name = ("PER", "Nguyễn Xuân Phúc")
    assert sizes(merge_entities(corpus([known], [known])), known[1]) == [2]


def test_the_name_is_the_fullest_in_use_and_no_nickname() -> None:
    short: Name = ("ORG", "Bộ GD&ĐT")
    full: Name = ("ORG", "Bộ Giáo dục và Đào tạo")
    (entity,) = merge_entities(corpus([short], [short], [full])).entities
    assert entity.name == "Bộ Giáo dục và Đào tạo"
    club: list[Name] = [("ORG", "Quỷ đỏ"), ("ORG", "Man Utd"), ("ORG", "Manchester United")]
    (entity,) = merge_entities(corpus(*[[name] for name in club])).entities
    assert (entity.name, entity.n_articles) == ("Manchester United", 3)
