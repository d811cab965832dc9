"""A top-up whose account a supplier calls wrong: its buyer is asked, and the same order goes on when he has corrected it.

    failed, wrong_account ── asked ──> open ──┬── corrected ──> the line waits for a supplier again
                                              ├── expired ────> the line fails, the money is free again
                                              └── withdrawn ──> by a person, or since the line ended otherwise

The money stays held all the while: what is captured in the end is the hold that was made when the order was placed. A
purchase that failed for a corrected account does not count as tried. Whoever corrects, cancels or lets the time run out
waits at the order's lock and then finds another state.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from commissary import orders, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.fulfilment import store
from commissary.fulfilment import store_fix as fixes
from commissary.fulfilment.restock import name_of
from commissary.fulfilment.types import Action, FixRequest, FixTerms, FulfilmentRefusal
from commissary.orders.types import (
    AskBuyer,
    Correct,
    Fail,
    LineNow,
    OrderNow,
    OrderRefusal,
    Settled,
    WantedLine,
)
from commissary.supply.types import WRONG_ACCOUNT, Attempt
from commissary.tenancy.types import Actor, ApiKey, Caller

MOST_CORRECTIONS = 3
OPEN_MINUTES = 24 * 60
SWEPT_AT_ONCE = 200
_fields = msgspec.json.Decoder(dict[str, str]).decode


# Asked ------------------------------------------------------------------------------------------------------------


@dataclass
class Asking:
    """What failures of a batch of answers come to that are a matter of the buyer's account."""

    lines: Mapping[tuple[int, int], tuple[str, int]]
    minutes: int = OPEN_MINUTES
    requests: list[tuple[int, AskBuyer, int]] = field(default_factory=list)

    @classmethod
    async def of(cls, tx: db.Tx, home: int, suspects: Collection[Attempt]) -> "Asking":
        """`suspects`: purchases that may fail so."""
        asked = {a.order_id for a in suspects if a.kind == "topup" and a.line_no > 0}
        if not asked:
            return cls({})
        kept = await fixes.terms(tx, home)
        lines = await fixes.askable(tx, mall_of(home), home, asked)
        return cls(lines, kept.open_minutes if kept else OPEN_MINUTES)

    def change(self, failed: Attempt, now: datetime) -> AskBuyer | Fail | None:
        """What becomes of its line; None: another supplier is asked."""
        place = (failed.order_id, failed.line_no)
        if failed.reason != WRONG_ACCOUNT or failed.kind != "topup" or place not in self.lines:
            return None
        name, corrections = self.lines[place]
        if corrections >= MOST_CORRECTIONS:
            return Fail(*place, WRONG_ACCOUNT)
        ask = AskBuyer(*place, WRONG_ACCOUNT, name, now + timedelta(minutes=self.minutes))
        self.requests.append((failed.id, ask, corrections))
        return ask

    async def write(self, tx: db.Tx, env: Env, home: int, now: datetime) -> None:
        ids = env.ids.many(len(self.requests))
        told = [
            FixRequest(
                id=id_,
                order_id=ask.order_id,
                line_no=ask.line_no,
                attempt_id=attempt_id,
                field=ask.field,
                reason=ask.reason,
                corrections=corrections,
                state="open",
                asked_at=now,
                deadline=ask.until,
                ended_at=None,
                ended_by="",
            )
            for id_, (attempt_id, ask, corrections) in zip(ids, self.requests, strict=True)
        ]
        await fixes.add(tx, home, told, now)
        asked = [(ask.order_id, ask.line_no, Action.fix_requested) for _, ask, _ in self.requests]
        await store.add_log(tx, env, home, now, asked)


async def forgiven(
    tx: db.Tx, home: int, before: Mapping[tuple[int, int], Sequence[Attempt]]
) -> Collection[int]:
    """Of purchases that were tried for lines: those that failed for an account which was corrected since."""
    suspects = {a.order_id for tried in before.values() for a in tried if a.kind == "topup" and a.ended_at}
    return await fixes.forgiven(tx, home, suspects) if suspects else ()


# Corrected --------------------------------------------------------------------------------------------------------


async def correct(
    desk: orders.Desk,
    caller: Caller,
    order_id: int,
    line_no: int,
    fields: Mapping[str, str],
    idempotency_key: str,
    nudge: Callable[[], None],
) -> orders.OrderOut:
    """By the buyer's program; the order as it is then. The same key again changes nothing.

    Refuses order_not_found, line_not_found, nothing_to_correct, too_many_corrections, fix_expired, fix_unchanged,
    key_missing, key_reused, and as `orders.check_correction` does.
    """
    buyer_id = caller.key.organisation_id
    wish = _Wish(order_id, line_no, fields, f"buyer|{buyer_id}", idempotency_key, f"key:{caller.key.id}")
    if await _correct(desk, caller.key.mall_id, wish, buyer_id, caller) is not None:
        nudge()
    return await desk.order(caller, order_id)


