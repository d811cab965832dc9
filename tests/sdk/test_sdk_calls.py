"""Without a network: conversations played by hand, the bytes on the wire, and what must never leak."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest
from commissary_sdk import (
    ClientCredentials,
    Code,
    Commissary,
    CommissaryError,
    EndUser,
    InvalidRequest,
    Line,
    Money,
    NotFound,
    OrderLine,
    Purchase,
    Refused,
    Retry,
    ServerFault,
    SigningKey,
    UnexpectedAnswer,
    talk,
    wire,
)
from commissary_sdk.errors import from_problem
from hypothesis import given
from hypothesis import strategies as st

from commissary.base.money import Money as WireMoney
from commissary.orders.wire import LineOut, OrderOut

HASTY = Retry(tries=4, first_wait_s=0.001, longest_wait_s=0.01)
KEY, SECRET = "ck_1_example", "sk_example-secret-0123456789"
ONE = WireMoney("1.0000", "CNY")


def order_json(**other: Any) -> Any:
    """An order as the server writes one."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    plain = {"id": "7", "order_no": "H-7", "client_order_no": "PO-1", "status": "delivered", "total": ONE}
    told = plain | {"lines": [], "decision_id": "5", "created_at": at} | other
    return json.loads(msgspec.json.encode(OrderOut(**told)))


def test_a_status_from_the_future_is_not_final() -> None:
    assert not wire.order(order_json(status="teleporting")).final


def test_another_orders_row_is_never_taken_for_ours() -> None:
    """As a server would answer that ignores the filter."""
    row = order_json(client_order_no="other")
    assert talk._only_order({"items": [row], "next": None}, "PO-1") is None


def test_secrets_stay_out_of_repr() -> None:
    code = Code("QX7M-22KD", "N-1")
    line = OrderLine(1, "8001", 1, Money.of("1", "CNY"), "delivered", (code,))
    session = talk.Session("https://mall.example", SigningKey(KEY, SECRET))
    session.token = "cb_token"  # noqa: S105
    for thing in (code, line, session, SigningKey(KEY, SECRET), ClientCredentials(KEY, SECRET)):
        for secret in ("QX7M-22KD", SECRET, "cb_token"):
            assert secret not in repr(thing)


@pytest.mark.parametrize(
    "url",
    [
        "http://mall.example",
        "ftp://mall.example",
        "mall.example",
        "https://u:p@mall.example",
        "https://m/?a=1",
    ],
)
def test_an_unsafe_base_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"http|base URL"):
        Commissary(url, SigningKey(KEY, SECRET))


def test_a_redirect_is_not_followed_and_not_retried() -> None:
    seen: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(301, headers={"Location": "https://elsewhere.example"})

    http = httpx.Client(transport=httpx.MockTransport(elsewhere))
    with (
        Commissary("https://mall.example", SigningKey(KEY, SECRET), retry=HASTY, http=http) as shop,
        pytest.raises(UnexpectedAnswer),
    ):
        shop.place("PO-1", Line("8001"))
    assert seen == ["https://mall.example/v1/orders"]


@given(st.text(min_size=1).filter(lambda text: text.isprintable()), st.sampled_from(["", "/mall", "/a%20b"]))
def test_what_is_signed_is_what_is_sent(number: str, prefix: str) -> None:
    """httpx tidies URLs; if it changed ours after signing, the mall would refuse us."""
    session = talk.Session(f"https://mall.example{prefix}", SigningKey(KEY, SECRET))
    conversation = talk.find_order(session, number)
    send = next(conversation)
    assert isinstance(send, talk.Send)
    request = httpx.Request(send.method, f"https://mall.example{send.target}")
    assert request.url.raw_path.decode() == send.target
    if number not in (".", ".."):
        send = next(talk.order_by_id(session, number))
        assert isinstance(send, talk.Send)
        request = httpx.Request(send.method, f"https://mall.example{send.target}")
        assert request.url.raw_path.decode() == send.target


@pytest.mark.parametrize("order_id", ["", ".", ".."])
def test_an_order_id_cannot_climb_the_path(order_id: str) -> None:
    session = talk.Session("https://mall.example", SigningKey(KEY, SECRET))
    with pytest.raises(ValueError, match="order id"):
        next(talk.cancel(session, order_id, None))


def test_what_a_correction_says_and_what_asks_for_it() -> None:
    session = talk.Session("https://mall.example", SigningKey(KEY, SECRET))
    send = next(talk.correct(session, "7", 2, {"phone": "13800000000", "area": "沪"}, "k"))
    assert isinstance(send, talk.Send)
    assert (send.method, send.target) == ("POST", "/v1/orders/7/lines/2/fields")
    assert json.loads(send.body) == {"fields": {"area": "沪", "phone": "13800000000"}}
    money = {"amount": "1.0000", "currency": "CNY"}
    line = {"line_no": 1, "sku_id": "8", "quantity": 1, "delivered": 0, "unit_price": money, "amount": money}
    line |= {"status": "waiting", "fix": {"field": "phone", "until": "2026-01-02T03:04:05Z"}}
    told = {"id": "7", "client_order_no": "a", "status": "processing", "total": money, "lines": [line]}
    told |= {"decision_id": "1", "order_no": "1-7", "created_at": "2026-01-01T03:04:05Z"}
    [read] = wire.order(told).lines
    assert read.fix is not None
    assert (read.fix.field, read.fix.until.isoformat()) == ("phone", "2026-01-02T03:04:05+00:00")


