"""What the trigger model sees of a word that may name an event: hashed features, as arrays.

A feature is a 64-bit hash of a template, of what fills the template's atoms around the word, and
of the template's scope: all words together (`S`), the event type (`T`), or the lexeme with the
type (`L`). All features of all candidates of a batch are computed at once and only from the
candidate's own document, so a score does not depend on the batch.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sukien.language.document import Document
from sukien.tagging.hashing import HashTable

__all__ = [
    "BAGS",
    "TEMPLATES",
    "Candidates",
    "Clusters",
    "Hashes",
    "Tokens",
    "cluster_table",
    "feature_keys",
    "string_hash",
]

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Clusters = tuple[HashTable, Hashes]

_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(29)

# Atoms: f form of a token, s its shape, w word, p its part of speech, c its cluster; the number
# counts from the candidate, to the left (-1) or right (+1); 0 is the candidate itself.
# q prior of the lexeme; whole: begins and ends with a word; caps, digits: how many in 6 tokens;
# same, here, mass: other likely triggers of this type in the document and the sentence, of any
# type in the document; n1-n4 and d1-d4: the types in the sentence and the document.
TEMPLATES: Final = (
    "TL one",
    *(f"STL f{k:+d}" for k in (-1, -2, -3, 1, 2, 3)),
    "STL f-1 f-2",
    "STL f+1 f+2",
    "STL f-1 f+1",
    "ST f-1 f-2 f-3",
    "ST f+1 f+2 f+3",
    *(f"T f{k:+d} f{k - 1:+d}" for k in (-2, -3, -4, -5)),
    *(f"T f{k:+d} f{k + 1:+d}" for k in (2, 3, 4, 5)),
    *(f"STL s{k:+d}" for k in (0, -1, -2, 1, 2)),
    *(f"STL {a}" for a in ("caps-", "caps+", "digits-", "digits+")),
    "ST q",
    "S q s-1 s+1",
    "S q f-1",
    "S q f+1",
    "STL whole",
    *(f"STL p{k:+d}" for k in (0, -1, -2, 1, 2)),
    "STL p-1 p-2",
    "STL p+1 p+2",
    "STL p-1 p+1",
    *(f"STL w{k:+d}" for k in (-1, -2, -3, 1, 2, 3)),
    *(f"STL c{k:+d}" for k in (-1, -2, -3, 1, 2, 3)),
    "STL c-1 c+1",
    "STL c-1 c-2",
    "STL c+1 c+2",
    *(scope for a in ("same", "here", "mass") for scope in (f"ST {a}", f"S {a} q")),
)
# Bags: an atom at any of several places, in one template.
BAGS: Final = (
    ("STL", tuple(f"f{k:+d}" for k in (-1, -2, -3, -4, -5, -6))),
    ("STL", tuple(f"f{k:+d}" for k in (1, 2, 3, 4, 5, 6))),
    ("T", tuple(f"c{k:+d}" for k in (-1, -2, -3, -4, -5, -6, -7))),
    ("T", tuple(f"c{k:+d}" for k in (1, 2, 3, 4, 5, 6, 7))),
    ("TL", ("n1", "n2", "n3", "n4")),
    ("TL", ("d1", "d2", "d3", "d4")),
)
_NEAR: Final = 4
_LIKELY: Final = 0.55


def string_hash(text: str) -> int:
    """Hash a string to 64 bits, the same on every machine.

    >>> string_hash("gia nhập") == string_hash("gia nhập") != string_hash("nhập")
    True
    """
    data = text.encode("utf-8", "surrogatepass")
    return zlib.crc32(data) << 32 | zlib.crc32(data, 0x9747B28C)


_PAD: Final = np.uint64(string_hash("\n"))


class Tokens:
    """The tokens and words of a batch of documents, end to end, as arrays.

    `clusters` are the known words and their clusters, as `cluster_table` makes them.
    """

    def __init__(self, documents: Sequence[Document], clusters: Clusters) -> None:
        forms: list[str] = []
        lengths: list[int] = []
        begins: list[bool] = []
        tags: list[str] = []
        offsets: list[int] = []
        for document in documents:
            offsets.append(len(forms))
            forms.extend(document.forms)
            lengths.extend(s.token_end - s.token_start for s in document.sentences)
            begins.extend(document.words or [True] * len(document))
            tags.extend(document.pos or [""] * len(document))
        self.offsets = offsets
        self.lower = list(map(str.lower, forms))
        self.form, self.shape = _FORMS.values(forms)
        (self.tag,) = _TAGS.values(tags)
        self.sentence = np.repeat(np.arange(len(lengths)), lengths)
        self.document = np.repeat(np.arange(len(documents)), [len(d) for d in documents])
        begin = np.array(begins, dtype=bool)
        if len(forms):
            begin[np.cumsum([0, *lengths[:-1]])] = True
        self.word = np.cumsum(begin) - 1
        self.word_start = np.flatnonzero(begin)
        self.word_end = np.append(self.word_start[1:], len(forms))
        self.word_form = _word_hashes(self.form, self.word, self.word_start)
        self.word_tag = self.tag[self.word_start]
        self.word_sentence = self.sentence[self.word_start]
        # All numbers are one word to the clusters.
        looked = np.where(self.shape[self.word_start] == _DIGIT, _ZERO, self.word_form)
        known, numbers = clusters
        self.word_cluster: Hashes = numbers[known.find(looked)]


def cluster_table(clusters: Mapping[str, int]) -> Clusters:
    """Turn words (syllables joined by `_`) and their clusters into what `Tokens` looks up.

    The last number, 0, is that of any other word, whose position in the table is -1.
    """
    keys = np.array([_word_hash(word) for word in clusters], np.uint64)
    numbers = np.array([number + 2 for number in clusters.values()], np.uint64)
    return HashTable(keys), np.append(numbers, np.uint64(0))


def _word_hashes(forms: Hashes, word: Ints, word_start: Ints) -> Hashes:
    """Hash of each word from those of its tokens: a polynomial, its coefficients by place."""
    place = np.minimum(np.arange(len(forms)) - word_start[word], len(_POWERS) - 1)
    if not len(forms):
        return forms
    sums: Hashes = np.add.reduceat(forms * _POWERS[place], word_start)
    return sums


def _word_hash(word: str) -> int:
    total = 0
    for place, syllable in enumerate(word.split("_")):
        power = int(_POWERS[min(place, len(_POWERS) - 1)])
        total = (total + string_hash(syllable) * power) & 0xFFFFFFFFFFFFFFFF
    return total


def _shape(form: str) -> int:
    """Lower case 0, capital 1, digit 2, anything else 3."""
    if form.islower():
        return 0
    first = form[0]
    return 1 if first.isupper() else _DIGIT if first.isdigit() else 3


class _Memo:
    """Functions of strings to 64 bits over whole lists; answers are kept, up to a limit."""

    def __init__(self, *functions: Callable[[str], int], limit: int = 1 << 18) -> None:
        self._functions, self._limit = functions, limit
        self._number: dict[str, int] = {}
        self._values = np.zeros((len(functions), 0), np.uint64)

    def values(self, strings: Sequence[str]) -> Hashes:
        """One row a function, one column a string."""
        try:
            numbers = np.fromiter(map(self._number.__getitem__, strings), np.int64, len(strings))
        except KeyError:
            self._learn(strings)
            numbers = np.fromiter(map(self._number.__getitem__, strings), np.int64, len(strings))
        return self._values[:, numbers]

    def _learn(self, strings: Sequence[str]) -> None:
        if len(self._number) > self._limit:
            self._number.clear()
            self._values = self._values[:, :0]
        new = list(dict.fromkeys(string for string in strings if string not in self._number))
        values = [[function(string) for string in new] for function in self._functions]
        self._values = np.concatenate([self._values, np.array(values, np.uint64)], axis=1)
        self._number.update(zip(new, range(len(self._number), self._values.shape[1]), strict=True))


_DIGIT: Final = 2
_POWERS: Final = np.array([pow(0x9E3779B97F4A7C15, k, 1 << 64) for k in range(8)], np.uint64)
_ZERO: Final = np.uint64(_word_hash("0"))
_FORMS: Final = _Memo(lambda form: string_hash(form.lower()), _shape)
_TAGS: Final = _Memo(string_hash)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of a span of tokens and a type that its words may name; parallel arrays.

    `start` and `end` are positions in `Tokens`; `kind` numbers the type and `type_hash` is the
    hash of its name; `lexeme` is the hash of the words; `prior` how often they name the type;
    `longest` is false within a longer candidate.
    """

    start: Ints
    end: Ints
    kind: Ints
    type_hash: Hashes
    lexeme: Hashes
    prior: npt.NDArray[np.float64]
    longest: Flags

    def __len__(self) -> int:
        return len(self.start)


