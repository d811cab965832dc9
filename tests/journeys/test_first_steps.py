"""What a new mall still lacks before it sells: each step is done by doing it, and by nothing else.

make test T=tests/journeys/test_first_steps.py
"""

from make.journey import Installation, Mall, cards
from make.trade import twin


async def done(mall: Mall) -> list[str]:
    told = await mall.owner.get("/first-steps")
    assert told["done"] == all(one["done"] for one in told["items"])
    return [one["step"] for one in told["items"] if one["done"]]


async def test_each_step_is_done_by_doing_it(installation: Installation) -> None:
    mall, other = await twin(installation), await twin(installation)
    before = await done(other)
    had = await done(mall)
    assert "order" not in had
    assert "source" not in had
    sku = await mall.sku()
    await mall.upload(sku, cards(3), cost="4")
    assert {"brand", "goods", "source"} <= set(await done(mall))
    await mall.price(sku, "10")
    assert "price" in await done(mall)
    buyer = await mall.buyer("1000")
    assert {"listed", "buyer", "key"} <= set(await done(mall))
    assert "order" not in await done(mall)
    await mall.order(buyer, sku, 1)
    assert (await mall.owner.get("/first-steps"))["done"] is True
    # Another mall's goods are none of this one's.
    assert await done(other) == before
