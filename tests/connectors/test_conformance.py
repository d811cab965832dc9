"""Every connector against the supplier of its protocol: the same questions, the same truth.

A connector passes when whatever goes wrong on the way never makes it say more than it knows, and never buys twice.
"""

import json
from urllib.parse import parse_qsl

import pytest
from tests.connectors.rig import AT_MS, CARD, FORMS, TOPUP, Rig, supplier_of

from commissary import simulators, supply
from commissary.simulators import Lie
from commissary.supply.types import (
    NOT_FOUND,
    Code,
    Fault,
    Forged,
    Notice,
    Outcome,
    Purchase,
    Request,
    Response,
    Result,
    Silence,
    Unreadable,
)

PROTOCOLS = sorted([*supply.TABLE, *FORMS])
HEARS_IN_SILENCE = {"kinguin"}
"""Who wants an empty body for an answer to a callback."""
pytestmark = pytest.mark.parametrize("protocol", PROTOCOLS)


def test_every_protocol_has_a_supplier_to_try_it_on(protocol: str) -> None:
    assert supplier_of(protocol) in simulators.TABLE


async def test_the_catalogue_and_the_balance(protocol: str) -> None:
    rig = Rig.of(protocol)
    goods = {}
    cursor = ""
    while True:
        page = await rig.ask(rig.connector.goods(AT_MS, cursor))
        goods |= {good.id: good for good in page.goods}
        if not (cursor := page.next):
            break
    articles = rig.shop.articles.values()
    assert {i: (g.kind, g.name, g.price_e4, g.on_sale) for i, g in goods.items()} == {
        rig.id_of(a.id): (a.kind, a.name, a.price_e4, True) for a in articles
    }
    assert all(goods[rig.id_of(a.id)].stock in (a.stock, None) for a in articles)
    for article in articles:
        one = await rig.ask(rig.connector.good(AT_MS, rig.id_of(article.id)))
        assert (one.name, one.price_e4) == (article.name, article.price_e4)
        asked = await rig.ask(rig.connector.template(AT_MS, rig.id_of(article.id)))
        assert [f.name for f in asked] == list(article.fields)
    assert await rig.ask(rig.connector.balance(AT_MS)) == rig.shop.balance_e4


async def test_many_pages(protocol: str) -> None:
    rig = Rig.of(protocol)
    model = rig.shop.articles[rig.good]
    for number in range(1000, 1250):
        rig.shop.articles[number] = simulators.Article(number, f"{number}", model.kind, 10_000, 1)
    found: list[str] = []
    cursor = ""
    while True:
        page = await rig.ask(rig.connector.goods(AT_MS, cursor))
        found += [good.id for good in page.goods]
        if not (cursor := page.next):
            break
    assert sorted(found) == sorted(rig.id_of(a) for a in rig.shop.articles)


async def test_codes_are_bought_and_asked_for(protocol: str) -> None:
    rig = Rig.of(protocol)
    if "code" not in rig.connector.facts.kinds:
        return
    before = rig.shop.balance_e4
    most = (await rig.ask(rig.connector.good(AT_MS, rig.id_of(CARD)))).most
    pieces = min(3, most or 3)  # some protocols sell one at a time
    placed = await rig.buy("R1", CARD, pieces)
    assert placed.outcome in (Outcome.accepted, Outcome.succeeded)
    # Who cannot be asked has said all of it at once.
    done = await rig.ended("R1", placed.supplier_ref) if rig.connector.facts.queries else placed
    assert done.outcome is Outcome.succeeded
    assert (done.cost_e4, done.refunded_e4) == (95_000 * pieces, 0)
    assert done.codes == tuple(
        [Code(secret, number or None) for number, secret in rig.shop.orders["R1"].codes]
    )
    assert len(done.codes) == pieces
    assert rig.shop.balance_e4 == before - 95_000 * pieces


async def test_a_topup_reaches_its_account(protocol: str) -> None:
    rig = Rig.of(protocol)
    if "topup" not in rig.connector.facts.kinds:
        return
    placed = await rig.buy("R1", TOPUP)
    assert (await rig.ended("R1", placed.supplier_ref)).outcome is Outcome.succeeded
    assert rig.shop.orders["R1"].fields[rig.field] == rig.account


