"""What suppliers may bring in, and what leaves the sale when they may not be bought from any more."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from commissary import catalog, partners, stock, tenancy
from commissary.base import db, outbox
from commissary.base.errors import Refused
from commissary.base.home import home
from commissary.catalog.types import Component, Sku, SkuDraft
from commissary.stock.types import ImportOptions
from make.papers import Desk
from make.tenancy import Ground, House


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


class Shop(Desk):
    """A desk with a brand, and SKUs of it that suppliers bring codes for."""

    brand_id: int
    product_id: int

    @classmethod
    async def open(cls, house: House, brand: str = "Coffee") -> "Shop":
        shop = cls(house)
        shop.brand_id = await shop.brand(brand)
        made = await catalog.add_product(
            house.env, house.actor, brand_id=shop.brand_id, name_zh=brand, name_en=brand
        )
        shop.product_id = made.id
        return shop

    async def sku(self, code: str, *, parts: tuple[int, ...] = ()) -> int:
        draft = SkuDraft(
            product_id=self.product_id,
            code=code,
            name_zh=code,
            name_en=code,
            kind="bundle" if parts else "code",
            instrument_class="coupon_promo",
            issuer="Bean Co",
            redeem_scope="issuer",
            registered=False,
            tax_category="coupon",
            components=tuple(Component(p, 1) for p in parts),
        )
        made = await catalog.create_sku(self.house.env, self.house.actor, draft)
        await catalog.list_sku(self.house.env, self.house.actor, made.id, made.version)
        return made.id

    async def fit_supplier(self, name: str, *, links: tuple[str, ...] = ("Bean Co",), **days: int) -> int:
        made = await self.supplier(name)
        await self.company(made.id, name, **days)
        await self.letters(made.id, self.brand_id, *links, name)
        return made.id

    async def bring(self, sku: int, supplier: int | None, *codes: str) -> None:
        options = ImportOptions(unit_cost_e4=1, supplier_id=supplier)
        text = "\n".join(f"{c}-{sku}" for c in codes).encode()
        await stock.import_codes(self.house.env, self.house.actor, self.house.mall, sku, text, options)

    async def turn(self) -> int:
        return await stock.delist_unsupplied(
            self.house.env, self.house.mall, self.house.env.now(self.house.mall)
        )

    async def get(self, sku: int) -> Sku:
        return await catalog.get_sku(self.house.env, self.house.actor, sku)

    async def told(self) -> list[str]:
        async with self.house.env.db.transaction(self.house.mall) as tx:
            rows = await outbox.read(tx, home(self.house.mall), 0, 1_000)
        events = [e for _, some in rows for e in some if e.kind == "sku.delisted"]
        assert {e.owner for e in events} <= {self.house.founded.organisation_id}
        return [str(e.data["sku_id"]) for e in events]


@pytest_asyncio.fixture(loop_scope="session")
async def shop(ground: Ground) -> Shop:
    return await Shop.open(await ground.mall())


async def test_a_supplier_of_unknown_origin_brings_nothing_in(shop: Shop) -> None:
    sku, bare = await shop.sku("A"), await shop.supplier("Bare Ltd")
    with refused("supplier_not_qualified"):
        await shop.bring(sku, bare.id, "X1")
    await shop.company(bare.id, "Bare Ltd")
    with refused("supplier_not_qualified"):
        await shop.bring(sku, bare.id, "X1")  # its papers are good, its goods come from nowhere
    await shop.letters(bare.id, shop.brand_id, "Bean Co", "Bare Ltd")
    await shop.bring(sku, bare.id, "X1")
    async with shop.house.env.db.transaction(shop.house.mall) as tx:
        found = await stock.available(tx, home(shop.house.mall), shop.house.env.now(shop.house.mall), [sku])
    assert found == {sku: 1}


async def test_when_a_licence_date_passes_its_skus_leave_the_sale(shop: Shop) -> None:
    house = shop.house
    mill = await shop.fit_supplier("Mill Ltd", business_licence=40)
    other = await shop.fit_supplier("Other Ltd")
    alone, shared, own, bare = [await shop.sku(c) for c in ("ALONE", "SHARED", "OWN", "BARE")]
    bundle = await shop.sku("BUNDLE", parts=(alone, shared))
    await shop.bring(alone, mill, "A1", "A2")
    await shop.bring(shared, mill, "S1")
    await shop.bring(shared, other, "S2")
    await shop.bring(own, mill, "O1")
    await shop.bring(own, None, "O2")  # the mall's own goods
    assert await shop.turn() == 0
    epoch = await house.epoch()
    house.clock.move(days=41)
    assert await shop.turn() == 2
    status = {name: (await shop.get(sku)).status for name, sku in vars_of(alone, shared, own, bare, bundle)}
    assert status == {
        "alone": "delisted",
        "shared": "listed",
        "own": "listed",
        "bare": "listed",
        "bundle": "delisted",
    }
    assert await house.epoch() > epoch
    [line] = await tenancy.list_audit(house.env, house.actor, subject=f"sku:{alone}", size=1)
    assert (line.action, line.actor_kind, line.actor_id) == ("sku.delist", "system", "stock.sources")
    assert line.after == {
        "status": "delisted",
        "reason": "no_qualified_source",
        "suppliers": {str(mill): "papers_missing"},
    }
    assert sorted(await shop.told()) == sorted([str(alone), str(bundle)])
    assert await shop.turn() == 0, "again finds nothing"
    with refused("supplier_not_qualified"):
        await shop.bring(alone, mill, "A3")


def vars_of(alone: int, shared: int, own: int, bare: int, bundle: int) -> list[tuple[str, int]]:
    return [("alone", alone), ("shared", shared), ("own", own), ("bare", bare), ("bundle", bundle)]


async def test_a_renewal_lets_a_person_list_again_and_nothing_lists_by_itself(shop: Shop) -> None:
    house = shop.house
    mill = await shop.fit_supplier("Mill Ltd", business_licence=10)
    sku = await shop.sku("A")
    await shop.bring(sku, mill, "A1")
    house.clock.move(days=11)
    assert await shop.turn() == 1
    # Listed by hand without a fit source: the next turn takes it off again.
    await catalog.list_sku(house.env, house.actor, sku, (await shop.get(sku)).version)
    assert await shop.turn() == 1
    await shop.accepted(mill, "business_licence", holder="Mill Ltd", days=400, content=b"renewed")
    assert await shop.turn() == 0
    assert (await shop.get(sku)).status == "delisted"
    await catalog.list_sku(house.env, house.actor, sku, (await shop.get(sku)).version)
    assert await shop.turn() == 0
    assert (await shop.get(sku)).status == "listed"


async def test_a_broken_chain_takes_only_its_brand_off_sale(shop: Shop) -> None:
    house = shop.house
    mill = await shop.fit_supplier("Mill Ltd")
    tea = await Shop.open(house, "Tea")
    await tea.letters(mill, tea.brand_id, "Tea Co", "Mill Ltd", days=20)
    coffee_sku, tea_sku = await shop.sku("C"), await tea.sku("T")
    await shop.bring(coffee_sku, mill, "C1")
    await tea.bring(tea_sku, mill, "T1")
    house.clock.move(days=22)
    assert await shop.turn() == 1
    assert ((await shop.get(coffee_sku)).status, (await shop.get(tea_sku)).status) == ("listed", "delisted")


async def test_quarantine_takes_goods_off_sale(shop: Shop) -> None:
    house = shop.house
    mill = await shop.fit_supplier("Mill Ltd")
    sku = await shop.sku("A")
    await shop.bring(sku, mill, "A1")
    until = house.env.now(house.mall) + timedelta(days=1)
    await partners.quarantine(house.env, house.actor, mill, "stolen cards", until)
    assert await shop.turn() == 1
    with refused("supplier_not_qualified"):
        await shop.bring(sku, mill, "A2")


async def test_two_turns_at_once_delist_once(shop: Shop) -> None:
    house = shop.house
    mill = await shop.fit_supplier("Mill Ltd", bank_account=5)
    for n in range(3):
        sku = await shop.sku(f"A{n}")
        await shop.bring(sku, mill, f"A{n}")
    house.clock.move(days=6)
    assert sum(await asyncio.gather(shop.turn(), shop.turn(), shop.turn())) == 3
    assert len(await shop.told()) == 3


async def test_other_ways_of_supply_count_as_sources(shop: Shop) -> None:
    """What a higher domain hands in: offers of suppliers, beside the lots."""
    house = shop.house
    mill = await shop.fit_supplier("Mill Ltd", bank_account=5)
    other = await shop.fit_supplier("Other Ltd")
    kept, gone = await shop.sku("KEPT"), await shop.sku("GONE")
    await shop.bring(kept, mill, "K1")

    async def skus_of(tx: db.Tx, mall: int, suppliers: list[int], now: object) -> list[int]:
        return [gone] if mill in suppliers else []

    async def suppliers_of(tx: db.Tx, mall: int, skus: list[int], now: object) -> dict[int, list[int]]:
        return {sku: [other if sku == kept else mill] for sku in skus}

    offers = stock.Sources(skus_of, suppliers_of)  # type: ignore[arg-type]
    house.clock.move(days=6)
    now = house.env.now(house.mall)
    assert await stock.delist_unsupplied(house.env, house.mall, now, (stock.LOTS, offers)) == 1
    assert ((await shop.get(kept)).status, (await shop.get(gone)).status) == ("listed", "delisted")


@pytest.mark.parametrize(
    ("links", "grade", "badge"),
    [((), "A", True), (("Bean Co",), "B", True), (("Bean Co", "East"), "C", False)],
)
async def test_the_badge_of_genuine_goods_follows_the_grade(
    shop: Shop, links: tuple[str, ...], grade: str, badge: bool
) -> None:
    mill = await shop.fit_supplier("Mill Ltd", links=links)
    sku = await shop.sku("A")
    await shop.bring(sku, mill, "A1")
    [source] = await stock.sources_of(shop.house.env, shop.house.actor, sku)
    assert source.fitness is not None
    assert (source.fitness.grade, stock.genuine([source])) == (grade, badge)
    await shop.bring(sku, None, "A2")
    assert not stock.genuine(await stock.sources_of(shop.house.env, shop.house.actor, sku))


async def test_a_finished_import_is_reported_also_after_its_supplier_lapsed(shop: Shop) -> None:
    house = shop.house
    mill = await shop.fit_supplier("Mill Ltd", bank_account=5)
    sku, options = await shop.sku("A"), ImportOptions(unit_cost_e4=1, supplier_id=mill)
    first = await stock.import_codes(house.env, house.actor, house.mall, sku, b"A1", options)
    house.clock.move(days=6)
    again = await stock.import_codes(house.env, house.actor, house.mall, sku, b"A1", options)
    assert (again.import_id, again.already_imported) == (first.import_id, True)
