"""For the journey of the audit log: a day on which somebody does things in the console, and the log is read after each."""

import asyncio
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from commissary import jobs, notify, tenancy
from commissary.simulators import Lie
from make.bulk import ended
from make.company import company
from make.journey import Mall, Person, cards, shopper, yuan
from make.sellers import CARD, TOPUP, Seller, seller, supplier
from make.tenancy import PASSWORD
from make.trade import PHONE, turn, until
from world import Buyer


@dataclass
class Day:
    """What was done, and what the audit log says of it."""

    mall: Mall
    done: set[tuple[str, str]] = field(default_factory=set)
    lines: list[dict[str, Any]] = field(default_factory=list)

    async def act(
        self,
        kind: str,
        method: str,
        template: str,
        body: Any = None,
        *ids: object,
        by: Person | None = None,
        person: int | None = None,
        also: int | None = None,
        **headers: str,
    ) -> Any:
        """Do it; then look what the log has gained. `kind`: made (after), changed (both, and they differ), gone
        (before), seen (neither is asked). `also`: whose act it was that `by` let happen."""
        parts = iter(ids)
        path = re.sub(r"\{\w+:\w+\}", lambda _: str(next(parts)), template)
        last = await self.newest()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await (by or self.mall.owner).call(method, path, body, headers=named)
        assert answer.status < 300, (method, path, answer.body)
        self.done.add((method, template.partition("?")[0]))

        items = (await self.mall.owner.get("/audit", size=20))["items"]
        # What happens by itself meanwhile is not his.
        new = [e for e in items if int(e["id"]) > last and e["actor_kind"] != "system"]
        assert new, f"{method} {template} left no line"
        doer = str(person or self.mall.world.founded.person_id)
        for line in new:
            assert line["actor_kind"] == "person", (template, line)
            assert line["actor_id"] in (doer, str(also)), (template, line)
            assert line["ip"] == "127.0.0.1", (template, line)
            assert line["action"], line
            assert ":" in line["subject"], line
        asked = {
            "made": any(e["after"] for e in new),
            "changed": any(e["before"] and e["after"] and e["before"] != e["after"] for e in new),
            "gone": any(e["before"] for e in new),
            "seen": True,
        }
        assert asked[kind], (method, template, new)
        self.lines += new
        return answer.json if "json" in answer.headers.get("Content-Type", "") else None

    async def newest(self) -> int:
        found = (await self.mall.owner.get("/audit", size=1))["items"]
        return int(found[0]["id"]) if found else 0


async def subscription_of(day: Day, buyer: int) -> None:
    """A buyer is told of his prices, from another threshold on, and no more."""
    path = "/buyers/{buyer_id:str}/price-subscriptions"
    made = await day.act("made", "PUT", path, {"threshold_bp": 200}, buyer)
    await day.act("changed", "PUT", path, {"threshold_bp": 100}, buyer)
    await day.act("gone", "DELETE", "/price-subscriptions/{subscription_id:str}", None, made["id"])


async def approvals_of(day: Day, account: str) -> None:
    """What one person asks for and another decides about; rules, and who decides in whose stead."""
    act, owner, one = day.act, day.mall.owner, "/approvals/{approval_id:str}"
    finance = await day.mall.sign_in("finance")
    me = int((await finance.get("/me"))["person"]["id"])
    rule = {"mode": "above", "above_amount": yuan("20")}
    await act("changed", "PUT", "/approval-rules/{act:str}", rule, "ledger.adjust")

    async def asked(n: int) -> Any:
        fix = {"amount": yuan("30"), "reference": f"asked-{n}", "reason": "核对差错"}
        path = "/accounts/{account_id:int}/adjustments"
        told = await act("made", "POST", path, fix, account)
        return (await finance.get(f"/approvals/{told['approval_id']}"))["approval"]

    first, second, third = [await asked(n) for n in range(3)]
    await act("made", "POST", f"{one}/comments", {"words": "有凭证吗？"}, first["id"], by=finance, person=me)
    doer = {"by": finance, "person": me, "also": day.mall.world.founded.person_id}
    yes = {"approve": True, "seal": first["seal"]}
    await act("changed", "POST", f"{one}/decide", yes, first["id"], **doer)
    many = {"approve": True, "items": [{"id": second["id"], "seal": second["seal"]}]}
    await act("changed", "POST", "/approvals/decide", many, **doer)
    await act("changed", "POST", f"{one}/withdraw", {}, third["id"])
    until = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    mine = "/approval-delegates/mine"
    await act("made", "PUT", mine, {"person_id": str(me), "until_at": until})
    await act("gone", "DELETE", mine)
    assert (await owner.get("/approval-delegates"))["items"] == []


