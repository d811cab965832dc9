"""A distributor at the console 分销商后台. He pastes five hundred phone numbers; the preflight names the bad ones and why; he pays
for the rest, watches them go and takes the results home; he orders vouchers, sees his codes masked and one in clear; and
whatever another buyer has, in his mall or in another, is not found by any of his calls.

    make test T=tests/journeys/test_distributor_console.py
"""

import asyncio
import csv
import json
import re
import time
from typing import Any

from commissary.notify import sign
from make.journey import CONSOLE, Installation, Mall, cards, console_operations, shopper, yuan
from make.sellers import TOPUP, seller
from make.trade import PHONE, until
from world import Buyer

OWN = "/own"
SPEC: dict[str, Any] = PHONE[0] | {"checked": True}
DEAD, MARK = "13700000007", "ZQSTRANGER"


def pasted() -> tuple[str, dict[int, str]]:
    """500 lines; which of them are bad, and the code that says why."""
    rows = [f"139{n:08d}" for n in range(500)]
    bad = {12: "invalid_request", 40: "repeated_account", 77: "account_dead", 300: "invalid_request"}
    rows[12 - 1] = "not a phone"
    rows[40 - 1] = rows[39 - 1]
    rows[77 - 1] = DEAD
    rows[300 - 1] = "13900000299,0"
    return "\n".join(rows), bad


async def test_five_hundred_phones_are_pasted_paid_for_and_delivered(mall: Mall) -> None:
    sku = await mall.sku("topup", fields=[SPEC], instrument_class="direct_topup")
    await mall.price(sku, "9.80")
    dead = {
        "kind": "dead",
        "valid_from": "2026-01-01T00:00:00Z",
        "source": "list",
        "rows": [{"number": DEAD}],
    }
    await mall.owner.post("/account-numbers", dead)
    cap = {"per": "target", "quantity": 1, "window_s": 3600, "sku_ids": [sku]}
    rule = {"name_zh": "每号一次", "name_en": "Once", "kind": "cap", "action": "refuse", "params": cap}
    await mall.owner.post("/risk/rules", rule)
    buyer = await mall.buyer("4000")
    me = await shopper(mall, buyer)
    await asyncio.sleep(1)  # every process has read it within a second
    bought = {"client_order_no": "before", "lines": [{"sku_id": sku, "fields": {"account": "13900000100"}}]}
    assert (await me.call("POST", f"{OWN}/orders", bought)).status == 200

    text, bad = pasted()
    bad[101] = "risk_cap"  # he bought for it a moment ago
    looked = await me.post(f"{OWN}/paste/check", {"sku_id": sku, "text": text})
    assert {f["row"]: f["code"] for f in looked["faults"]} == bad
    assert all(f["message_en"] and f["message_zh"] for f in looked["faults"])
    assert (looked["lines"], looked["good"]) == (500, 495)
    assert looked["total"] == yuan("4851.0000")
    assert looked["available"] == yuan("3990.2000")
    assert looked["affordable"] == 407  # of 495: the money is not enough
    again = await me.post(f"{OWN}/paste/check", {"sku_id": sku, "text": text})
    assert again == looked, "a look counts nothing"

    # Paid for: what is missing is recharged, and the good lines go.
    money = {"amount": yuan("1000"), "reference": "more"}
    await mall.owner.post(f"/accounts/{buyer.account}/recharges", money)
    order = {"sku_id": sku, "text": text, "leave_out": sorted(bad), "max_unit_price": yuan("9.80")}
    async with seller(mall, "lansexiongdi", place=0, price_e4=50_000) as made:
        field = next(iter(made.shop.articles[TOPUP].fields))
        await made.offer(sku, TOPUP, field_map={"account": field})
        await asyncio.sleep(1)
        sheet = await me.post(f"{OWN}/paste", order, Idempotency_Key="paste-1")
        assert (await me.post(f"{OWN}/paste", order, Idempotency_Key="paste-1"))["id"] == sheet["id"]
        other = order | {"leave_out": []}
        answer = await me.call("POST", f"{OWN}/paste", other, headers={"Idempotency-Key": "paste-1"})
        assert (answer.status, answer.json["code"]) == (409, "key_reused")
        seen: list[int] = []

        async def done() -> Any:
            now = await me.get(f"{OWN}/order-files/{sheet['id']}")
            seen.append(now["done"])
            return now if now["status"] == "done" else None

        now = await until(done, 60, 0.05)
        assert (now["lines"], now["accepted"], now["refused"]) == (495, 495, 0)

        async def delivered() -> bool:
            total = await me.get(f"{OWN}/orders/totals", status="delivered")
            return bool(total["total"] == 495)  # the first one waits for a person: nobody sold it then

        await until(delivered, 90, 0.5)
    result = await me.call("GET", f"{OWN}/order-files/{sheet['id']}/result")
    rows = list(csv.DictReader(result.body.decode("utf-8-sig").splitlines()))
    assert len(rows) == 495
    assert {r["status"] for r in rows} == {"delivered"}
    mine = (await me.get(f"{OWN}/orders", size=1))["items"][0]
    assert mine["channel"] == "console"
    [(key_id,)] = await mall.rows(
        "select distinct key_id from orders.orders where buyer_id = %s", [buyer.organisation]
    )
    person = (await me.get("/me"))["person"]["id"]
    assert key_id == f"person:{person}", "an order keeps whose hands placed it"
    standing = await me.get(f"{OWN}/standing")
    assert standing["today"]["delivered"] == 495
    assert standing["available"] == yuan("139.2000")
    spent = await me.get(f"{OWN}/sales")
    assert (spent["skus"][0]["sku_id"], spent["total"]["amount"]) == (sku, yuan("4860.8000"))


