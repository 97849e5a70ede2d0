"""Who takes part in an event, where one thing has become another."""

from __future__ import annotations

from sukien.batch.corpus import _related, _told_names
from sukien.entities.corpus import LocalEntity, merge_entities


def local(number: int, name: str, *related: str) -> LocalEntity:
    return LocalEntity(
        entity_id=f"e{number}",
        article_id="a",
        order=(0, number),
        published=None,
        label="ORG",
        name=name,
        related=related,
        n_mentions=1,
    )


def test_a_project_and_its_foundation_join_once() -> None:
    project, foundation = (
        local(1, "Sen Mã Nguồn", "Quỹ Sen Mã"),
        local(2, "Quỹ Sen Mã", "Sen Mã Nguồn"),
    )
    union = local(3, "Liên minh Tre Xanh")
    merged = merge_entities(iter([project, foundation, union]))
    one, two, three = (merged.global_id.get(f"e{n}", f"e{n}") for n in (1, 2, 3))
    related = _related(merged.entities)
    assert _told_names([one, three], related) == _told_names([two, three], related)
    assert set(_told_names([one, two], related)) == {one, two}  # the one becomes the other
    assert _told_names([two], related) == (two,)
