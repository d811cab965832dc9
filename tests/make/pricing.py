"""A mall with goods, stock at a cost, buyers and price books. Amounts in yuan."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from commissary import ledger, partners, pricing
from commissary.base import db, home
from commissary.pricing.types import Change, Ladder, Snapshot
from make.tenancy import House

YUAN = 10_000


def ladder(*rungs: tuple[int, float]) -> Ladder:
    """(1, 9.5), (10, 9) …"""
    return Ladder(tuple(n for n, _ in rungs), tuple(round(p * YUAN) for _, p in rungs))


@dataclass
class Counter:
    """The mall's clock is the wall's, because the snapshot is cut at the database's time."""

    house: House
    list_id: int
    brand_id: int
    product_id: int

    @property
    def mall(self) -> int:
        return self.house.mall

    @property
    def home(self) -> int:
        return home.home(self.mall)

    @property
    def now(self) -> datetime:
        return self.house.clock.now

    def admin(self) -> psycopg.Connection[tuple[object, ...]]:
        """Past row security: goods and stock are other domains', their rows are only scenery here."""
        return psycopg.connect(self.house.ground.admin_dsn, autocommit=True)

    def skus(self, count: int, *, kind: str = "code", status: str = "listed") -> list[int]:
        ids = self.house.env.ids.many(count)
        with self.admin() as connection:
            connection.execute(
                """insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, instrument_class,
                     issuer, redeem_scope, registered, tax_category, status, created_at, updated_at)
                   select %s, i, %s, 'c' || i, '卡', 'card', %s, 'specific_item_voucher', 'i', 'issuer', false, 'goods',
                     %s, now(), now() from unnest(%s::bigint[]) i""",
                (self.mall, self.product_id, kind, status, ids),
            )
        return ids

    def sku(self, *, cost: float | None = None, kind: str = "code", status: str = "listed") -> int:
        (made,) = self.skus(1, kind=kind, status=status)
        if cost is not None:
            self.stock(made, cost)
        return made

    def stock(self, sku: int, cost: float, *, state: str = "open", pieces: int = 100) -> int:
        """A lot at that unit cost."""
        lot = self.house.env.ids.new()
        with self.admin() as connection:
            connection.execute(
                """insert into stock.lot (home_id, id, sku_id, batch_id, start_seq, next_seq, end_seq, unit_cost_e4, state)
                   values (%s, %s, %s, 1, 1, 1, %s, %s, %s)""",
                (self.home, lot, sku, pieces, round(cost * YUAN), state),
            )
        return lot

    def recost(self, costs: Iterable[tuple[int, int]]) -> None:
        """(lot, unit cost in 1/10 000)."""
        with self.admin() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "update stock.lot set unit_cost_e4 = %s where home_id = %s and id = %s",
                [(cost, self.home, lot) for lot, cost in costs],
            )

    def bundle(self, *parts: tuple[int, int]) -> int:
        made = self.sku(kind="bundle")
        with self.admin() as connection:
            for position, (sku, pieces) in enumerate(parts):
                connection.execute(
                    "insert into catalog.component values (%s, %s, %s, %s, %s)",
                    (self.mall, made, sku, pieces, position),
                )
        return made

    async def buyer(self, tier_id: int | None = None) -> int:
        env, id_ = self.house.env, self.house.env.ids.new()
        async with env.db.transaction(self.mall) as tx:
            wallet = await ledger.open_account(tx, env, self.home, id_, "wallet", "CNY")
            made = await partners.add_buyer(
                tx, env, self.house.actor, name=f"Buyer {id_}", account_id=wallet, tier_id=tier_id, id=id_
            )
        return made.id

    async def tier(self) -> tuple[int, int]:
        """A tier and its book."""
        made = await partners.add_tier(
            self.house.env, self.house.actor, name=f"Tier {secrets.token_hex(4)}", rank=1
        )
        return made.id, await self.book("tier", tier_id=made.id)

    async def book(self, kind: str, *, tier_id: int | None = None, buyer_id: int | None = None) -> int:
        async with self.house.env.db.transaction(self.mall) as tx:
            made = await pricing.open_book(
                tx,
                self.house.env,
                self.house.actor,
                kind,  # type: ignore[arg-type]
                kind,
                tier_id=tier_id,
                buyer_id=buyer_id,
            )
        return made.id

    async def price(
        self,
        book: int,
        ladders: dict[int, Ladder],
        at: datetime | None = None,
        reason: str = "",
        *,
        override: bool = False,
    ) -> Change:
        return await pricing.set_prices(
            self.house.env, self.house.actor, book, ladders, at, reason, override_floor=override
        )

    async def snapshot(self) -> Snapshot:
        async with self.house.env.db.transaction(self.mall) as tx:
            return await pricing.load_snapshot(tx, self.mall, "CNY", 1)

    async def seen(self, buyer: int) -> dict[int, Ladder]:
        async with self.house.env.db.transaction(self.mall) as tx:
            return await pricing.prices_for(tx, self.house.env, self.mall, buyer)


async def counter(house: House) -> Counter:
    house.clock.now = datetime.now(UTC).replace(microsecond=0)
    brand, product = house.env.ids.many(2)
    with psycopg.connect(house.ground.admin_dsn, autocommit=True) as connection:
        connection.execute(
            "insert into catalog.brand (mall_id, id, name_zh, name_en, fingerprint_scope, created_at)"
            " values (%s, %s, '牌', 'brand', 'x', now())",
            (house.mall, brand),
        )
        connection.execute(
            "insert into catalog.product (mall_id, id, brand_id, name_zh, name_en, created_at)"
            " values (%s, %s, %s, '品', 'product', now())",
            (house.mall, product, brand),
        )
    made = Counter(house, 0, brand, product)
    made.list_id = await made.book("list")
    return made


async def epoch(house: House) -> int:
    async with house.env.db.transaction(house.mall) as tx:
        found = await db.row(tx, "select value from tenancy.epoch where mall_id = %s", (house.mall,))
    assert found
    return int(found[0])
