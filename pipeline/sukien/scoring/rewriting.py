"""Gold texts in other letters, to see what is lost: lower case, capitals, decomposed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import accumulate
from typing import Final

from sukien.scoring.gold import GoldArticle, GoldSet

__all__ = ["REWRITINGS", "rewrite"]

Span = tuple[int, int]

REWRITINGS: Final[dict[str, Callable[[str], str]]] = {
    "lower": str.lower,
    "upper": str.upper,
    "nfd": lambda character: unicodedata.normalize("NFD", character),
}
"""Ways to write each character anew."""


def rewrite(gold: GoldSet, way: str) -> GoldSet:
    """All texts in other letters, their annotation moved along; phrases only get the letters.

    >>> from sukien.scoring.names import GoldName
    >>> article = GoldArticle(id="a", text="ở Huế", names=[GoldName(((2, 5),), ("LOC",))])
    >>> (decomposed,) = rewrite(GoldSet("g", [article]), "nfd").articles
    >>> decomposed.names[0].spans, len(decomposed.text)
    (((4, 9),), 9)
    """
    change = REWRITINGS[way]
    return GoldSet(
        f"{gold.name} ({way})",
        [_article(article, change) for article in gold.articles],
        [{**row, "text": "".join(map(change, row["text"]))} for row in gold.phrases],
    )


def _article(article: GoldArticle, change: Callable[[str], str]) -> GoldArticle:
    pieces = [change(character) for character in article.text]
    at = [0, *accumulate(len(piece) for piece in pieces)]

    def moved(spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple((at[start], at[end]) for start, end in spans)

    return replace(
        article,
        text="".join(pieces),
        names=article.names and [replace(n, spans=moved(n.spans)) for n in article.names],
        entities=article.entities
        and [{**row, "start": at[row["start"]], "end": at[row["end"]]} for row in article.entities],
        dates=article.dates
        and [replace(d, start=at[d.start], end=at[d.end]) for d in article.dates],
        must_not=moved(article.must_not),
        quantities=article.quantities
        and [replace(q, start=at[q.start], end=at[q.end]) for q in article.quantities],
        events=article.events
        and [
            replace(
                event,
                start=at[event.start],
                end=at[event.end],
                arguments=tuple(replace(a, spans=moved(a.spans)) for a in event.arguments),
            )
            for event in article.events
        ],
    )
