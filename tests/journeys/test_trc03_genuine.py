"""TRC03 is it genuine? 卡券验真. The buyer gets an address per code, prints it as a QR code, and whoever scans it sees genuine,
withdrawn or recalled, in Chinese or English: no code, no buyer. Guessing addresses is stopped. (Shops print the QR codes
when they come.)

    make test T=tests/journeys/test_trc03_genuine.py
"""

import secrets
from urllib.parse import urlsplit

from make.journey import Mall, cards
from make.trade import until


async def test_a_qr_code_says_whether_a_card_is_genuine(mall: Mall) -> None:
    sku = await mall.sku()
    [batch] = (await mall.upload(sku, cards(10)))["batches"]
    await mall.price(sku, "9.5")
    buyer = await mall.buyer()
    orders = [await mall.order(buyer, sku) for _ in range(2)]
    pages = []
    for order in orders:

        async def proven(order_id: str = order["id"]) -> str | None:
            answer = await mall.server.call(buyer, "GET", f"/v1/orders/{order_id}/proof")
            return answer.json["pages"][0]["url"] if answer.status == 200 else None

        pages.append(urlsplit(await until(proven, 10)).path)

    async def scanned(page: str, query: str = "") -> str:
        answer = await mall.server.raw("GET", page + query, b"", {})
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        return answer.body.decode()

    for order, page in zip(orders, pages, strict=True):
        chinese, english = await scanned(page), await scanned(page, "?lang=en")
        assert "正品" in chinese
        assert "Genuine" in english
        assert "礼品卡" in chinese
        for hidden in (
            order["lines"][0]["codes"][0]["secret"],
            order["id"],
            str(buyer.organisation),
            buyer.key_id,
        ):
            assert hidden not in chinese + english

    reverse = {"line_no": 1, "reason": "mistake"}
    await mall.owner.post(f"/orders/{orders[0]['id']}/reverse", reverse, Idempotency_Key="r")
    assert "已撤销" in await scanned(pages[0])
    assert "正品" in await scanned(pages[1])
    await mall.owner.post(f"/batches/{batch}/recall", {"reason": "stolen"})
    assert "已召回" in await scanned(pages[1])

    wrong = [
        (await mall.server.raw("GET", f"/verify/{secrets.token_urlsafe(36)}", b"", {})).status
        for _ in range(20)
    ]
    assert wrong[0] == 404
    assert wrong[-1] == 429
