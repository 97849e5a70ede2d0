"""From a folder of Vietnamese news to tables of who, what, when, where.

>>> import sukien
>>> sorted(sukien.__all__)
['Tables', '__version__', 'extract', 'find_dates', 'load', 'read_articles', 'read_tables']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sukien.batch.api import extract
    from sukien.dates import find_dates
    from sukien.nlp import load
    from sukien.reading import read_articles
    from sukien.tables import Tables
    from sukien.writing import read_tables

    __version__: str

# Each name is imported when it is first used: `import sukien` itself costs nothing.
_HOMES = {
    "Tables": "sukien.tables",
    "extract": "sukien.batch.api",
    "find_dates": "sukien.dates",
    "load": "sukien.nlp",
    "read_articles": "sukien.reading",
    "read_tables": "sukien.writing",
}

__all__ = [
    "Tables",
    "__version__",
    "extract",
    "find_dates",
    "load",
    "read_articles",
    "read_tables",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("sukien")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'sukien' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
