"""卡易信 v3 in what is its own: codes, states, cards that travel encrypted, a limit for the whole order."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.connectors.rig import AT_MS, CARD, TOPUP, Rig

from commissary.dialects import ciphers
from commissary.simulators import Asked, Lie, Said
from commissary.supply.connectors.kayixin import Kayixin
from commissary.supply.types import (
    NOT_FOUND,
    Code,
    Connection,
    Forged,
    Outcome,
    Purchase,
    Response,
    Result,
    Unreadable,
)

PRINTED = "5fb9600dd400b5e0853caed93ebbfb4e"
CONNECTION = Connection("https://supplier.example", "10000", PRINTED)
ORDER: dict[str, Any] = {
    "orderNumber": "S1",
    "outerNumber": "R1",
    "status": 3,
    "count": 1,
    "money": 19,
    "retMoney": 0,
    "result": "处理成功",
    "cards": [{"cardId": "764", "cardNo": "123456789", "cardPwd": "", "status": 0, "cancelRequest": 1}],
}


def rig() -> Rig:
    return Rig.of("kayixin")


async def asked_about(code: int, data: object, msg: str = "success") -> Result:
    one = rig()
    body = json.dumps({"code": code, "msg": msg, "data": data}).encode()
    one.answer = lambda _asked: Said(200, body)
    return await one.outcome(one.connector.query(AT_MS, "R1"))


def test_an_order_to_the_letter() -> None:
    purchase = Purchase("R1", "201068", 3, 33_333, {"充值账号": "123123"}, "https://mall.example/c")
    request = next(Kayixin(CONNECTION).place(AT_MS, purchase))
    assert request.url == "https://supplier.example/api/v3/order/create"
    # 3 × 3.3333: the limit is the whole order's.
    assert request.body.decode() == (
        '{"goodsId":201068,"count":3,"outerNumber":"R1","safePrice":9.9999,'
        '"notifyUrl":"https://mall.example/c","attach":[{"name":"充值账号","value":"123123"}]}'
    )
    signed = f"10000{PRINTED}3.01764140000{request.body.decode()}"
    assert {k: v for k, v in request.headers.items() if k.startswith("X-")} == {
        "X-APP-ID": "10000",
        "X-Version": "3.0",
        "X-Timestamp": "1764140000",
        "X-Signature": hashlib.md5(signed.encode(), usedforsecurity=False).hexdigest(),
    }


def test_the_question_that_the_document_signs() -> None:
    connector = Kayixin(Connection("https://supplier.example", "10000", "652fbdd2f637606a2afbb2fe0ca72419"))
    request = next(connector.query(1_760_767_397_999, "R1", "20251016165825069"))
    assert request.body == b'{"orderNumber":"20251016165825069","outerNumber":""}'
    assert request.headers["X-Timestamp"] == "1760767397"
    assert request.headers["X-Signature"] == "6a414e658265ff3ca665cee3b161c4e9"
    by_ours = next(connector.query(1_760_767_397_999, "R1"))
    assert by_ours.body == b'{"orderNumber":"","outerNumber":"R1"}'


@pytest.mark.parametrize(
    ("state", "returned", "outcome", "refunded_e4"),
    [
        (0, 0, Outcome.unknown, 0),
        (1, 0, Outcome.accepted, 0),
        (2, 0, Outcome.accepted, 0),
        (3, 0, Outcome.succeeded, 0),
        (4, 0, Outcome.failed, 190_000),
        (4, 19, Outcome.failed, 190_000),
        (4, 5, Outcome.unknown, 50_000),
        (5, 0, Outcome.unknown, 0),
        (5, 18.99, Outcome.unknown, 189_900),
        (5, 19, Outcome.failed, 190_000),
        (6, 19, Outcome.unknown, 190_000),
        (7, 0, Outcome.accepted, 0),
        (8, 0, Outcome.accepted, 0),
        (9, 0, Outcome.unknown, 0),
        (9, 19, Outcome.unknown, 190_000),
        (10, 0, Outcome.unknown, 0),
    ],
)
async def test_what_a_state_means(state: int, returned: float, outcome: Outcome, refunded_e4: int) -> None:
    found = await asked_about(1000, ORDER | {"status": state, "retMoney": returned})
    assert (found.outcome, found.cost_e4, found.refunded_e4, found.reason) == (
        outcome,
        190_000,
        refunded_e4,
        str(state),
    )


@pytest.mark.parametrize(
    ("card", "outcome", "codes"),
    [
        ({"cardNo": "N", "cardPwd": "P"}, Outcome.succeeded, (Code("P", "N"),)),
        ({"cardNo": "N", "cardPwd": ""}, Outcome.succeeded, (Code("N"),)),
        ({"cardPwd": "P"}, Outcome.succeeded, (Code("P"),)),
        ({"cardNo": "", "cardPwd": ""}, Outcome.unknown, ()),
        ({"cardNo": "N", "status": 1}, Outcome.succeeded, (Code("N"),)),
        ({"cardNo": "N", "status": 2}, Outcome.unknown, (Code("N"),)),
        ({"cardNo": "N", "status": 3}, Outcome.succeeded, (Code("N"),)),
        ({"cardNo": "N", "status": 4}, Outcome.unknown, (Code("N"),)),
    ],
)
async def test_what_a_card_is(card: Mapping[str, Any], outcome: Outcome, codes: tuple[Code, ...]) -> None:
    told = {"cardId": "1", "cancelRequest": 1, "status": 0, **card}
    found = await asked_about(1000, ORDER | {"cards": [told]})
    assert (found.outcome, found.codes) == (outcome, codes)


async def test_a_topup_without_a_list_of_cards() -> None:
    told = {name: value for name, value in ORDER.items() if name != "cards"}
    assert (await asked_about(1000, told)).outcome is Outcome.succeeded
    assert (await asked_about(1000, told | {"cards": None})).outcome is Outcome.succeeded


async def test_another_order_than_was_asked_for() -> None:
    assert (await asked_about(1000, ORDER | {"outerNumber": "R2"})).outcome is Outcome.unknown


@pytest.mark.parametrize(
    ("code", "msg", "outcome", "reason"),
    [
        (1001, "订单不存在", Outcome.failed, NOT_FOUND),
        (1001, "签名错误", Outcome.unknown, "1001"),
        (1001, "客户不存在", Outcome.unknown, "1001"),
        (1001, "", Outcome.unknown, "1001"),
        (999, "系统繁忙", Outcome.unknown, "999"),
        (500, "error", Outcome.unknown, "500"),
        (0, "success", Outcome.unknown, "0"),
        (200, "success", Outcome.unknown, "200"),
    ],
)
async def test_a_no_to_the_question_is_no_news_of_the_order(
    code: int, msg: str, outcome: Outcome, reason: str
) -> None:
    found = await asked_about(code, None, msg)
    assert (found.outcome, found.reason) == (outcome, reason)


async def test_a_refused_order_is_looked_for() -> None:
    """One kind of no for everything: only with no order under our number was nothing bought."""
    one = rig()
    one.shop.articles[CARD].on_sale = False
    refused = await one.buy("R1")
    assert (refused.outcome, refused.reason, refused.said) == (Outcome.failed, "1001", "商品已暂停销售")


async def test_a_refused_order_whose_question_fails() -> None:
    one = rig()
    one.shop.articles[CARD].stock = 0
    honest = one.answer
    one.answer = lambda asked: None if "getDetail" in asked.path else honest(asked)
    assert (await one.buy("R1")).outcome is Outcome.unknown


async def test_a_number_used_before_is_the_first_order() -> None:
    one = rig()
    first = await one.buy("R1", quantity=2)
    again = await one.buy("R1", quantity=2)
    assert one.shop.refused == ["repeated"]
    assert (again.outcome, again.supplier_ref, again.cost_e4) == (
        Outcome.succeeded,
        first.supplier_ref,
        190_000,
    )


async def test_the_limit_is_the_whole_orders() -> None:
    one = Rig.of("kayixin", Lie.price_jump)
    refused = await one.buy("R1", quantity=3, most_unit_e4=95_000)
    assert (refused.outcome, one.shop.refused) == (Outcome.failed, ["too_dear"])
    assert (await rig().buy("R1", quantity=3, most_unit_e4=94_999)).outcome is Outcome.failed
    assert (await rig().buy("R1", quantity=3, most_unit_e4=95_000)).outcome is Outcome.accepted


async def test_cards_in_a_callback_are_opened() -> None:
    one = rig()
    await one.buy("R1", CARD, 2)
    order = one.shop.orders["R1"]
    one.shop.finish(order)
    sent = one.liar.supplier.callback(order)
    assert sent is not None
    assert b"P" + order.number.encode() not in sent.body
    notice = one.connector.notice(sent.headers, {}, sent.body)
    assert not notice.ask_again
    assert notice.trusted.codes == tuple(Code(secret, number) for number, secret in order.codes)


def called_back(told: Mapping[str, Any]) -> Asked:
    body = json.dumps(told).encode()
    signed = f"10000{PRINTED}3.01764140000".encode() + body
    headers = {
        "x-timestamp": "1764140000",
        "x-signature": hashlib.md5(signed, usedforsecurity=False).hexdigest(),
    }
    return Asked("POST", "/callback", headers, body)


def test_the_cards_that_the_document_encrypts() -> None:
    sealed = (
        "C8bR0FfVx+zMUZf/AJS9eyw3rKn+adBuHYqqnSFk09railKZVUvJV0fWO8w6q7OVOEw5RO04TfllBP1+8sjiMyj57JHp/"
        "ABJEtnygPhyYjr/6upkYGi0lAVTSfrxuJaf"
    )
    sent = called_back(ORDER | {"cards": sealed})
    notice = Kayixin(CONNECTION).notice(sent.headers, {}, sent.body)
    assert (notice.ref, notice.trusted.outcome) == ("R1", Outcome.succeeded)
    assert notice.trusted.codes == (Code("123456789"),)


@pytest.mark.parametrize(
    "cards",
    [
        "AAAA",
        "not base64",
        ciphers.seal_ecb(b"k" * 32, b"[]"),
        ciphers.seal_ecb(PRINTED.encode(), b'"x"'),
        ciphers.seal_ecb(PRINTED.encode(), b"\xff"),
        ciphers.seal_ecb(PRINTED.encode(), b'[{"cardNo":""}]'),
        ["x"],
    ],
)
def test_signed_cards_that_cannot_be_read(cards: object) -> None:
    sent = called_back(ORDER | {"cards": cards})
    with pytest.raises(Unreadable):
        Kayixin(CONNECTION).notice(sent.headers, {}, sent.body)


def test_a_callback_for_another_account() -> None:
    sent = called_back(ORDER | {"cards": ""})
    with pytest.raises(Forged):
        Kayixin(Connection(CONNECTION.base_url, "10001", PRINTED)).notice(sent.headers, {}, sent.body)


@pytest.mark.parametrize(("pages", "articles"), [(3, 250), (250, 3)])
def test_whichever_of_the_two_numbers_counts_pages(pages: int, articles: int) -> None:
    item = {
        "goodsId": 1,
        "name": "x",
        "faceValue": 0,
        "salesPrice": 0.5,
        "goodsType": 3,
        "status": 1,
        "multiple": 4,
        "skuType": 0,
    }
    told = {"code": 1000, "data": {"allCount": pages, "allPage": articles, "items": [item]}}
    for page, following in (("", "2"), ("2", "3"), ("3", "")):
        conversation = Kayixin(CONNECTION).goods(AT_MS, page)
        next(conversation)
        with pytest.raises(StopIteration) as end:
            conversation.send(Response(200, json.dumps(told).encode()))
        assert end.value.value.next == following
        # One that is ordered is four, and paid four times.
        assert end.value.value.goods[0].price_e4 == 20_000


async def test_what_an_article_says_of_itself() -> None:
    one = rig()
    good = await one.ask(one.connector.good(AT_MS, str(TOPUP)))
    assert (good.least, good.most, good.stock) == (1, 100, 9)
    assert good.banned_channels == ("拼多多", "京东", "抖音")
    assert good.least_resale_e4 == 99_000


@pytest.mark.parametrize(
    ("change", "on_sale"),
    [({"skuType": 1}, False), ({"skuType": 2}, False), ({"status": 3}, False), ({}, True)],
)
async def test_what_cannot_be_bought_by_its_number_alone(change: Mapping[str, int], on_sale: bool) -> None:
    one = rig()
    honest = one.answer

    def changed(asked: Asked) -> Said | None:
        said = honest(asked)
        assert said is not None
        told = json.loads(said.body)
        told["data"] |= change
        return Said(200, json.dumps(told).encode())

    one.answer = changed
    assert (await one.ask(one.connector.good(AT_MS, str(CARD)))).on_sale is on_sale


async def test_choices() -> None:
    one = rig()
    template = {
        "type": 14,
        "title": "区服",
        "options": [{"name": "一区", "value": "1"}, {"name": "二区", "value": 2}],
    }
    body = json.dumps({"code": 1000, "data": {"rechargeTemplates": [template]}}).encode()
    one.answer = lambda _asked: Said(200, body)
    (field,) = await one.ask(one.connector.template(AT_MS, str(TOPUP)))
    assert (field.name, field.choices) == ("区服", ("1", "2"))