async def joining_of(day: Day, own: str) -> None:
    """A role of the mall's own, made, changed and deleted; people who come by a link, and one who is asked no more."""
    act, mall = day.act, day.mall
    draft = {"kind": "mall", "zh": "值班", "en": "On duty", "permissions": ["orders.read"]}
    role = await act("made", "POST", "/roles", draft)
    wider = draft | {"permissions": ["orders.read", "jobs.read"], "version": 1}
    await act("changed", "PUT", "/roles/{role_id:str}", wider, role["id"])
    asked = {"organisation_id": own, "email": "he@example.com", "role": role["name"]}
    first = await act("made", "POST", "/invitations", asked)
    await act("gone", "DELETE", "/invitations/{invitation_id:str}", None, first["id"])
    await act("gone", "DELETE", "/roles/{role_id:str}", None, role["id"])
    second = await act("made", "POST", "/invitations", asked | {"role": "support"})
    told = {"token": second["token"], "name": "何青", "password": PASSWORD}
    answer = await mall.owner.call("POST", "/join", told)
    assert answer.status == 200, answer.body
    day.done.add(("POST", "/join"))
    [line] = (await mall.owner.get("/audit", subject=f"invitation:{second['id']}"))["items"][:1]
    assert (line["action"], line["ip"]) == ("invitation.accept", "127.0.0.1")


async def supply_of(day: Day, mall: Mall, shopper: Any, book: str, price: dict[str, Any]) -> None:
    """A connection, an offer, a policy; and a purchase that a person decides about."""
    act, sku = day.act, await mall.sku()
    await mall.owner.post("/prices", {"book_id": book, "prices": [price | {"sku_id": sku}]})
    async with seller(mall, "acg_faka", lies=[Lie.error_after], price_e4=50_000) as made:
        again = {"supplier_id": made.connection["supplier_id"], "protocol": "acg_faka", "name": "第二家"}
        again |= {"base_url": made.url, "account": made.shop.account, "secret": made.shop.key}
        second = await act("made", "POST", "/connections", again)
        edit = {k: second[k] for k in ("version", "base_url", "account")} | {"name": "改名"}
        path = "/connections/{connection_id:str}"
        await act("changed", "PUT", path, edit, second["id"])
        await act("changed", "POST", f"{path}/switch", {"state": "off", "reason": "停用"}, second["id"])
        asked = {"connection_id": made.connection["id"], "good_id": "101", "sku_id": sku}
        offer = await act("made", "POST", "/offers", asked)
        await act("changed", "PATCH", "/offers/{offer_id:str}", {"weight": 50}, offer["id"])
        wanted = {"strategy": "quality", "tries": 2}
        await act("made", "PUT", "/skus/{sku_id:str}/supply-policy", wanted, sku)
        wanted = {"strategy": "cheapest", "tries": 1}
        await act("changed", "PUT", "/skus/{sku_id:str}/supply-policy", wanted, sku)
        await asyncio.sleep(1)  # every process has read it within a second
        await mall.order(shopper, sku)

        async def waiting() -> Any:
            return (await mall.owner.get("/purchases"))["items"]

        [purchase] = await until(waiting)
        await act(
            "seen", "POST", "/purchases/{purchase_id:str}/evidence", {"reason": "核对应答"}, purchase["id"]
        )
        said = {"bought": False, "reason": "供应商确认未成交"}
        await act("changed", "POST", "/purchases/{purchase_id:str}/decide", said, purchase["id"])


async def pushes_of(day: Day, mall: Mall) -> None:
    """Another mall is asked to tell of changes."""
    async with seller(mall, "commissary", place=2, name="tells") as made:
        path = "/connections/{connection_id:str}/subscribe"
        await day.act("made", "POST", path, None, made.connection["id"])


