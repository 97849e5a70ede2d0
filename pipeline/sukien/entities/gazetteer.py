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

import numpy as np
from numpy.typing import NDArray

from sukien.language.shadow import fold_tone
from sukien.tagging.cache import Strings, cached
from sukien.tagging.hashing import HashTable, fold, string_hash

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
Marks = NDArray[np.bool_]

_PIECE = re.compile(r"[^\W_]+|[^\w\s]|_")
_MARK = re.compile(r"[^\w\s]|_")
_LONGEST = 14  # pieces of the longest name looked for
_KEPT = 50_000  # forms whose pieces are kept


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

    __slots__ = ("_begins", "_cut", "_longest", "_pairs", "_table")

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        # By its small pieces, each name as it is written and, after a tab, its codes.
        self._table = Strings()
        # By the first two pieces of a name, the pieces of the longest one that begins so.
        self._longest: dict[str, int] = {}
        # First pieces of names of several, and whether one of these names begins small.
        self._begins: dict[str, bool] = {}
        self._cut = _Cut()
        self._pairs: HashTable | None = None
        self._add(names)

    def _add(self, names: Iterable[tuple[str, str]], *, replace: bool = False) -> None:
        rows = list(names)
        self._pairs = None
        table, longest = self._table, self._longest
        for (name, codes), key in zip(rows, _keys([name for name, _ in rows]), strict=True):
            old, tab, known = table.get(key, "").partition("\t")
            if tab and not replace:
                name, codes = old, _union(known, codes)
            table[key] = f"{name}\t{codes}"
            first, _, rest = key.partition(" ")
            if rest:
                second, _, more = rest.partition(" ")
                pair = f"{first} {second}"
                small = name[0] == first[0]
                self._begins[first] = self._begins.get(first, False) or small
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
        both._table, both._longest = Strings(base._table), dict(base._longest)
        both._begins = dict(base._begins)
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
        return found.partition("\t")[2] if found is not None else None

    def begins(self, form: str, *, caseless: bool = False) -> bool:
        """Whether a listed name of several pieces may begin in a token of this form.

        >>> gazetteer = Gazetteer([("Hà Nội", "Lv"), ("sông Hồng", "Lv"), ("Huế", "Lv")])
        >>> [gazetteer.begins(form) for form in ("Hà", "hà", "sông", "Nội", "Huế")]
        [True, False, True, False, False]
        """
        for piece in _pieces(form):
            small = self._begins.get(piece.lower())
            if small or (small is not None and (caseless or _marked(piece))):
                return True
        return False

    def single(self, form: str, *, caseless: bool = False) -> bool:
        """Whether a piece of a token of this form is a listed name by itself."""
        return any(
            (caseless or _marked(piece)) and piece.lower() in self._table for piece in _pieces(form)
        )

    def goes_on(self, first: NDArray[np.uint64], second: NDArray[np.uint64]) -> Marks:
        """Whether listed names begin with two pieces, given by hashes of their small forms."""
        if self._pairs is None:
            pairs = [pair.split(" ") for pair in self._longest]
            code = {piece: string_hash(piece) for pair in pairs for piece in pair}
            hashes = np.array([[code[one], code[two]] for one, two in pairs], dtype=np.uint64)
            hashes = hashes.reshape(-1, 2)
            self._pairs = HashTable(np.unique(fold(hashes[:, 0], hashes[:, 1])))
        found: Marks = self._pairs.find(fold(first, second)) >= 0
        return found

    def matches(
        self,
        forms: Sequence[str],
        *,
        caseless: bool = False,
        likely: Iterable[int] | None = None,
    ) -> Iterator[tuple[int, int, str]]:
        """Longest names from left to right: half-open token spans with their codes.

        `forms` are normalised tokens, however finely cut. A listed capital must be one in the
        text, so `anh` is not `Anh`; `caseless` lets lower-case text match too. `likely` are the
        tokens in which a name may begin, where they are known already.
        """
        if likely is None:
            likely = [
                at
                for at, form in enumerate(forms)
                if self.begins(form, caseless=caseless) or self.single(form, caseless=caseless)
            ]
        cut, table, longest, size = self._cut, self._table, self._longest, len(forms)
        done = (0, 0)  # token and piece where the last name ended
        for at in likely:
            form, own = forms[at], cut[forms[at]]
            ahead = cut[forms[at + 1]][0] if at + 1 < size else ""
            for place, piece in enumerate(own):
                if (at, place) < done:
                    continue
                second = own[place + 1] if place + 1 < len(own) else ahead
                reach = longest.get(f"{piece} {second}", 1)
                if reach == 1 == len(own):  # most tokens
                    found = table.get(piece)
                    if found and (caseless or form[0].isupper() or not found[0].isupper()):
                        yield at, at + 1, found.partition("\t")[2]
                    continue
                lower, owners = self._window(forms, at, place, min(reach, _LONGEST))
                for length in range(len(lower), 0, -1):
                    found = table.get(" ".join(lower[:length]))
                    if not found:
                        continue
                    end = owners[length - 1]
                    name, _, codes = found.partition("\t")
                    pieces = _written(forms[at : end + 1])[place : place + length]
                    if caseless or _cased(name, pieces):
                        yield at, end + 1, codes
                        taken = owners[:length].count(end)
                        done = (end, taken + (place if end == at else 0))
                        break

    def _window(
        self, forms: Sequence[str], at: int, place: int, reach: int
    ) -> tuple[list[str], list[int]]:
        """Small pieces from a place on, at most `reach`, and the tokens they belong to."""
        lower = list(self._cut[forms[at]][place : place + reach])
        owners = [at] * len(lower)
        token = at + 1
        while len(lower) < reach and token < len(forms):
            more = self._cut[forms[token]][: reach - len(lower)]
            lower += more
            owners += [token] * len(more)
            token += 1
        return lower, owners

    def codes(self, forms: Sequence[str], *, caseless: bool = False) -> list[str]:
        """For each token `B-` or `I-` with the codes of the name it stands in, or `O`."""
        out = ["O"] * len(forms)
        for start, end, codes in self.matches(forms, caseless=caseless):
            if out[start] != "O":  # two names inside one token: the first one keeps it
                continue
            out[start] = "B-" + codes
            out[start + 1 : end] = ["I-" + codes] * (end - start - 1)
        return out


class _Cut(dict[str, tuple[str, ...]]):
    """Small pieces of the forms asked for so far; forgets all when it has many."""

    def __missing__(self, form: str) -> tuple[str, ...]:
        if len(self) > _KEPT:
            self.clear()
        small = tuple(piece.lower() for piece in _written((form,)))
        self[form] = small
        return small


def _marked(piece: str) -> bool:
    """Whether a piece may be a name by itself where case counts."""
    return not piece.isalpha() or piece != piece.lower()


def _written(forms: Sequence[str]) -> list[str]:
    """Pieces of tokens as they are written."""
    out: list[str] = []
    for form in forms:
        if form.isalnum() or len(form) == 1:
            out.append(form)
        else:
            out += _pieces(form) or [form]
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
    return cached("gazetteer", _read_all)


def _read_all() -> Gazetteer:
    gazetteer = Gazetteer()
    folder = files("sukien.entities") / "data" / "gazetteer"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".tsv"):
            gazetteer._add(read_shipped(path.read_text(encoding="utf-8")))
    gazetteer.goes_on(*np.zeros((2, 1), dtype=np.uint64))  # makes the table of pairs
    return gazetteer
