"""Which file is which: formats, compressions and archives, told by the suffix of the name."""

from __future__ import annotations

import posixpath
from typing import Final

__all__ = [
    "ARCHIVES",
    "COMPRESSIONS",
    "FORMATS",
    "articles_of",
    "describe",
    "format_of",
    "split_name",
    "stem",
]

FORMATS: Final = {
    ".txt": "txt",
    ".text": "txt",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
COMPRESSIONS: Final = (".gz", ".xz", ".bz2")
ARCHIVES: Final = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")
# A JSON file of the same name beside one of these is its sidecar.
_WITH_SIDECAR = ("txt", "html")


def split_name(name: str) -> tuple[str, str]:
    """Part a name from its compression suffix.

    >>> split_name("news.jsonl.xz"), split_name("a.txt")
    (('news.jsonl', '.xz'), ('a.txt', ''))
    """
    base, suffix = posixpath.splitext(name)
    return (base, suffix.lower()) if suffix.lower() in COMPRESSIONS else (name, "")


def format_of(name: str) -> str | None:
    """Name the format of a file: one of FORMATS, `archive`, or None.

    >>> format_of("a.TXT"), format_of("a.tar.gz"), format_of("a.jsonl.gz"), format_of("a.pdf")
    ('txt', 'archive', 'jsonl', None)
    """
    if name.lower().endswith(ARCHIVES):
        return "archive"
    return FORMATS.get(posixpath.splitext(split_name(name)[0])[1].lower())


def stem(name: str) -> str | None:
    """Name of the sidecar of an article's file without `.json`; None where it can have none.

    >>> stem("a.txt.gz"), stem("b.html"), stem("c.csv")
    ('a', 'b', None)
    """
    if format_of(name) not in _WITH_SIDECAR:
        return None
    return posixpath.splitext(split_name(name)[0])[0]


def articles_of(sidecar: str) -> list[str]:
    """Names of the files whose sidecar a JSON file would be.

    >>> articles_of("a.json")[:2]
    ['a.txt', 'a.txt.gz']
    """
    own = posixpath.splitext(sidecar)[0]
    suffixes = [suffix for suffix, kind in FORMATS.items() if kind in _WITH_SIDECAR]
    return [f"{own}{suffix}{packed}" for suffix in suffixes for packed in ("", *COMPRESSIONS)]


def describe(name: str) -> str:
    """Say why a file of this name is not read."""
    suffix = posixpath.splitext(name)[1]
    what = f"files ending in {suffix!r} are not read" if suffix else "a file without a suffix"
    if not suffix:
        what += " is not read"
    known = ", ".join(sorted(FORMATS))
    return f"{what}; known are {known}, also compressed (.gz .xz .bz2) and in .zip or .tar"
