"""Names against gold: exact, partial and untyped F1, by label, and on surfaces never trained on.

Run it as `python -m sukien.scoring.names FILE...`; FILE is JSON lines (`.xz` too) with `text` and
`entities` (`start`, `end`, `label`; of nested names only `level` 0 counts; `optional` names are
neither rewarded nor punished; `alt` lists other right spans, `alt_types` other right labels).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sukien.scoring.counts import Count
from sukien.scoring.lines import read_rows

if TYPE_CHECKING:
    from sukien.entities.tagger import NameTagger

__all__ = [
    "LABELS",
    "GoldName",
    "NameScores",
    "main",
    "read_gold",
    "read_name",
    "score_names",
    "surfaces",
]

LABELS = ("PER", "ORG", "LOC", "MISC")
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class GoldName:
    """A name of the gold annotation: its spans and labels that count as right, the first best."""

    spans: tuple[tuple[int, int], ...]
    labels: tuple[str, ...]
    optional: bool = False

    def accepts(self, span: Span) -> bool:
        """Whether span and label are right."""
        return (span[0], span[1]) in self.spans and span[2] in self.labels


@dataclass(slots=True)
class NameScores:
    """What `score_names` measures.

    `labels` are exact scores by label, `exact` over all; `untyped` ignores labels; `partial`
    counts a name as half right where label and some of the characters agree. `seen` and
    `unseen` hold recall by whether the surface stands in the training data (None without it).
    `calibration` is the expected calibration error of the confidences, in percent.
    """

    labels: dict[str, Count] = field(default_factory=lambda: {name: Count() for name in LABELS})
    exact: Count = field(default_factory=Count)
    untyped: Count = field(default_factory=Count)
    partial: Count = field(default_factory=Count)
    seen: Count | None = None
    unseen: Count | None = None
    calibration: float | None = None


def read_gold(path: Path) -> Iterator[tuple[str, list[GoldName]]]:
    """Texts with their gold names; ValueError names the line that cannot be read."""
    for number, row in enumerate(read_rows(path), 1):
        try:
            names = [read_name(entity) for entity in row["entities"] if not entity.get("level")]
            yield row["text"], names
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path}:{number}: not a gold row: {error!r}") from error


def read_name(entity: Mapping[str, Any]) -> GoldName:
    """One gold name of a row.

    >>> read_name({"start": 0, "end": 3, "label": "LOC", "alt_types": ["ORG"]}).labels
    ('LOC', 'ORG')
    """
    spans = [(entity["start"], entity["end"])]
    for other in entity.get("alt") or ():
        pair = (other["start"], other["end"]) if isinstance(other, Mapping) else tuple(other[:2])
        spans.append(pair)
    labels = (entity["label"], *(entity.get("alt_types") or ()))
    return GoldName(tuple(spans), labels, bool(entity.get("optional")))


def surfaces(paths: Iterable[Path]) -> set[str]:
    """All gold surfaces of some files: what a tagger trained on them has seen."""
    return {
        text[start:end]
        for path in paths
        for text, names in read_gold(path)
        for name in names
        for start, end in name.spans[:1]
    }


def score_names(
    gold: Sequence[tuple[str, Sequence[GoldName]]],
    predicted: Sequence[Sequence[Span]],
    *,
    seen: set[str] | None = None,
    confidences: Sequence[Sequence[float]] | None = None,
) -> NameScores:
    """Score predicted half-open spans with labels, document by document.

    >>> gold = [("Huế", [GoldName(((0, 3),), ("LOC",))])]
    >>> score_names(gold, [[(0, 3, "LOC")]]).exact.f1
    1.0
    """
    out = NameScores()
    if seen is not None:
        out.seen, out.unseen = Count(), Count()
    judged: list[tuple[float, bool]] = []
    for number, ((text, names), spans) in enumerate(zip(gold, predicted, strict=True)):
        right = _score_document(out, text, names, spans, seen)
        if confidences is not None:
            judged += [
                (confidence, verdict)
                for confidence, verdict in zip(confidences[number], right, strict=True)
                if verdict is not None
            ]
    if confidences is not None:
        out.calibration = expected_calibration_error(judged)
    return out


def _score_document(
    out: NameScores,
    text: str,
    names: Sequence[GoldName],
    spans: Sequence[Span],
    seen: set[str] | None,
) -> list[bool | None]:
    """Add one document; returns for each span whether it is right, None where it does not count."""
    verdicts: list[bool | None] = [False] * len(spans)
    required = [name for name in names if not name.optional]
    found: dict[int, int] = {}  # span -> gold name
    for position, name in enumerate(required):
        for index, span in enumerate(spans):
            if index not in found and name.accepts(span):
                found[index] = position
                verdicts[index] = True
                break
    for index, (start, end, _) in enumerate(spans):
        if index not in found and any(
            name.optional and any(start < b and a < end for a, b in name.spans) for name in names
        ):
            verdicts[index] = None
    hit = set(found.values())
    for position, name in enumerate(required):
        out.labels[name.labels[0]].gold += 1
        for score in (out.exact, out.untyped, out.partial):
            score.gold += 1
        if seen is not None and out.seen is not None and out.unseen is not None:
            known = text[slice(*name.spans[0])] in seen
            score = out.seen if known else out.unseen
            score.gold += 1
            score.right += position in hit
    counted = [index for index, verdict in enumerate(verdicts) if verdict is not None]
    for index in counted:
        label = required[found[index]].labels[0] if index in found else spans[index][2]
        out.labels[label].predicted += 1
        out.labels[label].right += index in found
        for score in (out.exact, out.untyped, out.partial):
            score.predicted += 1
    out.exact.right += len(found)
    _score_loosely(out, required, [spans[index] for index in counted])
    return verdicts


def _score_loosely(out: NameScores, names: Sequence[GoldName], spans: Sequence[Span]) -> None:
    edges = Counter((start, end) for start, end, _ in spans)
    for name in names:
        for edge in name.spans:
            if edges[edge]:
                edges[edge] -= 1
                out.untyped.right += 1
                break
    free = set(spans)
    for name in names:
        best: tuple[float, Span] | None = None
        for span in free:
            if name.accepts(span):
                best = (1.0, span)
                break
            if span[2] in name.labels and any(a < span[1] and span[0] < b for a, b in name.spans):
                best = (0.5, span)
        if best is not None:
            out.partial.right += best[0]
            free.discard(best[1])


def expected_calibration_error(judged: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Mean gap between confidence and share of right names over equal bins, in percent.

    Guo et al., ICML 2017.

    >>> expected_calibration_error([(0.9, True), (0.9, False)])
    40.0
    """
    sums: dict[int, list[float]] = {}
    for confidence, right in judged:
        entry = sums.setdefault(min(int(confidence * bins), bins - 1), [0.0, 0.0, 0.0])
        entry[0] += 1
        entry[1] += confidence
        entry[2] += right
    total = len(judged)
    gap = sum(abs(confident - right) for _, confident, right in sums.values())
    return round(100 * gap / total, 2) if total else 0.0


