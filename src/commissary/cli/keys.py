"""`commissary keys`: rotate the key-encryption key without touching a code."""

from pathlib import Path

import click

from commissary import stock, tenancy
from commissary.base import crypto, settings
from commissary.cli import reach


@click.group()
def keys() -> None:
    """The keys that protect the stock. They live in the key folder, never in the database: back them up."""


@keys.command()
@reach.data_option
def show(data: Path | None) -> None:
    """Which keys there are; never the keys themselves."""
    read = settings.read(data=data)
    ring = crypto.load_keys(read.keys)
    for name in ring.keks:
        reach.console.print(f"{name}{'  (current)' if name == ring.current else ''}")
    reach.console.print(
        f"in {read.keys}: a file provider for one machine; use disk encryption and a backup", style="dim"
    )


@keys.command()
@reach.data_option
def rotate(data: Path | None) -> None:
    """Add a new KEK and wrap every batch's data key by it. Nothing is decrypted; selling goes on.

    A running `commissary up` must be restarted to learn the new key; until then it goes on with the old one.
    """
    read = settings.read(data=data)
    ring = crypto.add_kek(read.keys)

    async def work() -> int:
        done = 0
        async with reach.env_of(read) as (_, env):
            for mall in await tenancy.open_malls(env):
                done += await stock.rewrap(env, mall.id)
        return done

    reach.console.print(f"{ring.current} is current; {reach.run(work()):,} data keys wrapped anew.")
