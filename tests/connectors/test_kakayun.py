"""What is 卡卡云's alone: its codes, its refunds, its cards, its signature over lists."""

import json
from typing import Any

import pytest
from tests.connectors.rig import AT_MS, CARD, TOPUP, Rig

from commissary.dialects import SPECS, sign
from commissary.dialects.signing import line
from commissary.simulators import Asked, Said
from commissary.supply.connectors.kakayun import Kakayun
from commissary.supply.types import (
    NOT_FOUND,
    Code,
    Connection,
    Conversation,
    Outcome,
    Purchase,
    Request,
    Silence,
    Unreadable,
)

ORDER: dict[str, Any] = {
    "orderno": "D1",
    "usorderno": "R1",
    "money": "9.5000",
    "buynum": 1,
    "status": 5,
    "refundmoney": "0.0000",
    "refundstatus": 0,
    "receipt": "",
    "cardlist": [],
    "cards": [],
}
NOT_HEARD = (401, 402, 403, 404, 1000, 1001, 1002, 1200, 1201, 1202, 1300, 1301, 1400, 1401)
REFUSED = (-1, 1203, 1204, 1206, 1207, 1208, 1209, 1210, 1211, 1212, 1213, 1214)


def told(**changed: object) -> Said:
    return said(1, {**ORDER, **changed})


def said(code: object, data: object = None) -> Said:
    return Said(200, json.dumps({"code": code, "msg": "…", "data": data}).encode())


def playing(**answers: Said) -> Rig:
    """A supplier that has one answer for each question, named by its last word."""
    rig = Rig.of("kakayun")
    rig.answer = lambda asked: answers[asked.path.rpartition("/")[2]]
    return rig


def asked(conversation: Conversation[Any]) -> tuple[Request, dict[str, Any]]:
    request = next(conversation)
    return request, json.loads(request.body)


@pytest.mark.parametrize(
    ("code", "without_order", "with_order"),
    [
        (1, Outcome.accepted, Outcome.accepted),
        (9999, Outcome.unknown, Outcome.unknown),
        (1205, Outcome.unknown, Outcome.succeeded),
        *[(code, Outcome.unknown, Outcome.unknown) for code in (*NOT_HEARD, 0, 2, 500, 31337)],
        *[(code, Outcome.failed, Outcome.succeeded) for code in REFUSED],
    ],
)
async def test_every_code_of_a_purchase(code: int, without_order: Outcome, with_order: Outcome) -> None:
    """A refusal is believed when there is no order under the number either: it may have been used before."""
    placed = said(code, {"orderno": "D1", "usorderno": "R1"})
    assert (await playing(create=placed, get=said(1301)).buy("R1")).outcome is without_order
    assert (await playing(create=placed, get=told()).buy("R1")).outcome is with_order
    lost = await playing(create=placed, get=Said(502, b"<html>")).buy("R1")
    assert lost.outcome is (Outcome.accepted if code == 1 else Outcome.unknown)


async def test_a_question_that_never_left_says_nothing_of_the_order_that_did() -> None:
    def answer(asked: Asked) -> Said:
        if asked.path.endswith("/create"):
            return said(1205)
        raise Silence(sent=False)

    rig = Rig.of("kakayun")
    rig.answer = answer
    assert (await rig.buy("R1")).outcome is Outcome.unknown


@pytest.mark.parametrize(
    "code", [-1, 0, *NOT_HEARD, *(code for code in REFUSED if code > 0), 1205, 9999, 31337]
)
async def test_every_code_of_a_question(code: int) -> None:
    rig = playing(get=said(code))
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    if code == 1301:
        assert (found.outcome, found.reason) == (Outcome.failed, NOT_FOUND)
    else:
        assert (found.outcome, found.reason == NOT_FOUND) == (Outcome.unknown, False)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (0, Outcome.accepted),
        (1, Outcome.accepted),
        (3, Outcome.accepted),
        (4, Outcome.unknown),
        (5, Outcome.succeeded),
        (6, Outcome.unknown),
        (-1, Outcome.unknown),
    ],
)
async def test_every_state(state: int, outcome: Outcome) -> None:
    rig = playing(get=told(status=state))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is outcome


