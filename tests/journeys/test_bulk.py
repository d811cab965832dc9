"""Acts on many and files that go out 批量与导出. A filter names whom an act is about, once; what it would do is shown first, with
counts and money; each has its own result, also when the server is killed on the way. Exports hold no formula and no code in
clear, are fetched three times, and are gone after a day.

    make test T=tests/journeys/test_bulk.py
"""

import asyncio
import csv
import io
from typing import Any

import pyzipper  # type: ignore[import-untyped]

from commissary import bulk
from make.bulk import ended, exported, take
from make.journey import Installation, Mall, cards, yuan

FORMULAS = ["=1+1", "+1", "-1+1", "@x", "\t=x", "＝1", "=cmd|' /C calc'!A0", " =1", "'=1"]


async def test_what_a_filter_matches_is_resolved_once(mall: Mall) -> None:
    skus = await mall.many_skus(260)
    other = await mall.sku(name_zh="别的")
    wanted: dict[str, Any] = {"action": "set_tax_category", "args": {"tax_category": "games"}}
    asked = wanted | {"filter": {"q": "话费", "status": "listed"}}
    shown = await mall.owner.post("/skus/bulk", asked | {"dry_run": True})
    assert (shown["matched"], shown["acting"], shown["act_id"]) == (260, 260, None)
    fresh = await mall.many_skus(1)
    again = await mall.owner.refused("POST", "/skus/bulk", asked | {"expected": 260})
    assert again == (409, "matched_otherwise")
    begun = await mall.owner.post("/skus/bulk", asked | {"expected": 261})
    await mall.many_skus(3)  # they match too, but were not there when it was asked for
    job = await ended(mall, begun["job_id"])
    assert (job["state"], job["done"], job["result"]["done"]) == ("done", 261, 261)
    act = await mall.owner.get(f"/bulk-acts/{begun['act_id']}")
    assert act["counts"] == {"done": 261}
    items = await mall.owner.every(f"/bulk-acts/{begun['act_id']}/items")
    assert {i["subject_id"] for i in items} == {*skus, *fresh}
    ours = [mall.world.mall]
    found = await mall.rows(
        "select tax_category, count(*)::int from catalog.sku where mall_id = %s group by 1 order by 1", ours
    )
    assert found == [("coupon", 4), ("games", 261)]
    assert (await mall.owner.get(f"/skus/{other}"))["tax_category"] == "coupon"
    lines = await mall.rows(
        "select count(*)::int from tenancy.audit where mall_id = %s and action = 'sku.edit'", ours
    )
    assert lines == [(261,)], "each has its line in the audit log"
    again = await mall.owner.refused("POST", "/skus/bulk", wanted | {"filter": {"colour": "red"}})
    assert again == (422, "invalid_request")


async def test_effects_are_told_in_codes_and_money_and_each_has_its_result(mall: Mall) -> None:
    sku = await mall.sku()
    batches = [(await mall.upload(sku, cards(10, f"B{n}"), cost="5"))["batches"][0] for n in range(3)]
    await mall.owner.post(f"/batches/{batches[0]}/freeze", {"reason": "x"})
    asked = {"action": "freeze", "filter": {"sku_id": sku}, "args": {"reason": "供应商通知"}}
    shown = await mall.owner.post("/batches/bulk", asked | {"dry_run": True})
    assert (shown["matched"], shown["acting"], shown["pieces"]) == (3, 2, 20)
    assert shown["sums"] == {"cost": yuan("100.0000")}
    assert shown["skipped"] == [{"reason": "already", "count": 1}]
    begun = await mall.owner.post("/batches/bulk", asked | {"expected": 3})
    job = await ended(mall, begun["job_id"])
    assert (job["result"]["done"], job["result"]["same"]) == (2, 1)
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["frozen"] == 30
    told = csv.reader(
        io.StringIO((await mall.owner.get(f"/bulk-acts/{begun['act_id']}/result")).decode("utf-8-sig"))
    )
    assert sorted(row[2] for row in list(told)[1:]) == ["done", "done", "same"]
    support = await mall.sign_in("support")
    assert await support.refused("POST", "/batches/bulk", asked) == (403, "forbidden")


async def test_what_needs_a_second_person_is_not_done_by_the_dozen(mall: Mall) -> None:
    sku = await mall.sku()
    batch = (await mall.upload(sku, cards(10), cost="5"))["batches"][0]
    rule = {"mode": "above", "above_amount": yuan("1"), "role": "finance", "due_minutes": 60}
    await mall.owner.put("/approval-rules/stock.void", rule)
    asked = {"action": "void", "subjects": [{"id": batch}], "args": {"reason": "重复"}}
    begun = await mall.owner.post("/batches/bulk", asked)
    job = await ended(mall, begun["job_id"])
    assert job["result"]["refused"] == 1
    told = (await mall.owner.get(f"/bulk-acts/{begun['act_id']}/result")).decode("utf-8-sig")
    assert "needs_second_person" in told
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["available"] == 10


async def test_orders_are_cancelled_and_their_money_is_free_again(mall: Mall) -> None:
    sku = await mall.sku("topup", instrument_class="direct_topup")
    await mall.price(sku, "10")
    buyer = await mall.buyer("1000")
    placed = [(await mall.order(buyer, sku))["id"] for _ in range(5)]
    await mall.owner.post(f"/orders/{placed[0]}/cancel", {"reason": "x"})
    asked = {"action": "cancel", "args": {"reason": "停售"}, "filter": {"buyer_id": str(buyer.organisation)}}
    shown = await mall.owner.post("/orders/bulk", asked | {"dry_run": True})
    assert (shown["matched"], shown["acting"], shown["sums"]) == (5, 4, {"freed": yuan("40.0000")})
    begun = await mall.owner.post("/orders/bulk", asked)
    result = (await ended(mall, begun["job_id"]))["result"]
    assert (result["done"], result["refused"]) == (4, 1)
    [refused] = (await mall.owner.get(f"/bulk-acts/{begun['act_id']}/items", status="refused"))["items"]
    assert (refused["subject_id"], refused["reason"]) == (placed[0], "not_cancellable")
    assert (await mall.balance(buyer))["available"] == yuan("1000.0000")


