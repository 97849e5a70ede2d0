"""Words and phrases of the sentences that hold a trigger: what can take part in an event.

All sentences of a batch are laid end to end and read as arrays, one item a word or a phrase, so
that the cost per sentence is small. A phrase is a name (with the title before it), a date, a
quantity (with the noun it counts) or a minimal noun phrase; phrases never cross a trigger.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sukien.dates.timex import Timex
from sukien.entities.mention import Mention
from sukien.events.grammar import Bools, Grammar, Ints, grammar, word_hashes
from sukien.language.document import Document
from sukien.quantities.quantity import Quantity

__all__ = [
    "KINDS",
    "Batch",
    "Phrases",
    "Reading",
    "Trigger",
    "Words",
    "among",
    "read",
]

# What a word or phrase is; the position is its code.
KINDS = (
    "word", "PER", "ORG", "LOC", "MISC", "DATE", "TIME", "DURATION", "SET",
    "money", "percent", "count", "measure", "ordinal", "age", "trigger", "verb", "pronoun",
)  # fmt: skip
_KIND = {name: code for code, name in enumerate(KINDS)}
_TRIGGER, _VERB, _PRONOUN, _COUNT = (_KIND[k] for k in ("trigger", "verb", "pronoun", "count"))
_PER, _MISC = _KIND["PER"], _KIND["MISC"]
_FIRST_QUANTITY, _LAST_QUANTITY = _KIND["money"], _KIND["age"]


class Trigger(Protocol):
    """What names an event: its type and its half-open span of tokens."""

    @property
    def type(self) -> str:
        """A type of the ontology, `Join-Org`."""

    @property
    def token_start(self) -> int:
        """First token."""

    @property
    def token_end(self) -> int:
        """Token after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One document with all that was found in it before its arguments are."""

    document: Document
    triggers: Sequence[Trigger]
    mentions: Sequence[Mention] = ()
    dates: Sequence[Timex] = ()
    quantities: Sequence[Quantity] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all sentences that hold a trigger, laid end to end.

    `first` and `last` are the first token and the token after the last in the document;
    `form` is the hash of the lower-case word, `pos` a code of `Grammar.pos`, `kind` a code of
    `KINDS`, `item` the position of the name, date, quantity or trigger the word stands in
    (-1 for none), `sentence` the running number of the sentence in the batch.
    """

    first: Ints
    last: Ints
    form: Ints
    pos: Ints
    kind: Ints
    item: Ints
    sentence: Ints
    capital: Bools

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases as half-open spans of words, their kind, and the word that says what they are."""

    first: Ints
    last: Ints
    head: Ints
    kind: Ints
    item: Ints

    def __len__(self) -> int:
        return len(self.first)


def among(values: Ints, sorted_set: Ints) -> Bools:
    """Tell which values are in a sorted array."""
    at = np.searchsorted(sorted_set, values)
    at[at == len(sorted_set)] = 0
    return np.asarray(sorted_set[at] == values)


@dataclass(frozen=True, slots=True)
class Batch:
    """Triggers and words of many documents: what the argument model reads.

    `phrases` are sorted by position. For trigger number i, `trigger_of[i]` tells its reading and
    place there, `trigger_first[i]` and `trigger_last[i]` its half-open span of words;
    `bounds[s]` and `bounds[s + 1]` enclose the words of sentence s.
    """

    words: Words
    phrases: Phrases
    trigger_of: list[tuple[int, int]]
    trigger_first: Ints
    trigger_last: Ints
    bounds: Ints


class _Tokens:
    """Collects the tokens of sentences with a trigger, and the spans found over them."""

    def __init__(self) -> None:
        self.forms: list[str] = []
        self.pos: list[str] = []
        self.begins: list[bool] = []
        self.starts: list[int] = []
        self.origins: list[int] = []
        self.spans: list[tuple[int, int, int, int]] = []
        self.triggers: list[tuple[int, int]] = []
        self.trigger_of: list[tuple[int, int]] = []

    def add(self, number: int, reading: Reading) -> None:
        """Append the sentences of one document that hold a trigger."""
        document = reading.document
        firsts = [sentence.token_start for sentence in document.sentences]
        held = [bisect_right(firsts, t.token_start) - 1 for t in reading.triggers]
        shift: dict[int, int] = {}
        for position in sorted(set(held)):
            sentence = document.sentences[position]
            start, end = sentence.token_start, sentence.token_end
            shift[position] = len(self.forms) - start
            self.starts.append(len(self.forms))
            self.origins.append(start)
            self.forms += document.forms[start:end]
            self.pos += document.pos[start:end]
            self.begins += document.words[start:end]
        spans = self.spans
        for item, quantity in enumerate(reading.quantities):
            position = document.sentence_at(quantity.char_start)
            if position in shift:
                start, end = document.tokens_of(quantity.char_start, quantity.char_end)
                move = shift[position]
                spans.append((start + move, end + move, _KIND[quantity.kind], item))
        for item, mention in enumerate(reading.mentions):
            if mention.sentence in shift:
                move = shift[mention.sentence]
                start, end = mention.token_start + move, mention.token_end + move
                spans.append((start, end, _KIND[mention.label], item))
        for item, date in enumerate(reading.dates):
            position = document.sentence_at(date.char_start)
            if position in shift:
                start, end = document.tokens_of(date.char_start, date.char_end)
                move = shift[position]
                spans.append((start + move, end + move, _KIND[date.type], item))
        for item, (position, trigger) in enumerate(zip(held, reading.triggers, strict=True)):
            move = shift[position]
            start, end = trigger.token_start + move, trigger.token_end + move
            spans.append((start, end, _TRIGGER, len(self.triggers)))
            self.triggers.append((start, end))
            self.trigger_of.append((number, item))


def read(readings: Sequence[Reading]) -> Batch:
    """Lay out the words and phrases of a batch."""
    tokens = _Tokens()
    for number, reading in enumerate(readings):
        tokens.add(number, reading)
    words, bounds, word_of = _words(tokens)
    spans = np.array(tokens.triggers, np.int64).reshape(-1, 2)
    return Batch(
        words=words,
        phrases=_phrases(words),
        trigger_of=tokens.trigger_of,
        trigger_first=word_of[spans[:, 0]],
        trigger_last=word_of[spans[:, 1] - 1] + 1,
        bounds=bounds,
    )


def _words(tokens: _Tokens) -> tuple[Words, Ints, Ints]:
    """Join tokens to words, cut where a name, date, quantity or trigger begins or ends."""
    rules = grammar()
    size = len(tokens.forms)
    kind, item = np.zeros(size, np.int64), np.full(size, -1, np.int64)
    for start, end, code, position in tokens.spans:
        kind[start:end] = code
        item[start:end] = position
    starts = np.array(tokens.starts, np.int64)
    begins = np.array(tokens.begins, np.bool_)
    begins[1:] |= (kind[1:] != kind[:-1]) | (item[1:] != item[:-1])
    begins[starts] = True
    first = np.flatnonzero(begins)
    last = np.append(first[1:], size)
    tags = np.fromiter(map(rules.pos.__getitem__, tokens.pos), np.int64, size)
    form, capital = word_hashes(tokens.forms, first, last - first)
    word_of = np.cumsum(begins) - 1
    sentence_starts = word_of[starts] if len(starts) else starts
    bounds = np.append(sentence_starts, len(first))
    sentence = np.repeat(np.arange(len(starts)), np.diff(bounds))
    origin = (np.array(tokens.origins, np.int64) - starts)[sentence]
    words = Words(
        first=first + origin,
        last=last + origin,
        form=form,
        pos=tags[first],
        kind=kind[first],
        item=item[first],
        sentence=sentence,
        capital=capital,
    )
    return words, bounds, word_of


def _phrases(words: Words) -> Phrases:
    """Group words into names with their titles, dates, quantities and noun phrases."""
    rules = grammar()
    size = len(words)
    kind, pos = words.kind, words.pos
    trigger = kind == _TRIGGER
    special = (kind > 0) & ~trigger
    # A verb that is pointed at is a noun: `tổ chức này`.
    pointed = np.zeros(size, np.bool_)
    pointed[:-1] = among(words.form, rules.pointers)[1:] & rules.verb[pos[:-1]]
    inside = (special | pointed | rules.nominal[pos]) & ~trigger
    head = (rules.head[pos] | special | pointed) & inside
    head &= special | ~among(words.form, rules.idle)
    offence = np.zeros(size, np.bool_)
    same = words.sentence[1:] == words.sentence[:-1]
    offence[1:] = same & among(words.form, rules.before_verbs)[:-1]
    offence &= rules.verb[pos] & (kind == 0)
    join = np.zeros(size, np.bool_)
    if size:
        join[1:] = same & _joined(words, rules, inside, special)
    inside |= offence
    at = np.flatnonzero(inside)
    if not len(at):
        empty = np.zeros(0, np.int64)
        return Phrases(first=empty, last=empty, head=empty, kind=empty, item=empty)
    opens = np.flatnonzero(~join[at])
    first = at[opens]
    last = at[np.append(opens[1:], len(at)) - 1] + 1

    def earliest(flags: Bools) -> Ints:
        """First word of each phrase with the flag, -1 where none has it."""
        rank = np.where(flags[at], size - at, 0)
        best = np.maximum.reduceat(rank, opens)
        return np.where(best > 0, size - best, -1)

    marked = earliest(special)
    noun = earliest(head & ~rules.number[pos])
    classifier = earliest(rules.classifier[pos] | offence)
    code = np.where(marked >= 0, kind[marked], 0)
    quantity = (code >= _FIRST_QUANTITY) & (code <= _LAST_QUANTITY)
    best = np.where(noun >= 0, noun, classifier)
    best = np.where((marked >= 0) & ~(quantity & (noun >= 0)), marked, best)
    item = np.where(marked >= 0, words.item[marked], -1)
    lone = (code == 0) & (rules.pronoun[pos[best]] | (noun < 0))
    code = np.where(lone, _PRONOUN, code)
    code = np.where((code == _PRONOUN) & offence[best], _VERB, code)
    keep = best >= 0
    return Phrases(
        first=first[keep], last=last[keep], head=best[keep], kind=code[keep], item=item[keep]
    )


def _joined(words: Words, rules: Grammar, inside: Bools, special: Bools) -> Bools:
    """Tell for each word but the first whether it goes on the phrase of the word before."""
    kind, item, pos = words.kind, words.item, words.pos
    before, here = slice(None, -1), slice(1, None)
    same_item = (kind[here] == kind[before]) & (item[here] == item[before])
    plain_before, plain_here = ~special[before], ~special[here]
    opening = rules.opener | rules.number
    opened = opening[pos[before]]
    breaks = rules.opener[pos[here]] & ~opened
    shown = among(words.form, rules.demonstratives)[here]
    breaks |= rules.pronoun[pos[here]] & ~opened & ~shown
    plain = plain_before & plain_here & ~breaks
    counted = (kind[before] == _COUNT) & plain_here & ~rules.opener[pos[here]]
    titled = plain_before & ~among(words.form, rules.relations)[before]
    name = titled & (kind[here] == _PER)
    typed = (kind[here] > _PER) & (kind[here] <= _MISC)
    typed &= among(words.form, rules.types)[before] | rules.classifier[pos[before]]
    joined = (special[here] & same_item) | plain | counted | name | (typed & plain_before)
    return np.asarray(joined & inside[before] & inside[here])
