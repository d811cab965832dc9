"""A recalled batch reaches everybody who holds its codes: who they are, and one word to each of their orders.

    stock.recalled ─> on_recalled: a job ─> tell_holders: order by order, an event `order.recalled` and a custody leaf per line;
                                            then, if whoever recalled wished it, the money back (recall_refund.py)

The leaf is what makes a repeat harmless: an order, held by its row, that has this batch's recall in custody is not told
again. So the job may be killed anywhere, and go on.
"""

import os
import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from commissary import jobs, provenance, tenancy
from commissary.base import db, outbox, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.orders import store_later
from commissary.orders.recall_refund import refund
from commissary.orders.rules import recall_back_e4
from commissary.orders.types import LineState, OrderNow
from commissary.provenance import rules as custody
from commissary.provenance.types import CustodyEvent, Kind
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "recall.sql")

RECALL_JOB = "orders.recall"
AT_ONCE = 200  # ranges in one transaction; it holds their orders, and the home's outbox for its last moment
START = (0, 0, 0)
_WORD = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)

Place = tuple[int, int, int]
"""(first code, order, line): where a page or a job goes on"""


class RecallLook(msgspec.Struct, frozen=True):
    """`pieces`: delivered and not reversed; `refund_e4`: what their buyers would get back."""

    orders: int
    buyers: int
    pieces: int
    refund_e4: int
    currency: str


class Holder(msgspec.Struct, frozen=True):
    """A line that holds codes `first_seq..last_seq` of the batch; a shared code is held by many."""

    first_seq: int
    last_seq: int
    order_id: int
    line_no: int
    shared: bool
    sku_id: int
    state: LineState
    buyer_id: int
    buyer_name: str
    client_order_no: str
    placed_at: datetime

    @property
    def place(self) -> Place:
        return self.first_seq, self.order_id, self.line_no


async def holders(
    env: Env, actor: Actor, batch: int, *, after: Place = START, size: int = 50
) -> list[Holder]:
    """Every line that took codes of the batch, also one that was reversed: its buyer has seen them. Refuses not_found."""
    tenancy.require(actor, "orders.read")
    of_batch = {"home": home_of(actor.mall_id), "mall": actor.mall_id, "batch": batch}
    async with env.db.transaction(actor.mall_id) as tx:
        if await db.row(tx, Q.batch_is_there, of_batch) is None:
            raise Refused(RequestRefusal.not_found)
        found = await db.rows(tx, Q.holders, of_batch | _behind(after, size))
    return [Holder(*row) for row in found]