async def fixes_of(day: Day, mall: Mall, shopper: Any, book: str, price: dict[str, Any]) -> list[str]:
    """Two top-ups to accounts that their supplier calls wrong: one is corrected for its buyer, one given up. The accounts."""
    act, line = day.act, "/orders/{order_id:str}/lines/{line_no:int}"
    terms = await act("made", "PUT", "/fix-terms", {"open_minutes": 60})
    await act("changed", "PUT", "/fix-terms", {"open_minutes": 90, "version": terms["version"]})
    sku = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.owner.post("/prices", {"book_id": book, "prices": [price | {"sku_id": sku}]})
    wrong, right = "13900003333", "13900004444"
    async with seller(mall, "lansexiongdi", place=2, price_e4=50_000) as made:
        made.shop.wrong_accounts.add(wrong)
        field = next(iter(made.shop.articles[TOPUP].fields))
        await made.offer(sku, TOPUP, field_map={"account": field})
        await asyncio.sleep(1)  # every process has read it within a second
        for n in range(2):
            told = {"client_order_no": f"fix-{n}", "sku_id": sku, "fields": {"account": wrong}}
            assert (await mall.server.call(shopper, "POST", "/v1/orders", told)).status == 200

        async def asked() -> Any:
            found = (await mall.owner.get("/fix-requests", status="open"))["items"]
            return found if len(found) == 2 else None

        first, second = await until(asked)
        better = {"fields": {"account": right}}
        await act("changed", "POST", f"{line}/fields", better, first["order_id"], 1, Idempotency_Key="fix")
        await act("changed", "POST", f"{line}/withdraw-fix", None, second["order_id"], 1)

        async def bought() -> bool:
            return made.bought == 1

        await until(bought)
    return [wrong, right]


async def people_of(day: Day, mall: Mall, shopper: Any, book: str, price: dict[str, Any]) -> None:
    """A supplier who is people: what he declares, and what is asked of him; the owner does it for him."""
    act, sku, owner = day.act, await mall.sku(), mall.owner
    await owner.post("/prices", {"book_id": book, "prices": [price | {"sku_id": sku}]})
    company = await supplier(mall)
    key = {"name": "program", "scopes": ["supply:provide"]}
    await act("made", "POST", "/suppliers/{supplier_id:str}/keys", key, company)
    asked = {"supplier_id": company, "protocol": "people", "name": "老周"}
    connection = await owner.post("/connections", asked)
    linked = {"connection_id": connection["id"], "good_id": "茶卡", "sku_id": sku, "stock": 1}
    offer = await owner.post("/offers", linked | {"unit_cost": yuan("5")})
    await act("changed", "PUT", "/declared/{offer_id:str}", {"stock": 2}, offer["id"])
    await asyncio.sleep(1)  # every process has read it within a second
    for _ in range(2):
        await mall.order(shopper, sku)

    async def both() -> Any:
        found = (await owner.get("/supply-requests"))["items"]
        return found if len(found) == 2 else None

    one, two = await until(both)
    of = "/supply-requests/{purchase_id:str}"
    await act("made", "POST", f"{of}/take", None, one["id"])
    given = {"codes": [{"secret": f"DAY-{one['id']}"}]}
    await act("changed", "POST", f"{of}/provide", given, one["id"])
    await act("changed", "POST", f"{of}/refuse", {"reason": "没货"}, two["id"])


async def papers_of(day: Day, supplier: str) -> None:
    """What is done to the file of a supplier."""
    act, of = day.act, "/suppliers/{supplier_id:str}"
    named = {"legal_name": "东海卡券有限公司", "registration_no": "91310000", "owners": ["周东海"]}
    await act("changed", "PUT", f"{of}/company", named, supplier)
    paper: dict[str, Any] = {
        "valid_from": "2026-01-01",
        "kind": "business_licence",
        "holder": "东海卡券有限公司",
    }
    ids = []
    for number in ("1", "2", "3"):
        document = f"licence {number}".encode()
        paper |= {"sha256": hashlib.sha256(document).hexdigest(), "size_bytes": len(document)}
        made = await act("made", "POST", f"{of}/papers", paper | {"number": number}, supplier)
        octets = {"Content_Type": "application/octet-stream"}
        await act("made", "PUT", "/papers/{paper_id:str}/file", document, made["id"], **octets)
        ids.append((made["id"], paper["sha256"]))
    (good, digest), (bad, _), (old, _) = ids
    await day.mall.owner.get(f"/papers/{good}/file")
    await act("changed", "POST", "/papers/{paper_id:str}/accept", {"sha256": digest}, good)
    await act("changed", "POST", "/papers/{paper_id:str}/refuse", {"reason": "看不清"}, bad)
    await act("changed", "POST", "/papers/{paper_id:str}/withdraw", {"reason": "交错了"}, old)
    rule = {"kind": "icp_filing", "needed": True, "valid_from": "2027-01-01", "source": "法务"}
    await act("made", "POST", "/paper-rules", rule)
    terms = {"valid_from": "2027-01-01", "settlement_days": 15, "deposit": "50000"}
    await act("made", "POST", f"{of}/terms", terms, supplier)
    paid = {"amount": yuan("100"), "reference": "deposit-1"}
    await act("made", "POST", f"{of}/deposit", paid, supplier)
    why = {"reason": "核实中"}
    held = await act("made", "POST", f"{of}/quarantines", why, supplier)
    await act("changed", "POST", "/quarantines/{quarantine_id:str}/release", why, held["id"])
    names = {"title": "名单", "source": "公安部", "dated": "2026-01-01", "names": ["无此公司"]}
    await act("made", "POST", "/name-lists", names)
    found = await day.mall.owner.post("/name-lists", names | {"names": ["周东海"]})
    assert found["hits"] == 1
    [hit] = (await day.mall.owner.get("/quarantines", status="open"))["items"]
    await act("changed", "POST", "/quarantines/{quarantine_id:str}/confirm", why, hit["id"])


