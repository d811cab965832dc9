"""MON02 credit sales 授信赊销. With a limit of 10,000, of 100 orders of 200 sent at once exactly 50 are accepted. The statement of
the period equals the ledger by a sum of its own, is told to the buyer and reads the same as CSV. When its due date and the
days of grace have passed, by the clock of a test mall, the account is locked by itself and the next order is refused; a
payment unlocks it at once. Dunning by mail and phone needs the message channels.

    make test T=tests/journeys/test_mon02_credit.py
"""

import asyncio
import csv
import io
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from make.journey import Installation, Mall, cards, yuan
from make.trade import listen, travel, turn, twin, until


async def test_a_limit_holds_under_a_hundred_at_once(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(100), cost="100")
    await mall.price(sku, "200")
    buyer = await mall.buyer("0", credit={"limit": yuan("10000"), "terms_days": 10, "grace_days": 3})
    answers = await asyncio.gather(*(mall.ask(buyer, (sku, 1)) for _ in range(100)))
    assert Counter(a.status for a in answers) == {200: 50, 409: 50}
    assert {a.json["code"] for a in answers if a.status == 409} == {"insufficient_balance"}
    now = await mall.balance(buyer)
    assert (now["balance"], now["available"]) == (yuan("-10000.0000"), yuan("0.0000"))
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["sold"] == 50


async def test_overdue_locks_and_payment_unlocks(installation: Installation) -> None:
    mall = await twin(installation)
    sku = await mall.sku()
    await mall.upload(sku, cards(60), cost="100")
    await mall.price(sku, "199.9875")
    buyer = await mall.buyer("0", credit={"limit": yuan("10000"), "terms_days": 10, "grace_days": 3})
    ear = await listen(mall, buyer.organisation, "statement.ready")
    try:
        began = datetime.fromisoformat((await mall.owner.get("/clock"))["now"]) - timedelta(seconds=1)
        for n in range(7):
            await mall.order(buyer, sku, 1 + n % 3)
        await pay(mall, buyer, "150.5")
        ended = datetime.fromisoformat((await mall.owner.get("/clock"))["now"]) + timedelta(seconds=1)
        await travel(mall, minutes=3)
        await mall.order(buyer, sku)  # after the period

        at = f"/accounts/{buyer.account}"
        period = {"from_at": began.isoformat(), "to_at": ended.isoformat()}
        made = await mall.owner.post(f"{at}/statements", period)
        [(debits, credits_, count)] = await mall.rows(
            """select sum(amount_e4) filter (where dr_id = %(a)s)::bigint, sum(amount_e4) filter (where cr_id = %(a)s)::bigint,
                 count(*) from ledger.transfer
               where (dr_id = %(a)s or cr_id = %(a)s) and at >= %(from)s and at < %(to)s""",
            {"a": buyer.account, "from": began, "to": ended},  # type: ignore[arg-type]
        )
        assert (e4(made["debits"]), e4(made["credits"]), made["transfers"]) == (debits, credits_, count)
        assert (debits, credits_) == (13 * 199_9875, 150_5000)
        assert e4(made["due"]) == debits - credits_ == -e4(made["closing"])
        assert datetime.fromisoformat(made["due_at"]) == ended + timedelta(days=10)
        own = (await mall.server.call(buyer, "GET", "/v1/statements")).json["items"]
        assert [s["id"] for s in own] == [made["id"]]
        await same_as_csv(mall, made)

        async def told() -> list[Any]:
            return ear.heard("statement.ready")

        assert (await until(told))[0].data == {"statement_id": made["id"]}

        # The last day of grace, and the one after.
        await travel(mall, days=13, minutes=-10)
        await turn(mall, "ledger.overdue")
        assert (await mall.balance(buyer))["state"] == "open"
        await mall.order(buyer, sku)
        await travel(mall, minutes=20)
        await turn(mall, "ledger.overdue")
        account = await mall.owner.get(at)
        assert (account["state"], account["lock_reasons"]) == ("locked", ["overdue"])
        no = await mall.ask(buyer, (sku, 1))
        assert (no.status, no.json["code"]) == (409, "account_locked")
        assert await mall.owner.refused("POST", f"{at}/unlock") == (409, "still_owing")

        # Less than what is due helps nothing; the rest does, at once.
        await pay(mall, buyer, "2000")
        assert (await mall.ask(buyer, (sku, 1))).json["code"] == "account_locked"
        await pay(mall, buyer, "449.3375")
        assert (await mall.owner.get(at))["state"] == "open"
        await mall.order(buyer, sku)
        [paid] = (await mall.owner.get(f"{at}/statements"))["items"]
        assert paid["paid_at"] is not None
    finally:
        await ear.receiver.close()


async def pay(mall: Mall, buyer: Any, amount: str) -> None:
    told = {"amount": yuan(amount), "reference": f"bank-{amount}"}
    await mall.owner.post(f"/accounts/{buyer.account}/recharges", told)


async def same_as_csv(mall: Mall, made: Any) -> None:
    body: bytes = await mall.owner.get(f"/statements/{made['id']}/export")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(rows) >= made["transfers"]
    text = body.decode("utf-8-sig")
    for name in ("opening", "debits", "credits", "closing"):
        assert made[name]["amount"].lstrip("-") in text, name


def e4(money: dict[str, str]) -> int:
    return round(float(money["amount"]) * 10_000)
