"""Which language a text is in, as far as its letters and commonest words tell."""

from __future__ import annotations

import re
from unicodedata import normalize

__all__ = ["tongue"]

_SAMPLE = 1200
"""Characters looked at: an article does not change its language after its first screen."""

_WORD = re.compile(r"[^\W\d_]+")

# Letters that Vietnamese has and its neighbours in a newsroom (English, French, Portuguese,
# Spanish, German, Romanian) lack: đ, ơ, ư, hook above, dot below, tilde on e, i, u, y, and
# circumflex or breve with a tone.
_OURS = frozenset("đơưảạẻẽẹỉĩịỏọủũụỷỹỵắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữự")

# The commonest syllables of Vietnamese written without marks; those that are also English
# words (do, to, the, me) are left out.
_BARE = frozenset(
    "khong nguoi nhung duoc trong cua cho voi mot cac nhu nay khi ngay nam cung viet ong ba "  # noqa: SIM905 (a list of words)
    "truoc nhieu thi la va tai tren den tu nha phai lam biet cong thanh dinh quoc gia".split()
)
_ENGLISH = frozenset(
    "the of and to in is was for that on with as by at from his her it he she are were be this "  # noqa: SIM905 (a list of words)
    "have has had not but they an or which will their said who".split()
)


def tongue(text: str) -> str | None:
    """`vi`, `en`, or None where the text does not tell.

    >>> tongue("Quốc hội họp phiên bế mạc tại Hà Nội."), tongue("The talks ended in Hanoi.")
    ('vi', 'en')
    >>> tongue("12/3 - 4-2") is None
    True
    """
    words = _WORD.findall(normalize("NFC", text[:_SAMPLE]).lower())
    if not words:
        return None
    marked = list(map(_OURS.isdisjoint, words)).count(False)
    english = sum(map(_ENGLISH.__contains__, words))
    if marked >= 0.1 * len(words) and marked > english:
        return "vi"
    bare = sum(map(_BARE.__contains__, words))
    if bare >= 0.2 * len(words) and bare > english:
        return "vi"
    return "en" if english >= 0.15 * len(words) else None
