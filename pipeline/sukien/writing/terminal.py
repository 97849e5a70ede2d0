"""One analysed article as coloured text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from sukien.analysis import Analysis
    from sukien.events.event import Event

__all__ = ["COLOURS", "coloured_text", "event_table", "legend"]

COLOURS = {
    "PER": "bold green",
    "ORG": "bold blue",
    "LOC": "bold magenta",
    "MISC": "bold cyan",
    "date": "yellow",
    "quantity": "bright_black",
    "event": "bold underline red",
}
"""The style of each kind of span."""


def coloured_text(analysis: Analysis) -> Text:
    """The article's text with names, dates, quantities and triggers in their colours."""
    text = Text(analysis.document.text)
    for quantity in analysis.quantities:
        text.stylize(COLOURS["quantity"], quantity.char_start, quantity.char_end)
    for date in analysis.dates:
        text.stylize(COLOURS["date"], date.char_start, date.char_end)
    for mention in analysis.mentions:
        text.stylize(COLOURS[mention.label], mention.char_start, mention.char_end)
    for event in analysis.events:
        text.stylize(COLOURS["event"], event.char_start, event.char_end)
    return text


def legend() -> Text:
    """What the colours mean."""
    return Text("  ").join(Text(name, style) for name, style in COLOURS.items())


def event_table(analysis: Analysis) -> Table:
    """The events, one a row: type, trigger, and who and when by role."""
    table = Table("event", "trigger", "time", "arguments", box=None, header_style="bold")
    for event in analysis.events:
        table.add_row(event.type, _trigger(event), event.time or "", _arguments(event))
    return table


def _trigger(event: Event) -> Text:
    marks: list[str] = [event.modality] if event.modality != "asserted" else []
    marks += ["denied"] if event.polarity == "negative" else []
    return Text(event.text, COLOURS["event"]) + Text(f" ({', '.join(marks)})" if marks else "")


def _arguments(event: Event) -> Text:
    return Text("; ").join(
        Text(f"{argument.role} ", "dim") + Text(" ".join(argument.text.split()))
        for argument in event.arguments
    )
