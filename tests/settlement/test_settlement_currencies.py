"""A supplier in dollars: paid in yuan, his statement matched in dollars, differences and claims; the books close to nothing."""

from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from psycopg.conninfo import make_conninfo

from commissary import insight, settlement, worker
from commissary.base.errors import Refused
from commissary.ledger import positions, rates
from commissary.ledger.types import RateDraft
from make.orders import World
from make.supply import Supplier, Trade
from make.tenancy import PASSWORDS

E4, E8 = 10_000, 10**8


class Abroad:
    """Ten dollars a piece; bought at 7.10."""

    def __init__(self, trade: Trade, sku: int, supplier: Supplier) -> None:
        self.trade, self.world, self.sku, self.supplier = trade, trade.world, sku, supplier

    async def rate(self, rate_e8: int) -> None:
        await rates.set_rates(self.world.env, self.world.actor, [RateDraft("USD", rate_e8)], "银行")
        await worker.Relay(self.world.env, worker.REACTIONS).drain()

    async def buy(self, pieces: int = 1) -> None:
        await self.world.place(await self.world.buyer(), self.sku, pieces)
        await self.trade.served()

    async def pay(self, dollars: float, yuan: float | None, reference: str) -> settlement.types.Payment:
        spent = None if yuan is None else round(yuan * E4)
        at = self.supplier.kept.id
        return await settlement.pay(
            self.world.env, self.world.actor, at, int(dollars * E4), reference, spent_e4=spent
        )

    async def stands(self) -> dict[str, float]:
        """Accounts of the mall's own and of the supplier that are not zero, without what customers pay."""
        found = await self.world.rows(
            """select kind || ' ' || regexp_replace(sub, '[0-9]{5,}', 'n') || ' ' || currency, balance_e4 from ledger.account
               where balance_e4 <> 0 and kind in ('prepaid', 'clearing', 'adjustment')"""
        )
        return {name: e4 / E4 for name, e4 in found}

    async def gained(self) -> float:
        [[found]] = await self.world.rows("select sum(result_e4) from ledger.exchange")
        return float(found) / E4

    async def proof(self) -> list[str]:
        """The checks that are broken."""
        dsn = make_conninfo(self.world.house.ground.dsns.report, password=PASSWORDS["commissary_report"])
        return [f.check for f in insight.broken(await insight.audit(dsn))]


