"""A typed list of names, and its longest matches in a text.

The list knows what names are (company, club, Vietnamese person, place abroad …), never where
they stand: the tagger reads the codes beside the context and decides. Names live in
`data/gazetteer/*.tsv`; a user adds a file of the same form with `--gazetteer FILE`::

    VinFast<TAB>Oc,Mp
    [Os]
    Thép Xanh Nam Định
    Becamex Bình Dương

A line is a name and, after a tab, its codes, the likeliest first; a line `[codes]` gives the
codes of the lines after it that have none of their own; `#` begins a comment line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sukien.language.shadow import fold_tone

__all__ = ["CODES", "Gazetteer", "GazetteerError", "read_shipped", "user_text"]

CODES = {
    "Pv": "Vietnamese or Sino-Vietnamese person",
    "Pf": "foreign person",
    "Pg": "historical or fictional person, deity",
    "Pn": "foreign given name, as a part",
    "Ps": "foreign surname, as a part",
    "Oc": "company or brand",
    "Ob": "bank, insurer, stockbroker",
    "Og": "state body",
    "Op": "party or mass organisation",
    "Oa": "armed unit or group",
    "Os": "sports club, team or federation",
    "Om": "media",
    "Oe": "school or university",
    "Oh": "hospital or clinic",
    "Oi": "international body",
    "Ox": "other organisation, band",
    "Ln": "country or continent",
    "Lv": "place in Vietnam",
    "Lw": "place elsewhere",
    "Lf": "building or facility",
    "Mp": "product, software, vehicle",
    "Mw": "work: book, film, song, game, programme",
    "Me": "event or competition",
    "Ml": "language, people, religion",
    "Ma": "award",
    "Mo": "law, treaty, index, project, other",
    "X": "no name by itself",
}
"""What the codes mean; the first letter tells the label (P, O, L, M)."""

# The plain labels do for a user who does not care for finer types.
_LABELS = {"PER": "Pf", "ORG": "Ox", "LOC": "Lw", "MISC": "Mo"}
_PIECE = re.compile(r"[^\W_]+|[^\w\s]|_")
_MARK = re.compile(r"[^\w\s]|_")
_LONGEST = 14  # pieces of the longest name looked for


class GazetteerError(ValueError):
    """A line of a gazetteer file that cannot be read; the message names file and line."""


def user_text(path: Path) -> str:
    """The text of a user's file; ValueError with the place where it is no UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path}: byte {error.start} is no UTF-8; save the file as UTF-8 text"
        ) from error


def _pieces(surface: str) -> list[str]:
    return _PIECE.findall(surface)


def _keys(names: Sequence[str]) -> list[str]:
    """Lower-case pieces of each name with a space between: most names are that as they stand.

    >>> _keys(["Hà Nội", "TP.HCM"])
    ['hà nội', 'tp . hcm']
    """
    lines = "\n".join(names).lower()
    if lines.count("\n") != len(names) - 1:  # a letter that becomes a line end; never ours
        return [" ".join(_pieces(name.lower())) for name in names]
    spaced = re.sub(" {2,}", " ", _MARK.sub(r" \g<0> ", lines))
    return spaced.strip().replace(" \n", "\n").replace("\n ", "\n").split("\n")


def _union(one: str, two: str) -> str:
    return one if one == two else ",".join(dict.fromkeys(f"{one},{two}".split(",")))


def _codes(field: str, where: str) -> str:
    codes = [_LABELS.get(code, code) for code in re.split(r"[,\s]+", field.strip()) if code]
    for code in codes:
        if code not in CODES:
            known = ", ".join([*CODES, *_LABELS])
            raise GazetteerError(f"{where}: unknown code {code!r}; known: {known}")
    if not codes:
        raise GazetteerError(f"{where}: a name without a code")
    return ",".join(dict.fromkeys(codes))


def _read_strict(text: str, source: str) -> Iterator[tuple[str, str]]:
    """Names and codes of a user's file, every line checked."""
    group = ""
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{source}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("[") and line.rstrip().endswith("]"):
            group = _codes(line.strip()[1:-1], where)
            continue
        name, _, field = line.partition("\t")
        name = fold_tone(unicodedata.normalize("NFC", name.strip()))
        if not _pieces(name):
            raise GazetteerError(f"{where}: no name before the tab")
        codes = _codes(field.split("\t")[0], where) if field.strip() else group
        if not codes:
            raise GazetteerError(
                f"{where}: {name!r} has no codes; write the name, a tab and PER, ORG, LOC, MISC "
                "or a finer code"
            )
        yield name, codes


