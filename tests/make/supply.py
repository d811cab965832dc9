"""Suppliers for a mall: simulators mouth to mouth, no sockets; what they really did is in their shops."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from commissary import fulfilment, partners, simulators, supply, tenancy
from commissary.fulfilment import provide
from commissary.fulfilment.provide import Wanted
from commissary.simulators import Article, Asked, Liar, Lie, Said, Shop
from commissary.stock.types import Code
from commissary.supply import connections, declare, offers
from commissary.supply.types import (
    Attempt,
    Connection,
    KeptConnection,
    Offer,
    Request,
    Response,
    Silence,
)
from commissary.tenancy.types import Actor
from make import papers
from make.orders import World

CARD, TOPUP = 101, 102
HOST = "https://supplier-{}.example"


@dataclass
class Supplier:
    """One connection and who stands behind it. `answer` may be replaced by a test."""

    kept: KeptConnection
    shop: Shop
    liar: Liar
    answer: Callable[[Asked], Said | None] = field(init=False)
    asked: int = 0

    def __post_init__(self) -> None:
        self.answer = self.liar.answer

    @property
    def bought(self) -> list[str]:
        """References of what was really bought here."""
        return list(self.shop.orders)

    async def send(self, request: Request) -> Response:
        self.asked += 1
        url = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        said = self.answer(Asked(request.method, url.path, headers, request.body, url.query))
        if said is None:
            raise Silence
        return Response(said.status, said.body, dict(said.headers))


@dataclass
class Trade:
    """A world whose goods come from suppliers. `buying` is one process's; `again` is another one's, or a new start."""

    world: World
    suppliers: dict[int, Supplier] = field(default_factory=dict)
    clock_s: float = 1_000.0
    buying: fulfilment.Buying = field(init=False)

    def __post_init__(self) -> None:
        self.buying = self.again()

    def again(self) -> fulfilment.Buying:
        purchasing = supply.Purchasing(
            self.world.env,
            public_url="https://mall.example",
            transport=lambda kept: lambda request: self.suppliers[kept.id].send(request),
            monotonic=lambda: self.clock_s,
        )
        return fulfilment.Buying(self.world.env, purchasing, chance=lambda: 5_000)

    async def supplier(
        self,
        protocol: str = "kasushou",
        *,
        price_e4: int = 90_000,
        lies: Sequence[Lie] = (),
        looks: int = 1,
        stock: int = 100_000,
        quiet_s: int | None = None,
        at_once: int = 16,
        topup: bool = False,
        currency: str | None = None,
    ) -> Supplier:
        shop = Shop(looks=looks, balance_e4=10**12, mint=f"M{len(self.suppliers) + 1}")
        facts = supply.TABLE[protocol](Connection("https://x.example", shop.account, shop.key)).facts
        shop.articles[CARD] = Article(CARD, "百元茶卡", "code", price_e4, stock)
        field_name = facts.field or "1"
        shop.articles[TOPUP] = Article(TOPUP, "话费", "topup", price_e4, stock, fields={field_name: "账号"})
        n = len(self.suppliers) + 1
        name = f"Supplier {n}"
        company = await partners.add_supplier(self.world.env, self.world.actor, name=name)
        await self._papers(company.id, name)
        kept = await connections.add_connection(
            self.world.env,
            self.world.actor,
            connections.ConnectionDraft(
                name=f"{protocol} {n}",
                base_url=HOST.format(n),
                account=shop.account,
                secret=shop.key,
                quiet_s=quiet_s,
                at_once=at_once,
            ),
            supplier_id=company.id,
            protocol=protocol,
            currency=currency,
        )
        liar = Liar(simulators.TABLE[protocol](shop), lies=list(lies))
        self.suppliers[kept.id] = made = Supplier(kept, shop, liar)
        return made

    async def _papers(self, supplier_id: int, name: str) -> None:
        """The issuer himself, with everything that is asked of a company."""
        [[brand]] = await self.world.rows(
            "select brand_id from catalog.product where mall_id = %s and id = %s",
            self.world.mall,
            self.world.product_id,
        )
        desk = papers.Desk(self.world.house)
        await desk.company(supplier_id, name)
        await desk.letters(supplier_id, brand, name)

    async def offer(self, supplier: Supplier, sku_id: int, article: int = CARD, **more: int) -> Offer:
        field_map = None
        if article == TOPUP:
            field_map = {"phone": next(iter(supplier.shop.articles[TOPUP].fields))}
        return await offers.link_offer(
            self.world.env,
            self.buying.purchasing,
            self.world.actor,
            connection_id=supplier.kept.id,
            good_id=str(article),
            sku_id=sku_id,
            field_map=field_map,
            **more,
        )

    async def turn(self, buying: "fulfilment.Buying | None" = None) -> None:
        """One look, and everything that comes of it."""
        one = buying or self.buying
        await one.purchasing.reload(self.world.mall)
        await one.turn(self.world.mall)
        await one.drain()

    async def served(self) -> None:
        """Bought, asked about once or twice, and delivered, where nothing goes wrong."""
        await self.turn()
        for _ in range(3):
            await self.later(seconds=3)

    async def later(self, **by: float) -> None:
        """Time goes by, in steps in which everybody may look."""
        self.world.travel(**by)
        self.clock_s += 60
        await self.turn()
        await self.turn()

    async def attempts(self, order_id: int | str) -> list[tuple[str, str]]:
        """(state, reason) of each, first to last."""
        return [
            (a.state, a.reason)
            for a in await fulfilment.purchases_of(self.world.env, self.world.actor, int(order_id))
        ]


@dataclass
class People:
    """A supplier without a program, and one of his people. `buying` is the process that he talks to."""

    trade: Trade
    kept: KeptConnection
    buying: fulfilment.Buying
    actor: Actor

    async def offer(self, sku_id: int, stock: int, cost_e4: int = 90_000) -> Offer:
        return await offers.link_offer(
            self.trade.world.env,
            self.buying.purchasing,
            self.trade.world.actor,
            connection_id=self.kept.id,
            good_id=f"茶卡 {sku_id}",
            sku_id=sku_id,
            unit_cost_e4=cost_e4,
            stock=stock,
        )

    async def wanted(self) -> list[Wanted]:
        return await provide.list_wanted(self.trade.world.env, self.buying, self.actor, size=200)

    async def provide(self, wanted: Wanted, *codes: str, receipt: str = "") -> Attempt:
        given = codes or (() if receipt else made_up(wanted.attempt.quantity))
        return await provide.provide(
            self.trade.world.env,
            self.buying,
            self.actor,
            wanted.attempt.id,
            codes=[Code(secret, None) for secret in given],
            receipt=receipt,
        )

    async def refuse(self, wanted: Wanted) -> Attempt:
        return await provide.refuse(
            self.trade.world.env, self.buying, self.actor, wanted.attempt.id, "卖完了"
        )

    async def declared(self) -> dict[int, tuple[int, int, int]]:
        """Offer → (declared, asked, free)."""
        found = await declare.list_declared(self.trade.world.env, self.actor, size=200)
        return {d.offer_id: (d.declared, d.asked, d.free) for d in found}


async def people(trade: Trade, *, within_s: int = 1_800, currency: str | None = None) -> People:
    n = len(await trade.world.rows("select 1 from supply.connection")) + 1
    company = await partners.add_supplier(trade.world.env, trade.world.actor, name=f"People {n}")
    await trade._papers(company.id, f"People {n}")
    kept = await connections.add_connection(
        trade.world.env,
        trade.world.actor,
        connections.ConnectionDraft(name=f"people {n}", settings={"provide_within_s": within_s}),
        supplier_id=company.id,
        protocol="people",
        currency=currency,
    )
    may = tenancy.permissions_of("supplier")
    return People(trade, kept, trade.buying, Actor(trade.world.mall, "person", str(n), company.id, may))


def made_up(count: int) -> tuple[str, ...]:
    return tuple(f"P-{secrets.token_hex(8)}".upper() for _ in range(count))
