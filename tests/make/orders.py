"""A mall that sells: goods with prices and stock, buyers with money, a desk; and the books checked at the end."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from commissary import catalog, ledger, orders, partners, stock
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import home
from commissary.catalog.types import SkuDraft
from commissary.ledger.types import Account, TransferKind
from commissary.orders.types import Change, Settled
from commissary.orders.wire import LineIn, OrderIn, OrderOut
from commissary.risk.types import Facts, Verdict
from commissary.stock.vault import new_batch
from commissary.tenancy.types import Actor, ApiKey, Caller
from make.ledger import Till
from make.ledger import till as make_till
from make.tenancy import House

ALWAYS = datetime(2025, 1, 1, tzinfo=UTC)
SCOPES = frozenset({"orders:write", "orders:read", "codes:read"})
CLASSIFIED: dict[str, Any] = {
    "instrument_class": "specific_item_voucher",
    "issuer": "Tea Ltd",
    "redeem_scope": "brand",
    "registered": False,
    "tax_category": "prepaid_card",
    "face_value_e4": 1_000_000,
    "face_currency": "CNY",
}


@dataclass
class World:
    """`env` runs on the real clock, as the database does; `travel` moves it for this mall."""

    house: House
    till: Till
    env: Env
    desk: orders.Desk
    product_id: int
    book_id: int
    verdict: Verdict = field(default_factory=lambda: Verdict("allow"))

    @property
    def mall(self) -> int:
        return self.house.mall

    @property
    def home(self) -> int:
        return home(self.mall)

    @property
    def actor(self) -> Actor:
        return self.house.actor

    def staff(self, person_id: int = 7, role: str = "fulfilment") -> Actor:
        return self.house.actor_of(role, person_id)

    def travel(self, **by: float) -> None:
        moved = int(timedelta(**by).total_seconds())
        self.env.offsets[self.mall] = self.env.offsets.get(self.mall, 0) + moved

    async def sku(self, price_e4: int = 98_750, **more: Any) -> int:
        """Listed and priced."""
        facts = CLASSIFIED | {
            "product_id": self.product_id,
            "code": f"A{self.env.ids.new()}",
            "name_zh": "百元茶卡",
            "name_en": "Tea 100",
            "kind": "code",
        }
        if more.get("kind") == "topup":
            facts |= {"instrument_class": "direct_topup"}
        if more.get("kind") == "bundle":
            facts = {k: v for k, v in facts.items() if k in ("product_id", "code", "name_zh", "name_en")}
            facts |= {"tax_category": "prepaid_card"}
        made = await catalog.create_sku(self.env, self.actor, SkuDraft(**(facts | more)))
        await catalog.list_sku(self.env, self.actor, made.id, made.version)
        await self.price(made.id, price_e4)
        return made.id

    async def price(self, sku_id: int, price_e4: int) -> None:
        async with self.env.db.transaction(self.mall) as tx:
            change = self.env.ids.new()
            await db.run(
                tx,
                """insert into pricing.change (mall_id, id, kind, author, entries, valid_from, at)
                   values (%s, %s, 'edit', 'test', 1, %s, %s)""",
                (self.mall, change, ALWAYS, ALWAYS),
            )
            await db.run(
                tx,
                """insert into pricing.entry (mall_id, book_id, sku_id, valid_from, id, minimums, prices_e4, change_id)
                   values (%s, %s, %s, %s, %s, '{1}', array[%s::bigint], %s)""",
                (self.mall, self.book_id, sku_id, ALWAYS, self.env.ids.new(), price_e4, change),
            )
            await db.run(tx, "select tenancy.raise_epoch(%s)", (self.mall,))

    async def stock(
        self,
        sku_id: int,
        count: int,
        cost_e4: int = 90_000,
        expires: datetime | None = None,
        prefix: str = "T",
        shared: bool = False,
    ) -> int:
        """One sealed batch and one open lot of it; codes are `<prefix><batch>-<seq>`."""
        batch = self.env.ids.new()
        sealer = new_batch(self.env.keys, self.mall, batch)
        async with self.env.db.transaction(self.mall, "vault") as tx:
            await db.run(
                tx,
                """insert into stock.batch (home_id, id, sku_id, unit_cost_e4, currency, received, dek, kek_id, state, created_at)
                   values (%s, %s, %s, %s, 'CNY', %s, %s, %s, 'sealed', %s)""",
                (self.home, batch, sku_id, cost_e4, count, sealer.wrapped, sealer.kek_id, ALWAYS),
            )
            for seq in range(1, count + 1):
                cipher, commitment = sealer.seal(seq, f"N{seq}", f"{prefix}{batch}-{seq}")
                await db.run(
                    tx,
                    "insert into stock.code values (%s, %s, %s, %s, %s)",
                    (self.home, batch, seq, cipher, commitment),
                )
            await db.run(
                tx,
                """insert into stock.lot (home_id, id, sku_id, batch_id, start_seq, next_seq, end_seq, unit_cost_e4,
                     expires_at, unlimited, state)
                   values (%s, %s, %s, %s, 1, 1, %s, %s, coalesce(%s::timestamptz, 'infinity'), %s, 'open')""",
                (self.home, self.env.ids.new(), sku_id, batch, count, cost_e4, expires, shared),
            )
        return batch

    async def buyer(self, yuan: int = 1_000, scopes: frozenset[str] = SCOPES) -> Caller:
        """A company with a wallet, as its program calls."""
        async with self.env.db.transaction(self.mall) as tx:
            owner = self.env.ids.new()
            account = await ledger.open_account(tx, self.env, self.home, owner, "wallet", "CNY")
            made = await partners.add_buyer(
                tx, self.env, self.actor, name="Buyer", account_id=account, id=owner
            )
        if yuan:
            await self.till.pay(self.till.books.cash_id, account, yuan, TransferKind.recharge)
        key = ApiKey(f"k{made.id}", self.mall, self.home, made.id, account, scopes, (), ())
        return Caller(key, "192.0.2.9")

    async def place(
        self, buyer: Caller, sku_id: int | list[tuple[int, int]], quantity: int = 1, **more: Any
    ) -> OrderOut:
        """One line, or a list of (SKU, pieces)."""
        number = more.pop("number", f"c-{secrets.token_hex(6)}")
        if isinstance(sku_id, list):
            more["lines"] = tuple(LineIn(str(sku), pieces) for sku, pieces in sku_id)
        else:
            more |= {"sku_id": str(sku_id), "quantity": quantity}
        return await self.desk.place(buyer, OrderIn(client_order_no=number, **more))

    async def settle(self, *changes: Change, actor: Actor | None = None) -> list[Settled]:
        async with self.env.db.transaction(self.mall, "vault") as tx:
            return await orders.settle(
                tx, self.env, self.home, changes, self.env.now(self.mall), actor or self.actor
            )

    async def account(self, buyer: Caller) -> Account:
        return await self.till.account(buyer.key.account_id)

    async def events(self, order_id: int | str) -> list[tuple[int, str]]:
        """(number, kind) of what was told about an order, in order."""
        async with self.env.db.transaction(self.mall) as tx:
            found = await outbox.read(tx, self.home, 0, 10_000)
        return [(e.n, e.kind) for _, events in found for e in events if e.subject == int(order_id)]

    async def check(self) -> None:
        """Balances sum to zero; what is held is what open lines are held for; charged = amount − returned; each line's
        goods were taken once."""
        async with self.env.db.transaction(self.mall, "vault") as tx:
            assert await db.rows(tx, _UNBALANCED) == []
            assert await db.rows(tx, _HELD) == []
            assert await db.rows(tx, _LINE_HOLDS) == []
            assert await db.rows(tx, _CHARGED) == []
            assert await db.rows(tx, _SOLD_TWICE) == []
            assert await db.rows(tx, _COUNTERS) == []
            assert await db.rows(tx, _TOLD, (self.home,)) == []

    async def rows(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        async with self.env.db.transaction(self.mall, "vault") as tx:
            return await db.rows(tx, query, params)


_UNBALANCED = (
    "select currency, sum(balance_e4) from ledger.account group by currency having sum(balance_e4) <> 0"
)
_HELD = """
select a.id, a.held_e4, coalesce(h.held, 0) from ledger.account a
left join (select account_id, sum(amount_e4 - captured_e4 - released_e4) as held from ledger.hold group by account_id) h
  on h.account_id = a.id
