"""DIS05 roles and members 角色与成员. A mall makes a role of its own, nobody puts more into it than he has or gives it to himself, what
is taken from it is gone with the very next call; people join by a link that works once.

    make test T=tests/journeys/test_dis05_roles.py
"""

import asyncio
import time
from typing import Any

import pytest

from make.company import DEPARTMENTS, REQUESTS, colleague, company
from make.journey import Mall, Person, sign_in
from make.tenancy import PASSWORD
from make.trade import travel, twin
from world import Answer

CLERK = {"kind": "mall", "zh": "夜班", "en": "Night shift", "permissions": ["orders.read", "jobs.read"]}


async def joined(mall: Mall, role: str, email: str = "he@example.com", organisation: str = "") -> Person:
    """By a link."""
    own = organisation or str(mall.world.founded.organisation_id)
    asked = {"organisation_id": own, "email": email, "role": role}
    invited = await mall.owner.post("/invitations", asked)
    answer = await accept(mall, invited["token"])
    assert answer.status == 200, answer.body
    return await sign_in(mall.server, mall.world.slug, email)


async def accept(mall: Mall, token: str, password: str = PASSWORD) -> Answer:
    """As somebody who is nobody yet."""
    nobody = Person(mall.server, "")
    return await nobody.call("POST", "/join", {"token": token, "name": "何青", "password": password})


async def test_a_role_of_ones_own_holds_and_ends_at_once(mall: Mall) -> None:
    role = await mall.owner.post("/roles", CLERK)
    clerk = await joined(mall, role["name"])
    me = await clerk.get("/me")
    assert (me["role"], me["permissions"]) == (role["name"], ["jobs.read", "orders.read"])
    await clerk.get("/orders")
    assert await clerk.refused("GET", "/buyers") == (403, "forbidden")

    [listed] = [r for r in await mall.owner.get("/roles") if r["id"]]
    assert (listed["held"], listed["organisation_kinds"], listed["zh"]) == (1, ["mall"], "夜班")
    narrower = CLERK | {"permissions": ["jobs.read"], "version": 1}
    edited = await mall.owner.put(f"/roles/{role['id']}", narrower)
    changed_at = time.monotonic()
    assert await clerk.refused("GET", "/orders") == (403, "forbidden")
    assert time.monotonic() - changed_at < 1
    stale = await mall.owner.refused("PUT", f"/roles/{role['id']}", narrower)
    assert (stale, edited["version"]) == ((409, "conflict"), 2)

    assert await mall.owner.refused("DELETE", f"/roles/{role['id']}") == (409, "role_held")
    at = f"/organisations/{mall.world.founded.organisation_id}/people/{me['person']['id']}"
    await mall.owner.put(f"{at}/role", {"role": None})
    assert (await clerk.call("GET", "/me")).status == 401  # a member no more
    await mall.owner.delete(f"/roles/{role['id']}")


async def test_nobody_grants_what_he_has_not_or_helps_himself(mall: Mall) -> None:
    keeper = CLERK | {"permissions": ["people.read", "people.write", "orders.read"]}
    role = await mall.owner.post("/roles", keeper)
    person = await joined(mall, role["name"])
    me = (await person.get("/me"))["person"]["id"]
    wider = CLERK | {"permissions": ["orders.read", "ledger.adjust"]}
    assert await person.refused("POST", "/roles", wider) == (403, "forbidden")
    theirs = await mall.owner.post("/roles", wider)
    edit = CLERK | {"permissions": ["orders.read"], "version": 1}
    # Neither one that can do more than he, nor the one he holds.
    assert await person.refused("PUT", f"/roles/{theirs['id']}", edit) == (403, "forbidden")
    assert await person.refused("DELETE", f"/roles/{theirs['id']}") == (403, "forbidden")
    assert await person.refused("PUT", f"/roles/{role['id']}", edit) == (409, "own_role")
    mine = await person.post("/roles", CLERK | {"permissions": ["orders.read"]})
    at = f"/organisations/{mall.world.founded.organisation_id}/people/{me}/role"
    assert await person.refused("PUT", at, {"role": mine["name"]}) == (409, "own_role")
    assert await person.refused("PUT", at, {"role": "owner"}) == (403, "forbidden")
    asked = {"organisation_id": str(mall.world.founded.organisation_id), "email": "b@example.com"}
    assert await person.refused("POST", "/invitations", asked | {"role": theirs["name"]}) == (
        403,
        "forbidden",
    )
    # A partner's right is no right of the staff, and the other way round.
    for kind, permission in (
        ("mall", "own.orders.read"),
        ("buyer", "orders.read"),
        ("supplier", "own.codes.read"),
    ):
        draft = CLERK | {"kind": kind, "permissions": [permission]}
        assert await mall.owner.refused("POST", "/roles", draft) == (422, "invalid_request")
    for name in ("own:1", "own:x", "nobody"):
        assert await mall.owner.refused("PUT", at, {"role": name}) == (409, "role_does_not_fit")


