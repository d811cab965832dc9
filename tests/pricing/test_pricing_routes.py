"""Prices over HTTP."""

import psycopg
import pytest

from commissary.pricing.routes import ROUTES
from make.http import caller, served
from make.pricing import Counter, ladder


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def rung(minimum: int, amount: str) -> dict[str, object]:
    return {"minimum": minimum, "unit_price": yuan(amount)}


async def test_a_price_from_setting_to_undoing(counter: Counter) -> None:
    sku = counter.sku(cost=5)
    book = str(counter.list_id)
    async with served(counter.house, ROUTES) as mall:
        wanted = {
            "book_id": book,
            "prices": [{"sku_id": str(sku), "rungs": [rung(1, "10"), rung(50, "9")]}],
            "reason": "opening",
        }
        made = await mall.post("/console/v1/prices", json=wanted)
        assert made.status_code == 201, made.text
        shown = (await mall.get(f"/console/v1/books/{book}/prices")).json()
        assert shown == {
            "items": [{"sku_id": str(sku), "rungs": [rung(1, "10.0000"), rung(50, "9.0000")]}],
            "next": None,
        }
        history = (await mall.get(f"/console/v1/skus/{sku}/prices")).json()["items"]
        assert [(e["reason"], e["book_kind"]) for e in history] == [("opening", "list")]
        changes = (await mall.get("/console/v1/price-changes")).json()["items"]
        assert changes == [made.json()]

        source = f"list:{book}:{history[0]['id']}:50"
        why = (await mall.get(f"/console/v1/skus/{sku}/why", params={"source": source})).json()
        assert why["unit_price"] == yuan("9.0000")

        undone = await mall.post(f"/console/v1/price-changes/{made.json()['id']}/undo", json={})
        assert undone.json()["undoes"] == made.json()["id"]
        assert (await mall.get(f"/console/v1/books/{book}/prices")).json()["items"] == []
        books = (await mall.get("/console/v1/books")).json()["items"]
        assert [b["kind"] for b in books] == ["list"]


async def test_a_template_from_saving_to_applying(counter: Counter) -> None:
    sku = counter.sku(cost=10)
    async with served(counter.house, ROUTES) as mall:
        rules = {"name": "retail", "base": "cost", "percent_bp": 1500, "rounding": "90", "most": "20"}
        template = (await mall.put("/console/v1/price-templates", json=rules)).json()
        assert (await mall.get("/console/v1/price-templates")).json()["items"] == [template]
        url = f"/console/v1/price-templates/{template['id']}"
        asked = {"book_id": str(counter.list_id), "sku_ids": [str(sku)]}
        shown = (await mall.post(f"{url}/preview", json=asked)).json()
        assert shown["rows"][0]["new"] == [rung(1, "11.9000")]
        stale = await mall.post(f"{url}/apply", json=asked | {"hash": "0" * 64})
        assert (stale.status_code, stale.json()["code"]) == (409, "preview_stale")
        applied = await mall.post(f"{url}/apply", json=asked | {"hash": shown["hash"]})
        assert applied.json()["change"]["entries"] == 1

        floor = await mall.put("/console/v1/floors", json={"margin_bp": 2000})
        assert floor.json()["sku_id"] is None
        assert (await mall.get("/console/v1/floors")).json()["items"] == [floor.json()]
        low = {"book_id": str(counter.list_id), "prices": [{"sku_id": str(sku), "rungs": [rung(1, "11.99")]}]}
        no = await mall.post("/console/v1/prices", json=low)
        assert (no.status_code, no.json()["code"]) == (409, "below_floor")


async def test_a_buyer_is_quoted_his_own_price(counter: Counter) -> None:
    sku = counter.sku(cost=1)
    mine, other = await counter.buyer(), await counter.buyer()
    contract = await counter.book("contract", buyer_id=mine)
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    await counter.price(contract, {sku: ladder((1, 8), (10, 7.5))})
    lines = {"lines": [{"sku_id": str(sku), "quantity": 10}]}
    for buyer, unit, total in [(mine, "7.5000", "75.0000"), (other, "10.0000", "100.0000")]:
        key = caller(counter.house, counter.home, buyer, 1, "orders:write")
        async with served(counter.house, ROUTES, caller=key) as mall:
            made = (await mall.post("/v1/quotes", json=lines)).json()
            assert (made["lines"][0]["unit_price"], made["amount"]) == (yuan(unit), yuan(total))
            assert "source" not in made["lines"][0]
            for more in ({"buyer_id": str(mine)}, {"ttl_s": 0}):
                assert (await mall.post("/v1/quotes", json=lines | more)).status_code == 422
    async with served(counter.house, ROUTES, caller=caller(counter.house, counter.home, mine, 1)) as mall:
        assert (await mall.post("/v1/quotes", json=lines)).json()["code"] == "missing_scope"


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("update pricing.change set entries = entries + 1 where mall_id = %s", "changes_are_whole"),
        (
            "update pricing.entry set valid_from = valid_from + interval '1 s' where mall_id = %s",
            "changes_are_whole",
        ),
        ("update pricing.entry set minimums = '{1,1}' where mall_id = %s", "ladders_climb"),
    ],
)
async def test_the_checks_find_planted_faults(counter: Counter, statement: str, check: str) -> None:
    from commissary.base import sql

    checks = sql.load("commissary.pricing", "checks.sql")
    await counter.price(counter.list_id, {counter.sku(): ladder((1, 10), (5, 9))})
    with psycopg.connect(counter.house.ground.admin_dsn) as connection:

        def broken() -> set[str]:
            return {
                name
                for name in checks.names()
                if any(r[0] == counter.mall for r in connection.execute(getattr(checks, name)))
            }

        assert broken() == set()
        connection.execute(statement.encode(), (counter.mall,))
        assert broken() == {check}
        connection.rollback()


