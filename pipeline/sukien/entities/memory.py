"""What the rest of a document says of a name: the tagger's memory.

A name seen clearly once helps its other occurrences and its short forms. After a first pass each
capitalised token learns what its form was part of in *other* sentences, and a second pass weighs
that against the sentence's own words (two-stage CRF: Krishnan and Manning, ACL 2006).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from sukien.entities.features import is_capital
from sukien.tagging.columns import Placed

__all__ = ["MEMORY", "memory_columns"]

MEMORY = ("told_label", "told_place", "told_whole")
"""Columns that `memory_columns` fills."""

_LONGEST = 8  # tokens of a whole name that is recognised
Spans = Sequence[tuple[int, int, str]]


class _Votes:
    """Labels that a form or name got, by sentence."""

    __slots__ = ("_own", "_total")

    def __init__(self) -> None:
        self._total: Counter[str] = Counter()
        self._own: dict[int, Counter[str]] = {}

    def add(self, label: str, sentence: int) -> None:
        self._total[label] += 1
        self._own.setdefault(sentence, Counter())[label] += 1

    def elsewhere(self, sentence: int) -> tuple[str, int, bool] | None:
        """Most frequent label in other sentences, how often, and whether it is the only one."""
        own = self._own.get(sentence)
        counts: dict[str, int] = self._total
        if own is not None:
            less = ((label, count - own[label]) for label, count in counts.items())
            counts = {label: count for label, count in less if count}
        if not counts:
            return None
        label, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
        return label, most, len(counts) == 1


def memory_columns(
    forms: Sequence[str], pieces: Sequence[tuple[int, int]], spans: Spans
) -> dict[str, Placed]:
    """Columns of a document's tokens from the names of a first pass, half-open token spans.

    `pieces` are the sentences. Linear in tokens. A token whose form stands in one sentence only
    has no value.

    >>> columns = memory_columns(
    ...     ["Donald", "Trump", "nói", ".", "Trump", "cười", "."], [(0, 4), (4, 7)], [(0, 2, "PER")]
    ... )
    >>> [columns[name].by_token().get(4) for name in MEMORY]
    ['PER!1', 'PER-E', None]
    """
    size = len(forms)
    out = {name: Placed() for name in MEMORY}
    if not spans:
        return out
    sentence_of = [0] * size
    for number, (first, last) in enumerate(pieces):
        sentence_of[first:last] = [number] * (last - first)
    labels: dict[str, _Votes] = defaultdict(_Votes)
    places: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    wholes: dict[str, _Votes] = defaultdict(_Votes)
    for start, end, label in spans:
        number = sentence_of[start]
        wholes[" ".join(forms[start:end])].add(label, number)
        for token in range(start, end):
            if is_capital(forms[token]):
                labels[forms[token]].add(label, number)
                place = f"{label}-{_place(token, start, end)}"
                _keep_two(places[forms[token]], (end - start, number, place))
    first_seen: dict[str, int] = {}
    repeated: set[str] = set()
    capital = [token for token, form in enumerate(forms) if is_capital(form)]
    for token in capital:
        if first_seen.setdefault(forms[token], sentence_of[token]) != sentence_of[token]:
            repeated.add(forms[token])
    for token in capital:
        form = forms[token]
        if form not in repeated:
            continue
        here = sentence_of[token]
        votes = labels[form].elsewhere(here) if form in labels else None
        if votes is None:
            out["told_label"].add(token, "none")
            continue
        sole = "!" if votes[2] else ""
        out["told_label"].add(token, f"{votes[0]}{sole}{min(votes[1], 3)}")
        out["told_place"].add(token, next(e[2] for e in places[form] if e[1] != here))
    _recognise(out["told_whole"], forms, pieces, wholes)
    return out


def _place(token: int, start: int, end: int) -> str:
    if end - start == 1:
        return "S"
    return "B" if token == start else "E" if token == end - 1 else "I"


def _keep_two(entries: list[tuple[int, int, str]], entry: tuple[int, int, str]) -> None:
    """Keep the longest name that a form is part of, and the longest one of another sentence."""
    entries.append(entry)
    entries.sort(reverse=True)
    entries[1:] = [e for e in entries[1:] if e[1] != entries[0][1]][:1]


def _recognise(
    column: Placed,
    forms: Sequence[str],
    pieces: Sequence[tuple[int, int]],
    wholes: dict[str, _Votes],
) -> None:
    """Mark the longest whole names that stand in other sentences too."""
    longest: dict[str, int] = {}
    for name in wholes:
        first, size = name.partition(" ")[0], name.count(" ") + 1
        longest[first] = max(longest.get(first, 0), min(size, _LONGEST))
    for number, (begin, last) in enumerate(pieces):
        token = begin
        while token < last:
            end = token + 1
            for length in range(min(longest.get(forms[token], 0), last - token), 0, -1):
                known = wholes.get(" ".join(forms[token : token + length]))
                votes = known.elsewhere(number) if known is not None else None
                if votes is not None:
                    end = token + length
                    for at in range(token, end):
                        edge = ("B" if at == token else "I") + ("E" if at == end - 1 else "")
                        column.add(at, f"{edge}{votes[0]}{min(votes[1], 2)}")
                    break
            token = end
