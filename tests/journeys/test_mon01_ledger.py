"""MON01 double entry that cannot be rewritten 复式记账. While a mall trades (sales, holds, parts, reversals, recharges, withdrawals)
all balances of a currency sum to zero at whatever moment one looks; balances rebuilt from the transfers alone equal those
that are kept; and the runtime's own database roles may neither change nor remove a posting.

    make test T=tests/journeys/test_mon01_ledger.py
"""

import asyncio

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from make.journey import Mall, cards, yuan
from make.tenancy import PASSWORDS
from make.trade import PHONE, topped_up

POSTINGS = ("ledger.transfer", "ledger.reversal", "ledger.reference")


async def test_books_balance_at_any_time(mall: Mall) -> None:
    code = await mall.sku()
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(code, cards(400))
    await mall.price(code, "9.8765")
    await mall.price(topup, "3.3333")
    buyers = [await mall.buyer("500") for _ in range(4)]
    clerk = await mall.sign_in("fulfilment")
    sums: list[tuple[str, int]] = []
    stop = asyncio.Event()

    async def watch() -> None:
        while not stop.is_set():
            found = await mall.rows(
                "select currency, sum(balance_e4)::bigint from ledger.account where home_id = %s group by 1",
                (mall.world.home,),
            )
            sums.extend((c, s) for c, s in found)
            await asyncio.sleep(0.002)

    async def trade(number: int) -> None:
        buyer = buyers[number]
        for n in range(15):
            assert (await mall.ask(buyer, (code, 2), no=f"c{n}")).status == 200
        lines = [{"sku_id": topup, "quantity": 5, "fields": {"account": f"1380013800{number}"}}]
        told = {"client_order_no": "t", "lines": lines}
        order = (await mall.server.call(buyer, "POST", "/v1/orders", told)).json
        await topped_up(mall, clerk, order, 3, f"t{number}")
        reverse = {"line_no": 1, "reason": "not_arrived"}
        await mall.owner.post(f"/orders/{order['id']}/reverse", reverse, Idempotency_Key=f"r{number}")
        reference = f"in-{buyer.account}"
        more = {"amount": yuan("100"), "reference": reference}
        await mall.owner.post(f"/accounts/{buyer.account}/recharges", more)
        less = {"amount": yuan("25"), "recharge_reference": reference, "reference": f"out-{buyer.account}"}
        await mall.owner.post(f"/accounts/{buyer.account}/withdrawals", less)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(trade(n) for n in range(len(buyers))))
    stop.set()
    await watching
    assert len(sums) > 10
    assert set(sums) == {("CNY", 0)}

    for account in await mall.owner.every("/accounts"):
        moved = await mall.owner.every(f"/accounts/{account['id']}/transfers")
        assert sum(e4(t["amount"]) for t in moved) == e4(account["balance"]), account
    checked = (await mall.commissary("check", "--json")).json
    clean = {c["check"]: c["status"] for c in checked["checks"] if c["invariant"] in ("I1", "I2", "I7")}
    assert clean
    assert set(clean.values()) == {"clean"}


@pytest.mark.parametrize("role", ["commissary_app", "commissary_vault", "commissary_report"])
async def test_no_runtime_role_may_rewrite_a_posting(mall: Mall, role: str) -> None:
    await mall.buyer("10")
    dsn = make_conninfo(mall.world.admin_dsn, user=role, password=PASSWORDS[role], passfile="")
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as tx:
        await tx.execute(f"set app.mall = '{mall.world.mall}'")
        seen = await (await tx.execute("select count(*) from ledger.transfer")).fetchone()
        assert seen is not None
        assert seen[0] >= 1
        for table in POSTINGS:
            for act in (f"update {table} set amount_e4 = 1", f"delete from {table}", f"truncate {table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    await tx.execute(act)


def e4(money: dict[str, str]) -> int:
    return round(float(money["amount"]) * 10_000)
