"""The command line: parsing and printing only."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from sukien.batch.run import Progress, Summary

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="From a folder of Vietnamese news to tables of who, what, when, where.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

FORMATS = ("csv", "jsonl", "parquet")
OPTIONAL = ("texts", "tokens")
_SHOWN = 20


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
        raise typer.BadParameter(f"{path} cannot be read: {error}") from error
    known = {
        name.lstrip("-"): parameter.name
        for parameter in context.command.params
        for name in parameter.opts
    }
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise typer.BadParameter(f"{path}: there is no option {', '.join(unknown)}")
    values = {known[name]: value for name, value in options.items()}
    context.default_map = {**(context.default_map or {}), **values}
    return path


@app.command(epilog="Example: sukien extract articles/ --output out --format csv,parquet")
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
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds after which one article fails.")
    ] = 120.0,
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
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
    further = _choice(tables.replace("+", ""), OPTIONAL, "--tables")
    with _Plainly():
        from sukien.batch.api import settings_of
        from sukien.batch.run import extract_to_folder

        settings = settings_of(
            published=published,
            published_pattern=published_pattern,
            text_column=text_column,
            since=since,
            until=until,
            limit=limit,
            tokens="tokens" in further,
            timeout=timeout,
        )
        with _Bar(quiet=quiet) as bar:
            summary = extract_to_folder(
                paths,
                output,
                settings,
                formats=chosen,
                tables=further,
                jobs=jobs or os.cpu_count() or 1,
                fresh=fresh,
                retry_failed=retry_failed,
                csv_safe=not no_csv_safe,
                progress=bar,
            )
    if not quiet:
        _print_summary(summary)
    raise typer.Exit(summary.exit_code)


@app.command(epilog="Example: sukien show article.txt --published 2024-03-20")
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
        models, failed = None, 0
        for article in read_articles(path, published=published):
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
    raise typer.Exit(1 if failed else 0)


@app.command()
def info() -> None:
    """Print versions, models and their licences."""
    from sukien.batch.provenance import LIBRARIES, installed, models

    console = Console(highlight=False)
    console.print(f"sukien {installed('sukien')} on Python {sys.version.split()[0]}")
    console.print(", ".join(f"{name} {installed(name)}" for name in LIBRARIES))
    table = Table("model", "size", "licence", "data", box=None, header_style="bold")
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


class _Bar:
    """The progress bar on stderr: only on a terminal, with rate and time left."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        console = Console(stderr=True)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[articles]:,} articles  {task.fields[rate]:.0f}/s"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=None, articles=0, rate=0.0)

    def __enter__(self) -> Callable[[Progress], None]:
        self._bar.start()
        return self._update

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _update(self, progress: Progress) -> None:
        articles = sum(progress.counts.values()) + progress.kept + progress.running
        elapsed = self._bar.tasks[0].elapsed or 0.0
        self._bar.update(
            self._task,
            description=progress.stage,
            total=max(progress.total, progress.done) or None,
            completed=progress.done,
            articles=articles,
            rate=articles / elapsed if elapsed else 0.0,
        )


def _print_summary(summary: Summary) -> None:
    console = Console(highlight=False)
    if summary.note:
        console.print(f"[yellow]Everything was done anew: {summary.note}.[/yellow]")
    status = summary.status
    failed = f"[red]{status['failed']:,} failed[/red]" if status["failed"] else "0 failed"
    console.print(
        f"[bold]{status['ok']:,} articles ok[/bold], {failed}, {status['skipped']:,} skipped; "
        f"{summary.analysed:,} inputs done now, {summary.kept:,} kept from before"
    )
    seconds = sum(summary.seconds.values())
    console.print(f"{seconds:.1f} s, {summary.rate:.1f} articles/s (models loaded included)")
    rows = Table("table", "rows", box=None, header_style="bold")
    rows.columns[1].justify = "right"
    for name, count in summary.rows.items():
        rows.add_row(name, f"{count:,}")
    console.print(rows)
    if summary.failures:
        _print_failures(console, summary)
    console.print(f"Tables are in {escape(str(summary.output))}")


def _print_failures(console: Console, summary: Summary) -> None:
    table = Table("", "input", "reason", box=None, header_style="bold")
    # What failed matters more than what was passed over.
    ranked = sorted(summary.failures, key=lambda row: row["status"] != "failed")
    for row in ranked[:_SHOWN]:
        place = row["source_path"] + (f" ({row['member']})" if row["member"] else "")
        style = "red" if row["status"] == "failed" else "dim"
        table.add_row(f"[{style}]{row['status']}[/{style}]", escape(place), escape(row["error"]))
    console.print(table)
    more = summary.status["failed"] + summary.status["skipped"] - _SHOWN
    if more > 0:
        console.print(f"… and {more:,} more: the rows of articles whose status is not ok")


if __name__ == "__main__":
    main()
