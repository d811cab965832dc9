"""A mall that has one of everything, its ids by the names that paths, filters and bodies give them, and what somebody who reaches for
it may send: for the tests that nobody of another mall, and nobody without the right, gets anything."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import msgspec

from commissary.fulfilment.types import RestockWhy
from commissary.supply.types import Weighed
from make.bulk import ended, take
from make.company import company
from make.journey import Mall, cards, yuan
from make.sellers import CARD, Seller, seller
from make.trade import until

MARK = "ZQNEIGHBOUR"  # in every name and text of mall B


INTAKE = """insert into stock.intake (home_id, id, sku_id, supplier_id, state, reason, brought_by, brought_at, decided_by, decided_at)
  values (%s, %s, %s, %s, 'released', '', 'person:1', now(), 'person:1', now()) returning id"""
OBJECTION = """insert into settlement.objection (home_id, id, connection_id, supplier_id, day, attempt_id, note, opened_by, opened_at)
  values (%s, %s, %s, %s, '2026-01-01', 1, %s, 'person:1', now()) returning id"""


async def traded(mall: Mall) -> dict[str, str]:
    """B has one of everything; its ids by the names that paths, filters and bodies give them."""
    owner, own = mall.owner, str(mall.world.founded.organisation_id)
    brand = await owner.post("/brands", {"name_zh": MARK, "name_en": MARK})
    product = await owner.post("/products", {"brand_id": brand["id"], "name_zh": MARK, "name_en": MARK})
    mall._product = product["id"]
    sku, topup = await mall.sku(name_en=MARK), await mall.sku("topup", name_en=MARK)
    report = await mall.upload(sku, cards(20, MARK), source=MARK)
    change = await mall.price([sku, topup], "9.8765", reason=MARK)
    tier = await owner.post("/tiers", {"name": MARK, "rank": 1})
    buyer = await mall.buyer("500", name=MARK)
    supplier = await owner.post("/suppliers", {"name": MARK})
    contact = await owner.post(
        f"/organisations/{supplier['id']}/contacts", {"name": MARK, "phone": "13800138000"}
    )
    paper = {"kind": "other", "sha256": "a" * 64, "size_bytes": 9, "valid_from": "2026-01-01", "number": MARK}
    paper = await owner.post(f"/suppliers/{supplier['id']}/papers", paper)
    held = await owner.post(f"/suppliers/{supplier['id']}/quarantines", {"reason": MARK})
    names = {"title": MARK, "source": MARK, "dated": "2026-01-01", "names": [f"{MARK} Ltd"]}
    await owner.post("/name-lists", names)
    person = {"organisation_id": own, "email": f"{MARK}@example.com", "name": MARK, "role": "support"}
    person = await owner.post("/people", person | {"password": "correct horse battery"})
    rules = {"name": MARK, "base": "list", "percent_bp": 100}
    template = await owner.put("/price-templates", rules)
    rule = {"name_zh": MARK, "name_en": MARK, "kind": "cap", "action": "observe"}
    rule["params"] = {"per": "buyer", "quantity": 1, "window_s": 0}  # type: ignore[assignment]
    rule = await owner.post("/risk/rules", rule)
    entry = {"list": "watch", "subject": "buyer", "value": str(buyer.organisation), "reason": MARK}
    entry = await owner.post("/risk/lists", entry)
    hook = {"organisation_id": str(buyer.organisation), "url": f"https://example.com/{MARK}"}
    endpoint = (await owner.post("/webhook-endpoints", hook))["endpoint"]
    await owner.post(f"/webhook-endpoints/{endpoint['id']}/pause")
    delivery = await owner.post(f"/webhook-endpoints/{endpoint['id']}/test")
    told = f"/buyers/{buyer.organisation}/price-subscriptions"
    told = await owner.put(told, {"name": MARK, "threshold_bp": 10_000})
    order = await mall.order(buyer, sku, 2, no=MARK)
    waiting = await mall.order(buyer, topup, 1, no=f"{MARK}-2")
    asked = {"lines": [{"sku_id": sku, "quantity": 1}]}
    quote = (await mall.server.call(buyer, "POST", "/v1/quotes", asked)).json
    day = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-01-02T00:00:00Z"}
    statement = await owner.post(f"/accounts/{buyer.account}/statements", day)
    sheet_file = f"client_order_no,sku,quantity\n{MARK}-3,{sku},1\n".encode()
    sheet = await owner.call(
        "POST",
        f"/order-files?buyer_id={buyer.organisation}&file_name={MARK}.csv",
        sheet_file,
        headers={"Content-Type": "text/csv", "Idempotency-Key": "s"},
    )
    supplied = await mall.sku(name_en=MARK)
    await mall.price(supplied, "9.8765", reason=MARK)
    # Read once now and not again for a day: nothing of it moves by itself.
    async with seller(mall, name=MARK, price_e4=50_000, pull_s=86_400) as made:
        offer = await made.offer(supplied)
        await asyncio.sleep(1)  # every process has read it within a second
        bought = await mall.order(buyer, supplied, 1, no=f"{MARK}-4")

        async def done() -> Any:
            found = await owner.get(f"/orders/{bought['id']}/purchases")
            return [p for p in found if p["ended_at"]]

        [purchase] = await until(done)
        proposal_id = await proposed(mall, made, supplied)
    shelf = await planned(mall, sku, offer["id"], supplier["id"])
    settlement = await reconciled(mall, made.connection["id"])
    many = await in_bulk(mall, sku)
    brought = await mall.rows(INTAKE, (mall.world.home, report["import_id"], sku, supplier["id"]))
    said = await mall.rows(
        OBJECTION,
        (mall.world.home, mall.world.env.ids.new(), made.connection["id"], supplier["id"], MARK),
    )

    async def called() -> Any:
        return (await owner.get("/calls"))["items"]

    [call, *_] = await until(called)
    moved = (await owner.get("/journal", account_id=buyer.account))["items"]
    view = {"page": "orders", "name": MARK, "search": MARK, "shared": True}
    view = await owner.put("/views", view)
    numbers = {"kind": "segment", "valid_from": "2026-01-01T00:00:00Z", "source": MARK}
    await owner.post("/account-numbers", numbers | {"rows": [{"number": "1987654", "carrier": "mobile"}]})
    checker = {"url": f"https://example.com/{MARK}", "secret": MARK * 2}
    await owner.put("/account-checker", checker)
    await owner.post("/rates", {"rates": [{"currency": "USD", "rate": "7.1"}], "source": MARK})
    await owner.put("/approval-rules/ledger.adjust", {"mode": "always"})
    wanted = {"amount": yuan("9.8765"), "reference": MARK, "reason": MARK}
    asked = await owner.post(f"/accounts/{buyer.account}/adjustments", wanted)
    approval = (await owner.get(f"/approvals/{asked['approval_id']}"))["approval"]
    await owner.post(f"/approvals/{approval['id']}/comments", {"words": MARK})
    role = {"kind": "mall", "zh": MARK, "en": MARK, "permissions": ["orders.read"]}
    role = await owner.post("/roles", role)
    invitation = {"organisation_id": own, "email": f"new-{MARK}@example.com", "role": role["name"]}
    invitation = await owner.post("/invitations", invitation)
    of = await company(mall, "100", "50")
    request = await of.ask(of.member, sku, 1, reason=MARK)
    return {
        "department_id": of.market,
        "request_id": request["id"],
        "role_id": role["id"],
        "invitation_id": invitation["id"],
        **settlement,
        "approval_id": approval["id"],
        "seal": approval["seal"],
        "act": "ledger.adjust",
        **shelf,
        **many,
        "call_id": call["id"],
        "transfer_id": moved[0]["id"],
        "intake_id": str(brought[0][0]),
        "objection_id": str(said[0][0]),
        "proposal_id": proposal_id,
        "view_id": view["id"],
        "connection_id": made.connection["id"],
        "offer_id": offer["id"],
        "purchase_id": purchase["id"],
        "brand_id": brand["id"],
        "product_id": product["id"],
        "sku_id": sku,
        "batch_id": report["batches"][0],
        "import_id": report["import_id"],
        "change_id": change["id"],
        "book_id": await mall.book(),
        "tier_id": tier["id"],
        "buyer_id": str(buyer.organisation),
        "account_id": str(buyer.account),
        "supplier_id": supplier["id"],
        "paper_id": paper["id"],
        "quarantine_id": held["id"],
        "organisation_id": supplier["id"],
        "contact_id": contact["id"],
        "person_id": person["id"],
        "session_id": "0123456789abcdef",
        "passkey_id": await passkey_of(mall, person["id"]),
        "template_id": template["id"],
        "rule_id": rule["id"],
        "entry_id": entry["id"],
        "endpoint_id": endpoint["id"],
        "subscription_id": told["id"],
        "delivery_id": delivery["delivery_id"],
        "order_id": order["id"],
        "waiting_id": waiting["id"],
        "decision_id": order["decision_id"],
        "quote_id": quote["id"],
        "statement_id": statement["id"],
        "sheet_id": sheet.json["id"],
        "key_id": buyer.key_id,
        "job_id": order["id"],
        "line_no": "1",
        "position": "1",
    }


async def in_bulk(mall: Mall, sku: str) -> dict[str, str]:
    """An upload that waits for its commit, an act on many that was done, and a file that waits to be fetched."""
    file = f"sku_id,{MARK},价格\n{sku},{MARK},9.8765\n12,{MARK},{MARK}\n".encode()
    upload = await take(mall, "prices", file, name=f"{MARK}.csv")
    await mall.owner.post(f"/uploads/{upload['id']}/check")
    asked = {"action": "set_tax_category", "args": {"tax_category": MARK}, "subjects": [{"id": sku}]}
    act = await mall.owner.post("/skus/bulk", asked)
    assert (await ended(mall, act["job_id"]))["result"]["done"] == 1
    made = await mall.owner.post("/exports", {"list": "skus", "filter": {"q": MARK}})
    assert (await ended(mall, made["job_id"]))["result"]["rows"] > 0
    return {"upload_id": upload["id"], "act_id": act["act_id"], "export_id": made["id"]}


async def passkey_of(mall: Mall, person: str) -> str:
    """A passkey of somebody of B."""
    [[made]] = await mall.rows(
        """insert into tenancy.passkey (mall_id, id, person_id, credential_id, public_key, sign_count, rp_id, name, transports,
             created_at)
           values (%s, %s, %s, 'c', 'k', 0, 'localhost', %s, '{}', now()) returning id""",
        (mall.world.mall, mall.world.env.ids.new(), int(person), MARK),
    )
    return str(made)


async def proposed(mall: Mall, made: Seller, sku: str) -> str:
    """A move of a price that waits for a person, as its supplier's cost moved."""
    rules = {"name": f"{MARK} cost", "base": "cost", "percent_bp": 1000}
    template = await mall.owner.put("/price-templates", rules)
    follow = {"book_id": await mall.book(), "scope": "sku", "scope_id": sku, "limit_bp": 0}
    await mall.owner.put("/price-follows", follow | {"template_id": template["id"]})
    made.shop.articles[CARD].price_e4 = 51_000

    async def waiting() -> Any:
        await mall.owner.call("POST", f"/connections/{made.connection['id']}/pull")
        return (await mall.owner.get("/price-proposals"))["items"]

    [found] = await until(waiting, 20, 1)
    return str(found["id"])


