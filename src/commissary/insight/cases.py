"""The case file of an order: what every domain knows of it, found by any number that somebody holds in his hand.

A buyer quotes his own number, a bank statement a transfer, a developer's log a `webhook-id`, the risk desk a decision.
All lead to the same file. Nothing is copied: the rows are asked where they are, by their keys.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from commissary import fulfilment, notify, orders, risk, tenancy
from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.base.http import requested_at_us
from commissary.base.ids import first_at, id_at
from commissary.insight.types import (
    Case,
    CaseAct,
    CaseDelivery,
    CaseHold,
    CaseLeaf,
    CaseLine,
    CaseOrder,
    CaseTransfer,
)
from commissary.ledger.types import TransferKind
from commissary.provenance.types import Kind
from commissary.tenancy.types import Actor

Q = sql.load(__package__)

MOST = 20  # orders of one client_order_no: each buyer counts for himself
_WEBHOOK = re.compile(r"evt_[0-9a-f]+_[0-9a-f]+_[0-9a-f]+", re.ASCII)
_ORDER_NO = re.compile(r"([0-9]{1,19})-([0-9]{1,19})", re.ASCII)
# A transfer is written in the transaction that changes its order, which bears the time at which its verb began.
_SETTLED = timedelta(minutes=5)
_CLOCKS_MS = 5_000  # how far two processes' clocks may be apart


async def find_cases(env: Env, actor: Actor, number: str) -> list[Case]:
    """By the order's id, its order_no, the buyer's client_order_no, or the number of its decision, of a transfer, of a
    hold, of a purchase at a supplier (ours or his), of a webhook delivery, a `webhook-id`, or the id of the request that
    placed it. Several only when buyers, or suppliers, chose the same number, or one request placed several.

    Needs `orders.read`; what the actor may not read besides is left out of the file.
    """
    tenancy.require(actor, "orders.read")
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        ids = await orders_of(tx, actor.mall_id, home, number.strip())
    return [await _case(env, actor, home, order_id) for order_id in ids[:MOST]]


async def orders_of(tx: db.Tx, mall: int, home: int, number: str) -> list[int]:
    """Ids of one installation never meet, so the first that knows the number is right; a buyer may call his order
    whatever he likes, also like somebody else's id, so his numbers are asked too."""
    found: list[int] = []
    if (full := _ORDER_NO.fullmatch(number)) is not None and int(full[1]) == home:
        found += await _ask(tx, Q.order_by_id, home, int(full[2]))
    elif _WEBHOOK.fullmatch(number):
        facts = {"home": home, "mall": mall, "text": number}
        found += [r[0] for r in await db.rows(tx, Q.orders_by_webhook, facts)]
    elif (at_us := requested_at_us(number)) is not None:
        found += await _by_request(tx, home, number, at_us)
    elif number.isascii() and number.isdigit() and len(number) <= 19:
        for query in (
            Q.order_by_id,
            Q.order_by_decision,
            Q.order_by_transfer,
            Q.order_by_hold,
            Q.order_by_delivery,
            Q.order_by_attempt,
        ):
            if found := await _ask(tx, query, home, int(number)):
                break
    found += await orders.by_client_no(tx, mall, home, number)
    at_suppliers: dict[str, Any] = {"home": home, "text": number.replace("\0", ""), "most": MOST}
    found += [r[0] for r in await db.rows(tx, Q.orders_by_supplier_ref, at_suppliers)]
    return list(dict.fromkeys(found))


async def _by_request(tx: db.Tx, home: int, rid: str, at_us: int) -> list[int]:
    """A request may place several orders."""
    since = first_at(int(at_us / 1000 - _CLOCKS_MS))
    if not 0 < since < 2**62:
        return []
    facts: dict[str, Any] = {"home": home, "text": rid, "since": since, "most": MOST}
    found = await db.row(tx, Q.order_by_request, facts)
    if found is None:
        return []
    others = await db.rows(tx, Q.orders_by_request, facts | {"first": found[0]})
    return [found[0], *(r[0] for r in others)]


async def _ask(tx: db.Tx, query: str, home: int, number: int) -> list[int]:
    if not 0 < number < 2**63 - (300_000 << 22):
        return []
    return [r[0] for r in await db.rows(tx, query, {"home": home, "number": number})]


async def _case(env: Env, actor: Actor, home: int, order_id: int) -> Case:
    mall = actor.mall_id

    def may(permission: str) -> bool:
        return tenancy.allows(actor, permission)

    of_order: dict[str, Any] = {"home": home, "mall": mall, "order": order_id}
    async with env.db.transaction(mall) as tx:
        row = await db.row(tx, Q.order, of_order)
        if row is None:
            raise Refused(RequestRefusal.not_found)
        order = CaseOrder(*row[:-2])
        lines = [CaseLine(*r) for r in await db.rows(tx, Q.lines, of_order)]
        transfers, holds = None, None
        if may("ledger.read"):
            transfers, holds = await _money(tx, of_order, order, row, lines)
        custody = None
        if may("provenance.read"):
            custody = [
                CaseLeaf(n, Kind(kind).name, at, bytes(leaf).hex())
                for n, kind, at, leaf in await db.rows(tx, Q.custody, of_order)
            ]
    return Case(
        order=order,
        lines=lines,
        decisions=await risk.list_decisions(env, actor, order_id=order_id) if may("risk.read") else None,
        transfers=transfers,
        holds=holds,
        custody=custody,
        deliveries=await _deliveries(env, actor, order_id) if may("notify.read") else None,
        work=await fulfilment.work_log(env, mall, order_id),
        acts=await _acts(env, actor, order_id) if may("audit.read") else None,
    )


async def _deliveries(env: Env, actor: Actor, order_id: int) -> list[CaseDelivery]:
    found = await notify.list_deliveries(env, actor, subject_id=order_id, size=200)
    return [
        CaseDelivery(d.id, d.event_id, d.event, d.n, d.state, d.attempts, d.created_at, d.ended_at)
        for d in reversed(found)
    ]


async def _acts(env: Env, actor: Actor, order_id: int) -> list[CaseAct]:
    found = await tenancy.list_audit(env, actor, subject=f"order:{order_id}", size=200)
    return [CaseAct(a.at, a.actor_kind, a.actor_id, a.action) for a in reversed(found)]


async def _money(
    tx: db.Tx, of_order: dict[str, Any], order: CaseOrder, row: Sequence[Any], lines: Sequence[CaseLine]
) -> tuple[list[CaseTransfer], list[CaseHold]]:
    updated_at, shadow = row[-2], row[-1]
    until = 2**63 - 1
    if not shadow:  # a test mall's clock is not the one that numbers are made by
        until = id_at(updated_at + _SETTLED)
    facts = of_order | {"account": order.account_id, "until": until}
    transfers = [
        CaseTransfer(id_, TransferKind(kind).name, -amount if dr == order.account_id else amount, at)
        for id_, kind, amount, dr, _cr, at in await db.rows(tx, Q.transfers, facts)
    ]
    ids = Bigints([line.hold_id for line in lines if line.hold_id is not None])
    holds = [CaseHold(*r) for r in await db.rows(tx, Q.holds, of_order | {"ids": ids})]
    return transfers, holds
