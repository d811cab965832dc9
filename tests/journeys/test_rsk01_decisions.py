"""RSK01 a decision on every order 实时风控决策. Every answer to an order carries the number of its decision, allowed or held; the
console shows which rules were hit, with what they saw, in both languages; a refused order is there too. What judging costs
is printed by `commissary bench risk`.

    make test T=tests/journeys/test_rsk01_decisions.py
"""

from make.journey import Mall, cards, yuan
from make.trade import until


async def test_decisions_are_answered_and_shown(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(30))
    await mall.price(sku, "9")
    buyer, banned = await mall.buyer("1000", name="Honest"), await mall.buyer("1000", name="Banned")
    device = {"end_user": {"device_id": "d-9"}}

    orders = [await mall.order(buyer, sku, **device) for _ in range(11)]
    decisions = [order["decision_id"] for order in orders]
    assert len(set(decisions)) == 11
    assert [order["status"] for order in orders] == ["delivered"] * 10 + ["review"]
    assert orders[-1]["reason"] == "risk_velocity"
    assert "codes" not in orders[-1]["lines"][0]
    again = await mall.server.call(buyer, "GET", f"/v1/orders/{orders[3]['id']}")
    assert again.json["decision_id"] == decisions[3]

    entry = {"list": "deny", "subject": "buyer", "value": str(banned.organisation), "reason": "chargebacks"}
    await mall.owner.post("/risk/lists", entry)

    async def refused() -> bool:
        return (await mall.ask(banned, (sku, 1))).status == 403

    await until(refused, 3)
    answer = await mall.ask(banned, (sku, 1), no="banned-1")
    assert (answer.status, answer.json["code"]) == (403, "risk_listed")

    support = await mall.sign_in("support")

    async def written() -> list[dict[str, str]]:
        found = (await support.get("/risk/decisions", size=10))["items"]
        return found if {d["verdict"] for d in found} >= {"review", "refuse"} else []

    shown = await until(written)
    [held] = [d for d in shown if d["verdict"] == "review"]
    assert (held["id"], held["order_id"]) == (decisions[-1], orders[-1]["id"])
    alone = await support.get(f"/risk/decisions/{held['id']}")
    [hit] = alone["hits"]
    assert hit["code"] == "risk_velocity"
    assert hit["saw"] == {"dimension": "device", "count": 11, "limit": 10, "window_s": 60}
    assert "设备" in hit["text_zh"]
    assert "11 orders within a minute" in hit["text_en"]
    [no] = [d for d in shown if d["client_order_no"] == "banned-1"]
    assert (no["order_id"], no["verdict"], no["hits"][0]["code"]) == (None, "refuse", "risk_listed")

    # A person reads why, decides, and the goods follow.
    clerk = await mall.sign_in("fulfilment")
    assert await clerk.get(f"/risk/decisions/{held['id']}") == alone
    [file] = (await clerk.get("/cases", number=orders[-1]["id"]))["items"]
    assert [[hit["text_en"] for hit in d["hits"]] for d in file["decisions"]] == [[hit["text_en"]]]
    await clerk.post(f"/orders/{orders[-1]['id']}/approve", {})
    done = (await mall.server.call(buyer, "GET", f"/v1/orders/{orders[-1]['id']}")).json
    assert (done["status"], len(done["lines"][0]["codes"])) == ("delivered", 1)
    assert (await mall.balance(buyer))["balance"] == yuan("901.0000")