async def numbers_of(day: Day) -> str:
    """What the mall knows of accounts, and who is asked about them; the secret that this is done with."""
    secret = "the-checker-s-own-secret"  # noqa: S105
    rows = {"rows": [{"number": "13900002222"}], "valid_from": "2027-01-01T00:00:00Z", "source": "工信部"}
    await day.act("made", "POST", "/account-numbers", rows | {"kind": "dead"})
    asked = {"url": "https://example.com/check", "secret": secret, "on_silence": "pass"}
    await day.act("made", "PUT", "/account-checker", asked)
    await day.act("changed", "PUT", "/account-checker", asked | {"on_silence": "refuse"})
    await day.act("gone", "DELETE", "/account-checker")
    return secret


async def rates_of(day: Day) -> None:
    """What other currencies are worth: one after the other, a file of them, and when they are too old."""
    told = {"rates": [{"currency": "USD", "rate": "7.10"}], "source": "银行"}
    await day.act("made", "POST", "/rates", told)
    await day.act("changed", "POST", "/rates", told | {"rates": [{"currency": "USD", "rate": "7.2"}]})
    file, csv = b"currency,rate\nEUR,8.1\n", {"Content_Type": "text/csv"}
    await day.act("made", "POST", "/rates/file?source=bank", file, **csv)
    day.done.add(("POST", "/rates/file"))
    await day.act("changed", "PUT", "/rates/limits", {"stale_after_s": 86_400})


async def shelf_of(day: Day, mall: Mall, book: str, price: dict[str, Any]) -> None:
    """A supplier whose cost moves, who fills the shelf, and with whom a day is closed."""
    sku = await mall.sku()
    await mall.owner.post("/prices", {"book_id": book, "prices": [price | {"sku_id": sku}]})
    async with seller(mall, place=1, price_e4=50_000) as made:
        await made.offer(sku)
        await _cost(day, made, book, sku)
        await _restock(day, sku)
        await _settle(day, made.connection["id"])
    async with seller(mall, "commissary", place=2) as telling:
        await _ask(day, telling.connection["id"])


async def _cost(day: Day, made: Seller, book: str, sku: str) -> None:
    """It is pulled, and the price that follows it waits for a person."""
    owner, connection = day.mall.owner, made.connection["id"]
    markup = {"name": "成本加一成", "base": "cost", "percent_bp": 1_000}
    template = await owner.put("/price-templates", markup)
    wanted = {"book_id": book, "template_id": template["id"], "scope": "sku", "scope_id": sku}
    await day.act("made", "PUT", "/price-follows", wanted | {"limit_bp": 900})
    await day.act("changed", "PUT", "/price-follows", wanted | {"limit_bp": 500})

    async def pulled() -> Any:
        """It was, by itself; and long enough ago that a person's wish is not answered from it."""
        return await day.mall.rows(
            """update supply.pull set ended_at = ended_at - interval '1 minute'
               where mall_id = %s and connection_id = %s and lease = 0 and ended_at is not null returning 1""",
            (day.mall.world.mall, int(connection)),
        )

    await until(pulled)
    made.shop.articles[CARD].price_e4 = 55_000
    await day.act("seen", "POST", "/connections/{connection_id:str}/pull", None, connection)

    async def waiting() -> Any:
        """Once every event about a cost was heard of: a later one replaces what waits."""
        heard = await day.mall.rows(
            """select 1 from base.outbox_head h join base.outbox_position p using (home_id)
               where home_id = %s and consumer = 'prices' and p.seq >= h.last_seq""",
            (day.mall.world.home,),
        )
        return heard and (await owner.get("/price-proposals"))["items"]

    [proposal] = await until(waiting)
    decided = {"approve": True}
    await day.act("changed", "POST", "/price-proposals/{proposal_id:str}/decide", decided, proposal["id"])