where a.held_e4 <> coalesce(h.held, 0)"""
_LINE_HOLDS = """
select l.order_id, l.line_no, l.state from orders.line l join ledger.hold h on h.home_id = l.home_id and h.id = l.hold_id
where (l.state in ('review', 'scheduled', 'waiting', 'working') and (h.captured_e4 <> 0 or h.released_e4 <> 0))
   or (l.state not in ('review', 'scheduled', 'waiting', 'working') and h.captured_e4 + h.released_e4 <> h.amount_e4)"""
# What the buyer paid for an order, net, is what its ended lines cost him.
_CHARGED = """
select o.id, t.net, l.charged from orders.orders o
left join (select x.order_id, sum(case when w.kind = 'wallet' then x.amount_e4 else -x.amount_e4 end) as net
  from ledger.transfer x join ledger.account w on w.home_id = x.home_id and w.id = x.dr_id
  where x.order_id is not null group by 1) t on t.order_id = o.id
join (select y.order_id, coalesce(sum(y.amount_e4 - y.returned_e4)
    filter (where y.state not in ('review', 'scheduled', 'waiting', 'working')), 0) as charged
  from orders.line y group by 1) l on l.order_id = o.id
where coalesce(t.net, 0) <> l.charged"""
_SOLD_TWICE = """
select a.batch_id, a.first_seq from orders.take a join orders.take b
  on a.home_id = b.home_id and a.batch_id = b.batch_id and not a.shared and a.first_seq <= b.last_seq
 and b.first_seq <= a.last_seq and (a.order_id, a.line_no, a.n) < (b.order_id, b.line_no, b.n)"""
_COUNTERS = """
select l.id, l.next_seq - l.start_seq, t.taken from stock.lot l
join lateral (select coalesce(sum(k.last_seq - k.first_seq + 1), 0) as taken from orders.take k
  where k.home_id = l.home_id and k.lot_id = l.id) t on true
