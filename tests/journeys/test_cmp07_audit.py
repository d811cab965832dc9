"""CMP07 the audit log 操作审计. One day of a mall's staff, through every operation of the console that does something: each
act leaves one line or more with who, from where, when and on what; a change shows before and after; no line holds a
password, a secret or a code; and nobody, with any right that the mall runs with, can change or remove a line.

    make test T=tests/journeys/test_cmp07_audit.py
"""

import asyncio
import json
from collections.abc import Sequence

import psycopg
import pytest

from commissary import jobs, ledger
from commissary.web.audit_words import AUDIT_WORDS
from make.day import (
    Day,
    approvals_of,
    bulk_of,
    bulk_orders_of,
    company_of,
    fixes_of,
    joining_of,
    numbers_of,
    own_of,
    papers_of,
    people_of,
    pushes_of,
    rates_of,
    resend_to_stop,
    sandbox_of,
    shelf_of,
    subscription_of,
    supply_of,
)
from make.day_signing import signing_of
from make.day_supplier import own_supply_of
from make.journey import (
    CLASSIFIED,
    CONSOLE,
    Installation,
    Mall,
    cards,
    console_operations,
    rungs,
    sign_in,
    yuan,
)
from make.tenancy import PASSWORD
from make.trade import twin

# Operations that change nothing, or nothing but what somebody has seen of his own notices.
HARMLESS = {
    ("POST", "/notices/seen"),
    ("POST", "/join/look"),
    ("POST", "/uploads/{upload_id:str}/check"),
    ("POST", "/order-files/check"),
    ("POST", "/own/order-files/check"),
    ("POST", "/own/paste/check"),
    ("POST", "/buyers/{buyer_id:str}/paste/check"),
    ("POST", "/own/webhook-endpoints/{endpoint_id:str}/verify"),
    ("POST", "/webhook-endpoints/{endpoint_id:str}/verify"),
    ("POST", "/price-templates/{template_id:str}/preview"),
    ("POST", "/prices/preview"),
    ("POST", "/connections/{connection_id:str}/try"),
    ("POST", "/own/connections/{connection_id:str}/try"),
}


