"""Compare our words and parts of speech with underthesea's, sentence by sentence.

    python tests/benchmarks/words_equal.py NEWS.jsonl.xz --articles 1000

Prints the share of underthesea's words that are ours too, the share whose part of speech is
the same, and every class of difference with its count and examples.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from pathlib import Path

import underthesea

from sukien.article import Article
from sukien.language.analyzer import Analyzer
from sukien.language.document import Document, Sentence
from sukien.reading import read_articles

CLASSES = [
    ("address (URL, e-mail, handle)", r".*(://|www\.|@|\w\.(com|vn|net|org)).*|[@#]\w.*"),
    ("code or law number", r".*\d+/.*[A-ZĐ]{2}.*|.*[A-ZĐ]{2,}-[A-ZĐ].*"),
    ("clock time", r"\d{1,2}[hHgG]\d{0,2}|[hHgG]\d{2}"),
    ("range, score or joined numbers", r"\d[\d.,]*[-–]\d.*"),
    ("date or number with separators", r"\d+([./:]\d+)+.*"),
    ("abbreviation with a stop", r"[^\W\d_]{1,5}\.\w*"),
    ("joined capital syllables", r"[^\W\d_]+(-[^\W\d_]+)+"),
    ("number and unit", r"\d.*|.*\d"),
]


def words(document: Document, sentence: Sentence) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for i in range(sentence.token_start, sentence.token_end):
        if document.words[i]:
            out.append((document.forms[i], document.pos[i]))
        else:
            out[-1] = (f"{out[-1][0]} {document.forms[i]}", out[-1][1])
    return out


def spans(tagged: list[tuple[str, str]]) -> dict[tuple[int, int], str]:
    """Words by their place in the sentence without white space."""
    out: dict[tuple[int, int], str] = {}
    position = 0
    for word, tag in tagged:
        size = len(word.replace(" ", ""))
        out[position, position + size] = tag
        position += size
    return out


def kind(theirs: str, ours: str) -> str:
    for name, pattern in CLASSES:
        if re.fullmatch(pattern, theirs) or re.fullmatch(pattern, ours):
            return name
    return "glued or split words" if theirs != ours else "the model's choice"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("news", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    options = parser.parse_args()
    texts: list[str] = []
    for item in read_articles([options.news]):
        if isinstance(item, Article):
            texts.append(item.text)
        if len(texts) == options.articles:
            break
    analyzer = Analyzer()
    total = same_word = same_tag = 0
    classes: Counter[str] = Counter()
    examples: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        document = analyzer.documents([text])[0]
        for sentence in document.sentences:
            surface = text[sentence.char_start : sentence.char_end]
            bare = "".join(surface.split())
            theirs = spans(underthesea.pos_tag(surface))
            ours = spans(words(document, sentence))
            total += len(theirs)
            for (start, end), tag in theirs.items():
                if (start, end) in ours:
                    same_word += 1
                    same_tag += ours[start, end] == tag
                    continue
                over = [bare[a:b] for a, b in ours if a < end and b > start]
                name = kind(bare[start:end], "".join(over))
                classes[name] += 1
                examples[name][f"{bare[start:end]} → {' '.join(over)}"] += 1
    print(f"{len(texts)} articles, {total} words")
    print(f"words equal             {same_word / total:.4%}")
    print(f"parts of speech equal   {same_tag / total:.4%}")
    for name, count in classes.most_common():
        print(f"{count:6} {count / total:.4%} {name}")
        print("       ", "; ".join(text for text, _ in examples[name].most_common(6)))


if __name__ == "__main__":
    main()
