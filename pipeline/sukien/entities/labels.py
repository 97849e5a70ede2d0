"""One label for equal names of an article: by form, by majority, by what the text says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sukien.entities.introductions import Introduction, is_product
from sukien.entities.keys import Key, key_of
from sukien.entities.mention import Label, Mention
from sukien.entities.shortforms import organisation_core
from sukien.language.document import Document

__all__ = ["agree", "agree_introduced", "label_by_form"]

_DOUBT = 0.9  # below this a label gives way to what the text says


def label_by_form(key: Key) -> Label | None:
    """The label that a name's own words tell, or None.

    >>> label_by_form(("zephyr", "foundation")), label_by_form(("công", "ti", "sao", "mai"))
    ('ORG', 'ORG')
    >>> label_by_form(("sao", "mai")) is None
    True
    """
    head, kind, core = organisation_core(key)
    return "ORG" if core and (kind == "tail" or len(head) > 1) else None


def _weight(mention: Mention) -> int:
    return round(mention.confidence * 1000) + 1


def agree(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions with one label for equal names; a team and its country stay two.

    The label is that of the greatest confidence together. A doubtful one gives way to the words
    of the name, and a project that bears the name of its foundation is a thing (MISC).
    """
    keys = [key_of(mention.text) for mention in mentions]
    weights: dict[Key, dict[Label, int]] = {}
    for key, mention in zip(keys, mentions, strict=True):
        # No person is called `… Foundation`, whatever the confidence.
        doubtful = mention.method != "user" and (
            mention.confidence < _DOUBT or mention.label == "PER"
        )
        likely = (label_by_form(key) if doubtful else None) or mention.label
        of_name = weights.setdefault(key, {})
        of_name[likely] = of_name.get(likely, 0) + _weight(mention)
    bodies = {key[:-1] for key in weights if len(key) > 1 and key[-1] == "foundation"}
    products = {
        key
        for key, mention in zip(keys, mentions, strict=True)
        if key in bodies and is_product(document, mention)
    }
    out: list[Mention] = []
    for key, mention in zip(keys, mentions, strict=True):
        found = weights[key]
        if key in products:
            label: Label = "MISC"
        elif len(found) == 1:
            (label,) = found
        elif found.keys() == {"LOC", "ORG"}:
            label = mention.label
        else:
            label = min(found, key=lambda label: (-found[label], label))
        out.append(mention if label == mention.label else replace(mention, label=label))
    return out


def agree_introduced(
    mentions: Sequence[Mention], introductions: Iterable[Introduction]
) -> list[Mention]:
    """The mentions with one label where the text declares two names to be one.

    A doubtful person or thing takes the label of its partner; what `tổ chức này` was renamed to
    is an organisation.
    """
    change: dict[tuple[Label, Key], Label] = {}
    for first, second, kind in introductions:
        one, two = mentions[first], mentions[second]
        if one.label == two.label or {one.label, two.label} == {"ORG", "MISC"}:
            continue
        weak, strong = sorted((one, two), key=lambda mention: (_weight(mention), mention.text))
        if kind == "renamed":
            weak, strong = two, one
        if weak.label != "LOC" and (weak.confidence < _DOUBT or kind == "renamed"):
            change[weak.label, key_of(weak.text)] = strong.label
    if not change:
        return list(mentions)
    return [
        replace(mention, label=change.get((mention.label, key_of(mention.text)), mention.label))
        for mention in mentions
    ]
