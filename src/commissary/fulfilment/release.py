"""Lines that go on by themselves: pre-orders whose date has come, and lines whose goods have come in."""

import logging
from collections.abc import Sequence
from datetime import datetime

import psycopg

from commissary import orders
from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.fulfilment import store
from commissary.fulfilment.log import action_of
from commissary.fulfilment.types import Action, Released
from commissary.orders.types import LineNow, Release, Settled

log = logging.getLogger("commissary.fulfilment")

BATCH = 50


async def malls_to_release(env: Env) -> list[int]:
    """Where `release_due` would find something."""
    async with env.db.transaction(None) as tx:
        return [mall_of(r[0]) for r in await db.rows(tx, store.Q.homes_to_release, env.clocks())]


async def release_due(env: Env, mall: int, now: datetime) -> Released:
    """Every scheduled line whose date is not after `now`, the mall's time. Delivered from stock, or waiting.

    In batches, each its own transaction: killed in the middle, what was committed stays and the rest is found by the
    next run. Orders that somebody else has locked are left to the next run.
    """
    return await _run(env, mall, now, store.Q.due_orders, "scheduled")


async def release_restocked(env: Env, mall: int, now: datetime) -> Released:
    """Lines that were short, oldest order first, as far as the goods reach."""
    return await _run(env, mall, now, store.Q.restocked_orders, "waiting")


async def _run(env: Env, mall: int, now: datetime, query: str, state: str) -> Released:
    home, after, done = home_of(mall), 0, Released()
    while True:
        async with env.db.transaction(mall) as tx:
            params = {"home": home, "now": now, "after": after, "size": BATCH}
            ids = [r[0] for r in await db.rows(tx, query, params)]
        if not ids:
            return done
        after = ids[-1]
        try:
            done = _add(done, await _release(env, mall, home, ids, now, state))
        except psycopg.OperationalError:
            raise
        except Exception:
            # One order that cannot go on must not stop the others.
            log.exception("releasing %d orders failed; trying them one by one", len(ids))
            for order_id in ids:
                try:
                    done = _add(done, await _release(env, mall, home, [order_id], now, state))
                except psycopg.OperationalError:
                    raise
                except Exception:
                    log.exception("order %d cannot be released", order_id)
                    done = _add(done, Released(skipped=1))


async def _release(env: Env, mall: int, home: int, ids: Sequence[int], now: datetime, state: str) -> Released:
    async with env.db.transaction(mall, "vault") as tx:
        found = await orders.lock(tx, home, ids, skip_taken=True)
        changes = [
            Release(order.id, line.line_no)
            for order in found.values()
            for line in order.lines
            if line.state == state and _goes_on(line, now)
        ]
        settled = await orders.settle(tx, env, home, changes, now)
        await store.add_log(tx, env, home, now, [e for s in settled for e in _entries(s)])
    return Released(
        delivered=sum(s.after == "delivered" for s in settled),
        waiting=sum(s.after == "waiting" for s in settled),
        skipped=len(ids) - len(found),
    )


def _goes_on(line: LineNow, now: datetime) -> bool:
    if line.state == "scheduled":
        return line.release_at is not None and line.release_at <= now
    return line.mode == "stock" and line.reason == "out_of_stock"


def _entries(settled: Settled) -> list[tuple[int, int, Action]]:
    if settled.before == settled.after:
        return []
    action = action_of(settled)
    first = [Action.released] if settled.before == "scheduled" else []
    return [(settled.order_id, settled.line_no, a) for a in (*first, action) if a is not None]


def _add(one: Released, other: Released) -> Released:
    return Released(one.delivered + other.delivered, one.waiting + other.waiting, one.skipped + other.skipped)
