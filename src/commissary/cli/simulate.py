"""`commissary simulate`: a supplier to try a connection on, without a supplier."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

import click

from commissary import simulators, supply
from commissary.base import money
from commissary.cli import reach
from commissary.simulators import Call, Lie
from commissary.supply.types import Connection

FIELDS = {"dt_one": "mobile_number", "form": "account"}
"""Where the field of a top-up has a name of its own in each article, and not any."""


def _shares(_ctx: object, _param: object, given: tuple[str, ...]) -> list[tuple[Lie | Call, float]]:
    found: list[tuple[Lie | Call, float]] = []
    for text in given:
        name, _, share = text.partition("=")
        try:
            found.append((Lie(name) if name in list(Lie) else Call(name), float(share)))
        except ValueError:
            raise click.BadParameter(
                f"{text!r} is not <lie or callback>=<share>, as silent_after=0.15"
            ) from None
    return found


def _spans(_ctx: object, _param: object, given: tuple[str, ...]) -> list[tuple[float, float]]:
    try:
        return [(float(text.partition("-")[0]), float(text.partition("-")[2])) for text in given]
    except ValueError:
        raise click.BadParameter("<from>-<until> in seconds, as 60-360") from None


def _seconds(name: str, default: float, text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        name, type=click.FloatRange(0, 86_400), default=default, show_default=True, metavar="S", help=text
    )


@click.command()
@click.argument("protocol", type=click.Choice(sorted(simulators.TABLE)))
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="0: a free one, which is printed.")
@click.option(
    "--lie",
    "lies",
    multiple=True,
    type=click.Choice(Lie),
    metavar="LIE",
    help="What befalls the next purchase; give it again for the one after. Then the truth.",
)
@click.option(
    "--callbacks",
    "calls",
    multiple=True,
    type=click.Choice(Call),
    metavar="CALL",
    help="The same for the callback of the next purchase.",
)
@click.option(
    "--share",
    "shares",
    multiple=True,
    callback=_shares,
    metavar="NAME=SHARE",
    help="By chance in place of in turn: silent_after=0.15 for 15 in 100. Lies and callbacks are drawn apart.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the chance: the same again.")
@click.option(
    "--down",
    "outages",
    multiple=True,
    callback=_spans,
    metavar="FROM-UNTIL",
    help="Nothing is answered from the one second to the other.",
)
@click.option(
    "--looks",
    type=click.IntRange(0, 1000),
    default=2,
    show_default=True,
    help="An order is done when asked about so often; 0: at once.",
)
@_seconds("--takes", 30, "Or when so many seconds are over.")
@_seconds("--slow", 5, "How late a slow answer is.")
@_seconds("--silence", simulators.SILENCE_S, "How long it says nothing before it hangs up.")
@_seconds("--later", 60, "After what a done order is taken back.")
@_seconds("--late", 3600, "How late a late callback is.")
@click.option(
    "--callback-url",
    default="",
    help="Where orders that name no address are called back about, as at kinguin.",
)
@click.option(
    "--stock", type=click.IntRange(0, 1_000_000), default=1000, show_default=True, help="Of each article."
)
@click.option(
    "--balance",
    type=click.IntRange(0, 100_000_000),
    default=10_000,
    show_default=True,
    help="Your money there.",
)
@click.option(
    "--mint",
    default="",
    help="What its codes begin with: two suppliers of one mall must not give out the same.",
)
def simulate(
    protocol: str,
    port: int,
    lies: tuple[Lie, ...],
    calls: tuple[Call, ...],
    shares: list[tuple[Lie | Call, float]],
    seed: int,
    outages: list[tuple[float, float]],
    looks: int,
    takes: float,
    slow: float,
    silence: float,
    later: float,
    late: float,
    callback_url: str,
    stock: int,
    balance: int,
    mint: str,
) -> None:
    """Be a supplier: 127.0.0.1 alone, one buyer, two articles, money that is none. At its end it opens its books.

    \b
    commissary simulate kasushou --port 9101
    commissary simulate kasushou --lie silent_after --lie price_jump --callbacks duplicated
    commissary simulate kakayun --share silent_after=0.15 --share forged=0.01 --seed 7 --down 60-360

    \b
    Lies, by what was bought:
      nothing    silent_before  no answer
                 page_before    a proxy's page
      all of it  silent_after   no answer
                 error_after, page_after, truncated_after   HTTP 500, a proxy's page, half of the answer
                 slow           the answer, late
                 price_jump     dearer at that moment than the catalogue says; not bought if the order has a limit
                 wrong_amount   it says that it cost twice as much
                 wrong_count    one code more or fewer
                 reversed_after done, and later taken back with all the money
      a part     partial        half of the codes, half of the money back

    \b
    Callbacks, in protocols that have them, to loopback addresses and no other:
      honest, lost   one when the order has ended; none
      late           after --late
      first          before the answer to the purchase
      duplicated     two to five times
      out_of_order   an older one behind it
      forged         one before it, that somebody else signed
      wrong          signed, with another amount, article or account
    """
    if shares and (lies or calls):
        raise click.UsageError("--share draws by chance, --lie and --callbacks go in turn: one of the two.")
    if callback_url and not simulators.is_loopback(callback_url):
        raise click.BadParameter(
            "no loopback address, as http://127.0.0.1:8000/ is", param_hint="'--callback-url'"
        )
    shop = simulators.Shop(looks=looks, callback_url=callback_url, balance_e4=balance * 10_000)
    shop.mint = mint or shop.mint
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
    supplier = simulators.TABLE[protocol](shop)
    liar = simulators.Liar(supplier, lies, calls, seed=seed)
    if shares:
        of_lies = {lie: share for lie, share in shares if isinstance(lie, Lie)}
        of_calls = {call: share for call, share in shares if isinstance(call, Call)}
        try:
            liar = simulators.Liar.weighted(supplier, of_lies, seed, of_calls)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="'--share'") from None
    liar.takes_s, liar.slow_s, liar.later_s, liar.late_s, liar.outages = takes, slow, later, late, outages

    async def run() -> None:
        async with simulators.serving(liar, port=port, silence_s=silence) as url:
            reach.told.print(f"{protocol} at {url}")
            reach.told.print(f"account {shop.account}  key {shop.key}")
            for article in shop.articles.values():
                reach.told.print(
                    f"  {article.id}  {article.name}  {money.text(article.price_e4)}  stock {article.stock}"
                )
            place = url.removeprefix("http://")
            reach.console.print(
                f"a mall buys here when it was started with COMMISSARY_OUTGOING_ALLOW={place} 商城须以该设置启动方可访问",
                style="dim",
            )
            reach.console.print("Ctrl-C ends it 按 Ctrl-C 结束", style="dim")
            await asyncio.Event().wait()

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())
    books = shop.books()
    reach.told.print(
        f"{liar.purchases} purchases asked for, {sum(books.sold.values())} orders sold, "
        f"{len(books.doubles)} numbers twice, {sum(map(len, books.codes.values()))} codes; "
        f"{money.text(books.taken_e4)} taken, {money.text(books.returned_e4)} given back"
    )
    for name, times in sorted(liar.told.items()):
        reach.told.print(f"  {times:>7}  {name}")
