"""福禄: every code and state that is known, signatures that do not hold, and the request that a foreign client signed."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.connectors.rig import AT_MS, CARD, TOPUP, Rig

from commissary import simulators, supply
from commissary.simulators import Lie, Said
from commissary.supply.connectors.fulu import Fulu
from commissary.supply.types import (
    Code,
    Connection,
    Fault,
    InputField,
    Outcome,
    Purchase,
    Request,
    Response,
    Silence,
    Unreadable,
)

KEY = "SECRET0123456789SECRET0123456789"
Change = Callable[[dict[str, Any]], object]


def said(result: object, code: object = 0, key: str = "0123456789abcdef0123456789abcdef") -> Said:
    """As the supplier answers; a text stays as it is."""
    text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
    line = "".join(sorted(text)) + key
    signature = hashlib.md5(line.encode(), usedforsecurity=False).hexdigest()
    return Said(200, json.dumps({"code": code, "message": "说", "result": text, "sign": signature}).encode())


def bent(rig: Rig, method: str, change: Change) -> None:
    """What `change` makes of the result of one method, signed again."""
    honest = rig.answer

    def answer(asked: simulators.Asked) -> Said | None:
        told = honest(asked)
        if told is None or json.loads(asked.body)["method"] != method:
            return told
        result = json.loads(json.loads(told.body)["result"])
        changed = change(result)
        return changed if isinstance(changed, Said) else said(result)

    rig.answer = answer


async def test_the_request_that_a_foreign_client_signed() -> None:
    connector = Fulu(Connection("https://openapi.fulu.com", "APPKEY+/=", KEY))
    at_ms = 1_795_312_800_000  # 2026-11-22 10:00:00 in Shanghai
    fields = {"charge_account": "充值/a@b.cn", "product_id": "7", "customer_order_no": "C2", "buy_num": "9"}
    place = connector.place(at_ms, Purchase("C1", "10000001", 1, 10_000, fields))
    looked = next(place)
    assert json.loads(json.loads(looked.body)["biz_content"]) == {"product_id": "10000001"}
    good = {
        "product_id": 10000001,
        "product_name": "Q币",
        "product_type": "直充",
        "purchase_price": 1,
        "sales_status": "上架",
        "stock_status": "充足",
    }
    bought = place.send(Response(200, said(good, key=KEY).body))
    assert (bought.method, bought.url) == ("POST", "https://openapi.fulu.com/api/getway")
    assert bought.headers == {"Content-Type": "application/json"}
    assert (
        bought.body
        == (
            r'{"app_key":"APPKEY+/=","method":"fulu.order.direct.add","timestamp":"2026-11-22 10:00:00",'
            r'"version":"2.0","format":"json","charset":"utf-8","sign_type":"md5","app_auth_token":"",'
            r'"biz_content":"{\"product_id\":10000001,\"customer_order_no\":\"C1\",'
            r'\"charge_account\":\"充值/a@b.cn\",\"buy_num\":1}",'
            r'"sign":"2d7f53310a04c05acc6d4e6bf6748f88"}'
        ).encode()
    )


@pytest.mark.parametrize(
    ("at_ms", "written"),
    [
        (1_764_140_000_000, "2025-11-26 14:53:20"),
        (1_764_172_800_999, "2025-11-27 00:00:00"),
        (1_751_328_000_000, "2025-07-01 08:00:00"),
    ],
)
async def test_the_time_is_shanghais(at_ms: int, written: str) -> None:
    request: Request = next(Rig.of("fulu").connector.balance(at_ms))
    assert json.loads(request.body)["timestamp"] == written


async def test_the_cards_that_the_vendor_prints_are_opened() -> None:
    rig = Rig.of("fulu", key="0a091b3aa4324435aab703142518a8f7")
    rig.shop.key = "0a091b3aa4324435aab703142518a8f7"
    await rig.buy("R1")
    rig.shop.finish(rig.shop.orders["R1"])
    printed = {
        "card_number": "12nCp6X/nALmrvr1erxK+D4L8n/kqz/RItKWUfvZrCU=",
        "card_pwd": "9HeOgdv+NpLihh2+5Gm0Mj4L8n/kqz/RItKWUfvZrCU=",
    }

    def answer(_asked: simulators.Asked) -> Said:
        order = {
            "order_id": "1",
            "customer_order_no": "R1",
            "order_state": "success",
            "order_price": 9.5,
            "buy_num": 1,
            "order_type": 3,
            "cards": [printed],
        }
        return said(order, key=rig.shop.key)

    rig.answer = answer
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert found.codes == (Code("CP1000250201906121742434441", "CD1000250201906121742434441"),)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(n, Outcome.failed) for n in (3001, 3002, 3003, 3004, 3005, 3008)]
    + [
        (n, Outcome.unknown)
        for n in (3000, 3006, 3007, 3009, 1, -1, 200, 2004, 9002, "x", None, True, 3001.5)
    ],
)
async def test_every_code_of_a_purchase(code: object, outcome: Outcome) -> None:
    for good in (CARD, TOPUP):
        rig = Rig.of("fulu")
        honest = rig.answer

        def answer(asked: simulators.Asked, honest=honest, rig=rig) -> Said | None:  # type: ignore[no-untyped-def]
            return said("", code) if rig.liar.supplier.buys(asked) else honest(asked)

        rig.answer = answer
        found = await rig.buy("R1", good)
        assert found.outcome is outcome
        if outcome is Outcome.failed:
            assert (found.reason, found.said) == (str(code), "说")


@pytest.mark.parametrize(
    ("state", "outcome", "refunded_e4"),
    [
        ("untreated", Outcome.accepted, 0),
        ("processing", Outcome.accepted, 0),
        ("success", Outcome.succeeded, 0),
        ("failed", Outcome.failed, 190_000),
        ("refunding", Outcome.unknown, 0),
        ("SUCCESS", Outcome.unknown, 0),
        ("3", Outcome.unknown, 0),
    ],
)
async def test_every_state_of_an_order(state: str, outcome: Outcome, refunded_e4: int) -> None:
    rig = Rig.of("fulu")
    await rig.buy("R1", quantity=2)
    bent(rig, "fulu.order.info.get", lambda order: order.update(order_state=state))
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.cost_e4, found.refunded_e4) == (outcome, 190_000, refunded_e4)
    assert (len(found.codes), found.reason) == (2 if outcome is Outcome.succeeded else 0, state)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("sign"),
        lambda told: told.update(sign=""),
        lambda told: told.update(sign=None),
        lambda told: told.update(sign="0" * 32),
        lambda told: told.update(sign="签" * 32),
        lambda told: told.update(sign="\ud800"),
        lambda told: told.update(sign=[told["sign"]]),
        lambda told: told.update(result=told["result"] + " "),
        lambda told: told.update(result="\ud800" + told["result"]),
        lambda told: told.update(result=json.loads(told["result"])),
        lambda told: told.update(result=None),
    ],
)
async def test_an_answer_that_is_not_signed_says_nothing(change: Change) -> None:
    """Of a purchase, of an order, of a price: none is believed, the clear no neither."""
    rig = Rig.of("fulu")
    await rig.buy("R1")
    honest = rig.answer

    def answer(asked: simulators.Asked) -> Said | None:
        answered = honest(asked)
        assert answered is not None
        told = json.loads(answered.body)
        change(told)
        return Said(200, json.dumps(told).encode())

    rig.answer = answer
    for question in (rig.connector.balance(AT_MS), rig.connector.good(AT_MS, str(CARD))):
        with pytest.raises(Unreadable):
            await rig.ask(question)
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown
    assert (await rig.buy("R2")).outcome is Outcome.unknown
    assert "R2" not in rig.shop.orders


async def test_an_unsigned_no_to_a_purchase_is_no_no() -> None:
    rig = Rig.of("fulu")
    honest = rig.answer
    no = Said(200, b'{"code":3001,"message":"","result":"","sign":""}')
    rig.answer = lambda asked: no if rig.liar.supplier.buys(asked) else honest(asked)
    assert (await rig.buy("R1")).outcome is Outcome.unknown


async def test_the_number_of_another_order_is_not_believed() -> None:
    """Sorted characters say nothing of their order: `R12` has the signature of `R21`."""
    rig = Rig.of("fulu")
    await rig.buy("R12")
    honest = rig.answer

    def answer(asked: simulators.Asked) -> Said | None:
        told = honest(asked)
        return told and Said(200, told.body.replace(b"R12", b"R21"))

    rig.answer = answer
    with pytest.raises(Unreadable):
        await rig.ask(rig.connector.query(AT_MS, "R12"))


async def test_a_number_used_before_is_never_a_failure() -> None:
    """Not even when the article is refused, or has become dearer, before the number is looked at."""
    rig = Rig.of("fulu")
    placed = await rig.buy("R1")
    assert (await rig.buy("R1")).outcome is Outcome.succeeded
    assert (await rig.buy("R1", most_unit_e4=1)).supplier_ref == placed.supplier_ref
    honest = rig.answer
    rig.answer = lambda asked: said("", 3002) if rig.liar.supplier.buys(asked) else honest(asked)
    assert (await rig.buy("R1")).outcome is Outcome.succeeded
    assert (await rig.buy("R2")).outcome is Outcome.failed
    assert len(rig.shop.orders) == 1


async def test_silence_after_a_no_leaves_it_open() -> None:
    rig = Rig.of("fulu")
    rig.shop.articles[CARD].stock = 0
    for sent in (True, False):
        place = rig.connector.place(AT_MS, Purchase("R1", str(CARD), 1, 100_000))

        async def send(request: Request, sent: bool = sent) -> Response:
            if b"order.info.get" in request.body:
                raise Silence(sent)
            return await rig.send(request)

        found = await supply.outcome(place, send)
        assert (found.outcome, found.reason) == (Outcome.unknown, "3002")


async def test_a_dearer_price_is_seen_before_anything_is_bought() -> None:
    rig = Rig.of("fulu")
    assert (await rig.buy("R1", most_unit_e4=94_999)).outcome is Outcome.failed
    assert (rig.liar.purchases, rig.shop.orders) == (0, {})
    assert (await rig.buy("R1", most_unit_e4=95_000)).outcome is Outcome.accepted


async def test_no_limit_travels_so_a_jump_in_between_is_paid() -> None:
    """What the missing guard means; the cost that is told is the true one."""
    rig = Rig.of("fulu", Lie.price_jump)
    placed = await rig.buy("R1", most_unit_e4=95_000)
    assert (placed.outcome, placed.cost_e4) == (Outcome.accepted, rig.shop.orders["R1"].total_e4)
    assert placed.cost_e4 > 95_000


@pytest.mark.parametrize(
    "change",
    [
        lambda order: order["cards"].pop(),
        lambda order: order.update(cards=None),
        lambda order: order.update(cards={}),
        lambda order: order["cards"][0].update({"card_pwd": "P1"}),
        lambda order: order["cards"][0].update({"card_pwd": ""}),
        lambda order: order["cards"][0].update({"card_pwd": None}),
        lambda order: order["cards"][0].update({"card_pwd": "opSTVGPItmj+H1rzHE7Vog=="}),
        lambda order: order["cards"][0].update(card_number=7),
        lambda order: order.update(buy_num=1),
        lambda order: order.update(order_price=None),
        lambda order: order.update(order_id=""),
        lambda order: order.update(order_state=None),
        lambda order: order.update(order_type="x"),
        lambda order: order.update(customer_order_no="R2"),
        lambda order: said("", 0),
        lambda order: said("[]", 0),
        lambda order: said("[" * 5000, 0),
        lambda order: said("{", 0),
    ],
)
async def test_an_order_with_something_missing_is_not_delivered(change: Change) -> None:
    rig = Rig.of("fulu")
    await rig.buy("R1", quantity=2)
    bent(rig, "fulu.order.info.get", change)
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.codes) == (Outcome.unknown, ())


async def test_a_card_without_a_number() -> None:
    for number in ("", "无卡号"):
        rig = Rig.of("fulu")
        await rig.buy("R1")
        order = rig.shop.orders["R1"]
        rig.shop.finish(order)
        order.codes = [(number, " P-1\n")]
        assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).codes == (Code("P-1"),)


async def test_the_inputs_of_a_template() -> None:
    rig = Rig.of("fulu")
    told: dict[str, Any] = {
        "ElementInfo": {
            "Inputs": [{"Id": "ChargeAccount", "Name": "QQ号"}, {"Id": "ChargePWD", "Name": "密码"}]
        }
    }
    bent(rig, "fulu.goods.template.get", lambda _: said(told))
    assert await rig.ask(rig.connector.template(AT_MS, str(TOPUP))) == (
        InputField("charge_account", "QQ号"),
        InputField("charge_password", "密码"),
    )
    told["IsServiceArea"] = True
    with pytest.raises(Unreadable):
        await rig.ask(rig.connector.template(AT_MS, str(TOPUP)))
    told["IsServiceArea"] = False
    told["ElementInfo"]["Inputs"][0]["Id"] = "ChargeMoon"
    with pytest.raises(Unreadable):
        await rig.ask(rig.connector.template(AT_MS, str(TOPUP)))
    bent(rig, "fulu.goods.info.get", lambda good: good.update(template_id=""))
    assert [f.name for f in await rig.ask(rig.connector.template(AT_MS, str(TOPUP)))] == ["charge_account"]


async def test_articles_that_are_not_spoken_are_left_out() -> None:
    rig = Rig.of("fulu")

    def airtime(goods: Any) -> None:
        goods[0]["product_type"] = "话费"

    bent(rig, "fulu.goods.list.get", airtime)
    page = await rig.ask(rig.connector.goods(AT_MS))
    assert [good.id for good in page.goods] == [str(TOPUP)]


async def test_what_cannot_be_done() -> None:
    rig = Rig.of("fulu")
    await rig.buy("R1")
    assert (await rig.outcome(rig.connector.cancel(AT_MS, "R1", "S1"))).outcome is Outcome.unknown
    with pytest.raises(Unreadable):
        rig.connector.notice({}, {}, b'{"order_status":"success","customer_order_no":"R1","sign":""}')
    with pytest.raises(Fault):
        await rig.ask(rig.connector.good(AT_MS, "7"))