async def test_codes_are_masked_and_one_is_shown(mall: Mall) -> None:
    sku, codes = await mall.sku(), cards(5)
    await mall.upload(sku, codes, cost="5")
    await mall.price(sku, "9.50")
    buyer = await mall.buyer("100")
    me = await shopper(mall, buyer)
    goods = (await me.get(f"{OWN}/goods", q="gift"))["items"]
    assert [(g["sku_id"], g["unit_price"]) for g in goods] == [(sku, yuan("9.5000"))]
    quote = await me.post(f"{OWN}/quotes", {"lines": [{"sku_id": sku, "quantity": 3}]})
    wanted = {"client_order_no": "C-1", "lines": [{"sku_id": sku, "quantity": 3}], "quote_id": quote["id"]}
    order = await me.post(f"{OWN}/orders", wanted)
    assert (order["status"], order["total"]) == ("delivered", yuan("28.5000"))
    assert (await me.post(f"{OWN}/orders", wanted))["id"] == order["id"], "the page's key is sent twice"
    answer = await me.call("POST", f"{OWN}/orders", wanted | {"quote_id": None, "lines": [{"sku_id": sku}]})
    assert (answer.status, answer.json["code"]) == (409, "idempotency_conflict")

    at = f"{OWN}/orders/{order['id']}"
    shown = (await me.get(f"{at}/codes"))["items"]
    assert [c["position"] for c in shown] == [1, 2, 3]
    export = await me.call("GET", f"{OWN}/orders/export")
    pages = [
        await me.get(path) for path in (at, f"{at}/codes", f"{at}/log", f"{at}/snapshot", f"{OWN}/orders")
    ]
    everything = json.dumps([order, *pages]) + export.body.decode()
    assert [code for code in codes if code in everything] == []
    assert order["order_no"] in export.body.decode()

    answer = await me.call("POST", f"{at}/lines/1/codes/2/reveal", {"reason": "客户要求"})
    assert answer.status == 200
    assert answer.json["secret"] in codes
    assert answer.json["secret"][-4:] == shown[1]["masked"][-4:]
    assert answer.headers["Cache-Control"] == "no-store"
    [look] = (await mall.owner.get("/audit", subject=f"order:{order['id']}", size=1))["items"]
    assert (look["action"], look["after"]["place"]) == ("reveal.code", "line 1 code 2")
    assert answer.json["secret"] not in json.dumps(look)
    assert await me.refused("POST", f"{at}/lines/1/codes/4/reveal", {"reason": "x"}) == (404, "no_such_code")

    # Who may look at codes is a matter of his role, and the mall's own staff have other doors.
    assert await mall.owner.refused("GET", at) == (403, "forbidden")
    assert await mall.owner.refused("GET", f"{OWN}/balance") == (403, "forbidden")
    assert await me.refused("GET", "/audit") == (403, "forbidden")


