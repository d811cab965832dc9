"""`commissary keys`: rotate the key-encryption key without touching a code."""

from dataclasses import replace
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
    if not (read.keys / "keys.json").exists():
        raise crypto.KeyFault(f"There are no keys in {read.keys} yet. {read.keys} 中还没有密钥。")
    ring = crypto.load_keys(read.keys)
    for name in ring.keks:
        reach.told.print(f"{name}{'  (current)' if name == ring.current else ''}")
    reach.console.print(
        f"in {read.keys}: a file provider for one machine; use disk encryption and a backup", style="dim"
    )


@keys.command()
@reach.data_option
def rotate(data: Path | None) -> None:
    """Add a new KEK and wrap every batch's data key by it. Nothing is decrypted; selling goes on.

    A running `commissary up` reads the new key when it meets it, and wraps new batches by it after its next start. With
    processes on several machines, bring the key folder to all of them before anything is bought. Back it up again.
    """
    read = settings.read(data=data)

    async def work() -> tuple[str, int]:
        done = 0
        async with reach.env_of(read) as (_, env):
            ring = crypto.add_kek(read.keys)
            env = replace(env, keys=ring)
            for mall in await tenancy.open_malls(env):
                done += await stock.rewrap(env, mall.id)
        return ring.current, done

    current, done = reach.run(work())
    reach.console.print(f"{current} is current; {done:,} data keys wrapped anew. Back up {read.keys} again.")
