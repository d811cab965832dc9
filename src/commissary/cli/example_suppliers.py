"""Suppliers to try: simulators of three protocols behind sockets of this machine, with money that is none. One of them lies."""

import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

from commissary import app, simulators, supply
from commissary.base import money
from commissary.cli import example_papers
from commissary.simulators import Article, Lie
from commissary.tenancy.types import Actor

SILENCE_S = 0.5
TAKES_S = 0.05
LIES = (Lie.silent_after, Lie.error_after, Lie.page_after, Lie.truncated_after, Lie.slow)
"""What goes wrong at the one that lies, with every fourth purchase: it sold, and did not say so."""


@dataclass(frozen=True)
class Stand:
    """A supplier. `port` 0: a free one."""

    protocol: str
    name: str
    articles: tuple[Article, ...]
    lies: bool = False
    port: int = 0


@dataclass
class Open:
    """A stand that answers at `url`; `shop` is the truth behind it."""

    stand: Stand
    liar: simulators.Liar
    shop: simulators.Shop
    url: str = ""
    sells: dict[int, int] = field(default_factory=dict)
    """The mall's SKU by article, once it is connected."""

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def lied(self) -> int:
        return sum(times for what, times in self.liar.told.items() if what in list(Lie) and what != Lie.none)


def _every_fourth() -> Iterator[Lie]:
    for lie in itertools.cycle(LIES):
        yield from (Lie.none, Lie.none, lie, Lie.none)


@contextlib.asynccontextmanager
async def standing(stands: Sequence[Stand], balance: str) -> AsyncIterator[list[Open]]:
    """All of them, each with `balance` of ours, while they answer."""
    async with contextlib.AsyncExitStack() as stack:
        opened = []
        for number, stand in enumerate(stands, 1):
            shop = simulators.Shop(
                balance_e4=money.parse(balance),
                mint=f"{stand.protocol[:3].upper()}{number}",
                articles={article.id: article for article in stand.articles},
            )
            supplier = simulators.TABLE[stand.protocol](shop)
            liar = simulators.Liar(supplier, _every_fourth() if stand.lies else ())
            liar.takes_s, liar.slow_s = TAKES_S, 1.0
            one = Open(stand, liar, shop)
            one.url = await stack.enter_async_context(
                simulators.serving(liar, port=stand.port, silence_s=SILENCE_S)
            )
            opened.append(one)
        yield opened


async def connect(
    platform: app.Platform,
    actor: Actor,
    one: Open,
    offers: dict[int, int],
    brands: dict[int, str],
    at_once: int,
) -> int:
    """The company with its papers, the connection, and what it offers (article → SKU); the connection's id. `brands` are
    those it may sell, by id, with their owners' names."""
    env = platform.env
    company = await example_papers.open_supplier(env, actor, one.stand.name)
    for brand, owner in brands.items():
        await example_papers.authorise(env, actor, company, brand, owner, one.stand.name)
    draft = supply.ConnectionDraft(
        name=one.stand.name,
        base_url=one.url,
        account=one.shop.account,
        secret=one.shop.key,
        at_once=at_once,
    )
    kept = await supply.add_connection(env, actor, draft, supplier_id=company, protocol=one.stand.protocol)
    for article, sku in offers.items():
        await supply.link_offer(
            env,
            platform.outward.purchasing,
            actor,
            connection_id=kept.id,
            good_id=str(article),
            sku_id=sku,
            field_map=dict(zip(("phone",), one.shop.articles[article].fields, strict=False)),
        )
    one.sells = dict(offers)
    return kept.id