async def test_unpaid_is_as_good_as_no_order_and_may_yet_be_paid() -> None:
    rig = playing(get=told(status=2))
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.reason) == (Outcome.failed, NOT_FOUND)


@pytest.mark.parametrize(
    ("marked", "back", "outcome"),
    [
        (1, "9.5000", Outcome.failed),
        (4, "9.5000", Outcome.failed),
        (0, "0.0000", Outcome.unknown),
        (0, "9.5000", Outcome.unknown),
        (1, "0.0000", Outcome.unknown),
        (1, "9.4999", Outcome.unknown),
        (2, "4.7500", Outcome.unknown),
        (2, "9.5000", Outcome.unknown),
        (3, "9.5000", Outcome.unknown),
        (5, "9.5000", Outcome.unknown),
        (1, "9.5001", Outcome.unknown),
        (1, "-9.5000", Outcome.unknown),
    ],
)
async def test_failed_with_what_came_back(marked: int, back: str, outcome: Outcome) -> None:
    rig = playing(get=told(status=4, refundstatus=marked, refundmoney=back))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is outcome


async def test_delivered_and_paid_back_in_part_is_still_delivered() -> None:
    rig = playing(get=told(refundstatus=2, refundmoney="4.75"))
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.cost_e4, found.refunded_e4) == (Outcome.succeeded, 95_000, 47_500)


CARDS = [{"card_no": "N1", "card_pwd": "P1", "card_type": 1}, {"card_no": "", "card_pwd": "P2"}]


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"cards": CARDS, "cardlist": ["N1 P1\r"]}, (Code("P1", "N1"), Code("P2"))),
        ({"cards": [{"card_no": "N1", "card_pwd": ""}]}, (Code("N1"),)),
        ({"cards": [{"card_pwd": 123}]}, (Code("123"),)),
        ({"cards": [], "cardlist": ["A----B\r", "卡号：C"]}, (Code("A----B"), Code("卡号：C"))),
        ({"status": 1, "cards": CARDS[:1]}, (Code("P1", "N1"),)),
        ({"cards": [{"card_no": "N1", "card_pwd": None}]}, None),
        ({"cards": [{"card_no": "N1"}]}, None),
        ({"cards": [{"card_no": [], "card_pwd": ""}]}, None),
        ({"cards": [{"card_no": ["N1"], "card_pwd": "P1"}]}, None),
        ({"cards": {}}, None),
        ({"cards": None, "cardlist": ["A"]}, None),
        ({"cardlist": [" "]}, None),
        ({"cardlist": "A"}, None),
    ],
)
async def test_cards(changed: dict[str, object], codes: tuple[Code, ...] | None) -> None:
    rig = playing(get=told(**changed))
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert found.outcome is (Outcome.unknown if codes is None else Outcome.succeeded)
    assert found.codes == (codes or ())


async def test_sites_of_before_the_cards_were_told_apart() -> None:
    old = {name: value for name, value in ORDER.items() if name != "cards"} | {"cardlist": ["A----B"]}
    rig = playing(get=said(1, old))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).codes == (Code("A----B"),)


async def test_the_answer_of_another_order_is_none() -> None:
    rig = playing(get=told(usorderno="R2"))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown


@pytest.mark.parametrize(
    ("fields", "attach"),
    [
        ({}, ""),
        ({"1": "13088888888"}, "attach=13088888888&"),
        (
            {"1": "张三/a", "15": "南关7巷"},
            'attach=[{"attachtype":"1","value":"张三/a"},{"attachtype":"15","value":"南关7巷"}]&',
        ),
    ],
)
def test_what_is_signed_of_an_order(fields: dict[str, str], attach: str) -> None:
    connector = Kakayun(Connection("http://shop.example", "10052", "9aa3034b6beba7cf5bfcf6089218a674"))
    bought = Purchase("R1", "720938", 3, 12_345, fields, "https://mall.example/back?a=1")
    request, body = asked(connector.place(1_735_002_156_789, bought))
    expected = (
        f"{attach}buynum=3&callbackurl=https://mall.example/back?a=1&goodsid=720938&maxmoney=3.7035"
        "&timestamp=1735002156&userid=10052&usorderno=R1"
    )
    assert line(SPECS["kakayun"], body, "KEY").decode() == expected + "KEY"
    assert body["sign"] == sign(SPECS["kakayun"], body, "9aa3034b6beba7cf5bfcf6089218a674")
    assert request.url == "http://shop.example/dockapiv3/order/create"