def _mix(left: Hashes, right: Hashes | np.uint64) -> Hashes:
    value: Hashes = (left ^ right) * _FACTOR
    value ^= value >> _SHIFT
    return value


class _Atoms:
    """Fills atoms for all candidates at once, each atom only once."""

    def __init__(self, tokens: Tokens, candidates: Candidates) -> None:
        self._tokens, self._candidates = tokens, candidates
        self._sentence = tokens.sentence[candidates.start]
        self._places: dict[tuple[bool, int], tuple[Ints, Flags]] = {}
        self._first_word = tokens.word[candidates.start]
        self._last_word = tokens.word[candidates.end - 1]
        self._known: dict[str, Hashes] = {"one": np.ones(len(candidates), np.uint64)}
        self._known["q"] = _bucket(candidates.prior)
        begins = tokens.word_start[self._first_word] == candidates.start
        ends = tokens.word_end[self._last_word] == candidates.end
        tag = tokens.tag[candidates.start]
        self._known["whole"] = _mix((begins * 2 + ends).astype(np.uint64), tag)
        self._known["s+0"], self._known["p+0"] = tokens.shape[candidates.start], tag
        self._known |= _near(tokens, candidates)

    def __getitem__(self, name: str) -> Hashes:
        value = self._known.get(name)
        if value is None:
            value = self._known[name] = self._fill(name)
        return value

    def _fill(self, name: str) -> Hashes:
        if name[:-1] in ("caps", "digits"):
            wanted = 1 if name[0] == "c" else 2
            places = [f"s{name[-1]}{k}" for k in range(1, 7)]
            count = np.zeros(len(self._candidates), np.int64)
            for spot in places:
                count += self[spot] == wanted
            return np.minimum(count, 4 - wanted).astype(np.uint64)
        kind, offset = name[0], int(name[1:])
        tokens = self._tokens
        values = {
            "f": tokens.form, "s": tokens.shape,
            "w": tokens.word_form, "p": tokens.word_tag, "c": tokens.word_cluster,
        }[kind]  # fmt: skip
        place, inside = self._place(kind not in "fs", offset)
        filled: Hashes = np.where(inside, values[place], _PAD)
        return filled

    def _place(self, words: bool, offset: int) -> tuple[Ints, Flags]:
        """The token or word so far from each candidate, and whether it is in the sentence."""
        if (words, offset) not in self._places:
            if words:
                sentences = self._tokens.word_sentence
                place = (self._first_word if offset < 0 else self._last_word) + offset
            else:
                sentences, candidates = self._tokens.sentence, self._candidates
                place = (candidates.start if offset < 0 else candidates.end - 1) + offset
            held = np.minimum(np.maximum(place, 0), len(sentences) - 1)
            inside = (held == place) & (sentences[held] == self._sentence)
            self._places[words, offset] = held, inside
        return self._places[words, offset]


