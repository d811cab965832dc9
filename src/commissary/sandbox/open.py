"""A sandbox is made and kept like its live mall: the magic article numbers, then the mall's own brands, goods, prices and tiers under
the same ids. No stock, no supplier, no endpoint and no key of the live mall is ever brought along.

Done again it adds what is missing and changes what is different; killed in between, the next time goes on.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

import msgspec

from commissary import catalog, ledger, partners, pricing, risk, stock, supply, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.catalog.types import CatalogRefusal, FieldSpec, Sku, SkuDraft
from commissary.pricing.types import Ladder, Snapshot
from commissary.sandbox import inside, magic, papers, store
from commissary.sandbox.types import Article, Magic, Synced
from commissary.stock.types import ImportOptions
from commissary.tenancy.types import Actor

log = logging.getLogger("commissary.sandbox")

MOST_AT_ONCE = 300  # SKUs that one call brings
SUPPLIER = "沙箱供应商"
PRE_ORDERED = 500  # test codes that wait for a release: those of a pre-order come from stock
_TOPUPS = frozenset({"topup", "membership"})
_NOT_MIRRORED = {"id", "status", "version", "created_at", "updated_at"}
_ALL = frozenset({"*"})


async def sync(env: Env, purchasing: supply.Purchasing, actor: Actor) -> Synced:
    """Bring the sandbox of `actor`'s mall up to the mall. Refuses `forbidden`, `no_sandbox`."""
    tenancy.require(actor, "sandbox.write")
    live = msgspec.structs.replace(actor, permissions=_ALL)
    there = msgspec.structs.replace(await tenancy.in_sandbox(env, actor), permissions=_ALL)
    at_work = Opening(env, purchasing, there)
    await at_work.ground()
    await at_work.fill()
    return await at_work.mirror(live)


