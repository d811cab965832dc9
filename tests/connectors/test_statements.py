"""A day's orders as a supplier lists them: every one of the day, none of another, as his statement has them."""

import pytest
from tests.connectors.rig import CARD, TOPUP, Rig

from commissary import supply
from commissary.simulators import Order
from commissary.supply.types import Fault, StatementLine, Unreadable

DAY_S, LENGTH_S = 1_764_028_800.0, 86_400
AT_MS = int((DAY_S + 2 * LENGTH_S) * 1000)
TELLING = sorted(
    name
    for name, made in supply.TABLE.items()
    if made(Rig.of(name).connector._to).facts.statements  # type: ignore[attr-defined]
)
MANY = 430


def test_at_least_these_tell() -> None:
    assert {"commissary", "dt_one", "kinguin", "reloadly", "reloadly_airtime"} <= set(TELLING)
    for name in set(supply.TABLE) - set(TELLING):
        assert not hasattr(supply.TABLE[name], "statement"), name


def placed(rig: Rig, ref: str, at_s: float) -> Order:
    article = rig.shop.articles[rig.good]
    article.stock += 1
    rig.shop.clock = lambda: at_s
    fields = dict.fromkeys(article.fields, rig.account)
    order = rig.shop.buy(ref, rig.good, 1, fields)
    assert isinstance(order, Order)
    rig.shop.finish(order)
    return order


async def told(rig: Rig) -> list[StatementLine]:
    found: list[StatementLine] = []
    cursor = ""
    while True:
        start_ms = int(DAY_S * 1000)
        talk = rig.connector.statement(AT_MS, start_ms, start_ms + LENGTH_S * 1000, cursor)  # type: ignore[attr-defined]
        page = await rig.ask(talk)
        found += page.lines
        if not (cursor := page.next):
            return sorted(found, key=lambda line: (line.at_ms, line.supplier_ref))


@pytest.mark.parametrize("protocol", TELLING)
async def test_the_day_and_nothing_else(protocol: str) -> None:
    rig = Rig.of(protocol)
    rig.shop.balance_e4 = 10**12
    placed(rig, "before", DAY_S - 1)
    day = [placed(rig, f"{1000 + n}", DAY_S + n * (LENGTH_S / MANY)) for n in range(MANY)]
    last = placed(rig, "last", DAY_S + LENGTH_S - 1)
    placed(rig, "behind", DAY_S + LENGTH_S)
    rig.shop.fail(day[7])
    lines = await told(rig)
    assert [line.ref for line in lines] == [order.ref for order in day] + [last.ref]
    by_ref = {line.ref: line for line in lines}
    for order in day:
        line = by_ref[order.ref]
        back = order.paid_e4 if order is day[7] else 0
        assert (line.charged_e4, line.returned_e4, line.quantity) == (order.paid_e4, back, 1)
        assert line.good_id == rig.id_of(CARD if rig.good == CARD else TOPUP)
        assert line.at_ms // 1000 == int(order.at_s)
    assert len({line.supplier_ref for line in lines}) == len(lines)


@pytest.mark.parametrize("protocol", TELLING)
async def test_what_is_planted_is_told(protocol: str) -> None:
    """Dearer, left out, twice, invented: his statement, not the truth, is what is asked for."""
    rig = Rig.of(protocol)
    for n, ref in enumerate(("right", "dearer", "hidden", "twice")):
        placed(rig, ref, DAY_S + n)
    rig.shop.misstated = {"dearer": 700, "hidden": "hidden", "twice": "twice"}
    rig.shop.invent(130_000, DAY_S + 9)
    price = rig.shop.articles[rig.good].price_e4
    lines = [(line.ref, line.charged_e4) for line in await told(rig)]
    invented = rig.shop.invented[0].ref
    assert lines == [
        ("right", price),
        ("dearer", price + 700),
        ("twice", price),
        ("twice", price),
        (invented, 130_000),
    ]


@pytest.mark.parametrize("protocol", TELLING)
async def test_an_empty_day_and_a_broken_answer(protocol: str) -> None:
    rig = Rig.of(protocol)
    assert await told(rig) == []
    placed(rig, "one", DAY_S + 1)
    honest, number = rig.answer, rig.shop.orders["one"].number.lstrip("S0")

    def half(asked):  # type: ignore[no-untyped-def]
        said = honest(asked)
        assert said is not None
        if number.encode() not in said.body or b"one" not in said.body:
            return said
        return type(said)(said.status, said.body[: len(said.body) // 2], said.headers)

    rig.answer = half
    with pytest.raises(Unreadable):
        await told(rig)
    rig = Rig.of(protocol, key="another-key-of-the-same-length")
    with pytest.raises((Fault, Unreadable)):
        await told(rig)