async def test_a_change_is_seen_beside_cost_and_floor_before_it_is_made(counter: Counter) -> None:
    sku, unknown_cost = counter.sku(cost=10), counter.sku()
    await counter.price(counter.list_id, {sku: ladder((1, 12))})
    book = str(counter.list_id)
    async with served(counter.house, ROUTES) as mall:
        await mall.put("/console/v1/floors", json={"sku_id": str(sku), "margin_bp": 500})
        wanted = [
            {"sku_id": str(sku), "rungs": [rung(1, "11"), rung(50, "10.4"), rung(100, "9.9999")]},
            {"sku_id": str(unknown_cost), "rungs": [rung(1, "3")]},
        ]
        seen = await mall.post("/console/v1/prices/preview", json={"book_id": book, "prices": wanted})
        assert seen.status_code == 200, seen.text
        first, second = seen.json()
        assert (first["cost"], first["floor"], first["old"]) == (
            yuan("10.0000"),
            yuan("10.5000"),
            [rung(1, "12.0000")],
        )
        assert [(r["margin_bp"], r["below_floor"], r["loss"]) for r in first["new"]] == [
            (1000, False, False),
            (400, True, False),
            (-1, True, True),
        ]
        assert (second["cost"], second["old"], second["new"][0]["margin_bp"]) == (None, None, None)
        # Nothing was written, and what was seen is what is refused.
        assert (await mall.get("/console/v1/price-changes")).json()["items"][0]["entries"] == 1
        no = await mall.post("/console/v1/prices", json={"book_id": book, "prices": wanted[:1]})
        assert no.json()["code"] == "below_floor"
        wrong = [{"sku_id": str(sku), "rungs": [rung(2, "11")]}]
        no = await mall.post("/console/v1/prices/preview", json={"book_id": book, "prices": wrong})
        assert (no.status_code, f"prices[{sku}]" in no.text) == (422, True)
        strange = [{"sku_id": str(10**15), "rungs": [rung(1, "11")]}]
        no = await mall.post("/console/v1/prices/preview", json={"book_id": book, "prices": strange})
        assert no.json()["code"] == "unknown_sku"


async def test_the_matrix_has_every_book_that_more_than_one_buyer_pays_by(counter: Counter) -> None:
    sku, other = counter.sku(cost=10), counter.sku(cost=2)
    contract = await counter.book("contract", buyer_id=await counter.buyer())
    await counter.price(counter.list_id, {sku: ladder((1, 12)), other: ladder((1, 3), (10, 2.5))})
    await counter.price(contract, {sku: ladder((1, 11))})
    async with served(counter.house, ROUTES) as mall:
        asked = {"sku_id": [str(other), str(sku), str(10**15)]}
        shown = (await mall.get("/console/v1/price-matrix", params=asked)).json()
        assert contract not in [int(book["id"]) for book in shown["books"]]
        assert [row["sku_id"] for row in shown["rows"]] == [str(other), str(sku)]
        assert shown["rows"][1]["prices"] == [
            {
                "book_id": str(counter.list_id),
                "rungs": [
                    {
                        "minimum": 1,
                        "unit_price": yuan("12.0000"),
                        "margin_bp": 2000,
                        "loss": False,
                        "below_floor": False,
                    }
                ],
            }
        ]
        assert [r["margin_bp"] for r in shown["rows"][0]["prices"][0]["rungs"]] == [5000, 2500]
        assert (await mall.get("/console/v1/price-matrix", params={"sku_id": ["x"]})).status_code == 404
        assert (await mall.get("/console/v1/price-matrix")).status_code in (400, 422)
