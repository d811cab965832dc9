"""PRC03 markup templates 调价模板. A template over 1,000 SKUs: what the preview showed is what applying does, excluded SKUs
are left alone, and undo brings the old prices back, byte for byte.

    make test T=tests/journeys/test_prc03_templates.py
"""

from make.journey import Mall, rungs, yuan

COUNT = 1_000


async def test_preview_equals_result_and_undo_gives_all_back(mall: Mall) -> None:
    skus = await mall.many_skus(COUNT)
    book = await mall.book()
    old = {sku: {1: f"{5 + n % 400 / 7:.4f}", 10: f"{4 + n % 400 / 7:.4f}"} for n, sku in enumerate(skus)}
    await mall.owner.post(
        "/prices", {"book_id": book, "prices": [{"sku_id": s, "rungs": rungs(o)} for s, o in old.items()]}
    )

    async def listed() -> dict[str, object]:
        return {row["sku_id"]: row["rungs"] for row in await mall.owner.every(f"/books/{book}/prices")}

    before = await listed()
    assert len(before) == COUNT
    kept = skus[::20]
    rules = {
        "name": "零售加价",
        "base": "list",
        "percent_bp": 1250,
        "fixed": "0.3",
        "rounding": "90",
        "exclude_sku_ids": kept,
    }
    template = await mall.owner.put("/price-templates", rules)
    at, asked = f"/price-templates/{template['id']}", {"book_id": book, "sku_ids": skus}

    shown = await mall.owner.post(f"{at}/preview", asked)
    assert await listed() == before, "a preview changes nothing"
    rows = {row["sku_id"]: row for row in shown["rows"]}
    assert {s for s, row in rows.items() if row["outcome"] == "excluded"} == set(kept)
    assert {row["outcome"] for row in shown["rows"]} == {"new", "excluded"}
    # By hand: 5.0000 × 1.125 + 0.3 = 5.925, up to 6.90; the first SKU is excluded, the second begins at 5.1429.
    assert rows[skus[1]]["new"][0]["unit_price"] == yuan("6.9000")

    stale = await mall.owner.refused("POST", f"{at}/apply", asked | {"hash": "0" * 64})
    assert stale == (409, "preview_stale")
    applied = (await mall.owner.post(f"{at}/apply", asked | {"hash": shown["hash"], "reason": "六月"}))[
        "change"
    ]
    assert applied["entries"] == COUNT - len(kept)
    after = await listed()
    assert after == {s: rows[s]["new"] or before[s] for s in skus}
    assert {s for s in skus if after[s] == before[s]} == set(kept)

    buyer = await mall.buyer("10")
    product = (await mall.server.call(buyer, "GET", "/v1/products?size=2")).json["items"][1]
    assert (product["sku_id"], product["prices"]) == (skus[1], rows[skus[1]]["new"])

    await mall.owner.post(f"/price-changes/{applied['id']}/undo", {})
    assert await listed() == before
    again = await mall.owner.refused("POST", f"/price-changes/{applied['id']}/undo", {})
    assert again == (409, "already_undone")


async def test_a_filter_means_all_goods_that_match_and_no_goods_that_came_later(mall: Mall) -> None:
    skus = await mall.many_skus(2_300)
    book = await mall.book()
    await mall.owner.post(
        "/prices", {"book_id": book, "prices": [{"sku_id": s, "rungs": rungs({1: "5"})} for s in skus]}
    )
    rules = {"name": "一成", "base": "list", "percent_bp": 1000, "exclude_sku_ids": skus[:1]}
    at = f"/price-templates/{(await mall.owner.put('/price-templates', rules))['id']}"
    asked = {"book_id": book, "filter": {"kind": ["topup"]}}
    shown = await mall.owner.post(f"{at}/preview", asked | {"most_rows": 10})
    assert (len(shown["rows"]), shown["counts"]) == (10, {"new": 2_299, "excluded": 1})
    assert {row["outcome"] for row in shown["rows"]} == {"new"}, "what changes most stands first"
    by_ids = await mall.owner.post(f"{at}/preview", {"book_id": book, "sku_ids": skus})
    assert by_ids["hash"] == shown["hash"]

    both = asked | {"sku_ids": skus}
    for bad in (both, {"book_id": book}):
        assert await mall.owner.refused("POST", f"{at}/preview", bad) == (422, "invalid_request")

    [late] = await mall.many_skus(1)
    stale = await mall.owner.refused("POST", f"{at}/apply", asked | {"hash": shown["hash"]})
    assert stale == (409, "preview_stale"), late
    again = await mall.owner.post(f"{at}/preview", asked | {"most_rows": 10})
    applied = await mall.owner.post(f"{at}/apply", asked | {"hash": again["hash"]})
    assert applied["change"]["entries"] == 2_299, "the late one has no price to go from"
