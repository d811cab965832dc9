"""MON03 low balance 余额提醒. A prepaid wallet falls under its threshold: buyer and mall are told once, and not again until it was
above the threshold; then the next fall is told anew.

    make test T=tests/journeys/test_mon03_low_balance.py
"""

import asyncio

from make.journey import Mall, cards, yuan
from make.trade import listen, turn, until


async def test_told_once_until_rearmed(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(20))
    await mall.price(sku, "10")
    buyer = await mall.buyer("100")
    await mall.owner.patch(f"/buyers/{buyer.organisation}", {"low_balance": "50"})
    own = mall.world.founded.organisation_id
    his, ours = await listen(mall, buyer.organisation), await listen(mall, own, "balance.low", place=1)
    try:

        async def told(times: int) -> None:
            await turn(mall, "ledger.low_balances")

            async def heard() -> bool:
                return len(his.heard("balance.low")) >= times and len(ours.events) >= times

            if times:
                await until(heard)
            await asyncio.sleep(0.4)
            assert [len(his.heard("balance.low")), len(ours.events)] == [times, times]

        await mall.order(buyer, sku, 5)  # fifty is not below fifty
        await told(0)
        await mall.order(buyer, sku)
        await told(1)
        await mall.order(buyer, sku)
        await told(1)
        for ear in (his, ours):
            [event] = ear.heard("balance.low")
            assert event.data == {
                "account_id": str(buyer.account),
                "buyer_id": str(buyer.organisation),
                "available": yuan("40.0000"),
                "threshold": yuan("50.0000"),
            }
        more = {"amount": yuan("30"), "reference": "more"}
        await mall.owner.post(f"/accounts/{buyer.account}/recharges", more)
        await told(1)  # sixty: armed again
        await mall.order(buyer, sku, 2)
        await told(2)
    finally:
        await his.receiver.close()
        await ours.receiver.close()
