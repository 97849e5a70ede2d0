"""The spaCy view: a `Language` whose docs hold names, dates, quantities and events.

The stages work on syllables; spaCy wants words, and cannot split a token that holds a space. So
the tokenizer only cuts the text, and the component `sukien` puts a new `Doc` in its place whose
words end wherever a name, date, quantity or trigger ends. The components after it show one kind
of result each and may be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice, pairwise
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import DummyTokenizer, filter_spans, registry
from spacy.vocab import Vocab

from sukien.analysis import MAX_CHARS, Analysis, ModelOptions, Models
from sukien.article import Article
from sukien.language.analyzer import segment
from sukien.language.document import Document

__all__ = ["load", "show", "view"]

_KEY = "sukien"  # in Doc.user_data: plain lists and dicts, so that DocBin and pickle keep them
_VIEWS = ("sukien_entities", "sukien_dates", "sukien_quantities", "sukien_events")

# Underthesea's tags (VLSP 2013) to universal parts of speech.
_UNIVERSAL = {
    "A": "ADJ", "C": "CCONJ", "CH": "PUNCT", "E": "ADP", "FW": "X", "I": "INTJ", "L": "DET",
    "M": "NUM", "N": "NOUN", "Nc": "NOUN", "Np": "PROPN", "Nu": "NOUN", "Ny": "NOUN",
    "P": "PRON", "R": "ADV", "T": "PART", "V": "VERB", "Vy": "VERB", "X": "X", "Z": "X",
}  # fmt: skip


def load(*, published_at: str | None = None, names: str | None = None) -> Language:
    """A spaCy pipeline for Vietnamese news.

    `doc.ents` are the names, `doc.spans["dates"]`, `["quantities"]` and `["events"]` the rest,
    each span with its values in `span._.entity`, `._.timex`, `._.quantity`, `._.event`;
    `doc._.events` lists the events with their arguments. Relative dates count from
    `published_at`, from `doc._.published_at`, or from the context of
    `nlp.pipe([(text, {"published_at": "2024-03-20"})], as_tuples=True)`. `names` is another
    model for names: `hf:` and the name or folder of a Hugging Face token classifier (extra
    `hf`), or a folder written by `sukien train names`.

    >>> nlp = load(published_at="2024-03-20")
    >>> doc = nlp("Chiều qua, Bộ Y tế họp tại Hà Nội.")
    >>> [span._.timex["value"] for span in doc.spans["dates"]]
    ['2024-03-19TAF']
    """
    tokenizer = {"nlp": {"tokenizer": {"@tokenizers": "sukien.Tokenizer.v1"}}}
    nlp = spacy.blank("vi", config=tokenizer)
    nlp.add_pipe("sukien", config={"published_at": published_at, "names": names})
    for name in _VIEWS:
        nlp.add_pipe(name)
    return nlp


class Tokenizer(DummyTokenizer):
    """Cuts a text into syllables; `sukien` makes words of them."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        document = segment(text)
        return _doc(self.vocab, text, list(zip(document.starts, document.ends, strict=True)))


def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Tokenizer for a pipeline's configuration; registered as `sukien.Tokenizer.v1`."""

    def create(nlp: Language) -> Tokenizer:
        return Tokenizer(nlp.vocab)

    return create


registry.tokenizers.register("sukien.Tokenizer.v1", func=make_tokenizer)


