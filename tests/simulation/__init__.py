"""The seeded world: a mall under weather, beside an auditor that knows the truth. See README.md in this folder."""

import sys
from pathlib import Path

_TESTS = str(Path(__file__).parents[1])
if _TESTS not in sys.path:  # from a checkout: `from tests.simulation import run`
    sys.path.insert(0, _TESTS)

from simulation.drive import Outcome, Wrong, main, run  # noqa: E402

__all__ = ["Outcome", "Wrong", "main", "run"]
