"""The command line: parsing and printing only."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from sukien.batch.run import Engine

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="From a folder of Vietnamese news to tables of who, what, when, where.",
    epilog="Begin with: sukien extract articles/ --output out",
    context_settings={"help_option_names": ["-h", "--help"]},
)

FORMATS = ("csv", "jsonl", "parquet", "duckdb", "brat", "docbin")
OPTIONAL = ("texts", "tokens")
LAYERS = ("names", "entities", "dates", "quantities", "triggers", "arguments", "attributes")
REWRITINGS = ("lower", "upper", "nfd")
TRAINED = ("names", "triggers", "arguments")
_FILE: Any = {"exists": True, "dir_okay": False, "readable": True}


def main() -> None:
    """Run the command line; UTF-8 on every system."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()


def _defaults(context: typer.Context, path: Path | None) -> Path | None:
    """Read option values from a TOML file; what the command line says goes before."""
    if path is None:
        return None
    try:
        options = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise typer.BadParameter(f"{path} cannot be read: {why}") from error
    known = {
        name.lstrip("-"): parameter.name
        for parameter in context.command.params
        for name in parameter.opts
    }
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise typer.BadParameter(f"{path}: there is no option {', '.join(unknown)}")
    values = {
        known[name]: ",".join(map(str, value))
        if isinstance(value, list) and name != "text-column"
        else value
        for name, value in options.items()
    }
    context.default_map = {**(context.default_map or {}), **values}
    return path


@app.command(
    epilog="Examples:\n\n"
    "sukien extract articles/ --output out\n\n"
    "sukien extract news.zip more.jsonl --output out --format csv,parquet --jobs 4\n\n"
    "sukien extract articles/ --output out --since 2024-01-01 --precision --gazetteer names.tsv"
)
def extract(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Folders, files (.txt .html .jsonl .json .csv .parquet, also .gz .xz), archives "
            "(.zip .tar.gz), addresses, or - for standard input.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the tables.")],
    formats: Annotated[
        str, typer.Option("--format", "-f", help=f"Any of {','.join(FORMATS)}, by comma.")
    ] = "csv",
    tables: Annotated[
        str, typer.Option(help="Further tables to write: +texts, +tokens or both, by comma.")
    ] = "",
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, help="Worker processes; as many as cores if not given."
        ),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="local processes, or a dask cluster.", metavar="local|dask")
    ] = "local",
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Of the Dask cluster, as tcp://host:8786."),
    ] = None,
    ship: Annotated[
        bool,
        typer.Option(
            "--ship", help="Send files to Dask's workers, which do not see these folders."
        ),
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(min=1, help="Seconds after which one article fails; 120 if not given."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first so many articles, for a trial.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only what was published on or after.")] = None,
    until: Annotated[str | None, typer.Option(help="Only what was published on or before.")] = None,
    published: Annotated[
        str | None, typer.Option(help="Date of articles that do not state their own.")
    ] = None,
    published_pattern: Annotated[
        str | None,
        typer.Option(
            help="Regular expression that finds that date in the path: (year)(month)(day)."
        ),
    ] = None,
    text_column: Annotated[
        list[str] | None,
        typer.Option(help="Field of CSV, JSONL and Parquet files that holds the text; repeatable."),
    ] = None,
    names: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="Another model for names: hf: and a Hugging Face token classifier, or a folder "
            "written by sukien train names.",
        ),
    ] = None,
    gazetteer: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Names you know, one a line with its codes.", **_FILE),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Names, labels and links that are obeyed.", **_FILE),
    ] = None,
    ontology: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Event types and words of your own.", **_FILE),
    ] = None,
    types: Annotated[
        str, typer.Option(help="Event types that are off by default, by comma: +Statement.")
    ] = "",
    precision: Annotated[
        bool, typer.Option("--precision", help="Keep only events the model is sure of.")
    ] = False,
    time_fallback: Annotated[
        str | None,
        typer.Option(metavar="published", help="Date events without a time by the publication."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget earlier runs in --output.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Analyse again what failed before.")
    ] = False,
    no_csv_safe: Annotated[
        bool,
        typer.Option(
            "--no-csv-safe", help="Write CSV cells that begin like a formula as they are."
        ),
    ] = False,
    lang: Annotated[str, typer.Option(metavar="en|vi", help="Language of what is printed.")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print the log as well, on stderr.")
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option(
            callback=_defaults,
            is_eager=True,
            metavar="FILE.toml",
            help="Values of these options, by their names without dashes.",
        ),
    ] = None,
) -> None:
    """Extract names, dates, quantities and events from articles into tables.

    A second run on the same folder does only what is new or changed.
    """
    chosen = _choice(formats, FORMATS, "--format")
    _choice(engine, ("local", "dask"), "--engine")
    if scheduler is not None and engine != "dask":
        raise typer.BadParameter("only for --engine dask", param_hint="--scheduler")
    if ship and engine != "dask":
        raise typer.BadParameter("only for --engine dask", param_hint="--ship")
    _choice(lang, ("en", "vi"), "--lang")
    further = _choice(tables.replace("+", ""), OPTIONAL, "--tables")
    with _Plainly():
        from sukien.batch.api import settings_of
        from sukien.batch.console import Bar, print_summary
        from sukien.batch.messages import Words
        from sukien.batch.run import extract_to_folder

        settings = settings_of(
            published=published,
            published_pattern=published_pattern,
            text_column=text_column,
            since=since,
            until=until,
            limit=limit,
            tokens="tokens" in further,
            timeout=timeout or 120.0,
            names=names,
            gazetteer=gazetteer,
            corrections=corrections,
            ontology=ontology,
            types=[name.strip(" +") for name in types.split(",") if name.strip(" +")],
            precision=precision,
            time_fallback=bool(_choice(time_fallback or "", ("published",), "--time-fallback")),
        )
        words, workers = Words(lang), jobs or os.cpu_count() or 1
        with Bar(output, workers, words, quiet=quiet, verbose=verbose) as bar:
            summary = extract_to_folder(
                paths,
                output,
                settings,
                formats=chosen,
                tables=further,
                jobs=workers,
                engine=cast("Engine", engine),
                scheduler=scheduler,
                ship=ship,
                fresh=fresh,
                retry_failed=retry_failed,
                csv_safe=not no_csv_safe,
                progress=bar,
            )
    if not quiet:
        print_summary(summary, words)
    raise typer.Exit(summary.exit_code)


