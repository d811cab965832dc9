"""Orders by file: faults by line, resumable, no duplicates, a result for every line."""

import asyncio
import csv
import io
import time
from typing import Any

import pytest
from openpyxl import Workbook

from commissary import orders
from commissary.base import table_file
from commissary.base.errors import Refused
from commissary.base.table_out import guarded
from commissary.catalog.types import FieldSpec
from commissary.orders.sheet import mask
from commissary.orders.types import Sheet
from commissary.tenancy.types import Caller
from make import killable
from make.orders import World

PHONE = FieldSpec("phone", "手机号", "Phone", type="digits", pattern="^1[0-9]{10}$", target=True)


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


def file_of(rows: list[list[Any]], header: str = "client_order_no,sku,quantity") -> bytes:
    return "\n".join([header, *(",".join(str(c) for c in row) for row in rows)]).encode()


async def upload(world: World, buyer: Caller, data: bytes, key: str = "k") -> Sheet:
    return await orders.upload(
        world.desk,
        world.home,
        buyer_id=buyer.key.organisation_id,
        file_name="may.csv",
        data=data,
        idempotency_key=key,
    )


async def run(world: World, sheet: Sheet) -> Sheet:
    return await orders.run_sheet(world.env, world.desk, world.home, sheet.id)


async def result(world: World, sheet: Sheet, *, codes: bool = False) -> list[dict[str, str]]:
    parts = [part async for part in orders.sheet_result(world.desk, world.home, sheet, codes=codes)]
    return list(csv.DictReader(io.StringIO(b"".join(parts).decode("utf-8-sig"), newline="")))


async def test_a_file_is_placed_and_every_line_has_its_result(world: World) -> None:
    sku, topup = await world.sku(10_000), await world.sku(20_000, kind="topup", fields=(PHONE,))
    batch = await world.stock(sku, 3, cost_e4=1)
    buyer = await world.buyer(100)
    [[article]] = await world.rows("select code from catalog.sku where id = %s", sku)
    data = file_of(
        [
            ["a-1", article, 2, "1.0000", ""],
            ["a-2", sku, 1, "", ""],
            ["a-3", sku, 1, "", ""],
            ["a-4", topup, 1, "", "13912345678"],
            ["a-5", topup, 1, "", "12"],
            ["a-6", sku, 1, "0.5", ""],
            ["a-7", "nothing", 1, "", ""],
            ["a-8", sku, "two", "", ""],
            ["a-1", sku, 1, "", ""],
            ["=cmd()", sku, 1, "x", ""],
        ],
        "client_order_no,sku,quantity,max_unit_price,fields.phone",
    )
    count, faults = await orders.check_file(world.desk, world.home, "may.csv", data)
    assert (count, [(f.row_no, f.code) for f in faults]) == (
        10,
        [
            (6, "invalid_request"),
            (8, "sku_unknown"),
            (9, "invalid_request"),
            (10, "repeated_in_file"),
            (11, "invalid_request"),
        ],
    )
    assert faults[0].detail.startswith("fields.phone")
    sheet = await upload(world, buyer, data)
    assert (sheet.state, sheet.lines, sheet.done, sheet.refused) == ("running", 10, 5, 5)
    assert await orders.running_sheets(world.env, world.mall) == [sheet.id]
    done = await run(world, sheet)
    assert (done.state, done.lines, done.done, done.accepted, done.refused) == ("done", 10, 10, 3, 7)
    assert done.ended_at is not None
    rows = await result(world, done, codes=True)
    assert [(r["row"], r["status"], r["error"]) for r in rows] == [
        ("2", "delivered", ""),
        ("3", "delivered", ""),
        ("4", "refused", "out_of_stock"),
        ("5", "processing", ""),
        ("6", "refused", "invalid_request"),
        ("7", "refused", "price_above_max"),
        ("8", "refused", "sku_unknown"),
        ("9", "refused", "invalid_request"),
        ("10", "refused", "repeated_in_file"),
        ("11", "refused", "invalid_request"),
    ]
    assert rows[0]["codes"] == f"N1 T{batch}-1\nN2 T{batch}-2"
    assert rows[2]["message_zh"] == "库存不足"
    assert rows[9]["client_order_no"] == "'=cmd()"
    masked = await result(world, done)
    assert masked[0]["codes"] == f"N1 ****{f'T{batch}-1'[-4:]}\nN2 ****{f'T{batch}-2'[-4:]}"
    assert b"13912345678" not in b"".join(
        bytes(r[0]) for r in await world.rows("select request from orders.sheet_line")
    )


