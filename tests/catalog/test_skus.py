"""Brands, products and SKUs through the door, on a real database."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from commissary import catalog
from commissary.base import db
from commissary.base.errors import Refused
from commissary.catalog.types import Component, FieldSpec, Sku, SkuDraft, TaxRule
from make.tenancy import House

CLASSIFIED: dict[str, Any] = {
    "instrument_class": "stored_value_single",
    "issuer": "Tea Ltd",
    "redeem_scope": "brand",
    "registered": False,
    "tax_category": "prepaid_card",
    "face_value_e4": 1_000_000,
    "face_currency": "CNY",
}


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


async def product(house: House) -> int:
    brand = await catalog.add_brand(house.env, house.actor, name_zh=f"茶{house.env.ids.new()}", name_en="Tea")
    made = await catalog.add_product(
        house.env,
        house.actor,
        brand_id=brand.id,
        name_zh="茶卡",
        name_en="Tea card",
        guide_zh="到店出示",
        regions=("CN",),
    )
    return made.id


async def sku(house: House, product_id: int | None = None, **more: Any) -> Sku:
    facts = {"code": f"A{house.env.ids.new()}", "name_zh": "百元茶卡", "name_en": "Tea 100", "kind": "code"}
    product_id = product_id or await product(house)
    draft = SkuDraft(product_id=product_id, **(facts | more))
    return await catalog.create_sku(house.env, house.actor, draft)


async def listed(house: House, **more: Any) -> Sku:
    await seeded(house)
    made = await sku(house, **(CLASSIFIED | more))
    return await catalog.list_sku(house.env, house.actor, made.id, made.version)


async def seeded(house: House) -> None:
    async with house.env.db.transaction(house.mall) as tx:
        await catalog.seed_rules(tx, house.env, house.actor)


async def shown(house: House, sku_id: int, version: int) -> Mapping[str, Any]:
    async with house.env.db.transaction(house.mall) as tx:
        found = await catalog.sku_version(tx, house.mall, sku_id, version)
    assert found is not None
    return found


async def test_created_sku_reads_back_as_written(house: House) -> None:
    made = await sku(
        house,
        kind="topup",
        fields=(FieldSpec("phone", "手机", "Phone", type="phone", target=True),),
        issuer_licence_sha256=b"\x01" * 32,
        issuer_licence_expires=date(2030, 1, 1),
        release_at=house.clock.now + timedelta(days=1),
        **CLASSIFIED,
    )
    assert await catalog.get_sku(house.env, house.actor, made.id) == made
    assert (made.status, made.version) == ("draft", 1)
    async with house.env.db.transaction(house.mall) as tx:
        card = (await catalog.load_cards(tx, house.mall))[made.id]
        assert await catalog.sellable(tx, house.mall) == []
    assert (card.kind, card.fields, card.tax_category) == ("topup", made.fields, "prepaid_card")
    assert card.fingerprint_scope.startswith("茶")


async def test_listing_names_what_is_missing_then_works(house: House) -> None:
    await seeded(house)
    made = await sku(house)
    with refused("listing_incomplete") as caught:
        await catalog.list_sku(house.env, house.actor, made.id, made.version)
    paths = [f.path for f in caught.value.fields]
    assert paths == ["instrument_class", "issuer", "redeem_scope", "registered", "tax_category"]
    before = await house.epoch()
    full = await catalog.edit_sku(house.env, house.actor, made.id, 1, CLASSIFIED)
    on_sale = await catalog.list_sku(house.env, house.actor, made.id, full.version)
    assert (on_sale.status, on_sale.version) == ("listed", 3)
    assert await house.epoch() == before + 2
    async with house.env.db.transaction(house.mall) as tx:
        offered = await catalog.sellable(tx, house.mall)
    assert [(o.sku_id, o.version, o.guide_zh, o.regions) for o in offered] == [
        (made.id, 3, "到店出示", ["CN"])
    ]
    assert (await house.audited())[-1] == "sku.list"


async def test_the_law_forbids_and_says_why(house: House) -> None:
    await seeded(house)
    made = await sku(house, **(CLASSIFIED | {"face_value_e4": 10_000_100, "validity_days": 1094}))
    with refused("listing_forbidden") as caught:
        await catalog.list_sku(house.env, house.actor, made.id, 1)
    assert caught.value.facts["reasons"] == ["face_over_limit", "validity_too_short"]
    assert [f.path for f in caught.value.fields] == ["face_value_e4", "validity_days"]


async def test_without_rules_on_file_no_prepaid_card_is_listed(house: House) -> None:
    made = await sku(house, **CLASSIFIED)
    with refused("listing_forbidden"):
        await catalog.list_sku(house.env, house.actor, made.id, 1)


async def test_the_mall_cannot_issue_a_cross_brand_balance(house: House) -> None:
    licence = {
        "issuer_licence_no": "Z1",
        "issuer_licence_expires": date(2030, 1, 1),
        "issuer_licence_sha256": b"x" * 32,
    }
    multi = CLASSIFIED | licence | {"instrument_class": "stored_value_multi", "redeem_scope": "several"}
    foreign = await sku(house, **multi)
    assert (await catalog.list_sku(house.env, house.actor, foreign.id, 1)).status == "listed"
    own = await sku(house, **(multi | {"issuer": "Kitchen"}))
    with refused("listing_forbidden") as caught:
        await catalog.list_sku(house.env, house.actor, own.id, 1)
    assert caught.value.facts["reasons"] == ["own_cross_brand_balance"]


async def test_the_database_itself_refuses_an_unclassified_listing(house: House) -> None:
    made = await sku(house)
    for change in (
        "status = 'listed'",
        "status = 'listed', instrument_class = 'stored_value_multi', issuer = 'x', redeem_scope = 'several', "
        "registered = false, tax_category = 'x', face_value_e4 = 1, face_currency = 'CNY'",
        "status = 'listed', instrument_class = 'stored_value_single', issuer = 'x', redeem_scope = 'several', "
        "registered = false, tax_category = 'x', face_value_e4 = 1, face_currency = 'CNY'",
    ):
        with pytest.raises(psycopg.errors.CheckViolation):
            async with house.env.db.transaction(house.mall) as tx:
                await db.run(tx, f"update catalog.sku set {change} where id = %s", (made.id,))


async def test_editing_a_listed_sku_keeps_what_was_shown(house: House) -> None:
    made = await listed(house)
    edited = await catalog.edit_sku(house.env, house.actor, made.id, made.version, {"name_en": "Tea hundred"})
    assert (await shown(house, made.id, made.version))["name_en"] == "Tea 100"
    assert (await shown(house, made.id, edited.version))["name_en"] == "Tea hundred"
    with refused("listing_forbidden"):
        await catalog.edit_sku(house.env, house.actor, made.id, edited.version, {"face_value_e4": 10_000_001})
    with refused("listing_incomplete"):
        await catalog.edit_sku(house.env, house.actor, made.id, edited.version, {"issuer": None})
    with refused("kind_is_fixed"):
        await catalog.edit_sku(house.env, house.actor, made.id, edited.version, {"kind": "link"})
    assert await catalog.get_sku(house.env, house.actor, made.id) == edited


async def test_of_two_edits_of_one_version_one_wins(house: House) -> None:
    made = await listed(house)
    tries = [
        catalog.edit_sku(house.env, house.actor, made.id, made.version, {"max_quantity": n})
        for n in (5, 6, 7)
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(str(r) for r in results if isinstance(r, Refused)) == ["conflict"] * 2
    winner = next(r for r in results if isinstance(r, Sku))
    assert await catalog.get_sku(house.env, house.actor, made.id) == winner


async def test_editing_brand_or_product_gives_its_skus_a_new_version(house: House) -> None:
    made = await listed(house)
    other = await listed(house)
    one = (await catalog.list_products(house.env, house.actor))[0]
    changes = {"guide_zh": "新说明", "regions": ("CN", "GLOBAL")}
    edited = await catalog.edit_product(house.env, house.actor, one.id, one.version, changes)
    assert (edited.version, edited.guide_zh, edited.name_en) == (2, "新说明", "Tea card")
    with refused("conflict"):
        await catalog.edit_product(house.env, house.actor, one.id, one.version, changes)
    brand = (await catalog.list_brands(house.env, house.actor))[0]
    await catalog.edit_brand(house.env, house.actor, brand.id, 1, name_zh="新茶", name_en="New tea")
    now = await catalog.get_sku(house.env, house.actor, made.id)
    assert now.version == made.version + 2
    body = await shown(house, made.id, now.version)
    assert (body["guide_zh"], body["brand"]["name_en"], body["status"]) == ("新说明", "New tea", "listed")
    assert (await shown(house, made.id, made.version))["guide_zh"] == "到店出示"
    assert (await catalog.get_sku(house.env, house.actor, other.id)).version == other.version


async def test_delist_and_delete(house: House) -> None:
    made = await listed(house)
    with refused("sku_is_listed"):
        await catalog.delete_sku(house.env, house.actor, made.id)
    off = await catalog.delist_sku(house.env, house.actor, made.id)
    assert (await catalog.delist_sku(house.env, house.actor, made.id)) == off
    gone = await catalog.delete_sku(house.env, house.actor, made.id)
    for verb in (
        catalog.edit_sku(house.env, house.actor, made.id, gone.version, {"max_quantity": 1}),
        catalog.list_sku(house.env, house.actor, made.id, gone.version),
        catalog.delist_sku(house.env, house.actor, made.id),
    ):
        with refused("sku_is_deleted"):
            await verb
    assert made.id not in [s.id for s in await catalog.list_skus(house.env, house.actor)]
    assert [s.id for s in await catalog.list_skus(house.env, house.actor, status="deleted")] == [made.id]


async def test_article_numbers_are_unique(house: House, other: House) -> None:
    first = await sku(house, code="X-1")
    await sku(other, code="X-1")
    with refused("sku_code_taken"):
        await sku(house, code="X-1")
    second = await sku(house, code="X-2")
    with refused("sku_code_taken"):
        await catalog.edit_sku(house.env, house.actor, second.id, 1, {"code": "X-1"})
    assert [s.id for s in await catalog.list_skus(house.env, house.actor, search="x-1")] == [first.id]


# Bundles ----------------------------------------------------------------------------------------------------------


async def test_bundle_is_listed_when_its_parts_could_be(house: House) -> None:
    await seeded(house)
    good, bad = await sku(house, **CLASSIFIED), await sku(house)
    parts = (Component(good.id, 2), Component(bad.id, 1))
    bundle = await sku(house, kind="bundle", components=parts)
    assert bundle.components == parts
    with refused("listing_incomplete") as caught:
        await catalog.list_sku(house.env, house.actor, bundle.id, 1)
    assert caught.value.fields[0].path == "components[1].instrument_class"
    bad = await catalog.edit_sku(house.env, house.actor, bad.id, 1, CLASSIFIED)
    on_sale = await catalog.list_sku(house.env, house.actor, bundle.id, 1)
    with refused("listing_incomplete"):
        await catalog.edit_sku(house.env, house.actor, bad.id, bad.version, {"tax_category": None})
    with refused("part_of_bundle"):
        await catalog.delete_sku(house.env, house.actor, bad.id)
    fewer = {"components": (Component(good.id, 3),)}
    await catalog.edit_sku(house.env, house.actor, bundle.id, on_sale.version, fewer)
    await catalog.delete_sku(house.env, house.actor, bad.id)
    assert [c["quantity"] for c in (await shown(house, bundle.id, 1))["components"]] == [2, 1]
    assert [c["quantity"] for c in (await shown(house, bundle.id, 3))["components"]] == [3]
    async with house.env.db.transaction(house.mall) as tx:
        assert (await catalog.load_cards(tx, house.mall))[bundle.id].components == (Component(good.id, 3),)


async def test_bundles_do_not_nest(house: House) -> None:
    part = await sku(house)
    bundle = await sku(house, kind="bundle", components=(Component(part.id, 1),))
    with refused("bundle_is_nested"):
        await sku(house, kind="bundle", components=(Component(bundle.id, 1),))
    another = await sku(house)
    with refused("bundle_is_nested"):
        changes = {"kind": "bundle", "components": (Component(another.id, 1),)}
        await catalog.edit_sku(house.env, house.actor, part.id, 1, changes)


async def test_bundles_parts_and_products_change_at_once_without_deadlock(house: House) -> None:
    """They lock the same SKUs; one order of locking, so every act ends, and ends well or with a conflict."""
    await seeded(house)
    goods = await product(house)
    late = await sku(house, goods, **CLASSIFIED)
    bundle = await sku(house, goods, kind="bundle", components=(Component(late.id, 1),))
    early = await sku(house, goods, kind="bundle", components=(Component(late.id, 1),))

    async def turn() -> None:
        parts = {"components": (Component(late.id, 1),)}
        for _ in range(4):
            one = (await catalog.list_products(house.env, house.actor))[0]
            now = {s.id: s.version for s in await catalog.list_skus(house.env, house.actor)}
            acts = [
                catalog.edit_product(house.env, house.actor, goods, one.version, {"guide_zh": "x"}),
                catalog.list_sku(house.env, house.actor, bundle.id, now[bundle.id]),
                catalog.edit_sku(house.env, house.actor, late.id, now[late.id], {"max_quantity": 9}),
                catalog.edit_sku(house.env, house.actor, early.id, now[early.id], parts),
            ]
            for result in await asyncio.gather(*acts, return_exceptions=True):
                assert not isinstance(result, BaseException) or str(result) == "conflict", repr(result)

    await asyncio.gather(turn(), turn())
    for made in (late, bundle, early):
        now = await catalog.get_sku(house.env, house.actor, made.id)
        for version in range(1, now.version + 1):
            await shown(house, made.id, version)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("components", {"kind": "bundle"}),
        ("components", {"components": (Component(1, 1),)}),
        ("components", {"kind": "bundle", "components": tuple(Component(n, 1) for n in range(21))}),
        ("components", {"kind": "bundle", "components": (Component(1, 1), Component(1, 2))}),
        ("components[0].quantity", {"kind": "bundle", "components": (Component(1, 0),)}),
        ("code", {"code": " "}),
        ("face_currency", {"face_value_e4": 5}),
        ("face_value_e4", {"face_value_e4": 0, "face_currency": "CNY"}),
        ("max_quantity", {"max_quantity": 0}),
        ("fields", {"fields": (FieldSpec("a", "甲", "A"),)}),
        ("fields[0].pattern", {"kind": "topup", "fields": (FieldSpec("a", "甲", "A", pattern="(a+)+"),)}),
        ("issuer_licence_sha256", {"issuer_licence_sha256": b"short"}),
    ],
)
async def test_bad_drafts_name_the_field(house: House, path: str, more: dict[str, Any]) -> None:
    with refused("invalid_request") as caught:
        await sku(house, **more)
    assert [f.path for f in caught.value.fields] == [path]


# Rules over time, isolation, rights -------------------------------------------------------------------------------


async def test_a_new_tax_rule_ends_the_one_before(house: House) -> None:
    await seeded(house)
    await seeded(house)  # again adds nothing
    rules = await catalog.list_tax_rules(house.env, house.actor)
    at = house.clock.now + timedelta(days=30)
    old = catalog.tax_rule_at(rules, "catering", "coupon_promo", "principal", at)
    assert old is not None
    new = msgspec.structs.replace(old, rate_bp=500, valid_from=at, source="test")
    tries = [catalog.add_tax_rule(house.env, house.actor, new) for _ in range(3)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(str(r) for r in results if isinstance(r, Refused)) == ["tax_rule_overlaps"] * 2
    after = await catalog.list_tax_rules(house.env, house.actor)
    assert len(after) == len(rules) + 1
    for moment, rate_bp in ((at - timedelta(microseconds=1), 600), (at, 500)):
        held = catalog.tax_rule_at(after, "catering", "coupon_promo", "principal", moment)
        assert held is not None
        assert held.rate_bp == rate_bp


async def test_a_prepaid_card_never_gets_a_special_invoice(house: House) -> None:
    rule = TaxRule(
        "prepaid_card", "stored_value_single", "principal", 0, "6010000000000000000", ("general", "special"),
        house.clock.now, None, "test",
    )  # fmt: skip
    with refused("invalid_request"):
        await catalog.add_tax_rule(house.env, house.actor, rule)


async def test_another_malls_ids_are_not_found(house: House, other: House) -> None:
    theirs = await sku(other)
    brand = (await catalog.list_brands(other.env, other.actor))[0]
    goods = (await catalog.list_products(other.env, other.actor))[0]
    mine = await sku(house)
    env, me = house.env, house.actor
    verbs: dict[str, Callable[[], Awaitable[object]]] = {
        "edit_brand": lambda: catalog.edit_brand(env, me, brand.id, 1, name_zh="x", name_en="x"),
        "add_product": lambda: catalog.add_product(env, me, brand_id=brand.id, name_zh="x", name_en="x"),
        "edit_product": lambda: catalog.edit_product(env, me, goods.id, 1, {"name_zh": "x"}),
        "create_sku": lambda: sku(house, goods.id),
        "create bundle": lambda: sku(house, kind="bundle", components=(Component(theirs.id, 1),)),
        "get_sku": lambda: catalog.get_sku(env, me, theirs.id),
        "edit_sku": lambda: catalog.edit_sku(env, me, theirs.id, 1, {"max_quantity": 1}),
        "move sku": lambda: catalog.edit_sku(env, me, mine.id, 1, {"product_id": goods.id}),
        "list_sku": lambda: catalog.list_sku(env, me, theirs.id, 1),
        "delist_sku": lambda: catalog.delist_sku(env, me, theirs.id),
        "delete_sku": lambda: catalog.delete_sku(env, me, theirs.id),
    }
    for name, verb in verbs.items():
        with pytest.raises(Refused) as caught:
            await verb()
        assert str(caught.value) == "not_found", name
    assert [s.id for s in await catalog.list_skus(env, me)] == [mine.id]
    assert brand.id not in [b.id for b in await catalog.list_brands(env, me)]
    async with env.db.transaction(house.mall) as tx:
        assert set(await catalog.load_cards(tx, house.mall)) == {mine.id}
        assert await catalog.sku_version(tx, house.mall, theirs.id, 1) is None
        assert await catalog.load_cards(tx, other.mall) == {}


async def test_brand_names_and_scopes(house: House, other: House) -> None:
    first = await catalog.add_brand(house.env, house.actor, name_zh="Ａpple 礼品", name_en="Apple")
    second = await catalog.add_brand(other.env, other.actor, name_zh="apple礼品", name_en="Apple")
    assert first.fingerprint_scope == second.fingerprint_scope
    with refused("brand_name_taken"):
        await catalog.add_brand(house.env, house.actor, name_zh="Ａpple 礼品", name_en="Apple")


async def test_rights(house: House) -> None:
    made = await sku(house)
    for role in ("finance", "readonly", "support", "fulfilment"):
        actor = house.actor_of(role)
        with refused("forbidden"):
            await catalog.edit_sku(house.env, actor, made.id, 1, {"max_quantity": 1})
        assert await catalog.get_sku(house.env, actor, made.id) == made
    await catalog.edit_sku(house.env, house.actor_of("purchasing"), made.id, 1, {"max_quantity": 1})
    with refused("forbidden"):
        await catalog.get_sku(house.env, house.actor_of("distributor"), made.id)