def _bucket(prior: npt.NDArray[np.float64]) -> Hashes:
    logit = np.log((prior + 0.02) / (1.02 - prior))
    return (np.round(logit * 1.5) + 16).astype(np.uint64)


def _near(tokens: Tokens, candidates: Candidates) -> dict[str, Hashes]:
    """What other likely triggers say: how many of the type, and which types stand around."""
    likely = np.flatnonzero((candidates.prior > _LIKELY) & candidates.longest)
    kinds = int(candidates.kind.max(initial=0)) + 1
    document = tokens.document[candidates.start]
    sentence = tokens.sentence[candidates.start]
    out: dict[str, Hashes] = {}
    # Other lexemes of the type in the document: all likely ones less those of this lexeme.
    of_type = document * kinds + candidates.kind
    total = np.bincount(of_type[likely], minlength=int(of_type.max(initial=0)) + 1)
    _, lexeme = np.unique(candidates.lexeme, return_inverse=True)
    own_key = of_type * (int(lexeme.max(initial=0)) + 1) + lexeme
    _, own = np.unique(own_key, return_inverse=True)
    same = np.bincount(own[likely], minlength=int(own.max(initial=0)) + 1)
    out["same"] = np.minimum(total[of_type] - same[own], 4).astype(np.uint64)
    in_document = np.bincount(document[likely], minlength=int(document.max(initial=0)) + 1)
    out["mass"] = (np.minimum(in_document[document], 15) // 3).astype(np.uint64)
    # The same type told by another likely candidate of the sentence.
    here_key = sentence * kinds + candidates.kind
    here = np.bincount(here_key[likely], minlength=int(here_key.max(initial=0)) + 1)
    itself = np.zeros(len(candidates), np.int64)
    itself[likely] = 1
    out["here"] = (here[here_key] > itself).astype(np.uint64)
    for letter, where in (("n", sentence), ("d", document)):
        table = _top_types(where, candidates, likely)
        types = table[where]
        others = np.where(types == candidates.type_hash[:, None], _PAD, types)
        for rank in range(_NEAR):
            out[f"{letter}{rank + 1}"] = others[:, rank]
    return out


def _top_types(where: Ints, candidates: Candidates, likely: Ints) -> Hashes:
    """For each sentence or document the types told in it, the most frequent first."""
    table = np.full((int(where.max(initial=0)) + 1, _NEAR), _PAD)
    counts: dict[int, dict[tuple[int, int], int]] = {}
    for place, kind, key in zip(
        where[likely].tolist(),
        candidates.kind[likely].tolist(),
        candidates.type_hash[likely].tolist(),
        strict=True,
    ):
        held = counts.setdefault(place, {})
        held[kind, key] = held.get((kind, key), 0) + 1
    for place, held in counts.items():
        ranked = sorted(held, key=lambda item: (-held[item], item[0]))[:_NEAR]
        table[place, : len(ranked)] = [key for _, key in ranked]
    return table


def feature_keys(tokens: Tokens, candidates: Candidates) -> Hashes:
    """Keys of all features of all candidates: one row a candidate, one column a feature."""
    atoms = _Atoms(tokens, candidates)
    own = _mix(candidates.lexeme, candidates.type_hash)
    scopes = {"T": _mix(candidates.type_hash, np.uint64(1)), "L": _mix(own, np.uint64(2))}
    columns: list[Hashes] = []
    for scope, slot, places in _COMPILED:
        key: Hashes = np.full(len(candidates), slot, np.uint64)
        for place in places:
            key = _mix(key, atoms[place])
        columns.extend(key if s == "S" else _mix(key, scopes[s]) for s in scope)
    # One row a feature in memory: sums over features then run along whole rows.
    return np.stack(columns).T


def _compile() -> tuple[tuple[str, np.uint64, tuple[str, ...]], ...]:
    out = []
    for template in TEMPLATES:
        scope, *places = template.split()
        out.append((scope, np.uint64(string_hash(" ".join(places))), tuple(places)))
    for number, (scope, bag) in enumerate(BAGS):
        slot = np.uint64(string_hash(f"bag {number}"))
        out.extend((scope, slot, (place,)) for place in bag)
    return tuple(out)


_COMPILED: Final = _compile()
