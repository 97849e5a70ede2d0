"""Normalised text to tokens: syllables, numbers, dates, codes, addresses, marks.

Tokens follow underthesea's tokeniser, so that its models see what they were trained on, except
where it would break what we read: addresses, codes, clock times, ranges, joined capital
syllables (`Hà Nội-Hải Phòng`) and a full stop after capitals that ends a sentence.
"""

from __future__ import annotations

import re

__all__ = ["is_syllable", "tokenize"]

_CAPITALS = "".join(
    c for c in map(chr, range(0x41, 0x1EFA)) if c.isalpha() and c.isupper() and (c < "ɐ" or c > "Ḁ")
)
_CAPITAL = f"[{_CAPITALS}]"
_LETTER = r"[^\W\d_]"
_PART = rf"(?:{_CAPITAL}{{2,4}}|{_CAPITAL}{_LETTER}?)"  # of an abbreviation with stops inside

_ONSET = "b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|nh|ng|ngh|p|ph|q|qu|r|s|t|th|tr|v|x"
_NUCLEUS = "[aăâeêioôơuưyàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ]{1,3}"
_SYLLABLE = re.compile(f"(?:{_ONSET})?{_NUCLEUS}(?:c|ch|m|n|ng|nh|p|t)?", re.IGNORECASE)

# A place where two Vietnamese capitalised syllables are joined: `Nội-Hải`, `Việt-Mỹ`.
_EMOJI = (
    "[\u231a-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
    "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U0001f000-\U0001faff\u2640\u2642\u2764\u20e3]*"
)

_DOMAIN = (
    "com|net|org|vn|info|edu|gov|int|io|tv|co|me|ai|biz|app|dev|news|online|club|site|shop|xyz"
    "|us|uk|eu|fr|de|es|it|nl|be|ch|at|pl|cz|se|no|fi|dk|ru|ua|tr|cn|jp|kr|tw|hk|sg|my|th|id|ph|in|la|kh|au|nz|ca|br"
)

_TOKEN = re.compile(
    rf"""
    {_LETTER}+(?=[\s,;!?()"”“…]|\.\s|$)            # most tokens: letters, then a space or mark
  | [,;?!()"“”‘’«»\[\]{{}}]
  | (?:https?|ftp)://[^\s<>"“”«»()]*[^\s<>"“”«»().,;:!?'’…]
  | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                    # e-mail
  | (?:[a-z0-9-]+\.)+(?:{_DOMAIN})(?![\w-]|\.\w)
    (?:/[^\s<>"“”()]*[^\s<>"“”().,;:!?])?
  | [@\#]\w+                                        # handle, hashtag
  | \d+/\d{{4}}/[A-ZĐ]\w*(?:-[A-ZĐ]\w*)*            # 15/2020/NĐ-CP
  | \d{{1,4}}/[A-ZĐ]+(?:-[A-ZĐ]\w*)+                  # 120/QĐ-TTg
  | \d{{1,2}}/\d{{1,2}}/\d{{2,4}}(?!\d)
  | \d{{4}}/\d{{1,2}}/\d{{1,2}}(?!\d)
  | \d{{4}}-\d{{1,2}}-\d{{1,2}}(?!\d)
  | \d{{1,2}}-\d{{1,2}}-\d{{4}}(?!\d)
  | \d{{1,2}}\.\d{{1,2}}\.\d{{4}}(?!\d)
  | \d{{2,}}-\d{{3,}}-\d{{3,}}                      # telephone
  | \d{{1,2}}/\d{{1,4}}(?!\d)
  | \d{{1,2}}:\d{{2}}(?::\d{{2}})?(?!\d)
  | \d{{1,2}}(?:[hHgG]\d{{2}}(?!\d)|h(?!\w))        # 15h30, 7h
  | \d+x\d+(?!\w)                                   # 3x4
  | \d+[A-ZĐ]+\d*-\d+(?:\.\d+)?                     # number plate
  | \d+[A-ZĐ]+\d*(?!\w)
  | \d+(?:\.\d{{3}})+(?:,\d+)?(?!\d)
  | \d+(?:[.,]\d+)+
  | \d+
  | \.{{2,}} | -{{2,}} | ==?> | -> | >>
  | v\.v(?:\.\.\.|\.)? | T\.Ư | e-mail
  | [A-ZĐ]+&[A-ZĐ]+
  | {_PART}(?:\.{_PART})+(?!\w)\.?                 # N.V.A., PGS.TS., Th.S
  | {_CAPITAL}{{1,4}}\.{_CAPITAL}{{2,}}(?!\w)       # TP.HCM
  | [A-ZĐ]+\.                                       # TP. HCM; cut off where a sentence ends
  | (?:Tp|Tx|Mr|Mrs|Ms|Dr|ThS|Ths|Th\.[Ss]|Bs|St)\.
  | {_LETTER}+(?:['’]{_LETTER}+)+                   # H'Mông, O'Neil
  | \w+(?:-[\w]+)+ | \w+
  | {_EMOJI}
  | °[CF] | :\)+ | :+
  | \S
    """,
    re.VERBOSE,
)


