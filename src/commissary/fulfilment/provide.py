"""Purchases that wait for a supplier's people: they see what is asked of them, take it in hand, provide or refuse.

What they say is an answer like any other (`buy.py`): counted, checked, paid and delivered there. Only how it is heard
is here. Somebody who comes too late is told so, and nothing is taken from him; whether it is too late is decided where
the answer is written, under the same locks as the end of his time.

Locks: the purchase; the answer's are `buy.py`'s.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from commissary import supply, tenancy
from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.fulfilment import store
from commissary.fulfilment.answers import Answer
from commissary.fulfilment.buy import Buying
from commissary.fulfilment.types import FulfilmentRefusal
from commissary.orders.types import OrderRefusal
from commissary.stock.types import Code
from commissary.supply import types as words
from commissary.supply.types import OPEN_ATTEMPTS, Attempt, Outcome, Result, SupplyRefusal
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "provide.sql")
IN_HAND = timedelta(minutes=15)
_fields = msgspec.json.Decoder(dict[str, str]).decode


class Wanted(msgspec.Struct, frozen=True):
    """What is asked of a supplier's people. `before`: then it is over. `holder`, `until`: who has it in hand, if anybody;
    a person as `person:<id>`, a program as `key:<id>`. Nothing in here says who the buyer is."""

    attempt: Attempt
    before: datetime
    holder: str
    until: datetime | None


async def list_wanted(
    env: Env, buying: Buying, actor: Actor, *, after: int = 0, size: int = 50
) -> list[Wanted]:
    """The oldest first; a supplier's people see what is asked of him, the mall's see all."""
    mall, home, now = actor.mall_id, home_of(actor.mall_id), env.now(actor.mall_id)
    whose = supply.whose(actor)
    market = await buying.purchasing.reload(mall)
    async with env.db.transaction(mall, "vault") as tx:
        found = await supply.requests_of_people(tx, home, whose, after=after, size=size)
        given = {"home": home, "ids": Bigints([a.id for a in found]), "now": now}
        held = {r[0]: (r[1], r[2]) for r in await db.rows(tx, Q.holders, given)}
    return [_wanted(market, a, *held.get(a.id, ("", None))) for a in found]


async def take_in_hand(
    env: Env, buying: Buying, actor: Actor, attempt_id: int
) -> tuple[Wanted, dict[str, str]]:
    """For a while, so that no two of his people do the same. With the fields of a top-up in clear; every look is in the
    audit log. Refuses attempt_not_found, attempt_ended, provide_too_late, provided_in_check, claimed_by_other."""
    mall, home, now = actor.mall_id, home_of(actor.mall_id), env.now(actor.mall_id)
    market = await buying.purchasing.reload(mall)
    async with env.db.transaction(mall, "vault") as tx:
        attempt = await _own(tx, market, actor, home, attempt_id)
        _require_open(market, attempt, now)
        was = await _require_free(tx, actor, home, attempt_id, now)
        until = min(now + IN_HAND, supply.due_at(market, attempt) or now)
        given = {"home": home, "id": attempt_id, "holder": holder_of(actor), "until": until}
        await db.run(tx, Q.take_in_hand, given)
        place = {"home": home, "order": attempt.order_id, "line": attempt.line_no}
        found = await db.row(tx, store.Q.fields, place) if attempt.kind == "topup" else None
        sealed = None if found is None or found[0] is None else bytes(found[0])
        fields = {} if sealed is None else _fields(env.keys.open_field(mall, "order-fields", sealed))
        after = {"holder": holder_of(actor), "until": until, "fields": sorted(fields)}
        await tenancy.audit(tx, env, actor, "supply.take_in_hand", f"attempt:{attempt_id}", was, after)
    return _wanted(market, attempt, holder_of(actor), until), fields


async def give_back(env: Env, buying: Buying, actor: Actor, attempt_id: int) -> Wanted:
    """Out of his hand, so that a colleague may take it. Nobody has it: nothing changes.

    Refuses attempt_not_found, attempt_ended, provide_too_late, provided_in_check, claimed_by_other.
    """
    mall, home, now = actor.mall_id, home_of(actor.mall_id), env.now(actor.mall_id)
    market = await buying.purchasing.reload(mall)
    async with env.db.transaction(mall, "vault") as tx:
        attempt = await _own(tx, market, actor, home, attempt_id)
        _require_open(market, attempt, now)
        was = await _require_free(tx, actor, home, attempt_id, now)
        if await db.run(tx, Q.give_back, {"home": home, "id": attempt_id, "now": now}):
            after = {"holder": ""}
            await tenancy.audit(tx, env, actor, "supply.give_back", f"attempt:{attempt_id}", was, after)
    return _wanted(market, attempt)


async def provide(
    env: Env,
    buying: Buying,
    actor: Actor,
    attempt_id: int,
    *,
    codes: Sequence[Code] = (),
    receipt: str = "",
) -> Attempt:
    """All pieces of it: its codes, or a top-up's receipt. The same again is answered as it was. A code that was here before
    is not delivered: the mall's people look at it first, and the state is `unknown` until they have.

    Refuses attempt_not_found, attempt_ended, provide_too_late, provided_in_check, claimed_by_other, wrong_quantity.
    """
    mall, home, now = actor.mall_id, home_of(actor.mall_id), env.now(actor.mall_id)
    market = await buying.purchasing.reload(mall)
    async with env.db.transaction(mall, "vault") as tx:
        attempt = await _own(tx, market, actor, home, attempt_id)
        ref = _ref(env, mall, attempt, codes, receipt)
        if attempt.supplier_ref == ref and (attempt.state == "succeeded" or _in_check(attempt)):
            return attempt
        _require_open(market, attempt, now)
        was = await _require_free(tx, actor, home, attempt_id, now)
        _require_fit(attempt, codes, receipt)
        before = {"state": attempt.state, "in_hand": was}
        after = {"state": "succeeded", "pieces": attempt.quantity, "by": holder_of(actor)}
        await tenancy.audit(tx, env, actor, "supply.provide", f"attempt:{attempt_id}", before, after)
    result = Result(
        Outcome.succeeded,
        supplier_ref=ref,
        cost_e4=attempt.unit_cost_e4 * attempt.quantity,
        codes=tuple(words.Code(c.secret, c.number) for c in codes),
    )
    ended = await _say(env, buying, mall, attempt, result)
    if ended.state == "failed":  # his time was over before this was written
        raise Refused(SupplyRefusal.provide_too_late)
    if ended.supplier_ref != ref:  # somebody else's was
        raise Refused(SupplyRefusal.attempt_ended, status=ended.state)
    return ended


async def refuse(env: Env, buying: Buying, actor: Actor, attempt_id: int, reason: str) -> Attempt:
    """He cannot: the next supplier is asked, or the buyer has his money back. Again is no error.

    Refuses attempt_not_found, attempt_ended, provide_too_late, provided_in_check, claimed_by_other.
    """
    mall, home, now = actor.mall_id, home_of(actor.mall_id), env.now(actor.mall_id)
    market = await buying.purchasing.reload(mall)
    async with env.db.transaction(mall, "vault") as tx:
        attempt = await _own(tx, market, actor, home, attempt_id)
        if attempt.state == "failed" and attempt.reason == REFUSED:
            return attempt
        _require_open(market, attempt, now)
        was = await _require_free(tx, actor, home, attempt_id, now)
        before = {"state": attempt.state, "in_hand": was}
        after = {"state": "failed", "reason": reason[:200], "by": holder_of(actor)}
        await tenancy.audit(tx, env, actor, "supply.refuse", f"attempt:{attempt_id}", before, after)
    ended = await _say(env, buying, mall, attempt, Result(Outcome.failed, reason=REFUSED, said=reason[:200]))
    if ended.state != "failed":
        raise Refused(SupplyRefusal.attempt_ended, status=ended.state)
    return ended


async def _say(env: Env, buying: Buying, mall: int, attempt: Attempt, result: Result) -> Attempt:
    """Into the books, and what it came to there: somebody, or the end of his time, may have been quicker."""
    await buying.note(mall, Answer.about(attempt, result, "supplier"))
    async with env.db.transaction(mall, "vault") as tx:
        return (await supply.lock_attempts(tx, home_of(mall), [attempt.id]))[attempt.id]


async def _own(tx: db.Tx, market: supply.Market, actor: Actor, home: int, attempt_id: int) -> Attempt:
    """Locked. Another supplier's is not found, as is one that no people are asked for."""
    attempt = (await supply.lock_attempts(tx, home, [attempt_id])).get(attempt_id)
    right = supply.may_act(actor, attempt.supplier_id if attempt else 0, "write")
    if attempt is None or not right or not market.by_people(attempt.connection_id):
        raise Refused(SupplyRefusal.attempt_not_found)
    return attempt