async def test_keys_people_and_funds_are_their_own(mall: Mall) -> None:
    buyer = await mall.buyer("50")
    me = await shopper(mall, buyer)
    key = await me.post(
        f"{OWN}/keys", {"name": "shop", "scopes": ["balance:read"], "ip_allow": ["127.0.0.1"]}
    )
    held = Buyer(key["id"], key["secret"], buyer.organisation, buyer.account, None)  # type: ignore[arg-type]
    assert (await mall.server.call(held, "GET", "/v1/balance")).status == 200

    async def used() -> bool:
        [listed] = [k for k in (await me.get(f"{OWN}/keys"))["items"] if k["id"] == key["id"]]
        return listed.get("last_used_ip") == "127.0.0.1" and bool(listed["last_used_at"])

    await until(used)
    rotated = await me.post(f"{OWN}/keys/{key['id']}/rotate", {"overlap_s": 60})
    assert (await mall.server.call(held, "GET", "/v1/balance")).status == 200
    assert rotated["secret"] != key["secret"]
    await me.post(f"{OWN}/keys/{key['id']}/revoke")

    async def refused() -> bool:
        return (await mall.server.call(held, "GET", "/v1/balance")).status == 401

    await until(refused)
    assert "secret" not in (await me.get(f"{OWN}/keys"))["items"][0]
    made = await me.post(f"{OWN}/webhook-endpoints", {"url": "https://example.com/hook"})
    body = '{"type":"order.delivered"}'
    at = int(time.time())
    sent = sign.headers([made["secret"]], "evt_1_2_3", at, body.encode())
    path = f"{OWN}/webhook-endpoints/{made['endpoint']['id']}/verify"
    assert await me.post(path, {"headers": sent, "body": body}) == {"genuine": True, "fault": None}
    assert (await me.post(path, {"headers": sent, "body": body + " "}))["fault"] == "signature_wrong"
    assert (await me.post(path, {"headers": {}, "body": body}))["fault"] == "header_missing"
    colleague = {"email": "ye@example.com", "name": "叶", "password": "correct horse battery"}
    made = await me.post(f"{OWN}/people", colleague | {"role": "distributor"})
    assert await me.refused(
        "POST", f"{OWN}/people", colleague | {"role": "owner", "email": "x@example.com"}
    ) == (
        409,
        "role_does_not_fit",
    )
    assert {p["id"] for p in (await me.get(f"{OWN}/people"))["items"]} >= {made["id"]}
    moved = (await me.get(f"{OWN}/transfers"))["items"]
    assert [(t["kind"], t["amount"]) for t in moved] == [("recharge", yuan("50.0000"))]


async def test_what_another_has_is_not_found(mall: Mall, installation: Installation) -> None:
    """Every call of one's own, with the ids of a buyer of the same mall and of one elsewhere."""
    elsewhere = await installation.mall("Elsewhere")
    for theirs in (mall, elsewhere):
        ids = await owned(theirs)
        before = await held_by(theirs, ids)
        me = await shopper(mall, await mall.buyer("100"))
        tried = 0
        for method, path, _ in console_operations():
            place = path.removeprefix(CONSOLE)
            names = re.findall(r"\{(\w+):\w+\}", place)
            if not place.startswith(f"{OWN}/") or not names or SUPPLIERS & set(names):
                continue
            if place.startswith((f"{OWN}/departments", f"{OWN}/requests")):  # walked in test_mon04.py
                continue
            filled = re.sub(r"\{(\w+):\w+\}", lambda m, ids=ids: ids[m[1]], place)  # type: ignore[misc]
            bodies = BODIES if method != "GET" else [None]
            answers = [
                await me.call(method, filled, body, headers={"Idempotency-Key": f"k{n}"})
                for n, body in enumerate(bodies)
            ]
            assert {a.status for a in answers} <= {404, 422}, (method, path, [a.body for a in answers])
            assert 404 in {a.status for a in answers}, (method, path, [a.body for a in answers])
            assert all(MARK not in a.body.decode() for a in answers), path
            tried += 1
        assert tried > 20
        for place in (f"{OWN}/orders", f"{OWN}/order-files", f"{OWN}/transfers", f"{OWN}/statements"):
            assert (await me.get(place))["items"] == [] or place.endswith("transfers")
        narrowed = {"endpoint_id": ids["endpoint_id"], "subject_id": ids["order_id"]}
        for name, value in narrowed.items():
            assert (await me.get(f"{OWN}/webhook-deliveries", **{name: value}))["items"] == []
        again = await me.post(f"{OWN}/webhook-deliveries/replay", {"delivery_ids": [ids["delivery_id"]]})
        assert again == {"replayed": 0}
        assert (await me.get(f"{OWN}/orders", q=f"{MARK}-1"))["items"] == []
        assert await held_by(theirs, ids) == before


