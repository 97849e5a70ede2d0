"""What a run shows in the terminal: a bar while it works, a summary at its end."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.table import Table

from sukien.batch.run import Progress, Summary

__all__ = ["Bar", "print_summary"]

_SHOWN = 20


class Bar:
    """The progress bar on stderr: only on a terminal, with rate and time left."""

    def __init__(self, *, quiet: bool) -> None:
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


def print_summary(summary: Summary) -> None:
    """Print counts, speed, rows of the tables, and what failed with its reason."""
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
    rate = f", {summary.rate:.1f} articles/s (models loaded included)" if summary.analysed else ""
    console.print(f"{seconds:.1f} s{rate}")
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
