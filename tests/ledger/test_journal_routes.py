"""The books over HTTP: the journal with both sides, owners and their accounts, credit by age, the trial balance."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import httpx
import msgspec
import pytest

from commissary import ledger
from commissary.base import db
from commissary.ledger import rules
from commissary.ledger.routes import ROUTES
from commissary.ledger.types import Aged, TransferKind
from commissary.ledger.wire import KindOfTransfer
from make.http import served
from make.ledger import Till
from make.ledger import till as make_till
from make.tenancy import House

READS = (
    "/console/v1/journal",
    "/console/v1/journal/totals",
    "/console/v1/account-owners",
    "/console/v1/account-owners/totals",
    "/console/v1/credit-ageing",
    "/console/v1/credit-ageing/totals",
    "/console/v1/trial-balance",
)


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


async def buyer(till: Till, name: str, *, money: int = 0, credit: int = 0) -> tuple[int, int]:
    """(the company, its wallet)"""
    async with served(till.house, ROUTES) as mall:
        told: dict[str, Any] = {"name": name}
        if credit:
            told["credit"] = {"limit": yuan(str(credit)), "terms_days": 10}
        made = (await mall.post("/console/v1/buyers", json=told)).json()
        account = made["account"]["id"]
        if money:
            said = {"amount": yuan(str(money)), "reference": f"bank-{name}", "memo": "transfer"}
            answer = await mall.post(f"/console/v1/accounts/{account}/recharges", json=said)
            assert answer.status_code == 201, answer.text
    return int(made["id"]), int(account)


async def items(mall: httpx.AsyncClient, path: str, **query: Any) -> list[Any]:
    answer = await mall.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_the_journal_shows_both_sides_and_is_found_by_what_people_have(till: Till) -> None:
    company, wallet = await buyer(till, "Alpha", money=100)
    order = till.house.env.ids.new()
    sold = till.transfer(wallet, till.books.revenue_id, 30, order=order)
    await post(till, sold)
    async with served(till.house, ROUTES) as mall:
        sale, recharge = await items(mall, "/console/v1/journal")
        assert (sale["kind"], sale["order_id"], sale["amount"]) == ("sale", str(order), yuan("30.0000"))
        gave, got = sale["entries"]
        assert (gave["owner"], gave["owner_id"], gave["kind"]) == ("Alpha", str(company), "wallet")
        assert (gave["amount"], got["amount"]) == (yuan("-30.0000"), yuan("30.0000"))
        assert (got["kind"], got["owner_kind"]) == ("revenue", "mall")
        assert (recharge["reference"], recharge["memo"], recharge["reversed"]) == (
            "bank-Alpha",
            "transfer",
            None,
        )
        assert (await mall.get(f"/console/v1/journal/{sale['id']}")).json() == sale

        for query, found in [
            ({"account_id": wallet}, [sale, recharge]),
            ({"account_id": till.books.revenue_id}, [sale]),
            ({"order_id": order}, [sale]),
            ({"kind": "recharge"}, [recharge]),
            ({"kind": ["recharge", "sale"]}, [sale, recharge]),
            ({"kind": "adjustment"}, []),
            ({"q": "bank-Alpha"}, [recharge]),
            ({"q": "bank-Al"}, []),
            ({"q": sale["id"]}, [sale]),
            ({"q": str(order)}, [sale]),
            ({"sort": "at"}, [recharge, sale]),
            ({"at_from": till.now.isoformat()}, [sale, recharge]),
            ({"at_to": till.now.isoformat()}, []),
        ]:
            assert await items(mall, "/console/v1/journal", **query) == found, query
            sums = dict(query)
            sums.pop("sort", None)
            totals = (await mall.get("/console/v1/journal/totals", params=sums)).json()
            assert totals["total"] == len(found), query
        totals = (await mall.get("/console/v1/journal/totals")).json()
        assert totals["sums"] == {"moved": [yuan("130.0000")]}

        page = (await mall.get("/console/v1/journal", params={"size": 1})).json()
        rest = (await mall.get("/console/v1/journal", params={"size": 1, "cursor": page["next"]})).json()
        assert [page["items"], rest["items"], rest["next"]] == [[sale], [recharge], None]


async def test_a_balance_of_any_instant_is_what_was_posted_until_then(till: Till) -> None:
    _, wallet = await buyer(till, "Then", money=100)
    first = till.now
    till.house.clock.move(days=1)
    await till.pay(wallet, till.books.revenue_id, 30)
    async with served(till.house, ROUTES) as mall:
        url = f"/console/v1/accounts/{wallet}/balance"
        for at, amount in [
            (None, "70.0000"),
            (first, "100.0000"),
            (first - timedelta(seconds=1), "0.0000"),
            (till.now, "70.0000"),
        ]:
            asked = {"at": at.isoformat()} if at else {}
            assert (await mall.get(url, params=asked)).json()["balance"] == yuan(amount), at
        assert (await mall.get(url, params={"at": "yesterday"})).json()["code"] == "invalid_request"
        gone = await mall.get("/console/v1/accounts/77/balance")
        assert (gone.status_code, gone.json()["code"]) == (404, "no_such_account")


async def test_owners_stand_with_all_their_accounts(till: Till) -> None:
    rich, _ = await buyer(till, "Rich", money=500)
    poor, wallet = await buyer(till, "Poor", credit=80)
    await till.pay(wallet, till.books.revenue_id, 30)
    async with served(till.house, ROUTES) as mall:
        path = "/console/v1/account-owners"
        own, *_ = await items(mall, path, kind="mall")
        assert {a["account"]["kind"] for a in own["accounts"]} == {"revenue", "cash", "fees", "adjustment"}
        [found] = await items(mall, path, q="poo")
        [held] = found["accounts"]
        assert (held["used"], held["account"]["credit"]["terms_days"]) == (yuan("30.0000"), 10)
        assert held["account"]["available"] == yuan("50.0000")
        assert [o["id"] for o in await items(mall, path, owes=True)] == [str(poor)]
        assert await items(mall, path, locked=True) == []
        await mall.post(f"/console/v1/accounts/{wallet}/lock", json={"reason": "x"})
        assert [o["id"] for o in await items(mall, path, locked=True)] == [str(poor)]
        names = [o["name"] for o in await items(mall, path, kind="buyer", sort="-name")]
        assert names == ["Rich", "Poor"]
        totals = (await mall.get(f"{path}/totals", params={"kind": "buyer"})).json()
        assert totals["total"] == 2
        assert totals["sums"] == {
            "balance": [yuan("470.0000")],
            "held": [yuan("0.0000")],
            "credit_limit": [yuan("80.0000")],
            "used": [yuan("30.0000")],
        }
        page = (await mall.get(path, params={"size": 1, "sort": "name"})).json()
        rest = await items(mall, path, sort="name", cursor=page["next"])
        assert str(rich) in {o["id"] for o in rest}
        assert len(rest) == 2


async def test_credit_by_age_counts_each_part_of_a_debt_once(till: Till) -> None:
    """Two statements over one debt: the second one bills the first one's rest too."""
    _, wallet = await buyer(till, "Owes", credit=1_000)
    begin = datetime.combine(till.now.date(), datetime.min.time(), UTC)
    async with served(till.house, ROUTES) as mall:
        url = f"/console/v1/accounts/{wallet}"
        for n, amount in enumerate((100, 50)):
            await till.pay(wallet, till.books.revenue_id, amount)
            till.house.clock.move(days=30)
            made = await mall.post(
                f"{url}/statements",
                json={
                    "from_at": (begin + timedelta(days=30 * n)).isoformat(),
                    "to_at": (begin + timedelta(days=30 * n + 30)).isoformat(),
                },
            )
            assert made.status_code == 201, made.text
        await till.pay(wallet, till.books.revenue_id, 7)
        [found] = await items(mall, "/console/v1/credit-ageing")
        # The first was due on day 40 and it is day 60; the second is due on day 70.
        assert found["owed"] == yuan("157.0000")
        assert [found[n]["amount"] for n in ("unbilled", "not_due", "days_30", "days_60")] == [
            "7.0000",
            "50.0000",
            "100.0000",
            "0.0000",
        ]
        assert found["oldest_due_at"] == (begin + timedelta(days=40)).isoformat().replace("+00:00", "Z")
        said = {"amount": yuan("120"), "reference": "paid"}
        await mall.post(f"{url}/recharges", json=said)
        [found] = await items(mall, "/console/v1/credit-ageing")
        assert [found[n]["amount"] for n in ("owed", "unbilled", "not_due", "days_30")] == [
            "37.0000",
            "7.0000",
            "30.0000",
            "0.0000",
        ]
        assert await items(mall, "/console/v1/credit-ageing", overdue=True) == []
        till.house.clock.move(days=80)
        [late] = await items(mall, "/console/v1/credit-ageing", overdue=True, q="owe", sort="name")
        assert late["days_90"] == yuan("30.0000")
        totals = (await mall.get("/console/v1/credit-ageing/totals")).json()
        assert (totals["total"], totals["sums"]["owed"]) == (1, [yuan("37.0000")])


