"""`commissary simulate`: a supplier to try a connection on, without a supplier."""

import asyncio
import contextlib

import click

from commissary import simulators, supply
from commissary.base import money
from commissary.cli import reach
from commissary.supply.types import Connection

FIELDS = {"dt_one": "mobile_number", "form": "account"}
"""Where the field of a top-up has a name of its own in each article, and not any."""


@click.command()
@click.argument("protocol", type=click.Choice(sorted(simulators.TABLE)))
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="0: a free one, which is printed.")
@click.option(
    "--lie",
    "lies",
    multiple=True,
    type=click.Choice([lie.value for lie in simulators.Lie]),
    help="What befalls the next purchase; give it again for the one after. Then the truth.",
)
@click.option(
    "--looks",
    type=click.IntRange(1, 1000),
    default=2,
    show_default=True,
    help="An order is done when asked about so often.",
)
@click.option(
    "--stock", type=click.IntRange(0, 1_000_000), default=1000, show_default=True, help="Of each article."
)
def simulate(protocol: str, port: int, lies: tuple[str, ...], looks: int, stock: int) -> None:
    """Be a supplier: 127.0.0.1 alone, one buyer, two articles, money that is none.

    \b
    commissary simulate kasushou --port 9101
    commissary simulate kasushou --lie silent_after --lie price_jump

    Lies: silent_after buys and says nothing for 31 s; error_after answers 500, page_after a proxy's HTML and truncated_after
    half of the answer, all after buying; silent_before and page_before buy nothing; price_jump is dearer when it buys.
    """
    shop = simulators.Shop(looks=looks)
    field, kinds = FIELDS.get(protocol, "recharge_account"), {"code", "topup"}
    if protocol != "form":  # what that sells is said by its buyer's settings
        facts = supply.TABLE[protocol](Connection("", shop.account, shop.key)).facts
        field, kinds = facts.field or field, set(facts.kinds)
    for article in (
        simulators.Article(101, "视频会员 1 个月", "code", 95_000, stock),
        simulators.Article(102, "话费 50", "topup", 498_000, stock, fields={field: "充值账号"}),
    ):
        if article.kind in kinds:
            shop.articles[article.id] = article
    liar = simulators.Liar(simulators.TABLE[protocol](shop), lies=[simulators.Lie(lie) for lie in lies])

    async def run() -> None:
        async with simulators.serving(liar, port=port) as url:
            reach.told.print(f"{protocol} at {url}")
            reach.told.print(f"account {shop.account}  key {shop.key}")
            for article in shop.articles.values():
                reach.told.print(
                    f"  {article.id}  {article.name}  {money.text(article.price_e4)}  stock {article.stock}"
                )
            reach.console.print("Ctrl-C ends it 按 Ctrl-C 结束", style="dim")
            await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())
