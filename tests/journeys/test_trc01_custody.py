"""TRC01 the custody chain of one code 卡密流转链. Four hundred codes (10,000 with COMMISSARY_CODES=10000) come in a file, most are sold, some orders are reversed, the
batch is frozen and let go again. By the fingerprint of any of them, or its place in the batch, the console shows source,
batch, order, holder and how it stands now, with nothing missing, each step with its place in the public log. So does a code that
was bought at a supplier for one line: supplier, purchase, order, who looked at it.

    make test T=tests/journeys/test_trc01_custody.py
"""

import asyncio
import os
import random
from collections import Counter
from typing import Any

from make.journey import Mall, cards
from make.sellers import seller
from make.trade import until

CODES = int(os.environ.get("COMMISSARY_CODES", "400"))
EACH = CODES * 3 // 400  # pieces of each of a hundred orders


async def test_every_code_has_a_whole_chain(mall: Mall) -> None:
    sku = await mall.sku()
    report = await mall.upload(sku, cards(CODES), source="某批发商 7 月来货")
    [batch] = report["batches"]
    await mall.price(sku, "9.5")
    buyer = await mall.buyer("100000")
    for _ in range(10):
        placed = await asyncio.gather(*(mall.order(buyer, sku, EACH) for _ in range(10)))
    back = placed[0]
    reverse = {"line_no": 1, "reason": "never_arrived"}
    await mall.owner.post(f"/orders/{back['id']}/reverse", reverse, Idempotency_Key="r1")
    await mall.owner.post(f"/batches/{batch}/freeze", {"reason": "look"})
    await mall.owner.post(f"/batches/{batch}/unfreeze", {"reason": "fine"})

    fingerprints = await mall.rows(
        "select seq, encode(fingerprint, 'hex') from stock.fingerprint where batch_id = %s order by seq",
        (int(batch),),
    )
    assert len(fingerprints) == CODES

    async def in_log() -> bool:
        chain = await mall.owner.get("/custody", batch_id=batch, seq=1)
        return all(step["signed"] for step in chain["steps"])

    await until(in_log, 15)
    standing: Counter[str] = Counter()
    random.Random(1).shuffle(fingerprints)
    for seq, fingerprint in fingerprints:
        chain = await mall.owner.get("/custody", fingerprint=fingerprint)
        assert chain["gaps"] == []
        assert (chain["source"]["batch_id"], chain["source"]["seq"]) == (batch, seq)
        assert chain["source"]["source"] == "某批发商 7 月来货"
        kinds = [step["kind"] for step in chain["steps"]]
        assert kinds[0] == "batch_received"
        assert all(step["signed"] for step in chain["steps"])
        standing[chain["now"]] += 1
        if chain["now"] == "available":
            assert (kinds, chain["takers"]) == (["batch_received", "frozen", "released"], [])
        else:
            [taker] = chain["takers"]
            assert taker["buyer_id"] == str(buyer.organisation)
            assert kinds == ["batch_received", "sold"] + ["returned"] * (chain["now"] == "reversed")
    assert standing == {"available": CODES - 100 * EACH, "delivered": 99 * EACH, "reversed": EACH}

    assert await mall.owner.refused("GET", f"/custody?fingerprint={'0' * 64}") == (404, "not_found")
    assert await mall.owner.refused("GET", f"/custody?batch_id={batch}&seq={CODES + 1}") == (404, "not_found")
    assert await mall.owner.refused("GET", "/custody") == (422, "invalid_request")
    finance = await mall.sign_in("finance")
    await finance.get("/custody", batch_id=batch, seq=1)
    purchasing = await mall.sign_in("fulfilment")
    assert "codes" not in (await purchasing.get("/custody", batch_id=batch, seq=1))