async def _restock(day: Day, sku: str) -> None:
    """Proposed twice: refused, and approved by another person than the one who set the policy."""
    owner, one = day.mall.owner, "/restocks/{restock_id:str}"
    limits = {"monthly_budget": yuan("1000"), "approval_above": yuan("10")}
    set_ = await day.act("made", "PUT", "/restock/limits", limits)
    more = {"monthly_budget": yuan("2000"), "version": set_["version"]}
    await day.act("changed", "PUT", "/restock/limits", limits | more)
    policy = {"reorder_at": 4, "cover_days": 7, "most_pieces": 100, "most_unit_cost": yuan("20")}
    await day.act("made", "PUT", "/skus/{sku_id:str}/restock-policy", policy | limits, sku)
    finance = await day.mall.sign_in("finance")
    doer = {"by": finance, "person": int((await finance.get("/me"))["person"]["id"])}

    async def proposed() -> Any:
        await turn(day.mall, "stock.restock")
        return (await owner.get("/restocks", sku_id=sku, status="proposed"))["items"]

    [plan] = await until(proposed)
    await day.act("changed", "POST", f"{one}/refuse", {"reason": "太多"}, plan["id"], **doer)
    [plan] = await until(proposed)
    seen = {"payload": plan["payload"]}
    await day.act("changed", "POST", f"{one}/approve", seen, plan["id"], **doer)

    async def bought() -> bool:
        whole = await owner.get(f"/restocks/{plan['id']}")
        return bool(whole["plan"]["status"] == "done")

    await until(bought, 20)


async def _ask(day: Day, connection: str) -> None:
    """The statements of a supplier whose protocol lists orders, daily and now."""
    act, of = day.act, "/connections/{connection_id:str}"
    await act("made", "PUT", f"{of}/statement-source", {"by": "file", "hour": 9}, connection)
    await act("changed", "PUT", f"{of}/statement-source", {"by": "api", "hour": 6}, connection)
    world = day.mall.world
    date = world.env.now(world.mall).date() - timedelta(days=2)
    await act("made", "POST", f"{of}/days/{{day:str}}/statement/pull", None, connection, date)


async def _settle(day: Day, connection: str) -> None:
    """A statement with two lines that the books know nothing of: one is disputed, and the day is closed."""
    act, owner, of = day.act, day.mall.owner, "/connections/{connection_id:str}"
    world = day.mall.world
    date = world.env.now(world.mall).date() - timedelta(days=3)
    at = (connection, date)
    paid = {"amount": yuan("500"), "reference": "bank-3"}
    await act("changed", "POST", f"{of}/payments", paid, connection)
    mapping = {"columns": {"ref": "单", "amount": "元"}}
    await act("changed", "PUT", f"{of}/statement-mapping", mapping, connection)
    file = "单,元\n1,13\n2,7\n".encode()
    brought = await act(
        "made", "POST", f"{of}/days/{{day:str}}/statement", file, *at, Content_Type="text/csv"
    )
    again = await act("made", "POST", f"{of}/days/{{day:str}}/reconcile", None, *at)

    async def matched() -> bool:
        jobs = [await owner.get(f"/jobs/{id_}") for id_ in (brought["job_id"], again["job_id"])]
        return all(job["state"] == "done" for job in jobs)

    await until(matched, 30)
    found = (await owner.get("/differences", connection_id=connection, status="open"))["items"]
    for difference, resolution in zip(found, ("claimed", "accepted"), strict=True):
        told = {"resolution": resolution, "note": "供应商对账单"}
        await act("changed", "POST", "/differences/{difference_id:str}/resolve", told, difference["id"])
    await act("changed", "POST", f"{of}/days/{{day:str}}/close", None, *at)
    [claim] = (await owner.get(f"/connections/{connection}/claims", status="waiting"))["items"]
    await act("changed", "POST", "/claims/{claim_id:str}/end", {"outcome": "granted"}, claim["id"])


