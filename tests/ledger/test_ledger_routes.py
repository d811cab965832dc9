"""The ledger over HTTP."""

import csv
import io

from commissary.ledger.export import text_cell
from commissary.ledger.routes import ROUTES
from make.http import caller, served
from make.ledger import Till

CNY = {"currency": "CNY"}


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


async def test_a_wallet_from_recharge_to_statement(till: Till) -> None:
    wallet = await till.wallet()
    async with served(till.house, ROUTES) as mall:
        url = f"/console/v1/accounts/{wallet}"
        said = {"amount": yuan("100.00"), "reference": "bank-1", "memo": "=cmd|'/c calc'!A1"}
        first = await mall.post(f"{url}/recharges", json=said)
        assert first.status_code == 201, first.text
        assert first.json()["repeated"] is False
        assert (await mall.post(f"{url}/recharges", json=said)).json() == first.json() | {"repeated": True}

        credit = {"limit": yuan("50"), "terms_days": 10}
        agreed = (await mall.put(f"{url}/credit", json=credit)).json()
        assert agreed["available"] == yuan("150.0000")
        await till.pay(wallet, till.books.revenue_id, 30)
        adjusted = await mall.post(
            f"{url}/adjustments", json={"amount": yuan("-5"), "reason": "typing error", "reference": "t-1"}
        )
        assert adjusted.json()["amount"] == yuan("-5.0000")

        shown = (await mall.get(url)).json()
        assert (shown["balance"], shown["credit"]["terms_days"]) == (yuan("65.0000"), 10)
        moved = (await mall.get(f"{url}/transfers", params={"size": 2})).json()
        assert [t["amount"]["amount"] for t in moved["items"]] == ["-5.0000", "-30.0000"]
        rest = (await mall.get(f"{url}/transfers", params={"cursor": moved["next"]})).json()
        assert [t["kind"] for t in rest["items"]] == ["recharge"]
        assert rest["next"] is None

        till.house.clock.move(days=1)
        period = {"from_at": "2026-07-01T00:00:00Z", "to_at": "2026-07-02T00:00:00Z"}
        made = (await mall.post(f"{url}/statements", json=period)).json()
        assert (made["closing"], made["transfers"]) == (yuan("65.0000"), 3)
        assert (await mall.get(f"{url}/statements")).json()["items"] == [made]
        export = await mall.get(f"/console/v1/statements/{made['id']}/export")
        rows = list(csv.reader(io.StringIO(export.content.decode("utf-8-sig"))))
        assert rows[2][7] == "'=cmd|'/c calc'!A1"
        assert rows[-1][6] == "65.0000"
        assert len(rows) == 6

        named = (await mall.get("/console/v1/accounts", params={"kind": "wallet"})).json()
        assert [a["id"] for a in named["items"]] == [str(wallet)]


async def test_refusals_say_their_code(till: Till) -> None:
    wallet, other = await till.wallet(money=10), await till.wallet()
    async with served(till.house, ROUTES) as mall:
        url = f"/console/v1/accounts/{wallet}"
        for path, body, status, code in [
            (
                f"{url}/recharges",
                {"amount": {"amount": "1", "currency": "USD"}, "reference": "r"},
                422,
                "invalid_request",
            ),
            (f"{url}/recharges", {"amount": yuan("-1"), "reference": "r"}, 422, "invalid_request"),
            (
                f"{url}/recharges",
                {"amount": yuan("100000000000.0001"), "reference": "r"},
                422,
                "invalid_request",
            ),
            (f"{url}/recharges", {"amount": yuan("1"), "reference": "r", "more": 1}, 422, "invalid_request"),
            (
                f"{url}/allotments",
                {"to_account_id": str(other), "amount": yuan("1")},
                403,
                "wallet_to_wallet",
            ),
            (
                f"{url}/withdrawals",
                {"amount": yuan("1"), "recharge_reference": "x", "reference": "r"},
                409,
                "not_the_payer",
            ),
            ("/console/v1/accounts/5/lock", {"reason": "x"}, 404, "no_such_account"),
        ]:
            answer = await mall.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (status, code), (path, answer.text)
    assert await till.free(wallet) == 10


async def test_a_buyer_sees_the_wallet_of_his_key_and_no_other(till: Till) -> None:
    wallet = await till.wallet(credit=20, money=10)
    key = caller(till.house, till.home, 5, wallet, "balance:read")
    async with served(till.house, ROUTES, caller=key) as mall:
        shown = (await mall.get("/v1/balance", params={"account_id": 1})).json()
        assert (shown["balance"], shown["available"]) == (yuan("10.0000"), yuan("30.0000"))
        assert (await mall.get("/v1/statements")).json() == {"items": [], "next": None}
    async with served(till.house, ROUTES, caller=caller(till.house, till.home, 5, wallet)) as mall:
        assert (await mall.get("/v1/balance")).json()["code"] == "missing_scope"


def test_cells_that_begin_like_a_formula_are_shown_as_text() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\tx", " =1", "＝1"):
        assert text_cell(text) == "'" + text
    assert text_cell("plain = text") == "plain = text"