async def test_a_code_that_was_bought_for_an_order_has_a_whole_chain(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("100", name="Lin Trading")
    async with seller(mall, "kasushou", place=0, price_e4=80_000) as his:
        await his.offer(sku)
        await his.read()
        order = await mall.order(buyer, sku, 2)

        async def delivered() -> Any:
            now = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
            return now if now["status"] == "delivered" else None

        codes = (await until(delivered, 60))["lines"][0]["codes"]
    [purchase] = await mall.owner.get(f"/orders/{order['id']}/purchases")
    await mall.owner.post(
        f"/orders/{order['id']}/lines/1/reveal", {"seq": 2, "reason": "the buyer asks which it is"}
    )

    async def in_log() -> bool:
        chain = await mall.owner.get("/custody", batch_id=purchase["id"], seq=1)
        looked = await mall.owner.get("/custody", batch_id=purchase["id"], seq=2)
        return all(told["signed"] for told in chain["steps"] + looked["seen"])

    await until(in_log, 15)
    for n, code in enumerate(codes, 1):
        place = await mall.owner.post(
            "/custody/trace", {"code": code["secret"], "number": code.get("number")}
        )
        assert place == {"batch_id": purchase["id"], "seq": n}
        chain = await mall.owner.get("/custody", **place)
        [[fingerprint]] = await mall.rows(
            "select encode(fingerprint, 'hex') from stock.fingerprint where batch_id = %s and seq = %s",
            (int(purchase["id"]), n),
        )
        assert await mall.owner.get("/custody", fingerprint=fingerprint) == chain
        assert (chain["gaps"], chain["now"]) == ([], "delivered")
        source = chain["source"]
        assert source["supplier_name"].startswith("华东卡券供应链")
        assert (source["received"], source["status"]) == (2, "succeeded")
        assert (source["bought"]["id"], source["bought"]["connection_name"]) == (
            purchase["id"],
            his.connection["name"],
        )
        assert source["bought"]["supplier_ref"] == purchase["supplier_ref"] != ""
        assert len(source["commitment"]) == 64
        assert [(s["kind"], s["order_id"], s["line_no"], s["signed"]) for s in chain["steps"]] == [
            ("delivered", order["id"], 1, True)
        ]
        assert [(t["order_id"], t["buyer_name"]) for t in chain["takers"]] == [(order["id"], "Lin Trading")]
        looks = [(s["order_id"], s["line_no"], s["by_buyer"], s["person"] is None) for s in chain["seen"]]
        assert looks == ([(order["id"], 1, False, False)] if n == 2 else [])
        assert all(len(s["leaf"]) == 64 and s["signed"] for s in chain["seen"])
        [hit] = (await mall.owner.get("/search", q=fingerprint))["items"]
        assert (hit["kind"], hit["id"], hit["seq"]) == ("code", purchase["id"], n)
        assert code["secret"] not in str(chain)
    assert await mall.owner.refused("GET", f"/custody?batch_id={purchase['id']}&seq=3") == (404, "not_found")

    reverse = {"line_no": 1, "reason": "never_arrived"}
    await mall.owner.post(f"/orders/{order['id']}/reverse", reverse, Idempotency_Key="r1")
    chain = await mall.owner.get("/custody", batch_id=purchase["id"], seq=1)
    assert (chain["gaps"], chain["now"]) == ([], "reversed")
    assert [s["kind"] for s in chain["steps"]] == ["delivered", "returned"]

    told = await mall.rows(
        "delete from provenance.event where subject_id = %s and kind = 3 returning *", (int(order["id"]),)
    )
    try:
        chain = await mall.owner.get("/custody", batch_id=purchase["id"], seq=1)
        assert (chain["gaps"], chain["source"]["commitment"]) == (["sale_not_told"], None)
    finally:
        await put_back(mall, told)


async def test_a_code_in_the_hand_leads_to_its_place(mall: Mall) -> None:
    """Whatever brand it is of, with its number or without, and however it is written. Nobody finds it in another mall."""
    plain, numbered = await mall.sku(), await mall.sku()
    [one] = (await mall.upload(plain, ["QAAA-BBBB-0001", "QAAA-BBBB-0002"]))["batches"]
    [two] = (await mall.upload(numbered, ["number,secret", "6001,QCCC-0001", "6002,QCCC-0002"]))["batches"]
    trace = "/custody/trace"
    assert await mall.owner.post(trace, {"code": " QAAA BBBB 0002"}) == {"batch_id": one, "seq": 2}
    card = {"code": "QCCC-0002", "number": "6002"}
    assert await mall.owner.post(trace, card) == {"batch_id": two, "seq": 2}
    assert await mall.owner.refused("POST", trace, {"code": "QCCC-0002"}) == (404, "not_found")
    assert await mall.owner.refused("POST", trace, {"code": "QCCC-0003"}) == (404, "not_found")
    stranger = await mall.installation.mall("Neighbour")
    assert await stranger.owner.refused("POST", trace, card) == (404, "not_found")
    lines = (await mall.owner.get("/audit", action="custody.trace", size=10))["items"]
    assert [line["subject"].partition(":")[0] for line in lines] == ["mall", "mall", "batch", "batch"]
    assert "QCCC" not in str(lines)


async def put_back(mall: Mall, told: list[tuple[Any, ...]]) -> None:
    """Other stories audit the whole installation."""
    for event in told:
        marks = ", ".join(["%s"] * len(event))
        await mall.rows(f"insert into provenance.event values ({marks}) returning 1", event)


async def test_a_sale_that_custody_does_not_know_is_a_gap(mall: Mall) -> None:
    sku = await mall.sku()
    [batch] = (await mall.upload(sku, cards(5)))["batches"]
    await mall.price(sku, "9.5")
    order = await mall.order(await mall.buyer(), sku)
    told = await mall.rows(
        "delete from provenance.event where subject_id = %s returning *", (int(order["id"]),)
    )
    try:
        chain = await mall.owner.get("/custody", batch_id=batch, seq=1)
        assert (chain["gaps"], chain["now"]) == (["sale_not_told"], "delivered")
    finally:
        await put_back(mall, told)
