"""Makes the tests' own modules importable, in worker processes too."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import settings

# A deadline would be a timed assertion: it fails on a busy machine and says nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = str(Path(__file__).parents[1])
if ROOT not in sys.path:
    # Spawned workers get this path, so they can load what the tests give them.
    sys.path.append(ROOT)
