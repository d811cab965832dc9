"""TRC01 the custody chain of one code 卡密流转链. Four hundred codes (10,000 with COMMISSARY_CODES=10000) come in a file, most are sold, some orders are reversed, the
batch is frozen and let go again. By the fingerprint of any of them, or its place in the batch, the console shows source,
batch, order, holder and how it stands now, with nothing missing, each step with its place in the public log.

    make test T=tests/journeys/test_trc01_custody.py
"""

import asyncio
import os
import random
from collections import Counter

from make.journey import Mall, cards
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
    finally:  # other stories audit the whole installation
        for event in told:
            marks = ", ".join(["%s"] * len(event))
            await mall.rows(f"insert into provenance.event values ({marks}) returning 1", event)
