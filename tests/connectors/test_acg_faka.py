"""acg-faka in what is its own: what is looked at before an order, a refusal that proves nothing, texts in a card's place."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest
from tests.connectors.rig import AT_MS, CARD, Rig

from commissary.simulators import Asked, Lie, Said
from commissary.supply.connectors.acg_faka import AcgFaka
from commissary.supply.types import (
    Code,
    Connection,
    Conversation,
    Fault,
    Outcome,
    Purchase,
    Request,
    Response,
    Result,
    Unreadable,
)

KEY = "k" * 32
CONNECTOR = AcgFaka(Connection("https://shop.example", "1001", KEY))
SOLD = {"url": None, "amount": "9.50", "tradeNo": "T1", "secret": "AAAA-BBBB"}
ITEM: dict[str, Any] = {
    "code": "SKU-VIP-1M",
    "name": "视频会员",
    "user_price": 9.5,
    "status": 1,
    "delivery_way": 0,
    "stock": 25,
    "minimum": 0,
    "maximum": 0,
    "widget": "[]",
    "config": "",
}


def answered(conversation: Conversation[Any], *answers: object) -> tuple[Any, list[Request]]:
    """What it returns, and what it asked; an answer is `data`, or a whole reply."""
    asked = [next(conversation)]
    try:
        for answer in answers:
            told = answer if isinstance(answer, dict) and "msg" in answer else {"code": 200, "data": answer}
            asked.append(conversation.send(Response(200, json.dumps(told).encode())))
    except StopIteration as end:
        return end.value, asked
    raise AssertionError("it asks for more")


def placed(trade: object, quantity: int = 1, ref: str = "R1") -> tuple[Result, list[Request]]:
    purchase = Purchase(ref, "SKU-VIP-1M", quantity, 95_000)
    price = f"{quantity * 95_000 / 10_000:.2f}"
    return answered(CONNECTOR.place(AT_MS, purchase), {"stock": "25"}, {"price": price}, trade)


def changing(rig: Rig, path: str, change: Callable[[], None]) -> None:
    """Something happens in the shop once `path` was answered."""
    honest = rig.answer

    def then(asked: Asked) -> Said | None:
        said = honest(asked)
        if asked.path.endswith(path):
            change()
        return said

    rig.answer = then


@pytest.mark.parametrize(
    ("conversation", "path", "signature"),
    [
        (CONNECTOR.balance(AT_MS), "authentication/connect", "eb76aa2f1a9f701746802101b987fb6c"),
        (CONNECTOR.goods(AT_MS), "commodity/items", "eb76aa2f1a9f701746802101b987fb6c"),
        (CONNECTOR.good(AT_MS, "SKU-VIP-1M"), "commodity/item", "becb59aa489f12d7d5685ab886cd4f81"),
    ],
)
def test_signatures_seen_on_the_wire(conversation: Conversation[object], path: str, signature: str) -> None:
    request = next(conversation)
    assert request.url == f"https://shop.example/shared/{path}"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    form = dict(parse_qsl(request.body.decode()))
    assert (form["app_id"], form["app_key"], form["sign"]) == ("1001", KEY, signature)


def test_an_order_to_the_letter() -> None:
    fields = {"account": "红 色+1%", "num": "99"}
    purchase = Purchase("R1", "SKU-VIP-1M", 2, 95_000, fields)
    conversation = CONNECTOR.place(AT_MS, purchase)
    result, asked = answered(
        conversation, {"stock": "25"}, {"price": "19.00"}, SOLD | {"amount": "19.00", "secret": "A\nB"}
    )
    assert [request.url.rpartition("/")[2] for request in asked] == ["stock", "valuation", "trade"]
    form = dict(parse_qsl(asked[2].body.decode()))
    signature = form.pop("sign")
    # What a buyer fills in cannot change what is ordered.
    line = (
        f"account=红 色+1%&app_id=1001&app_key={KEY}&card_id=0&contact=R1&device=0&num=2"
        "&request_no=R1&shared_code=SKU-VIP-1M"
    )
    assert "&".join(f"{name}={form[name]}" for name in sorted(form)) == line
    assert signature == hashlib.md5(f"{line}&key={KEY}".encode(), usedforsecurity=False).hexdigest()
    assert result == Result(Outcome.succeeded, "T1", 190_000, codes=(Code("A"), Code("B")))


def test_a_number_fits_their_column() -> None:
    long, other = "0197f0c4-7d3e-7a51-9c2b-1f6b7a0e5d11", "0197f0c4-7d3e-7a51-9c2b-1f6b7a0e5d12"
    numbers = []
    for ref in ("1" * 19, long, long, other):
        _, asked = placed(SOLD, ref=ref)
        numbers.append(dict(parse_qsl(asked[2].body.decode()))["request_no"])
    assert numbers[0] == "1" * 19
    assert numbers[1] == numbers[2] != numbers[3]
    assert all(len(number) == 19 for number in numbers)


@pytest.mark.parametrize(
    ("secret", "quantity", "outcome", "codes"),
    [
        ("A", 1, Outcome.succeeded, ["A"]),
        ("A----B", 1, Outcome.succeeded, ["A----B"]),
        ("A\nB", 2, Outcome.succeeded, ["A", "B"]),
        ("A\r\nB\r\n", 2, Outcome.succeeded, ["A", "B"]),
        ("A\u2028B", 1, Outcome.succeeded, ["A\u2028B"]),
        ("A\nB", 1, Outcome.unknown, ["A", "B"]),
        ("A\nB", 3, Outcome.unknown, ["A", "B"]),
        ("很抱歉，卡密已被抢走", 1, Outcome.unknown, []),
        ("正在发货中，请稍候", 1, Outcome.unknown, []),
        (" \n ", 1, Outcome.unknown, []),
    ],
)
def test_what_stands_in_the_secret(secret: str, quantity: int, outcome: Outcome, codes: list[str]) -> None:
    """The money is taken in each of them; whoever was sent something else than was bought needs people."""
    result, _ = placed(SOLD | {"secret": secret}, quantity)
    assert (result.outcome, [code.secret for code in result.codes]) == (outcome, codes)
    assert (result.supplier_ref, result.cost_e4) == ("T1", 95_000)
    assert not any(code in result.said for code in codes)


@pytest.mark.parametrize(
    ("code", "msg", "outcome"),
    [
        (0, "The request ID already exists", Outcome.unknown),
        (0, "库存不足", Outcome.unknown),
        (0, "商品不存在", Outcome.unknown),
        (0, "密钥错误", Outcome.unknown),
        (0, "连接失败", Outcome.unknown),
        (0, "", Outcome.unknown),
        (0, "余额不足", Outcome.failed),
        (500, "余额不足", Outcome.unknown),
        (0, "上游余额不足，请联系客服", Outcome.unknown),
        (400, "error", Outcome.unknown),
    ],
)
def test_a_refused_trade(code: int, msg: str, outcome: Outcome) -> None:
    """Words may come after the sale, or name the number used before; no money is said before it alone."""
    result, _ = placed({"code": code, "msg": msg})
    assert (result.outcome, result.reason, result.said) == (outcome, str(code), msg)


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [
        ([{"stock": "1"}, {"price": "19.00"}], Outcome.failed, "no_stock"),
        ([{"stock": "25"}, {"price": "19.01"}], Outcome.failed, "too_dear"),
        ([{"code": 0, "msg": "商品不存在"}], Outcome.failed, "0"),
        ([{"stock": "25"}, {"code": 0, "msg": "商品不存在#0"}], Outcome.failed, "0"),
    ],
)
def test_a_clear_no_before_anything_is_sent(answers: list[object], outcome: Outcome, reason: str) -> None:
    result, asked = answered(CONNECTOR.place(AT_MS, Purchase("R1", "SKU-VIP-1M", 2, 95_000)), *answers)
    assert (result.outcome, result.reason) == (outcome, reason)
    assert not any(request.url.endswith("trade") for request in asked)


@pytest.mark.parametrize("path", ["stock", "valuation"])
async def test_silence_before_the_order_is_no_silence_of_the_order(path: str) -> None:
    rig = Rig.of("acg_faka")
    honest = rig.answer
    rig.answer = lambda asked: None if asked.path.endswith(path) else honest(asked)
    assert (await rig.buy("R1")).outcome is Outcome.failed
    assert (rig.shop.orders, rig.liar.purchases) == ({}, 0)


async def test_silence_after_it_is_for_people() -> None:
    rig = Rig.of("acg_faka", Lie.silent_after)
    facts = rig.connector.facts
    assert (facts.idempotent, facts.queries) == (False, False)
    assert (await rig.buy("R1")).outcome is Outcome.unknown
    assert (await rig.ended("R1")).outcome is Outcome.unknown
    assert len(rig.shop.orders) == 1


async def test_a_number_used_before_proves_nothing() -> None:
    rig = Rig.of("acg_faka")
    assert (await rig.buy("R1")).outcome is Outcome.succeeded
    again = await rig.buy("R1")
    assert (again.outcome, again.codes, rig.shop.refused) == (Outcome.unknown, (), ["repeated"])


async def test_dearer_than_allowed_is_seen_before() -> None:
    rig = Rig.of("acg_faka")
    refused = await rig.buy("R1", quantity=2, most_unit_e4=94_999)
    assert (refused.outcome, refused.reason, rig.liar.purchases) == (Outcome.failed, "too_dear", 0)
    assert (await rig.buy("R2", quantity=2, most_unit_e4=95_000)).outcome is Outcome.succeeded


async def test_a_price_that_jumps_in_between_is_paid_and_told() -> None:
    """No limit can be sent: what is left is to say what it cost."""
    rig = Rig.of("acg_faka", Lie.price_jump)
    sold = await rig.buy("R1", quantity=2, most_unit_e4=95_000)
    assert (sold.outcome, len(sold.codes)) == (Outcome.succeeded, 2)
    assert sold.cost_e4 == rig.shop.orders["R1"].total_e4 > 190_000


async def test_the_last_one_goes_in_between() -> None:
    rig = Rig.of("acg_faka")

    def gone() -> None:
        rig.shop.articles[CARD].stock = 0

    changing(rig, "valuation", gone)
    assert (await rig.buy("R1")).outcome is Outcome.unknown
    assert rig.shop.orders == {}


async def test_too_little_money() -> None:
    rig = Rig.of("acg_faka")
    rig.shop.balance_e4 = 94_999
    assert (await rig.buy("R1")).outcome is Outcome.failed


async def test_by_their_number_the_cards_are_told_and_nothing_is_decided() -> None:
    rig = Rig.of("acg_faka")
    sold = await rig.buy("R1", quantity=2)
    asked = await rig.outcome(rig.connector.query(AT_MS, "R1", sold.supplier_ref))
    assert (asked.outcome, asked.codes, asked.reason) == (Outcome.unknown, sold.codes, "1")
    unheard_of = await rig.outcome(rig.connector.query(AT_MS, "R1", "S9"))
    assert (unheard_of.outcome, unheard_of.codes) == (Outcome.unknown, ())


@pytest.mark.parametrize(
    ("change", "on_sale"),
    [
        ({}, True),
        ({"config": None}, True),
        ({"config": []}, True),
        ({"config": "[wholesale]\n10=9.00\n"}, True),
        ({"config": {"wholesale": {"10": "9.00"}}}, True),
        ({"config": "[category]\n月卡=9.50\n年卡=90\n"}, False),
        ({"config": {"category": {"月卡": "9.50"}}}, False),
        ({"config": "\r\n[sku.颜色]\r\n红=1\r\n"}, False),
        ({"config": {"sku": {"颜色": {"红": "1"}}}}, False),
        ({"delivery_way": 1}, False),
        ({"status": 0}, False),
    ],
)
def test_what_can_be_bought_plainly(change: Mapping[str, Any], on_sale: bool) -> None:
    good, _ = answered(CONNECTOR.good(AT_MS, "SKU-VIP-1M"), ITEM | change)
    assert (good.id, good.price_e4, good.on_sale) == ("SKU-VIP-1M", 95_000, on_sale)
    page, _ = answered(CONNECTOR.goods(AT_MS), [{"id": 1, "name": "x", "children": [ITEM | change]}])
    assert len(page.goods) == on_sale


@pytest.mark.parametrize("as_text", [True, False])
def test_what_a_buyer_must_tell(as_text: bool) -> None:
    widget: Any = [
        {"name": "account", "cn": "账号", "type": "text", "dict": ""},
        {"name": "zone", "cn": "区服", "type": "select", "dict": "一区=1,二区=2,三区"},
        {"name": "captcha", "cn": "验证", "type": "custom", "dict": ""},
    ]
    told = ITEM | {"widget": json.dumps(widget) if as_text else widget}
    fields, _ = answered(CONNECTOR.template(AT_MS, "SKU-VIP-1M"), told)
    assert [(f.name, f.label, f.choices) for f in fields] == [
        ("account", "账号", ()),
        ("zone", "区服", ("1", "2", "三区")),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"widget": "{"},
        {"widget": "[1]"},
        {"widget": {"a": 1}},
        {"config": 5},
        {"user_price": "x"},
        {"stock": "充足"},
    ],
)
def test_an_article_that_cannot_be_read(change: Mapping[str, Any]) -> None:
    with pytest.raises(Unreadable):
        answered(CONNECTOR.good(AT_MS, "SKU-VIP-1M"), ITEM | change)


@pytest.mark.parametrize(("code", "error"), [(0, Fault), (500, Unreadable), (None, Unreadable)])
def test_a_no_to_a_question(code: int | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        answered(CONNECTOR.balance(AT_MS), {"code": code, "msg": "密钥错误"})


def test_bought_by_the_least_and_the_most() -> None:
    good, _ = answered(CONNECTOR.good(AT_MS, "SKU-VIP-1M"), ITEM | {"minimum": 2, "maximum": 9})
    assert (good.least, good.most) == (2, 9)
    good, _ = answered(CONNECTOR.good(AT_MS, "SKU-VIP-1M"), ITEM)
    assert (good.least, good.most) == (1, None)


@pytest.mark.parametrize("change", [None, "", [], {}, True, "x"])
@pytest.mark.parametrize("name", ["amount", "tradeNo", "secret"])
def test_a_sale_in_other_types_is_not_understood(name: str, change: object) -> None:
    """The money may be gone: whatever is missing, people look."""
    if change == "x" and name != "amount":
        return
    purchase = Purchase("R1", "SKU-VIP-1M", 1, 95_000)
    with pytest.raises(Unreadable):
        answered(CONNECTOR.place(AT_MS, purchase), {"stock": "25"}, {"price": "9.50"}, SOLD | {name: change})
