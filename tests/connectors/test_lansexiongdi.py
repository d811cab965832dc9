"""What is 蓝色兄弟's alone: its codes, one piece and no more, a form as a callback."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from tests.connectors.rig import AT_MS, TOPUP, Rig

from commissary.dialects import SPECS, sign
from commissary.dialects.signing import line
from commissary.simulators import Asked, Said
from commissary.supply.connectors.lansexiongdi import Lansexiongdi
from commissary.supply.types import (
    NOT_FOUND,
    WRONG_ACCOUNT,
    Connection,
    Fault,
    Forged,
    Outcome,
    Purchase,
    Silence,
    Unreadable,
)

SPEC = SPECS["lansexiongdi"]
NOT_HEARD = ("1000", "1002", "1003", "1004", "1012", "1099", "1100")
REFUSED = ("1001", "1006", "1007", "1008", "1009", "1010", "1011", "1101", "1102")


def said(code: object, **beside: object) -> Said:
    return Said(200, json.dumps({"code": code, "message": "…", **beside}).encode())


def told(status: object, ref: str = "R1") -> Said:
    return said("0000", status=status, outTradeNo=ref)


def playing(**answers: Said) -> Rig:
    """A supplier that has one answer for each question, named by its last word."""
    rig = Rig.of("lansexiongdi")
    rig.answer = lambda asked: answers[asked.path.rpartition("/")[2]]
    return rig


@pytest.mark.parametrize(
    ("code", "without_order", "with_order"),
    [
        ("2000", Outcome.accepted, Outcome.accepted),
        ("1999", Outcome.unknown, Outcome.unknown),
        ("1005", Outcome.unknown, Outcome.succeeded),
        *[(code, Outcome.unknown, Outcome.unknown) for code in (*NOT_HEARD, "0000", "31337")],
        *[(code, Outcome.failed, Outcome.succeeded) for code in REFUSED],
    ],
)
async def test_every_code_of_a_purchase(code: str, without_order: Outcome, with_order: Outcome) -> None:
    """A refusal is believed when there is no order under the number either: it may have been used before."""
    placed = said(code)
    assert (await playing(order=placed, query=said("1012")).buy("R1")).outcome is without_order
    assert (await playing(order=placed, query=told("01")).buy("R1")).outcome is with_order
    lost = await playing(order=placed, query=Said(502, b"<html>")).buy("R1")
    assert lost.outcome is (Outcome.accepted if code == "2000" else Outcome.unknown)


async def test_a_question_that_never_left_says_nothing_of_the_order_that_did() -> None:
    def answer(asked: Asked) -> Said:
        if asked.path.endswith("/order"):
            return said("1005")
        raise Silence(sent=False)

    rig = Rig.of("lansexiongdi")
    rig.answer = answer
    assert (await rig.buy("R1")).outcome is Outcome.unknown


@pytest.mark.parametrize("code", [*NOT_HEARD, *REFUSED, "1005", "1999", "2000", "31337"])
async def test_every_code_of_a_question(code: str) -> None:
    """None is of the order, whatever state stands beside it."""
    rig = playing(query=said(code, status="03", outTradeNo="R1"))
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    if code == "1012":
        assert (found.outcome, found.reason) == (Outcome.failed, NOT_FOUND)
    else:
        assert (found.outcome, found.reason == NOT_FOUND) == (Outcome.unknown, False)


STATES = [
    ("01", Outcome.succeeded),
    ("02", Outcome.accepted),
    ("03", Outcome.failed),
    ("04", Outcome.unknown),
    ("05", Outcome.unknown),
    ("3", Outcome.unknown),
]


@pytest.mark.parametrize(("state", "outcome"), [*STATES, (3, Outcome.unknown), (None, Outcome.unknown)])
async def test_every_state(state: object, outcome: Outcome) -> None:
    rig = playing(query=told(state))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is outcome


async def test_the_answer_of_another_order_is_none() -> None:
    rig = playing(query=told("03", "R2"))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown


async def test_more_than_one_piece_is_not_even_asked_for() -> None:
    rig = Rig.of("lansexiongdi")
    assert (await rig.buy("R1", quantity=2)).outcome is Outcome.failed
    assert rig.liar.purchases == 0
    assert (await rig.ask(rig.connector.good(AT_MS, str(TOPUP)))).most == 1


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        ("18888888888", "1"),
        (" 18888888888 ", "1"),
        ("12888888888", "0"),
        ("123456", "2"),
        ("3123456789", "2"),
        ("4123456789", "0"),
        ("1234", "0"),
        ("a@b.cn", "0"),
        ("１８８８８８８８８８８", "0"),
    ],
)
def test_what_is_signed_of_an_order(account: str, kind: str) -> None:
    """As in the supplier's own example, whatever goes beside it unsigned."""
    connector = Lansexiongdi(Connection("https://supplier.example", "10000", "11111111"))
    fields = {"rechargeAccount": account, "contactMobile": "手机"}
    bought = Purchase("41858615686074369", "101", 1, 1, fields, "http://test.openapi.1688sup.cn")
    request = next(connector.place(1_575_010_281_999, bought))
    sent = dict(parse_qsl(request.body.decode()))
    assert line(SPEC, sent, "11111111").decode() == (
        f"accountType={kind}&merchantId=10000&notifyUrl=http://test.openapi.1688sup.cn&number=1"
        f"&outTradeNo=41858615686074369&productId=101&rechargeAccount={account.strip()}&timeStamp=1575010281"
        "&key=11111111"
    )
    assert (sent["version"], sent["extendParameter"]) == ("1.0", '{"contactMobile":"手机"}')
    assert request.url == "https://supplier.example/recharge/order"
    if account == "18888888888":
        assert sent["sign"] == "25400A2ED4F77693C6C4E3B40E4D576E"


