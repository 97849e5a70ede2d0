"""Names of one article that mean one thing meet; others stay apart."""

import random
import sys
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.entities.marked import groups, linked, read, surfaces

from sukien.entities.corrections import Corrections
from sukien.entities.link import link, relabelled

CITY = [
    "TP HCM",
    "TP.HCM",
    "TPHCM",
    "Tp.HCM",
    "Tp. HCM",
    "TP Hồ Chí Minh",
    "TP. Hồ Chí Minh",
    "Tp Hồ Chí Minh",
    "thành phố Hồ Chí Minh",
    "Thành phố Hồ Chí Minh",
    "THÀNH PHỐ HỒ CHÍ MINH",
    "Sài Gòn",
    "Ho Chi Minh City",
]


def test_one_city_in_thirteen_spellings() -> None:
    entities = linked("Mưa lớn ở " + ", ".join(f"[LOC {name}]" for name in CITY) + ".")
    assert len(entities) == 1
    assert entities[0].name == "Thành phố Hồ Chí Minh"
    assert entities[0].kb_id == "VN-SG"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "Ông [PER Trần Văn Bảo] gặp bà [PER Lê Thị Hoa]. Ông [PER Bảo] cảm ơn bà [PER Hoa].",
            [["Trần Văn Bảo", "Bảo"], ["Lê Thị Hoa", "Hoa"]],
        ),
        (
            "[PER Emma Stone] đến muộn. [PER Stone] xin lỗi, rồi [PER Emma] hát.",
            [["Emma Stone", "Stone", "Emma"]],
        ),
        (  # a company that founded a university is not the university
            "[ORG Trường Đại học FPT] mở ngành mới. [ORG FPT] cấp học bổng.",
            [["Trường Đại học FPT"], ["FPT"]],
        ),
        (
            "[ORG Đại học RMIT] mở ngành mới. [ORG RMIT] cấp học bổng.",
            [["Đại học RMIT", "RMIT"]],
        ),
        (  # a headline names the short form first
            "Vì sao [PER Modric] khóc?\n[PER Luka Modric] giải nghệ.",
            [["Modric", "Luka Modric"]],
        ),
        (  # the last one named, and the gender of the title
            "Ông [PER Đỗ Minh Tâm] và bà [PER Vũ Thị Tâm] ốm. Ông [PER Tâm] ho, bà [PER Tâm] sốt.",
            [["Đỗ Minh Tâm", "Tâm"], ["Vũ Thị Tâm", "Tâm"]],
        ),
        (
            "[PER Joel Carter] và [PER Ann Carter] bán nhà. Gia đình [PER Carter] chuyển đi.",
            [["Joel Carter"], ["Ann Carter"], ["Carter"]],
        ),
        ("Bị can [PER N.T.C] nhận tội. [PER C.] đang bị tạm giam.", [["N.T.C", "C."]]),
    ],
)
def test_persons(marked: str, expected: list[list[str]]) -> None:
    assert groups(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "[ORG Liên đoàn Cầu lông Việt Nam] ([ORG VBF]) họp. [ORG VBF] có chủ tịch mới.",
            [["Liên đoàn Cầu lông Việt Nam", "VBF", "VBF"]],
        ),
        (  # an acronym introduced here is read inside longer names
            "[ORG Bộ Sao Băng Đỏ] ([ORG SBĐ]) mở cửa. Sau đó [ORG Bộ SBĐ] và [ORG SBĐ] đóng.",
            [["Bộ Sao Băng Đỏ", "SBĐ", "Bộ SBĐ", "SBĐ"]],
        ),
        ("[ORG Bộ GD&ĐT], [ORG Bộ GD-ĐT], [ORG Bộ Giáo dục và Đào tạo].", 1),
        ("[ORG Bộ Y tế] và [ORG Bộ y tế] là một.", 1),
        ("[ORG Tập đoàn Sao Biển] lãi to. [ORG Sao Biển] chia thưởng; [ORG Công ty Sao Biển].", 1),
        ("[ORG Nokia Inc] và [ORG Nokia].", 1),
        ("[ORG Sở Y tế tỉnh Hà Nam] báo cáo; [ORG Sở Y tế Hà Nam] và [ORG Sở Y tế].", 1),
        ("[ORG Bộ Tài chính Nga] nói. Sau đó [ORG Bộ Tài chính] im lặng.", 1),
        ("[ORG Bộ Tài chính] hỏi [ORG Bộ Tài chính Nga].", 2),
        ("[ORG Trường THPT Sao Mai] thắng [ORG Trường THCS Sao Mai].", 2),
        ("[ORG Công an tỉnh Hà Giang] và [ORG Công an thành phố Hà Giang].", 2),
        ("[LOC tỉnh Nghệ An], [LOC Nghệ An].", 1),
        ("[LOC tỉnh Hà Giang] và [LOC thành phố Hà Giang].", 2),
        ("[LOC Thừa Thiên - Huế], [LOC Thừa Thiên Huế].", 1),
        ("[LOC Mỹ] hay [LOC Hoa Kỳ], [LOC Moscow] hay [LOC Mátxcơva].", 2),
        ("[LOC Việt Nam] mừng vì [ORG Việt Nam] thắng.", 2),
        ("[LOC đường Võ Văn Kiệt] mang tên [PER Võ Văn Kiệt].", 2),
        ("[ORG Công ty Alpha] đổi tên thành [ORG Omega].", 1),
        ("[ORG Công ty Alpha] mạnh. Năm 2020, công ty này đổi tên thành [ORG Omega].", 1),
        ("[PER Lê Thảo], tên thật là [PER Trần Thị Na], hát.", 1),
        ("[ORG Omega], tên gọi hiện tại của [ORG Alpha], lãi.", 1),
        ("[ORG Công an huyện Sao] ([LOC Hà Nam]).", 2),
        ("[LOC Sao] ([LOC Hà Nam]).", 2),
    ],
)
def test_organisations_and_places(marked: str, expected: int | list[list[str]]) -> None:
    found = groups(marked)
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_project_and_its_foundation_are_two_but_related() -> None:
    project, body = linked(
        "[ORG Zephyr], dự án mã nguồn mở, lớn nhanh. [ORG Zephyr Foundation] được lập. "
        "Quỹ này đổi tên thành [ORG Open Wind (OpenWin) Foundation]. "
        "[ORG OpenWin] quản lý [ORG Zephyr]."
    )
    assert (project.label, body.label) == ("MISC", "ORG")
    assert body.name == "Open Wind (OpenWin) Foundation"
    assert {"Zephyr Foundation", "OpenWin"} <= set(body.aliases)
    assert project.related == (body.name,)
    assert body.related == (project.name,)


