"""What a run will take, told before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["LONG", "Estimate", "estimate"]

LONG = 2000
"""Articles from which a run is long enough to tell beforehand what it takes."""

# Measured on 20,000 articles of 2,700 characters (tests/benchmarks/bench_runs.py); a megabyte
# is one of text in UTF-8. Other machines differ, so figures are given roughly.
_SECONDS = 5.0
_STORE = 2.1
_TABLES = {"csv": 4.6, "jsonl": 9.6, "parquet": 1.5, "duckdb": 2.9, "brat": 1.9, "docbin": 2.3}
_ARTICLE = 3600
_SQUEEZED = {"gz": 3.5, "tgz": 3.5, "xz": 4.5, "bz2": 4.5, "zip": 3.5, "parquet": 2.0}


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many articles, seconds and bytes on disk a run is."""

    articles: int
    seconds: float
    bytes: float


def estimate(inputs: Sequence[tuple[str, float]], jobs: int, formats: Sequence[str]) -> Estimate:
    """Estimate a run over inputs, given as suffix and bytes, summed or not, on `jobs` workers.

    >>> estimate([("jsonl", 72e6)], 2, ["csv"]).articles
    20000
    """
    size = sum(count * _SQUEEZED.get(suffix, 1.0) for suffix, count in inputs)
    out = _STORE + sum(_TABLES.get(name, 0.0) for name in formats)
    return Estimate(round(size / _ARTICLE), size / 1e6 * _SECONDS / max(jobs, 1), size * out)