class Component:
    """All stages on a batch of docs; each is replaced by one cut at names, dates and triggers."""

    def __init__(self, vocab: Vocab, published_at: str | None, names: str | None = None) -> None:
        self._vocab = vocab
        self._published_at = published_at
        self._names = names
        self._models: Models | None = None

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Work a batch at a time."""
        if self._models is None:
            self._models = Models(ModelOptions(names=self._names))
        for batch in _batches(docs, batch_size):
            articles = [Article(text=doc.text, published_at=self._published(doc)) for doc in batch]
            for doc, analysis in zip(batch, self._models.run(articles), strict=True):
                yield self._replace(doc, analysis)

    def _published(self, doc: Doc) -> str | None:
        context = doc._context
        if isinstance(context, dict) and "published_at" in context:
            stated: str | None = context["published_at"]
            return stated
        own: str | None = doc._.published_at
        return own or self._published_at

    def _replace(self, old: Doc, analysis: Analysis) -> Doc:
        plain = _plain(analysis)
        doc = view(self._vocab, analysis.document, plain)
        doc.user_data.update(old.user_data)
        doc.user_data[_KEY] = plain
        doc._context = old._context
        return doc


def view(vocab: Vocab, document: Document, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Doc:
    """A document as a Doc whose words end wherever something found begins or ends.

    `found` holds lists of mappings with `char_start` and `char_end` under `entities`, `dates`,
    `quantities` and `events` (these with their `arguments`); `show` makes spans of them.
    """
    items = [item for kind in found.values() for item in kind]
    items += [argument for event in found["events"] for argument in event["arguments"]]
    cuts = {offset for item in items for offset in (item["char_start"], item["char_end"])}
    spans: list[tuple[int, int]] = []
    tags: list[str] = []
    for start, end, begins, tag in zip(
        document.starts, document.ends, document.words, document.pos, strict=True
    ):
        inside = sorted(cut for cut in cuts if start < cut < end) if end - start > 1 else []
        borders = [start, *inside, end]
        if not begins and start not in cuts:
            borders[0] = spans.pop()[0]
            tags.pop()
        for first, last in pairwise(borders):
            spans.append((first, last))
            tags.append(tag)
    doc = _doc(vocab, document.text, spans)
    starts = {sentence.char_start for sentence in document.sentences}
    by_offset = dict(zip((first for first, _ in spans), tags, strict=True))
    for token in doc:
        tag = by_offset.get(token.idx, "")
        token.tag_, token.pos_ = tag, _UNIVERSAL.get(tag, "SPACE" if token.is_space else "X")
        token.is_sent_start = token.idx in starts or token.i == 0
    doc.user_data[_KEY] = found
    return doc


def show(doc: Doc) -> Doc:
    """Make spans of all that `view` was given; the list itself is not kept."""
    for component in (show_entities, show_dates, show_quantities, show_events):
        doc = component(doc)
    del doc.user_data[_KEY]
    return doc


def _batches(docs: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    rest = iter(docs)
    while batch := list(islice(rest, size)):
        yield batch


def _plain(analysis: Analysis) -> dict[str, list[dict[str, Any]]]:
    """The results as lists of dicts; a mention's `entity` is its entity's name."""
    names = {m: entity.name for entity in analysis.entities for m in entity.mentions}
    return {
        "entities": [
            {**asdict(mention), "entity": names.get(position)}
            for position, mention in enumerate(analysis.mentions)
        ],
        "dates": [asdict(date) for date in analysis.dates],
        "quantities": [asdict(quantity) for quantity in analysis.quantities],
        "events": [asdict(event) for event in analysis.events],
    }


def _doc(vocab: Vocab, text: str, spans: list[tuple[int, int]]) -> Doc:
    """A Doc with these words; what lies between them, but for one space, is a token too."""
    words: list[str] = []
    spaces: list[bool] = []
    position = 0
    for start, end in [*spans, (len(text), len(text))]:
        gap = text[position:start]
        if gap.startswith(" ") and words:
            spaces[-1], gap = True, gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
        if start < end:
            words.append(text[start:end])
            spaces.append(False)
        position = end
    return Doc(vocab, words=words, spaces=spaces)


@Language.factory(
    "sukien", assigns=["token.tag", "token.pos", "token.is_sent_start"],
    default_config={"published_at": None, "names": None},
)  # fmt: skip
def make_component(
    nlp: Language, name: str, published_at: str | None, names: str | None
) -> Component:
    """Factory of the component that runs the stages."""
    nlp.max_length = max(nlp.max_length, MAX_CHARS)
    return Component(nlp.vocab, published_at, names)


def _spans(doc: Doc, kind: str, label: str, extension: str) -> list[Span]:
    out: list[Span] = []
    for item in doc.user_data.get(_KEY, {}).get(kind, []):
        span = doc.char_span(item["char_start"], item["char_end"], label=item[label])
        if span is not None:
            span._.set(extension, item)
            out.append(span)
    return out


@Language.component("sukien_entities", assigns=["doc.ents"], requires=["token.tag"])
def show_entities(doc: Doc) -> Doc:
    """Names as `doc.ents`; `ent._.entity` tells which entity each refers to."""
    doc.ents = filter_spans(_spans(doc, "entities", "label", "entity"))
    return doc


@Language.component("sukien_dates", assigns=["doc.spans"])
def show_dates(doc: Doc) -> Doc:
    """Temporal expressions as `doc.spans["dates"]`, values in `span._.timex`."""
    doc.spans["dates"] = _spans(doc, "dates", "type", "timex")
    return doc


@Language.component("sukien_quantities", assigns=["doc.spans"])
def show_quantities(doc: Doc) -> Doc:
    """Quantities as `doc.spans["quantities"]`, values in `span._.quantity`."""
    doc.spans["quantities"] = _spans(doc, "quantities", "kind", "quantity")
    return doc


@Language.component("sukien_events", assigns=["doc.spans", "doc._.events"])
def show_events(doc: Doc) -> Doc:
    """Triggers as `doc.spans["events"]`, events with their arguments in `doc._.events`."""
    doc.spans["events"] = _spans(doc, "events", "type", "event")
    doc._.events = doc.user_data.get(_KEY, {}).get("events", [])
    return doc


def _register() -> None:
    for extension in ("entity", "timex", "quantity", "event"):
        Span.set_extension(extension, default=None, force=True)
    Doc.set_extension("events", default=None, force=True)
    Doc.set_extension("published_at", default=None, force=True)


_register()
