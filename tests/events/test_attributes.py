"""Polarity, modality, tense and source of events, on short sentences of our own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sukien.entities.mention import Mention
from sukien.events.attributes import Attributes, attributes
from sukien.events.time import EventTime
from sukien.language.analyzer import Analyzer
from sukien.language.document import Document


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def told(
    analyzer: Analyzer,
    sentence: str,
    names: tuple[str, ...] = (),
    time: EventTime | None = None,
    published: str | None = None,
) -> Attributes:
    """Attributes of the event between brackets."""
    start, end = sentence.index("["), sentence.index("]") - 1
    text = sentence.replace("[", "").replace("]", "")
    document = analyzer.documents([text])[0]
    first, last = document.tokens_of(start, end)
    trigger = SimpleNamespace(type="Attack", token_start=first, token_end=last)
    mentions = [mention(document, name) for name in names]
    times = None if time is None else [time]
    return attributes(document, [trigger], mentions, times, published)[0]


def mention(document: Document, name: str) -> Mention:
    start = document.text.index(name)
    end = start + len(name)
    first, last = document.tokens_of(start, end)
    return Mention(
        char_start=start,
        char_end=end,
        text=name,
        label="PER" if name == "Lan" else "LOC" if name == "Huế" else "ORG",
        confidence=1.0,
        method="user",
        token_start=first,
        token_end=last,
        sentence=document.sentence_at(start),
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Anh Nam không [gặp] bà Hoa.",
        "Hai bên chưa [ký kết] hợp đồng.",
        "Công ty phủ nhận việc [mua lại] đối thủ.",
        "Ông chưa từng [kết hôn].",
        "Không ai [thiệt mạng] trong vụ này.",
    ],
)
def test_negated_events_are_negative(analyzer: Analyzer, sentence: str) -> None:
    assert told(analyzer, sentence).polarity == "negative"


@pytest.mark.parametrize(
    "sentence",
    [
        "Anh Nam [gặp] bà Hoa.",
        "Anh không vui, nhưng vẫn [gặp] bà Hoa.",
        "Không chỉ [gặp] bà Hoa, anh còn tặng hoa.",
        "Không quân [tấn công] cây cầu.",
        "Chính quyền không loại trừ khả năng xảy ra [tấn công].",
    ],
)
def test_a_negation_does_not_reach_beyond_its_clause(analyzer: Analyzer, sentence: str) -> None:
    assert told(analyzer, sentence).polarity == "positive"


@pytest.mark.parametrize(
    ("sentence", "modality", "tense"),
    [
        ("Công ty đã [mua] nhà máy.", "asserted", "past"),
        ("Công ty [mua] nhà máy.", "asserted", "past"),
        ("Công ty sẽ [mua] nhà máy.", "planned", "future"),
        ("Công ty dự kiến [mua] nhà máy.", "planned", "future"),
        ("Công ty có thể [mua] nhà máy.", "possible", "future"),
        ("Nếu [mua] nhà máy, công ty phải vay.", "possible", "future"),
        ("Cử tri đề nghị [xây] cầu.", "possible", "future"),
        ("Công nhân đang [xây] cầu.", "asserted", "present"),
        ("Trận đấu sẽ diễn ra sau khi đội nhà [gặp] khách.", "asserted", "past"),
        ("Vụ [nổ] sẽ được làm rõ.", "planned", "future"),
    ],
)
def test_modality_and_tense_follow_the_cue(
    analyzer: Analyzer, sentence: str, modality: str, tense: str
) -> None:
    found = told(analyzer, sentence)
    assert (found.modality, found.tense) == (modality, tense)


def test_cues_are_whole_words(analyzer: Analyzer) -> None:
    """`định` is no cue in `xác định`, `đang` none in a name."""
    assert told(analyzer, "Cơ quan xác định anh Nam [gặp] bà Hoa.").modality == "asserted"


def test_a_date_after_publication_makes_a_plan(analyzer: Analyzer) -> None:
    later = EventTime("2024-05-09", "2024-05-09", "2024-05-09", "explicit")
    found = told(analyzer, "Ngày 9/5, hai đội [gặp] nhau.", time=later, published="2024-05-01")
    assert (found.modality, found.tense) == ("planned", "future")


def test_a_date_before_publication_is_past(analyzer: Analyzer) -> None:
    earlier = EventTime("2024-04-09", "2024-04-09", "2024-04-09", "explicit")
    found = told(analyzer, "Ngày 9/4, hai đội [gặp] nhau.", time=earlier, published="2024-05-01")
    assert (found.modality, found.tense) == ("asserted", "past")


@pytest.mark.parametrize(
    ("sentence", "name", "source"),
    [
        ("Theo Reuters, quân nổi dậy [tấn công] thành phố.", "Reuters", "Reuters"),
        ("Bộ Y tế cho biết hai người [thiệt mạng].", "Bộ Y tế", "Bộ Y tế"),
        ("“Quân nổi dậy [tấn công] thành phố”, Reuters đưa tin.", "Reuters", "Reuters"),
        ("Theo kế hoạch, Reuters [mua] một tờ báo.", "Reuters", None),
        ("Reuters [mua] một tờ báo.", "Reuters", None),
    ],
)
def test_sources_are_named(
    analyzer: Analyzer, sentence: str, name: str, source: str | None
) -> None:
    assert told(analyzer, sentence, (name,)).reported_by == source


@pytest.mark.parametrize(
    ("sentence", "names", "source"),
    [
        ("Theo lệ, họ [họp] vào thứ Hai.", (), None),
        ("Lũ kéo theo nhiều cây [đổ].", (), None),
        ("Câu trả lời là họ đã [rời] đi.", (), None),
        ("Theo đạo Hồi, họ [cưới] trong ba ngày.", ("Hồi",), None),
        ("Theo lời kể của nhiều thương lái, giá [tăng] mạnh.", (), "nhiều thương lái"),
        ("Bà Lan, Giám đốc Sở Y tế, cho biết bệnh nhân đã [chết].", ("Sở Y tế", "Lan"), "Lan"),
        ("Một nhà đầu tư ở Huế nói giá sẽ [tăng].", ("Huế",), None),
    ],
)
def test_only_who_can_tell_is_a_source(
    analyzer: Analyzer, sentence: str, names: tuple[str, ...], source: str | None
) -> None:
    assert told(analyzer, sentence, names).reported_by == source


def test_no_trigger_no_attributes(analyzer: Analyzer) -> None:
    assert attributes(analyzer.documents(["Trời mưa."])[0], []) == []
