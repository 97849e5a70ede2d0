"""Runs in other processes, to be disturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import ROOT

__all__ = ["Background", "posix", "until", "workers"]

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")


# A shell's background job begins with interrupts ignored, and so would what it starts.
_SCRIPT = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.append({root!r})
from pathlib import Path
import sukien.batch.run
from tests.batch.test_runs import run
from tests.batch.fake_stages import SlowLoader
if __name__ == "__main__":
    sukien.batch.run.made_by = lambda: dict(sukien="test")
    try:
        run({news!r}, Path({output!r}), jobs=2, shard_size=2, load=SlowLoader(), engine=sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
"""


class Background:
    """A run in another process, over `news`, slow enough to be disturbed."""

    def __init__(self, news: Path, tmp_path: Path) -> None:
        self.output = tmp_path / "out"
        script = tmp_path / "script.py"
        script.write_text(
            _SCRIPT.format(root=ROOT, news=str(news), output=str(self.output)), encoding="utf-8"
        )
        self._command = [sys.executable, str(script)]
        self._begun: list[subprocess.Popen[str]] = []

    def stop(self) -> None:
        """End what still runs."""
        for process in self._begun:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def start(self, parts: int, engine: str = "local") -> subprocess.Popen[str]:
        """Start it and wait until so many parts are there."""
        process = subprocess.Popen(
            [*self._command, engine], start_new_session=True, stderr=subprocess.PIPE, text=True
        )
        self._begun.append(process)
        folder = self.output / ".store" / "parts"
        until(lambda: folder.exists() and len(list(folder.iterdir())) >= parts)
        return process


def workers(driver: int) -> list[int]:
    """Process ids of the driver's workers."""
    listed = subprocess.run(
        ["ps", "ww", "-o", "pid=,args=", "--ppid", str(driver)], capture_output=True, text=True
    ).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "spawn_main" in line]


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    for _ in range(int(seconds * 20)):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")