async def test_the_trial_balance_reads_zero_and_says_what_is_off_when_it_does_not(till: Till) -> None:
    _, wallet = await buyer(till, "Alpha", money=100)
    before = till.now
    till.house.clock.move(days=1)
    await till.pay(wallet, till.books.revenue_id, 30)
    path = "/console/v1/trial-balance"
    async with served(till.house, ROUTES) as mall:
        told = (await mall.get(path, params={"recount": True})).json()
        [book] = told["books"]
        assert (told["balanced"], told["off"], book["difference"]) == (True, [], yuan("0.0000"))
        assert (book["debit"], book["credit"]) == (yuan("100.0000"), yuan("100.0000"))
        lines = {line["kind"]: line for line in book["lines"]}
        assert lines["cash"]["debit"] == yuan("100.0000")
        assert (lines["wallet"]["credit"], lines["revenue"]["credit"]) == (yuan("70.0000"), yuan("30.0000"))
        then = (await mall.get(path, params={"at": before.isoformat()})).json()
        assert {line["kind"]: line["credit"]["amount"] for line in then["books"][0]["lines"]}[
            "revenue"
        ] == "0.0000"
        assert (then["balanced"], then["off"]) == (True, None)

        async with till.house.env.db.transaction(till.house.mall) as tx:
            await db.run(
                tx, "update ledger.account set balance_e4 = balance_e4 + 12 where id = %s", (wallet,)
            )
        told = (await mall.get(path, params={"recount": True})).json()
        assert (told["balanced"], told["books"][0]["difference"]) == (False, yuan("0.0012"))
        [off] = told["off"]
        assert (off["owner"], off["balance"], off["by_transfers"]) == (
            "Alpha",
            yuan("70.0012"),
            yuan("70.0000"),
        )


