"""MON08 the daily proof 每日核对. A day's trade: codes from stock and from a supplier, wallets, a reversal. The proof is clean. One row
is flipped by SQL, of orders, money or codes: the proof that follows names that row, and is clean again when it is back.
(Suppliers' side: tests/settlement. The bank's comes later.)

    make test T=tests/journeys/test_mon08_proof.py
"""

import json
from typing import Any

import psycopg

from make.journey import Mall, begin, cards
from make.sellers import seller
from make.trade import until

# What is flipped, by which row; what names it.
FLIPS = {
    "orders.line": "update orders.line set amount_e4 = amount_e4 + %s where home_id = %s and order_id = %s",
    "ledger.transfer": "update ledger.transfer set amount_e4 = amount_e4 + %s where home_id = %s and order_id = %s",
    "ledger.account": "update ledger.account set balance_e4 = balance_e4 + %s where home_id = %s and id = %s",
    "stock.lot": "update stock.lot set next_seq = next_seq + %s where home_id = %s and id = %s",
    "supply.attempt": "update supply.attempt set cost_e4 = cost_e4 + %s where home_id = %s and id = %s",
}


async def test_a_row_that_was_flipped_is_named(mall: Mall) -> None:
    sku, bought = await mall.sku(), await mall.sku()
    await mall.upload(sku, cards(20))
    await mall.price([sku, bought], "9.5")
    buyer = await mall.buyer("1000")
    orders = [await mall.order(buyer, sku, 2) for _ in range(4)]
    reverse = {"line_no": 1, "reason": "dead_code"}
    await mall.owner.post(f"/orders/{orders[0]['id']}/reverse", reverse, Idempotency_Key="r")
    async with seller(mall, price_e4=80_000) as him:
        await him.offer(bought)
        order = await mall.order(buyer, bought)

        async def purchased() -> Any:
            tried = await mall.owner.get(f"/orders/{order['id']}/purchases")
            return tried[0] if tried and tried[0]["status"] == "succeeded" else None

        purchase = await until(purchased, 60)
    [[lot]] = await mall.rows(
        "select id from stock.lot where home_id = %s and sku_id = %s", (mall.world.home, int(sku))
    )
    subjects = {
        "orders.line": int(orders[1]["id"]),
        "ledger.transfer": int(orders[2]["id"]),
        "ledger.account": buyer.account,
        "stock.lot": lot,
        "supply.attempt": int(purchase["id"]),
    }
    assert await proof(mall) == []
    for table, flip in FLIPS.items():
        await flipped(mall, flip, 1, subjects[table])
        try:
            named = await proof(mall)
        finally:  # other stories audit the whole installation
            await flipped(mall, flip, -1, subjects[table])
        assert named, table
        assert any(str(subjects[table]) in json.dumps(row) for row in named), (table, named)
    assert await proof(mall) == []


async def proof(mall: Mall) -> list[Any]:
    """The rows that the command names, over every mall of the installation."""
    process = await begin(mall.installation, "check", "--json")
    out, _ = await process.communicate()
    told = json.loads(out)
    rows = [row for check in told["checks"] if check["status"] == "broken" for row in check["rows"]]
    assert (process.returncode, told["status"]) == ((1, "broken") if rows else (0, "clean"))
    return rows


async def flipped(mall: Mall, flip: str, by: int, subject: int) -> None:
    """As whoever owns the database may: the runtime's roles cannot."""
    async with await psycopg.AsyncConnection.connect(mall.world.ground.admin_dsn) as tx:
        await tx.execute("set session_replication_role = replica")
        done = await tx.execute(flip.encode(), (by, mall.world.home, subject))
        assert done.rowcount == 1
