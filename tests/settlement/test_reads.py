"""What a day's match and a supplier's goods cost to read, where there is much of other days and of others."""

from datetime import timedelta
from typing import Any

import psycopg

from commissary.settlement import store
from commissary.stock import store as shelf
from make.settlement import Counter

DAYS, A_DAY = 200, 100


async def test_a_day_is_read_without_the_history_around_it(counter: Counter) -> None:
    """Three days of two hundred; what was called long before and ended in them is among them."""
    world = counter.world
    first = counter.noon(-DAYS // 2)
    fill = """insert into supply.attempt (home_id, id, order_id, line_no, n, sku_id, offer_id, connection_id, supplier_id,
          good_id, kind, quantity, most_unit_e4, unit_cost_e4, currency, why, state, cost_e4, called_at, ended_at)
        select %s, n, n, 1, 1, 1, 1, %s, 1, '101', 'code', 1, 1, 1, 'CNY', '', 'succeeded', 0, at, at
        from (select n, %s + make_interval(days => n / %s) as at from generate_series(1, %s) n) x"""
    late = """update supply.attempt set ended_at = %s, state = 'failed' where home_id = %s and id = 1"""
    await _rows(world, fill, (world.home, counter.id, first, A_DAY, DAYS * A_DAY))
    await _rows(world, late, (counter.noon(), world.home))
    await _rows(world, "analyze supply.attempt", ())
    start, end = store.bounds(counter.day, counter.zone)
    given = {"home": world.home, "connection": counter.id, "day": counter.day, "from": start, "to": end}
    given |= {"before": start - timedelta(days=1), "behind": end + timedelta(days=1)}
    inner = store.Q.copy_ours.partition("copy (")[2].rpartition(") to stdout")[0]
    scans = [n for n in await _plan(world, inner, given) if n.get("Relation Name") == "attempt"]
    assert {n["Index Name"] for n in scans if n["Actual Rows"]} == {"attempt_ended"}
    assert sum(n["Actual Rows"] for n in scans) in range(3 * A_DAY - 2, 3 * A_DAY + 3)
    assert sum(n.get("Rows Removed by Filter", 0) for n in scans) == 0
    await _rows(world, "delete from supply.attempt where home_id = %s", (world.home,))


async def test_a_purchase_is_found_that_began_and_ended_in_other_weeks(counter: Counter) -> None:
    """Called five days before it was booked, turned back five days after: neither end is near the day that is matched."""
    ref = await counter.buy(state="failed", back_e4=100_000)
    ends = (counter.noon(-5), counter.noon(5), ref)
    await _rows(counter.world, "update supply.attempt set called_at = %s, ended_at = %s where id = %s", ends)
    await counter.says(ref, 100_000).bring()
    day = await counter.match()
    assert (day.counts, day.open, day.ours_e4) == ({"matched": 1}, 0, 100_000)


async def test_a_suppliers_goods_are_found_by_him(counter: Counter) -> None:
    world = counter.world
    fill = """insert into stock.batch (home_id, id, sku_id, supplier_id, unit_cost_e4, currency, kek_id, dek, created_at)
        select %s, n, n %% 5000, n / 4, 1, 'CNY', 'k', 'x', now() from generate_series(1, 20000) n"""
    await _rows(world, fill, (world.home,))
    lots = """insert into stock.lot (home_id, id, sku_id, batch_id, start_seq, next_seq, end_seq, unit_cost_e4, state)
        select home_id, id, sku_id, id, 1, 1, 1, 1, 'open' from stock.batch where home_id = %s"""
    await _rows(world, lots, (world.home,))
    await _rows(world, "analyze stock.batch, stock.lot", ())
    given = {"home": world.home, "mall": world.mall, "suppliers": [77], "now": counter.noon()}
    plan = await _plan(world, shelf.Q.skus_of_suppliers, given)
    assert "batch_supplier" in {n.get("Index Name") for n in plan}
    await _rows(world, "delete from stock.lot where home_id = %s", (world.home,))
    await _rows(world, "delete from stock.batch where home_id = %s", (world.home,))


async def _plan(world: Any, query: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Every node of it, with what it really read."""
    found = await _rows(world, f"explain (analyze, format json) {query}", given)
    nodes, todo = [], [found[0][0][0]["Plan"]]
    while todo:
        node = todo.pop()
        nodes.append(node)
        todo += node.get("Plans", [])
    return nodes


async def _rows(world: Any, query: str, given: Any) -> list[Any]:
    async with await psycopg.AsyncConnection.connect(world.house.ground.admin_dsn, autocommit=True) as tx:
        done = await tx.execute(query.encode(), given)
        return await done.fetchall() if done.description else []
