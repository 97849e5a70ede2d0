"""Reports on the terminal: a table of figures, and a list of errors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sukien.scoring.errors import Error
from sukien.scoring.report import Report, Section

__all__ = ["print_errors", "print_report", "table"]


def print_report(console: Console, report: Report) -> None:
    """Print every section as a table, and what has to be known about them."""
    for section in report.sections:
        console.print(table(section))
    for note in report.notes:
        console.print(f"note: {escape(note)}")


def table(section: Section) -> Table:
    """The figures of a section in percent, layer by layer."""
    out = Table(title=escape(section.title), title_justify="left", box=None, pad_edge=False)
    out.add_column("")
    out.add_column("")
    for name in ("P", "R", "score", "95 %", "items"):
        out.add_column(name, justify="right", no_wrap=True)
    for layer, lines in groupby(section.lines, key=lambda line: line.layer):
        for number, line in enumerate(lines):
            shown = (
                "" if value is None else f"{value:.1f}" for value in (line.precision, line.recall)
            )
            out.add_row(
                f"[bold]{layer}[/bold]" if number == 0 else "",
                line.title,
                *shown,
                f"[bold]{line.score:.1f}[/bold]",
                f"{line.low:.1f}–{line.high:.1f}",
                f"{line.items:,}",
            )
        out.add_section()
    return out


def print_errors(console: Console, errors: Sequence[Error]) -> None:
    """Print the errors, by layer and article, each with its sentence."""
    for (layer, article), group in groupby(errors, key=lambda e: (e.layer, e.article)):
        console.print(f"\n[bold]{layer}[/bold] {escape(article)}")
        for error in group:
            sides = [(error.gold, "gold"), (error.found, "found")]
            told = ", ".join(f"{side} {escape(words)}" for words, side in sides if words)
            console.print(f"  {error.what:<7}{told}", soft_wrap=True)
            if error.sentence:
                console.print(f"         {escape(error.sentence)}", style="dim", soft_wrap=True)