async def test_another_malls_books_are_not_there(till: Till, other: House) -> None:
    _, wallet = await buyer(till, "Alpha", money=100)
    await make_till(other)
    async with served(till.house, ROUTES) as mall:
        [moved] = await items(mall, "/console/v1/journal")
    async with served(other, ROUTES) as mall:
        assert await items(mall, "/console/v1/journal", account_id=wallet) == []
        assert await items(mall, "/console/v1/journal", q="bank-Alpha") == []
        assert [o["kind"] for o in await items(mall, "/console/v1/account-owners")] == ["mall"]
        for path in (f"/console/v1/journal/{moved['id']}", f"/console/v1/accounts/{wallet}/balance"):
            assert (await mall.get(path)).status_code == 404, path
        assert (await mall.get("/console/v1/trial-balance")).json()["books"][0]["credit"] == yuan("0.0000")


async def test_who_may_not_read_the_ledger_reads_none_of_it(till: Till) -> None:
    _, wallet = await buyer(till, "Alpha")
    support = till.house.actor_of("support")
    async with served(till.house, ROUTES, actor=support) as mall:
        for path in (*READS, "/console/v1/journal/1", f"/console/v1/accounts/{wallet}/balance"):
            assert (await mall.get(path)).status_code == 403, path


def test_every_kind_of_transfer_can_be_asked_for() -> None:
    assert set(get_args(KindOfTransfer)) == {kind.name for kind in TransferKind}


@pytest.mark.parametrize(
    ("owed", "statements", "aged"),
    [
        (0, [], Aged()),
        (10, [], Aged(unbilled_e4=10)),
        (10, [(-1, 4)], Aged(unbilled_e4=6, not_due_e4=4)),
        (10, [(30, 4), (1, 9)], Aged(unbilled_e4=1, days_30_e4=9)),
        (10, [(60, 4), (31, 4), (-5, 9)], Aged(unbilled_e4=1, days_60_e4=4, not_due_e4=5)),
        (10, [(90, 50)], Aged(days_90_e4=10)),
        (10, [(91, 3), (61, 8)], Aged(unbilled_e4=2, older_e4=3, days_90_e4=5)),
    ],
)
def test_ages(owed: int, statements: list[tuple[int, int]], aged: Aged) -> None:
    """(days past due, what is left)"""
    now = datetime(2026, 7, 1, tzinfo=UTC)
    dated = [(now - timedelta(days=days), left) for days, left in statements]
    oldest = min((due_at for due_at, _ in dated), default=None)
    assert rules.age(owed, dated, now) == msgspec.structs.replace(aged, oldest_due_at=oldest)


async def post(till: Till, *transfers: Any) -> None:
    async with till.house.env.db.transaction(till.house.mall) as tx:
        await ledger.post(tx, till.house.env, till.home, list(transfers), till.now)
