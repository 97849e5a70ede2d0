"""Names by a Hugging Face token classifier: tiny models made here, nothing is downloaded."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

import sukien
from sukien.analysis import ModelOptions
from sukien.cli import app
from sukien.entities.huggingface import HuggingFaceTagger, _windows, read_labels
from sukien.language.analyzer import segment

REASON = "needs the extra hf (transformers, torch): pip install 'sukien[hf]'"
torch = pytest.importorskip("torch", reason=REASON)
transformers = pytest.importorskip("transformers", reason=REASON)

LABELS = ("O", "B-PERSON", "I-PERSON", "B-ORGANIZATION", "I-ORGANIZATION", "B-LOC", "I-LOC")
TEXTS = (
    "Ông Lê Nam (38 tuổi) thăm Huế.",
    unicodedata.normalize("NFD", "Bà  Đặng Thị Hòa ở Thừa Thiên\u200b Huế, “TP.HCM” 😀."),
    "Tin:\r\n\r\n- HTX Sao Mai\tbán 1.500 tấn gạo.\n\nhoà hợp 中文",
    "",
    "…",
)


def tokenizer_of(kind: str) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    if kind == "bert":
        letters = sorted({c for text in TEXTS for c in unicodedata.normalize("NFC", text).strip()})
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "Lê", "Nam"]
        words += [mark + c for c in letters for mark in ("", "##") if not c.isspace()]
        vocabulary = {word: number for number, word in enumerate(words)}
        made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
        made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        names = {"unk": "[UNK]", "pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]"}
        ends = ("[CLS]", "[SEP]")
    else:
        made = Tokenizer(models.BPE())
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        made.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=320,
            special_tokens=["<s>", "</s>", "<pad>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        made.train_from_iterator(TEXTS, trainer)
        names = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "pad": "<pad>"}
        ends = ("<s>", "</s>")
    from tokenizers.processors import TemplateProcessing

    made.post_processor = TemplateProcessing(
        single=f"{ends[0]} $A {ends[1]}",
        special_tokens=[(mark, made.token_to_id(mark)) for mark in ends],
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        model_max_length=64,
        **{f"{name}_token": mark for name, mark in names.items()},
    )


def save_tiny(folder: Path, kind: str = "bert", labels: tuple[str, ...] = LABELS) -> Path:
    """A randomly initialised classifier with 64 places."""
    tokenizer = tokenizer_of(kind)
    torch.manual_seed(5)
    sizes = {
        "vocab_size": len(tokenizer),
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 66,
        "initializer_range": 0.8,
        "pad_token_id": tokenizer.pad_token_id,
        "id2label": dict(enumerate(labels)),
        "label2id": {label: number for number, label in enumerate(labels)},
    }
    if kind == "bert":
        model = transformers.BertForTokenClassification(transformers.BertConfig(**sizes))
    else:
        model = transformers.RobertaForTokenClassification(transformers.RobertaConfig(**sizes))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=["bert", "roberta"])
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("hf"), request.param)


class Spelling:
    """A classifier that knows what its pieces say: what begins with a capital is a name."""

    def __init__(self, tokenizer: Any) -> None:
        self.config = SimpleNamespace(id2label=dict(enumerate(LABELS)), max_position_embeddings=66)
        self._tokenizer = tokenizer
        self.longest = 0

    def eval(self) -> Spelling:
        return self

    def __call__(self, input_ids: Any, attention_mask: Any) -> Any:
        pieces = self._tokenizer.convert_ids_to_tokens(input_ids[0].tolist())
        self.longest = max(self.longest, len(pieces))
        scores = torch.zeros((1, len(pieces), len(LABELS)))
        for place, piece in enumerate(pieces):
            name = piece[0].isupper()
            after = name and place > 1 and pieces[place - 1] == "Lê"
            scores[0, place, (2 if after else 1) if name else 0] = 3.0
        return SimpleNamespace(logits=scores)


def test_the_first_piece_of_a_token_tells_its_label() -> None:
    tagger = HuggingFaceTagger(model := Spelling(tokenizer_of("bert")), model._tokenizer)
    (names,) = tagger.mentions([segment(TEXTS[0])])
    assert [name.text for name in names] == ["Ông", "Lê Nam", "Huế"]
    chance = float(torch.tensor([3.0, *[0.0] * 6]).softmax(0)[0])
    assert [name.confidence for name in names] == pytest.approx(
        [chance, chance**2, chance], abs=1e-3
    )


def test_long_texts_are_read_in_windows_and_wholly() -> None:
    tagger = HuggingFaceTagger(model := Spelling(tokenizer_of("bert")), model._tokenizer)
    parts = ["Lê Nam thăm Huế. " * 40, "nam Huế tấn " * 400, "Sao"]
    text = "\n".join(parts)
    (names,) = tagger.mentions([segment(text)])
    assert [name.text for name in names] == [*["Lê Nam", "Huế"] * 40, *["Huế"] * 400, "Sao"]
    assert 40 < model.longest <= 64


def test_windows_judge_each_token_once() -> None:
    sizes = [1, 16, 3, 2] * 50
    sentences = [(0, 3), (3, 90), (90, 91), (91, 200)]
    judged: list[int] = []
    for window in _windows(sentences, sizes, 40):
        assert sum(sizes[token] for token in window.tokens) <= 40
        judged += range(window.first, window.last)
    assert judged == list(range(200))


def test_offsets_are_true_whatever_the_text(tiny: Path) -> None:
    tagger = HuggingFaceTagger.load(str(tiny))
    documents = [segment(text) for text in TEXTS]
    found = tagger.mentions(documents)
    assert sum(map(len, found)) > 5
    for text, document, names in zip(TEXTS, documents, found, strict=True):
        for name in names:
            assert text[name.char_start : name.char_end] == name.text
            assert document.starts[name.token_start] == name.char_start
            assert document.ends[name.token_end - 1] == name.char_end
            assert name.label in {"PER", "ORG", "LOC"}
            assert 0 < name.confidence <= 1
        edges = [(name.char_start, name.char_end) for name in names]
        assert all(a[1] <= b[0] for a, b in pairwise(edges))


def test_a_document_gives_the_same_names_alone_and_among_others(tiny: Path) -> None:
    documents = [segment(text) for text in (*TEXTS, TEXTS[0] * 30, TEXTS[2])]
    together = HuggingFaceTagger.load(str(tiny)).mentions(documents)
    other = HuggingFaceTagger.load(str(tiny))
    assert [other.mentions([document])[0] for document in reversed(documents)] == together[::-1]


def test_a_pipeline_and_a_run_take_their_names_from_it(tiny: Path, tmp_path: Path) -> None:
    wanted = HuggingFaceTagger.load(str(tiny)).mentions([segment(TEXTS[0])])[0]
    doc = sukien.load(names=f"hf:{tiny}")(TEXTS[0])
    assert [(ent.text, ent.start_char) for ent in doc.ents] == [
        (name.text, name.char_start) for name in wanted
    ]
    tables = sukien.extract([{"text": TEXTS[0]}], names=f"hf:{tiny}")
    assert tables.mentions["text"].tolist() == [name.text for name in wanted]
    article = tmp_path / "a.txt"
    article.write_text(TEXTS[0], encoding="utf-8")
    output = tmp_path / "out"
    result = CliRunner().invoke(
        app,
        ["extract", str(article), "-o", str(output), "--jobs", "1", "--names", f"hf:{tiny}"],
    )
    assert result.exit_code == 0, result.output
    assert sukien.read_tables(output).mentions["text"].tolist() == [name.text for name in wanted]


def test_what_decides_names_is_part_of_a_runs_identity(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "one")
    before = ModelOptions(names=f"hf:{folder}").identity()
    assert before != ModelOptions().identity()
    save_tiny(tmp_path / "two")
    assert ModelOptions(names=f"hf:{tmp_path / 'two'}").identity() == before
    (folder / "config.json").write_text("{}", encoding="utf-8")
    assert ModelOptions(names=f"hf:{folder}").identity() != before


def test_labels_of_other_kinds_are_refused(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path, labels=("LABEL_0", "LABEL_1", "B-DATE"))
    with pytest.raises(ValueError, match="labels LABEL_0, LABEL_1, B-DATE are not PER"):
        HuggingFaceTagger.load(str(folder))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("hf:{tmp}/none", "cannot be loaded"),
        ("{tmp}", "is no folder with a model.npz"),
    ],
)
def test_a_model_that_is_not_there_is_named(tmp_path: Path, names: str, words: str) -> None:
    names = names.format(tmp=tmp_path)
    with pytest.raises((OSError, ValueError), match=words) as raised:
        sukien.extract([{"text": "Huế"}], names=names)
    assert str(tmp_path) in str(raised.value)


def test_a_gazetteer_goes_with_the_other_model_only(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a gazetteer tells hf:x nothing"):
        sukien.extract([{"text": "Huế"}], names="hf:x", gazetteer=tmp_path)


def test_labels_may_be_bare_or_have_places_of_other_schemes() -> None:
    assert read_labels(["o", "U-PER", "L-ORG", "misc", "E_LOC"]) == [
        None,
        ("S", "PER"),
        ("E", "ORG"),
        ("I", "MISC"),
        ("E", "LOC"),
    ]


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ImportError, match=r"pip install 'sukien\[hf\]'"):
        HuggingFaceTagger.load("any")
