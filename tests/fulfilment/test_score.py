"""How good a supplier is: measured over its purchases, shown, remembered, and acted upon."""

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from commissary import tenancy
from commissary.base import outbox
from commissary.base.errors import Refused
from commissary.simulators import Lie
from commissary.supply.score import LEAST_COUNTED, Measured, judge
from commissary.supply.score_routes import ROUTES
from make.http import served
from make.orders import World
from make.supply import Supplier, Trade


@pytest_asyncio.fixture(loop_scope="session")
async def trade(world: World) -> Trade:
    return Trade(world)


async def sell(trade: Trade, sku: int, count: int) -> None:
    buyer = await trade.world.buyer(10_000)
    for _ in range(count):
        await trade.world.place(buyer, sku)


async def state(trade: Trade, supplier: Supplier) -> str:
    [[found]] = await trade.world.rows("select state from supply.connection where id = %s", supplier.kept.id)
    return found


async def test_a_supplier_who_fails_is_paused_alarmed_and_comes_back_by_himself(trade: Trade) -> None:
    """Four in ten purchases are met with silence; nobody touches a setting."""
    world = trade.world
    sku = await world.sku(98_750)
    supplier = await trade.supplier(
        lies=[Lie.none, Lie.silent_before, Lie.none, Lie.silent_before, Lie.none] * 4
    )
    await trade.offer(supplier, sku)
    await sell(trade, sku, 10)
    began_s = trade.clock_s
    await trade.turn()
    await trade.turn()
    assert await state(trade, supplier) == "paused"
    assert trade.clock_s - began_s < 60
    with pytest.raises(Refused, match=r"^out_of_stock$"):
        await sell(trade, sku, 1)
    supplier.liar.down = True
    for _ in range(4):
        trade.clock_s += 11
        await trade.turn()
    assert await state(trade, supplier) == "paused"  # who does not answer does not come back
    supplier.liar.down = False
    for n in range(3):
        assert (await state(trade, supplier), n) == ("paused", n)
        trade.clock_s += 11
        await trade.turn()
    assert await state(trade, supplier) == "on"
    placed = supplier.liar.purchases
    await sell(trade, sku, 1)
    await trade.turn()
    assert supplier.liar.purchases == placed + 1
    async with world.env.db.transaction(world.mall) as tx:
        told = [e for _, events in await outbox.read(tx, world.home, 0, 10_000) for e in events]
    mine = [e.kind for e in told if e.subject == supplier.kept.id]
    assert mine == ["supplier.paused", "supplier.resumed"]
    log = await tenancy.list_audit(world.env, world.actor, size=200)
    by = [(e.action, e.actor_kind) for e in log if e.subject == f"connection:{supplier.kept.id}"]
    assert [kept for kept in reversed(by) if kept[1] == "system"] == [
        ("supply.paused", "system"),
        ("supply.on", "system"),
    ]


async def test_the_score_is_what_its_purchases_come_to(trade: Trade) -> None:
    world = trade.world
    sku = await world.sku(98_750)
    supplier = await trade.supplier()
    await trade.offer(supplier, sku)
    async with served(world.house, ROUTES) as console:
        path = f"/console/v1/connections/{supplier.kept.id}/score"
        assert (await console.get(path)).json()["grade"] == "new"
        await sell(trade, sku, 12)
        await trade.served()
        good = (await console.get(path)).json()
        assert (good["grade"], good["purchases"], good["success_bp"], good["unknown_bp"]) == (
            "A",
            12,
            10_000,
            0,
        )
        assert good["p95_ms"] >= good["p50_ms"]
        supplier.shop.articles[101].stock = 0
        await sell(trade, sku, 8)
        await trade.turn()
        worse = (await console.get(path)).json()
        assert (worse["purchases"], worse["success_bp"]) == (20, 6_000)
        assert worse["grade"] in ("C", "D")
        assert (await console.get("/console/v1/connections/1/score")).json()["code"] == "connection_not_found"
    market = await trade.again().purchasing.market(world.mall)
    health = market.connections[supplier.kept.id].health
    assert health.success_bp == 6_000  # a new process knows


SHARE = st.integers(0, 40)


@st.composite
def measurements(draw: st.DrawFn) -> Measured:
    succeeded, unknown, late, taken_back, failed = (draw(SHARE) for _ in range(5))
    p50 = draw(st.none() | st.integers(0, 10**6))
    return Measured(
        purchases=succeeded + unknown + late + taken_back + failed,
        succeeded=succeeded,
        unknown=unknown,
        late=late,
        reversed=taken_back,
        p50_ms=p50,
        p95_ms=None if p50 is None else p50 + draw(st.integers(0, 10**6)),
        price_moves_bp=draw(st.integers(0, 20_000)),
    )


@given(measurements())
def test_a_score_has_its_bounds(m: Measured) -> None:
    found = judge(m)
    assert 0 <= found.points <= 10_000
    assert (found.grade == "new") == (m.purchases < LEAST_COUNTED)


@given(measurements(), st.sampled_from(["unknown", "late", "reversed", "failed"]))
def test_no_fault_makes_a_score_better(m: Measured, fault: str) -> None:
    """One of its good purchases goes wrong instead."""
    if m.succeeded:
        changes = {"succeeded": m.succeeded - 1}
        if fault != "failed":
            changes[fault] = getattr(m, fault) + 1
        facts = {name: getattr(m, name) for name in Measured.__struct_fields__}
        assert judge(Measured(**(facts | changes))).points <= judge(m).points


@given(measurements(), st.integers(0, 10**6))
def test_slower_and_restless_is_never_better(m: Measured, more: int) -> None:
    facts = {name: getattr(m, name) for name in Measured.__struct_fields__}
    slower = Measured(**(facts | {"p95_ms": (m.p95_ms or 0) + more}))
    restless = Measured(**(facts | {"price_moves_bp": m.price_moves_bp + more}))
    assert max(judge(slower).points, judge(restless).points) <= judge(m).points