def is_syllable(form: str) -> bool:
    """Whether a form could be a Vietnamese syllable by its spelling.

    >>> is_syllable("Nguyễn"), is_syllable("Rackspace"), is_syllable("19")
    (True, False, False)
    """
    return _SYLLABLE.fullmatch(form) is not None


# A syllable with a Vietnamese letter, then a capital: foreign names in camel case are plain ASCII.
_GLUED = re.compile(
    rf"((?=[^\W\d_]*[^\x00-\x7f]){_LETTER}(?:(?!{_CAPITAL}){_LETTER})+)(?={_CAPITAL})"
)

_PIECES_KEPT = 100_000
_Piece = tuple[tuple[int, int, str], ...]
_pieces: dict[str, _Piece | None] = {}


def tokenize(norm: str) -> tuple[list[int], list[int], list[str]]:
    """Starts, ends and forms of the tokens of a normalised text.

    No token holds white space, so each piece between spaces is read once and remembered.

    >>> tokenize("TP.HCM: 20-24/3, tàu Nam-Bắc chạy lúc 15h30.")[2]
    ['TP.HCM', ':', '20', '-', '24/3', ',', 'tàu', 'Nam', '-', 'Bắc', 'chạy', 'lúc', '15h30', '.']
    """
    if len(_pieces) > _PIECES_KEPT:
        _pieces.clear()
    starts: list[int] = []
    ends: list[int] = []
    forms: list[str] = []
    position = 0
    for piece in norm.split():
        start = norm.index(piece, position)
        position = start + len(piece)
        try:
            parts = _pieces[piece]
        except KeyError:
            parts = _pieces[piece] = _read(piece)
        if parts is None:
            starts.append(start)
            ends.append(position)
            forms.append(piece)
        else:
            for first, last, form in parts:
                starts.append(start + first)
                ends.append(start + last)
                forms.append(form)
    return starts, ends, forms


def _read(piece: str) -> _Piece | None:
    """Tokens of a piece without white space, None where it is one token."""
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(piece):
        start, end = match.span()
        if "-" in match[0]:
            spans.extend(_cut_hyphens(piece, start, end))
        else:
            spans.extend(_cut_glued(match[0], start, end))
    if len(spans) == 1:
        return None
    return tuple((start, end, piece[start:end]) for start, end in spans)


def _cut_hyphens(piece: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a token between capitalised Vietnamese syllables that a hyphen joins: `Nội-Hải`."""
    parts = piece[start:end].split("-")
    if not all(part[:1].isupper() and part[1:].islower() and is_syllable(part) for part in parts):
        return [(start, end)]
    out: list[tuple[int, int]] = []
    for part in parts:
        out += [(start, start + len(part)), (start + len(part), start + len(part) + 1)]
        start += len(part) + 1
    return out[:-1]


def _cut_glued(form: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut where a lost space joined two words: `ThủyTheo`, but not `OpenStack` or `VinFast`."""
    match = _GLUED.match(form)
    if match is None or not is_syllable(match[1]):
        return [(start, end)]
    cut = start + match.end(1)
    return [(start, cut), *_cut_glued(form[match.end(1) :], cut, end)]
