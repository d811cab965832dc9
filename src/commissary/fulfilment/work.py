"""Work by hand: who takes a line, what he may see, how it ends.

A claim is a lease: it is changed under the lock of its order only, and after `until_at` its holder can do nothing with
it, so a person who comes back too late cannot deliver what another has delivered meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from commissary import orders, stock, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.fulfilment import store
from commissary.fulfilment.log import action_of
from commissary.fulfilment.review import as_it_is
from commissary.fulfilment.types import CLAIM, LONGEST_CLAIM, Action, FulfilmentRefusal
from commissary.orders.types import Change, Deliver, Fail, LineNow, Move, OrderRefusal, Settled
from commissary.stock.types import Code
from commissary.tenancy.types import Actor, Look

_fields = msgspec.json.Decoder(dict[str, str]).decode


async def claim(env: Env, actor: Actor, order_id: int, line_no: int, lasting: timedelta = CLAIM) -> datetime:
    """Take a waiting line, or renew one's own claim; until when it lasts. A claim that ran out may be taken over.

    Refuses asks_buyer, claimed_by_other, being_bought, order_not_found, line_not_found, wrong_state.
    """
    tenancy.require(actor, "fulfilment.write")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        line = await _locked_line(tx, home, order_id, line_no)
        if line.asks_buyer:
            raise Refused(FulfilmentRefusal.asks_buyer)
        held = await store.claim_of(tx, home, order_id, line_no)
        if line.state == "working" and held and held[0] != person_of(actor) and held[1] > at:
            raise Refused(FulfilmentRefusal.claimed_by_other, until=held[1].isoformat())
        if line.state == "working" and line.mode == "supply" and held is None:
            raise Refused(FulfilmentRefusal.being_bought)
        if line.state != "working":
            await orders.settle(tx, env, home, [Move(order_id, line_no, "working")], at, actor)
            await store.add_log(tx, env, home, at, [(order_id, line_no, Action.claimed)])
        until = at + min(lasting, LONGEST_CLAIM)
        await store.set_claim(tx, home, order_id, line_no, person_of(actor), until)
        if line.state == "working":  # renewed, or taken over after it ran out
            before = {"person": str(held[0]), "until": held[1]} if held else None
            after = {"line": line_no, "person": actor.id, "until": until}
            await tenancy.audit(tx, env, actor, "fulfilment.claim", f"order:{order_id}", before, after)
        return until


async def give_back(env: Env, actor: Actor, order_id: int, line_no: int) -> Settled:
    """Back into the queue. Refuses not_claimed."""
    return await _end(env, actor, Move(order_id, line_no, "waiting"), None, Action.given_back)


async def deliver(
    env: Env,
    actor: Actor,
    order_id: int,
    line_no: int,
    quantity: int,
    *,
    codes: Sequence[Code] = (),
    receipt: str = "",
    cost_e4: int | None = None,
    idempotency_key: str,
) -> Settled:
    """All pieces, or some of them for good: those are paid, the rest of the money is free again.

    The same key again changes nothing. Refuses not_claimed, key_reused, wrong_state, wrong_quantity, and code_known with the
    places of those among `codes` that were here before, whoever had them.
    """
    change = Deliver(order_id, line_no, quantity, tuple(codes), receipt, cost_e4)
    return await _end(env, actor, change, idempotency_key)


async def fail(
    env: Env, actor: Actor, order_id: int, line_no: int, reason: str, *, idempotency_key: str
) -> Settled:
    """Nothing can be delivered; `reason` is shown to the buyer. Refuses not_claimed, key_reused, wrong_state."""
    return await _end(env, actor, Fail(order_id, line_no, reason), idempotency_key)


async def reveal_fields(
    env: Env, actor: Actor, order_id: int, line_no: int, reason: str = "work by hand"
) -> dict[str, str]:
    """The top-up fields in clear, for whoever holds the claim; every look is in the log of who saw what.

    Refuses step_up_required, reveals_locked, not_claimed, no_fields.
    """
    tenancy.require(actor, "fulfilment.write")
    tenancy.require_proof(env, actor)
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        order = (await orders.lock(tx, home, [order_id])).get(order_id)
        await _locked_line(tx, home, order_id, line_no)
        assert order is not None, "the line's order is locked"
        await _require_claim(tx, home, actor, order_id, line_no, at)
        found = await db.row(tx, store.Q.fields, {"home": home, "order": order_id, "line": line_no})
        if found is None or found[0] is None:
            raise Refused(FulfilmentRefusal.no_fields)
    seen = Look("fields", order.buyer_id, f"order:{order_id}", f"line {line_no}", reason)
    await tenancy.look(env, actor, seen)
    return _fields(env.keys.open_field(actor.mall_id, "order-fields", bytes(found[0])))


async def expire_claims(env: Env, mall: int, now: datetime) -> int:
    """Lines whose claim ran out go back into the queue; how many. Each in its own transaction."""
    home, after, done = home_of(mall), (0, 0), 0
    while True:
        async with env.db.transaction(mall) as tx:
            params = {"home": home, "now": now, "order": after[0], "line": after[1], "size": 200}
            lapsed = await db.rows(tx, store.Q.lapsed_claims, params)
        if not lapsed:
            return done
        after = (lapsed[-1][0], lapsed[-1][1])
        for order_id, line_no in lapsed:
            async with env.db.transaction(mall, "vault") as tx:
                order = (await orders.lock(tx, home, [order_id], skip_taken=True)).get(order_id)
                held = await store.claim_of(tx, home, order_id, line_no)
                if order is None or held is None or held[1] > now:
                    continue
                await store.drop_claim(tx, home, order_id, line_no)
                if order.lines[line_no - 1].state == "working":
                    await orders.settle(tx, env, home, [Move(order_id, line_no, "waiting")], now)
                    await store.add_log(tx, env, home, now, [(order_id, line_no, Action.given_back)])
                    done += 1


async def _end(
    env: Env,
    actor: Actor,
    change: Change,
    idempotency_key: str | None,
    action: Action | None = None,
) -> Settled:
    tenancy.require(actor, "fulfilment.write")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    order_id, line_no = change.order_id, change.line_no
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        if idempotency_key is not None:
            asked = [type(change).__name__, msgspec.to_builtins(change)]
            scope = f"person|{actor.id}"
            if (
                await orders.first_time(tx, env, home, scope, idempotency_key, asked, order_id, at)
                is not None
            ):
                order = (await orders.lock(tx, home, [order_id]))[order_id]
                return as_it_is(order, line_no)
        line = await _locked_line(tx, home, order_id, line_no)
        await _require_claim(tx, home, actor, order_id, line_no, at)
        [settled] = await orders.settle(tx, env, home, [change], at, actor)
        if isinstance(change, Deliver) and change.codes:
            await _enter_codes(tx, env, actor.mall_id, line, change.codes)
        await store.drop_claim(tx, home, order_id, line_no)
        told = action or action_of(settled)
        await store.add_log(tx, env, home, at, [(order_id, line_no, told)] if told else [])
        return settled


async def _enter_codes(tx: db.Tx, env: Env, mall: int, line: LineNow, codes: Sequence[Code]) -> None:
    """Known from now on, like those that a supplier's answer brings; numbered from 1 for whoever typed them."""
    each = [stock.Bought(n, line.sku_id, (code,)) for n, code in enumerate(codes, 1)]
    if known := await stock.known_codes(tx, env, mall, each):
        raise Refused(FulfilmentRefusal.code_known, places=sorted(known))
    try:
        await stock.claim_codes(
            tx, env, mall, [stock.by_hand(line.order_id, line.line_no, line.sku_id, codes)]
        )
    except stock.Raced:  # in this very moment
        raise Refused(FulfilmentRefusal.code_known) from None


def person_of(actor: Actor) -> int:
    """The command line acts for the platform and is nobody: 0."""
    return int(actor.id) if actor.id.isascii() and actor.id.isdigit() else 0


async def _locked_line(tx: db.Tx, home: int, order_id: int, line_no: int) -> LineNow:
    order = (await orders.lock(tx, home, [order_id])).get(order_id)
    if order is None:
        raise Refused(OrderRefusal.order_not_found)
    for line in order.lines:
        if line.line_no == line_no:
            return line
    raise Refused(OrderRefusal.line_not_found)


async def _require_claim(
    tx: db.Tx, home: int, actor: Actor, order_id: int, line_no: int, at: datetime
) -> None:
    held = await store.claim_of(tx, home, order_id, line_no)
    if held is None or held[0] != person_of(actor) or held[1] <= at:
        raise Refused(FulfilmentRefusal.not_claimed)
