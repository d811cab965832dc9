"""One call of `place` is at most one order of the real mall, and its answer is the truth, whatever the line does."""

import itertools
import json
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest
from bad_line import MISHAPS
from commissary_sdk import (
    AsyncCommissary,
    ClientCredentials,
    Commissary,
    CommissaryError,
    IdempotencyConflict,
    Line,
    Money,
    NoAnswer,
    Order,
    OutcomeUnknown,
    Placement,
    Purchase,
    Refused,
    Retry,
    SigningKey,
    Unauthorized,
    talk,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop import HASTY, Shop

from commissary.base import money
from commissary.base.errors import Refusal, RequestRefusal
from commissary.base.errors import Refused as ServerSays
from commissary.base.http import problem_of
from commissary.orders.types import OrderRefusal
from commissary.orders.wire import OrderOut
from world import free_port

POST, ASK = "POST /v1/orders", "GET /v1/orders"
BATCH = "POST /v1/orders/batch"
GRANT = "POST /oauth/token"


def test_a_plain_purchase_brings_its_codes(shop: Shop) -> None:
    lines = [Line(shop.sku, 2, Money.of("9.90", "CNY")), Line(shop.other)]
    order = shop.client().place("PO-1", lines)
    assert order.status == "delivered"
    assert order.final
    assert order.total == Money.of("29.6250", "CNY")
    assert [line.unit_price for line in order.lines] == [Money.of("9.8750", "CNY")] * 2
    assert [len(line.codes) for line in order.lines] == [2, 1]
    assert len({code.secret for code in order.codes}) == 3
    assert order.created_at is not None
    assert order.created_at.tzinfo is not None
    assert shop.line.kinds == [POST]
    assert b'"max_unit_price":{"amount":"9.9000","currency":"CNY"}' in shop.line.passed[0].body
    assert shop.bought() == [order.id]


@pytest.mark.parametrize("mishap", MISHAPS)
def test_one_mishap_still_gives_exactly_the_one_order(shop: Shop, mishap: str) -> None:
    shop.line.mishaps[POST] = [mishap]
    order = shop.client().place("PO-1", Line(shop.sku, 2))
    assert [order.id] == shop.bought()
    assert len(order.codes) == 2
    assert len(set(shop.line.bodies(POST))) == 1


@pytest.mark.parametrize("mishap", MISHAPS)
async def test_the_client_with_await_behaves_alike(shop: Shop, mishap: str) -> None:
    shop.line.mishaps[POST] = [mishap]
    http = httpx.AsyncClient(trust_env=False)
    async with AsyncCommissary(shop.line.url, shop.key, retry=HASTY, timeout_s=1.0, http=http) as client:
        order = await client.place("PO-1", Line(shop.sku, 2))
    await http.aclose()
    assert [order.id] == shop.bought()


@pytest.mark.parametrize("mishap", ["resend", "lose_after", "slow_after", "fault_after", "page_after"])
def test_after_an_unknown_try_the_mall_is_asked_before_anything_is_sent(shop: Shop, mishap: str) -> None:
    shop.line.mishaps = {POST: [mishap], ASK: ["lose_before", "fault_after"]}
    shop.client(retry=Retry(tries=6, first_wait_s=0.001)).place("PO/1&a=%2B", Line(shop.sku))
    assert shop.line.kinds == [POST, ASK, ASK, ASK, POST]
    assert shop.line.passed[1].target == "/v1/orders?client_order_no=PO%2F1%26a%3D%252B"
    assert len(shop.bought("PO/1&a=%2B")) == 1


@pytest.mark.parametrize("mishap", ["limit", "fault_before"])
def test_after_a_certain_no_there_is_nothing_to_ask(shop: Shop, mishap: str) -> None:
    shop.line.mishaps[POST] = [mishap, mishap]
    shop.client().place("PO-1", Line(shop.sku))
    assert shop.line.kinds == [POST] * 3


def test_every_try_has_its_own_nonce(shop: Shop) -> None:
    shop.line.mishaps[POST] = ["lose_after", "lose_after"]
    shop.client().place("PO-1", Line(shop.sku))
    nonces = [request.headers["commissary-nonce"] for request in shop.line.passed]
    assert len(set(nonces)) == len(nonces) > 2


numbers = itertools.count(1)


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    on_post=st.lists(st.sampled_from([*(m for m in MISHAPS if m != "slow_after"), ""]), max_size=8),
    on_ask=st.lists(st.sampled_from(["lose_before", "lose_after", "fault_after", "limit", ""]), max_size=8),
    in_stock=st.booleans(),
)
def test_any_weather(shop: Shop, on_post: list[str], on_ask: list[str], in_stock: bool) -> None:
    number = f"PO-{next(numbers)}"
    sku, client = shop.sku if in_stock else shop.empty, shop.client()
    shop.line.mishaps = {POST: list(on_post), ASK: list(on_ask)}
    try:
        placed: Order | CommissaryError = client.place(number, Line(sku))
    except CommissaryError as error:
        placed = error
    bought = shop.bought(number)
    assert len(bought) <= (1 if in_stock else 0)
    if isinstance(placed, Order):
        assert [placed.id] == bought
    elif isinstance(placed, OutcomeUnknown):
        assert placed.client_order_no == number
    else:
        assert placed.outcome == "failed"
        assert bought == []
    # Tomorrow, under the same number, the call settles what was open.
    shop.line.mishaps = {}
    if in_stock:
        assert [client.place(number, Line(sku)).id] == shop.bought(number)
    else:
        with pytest.raises(Refused):
            client.place(number, Line(sku))