async def test_a_buyers_own_role_stays_in_his_company(mall: Mall) -> None:
    buyer = await mall.buyer("10")
    draft = {"kind": "buyer", "zh": "看单", "en": "Watcher", "permissions": ["own.orders.read"]}
    role = await mall.owner.post("/roles", draft)
    own = str(mall.world.founded.organisation_id)
    wrong = {"organisation_id": own, "email": "w@example.com", "role": role["name"]}
    assert await mall.owner.refused("POST", "/invitations", wrong) == (409, "role_does_not_fit")
    watcher = await joined(mall, role["name"], "w@example.com", str(buyer.organisation))
    await watcher.get("/orders")
    assert await watcher.refused("GET", "/people") == (403, "forbidden")
    assert [r["zh"] for r in await watcher.get("/roles") if r["id"]] == ["看单"]


async def test_a_leader_sees_his_own_team_alone(mall: Mall) -> None:
    of = await company(mall, market="50")
    sku = await mall.sku()
    await mall.price(sku, "10")
    sales = await of.open("销售部", "50")
    leader, seller = [await colleague(mall, of.buyer, "employee") for _ in range(2)]
    await of.put(sales, leader, head=True)
    await of.put(sales, seller)
    ours = await of.ask(of.member, sku)
    theirs = await of.ask(seller, sku, department_id=sales)

    for head, mine, team, other, foreign in (
        (of.head, of.market, ours, sales, theirs),
        (leader, sales, theirs, of.market, ours),
    ):
        assert [d["id"] for d in (await head.at.get(DEPARTMENTS))["items"]] == [mine]
        for whose in ("all", "to_decide"):
            seen = await head.at.get(f"{REQUESTS}?whose={whose}")
            assert ([r["id"] for r in seen["items"]], seen["to_decide"]) == ([team["id"]], 1), whose
        assert (await head.at.get(f"{REQUESTS}?department_id={other}"))["items"] == []
        assert (await head.at.get(f"{DEPARTMENTS}/{mine}"))["members"]
        assert (await head.at.get(f"{DEPARTMENTS}/{mine}/transfers"))["items"]
        for path in (
            f"{DEPARTMENTS}/{other}",
            f"{DEPARTMENTS}/{other}/transfers",
            f"{REQUESTS}/{foreign['id']}",
        ):
            assert (await head.at.refused("GET", path))[0] == 404, path
        path, told = f"{REQUESTS}/{foreign['id']}/decide", {"approve": True, "max_amount": foreign["amount"]}
        assert (await head.at.refused("POST", path, told))[0] == 404

    # Who is moved to another team sees that one from the next call on, and nothing of what he led.
    await of.manager.at.delete(f"{DEPARTMENTS}/{of.market}/members/{of.head.id}")
    await of.put(sales, of.head)
    assert [d["id"] for d in (await of.head.at.get(DEPARTMENTS))["items"]] == [sales]
    assert (await of.head.at.get(REQUESTS))["items"] == []
    assert await of.head.at.refused("GET", f"{REQUESTS}/{ours['id']}") == (404, "not_found")


