"""DT One: what is sent, which products are sold, and what each class of status means."""

import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.connectors.rig import AT_MS, CARD, TOPUP, Rig

from commissary import supply
from commissary.simulators import Asked, Said
from commissary.supply.connectors.dt_one import DtOne
from commissary.supply.types import (
    NOT_FOUND,
    WRONG_ACCOUNT,
    Code,
    Connection,
    Conversation,
    Fault,
    Forged,
    Good,
    Outcome,
    Purchase,
    Request,
    Response,
    Result,
    Silence,
    Unreadable,
)

Change = Callable[[Any], object]
BASE = "https://dvs-api.dtone.com/v1"
PRODUCT: dict[str, Any] = {
    "id": 56876,
    "name": "Digicel 800 JMD",
    "type": "FIXED_VALUE_RECHARGE",
    "required_credit_party_identifier_fields": [["mobile_number"]],
    "required_debit_party_identifier_fields": None,
    "required_sender_fields": None,
    "required_beneficiary_fields": None,
    "required_statement_identifier_fields": None,
    "required_additional_identifier_fields": None,
    "prices": {
        "wholesale": {"unit_type": "CURRENCY", "unit": "USD", "amount": 4.60001, "fee": 0.1},
        "retail": None,
    },
}


def connector() -> DtOne:
    return DtOne(Connection(BASE, "key-1", "secret-1", "USD"))


def ok(told: object, status: int = 200, **headers: str) -> Response:
    return Response(status, json.dumps(told).encode(), {n.replace("_", "-"): v for n, v in headers.items()})


def sent(conversation: Conversation[Any], *answers: Response) -> list[Request]:
    requests = [next(conversation)]
    for answer in answers:
        try:
            requests.append(conversation.send(answer))
        except StopIteration:
            break
    return requests


def learnt(conversation: Conversation[Any], answer: Response) -> Any:
    next(conversation)
    with pytest.raises(StopIteration) as end:
        conversation.send(answer)
    return end.value.value


def good_of(changes: dict[str, Any]) -> Good:
    good = learnt(connector().good(AT_MS, "56876"), ok(PRODUCT | changes))
    assert isinstance(good, Good)
    return good


def no(status: int, *codes: int) -> Said:
    return Said(status, json.dumps({"errors": [{"code": c, "message": "why"} for c in codes]}).encode())


def instead(rig: Rig, path: str, said: Said) -> None:
    honest = rig.answer
    rig.answer = lambda asked: said if asked.path == path else honest(asked)


def bent(rig: Rig, path: str, change: Change) -> None:
    honest = rig.answer

    def answer(asked: Asked) -> Said | None:
        said = honest(asked)
        if said is None or asked.path != path:
            return said
        told = json.loads(said.body)
        other = change(told)
        return Said(said.status, json.dumps(told if other is None else other).encode(), said.headers)

    rig.answer = answer


def test_a_transaction_is_a_look_at_the_product_and_the_order() -> None:
    purchase = Purchase(
        "R/1",
        "56876",
        1,
        47_001,
        {"mobile_number": "+18765551234", "note": "x"},
        "https://mall.example/c?a=1",
    )
    look, order = sent(connector().place(AT_MS, purchase), ok(PRODUCT))
    assert (look.method, look.url, look.body) == ("GET", f"{BASE}/products/56876", b"")
    scheme, _, pair = look.headers["Authorization"].partition(" ")
    assert (scheme, b64decode(pair)) == ("Basic", b"key-1:secret-1")
    assert (order.method, order.url) == ("POST", f"{BASE}/async/transactions")
    assert order.headers == look.headers | {"Content-Type": "application/json"}
    told = json.loads(order.body)
    address, _, proof = told.pop("callback_url").rpartition("&proof=")
    assert (address, len(proof)) == ("https://mall.example/c?a=1", 64)
    assert told == {
        "external_id": "R/1",
        "product_id": 56876,
        "auto_confirm": True,
        "credit_party_identifier": {"mobile_number": "+18765551234"},
    }


def test_questions() -> None:
    one = connector()
    assert sent(one.balance(AT_MS))[0].url == f"{BASE}/balances?unit_type=CURRENCY&unit=USD"
    assert sent(one.goods(AT_MS, "2"))[0].url == f"{BASE}/products?page=2&per_page=100"
    assert sent(one.good(AT_MS, "../x"))[0].url == f"{BASE}/products/..%2Fx"
    assert sent(one.query(AT_MS, "R/1&x"))[0].url == f"{BASE}/transactions?external_id=R%2F1%26x&per_page=100"


