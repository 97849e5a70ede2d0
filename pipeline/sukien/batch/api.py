"""`sukien.extract`: articles in, DataFrames out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sukien.analysis import ModelOptions
from sukien.batch.run import extract_to_folder, extract_to_memory
from sukien.batch.settings import Settings
from sukien.reading import Inputs, ReadOptions
from sukien.reading.published import published_at
from sukien.tables import Tables
from sukien.writing.folder import BRAT, DOCBIN, FORMATS, read_tables

__all__ = ["day", "extract", "settings_of"]

_TABULAR = (*FORMATS, "duckdb")
_TEXTUAL = (BRAT, DOCBIN)


def extract(
    source: Inputs,
    *,
    output: str | os.PathLike[str] | None = None,
    formats: str | Sequence[str] = "csv",
    fresh: bool = False,
    published: str | None = None,
    published_pattern: str | None = None,
    text_column: str | Sequence[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    tokens: bool = False,
    names: str | None = None,
    gazetteer: str | os.PathLike[str] | None = None,
    corrections: str | os.PathLike[str] | None = None,
    ontology: str | os.PathLike[str] | None = None,
    types: str | Sequence[str] = (),
    precision: bool = False,
    time_fallback: bool = False,
    jobs: int = 0,
    timeout: float = 120.0,
) -> Tables:
    """Read articles, find names, dates, quantities and events, and return all tables.

    source: a file, a folder, an archive, several of these, a DataFrame with a column of text,
        or an iterable of `Article`s or of mappings with a text.
    output: folder to write the tables to as well, as `sukien extract --output` does: a second
        call with it analyses only what is new or changed.
    formats: how they are written there: one or several of csv, jsonl, parquet, duckdb, brat and
        docbin.
    fresh: forget what an earlier run left in `output`; without it other settings than its are
        refused.
    published, published_pattern: date of the articles that do not state their own, given or
        found in their path by a regular expression.
    text_column: name of the field that holds the text, where it is not found by itself.
    since, until: only articles published on these days or between them.
    limit: only the first so many articles.
    tokens: fill the `tokens` table as well.
    names: another model for names: `hf:` and the name or folder of a Hugging Face token
        classifier (extra `hf`), or a folder written by `sukien train names`.
    gazetteer: file of names with their codes, besides the shipped list.
    corrections: file of names, labels and links that are obeyed.
    ontology: file of event types and words on top of the shipped ones.
    types: event types to look for that are off by default (`Statement`).
    precision: keep only events the model is sure of.
    time_fallback: date events that are left without a time by the day of publication.
    jobs: worker processes; 0 works in this one. With workers a script needs the usual
        `if __name__ == "__main__":`.
    timeout: seconds after which an article fails (with workers only).

    An input that cannot be read or analysed is a row of `articles` with its reason; only
    arguments that make no sense raise (FileNotFoundError, TypeError, ValueError), and an `output`
    that another run is writing to (RuntimeError).

    >>> news = {"text": "Ngày 5/3, bà Lan gặp ông Hùng tại Hà Nội.", "date": "2024-03-06"}
    >>> tables = extract([news])
    >>> tables.dates[["text", "value"]].values.tolist()
    [['Ngày 5/3', '2024-03-05']]
    """
    settings = settings_of(
        published=published,
        published_pattern=published_pattern,
        text_column=text_column,
        since=since,
        until=until,
        limit=limit,
        tokens=tokens,
        timeout=timeout,
        names=names,
        gazetteer=gazetteer,
        corrections=corrections,
        ontology=ontology,
        types=types,
        precision=precision,
        time_fallback=time_fallback,
    )
    if output is None:
        return extract_to_memory(source, settings, jobs=jobs)
    wanted = _formats(formats)
    tables = ("tokens",) if tokens else ()
    folder = Path(output)
    extract_to_folder(
        source, folder, settings, formats=wanted, tables=tables, jobs=jobs, fresh=fresh
    )
    return read_tables(folder)


def _formats(formats: str | Sequence[str]) -> list[str]:
    """The formats asked for, checked: one of them must hold tables that can be read back."""
    wanted = [formats] if isinstance(formats, str) else list(formats)
    if unknown := [name for name in wanted if name not in (*_TABULAR, *_TEXTUAL)]:
        known = ", ".join((*_TABULAR, *_TEXTUAL))
        raise ValueError(f"formats: no {', '.join(unknown)}; there are {known}")
    if not any(name in _TABULAR for name in wanted):
        raise ValueError(f"formats: none of {', '.join(_TABULAR)}, which hold tables; add one")
    return wanted


def settings_of(
    *,
    published: str | None = None,
    published_pattern: str | None = None,
    text_column: str | Sequence[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    tokens: bool = False,
    names: str | None = None,
    gazetteer: str | os.PathLike[str] | None = None,
    corrections: str | os.PathLike[str] | None = None,
    ontology: str | os.PathLike[str] | None = None,
    types: str | Sequence[str] = (),
    precision: bool = False,
    time_fallback: bool = False,
    timeout: float = 120.0,
) -> Settings:
    """The settings of a run from what a user says; ValueError names what makes no sense."""
    columns = (text_column,) if isinstance(text_column, str) else tuple(text_column or ())
    reading = ReadOptions(
        published=published, published_pattern=published_pattern, text_columns=columns
    )
    first, last = day(since, "since"), day(until, "until")
    if first and last and first > last:
        raise ValueError(f"since {first} is after until {last}, so nothing would be left")
    if names is not None and names.startswith("hf:") and gazetteer is not None:
        raise ValueError(f"a gazetteer tells {names} nothing; it goes with the names model")
    models = ModelOptions(
        names=names,
        gazetteer=None if gazetteer is None else Path(gazetteer),
        corrections=None if corrections is None else Path(corrections),
        ontology=None if ontology is None else Path(ontology),
        types=(types,) if isinstance(types, str) else tuple(types),
        precision=precision,
        time_fallback=time_fallback,
    )
    return Settings(
        reading=reading,
        models=models,
        tokens=tokens,
        since=first,
        until=last,
        limit=limit,
        timeout=timeout,
    )


def day(text: str | None, name: str) -> str | None:
    """A day as `YYYY-MM-DD` from any way a newspaper writes it; ValueError if it is none.

    >>> day("5/3/2024", "since")
    '2024-03-05'
    """
    if text is None:
        return None
    try:
        found = published_at(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}; write it as 2024-03-20") from error
    return found and found[:10]
