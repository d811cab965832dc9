"""TRC03 is it genuine? 卡券验真. The buyer gets an address per code, prints it as a QR code, and whoever scans it sees genuine,
withdrawn or recalled, in Chinese or English: no code, no buyer. Guessing addresses is stopped. The console shows the QR codes to the
mall's people, with where each code lies, and to the buyer's of his own orders.

    make test T=tests/journeys/test_trc03_genuine.py
"""

import secrets
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from make.journey import Mall, cards, shopper
from make.trade import until


async def test_the_console_shows_the_qr_codes(mall: Mall) -> None:
    """They lead to the very pages of the proof, which is there some seconds later. Told first: the next story is stopped for guessing."""
    sku = await mall.sku()
    [first] = (await mall.upload(sku, cards(2)))["batches"]
    [second] = (await mall.upload(sku, cards(3, "L")))["batches"]
    await mall.price(sku, "9.5")
    buyer, other = await mall.buyer("1000"), await mall.buyer("1000")
    order = await mall.order(buyer, sku, 4)
    at = f"/orders/{order['id']}/pages"
    shown = await mall.owner.every(at)
    assert [(p["line_no"], p["n"], p["batch_id"], p["seq"]) for p in shown] == [
        (1, 1, first, 1),
        (1, 2, first, 2),
        (1, 3, second, 1),
        (1, 4, second, 2),
    ]
    some = await mall.owner.get(at, size=3)
    rest = await mall.owner.get(at, size=3, cursor=some["next"])
    assert (some["items"] + rest["items"], rest["next"]) == (shown, None)
    for page in shown:
        picture = ElementTree.fromstring(page["qr_svg"])  # noqa: S314 - our own
        assert picture.tag == "{http://www.w3.org/2000/svg}svg"
        chain = await mall.owner.get("/custody", batch_id=page["batch_id"], seq=page["seq"])
        assert chain["takers"][0]["order_id"] == order["id"]
        answer = await mall.server.raw("GET", urlsplit(page["url"]).path, b"", {})
        assert "正品" in answer.body.decode()
    assert len({page["qr_svg"] for page in shown}) == 4

    async def proven() -> Any:
        answer = await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}/proof")
        return answer.json["pages"] if answer.status == 200 else None

    assert [p["url"] for p in await until(proven, 60)] == [p["url"] for p in shown]

    his, hers = await shopper(mall, buyer), await shopper(mall, other)
    own = await his.every(f"/own{at}")
    assert [(p["url"], p["qr_svg"]) for p in own] == [(p["url"], p["qr_svg"]) for p in shown]
    assert not {"batch_id", "seq"} & set(own[0])
    assert await hers.refused("GET", f"/own{at}") == (404, "order_not_found")
    assert (await his.refused("GET", at))[0] == 403


async def test_the_page_says_that_this_very_code_was_looked_at(mall: Mall) -> None:
    """By its holder or by the mall's people; the other codes of the line are still sealed. The looks are in the log in their order."""
    sku = await mall.sku()
    await mall.upload(sku, cards(3))
    await mall.price(sku, "9.5")
    buyer = await mall.buyer("1000")
    order = await mall.order(buyer, sku, 3)
    at = f"/orders/{order['id']}"
    pages = [urlsplit(p["url"]).path for p in await mall.owner.every(f"{at}/pages")]

    async def said() -> list[str]:
        answers = [(await mall.server.raw("GET", page, b"", {})).body.decode() for page in pages]
        return ["seen" if "已查看" in told else "sealed" for told in answers]

    assert await said() == ["sealed"] * 3
    why = {"reason": "客户来电核对"}
    await mall.owner.post(f"{at}/lines/1/reveal", why | {"seq": 2})
    assert await said() == ["sealed", "seen", "sealed"]
    his = await shopper(mall, buyer)
    for _ in range(2):
        await his.post(f"/own{at}/lines/1/codes/3/reveal", why)
    assert await said() == ["sealed", "seen", "seen"]
    told = await mall.rows(
        "select n, convert_from(body, 'UTF8')::jsonb from provenance.event where subject_id = %s and kind = 4 order by n",
        (int(order["id"]),),
    )
    assert [(n, body["line"], body["piece"]) for n, body in told] == [(2, 1, 2), (3, 1, 3), (4, 1, 3)]
    assert len({body["look"] for _, body in told}) == 3
    assert "客户" not in str(told)


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
