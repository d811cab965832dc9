"""`commissary bench`: lives in the checkout's `bench/`, because the yardsticks are not part of the product."""

import importlib
import sys
from pathlib import Path
from typing import Any

import click


def checkout(needs: str) -> Path:
    """The root of the source checkout, or a clear word when there is none."""
    root = Path(__file__).resolve().parents[3]
    if not (root / needs).is_dir():
        raise click.ClickException(
            f"This command needs a source checkout with {needs}/; an installed package has none."
        )
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return root


@click.group()
def bench() -> None:
    """Ratios against yardsticks, in interleaved rounds on this machine; absolute times mean little on shared ones."""


@bench.command()
@click.option(
    "--rounds", default=5, show_default=True, type=click.IntRange(1, 50), help="Each side once per round."
)
@click.option("--seconds", default=5.0, show_default=True, help="Length of one side in one round.")
@click.option("--grown", is_flag=True, help="Also with 1M and 10M orders in the table (takes long).")
@click.option("--json", "as_json", is_flag=True, help="End with one JSON object.")
def place(rounds: int, seconds: float, grown: bool, as_json: bool) -> None:
    """The order path: signed orders over HTTP beside a naive ORM endpoint and COPY."""
    checkout("bench")
    module: Any = importlib.import_module("bench.product")
    module.run_place(rounds=rounds, seconds=seconds, grown=grown, as_json=as_json)


@bench.command(name="import")
@click.option(
    "--rounds", default=5, show_default=True, type=click.IntRange(1, 50), help="Each side once per round."
)
@click.option("--codes", default=100_000, show_default=True, help="Codes per round.")
@click.option("--json", "as_json", is_flag=True, help="End with one JSON object.")
def import_(rounds: int, codes: int, as_json: bool) -> None:
    """Codes per second into the vault: encrypted, deduplicated, committed to."""
    checkout("bench")
    module: Any = importlib.import_module("bench.product")
    module.run_import(rounds=rounds, codes=codes, as_json=as_json)


@bench.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 50), help="Runs, one by one.")
@click.option("--seconds", default=5.0, show_default=True, help="How long orders come in.")
@click.option("--rate", default=1000.0, show_default=True, help="Orders a second that come in.")
@click.option("--json", "as_json", is_flag=True, help="End with one JSON object.")
def fulfil(rounds: int, seconds: float, rate: float, as_json: bool) -> None:
    """Orders for goods that the mall has not got, each bought from a supplier over his real protocol."""
    checkout("bench")
    module: Any = importlib.import_module("bench.fulfil")
    module.run(rounds=rounds, seconds=seconds, rate_per_s=rate, as_json=as_json)


@bench.command()
@click.option(
    "--rounds", default=5, show_default=True, type=click.IntRange(1, 50), help="Each side once per round."
)
@click.option("--json", "as_json", is_flag=True, help="End with one JSON object.")
def risk(rounds: int, as_json: bool) -> None:
    """What judging an order costs: eight rules, no database."""
    checkout("bench")
    module: Any = importlib.import_module("bench.risk")
    module.run(rounds=rounds, as_json=as_json)


@bench.command()
@click.option(
    "--rounds", default=5, show_default=True, type=click.IntRange(1, 50), help="Each side once per round."
)
@click.option("--json", "as_json", is_flag=True, help="End with one JSON object.")
def route(rounds: int, as_json: bool) -> None:
    """What whom-to-buy-from costs: 500 suppliers with 100,000 offers, and reading again when one changes."""
    checkout("bench")
    module: Any = importlib.import_module("bench.route")
    module.run(rounds=rounds, as_json=as_json)


@bench.command()
@click.option("--rounds", default=4, show_default=True, type=click.IntRange(1, 50), help="Pairs of rounds.")
@click.option(
    "--seconds", default=15.0, show_default=True, help="Length of a round; he hangs for one at a time."
)
@click.option("--json", "as_json", is_flag=True, help="End with one JSON object.")
def bulkhead(rounds: int, seconds: float, as_json: bool) -> None:
    """What others' orders feel of a supplier who hangs: p99 while he does beside p99 while he does not."""
    checkout("bench")
    module: Any = importlib.import_module("bench.bulkhead")
    module.run(rounds=rounds, seconds=seconds, as_json=as_json)


@bench.command()
@click.option(
    "--rounds", default=5, show_default=True, type=click.IntRange(1, 50), help="Each side once per round."
)
@click.option("--seconds", default=6.0, show_default=True, help="Length of one side in one round.")
@click.option("--json", "as_json", is_flag=True, help="End with one JSON object.")
def log(rounds: int, seconds: float, as_json: bool) -> None:
    """What the transparency log costs those who order: p99 at half load, with it and without."""
    checkout("bench")
    module: Any = importlib.import_module("bench.log")
    module.run(rounds=rounds, seconds=seconds, as_json=as_json)
