"""How well mentions are grouped into entities: B-cubed against gold entity ids.

Run `python -m sukien.scoring.entities FILE.jsonl` for the score with gold mentions; `--tagged`
scores the tagger's mentions, `--errors` lists what was joined or split wrongly.

B-cubed (Bagga and Baldwin, 1998): for each mention the share of its response set that is right
(precision) and of its gold set that was found (recall).
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sukien.entities.link import link
from sukien.entities.mention import Mention
from sukien.language.analyzer import segment
from sukien.language.document import Document
from sukien.scoring.lines import read_rows

__all__ = ["BCubed", "b_cubed", "errors_of", "gold_mentions", "main", "score_file"]


@dataclass(frozen=True, slots=True)
class BCubed:
    """Precision, recall and F1 in percent, and the number of gold and predicted mentions."""

    precision: float
    recall: float
    n_gold: int
    n_predicted: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def b_cubed(gold: Mapping[Hashable, Hashable], predicted: Mapping[Hashable, Hashable]) -> BCubed:
    """Score one partition of mentions against another; both map a mention to its set.

    A mention that stands only on one side counts against precision or recall.

    >>> b_cubed({1: "a", 2: "a", 3: "b"}, {1: "x", 2: "x", 3: "x"}).recall
    100.0
    """
    gold_size, predicted_size = Counter(gold.values()), Counter(predicted.values())
    both = Counter((gold[m], predicted[m]) for m in gold if m in predicted)
    right = {"precision": 0.0, "recall": 0.0}
    for (true, found), count in both.items():
        right["precision"] += count * count / predicted_size[found]
        right["recall"] += count * count / gold_size[true]
    return BCubed(
        precision=100 * right["precision"] / max(len(predicted), 1),
        recall=100 * right["recall"] / max(len(gold), 1),
        n_gold=len(gold),
        n_predicted=len(predicted),
    )


def gold_mentions(document: Document, rows: Iterable[Mapping[str, Any]]) -> list[Mention]:
    """Gold rows (`start`, `end`, `label`) as mentions of a document, in text order."""
    mentions = []
    for row in sorted(rows, key=lambda row: (row["start"], -row["end"])):
        first, last = document.tokens_of(row["start"], row["end"])
        mentions.append(
            Mention(
                char_start=row["start"],
                char_end=row["end"],
                text=document.text[row["start"] : row["end"]],
                label=row["label"],
                confidence=1.0,
                method="model",
                token_start=first,
                token_end=last,
                sentence=document.sentence_at(row["start"]),
            )
        )
    return mentions


def score_file(path: Path, *, errors: bool = False, tagged: bool = False) -> BCubed:
    """Score linking on a JSONL file, with gold mentions or with the tagger's own.

    A mention is its span; optional gold mentions, and found ones that touch them, are left out.
    """
    gold: dict[Hashable, Hashable] = {}
    predicted: dict[Hashable, Hashable] = {}
    texts: dict[Hashable, str] = {}
    articles = list(read_rows(path))
    documents = _documents([article["text"] for article in articles], tagged)
    for article, document, found in zip(articles, *documents, strict=True):
        rows = sorted(article["entities"], key=lambda row: (row["start"], -row["end"]))
        mentions = gold_mentions(document, rows) if found is None else found
        free = [(row["start"], row["end"]) for row in rows if row.get("optional")]
        for row in rows:
            if not row.get("optional"):
                span = row["start"], row["end"]
                gold[article["id"], span] = (article["id"], row["entity"])
        entities = link(document, mentions, published=article.get("published_at"))
        for number, entity in enumerate(entities):
            for at in entity.mentions:
                span = mentions[at].char_start, mentions[at].char_end
                if not any(start < span[1] and span[0] < end for start, end in free):
                    predicted[article["id"], span] = (article["id"], number)
        texts.update(
            (
                (article["id"], (row["start"], row["end"])),
                article["text"][row["start"] : row["end"]],
            )
            for row in rows
        )
    if errors:
        for kind, forms in errors_of(gold, predicted, texts):
            print(f"{kind}: {forms}")
    return b_cubed(gold, predicted)


def _documents(
    texts: Sequence[str], tagged: bool
) -> tuple[Sequence[Document], Sequence[list[Mention] | None]]:
    if not tagged:
        return [segment(text) for text in texts], [None] * len(texts)
    from sukien.entities.tagger import NameTagger
    from sukien.language.analyzer import Analyzer

    documents = Analyzer().documents(texts)
    return documents, NameTagger.load().mentions(documents)


def errors_of(
    sets: Mapping[Hashable, Hashable],
    found: Mapping[Hashable, Hashable],
    texts: Mapping[Hashable, str],
) -> Iterator[tuple[str, str]]:
    """What was joined or split wrongly, as (`joined` or `split`, the forms of each part).

    `sets` and `found` map mentions to gold and found entities, `texts` to surfaces; mentions
    that stand on one side only are left out.

    >>> list(errors_of({1: "a", 2: "b"}, {1: 0, 2: 0}, {1: "Huế", 2: "Vinh"}))
    [('joined', 'Huế + Vinh')]
    """
    for kind, outer, inner in (("joined", found, sets), ("split", sets, found)):
        parts: dict[Hashable, dict[Hashable, set[str]]] = defaultdict(lambda: defaultdict(set))
        for mention in sets:
            if mention in found:
                parts[outer[mention]][inner[mention]].add(texts[mention])
        for part in parts.values():
            if len(part) > 1:
                yield kind, " + ".join("/".join(sorted(forms)) for forms in part.values())


def main(arguments: Sequence[str]) -> int:
    """Print the score of each file."""
    paths = [Path(argument) for argument in arguments if not argument.startswith("-")]
    if not paths:
        print(
            "usage: python -m sukien.scoring.entities FILE.jsonl... [--tagged] [--errors]",
            file=sys.stderr,
        )
        return 2
    for path in paths:
        score = score_file(path, errors="--errors" in arguments, tagged="--tagged" in arguments)
        print(
            f"{path.name}: B-cubed F1 {score.f1:.1f} "
            f"(precision {score.precision:.1f}, recall {score.recall:.1f}, "
            f"{score.n_gold} mentions)"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
