"""X1: a supplier that has bought and says nothing is never bought from twice, nor are the others instead.

make x1                              # 100,000 lines, some minutes
COMMISSARY_X1=20000 pytest -s tests/experiments/test_unknown.py
"""

import os

from commissary import insight
from experiments.unknown import Experiment
from make.orders import World

LINES = int(os.environ.get("COMMISSARY_X1", "2000"))
PER_S = 200
SHORT_PER_S = 4  # so that both outages fall into the selling


async def test_unknown_outcomes(world: World) -> None:
    verdict = await Experiment(world, LINES, PER_S if LINES >= 20_000 else SHORT_PER_S, seed=1).run()
    print(f"\n{verdict.lines} lines in {verdict.seconds:.0f} s")
    for name, count in sorted((verdict.outcomes + verdict.told).items()):
        print(f"  {count:>8,}  {name}")
    assert verdict.broken() == {}
    assert insight.broken(await insight.audit(world.env)) == []
    # The experiment has teeth: what it is about did happen.
    for what in ("silent_after", "silent_before", "error_after", "duplicated", "forged", "wrong", "first"):
        assert verdict.told[what] > 0, what