async def correct_for(
    desk: orders.Desk,
    actor: Actor,
    order_id: int,
    line_no: int,
    fields: Mapping[str, str],
    idempotency_key: str,
    nudge: Callable[[], None],
) -> Settled:
    """By the mall's staff for him, or by the buyer's own people. Refuses forbidden, and as `correct` does."""
    staff = tenancy.allows(actor, "orders.write")
    if not staff:
        tenancy.require_for(actor, "orders.write", actor.organisation_id)
    buyer_id = None if staff else actor.organisation_id
    wish = _Wish(order_id, line_no, fields, f"person|{actor.id}", idempotency_key, name_of(actor))
    settled = await _correct(desk, actor.mall_id, wish, buyer_id, None, actor)
    if settled is None:
        async with desk.env.db.transaction(actor.mall_id, "vault") as tx:
            order, line = await _line(tx, home_of(actor.mall_id), order_id, line_no, buyer_id)
            state, back_e4 = line.state, line.returned_e4
            return Settled(order.id, line_no, state, state, line.delivered, back_e4, line.reason)
    nudge()
    return settled


class _Wish(msgspec.Struct, frozen=True):
    """`scope`: whose key; `by`: who, for the books."""

    order_id: int
    line_no: int
    fields: Mapping[str, str]
    scope: str
    key: str
    by: str

    @property
    def asked(self) -> list[object]:
        return ["correct", str(self.order_id), self.line_no, sorted(self.fields.items())]


async def _correct(
    desk: orders.Desk,
    mall: int,
    wish: _Wish,
    buyer_id: int | None,
    caller: Caller | None,
    actor: Actor | None = None,
) -> Settled | None:
    """Looked at, checked without a lock (others are asked who may take their time), looked at again and written. None: it
    was done before."""
    env, home = desk.env, home_of(mall)
    async with env.db.transaction(mall, "vault") as tx:
        # The lock first: the same sent twice at once waits here, and then finds itself done.
        order, line = await _line(tx, home, wish.order_id, wish.line_no, buyer_id)
        if await orders.done_before(tx, env, home, wish.scope, wish.key, wish.asked) is not None:
            return None
        await _correctable(tx, env, home, line)
    whose = caller or Caller(
        ApiKey("", mall, home, order.buyer_id, order.account_id, frozenset(), (), ()),
        actor.ip if actor else "",
    )
    wanted = await orders.check_correction(desk, whose, order, wish.line_no, wish.fields)
    async with env.db.transaction(mall, "vault") as tx:
        at = env.now(mall)
        repeated = await orders.first_time(tx, env, home, wish.scope, wish.key, wish.asked, wish.order_id, at)
        if repeated is not None:
            return None
        _, line = await _line(tx, home, wish.order_id, wish.line_no, buyer_id)
        request = await _correctable(tx, env, home, line)
        await _must_differ(tx, env, home, request, wanted)
        assert wanted.sealed_fields is not None
        change = Correct(wish.order_id, wish.line_no, wanted.sealed_fields, wanted.target, wanted.target_last)
        [settled] = await orders.settle(tx, env, home, [change], at, actor)
        await fixes.end(tx, home, request.id, "corrected", at, wish.by)
        await store.add_log(tx, env, home, at, [(wish.order_id, wish.line_no, Action.corrected)])
        return settled


async def _correctable(tx: db.Tx, env: Env, home: int, line: LineNow) -> FixRequest:
    request = await _open(tx, home, line)
    if request.deadline <= env.now(mall_of(home)):
        raise Refused(FulfilmentRefusal.fix_expired, deadline=request.deadline.isoformat())
    return request


async def _must_differ(tx: db.Tx, env: Env, home: int, request: FixRequest, wanted: WantedLine) -> None:
    line = {"home": home, "order": request.order_id, "line": request.line_no}
    kept = await db.row(tx, store.Q.fields, line)
    assert kept is not None, "a locked line"
    assert kept[0] is not None, "only a line with fields is asked about"
    if _fields(env.keys.open_field(mall_of(home), "order-fields", bytes(kept[0]))) == wanted.fields:
        no = FulfilmentRefusal.fix_unchanged
        raise Refused(no, fields=[FieldFault(f"fields.{request.field}", f"{no.en} / {no.zh}")])


async def _line(
    tx: db.Tx, home: int, order_id: int, line_no: int, buyer_id: int | None
) -> tuple[OrderNow, LineNow]:
    """Locked. `buyer_id`: whose order it must be."""
    order = (await orders.lock(tx, home, [order_id])).get(order_id)
    if order is None or buyer_id not in (None, order.buyer_id):
        raise Refused(OrderRefusal.order_not_found)
    for line in order.lines:
        if line.line_no == line_no:
            return order, line
    raise Refused(OrderRefusal.line_not_found)


