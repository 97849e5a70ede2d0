"""Training of the names tagger: examples, silver sentences, and a CRF that learns a toy grammar."""

from __future__ import annotations

import numpy as np
import pytest

from sukien.entities.features import Lexicon
from sukien.entities.gazetteer import Gazetteer
from sukien.entities.memory import told_label
from sukien.language.analyzer import segment
from sukien.tagging.columns import Placed
from sukien.training.crf import Example, Settings, bioes, steps_allowed
from sukien.training.names_data import (
    Hiding,
    caseless_example,
    caseless_lists,
    remember,
    select,
    to_example,
    token_spans,
)
from sukien.training.silver import find_misc, silver_sentences

GAZETTEER = Gazetteer(
    [
        ("World Cup", "Me"),
        ("iPhone", "Mp"),
        ("Đinh Dậu", "Mo"),
        ("Sài Gòn Xanh", "Os"),
        ("Lan", "Pv"),
    ]
)


def _misc(text: str) -> list[str]:
    document = segment(text)
    return [
        document.text[document.starts[a] : document.ends[b - 1]]
        for a, b, _ in find_misc(document, GAZETTEER)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Đội ấy dự World Cup 2018 ở Nga.", ["World Cup 2018"]),
        ("Máy mới là iPhone 7 Plus.", ["iPhone 7 Plus"]),
        ("Năm Đinh Dậu nhiều mưa.", []),
        ("Theo Nghị định số 46/2016/NĐ-CP thì phạt nặng.", ["Nghị định số 46/2016/NĐ-CP"]),
        ("Sửa Luật Đất đai và Bộ luật Hình sự 2015.", ["Luật Đất đai", "Bộ luật Hình sự 2015"]),
        ("Anh đóng phim “Mùa lúa chín”.", ["Mùa lúa chín"]),
        ("Anh nói “Mùa lúa chín”.", []),
        ("Hai chiếc Su-35 cất cánh.", ["Su-35"]),
    ],
)
def test_what_news_names_and_vlsp_leaves_out(text: str, wanted: list[str]) -> None:
    assert _misc(text) == wanted


def test_silver_sentences_hold_no_doubtful_name() -> None:
    document = segment("Ông Nam xem World Cup. Bà Hà xem World Cup. Trời mưa.")
    sure = [(1, 2, "PER", 0.99), (7, 8, "PER", 0.4)]
    names, sentences = silver_sentences(document, GAZETTEER, sure)
    assert (1, 2, "PER") in names
    assert sentences == [(0, 6)]


def test_the_list_corrects_a_doubting_tagger() -> None:
    document = segment("Hôm qua Sài Gòn Xanh thắng.")
    names, sentences = silver_sentences(document, GAZETTEER, [(2, 5, "LOC", 0.7)])
    assert names == [(2, 5, "ORG")]
    assert len(sentences) == 1


def test_examples_keep_names_that_fit_their_tokens() -> None:
    document = segment("Ông Lê Nam về Huế.")
    example = to_example(document, [(4, 10, "PER"), (14, 17, "LOC")], GAZETTEER, Lexicon())
    assert example.labels == ["O", "B-PER", "E-PER", "O", "S-LOC", "O"]
    assert token_spans(document, [(4, 10, "PER")]) == [(1, 3, "PER")]


def test_small_letters_and_memory_and_selection() -> None:
    document = segment("Lê Nam về.\nNam nghỉ.")
    example = to_example(document, [(0, 6, "PER"), (11, 14, "PER")], GAZETTEER, Lexicon())
    told = remember(example, [(0, 2, "PER"), (4, 5, "PER")])
    assert told.context["told_label"][4] == told_label("PER", 1, sole=True)
    second = select(told, [example.pieces[1]])
    assert second.pieces == [(0, 3)]
    assert second.forms == ["Nam", "nghỉ", "."]
    small = caseless_example(example, [(0, 2, "PER")], GAZETTEER, Lexicon())
    assert small.forms[:2] == ["lê", "nam"]
    assert small.labels == example.labels
    assert small.context["told_label"][4] == told_label("PER", 1, sole=True)
    assert caseless_lists({"w": {"Nam": "1"}}) == {"w": {"nam": "1"}}


def test_hidden_names_differ_by_document() -> None:
    forms = ["World", "Cup"]
    seen = {bool(list(Hiding(GAZETTEER, str(n)).matches(forms))) for n in range(50)}
    assert seen == {True, False}