def test_when_no_answer_ever_comes_the_outcome_is_said_to_be_unknown(shop: Shop) -> None:
    shop.line.mishaps = {POST: ["lose_after"] * 9, ASK: ["lose_before"] * 9}
    with pytest.raises(OutcomeUnknown) as caught:
        shop.client().place("PO-1", Line(shop.sku))
    assert caught.value.outcome == "unknown"
    assert caught.value.client_order_no == "PO-1"
    assert len(shop.bought()) == 1


def test_an_order_found_by_asking_is_returned_when_replays_stay_unanswered(shop: Shop) -> None:
    shop.line.mishaps = {POST: ["lose_after"] * 9}
    assert [shop.client().place("PO-1", Line(shop.sku)).id] == shop.bought()


def test_a_number_used_for_other_goods_is_never_answered_with_the_old_order(shop: Shop) -> None:
    client = shop.client()
    client.place("PO-1", Line(shop.sku, 1))
    shop.line.mishaps = {POST: ["lose_after"]}
    with pytest.raises(IdempotencyConflict):
        client.place("PO-1", Line(shop.sku, 2))
    shop.line.mishaps = {POST: ["lose_after"] * 9}
    with pytest.raises(OutcomeUnknown):
        client.place("PO-1", Line(shop.sku, 2))
    assert len(shop.bought()) == 1


def test_a_refusal_after_an_unknown_try_is_believed_only_after_asking(shop: Shop) -> None:
    """The first try is still on its way while the second is refused; then the first may arrive."""
    shop.line.mishaps = {POST: ["lose_before"]}
    with pytest.raises(Refused) as caught:
        shop.client().place("PO-1", Line(shop.empty))
    assert caught.value.code == "out_of_stock"
    assert shop.line.kinds == [POST, ASK, POST, ASK]


def test_nobody_listening_is_a_certain_no(shop: Shop) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with (
        Commissary(url, shop.key, retry=HASTY, http=httpx.Client(trust_env=False)) as client,
        pytest.raises(NoAnswer) as caught,
    ):
        client.place("PO-1", Line(shop.sku))
    assert caught.value.outcome == "failed"


@pytest.mark.parametrize("ahead_s", [-4000.0, 4000.0])
def test_a_wrong_clock_is_mended_from_the_date_of_the_mall(shop: Shop, ahead_s: float) -> None:
    client = shop.client()
    client.session.clock = lambda: time.time() - ahead_s
    client.place("PO-1", Line(shop.sku))
    client.balance()
    assert abs(client.session.clock_offset_s - ahead_s) < 3
    assert shop.line.kinds == [POST, POST, "GET /v1/balance"]  # mended once, remembered afterwards
    assert len(shop.bought()) == 1


def test_a_wrong_secret_is_not_tried_again(shop: Shop) -> None:
    client = shop.client(credentials=SigningKey(shop.buyer.key_id, "sk_wrong"))
    with pytest.raises(Unauthorized) as caught:
        client.place("PO-1", Line(shop.sku))
    assert caught.value.code == "bad_signature"
    assert len(shop.line.passed) == 1


def credentials(shop: Shop) -> ClientCredentials:
    return ClientCredentials(shop.buyer.key_id, shop.buyer.secret)


def test_client_credentials_fetch_one_token_and_renew_a_dead_one(shop: Shop) -> None:
    client = shop.client(credentials=credentials(shop))
    client.place("PO-1", Line(shop.sku))
    client.place("PO-2", Line(shop.sku))
    shop.line.mishaps[POST] = ["expired"]
    client.place("PO-3", Line(shop.sku))
    assert shop.line.kinds == [GRANT, POST, POST, POST, GRANT, POST]
    assert len(shop.bought()) == 3


def test_no_token_means_that_nothing_was_sent(shop: Shop) -> None:
    shop.line.mishaps[GRANT] = ["lose_before", "fault_before", "limit"]
    shop.client(credentials=credentials(shop)).place("PO-1", Line(shop.sku))
    assert ASK not in shop.line.kinds
    client = shop.client(credentials=ClientCredentials(shop.buyer.key_id, "sk_wrong"))
    with pytest.raises(Unauthorized) as caught:
        client.place("PO-2", Line(shop.sku))
    assert caught.value.code == "bad_signature"