def test_orders_and_questions_may_have_two_addresses() -> None:
    connector = Kakayun(Connection("http://shop.example http://public.example", "10052", "k"))
    request, body = asked(connector.query(AT_MS, "R1"))
    assert (request.url, body["usorderno"]) == ("http://public.example/dockapiv3/order/get", "R1")
    request, _ = asked(connector.place(AT_MS, Purchase("R1", "1", 1, 1)))
    assert request.url == "http://shop.example/dockapiv3/order/create"


async def test_several_fields_reach_the_order_by_their_types() -> None:
    rig = Rig.of("kakayun")
    rig.shop.articles[TOPUP].fields = {"1": "帐号", "15": "地址"}
    asked_for = await rig.ask(rig.connector.template(AT_MS, str(TOPUP)))
    assert [(field.name, field.label) for field in asked_for] == [("1", "帐号"), ("15", "地址")]
    purchase = Purchase("R1", str(TOPUP), 1, 1_000_000, {"1": "张三/a", "15": "南关7巷"})
    assert (await rig.outcome(rig.connector.place(AT_MS, purchase))).outcome is Outcome.accepted
    assert rig.shop.orders["R1"].fields == {"1": "张三/a", "15": "南关7巷"}


async def test_two_fields_of_one_type_cannot_be_told_apart() -> None:
    rig = playing(tpl=said(1, [{"type": 16, "title": "a"}, {"type": "16", "title": "b"}]))
    with pytest.raises(Unreadable):
        await rig.ask(rig.connector.template(AT_MS, "1"))


async def test_credit_is_part_of_what_can_be_bought_for() -> None:
    rig = playing(info=said(1, {"money": "-2257.2900", "creditquota": "10000.00"}))
    assert await rig.ask(rig.connector.balance(AT_MS)) == 77_427_100


def pushed(rig: Rig, **changed: object) -> Asked:
    sent = {**ORDER, "push_type": 0, "timestamp": 1_764_140_000, **changed}
    sent["sign"] = sign(SPECS["kakayun"], sent, rig.shop.key)
    return Asked("POST", "/callback", {}, json.dumps(sent).encode())


@pytest.mark.parametrize(
    ("changed", "outcome", "ask_again"),
    [
        ({}, Outcome.succeeded, False),
        ({"push_type": 1, "cards": CARDS}, Outcome.succeeded, False),
        ({"push_type": 1}, Outcome.succeeded, True),
        ({"status": 3}, Outcome.accepted, False),
        ({"status": 4, "refundstatus": 1, "refundmoney": "9.5"}, Outcome.failed, False),
        ({"status": 4}, Outcome.unknown, True),
        ({"status": 2}, Outcome.failed, True),
        ({"status": 9}, Outcome.unknown, True),
    ],
)
def test_what_a_callback_says(changed: dict[str, object], outcome: Outcome, ask_again: bool) -> None:
    rig = Rig.of("kakayun")
    notice = rig.connector.notice({}, {}, pushed(rig, **changed).body)
    assert (notice.ref, notice.trusted.outcome, notice.ask_again) == ("R1", outcome, ask_again)


@pytest.mark.parametrize(
    "body", [b'{"money":9.5,"sign":"x"}', b'{"cards":[{"a":1.5}]}', b'{"money":"\\ud800"}']
)
def test_a_callback_that_cannot_have_been_signed(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Rig.of("kakayun").connector.notice({}, {}, body)


async def test_the_dearest_that_is_allowed_is_of_the_whole_order() -> None:
    rig = Rig.of("kakayun")
    assert (await rig.buy("R1", CARD, 3, 94_999)).reason == "1210"
    assert (await rig.buy("R1", CARD, 3, 95_000)).outcome is Outcome.accepted