def test_equal_names_take_the_label_of_most() -> None:
    (entity,) = linked("[ORG Zalo] tăng, [ORG Zalo] mạnh, [PER Zalo] lỗi.")
    assert entity.label == "ORG"


def test_corrections_of_links_have_the_last_word() -> None:
    document, mentions = read("[ORG Sao Mai] gặp [ORG Gió Nam] và [ORG Sao Mai].")
    fixed = Corrections.parse("same\tGió Nam\tSao Mai")
    (entity,) = link(document, mentions, corrections=fixed)
    assert (entity.name, entity.aliases) == ("Sao Mai", ("Gió Nam",))


NAMES = [
    "Trần Văn Bảo",
    "Bảo",
    "Bộ Y tế",
    "VBF",
    "Hà Nội",
    "TP.HCM",
    "N.T.C.",
    "Emma Stone",
    "Stone",
]
LABELS = ["PER", "ORG", "LOC", "MISC"]
MARKED = st.lists(
    st.tuples(
        st.sampled_from(LABELS), st.sampled_from(NAMES), st.sampled_from([" ", " (", ", ", ". "])
    ),
    max_size=30,
).map(lambda rows: "".join(f"[{label} {name}]{gap}" for label, name, gap in rows))


@given(MARKED)
def test_every_mention_belongs_to_one_entity(marked: str) -> None:
    document, mentions = read(marked)
    entities = link(document, mentions)
    assert sorted(at for entity in entities for at in entity.mentions) == list(range(len(mentions)))
    assert [e.mentions[0] for e in entities] == sorted(e.mentions[0] for e in entities)
    assert link(document, mentions) == entities


@given(MARKED)
def test_decomposed_text_links_alike(marked: str) -> None:
    apart = unicodedata.normalize("NFD", marked)
    assert list(map(len, groups(apart))) == list(map(len, groups(marked)))


def test_no_mentions_no_entities() -> None:
    assert linked("Trời mưa.") == []


def test_many_namesakes_cost_no_more_each() -> None:
    """Linear: what one name is compared with does not grow with the article."""
    shuffled = random.Random(0)

    def calls(size: int) -> int:
        people = [f"[PER Trần Văn Đ{i}ng Bảo]" for i in range(size)]
        short = ["[PER Bảo]"] * size
        rows = people + short
        shuffled.shuffle(rows)
        document, mentions = read(" gặp ".join(rows))
        link(document, mentions)  # keys are cached from here on
        count = 0

        def trace(frame: object, event: str, argument: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(trace)
        try:
            entities = link(document, mentions)
        finally:
            sys.setprofile(None)
        assert sum(map(len, surfaces(mentions, entities))) == 2 * size
        return count

    assert calls(400) < 2.2 * calls(200)


def test_mentions_take_the_label_of_their_entity() -> None:
    document, mentions = read("[ORG Zalo] tăng, [ORG Zalo] mạnh, [PER Zalo] lỗi.")
    labels = [m.label for m in relabelled(mentions, link(document, mentions))]
    assert labels == ["ORG", "ORG", "ORG"]


def test_a_doubtful_label_gives_way_to_the_words_of_the_name() -> None:
    document, mentions = read("[PER Zephyr Foundation] đổi tên.")
    doubtful = [replace(mention, confidence=0.5) for mention in mentions]
    (entity,) = link(document, doubtful)
    assert entity.label == "ORG"
