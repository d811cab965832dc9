"""Statements 对账单: what happened in a period, equal to the ledger to the unit, and what is due because of it."""

from datetime import datetime, timedelta

from commissary import tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home
from commissary.ledger import store
from commissary.ledger.types import LedgerRefusal, Posted, Statement
from commissary.tenancy.types import Actor

# A transfer bears the time at which its verb began, and commits within the statement timeout.
SETTLED_AFTER = timedelta(minutes=2)


async def make_statement(
    env: Env, actor: Actor, account_id: int, from_at: datetime, to_at: datetime
) -> Statement:
    """From `from_at` (included) to `to_at` (not). Due is what the owner owed at the end, by the credit line's terms.

    The account is locked meanwhile, so that no posting slips in. Publishes `statement.ready`. Refuses period_open, period_overlaps: a statement
    begins where the last one ended.
    """
    tenancy.require(actor, "ledger.write")
    return await close_period(env, actor, account_id, from_at, to_at)


async def close_period(
    env: Env, actor: Actor, account_id: int, from_at: datetime, to_at: datetime
) -> Statement:
    """`make_statement` for a caller who has asked for the right."""
    if to_at <= from_at:
        raise invalid("to", "must be after from")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        now, here = env.now(mall), home(mall)
        account = (await store.lock_accounts(tx, here, [account_id]))[account_id]
        if to_at + SETTLED_AFTER > now:
            raise Refused(LedgerRefusal.period_open, ready_at=(to_at + SETTLED_AFTER).isoformat())
        ended = await store.last_statement_end(tx, here, account_id)
        if ended is not None and ended != from_at:
            raise Refused(LedgerRefusal.period_overlaps, last_ended_at=ended.isoformat())
        opening, debits, credits_, count = await store.sums(tx, here, account_id, from_at, to_at)
        closing = opening - debits + credits_
        due_e4 = max(0, -closing)
        line = await store.credit_line(tx, here, account_id)
        terms = timedelta(days=line.terms_days if line else 0)
        made = Statement(
            env.ids.new(),
            account_id,
            from_at,
            to_at,
            opening,
            closing,
            debits,
            credits_,
            count,
            due_e4,
            to_at + terms if due_e4 else None,
            None,
            now,
        )
        await store.add_statement(tx, here, made)
        await store.mark_paid(tx, here, account_id, now)
        await tenancy.audit(
            tx, env, actor, "ledger.statement", f"account:{account_id}", None, {"statement": str(made.id)}
        )
        found = await store.statement(tx, here, made.id)
        await outbox.publish(
            tx, here, [outbox.Event("statement.ready", made.id, 1, account.owner_id, now, {})], now
        )
        return found


async def statements(
    tx: db.Tx, home: int, account_id: int, *, before: int | None = None, size: int = 50
) -> list[Statement]:
    """Newest first."""
    return await store.list_statements(tx, home, account_id, before, size)


async def lines_of(tx: db.Tx, home: int, statement: Statement) -> list[Posted]:
    """The transfers that a statement sums up, oldest first."""
    return await store.transfers_between(tx, home, statement.account_id, statement.from_at, statement.to_at)