class Gazetteer:
    """Names with their codes, and the longest of them in a row of tokens.

    >>> gazetteer = Gazetteer([("Hà Nội", "Lv"), ("Hà Nội FC", "Os"), ("Anh", "Ln,Pv,X")])
    >>> gazetteer.codes(["CLB", "Hà", "Nội", "FC", "thắng", "ở", "Anh"])
    ['O', 'B-Os', 'I-Os', 'I-Os', 'O', 'O', 'B-Ln,Pv,X']
    """

    __slots__ = ("_longest", "_table")

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        self._table: dict[str, tuple[str, str]] = {}
        # By the first two pieces of a name, the pieces of the longest one that begins so.
        self._longest: dict[str, int] = {}
        self._add(names)

    def _add(self, names: Iterable[tuple[str, str]], *, replace: bool = False) -> None:
        rows = list(names)
        table, longest = self._table, self._longest
        for row, key in zip(rows, _keys([name for name, _ in rows]), strict=True):
            old = table.setdefault(key, row)
            if old is not row:
                table[key] = row if replace else (old[0], _union(old[1], row[1]))
            first, _, rest = key.partition(" ")
            if rest:
                second, _, more = rest.partition(" ")
                pair = f"{first} {second}"
                size = more.count(" ") + 3 if more else 2
                if size > longest.get(pair, 0):
                    longest[pair] = size

    @classmethod
    def load(cls, extra: Path | None = None) -> Gazetteer:
        """The shipped list, with a user's file over it: the user's codes of a name win.

        Raises OSError where the file cannot be read, ValueError where it is no UTF-8, and
        GazetteerError where a line is wrong.
        """
        base = _shipped()
        if extra is None:
            return base
        both = cls()
        both._table, both._longest = dict(base._table), dict(base._longest)
        both._add(_read_strict(user_text(extra), str(extra)), replace=True)
        return both

    def __len__(self) -> int:
        return len(self._table)

    def get(self, name: str) -> str | None:
        """Codes of a name in any letter case, or None.

        >>> Gazetteer([("Hà Nội", "Lv")]).get("HÀ NỘI")
        'Lv'
        """
        found = self._table.get(" ".join(_pieces(fold_tone(name).lower())))
        return found[1] if found is not None else None

    def matches(
        self, forms: Sequence[str], *, caseless: bool = False
    ) -> Iterator[tuple[int, int, str]]:
        """Longest names from left to right: half-open token spans with their codes.

        `forms` are normalised tokens, however finely cut. A listed capital must be one in the
        text, so `anh` is not `Anh`; `caseless` lets lower-case text match too.
        """
        pieces: list[str] = []
        owner: list[int] = []
        for at, form in enumerate(forms):
            parts = (form,) if form.isalnum() or len(form) == 1 else _pieces(form)
            pieces.extend(parts)
            owner.extend([at] * len(parts))
        lower = [piece.lower() for piece in pieces]
        table, longest = self._table, self._longest
        # Few pairs begin a name, and few single pieces are one; only these get a longer look.
        pairs = map(" ".join, zip(lower, [*lower[1:], ""], strict=False))
        reach = [longest.get(pair, 1) for pair in pairs]
        likely = [
            at
            for at, (length, piece, small) in enumerate(zip(reach, pieces, lower, strict=True))
            if length > 1
            or ((caseless or piece != small or not piece.isalpha()) and small in table)
        ]
        size, done = len(pieces), 0
        for at in likely:
            if at < done:
                continue
            for length in range(min(reach[at], size - at, _LONGEST), 0, -1):
                found = table.get(" ".join(lower[at : at + length]))
                if found and (caseless or _cased(found[0], pieces[at : at + length])):
                    yield owner[at], owner[at + length - 1] + 1, found[1]
                    done = at + length
                    break

    def codes(self, forms: Sequence[str], *, caseless: bool = False) -> list[str]:
        """For each token `B-` or `I-` with the codes of the name it stands in, or `O`."""
        out = ["O"] * len(forms)
        for start, end, codes in self.matches(forms, caseless=caseless):
            if out[start] != "O":  # two names inside one token: the first one keeps it
                continue
            out[start] = "B-" + codes
            out[start + 1 : end] = ["I-" + codes] * (end - start - 1)
        return out


def _cased(name: str, pieces: Sequence[str]) -> bool:
    """Whether the text has a capital wherever the listed name has one."""
    if name[0].isupper() and not pieces[0][0].isupper():
        return False
    if len(pieces) == 1:
        return True
    listed = name.split() if name.replace(" ", "").isalnum() else _pieces(name)
    return all(
        piece[0].isupper() or not wanted[0].isupper()
        for wanted, piece in zip(listed, pieces, strict=True)
    )


def read_shipped(text: str) -> Iterator[tuple[str, str]]:
    """Names and codes of a file of ours, whose lines a test has checked."""
    group = ""
    for line in text.split("\n"):
        name, tab, codes = line.partition("\t")
        if tab:
            yield name, codes
        elif name.startswith("["):
            group = name[1:-1]
        elif name and not name.startswith("#"):
            yield name, group


@lru_cache(maxsize=1)
def _shipped() -> Gazetteer:
    gazetteer = Gazetteer()
    folder = files("sukien.entities") / "data" / "gazetteer"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".tsv"):
            gazetteer._add(read_shipped(path.read_text(encoding="utf-8")))
    return gazetteer
