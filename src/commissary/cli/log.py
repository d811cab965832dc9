"""`commissary log`: the transparency log: what it holds, proofs, an export, witnesses."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import click
import msgspec

from commissary import insight, provenance
from commissary.base import home as homes
from commissary.base import settings
from commissary.base.env import Env
from commissary.base.outgoing import Outgoing
from commissary.cli import reach

mall_argument = click.argument("mall")


@click.group()
def log() -> None:
    """The transparency log over custody: anybody can check that nothing in it was changed, moved or taken out.

    MALL is a mall's short name. The verifier needs nothing of ours: `commissary log export` puts it beside the files.
    """


@log.command()
@mall_argument
@reach.data_option
def show(mall: str, data: Path | None) -> None:
    """The newest checkpoint, the key to check it with, and the witnesses."""

    async def work(env: Env, home: int) -> None:
        async with env.db.transaction(homes.mall_of(home)) as tx:
            signed = await provenance.checkpoint(tx, home)
            key = await provenance.log_key(tx, home)
            known = await provenance.witnesses(tx, home)
            stamp, trouble = await provenance.newest_stamp(tx, home), await provenance.trouble_of(tx, home)
        if signed is None or key is None:
            raise click.ClickException("The log is empty: nothing was received or sold yet. 日志为空。")
        reach.told.print(signed.note, highlight=False, markup=False)
        reach.told.print(f"key {key.vkey}", highlight=False, markup=False)
        for w in known:
            told = f"witness {w.vkey} at {w.url}: {w.size} of {signed.size}{w.trouble and f' ({w.trouble})'}"
            reach.told.print(told, highlight=False, markup=False)
        configured = bool(settings.read(data=data).tsa_url)
        stamped = f"{stamp.size} at {stamp.at.isoformat()} by {stamp.authority}" if stamp else "none yet"
        told = stamped if configured or stamp else "not configured"
        reach.told.print(f"time stamp {told}{trouble and f' ({trouble})'}", highlight=False, markup=False)

    _at(mall, data, work)


@log.command()
@mall_argument
@click.argument("order", type=int)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to; printed when not given."
)
@reach.data_option
def proof(mall: str, order: int, out: Path | None, data: Path | None) -> None:
    """The proof of ORDER (its id): a file that `verify.py` checks offline."""

    async def work(env: Env, home: int) -> None:
        found = await insight.order_proof(env, home, order)
        if found.proof is None:
            raise click.ClickException("Nothing of this order was delivered yet. 该订单尚未交付。")
        made = msgspec.json.encode(found.proof) + b"\n"
        if out is None:
            click.echo(made.decode(), nl=False)
        else:
            await asyncio.to_thread(out.write_bytes, made)

    _at(mall, data, work)


@log.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@mall_argument
@reach.data_option
def export(folder: Path, mall: str, data: Path | None) -> None:
    """Write MALL's whole log into FOLDER as static files, with the verifier. It goes on from what is there."""

    async def work(env: Env, home: int) -> None:
        signed = await provenance.export(env, home, folder)
        if signed is None:
            raise click.ClickException("The log is empty: nothing was received or sold yet. 日志为空。")
        shutil.copyfile(provenance.VERIFIER, folder / "verify.py")
        reach.console.print(
            f"{signed.size:,} entries in {folder}. Check it: python {folder}/verify.py {folder}"
        )

    _at(mall, data, work)


@log.command(name="verify")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--key", help="The log's key that you trust.")
def verify_(path: Path, key: str | None) -> None:
    """Check a proof or an exported log, as `verify.py` does."""
    try:
        if path.is_dir():
            origin, size, _, _ = provenance.verify_log(path, key)
        else:
            origin, size, _, _ = provenance.verify_proof(path.read_text("utf-8"), key)
    except (provenance.Fault, UnicodeDecodeError) as fault:
        raise click.ClickException(str(fault)) from None
    reach.console.print(f"OK: {origin}, {size:,} entries")


@log.command()
@mall_argument
@click.argument("url")
@click.argument("vkey")
@reach.data_option
def witness(mall: str, url: str, vkey: str, data: Path | None) -> None:
    """Have MALL's checkpoints cosigned by the witness at URL, whose key is VKEY."""
    read = settings.read(data=data)

    async def work(env: Env, home: int) -> None:
        del home
        out = Outgoing(production=read.production, allow=tuple(read.outgoing_allow))
        try:
            await provenance.add_witness(env, await reach.cli_actor(env, mall), url, vkey, out)
        finally:
            await out.close()
        reach.console.print("Added. It is asked at the next checkpoint. 已添加，下一个检查点起请求见证。")

    _at(mall, data, work)


@log.command()
@mall_argument
@click.argument("vkey")
@reach.data_option
def watch(mall: str, vkey: str, data: Path | None) -> None:
    """Cosign the checkpoints of another log, whose key is VKEY, at /log/MALL/add-checkpoint."""

    async def work(env: Env, home: int) -> None:
        del home
        origin = await provenance.watch(env, await reach.cli_actor(env, mall), vkey)
        reach.console.print(f"{origin} is watched. 已开始见证。")

    _at(mall, data, work)


@log.command(name="catch-up")
@mall_argument
@reach.data_option
def catch_up(mall: str, data: Path | None) -> None:
    """Look through every custody event once more for one without a place, and sign: a repair after `commissary check`."""
    read = settings.read(data=data)

    async def work(env: Env, home: int) -> None:
        await provenance.sweep_again(env, home)
        await provenance.Keeper(env, read.public_url.partition("://")[2], rest=0).advance(home)

    _at(mall, data, work)


def _at(mall: str, data: Path | None, work: Callable[[Env, int], Awaitable[None]]) -> None:
    async def run() -> None:
        async with reach.env_of(settings.read(data=data)) as (_, env):
            actor = await reach.cli_actor(env, mall)
            await work(env, homes.home(actor.mall_id))

    reach.run(run())
