"""Goods to import codes into, and the files to import."""

import secrets
from dataclasses import dataclass

import pytest

from commissary import stock
from commissary.base import db, sql
from commissary.base.home import home
from commissary.stock.types import Code, ImportOptions, ImportReport
from make.tenancy import House


@dataclass
class Shelf:
    """A mall's shelf with one SKU and what the tests do with it."""

    house: House
    sku: int
    brand: str

    @property
    def mall(self) -> int:
        return self.house.mall

    @property
    def home(self) -> int:
        return home(self.house.mall)

    async def bring(self, text: str | bytes, **more: object) -> ImportReport:
        said = {name: more.pop(name) for name in list(more) if name in ImportOptions.__struct_fields__}
        options = ImportOptions(**({"unit_cost_e4": 95_000} | said))  # type: ignore[arg-type]
        source = text if isinstance(text, bytes) else text.encode()
        return await stock.import_codes(
            self.house.env,
            self.house.actor,
            self.mall,
            self.sku,
            source,
            options,
            file_name="codes.csv",
            **more,  # type: ignore[arg-type]
        )

    async def stopped(self, text: str, *, chunk: int) -> None:
        """An import that dies after its second chunk."""

        class Died(Exception):
            pass

        def die(line: int, expected: int | None) -> None:
            if line >= 2 * chunk:
                raise Died

        with pytest.raises(Died):
            await self.bring(text, chunk=chunk, progress=die)

    async def lots(self) -> list[tuple[object, ...]]:
        return await self.rows(
            """select start_seq, next_seq, end_seq, state from stock.lot
               where home_id = %(home)s and sku_id = %(sku)s order by batch_id, start_seq"""
        )

    async def batch(self) -> int:
        """The SKU's only batch."""
        return await self.value("select id from stock.batch where home_id = %(home)s and sku_id = %(sku)s")  # type: ignore[return-value]

    async def available(self) -> int | None:
        async with self.house.env.db.transaction(self.mall) as tx:
            found = await stock.available(tx, self.home, self.house.clock.now)
        return found.get(self.sku)

    async def opened(self, batch: int, first: int = 1, last: int = 1_000_000) -> list[Code]:
        """Codes in clear, as a delivery reads them."""
        vault = stock.Vault(self.house.env.keys)
        async with self.house.env.db.transaction(self.mall, "vault") as tx:
            await vault.ready(tx, self.home, [batch])
            found = await db.rows(
                tx,
                """select seq, cipher from stock.code
                   where home_id = %s and batch_id = %s and seq between %s and %s order by seq""",
                (self.home, batch, first, last),
            )
        return [vault.open(self.home, batch, seq, bytes(cipher)) for seq, cipher in found]

    async def sell(self, count: int) -> list[tuple[int, int, int]]:
        """Sell `count` codes, as (batch, first, last), or none at all."""
        # Whoever waited for a lot that sold out meanwhile comes back short and asks again; placing has a lane for this.
        for _ in range(20):
            if taken := await self._sell(count):
                return taken
        return []

    async def _sell(self, count: int, most: int = 50) -> list[tuple[int, int, int]]:
        """What placing an order does to stock: lock the first lots, advance their counters."""
        async with self.house.env.db.transaction(self.mall, "vault") as tx:
            lots = await db.rows(
                tx,
                """select id, batch_id, next_seq, end_seq, unlimited
                   from stock.lock_lots(%s, array[%s]::bigint[], array[%s]::bigint[], %s, %s) order by expires_at, id""",
                (self.home, self.sku, count, self.house.clock.now, most),
            )
            taken, moved, missing = [], [], count
            for lot, batch, next_seq, end, unlimited in lots:
                if missing and unlimited:
                    taken.append((batch, next_seq, next_seq))
                    missing = 0
                elif missing:
                    some = min(missing, end - next_seq + 1)
                    taken.append((batch, next_seq, next_seq + some - 1))
                    moved.append((lot, next_seq, some))
                    missing -= some
            if missing:
                return []
            if moved:
                ids, seen, counts = (list(column) for column in zip(*moved, strict=True))
                (done,) = await db.rows(
                    tx,
                    "select stock.take_batch(%s, %s::bigint[], %s::integer[], %s::integer[])",
                    (self.home, ids, seen, counts),
                )
                assert done == (len(moved),), "a locked lot moved"
        return taken

    async def everything(self) -> dict[str, object]:
        """All rows of the mall's stock, for comparing."""
        return {
            table: await self.rows(f"select md5(string_agg(t::text, ',' order by t::text)) from {table} t")
            for table in (
                "stock.batch",
                "stock.lot",
                "stock.code",
                "stock.fingerprint",
                "stock.import",
                "stock.import_fault",
                "provenance.event",
                "base.outbox",
            )
        }

    async def rows(self, query: str, **params: object) -> list[tuple[object, ...]]:
        async with self.house.env.db.transaction(self.mall, "vault") as tx:
            return await db.rows(tx, query, {"home": self.home, "sku": self.sku, **params})

    async def value(self, query: str, **params: object) -> object:
        (row,) = await self.rows(query, **params)
        return row[0]


async def shelf(
    house: House,
    *,
    kind: str = "code",
    case_sensitive: bool = False,
    brand: str | None = None,
    low_stock: int | None = None,
) -> Shelf:
    """A brand, a product and a listed SKU, as the catalogue would store them."""
    ids = house.env.ids
    brand = brand or f"brand {secrets.token_hex(4)}"
    brand_id, product, sku = ids.new(), ids.new(), ids.new()
    at = house.clock.now
    async with house.env.db.transaction(house.mall) as tx:
        await tx.execute(
            "insert into catalog.brand (mall_id, id, name_zh, name_en, fingerprint_scope, created_at) values (%s, %s, %s, %s, %s, %s)",
            (house.mall, brand_id, f"{brand} {sku}", brand, brand, at),
        )
        await tx.execute(
            "insert into catalog.product (mall_id, id, brand_id, name_zh, name_en, created_at) values (%s, %s, %s, %s, %s, %s)",
            (house.mall, product, brand_id, "商品", "goods", at),
        )
        await tx.execute(
            """insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, case_sensitive, low_stock,
                 created_at, updated_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (house.mall, sku, product, str(sku), "卡", "card", kind, case_sensitive, low_stock, at, at),
        )
    return Shelf(house, sku, brand)


async def violations(shelf: Shelf) -> list[tuple[str, object]]:
    """What `checks.sql` finds wrong in the whole database."""
    checks = sql.load("commissary.stock", "checks.sql")
    async with shelf.house.env.db.transaction(None, "report") as tx:
        return [(name, row) for name in checks.names() for row in await db.rows(tx, getattr(checks, name))]
