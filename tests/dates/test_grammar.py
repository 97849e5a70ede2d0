"""Each rule of the grammar finds its example and leaves its counter-example alone."""

from __future__ import annotations

import re

import pytest

from sukien.dates import find_dates
from sukien.dates.grammar import Rule, load_grammar

_RULES = [pytest.param(rule, id=rule.name) for rule in load_grammar().rules]
_MARK = re.compile(r"\[(.*?)\]")


@pytest.mark.parametrize("rule", _RULES)
def test_the_example_is_found(rule: Rule) -> None:
    mark = _MARK.search(rule.example)
    text = _MARK.sub(r"\1", rule.example)
    wanted = mark[1] if mark else text
    found = find_dates(text, reference="2024-03-20")
    assert (wanted, rule.name) in [(t.text, t.rule) for t in found]


@pytest.mark.parametrize("rule", _RULES)
def test_the_counter_example_is_left_alone(rule: Rule) -> None:
    found = find_dates(rule.counter, reference="2024-03-20")
    assert rule.name not in [t.rule for t in found]


def test_names_are_unique() -> None:
    names = [rule.name for rule in load_grammar().rules]
    assert len(names) == len(set(names))