@app.command(
    epilog="Examples:\n\nsukien show article.txt --published 2024-03-20\n\n"
    "echo 'Hôm qua, Hà Nội mưa to.' | sukien show -"
)
def show(
    path: Annotated[str, typer.Argument(metavar="FILE", help="A file of one or more articles.")],
    published: Annotated[
        str | None, typer.Option(help="Date of an article that does not state its own.")
    ] = None,
) -> None:
    """Print articles with names, dates and events in colour."""
    with _Plainly():
        from sukien.analysis import Models, analyse
        from sukien.article import Failure
        from sukien.reading import read_articles
        from sukien.writing.terminal import coloured_text, event_table, legend

        console = Console(highlight=False)
        models, failed, seen = None, 0, 0
        for article in read_articles(path, published=published):
            seen += 1
            found: Any = article
            if not isinstance(article, Failure):
                models = models or Models()
                found = analyse([article], models)[0]
            if isinstance(found, Failure):
                where = escape(f"{found.source_path}: {found.error}")
                console.print(f"[red]{found.status}[/red] {where}")
                failed += found.status == "failed"
                continue
            head = [found.article.source_path, found.article.member, found.article.published_at]
            console.rule(escape("  ".join(part for part in head if part)), style="dim")
            console.print(coloured_text(found), soft_wrap=True)
            console.print(event_table(found))
        if models is not None:
            console.print(legend())
        elif seen == 0:
            _complain(f"{path} holds nothing to read; name a .txt, .html, .jsonl or .csv file")
    raise typer.Exit(1 if failed else 0)


@app.command(epilog="Example: sukien report out --lang vi")
def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that `sukien extract --output` wrote.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The page; DIR/report.html if not given."
        ),
    ] = None,
    lang: Annotated[str, typer.Option(metavar="en|vi", help="Language of the page.")] = "en",
) -> None:
    """Show a run as one HTML page: what was read, who, when, where, every event in its text.

    The page needs no network and no server; open it in a browser.
    """
    _choice(lang, ("en", "vi"), "--lang")
    with _Plainly():
        from sukien.writing.report import write_report

        path = write_report(folder, output, language=lang)
    typer.echo(f"The report is in {path} ({path.stat().st_size / 1e6:.1f} MB)")


