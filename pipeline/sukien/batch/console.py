"""What a run shows in the terminal: a bar while it works, a summary at its end."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.table import Table

from sukien.batch.estimate import LONG, Estimate
from sukien.batch.journal import LOG
from sukien.batch.messages import Words
from sukien.batch.run import Progress, Summary

__all__ = ["Bar", "forecast", "print_summary"]

_SHOWN = 20


class Bar:
    """The progress bar on stderr: only on a terminal, with rate and time left.

    Before a long run it tells what that will take; `verbose` prints the log as well, on any
    stderr.
    """

    def __init__(
        self, output: Path, jobs: int, words: Words, *, quiet: bool = False, verbose: bool = False
    ) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._output, self._jobs, self._words = output, jobs, words
        self._tells = not quiet and self._console.is_terminal
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            TextColumn(words("left")),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._tells,
        )
        self._task = self._bar.add_task(words("starting"), total=None, told="")
        self._log = _Lines(self._bar.console) if verbose else None

    def __enter__(self) -> Callable[[Progress], None]:
        if self._log is not None:
            LOG.addHandler(self._log)
        self._bar.start()
        return self._update

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
        if self._log is not None:
            LOG.removeHandler(self._log)

    def _update(self, progress: Progress) -> None:
        if self._tells and progress.estimate is not None:
            lines = forecast(progress.estimate, self._output, self._jobs, self._words)
            for line in lines if progress.estimate.articles >= LONG else ():
                self._bar.console.print(line, markup=False)
            self._tells = False
        articles = sum(progress.counts.values()) + progress.kept + progress.running
        elapsed = self._bar.tasks[0].elapsed or 0.0
        rate = articles / elapsed if elapsed else 0.0
        self._bar.update(
            self._task,
            description=self._words(progress.stage),
            total=max(progress.total, progress.done) or None,
            completed=progress.done,
            told=self._words(
                "{count} articles  {rate}/s", count=f"{articles:,}", rate=f"{rate:.0f}"
            ),
        )


class _Lines(logging.Handler):
    """Prints log records above the bar."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        self._console.print(record.getMessage(), markup=False, soft_wrap=True)


def forecast(estimate: Estimate, output: Path, jobs: int, words: Words) -> list[str]:
    """The lines that tell what a run will take, with a warning where the disk is too small."""
    there = next(folder for folder in (output, *output.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    lines = [
        words(
            "About {count} articles: about {time} with {jobs} workers, and {size} in {output} "
            "({free} free).",
            count=f"{estimate.articles:,}",
            time=_duration(estimate.seconds, words),
            jobs=jobs,
            size=_size(estimate.bytes),
            output=output,
            free=_size(free),
        )
    ]
    if estimate.bytes > free:
        lines.append(
            words("That is more than the disk has left; choose another --output or fewer formats.")
        )
    return lines


def _duration(seconds: float, words: Words) -> str:
    for unit, length, most in (("minutes", 60, 90), ("hours", 3600, 48)):
        if seconds < length * most:
            return f"{max(seconds / length, 1):.0f} {words(unit)}"
    return f"{seconds / 86400:.0f} {words('days')}"


def _size(count: float) -> str:
    for unit in ("MB", "GB"):
        count /= 1000 if unit == "GB" else 1e6
        if count < 1000:
            break
    return f"{count:,.0f} {unit}" if count >= 10 else f"{count:.1f} {unit}"


def print_summary(summary: Summary, words: Words) -> None:
    """Print counts, speed, rows of the tables, and what failed with its reason."""
    console = Console(highlight=False)
    if summary.note:
        note = words("Everything was done anew: {why}.", why=words(summary.note))
        console.print(f"[yellow]{escape(note)}[/yellow]")
    counts = {name: f"{count:,}" for name, count in summary.status.items()}
    ok = words("{count} articles ok", count=counts["ok"])
    failed = words("{count} failed", count=counts["failed"])
    failed = f"[red]{failed}[/red]" if summary.status["failed"] else failed
    skipped = words("{count} skipped", count=counts["skipped"])
    done = words(
        "{done} inputs done now, {kept} kept from before",
        done=f"{summary.analysed:,}",
        kept=f"{summary.kept:,}",
    )
    console.print(f"[bold]{ok}[/bold], {failed}, {skipped}; {done}")
    rate = words("{rate} articles/s (models loaded included)", rate=f"{summary.rate:.1f}")
    seconds = f"{sum(summary.seconds.values()):.1f} s"
    console.print(f"{seconds}, {rate}" if summary.analysed else seconds)
    rows = Table(words("table"), words("rows"), box=None, header_style="bold")
    rows.columns[1].justify = "right"
    for name, count in summary.rows.items():
        rows.add_row(name, f"{count:,}")
    console.print(rows)
    if not any(summary.status.values()):
        nothing = words(
            "Nothing to read was found; a folder, files (.txt .html .jsonl .json .csv .parquet) "
            "or an archive is wanted."
        )
        console.print(f"[yellow]{escape(nothing)}[/yellow]")
    if summary.failures:
        _print_failures(console, summary, words)
    console.print(escape(words("Tables are in {output}", output=summary.output)))


def _print_failures(console: Console, summary: Summary, words: Words) -> None:
    table = Table("", words("input"), words("reason"), box=None, header_style="bold")
    # What failed matters more than what was passed over.
    ranked = sorted(summary.failures, key=lambda row: row["status"] != "failed")
    for row in ranked[:_SHOWN]:
        place = row["source_path"] + (f" ({row['member']})" if row["member"] else "")
        style = "red" if row["status"] == "failed" else "dim"
        status = f"[{style}]{words(row['status'])}[/{style}]"
        table.add_row(status, escape(place), escape(words.reason(row["error"])))
    console.print(table)
    more = summary.status["failed"] + summary.status["skipped"] - _SHOWN
    if more > 0:
        console.print(
            words(
                "… and {count} more: the rows of articles whose status is not ok", count=f"{more:,}"
            )
        )
