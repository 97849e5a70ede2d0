"""What a record says about its article, under whatever names its fields have."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from sukien.reading.errors import ReadError
from sukien.reading.published import published_at

__all__ = ["Metadata", "field_map", "field_names", "from_record"]

_TEXTUAL = ("title", "author", "section", "url", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is known about an article apart from its text."""

    title: str | None = None
    author: str | None = None
    section: str | None = None
    url: str | None = None
    source: str | None = None
    published_at: str | None = None
    warnings: tuple[str, ...] = ()


@cache
def field_names() -> dict[str, list[str]]:
    """Names of fields for each property of an article, likeliest first."""
    data = (resources.files("sukien.reading") / "data" / "fields.toml").read_text("utf-8")
    return tomllib.loads(data)


def fold_name(name: str) -> str:
    """Write a field's name without accents, case and punctuation.

    >>> fold_name("Ngày đăng"), fold_name("og:publishedTime")
    ('ngay_dang', 'og_publishedtime')
    """
    apart = unicodedata.normalize("NFD", name.strip().lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "_", re.sub("[\u0300-\u036f]", "", apart)).strip("_")


def field_map(
    columns: Iterable[str], text_columns: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Find which of a table's columns hold what, likeliest first; the text has one only.

    Raises:
        ReadError: no column holds the text.

    >>> field_map(["ID", "Tiêu đề", "Nội dung", "Ngày đăng"])
    {'text': ('Nội dung',), 'title': ('Tiêu đề',), 'published_at': ('Ngày đăng',)}
    """
    # Real columns repeat and order matters: the cache makes it one look-up for each record.
    return _field_map(tuple(columns), tuple(text_columns))


@lru_cache(maxsize=512)
def _field_map(
    columns: tuple[str, ...], text_columns: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    folded: dict[str, str] = {}
    for column in columns:
        folded.setdefault(fold_name(column), column)
    text = [folded[name] for name in field_names()["text"] if name in folded]
    if text_columns:
        text = [
            name if name in columns else folded[fold_name(name)]
            for name in text_columns
            if name in columns or fold_name(name) in folded
        ]
    found = {"text": tuple(text[:1])}
    for role in ("title", "author", "section", "url", "source", "published_at"):
        held = (folded[name] for name in field_names()[role] if name in folded)
        found[role] = tuple(column for column in held if column not in found["text"])
    found = {role: held for role, held in found.items() if held}
    if "text" not in found:
        wanted = " or ".join(repr(name) for name in text_columns)
        listed = ", ".join(repr(column) for column in columns[:20]) or "none"
        more = f" and {len(columns) - 20} more" if len(columns) > 20 else ""
        raise ReadError(
            f"no column {wanted or 'that looks like the text'} among {listed}{more}; "
            "name the one with the text by --text-column NAME (text_column= in Python)"
        )
    return found


def from_record(record: Mapping[str, object], fields: Mapping[str, tuple[str, ...]]) -> Metadata:
    """Read the metadata of a record; what cannot be read becomes a warning, never an error.

    >>> found = from_record({"ngay": "2/3/2025"}, {"published_at": ("ngay",)})
    >>> found.published_at, found.title
    ('2025-03-02', None)
    """
    texts = {
        role: next(filter(None, (_plain(record.get(name)) for name in names)), None)
        for role, names in fields.items()
        if role in _TEXTUAL
    }
    warnings: tuple[str, ...] = ()
    published: str | None = None
    for name in fields.get("published_at", ()):
        try:
            published = published_at(record.get(name))
        except (ValueError, OverflowError) as error:
            warnings = (*warnings, f"{name}: {error}")
        if published is not None:
            warnings = ()
            break
    return Metadata(
        title=texts.get("title"),
        author=texts.get("author"),
        section=texts.get("section"),
        url=texts.get("url"),
        source=texts.get("source"),
        published_at=published,
        warnings=warnings,
    )


def _plain(value: object) -> str | None:
    """Show a value as text: lists joined by commas, a record by its name."""
    if value is None or value != value:
        return None
    if isinstance(value, Mapping):
        return _plain(value.get("name", value.get("title")))
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_plain, value))) or None
    text = str(value).strip()
    # A lone half of a surrogate pair cannot be written to any file.
    return text.encode("utf-8", "replace").decode("utf-8") or None
