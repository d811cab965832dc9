"""For journeys with suppliers: simulators behind sockets, connected in the console as a person does it."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from commissary import simulators, supply
from commissary.cli import example_papers
from commissary.simulators import Article, Liar, Lie, Shop
from commissary.supply.types import Connection
from make.journey import Mall
from make.trade import SELLERS, until

CARD, TOPUP = 101, 102


@dataclass
class Seller:
    """A supplier that is connected. `shop` is the truth behind him."""

    mall: Mall
    liar: Liar
    shop: Shop
    url: str
    connection: dict[str, Any]

    @property
    def bought(self) -> int:
        return len(self.shop.orders)

    async def offer(self, sku: str, article: int = CARD, **more: Any) -> Any:
        asked = {"connection_id": self.connection["id"], "good_id": str(article), "sku_id": sku}
        return await self.mall.owner.post("/offers", asked | more)

    async def read(self) -> None:
        """His catalogue has been read and is not read again for minutes: what changes there now, the mall does not know."""

        async def done() -> bool:
            got = await self.mall.owner.call("POST", f"/connections/{self.connection['id']}/pull")
            return got.status < 300

        await until(done, 30)


def articles(protocol: str, price_e4: int, settings: Any = None) -> dict[int, Article]:
    spoken = Connection("https://x.example", "a", "0" * 32, settings=settings or {})
    facts = supply.TABLE[protocol](spoken).facts
    found = {CARD: Article(CARD, "百元茶卡", "code", price_e4, 10_000)}
    field = facts.field or "1"
    found[TOPUP] = Article(TOPUP, "话费 50", "topup", price_e4, 10_000, fields={field: "账号"})
    return {k: a for k, a in found.items() if a.kind in facts.kinds}


async def supplier(mall: Mall) -> str:
    """A company with every paper, and a letter for the mall's brand."""
    world = mall.world
    made = await example_papers.open_supplier(world.env, world.actor)
    [[brand]] = await mall.rows(
        "select brand_id from catalog.product where mall_id = %s and id = %s",
        (world.mall, int(await mall.product())),
    )
    await example_papers.authorise(world.env, world.actor, made, brand, "品牌方")
    return str(made)


@asynccontextmanager
async def seller(
    mall: Mall,
    protocol: str = "kasushou",
    *,
    place: int = 0,
    price_e4: int = 80_000,
    lies: Sequence[Lie] = (),
    looks: int = 1,
    **more: Any,
) -> AsyncIterator[Seller]:
    """`place`: which of the addresses that the server may call."""
    # Codes as no other story of this installation has them: one that was here before is not delivered.
    mint = secrets.token_hex(4).upper()
    shop = Shop(
        looks=looks, balance_e4=10**10, articles=articles(protocol, price_e4, more.get("settings")), mint=mint
    )
    liar = Liar(simulators.TABLE[protocol](shop), lies)
    async with simulators.serving(liar, port=SELLERS[place]) as url:
        asked = {"supplier_id": await supplier(mall), "protocol": protocol, "name": f"{protocol} {place}"}
        asked |= {"base_url": url, "account": shop.account, "secret": shop.key}
        connection = await mall.owner.post("/connections", asked | more)
        yield Seller(mall, liar, shop, url, connection)
