"""SUP02 connecting suppliers 对接供应商: in the console alone. A wrong key is told at once, the right one shows our balance there; its
catalogue is browsed, an article linked; the key is shown by no call and stands in no log; the kill switch stops buying at once.

    make test T=tests/journeys/test_sup02_connect.py
"""

from make.journey import Mall
from make.sellers import CARD, TOPUP, seller
from make.trade import until


async def test_connected_in_the_console_alone(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("100")
    async with seller(mall, place=3) as made:
        path = f"/connections/{made.connection['id']}"
        assert (await mall.owner.post(f"{path}/try"))["balance"]["amount"] == "1000000.0000"
        goods = (await mall.owner.get(f"{path}/goods"))["items"]
        assert {(g["id"], g["kind"]) for g in goods} >= {(str(CARD), "code"), (str(TOPUP), "topup")}

        wrong = {k: made.connection[k] for k in ("version", "name", "base_url", "account")}
        await mall.owner.put(path, wrong | {"secret": "f" * 32})
        assert await mall.owner.refused("POST", f"{path}/try") == (409, "supplier_said_no")
        assert await mall.owner.refused("PUT", path, wrong) == (409, "connection_changed")
        now = await mall.owner.get(path)
        low = {"amount": "500.0000", "currency": "CNY"}
        right = wrong | {"version": now["version"], "secret": made.shop.key, "low_balance": low}
        shown = await mall.owner.put(path, right)
        assert shown["low_balance"] == low  # so that the next edit can leave it as it is
        assert made.shop.key not in str(shown) + str(await mall.owner.get("/audit", size=50))
        assert made.shop.key not in mall.installation.log.read_text()

        assert await mall.owner.refused(
            "POST", "/offers", {"connection_id": made.connection["id"], "good_id": str(TOPUP), "sku_id": sku}
        ) == (409, "kind_mismatch")
        inside = right | {"version": shown["version"], "base_url": "https://192.168.1.1/"}
        assert await mall.owner.refused("PUT", path, inside) == (422, "address_not_public")
        offer = await made.offer(sku)
        assert offer["unit_cost"] == {"amount": "8.0000", "currency": "CNY"}

        await mall.owner.post(f"{path}/switch", {"state": "off", "reason": "inspection"})

        async def refused() -> bool:
            answer = await mall.ask(buyer, (sku, 1))
            return answer.status == 409 and answer.json["code"] == "out_of_stock"

        await until(refused, 3)
        await mall.owner.post(f"{path}/switch", {"state": "on"})

        async def sold() -> bool:
            return (await mall.ask(buyer, (sku, 1))).status == 200

        await until(sold, 3)
        clerk = await mall.sign_in("fulfilment")
        assert await clerk.refused("POST", f"{path}/switch", {"state": "off"}) == (403, "forbidden")


async def test_protocols_say_what_may_be_relied_on(mall: Mall) -> None:
    found = {p["name"]: p for p in await mall.owner.get("/protocols")}
    assert len(found) >= 10
    assert found["kasushou"]["idempotent"] is True
    assert found["acg_faka"]["queries"] is False
    assert found["form"]["configured"] is True


async def test_the_example_of_a_form_connects_the_supplier_it_describes(mall: Mall) -> None:
    """What the console puts into the editor, as it is, and what is wrong in it named at its place."""
    [form] = [p for p in await mall.owner.get("/protocols") if p["name"] == "form"]
    assert {"kasushou", "kakayun"} <= set(form["rules"])
    sku = await mall.sku()
    async with seller(mall, "form", place=2, settings=form["example"]) as made:
        path = f"/connections/{made.connection['id']}"
        assert (await mall.owner.post(f"{path}/try"))["balance"]["amount"] == "1000000.0000"
        assert (await made.offer(sku))["unit_cost"]["amount"] == "8.0000"
        broken = form["example"] | {
            "sign": form["example"]["sign"] | {"put": {"in": "header", "name": "host"}}
        }
        asked = {k: made.connection[k] for k in ("supplier_id", "protocol", "base_url", "account")}
        asked |= {"name": "another", "secret": "x", "settings": broken}
        answer = await mall.owner.call("POST", "/connections", asked)
        assert answer.status == 422
        assert [field["path"] for field in answer.json["fields"]] == ["sign.put.name"]
