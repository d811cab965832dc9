"""The stamp of a mall's goods: whoever keeps something made of them reads again when, and only when, it is another."""

from commissary import catalog, tenancy
from commissary.catalog.types import SkuDraft
from make.tenancy import House


async def test_every_change_of_goods_is_seen_and_nothing_else_is(house: House) -> None:
    seen: list[tuple[int, int]] = []

    async def changed() -> bool:
        async with house.env.db.transaction(house.mall) as tx:
            seen.append(await catalog.stamp(tx, house.mall))
        return len(seen) < 2 or seen[-1] != seen[-2]

    env, actor = house.env, house.actor
    brand = await catalog.add_brand(env, actor, name_zh="茶", name_en="Tea")
    product = await catalog.add_product(env, actor, brand_id=brand.id, name_zh="茶卡", name_en="Tea card")
    await changed()
    draft = SkuDraft(product_id=product.id, code="A1", name_zh="卡", name_en="Card", kind="code")
    sku = await catalog.create_sku(env, actor, draft)
    assert await changed()
    sku = await catalog.edit_sku(env, actor, sku.id, sku.version, {"max_quantity": 5})
    assert await changed()
    other = await catalog.add_brand(env, actor, name_zh="酒", name_en="Wine")
    await catalog.edit_product(env, actor, product.id, product.version, {"brand_id": other.id})
    assert await changed()  # the papers that its suppliers need are others now
    async with env.db.transaction(house.mall) as tx:
        await tenancy.raise_epoch(tx, house.mall)
    assert not await changed()
    await catalog.delete_sku(env, actor, sku.id)
    assert await changed()
