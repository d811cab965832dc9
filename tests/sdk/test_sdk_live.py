"""The SDK against the real mall: every call, the errors as types, a webhook that the mall really sent, the READMEs."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from commissary_sdk import (
    AsyncCommissary,
    ClientCredentials,
    Commissary,
    Forbidden,
    IdempotencyConflict,
    InvalidRequest,
    Line,
    Money,
    NotFound,
    OutcomeUnknown,
    ProblemError,
    Purchase,
    RateLimited,
    Refused,
    ServerFault,
    SigningKey,
    StillPending,
    Unauthorized,
    webhooks,
)
from shop import HASTY, ROOT, Mall, Shop

from commissary.tenancy.types import BUYER_SCOPES

PHONE = {"phone": "13800000000"}


async def priced(mall: Mall, *, release_in_s: float, stock: int = 3) -> str:
    """A SKU that is released later."""
    sku = await mall.world.sku(release_at=datetime.now(UTC) + timedelta(seconds=release_in_s))
    await mall.world.price(sku, "9.8750")
    await mall.world.stock(sku, stock)
    return str(sku)


def test_reading(shop: Shop) -> None:
    client = shop.client()
    order = client.place("PO-1", Line(shop.sku, 2))
    assert client.place("PO-1", Line(shop.sku, 2)) == order
    assert client.order(order.id) == client.order(order) == order
    assert client.find_order("PO-1") == order
    assert client.find_order("PO-2") is None
    balance = client.balance()
    assert balance.available == Money.of("499980.2500", "CNY")
    assert set(balance.amounts) == {"balance", "held", "credit_limit", "available"}
    assert shop.bought() == [order.id]


def test_products_come_page_by_page_without_gaps(shop: Shop) -> None:
    shop.line.mishaps["GET /v1/products"] = ["", "lose_after", "fault_after"]
    products = list(shop.client().iter_products(size="1"))
    skus = [product.sku_id for product in products]
    assert {shop.sku, shop.other, shop.empty, shop.topup} <= set(skus)
    assert len(set(skus)) == len(skus)
    assert len(shop.line.passed) == len(skus) + 2
    assert {product.unit_price for product in products} == {Money.of("9.8750", "CNY")}
    assert products[0].name
    assert products[0].raw["prices"][1]["minimum"] == 10


def test_a_quote_binds_the_mall(shop: Shop) -> None:
    client = shop.client()
    quote = client.quote([Line(shop.sku, 10), Line(shop.other)])
    assert quote.amount == Money.of("104.8750", "CNY")
    assert [line.unit_price.amount for line in quote.lines] == [
        Money.of("9.5", "CNY").amount,
        Money.of("9.875", "CNY").amount,
    ]
    assert quote.expires_at > datetime.now(UTC)
    # Less than was quoted, at the quoted price all the same.
    order = client.place("PO-1", [Line(shop.sku, 9), Line(shop.other)], quote_id=quote.id)
    assert order.total == Money.of("95.3750", "CNY")
    with pytest.raises(Refused) as caught:
        client.place("PO-2", Line(shop.sku, 9), quote_id="123")
    assert caught.value.code == "quote_not_found"


async def test_a_pre_order_is_waited_for_until_its_date(mall: Mall, shop: Shop) -> None:
    sku = await priced(mall, release_in_s=2.0)

    def buy() -> None:
        client = shop.client()
        order = client.place("PO-1", Line(sku))
        assert (order.status, order.final, order.codes) == ("scheduled", False, ())
        with pytest.raises(StillPending) as caught:
            client.wait_for(order, timeout_s=0.3)
        assert caught.value.order.id == order.id
        assert caught.value.outcome == "pending"
        order = client.wait_for(order, timeout_s=30)
        assert (order.status, len(order.codes)) == ("delivered", 1)

    await asyncio.to_thread(buy)


async def test_a_cancelled_pre_order_gives_its_money_back(mall: Mall, shop: Shop) -> None:
    sku, client = await priced(mall, release_in_s=3600), shop.client()
    before = client.balance()
    order = client.place("PO-1", Line(sku, 2))
    assert client.balance().amounts["held"] == Money.of("19.7500", "CNY")
    cancelled = client.cancel(order)
    assert (cancelled.id, cancelled.status, cancelled.lines[0].status) == (order.id, "cancelled", "cancelled")
    assert client.balance() == before
    with pytest.raises(Refused) as caught:
        client.cancel(order)
    assert caught.value.code == "not_cancellable"


def test_a_line_that_nobody_asks_about_is_not_corrected(shop: Shop) -> None:
    client = shop.client()
    order = client.place("PO-1", Line(shop.topup, fields=PHONE))
    assert order.lines[0].fix is None
    with pytest.raises(Refused) as caught:
        client.correct(order, 1, PHONE)
    assert caught.value.code == "nothing_to_correct"


@pytest.mark.parametrize("mishap", ["lose_after", "fault_after", "resend", "limit"])
def test_every_repeat_of_a_cancellation_has_the_same_key(shop: Shop, mishap: str) -> None:
    client = shop.client()
    order = client.place("PO-1", Line(shop.topup, fields=PHONE))
    cancel = f"POST /v1/orders/{order.id}/cancel"
    shop.line.mishaps[cancel] = [mishap, mishap]
    assert client.cancel(order).status == "cancelled"
    keys = shop.line.headers(cancel, "Idempotency-Key")
    assert len(keys) >= 2
    assert len(set(keys)) == 1
    assert keys[0]


def test_a_cancellation_without_an_answer_names_its_key(shop: Shop) -> None:
    client = shop.client()
    order = client.place("PO-1", Line(shop.topup, fields=PHONE))
    shop.line.mishaps[f"POST /v1/orders/{order.id}/cancel"] = ["lose_after"] * 9
    with pytest.raises(OutcomeUnknown) as caught:
        client.cancel(order, idempotency_key="cancel-1")
    assert caught.value.idempotency_key == "cancel-1"
    shop.line.mishaps.clear()
    assert client.cancel(order, idempotency_key="cancel-1").status == "cancelled"


async def test_the_same_with_await(mall: Mall, shop: Shop) -> None:
    scheduled = await priced(mall, release_in_s=3600)
    http = httpx.AsyncClient(trust_env=False)
    async with AsyncCommissary(shop.line.url, shop.key, retry=HASTY, http=http) as client:
        order = await client.wait_for(await client.place("PO-1", Line(shop.sku)), timeout_s=5)
        assert order.codes
        assert await client.order(order) == await client.find_order("PO-1") == order
        quote = await client.quote(Line(shop.sku))
        assert (await client.place("PO-2", Line(shop.sku), quote_id=quote.id)).total == quote.amount
        waiting = await client.place("PO-3", Line(scheduled))
        assert (await client.cancel(waiting)).status == "cancelled"
        assert (await client.balance()).available.currency == "CNY"
        assert len([product async for product in client.iter_products()]) >= 4
        [placement] = await client.place_batch([Purchase("PO-4", Line(shop.sku))])
        assert placement.get().status == "delivered"
    await http.aclose()
    assert len(shop.bought()) == 4


# Errors as types

Wrong = Callable[[Commissary, Shop], Any]
ERRORS: dict[str, tuple[Wrong, type[ProblemError], str, bool]] = {
    "a number in the wrong form": (lambda c, s: c.place("PO 1", Line(s.sku)), InvalidRequest, "invalid_request", False),
    "an unknown SKU": (lambda c, s: c.place("PO-1", Line("123")), Refused, "sku_unknown", False),
    "an empty shelf": (lambda c, s: c.place("PO-1", Line(s.empty)), Refused, "out_of_stock", True),
    "a dearer price": (
        lambda c, s: c.place("PO-1", Line(s.sku, 1, Money.of("9.87", "CNY"))), Refused, "price_above_max", False,
    ),
    "too little money": (
        lambda c, s: c.place("PO-1", [Line(s.topup, 1000, fields=PHONE)] * 100), Refused, "insufficient_balance", False,
    ),
    "a missing phone number": (lambda c, s: c.place("PO-1", Line(s.topup)), InvalidRequest, "invalid_request", False),
    "somebody else's order": (lambda c, s: c.order("123"), NotFound, "order_not_found", False),
    "other content": (
        lambda c, s: (c.place("PO-1", Line(s.sku)), c.place("PO-1", Line(s.other))),
        IdempotencyConflict, "idempotency_conflict", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_raised_as_what_it_is(shop: Shop, name: str) -> None:
    wrong, kind, code, retryable = ERRORS[name]
    with pytest.raises(ProblemError) as caught:
        wrong(shop.client(), shop)
    error = caught.value
    assert (type(error), error.code) == (kind, code)
    assert (error.outcome, error.retryable) == ("failed", retryable)
    assert error.request_id
    assert error.title
    if kind is InvalidRequest:
        assert error.fields[0].path


@pytest.mark.parametrize(
    ("mishap", "kind", "code", "outcome"),
    [("limit", RateLimited, "overloaded", "failed"), ("fault_before", ServerFault, "draining", "failed")],
)
def test_trouble_that_stays_is_raised_as_what_it_is(
    shop: Shop, mishap: str, kind: type[ProblemError], code: str, outcome: str
) -> None:
    shop.line.mishaps["POST /v1/orders"] = [mishap] * 9
    with pytest.raises(kind) as caught:
        shop.client().place("PO-1", Line(shop.sku))
    assert (caught.value.code, caught.value.outcome, caught.value.retryable) == (code, outcome, True)
    assert shop.bought() == []


async def test_who_may_not_is_told_so(mall: Mall, shop: Shop) -> None:
    key, secret = await mall.world.issue_key(
        shop.buyer.organisation, scopes=[s for s in BUYER_SCOPES if s != "balance:read"]
    )
    for credentials in (SigningKey(key.id, secret), ClientCredentials(key.id, secret)):
        with pytest.raises(Forbidden) as refused:
            shop.client(credentials=credentials).balance()
        assert refused.value.code == "missing_scope"
        assert refused.value.facts["scope"] == "balance:read"
    with pytest.raises(Unauthorized) as unknown:
        shop.client(credentials=SigningKey("ck_1_nobody", secret)).balance()
    assert unknown.value.code in ("unknown_key", "malformed_credentials")


# Webhooks and the READMEs


async def delivered(mall: Mall, order_id: str) -> Any:
    """The webhook of that order's delivery, as it arrived."""
    give_up_at = time.monotonic() + 20
    while True:
        for got in mall.receiver.calls:
            if got.news.get("order_id") == order_id and got.news.get("status") == "delivered":
                return got
        assert time.monotonic() < give_up_at, [got.body for got in mall.receiver.calls]
        await asyncio.sleep(0.05)