def test_what_a_product_costs_and_asks_for() -> None:
    """Up, with its fee."""
    good = good_of({})
    assert (good.id, good.kind, good.price_e4, good.most) == ("56876", "topup", 47_001, 1)
    assert [field.name for field in good.fields or ()] == ["mobile_number"]
    both = good_of({"required_credit_party_identifier_fields": [["account_number", "account_qualifier"]]})
    assert [field.name for field in both.fields or ()] == ["account_number", "account_qualifier"]
    card = good_of({"type": "FIXED_VALUE_PIN_PURCHASE", "required_credit_party_identifier_fields": None})
    assert (card.kind, card.fields) == ("code", ())
    for wrong in (
        {"type": "SURPRISE"},
        {"prices": {"wholesale": PRODUCT["prices"]["wholesale"] | {"unit": "EUR"}}},
        {"prices": {"wholesale": PRODUCT["prices"]["wholesale"] | {"fee": None}}},
        {"prices": {"wholesale": PRODUCT["prices"]["wholesale"] | {"amount": -1}}},
        {"required_credit_party_identifier_fields": ["mobile_number"]},
        {"required_credit_party_identifier_fields": [[7]]},
    ):
        with pytest.raises(Unreadable):
            learnt_or_raised(wrong)


def learnt_or_raised(changes: dict[str, Any]) -> None:
    conversation = connector().good(AT_MS, "56876")
    next(conversation)
    conversation.send(ok(PRODUCT | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "RANGED_VALUE_RECHARGE"},
        {"type": "RANGED_VALUE_PAYMENT"},
        {"required_credit_party_identifier_fields": [["mobile_number"], ["account_number"]]},
        {"required_credit_party_identifier_fields": [["passport"]]},
        {"required_sender_fields": [["first_name"]]},
        {"required_beneficiary_fields": [["last_name"]]},
        {"required_debit_party_identifier_fields": [["mobile_number"]]},
        {"required_statement_identifier_fields": [["reference"]]},
        {"required_additional_identifier_fields": [["purchaser_id"]]},
    ],
)
def test_what_we_cannot_ask_for_is_not_sold(changes: dict[str, Any]) -> None:
    """Left out of the list, and refused by its number."""
    listed = learnt(connector().goods(AT_MS), ok([PRODUCT | changes, PRODUCT | {"id": 7}], x_total_pages="1"))
    assert ([good.id for good in listed.goods], listed.next) == (["7"], "")
    with pytest.raises(Fault):
        learnt_or_raised(changes)


def test_pages_are_counted_in_the_headers() -> None:
    for page, pages, following in (("", "3", "2"), ("2", "3", "3"), ("3", "3", "")):
        found = learnt(connector().goods(AT_MS, page), ok([PRODUCT], x_total_pages=pages))
        assert found.next == following
    left_out = ok([PRODUCT | {"type": "RANGED_VALUE_RECHARGE"}], x_total_pages="2")
    assert learnt(connector().goods(AT_MS), left_out).next == "2"
    conversation = connector().goods(AT_MS)
    next(conversation)
    with pytest.raises(Unreadable):
        conversation.send(ok([PRODUCT]))


async def test_dearer_is_refused_before_anything_is_ordered() -> None:
    rig = Rig.of("dt_one")
    found = await rig.buy("R1", most_unit_e4=94_999)
    assert (found.outcome, found.reason, rig.liar.purchases) == (Outcome.failed, "dearer", 0)
    assert (await rig.buy("R1", most_unit_e4=95_000)).outcome is Outcome.accepted
    # Under a number that was used, the first order is what comes back.
    assert (await rig.buy("R1", most_unit_e4=94_999)).outcome is Outcome.succeeded
    assert rig.liar.purchases == 1
    twice = await rig.buy("R2", quantity=2)
    assert (twice.outcome, twice.reason, rig.liar.purchases) == (Outcome.failed, "quantity", 1)


@pytest.mark.parametrize(
    ("said", "without_order"),
    [
        (no(404, 1003001), Outcome.failed),
        (no(400, 1005003), Outcome.failed),
        (no(400, 1006001), Outcome.failed),
        (no(400, 1000400), Outcome.failed),
        (no(400, 1000400, 1005003), Outcome.failed),
        (no(400, 1007001), Outcome.unknown),
        (no(400, 1006001, 1007001), Outcome.unknown),
        (no(400, 1006001, 1234567), Outcome.unknown),
        (no(401, 1000401), Outcome.unknown),
        (no(404, 1000404), Outcome.unknown),
        (no(429, 1000429), Outcome.unknown),
        (no(500, 1006001), Outcome.unknown),
        (no(503, 1009503), Outcome.unknown),
        (no(200, 1006001), Outcome.unknown),
        (no(400), Outcome.unknown),
        (Said(400, b'{"errors":[{"code":1006001}]}'), Outcome.unknown),
        (Said(400, b"<html>"), Outcome.unknown),
        (Said(202, b"{}"), Outcome.unknown),
    ],
)
async def test_every_no_to_an_order(said: Said, without_order: Outcome) -> None:
    """A refusal is believed when there is no order under the number either."""
    rig = Rig.of("dt_one")
    instead(rig, "/async/transactions", said)
    assert (await rig.buy("R1")).outcome is without_order
    if without_order is Outcome.failed:
        rig = Rig.of("dt_one")
        await rig.buy("R1")
        instead(rig, "/async/transactions", said)
        assert (await rig.buy("R1")).outcome is Outcome.succeeded