async def company_of(day: Day, mall: Mall, book: str, price: dict[str, Any]) -> None:
    """A buying company arranges itself: departments, budgets, members; somebody asks and somebody else decides."""
    sku, of = await mall.sku(), await company(mall, "900", "0")
    await mall.owner.post("/prices", {"book_id": book, "prices": [price | {"sku_id": sku}]})
    codes = cards(5)
    await mall.upload(sku, codes, cost="5")
    await day.act("made", "POST", "/custody/trace", {"code": codes[0]})
    await asyncio.sleep(1)  # every process has read it within a second
    doer: dict[str, Any] = {"by": of.manager.at, "person": int(of.manager.id)}
    member: dict[str, Any] = {"by": of.member.at, "person": int(of.member.id)}
    one = "/own/departments/{department_id:str}"

    async def act(kind: str, method: str, template: str, body: Any = None, *ids: object, **more: str) -> Any:
        return await day.act(kind, method, template, body, *ids, **doer, **more)

    sales = (await act("made", "POST", "/own/departments", {"name": "销售部"}))["id"]
    await act("changed", "PATCH", one, {"cost_centre": "CC-12"}, sales)
    moved = {"direction": "to_department", "amount": yuan("50")}
    await act("made", "POST", f"{one}/budget-moves", moved, sales, Idempotency_Key="b")
    await act("made", "PUT", f"{one}/members/{{person_id:str}}", {"head": True}, sales, of.head.id)
    await act("changed", "PUT", f"{one}/members/{{person_id:str}}", {}, sales, of.head.id)
    await act("gone", "DELETE", f"{one}/members/{{person_id:str}}", None, sales, of.head.id)
    period = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-02-01T00:00:00Z"}
    await act("made", "POST", f"{one}/statements", period, sales)
    await act("made", "POST", f"{one}/keys", {"name": "erp", "scopes": ["orders:write"]}, sales)
    await of.move(of.market, "50")
    people = [{"name": "白露", "contact": "13900009999"}]
    asked = {"request_no": "r1", "lines": [{"sku_id": sku}], "recipients": people}
    first = await day.act("made", "POST", "/own/requests", asked, **member)
    said = {"approve": True, "max_amount": first["max_amount"]}
    await act("changed", "POST", "/own/requests/{request_id:str}/decide", said, first["id"])
    second = await of.ask(of.member, sku)
    await day.act("changed", "POST", "/own/requests/{request_id:str}/withdraw", None, second["id"], **member)
    await act("changed", "POST", f"{one}/close", None, sales)


async def own_of(day: Day, mall: Mall, book: str, price: dict[str, Any]) -> list[str]:
    """A buyer's own person, at his console: what he may do there. The accounts that he named."""
    buyer = await mall.buyer("900")
    me = await shopper(mall, buyer)
    doer: dict[str, Any] = {"by": me, "person": int((await me.get("/me"))["person"]["id"])}
    own, sku = "/own", await mall.sku()
    asks = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.owner.post(
        "/prices", {"book_id": book, "prices": [price | {"sku_id": s} for s in (sku, asks)]}
    )
    await mall.upload(sku, cards(5), cost="5")
    await asyncio.sleep(1)  # every process has read it within a second

    async def act(kind: str, method: str, template: str, body: Any = None, *ids: object, **more: str) -> Any:
        return await day.act(kind, method, own + template, body, *ids, **doer, **more)

    lines = [{"sku_id": sku}]
    await act("made", "POST", "/quotes", {"lines": [{"sku_id": sku, "quantity": 1}]})
    hand, company = "/buyers/{buyer_id:str}", buyer.organisation
    await day.act("made", "POST", f"{hand}/quotes", {"lines": [{"sku_id": sku, "quantity": 1}]}, company)
    known = (await mall.owner.get(f"/buyers/{company}"))["version"]
    await act("changed", "PUT", "/business", {"business": "topup_dealer", "version": known})
    by_hand = {"client_order_no": "hand-1", "lines": lines}
    await day.act("made", "POST", f"{hand}/orders", by_hand, company)
    for_him = {"sku_id": asks, "text": "13900007777"}
    await day.act("made", "POST", f"{hand}/paste", for_him, company, Idempotency_Key="for-him")
    order = await act("made", "POST", "/orders", {"client_order_no": "own-1", "lines": lines})
    await act("made", "POST", "/orders/batch", {"orders": [{"client_order_no": "own-2", "lines": lines}]})
    one = "/orders/{order_id:str}"
    seen, why = f"{one}/lines/{{line_no:int}}/codes/{{position:int}}/reveal", {"reason": "核对"}
    await act("made", "POST", seen, why, order["id"], 1, 1)
    phone = [{"sku_id": asks, "fields": {"account": "13900005555"}}]
    waits = await act("made", "POST", "/orders", {"client_order_no": "own-3", "lines": phone})
    await act("changed", "POST", f"{one}/cancel", {"reason": "不要了"}, waits["id"])
    pasted = {"sku_id": asks, "text": "13900006666"}
    await act("made", "POST", "/paste", pasted, Idempotency_Key="paste")
    text = "client_order_no,sku,quantity\n" + "".join(f"y{n},{sku},1\n" for n in range(3_000))
    sheet = await act("made", "POST", "/order-files?file_name=own.csv", text.encode(), Idempotency_Key="file")
    day.done.add(("POST", f"{own}/order-files"))
    await act("changed", "POST", "/order-files/{sheet_id:str}/cancel", None, sheet["id"])
    await fix_of(day, mall, act, me, book, price)

    key = await act("made", "POST", "/keys", {"name": "own", "scopes": ["orders:read"]})
    allowed = {"ip_allow": ["203.0.113.0/24"], "version": 1}
    await act("changed", "PATCH", "/keys/{key_id:str}", allowed, key["id"])
    await act("changed", "POST", "/keys/{key_id:str}/rotate", {"overlap_s": 60}, key["id"])
    await act("changed", "POST", "/keys/{key_id:str}/revoke", None, key["id"])
    added = {"email": "own@example.com", "name": "叶", "password": PASSWORD, "role": "distributor"}
    colleague = await act("made", "POST", "/people", added)
    await act("changed", "PUT", "/people/{person_id:str}/role", {"role": "enterprise"}, colleague["id"])
    await act("changed", "PATCH", "/people/{person_id:str}", {"status": "suspended"}, colleague["id"])
    told = await act("made", "PUT", "/price-subscriptions", {"threshold_bp": 200})
    await act("gone", "DELETE", "/price-subscriptions/{subscription_id:str}", None, told["id"])
    await hooks_of(act, me)
    stopped = await resend_to_stop(mall, int((await me.get("/me"))["person"]["id"]))
    await act("changed", "POST", "/webhook-resends/{job_id:str}/cancel", None, stopped)
    return ["13900005555", "13900006666", "13900007777", "13900008888"]