where not l.unlimited and l.next_seq - l.start_seq <> t.taken"""
# Events of an order are numbered without a gap, and the order knows the last number.
_TOLD = """
select o.id, o.events, e.last, e.told from orders.orders o
left join (select (x ->> 'subject')::bigint as id, max((x ->> 'n')::int) as last, count(*) as told
  from base.outbox b cross join lateral jsonb_array_elements(convert_from(b.events, 'utf8')::jsonb) x
  group by 1) e on e.id = o.id
where o.home_id = %s and (o.events is distinct from e.last or o.events is distinct from e.told)"""


def lines_of(order: OrderOut) -> list[tuple[str, int]]:
    return [(line.status, line.delivered) for line in order.lines]


def secrets_of(order: OrderOut) -> list[str]:
    return [c.secret for line in order.lines for c in line.codes or ()]


@asynccontextmanager
async def world(house: House) -> AsyncIterator[World]:
    env = Env(house.env.db, house.ground.ids, house.env.keys, offsets={})
    house.env = env
    till = await make_till(house)
    async with env.db.transaction(house.mall) as tx:
        await catalog.seed_rules(tx, env, house.actor)
    brand = await catalog.add_brand(env, house.actor, name_zh=f"茶{env.ids.new()}", name_en="Tea")
    product = await catalog.add_product(
        env, house.actor, brand_id=brand.id, name_zh="茶卡", name_en="Tea card"
    )
    book = env.ids.new()
    async with env.db.transaction(house.mall) as tx:
        await db.run(
            tx,
            "insert into pricing.book (mall_id, id, kind, name, currency, created_at) values (%s, %s, 'list', 'list', 'CNY', %s)",
            (house.mall, book, ALWAYS),
        )
    desk = orders.Desk(env, stock.Vault(env.keys), f"test-{secrets.token_hex(4)}", "http://127.0.0.1")
    made = World(house, till, env, desk, product.id, book)

    def judge(facts: Facts) -> Verdict:
        del facts
        return made.verdict

    desk.judge = judge
    try:
        yield made
        await made.check()
    finally:
        await desk.drain()