async def test_only_a_created_transaction_is_one() -> None:
    rig = Rig.of("dt_one")
    honest = rig.answer

    def answer(asked: Asked) -> Said | None:
        said = honest(asked)
        return Said(202, said.body) if said is not None and asked.method == "POST" else said

    rig.answer = answer
    assert (await rig.buy("R1")).outcome is Outcome.unknown


async def test_silence_after_a_no_leaves_it_open() -> None:
    rig = Rig.of("dt_one")
    rig.shop.articles[CARD].stock = 0

    async def send(request: Request) -> Response:
        if "/transactions?" in request.url:
            raise Silence(sent=False)
        return await rig.send(request)

    found = await supply.outcome(
        rig.connector.place(AT_MS, Purchase("R1", str(CARD), 1, 100_000)), send, placing=True
    )
    assert found.outcome is Outcome.unknown


@pytest.mark.parametrize(
    ("number", "word", "outcome"),
    [
        (1, "CREATED", Outcome.accepted),
        (2, "CONFIRMED", Outcome.accepted),
        (3, "REJECTED", Outcome.failed),
        (4, "CANCELLED", Outcome.failed),
        (5, "SUBMITTED", Outcome.accepted),
        (7, "COMPLETED", Outcome.succeeded),
        (8, "REVERSED", Outcome.failed),
        (9, "DECLINED", Outcome.failed),
        (6, "SURPRISE", Outcome.unknown),
        (9, "COMPLETED", Outcome.unknown),  # one of the two is wrong
        (7, "completed", Outcome.unknown),
    ],
)
async def test_every_class_of_status(number: int, word: str, outcome: Outcome) -> None:
    rig = Rig.of("dt_one")
    await rig.buy("R1", TOPUP)
    status = {"id": 90_200, "message": f"{word}-AND-WHY", "class": {"id": number, "message": word}}
    bent(rig, "/transactions", lambda told: told[0].update(status=status))
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.supplier_ref, found.reason) == (outcome, "1", f"{word}-AND-WHY")
    assert (found.cost_e4, found.refunded_e4) == (498_000, 498_000 if outcome is Outcome.failed else 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told[0].update(external_id="r1"),
        lambda told: told[0].update(id=None),
        lambda told: told[0].update(pin=None),
        lambda told: told[0].update(pin={"code": None, "serial": "S"}),
        lambda told: told[0].update(pin={"code": True, "serial": None}),
        lambda told: told[0].update(prices=None),
        lambda told: told[0]["prices"]["wholesale"].update(unit="USD"),
        lambda told: told[0]["status"].update({"class": None}),
        lambda told: told[0]["status"]["class"].update(id=9, message="DECLINED"),  # and the PIN is out
        lambda told: told.append(told[0]),
        lambda told: told.clear(),
    ],
)
async def test_what_is_unclear_is_unknown(change: Change) -> None:
    rig = Rig.of("dt_one")
    await rig.buy("R1", CARD)
    bent(rig, "/transactions", change)
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown


async def test_a_pin_may_have_no_serial_and_come_at_once() -> None:
    rig = Rig.of("dt_one")
    honest = rig.answer

    def answer(asked: Asked) -> Said | None:
        if asked.path != "/async/transactions":
            return honest(asked)
        said = honest(Asked(asked.method, "/sync/transactions", asked.headers, asked.body))
        assert said is not None
        told = json.loads(said.body)
        told["pin"]["serial"] = None
        return Said(201, json.dumps(told).encode())

    rig.answer = answer
    found = await rig.buy("R1", CARD)
    assert (found.outcome, found.codes) == (Outcome.succeeded, (Code("PS0000000001-1"),))


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        (no(404, 1008004), True),
        (Said(200, b"[]", {"x-total": "0"}), True),
        (Said(200, b"[]", {"x-total": "1"}), False),
        (Said(200, b"[]", {}), False),
        (no(404, 1000404), False),
        (no(429, 1000429), False),
        (Said(404, b""), False),
    ],
)
async def test_what_says_that_there_is_no_order(said: Said, missing: bool) -> None:
    rig = Rig.of("dt_one")
    instead(rig, "/transactions", said)
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.reason == NOT_FOUND) == (
        Outcome.failed if missing else Outcome.unknown,
        missing,
    )