async def listening(mall: Mall, shop: Shop) -> str:
    """The secret of a new endpoint of this buyer."""
    got = await mall.server.call(
        shop.buyer, "POST", "/v1/webhook-endpoints", {"url": mall.receiver.url, "events": []}
    )
    assert got.status == 201, got.body
    return str(got.json["secret"])


async def test_a_webhook_that_the_mall_sent_is_verified(mall: Mall, shop: Shop) -> None:
    secret = await listening(mall, shop)
    order = shop.client().place("PO-1", Line(shop.sku))
    got = await delivered(mall, order.id)
    event = webhooks.verify(got.headers, got.body, ["whsec_b2xk", secret])
    assert event.type == "order.delivered"
    assert event.id == got.id
    assert event.data["client_order_no"] == "PO-1"
    assert order.codes[0].secret not in got.body.decode()
    with pytest.raises(webhooks.WebhookRefused):
        webhooks.verify(got.headers, got.body.replace(b"PO-1", b"PO-2"), secret)
    with pytest.raises(webhooks.WebhookRefused):
        webhooks.verify(got.headers, got.body, secret, now=time.time() + 301)


def snippets(readme: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", readme.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    "readme", ["sdk/python/README.md", "sdk/python/README.zh-CN.md", "README.md", "README.zh-CN.md"]
)
def test_the_first_example_of_a_readme_buys(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], readme: str
) -> None:
    example = snippets(ROOT / readme)[0]
    assert len(example.splitlines()) <= 20
    monkeypatch.setenv("COMMISSARY_URL", shop.line.url)
    monkeypatch.setenv("COMMISSARY_KEY", shop.buyer.key_id)
    monkeypatch.setenv("COMMISSARY_SECRET", shop.buyer.secret)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    exec(example, {})  # noqa: S102
    [order_id] = shop.bought()
    codes = shop.client().order(order_id).codes
    assert codes
    printed = capsys.readouterr().out
    for code in codes:
        assert code.secret in printed


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
async def test_the_webhook_example_of_the_readme_handles_a_delivery_once(
    mall: Mall, shop: Shop, readme: str
) -> None:
    secret, handled = await listening(mall, shop), []
    [example] = [
        snippet for snippet in snippets(ROOT / "sdk" / "python" / readme) if "def receive" in snippet
    ]
    assert '"whsec_…"' in example
    seen: dict[str, Any] = {
        "already_handled": lambda event_id: event_id in [done for done, _ in handled],
        "handle": lambda kind, data: handled.append((got.id, data["client_order_no"])),
    }
    exec(example.replace("whsec_…", secret), seen)  # noqa: S102
    order = shop.client().place("PO-1", Line(shop.sku))
    got = await delivered(mall, order.id)
    seen["receive"](got.headers, got.body)
    seen["receive"](got.headers, got.body)
    assert handled == [(got.id, "PO-1")]
