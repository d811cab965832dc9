"""TRD04 batch orders 批量下单. A file with one bad line in a hundred is uploaded; the server is killed with -9 in the middle and
started again: it goes on by itself, each good line is one order, each bad line says why, nothing is bought twice. Also the
batch endpoint: a result per order, in the order of the question. 20,000 lines here; all 100,000 with COMMISSARY_LINES=100000.

    make test T=tests/journeys/test_trd04_order_files.py
"""

import csv
import os
from collections import Counter

from make.journey import Mall, cards, yuan
from make.trade import again, post_keyed, until

LINES = int(os.environ.get("COMMISSARY_LINES", "20000"))
BAD = {
    0: ("no-such-sku", "1", "sku_unknown"),
    1: ("{sku}", "0", "invalid_request"),
    2: ("{sku}", "many", "invalid_request"),
    3: ("{sku}", "1001", "quantity_over_limit"),
}


async def test_a_file_survives_the_death_of_its_server(mall: Mall) -> None:
    sku, codes = await mall.sku(), cards(LINES)
    await mall.upload(sku, codes, cost="0.01")
    await mall.price(sku, "0.1")
    buyer = await mall.buyer("100000")
    expected: dict[str, str] = {}
    rows = ["client_order_no,sku,quantity"]
    for n in range(LINES):
        no = f"L{n:06}"
        if n % 100 == 57:
            given, quantity, code = BAD[n // 100 % len(BAD)]
            expected[no] = code
            rows.append(f"{no},{given.format(sku=sku)},{quantity}")
        else:
            rows.append(f"{no},{sku},1")
    content = "\n".join(rows).encode()
    good = LINES - LINES // 100
    assert len(expected) == LINES // 100

    head = "\n".join(rows[:5_001]).encode()
    checked = await post_keyed(mall, buyer, "/v1/order-files/check", "", head)
    assert (checked.status, checked.json["lines"], checked.json["faulty"]) == (200, 5_000, 50), checked.body
    sheet = await post_keyed(mall, buyer, "/v1/order-files", "file-1", content)
    assert (sheet.status, sheet.json["lines"]) == (200, LINES), sheet.body
    path = f"/v1/order-files/{sheet.json['id']}"

    async def begun() -> int:
        done = (await mall.server.call(buyer, "GET", path)).json["accepted"]
        return int(done) if done >= 1_000 else 0

    at_kill = await until(begun, 30, 0.02)
    await mall.server.kill()
    assert at_kill < good, "too fast to be killed in the middle"
    await mall.server.start()
    repeated = await again(mall, lambda: post_keyed(mall, buyer, "/v1/order-files", "file-1", content))
    assert repeated.json["id"] == sheet.json["id"]

    async def ended() -> bool:
        return bool((await mall.server.call(buyer, "GET", path)).json["status"] == "done")

    await until(ended, 60 + LINES / 500, 0.2)
    end = (await mall.server.call(buyer, "GET", path)).json
    assert (end["done"], end["accepted"], end["refused"]) == (LINES, good, LINES // 100)

    result = await mall.server.call(buyer, "GET", f"{path}/result", timeout_s=300)
    lines = list(csv.DictReader(result.body.decode("utf-8-sig").splitlines()))
    assert [line["client_order_no"] for line in lines] == [f"L{n:06}" for n in range(LINES)]
    assert {no: code for no, code in ((x["client_order_no"], x["error"]) for x in lines) if code} == expected
    assert all(line["message_zh"] and line["message_en"] for line in lines if line["error"])
    got = [line["codes"] for line in lines if not line["error"]]
    assert len(got) == len(set(got)) == good
    assert set(got) <= set(codes)

    left = await mall.balance(buyer)
    assert left["balance"] == yuan(
        f"{(1_000_000_000 - good * 1_000) // 10_000}.{(1_000_000_000 - good * 1_000) % 10_000:04}"
    )
    stock = await mall.owner.get(f"/skus/{sku}/stock")
    assert stock["sold"] == good
    assert (await mall.commissary("check", "--json")).json["status"] == "clean"


async def test_the_batch_endpoint_answers_line_by_line(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(1_000), cost="0.1")
    await mall.price(sku, "1")
    buyer = await mall.buyer("2000")

    def asked(n: int) -> dict[str, object]:
        order: dict[str, object] = {"client_order_no": f"B{n:04}", "sku_id": sku, "quantity": 1}
        return order | ({"quantity": 1001} if n % 100 == 57 else {})

    batch = {"orders": [asked(n) for n in range(1_000)]}
    first = await mall.server.call(buyer, "POST", "/v1/orders/batch", batch)
    assert first.status == 200, first.body
    results = first.json["results"]
    assert [r["client_order_no"] for r in results] == [f"B{n:04}" for n in range(1_000)]
    codes = Counter(r["error"]["code"] for r in results if "error" in r)
    assert codes == {"quantity_over_limit": 10}
    assert [n for n, r in enumerate(results) if "error" in r] == list(range(57, 1_000, 100))
    second = await mall.server.call(buyer, "POST", "/v1/orders/batch", batch)
    ids = [r["order"]["id"] for r in results if "order" in r]
    assert [r["order"]["id"] for r in second.json["results"] if "order" in r] == ids
    assert (await mall.balance(buyer))["balance"] == yuan("1010.0000")
