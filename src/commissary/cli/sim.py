"""`commissary sim`: the seeded world with its auditor; lives in the checkout's `tests/simulation/`."""

import importlib
import sys
from typing import Any

import click

from commissary.cli.bench import checkout


@click.command()
@click.option("--seed", type=int, help="Repeat a world exactly; a fresh one is drawn and printed otherwise.")
@click.option(
    "--steps",
    default=500,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="How long the world lives.",
)
def sim(seed: int | None, steps: int) -> None:
    """Buyers, stock, prices, crashes and duplicates by seed, against an auditor that knows the truth."""
    root = checkout("tests/simulation")
    sys.path.insert(0, str(root / "tests"))
    module: Any = importlib.import_module("simulation")
    raise SystemExit(module.main(seed, steps))
