"""The shelf follows rates: anew when one is set, comes into force, or grows stale, as if the costs had changed."""

from collections.abc import Sequence
from datetime import datetime

from commissary import ledger, tenancy
from commissary.base import db, outbox
from commissary.base.arrays import Bigints, Texts
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.supply import store
from commissary.supply.shelf import lay_out


async def on_rate(tx: db.Tx, env: Env, home: int, seen: Sequence[tuple[int, int, outbox.Event]]) -> bool:
    """A reaction to rates that were set."""
    mall = mall_of(home)
    return bool(seen) and bool(await _follow(tx, env, mall, env.now(mall)))


async def follow_rates(env: Env, mall: int, now: datetime) -> int:
    """The job: for rates that came into force or grew stale by time alone; how many SKUs were laid out anew."""
    async with env.db.transaction(mall) as tx:
        return await _follow(tx, env, mall, now)


async def _follow(tx: db.Tx, env: Env, mall: int, now: datetime) -> int:
    if not await _moved(tx, mall, now):
        return 0
    rev = await tenancy.raise_epoch(tx, mall)
    moved = await _moved(tx, mall, now)  # behind whoever held the epoch: another may have been quicker
    if not moved:
        return 0
    skus = [
        r[0] for r in await db.rows(tx, store.Q.skus_in, {"mall": mall, "currencies": Texts(sorted(moved))})
    ]
    put = {"mall": mall, "currencies": Texts(list(moved)), "rates": Bigints(list(moved.values()))}
    await db.run(tx, store.Q.put_laid_rates, put)
    await lay_out(tx, env, mall, skus, rev)
    return len(skus)


async def _moved(tx: db.Tx, mall: int, now: datetime) -> dict[str, int | None]:
    """Currency → the rate to buy by now, where the shelf was laid out by another; None: there is none to buy by."""
    by = await db.rows(tx, store.Q.laid_rates, {"mall": mall})
    if not by:
        return {}  # every supplier has the mall's own currency
    rates, moved = await ledger.rates_of(tx, mall, now), {}
    for currency, laid in by:
        fresh = rates.fresh(currency, now)
        to_buy_by = None if fresh is None else fresh.id
        if to_buy_by != laid:
            moved[currency] = to_buy_by
    return moved
