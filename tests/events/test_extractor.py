from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sukien.events.event import Event
from sukien.events.extractor import EventExtractor
from sukien.language.analyzer import Analyzer


@cache
def extractor(precision: bool = False) -> EventExtractor:
    return EventExtractor.load(precision=precision)


def events_of(texts: Sequence[str]) -> list[list[Event]]:
    documents = Analyzer().documents(texts)
    empty: list[tuple[()]] = [() for _ in texts]
    return extractor().events(documents, empty, empty, empty, [None] * len(texts))


def test_events_are_cut_from_the_text() -> None:
    text = "Hai người thiệt mạng khi xe tải lật ở Lào Cai. Công an đang điều tra."
    for event in events_of([text])[0]:
        assert text[event.char_start : event.char_end] == event.text
        for argument in event.arguments:
            assert text[argument.char_start : argument.char_end] == argument.text


def test_events_come_in_order_with_their_sentence() -> None:
    found = events_of(["Bão làm sập nhà. Hàng nghìn người được sơ tán."])[0]
    assert [event.sentence for event in found] == sorted(event.sentence for event in found)
    assert len({event.sentence for event in found}) == 2


def test_summary_points_into_the_arguments() -> None:
    texts = ["Cảnh sát Mỹ bắt giữ một nghi phạm ở Texas.", "Facebook mua lại Instagram."]
    for found in events_of(texts):
        for event in found:
            chosen = [p for p in (event.agent, event.patient, event.place) if p is not None]
            assert all(0 <= p < len(event.arguments) for p in (*chosen, *event.participants))
            if event.agent is not None:
                assert event.agent != event.patient


def test_an_empty_text_has_no_events() -> None:
    assert events_of(["", "   "]) == [[], []]


def test_events_do_not_depend_on_the_batch() -> None:
    texts = ["Quốc hội thông qua luật mới.", "Nam ca sĩ ra mắt album.", "Mưa lũ cuốn trôi cầu."]
    assert events_of(texts) == [events_of([text])[0] for text in texts]