async def planned(mall: Mall, sku: str, offer: str, supplier: str) -> dict[str, str]:
    """A plan that fills the shelf and waits for a person. Its policy is off: nobody looks at it anew."""
    owner, limit = mall.owner, yuan("9.8765")
    await owner.put("/restock/limits", {"monthly_budget": limit, "approval_above": limit})
    policy = {"active": False, "reorder_at": 1, "cover_days": 7, "most_pieces": 5, "most_unit_cost": limit}
    policy |= {"monthly_budget": limit, "approval_above": limit}
    await owner.put(f"/skus/{sku}/restock-policy", policy)
    payload = "a5" * 32
    weighed = Weighed(int(offer), int(supplier), 98_765, told=MARK)
    why = msgspec.json.encode(RestockWhy(0, 0, 0, 1, [98_765, 98_765], 1, (weighed,))).decode()
    given = (mall.world.home, mall.world.env.ids.new(), sku, offer, supplier, why)
    [[plan]] = await mall.rows(
        """insert into fulfilment.restock (home_id, id, sku_id, quantity, unit_cost_e4, currency, offer_id, supplier_id,
             why, payload, made_by, state, reason, proposed_at)
           values (%s, %s, %s, 1, 98765, 'CNY', %s, %s, %s, decode(%s, 'hex'), 'person:1', 'proposed', %s, now())
           returning id""",
        (*given, payload, MARK),
    )
    assert [r["id"] for r in (await owner.get("/restocks"))["items"]] == [str(plan)]
    return {"restock_id": str(plan), "payload": payload}


