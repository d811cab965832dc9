"""The rows of each list, as they go out. Times are the mall's, with their zone; money is a text with its currency beside it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from commissary import catalog, ledger, orders, partners, pricing, stock, tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.bulk import goods_sheet, price_sheet, rules
from commissary.bulk.store import Q
from commissary.tenancy.types import Actor

PAGE = 200
Cells = list[list[object]]


@dataclass(frozen=True)
class Place:
    """Where and when a file is written: its mall's zone."""

    env: Env
    actor: Actor
    zone: ZoneInfo

    def time(self, at: datetime | None) -> str:
        return "" if at is None else at.astimezone(self.zone).isoformat(timespec="seconds")

    def label(self, name: str) -> str:
        return f"{name} ({self.zone.key})"


async def place(env: Env, actor: Actor) -> Place:
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(tx, Q.zone, {"mall": actor.mall_id})
    assert found is not None
    return Place(env, actor, ZoneInfo(found[0]))


async def orders_(at: Place, query: orders.OrderQuery) -> AsyncIterator[Cells]:
    yield [
        ["order_no", "client_order_no", "buyer_id", "buyer", "status", "reason", "amount", "currency", "channel", "verdict",
         "lines", at.label("placed_at"), at.label("updated_at")]
    ]  # fmt: skip
    cursor: str | None = None
    here = home_of(at.actor.mall_id)
    while True:
        found, _ = await orders.list_orders(at.env, at.actor, query, sort=None, cursor=cursor, size=PAGE)
        yield [
            [
                orders.order_no(here, o.id), o.client_order_no, o.buyer_id, o.buyer_name or "", o.state, o.reason,
                money.text(o.amount_e4), o.currency, o.channel, o.verdict,
                "; ".join(f"{line.code or line.sku_id} × {line.quantity}" for line in o.lines),
                at.time(o.placed_at), at.time(o.updated_at),
            ]
            for o in found[:PAGE]
        ]  # fmt: skip
        if len(found) <= PAGE:
            return
        cursor = orders.order_cursor(found[PAGE - 1], None)


async def skus(at: Place, query: catalog.SkuQuery) -> AsyncIterator[Cells]:
    """The sheet that an import reads back."""
    roles = list(goods_sheet.COLUMNS)
    yield [[goods_sheet.COLUMNS[role][0] for role in roles]]
    ids = await catalog.sku_ids(at.env, at.actor, query, 2**31 - 1)
    mall = at.actor.mall_id
    async with at.env.db.transaction(mall) as tx:
        products = {p[0]: p[1] for p in await catalog.products_of(tx, mall)}
        for first in range(0, len(ids), 1_000):
            found = await catalog.skus_by_id(tx, mall, ids[first : first + 1_000])
            some = [found[i] for i in ids[first : first + 1_000]]
            yield [[goods_sheet.text_of(s, role, products[s.product_id]) for role in roles] for s in some]


async def prices(at: Place, books: Sequence[int]) -> AsyncIterator[Cells]:
    """The sheet that an import reads back: every SKU that is not deleted, every book or those of `books`."""
    tenancy.require(at.actor, "pricing.read")
    mall, now = at.actor.mall_id, at.env.now(at.actor.mall_id)
    async with at.env.db.transaction(mall) as tx:
        across = [b for b in await pricing.every_book(tx, mall) if not books or b.id in books]
        held = await pricing.held(tx, mall, [b.id for b in across], None, now)
        goods = await catalog.every_sku(tx, mall)
    yield [list(price_sheet.headers_of(across))]
    rows: Cells = []
    for sku in goods:
        row: list[object] = [sku.id, sku.code, sku.name_zh]
        for book in across:
            ladder = held.get((book.id, sku.id))
            row += [rules.ladder_text(ladder), rules.ladder_version(ladder)]
        rows.append(row)
    yield rows


async def buyers(at: Place, query: partners.CompanyQuery) -> AsyncIterator[Cells]:
    yield [["buyer_id", "name", "status", "tier", "account_id", at.label("updated_at")]]
    ids = await partners.buyer_ids(at.env, at.actor, query, 2**31 - 1)
    tiers = {t.id: t.name for t in await partners.list_tiers(at.env, at.actor)}
    for first in range(0, len(ids), 1_000):
        found = await partners.buyers_by_id(at.env, at.actor, ids[first : first + 1_000])
        yield [
            [b.id, b.name, b.status, tiers.get(b.tier_id or 0, ""), b.account_id, at.time(b.updated_at)]
            for b in found
        ]


async def transfers(at: Place, account: int) -> AsyncIterator[Cells]:
    tenancy.require(at.actor, "ledger.read")
    yield [["transfer_id", at.label("at"), "kind", "amount", "currency", "other_account", "order_id", "memo"]]
    before: int | None = None
    here = home_of(at.actor.mall_id)
    while True:
        async with at.env.db.transaction(at.actor.mall_id) as tx:
            if before is None:
                await ledger.account(tx, here, account)
            found = await ledger.transfers(tx, here, account, before, PAGE)
        yield [
            [
                t.id, at.time(t.at), str(t.kind.name), money.text(-t.amount_e4 if t.dr_id == account else t.amount_e4), t.currency,
                t.cr_id if t.dr_id == account else t.dr_id, t.order_id or "", t.memo or "",
            ]
            for t in found
        ]  # fmt: skip
        if len(found) < PAGE:
            return
        before = found[-1].id


async def audit(at: Place, query: tenancy.AuditQuery) -> AsyncIterator[Cells]:
    yield [["id", at.label("at"), "actor_kind", "actor_id", "ip", "action", "subject", "before", "after"]]
    cursor: str | None = None
    while True:
        found, _ = await tenancy.look_audit(at.env, at.actor, query, sort=None, cursor=cursor, size=PAGE)
        yield [
            [
                e.id,
                at.time(e.at),
                e.actor_kind,
                e.actor_id,
                e.ip,
                e.action,
                e.subject,
                _json(e.before),
                _json(e.after),
            ]
            for e in found[:PAGE]
        ]
        if len(found) <= PAGE:
            return
        cursor = tenancy.audit_cursor(found[PAGE - 1], None)


async def codes(at: Place, batches: Sequence[int], *, clear: bool) -> AsyncIterator[Cells]:
    yield [["batch_id", "seq", "state", "number", "code"]]
    async for some in stock.export_codes(at.env, at.actor, batches, clear=clear):
        yield [[c.batch_id, c.seq, c.state, c.number or "", c.secret] for c in some]


Rows = Callable[[Place, Any], AsyncIterator[Cells]]
ROWS: Mapping[str, Rows] = {
    "orders": orders_,
    "skus": skus,
    "buyers": buyers,
    "transfers": transfers,
    "audit": audit,
    "prices": prices,
}


def _json(value: Any) -> str:
    return "" if value is None else msgspec.json.encode(value).decode()
