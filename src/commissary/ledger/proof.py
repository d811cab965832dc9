"""Looking after the books: balances once more from the transfers, and wallets that run low."""

from datetime import datetime

from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.ledger import store
from commissary.ledger.types import Difference


async def rebuild(tx: db.Tx, home: int) -> list[Difference]:
    """The accounts whose cached balance or hold is not what transfers and holds say. Empty: the books are right.

    One statement, so it sees one moment.
    """
    return await store.rebuild(tx, home)


async def tell_low_balances(env: Env, mall: int, now: datetime) -> int:
    """The job: `balance.low` for every wallet below its buyer's threshold, once until it was above it again; to the buyer
    and to the mall.

    Measured is what may still be spent, credit included. Returns how many wallets were told of.
    """
    here = home_of(mall)
    async with env.db.transaction(mall) as tx:
        found = await store.tell_low_balances(tx, here, mall, now)
        events = [
            outbox.Event(
                "balance.low",
                low.account_id,
                outbox.moment(now),
                told_id,
                now,
                {
                    "buyer_id": low.owner_id,
                    "available_e4": low.available_e4,
                    "threshold_e4": low.threshold_e4,
                    "currency": low.currency,
                },
            )
            for low in found
            for told_id in (low.owner_id, low.mall_id)
        ]
        await outbox.publish(tx, here, events, now)
        return len(found)