async def test_a_workbook_is_read_like_a_text_file(world: World) -> None:
    sku, buyer = await world.sku(10_000, kind="topup"), await world.buyer(100)
    book = Workbook()
    assert book.active is not None
    for row in (["订单号", "货号", "数量"], ["x-1", str(sku), 2], ["x-2", str(sku), 1]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    sheet = await run(world, await upload(world, buyer, held.getvalue()))
    assert (sheet.accepted, sheet.refused) == (2, 0)


async def test_goods_listed_a_moment_ago_are_known(world: World) -> None:
    old, buyer = await world.sku(10_000, kind="topup"), await world.buyer(100)
    await world.place(buyer, old)
    new = await world.sku(10_000, kind="topup")
    sheet = await upload(world, buyer, file_of([["a", new, 1]]))
    assert sheet.refused == 0
    assert (await run(world, sheet)).accepted == 1


async def test_files_that_cannot_be_read_are_refused_whole(world: World) -> None:
    buyer = await world.buyer()
    with refused("sheet_columns_missing") as caught:
        await upload(world, buyer, b"client_order_no,number\na,1\n")
    assert caught.value.facts["missing"] == ["sku", "quantity"]
    with pytest.raises(Refused) as bad:
        await upload(world, buyer, b"%PDF-1.4 no table at all")
    assert isinstance(bad.value.refusal, table_file.TableRefusal)
    with refused("not_found"):
        await orders.upload(
            world.desk,
            world.home,
            buyer_id=5,
            file_name="x",
            data=file_of([]) + b"\na,1,1",
            idempotency_key="k",
        )


async def test_one_key_is_one_sheet_and_one_number_is_one_order(world: World) -> None:
    sku, buyer = await world.sku(10_000, kind="topup"), await world.buyer(100)
    data = file_of([[f"n-{i}", sku, 1] for i in range(5)])
    sheet = await upload(world, buyer, data)
    assert (await upload(world, buyer, data)).id == sheet.id
    with refused("key_reused"):
        await upload(world, buyer, data + b"\nn-9,1,1")
    again = await upload(world, buyer, data, "other key")
    assert again.id != sheet.id
    first, second = await asyncio.gather(run(world, sheet), run(world, again))
    assert (first.accepted, second.accepted) == (5, 5)
    assert await world.rows("select count(*)::int from orders.orders") == [(5,)]
    assert await world.rows("select count(distinct order_id)::int from orders.sheet_line") == [(5,)]


async def test_two_runners_count_each_line_once(world: World) -> None:
    sku, buyer = await world.sku(1_000, kind="topup"), await world.buyer(100)
    sheet = await upload(world, buyer, file_of([[f"n-{i}", sku, 1] for i in range(700)]))
    first, second = await asyncio.gather(run(world, sheet), run(world, sheet))
    assert first == second
    assert (first.done, first.accepted, first.state) == (700, 700, "done")


async def test_a_cancelled_sheet_places_nothing_more(world: World) -> None:
    sku, buyer = await world.sku(1_000, kind="topup"), await world.buyer(100)
    sheet = await upload(world, buyer, file_of([["n-1", sku, 1]]))
    with refused("sheet_not_found"):
        await orders.cancel_sheet(world.env, world.home, sheet.id, buyer_id=1)
    cancelled = await orders.cancel_sheet(world.env, world.home, sheet.id, buyer.key.organisation_id)
    assert cancelled.state == "cancelled"
    assert (await run(world, sheet)).done == 0
    assert [r["status"] for r in await result(world, cancelled)] == ["not_placed"]
    with refused("sheet_ended"):
        await orders.cancel_sheet(world.env, world.home, sheet.id)


async def test_a_runner_killed_again_and_again_finishes_without_duplicates(world: World) -> None:
    sku = await world.sku(1_000)
    buyer = await world.buyer(10_000)
    await world.stock(sku, 3_000, cost_e4=1)
    rows = [[f"n-{i}", sku if i % 100 else "nothing", 1] for i in range(3_000)]
    sheet = await upload(world, buyer, file_of(rows))
    await world.desk.drain()
    kills = 0
    for delay in (0.05, 0.2, 0.4, 0.7, 60):
        # The dead worker's lease on the home runs out by itself; nobody has to free it.
        child = await asyncio.to_thread(killable.start, world, "sheet", 1 + kills, sheet.id)
        until = time.monotonic() + delay
        started = (await orders.get_sheet(world.env, world.home, sheet.id)).done
        while child.poll() is None and time.monotonic() < until:
            await asyncio.sleep(0.02)
            now = await orders.get_sheet(world.env, world.home, sheet.id)
            if delay < 10 and now.done > started and now.state == "running":
                break
        kills += killable.kill(child)
        if (await orders.get_sheet(world.env, world.home, sheet.id)).state == "done":
            break
    assert kills >= 2
    done = await orders.get_sheet(world.env, world.home, sheet.id)
    assert (done.state, done.done, done.accepted, done.refused) == ("done", 3_000, 2_970, 30)
    assert await world.rows(
        "select count(*)::int, count(distinct client_order_no)::int from orders.orders"
    ) == [(2_970, 2_970)]
    assert await world.rows("select next_seq from stock.lot where sku_id = %s", sku) == [(2_971,)]
    assert (await world.account(buyer)).balance_e4 == 100_000_000 - 2_970 * 1_000


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+1", "@x", "\tx", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


def test_masks_show_little() -> None:
    assert (mask("ABCDEFGHIJKL"), mask("ABCDEFGHIJK")) == ("****IJKL", "****")
