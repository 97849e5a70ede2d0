"""What a line of an article is: title, sapo (lead), body or caption."""

from __future__ import annotations

import re

from sukien.language.document import Zone

__all__ = ["line_zone"]

_CAPTION = re.compile(
    r"^\(?(?:ảnh|hình|video|clip|đồ họa|nguồn ảnh|ảnh minh họa)\b"
    r"|\((?:ảnh|nguồn ảnh|hình)\s*:[^)]*\)?\.?$"
    r"|[-–.:]\s*ảnh\s*:\s*[^.]{1,40}\.?$",
    re.IGNORECASE,
)
_TITLE_SYLLABLES = 32
_SAPO_SYLLABLES = 90


def line_zone(line: str, position: int, lines: int, previous: Zone | None) -> Zone:
    """Zone of the non-empty line at `position` of `lines`, given the zone of the line before.

    A first line without a closing mark is a title; the line after a title is the sapo, unless
    it is long or all there is.

    >>> line_zone("Bão số 3 đổ bộ Quảng Ninh", 0, 5, None)
    'title'
    >>> line_zone("Bão mạnh nhất 30 năm đã vào đất liền trưa nay.", 1, 5, "title")
    'sapo'
    >>> line_zone("Cây đổ trên đường Bãi Cháy. Ảnh: Nam An", 4, 5, "body")
    'caption'
    """
    if _CAPTION.search(line):
        return "caption"
    size = line.count(" ") + 1
    if position == 0 and lines > 1:
        ends = line.rstrip('"”’») ')[-1:]
        return "title" if size <= _TITLE_SYLLABLES and ends not in ".;:," else "body"
    if previous == "title" and position == 1 and lines > 2 and size <= _SAPO_SYLLABLES:
        return "sapo"
    return "body"