# Many at once


def batch_of(shop: Shop, count: int, *, empty_each: int = 0) -> list[Purchase]:
    def is_empty(n: int) -> bool:
        return bool(empty_each) and n % empty_each == 3

    return [Purchase(f"PO-{n}", Line(shop.empty if is_empty(n) else shop.sku)) for n in range(count)]


def test_a_batch_answers_each_in_its_place_a_thousand_to_a_request(shop: Shop) -> None:
    placements = shop.client(timeout_s=60).place_batch(batch_of(shop, 1200, empty_each=7))
    assert [placement.client_order_no for placement in placements] == [f"PO-{n}" for n in range(1200)]
    assert [n for n, p in enumerate(placements) if p.error] == [n for n in range(1200) if n % 7 == 3]
    assert shop.line.kinds == [BATCH, BATCH]
    assert placements[0].get().client_order_no == "PO-0"
    with pytest.raises(Refused, match="out_of_stock"):
        placements[3].get()
    assert {p.get().id for p in placements if p.order} == set(shop.bought())


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_batch_through_a_mishap_buys_each_once(shop: Shop, mishap: str) -> None:
    shop.line.mishaps[BATCH] = [mishap]
    placements = shop.client().place_batch(batch_of(shop, 20))
    assert sorted(placement.get().id for placement in placements) == sorted(shop.bought())
    assert len(shop.bought()) == 20


def test_a_batch_in_the_dark_says_unknown_for_each_and_finds_what_it_can(shop: Shop) -> None:
    client = shop.client()
    shop.line.mishaps = {BATCH: ["lose_after"] * 9}
    found = client.place_batch(batch_of(shop, 3))
    assert sorted(p.get().id for p in found) == sorted(shop.bought())
    shop.line.mishaps = {BATCH: ["lose_after"] * 9, ASK: ["lose_before"] * 9}
    lost = client.place_batch([Purchase("PO-x", Line(shop.sku)), Purchase("PO-y", Line(shop.sku))])
    assert [type(p.error) for p in lost] == [OutcomeUnknown, OutcomeUnknown]
    assert len(shop.bought()) == 5


def test_a_bad_line_in_a_batch_stops_it_before_anything_is_sent(shop: Shop) -> None:
    with pytest.raises(ValueError, match="quantity"):
        shop.client().place_batch([*batch_of(shop, 1200), Purchase("PO-z", Line(shop.sku, 0))])
    assert shop.line.passed == []


async def test_the_batch_with_await(shop: Shop) -> None:
    shop.line.mishaps[BATCH] = ["lose_after"]
    http = httpx.AsyncClient(trust_env=False)
    async with AsyncCommissary(shop.line.url, shop.key, retry=HASTY, http=http) as client:
        placements: list[Placement] = await client.place_batch(batch_of(shop, 5))
    await http.aclose()
    assert sorted(placement.get().id for placement in placements) == sorted(shop.bought())
    assert len(placements) == 5


def test_only_what_is_open_in_a_batch_is_sent_again() -> None:
    """Per-order troubles that no line can make: the conversation is played with the server's own words."""
    session = talk.Session("https://mall.example", SigningKey("k", "s"), HASTY)
    conversation = talk.place_batch(session, [Purchase(f"PO-{n}", Line("8001")) for n in range(4)])
    asked: list[list[str]] = []
    told = [
        [_order(0), _error(RequestRefusal.overloaded), _error(RequestRefusal.internal), _error(OrderRefusal.out_of_stock)],
        [_order(1), _order(2)],
    ]  # fmt: skip
    placements: list[Placement] = []
    reply: talk.Reply = None
    while not placements:
        try:
            step = conversation.send(reply)
        except StopIteration as end:
            placements = end.value
            break
        reply = None
        if isinstance(step, talk.Send):
            asked.append([order["client_order_no"] for order in json.loads(step.body)["orders"]])
            reply = talk.Answer(200, {}, msgspec.json.encode({"results": told[len(asked) - 1]}))
    assert asked == [["PO-0", "PO-1", "PO-2", "PO-3"], ["PO-1", "PO-2"]]
    assert [type(p.error).__name__ for p in placements] == ["NoneType"] * 3 + ["Refused"]


def _order(n: int) -> dict[str, Any]:
    total, at = money.of(0, "CNY"), datetime(2026, 1, 1, tzinfo=UTC)
    return {"order": OrderOut(str(n + 1), f"H-{n}", f"PO-{n}", "delivered", total, [], "5", at)}


def _error(refusal: Refusal) -> dict[str, Any]:
    return {"error": problem_of(ServerSays(refusal), "r-1")}