async def test_slow_is_accepted_until_it_is_done(protocol: str) -> None:
    rig = Rig.of(protocol, looks=3)
    placed = await rig.buy("R1")
    if placed.outcome is Outcome.succeeded:  # a protocol that delivers in its answer
        return
    outcomes = [(await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome for _ in range(3)]
    assert outcomes == [Outcome.accepted, Outcome.accepted, Outcome.succeeded]


async def test_one_number_is_one_purchase(protocol: str) -> None:
    """Placed again, by whoever forgot that it was: the first order is what comes back, never a failure."""
    rig = Rig.of(protocol)
    await rig.buy("R1")
    again = await rig.buy("R1")
    assert again.outcome is not Outcome.failed
    assert len(rig.shop.orders) == 1


@pytest.mark.parametrize("lie", [Lie.silent_after, Lie.error_after, Lie.page_after, Lie.truncated_after])
async def test_bought_and_not_said(protocol: str, lie: Lie) -> None:
    rig = Rig.of(protocol, lie)
    assert (await rig.buy("R1")).outcome is Outcome.unknown
    done = await rig.ended("R1")
    if rig.connector.facts.queries:
        assert (done.outcome, len(done.codes)) == (Outcome.succeeded, 1 if rig.good == CARD else 0)
    else:
        assert done.outcome is Outcome.unknown
    assert (len(rig.shop.orders), rig.liar.purchases) == (1, 1)


async def test_not_sent_behind_something_sent(protocol: str) -> None:
    """Behind a request that left, "not sent" says nothing of the purchase; only a connector that looks before it buys
    may know that its order was not among them."""
    for reached in range(6):
        rig = Rig.of(protocol)
        await rig.buy("R1")
        left = reached

        async def send(request: Request, rig: Rig = rig) -> Response:
            nonlocal left
            left -= 1
            if left < 0:
                raise Silence(sent=False)
            return await rig.send(request)

        # Placed again, where that is allowed, so that it takes as many requests as it can.
        ref = "R1" if rig.connector.facts.idempotent else "R2"
        purchase = Purchase(ref, rig.id_of(rig.good), 1, 1_000_000, {rig.field: rig.account})
        found = await supply.outcome(rig.connector.place(AT_MS, purchase), send, placing=True)
        assert found.outcome is not Outcome.failed or reached == 0 or ref not in rig.shop.orders

    async def gone(_request: Request) -> Response:
        raise Silence(sent=False)

    for question in (rig.connector.query(AT_MS, "R1"), rig.connector.cancel(AT_MS, "R1", "S1")):
        assert (await supply.outcome(question, gone)).outcome is Outcome.unknown


@pytest.mark.parametrize("lie", [Lie.silent_before, Lie.page_before])
async def test_not_bought_and_not_said(protocol: str, lie: Lie) -> None:
    """Unknown like the others; the query says that there is nothing, from where the quiet time runs."""
    rig = Rig.of(protocol, lie)
    assert (await rig.buy("R1")).outcome is Outcome.unknown
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    if rig.connector.facts.queries and rig.connector.facts.says_missing:
        assert (found.outcome, found.reason) == (Outcome.failed, NOT_FOUND)
    else:
        assert found.outcome is Outcome.unknown


async def test_dearer_than_allowed_is_not_bought(protocol: str) -> None:
    rig = Rig.of(protocol, Lie.price_jump)
    if rig.connector.facts.guard is None:
        return
    price_e4 = rig.shop.articles[rig.good].price_e4
    assert (await rig.buy("R1", quantity=2, most_unit_e4=price_e4)).outcome is Outcome.failed
    assert (rig.shop.orders, rig.shop.refused) == ({}, ["too_dear"])
    exact = Rig.of(protocol)
    assert (await exact.buy("R1", quantity=2, most_unit_e4=price_e4)).outcome is not Outcome.failed


async def test_out_of_stock_is_a_clear_no(protocol: str) -> None:
    rig = Rig.of(protocol)
    rig.shop.articles[rig.good].stock = 0
    assert (await rig.buy("R1")).outcome is Outcome.failed
    assert rig.shop.orders == {}


async def test_failed_is_believed_when_the_money_is_back(protocol: str) -> None:
    rig = Rig.of(protocol, looks=9)
    if not rig.connector.facts.queries:
        return
    await rig.buy("R1")
    order = rig.shop.orders["R1"]
    rig.shop.fail(order, refund=False)
    if rig.connector.facts.says_refunds:
        assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown
    rig.shop.fail(order)
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    back_e4 = order.total_e4 if rig.connector.facts.tells_money else 0
    assert (found.outcome, found.refunded_e4) == (Outcome.failed, back_e4)


async def test_cancelled(protocol: str) -> None:
    rig = Rig.of(protocol, looks=9)
    if not rig.connector.facts.cancels:
        return
    placed = await rig.buy("R1")
    said = await rig.outcome(rig.connector.cancel(AT_MS, "R1", placed.supplier_ref))
    assert said.outcome in (Outcome.accepted, Outcome.failed)
    assert (await rig.ended("R1", placed.supplier_ref)).outcome is Outcome.failed


async def test_the_wrong_key_buys_nothing_and_proves_nothing(protocol: str) -> None:
    rig = Rig.of(protocol, key="f" * 32)
    with pytest.raises((Fault, Unreadable)):
        await rig.ask(rig.connector.balance(AT_MS))
    assert (await rig.buy("R1")).outcome is not Outcome.succeeded
    # A supplier that does not know us cannot say that we bought nothing.
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown
    assert rig.shop.orders == {}


async def test_a_callback_is_heard_when_it_is_signed(protocol: str) -> None:
    """And, coming twice, is heard the same."""
    rig = Rig.of(protocol)
    sent = await rig.called_back()
    if sent is None:
        with pytest.raises((Forged, Unreadable)):
            rig.connector.notice({}, {}, b"{}")
        return
    url = rig.shop.orders["R1"].callback_url or rig.shop.callback_url
    assert f"{sent.to}{sent.path}" + (f"?{sent.query}" if sent.query else "") == url
    notice = rig.notice(sent)
    if rig.connector.facts.signs_callbacks:
        assert (notice.ref, notice.trusted.outcome) == ("R1", Outcome.succeeded)
        assert notice.ask_again or len(notice.trusted.codes) == len(rig.shop.orders["R1"].codes)
    else:
        assert notice == Notice("R1", Result(Outcome.unknown), ask_again=True)
    assert rig.notice(sent) == notice
    assert bool(rig.connector.heard) is (protocol not in HEARS_IN_SILENCE)


async def test_a_callback_that_somebody_else_wrote(protocol: str) -> None:
    """Whatever is changed in it: refused, or no longer believed in that point."""
    rig = Rig.of(protocol)
    sent = await rig.called_back()
    if sent is None:
        return
    honest = rig.notice(sent)
    for at in range(len(sent.body)):
        tampered = sent.body[:at] + bytes([sent.body[at] ^ 1]) + sent.body[at + 1 :]
        try:
            notice = rig.connector.notice(sent.headers, dict(parse_qsl(sent.query)), tampered)
        except (Forged, Unreadable):
            continue
        if rig.connector.facts.signs_callbacks:
            assert notice == honest, f"byte {at} is believed"
        else:  # a wrong number is asked about in vain
            assert notice == Notice(notice.ref, Result(Outcome.unknown), ask_again=True)
    stranger = Rig.of(protocol, key="f" * 32)
    with pytest.raises(Forged):
        stranger.notice(sent)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"<html>",
        b"\xff\xfe",
        b"{}",
        b'{"code":31337}',
        b'{"sign":"\\ud800","time":"1","code":200}',
        b'{"sign":"x","time":1.5,"status":NaN}',
        b'{"sign":"x","time":1.5,"code":1e999999999}',
        b"[" * 5000,
        b'{"code":true}',
    ],
)
async def test_nonsense_is_never_an_answer(protocol: str, body: bytes) -> None:
    """200 and nonsense, to whatever was asked."""
    rig = Rig.of(protocol)
    nonsense = simulators.Said(200, body)
    rig.answer = lambda _asked: nonsense
    for conversation in (
        rig.connector.query(AT_MS, "R1"),
        rig.connector.cancel(AT_MS, "R1", "S1"),
    ):
        assert (await rig.outcome(conversation)).outcome is Outcome.unknown
    assert (await rig.buy("R1")).outcome is Outcome.unknown
    for question in (
        rig.connector.balance(AT_MS),
        rig.connector.goods(AT_MS),
        rig.connector.good(AT_MS, rig.id_of(rig.good)),
        rig.connector.template(AT_MS, rig.id_of(rig.good)),
    ):
        with pytest.raises((Unreadable, Fault)):
            await rig.ask(question)
    with pytest.raises((Unreadable, Forged)):
        rig.connector.notice({}, {}, body)


