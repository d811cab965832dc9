"""A supplier by configuration: what its answers are taken for."""

import json
from collections.abc import Callable

import pytest
from tests.connectors.rig import AT_MS, CARD, TOPUP, Rig
from tests.connectors.written import BASE, answered, changed, connector, example

from commissary import supply
from commissary.dialects import SPECS, sign
from commissary.simulators import Asked, Lie, Said
from commissary.supply.connectors.form import Form
from commissary.supply.types import (
    NOT_FOUND,
    Code,
    Connection,
    Forged,
    InputField,
    Outcome,
    Purchase,
    Request,
    Response,
    Unreadable,
)


def order(**changes: object) -> dict[str, object]:
    told: dict[str, object] = {
        "order_no": "R1",
        "trade_no": "S1",
        "number": 2,
        "status": "success",
        "amount": 1900,
        "cards": "N1----P1\nN2----P2",
    }
    return {"code": "0", "message": "", "data": {"order": told | changes}}


def test_an_order_that_is_done() -> None:
    found = answered(connector(example()).query(AT_MS, "R1"), order())
    assert (found.outcome, found.supplier_ref, found.cost_e4) == (Outcome.succeeded, "S1", 190_000)
    assert found.codes == (Code("P1", "N1"), Code("P2", "N2"))
    listed = order(cards=["N1 ---- P1", " ", "N2----P2"])
    assert answered(connector(example()).query(AT_MS, "R1"), listed).codes == found.codes
    plain = changed(changed(example(), "order_reads.codes.pair", ""), "order_reads.codes.between", "|")
    told = order(cards="A----B|C")
    assert answered(connector(plain).query(AT_MS, "R1"), told).codes == (Code("A----B"), Code("C"))


@pytest.mark.parametrize(
    "told",
    [
        order(order_no="R2"),
        order(order_no=None),
        order(trade_no=None),
        order(status=None),
        order(amount="19.5"),
        order(amount=-1),
        order(amount=10**30),
        order(cards=None),
        order(cards=7),
        order(cards=[7]),
        order(cards="N1----P1"),  # one of two
        order(cards="N1----P1\nN2"),
        order(cards="N1----P1\nN2----"),
        order(number="two"),
        {"code": "0", "data": None},
        {"code": "0", "data": {}},
        {"code": "0", "data": {"order": [{}]}},
        {"data": {"order": {}}},
        {"code": ["0"], "data": {}},
        {"code": "9", "data": {}},
    ],
)
async def test_what_is_unclear_is_unknown(told: object) -> None:
    async def send(_: Request) -> Response:
        return Response(200, json.dumps(told).encode())

    found = await supply.outcome(connector(example()).query(AT_MS, "R1"), send)
    assert (found.outcome, found.codes) == (Outcome.unknown, ())


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("processing", Outcome.accepted),
        ("success", Outcome.succeeded),
        ("closed", Outcome.failed),
        ("failed", Outcome.unknown),  # the guide's supplier may still owe the money
        ("Success", Outcome.unknown),
        ("refunded", Outcome.unknown),
        (200, Outcome.unknown),
        (True, Outcome.unknown),
    ],
)
def test_words_that_are_not_listed_are_unknown(word: object, outcome: Outcome) -> None:
    assert answered(connector(example()).query(AT_MS, "R1"), order(status=word)).outcome is outcome


@pytest.mark.parametrize(
    ("back", "status", "outcome"),
    [
        ("9.5000", 1, Outcome.failed),
        ("9.5000", 4, Outcome.failed),
        ("9.5000", 2, Outcome.unknown),  # in part
        ("9.5000", 3, Outcome.unknown),  # marked, and not paid back
        ("9.4999", 1, Outcome.unknown),
        ("0.0000", 0, Outcome.unknown),
    ],
)
def test_a_failure_is_believed_when_all_the_money_is_back(back: str, status: int, outcome: Outcome) -> None:
    told = {
        "orderno": "S1",
        "usorderno": "R1",
        "status": 4,
        "money": "9.5000",
        "refundmoney": back,
        "refundstatus": status,
        "cards": [],
    }
    one = connector(example("form:kakayun"))
    assert answered(one.query(AT_MS, "R1"), {"code": 1, "data": told}).outcome is outcome
    with pytest.raises(Unreadable):
        answered(one.query(AT_MS, "R1"), {"code": 1, "data": told | {"refundmoney": "9.5001"}})


@pytest.mark.parametrize(
    ("code", "without_order", "with_order"),
    [
        ("1006", Outcome.failed, Outcome.succeeded),
        ("1010", Outcome.failed, Outcome.succeeded),
        ("1005", Outcome.unknown, Outcome.succeeded),
        ("1404", Outcome.unknown, Outcome.unknown),
        ("1001", Outcome.unknown, Outcome.unknown),
        ("9999", Outcome.unknown, Outcome.unknown),
        (None, Outcome.unknown, Outcome.unknown),
    ],
)
async def test_every_code_of_an_order(code: object, without_order: Outcome, with_order: Outcome) -> None:
    """A refusal is believed when there is no order under the number either."""

    def refusing(rig: Rig) -> Callable[[Asked], Said | None]:
        honest = rig.answer
        said = Said(200, json.dumps({"code": code, "message": "why"}).encode())
        return lambda asked: said if asked.path == "/api/order" else honest(asked)

    rig = Rig.of("form")
    rig.answer = refusing(rig)
    assert (await rig.buy("R1")).outcome is without_order
    rig = Rig.of("form")
    await rig.buy("R1")
    rig.answer = refusing(rig)
    assert (await rig.buy("R1")).outcome is with_order