def test_labels_may_only_follow_their_own_kind() -> None:
    labels = ("O", "B-A", "I-A", "E-A", "S-A", "B-B", "I-B", "E-B", "S-B")
    allowed = steps_allowed(labels)
    assert allowed[labels.index("B-A"), labels.index("E-A")]
    assert not allowed[labels.index("B-A"), labels.index("E-B")]
    assert not allowed[labels.index("B-A"), labels.index("O")]
    assert not allowed[-1, labels.index("I-A")]


def test_a_crf_learns_from_the_word_before_and_repeats_itself() -> None:
    pytest.importorskip("numba")
    from sukien.tagging.model import Model
    from sukien.tagging.tagger import Tagger
    from sukien.training.crf import fit

    names = ["An", "Bình", "Chi", "Dũng", "Em", "Giang"]
    examples = []
    for number, name in enumerate(names * 5):
        cue = ("ông", "PER") if number % 2 else ("ở", "LOC")
        forms = [cue[0], name, "Văn", "thì", name]
        examples.append(
            Example(
                forms=forms,
                pieces=[(0, 5)],
                context={"run": np.array([0, *[names.index(name) + 1] * 2, 0, 0], dtype=np.uint64)},
                labels=bioes([(1, 3, cue[1])], 5),
            )
        )
    labels = ("O", *(f"{p}-{x}" for x in ("PER", "LOC") for p in "BIES"))
    templates = (
        (("lower", -1),),
        (("lower", 0),),
        (("shape", 0),),
        (("run", 0),),
        (("lower", -2), ("lower", -1)),
    )
    settings = Settings(passes=12, dropout=0.1, rarest_together=1)
    model = fit(examples, templates, labels, context=("run",), lists={}, settings=settings)
    tagger = Tagger(Model.from_bytes(model.to_bytes()))
    run = Placed.of([(1, 1, 99)])
    path = tagger.lattice(["ở", "Hoa", "Văn", "thì", "Hoa"], [5], {"run": run}).best()
    assert [model.labels[i] for i in path] == ["O", "B-LOC", "E-LOC", "O", "O"]
    again = fit(examples, templates, labels, context=("run",), lists={}, settings=settings)
    assert again.to_bytes() == model.to_bytes()


def test_the_scheme_is_taken_out_and_can_be_added_again() -> None:
    pytest.importorskip("numba")
    from sukien.tagging.tagger import Tagger
    from sukien.training.conventions import (
        SCHEME,
        SCHEME_TEMPLATES,
        with_scheme,
        without_scheme,
    )
    from sukien.training.crf import fit

    names = ("Rex", "Alpha", "Zeta", "Orion")
    examples = []
    for number, name in enumerate(names * 8):
        vlsp = bool(number // 4 % 2)
        forms = ["xe", name, "chạy"]
        context = {
            "run_length_kind": np.array([0, 68, 0], dtype=np.uint64),
            "listed_first": np.array([0, 7, 0], dtype=np.uint64),
        }
        labels = ["O", "O" if vlsp else "S-MISC", "O"]
        example = Example(forms=forms, pieces=[(0, 3)], context=context, labels=labels)
        examples.append(with_scheme(example, vlsp=vlsp))
    templates = ((("lower", 0),), (("run_length_kind", 0),), (("listed_first", 0),))
    columns = ("run_length_kind", "listed_first")
    full = fit(
        examples,
        (*templates, *SCHEME_TEMPLATES),
        ("O", *(f"{place}-MISC" for place in "BIES")),
        context=(*columns, SCHEME),
        lists={},
        settings=Settings(passes=8, dropout=0.0, rarest_together=1),
    )
    own, part = without_scheme(full)
    forms = ["xe", "Nova", "chạy"]
    given = {name: examples[0].context[name] for name in columns}
    marked = Tagger(own).lattice(forms, [3], given)
    assert [own.labels[n] for n in marked.best()] == ["O", "S-MISC", "O"]
    as_vlsp = Tagger(own.plus(part)).lattice(forms, [3], given)
    assert [own.labels[n] for n in as_vlsp.best()] == ["O", "O", "O"]
    wanted = Tagger(full).lattice(forms, [3], {**given, SCHEME: np.ones(3, dtype=np.uint64)})
    assert (as_vlsp.scores == wanted.scores).all()