class Opening:
    """The sandbox of one mall, being brought up to it. `actor` acts in it, with every right."""

    def __init__(self, env: Env, purchasing: supply.Purchasing, actor: Actor) -> None:
        self.env, self.purchasing, self.actor, self.mall = env, purchasing, actor, actor.mall_id
        self.done = Synced(self.mall)
        self.supplier, self.connections = 0, dict[str, int]()

    async def ground(self) -> None:
        """Books, rules, and the supplier inside."""
        async with self.env.db.transaction(self.mall) as tx:
            own = await db.row(tx, store.Q.own_organisation, {"mall": self.mall})
            assert own is not None
            currency = await _currency(tx, self.mall)
            await ledger.found_books(tx, self.env, home_of(self.mall), own[0], currency)
            found = await db.rows(tx, store.Q.inside, {"mall": self.mall, "url": inside.URL})
            ends = await db.row(tx, store.Q.supplier_inside, {"mall": self.mall, "url": inside.URL})
        self.connections = dict(found)
        self.supplier = int(ends[0]) if ends and ends[0] else 0
        if not self.supplier:
            async with self.env.db.transaction(self.mall) as tx:
                await catalog.seed_rules(tx, self.env, self.actor)
            self.supplier = await papers.open_supplier(self.env, self.actor, SUPPLIER)
        for protocol in (inside.CARDS, inside.TOPUPS):
            if protocol not in self.connections:
                self.connections[protocol] = await self._connect(protocol)
        await self._watch()

    async def fill(self) -> None:
        """The magic article numbers, at their price for everybody."""
        async with self.env.db.transaction(self.mall) as tx:
            codes = [m.code for m in magic.TABLE]
            known: dict[str, int] = dict(
                await db.rows(tx, store.Q.sku_codes, {"mall": self.mall, "codes": codes})
            )
        missing = [m for m in magic.TABLE if m.code not in known]
        if not missing:
            return
        brand = await self._brand(*magic.BRAND)
        product = await catalog.add_product(
            self.env, self.actor, brand_id=brand, name_zh="沙箱商品", name_en="Sandbox goods"
        )
        made = {}
        for one in missing:
            sku = await catalog.create_sku(self.env, self.actor, _draft(one, product.id))
            await catalog.list_sku(self.env, self.actor, sku.id, sku.version)
            made[sku.id] = Ladder((1,), (magic.PRICE_E4,))
            if one.how != "out_of_stock":
                await self._sell(sku.id, sku.name_zh, sku.kind, magic.COST_E4, sku.fields, one.how)
        book = await self._book("list", None)
        await pricing.set_prices(self.env, self.actor, book, made, reason="sandbox", override_floor=True)

    async def mirror(self, live: Actor) -> Synced:
        """Brands, products, SKUs, tiers and prices of the live mall, under their own ids."""
        await self._brands(live)
        await self._products(live)
        await self._tiers(live)
        skus = await self._skus(live)
        await self._prices(live, skus)
        return self.done

    # The live mall's, one kind after the other

    async def _brands(self, live: Actor) -> None:
        known = {b.id for b in await _all(catalog.list_brands, self.env, self.actor)}
        for brand in await _all(catalog.list_brands, self.env, live):
            if brand.id in known:
                continue
            scope = f"sandbox-{brand.fingerprint_scope}"  # its test codes are no codes of the real brand
            try:
                await catalog.add_brand(
                    self.env, self.actor, id=brand.id,
                    name_zh=brand.name_zh, name_en=brand.name_en, fingerprint_scope=scope,
                )  # fmt: skip
            except Refused as refused:
                if refused.refusal is not CatalogRefusal.brand_name_taken:
                    raise
                await catalog.add_brand(
                    self.env, self.actor, id=brand.id,
                    name_zh=f"{brand.name_zh} {brand.id}"[:120], name_en=brand.name_en, fingerprint_scope=scope,
                )  # fmt: skip
            await papers.authorise(self.env, self.actor, self.supplier, brand.id, brand.name_zh, SUPPLIER)
            self._count(brands=1)

    async def _products(self, live: Actor) -> None:
        known = {p.id: p for p in await _all(catalog.list_products, self.env, self.actor)}
        for product in await _all(catalog.list_products, self.env, live):
            facts = msgspec.structs.asdict(product)
            del facts["version"]
            there = known.get(product.id)
            if there is None:
                await catalog.add_product(self.env, self.actor, **facts)
            elif msgspec.structs.replace(there, version=product.version) != product:
                del facts["id"]
                await catalog.edit_product(self.env, self.actor, there.id, there.version, facts)
            else:
                continue
            self._count(products=1)

    async def _tiers(self, live: Actor) -> None:
        known = {t.id for t in await partners.list_tiers(self.env, self.actor)}
        for tier in await partners.list_tiers(self.env, live):
            if tier.id not in known:
                await partners.add_tier(self.env, self.actor, name=tier.name, rank=tier.rank, id=tier.id)
                self._count(tiers=1)

    async def _skus(self, live: Actor) -> dict[int, Sku]:
        """Those that are there afterwards, by id."""
        known = {s.id: s for s in await _all(catalog.list_skus, self.env, self.actor)}
        prices = await self._snapshot(live.mall_id)
        there, budget = dict[int, Sku](), MOST_AT_ONCE
        listed = await _all(catalog.list_skus, self.env, live, status="listed")
        await self._take_off(known, {s.id for s in listed})
        for sku in sorted(listed, key=lambda s: s.kind == "bundle"):  # a bundle's parts come before it
            cost_e4 = _cost(prices, sku.id, self.env.now(live.mall_id))
            same = known.get(sku.id)
            if same is not None and not _changes(same, sku) and same.status == "listed":
                there[sku.id] = same
            elif budget <= 0 or any(c.sku_id not in there for c in sku.components):
                self._count(left=1)
            else:
                budget -= 1
                try:
                    there[sku.id] = await self._sku(sku, same, cost_e4)
                except Refused as refused:  # one that cannot be brought keeps no other from coming
                    log.warning("SKU %d does not come into the sandbox: %s", sku.id, refused)
                    self._count(left=1)
                else:
                    self._count(skus=1)
        return there

    async def _take_off(self, known: dict[int, Sku], listed: set[int]) -> None:
        """What the live mall sells no more."""
        own = {m.code for m in magic.TABLE}
        for sku in known.values():
            if sku.status == "listed" and sku.id not in listed and sku.code not in own:
                await catalog.delist_sku(self.env, self.actor, sku.id)
                self._count(skus=1)

    async def _sku(self, sku: Sku, same: Sku | None, cost_e4: int) -> Sku:
        if same is None:
            same = await catalog.create_sku(self.env, self.actor, _mirrored(sku), id=sku.id)
        elif changes := _changes(same, sku):
            same = await catalog.edit_sku(self.env, self.actor, same.id, same.version, changes)
        if same.kind == "shared_code" or (same.release_at is not None and same.kind not in _TOPUPS):
            await self._stock(same, cost_e4)
        if same.kind not in ("bundle", "shared_code"):
            await self._sell(same.id, same.name_zh, same.kind, cost_e4, same.fields)
        if same.status != "listed":
            same = await catalog.list_sku(self.env, self.actor, same.id, same.version)
        return same

    async def _prices(self, live: Actor, skus: dict[int, Sku]) -> None:
        """The list and each tier's book, as they hold now. A contract is between two companies and stays out."""
        theirs, ours = await self._snapshot(live.mall_id), await self._snapshot(self.mall)
        pairs: list[tuple[str, int | None, int | None, int | None]] = [
            ("list", None, theirs.list_book, ours.list_book)
        ]
        pairs += [("tier", t, book, ours.tier_books.get(t)) for t, book in theirs.tier_books.items()]
        for kind, tier, book, there in pairs:
            if book is None:
                continue
            now_there, now_here = self.env.now(live.mall_id), self.env.now(self.mall)
            wanted = {}
            for sku in skus:
                ladder = _ladder(theirs, book, sku, now_there)
                if ladder is not None and (there is None or _ladder(ours, there, sku, now_here) != ladder):
                    wanted[sku] = ladder
            if wanted:
                there = there or await self._book(kind, tier)
                await pricing.set_prices(
                    self.env, self.actor, there, wanted, reason="sandbox", override_floor=True
                )
                self._count(prices=len(wanted))

    # What it takes

    async def _sell(
        self, sku: int, name: str, kind: str, cost_e4: int, fields: Sequence[FieldSpec], how: str = ""
    ) -> None:
        """The supplier inside has it from now on."""
        topup = kind in _TOPUPS and bool(fields)
        protocol = inside.TOPUPS if how == "wrong_account" else inside.CARDS
        asked = next((f.name for f in fields if f.target), fields[0].name if fields else "")
        named = "rechargeAccount" if protocol == inside.TOPUPS else asked
        article = Article(
            sku, name, "topup" if kind in _TOPUPS else "code", cost_e4, named if topup else "", how
        )
        async with self.env.db.transaction(self.mall) as tx:
            await store.put_article(tx, self.mall, article)
        await supply.link_offer(
            self.env, self.purchasing, self.actor,
            connection_id=self.connections[protocol], good_id=str(sku), sku_id=sku,
        )  # fmt: skip

    async def _stock(self, sku: Sku, cost_e4: int) -> None:
        """Codes that say of themselves that they are none. The same again are the same import."""
        count = 1 if sku.kind == "shared_code" else PRE_ORDERED
        lines = "\n".join(f"TEST-{sku.id}-{n:04d}" for n in range(count))
        options = ImportOptions(unit_cost_e4=cost_e4, supplier_id=self.supplier, source="sandbox")
        await stock.import_codes(
            self.env, self.actor, self.mall, sku.id, lines.encode(), options, file_name="sandbox.txt"
        )

    async def _connect(self, protocol: str) -> int:
        draft = supply.ConnectionDraft(
            name=f"沙箱 {protocol}",
            base_url=inside.URL,
            account=inside.ACCOUNT,
            secret=inside.KEY,
            quiet_s=0,
            at_once=256,
            pull_s=86_400,
        )
        kept = await supply.add_connection(
            self.env, self.actor, draft, supplier_id=self.supplier, protocol=protocol
        )
        return kept.id

    async def _watch(self) -> None:
        """One account is held for review."""
        for rule in await risk.seed_rules(self.env, self.actor):
            if rule.kind == "list" and rule.action != "review":
                await risk.edit_rule(self.env, self.actor, rule.id, action="review")
        if not await risk.list_entries(self.env, self.actor):
            await risk.add_entry(
                self.env,
                self.actor,
                list="watch",
                subject="target",
                value=magic.REVIEW_ACCOUNT,
                reason="sandbox",
            )

    async def _brand(self, name_zh: str, name_en: str) -> int:
        async with self.env.db.transaction(self.mall) as tx:
            found = await db.row(tx, store.Q.brand, {"mall": self.mall, "name": name_zh})
        if found is None:
            made = await catalog.add_brand(
                self.env, self.actor, name_zh=name_zh, name_en=name_en, fingerprint_scope="sandbox"
            )
            await papers.authorise(self.env, self.actor, self.supplier, made.id, name_zh, SUPPLIER)
            return made.id
        return int(found[0])

    async def _book(self, kind: str, tier: int | None) -> int:
        snapshot = await self._snapshot(self.mall)
        known = snapshot.list_book if tier is None else snapshot.tier_books.get(tier)
        if known is not None:
            return known
        async with self.env.db.transaction(self.mall) as tx:
            opened = await pricing.open_book(
                tx,
                self.env,
                self.actor,
                "list" if kind == "list" else "tier",
                f"sandbox {kind}",
                tier_id=tier,
            )
        return opened.id

    async def _snapshot(self, mall: int) -> Snapshot:
        async with self.env.db.transaction(mall) as tx:
            found = await db.row(tx, store.Q.epoch, {"mall": mall})
            return await pricing.load_snapshot(tx, mall, await _currency(tx, mall), found[0] if found else 0)

    def _count(self, **more: int) -> None:
        self.done = msgspec.structs.replace(
            self.done, **{name: getattr(self.done, name) + n for name, n in more.items()}
        )