async def test_whoever_knows_the_account_better_may_say_so() -> None:
    rig = Rig.of("lansexiongdi")
    fields = {"rechargeAccount": "123456", "accountType": "0", "buyHokGame": "手Q353区"}
    placed = rig.connector.place(AT_MS, Purchase("R1", str(TOPUP), 1, 1, fields, "https://mall.example"))
    assert (await rig.outcome(placed)).outcome is Outcome.accepted
    assert rig.shop.orders["R1"].fields == {"rechargeAccount": "123456", "buyHokGame": "手Q353区"}


async def test_an_account_of_the_wrong_form_buys_nothing() -> None:
    rig = Rig.of("lansexiongdi")
    fields = {"rechargeAccount": "123456", "accountType": "1"}
    placed = rig.connector.place(AT_MS, Purchase("R1", str(TOPUP), 1, 1, fields, "https://mall.example"))
    refused = await rig.outcome(placed)
    assert (refused.outcome, refused.reason) == (Outcome.failed, WRONG_ACCOUNT)
    assert refused.said.startswith("1011 ")


async def test_what_is_not_listed_is_not_sold() -> None:
    rig = Rig.of("lansexiongdi")
    rig.shop.articles[TOPUP].on_sale = False
    with pytest.raises(Fault):
        await rig.ask(rig.connector.good(AT_MS, str(TOPUP)))


def test_there_is_no_cancelling() -> None:
    with pytest.raises(StopIteration) as end:
        next(Rig.of("lansexiongdi").connector.cancel(AT_MS, "R1"))
    assert end.value.value.outcome is Outcome.unknown


def pushed(rig: Rig, **changed: str) -> dict[str, Any]:
    told = {"merchantId": rig.shop.account, "outTradeNo": "R1", "rechargeAccount": "138 &+", "status": "01"}
    told |= changed
    return told | {"sign": sign(SPEC, told, rig.shop.key)}


@pytest.mark.parametrize(("state", "outcome"), STATES)
def test_what_a_callback_says(state: str, outcome: Outcome) -> None:
    rig = Rig.of("lansexiongdi")
    notice = rig.connector.notice({}, {}, urlencode(pushed(rig, status=state)).encode())
    assert (notice.ref, notice.trusted.outcome) == ("R1", outcome)
    assert notice.ask_again is (outcome is Outcome.unknown)


@pytest.mark.parametrize(
    ("account", "cut"),
    [
        # One more name, so that the state that was signed ends up in it.
        ("138&status=01&t=1", {"rechargeAccount": "138", "status": "01", "t": "1&status=03"}),
        # The state of this order for another's.
        (
            "1&outTradeNo=R2&rechargeAccount=2",
            {"merchantId": "buyer-1&outTradeNo=R1&rechargeAccount=1", "outTradeNo": "R2"}
            | {"rechargeAccount": "2"},
        ),
    ],
)
def test_an_account_that_is_cut_into_parameters(account: str, cut: dict[str, str]) -> None:
    """The same line, and so the same signature, told in other parts."""
    rig = Rig.of("lansexiongdi")
    real = pushed(rig, rechargeAccount=account, status="03")
    forged = real | cut
    assert line(SPEC, forged, "k") == line(SPEC, real, "k")
    with pytest.raises(Forged):
        rig.connector.notice({}, {}, urlencode(forged).encode())


@pytest.mark.parametrize("body", [b"a=%ff", b"merchantId=buyer-1&outTradeNo=R1&status=01", b"&&&=", b"\xff"])
def test_a_callback_that_is_no_form(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Rig.of("lansexiongdi").connector.notice({}, {}, body)


def test_a_name_told_twice_is_not_read() -> None:
    """Whichever of the two was signed, and also where both are the same."""
    rig = Rig.of("lansexiongdi")
    signed = pushed(rig)
    for body in (
        f"{urlencode(signed)}&status=03",
        f"status=03&{urlencode(signed)}",
        urlencode(signed) + "&sign=x",
    ):
        with pytest.raises(Unreadable, match="twice"):
            rig.connector.notice({}, {}, body.encode())
