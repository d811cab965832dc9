"""One call of `place` is at most one order, and its answer is the truth, whatever happens on the way."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
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
)
from contract_mall import CLIENT_ID, CLIENT_SECRET, KEY, MISHAPS, SECRET, ContractMall
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

POST, ASK = "POST /v1/orders", "GET /v1/orders"
BATCH = "POST /v1/orders/batch"
HASTY = Retry(tries=4, first_wait_s=0.001, longest_wait_s=0.01)
# `retryable` as the server says it: another day, not within one call.
OUT_OF_STOCK = {"status": 409, "code": "out_of_stock", "retryable": True}


def buyer(mall: ContractMall, **options: Any) -> Commissary:
    options = {"retry": HASTY, "timeout_s": 0.3, **options}
    credentials = options.pop("credentials", SigningKey(KEY, SECRET))
    return Commissary(mall.url, credentials, http=httpx.Client(trust_env=False), **options)


def test_a_plain_purchase_brings_its_codes(mall: ContractMall) -> None:
    with buyer(mall) as shop:
        order = shop.place("PO-1", [Line("8001", 2, Money.of("9.90", "CNY")), Line("8002")])
    assert order.status == "delivered"
    assert order.final
    assert order.total == Money.of("9.8750", "CNY")
    assert [code.number for code in order.codes] == ["N0", "N1", "N0"]
    assert order.codes[0].secret == f"{order.id}-1-0"
    assert order.codes[0].expires_at is not None
    assert order.codes[0].expires_at.tzinfo is not None
    assert mall.requests == [("POST", "/v1/orders")]
    assert b'"max_unit_price":{"amount":"9.9000","currency":"CNY"}' in mall.order_bodies[0]


@pytest.mark.parametrize("mishap", MISHAPS)
def test_one_mishap_still_gives_exactly_the_one_order(mall: ContractMall, mishap: str) -> None:
    mall.mishaps[POST] = [mishap]
    with buyer(mall) as shop:
        order = shop.place("PO-1", Line("8001", 2))
    assert [order.id] == [made["id"] for made in mall.orders]
    assert len(order.codes) == 2
    assert len(set(mall.order_bodies)) == 1


@pytest.mark.parametrize("mishap", MISHAPS)
async def test_the_client_with_await_behaves_alike(mall: ContractMall, mishap: str) -> None:
    mall.mishaps[POST] = [mishap]
    http = httpx.AsyncClient(trust_env=False)
    async with AsyncCommissary(
        mall.url, SigningKey(KEY, SECRET), retry=HASTY, timeout_s=0.3, http=http
    ) as shop:
        order = await shop.place("PO-1", Line("8001", 2))
    await http.aclose()
    assert [order.id] == [made["id"] for made in mall.orders]


@pytest.mark.parametrize("mishap", ["resend", "lose_after", "slow_after", "fault_after", "page_after"])
def test_after_an_unknown_try_the_mall_is_asked_before_anything_is_sent(
    mall: ContractMall, mishap: str
) -> None:
    mall.mishaps[POST] = [mishap]
    mall.mishaps[ASK] = ["lose_before", "fault_after"]
    with buyer(mall, retry=Retry(tries=6, first_wait_s=0.001)) as shop:
        shop.place("PO/1 号", Line("8001"))
    asked = ("GET", "/v1/orders?client_order_no=PO%2F1%20%E5%8F%B7")
    assert mall.requests == [("POST", "/v1/orders"), asked, asked, asked, ("POST", "/v1/orders")]


@pytest.mark.parametrize("mishap", ["limit", "fault_before"])
def test_after_a_certain_no_there_is_nothing_to_ask(mall: ContractMall, mishap: str) -> None:
    mall.mishaps[POST] = [mishap, mishap]
    with buyer(mall) as shop:
        shop.place("PO-1", Line("8001"))
    assert mall.requests == [("POST", "/v1/orders")] * 3


def test_every_try_has_its_own_nonce(mall: ContractMall) -> None:
    mall.mishaps[POST] = ["lose_after", "lose_after"]
    with buyer(mall) as shop:
        shop.place("PO-1", Line("8001"))
    assert len(mall.nonces) == len(mall.requests)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    on_post=st.lists(st.sampled_from([*(m for m in MISHAPS if m != "slow_after"), ""]), max_size=8),
    on_ask=st.lists(st.sampled_from(["lose_before", "lose_after", "fault_after", "limit", ""]), max_size=8),
    stock_units=st.sampled_from([0, 1, 9]),
)
def test_any_weather(on_post: list[str], on_ask: list[str], stock_units: int) -> None:
    with ContractMall() as mall, buyer(mall) as shop:
        mall.mishaps = {POST: list(on_post), ASK: list(on_ask)}
        mall.stock_units = stock_units
        [placed] = outcomes(shop, "PO-1")
        if isinstance(placed, Order):
            assert [placed.id] == [made["id"] for made in mall.orders]
        elif isinstance(placed, OutcomeUnknown):
            assert placed.client_order_no == "PO-1"
        else:
            assert placed.outcome == "failed"
            assert mall.orders == []
        assert len(mall.orders) <= 1
        # Tomorrow, under the same number, the call settles what was open.
        mall.mishaps = {}
        before = len(mall.orders)
        if before or stock_units:
            assert shop.place("PO-1", Line("8001")).id == mall.orders[0]["id"]
        assert len(mall.orders) == (1 if stock_units else before)


def outcomes(shop: Commissary, *numbers: str) -> list[Order | CommissaryError]:
    """What `place` gave, returned or raised."""
    given: list[Order | CommissaryError] = []
    for number in numbers:
        try:
            given.append(shop.place(number, Line("8001")))
        except CommissaryError as error:
            given.append(error)
    return given


def test_when_no_answer_ever_comes_the_outcome_is_said_to_be_unknown(mall: ContractMall) -> None:
    mall.mishaps = {POST: ["lose_after"] * 9, ASK: ["lose_before"] * 9}
    with buyer(mall) as shop, pytest.raises(OutcomeUnknown) as caught:
        shop.place("PO-1", Line("8001"))
    assert caught.value.outcome == "unknown"
    assert caught.value.client_order_no == "PO-1"
    assert len(mall.orders) == 1


def test_an_order_found_by_asking_is_returned_when_replays_stay_unanswered(mall: ContractMall) -> None:
    mall.mishaps = {POST: ["lose_after"] * 9}
    with buyer(mall) as shop:
        assert shop.place("PO-1", Line("8001")).id == mall.orders[0]["id"]


def test_a_number_used_for_other_goods_is_never_answered_with_the_old_order(mall: ContractMall) -> None:
    with buyer(mall) as shop:
        shop.place("PO-1", Line("8001", 1))
        mall.mishaps = {POST: ["lose_after"]}
        with pytest.raises(IdempotencyConflict):
            shop.place("PO-1", Line("8001", 2))
        mall.mishaps = {POST: ["lose_after"] * 9}
        with pytest.raises(OutcomeUnknown):
            shop.place("PO-1", Line("8001", 2))
    assert len(mall.orders) == 1


def test_a_refusal_after_an_unknown_try_is_believed_only_after_asking(mall: ContractMall) -> None:
    """The first try is still on its way while the second is refused; then the first arrives."""
    mall.mishaps = {POST: ["lose_before"]}
    mall.refusals["8001"] = OUT_OF_STOCK
    with buyer(mall) as shop, pytest.raises(Refused) as caught:
        shop.place("PO-1", Line("8001"))
    assert caught.value.code == "out_of_stock"
    methods = [method for method, _ in mall.requests]
    assert methods == ["POST", "GET", "POST", "GET"]


def test_a_refusal_is_raised_at_once_with_its_facts(mall: ContractMall) -> None:
    mall.refusals["8001"] = {
        **OUT_OF_STOCK,
        "available": 3,
        "fields": [{"path": "lines[0].quantity", "message": "3 left"}],
    }
    with buyer(mall) as shop, pytest.raises(Refused) as caught:
        shop.place("PO-1", Line("8001", 5))
    error = caught.value
    assert (error.code, error.status, error.outcome, error.retryable) == (
        "out_of_stock",
        409,
        "failed",
        True,
    )
    assert error.fields[0].path == "lines[0].quantity"
    assert error.request_id == "req-1"
    assert error.facts == {"available": 3}
    assert len(mall.requests) == 1


def test_nobody_listening_is_a_certain_no() -> None:
    with ContractMall() as mall:
        shop = buyer(mall)
    with pytest.raises(NoAnswer) as caught:
        shop.place("PO-1", Line("8001"))
    assert caught.value.outcome == "failed"


def test_more_patience_than_the_caller_has_is_not_waited_for(mall: ContractMall) -> None:
    with buyer(mall, retry=Retry(tries=3, longest_wait_s=0.001)) as shop:
        mall.refusals["8001"] = {"status": 503, "code": "draining", "retryable": True}
        with pytest.raises(CommissaryError):
            shop.place("PO-1", Line("8001"))
    assert len(mall.requests) == 3


@pytest.mark.parametrize("clock_ahead_s", [-4000.0, 4000.0])
def test_a_wrong_clock_is_mended_from_the_date_of_the_mall(mall: ContractMall, clock_ahead_s: float) -> None:
    mall.clock_ahead_s = clock_ahead_s
    with buyer(mall) as shop:
        shop.place("PO-1", Line("8001"))
        shop.balance()
        assert abs(shop.session.clock_offset_s - clock_ahead_s) < 3
    assert mall.paths("POST") == ["/v1/orders"] * 2  # mended once, remembered afterwards
    assert mall.paths("GET") == ["/v1/balance"]
    assert len(mall.orders) == 1


def test_a_wrong_secret_is_not_tried_again(mall: ContractMall) -> None:
    with buyer(mall, credentials=SigningKey(KEY, "wrong")) as shop, pytest.raises(Unauthorized) as caught:
        shop.place("PO-1", Line("8001"))
    assert caught.value.code == "signature_invalid"
    assert len(mall.requests) == 1


def test_client_credentials_fetch_one_token_and_renew_a_revoked_one(mall: ContractMall) -> None:
    with buyer(mall, credentials=ClientCredentials(CLIENT_ID, CLIENT_SECRET)) as shop:
        shop.place("PO-1", Line("8001"))
        shop.place("PO-2", Line("8001"))
        mall.tokens.clear()
        shop.place("PO-3", Line("8001"))
    token, order = "/oauth/token", "/v1/orders"
    assert mall.paths("POST") == [token, order, order, order, token, order]
    assert len(mall.orders) == 3


def test_no_token_means_that_nothing_was_sent(mall: ContractMall) -> None:
    mall.mishaps["POST /oauth/token"] = ["lose_before", "fault_before", "limit"]
    with buyer(mall, credentials=ClientCredentials(CLIENT_ID, CLIENT_SECRET)) as shop:
        shop.place("PO-1", Line("8001"))
    assert mall.paths("GET") == []
    with buyer(mall, credentials=ClientCredentials("x", "y")) as shop, pytest.raises(Unauthorized) as caught:
        shop.place("PO-2", Line("8001"))
    assert caught.value.code == "invalid_client"


def batch_of(count: int) -> list[Purchase]:
    return [Purchase(f"PO-{n}", Line(str(n % 7))) for n in range(count)]


def test_a_batch_answers_each_in_its_place_a_thousand_to_a_request(mall: ContractMall) -> None:
    mall.refusals["3"] = OUT_OF_STOCK
    with buyer(mall, timeout_s=30) as shop:
        placements = shop.place_batch(batch_of(1500))
    assert [placement.client_order_no for placement in placements] == [f"PO-{n}" for n in range(1500)]
    assert [n % 7 for n, p in enumerate(placements) if p.error] == [3] * len(
        [n for n in range(1500) if n % 7 == 3]
    )
    assert mall.requests == [("POST", "/v1/orders/batch")] * 2
    assert placements[0].get().client_order_no == "PO-0"
    with pytest.raises(Refused):
        placements[3].get()


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_batch_through_a_mishap_buys_each_once(mall: ContractMall, mishap: str) -> None:
    mall.mishaps[BATCH] = [mishap]
    with buyer(mall) as shop:
        placements = shop.place_batch(batch_of(20))
    assert [placement.get().id for placement in placements] == [made["id"] for made in mall.orders]
    assert len(mall.orders) == 20


def test_only_what_is_open_in_a_batch_is_sent_again(mall: ContractMall) -> None:
    mall.refuse_once["2"] = {"status": 429, "code": "overloaded", "retryable": True}
    mall.refuse_once["5"] = {"status": 500, "code": "internal", "outcome": "unknown", "retryable": True}
    mall.refusals["6"] = OUT_OF_STOCK
    with buyer(mall) as shop:
        placements = shop.place_batch(batch_of(7))
    assert [type(p.error).__name__ for p in placements] == ["NoneType"] * 6 + ["Refused"]
    assert len(mall.orders) == 6
    assert mall.batch_sizes == [7, 2]


def test_a_batch_in_the_dark_says_unknown_for_each_and_finds_what_it_can(mall: ContractMall) -> None:
    mall.mishaps = {BATCH: ["lose_after"] * 9}
    with buyer(mall) as shop:
        found = shop.place_batch(batch_of(3))
        assert [p.get().id for p in found] == [made["id"] for made in mall.orders]
        mall.mishaps = {BATCH: ["lose_after"] * 9, ASK: ["lose_before"] * 9}
        lost = shop.place_batch([Purchase("PO-x", Line("1")), Purchase("PO-y", Line("1"))])
    assert [type(p.error) for p in lost] == [OutcomeUnknown, OutcomeUnknown]
    assert len(mall.orders) == 5


def test_a_bad_line_in_a_batch_stops_it_before_anything_is_sent(mall: ContractMall) -> None:
    with buyer(mall) as shop, pytest.raises(ValueError, match="quantity"):
        shop.place_batch([*batch_of(1200), Purchase("PO-z", Line("1", 0))])
    assert mall.requests == []


async def test_the_batch_with_await(mall: ContractMall) -> None:
    mall.mishaps[BATCH] = ["lose_after"]
    http = httpx.AsyncClient(trust_env=False)
    place: Callable[[list[Purchase]], Awaitable[list[Placement]]]
    async with AsyncCommissary(mall.url, SigningKey(KEY, SECRET), retry=HASTY, http=http) as shop:
        place = shop.place_batch
        orders: list[Order] = [placement.get() for placement in await place(batch_of(5))]
    await http.aclose()
    assert len({order.id for order in orders}) == len(mall.orders) == 5
