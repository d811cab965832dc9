"""TRD07 account pre-check 充值账号预校验. A dead or ported number, one of another carrier or province, and one that the mall's
checker knows better about is refused before anything is charged, with the reason; a buyer may ask beforehand.

    make test T=tests/journeys/test_trd07_accounts.py
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from make.journey import Mall, yuan
from make.trade import RECEIVERS
from world import Buyer

LONG_AGO, TOMORROW = "2025-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
MOBILE, UNICOM, DEAD, PORTED, BACK = "13912345678", "13012345678", "13900000001", "13900000002", "13900000003"
SIGNS_WITH = "a secret of the checker"


async def topup(mall: Mall, **checks: object) -> str:
    field = {"name": "phone", "label_zh": "手机号", "label_en": "Phone", "type": "phone", "target": True}
    sku = await mall.sku("topup", fields=[field | checks], instrument_class="direct_topup")
    await mall.price(sku, "10")
    return sku


async def ordered(mall: Mall, buyer: Buyer, sku: str, phone: str, no: str) -> tuple[int, str]:
    """The status, and the code of a refusal."""
    body = {"client_order_no": no, "sku_id": sku, "fields": {"phone": phone}}
    got = await mall.server.call(buyer, "POST", "/v1/orders", body)
    return got.status, got.json.get("code", "")


async def asked(mall: Mall, buyer: Buyer, sku: str, phone: str) -> str | None:
    body = {"sku_id": sku, "fields": {"phone": phone}}
    got = await mall.server.call(buyer, "POST", "/v1/account-checks", body)
    assert got.status == 200, got.body
    assert got.json["ok"] == (got.json["reason"] is None)
    return got.json["reason"]  # type: ignore[no-any-return]


async def tell(mall: Mall, kind: str, *numbers: Any, since: str = LONG_AGO) -> None:
    rows = [n if isinstance(n, dict) else {"number": n} for n in numbers]
    told = {"kind": kind, "valid_from": since, "source": "the carrier's list", "rows": rows}
    assert await mall.owner.post("/account-numbers", told) == {"kept": len(rows)}


async def test_bad_numbers_are_refused_before_anything_is_charged(mall: Mall) -> None:
    sku = await topup(mall, checked=True, carrier="mobile", region="CN-GD")
    buyer = await mall.buyer("100")
    assert await ordered(mall, buyer, sku, DEAD, "before-it-died") == (200, "")
    await tell(mall, "dead", DEAD, BACK)
    await tell(mall, "plain", BACK, since="2025-02-01T00:00:00Z")
    await tell(mall, "dead", MOBILE, since=TOMORROW)
    await tell(mall, "ported", {"number": PORTED, "carrier": "unicom"})
    await tell(mall, "segment", {"number": "139", "region": "CN-GD"}, {"number": "13955", "region": "CN-BJ"})

    before = await mall.balance(buyer)
    for phone, reason in [
        (DEAD, "account_dead"),
        (PORTED, "account_ported"),
        (UNICOM, "account_wrong_operator"),
        ("13955512345", "account_region"),
    ]:
        assert await asked(mall, buyer, sku, phone) == reason
        assert await ordered(mall, buyer, sku, phone, f"no-{phone}") == (422, reason)
    assert await mall.balance(buyer) == before
    assert await ordered(mall, buyer, sku, "139123", "form") == (422, "invalid_request")

    for phone in (MOBILE, BACK):
        assert await asked(mall, buyer, sku, phone) is None
        assert await ordered(mall, buyer, sku, phone, f"no-{phone}") == (200, "")
    assert (await mall.balance(buyer))["held"] == yuan("30.0000")
    # A repeat is the order as it is, whatever became of the number.
    assert await ordered(mall, buyer, sku, DEAD, "before-it-died") == (200, "")
    assert (await mall.balance(buyer))["held"] == yuan("30.0000")


async def test_a_ported_number_may_count_as_its_new_carriers(mall: Mall) -> None:
    sku = await topup(mall, carrier="unicom", ported="follow")
    buyer = await mall.buyer("100")
    await tell(mall, "ported", {"number": PORTED, "carrier": "unicom"})
    assert await ordered(mall, buyer, sku, PORTED, "ported-in") == (200, "")
    assert await ordered(mall, buyer, sku, MOBILE, "never-ported") == (422, "account_wrong_operator")


async def test_goods_that_ask_for_nothing_take_any_number(mall: Mall) -> None:
    sku, buyer = await topup(mall), await mall.buyer("100")
    await tell(mall, "dead", DEAD)
    assert await ordered(mall, buyer, sku, DEAD, "one") == (200, "")


@asynccontextmanager
async def checker(answer: Any) -> AsyncIterator[str]:
    async def check(request: web.Request) -> web.Response:
        body = await request.read()
        assert (
            request.headers["X-Signature"] == hmac.new(SIGNS_WITH.encode(), body, hashlib.sha256).hexdigest()
        )
        if answer is None:
            await asyncio.sleep(1)
        return web.json_response(answer)

    app = web.Application()
    app.router.add_post("/check", check)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", RECEIVERS[3]).start()
    try:
        yield f"http://127.0.0.1:{RECEIVERS[3]}/check"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("answer", "on_silence", "said"),
    [
        ({"ok": True}, "refuse", (200, "")),
        ({"ok": False, "reason": "dead"}, "pass", (422, "account_dead")),
        ({"ok": False, "reason": "no such player"}, "pass", (422, "account_refused")),
        (None, "pass", (200, "")),
        (None, "refuse", (503, "account_unchecked")),
        ("nonsense", "refuse", (503, "account_unchecked")),
    ],
)
async def test_a_mall_may_ask_somebody_who_knows(
    mall: Mall, answer: Any, on_silence: str, said: tuple[int, str]
) -> None:
    sku, buyer = await topup(mall, checked=True), await mall.buyer("100")
    async with checker(answer) as url:
        told = {"url": url, "secret": SIGNS_WITH, "on_silence": on_silence}
        kept = await mall.owner.put("/account-checker", told)
        assert kept["url"] == url
        assert SIGNS_WITH not in json.dumps(await mall.owner.get("/account-checker"))
        assert await ordered(mall, buyer, sku, MOBILE, "one") == said
        held = "10.0000" if said[0] == 200 else "0.0000"
        assert (await mall.balance(buyer))["held"] == yuan(held)


async def test_a_list_of_numbers_is_not_readable_in_the_database(mall: Mall) -> None:
    await tell(mall, "dead", DEAD)
    [(row,)] = await mall.rows(
        "select t::text from catalog.number_note t where mall_id = %s", (mall.world.mall,)
    )
    assert DEAD not in row


async def test_other_people_may_not_change_the_lists(mall: Mall) -> None:
    clerk = await mall.sign_in("fulfilment")
    told = {"kind": "dead", "valid_from": LONG_AGO, "source": "x", "rows": [{"number": DEAD}]}
    assert await clerk.refused("POST", "/account-numbers", told) == (403, "forbidden")
