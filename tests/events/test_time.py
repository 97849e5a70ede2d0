"""Which date an event takes, on short texts of our own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sukien.dates.timex import Timex
from sukien.events.event import Argument
from sukien.events.time import EventTime, attach_times
from sukien.language.analyzer import Analyzer


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def times(
    analyzer: Analyzer, marked: str, dates: dict[str, str], **options: object
) -> list[EventTime]:
    """Times of the events between brackets; `dates` maps surfaces to values."""
    text, spans = "", []
    for piece in marked.split("["):
        word, bracket, rest = piece.partition("]")
        if bracket:
            spans.append((len(text), len(text) + len(word)))
        text += word + rest
    document = analyzer.documents([text])[0]
    triggers = []
    for start, end in spans:
        first, last = document.tokens_of(start, end)
        triggers.append(SimpleNamespace(type="Attack", token_start=first, token_end=last))
    found = [timex(text, surface, value) for surface, value in dates.items()]
    return attach_times(document, triggers, found, **options)  # type: ignore[arg-type]  # passed on


def timex(text: str, surface: str, value: str) -> Timex:
    start = text.index(surface)
    day = value if len(value) == 10 else None
    return Timex(
        char_start=start,
        char_end=start + len(surface),
        text=surface,
        type="DURATION" if value.startswith("P") and value != "PAST_REF" else "DATE",
        value=value,
        rule="test",
        begin=day,
        end=day,
    )


def test_the_date_of_the_clause_is_taken(analyzer: Analyzer) -> None:
    (time,) = times(
        analyzer, "Quân nổi dậy [tấn công] thị trấn ngày 3/4.", {"ngày 3/4": "2024-04-03"}
    )
    assert time == EventTime("2024-04-03", "2024-04-03", "2024-04-03", "explicit", 0)


def test_a_date_at_the_head_holds_for_the_sentence(analyzer: Analyzer) -> None:
    found = times(
        analyzer,
        "Ngày 3/4, quân nổi dậy [tấn công] thị trấn rồi [bắn] vào chợ.",
        {"Ngày 3/4": "2024-04-03"},
    )
    assert [time.value for time in found] == ["2024-04-03", "2024-04-03"]


def test_each_clause_takes_its_own_date(analyzer: Analyzer) -> None:
    found = times(
        analyzer,
        "Ngày 3/4 họ [tấn công] thị trấn, nhưng ngày 5/4 họ [rút lui].",
        {"Ngày 3/4": "2024-04-03", "ngày 5/4": "2024-04-05"},
    )
    assert [time.value for time in found] == ["2024-04-03", "2024-04-05"]


def test_a_date_of_birth_is_not_the_date_of_the_deed(analyzer: Analyzer) -> None:
    (time,) = times(analyzer, "Người sinh năm 1990 [tấn công] cửa hàng.", {"năm 1990": "1990"})
    assert time.value is None


def test_a_duration_is_no_time(analyzer: Analyzer) -> None:
    (time,) = times(analyzer, "Họ [tấn công] suốt ba giờ.", {"ba giờ": "PT3H"})
    assert time == EventTime()


def test_the_models_time_wins_over_place(analyzer: Analyzer) -> None:
    text = "Ngày 3/4 họ [tấn công] thị trấn có từ năm 1900."
    argument = Argument(
        role="Time", char_start=39, char_end=47, text="năm 1900", confidence=0.9, date=1
    )
    (time,) = times(
        analyzer,
        text,
        {"Ngày 3/4": "2024-04-03", "năm 1900": "1900"},
        arguments=[(argument,)],
    )
    assert time.value == "1900"


def test_a_later_telling_takes_over_the_time(analyzer: Analyzer) -> None:
    first, second = times(
        analyzer,
        "Ngày 3/4, họ [tấn công] thị trấn. Vụ [tấn công] gây chấn động.",
        {"Ngày 3/4": "2024-04-03"},
    )
    assert first.source == "explicit"
    assert (second.value, second.source, second.date) == ("2024-04-03", "context", 0)


def test_a_memory_does_not_date_the_headline(analyzer: Analyzer) -> None:
    text = (
        "Quân nổi dậy [tấn công] thị trấn\n\nHọ [tấn công] chợ ngày 5/3/2024. "
        "Người dân nhớ lần bị [tấn công] ngày 1/2/1999."
    )
    dates = {"ngày 5/3/2024": "2024-03-05", "ngày 1/2/1999": "1999-02-01"}
    headline, market, _ = times(analyzer, text, dates, published="2024-03-06")
    assert (headline.value, headline.source) == ("2024-03-05", "context")
    assert market.source == "explicit"
    only_memory = (
        "Quân nổi dậy [tấn công] thị trấn\n\nHọ vẫn ở đó. Trời mưa to. Chợ vắng hẳn. "
        "Người dân nhớ lần bị [tấn công] ngày 1/2/1999."
    )
    headline, _ = times(
        analyzer, only_memory, {"ngày 1/2/1999": "1999-02-01"}, published="2024-03-06"
    )
    assert headline.value is None


def test_publication_is_used_only_when_asked_for(analyzer: Analyzer) -> None:
    text = "Họ [tấn công] thị trấn."
    (unknown,) = times(analyzer, text, {}, published="2024-04-09T08:00:00+07:00")
    (filled,) = times(
        analyzer, text, {}, published="2024-04-09T08:00:00+07:00", fallback="published"
    )
    assert unknown == EventTime()
    assert filled == EventTime("2024-04-09", "2024-04-09", "2024-04-09", "published")


def test_the_day_of_an_announcement_is_none_of_what_is_to_come(analyzer: Analyzer) -> None:
    text = "Ngày 3/4, phát ngôn viên tuyên bố quân đội sẽ [tấn công] thị trấn."
    (time,) = times(analyzer, text, {"Ngày 3/4": "2024-04-03"})
    assert time.value is None
    text = "Ngày 3/4, phát ngôn viên tuyên bố quân đội đã [tấn công] thị trấn."
    (time,) = times(analyzer, text, {"Ngày 3/4": "2024-04-03"})
    assert time.value == "2024-04-03"