async def fix_of(day: Day, mall: Mall, act: Any, me: Person, book: str, price: dict[str, Any]) -> None:
    """A top-up to a wrong account, which the buyer's own person corrects."""
    sku = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.owner.post("/prices", {"book_id": book, "prices": [price | {"sku_id": sku}]})
    async with seller(mall, "lansexiongdi", place=3, price_e4=50_000, name="own") as made:
        made.shop.wrong_accounts.add("13900007777")
        field = next(iter(made.shop.articles[TOPUP].fields))
        await made.offer(sku, TOPUP, field_map={"account": field})
        await asyncio.sleep(1)
        wrong = [{"sku_id": sku, "fields": {"account": "13900007777"}}]
        order = await me.post("/own/orders", {"client_order_no": "own-4", "lines": wrong})

        async def asked() -> bool:
            return "fix" in (await me.get(f"/own/orders/{order['id']}"))["lines"][0]

        await until(asked)
        path, better = (
            "/orders/{order_id:str}/lines/{line_no:int}/fields",
            {"fields": {"account": "13900008888"}},
        )
        await act("changed", "POST", path, better, order["id"], 1, Idempotency_Key="own-fix")


async def resend_to_stop(mall: Mall, person: int) -> int:
    """A resend that he asked for and that nobody has begun."""
    env, id_ = mall.world.env, mall.world.mall
    async with env.db.transaction(id_) as tx:
        return await jobs.defer(
            tx, env, id_, notify.RESEND_JOB, {}, by=f"person:{person}", after=timedelta(hours=1)
        )


async def hooks_of(act: Any, me: Person) -> None:
    """An endpoint through all its states."""
    hooks = "/webhook-endpoints/{endpoint_id:str}"
    endpoint = await act("made", "POST", "/webhook-endpoints", {"url": "https://example.com/own"})
    its = endpoint["endpoint"]["id"]
    await act("changed", "PATCH", hooks, {"events": ["order.delivered"]}, its)
    await act("changed", "POST", f"{hooks}/rotate", {"overlap_s": 60}, its)
    await act("changed", "POST", f"{hooks}/pause", None, its)
    await act("made", "POST", f"{hooks}/test", None, its)
    await act("changed", "POST", f"{hooks}/disable", None, its)
    dead = (await me.get("/own/webhook-deliveries", endpoint_id=its, status="dead"))["items"]
    await act("changed", "POST", f"{hooks}/resume", None, its)
    await act("made", "POST", "/webhook-deliveries/replay", {"delivery_ids": [d["id"] for d in dead]})
    await act("made", "POST", "/webhook-resends", {"endpoint_id": its})