SUPPLIERS = {"connection_id", "intake_id", "objection_id"}  # theirs: test_supplier_console.py


BODIES: list[Any] = [
    {},
    {"reason": MARK},
    {"overlap_s": 0},
    {"ip_allow": [], "version": 1},
    {"role": "distributor"},
    {"status": "suspended"},
    {"url": "https://example.com/x"},
    {"fields": {"account": "13900001111"}},
    {"headers": {}, "body": ""},
]


async def owned(mall: Mall) -> dict[str, str]:
    """A buyer with one of everything; its ids by the names that paths give them."""
    sku = await mall.sku()
    await mall.upload(sku, cards(5, MARK), cost="5")
    await mall.price(sku, "9")
    buyer = await mall.buyer("100", name=MARK)
    them = await shopper(mall, buyer)
    order = await them.post(f"{OWN}/orders", {"client_order_no": f"{MARK}-1", "lines": [{"sku_id": sku}]})
    file = f"client_order_no,sku,quantity\n{MARK}-2,{sku},1\n".encode()
    told = {"Content-Type": "text/csv", "Idempotency-Key": "s"}
    sheet = await them.call("POST", f"{OWN}/order-files?file_name={MARK}.csv", file, headers=told)
    assert sheet.status == 200, sheet.body

    async def ended() -> bool:
        return bool((await them.get(f"{OWN}/order-files/{sheet.json['id']}"))["status"] == "done")

    await until(ended)
    endpoint = (await them.post(f"{OWN}/webhook-endpoints", {"url": f"https://example.com/{MARK}"}))[
        "endpoint"
    ]
    await them.post(f"{OWN}/webhook-endpoints/{endpoint['id']}/pause")
    delivery = await them.post(f"{OWN}/webhook-endpoints/{endpoint['id']}/test")
    subscription = await them.call(
        "PUT", f"{OWN}/price-subscriptions", {"name": MARK, "threshold_bp": 10_000}
    )
    assert subscription.status == 200, subscription.body
    period = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-01-02T00:00:00Z"}
    statement = await mall.owner.post(f"/accounts/{buyer.account}/statements", period)
    person = (await them.get("/me"))["person"]["id"]
    await mall.server.call(buyer, "GET", "/v1/balance")

    async def called() -> Any:
        return (await them.get(f"{OWN}/calls"))["items"]

    [call, *_] = await until(called)
    resend = await them.post(f"{OWN}/webhook-resends", {"endpoint_id": endpoint["id"]})
    return {
        "job_id": resend["job_id"],
        "call_id": call["id"],
        "buyer": str(buyer.organisation),
        "order_id": order["id"],
        "line_no": "1",
        "position": "1",
        "sheet_id": sheet.json["id"],
        "endpoint_id": endpoint["id"],
        "delivery_id": delivery["delivery_id"],
        "subscription_id": subscription.json["id"],
        "statement_id": statement["id"],
        "key_id": buyer.key_id,
        "person_id": person,
    }


async def held_by(mall: Mall, ids: dict[str, str]) -> Any:
    """What a stranger might have changed of them."""
    one = int(ids["buyer"])
    return [
        await mall.rows(text, [one])
        for text in (
            "select id, state from orders.orders where buyer_id = %s",
            "select id, state from orders.sheet where buyer_id = %s and state = 'done'",
            "select id, state, url, old_secret_until from notify.endpoint where organisation_id = %s",
            "select id, revoked_at, old_secret_until from tenancy.api_key where organisation_id = %s",
            "select m.person_id, m.role, p.status from tenancy.member m join tenancy.person p on p.mall_id = m.mall_id "
            "and p.id = m.person_id where m.organisation_id = %s",
        )
    ]