async def test_every_answer_may_be_of_another_type(protocol: str) -> None:
    """Each value of an honest answer, made a text, a list, nothing: unknown or a clear no, never a crash and never success
    with something missing."""
    for change in (None, "x", [], {}, -1, True, 10**30):
        for number in range(40):
            rig = Rig.of(protocol)
            await rig.buy("R1")
            rig.shop.finish(rig.shop.orders["R1"])
            honest = rig.answer

            def bent(asked: simulators.Asked, honest=honest, change=change, number=number):  # type: ignore[no-untyped-def]
                said = honest(asked)
                told, changed = _bent(json.loads(said.body), change, number)
                return simulators.Said(said.status, json.dumps(told).encode()) if changed else None

            rig.answer = bent
            found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
            if found.outcome is Outcome.succeeded:
                assert (found.cost_e4 is not None) == rig.connector.facts.tells_money
                assert all(isinstance(code.secret, str) and code.secret for code in found.codes)
            elif found.outcome is Outcome.failed:
                assert change == [], (number, change)


def _bent(node: object, change: object, number: int) -> tuple[object, bool]:
    """The same with its `number`-th value replaced."""
    left = [number]

    def walk(value: object) -> object:
        if left[0] < 0:
            return value
        left[0] -= 1
        if left[0] < 0:
            return change
        if isinstance(value, dict):
            return {k: walk(v) for k, v in value.items()}
        if isinstance(value, list):
            return [walk(v) for v in value]
        return value

    bent = walk(node)
    return bent, left[0] < 0