def unguarded(rig: Rig) -> Rig:
    """The same, as if no price limit could be sent."""
    settings = changed(changed(example(), "place.guard", ...), "place.fixed", {"max_price": "1000000"})
    rig.connector = Form(Connection(BASE, rig.shop.account, rig.shop.key, settings=settings))
    return rig


async def test_without_a_price_limit_the_price_is_looked_at() -> None:
    rig = unguarded(Rig.of("form"))
    assert rig.connector.facts.guard is None
    found = await rig.buy("R1", most_unit_e4=94_999)
    assert (found.outcome, found.reason, rig.liar.purchases) == (Outcome.failed, "dearer", 0)
    rig.shop.articles[CARD].on_sale = False
    assert (await rig.buy("R1")).outcome is Outcome.failed
    rig.shop.articles[CARD].on_sale = True
    assert (await rig.buy("R1", most_unit_e4=95_000)).outcome is Outcome.accepted
    # Under a number that was used, the first order is what comes back.
    assert (await rig.buy("R1", most_unit_e4=94_999)).outcome is Outcome.succeeded
    del rig.shop.articles[CARD]
    assert (
        await rig.outcome(rig.connector.place(AT_MS, Purchase("R2", "101", 1, 10**6)))
    ).reason == "not_listed"
    assert rig.liar.purchases == 1


async def test_one_piece_at_a_time_where_no_quantity_is_sent() -> None:
    settings = changed(changed(example(), "place.send.quantity", ...), "place.fixed", {"number": "1"})
    rig = Rig.of("form", Lie.silent_after)
    rig.connector = Form(Connection(BASE, rig.shop.account, rig.shop.key, settings=settings))
    assert (await rig.ask(rig.connector.good(AT_MS, str(CARD)))).most == 1
    found = await rig.buy("R1", quantity=2)
    assert (found.outcome, found.reason, rig.shop.orders) == (Outcome.failed, "quantity", {})
    assert (await rig.buy("R1")).outcome is Outcome.unknown
    assert (await rig.ended("R1")).outcome is Outcome.succeeded


def test_a_list_without_an_end_is_not_read_to_its_end() -> None:
    good = {"goods_id": 7, "name": "x", "type": "card", "price": 1, "on_sale": True, "stock": 1}
    page = {"code": "0", "data": {"list": [good], "total": 10**9}}
    with pytest.raises(Unreadable):
        answered(connector(example()).good(AT_MS, "101"), *[page] * 1000)


async def test_fields_of_each_article_or_of_all() -> None:
    rig = Rig.of("form")
    assert await rig.ask(rig.connector.template(AT_MS, str(TOPUP))) == (InputField("account", "充值账号"),)
    assert await rig.ask(rig.connector.template(AT_MS, str(CARD))) == ()
    template = connector(example("form:kakayun")).template(AT_MS, "1")
    same = {"code": 1, "data": [{"type": 1, "title": "a"}, {"type": 1, "title": "b"}]}
    with pytest.raises(Unreadable):
        answered(template, same)


async def test_a_callback_is_a_reason_to_ask() -> None:
    """Whoever signed it. What comes twice, or as something else, is nothing."""
    rig = Rig.of("form", looks=9)
    await rig.buy("R1", TOPUP)
    sent = rig.liar.supplier.callback(rig.shop.orders["R1"])
    assert sent is not None
    notice = rig.connector.notice({}, {}, sent.body)
    assert (notice.ref, notice.trusted.outcome, notice.ask_again) == ("R1", Outcome.unknown, True)
    for body in (sent.body + b"&status=success", b"%ff=1", b"x", b"\xff"):
        with pytest.raises(Unreadable):
            rig.connector.notice({}, {}, body)
    with pytest.raises(Forged):
        rig.connector.notice({}, {}, sent.body + b"&more=1")
    silent = example()
    del silent["callback"], silent["place"]["send"]["callback_url"]
    with pytest.raises(Forged):
        connector(silent, rig.shop.key).notice({}, {}, sent.body)


def test_a_callback_signed_in_its_headers() -> None:
    """Over the bytes that came, as 卡易信 does."""
    settings = changed(
        example(),
        "callback",
        {
            "spec": "kayixin",
            "sign": {"in": "header", "name": "X-Signature"},
            "timestamp": {"in": "header", "name": "X-Timestamp"},
            "ref": "data.outerNumber",
            "answer": "ok",
        },
    )
    settings["sign"]["also"] = {"version": "3.0"}
    one, body = connector(settings), b'{"data": {"outerNumber": "R1"}}'
    parts = {"app_id": "buyer-1", "version": "3.0", "timestamp": "1", "body": body}
    headers = {"x-timestamp": "1", "x-signature": sign(SPECS["kayixin"], parts, "secret-1")}
    assert one.notice(headers, {}, body).ref == "R1"
    for wrong in ({}, headers | {"x-timestamp": "2"}):
        with pytest.raises(Forged):
            one.notice(wrong, {}, body)
    with pytest.raises(Forged):
        one.notice(headers, {}, body + b" ")


def test_an_empty_list_says_that_there_is_none_only_where_it_does() -> None:
    none = {"code": 200, "data": []}
    found = answered(connector(example("form:kasushou")).query(AT_MS, "R1"), none)
    assert (found.outcome, found.reason) == (Outcome.failed, NOT_FOUND)
    silent = changed(example("form:kasushou"), "query.empty_is_missing", False)
    assert connector(silent).facts.says_missing is False
    with pytest.raises(Unreadable):
        answered(connector(silent).query(AT_MS, "R1"), none)