async def reconciled(mall: Mall, connection: str) -> dict[str, str]:
    """A closed day with a claim, and one after it with a difference that nobody has decided about."""
    owner, at = mall.owner, f"/connections/{connection}"
    await owner.put(
        f"{at}/statement-mapping", {"columns": {"ref": f"{MARK} no"}, "statuses": {MARK: "bought"}}
    )
    payment = {"amount": yuan("9.8765"), "reference": MARK, "memo": MARK}
    await owner.post(f"{at}/payments", payment)
    today = mall.world.env.now(mall.world.mall).date()
    closed, day = (today - timedelta(days=n) for n in (4, 3))

    async def differs(of: Any) -> str:
        file = f"{MARK} no,amount,status\n{MARK}-9,9.8765,{MARK}\n".encode()
        told = {"Content-Type": "text/csv"}
        answer = await owner.call(
            "POST", f"{at}/days/{of}/statement?file_name={MARK}.csv", file, headers=told
        )
        assert answer.status == 200, answer.body

        async def found() -> Any:
            return (await owner.get("/differences", day=of, status="open"))["items"]

        [one] = await until(found, 20)
        return str(one["id"])

    claim = await differs(closed)
    await owner.post(f"/differences/{claim}/resolve", {"resolution": "claimed", "note": MARK})
    await owner.post(f"{at}/days/{closed}/close")
    difference = await differs(day)
    assert [c["id"] for c in (await owner.get(f"{at}/claims"))["items"]] == [claim]
    assert MARK in json.dumps(await owner.get(f"{at}/days/{day}/lines"))
    ids = {"claim_id": claim, "difference_id": difference}
    return ids | {"day": str(day), "closed_day": str(closed)}