async def test_every_act_leaves_its_line(mall: Mall, installation: Installation) -> None:
    day = Day(mall)
    act, own, here = day.act, str(mall.world.founded.organisation_id), mall.world.slug
    new_password = "another horse battery"  # noqa: S105

    # People
    asked = {"organisation_id": own, "email": "lin@example.com", "name": "林夏", "password": PASSWORD}
    lin = await act("made", "POST", "/people", asked | {"role": "support"})
    at = "/organisations/{organisation_id:str}/people/{person_id:str}"
    await act("changed", "PUT", f"{at}/role", {"role": "fulfilment"}, own, lin["id"])
    await act("changed", "PATCH", at, {"status": "suspended"}, own, lin["id"])
    await act("changed", "PATCH", at, {"status": "active"}, own, lin["id"])
    signing = {"mall": here, "email": "lin@example.com", "password": PASSWORD}
    await act("seen", "POST", "/sessions", signing, person=int(lin["id"]))
    clerk = await sign_in(mall.server, here, "lin@example.com")
    proof = {"password": PASSWORD}
    await act("made", "POST", "/sessions/current/proof", proof, by=clerk, person=int(lin["id"]))
    password = {"old": PASSWORD, "new": new_password}
    await act("seen", "PUT", "/me/password", password, by=clerk, person=int(lin["id"]))
    await act("seen", "DELETE", "/sessions/current", by=clerk, person=int(lin["id"]))
    clerk = await sign_in(mall.server, here, "lin@example.com", new_password)
    signing_secrets = await signing_of(day)
    saved = {"page": "orders", "name": "异常", "search": "status=failed", "shared": True}
    seen = await act("made", "PUT", "/views", saved)
    await act("changed", "PUT", "/views", saved | {"id": seen["id"], "name": "大额"})
    await act("gone", "DELETE", "/views/{view_id:str}", None, seen["id"])

    await joining_of(day, own)

    # Goods
    names = {"name_zh": "山雾", "name_en": "Shanwu"}
    brand = await act("made", "POST", "/brands", names)
    await act(
        "changed", "PATCH", "/brands/{brand_id:str}", names | {"name_en": "S", "version": 1}, brand["id"]
    )
    product = await act("made", "POST", "/products", names | {"brand_id": brand["id"]})
    edit = {"version": 1, "guide_zh": "打开小程序"}
    await act("changed", "PATCH", "/products/{product_id:str}", edit, product["id"])
    draft = {"product_id": product["id"], "code": "SW-30", "kind": "code"} | names | CLASSIFIED
    sku = await act("made", "POST", "/skus", draft)
    one = "/skus/{sku_id:str}"
    await act("changed", "PATCH", one, {"version": 1, "max_quantity": 500}, sku["id"])
    await act("changed", "POST", f"{one}/list", {"version": 2}, sku["id"])
    await act("changed", "POST", f"{one}/delist", None, sku["id"])
    await act("changed", "DELETE", one, None, sku["id"])
    rule = {
        "category": "coupon",
        "instrument_class": "coupon_promo",
        "fund_mode": "principal",
        "rate_bp": 600,
        "tax_code": "",
        "invoice_types": ["general"],
        "valid_from": "2027-01-01T00:00:00Z",
        "valid_to": None,
        "source": "notice",
    }
    await act("made", "POST", "/tax-rules", rule)
    checking = await numbers_of(day)

    # Partners
    tier = await act("made", "POST", "/tiers", {"name": "银牌", "rank": 1})
    await act("changed", "PUT", "/tiers/{tier_id:str}", {"name": "金牌", "rank": 2}, tier["id"])
    spare = await act("made", "POST", "/tiers", {"name": "铜牌", "rank": 0})
    await act("gone", "DELETE", "/tiers/{tier_id:str}", None, spare["id"])
    supplier = await act("made", "POST", "/suppliers", {"name": "东海"})
    await act("changed", "PATCH", "/suppliers/{supplier_id:str}", {"settlement_days": 7}, supplier["id"])
    await papers_of(day, supplier["id"])
    contact = await act(
        "made",
        "POST",
        "/organisations/{organisation_id:str}/contacts",
        {"name": "周原", "phone": "13912345678"},
        supplier["id"],
    )
    await act("seen", "POST", "/contacts/{contact_id:str}/reveal", {"reason": "回访"}, contact["id"])
    await act("gone", "DELETE", "/contacts/{contact_id:str}", None, contact["id"])
    made = await act("made", "POST", "/buyers", {"name": "蓝鲸"})
    buyer, account = made["id"], made["account"]["id"]
    of = "/buyers/{buyer_id:str}"
    await act("changed", "PATCH", of, {"notes": "年框客户"}, buyer)
    await act("changed", "PUT", f"{of}/tier", {"tier_id": tier["id"]}, buyer)
    await act("changed", "POST", f"{of}/suspend", None, buyer)
    await act("changed", "POST", f"{of}/resume", None, buyer)
    scopes = {"name": "shop", "scopes": ["orders:write", "orders:read", "codes:read"]}
    key = await act("made", "POST", f"{of}/keys", scopes, buyer)
    await act(
        "changed", "PATCH", "/keys/{key_id:str}", {"ip_allow": ["203.0.113.9"], "version": 1}, key["id"]
    )
    second = await act("changed", "POST", "/keys/{key_id:str}/rotate", {"overlap_s": 60}, key["id"])
    await act("changed", "POST", "/keys/{key_id:str}/revoke", None, key["id"])

    # Money
    on = "/accounts/{account_id:int}"
    paid = {"amount": yuan("900"), "reference": "bank-1"}
    await act("made", "POST", f"{on}/recharges", paid, account)
    back = {"amount": yuan("100"), "reference": "bank-2", "recharge_reference": "bank-1"}
    await act("made", "POST", f"{on}/withdrawals", back, account)
    fix = {"amount": yuan("-1"), "reference": "fix-1", "reason": "手续费"}
    await act("made", "POST", f"{on}/adjustments", fix, account)
    await act("made", "PUT", f"{on}/credit", {"limit": yuan("500"), "terms_days": 30}, account)
    await act("changed", "PUT", f"{on}/credit", {"limit": yuan("800"), "terms_days": 30}, account)
    await act("changed", "POST", f"{on}/lock", {"reason": "核对"}, account)
    await act("changed", "POST", f"{on}/unlock", None, account)
    period = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-02-01T00:00:00Z"}
    await act("made", "POST", f"{on}/statements", period, account)
    async with mall.world.env.db.transaction(mall.world.mall) as tx:
        department = await ledger.open_account(
            tx, mall.world.env, mall.world.home, int(buyer), "wallet", "CNY", "sales"
        )
    sub = {"to_account_id": str(department), "amount": yuan("5")}
    await act("made", "POST", f"{on}/allotments", sub, account)

    await approvals_of(day, account)

    # Prices
    code, topup = await mall.sku(), await mall.sku("topup", instrument_class="direct_topup")
    book = (await act("made", "POST", "/books", {"kind": "list", "name": "标准价"}))["id"]
    prices = [{"sku_id": s, "rungs": rungs({1: "10"})} for s in (code, topup)]
    change = await act("made", "POST", "/prices", {"book_id": book, "prices": prices, "reason": "开业"})
    await act("made", "POST", "/prices", {"book_id": book, "prices": prices[:1], "reason": "再定"})
    await act("made", "POST", "/price-changes/{change_id:str}/undo", {"force": True}, change["id"])
    await mall.owner.post("/prices", {"book_id": book, "prices": prices})
    markup = {"name": "加价", "base": "list", "percent_bp": 100}
    template = await act("made", "PUT", "/price-templates", markup)
    await act("changed", "PUT", "/price-templates", markup | {"percent_bp": 200})
    preview = f"/price-templates/{template['id']}/preview"
    shown = await mall.owner.post(preview, {"book_id": book, "sku_ids": [code]})
    wanted = {"book_id": book, "sku_ids": [code], "hash": shown["hash"]}
    await act("made", "POST", "/price-templates/{template_id:str}/apply", wanted, template["id"])
    await act("made", "PUT", "/floors", {"margin_bp": 0})
    await act("changed", "PUT", "/floors", {"margin_bp": 100})

    # Stock
    secrets = cards(60)
    last = await day.newest()
    report = await mall.upload(code, secrets[:40], cost="5")
    day.done.add(("POST", "/imports"))
    [line] = [e for e in (await mall.owner.get("/audit", size=5))["items"] if int(e["id"]) > last]
    assert (line["action"], line["after"]["imported"], line["ip"]) == ("stock.import", 40, "127.0.0.1")
    batch, why = report["batches"][0], {"reason": "供应商通知"}
    on_batch = "/batches/{batch_id:str}"
    await act("changed", "POST", f"{on_batch}/freeze", why, batch)
    await act("changed", "POST", f"{on_batch}/unfreeze", why, batch)
    await act("changed", "POST", f"{on_batch}/void", {"first": 1, "last": 2} | why, batch)
    await act("changed", "POST", f"{on_batch}/return", {"first": 3, "last": 4} | why, batch)
    await act("changed", "POST", f"{on_batch}/recall", why, batch)
    gone = (await mall.upload(code, secrets[40:41], cost="5"))["batches"][0]
    await mall.owner.post(f"/batches/{gone}/void", {"first": 1, "last": 1} | why)
    await act("changed", "POST", f"{on_batch}/shred", {"confirmation": gone} | why, gone)
    await mall.upload(code, secrets[41:], cost="5")

    # Orders and work
    shopper = await mall.buyer("500")
    doer = {"by": clerk, "person": int(lin["id"])}
    work = "/".join(("/work", "{order_id:str}", "{line_no:int}"))
    order = (await mall.order(shopper, topup))["id"]
    await act("changed", "POST", f"{work}/claim", {}, order, 1, **doer)
    await act("changed", "POST", f"{work}/claim", {"minutes": 30}, order, 1, **doer)
    await act("changed", "POST", f"{work}/give-back", None, order, 1, **doer)
    await act("changed", "POST", f"{work}/claim", {}, order, 1, **doer)
    receipt = {"quantity": 1, "receipt": "T-1"}
    await act("changed", "POST", f"{work}/deliver", receipt, order, 1, Idempotency_Key="d", **doer)
    undo = {"line_no": 1, "reason": "未到账"}
    await act("changed", "POST", "/orders/{order_id:str}/reverse", undo, order, Idempotency_Key="r")
    card = (await mall.order(shopper, code))["id"]
    look = "/orders/{order_id:str}/lines/{line_no:int}/reveal"
    await act("made", "POST", look, {"reason": "客户来电"}, card, 1)
    asks = await mall.sku(
        "topup",
        fields=[{"name": "phone", "label_zh": "手机", "label_en": "Phone", "type": "phone", "target": True}],
        instrument_class="direct_topup",
    )
    await mall.owner.post("/prices", {"book_id": book, "prices": [prices[0] | {"sku_id": asks}]})
    told = {"client_order_no": "f1", "sku_id": asks, "fields": {"phone": "13900001111"}}
    order = (await mall.server.call(shopper, "POST", "/v1/orders", told)).json["id"]
    await act("changed", "POST", f"{work}/claim", {}, order, 1, **doer)
    await act("made", "POST", f"{work}/fields", None, order, 1, **doer)
    await act("changed", "POST", f"{work}/fail", {"reason": "空号"}, order, 1, Idempotency_Key="f", **doer)
    order = (await mall.order(shopper, topup))["id"]
    await act("changed", "POST", "/orders/{order_id:str}/cancel", {"reason": "客户要求"}, order)

    # Risk
    cap = {"per": "buyer", "quantity": 1, "window_s": 0, "sku_ids": [code]}
    held = {
        "name_zh": "一次一件",
        "name_en": "One at a time",
        "kind": "cap",
        "params": cap,
        "action": "review",
    }
    rule = await act("made", "POST", "/risk/rules", held)
    await asyncio.sleep(1.2)  # every process has read it within a second
    let, stop = [(await mall.order(shopper, code, 2))["id"] for _ in range(2)]
    await act("changed", "POST", "/orders/{order_id:str}/approve", {}, let)
    await act("changed", "POST", "/orders/{order_id:str}/block", {"reason": "可疑"}, stop)
    await act("changed", "PATCH", "/risk/rules/{rule_id:str}", {"enabled": False}, rule["id"])
    entry = {"list": "watch", "subject": "ip", "value": "203.0.113.0/24", "reason": "机房"}
    entry = await act("made", "POST", "/risk/lists", entry)
    await act("gone", "POST", "/risk/lists/{entry_id:str}/remove", {"reason": "误列"}, entry["id"])

    await subscription_of(day, shopper.organisation)
    await sandbox_of(day, mall, shopper)
    await supply_of(day, mall, shopper, book, prices[0])
    await pushes_of(day, mall)
    accounts = await fixes_of(day, mall, shopper, book, prices[0])
    await shelf_of(day, mall, book, prices[0])
    await people_of(day, mall, shopper, book, prices[0])
    await rates_of(day)
    await company_of(day, mall, book, prices[0])
    await bulk_orders_of(day, mall, shopper, topup)
    await bulk_of(day, mall, book)

    # Other systems' protocols
    entered = {"app_id": "677859093659717", "app_secret": "mist-over-the-hill"}
    application = "/faces/xianguanjia/application"
    await act("made", "PUT", application, entered)
    await act("changed", "PUT", application, entered | {"app_id": "1"})

    # Webhooks, files, jobs
    hook = {"organisation_id": str(shopper.organisation), "url": "https://example.com/hook"}
    endpoint = await act("made", "POST", "/webhook-endpoints", hook)
    hooks, its = "/webhook-endpoints/{endpoint_id:str}", endpoint["endpoint"]["id"]
    await act("changed", "PATCH", hooks, {"events": ["order.delivered"]}, its)
    third = await act("changed", "POST", f"{hooks}/rotate", {"overlap_s": 60}, its)
    await act("changed", "POST", f"{hooks}/pause", None, its)
    await act("made", "POST", f"{hooks}/test", None, its)
    await act("changed", "POST", f"{hooks}/disable", None, its)
    dead = (await mall.owner.get("/webhook-deliveries", endpoint_id=its, status="dead"))["items"]
    await act("changed", "POST", f"{hooks}/resume", None, its)
    again = {"delivery_ids": [d["id"] for d in dead]}
    await act("made", "POST", "/webhook-deliveries/replay", again)
    await act("made", "POST", "/webhook-resends", {"endpoint_id": its})
    stopped = await resend_to_stop(mall, mall.world.founded.person_id)
    await act("changed", "POST", "/webhook-resends/{job_id:str}/cancel", None, stopped)
    text = "client_order_no,sku,quantity\n" + "".join(f"x{n},{topup},1\n" for n in range(3_000))
    query = f"?buyer_id={shopper.organisation}&file_name=orders.csv"
    sheet = await act("made", "POST", f"/order-files{query}", text.encode(), Idempotency_Key="s")
    day.done.add(("POST", "/order-files"))
    await act("changed", "POST", "/order-files/{sheet_id:str}/cancel", None, sheet["id"])
    async with mall.world.env.db.transaction(mall.world.mall) as tx:
        job = await jobs.defer(tx, mall.world.env, mall.world.mall, "nobody_runs_this", {})
    await act("changed", "POST", "/jobs/{job_id:str}/cancel", None, job)

    accounts += await own_of(day, mall, book, prices[0])
    accounts += await own_supply_of(day, mall, shopper, book, prices[0])

    # Only a test mall's clock can be moved.
    test = Day(await twin(installation))
    owner = (await test.mall.owner.get("/me"))["person"]["id"]
    await test.act("made", "PUT", "/clock", {"offset_s": 60}, person=int(owner))
    day.done |= test.done

    wanted_ops = {(m, p.removeprefix(CONSOLE)) for m, p, _ in console_operations() if m != "GET"}
    assert wanted_ops - day.done - HARMLESS == set(), "operations that this day knows nothing of"

    # No line tells what nobody may read.
    acts = {entry["action"] for entry in await mall.owner.every("/audit")}
    assert sorted(acts - AUDIT_WORDS.keys()) == []  # each can be read in both languages
    everything = json.dumps(await mall.owner.every("/audit"), ensure_ascii=False)
    hidden = [PASSWORD, new_password, key["secret"], second["secret"], endpoint["secret"], third["secret"]]
    hidden += [entered["app_secret"], checking, *signing_secrets]
    assert [
        word
        for word in [*hidden, *secrets, *accounts, "13900001111", "13900002222", "13912345678", "13900009999"]
        if word in everything
    ] == []
    subject = await mall.owner.get("/audit", subject=f"sku:{sku['id']}")
    told_of = [e["action"] for e in subject["items"]]
    assert told_of == ["sku.delete", "sku.delist", "sku.list", "sku.edit", "sku.create"]
    assert await clerk.refused("GET", "/audit") == (403, "forbidden")


@pytest.mark.parametrize("role", ["app", "vault", "report"])
async def test_no_line_is_changed_or_removed(mall: Mall, role: str) -> None:
    await mall.owner.post("/tiers", {"name": "银牌", "rank": 1})
    before = await mall.rows("select md5(string_agg(a::text, '' order by id)) from tenancy.audit a")
    statements: Sequence[bytes] = (
        b"delete from tenancy.audit",
        b"update tenancy.audit set actor_id = '0'",
        b"truncate tenancy.audit",
        b"alter table tenancy.audit disable trigger all",
        b"drop table tenancy.audit",
    )
    for statement in statements:
        async with await psycopg.AsyncConnection.connect(getattr(mall.world.env.db.dsns, role)) as tx:
            await tx.execute(f"set app.mall = '{mall.world.mall}'".encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await tx.execute(statement)
    assert await mall.rows("select md5(string_agg(a::text, '' order by id)) from tenancy.audit a") == before
