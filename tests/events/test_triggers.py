from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sukien.entities.mention import Mention
from sukien.events.ontology import Lexeme, load_ontology
from sukien.events.trigger_features import Tokens, cluster_table, string_hash
from sukien.events.trigger_lexicon import Contexts, TriggerLexicon
from sukien.events.triggers import Collector, Trigger, TriggerFinder
from sukien.language.analyzer import Analyzer, segment
from sukien.language.document import Document


@cache
def finder(precision: bool = False) -> TriggerFinder:
    return TriggerFinder.load(precision=precision)


@cache
def analyzer() -> Analyzer:
    return Analyzer()


def told(text: str) -> list[tuple[str, str]]:
    document = analyzer().documents([text])[0]
    return [(surface(document, t), t.type) for t in finder().triggers([document])[0]]


def surface(document: Document, trigger: Trigger) -> str:
    start, end = document.starts[trigger.token_start], document.ends[trigger.token_end - 1]
    return document.text[start:end]


def test_verbs_of_justice_name_events() -> None:
    assert ("bắt giữ", "Arrest-Jail") in told("Công an tỉnh Nghệ An vừa bắt giữ hai nghi phạm.")


def test_joining_an_organisation_is_told_by_gia_nhap() -> None:
    assert ("gia nhập", "Join-Org") in told("Phần Lan chính thức gia nhập NATO hôm 4/4.")


def test_renaming_is_told_by_doi_ten() -> None:
    assert ("đổi tên", "Rename-Org") in told("Năm 2021, Facebook đổi tên thành Meta.")


def test_rising_prices_are_a_change_of_value() -> None:
    assert ("Value-Change") in [kind for _, kind in told("Giá vàng tăng 500.000 đồng một lượng.")]


def test_a_word_that_can_only_name_one_event_needs_no_training() -> None:
    trigger_finder = finder()
    key = ("cất nóc", "Construct")
    assert trigger_finder._model.seen.get(key, 0) < 3
    assert key in told("Hôm 3/5, công ty Hải Đăng cất nóc tòa tháp ở Đà Nẵng.")


def test_a_word_within_a_compound_names_nothing() -> None:
    assert ("điều", "Deploy") not in told("Họ bán lẻ gạo, điều này ai cũng biết.")


def test_triggers_come_in_order_and_never_overlap() -> None:
    text = "Vụ tai nạn làm 3 người chết, 5 người bị thương; công an đã khởi tố, bắt giam tài xế."
    document = analyzer().documents([text])[0]
    found = finder().triggers([document])[0]
    ends = [trigger.token_end for trigger in found]
    starts = [trigger.token_start for trigger in found]
    assert len(found) >= 4
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


def test_precision_keeps_a_part_of_the_triggers() -> None:
    text = "Ông đến Huế, gặp bạn bè, bán nhà và trả nợ. Công an đã bắt giữ ông. Ba người tử vong."
    documents = analyzer().documents([text])
    every = {(t.token_start, t.type) for t in finder().triggers(documents)[0]}
    sure = {(t.token_start, t.type) for t in finder(precision=True).triggers(documents)[0]}
    assert sure < every


def test_nfd_text_reads_like_nfc() -> None:
    import unicodedata

    text = "Công ty Hoà Bình phá sản, giám đốc bị khởi tố."
    assert told(unicodedata.normalize("NFD", text)) == [
        (unicodedata.normalize("NFD", word), kind) for word, kind in told(text)
    ]


def test_results_do_not_depend_on_the_batch() -> None:
    texts = [
        "Công an đã bắt giữ nghi phạm.",
        "Động đất làm sập nhiều ngôi nhà ở Nhật Bản, hàng trăm người được sơ tán.",
        "",
        "Giá xăng giảm mạnh từ chiều 21/3.",
        "Hà Nội thắng Viettel 2-0.",
    ] * 8
    documents = analyzer().documents(texts)
    together = finder().triggers(documents)
    alone = [finder().triggers([document])[0] for document in documents]
    assert together == alone


