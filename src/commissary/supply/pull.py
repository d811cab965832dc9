"""Catalogues and balances, pulled from every connection at its own pace.

Who pulls a connection holds a lease on its row, so that one process does; each is a task of its own, so that a supplier
who is slow or dead holds up nobody else; only writing is done a few at a time.
"""

import asyncio
import logging
from datetime import timedelta
from functools import partial

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base import lease as leases
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.supply import store
from commissary.supply.connections import held_of, read_balance
from commissary.supply.market import Held, Market
from commissary.supply.offers import sync
from commissary.supply.purchasing import Purchasing
from commissary.supply.types import Fault, Silence, SupplyRefusal, Unreadable
from commissary.tenancy.types import Actor

log = logging.getLogger("commissary.supply")

LIMIT_S = 480.0  # of one pull
LEASE = timedelta(seconds=30)  # renewed while it goes on; so long a dead process keeps others from it
PATIENCE_S = 2.0  # how long a round waits for what it began; the rest goes on beside the next rounds
MOST_AT_ONCE = 1_000
DEBOUNCE = timedelta(seconds=5)  # a person who asks again sooner sees the last result


class Pulled(msgspec.Struct, frozen=True):
    """`seen`: articles that the supplier lists; `changed`: offers of ours that are different since."""

    seen: int
    changed: int


async def pull(env: Env, purchasing: Purchasing) -> int:
    """Begin what is due in every open mall; how many were begun. Called every few seconds by every process."""
    begun: list[asyncio.Task[Pulled]] = []
    async with env.db.transaction(None) as tx:
        malls = [r[0] for r in await db.rows(tx, store.Q.malls_to_pull, env.clocks())]
    for mall in malls:
        room = MOST_AT_ONCE - len(purchasing.pulls)
        if room <= 0:
            break
        try:
            begun += await _begin(env, purchasing, mall, room)
        except Exception:
            log.exception("pulling in mall %d", mall)
    if begun:
        await asyncio.wait(begun, timeout=PATIENCE_S)
    return len(begun)


async def pull_now(env: Env, purchasing: Purchasing, actor: Actor, connection_id: int) -> Pulled:
    """For a person, whenever it is due. Just after a pull: what that one saw.

    Refuses connection_not_found, pull_running, supplier_unreachable, supplier_said_no.
    """
    tenancy.require(actor, "supply.write")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    market = await purchasing.reload(mall)
    held = held_of(market, connection_id)
    async with env.db.transaction(mall) as tx:
        last = await db.row(tx, store.Q.last_pull, {"mall": mall, "id": connection_id})
        if last is not None and not last[3] and last[0] is not None and now - last[0] < DEBOUNCE:
            return Pulled(last[1], last[2])
        lease = env.ids.new()
        if not await _claim(tx, env, mall, lease, 1, connection_id):
            raise Refused(SupplyRefusal.pull_running)
        await tenancy.audit(tx, env, actor, "supply.pull", f"connection:{connection_id}", None, {})
    try:
        return await _one(env, purchasing, market, held, lease)
    except (Silence, Unreadable, TimeoutError) as error:
        raise Refused(SupplyRefusal.supplier_unreachable, said=str(error)[:200]) from error
    except Fault as fault:
        raise Refused(SupplyRefusal.supplier_said_no, said=fault.said[:200], said_code=fault.code) from fault


async def _begin(env: Env, purchasing: Purchasing, mall: int, room: int) -> list[asyncio.Task[Pulled]]:
    lease = env.ids.new()
    async with env.db.transaction(mall) as tx:
        claimed = await _claim(tx, env, mall, lease, room)
    if not claimed:
        return []
    market = await purchasing.reload(mall)
    begun = []
    for connection_id in claimed:
        held = market.connections[connection_id]
        task = asyncio.create_task(_one(env, purchasing, market, held, lease), name=f"pull {connection_id}")
        purchasing.pulls.add(task)
        task.add_done_callback(purchasing.pulls.discard)
        task.add_done_callback(_heard)
        begun.append(task)
    return begun


async def _one(env: Env, purchasing: Purchasing, market: Market, held: Held, lease: int) -> Pulled:
    """The lease is given back however it ends, but for a process that ends with it."""
    done, error = Pulled(0, 0), "internal"
    # A process that lost its lease, because it was stopped or the database was away, writes what it saw all the same: that is
    # as true as what the other one sees.
    beat = leases.keep(f"pull {held.kept.id}", LEASE, partial(_renew, env, market.mall, held, lease))
    try:
        async with asyncio.timeout(LIMIT_S):
            try:
                await read_balance(env, market, held, purchasing.writing)
            except Refused as no:  # some have no balance to tell; their catalogue says whether they live
                log.debug("balance of %s: %s", held.kept.name, no.refusal.code)
            done, error = Pulled(*await sync(env, market, held, purchasing.writing)), ""
            return done
    except (Silence, TimeoutError):
        error = "silence"
        raise
    except (Unreadable, Fault) as said:
        error = type(said).__name__.lower()
        raise
    finally:
        beat.cancel()
        async with purchasing.writing:
            await _end(env, market.mall, held, lease, done, error)


async def _renew(env: Env, mall: int, held: Held, lease: int) -> bool:
    given = {"mall": mall, "id": held.kept.id, "lease": lease, "until": env.now(mall) + LEASE}
    async with env.db.transaction(mall) as tx:
        return bool(await db.run(tx, store.Q.keep_pull, given))


async def _end(env: Env, mall: int, held: Held, lease: int, done: Pulled, error: str) -> None:
    now = env.now(mall)
    given = {"mall": mall, "id": held.kept.id, "lease": lease, "now": now, "error": error}
    given |= {"due": now + timedelta(seconds=held.kept.pull_s), "seen": done.seen, "changed": done.changed}
    async with env.db.transaction(mall) as tx:
        await db.run(tx, store.Q.end_pull, given)


async def _claim(tx: db.Tx, env: Env, mall: int, lease: int, most: int, only: int | None = None) -> list[int]:
    """Connections that are due, or that one whenever it is due, and that nobody pulls now."""
    now = env.now(mall)
    given = {"mall": mall, "now": now, "until": now + LEASE, "lease": lease, "size": most, "only": only}
    return [r[0] for r in await db.rows(tx, store.Q.claim_pulls, given)]


def _heard(task: asyncio.Task[Pulled]) -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    if isinstance(error, (Silence, Unreadable, Fault, TimeoutError)):
        log.info("%s: %s", task.get_name(), type(error).__name__)
    else:
        log.error("%s failed", task.get_name(), exc_info=error)
