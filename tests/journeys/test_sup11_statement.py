"""SUP11 suppliers' statements 供应商对账: three orders are bought from a supplier; his statement of the day bills one as it was, one
too dear, forgets the third and bills something that was never bought. The walk through it that docs/reconciliation.md tells.

    make test T=tests/journeys/test_sup11_statement.py
"""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from make.journey import Installation
from make.sellers import seller
from make.trade import travel, twin, until


async def test_a_days_statement_is_matched_decided_and_closed(
    installation: Installation, tmp_path: Path
) -> None:
    mall = await twin(installation)
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("100")
    async with seller(mall, price_e4=80_000) as him:
        connection = him.connection["id"]
        await him.offer(sku)
        orders = [await mall.order(buyer, sku) for _ in range(3)]
        bought = [await until(lambda o=o: _bought(mall, o), 60) for o in orders]  # type: ignore[misc]
    [[zone]] = await mall.rows("select zone from tenancy.mall where id = %s", (mall.world.mall,))
    day = mall.world.env.now(mall.world.mall).astimezone(ZoneInfo(zone)).date().isoformat()
    await travel(mall, days=1)  # a day is reconciled when it is over

    file = tmp_path / "statement.csv"
    right, dear, _ = bought
    file.write_text(
        f"我方单号,订单号,金额,状态\n{right},{1},8.0000,成功\n{dear},{2},8.5000,成功\n,9999,3.0000,成功\n",
        "utf-8",
    )
    asked = ("--mall", mall.world.slug, "--connection", connection, "--day", day)
    told = (await mall.commissary("reconcile", str(file), *asked, "--json")).json
    assert told["counts"] == {"matched": 1, "amount": 1, "missing": 1, "extra": 1}
    assert told["difference_e4"] == 85_000 + 30_000 + 80_000 - 3 * 80_000
    again = (await mall.commissary("reconcile", str(file), *asked, "--json")).json
    assert again["counts"] == told["counts"]

    at = f"/connections/{connection}"
    listed = await mall.owner.get("/differences", connection_id=connection, status="open")
    found = {d["kind"]: d for d in listed["items"]}
    for kind, decision in (("amount", "claimed"), ("missing", "late"), ("extra", "written_off")):
        ask = {"resolution": decision, "note": kind}
        await mall.owner.post(f"/differences/{found[kind]['id']}/resolve", ask)
    [claim] = (await mall.owner.get(f"{at}/claims", status="waiting"))["items"]
    await mall.owner.post(f"/claims/{claim['id']}/end", {"outcome": "granted"})
    closed = (await mall.commissary("reconcile", str(file), *asked, "--close", "--json")).json
    assert (closed["state"], closed["open"]) == ("closed", 0)
    await mall.commissary("check")
    await mall.world.close()


async def _bought(mall: Any, order: Any) -> str | None:
    """Our number of the purchase, when it is done."""
    tried = await mall.owner.get(f"/orders/{order['id']}/purchases")
    return tried[0]["id"] if tried and tried[0]["status"] == "succeeded" else None
