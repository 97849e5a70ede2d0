"""The page: numbers, articles, style and script in one file."""

from __future__ import annotations

import os
from base64 import b64encode
from contextlib import suppress
from datetime import date, timedelta
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sukien.writing.report import counts, names, places
from sukien.writing.report.articles import Embedded, by_interest, compressed, pack
from sukien.writing.report.labels import role_names, type_rows, words
from sukien.writing.report.source import cells, read_run

if TYPE_CHECKING:
    from sukien.tables.frames import Tables

__all__ = ["BUDGET", "render", "write_report"]

BUDGET = 14_000_000
"""Bytes a page may take."""

_SLACK = 50_000
"""Bytes kept for the tags around blocks and the figures that come with them."""

SCRIPTS = ("base", "state", "timeline", "names", "network", "map", "events", "reader", "main")
"""The parts of the page's script in the order in which they run."""


def write_report(
    folder: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    language: str = "en",
) -> Path:
    """Write the report of a run's folder to one HTML file; returns where it is.

    output: the file; None: `report.html` in the folder. language: en or vi, of the page's words.

    Raises:
        FileNotFoundError: if the folder is not that of a run, or tables are missing in it.
        ImportError: if jinja2 is not installed.
        OSError: if the file cannot be written; an old one stays as it was.
        ValueError: if there is no such language.
    """
    words(language)
    target = Path(folder, "report.html") if output is None else Path(output)
    page = render(read_run(folder), language=language).encode("utf-8")
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder; --output wants the name of a file")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {target.parent} to write {target.name} to")
    waiting = target.with_name(f".{target.name}.new")
    try:
        waiting.write_bytes(page)
        waiting.replace(target)
    except OSError:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
        raise
    return target


def render(tables: Tables, *, language: str = "en", budget: int = BUDGET) -> str:
    """The page as text: the same tables give the same page.

    budget: bytes it may take; what does not fit is left out, and the page says so.
    """
    told = words(language)
    types = counts.types_by_count(tables)
    number = {name: position for position, (name, _) in enumerate(types)}
    roles = sorted(set(cells(tables.event_arguments["role"])))
    entities = names.ranked(tables)
    position = {entity: row for row, entity in enumerate(cells(entities["entity_id"]))}
    overview: dict[str, Any] = {
        "language": language,
        "words": told["script"],
        "totals": counts.totals(tables),
        "types": [
            [*row, count]
            for row, (_, count) in zip(
                type_rows([name for name, _ in types], language), types, strict=True
            )
        ],
        "roles": role_names(roles, language),
        "time": roles.index("Time") if "Time" in roles else None,
        "happened": counts.happened(tables, number),
        "reported": counts.reported(tables, number),
        "entities": names.entity_rows(entities),
        "sparklines": names.sparklines(tables, entities),
        "pairs": names.pairs(tables, entities),
        "provinces": places.provinces(tables),
        "countries": places.countries(tables),
        "geography": places.geography(),
        "record": Embedded.RECORD,
        "event": Embedded.EVENT,
    }
    style, script = _file("page.css"), "\n".join(_file(f"{name}.js") for name in SCRIPTS)
    script = f'"use strict";\n(() => {{\n{script}\n}})();\n'
    given = {
        "words": told,
        "language": language,
        "title": _title(told, overview["totals"]["ok"], language),
        "totals": overview["totals"],
        "failures": counts.failures(tables),
        "warnings": counts.warnings(tables),
        "version": version("sukien"),
        "policy": _policy(style, script),
        "style": style,
        "script": script,
        "head": compressed(overview),
    }
    template = _template(language)
    shell = template.render(given, blocks=[], in_page={"articles": 0, "events": 0})
    embedded = Embedded(tables, number, {role: at for at, role in enumerate(roles)}, position)
    blocks, records = pack(
        embedded.records(by_interest(tables)), budget - len(shell.encode("utf-8")) - _SLACK
    )
    in_page = {"articles": len(records), "events": sum(len(record[-1]) for record in records)}
    page: str = template.render(given, blocks=blocks, in_page=in_page)
    return page


def _file(name: str) -> str:
    return (files("sukien.writing.report") / "page" / name).read_text(encoding="utf-8")


def _title(told: dict[str, Any], articles: int, language: str) -> str:
    key = {0: "title_none", 1: "title_one"}.get(articles, "title")
    title: str = told[key].format(ok=_number(articles, language))
    return title


def _number(value: int, language: str) -> str:
    return f"{value:,}".replace(",", "." if language == "vi" else ",")


def _day(day: int, language: str) -> str:
    on = date(1970, 1, 1) + timedelta(days=day)
    if language == "vi":
        return f"{on.day}/{on.month}/{on.year}"
    return f"{on.day} {words('en')['script']['months'][on.month - 1]} {on.year}"


def _template(language: str) -> Any:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise ImportError("the report needs Jinja: pip install 'sukien[report]'") from error
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = lambda value: _number(value, language)
    environment.filters["day"] = lambda value: _day(value, language)
    environment.filters["fill"] = lambda text, **values: text.format(
        **{
            name: _number(value, language) if isinstance(value, int) else value
            for name, value in values.items()
        }
    )
    return environment.from_string(_file("page.html"))


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy that runs our own style and script and loads nothing."""
    own = {
        kind: b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
        for kind, text in (("style", style), ("script", script))
    }
    return (
        f"default-src 'none'; script-src 'sha256-{own['script']}'; "
        f"style-src 'sha256-{own['style']}'; base-uri 'none'; form-action 'none'"
    )
