"""MON04 sub-accounts and department budgets 子账户与部门预算. A department with nothing left buys nothing though its company has
funds; what moves between them is one transfer with two sides; fifty orders at once for money that covers ten are ten. A member
asks, a second person of the company approves, and that is one order of the department, also when the server is killed between.

    make test T=tests/journeys/test_mon04.py
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from make.company import DEPARTMENTS, REQUESTS, Company, anew, colleague, company
from make.journey import Installation, Mall, cards, yuan
from make.trade import travel, twin, until


async def goods(mall: Mall, count: int = 60, price: str = "10") -> str:
    sku = await mall.sku()
    await mall.upload(sku, cards(count))
    await mall.price(sku, price)
    return sku


async def clean(mall: Mall) -> None:
    assert (await mall.commissary("check", "--json")).json["status"] == "clean"
    home = (mall.world.home,)
    [[total]] = await mall.rows("select sum(balance_e4)::bigint from ledger.account where home_id = %s", home)
    assert total == 0


async def orders_of(mall: Mall, of: Company) -> list[Any]:
    found = await mall.rows(
        "select client_order_no, account_id from orders.orders where home_id = %s and buyer_id = %s",
        (mall.world.home, of.buyer.organisation),
    )
    return [tuple(r) for r in found]


async def test_a_department_spends_what_it_has_and_nothing_else(mall: Mall) -> None:
    sku, of = await goods(mall), await company(mall, "1000", "0")
    program = await of.key(of.market)
    answer = await mall.ask(program, (sku, 1))
    assert (answer.status, answer.json["code"]) == (409, "insufficient_balance")
    assert (await mall.balance(of.buyer))["available"] == yuan("1000.0000")

    await of.move(of.market, "100", key="m1")
    again = await of.move(of.market, "100", key="m1")
    assert again["repeated"] is True
    other = {"direction": "to_department", "amount": yuan("99")}
    path = f"{DEPARTMENTS}/{of.market}/budget-moves"
    refused = await of.manager.at.call("POST", path, other, headers={"Idempotency-Key": "m1"})
    assert (refused.status, refused.json["code"]) == (409, "reference_used")

    # Both histories show the one transfer, and it is one row.
    theirs = (await of.manager.at.get(f"{DEPARTMENTS}/{of.market}/transfers"))["items"]
    ours = (await mall.owner.get(f"/accounts/{of.buyer.account}/transfers"))["items"]
    assert [(t["kind"], t["amount"]) for t in theirs] == [("allotment", yuan("100.0000"))]
    assert (ours[0]["id"], ours[0]["amount"]) == (theirs[0]["id"], yuan("-100.0000"))

    # Fifty at once, money for ten.
    answers = await asyncio.gather(*(mall.ask(program, (sku, 1)) for _ in range(50)))
    assert sorted(a.status for a in answers) == [200] * 10 + [409] * 40
    assert {a.json["code"] for a in answers if a.status == 409} == {"insufficient_balance"}
    assert await of.left(of.market) == "0.0000"
    assert (await mall.balance(of.buyer))["available"] == yuan("900.0000")
    [shown] = (await of.manager.at.get(DEPARTMENTS))["items"]
    assert shown["spent"] == yuan("100.0000")

    # Who buys for the company is charged by his department, once he belongs to one.
    lines = {"client_order_no": "by-hand", "lines": [{"sku_id": sku}]}
    await of.put(of.market, of.manager)
    assert await of.manager.at.refused("POST", "/own/orders", lines) == (409, "insufficient_balance")
    await of.manager.at.delete(f"{DEPARTMENTS}/{of.market}/members/{of.manager.id}")
    assert (await of.manager.at.post("/own/orders", lines))["status"] == "delivered"
    assert (await mall.balance(of.buyer))["available"] == yuan("890.0000")
    await clean(mall)


async def test_money_goes_back_and_a_closed_department_buys_nothing(mall: Mall) -> None:
    sku, of = await goods(mall), await company(mall, "1000", "80")
    program = await of.key(of.market)
    await of.move(of.market, "30", "to_company")
    too_much = {"direction": "to_company", "amount": yuan("50.01")}
    path = f"{DEPARTMENTS}/{of.market}/budget-moves"
    answer = await of.manager.at.call("POST", path, too_much, headers={"Idempotency-Key": "x"})
    assert (answer.status, answer.json["code"]) == (409, "insufficient_balance")

    # Money that is promised stays until it is clear what becomes of it, and comes back by itself.
    topup = await mall.sku("topup", instrument_class="direct_topup")
    await mall.price(topup, "20")
    waiting = await mall.order(program, topup)
    closed = await of.manager.at.post(f"{DEPARTMENTS}/{of.market}/close")
    assert (closed["status"], closed["available"], closed["held"]) == (
        "closed",
        yuan("0.0000"),
        yuan("20.0000"),
    )
    assert (await mall.balance(of.buyer))["available"] == yuan("980.0000")
    answer = await mall.ask(program, (sku, 1))
    assert (answer.status, answer.json["code"]) == (409, "account_locked")
    assert await of.manager.at.refused("POST", f"{DEPARTMENTS}/{of.market}/close") == (
        409,
        "department_closed",
    )
    await mall.owner.post(f"/orders/{waiting['id']}/cancel", {"reason": "不要了"})

    async def back() -> bool:
        return bool((await mall.balance(of.buyer))["available"] == yuan("1000.0000"))

    await until(back, 60, 0.5)
    await clean(mall)


async def test_a_budget_comes_at_the_months_turn_and_the_rest_goes_back(
    installation: Installation,
) -> None:
    mall = await twin(installation)
    of = await company(mall, "150", "0")
    await of.manager.at.patch(
        f"{DEPARTMENTS}/{of.market}", {"month_budget": yuan("100"), "returns_rest": True}
    )
    second = await of.open("行政部", month_budget=yuan("100"))

    async def given(first: str, other: str) -> bool:
        return (await of.left(of.market), await of.left(second)) == (first, other)

    # The company has 150: never more than it has.
    await until(lambda: given("100.0000", "50.0000"), 90, 0.5)
    now = datetime.now(UTC)
    later = (now.replace(day=1) + timedelta(days=33)).replace(day=3) - now
    await travel(mall, seconds=later.total_seconds())
    of = await anew(of)
    # What was left went back and came again; the other keeps its rest, and there is no more.
    await asyncio.sleep(1)

    async def turned() -> bool:
        found = (await of.manager.at.get(f"{DEPARTMENTS}/{of.market}/transfers"))["items"]
        return [t["amount"]["amount"] for t in found] == ["100.0000", "-100.0000", "100.0000"]

    await until(turned, 90, 0.5)
    assert await given("100.0000", "50.0000")
    await clean(mall)


async def test_a_request_is_one_order_by_a_second_persons_word(mall: Mall) -> None:
    sku, of = (
        await goods(mall),
        await company(mall, "1000", "100", order_limit=yuan("15"), month_limit=yuan("20")),
    )
    # Alone up to 15 an order and 20 a month, however many come at once.
    many = await asyncio.gather(*(of.ask(of.member, sku) for _ in range(5)))
    assert sorted(r["status"] for r in many) == ["asked"] * 3 + ["placed"] * 2
    for waiting in (r for r in many if r["status"] == "asked"):
        await of.member.at.post(f"{REQUESTS}/{waiting['id']}/withdraw")
    assert await of.left(of.market) == "80.0000"

    people = [{"name": "白露", "contact": "13812340000"}]
    told = {"request_no": "spring", "reason": "春季客户答谢", "recipients": people, "max_amount": yuan("45")}
    request = await of.ask(of.member, sku, 4, **told)
    assert (request["status"], request["amount"], request["may_decide"]) == ("asked", yuan("40.0000"), False)
    assert (await of.ask(of.member, sku, 4, **told))["id"] == request["id"]
    at, yes = f"{REQUESTS}/{request['id']}", {"approve": True, "max_amount": yuan("45")}
    assert await of.member.at.refused("POST", f"{at}/decide", yes) == (403, "own_request")
    seen = {"approve": True, "max_amount": yuan("44")}
    assert await of.head.at.refused("POST", f"{at}/decide", seen) == (409, "amount_moved")
    assert (await of.head.at.get(REQUESTS))["to_decide"] == 1
    assert (await of.head.at.get(at))["recipients"] == people

    answers = await asyncio.gather(
        *(who.at.call("POST", f"{at}/decide", yes) for who in (of.head, of.manager) * 3)
    )
    assert sorted(a.status for a in answers) == [200] + [409] * 5
    assert {a.json["code"] for a in answers if a.status == 409} == {"request_decided"}
    done = await of.member.at.get(at)
    assert (done["status"], done["comment"]) == ("placed", "")
    [wallet] = await mall.rows(
        "select account_id from partners.department where mall_id = %s and id = %s",
        (mall.world.mall, of.market),
    )
    placed = [o for o in await orders_of(mall, of) if o[0] == done["client_order_no"]]
    assert placed == [(done["client_order_no"], wallet[0])]
    assert await of.left(of.market) == "40.0000"

    # A head's own is another's matter, and what nobody has money for fails as an order does.
    own = await of.ask(of.head, sku, 5)
    told = {"approve": True, "max_amount": own["max_amount"]}
    path = f"{REQUESTS}/{own['id']}/decide"
    assert await of.head.at.refused("POST", path, told) == (403, "own_request")
    assert await of.member.at.refused("POST", path, told) == (403, "not_the_approver")
    failed = await of.manager.at.post(path, told)
    assert (failed["status"], failed["failure"]) == ("failed", "insufficient_balance")
    assert (await mall.balance(of.buyer))["available"] == yuan("900.0000")

    # Personal data is not in the database in clear.
    dumped = await mall.rows("select r::text from requests.request r where home_id = %s", (mall.world.home,))
    assert "13812340000" not in str(dumped)
    assert b"13812340000".hex() not in str(dumped)
    await clean(mall)


async def test_a_price_that_rose_above_what_was_asked_is_asked_again(mall: Mall) -> None:
    sku, of = await goods(mall), await company(mall)
    kept = await of.ask(of.member, sku, 2, max_amount=yuan("25"))
    above = await of.ask(of.member, sku, 2)
    await mall.price(sku, "12")
    await asyncio.sleep(1)  # every process has read it within a second
    done = await of.head.at.post(
        f"{REQUESTS}/{kept['id']}/decide", {"approve": True, "max_amount": yuan("25")}
    )
    assert (done["status"], done["amount"]) == ("placed", yuan("24.0000"))
    path = f"{REQUESTS}/{above['id']}/decide"
    seen = {"approve": True, "max_amount": yuan("20")}
    assert await of.head.at.refused("POST", path, seen) == (409, "amount_moved")
    again = await of.head.at.get(f"{REQUESTS}/{above['id']}")
    assert (again["status"], again["max_amount"]) == ("asked", yuan("24.0000"))
    done = await of.head.at.post(path, {"approve": True, "max_amount": yuan("24")})
    assert done["status"] == "placed"
    assert await of.left(of.market) == "52.0000"


@pytest.mark.parametrize("cut", ["before the order", "after the order"])
async def test_killed_between_approval_and_order_it_is_ordered_once(mall: Mall, cut: str) -> None:
    sku, of = await goods(mall), await company(mall)
    request = await of.ask(of.member, sku, 3)
    at = f"{REQUESTS}/{request['id']}"
    wallet = """select 1 from ledger.account a join partners.department d on d.account_id = a.id
                where d.id = %s for update of a"""
    dsn = mall.world.admin_dsn
    async with (
        await psycopg.AsyncConnection.connect(dsn) as tx,
        await psycopg.AsyncConnection.connect(dsn) as second,
    ):
        await tx.execute(wallet, (of.market,))  # the lane waits for it

        async def approve() -> None:
            yes = {"approve": True, "max_amount": request["max_amount"]}
            await of.head.at.call("POST", f"{at}/decide", yes)

        doing = asyncio.create_task(approve())

        async def approved() -> bool:
            found = await mall.rows("select state from requests.request where id = %s", (request["id"],))
            return bool(found[0][0] == "approved")

        await until(approved, 20, 0.005)
        assert await orders_of(mall, of) == []
        if cut == "after the order":
            # It is placed, but what became of the request cannot be written.
            await second.execute("select 1 from requests.request where id = %s for update", (request["id"],))
            await tx.rollback()

            async def ordered() -> bool:
                return len(await orders_of(mall, of)) == 1

            await until(ordered, 20, 0.01)
            assert await approved()
        await mall.server.kill()
        await asyncio.gather(doing, return_exceptions=True)
    await mall.server.start()

    async def placed() -> bool:
        return bool((await of.member.at.get(at))["status"] == "placed")

    await until(placed, 60, 0.3)
    assert [no for no, _ in await orders_of(mall, of)] == [f"request-{request['id']}"]
    assert await of.left(of.market) == "70.0000"
    await clean(mall)


async def test_nothing_of_another_company_is_seen_or_touched(mall: Mall) -> None:
    sku, ours, theirs = await goods(mall), await company(mall), await company(mall)
    foreign = await theirs.ask(theirs.member, sku, 2)
    period = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-02-01T00:00:00Z"}
    there = f"{DEPARTMENTS}/{theirs.market}"
    statement = await theirs.manager.at.post(f"{there}/statements", period)
    mine = await ours.manager.at.post(f"{DEPARTMENTS}/{ours.market}/statements", period)
    exported = await ours.manager.at.get(f"{DEPARTMENTS}/{ours.market}/statements/{mine['id']}/export")
    assert b"opening" in exported
    move = {"direction": "to_company", "amount": yuan("1")}
    key = {"name": "k", "scopes": ["orders:write"]}
    tried: list[tuple[str, str, Any]] = [
        ("GET", there, None),
        ("PATCH", there, {"name": "x"}),
        ("POST", f"{there}/close", None),
        ("POST", f"{there}/budget-moves", move),
        ("PUT", f"{there}/members/{ours.member.id}", {}),
        ("PUT", f"{DEPARTMENTS}/{ours.market}/members/{theirs.member.id}", {}),
        ("DELETE", f"{there}/members/{theirs.member.id}", None),
        ("POST", f"{there}/keys", key),
        ("GET", f"{there}/transfers", None),
        ("GET", f"{there}/statements", None),
        ("POST", f"{there}/statements", period),
        ("GET", f"{DEPARTMENTS}/{ours.market}/statements/{statement['id']}/export", None),
        ("GET", f"{REQUESTS}/{foreign['id']}", None),
        ("POST", f"{REQUESTS}/{foreign['id']}/decide", {"approve": False}),
        ("POST", f"{REQUESTS}/{foreign['id']}/withdraw", None),
        (
            "POST",
            REQUESTS,
            {"request_no": "f", "department_id": theirs.market, "lines": [{"sku_id": sku}]},
        ),
    ]
    before = await mall.rows("select md5(string_agg(d::text, '' order by id)) from partners.department d")
    for method, path, body in tried:
        answer = await ours.manager.at.call(method, path, body, headers={"Idempotency-Key": "steal"})
        assert answer.status == 404, (method, path, answer.body)
    assert (
        await mall.rows("select md5(string_agg(d::text, '' order by id)) from partners.department d")
        == before
    )
    assert (await theirs.member.at.get(f"{REQUESTS}/{foreign['id']}"))["status"] == "asked"
    assert await theirs.left(theirs.market) == "100.0000"
    assert [r["id"] for r in (await ours.manager.at.get(REQUESTS))["items"]] == []

    # A member neither manages nor looks into the wallet; a colleague of another department sees no request.
    for method, path, body in tried[:4] + tried[8:10]:
        own = path.replace(theirs.market, ours.market)
        answer = await ours.member.at.call(method, own, body, headers={"Idempotency-Key": "steal"})
        assert answer.status == 403, (method, own, answer.body)
    request = await ours.ask(ours.member, sku, 2)
    stranger = await colleague(mall, ours.buyer, "employee")
    assert await stranger.at.refused("GET", f"{REQUESTS}/{request['id']}") == (404, "not_found")
    asked = {"request_no": "s", "lines": [{"sku_id": sku}]}
    assert await stranger.at.refused("POST", REQUESTS, asked) == (409, "no_department")
    assert (await mall.owner.refused("GET", DEPARTMENTS))[0] == 403
