import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sukien.language.analyzer import Analyzer, segment, tagging_lengths
from sukien.language.document import Document
from sukien.language.underthesea import ModelChangedError

TEXTS = [
    "Chính phủ họp phiên thường kỳ tháng 3. Thủ tướng chủ trì.",
    "Mưa lớn ở Thừa Thiên Huế\nNước sông Hương lên nhanh, chính quyền sơ tán 200 hộ dân.",
    "",
    "   \n ",
    "OpenStack gia nhập Linux Foundation.",
]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def check(document: Document) -> None:
    text = document.text
    position = 0
    for start, end in zip(document.starts, document.ends, strict=True):
        assert position <= start < end <= len(text)
        position = end
    assert len(document.forms) == len(document.words) == len(document.pos) == len(document)
    token = 0
    for sentence in document.sentences:
        assert sentence.token_start == token < sentence.token_end
        assert document.words[token]
        assert sentence.char_start == document.starts[token]
        token = sentence.token_end
        assert sentence.char_end == document.ends[token - 1]
    assert token == len(document)


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
@settings(max_examples=300)
def test_offsets_are_true_for_any_string(analyzer: Analyzer, text: str) -> None:
    check(analyzer.documents([text])[0])


@pytest.mark.stress
@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=400))
@settings(max_examples=200_000, deadline=None)
def test_offsets_are_true_for_very_many_strings(analyzer: Analyzer, text: str) -> None:
    check(analyzer.documents([text])[0])


def test_a_batch_gives_what_each_text_gives_alone(analyzer: Analyzer) -> None:
    together = analyzer.documents(TEXTS)
    for text, document in zip(TEXTS, together, strict=True):
        alone = analyzer.documents([text])[0]
        assert (alone.forms, alone.words, alone.pos) == (
            document.forms,
            document.words,
            document.pos,
        )


def test_words_and_tags_are_underthesea_s(analyzer: Analyzer) -> None:
    import underthesea

    text = "Sáng nay, Bộ Giáo dục và Đào tạo công bố phương án thi tốt nghiệp trung học phổ thông."
    document = analyzer.documents([text])[0]
    tags = [tag for tag, begins in zip(document.pos, document.words, strict=True) if begins]
    assert list(zip(document.word_texts(), tags, strict=True)) == underthesea.pos_tag(text)


def test_decomposed_text_gives_the_same_tokens(analyzer: Analyzer) -> None:
    for text in TEXTS:
        nfd = unicodedata.normalize("NFD", text)
        composed, decomposed = analyzer.documents([text, nfd])
        assert composed.forms == decomposed.forms
        assert composed.pos == decomposed.pos
        for start, end, form in zip(
            decomposed.starts, decomposed.ends, decomposed.forms, strict=True
        ):
            assert unicodedata.normalize("NFC", nfd[start:end]) == form


def test_long_sentences_are_cut_for_tagging_only(analyzer: Analyzer) -> None:
    document = analyzer.documents(["mưa rất to, " * 1000])[0]
    assert len(document.sentences) == 1
    assert max(tagging_lengths(document)) <= 300
    assert sum(tagging_lengths(document)) == len(document)
    assert document.forms[tagging_lengths(document)[0] - 1] == ","


@pytest.mark.parametrize("wrong", [b"abc", None, 3])
def test_what_is_no_text_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="text must be str"):
        segment(wrong)  # type: ignore[arg-type]  # the mistake under test


def test_spans_of_characters_find_their_tokens_and_sentence() -> None:
    document = segment("Hà Nội mưa. Huế nắng.")
    assert document.tokens_of(3, 10) == (1, 3)
    assert document.sentence_at(13) == 1


def test_a_changed_model_file_falls_back_to_underthesea_with_a_warning(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(name: str) -> None:
        raise ModelChangedError("models.bin is not the model of underthesea 9.5")

    monkeypatch.setattr("sukien.language.models.load_tagger", changed)
    with pytest.warns(RuntimeWarning, match=r"not the model of underthesea 9\.5.*slower"):
        slow = Analyzer()
    for ours, theirs in zip(analyzer.documents(TEXTS), slow.documents(TEXTS), strict=True):
        assert (ours.words, ours.pos) == (theirs.words, theirs.pos)
