"""The log of a world: who keeps it, and what an audit says of it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import psycopg

from commissary import insight
from commissary.base import migrate
from commissary.provenance import Keeper
from make.tenancy import PASSWORDS
from world import World

HOST = "mall.example"
Export = Callable[[World], Awaitable[Path]]


def keeper(world: World) -> Keeper:
    return Keeper(world.env, HOST, rest=0)


async def audited(world: World) -> list[str]:
    """The checks that break."""
    found = await insight.audit(migrate.dsns(world.admin_dsn, PASSWORDS).report)
    return [f.check for f in insight.broken(found)]


async def proof_of(world: World, order: int) -> bytes:
    found = await insight.order_proof(world.env, world.home, order)
    return msgspec.json.encode(found.proof)


async def as_admin(world: World, text: str) -> None:
    """SQL of whoever owns the database; `%(home)s` is the world's."""
    async with await psycopg.AsyncConnection.connect(world.admin_dsn) as tx:
        await tx.execute(text.encode(), {"home": world.home})
