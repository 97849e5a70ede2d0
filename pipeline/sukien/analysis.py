"""All stages over a batch of articles: what is found in each, or why it failed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from sukien.article import Article, Failure

if TYPE_CHECKING:
    from sukien.dates.timex import Timex
    from sukien.entities.entity import Entity
    from sukien.entities.mention import Mention
    from sukien.events.event import Event
    from sukien.language.document import Document
    from sukien.quantities.quantity import Quantity

__all__ = ["MAX_CHARS", "Analysis", "ModelOptions", "Models", "Stages", "analyse", "failure_of"]

MAX_CHARS = 5_000_000
"""Longer articles are no articles; they become a failed row."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One article with everything the stages found in it, in text order.

    Positions point into the lists: an entity's `mentions` into `mentions`, an argument's
    `mention`, `date` and `quantity` into the lists of that name.
    """

    article: Article
    document: Document
    mentions: Sequence[Mention]
    entities: Sequence[Entity]
    dates: Sequence[Timex]
    quantities: Sequence[Quantity]
    events: Sequence[Event]


class Stages(Protocol):
    """What `analyse` needs: one call that takes articles through all stages."""

    def run(self, articles: Sequence[Article]) -> list[Analysis]:
        """One analysis an article, in order; an exception fails the whole call."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """What a user may choose about the stages; safe to pickle and to send to workers.

    names: where the names come from: `hf:` and the name or folder of a Hugging Face token
        classifier, a folder written by `sukien train names`, or None for the shipped model.
    gazetteer: file of names with their codes, over the shipped list.
    corrections: file of names and links that are obeyed (see `entities.corrections`).
    ontology: file of event types and words on top of the shipped ones.
    types: event types to look for that are off by default.
    precision: keep only events the model is sure of.
    time_fallback: date events that are left without a time by the day of publication.
    """

    names: str | None = None
    gazetteer: Path | None = None
    corrections: Path | None = None
    ontology: Path | None = None
    types: tuple[str, ...] = ()
    precision: bool = False
    time_fallback: bool = False

    def identity(self) -> dict[str, object]:
        """All that decides a result; of files their content, not their names."""
        return {
            "names": _digest_of_names(self.names),
            "gazetteer": _digest(self.gazetteer),
            "corrections": _digest(self.corrections),
            "ontology": _digest(self.ontology),
            "types": sorted(self.types),
            "precision": self.precision,
            "time_fallback": self.time_fallback,
        }


def _digest(path: Path | None) -> str | None:
    return None if path is None else hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _digest_of_names(names: str | None) -> str | None:
    """What tells one model from another: the files of a folder, else its name on the hub."""
    folder = Path((names or "").removeprefix("hf:"))
    if not names or not folder.is_dir():
        return names
    found = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        found.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return (
        f"{names.partition(':')[0] if names.startswith('hf:') else 'own'}:{found.hexdigest()[:16]}"
    )


class NameStage(Protocol):
    """Finds names; the same document gives the same names whatever else is in the call."""

    def mentions(self, documents: Sequence[Document]) -> list[list[Mention]]:
        """Names of each document in text order; they never overlap."""
        ...


def _name_stage(names: str | None, gazetteer: Path | None) -> NameStage:
    from sukien.entities.gazetteer import Gazetteer
    from sukien.entities.tagger import NameTagger

    if names is not None and names.startswith("hf:"):
        from sukien.entities.huggingface import HuggingFaceTagger

        return HuggingFaceTagger.load(names.removeprefix("hf:"))
    folder = None if names is None else Path(names)
    if folder is not None and not (folder / "model.npz").is_file():
        raise ValueError(
            f"{names} is no folder with a model.npz, as sukien train names writes it, "
            "nor hf: and the name or folder of a Hugging Face token classifier"
        )
    return NameTagger.load(folder, gazetteer=Gazetteer.load(gazetteer))


class Models:
    """The stages, loaded once.

    Loading is what costs at the start of a run, so make one `Models` a process and keep it.
    """

    def __init__(self, options: ModelOptions | None = None) -> None:
        from sukien.entities.corrections import Corrections
        from sukien.events.extractor import EventExtractor
        from sukien.language.analyzer import Analyzer

        options = options or ModelOptions()
        self._analyzer = Analyzer()
        self._tagger = _name_stage(options.names, options.gazetteer)
        self._extractor = EventExtractor.load(
            options.ontology,
            options.precision,
            types=options.types,
            fallback="published" if options.time_fallback else None,
        )
        path = options.corrections
        self._corrections = Corrections() if path is None else Corrections.read(path)

    def run(self, articles: Sequence[Article]) -> list[Analysis]:
        """Take articles through all stages; an exception fails the whole batch."""
        from sukien.dates import find_dates
        from sukien.entities.link import link, relabelled
        from sukien.quantities import find_quantities

        fixed = self._corrections
        documents = self._analyzer.documents([article.text for article in articles])
        tagged = zip(documents, self._tagger.mentions(documents), strict=True)
        mentions = [fixed.mentions(*pair) for pair in tagged]
        dates, quantities = [], []
        for article, document, names in zip(articles, documents, mentions, strict=True):
            spans = [(name.char_start, name.char_end) for name in names]
            found = find_dates(document.shadow, reference=article.published_at, names=spans)
            taken = [(date.char_start, date.char_end) for date in found]
            dates.append(found)
            quantities.append(find_quantities(document.shadow, taken=taken))
        published = [article.published_at for article in articles]
        entities = [
            link(document, names, published=day, corrections=fixed)
            for document, names, day in zip(documents, mentions, published, strict=True)
        ]
        mentions = [relabelled(*pair) for pair in zip(mentions, entities, strict=True)]
        events = self._extractor.events(documents, mentions, dates, quantities, published)
        parts = (articles, documents, mentions, entities, dates, quantities, events)
        return [Analysis(*row) for row in zip(*parts, strict=True)]


def analyse(articles: Sequence[Article], stages: Stages) -> list[Analysis | Failure]:
    """Take articles through all stages; one bad article never stops the others.

    A batch that raises is repeated one by one, and the article that raises again becomes a
    `Failure` that says so in plain words. Returns one result an article, in order.
    """
    results: list[Analysis | Failure | None] = [_unfit(article) for article in articles]
    open_ = [position for position, result in enumerate(results) if result is None]
    try:
        done = stages.run([articles[position] for position in open_]) if open_ else []
        for position, analysis in zip(open_, done, strict=True):
            results[position] = analysis
    except Exception:  # noqa: BLE001  any fault of a stage costs one article, not the run
        for position in open_:
            results[position] = _singly(articles[position], stages)
    return [result for result in results if result is not None]


def _singly(article: Article, stages: Stages) -> Analysis | Failure:
    try:
        return stages.run([article])[0]
    except Exception as error:  # noqa: BLE001  as above
        words = str(error) or "no further words"
        return failure_of(article, f"could not be analysed: {type(error).__name__}: {words}")


def _unfit(article: Article) -> Failure | None:
    """Refuse what no stage or file could take."""
    if not article.text.strip():
        return failure_of(article, "the text is blank", "skipped")
    if article.n_chars > MAX_CHARS:
        return failure_of(
            article,
            f"the text has {article.n_chars:,} characters, more than {MAX_CHARS:,}; "
            "split it into articles",
        )
    try:
        article.text.encode()
    except UnicodeEncodeError as error:
        code = ord(article.text[error.start])
        return failure_of(
            article,
            f"character {error.start} is half a UTF-16 pair (U+{code:04X}), which no UTF-8 "
            "file can hold; decode the source again with its right encoding",
        )
    return None


def failure_of(
    article: Article, error: str, status: Literal["failed", "skipped"] = "failed"
) -> Failure:
    """The row of an article that is left out, with the reason."""
    return Failure(
        source_path=article.source_path,
        member=article.member,
        format=article.format,
        encoding=article.encoding,
        status=status,
        error=error,
    )
