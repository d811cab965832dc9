"""Goods to import codes into, and the files to import."""

import secrets
from dataclasses import dataclass

from commissary import stock
from commissary.base import db
from commissary.base.home import home
from commissary.stock.types import ImportOptions, ImportReport
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
        options = ImportOptions(
            unit_cost_e4=95_000,
            **{k: more.pop(k) for k in list(more) if k in ImportOptions.__struct_fields__},  # type: ignore[arg-type]
        )
        source = text if isinstance(text, bytes) else text.encode()
        return await stock.import_codes(
            self.house.env, self.house.actor, self.mall, self.sku, source, options, file_name="codes.csv", **more  # type: ignore[arg-type]
        )

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
            "insert into catalog.brand values (%s, %s, %s, %s, %s, %s)",
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
