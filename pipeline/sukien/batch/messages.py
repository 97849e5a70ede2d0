"""What a run says to its user, in English or Vietnamese; the words are data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "Words"]

LANGUAGES = ("en", "vi")

_SLOT = re.compile(r"\\{(\w+)\\}")


class Words:
    """The words of one language; what has no translation stays English.

    >>> Words("vi")("{count} failed", count=3), Words("en")("{count} failed", count=3)
    ('3 lỗi', '3 failed')
    >>> Words("vi").reason("published 2024-01-31, before 2024-02-01")
    'đăng ngày 2024-01-31, trước 2024-02-01'
    """

    def __init__(self, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no language {language!r}; there are {', '.join(LANGUAGES)}")
        self._screen, self._reasons = _table(language) if language != "en" else ({}, [])

    def __call__(self, english: str, **values: object) -> str:
        """Words for the screen, with the values in their places."""
        return self._screen.get(english, english).format(**values)

    def reason(self, english: str) -> str:
        """Why an input failed or was skipped, as the table `articles` tells it in English."""
        for match, words in self._reasons:
            if found := match(english):
                return words.format(**found.groupdict())
        return self._screen.get(english, english)


_Matcher = Callable[[str], re.Match[str] | None]


@cache
def _table(language: str) -> tuple[dict[str, str], list[tuple[_Matcher, str]]]:
    data = (files("sukien.batch") / "data" / f"{language}.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = tomllib.loads(data)
    reasons = [(_matcher(english), words) for english, words in table["reasons"].items()]
    return table["screen"], reasons


def _matcher(template: str) -> _Matcher:
    """What matches a template with anything in its places."""
    pattern = _SLOT.sub(r"(?P<\1>.*?)", re.escape(template))
    return re.compile(pattern, re.DOTALL).fullmatch