@pytest_asyncio.fixture(loop_scope="session")
async def abroad(world: World) -> AsyncIterator[Abroad]:
    trade = Trade(world)
    sku = await world.sku(750_000)
    supplier = await trade.supplier("kinguin", price_e4=100_000, currency="USD")
    await trade.offer(supplier, sku)
    made = Abroad(trade, sku, supplier)
    await made.rate(71 * E8 // 10)
    yield made


async def test_paid_in_advance_and_used_up(abroad: Abroad) -> None:
    await abroad.pay(100, 705, "1")
    await abroad.buy(4)
    assert (
        await settlement.account_of(abroad.world.env, abroad.world.actor, abroad.supplier.kept.id)
    ).balance_e4 == (60 * E4)
    assert await abroad.gained() == 2  # forty dollars had cost 7.05 each and stand at 7.10
    back = await abroad.pay(-60, -438, "2")  # what is left comes back, at 7.30
    assert (back.spent_e4, await abroad.gained()) == (-438 * E4, 2 + 60 * 0.25)
    assert await abroad.stands() == {"clearing purchases CNY": 284, "adjustment fx CNY": -17}
    assert await abroad.proof() == []


async def test_a_payment_wants_a_rate_or_what_was_spent(abroad: Abroad) -> None:
    await abroad.buy()
    abroad.world.travel(hours=49)
    with pytest.raises(Refused, match=r"^rate_missing$"):
        await abroad.pay(10, None, "1")
    for dollars, yuan in ((10, -73.0), (-10, 73.0), (10, 0.0)):
        with pytest.raises(Refused, match=r"^invalid_request$"):
            await abroad.pay(dollars, yuan, "1")
    first = await abroad.pay(10, 73, "1")
    assert not first.repeated
    assert (await abroad.pay(10, 73, "1")).repeated
    assert (await abroad.pay(10, None, "1")).repeated
    for dollars, yuan in ((10, 74.0), (11, 73.0)):
        with pytest.raises(Refused, match=r"^payment_differs$"):
            await abroad.pay(dollars, yuan, "1")
    assert await abroad.stands() == {"clearing purchases CNY": 71, "adjustment fx CNY": 2}
    assert await abroad.proof() == []


async def test_his_statement_is_matched_in_dollars_and_what_differs_is_decided_at_the_rate(
    abroad: Abroad,
) -> None:
    await abroad.buy()
    await abroad.buy()
    world, at = abroad.world, abroad.supplier.kept.id
    found = await world.rows("select id from ledger.transfer where kind = 8 order by id")
    [[day]] = await world.rows(
        "select max((t.at at time zone m.zone)::date) from ledger.transfer t, tenancy.mall m where m.id = %s and t.kind = 8",
        world.mall,
    )
    file = "ref,amount\n" + f"{found[0][0]},10.50\n{found[1][0]},10.00\n77,3.00\n"
    await settlement.import_statement(world.env, world.actor, at, day, file.encode())
    done = await settlement.reconcile(world.env, world.actor, at, day)
    assert (done.counts, done.theirs_e4 - done.ours_e4) == ({"amount": 1, "matched": 1, "extra": 1}, 35_000)
    open_ = {
        d.kind: d
        for d in await settlement.list_differences(world.env, world.actor, connection_id=at, state="open")
    }
    await abroad.rate(72 * E8 // 10)
    await settlement.resolve(world.env, world.actor, open_["amount"].id, "accepted")
    await settlement.resolve(world.env, world.actor, open_["extra"].id, "claimed")
    # Half a dollar at 7.20 is ours; the claim stays in dollars until it is lost.
    assert await abroad.stands() == {
        "prepaid n USD": -23.5,
        "clearing fx:USD USD": 20.5,
        "clearing claims:n USD": 3.0,
        "clearing fx:USD CNY": -145.6,
        "clearing purchases CNY": 142.0,
        "adjustment  CNY": 3.6,
    }
    assert await abroad.proof() == []
    [claim] = await settlement.list_claims(world.env, world.actor, connection_id=at)
    await settlement.end_claim(world.env, world.actor, claim.id, "refused")
    await abroad.pay(23.5, 171.55, "1")
    stands = await abroad.stands()
    assert stands == {
        "clearing purchases CNY": 142.0,
        "adjustment  CNY": 3.6,
        "adjustment write-off CNY": 21.6,
        "adjustment fx CNY": 4.35,
    }
    assert round(sum(stands.values()), 4) == 171.55  # to the last fen what the bank paid
    [position], _ = await positions.positions(world.env, world.actor)
    assert (position.foreign_e4, position.book_e4) == (0, 0)
    assert await abroad.proof() == []


@pytest.mark.parametrize(
    ("flip", "named"),
    [
        ("update ledger.exchange set home_e4 = home_e4 - 1", "foreign_purchases_at_their_rate"),
        ("update ledger.exchange set foreign_e4 = foreign_e4 + 1", "i1_exchanges_are_posted"),
        ("update supply.attempt set rate_e8 = rate_e8 + 100000", "foreign_purchases_at_their_rate"),
        ("update supply.attempt set rate_e8 = null, rate_id = null", "foreign_purchases_at_their_rate"),
        ("delete from ledger.exchange", "i1_positions_are_their_exchanges"),
    ],
)
async def test_a_row_that_was_changed_by_hand_is_named(abroad: Abroad, flip: str, named: str) -> None:
    await abroad.buy()
    assert await abroad.proof() == []
    tables = ("ledger.exchange", "supply.attempt")
    async with await psycopg.AsyncConnection.connect(abroad.world.house.ground.admin_dsn) as tx:
        for n, table in enumerate(tables):
            await tx.execute(f"create table public.kept_{n} as select * from {table}".encode())
        await tx.execute(flip.encode() + b" where home_id = %s", (abroad.world.home,))
    try:
        assert named in await abroad.proof()
    finally:
        async with await psycopg.AsyncConnection.connect(abroad.world.house.ground.admin_dsn) as tx:
            for n, table in enumerate(tables):
                await tx.execute(f"delete from {table}".encode())
                await tx.execute(f"insert into {table} select * from public.kept_{n}".encode())
                await tx.execute(f"drop table public.kept_{n}".encode())