def test_words_of_a_user_are_found_with_their_weight(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[types.Harvest]\nroles = ["Agent"]\nlexemes = ["xuống giống", '
        '{ text = "gặt", weight = 0.9, unless = ["_ hái"] }]\n',
        encoding="utf-8",
    )
    mine = TriggerFinder.load(load_ontology(path))
    document = analyzer().documents(["Nông dân đã xuống giống. Họ gặt lúa. Mùa gặt hái đến."])[0]
    found = [t for t in mine.triggers([document])[0] if t.type == "Harvest"]
    assert [(surface(document, t), t.confidence, t.method) for t in found] == [
        ("xuống giống", 0.8, "lexicon"),
        ("gặt", 0.9, "lexicon"),
    ]


def test_types_that_are_off_are_found_when_asked_for() -> None:
    document = analyzer().documents(["Bộ trưởng Nam tuyên bố sẽ từ chức vào ngày mai."])[0]
    assert all(t.type != "Statement" for t in finder().triggers([document])[0])
    asked = TriggerFinder.load(types=["Statement"]).triggers([document])[0]
    assert "Statement" in [t.type for t in asked]


def test_lexemes_do_not_cross_sentences() -> None:
    lexicon = TriggerLexicon([Lexeme("khởi công", "Construct", 0.9)])
    document = segment("Họ khởi. Công trình xong.")
    assert lexicon.find(document, [form.lower() for form in document.forms]).starts == []


def test_nested_lexemes_are_all_found_and_the_longest_marked() -> None:
    lexicon = TriggerLexicon(
        [Lexeme("phá", "Damage", 0.5), Lexeme("phá sản", "Declare-Bankruptcy", 0.9)]
    )
    document = segment("Hãng đã phá sản.")
    found = lexicon.find(document, [form.lower() for form in document.forms])
    assert list(zip(found.starts, found.ends, found.longest, strict=True)) == [
        (2, 3, False),
        (2, 4, True),
    ]


def test_a_model_prior_stands_above_the_lexicon_and_keeps_its_contexts() -> None:
    lexeme = Lexeme("mua", "Transfer-Ownership", 0.5, unless=("_ sắm",))
    lexicon = TriggerLexicon([lexeme], {("mua", "Transfer-Ownership"): 0.1})
    assert lexicon.uses[0].prior == 0.1
    assert lexicon.uses[0].unless


def test_candidates_point_into_the_whole_batch() -> None:
    lexicon = TriggerLexicon([Lexeme("họp", "Meet", 0.9)])
    documents = [segment("Họ họp."), segment("Quốc hội họp.")]
    tokens = Tokens(documents, cluster_table({}))
    candidates, _ = Collector(lexicon, ["Meet"]).collect(documents, tokens)
    assert [tokens.lower[start] for start in candidates.start.tolist()] == ["họp", "họp"]
    assert candidates.type_hash.tolist() == [string_hash("Meet")] * 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_text_gives_spans_within_it(texts: list[str]) -> None:
    documents = analyzer().documents(texts)
    for document, found in zip(documents, finder().triggers(documents), strict=True):
        for trigger in found:
            assert 0 <= trigger.token_start < trigger.token_end <= len(document)
            assert 0 <= trigger.confidence <= 1


def test_some_words_need_a_name_beside_them() -> None:
    text = "Quỹ này trở thành Liên minh Xanh, cô trở thành diễn viên."
    document = analyzer().documents([text])[0]
    start, end = document.tokens_of(text.index("Liên"), text.index(","))
    name = Mention(
        char_start=document.starts[start],
        char_end=document.ends[end - 1],
        text="Liên minh Xanh",
        label="ORG",
        confidence=1.0,
        method="model",
        token_start=start,
        token_end=end,
        sentence=0,
    )
    named = [t for t in finder().triggers([document], [[name]])[0] if t.type == "Rename-Org"]
    assert [t.token_end for t in named] == [start]
    assert not [t for t in finder().triggers([document])[0] if t.type == "Rename-Org"]


def test_contexts_of_several_syllables_are_read_on_both_sides() -> None:
    contexts = Contexts.read(["cả hai _ lại", "_ nhau"])
    assert contexts.hold(["cả", "hai", "gặp", "lại"], 2, 3)
    assert contexts.hold(["họ", "gặp", "nhau"], 1, 2)
    assert not contexts.hold(["hai", "gặp", "lại"], 1, 2)
    assert not Contexts.read([])


def test_training_learns_when_a_word_names_an_event(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    from sukien.training.triggers import Annotated, train_triggers

    places = ("Huế", "Vinh", "Hà Nội", "Đà Nẵng", "Cần Thơ", "Nha Trang", "Pleiku", "Sa Pa")
    texts = [f"Hôm qua ông đã mua nhà ở {place}. Người mua cần nhớ điều đó." for place in places]
    annotated = []
    for document in analyzer().documents(texts):
        first = document.forms.index("mua")
        labels = {(first, first + 1, "Transfer-Ownership"): True}
        annotated.append(Annotated(document, labels, frozenset({"Transfer-Ownership"})))
    settings = train_triggers(annotated, load_ontology(), {"nhà": 1}, tmp_path)
    assert 0 < settings["thresholds"]["balance"] <= 1
    trained = TriggerFinder.load(path=tmp_path)
    document = analyzer().documents(["Hôm qua bà đã mua nhà ở Lào Cai. Người mua cần nhớ."])[0]
    found = trained.triggers([document])[0]
    confidence = {t.token_start: t.confidence for t in found if t.type == "Transfer-Ownership"}
    assert max(confidence, key=lambda start: confidence[start]) == document.forms.index("mua")


def test_judgements_are_read_and_brought_to_their_documents(tmp_path: Path) -> None:
    from sukien.training.triggers import annotate_judgements, read_judgements

    path = tmp_path / "judgements.tsv"
    path.write_text(
        "article\tchar_start\tchar_end\ttype\tverdict\n"
        "news:1\t3\t6\tMeet\t1\nnews:1\t14\t17\tMeet\t0\nnews:2\t0\t3\tMeet\t1\n",
        encoding="utf-8",
    )
    documents = {"news:1": segment("Họ họp. Phòng họp.")}
    (annotated,) = annotate_judgements(read_judgements(path), documents)
    assert annotated.labels == {(1, 2, "Meet"): True, (4, 5, "Meet"): False}


def test_bkee_rows_are_brought_to_their_documents() -> None:
    from sukien.training.triggers import annotate_bkee

    rows = [{"events": [{"type": "Arrest-jail", "start": 3, "end": 6}]}]
    (annotated,) = annotate_bkee(rows, [segment("Bị bắt rồi.")], ["Arrest-Jail", "Meet"])
    assert annotated.labels == {(1, 2, "Arrest-Jail"): True}
    assert annotated.complete == {"Arrest-Jail"}


def test_no_documents_give_no_triggers() -> None:
    assert finder().triggers([]) == []
    assert finder().triggers(analyzer().documents([""])) == [[]]


def test_names_of_persons_and_offices_hold_no_triggers() -> None:
    text = "Ông Thắng thắng 2-0."
    document = analyzer().documents([text])[0]
    name = Mention(
        char_start=4,
        char_end=9,
        text="Thắng",
        label="PER",
        confidence=1.0,
        method="model",
        token_start=1,
        token_end=2,
        sentence=0,
    )
    found = finder().triggers([document], [[name]])[0]
    assert all(trigger.token_start != 1 for trigger in found)


def test_no_word_lies_across_two_words() -> None:
    document = analyzer().documents(["Họ theo đuổi học vị tiến sĩ."])[0]
    lexicon = TriggerLexicon([Lexeme("đuổi học", "Discipline", 0.9)])
    lower = [form.lower() for form in document.forms]
    assert document.words[lower.index("đuổi")] is False
    assert lexicon.find(document, lower).starts == []
    document = analyzer().documents(["Trường đuổi học hai em."])[0]
    lower = [form.lower() for form in document.forms]
    assert lexicon.find(document, lower).starts == [1]