async def _open(tx: db.Tx, home: int, line: LineNow) -> FixRequest:
    """The line's open request, under its order's lock."""
    last = await fixes.last_of(tx, home, line.order_id, line.line_no)
    if last is not None and last.state == "open" and line.asks_buyer:
        return last
    spent = last is not None and last.state == "corrected" and last.corrections + 1 >= MOST_CORRECTIONS
    if spent and line.state == "failed" and line.reason == WRONG_ACCOUNT:
        raise Refused(FulfilmentRefusal.too_many_corrections, most=MOST_CORRECTIONS)
    raise Refused(FulfilmentRefusal.nothing_to_correct, status=line.state)


# Ended otherwise --------------------------------------------------------------------------------------------------


async def withdraw_fix(env: Env, actor: Actor, order_id: int, line_no: int) -> Settled:
    """Nobody waits for the buyer any longer: the line fails now. Refuses forbidden, order_not_found, line_not_found,
    nothing_to_correct."""
    tenancy.require(actor, "orders.write")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        _, line = await _line(tx, home, order_id, line_no, None)
        request = await _open(tx, home, line)
        [settled] = await orders.settle(tx, env, home, [Fail(order_id, line_no, WRONG_ACCOUNT)], at, actor)
        await fixes.end(tx, home, request.id, "withdrawn", at, name_of(actor))
        await store.add_log(tx, env, home, at, [(order_id, line_no, Action.failed)])
        return settled


async def malls_to_end_fixes(env: Env) -> list[int]:
    """Where `end_fixes` would find something."""
    async with env.db.transaction(None) as tx:
        return [mall_of(home) for home in await fixes.homes_to_end(tx, env.clocks())]


async def end_fixes(env: Env, mall: int, now: datetime) -> int:
    """Requests whose time is over: their lines fail. Requests whose line ended otherwise, as by a cancellation: they are
    withdrawn. How many; each in its own transaction."""
    home, after, done = home_of(mall), 0, 0
    while True:
        async with env.db.transaction(mall) as tx:
            due = await fixes.due(tx, home, now, after, SWEPT_AT_ONCE)
        if not due:
            return done
        after = due[-1][0]
        for id_, order_id, line_no in due:
            async with env.db.transaction(mall, "vault") as tx:
                done += await _end(tx, env, home, id_, order_id, line_no, now)


async def _end(tx: db.Tx, env: Env, home: int, id_: int, order_id: int, line_no: int, now: datetime) -> bool:
    order = (await orders.lock(tx, home, [order_id], skip_taken=True)).get(order_id)
    last = await fixes.last_of(tx, home, order_id, line_no)
    if order is None or last is None or last.id != id_ or last.state != "open":
        return False  # somebody else works on it, or has
    line = next(line for line in order.lines if line.line_no == line_no)
    if not line.asks_buyer:
        await fixes.end(tx, home, id_, "withdrawn", now)
        return True
    await orders.settle(tx, env, home, [Fail(order_id, line_no, WRONG_ACCOUNT)], now)
    await fixes.end(tx, home, id_, "expired", now)
    await store.add_log(tx, env, home, now, [(order_id, line_no, Action.fix_expired)])
    return True


# Seen and set -----------------------------------------------------------------------------------------------------


async def list_fixes(
    env: Env,
    actor: Actor,
    *,
    state: str | None = None,
    order_id: int | None = None,
    after: int = 0,
    size: int = 50,
) -> list[FixRequest]:
    """The longest waiting first."""
    tenancy.require(actor, "fulfilment.read")
    async with env.db.transaction(actor.mall_id) as tx:
        home = home_of(actor.mall_id)
        return await fixes.find(tx, home, state=state, order_id=order_id, after=after, size=size)


async def fix_terms(env: Env, actor: Actor) -> FixTerms | None:
    """None: OPEN_MINUTES."""
    tenancy.require(actor, "supply.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await fixes.terms(tx, home_of(actor.mall_id))


async def set_fix_terms(env: Env, actor: Actor, open_minutes: int, seen: int) -> FixTerms:
    """Of requests from now on. Refuses fix_terms_changed."""
    tenancy.require(actor, "supply.write")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        before = await fixes.terms(tx, home)
        if not await fixes.put_terms(tx, home, open_minutes, seen=seen, by=name_of(actor), at=at):
            raise Refused(FulfilmentRefusal.fix_terms_changed)
        was = {"open_minutes": before.open_minutes} if before else None
        shown = {"open_minutes": open_minutes}
        await tenancy.audit(tx, env, actor, "fulfilment.fix_terms", f"mall:{actor.mall_id}", was, shown)
        after = await fixes.terms(tx, home)
    assert after is not None
    return after
