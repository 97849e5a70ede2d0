"""What `sukien train` does: annotated files in, a model folder and its scores on dev files out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from sukien.scoring.counts import Count

__all__ = ["MODELS", "train"]

MODELS = ("names", "triggers", "arguments")
_LIBRARIES = ("gensim", "numba", "scipy", "sklearn")
Report = Callable[[str], None]


def train(
    model: str,
    corpora: Sequence[Path],
    output: Path,
    *,
    dev: Sequence[Path] = (),
    news: Path | None = None,
    clusters: Path | None = None,
    seed: int = 1,
    report: Report = lambda line: None,
) -> list[str]:
    """Train a model into the folder `output`; returns its scores on the dev files, line by line.

    model: `names`, `triggers` or `arguments`.
    corpora: for names JSON lines with `text` and `entities`, or CoNLL columns (`.conll`); for
        the others JSON lines with `text` and `events` (BKEE); `.xz` too.
    dev: files of the same form as JSON lines; scored, never learnt from.
    news: folder of raw news that the annotation made for this project is about.
    clusters: for names, a `clusters.json.xz` or `model.npz` whose word clusters are used; without
        it they are made from `news` (an hour), or are those of the shipped model.
    seed: for names; the others have no chance in them.

    Raises ValueError where an argument makes no sense, ImportError where the extra `train` is
    missing, FileNotFoundError for what is not there.
    """
    if model not in MODELS:
        raise ValueError(f"no model {model}; there are {', '.join(MODELS)}")
    if not corpora:
        raise ValueError(f"no annotated file to train {model} on")
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        raise ImportError(
            f"training needs {', '.join(missing)}; install them with pip install 'sukien[train]'"
        )
    for path in (*corpora, *dev, *filter(None, (clusters, news))):
        if not path.exists():
            raise FileNotFoundError(2, "No such file or directory", str(path))
    output.mkdir(parents=True, exist_ok=True)
    if model == "names":
        return _names(corpora, output, dev, news, clusters, seed, report)
    if clusters is not None:
        raise ValueError(f"clusters are for names, not for {model}")
    if model == "triggers":
        return _triggers(corpora, output, dev, news)
    return _arguments(corpora, output, dev, news)


def _names(
    corpora: Sequence[Path],
    output: Path,
    dev: Sequence[Path],
    news: Path | None,
    clusters: Path | None,
    seed: int,
    report: Report,
) -> list[str]:
    import sukien.models
    from sukien.entities.tagger import NameTagger
    from sukien.language.analyzer import segment
    from sukien.scoring.names import read_gold, render, score_names, surfaces
    from sukien.training.clusters import news_clusters, read_clusters, write_clusters
    from sukien.training.names import train_names

    if clusters is None and news is not None:
        report("clusters of words and names")
        lists = news_clusters(news, seed=seed)
        write_clusters(lists, output / "clusters.json.xz")
    else:
        lists = read_clusters(clusters or Path(sukien.models.__file__).parent / "names/model.npz")
    trained = train_names(corpora, lists, news=news, held_out=dev, seed=seed, report=report)
    (output / "model.npz").write_bytes(trained.model.to_bytes())
    (output / "caseless.npz").write_bytes(trained.caseless.to_bytes())
    if trained.vlsp is not None:
        (output / "vlsp.npz").write_bytes(trained.vlsp.to_bytes())
    tagger = NameTagger.load(output)
    seen = surfaces(path for path in corpora if ".conll" not in path.suffixes)
    lines: list[str] = []
    for path in dev:
        gold = list(read_gold(path))
        found = [tagger.mentions([segment(text)])[0] for text, _ in gold]
        spans = [[(m.char_start, m.char_end, m.label) for m in names] for names in found]
        chances = [[m.confidence for m in names] for names in found]
        scores = score_names(gold, spans, seen=seen, confidences=chances)
        lines += [path.name, *render(scores).split("\n")]
    return lines


def _triggers(
    corpora: Sequence[Path], output: Path, dev: Sequence[Path], news: Path | None
) -> list[str]:
    from sukien.entities.tagger import NameTagger
    from sukien.events.ontology import load_ontology
    from sukien.events.triggers import TriggerFinder
    from sukien.language.analyzer import Analyzer
    from sukien.scoring.events import read_gold
    from sukien.scoring.lines import read_rows
    from sukien.training import triggers

    triggers.train(corpora, output, news)
    ontology, analyzer, tagger = load_ontology(), Analyzer(), NameTagger.load()
    finder = TriggerFinder.load(ontology, output)
    lines: list[str] = []
    for path in dev:
        rows = list(read_rows(path))
        gold = [read_gold(row, ontology.types) for row in rows]
        kinds = {event.types[0] for events in gold for event in events}
        score = Count()
        for row, events in zip(rows, gold, strict=True):
            documents = analyzer.documents([row["text"]])
            wanted = {(event.start, event.end, event.types[0]) for event in events}
            found = {
                (documents[0].starts[t.token_start], documents[0].ends[t.token_end - 1], t.type)
                for t in finder.triggers(documents, tagger.mentions(documents))[0]
                if t.type in kinds
            }
            score.add(len(wanted), len(found), len(wanted & found))
        lines.append(_line(path, "triggers, exact span and type", score.f1))
    return lines


def _arguments(
    corpora: Sequence[Path], output: Path, dev: Sequence[Path], news: Path | None
) -> list[str]:
    from sukien.events.arguments import ArgumentFinder
    from sukien.events.ontology import load_ontology
    from sukien.training import arguments
    from sukien.training.arguments_data import examples_of, read_bkee, stages

    finder = ArgumentFinder(arguments.train(corpora, output, news))
    lines: list[str] = []
    for path in dev:
        examples = list(examples_of(read_bkee(path, load_ontology().types), stages()))
        scores = arguments.score_arguments(finder, examples)
        lines.append(_line(path, "arguments of gold triggers, exact", scores.exact_f1 / 100))
        lines.append(_line(path, "arguments of gold triggers, overlap", scores.overlap_f1 / 100))
    return lines


def _line(path: Path, what: str, f1: float) -> str:
    return f"{path.name}  {what}: F1 {100 * f1:.1f}"