def test_the_same_purchase_is_the_same_bytes_however_it_is_written() -> None:
    fields = {"phone": "13800000000", "area": "沪"}
    first = Purchase(
        "PO-1", Line("1", 1, Money.of("9.9", "CNY"), fields), end_user=EndUser("203.0.113.9", "dev")
    )
    again = Purchase("PO-1", [Line("1", 1, Money.of(Decimal("9.90"), "CNY"), dict(reversed(fields.items())))])
    one, two = wire.purchase_json(first), wire.purchase_json(again)
    assert one.pop("end_user") == {"ip": "203.0.113.9", "device_id": "dev"}
    assert wire.dump(one) == wire.dump(two)
    assert wire.dump(two).decode() == (
        '{"client_order_no":"PO-1","lines":[{"sku_id":"1","quantity":1,"max_unit_price":{"amount":"9.9000","currency":"CNY"},'
        '"fields":{"area":"沪","phone":"13800000000"}}]}'
    )


@pytest.mark.parametrize("price", ["9.87501", "NaN", "Infinity", "cheap", 9.9, "1e-9"])
def test_a_price_that_is_not_exact_money_is_refused(price: Any) -> None:
    with pytest.raises(ValueError, match=r"float|amount"):
        wire.purchase_json(Purchase("PO-1", Line("1", 1, Money(price, "CNY"))))


@pytest.mark.parametrize("quantity", [0, -1, 1.0, True, "2"])
def test_a_quantity_is_a_positive_whole_number(quantity: Any) -> None:
    with pytest.raises(ValueError, match="quantity"):
        wire.purchase_json(Purchase("PO-1", Line("1", quantity)))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:09 GMT", "date": "Thu, 01 Jan 2026 00:00:04 GMT"}, 5.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:00 GMT", "date": "Thu, 01 Jan 2026 00:00:04 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_in_both_spellings(headers: Mapping[str, str], seconds: float | None) -> None:
    assert talk._retry_after_s(talk.Answer(429, headers, b"")) == seconds


def test_the_pauses_of_a_conversation() -> None:
    """The conversation needs no socket: here it is played with recorded answers."""
    limited = talk.Answer(
        429, {"retry-after": "3"}, b'{"code":"overloaded","retryable":true,"outcome":"failed"}'
    )
    broken = talk.Lost(sent=False, reason="refused")
    session = talk.Session("https://mall.example", SigningKey(KEY, SECRET), Retry(tries=5, first_wait_s=1.0))
    session.chance = lambda: 1.0
    conversation = talk.balance(session)
    replies: list[talk.Answer | talk.Lost] = [limited, broken, broken, broken, broken]
    waits: list[float] = []
    with pytest.raises(CommissaryError):
        play(conversation, replies, waits)
    assert waits == [4.0, 2.0, 4.0, 8.0]
    assert replies == []


def play(conversation: talk.Talk[Any], replies: list[talk.Answer | talk.Lost], waits: list[float]) -> None:
    step = next(conversation)
    while True:
        if isinstance(step, talk.Wait):
            waits.append(step.seconds)
            step = conversation.send(None)
        else:
            step = conversation.send(replies.pop(0))


def test_a_wait_beyond_our_patience_ends_the_call() -> None:
    session = talk.Session("https://mall.example", SigningKey(KEY, SECRET))
    conversation = talk.place(session, Purchase("PO-1", Line("1")))
    assert isinstance(next(conversation), talk.Send)
    with pytest.raises(CommissaryError, match="overloaded"):
        conversation.send(
            talk.Answer(429, {"retry-after": "3600"}, b'{"code":"overloaded","retryable":true}')
        )


@pytest.mark.parametrize(
    ("status", "problem", "kind", "outcome", "retryable"),
    [
        (
            422,
            {"code": "invalid_request", "fields": [{"path": "a", "message": "b"}]},
            InvalidRequest,
            "failed",
            False,
        ),
        (422, {"code": "price_above_max"}, Refused, "failed", False),
        (409, {"code": "insufficient_balance"}, Refused, "failed", False),
        (404, {"code": "sku_unknown"}, Refused, "failed", False),
        (403, {"code": "risk_refused"}, Refused, "failed", False),
        (500, {"code": "internal", "outcome": "unknown", "retryable": True}, ServerFault, "unknown", True),
        (502, {}, ServerFault, "unknown", True),
        (503, {"code": "draining", "outcome": "failed", "retryable": True}, ServerFault, "failed", True),
        (409, {"code": "in_flight", "outcome": "pending", "retryable": True}, Refused, "pending", True),
        (404, {"code": "sku_not_found", "outcome": "nonsense"}, NotFound, "failed", False),
    ],
)
def test_a_problem_becomes_its_exception(
    status: int, problem: Mapping[str, Any], kind: type[Exception], outcome: str, retryable: bool
) -> None:
    error = from_problem(status, problem)
    assert (type(error), error.outcome, error.retryable) == (kind, outcome, retryable)
    assert error.code == problem.get("code", f"http_{status}")


def test_a_bundle_comes_back_as_its_parts_and_is_still_the_same_purchase() -> None:
    def line(sku_id: str, quantity: int, bundle_id: str | None) -> LineOut:
        return LineOut(1, sku_id, quantity, quantity, ONE, ONE, "delivered", bundle_id=bundle_id)

    found = wire.order(order_json(lines=[line("1", 2, "9"), line("2", 4, "9"), line("3", 1, None)]))
    assert talk._same_goods(found, Purchase("a", [Line("9", 2), Line("3", 1)]))
    assert not talk._same_goods(found, Purchase("a", [Line("9", 2), Line("3", 2)]))
    assert not talk._same_goods(found, Purchase("a", [Line("3", 1)]))


def test_odd_shapes_of_a_problem_do_not_hide_it() -> None:
    error = from_problem(500, {"code": 7, "fields": "x", "detail": None, "request_id": 5})
    assert (error.code, error.fields, error.request_id) == ("7", (), "5")