async def look_at_recall(env: Env, actor: Actor, batch: int) -> RecallLook:
    """What a recall with money back would come to now. Refuses not_found."""
    tenancy.require(actor, "orders.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await recall_now(tx, actor.mall_id, batch)


async def recall_now(tx: db.Tx, mall: int, batch: int) -> RecallLook:
    """By the rule that the payments go by. Refuses not_found."""
    of_batch = {"home": home_of(mall), "batch": batch}
    if await db.row(tx, Q.batch_is_there, of_batch) is None:
        raise Refused(RequestRefusal.not_found)
    orders, buyers, pieces, refund_e4 = set(), set(), 0, 0
    lines = await db.rows(tx, Q.lines_of_batch, of_batch)
    for order_id, buyer_id, state, amount_e4, quantity, delivered, returned_e4, codes, shared in lines:
        orders.add(order_id)
        buyers.add(buyer_id)
        if state in ("delivered", "partial"):
            bad = delivered if shared else min(codes, delivered)
            pieces += bad
            refund_e4 += recall_back_e4(amount_e4, quantity, delivered, returned_e4, bad)
    currency = await tenancy.currency_of(tx, mall)
    return RecallLook(len(orders), len(buyers), pieces, refund_e4, currency)


async def recall_reasons(tx: db.Tx, mall: int, batches: Sequence[int]) -> dict[int, str]:
    """Why each of these batches was recalled, in the words of whoever did it first."""
    subjects = {f"batch:{batch}": batch for batch in batches}
    found = await db.rows(tx, Q.recall_reasons, {"mall": mall, "subjects": list(subjects)})
    return {subjects[subject]: reason for subject, reason in reversed(found) if reason is not None}


async def on_recalled(tx: db.Tx, env: Env, home: int, seen: Sequence[tuple[int, int, outbox.Event]]) -> int:
    """For each batch a job, in the transaction that says the event was heard."""
    mall = mall_of(home)
    for _, _, event in seen:
        total = await db.row(tx, Q.count_ranges, {"home": home, "batch": event.subject})
        payload = {"home": str(home), "batch": str(event.subject)}
        payload |= {"refund": "yes"} if event.data.get("refund") else {}
        await jobs.defer(tx, env, mall, RECALL_JOB, payload, unit="ranges", total=total[0] if total else None)
    return len(seen)


async def tell_holders(job: jobs.Job) -> dict[str, int]:
    """The job's handler. `done` counts ranges of the batch."""
    env, mall = job.env, job.mall_id
    home, batch = int(job.payload["home"]), int(job.payload["batch"])
    at: Place = tuple(map(int, job.cursor)) if job.cursor else START  # type: ignore[assignment]
    done, told, refunded = job.done, 0, 0
    async with env.db.transaction(mall) as tx:
        reason = (await recall_reasons(tx, mall, [batch])).get(batch, "")
    while True:
        async with env.db.transaction(mall) as tx:
            some = await db.rows(tx, Q.ranges_of_batch, {"home": home, "batch": batch} | _behind(at, AT_ONCE))
        if not some:
            return {"orders": told, "refunded": refunded}
        ids = sorted({r[1] for r in some})
        async with env.db.transaction(mall, "vault") as tx:
            told += await _tell(tx, env, home, batch, ids, reason, env.now(mall))
        if job.payload.get("refund"):
            async with env.db.transaction(mall, "vault") as tx:
                refunded += await refund(tx, env, home, batch, ids, env.now(mall))
        at, done = some[-1], done + len(some)
        await job.progress(done, cursor=[str(n) for n in at])


async def _tell(
    tx: db.Tx, env: Env, home: int, batch: int, ids: Sequence[int], reason: str, now: datetime
) -> int:
    """Those of the orders that were not told yet; how many."""
    held = await store_later.lock_orders(tx, home, ids)
    before = await provenance.recalled_before(tx, home, ids, batch)
    orders = [order for order in held.values() if order.id not in before]
    if not orders:
        return 0
    of_orders = {"home": home, "batch": batch, "at": now, "orders": Bigints([o.id for o in orders])}
    ranges: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for order_id, line_no, first, last in await db.rows(tx, Q.takes_of_orders, of_orders):
        ranges.setdefault((order_id, line_no), []).append((first, last))
    numbers = await provenance.next_ns(tx, home, [o.id for o in orders])
    leaves = [leaf for o in orders for leaf in _leaves(o, batch, ranges, numbers.get(o.id, 1), now)]
    await provenance.append(tx, home, now, leaves)
    await db.run(tx, Q.number_event, of_orders)
    events = [_event(o, ranges, reason, now) for o in orders]
    await outbox.publish(tx, home, events, now)
    return len(orders)


def _leaves(
    order: OrderNow,
    batch: int,
    ranges: dict[tuple[int, int], list[tuple[int, int]]],
    n: int,
    now: datetime,
) -> list[CustodyEvent]:
    """One per line. A line's own number belongs to its delivery; what comes later is numbered behind all lines."""
    first = max(n, len(order.lines) + 1)
    made: list[CustodyEvent] = []
    for line in order.lines:
        if codes := ranges.get((order.id, line.line_no)):
            salt = os.urandom(16)
            facts = {
                "order": str(order.id),
                "line": line.line_no,
                "sku": str(line.sku_id),
                "codes": [[str(batch), a, b] for a, b in codes],
                "party": custody.party(salt, order.buyer_id),
            }
            at_ms = int(now.timestamp() * 1000)
            made.append(custody.event(order.id, first + len(made), Kind.recalled, facts, at_ms, salt))
    return made


def _event(
    order: OrderNow,
    ranges: dict[tuple[int, int], list[tuple[int, int]]],
    reason: str,
    now: datetime,
) -> outbox.Event:
    """Its reason is a word of a program's kind; the operator's own words are with the order's proof, for its buyer alone."""
    lines = [
        {
            "line_no": line.line_no,
            "sku_id": str(line.sku_id),
            "quantity": line.quantity,
            "delivered": line.delivered,
            "status": "recalled",
        }
        for line in order.lines
        if (order.id, line.line_no) in ranges
    ]
    data: dict[str, object] = {
        "client_order_no": order.client_order_no,
        "status": order.state,
        "lines": lines,
        "reason": reason if _WORD.fullmatch(reason) else "recalled",
    }
    data |= order.callback
    return outbox.Event("order.recalled", order.id, order.events + 1, order.buyer_id, now, data)


def _behind(place: Place, most: int) -> dict[str, int]:
    return {"first": place[0], "order": place[1], "line": place[2], "most": most}