def bodies(ids: dict[str, str]) -> list[Any]:
    """What a write may say to reach over: every id at once where it is taken, and the plainest of each verb."""
    one = yuan("1")
    rung = [{"minimum": 1, "unit_price": one}]
    shelf = {"monthly_budget": one, "approval_above": one}
    policy = shelf | {"reorder_at": 1, "cover_days": 1, "most_pieces": 1, "most_unit_cost": one}
    follow = {"book_id": ids["book_id"], "template_id": ids["template_id"], "limit_bp": 1}
    return [
        {},
        {"reason": "steal"},
        {"version": 1},
        {"version": 1, "name_zh": "x", "name_en": "x"},
        {"book_id": ids["book_id"], "prices": [{"sku_id": ids["sku_id"], "rungs": rung}]},
        {"book_id": ids["book_id"], "sku_ids": [ids["sku_id"]]},
        {"amount": one, "reference": "r", "reason": "x", "recharge_reference": "r"},
        {"amount": one, "reference": "r"},
        {"amount": one, "to_account_id": ids["account_id"]},
        {"limit": one, "terms_days": 1},
        {"first": 1, "last": 5, "reason": "steal"},
        {"confirmation": ids["batch_id"], "reason": "steal"},
        {"quantity": 1, "receipt": "x"},
        {"line_no": 1, "reason": "x"},
        {"minutes": 5},
        {"status": "suspended"},
        {"role": None},
        {"role": "owner"},
        {"name": "x", "rank": 1},
        {"name": "x", "scopes": ["orders:write"]},
        {"tier_id": ids["tier_id"]},
        {"sha256": "a" * 64},
        {"legal_name": "x"},
        {"valid_from": "2090-01-01", "settlement_days": 1},
        {
            "kind": "other",
            "sha256": "b" * 64,
            "size_bytes": 1,
            "valid_from": "2026-01-01",
            "replaces": ids["paper_id"],
        },
        {"name": "x", "tier_id": ids["tier_id"]},
        {"name": "x", "parent_id": ids["buyer_id"]},
        {"kind": "contract", "name": "x", "buyer_id": ids["buyer_id"]},
        {"margin_bp": 1, "sku_id": ids["sku_id"]},
        {"delivery_ids": [ids["delivery_id"]]},
        {"endpoint_id": ids["endpoint_id"], "state": "dead"},
        {"organisation_id": ids["organisation_id"], "url": "https://example.com/x"},
        {"url": "https://example.com/x"},
        {"overlap_s": 0},
        {"from_at": "2026-01-02T00:00:00Z", "to_at": "2026-01-03T00:00:00Z"},
        {"brand_id": ids["brand_id"], "name_zh": "x", "name_en": "x"},
        {"product_id": ids["product_id"], "code": "x", "name_zh": "x", "name_en": "x", "kind": "code"},
        {"enabled": False},
        {"state": "off"},
        {"on": False},
        {"bought": False},
        {"stock": 3},
        {"codes": [{"secret": "STOLEN-0001"}]},
        {"name": "x", "scopes": ["supply:provide"]},
        {"strategy": "cheapest"},
        {"connection_id": ids["connection_id"], "good_id": "101", "sku_id": ids["sku_id"]},
        *({"resolution": how, "note": "steal"} for how in ("accepted", "claimed", "written_off", "late")),
        {"outcome": "granted"},
        {"outcome": "refused"},
        {"amount": one, "reference": MARK, "memo": "steal"},
        {"columns": {"ref": "x"}, "statuses": {"x": "failed"}, "amounts": "cents"},
        b"ref,amount\n1,1\n",
        {"fields": {"phone": "13800138000"}},
        {"open_minutes": 5},
        {"open_minutes": 5, "version": 1},
        {"approve": True},
        {"approve": True, "seal": ids["seal"]},
        {"approve": True, "items": [{"id": ids["approval_id"], "seal": ids["seal"]}]},
        {"person_id": ids["person_id"], "until_at": "2090-01-01T00:00:00Z"},
        {"words": "steal"},
        {"kind": "mall", "zh": "x", "en": "x", "permissions": ["orders.read"], "version": 1},
        {"organisation_id": ids["organisation_id"], "email": "x@example.com", "role": "supplier"},
        {"role": f"own:{ids['role_id']}"},
        {"approve": False},
        follow | {"scope": "mall"},
        follow | {"scope": "sku", "scope_id": ids["sku_id"]},
        {"payload": ids["payload"]},
        {"direction": "to_company", "amount": one},
        {"approve": True, "max_amount": one},
        {"request_no": "x", "department_id": ids["department_id"], "lines": [{"sku_id": ids["sku_id"]}]},
        {"head": True},
        shelf,
        shelf | {"version": 1},
        policy,
        policy | {"version": 1},
        {
            "kind": "dead",
            "valid_from": "2026-01-01T00:00:00Z",
            "source": "steal",
            "rows": [{"number": "19876543210"}],
        },
        {"url": "https://example.com/x", "secret": "x" * 16},
        {"id": ids["view_id"], "page": "orders", "name": "x", "search": "x"},
        b"client_order_no,sku,quantity\nsteal,1,1\n",
        {"revision": 1, "mode": "valid"},
        {"roles": ["sku_id", "-", f"book:{ids['book_id']}"], "options": {"sku_id": ids["sku_id"]}},
        {"rows": [{"line": 2, "cells": None}]},
        {"action": "delist", "subjects": [{"id": ids["sku_id"]}], "expected": 1},
        {"action": "freeze", "subjects": [{"id": ids["batch_id"]}], "args": {"reason": "steal"}},
        {"action": "suspend", "subjects": [{"id": ids["buyer_id"]}]},
        {"action": "cancel", "subjects": [{"id": ids["waiting_id"]}], "args": {"reason": "steal"}},
        {"action": "give_back", "subjects": [{"id": ids["waiting_id"], "line_no": 1}]},
        {"action": "freeze", "filter": {"sku_id": ids["sku_id"]}, "args": {"reason": "steal"}},
        {"list": "transfers", "format": "csv", "filter": {"account_id": ids["account_id"]}},
        {"list": "codes", "format": "zip", "filter": {"batch_id": [ids["batch_id"]]}},
        {"list": "prices", "filter": {"book_id": [ids["book_id"]]}},
        {"outcome": "accepted"},
        {"line": 1, "note": "x"},
    ]


async def settled(mall: Mall) -> dict[str, str]:
    """`rows_of`, when what its own workers still had to do is done."""
    seen: list[dict[str, str]] = []
    while len(seen) < 3 or seen[-1] != seen[-3]:
        assert len(seen) < 30, "it never comes to rest"
        seen.append(await rows_of(mall))
        await asyncio.sleep(0.7)
    return seen[-1]


async def rows_of(mall: Mall) -> dict[str, str]:
    """Every row of a mall, table by table; without what moves by itself: leases, deliveries on their way."""
    tables = await mall.rows(
        """select n.nspname || '.' || c.relname, a.attname from pg_class c
           join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
           where c.relkind = 'r' and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')
             and a.attname in ('home_id', 'mall_id')
             and c.relname not in ('lane', 'teller', 'session', 'delivery', 'attempt', 'outbox_position')"""
    )
    found = {}
    for table, column in tables:
        key = mall.world.home if column == "home_id" else mall.world.mall
        text = f"select md5(string_agg(t::text, ',' order by t::text)) from {table} t where {column} = %s"
        found[f"{table}.{column}"] = str((await mall.rows(text, [key]))[0][0])
    assert len(found) > 30
    return found
