"""TRD10 snapshot in the order 下单快照. The product is edited and deleted and its price changed after the sale: the order
and its reprint (goods, terms and price as sold) read byte for byte as before.

    make test T=tests/journeys/test_trd10_snapshot.py
"""

from make.journey import Mall, cards, yuan


async def test_an_order_reads_the_same_whatever_becomes_of_its_goods(mall: Mall) -> None:
    sku = await mall.sku(validity_days=180, face_value=yuan("10"))
    other = await mall.sku("link")
    bundle = await mall.sku("bundle", components=[{"sku_id": other, "quantity": 2}])
    await mall.owner.patch(
        f"/products/{await mall.product()}",
        {
            "version": 1,
            "description_zh": "全国通用",
            "guide_zh": "打开小程序，输入卡密",
            "guide_en": "Open the app",
        },
    )
    await mall.upload(sku, cards(3))
    await mall.upload(other, [f"https://example.com/{c}" for c in cards(4)])
    await mall.price([sku, other], "9.5")
    await mall.price(bundle, "15")
    buyer = await mall.buyer("100")
    placed = await mall.ask(buyer, (sku, 2), (bundle, 1), no="kept")
    assert placed.status == 200, placed.body

    path = f"/v1/orders/{placed.json['id']}"

    async def read() -> list[bytes]:
        told = [(await mall.server.call(buyer, "GET", p)).body for p in (path, f"{path}/snapshot")]
        console = await mall.owner.call("GET", f"/orders/{placed.json['id']}/snapshot")
        return [*told, console.body]

    before = await read()
    printed = (await mall.server.call(buyer, "GET", f"{path}/snapshot")).json["lines"]
    first, part = printed
    assert (first["quantity"], first["unit_price"], first["amount"]) == (2, yuan("9.5000"), yuan("19.0000"))
    assert (part["sku_id"], part["bundle_id"], part["amount"]) == (other, bundle, yuan("15.0000"))
    assert (first["sku"]["guide_zh"], first["sku"]["validity_days"]) == ("打开小程序，输入卡密", 180)
    assert "price_source" not in first, "whose book it is is the mall's business"

    for each in (bundle, sku, other):
        now = await mall.owner.get(f"/skus/{each}")
        await mall.owner.patch(f"/skus/{each}", {"version": now["version"], "name_zh": "另一张卡"})
        await mall.price(each, "1000")
        await mall.owner.post(f"/skus/{each}/delist")
    product = await mall.owner.get("/products")
    edit = {"version": product["items"][0]["version"], "guide_zh": "本卡已停用", "name_zh": "停用"}
    await mall.owner.patch(f"/products/{product['items'][0]['id']}", edit)
    assert await read() == before
    for each in (bundle, sku, other):
        await mall.owner.delete(f"/skus/{each}")
        assert (await mall.owner.get(f"/skus/{each}"))["status"] == "deleted"
    assert await read() == before
    assert (await mall.server.call(buyer, "GET", "/v1/products")).json["items"] == []

    replayed = await mall.ask(buyer, (sku, 2), (bundle, 1), no="kept")
    assert replayed.json == placed.json
    stranger = await mall.buyer("0")
    unseen = await mall.server.call(stranger, "GET", f"{path}/snapshot")
    assert (unseen.status, unseen.json["code"]) == (404, "order_not_found")