async def test_wider_rights_need_a_second_person_if_the_mall_says_so(mall: Mall) -> None:
    finance = await mall.sign_in("finance")
    role = await mall.owner.post("/roles", CLERK)
    await mall.owner.put("/approval-rules/tenancy.widen_role", {"mode": "always"})
    narrower = CLERK | {"permissions": ["jobs.read"], "version": 1}
    await mall.owner.put(f"/roles/{role['id']}", narrower)
    wider = CLERK | {"permissions": ["jobs.read", "stock.reveal"], "version": 2, "reason": "夜间补发"}
    answer = await mall.owner.call("PUT", f"/roles/{role['id']}", wider)
    assert answer.status == 202
    asked = (await finance.get(f"/approvals/{answer.json['approval_id']}"))["approval"]
    assert (asked["count"], asked["unit"]) == (1, "rights")
    assert set(asked["after"]["permissions"]) - set(asked["before"]["permissions"]) == {"stock.reveal"}
    told = {"approve": True, "seal": asked["seal"]}
    assert (await finance.post(f"/approvals/{asked['id']}/decide", told))["status"] == "approved"
    [listed] = [r for r in await mall.owner.get("/roles") if r["id"]]
    assert listed["permissions"] == ["jobs.read", "stock.reveal"]


async def test_a_link_works_once_for_one_address_and_not_for_ever(mall: Mall) -> None:
    own = str(mall.world.founded.organisation_id)
    asked = {"organisation_id": own, "email": "Lin@Example.com ", "role": "support"}
    first = await mall.owner.post("/invitations", asked)
    second = await mall.owner.post("/invitations", asked)
    listed = (await mall.owner.get("/invitations"))["items"]
    assert [(i["status"], i["token"]) for i in listed] == [("open", None), ("revoked", None)]
    nobody = Person(mall.server, "")
    assert await nobody.refused("POST", "/join/look", {"token": first["token"]}) == (409, "invitation_void")
    shown = await nobody.post("/join/look", {"token": second["token"]})
    assert (shown["email"], shown["role"], shown["known"]) == ("lin@example.com", "support", False)
    short = await accept(mall, second["token"], "short")
    assert (short.status, short.json["fields"][0]["path"]) == (422, "password")
    answers = await asyncio.gather(*(accept(mall, second["token"]) for _ in range(5)))
    assert sorted(a.status for a in answers) == [200, 409, 409, 409, 409]
    assert (await (await sign_in(mall.server, mall.world.slug, "lin@example.com")).get("/me"))[
        "role"
    ] == "support"
    assert await mall.owner.refused("POST", "/invitations", asked) == (409, "already_member")
    found = await mall.rows(
        "select token_hash::text from tenancy.invitation where mall_id = %s", (mall.world.mall,)
    )
    assert second["token"] not in str(found)
    support = await mall.sign_in("support")
    assert await support.refused("POST", "/invitations", asked) == (403, "forbidden")


async def test_who_is_known_joins_by_his_own_password(mall: Mall) -> None:
    buyer = await mall.buyer("10")
    asked = {"organisation_id": str(buyer.organisation), "email": "owner@example.com", "role": "distributor"}
    token = (await mall.owner.post("/invitations", asked))["token"]
    assert (await Person(mall.server, "").post("/join/look", {"token": token}))["known"]
    for _ in range(5):
        wrong = await accept(mall, token, "not the password")
        assert (wrong.status, wrong.json["code"]) == (401, "wrong_credentials")
    limited = await accept(mall, token, PASSWORD)
    assert (limited.status, limited.json["code"]) == (429, "too_many_attempts")


@pytest.mark.parametrize("days", [2, 4])
async def test_three_days(installation: Any, days: int) -> None:
    mall = await twin(installation)
    asked = {"organisation_id": str(mall.world.founded.organisation_id), "email": "l@example.com"}
    token = (await mall.owner.post("/invitations", asked | {"role": "support"}))["token"]
    await travel(mall, days=days)
    assert (await accept(mall, token)).status == (200 if days < 3 else 409)
