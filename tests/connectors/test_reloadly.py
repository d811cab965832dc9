"""Reloadly: what is sent, what a card costs, and when an order is over."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.connectors.rig import AT_MS, CARD, Rig

from commissary import supply
from commissary.simulators import Asked, Said
from commissary.supply.connectors.reloadly import Reloadly
from commissary.supply.types import (
    NOT_FOUND,
    Code,
    Connection,
    Conversation,
    Fault,
    Forged,
    Good,
    Outcome,
    Page,
    Purchase,
    Request,
    Response,
    Silence,
    Unreadable,
)

Change = Callable[[Any], object]
AUTH, CARDS = "https://auth.reloadly.com", "https://giftcards.reloadly.com"
ACCEPT = "application/com.reloadly.giftcards-v1+json"
TYPE = {"content-type": "application/json"}
HEADERS = {"Accept": ACCEPT, "Authorization": "Bearer T"}
PRODUCT: dict[str, Any] = {
    "productId": 1,
    "productName": "Pets",
    "senderFee": 205.29,
    "discountPercentage": 7.5,
    "denominationType": "FIXED",
    "recipientCurrencyCode": "USD",
    "senderCurrencyCode": "NGN",
    "fixedRecipientToSenderDenominationsMap": [{"25.00": 10264.5}, {"50.00": 20529}],
}
ORDER: dict[str, Any] = {
    "transactionId": 815,
    "amount": 17.52,
    "currencyCode": "NGN",
    "customIdentifier": "R/1",
    "status": "SUCCESSFUL",
    "product": {"quantity": 1},
}


def connector() -> Reloadly:
    return Reloadly(Connection(f"{AUTH} {CARDS}", "id-1", "secret-1", "NGN"))


def ok(told: object) -> Response:
    return Response(200, json.dumps(told).encode())


def page(*found: object) -> Response:
    return ok({"content": found, "last": True, "totalElements": len(found)})


def asked(conversation: Conversation[Any], *answers: Response) -> list[Request]:
    """All that is sent, when the token comes and then these answers."""
    sent = [next(conversation)]
    for answer in (ok({"access_token": "T"}), *answers):
        try:
            sent.append(conversation.send(answer))
        except StopIteration:
            break
    return sent


def goods_of(*products: dict[str, Any], currency: str = "NGN") -> tuple[Good, ...]:
    conversation = Reloadly(Connection(CARDS, "", "", currency)).goods(AT_MS)
    next(conversation)
    conversation.send(ok({"access_token": "T"}))
    with pytest.raises(StopIteration) as end:
        conversation.send(page(*products))
    found = end.value.value
    assert isinstance(found, Page)
    return found.goods


def no(code: object, message: object = "why", status: int = 400) -> Said:
    told = {"message": message, "path": "/orders", "errorCode": code, "details": []}
    return Said(status, json.dumps(told).encode())


def instead(rig: Rig, method: str, path: str, said: Said) -> None:
    honest = rig.answer
    rig.answer = lambda asked: said if (asked.method, asked.path) == (method, path) else honest(asked)


def bent(rig: Rig, path: str, change: Change) -> None:
    """An honest answer, changed; or another, if the change returns one."""
    honest = rig.answer

    def answer(asked: Asked) -> Said | None:
        said = honest(asked)
        if said is None or not asked.path.endswith(path):
            return said
        told = json.loads(said.body)
        other = change(told)
        return Said(said.status, json.dumps(told if other is None else other).encode())

    rig.answer = answer


def test_an_order_is_a_token_a_look_at_the_price_and_the_order() -> None:
    purchase = Purchase("R/1", "1:25", 3, 104_697_900, callback_url="https://mall.example")
    token, look, order, cards = asked(connector().place(AT_MS, purchase), ok(PRODUCT), ok(ORDER))
    assert (token.method, token.url) == ("POST", "https://auth.reloadly.com/oauth/token")
    assert token.headers["Content-Type"] == "application/json"
    assert json.loads(token.body) == {
        "client_id": "id-1",
        "client_secret": "secret-1",
        "grant_type": "client_credentials",
        "audience": "https://giftcards.reloadly.com",
    }
    assert look == Request("GET", f"{CARDS}/products/1", HEADERS)
    assert order == Request(
        "POST",
        f"{CARDS}/orders",
        HEADERS | {"Content-Type": "application/json"},
        b'{"productId":1,"quantity":3,"unitPrice":25,"customIdentifier":"R/1","senderName":"Commissary"}',
    )
    assert cards == Request("GET", f"{CARDS}/orders/transactions/815/cards", HEADERS)


def test_questions() -> None:
    one = connector()
    assert asked(one.balance(AT_MS))[1] == Request("GET", f"{CARDS}/accounts/balance", HEADERS)
    assert asked(one.goods(AT_MS, "2"))[1].url == (
        f"{CARDS}/products?size=200&page=2&includeRange=false&includeFixed=true"
    )
    assert asked(one.query(AT_MS, "R/1&x=ü"))[1].url == (
        f"{CARDS}/reports/transactions?customIdentifier=R%2F1%26x%3D%C3%BC&size=200&page=1"
    )
    assert asked(one.good(AT_MS, "../orders:5"))[1].url == f"{CARDS}/products/..%2Forders"
    alone = Reloadly(Connection(CARDS, "a", "s"))
    assert next(alone.balance(AT_MS)).url == f"{CARDS}/oauth/token"


@pytest.mark.parametrize(
    ("costs", "fee", "share", "price_e4"),
    [
        (10264.5, 205.29, None, 104_697_900),
        (5.00, 1.0, 0.0, 60_000),
        (1.23401, 1.00, 0.0, 22_341),
        (9.99, 0.5, 1, 105_899),
        (9.99, 0.5, 1.5, 106_399),  # 10.63985
        (0, 0, 0, None),
        (10, -1, 0, None),
        (10, "x", 0, None),
        (10, 1, -1, None),
        (10, 1, [5], None),
        (True, 1, 0, None),
        (None, 1, 0, None),
        (10, None, 0, None),
        (10**30, 0, 0, None),
        ("NaN", 0, 0, None),
    ],
)
def test_what_a_card_costs(costs: Any, fee: Any, share: Any, price_e4: int | None) -> None:
    """At the most: with both fees and without the discount; up, where it does not come out even."""
    product = PRODUCT | {
        "senderFee": fee,
        "senderFeePercentage": share,
        "fixedRecipientToSenderDenominationsMap": {"25.0": costs},
    }
    if price_e4 is None:
        with pytest.raises(Unreadable):
            goods_of(product)
    else:
        assert [good.price_e4 for good in goods_of(product)] == [price_e4]


def test_a_good_for_each_face_value_and_none_for_free_amounts() -> None:
    free = PRODUCT | {"denominationType": "RANGE", "fixedRecipientToSenderDenominationsMap": None}
    personal = PRODUCT | {"additionalRequirements": {"userIdRequired": True}}
    listed = goods_of(PRODUCT, free, personal)
    assert [(good.id, good.name) for good in listed] == [("1:25", "Pets 25 USD"), ("1:50", "Pets 50 USD")]
    mapped = PRODUCT | {"fixedRecipientToSenderDenominationsMap": {"100.0": 10264.5, "11.99": 20529}}
    assert [good.id for good in goods_of(mapped)] == ["1:100", "1:11.99"]
    assert {good.face_value_e4 for good in listed} == {None}  # in another currency
    ours = goods_of(PRODUCT | {"senderCurrencyCode": "USD"}, currency="USD")
    assert [good.face_value_e4 for good in ours] == [250_000, 500_000]
    for status, on_sale in (("ACTIVE", True), ("INACTIVE", False), ("surprise", False), (None, False)):
        assert goods_of(PRODUCT | {"status": status})[0].on_sale is on_sale
    for wrong in (
        {"senderCurrencyCode": "USD"},
        {"denominationType": "surprise"},
        {"additionalRequirements": ["userIdRequired"]},
        {"fixedRecipientToSenderDenominationsMap": {"-5": 1}},
        {"fixedRecipientToSenderDenominationsMap": {"0": 1}},
        {"fixedRecipientToSenderDenominationsMap": {"five": 1}},
    ):
        with pytest.raises(Unreadable):
            goods_of(PRODUCT | wrong)


async def test_dearer_is_refused_before_anything_is_ordered() -> None:
    rig = Rig.of("reloadly")
    found = await rig.buy("R1", most_unit_e4=94_999)
    assert (found.outcome, found.reason, rig.liar.purchases) == (Outcome.failed, "dearer", 0)
    assert (await rig.buy("R1", most_unit_e4=95_000)).outcome is Outcome.accepted
    # Under a number that was used, the first order is what comes back.
    assert (await rig.buy("R1", most_unit_e4=94_999)).outcome is Outcome.succeeded
    assert rig.liar.purchases == 1


async def test_what_is_not_sold_is_not_ordered() -> None:
    rig = Rig.of("reloadly")
    for good_id in (f"{CARD}:11", f"{CARD}", f"{CARD}:10.0", "7:10"):
        purchase = Purchase("R1", good_id, 1, 1_000_000)
        found = await supply.outcome(rig.connector.place(AT_MS, purchase), rig.send, placing=True)
        assert found.outcome is Outcome.failed
        with pytest.raises(Fault):
            await rig.ask(rig.connector.good(AT_MS, good_id))
    rig.shop.articles[CARD].on_sale = False
    assert (await rig.buy("R1")).outcome is Outcome.failed
    assert rig.liar.purchases == 0


@pytest.mark.parametrize(
    ("code", "message", "status", "without_order", "with_order"),
    [
        ("WRONG_PRODUCT_PRICE", "why", 400, Outcome.failed, Outcome.succeeded),
        ("INVALID_PRODUCT", "why", 404, Outcome.failed, Outcome.succeeded),
        ("PRODUCT_NOT_FOUND", "why", 404, Outcome.failed, Outcome.succeeded),
        ("INSUFFICIENT_BALANCE", "why", 400, Outcome.failed, Outcome.succeeded),
        ("CUSTOM_IDENTIFIER_ALREADY_USED", "why", 400, Outcome.unknown, Outcome.succeeded),
        (None, "Invalid price, please ensure you …", 400, Outcome.failed, Outcome.succeeded),
        (None, "Invalid price. Please ensure you …", 400, Outcome.failed, Outcome.succeeded),
        (None, "The product was either not found or is no longer available", 400, Outcome.failed, None),
        (None, "Could not retrieve/update resources at the moment", 404, Outcome.unknown, None),
        (None, None, 400, Outcome.unknown, None),
        (["INVALID_PRODUCT"], "why", 400, Outcome.unknown, None),
        ("INVALID_TOKEN", "why", 401, Outcome.unknown, None),
        ("INVALID_INPUT_PROVIDED", "why", 400, Outcome.unknown, None),
        ("TRANSACTION_CANNOT_BE_PROCESSED_AT_THE_MOMENT", "why", 400, Outcome.unknown, None),
        ("SURPRISE", "why", 400, Outcome.unknown, None),
        ("INSUFFICIENT_BALANCE", "why", 500, Outcome.unknown, None),
        ("INSUFFICIENT_BALANCE", "why", 302, Outcome.unknown, None),
        ("INSUFFICIENT_BALANCE", "why", 200, Outcome.unknown, None),
    ],
)
async def test_every_no_to_an_order(
    code: object, message: object, status: int, without_order: Outcome, with_order: Outcome | None
) -> None:
    """A refusal is believed when there is no order under the number either."""
    rig = Rig.of("reloadly")
    instead(rig, "POST", "/orders", no(code, message, status))
    assert (await rig.buy("R1")).outcome is without_order
    if with_order:
        rig = Rig.of("reloadly")
        await rig.buy("R1")
        instead(rig, "POST", "/orders", no(code, message, status))
        assert (await rig.buy("R1")).outcome is with_order


@pytest.mark.parametrize("sent", [True, False])
async def test_silence_after_a_no_leaves_it_open(sent: bool) -> None:
    rig = Rig.of("reloadly")
    rig.shop.articles[CARD].stock = 0

    async def send(request: Request) -> Response:
        if "/reports/" in request.url:
            raise Silence(sent)
        return await rig.send(request)

    purchase = Purchase("R1", rig.id_of(CARD), 1, 100_000)
    for wanted in (purchase, Purchase("R1", rig.id_of(CARD), 1, 1)):
        found = await supply.outcome(rig.connector.place(AT_MS, wanted), send, placing=True)
        assert found.outcome is Outcome.unknown


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("PENDING", Outcome.accepted),
        ("PROCESSING", Outcome.accepted),
        ("SUCCESSFUL", Outcome.succeeded),
        ("REFUNDED", Outcome.failed),
        ("FAILED", Outcome.unknown),  # and the money is not back
        ("successful", Outcome.unknown),
        ("surprise", Outcome.unknown),
    ],
)
async def test_every_state_of_an_order(state: str, outcome: Outcome) -> None:
    rig = Rig.of("reloadly")
    await rig.buy("R1", quantity=2)
    bent(rig, "/reports/transactions", lambda told: told["content"][0].update(status=state, amount=19.00001))
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.supplier_ref, found.cost_e4) == (outcome, "1", 190_001)
    assert found.refunded_e4 == (190_001 if outcome is Outcome.failed else 0)
    assert (len(found.codes), found.reason) == (2 if outcome is Outcome.succeeded else 0, state)


async def test_an_order_may_be_done_at_once() -> None:
    rig = Rig.of("reloadly")
    honest = rig.answer

    def answer(asked: Asked) -> Said | None:
        said = honest(asked)
        if asked.path == "/orders" and said is not None:
            rig.shop.finish(rig.shop.orders["R1"])
            return Said(200, said.body.replace(b"PROCESSING", b"SUCCESSFUL"))
        return said

    rig.answer = answer
    found = await rig.buy("R1")
    assert (found.outcome, found.codes) == (
        Outcome.succeeded,
        (Code("PS0000000001-1", "NS0000000001-1"),),
    )


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/cards", lambda cards: cards.__delitem__(1)),
        ("/cards", lambda cards: cards.append(cards[0])),
        ("/cards", lambda cards: cards.clear()),
        ("/cards", lambda cards: cards[0]),
        ("/cards", lambda cards: cards[0].update(cardNumber="", pinCode=None)),
        ("/cards", lambda cards: cards[0].update(pinCode=[])),
        ("/cards", lambda cards: cards[0].update(pinCode=1.5)),
        ("/cards", lambda cards: cards[0].update(cardNumber=True)),
        ("/cards", lambda cards: ["x"]),
        ("/transactions", lambda told: told["content"][0]["product"].update(quantity=1)),
        ("/transactions", lambda told: told["content"][0]["product"].update(quantity=None)),
        ("/transactions", lambda told: told["content"][0].update(product=[])),
        ("/transactions", lambda told: told["content"][0].update(customIdentifier="r1")),
        ("/transactions", lambda told: told["content"][0].update(customIdentifier=None)),
        ("/transactions", lambda told: told["content"][0].update(currencyCode="USD")),
        ("/transactions", lambda told: told["content"][0].update(amount=None)),
        ("/transactions", lambda told: told["content"][0].update(amount=-1)),
        ("/transactions", lambda told: told["content"][0].update(amount="x")),
        ("/transactions", lambda told: told["content"][0].update(transactionId=None)),
        ("/transactions", lambda told: told["content"].append(told["content"][0])),
        ("/transactions", lambda told: told["content"].clear()),
        ("/transactions", lambda told: told.update(content=[], totalElements=None)),
        ("/transactions", lambda told: told.update(last=None)),
        ("/transactions", lambda told: []),
        ("/oauth/token", lambda told: told.__setitem__("access_token", None)),
        ("/oauth/token", lambda told: told.__setitem__("access_token", "a\r\nb")),
        ("/oauth/token", lambda told: told.__setitem__("access_token", "ü")),
        ("/oauth/token", lambda told: told.__setitem__("access_token", "stale")),
    ],
)
async def test_an_order_with_something_missing_is_not_delivered(path: str, change: Change) -> None:
    rig = Rig.of("reloadly")
    await rig.buy("R1", quantity=2)
    bent(rig, path, change)
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.codes) == (Outcome.unknown, ())


@pytest.mark.parametrize(
    ("cards", "code"),
    [
        ([{"cardNumber": 6120200345149064, "pinCode": 5821}], Code("5821", "6120200345149064")),
        ({"cardNumber": 6120200345149064, "pinCode": 5821}, Code("5821", "6120200345149064")),
        ([{"cardNumber": "https://reloadly.com", "pinCode": None}], Code("https://reloadly.com")),
        ([{"cardNumber": "X"}], Code("X")),
        ([{"cardNumber": "", "pinCode": "P"}], Code("P")),
    ],
)
async def test_every_shape_of_a_card(cards: object, code: Code) -> None:
    rig = Rig.of("reloadly")
    await rig.buy("R1")
    bent(rig, "/cards", lambda _: cards)
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.codes) == (Outcome.succeeded, (code,))


async def test_lists_may_come_without_a_page() -> None:
    """As the OpenAPI draws them. An empty one is not enough to say that there is no order."""
    rig = Rig.of("reloadly")
    for path in ("/products", "/reports/transactions"):
        bent(rig, path, lambda told: told["content"])
    assert [good.id for good in (await rig.ask(rig.connector.goods(AT_MS))).goods] == [f"{CARD}:10"]
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown
    await rig.buy("R1")
    assert (await rig.ended("R1")).outcome is Outcome.succeeded


async def test_only_an_empty_page_says_that_there_is_no_order() -> None:
    rig = Rig.of("reloadly")
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.reason) == (Outcome.failed, NOT_FOUND)
    instead(rig, "GET", "/reports/transactions", no(None, "Gift Card transaction not found.", 404))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown


async def test_the_balance_is_in_our_currency_and_never_too_much() -> None:
    rig = Rig.of("reloadly")
    bent(rig, "/balance", lambda told: told.update(balance=993.81239))
    assert await rig.ask(rig.connector.balance(AT_MS)) == 9_938_123
    bent(rig, "/balance", lambda told: told.update(currencyCode="USD"))
    with pytest.raises(Unreadable):
        await rig.ask(rig.connector.balance(AT_MS))


async def test_what_cannot_be_done() -> None:
    rig = Rig.of("reloadly", looks=9)
    placed = await rig.buy("R1")
    stopped = rig.connector.cancel(AT_MS, "R1", placed.supplier_ref)
    assert (await rig.outcome(stopped)).outcome is Outcome.unknown
    with pytest.raises(Forged):
        rig.connector.notice({}, {}, b'{"type":"giftcard_transaction.status"}')


def test_the_simulator_is_strict() -> None:
    rig = Rig.of("reloadly")
    sent = asked(rig.connector.balance(AT_MS))
    token = json.loads(rig.liar.supplier.answer(Asked("POST", "/oauth/token", TYPE, sent[0].body)).body)
    right = {"authorization": f"Bearer {token['access_token']}", "accept": ACCEPT}
    for headers, status in (
        (right, 200),
        (right | {"accept": "application/json"}, 406),
        (right | {"authorization": token["access_token"]}, 401),
        ({"accept": ACCEPT}, 401),
    ):
        assert rig.liar.supplier.answer(Asked("GET", "/accounts/balance", headers)).status == status
    assert rig.liar.supplier.answer(Asked("POST", "/oauth/token", {}, sent[0].body)).status == 401
    order = b'{"productId":"101","quantity":1,"unitPrice":10,"customIdentifier":"R1","senderName":"x"}'
    assert rig.liar.supplier.answer(Asked("POST", "/orders", right | TYPE, order)).status == 400