def _require_open(market: supply.Market, attempt: Attempt, now: datetime) -> None:
    before = supply.due_at(market, attempt)
    if _in_check(attempt):
        raise Refused(SupplyRefusal.provided_in_check)
    if attempt.reason == "not_provided" or (attempt.state in OPEN_ATTEMPTS and before and now >= before):
        raise Refused(SupplyRefusal.provide_too_late)
    if attempt.state not in OPEN_ATTEMPTS:
        raise Refused(SupplyRefusal.attempt_ended, status=attempt.state)


async def _require_free(
    tx: db.Tx, actor: Actor, home: int, attempt_id: int, now: datetime
) -> dict[str, object] | None:
    """Nobody else has it in hand; who had it last."""
    held = await db.row(tx, Q.in_hand, {"home": home, "id": attempt_id})
    if held is not None and held[0] != holder_of(actor) and held[1] > now:
        raise Refused(FulfilmentRefusal.claimed_by_other, until=held[1].isoformat())
    return None if held is None else {"holder": held[0], "until": held[1]}


def _require_fit(attempt: Attempt, codes: Sequence[Code], receipt: str) -> None:
    if attempt.kind == "topup":
        if codes or not receipt.strip():
            raise invalid("receipt", "is required for a top-up, and no codes / 充值须填写凭证号，不含卡密")
    elif len(codes) != attempt.quantity or len({(c.number, c.secret) for c in codes}) != len(codes):
        raise Refused(OrderRefusal.wrong_quantity, quantity=attempt.quantity)


def _ref(env: Env, mall: int, attempt: Attempt, codes: Sequence[Code], receipt: str) -> str:
    """By which the same again is known: a top-up's receipt; of codes a keyed hash, which says nothing about them."""
    if attempt.kind == "topup":
        return receipt.strip()
    content = msgspec.msgpack.encode([(c.number, c.secret) for c in codes])
    return "provided-" + env.keys.blind(f"provided|{mall}|{attempt.id}", content.hex())[:12].hex()


def _in_check(attempt: Attempt) -> bool:
    return attempt.state == "unknown" and attempt.people_at is not None


def holder_of(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"


def _wanted(
    market: supply.Market, attempt: Attempt, holder: str = "", until: datetime | None = None
) -> Wanted:
    before = supply.due_at(market, attempt)
    assert before is not None
    return Wanted(attempt, before, holder, until)


REFUSED = "refused_by_supplier"