async def test_killed_on_the_way_each_is_done_once(installation: Installation) -> None:
    mall = await installation.mall()
    skus = await mall.many_skus(600)
    begun = await mall.owner.post("/skus/bulk", {"action": "delist", "filter": {"status": "listed"}})
    for _ in range(3):
        await asyncio.sleep(0.3)
        await installation.server.kill()
        await installation.server.start()
        await mall.rows("update jobs.job set due_at = now() where state = 'running' returning 1")
    job = await ended(mall, begun["job_id"], 120)
    assert (job["state"], job["done"]) == ("done", 600), job["error"]
    lines = await mall.rows(
        "select count(*)::int, count(distinct subject)::int from tenancy.audit where action = 'sku.delist'"
        f" and mall_id = {mall.world.mall}"
    )
    assert lines == [(600, 600)]
    assert (await mall.owner.get(f"/bulk-acts/{begun['act_id']}"))["counts"] == {"done": len(skus)}


async def test_no_formula_goes_out_and_what_went_out_comes_back(mall: Mall) -> None:
    for text in FORMULAS:
        await mall.sku(name_zh=f"{text} 卡", issuer=text)
    for format_ in ("csv", "xlsx"):
        made, data = await exported(mall, "skus", format_)
        assert made["rows"] == len(FORMULAS)
        if format_ == "csv":
            cells = [c for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for c in row]
            bad = [c for c in cells if c.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝"))]
            assert bad == []
        upload = await take(mall, "skus", data, name=f"skus.{format_}")
        report = (await mall.owner.post(f"/uploads/{upload['id']}/check"))["report"]
        assert (report["same"], report["update"], report["rejected"]) == (len(FORMULAS), 0, 0), report


async def test_codes_leave_masked_or_encrypted_and_the_file_dies(mall: Mall) -> None:
    sku, codes = await mall.sku(), cards(40, "E")
    batch = (await mall.upload(sku, codes))["batches"][0]
    _, masked = await exported(mall, "codes", "csv", batch_id=[batch])
    assert len(masked.splitlines()) == 41
    assert not [c for c in codes if c.encode() in masked]
    made = await mall.owner.post(
        "/exports", {"list": "codes", "format": "zip", "filter": {"batch_id": [batch]}}
    )
    await ended(mall, made["job_id"])
    path = f"/exports/{made['id']}"
    password = (await mall.owner.post(f"{path}/password"))["password"]
    assert await mall.owner.refused("POST", f"{path}/password") == (410, "export_gone"), "shown once"
    answer = await mall.owner.call("POST", f"{path}/fetch")
    with pyzipper.AESZipFile(io.BytesIO(answer.body)) as archive:
        archive.setpassword(password.encode())
        [name] = archive.namelist()
        told = archive.read(name).decode()
        assert archive.getinfo(name).wz_aes_strength == 3, "AES-256"
    assert all(c in told for c in codes)
    stored = str(await mall.rows("select sealed from bulk.part"))
    assert codes[0] not in stored
    assert "PK" not in stored[:2_000], "sealed, on top of its own encryption"
    for left in (2, 1):
        assert (await mall.owner.get(path))["downloads_left"] == left
        assert (await mall.owner.call("POST", f"{path}/fetch")).status == 200
    assert await mall.owner.refused("POST", f"{path}/fetch") == (410, "export_gone")
    other = await mall.sign_in("owner")
    assert await other.refused("POST", f"{path}/fetch") == (404, "export_not_found")
    clerk = await mall.sign_in("purchasing")
    asked = {"list": "codes", "filter": {"batch_id": [batch]}}
    assert await clerk.refused("POST", "/exports", asked) == (403, "forbidden")

    # After a day nothing of any file is left.
    await take(mall, "codes", "\n".join(cards(5)).encode(), sku_id=sku)
    later = mall.world.env.now(mall.world.mall)
    await mall.rows("update bulk.export set expires_at = now() - interval '1 minute' returning 1")
    await mall.rows("update bulk.upload set expires_at = now() - interval '1 minute' returning 1")
    assert await bulk.sweep(mall.world.env, mall.world.mall, later) == 3
    ours = [mall.world.mall]
    assert await mall.rows("select count(*)::int from bulk.part where mall_id = %s", ours) == [(0,)]
    assert await mall.rows("select state from bulk.upload where mall_id = %s", ours) == [("expired",)]


async def test_orders_go_out_as_they_are_listed(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(260, "O"), cost="1")
    await mall.price(sku, "2")
    buyer = await mall.buyer("1000", name="=HYPERLINK(1)")
    for n in range(8):
        await mall.order(buyer, sku, n + 1, no=f"PO-{n}")
    made, data = await exported(mall, "orders", amount_min="6")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert made["rows"] == 6
    assert rows[0][11] == "placed_at (Asia/Shanghai)"
    assert {row[3] for row in rows[1:]} == {"'=HYPERLINK(1)"}
    assert [row[6] for row in rows[1:]] == [f"{n * 2}.0000" for n in range(8, 2, -1)]
    assert all(row[11].endswith("+08:00") for row in rows[1:])
