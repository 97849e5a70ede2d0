"""Start-up: how long the first article takes above importing spaCy and pandas.

    python tests/benchmarks/bench_startup.py [--processes 5]

Each figure is the median over fresh processes, in processor seconds; one more process goes
before them, so that caches are warm, Python's own of compiled modules among them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys

ARTICLE = """Sáng 20/3, ông Trần Văn Nam ký hợp đồng 3 tỷ đồng với FPT tại Đà Nẵng.
Theo bà Lê Thu Hà, giám đốc Công ty Sông Hàn, nhà máy mới sẽ khởi công vào tháng 5 năm nay và cần
khoảng 200 kỹ sư trong hai năm tới. Tuần trước, mưa lớn làm 2 người bị thương ở huyện Hòa Vang."""
FIRST_ARTICLE = f"""
import time
import pandas, spacy
imported = time.process_time()
import sukien
tables = sukien.extract([{{"text": {ARTICLE!r}, "date": "2024-03-20"}}])
assert len(tables.events), tables.articles
print(imported, time.process_time() - imported)
"""


def first_article() -> tuple[float, float]:
    """Seconds of the imports, and from there to the tables of one short article."""
    command = [sys.executable, "-c", FIRST_ARTICLE]
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env).stdout
    imports, rest = map(float, printed.split())
    return imports, rest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=5)
    options = parser.parse_args()
    first_article()
    runs = [first_article() for _ in range(options.processes)]
    imports, rest = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"importing spaCy and pandas: {imports:.2f} s")
    print(f"first article above it:     {rest:.2f} s")


if __name__ == "__main__":
    main()
