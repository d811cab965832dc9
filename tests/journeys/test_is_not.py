"""Filters that say what something is not 不是. Beside each filter by a code or an id stands one with `_not`: together they are
the whole list, and no row is in both; what has no such value at all is not that value.

    make test T=tests/journeys/test_is_not.py
"""

from typing import Any

from commissary.bulk import filters as of_jobs
from make.journey import Mall, cards

# The lists of the grammar, and the filters of each that have no opposite: texts, times, amounts, yes and no.
LISTS = {
    "/orders": set[str](),
    "/skus": {"search"},
    "/buyers": {"search"},
    "/suppliers": set[str](),
    "/batches": set[str](),
    "/connections": set[str](),
    "/purchases": set[str](),
    "/work": {"mine"},
    "/audit": {"subject"},
    "/jobs": {"mine"},
    "/own/orders": set[str](),
}
NO_FILTERS = {"q", "sort", "cursor", "size"}
ENDS = ("_from", "_to", "_min", "_max", "_not")


async def filled(mall: Mall) -> dict[str, Any]:
    """Something of each kind, and of some filters' values nothing."""
    card, topup = await mall.sku(), await mall.sku("topup", instrument_class="direct_topup")
    for n in range(3):
        await mall.upload(card, cards(3 - n, f"N{n}"), cost="1")
    await mall.price(card, "5")
    await mall.price(topup, "3")
    tier = await mall.owner.post("/tiers", {"name": "金牌"})
    first, second = await mall.buyer("1000", tier_id=tier["id"]), await mall.buyer("1000")
    for n in range(3):
        await mall.order(first, card, 1, no=f"C-{n}")
        await mall.order(second, topup, 1, no=f"T-{n}")
    await mall.owner.post("/exports", {"list": "skus"})
    return {
        "card": card,
        "topup": topup,
        "first": str(first.organisation),
        "second": str(second.organisation),
        "tier": tier["id"],
    }


def filters(document: dict[str, Any], path: str) -> dict[str, Any]:
    return {p["name"]: p["schema"] for p in document["paths"][f"/console/v1{path}"]["get"]["parameters"]}


def keys(rows: list[Any]) -> set[Any]:
    return {str(row.get("id") or (row["order_id"], row["line_no"])) for row in rows}


async def test_every_filter_by_a_code_or_an_id_has_its_opposite(mall: Mall) -> None:
    document = (await mall.server.raw("GET", "/console/openapi.json", b"", {})).json
    for path, plain in LISTS.items():
        known = set(filters(document, path))
        asked = {name for name in known - NO_FILTERS - plain if not name.endswith(ENDS)}
        assert asked, path
        opposites = {name.removesuffix("_not") for name in known if name.endswith("_not")}
        wanted = asked - ({"channel"} if path == "/own/orders" else set())
        assert opposites == wanted, path
        for name in opposites:
            of = filters(document, path)
            assert of[name] == of[f"{name}_not"], (path, name)


async def test_both_together_are_the_list_and_no_row_is_in_both(mall: Mall) -> None:
    made = await filled(mall)
    document = (await mall.server.raw("GET", "/console/openapi.json", b"", {})).json
    ids = {
        "buyer_id": [made["first"], "7"],
        "sku_id": [made["card"], "7"],
        "supplier_id": ["7"],
        "connection_id": ["7"],
        "tier_id": [made["tier"], "7"],
        "product_id": ["7"],
        "brand_id": ["7"],
        "actor_id": ["7"],
        "action": ["sku.create", "exports.start"],
        "kind": ["bulk.export"],
        "channel": ["api", "staff"],
        "protocol": ["none"],
    }
    split = 0
    for path in LISTS.keys() - {"/own/orders"}:
        whole = keys((await mall.owner.get(path, size=200))["items"])
        for name, schema in filters(document, path).items():
            if not name.endswith("_not"):
                continue
            plain = name.removesuffix("_not")
            for value in _enum(document, schema) or ids[plain]:
                are = keys((await mall.owner.get(path, size=200, **{plain: value}))["items"]) & whole
                are_not = keys((await mall.owner.get(path, size=200, **{name: value}))["items"])
                assert are | are_not == whole, (path, name, value)
                assert not are & are_not, (path, name, value)
                totals = await mall.owner.get(f"{path}/totals", **{name: value})
                assert totals["total"] == len(are_not), (path, name, value)
                split += bool(are and are_not)
    assert split >= 6, "hardly any filter divided anything"


async def test_what_has_no_value_is_not_that_value(mall: Mall) -> None:
    """Batches of one's own have no supplier, most buyers no tier: in SQL neither equal nor unequal to any."""
    made = await filled(mall)
    assert len((await mall.owner.get("/batches", supplier_id_not="7"))["items"]) == 3
    found = keys((await mall.owner.get("/buyers", tier_id_not=made["tier"]))["items"])
    assert made["second"] in found
    assert made["first"] not in found


async def test_several_conditions_and_jobs_with_them(mall: Mall) -> None:
    made = await filled(mall)
    both = {"status_not": ["processing", "failed"], "buyer_id_not": made["second"]}
    rows = (await mall.owner.get("/orders", **both))["items"]
    assert len(rows) == 3
    assert {row["status"] for row in rows} == {"delivered"}
    # The same words in the filter of an export or of an act on many.
    query = of_jobs.query_of("orders", both)
    assert (query.status_not, query.buyer_id_not) == (("processing", "failed"), int(made["second"]))
    for bad in ("status_not=sold", "verdict_not=maybe", "mode_not=x"):
        assert await mall.owner.refused("GET", f"/orders?{bad}") == (422, "invalid_request"), bad


def _enum(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        return _enum(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "enum" in schema:
        return [v for v in schema["enum"] if v]
    for part in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), schema.get("items")):
        if part and (found := _enum(document, part)):
            return found
    return []
