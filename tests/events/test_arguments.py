"""Who takes part in an event, on short sentences of our own, with the shipped model."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sukien.dates.finder import find_dates
from sukien.entities.mention import Label, Mention
from sukien.events.arguments import ArgumentFinder, Reading
from sukien.events.arguments_features import pairs_of
from sukien.events.arguments_model import Table
from sukien.events.event import Argument
from sukien.events.phrases import read
from sukien.language.analyzer import Analyzer
from sukien.quantities.finder import find_quantities


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(scope="module")
def finder() -> ArgumentFinder:
    return ArgumentFinder.load()


def reading(
    analyzer: Analyzer, event: str, marked: str, names: Mapping[str, Label] | None = None
) -> Reading:
    """A reading of one sentence with its trigger in brackets and its names given."""
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    (document,) = analyzer.documents([text])
    first, last = document.tokens_of(start, end)
    mentions = []
    for name, label in (names or {}).items():
        at = text.index(name)
        token_start, token_end = document.tokens_of(at, at + len(name))
        mentions.append(
            Mention(
                char_start=at,
                char_end=at + len(name),
                text=name,
                label=label,
                confidence=1.0,
                method="user",
                token_start=token_start,
                token_end=token_end,
                sentence=document.sentence_at(at),
            )
        )
    dates = find_dates(document.shadow)
    taken = [(date.char_start, date.char_end) for date in dates]
    return Reading(
        document=document,
        triggers=[SimpleNamespace(type=event, token_start=first, token_end=last)],
        mentions=sorted(mentions, key=lambda mention: mention.char_start),
        dates=dates,
        quantities=find_quantities(document.shadow, taken=taken),
    )


def roles(arguments: tuple[Argument, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for argument in arguments:
        found.setdefault(argument.role, set()).add(argument.text)
    return found


def test_the_passive_turns_roles_round(analyzer: Analyzer, finder: ArgumentFinder) -> None:
    active = reading(analyzer, "Arrest-Jail", "Cảnh sát [bắt] ông Nam.", {"Nam": "PER"})
    passive = reading(analyzer, "Arrest-Jail", "Ông Nam bị cảnh sát [bắt].", {"Nam": "PER"})
    for one in (active, passive):
        found = roles(finder.batch([one])[0][0])
        assert {text.lower() for text in found["Person"]} == {"ông nam"}
        assert {text.lower() for text in found["Agent"]} == {"cảnh sát"}


def test_what_stands_after_boi_does_it(analyzer: Analyzer, finder: ArgumentFinder) -> None:
    one = reading(
        analyzer,
        "Start-Org",
        "Dự án được [khởi xướng] bởi Rackspace và NASA vào năm 2010.",
        {"Rackspace": "ORG", "NASA": "ORG"},
    )
    found = roles(finder.batch([one])[0][0])
    assert found["Agent"] == {"Rackspace", "NASA"}
    assert found["Time"] == {"năm 2010"}


def test_conjuncts_are_arguments_of_their_own(analyzer: Analyzer, finder: ArgumentFinder) -> None:
    one = reading(
        analyzer,
        "Join-Org",
        "Thụy Điển và Phần Lan [gia nhập] NATO.",
        {"Thụy Điển": "LOC", "Phần Lan": "LOC", "NATO": "ORG"},
    )
    found = roles(finder.batch([one])[0][0])
    assert found == {"Member": {"Thụy Điển", "Phần Lan"}, "Org": {"NATO"}}


def test_arguments_are_linked_to_what_they_are(analyzer: Analyzer, finder: ArgumentFinder) -> None:
    one = reading(
        analyzer,
        "Meet",
        "Ông Nam [gặp] bà Hoa tại Hà Nội ngày 3/4/2024.",
        {"Nam": "PER", "Hoa": "PER", "Hà Nội": "LOC"},
    )
    (arguments,) = (finder.batch([one])[0],)
    by_role = {argument.role: argument for argument in arguments[0]}
    assert by_role["Place"].mention == 2
    assert by_role["Time"].date == 0
    assert by_role["Time"].text == "ngày 3/4/2024"


def test_amounts_fill_their_roles(analyzer: Analyzer, finder: ArgumentFinder) -> None:
    one = reading(analyzer, "Value-Change", "Giá vàng [tăng] 2 triệu đồng lên 80 triệu đồng.")
    found = roles(finder.batch([one])[0][0])
    assert found["Item"] == {"Giá vàng"}
    assert found["Amount"] == {"2 triệu đồng"}
    assert found["Final-Value"] == {"80 triệu đồng"}


def test_one_sentence_lends_nothing_to_another(analyzer: Analyzer, finder: ArgumentFinder) -> None:
    one = reading(
        analyzer,
        "Attack",
        "Quân nổi dậy tràn vào Kabul. Vụ [tấn công] gây chấn động. Mỹ im lặng.",
        {"Kabul": "LOC", "Mỹ": "LOC"},
    )
    sentence = one.document.sentences[1]
    for argument in finder.batch([one])[0][0]:
        assert sentence.char_start <= argument.char_start < argument.char_end <= sentence.char_end


def test_a_type_of_the_users_is_read_by_the_classes_of_its_roles(analyzer: Analyzer) -> None:
    finder = ArgumentFinder.load(types={"Slaughter": ("Agent", "Artifact", "Place", "Time")})
    one = reading(
        analyzer, "Slaughter", "Ông Nam [giết mổ] hai con lợn tại Hà Nội.", {"Hà Nội": "LOC"}
    )
    found = roles(finder.batch([one])[0][0])
    assert found["Place"] == {"Hà Nội"}


def test_an_unknown_type_is_an_error(analyzer: Analyzer, finder: ArgumentFinder) -> None:
    with pytest.raises(KeyError, match="Dance"):
        finder.batch([reading(analyzer, "Dance", "Cô ấy [múa].")])


def test_nothing_in_nothing_out(analyzer: Analyzer, finder: ArgumentFinder) -> None:
    (document,) = analyzer.documents(["Trời mưa."])
    assert finder.arguments(document, []) == []
    assert finder.batch([]) == []


SENTENCES = (
    ("Arrest-Jail", "Công an Hà Nội [bắt] ông Nguyễn Văn Nam vì tội trộm cắp."),
    ("Die", "Vụ nổ khiến 3 người [thiệt mạng] đêm 5/6."),
    ("Approve", "Quốc hội [thông qua] Luật Đất đai."),
    ("Transport", "Đoàn xe [rời] Huế lúc 5 giờ."),
    ("Meet", "Hai bên [gặp] nhau, trao đổi và ký thỏa thuận (lần hai) tại thủ đô."),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6))
def test_the_batch_does_not_show(
    analyzer: Analyzer, finder: ArgumentFinder, order: list[tuple[str, str]]
) -> None:
    readings = [reading(analyzer, *one) for one in order]
    assert finder.batch(readings) == [finder.batch([one])[0] for one in readings]


PIECES = ("công an", "bắt", "giữ", "ông", "và", "bị", "do", "5 tỷ", "Hà Nội", "3/4", "tại")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    words=st.lists(
        st.sampled_from([*PIECES, *",().;“”", "\n"]),
        min_size=1,
        max_size=30,
    ),
    at=st.integers(0, 29),
)
def test_any_text_keeps_its_offsets(
    analyzer: Analyzer, finder: ArgumentFinder, words: list[str], at: int
) -> None:
    (document,) = analyzer.documents([" ".join(words)])
    if not len(document):
        return
    token = at % len(document)
    trigger = SimpleNamespace(type="Attack", token_start=token, token_end=token + 1)
    quantities = find_quantities(document.shadow)
    for argument in finder.arguments(
        document, [trigger], (), find_dates(document.shadow), quantities
    )[0]:
        assert document.text[argument.char_start : argument.char_end] == argument.text
        assert argument.text
        assert 0 < argument.confidence <= 1
        assert argument.role in {"Attacker", "Target", "Victim", "Instrument", "Place", "Time"}


def test_pairs_grow_with_the_text_not_with_its_square(analyzer: Analyzer) -> None:
    """Counted, not timed: one endless sentence has so many pairs a trigger, no more."""

    def pairs(times: int) -> int:
        (document,) = analyzer.documents(["công an bắt ông Nam và bà Hoa rồi " * times])
        triggers = [
            SimpleNamespace(type="Arrest-Jail", token_start=i, token_end=i + 1)
            for i, form in enumerate(document.forms)
            if form == "bắt"
        ]
        return len(pairs_of(read([Reading(document=document, triggers=triggers)])))

    assert pairs(200) < 2.2 * pairs(100)


def test_tables_round_to_fixed_point_and_forget_nothing_else() -> None:
    import numpy as np

    keys = np.array([3, 5, 8], np.uint64)
    table = Table.of(keys, np.array([[0.5, 0.0], [0.0, 0.0], [-1.0, 2.0]], np.float32))
    assert table.keys.tolist() == [3, 8]
    assert table.sums(np.array([[3, 8, 4]], np.uint64)).tolist() == [[-256, 1024]]