async def test_a_callback_is_proved_by_the_address_that_we_gave() -> None:
    rig = Rig.of("dt_one")
    await rig.buy("R1", TOPUP)
    await rig.buy("R2", TOPUP)
    calls = [rig.liar.supplier.callback(rig.shop.orders[ref]) for ref in ("R1", "R2")]
    (first, query), (second, other) = [(c, dict(parse_qsl(c.query))) for c in calls if c is not None]
    assert urlsplit(rig.shop.orders["R1"].callback_url).path == "/callback"
    asks = Result(Outcome.unknown)
    notice = rig.connector.notice(first.headers, query, first.body)
    assert (notice.ref, notice.trusted, notice.ask_again) == ("R1", asks, True)
    for forged, body in (
        ({}, first.body),
        (other, first.body),
        ({"proof": ""}, first.body),
        ({"proof": "\udcff"}, first.body),
        (query, second.body),
    ):
        with pytest.raises(Forged):
            rig.connector.notice({}, forged, body)


async def test_what_came_to_nothing_and_what_was_taken_back() -> None:
    for done, reason in ((False, "DECLINED"), (True, "REVERSED")):
        rig = Rig.of("dt_one", looks=9)
        await rig.buy("R1", CARD)
        order = rig.shop.orders["R1"]
        if done:
            rig.shop.finish(order)
        rig.shop.fail(order)
        found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
        assert (found.outcome, found.reason, found.refunded_e4) == (Outcome.failed, reason, 95_000)


async def test_two_under_one_number_are_no_answer() -> None:
    rig = Rig.of("dt_one", sells_again=True)
    first, second = await rig.buy("R1"), await rig.buy("R1")
    assert (first.supplier_ref, second.supplier_ref) == ("1", "2")
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown


async def test_the_balance_is_what_may_be_spent() -> None:
    rig = Rig.of("dt_one")
    bent(rig, "/balances", lambda told: told[0].update(available=99.99999, holding=5))
    assert await rig.ask(rig.connector.balance(AT_MS)) == 999_999
    other: list[Change] = [
        lambda told: told.clear(),
        lambda told: told.append(told[0]),
        lambda told: told[0].update(unit="USD"),
    ]
    for change in other:
        rig = Rig.of("dt_one")
        bent(rig, "/balances", change)
        with pytest.raises(Unreadable):
            await rig.ask(rig.connector.balance(AT_MS))


async def test_what_cannot_be_done() -> None:
    rig = Rig.of("dt_one", looks=9)
    placed = await rig.buy("R1")
    stopped = rig.connector.cancel(AT_MS, "R1", placed.supplier_ref)
    assert (await rig.outcome(stopped)).outcome is Outcome.unknown


def test_the_simulator_is_strict() -> None:
    rig = Rig.of("dt_one")
    look, order = sent(
        rig.connector.place(AT_MS, Purchase("R1", str(TOPUP), 1, 10**6, {"mobile_number": "+8613800138000"})),
        ok(json.loads(said_of(rig, Asked("GET", f"/products/{TOPUP}", right(rig))).body)),
    )
    assert look.method == "GET"
    kind = {"content-type": "application/json"}
    told = json.loads(order.body)
    for headers, body, status in (
        (kind, told, 401),
        (right(rig), told, 400),
        (right(rig) | kind, told | {"product_id": str(TOPUP)}, 400),
        (right(rig) | kind, told | {"external_id": "R" * 41}, 400),
        (right(rig) | kind, told | {"credit_party_identifier": {"mobile_number": "13800138000"}}, 400),
        (right(rig) | kind, told | {"credit_party_identifier": {}}, 400),
        (right(rig) | kind, told, 201),
        (right(rig) | kind, told, 400),
    ):
        asked = Asked("POST", "/async/transactions", headers, json.dumps(body).encode())
        assert said_of(rig, asked).status == status


def right(rig: Rig) -> dict[str, str]:
    request = next(rig.connector.balance(AT_MS))
    return {"authorization": request.headers["Authorization"]}


def said_of(rig: Rig, asked: Asked) -> Said:
    return rig.liar.supplier.answer(asked)


async def test_whose_number_it_is_to_blame_is_said() -> None:
    """Another supplier would refuse it too; its buyer may correct it."""
    rig = Rig.of("dt_one")
    rig.shop.wrong_accounts.add(rig.account)
    found = await rig.buy("R1", TOPUP)
    assert (found.outcome, found.reason, rig.shop.orders) == (Outcome.failed, WRONG_ACCOUNT, {})
    assert found.said.startswith("1005003 ")
