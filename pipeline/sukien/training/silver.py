"""Silver annotation: names of the kind MISC that knowledge and cues find in raw news.

VLSP marks languages, peoples and some events, but hardly products, works, competitions, laws;
a tagger trained on it alone finds one in seventy of them. Here the gazetteer and the cues of
`data/silver.toml` add them to sentences whose other names a first tagger is sure of.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sukien.entities.forms import is_capital
from sukien.entities.gazetteer import Gazetteer
from sukien.language.document import Document
from sukien.language.tokens import is_syllable

__all__ = ["find_misc", "silver_sentences"]

Spans = list[tuple[int, int, str]]
Sure = Sequence[tuple[int, int, str, float]]

_OPEN = {"“": "”", "‘": "’", '"': '"', "'": "'", "«": "»"}
_KEPT = frozenset(("Me", "Mp", "Mw", "Ma", "Mo"))
_LONGEST_TITLE = 12
_LONGEST_CUE = 3
_DOUBTFUL = 0.6
_SURE = 0.9


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    text = (files("sukien.training") / "data" / "silver.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    cut = re.compile(r"\w+|[^\w\s]").findall
    return {
        "quotes": {tuple(cut(cue)) for cue in data["before_quotes"]},
        "capitals": {tuple(cut(cue)) for cue in data["before_capitals"]},
        "numbered": {tuple(cut(name)) for name in data["numbered"]},
        "laws": {
            tuple(cut(f"{word} {law}".lower()))
            for word in data["law_words"]
            for law in data["laws"]
        },
        "machine": re.compile(data["machine"]),
        "no_names": set(data["no_names"]),
        "stems": set(data["stems"]),
    }


def find_misc(document: Document, gazetteer: Gazetteer, *, cues: bool = True) -> Spans:
    """Half-open token spans of MISC names that the list, laws, codes, titles and cues tell.

    They do not overlap; with `cues` false only the safest kinds are looked for.
    """
    found: dict[int, int] = {}
    taken = [False] * len(document)

    def add(start: int, end: int) -> None:
        if not any(taken[start:end]):
            found[start] = end
            taken[start:end] = [True] * (end - start)

    forms = document.forms
    for sentence in document.sentences:
        first, last = sentence.token_start, sentence.token_end
        for token in range(first, last):
            end = _law(forms, token, last) or (cues and _title(forms, token, first, last))
            if end:
                add(token, end)
    for start, end, codes in gazetteer.matches(forms):
        kinds = codes.split(",")
        if kinds[0] in _KEPT and all(kind[0] == "M" for kind in kinds) and _named(forms[start:end]):
            last = document.sentences[document.sentence_at(document.starts[start])].token_end
            add(start, _extend(forms, end, last, products=kinds[0] == "Mp"))
    for sentence in document.sentences:
        first, last = sentence.token_start, sentence.token_end
        for token in range(first, last):
            if _rules()["machine"].fullmatch(forms[token]):
                add(token, _extend(forms, token + 1, last, products=True))
            elif cues and (end := _after_cue(forms, token, first, last)):
                add(token, end)
    return [(start, end, "MISC") for start, end in sorted(found.items())]


def _named(forms: Sequence[str]) -> bool:
    rules = _rules()
    return (
        forms[0] not in rules["stems"]  # a year: `Đinh Dậu`
        and " ".join(forms) not in rules["no_names"]
        and any(is_capital(form) for form in forms)
    )


def _law(forms: Sequence[str], token: int, last: int) -> int:
    """End of a law, code or decree that begins at `token`, or 0."""
    rules = _rules()
    if not forms[token][0].isupper():
        return 0
    for length in (4, 2):
        if tuple(forms[token : token + length]) in rules["numbered"]:
            at = token + length
            if at < last and forms[at] == "số":
                at += 1
            return at + 1 if at < last and forms[at][0].isdigit() else 0
    for end in range(min(token + 9, last), token + 1, -1):
        if tuple(form.lower() for form in forms[token:end]) in rules["laws"]:
            return end + 1 if end < last and re.fullmatch(r"(?:19|20)\d\d", forms[end]) else end
    return 0


def _title(forms: Sequence[str], token: int, first: int, last: int) -> int:
    """End of a title inside quotation marks after a cue, if `token` is its first token, or 0."""
    close = _OPEN.get(forms[token - 1]) if token > first else None
    if close is None or not (forms[token][0].isupper() or forms[token][0].isdigit()):
        return 0
    if not _has_cue(forms, token - 1, first, "quotes"):
        return 0
    for end in range(token + 1, min(token + _LONGEST_TITLE + 1, last)):
        if forms[end] == close:
            return end
        if forms[end] in ".;“‘":
            return 0
    return 0


def _has_cue(forms: Sequence[str], end: int, first: int, kind: str) -> bool:
    cues = _rules()[kind]
    return any(
        tuple(form.lower() for form in forms[end - length : end]) in cues
        for length in range(1, _LONGEST_CUE + 1)
        if end - length >= first
    )


def _after_cue(forms: Sequence[str], token: int, first: int, last: int) -> int:
    """End of a run of capitals after a cue that is no plain Vietnamese word, or 0."""
    if token == first or not is_capital(forms[token]) or forms[token - 1][0].isupper():
        return 0
    if not _has_cue(forms, token, first, "capitals"):
        return 0
    end = _extend(forms, token + 1, last, products=True)
    foreign = any(form[0].isalpha() and not is_syllable(form) for form in forms[token:end])
    return end if foreign else 0


def _extend(forms: Sequence[str], end: int, last: int, *, products: bool) -> int:
    """Take a year or number after a name into it; for products, capitals and marks of types too."""
    while end < last:
        form = forms[end]
        number = form.isascii() and form[0].isdigit() and form.isalnum() and len(form) <= 4
        if not (number or (products and is_capital(form) and not is_syllable(form))):
            break
        end += 1
        if not products:
            break
    return end


def _well_known(document: Document, gazetteer: Gazetteer) -> dict[tuple[int, int], str]:
    """Whole runs of capitals that the list knows only as people or only as organisations."""
    forms = document.forms
    out: dict[tuple[int, int], str] = {}
    for start, end, codes in gazetteer.matches(forms):
        kinds = {code[0] for code in codes.split(",")}
        alone = not (start and forms[start - 1][0].isupper()) and not (
            end < len(forms) and forms[end][0].isupper()
        )
        if not alone or not all(form[0].isupper() for form in (forms[start], forms[end - 1])):
            continue
        if kinds == {"P"} and end - start > 1:
            out[start, end] = "PER"
        elif kinds == {"O"} and (end - start > 1 or not is_syllable(forms[start])):
            out[start, end] = "ORG"
    return out


def silver_sentences(
    document: Document, gazetteer: Gazetteer, sure: Sure
) -> tuple[Spans, list[tuple[int, int]]]:
    """Names and the sentences to learn from, both in tokens.

    `sure` are a tagger's half-open token spans with label and confidence. A sentence counts
    where it holds a MISC name, or one that the list knows better than the tagger, and no
    doubtful other one.
    """
    misc = find_misc(document, gazetteer)
    listed = _well_known(document, gazetteer)
    names: Spans = []
    doubtful: list[int] = []
    taught: list[int] = []
    for start, end, label, confidence in sure:
        known = listed.pop((start, end), None)
        if known is not None and known != label and confidence < _SURE:
            names.append((start, end, known))
            taught.append(start)
            continue
        for span in [span for span in listed if span[0] < end and start < span[1]]:
            del listed[span]
        clash = [m for m in misc if m[0] < end and start < m[1]]
        inside = all(start >= m[0] and end <= m[1] for m in clash)
        if clash and inside and (start, end) == clash[0][:2] and confidence >= _SURE:
            misc.remove(clash[0])  # the tagger knows this name as something else
        elif clash and inside:
            continue
        elif clash:
            misc = [m for m in misc if m not in clash]
            doubtful.append(start)
            continue
        if confidence < _DOUBTFUL:
            doubtful.append(start)
        names.append((start, end, label))
    free = [
        (start, end, label)
        for (start, end), label in listed.items()
        if not any(m[0] < end and start < m[1] for m in misc)
    ]
    taught += [start for start, _, _ in free]
    taught += [start for start, _, _ in misc]
    names = sorted([*names, *misc, *free])
    sentences = [
        (sentence.token_start, sentence.token_end)
        for sentence in document.sentences
        if any(sentence.token_start <= t < sentence.token_end for t in taught)
        and not any(sentence.token_start <= d < sentence.token_end for d in doubtful)
    ]
    return names, sentences