async def bulk_of(day: Day, mall: Mall, book: str) -> None:
    """A sheet of prices with a faulty row, mended, committed and undone; one given up; an act on two SKUs; codes that go out."""
    act, owner, at = day.act, mall.owner, "/uploads/{upload_id:str}"
    skus = [await mall.sku(), await mall.sku()]
    file = f"sku_id,价格\n{skus[0]},8\n{skus[1]},x\n".encode()
    query = "?kind=prices&file_name=p.csv"
    told = {"Content_Type": "text/csv"}
    upload = await act("made", "POST", f"/uploads{query}", file, **told)
    roles = ["sku_id", f"book:{book}"]
    await act("changed", "PUT", f"{at}/columns", {"roles": roles, "options": {"source": "表"}}, upload["id"])
    await act("made", "PATCH", f"{at}/rows", {"rows": [{"line": 3, "cells": [skus[1], "9"]}]}, upload["id"])
    checked = await owner.post(f"/uploads/{upload['id']}/check")
    asked = {"revision": checked["revision"], "mode": "all"}
    begun = await act("changed", "POST", f"{at}/commit", asked, upload["id"])
    await ended(mall, begun["job_id"])
    await act("changed", "POST", f"{at}/undo", None, upload["id"])
    spare = await act("made", "POST", f"/uploads{query}", file, **told)
    await act("changed", "DELETE", at, None, spare["id"])

    many = {"subjects": [{"id": s} for s in skus]}
    begun = await act("made", "POST", "/skus/bulk", many | {"action": "delist"})
    await ended(mall, begun["job_id"])
    batches = [(await mall.upload(skus[0], [f"BULK-{skus[0]}-{n}"]))["batches"][0] for n in range(2)]
    many = {"subjects": [{"id": b} for b in batches], "args": {"reason": "核对"}}
    begun = await act("made", "POST", "/batches/bulk", many | {"action": "freeze"})
    await ended(mall, begun["job_id"])
    buyer = await mall.buyer("0", name="批量")
    many = {"subjects": [{"id": str(buyer.organisation)}], "action": "suspend"}
    await ended(mall, (await act("made", "POST", "/buyers/bulk", many))["job_id"])

    # In clear they wait for somebody else.
    waits = await act(
        "made", "POST", "/exports", {"list": "codes", "format": "zip", "filter": {"batch_id": batches}}
    )
    finance = await mall.sign_in("finance")
    asked = (await finance.get(f"/approvals/{waits['approval_id']}"))["approval"]
    await finance.post(f"/approvals/{asked['id']}/decide", {"approve": True, "seal": asked["seal"]})
    made = (await owner.get("/exports"))["items"][0]
    await ended(mall, made["job_id"])
    await act("made", "POST", "/exports/{export_id:str}/password", None, made["id"])
    await act("made", "POST", "/exports/{export_id:str}/fetch", None, made["id"])


async def bulk_orders_of(day: Day, mall: Mall, shopper: Any, sku: str) -> None:
    """Two orders by hand: one is cancelled, the other's line taken and given back, each as an act on many."""
    act, owner = day.act, mall.owner
    orders = [await mall.order(shopper, sku) for _ in range(2)]
    many = {"subjects": [{"id": orders[0]["id"]}], "action": "cancel", "args": {"reason": "客户要求"}}
    await ended(mall, (await act("made", "POST", "/orders/bulk", many))["job_id"])
    line = {"id": orders[1]["id"], "line_no": orders[1]["lines"][0].get("line_no", 1)}
    await owner.post("/".join(("/work", line["id"], str(line["line_no"]), "claim")), {})
    many = {"subjects": [line], "action": "give_back"}
    await ended(mall, (await act("made", "POST", "/".join(("/work", "bulk")), many))["job_id"])


async def sandbox_of(day: Day, mall: Mall, buyer: Buyer) -> None:
    """The mall's sandbox: entered and left, brought up to it, given play money, set back; a call of the log is sent to it."""
    world = mall.world
    await tenancy.found_shadow(world.admin_dsn, world.env.ids, world.mall, world.env.clock())
    await day.act("made", "PUT", "/me/mode", {"mode": "test"})
    await day.act("made", "PUT", "/me/mode", {"mode": "live"})
    await day.act("made", "POST", "/sandbox/sync")
    money = {"buyer_id": str(buyer.organisation), "amount": yuan("5"), "reference": "day"}
    await day.act("made", "POST", "/sandbox/top-ups", money)
    await day.act("made", "POST", "/sandbox/reset")
    await mall.server.call(buyer, "GET", "/v1/orders/1")

    async def logged() -> Any:
        return (await mall.owner.get("/calls", code="order_not_found"))["items"]

    [call, *_] = await until(logged)
    again = "/calls/{call_id:str}/replay"
    await day.act("made", "POST", again, {"body": None}, call["id"])
    me = await shopper(mall, buyer)
    who = int((await me.get("/me"))["person"]["id"])
    await day.act("made", "POST", f"/own{again}", {"body": None}, call["id"], by=me, person=who)