@app.command(
    epilog="Examples:\n\nsukien evaluate corpus/gold --errors\n\n"
    "sukien evaluate my_gold.jsonl --layers names,dates\n\n"
    "sukien evaluate corpus/gold --baseline corpus/baseline.json"
)
def evaluate(
    gold: Annotated[
        list[Path],
        typer.Argument(
            metavar="GOLD...",
            help="A folder of gold with its articles beside it or of brat files; JSON lines "
            "(.jsonl .jsonl.xz) or CoNLL columns.",
            exists=True,
        ),
    ],
    pred: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Score what a run wrote to this folder, instead of running on the texts.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    layers: Annotated[
        str, typer.Option(help=f"Any of {','.join(LAYERS)}, by comma; all if not given.")
    ] = "",
    seen: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="TRAIN",
            help="Gold the names were trained on, to tell new names apart; repeatable.",
            exists=True,
        ),
    ] = None,
    rewriting: Annotated[
        str | None,
        typer.Option(
            "--rewrite",
            metavar="|".join(REWRITINGS),
            help="Score on the texts in lower case, in capitals or with letters decomposed.",
        ),
    ] = None,
    errors: Annotated[
        bool, typer.Option("--errors", help="List what was missed, invented or read wrongly.")
    ] = False,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Floors; exit with 1 where a score falls below its own."),
    ] = None,
    raise_floors: Annotated[
        bool, typer.Option("--raise-floors", help="Raise the floors in --baseline; never lowers.")
    ] = False,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write figures and errors to this file too."),
    ] = None,
) -> None:
    """Score names, dates, quantities and events against gold annotation.

    Figures are percent; the interval holds the figure in 95 of 100 samples of the articles.
    """
    chosen = _choice(layers, LAYERS, "--layers") or list(LAYERS)
    if baseline is not None and len(gold) > 1:
        raise typer.BadParameter("goes with one GOLD", param_hint="--baseline")
    if rewriting is not None:
        _choice(rewriting, REWRITINGS, "--rewrite")
        if pred is not None or baseline is not None:
            raise typer.BadParameter("goes without --pred and --baseline", param_hint="--rewrite")
    if raise_floors and baseline is None:
        raise typer.BadParameter("needs --baseline", param_hint="--raise-floors")
    console = Console(highlight=False)
    failed = False
    with _Plainly():
        from sukien.scoring.baseline import check
        from sukien.scoring.console import print_errors, print_report
        from sukien.scoring.evaluation import evaluate_path, surfaces, write_json

        known = surfaces(seen) if seen else None
        reports = []
        for path in gold:
            with Console(stderr=True).status(f"scoring {escape(path.name)}"):
                report = evaluate_path(
                    path, pred=pred, rewriting=rewriting, layers=chosen, seen=known, errors=errors
                )
            reports.append(report)
            print_errors(console, report.errors)
            print_report(console, report)
            if baseline is not None:
                verdict = check(baseline, report, path, chosen, raising=raise_floors)
                failed = not verdict.passed
                console.print(*(escape(line) for line in verdict.lines), sep="\n")
        if json_file is not None:
            write_json(json_file, reports)
    raise typer.Exit(1 if failed else 0)


@app.command(epilog="Example: sukien train names --train train.jsonl --dev dev.jsonl --output my")
def train(
    model: Annotated[str, typer.Argument(metavar="|".join(TRAINED), help="What to train.")],
    corpora: Annotated[
        list[Path],
        typer.Option(
            "--train",
            metavar="FILE",
            help="Annotated JSON lines, or CoNLL columns for names; repeatable.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Folder for the model.", file_okay=False
        ),
    ],
    dev: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Annotated JSON lines to score on; repeatable."),
    ] = None,
    news: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Raw news that the project's own annotation is about."),
    ] = None,
    clusters: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="For names: word clusters of a model.npz or an earlier run; without it they are "
            "made from --news, which takes an hour, or are those of the shipped model.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="For names; the others have no chance in them.")] = 1,
) -> None:
    """Train a model on your own annotation and score it. Needs the extra "train".

    Use a names model with sukien extract --names DIR.
    """
    _choice(model, TRAINED, "MODEL")
    with _Plainly():
        from sukien.training.command import train as run

        say = Console(stderr=True, highlight=False).print
        lines = run(
            model, corpora, output, dev=dev or (), news=news, clusters=clusters, seed=seed,
            report=lambda line: say(escape(line)),
        )  # fmt: skip
        Console(highlight=False).print(*(escape(line) for line in lines), sep="\n")


@app.command(epilog="Example: sukien info")
def info() -> None:
    """Print versions, models and their licences."""
    from sukien.batch.provenance import LIBRARIES, installed, models

    console = Console(highlight=False)
    console.print(f"sukien {installed('sukien')} on Python {sys.version.split()[0]}")
    console.print(", ".join(f"{name} {installed(name)}" for name in LIBRARIES))
    table = Table("model", "size", "licence", "trained on", box=None, header_style="bold")
    for model in models():
        table.add_row(model.name, f"{model.size / 2**20:.1f} MB", model.licence, model.data)
    console.print(table)
    console.print("The code is under Apache-2.0; weights carry the terms of their data.")


class _Plainly:
    """Turns the errors a user can do something about into one plain line."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyboardInterrupt):
            _complain("stopped; what is done is kept, and the same command goes on from there")
            raise typer.Exit(130) from None
        if isinstance(error, OSError | ValueError | RuntimeError | ImportError):
            if os.environ.get("SUKIEN_DEBUG"):
                return
            _complain(_words(error))
            raise typer.Exit(2) from None


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        kept = "; what is done is kept, run the same command again" if error.errno == 28 else ""
        return f"{error.strerror}{where}{kept}"
    return str(error) or type(error).__name__


def _complain(words: str) -> None:
    Console(stderr=True, highlight=False).print(f"[red]sukien:[/red] {escape(words)}")


def _choice(text: str, known: tuple[str, ...], option: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise typer.BadParameter(
            f"no {', '.join(unknown)}; there are {', '.join(known)}", param_hint=option
        )
    return list(dict.fromkeys(names))


if __name__ == "__main__":
    main()