def render(scores: NameScores) -> str:
    """The scores as a small table of plain text."""
    rows = [("", "P", "R", "F1", "gold")]
    listed = [*scores.labels.items(), ("exact", scores.exact)]
    for name, score in [*listed, ("untyped", scores.untyped), ("partial", scores.partial)]:
        precision, recall, f1 = (
            f"{100 * x:.1f}" for x in (score.precision, score.recall, score.f1)
        )
        rows.append((name, precision, recall, f1, str(score.gold)))
    for name, share in (("seen", scores.seen), ("unseen", scores.unseen)):
        if share is not None:
            rows.append((name, "", f"{100 * share.recall:.1f}", "", str(share.gold)))
    lines = [f"{a:8}{b:>7}{c:>7}{d:>7}{e:>7}" for a, b, c, d, e in rows]
    if scores.calibration is not None:
        lines.append(f"expected calibration error {scores.calibration:.1f}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Tag the texts of gold files with the shipped tagger and print the scores."""
    parser = argparse.ArgumentParser(prog="python -m sukien.scoring.names", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--seen", type=Path, nargs="*", help="training files, for unseen surfaces")
    parser.add_argument("--model", type=Path, help="folder with another model")
    parser.add_argument(
        "--vlsp", action="store_true", help="mark as VLSP does, not by the project's guidelines"
    )
    parser.add_argument(
        "--case", choices=("as-is", "lower", "upper"), default="as-is", help="rewrite the texts"
    )
    options = parser.parse_args(arguments)
    from sukien.entities.tagger import NameTagger
    from sukien.language.analyzer import segment

    tagger = _as_vlsp(options.model) if options.vlsp else NameTagger.load(options.model)
    seen = surfaces(options.seen) if options.seen else None
    change: Callable[[str], str] = {"lower": _lower, "upper": _upper}.get(options.case, str)
    for path in options.files:
        gold = list(read_gold(path))
        found = tagger.mentions([segment(change(text)) for text, _ in gold])
        spans = [[(m.char_start, m.char_end, m.label) for m in names] for names in found]
        chances = [[m.confidence for m in names] for names in found]
        scores = score_names(gold, spans, seen=seen, confidences=chances)
        sys.stdout.write(f"{path.name}\n{render(scores)}\n")
    return 0


def _as_vlsp(folder: Path | None) -> NameTagger:
    """The tagger with the weights added by which VLSP's annotation differs from the project's."""
    import tempfile

    import sukien.models
    from sukien.entities.tagger import NameTagger
    from sukien.tagging.model import Model

    folder = folder or Path(sukien.models.__file__).parent / "names"
    both = Model.load(folder / "model.npz").plus(Model.load(folder / "vlsp.npz"))
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "model.npz").write_bytes(both.to_bytes())
        return NameTagger.load(Path(place))


def _lower(text: str) -> str:
    """Lower case that keeps the length."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _upper(text: str) -> str:
    """Upper case that keeps the length."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


if __name__ == "__main__":
    raise SystemExit(main())