async def _all(listed, env: Env, actor: Actor, **asked):  # type: ignore[no-untyped-def]
    """Every page of a list by id."""
    found, after = [], 0
    while page := await listed(env, actor, after=after, size=500, **asked):
        found += page
        after = page[-1].id
    return found


async def _currency(tx: db.Tx, mall: int) -> str:
    found = await db.row(tx, store.Q.currency, {"mall": mall})
    assert found is not None
    return str(found[0])


def _draft(one: Magic, product_id: int) -> SkuDraft:
    field = FieldSpec(magic.FIELD, "手机号", "Mobile number", "phone", target=True)
    return SkuDraft(
        product_id=product_id,
        code=one.code,
        name_zh=one.name_zh,
        name_en=one.name_en,
        kind="topup" if one.account else "code",
        fields=(field,) if one.account else (),
        instrument_class="direct_topup" if one.account else "coupon_promo",
        issuer="Sandbox",
        redeem_scope="issuer",
        registered=False,
        tax_category="coupon",
    )


def _mirrored(sku: Sku) -> SkuDraft:
    return SkuDraft(**{name: getattr(sku, name) for name in SkuDraft.__struct_fields__})


def _changes(there: Sku, live: Sku) -> dict[str, object]:
    names = set(SkuDraft.__struct_fields__) - _NOT_MIRRORED
    return {n: getattr(live, n) for n in names if getattr(live, n) != getattr(there, n)}


def _ladder(prices: Snapshot, book: int, sku: int, at: datetime) -> Ladder | None:
    versions = prices.versions.get((book, sku), ())
    return next((v.ladder for v in versions if v.valid_from <= at), None)


def _cost(prices: Snapshot, sku: int, at: datetime) -> int:
    """Half of the least price that anybody has: it can be sold in every book."""
    books = [b for b in (prices.list_book, *prices.tier_books.values()) if b is not None]
    ladders = [ladder for b in books if (ladder := _ladder(prices, b, sku, at)) is not None]
    return min((p for ladder in ladders for p in ladder.prices_e4), default=magic.COST_E4) // 2
