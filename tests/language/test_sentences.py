import pytest

from sukien.language.analyzer import segment


def sentences(text: str) -> list[str]:
    document = segment(text)
    return [text[s.char_start : s.char_end] for s in document.sentences]


@pytest.mark.parametrize(
    "parts",
    [
        ["Giá vàng tăng.", "Giá dầu giảm."],
        ["Tổ chức có tên mới (OpenInfra).", "Khởi đầu năm 2010, dự án lớn nhanh."],
        ["Ông sống ở TP.HCM từ năm 1990.", "Sau đó ông ra Hà Nội."],
        ["Công ty lãi 5 triệu USD.", "Theo báo cáo, chi phí giảm."],
        ["“Tôi sẽ về.”", "Bà Lan nói vậy."],
        ["Có thật không?", "Không ai biết!", "Rồi họ im lặng…", "Đêm xuống."],
        ["Đội thắng 2-1.", "15 nghìn người xem."],
    ],
)
def test_sentences_are_cut_with_and_without_the_space(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts
    assert sentences("\n".join(parts)) == parts


def test_glued_sentences_are_split() -> None:
    text = "Dự án do NASA khởi xướng (năm 2010).Đến năm 2012, quỹ ra đời.Sau đó quỹ đổi tên."
    assert len(sentences(text)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "PGS.TS. Trần Văn Nam dạy ở TP. Huế và Q. Bình Thạnh.",
        "Trang vnexpress.net và Booking.com báo giá 1.234,5 đồng.",
        "Bị cáo N. V. A. cùng chị T. khai đã lấy 3.5 triệu đồng.",
        "Xe chạy trên QL.1A qua TX. Kỳ Anh.",
        "Bà nói: “Thôi! đừng khóc nữa” rồi đi.",
        "Mr. Smith gặp Dr. Lan ở St. Louis.",
        "Anh chờ... rồi về.",
        "Nghị định 15.2020 có hiệu lực.",
    ],
)
def test_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_numbers_of_a_list_stay_with_their_item() -> None:
    assert sentences("1. Mục đích\n2. Yêu cầu. Không nộp muộn.") == [
        "1. Mục đích",
        "2. Yêu cầu.",
        "Không nộp muộn.",
    ]


def test_an_initial_ends_a_sentence_where_a_first_word_follows() -> None:
    assert sentences("Công an bắt T. Sau đó T. nhận tội.") == [
        "Công an bắt T.",
        "Sau đó T. nhận tội.",
    ]


def test_the_stop_after_capitals_is_a_token_of_its_own_at_the_end() -> None:
    assert segment("Lãi 5 tỷ USD. Hết.").forms == ["Lãi", "5", "tỷ", "USD", ".", "Hết", "."]
    assert segment("Ở TP. HCM.").forms == ["Ở", "TP.", "HCM", "."]
    assert segment("Ở TP.HCM. Mưa to.").forms == ["Ở", "TP.HCM", ".", "Mưa", "to", "."]
    assert segment("Bắt N.V.A.").forms == ["Bắt", "N.V.A."]
    assert segment("Rau, củ, v.v...").forms[-1] == "v.v..."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85", "\n\n\n"])
def test_line_ends_always_end_a_sentence(end: str) -> None:
    assert sentences(f"Tít bài{end}Sapo của bài") == ["Tít bài", "Sapo của bài"]


def test_zones_follow_the_lines() -> None:
    text = (
        "Bão số 3 vào Quảng Ninh\n\nTrưa nay, bão đổ bộ. Gió rất mạnh.\n\n"
        "Cây đổ trên phố. Ảnh: Nam An\nNgười dân về nhà.\nChợ mở lại."
    )
    zones = [sentence.zone for sentence in segment(text).sentences]
    assert zones == ["title", "sapo", "sapo", "caption", "caption", "body", "body"]
