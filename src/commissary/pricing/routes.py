"""Prices over HTTP: books, changes, templates and floors in the console; quotes for buyers."""

from datetime import datetime
from typing import Annotated

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter, SkipValidation

from commissary import approvals, catalog, tenancy
from commissary.approvals.types import Request
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.home import home
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.pricing import books, follow, guarded, offered, origin, quotes, store, template, wire
from commissary.pricing.matrix_routes import ROUTES as MATRIX_ROUTES
from commissary.pricing.subscription_routes import ROUTES as SUBSCRIPTION_ROUTES
from commissary.pricing.types import Change, PricingRefusal
from commissary.tenancy.types import Actor, Caller, TenancyRefusal

# Injected as it is: the signature model cannot convert a union of address classes.
Signed = NamedDependency[SkipValidation[Caller]]
Source = Annotated[
    str | None,
    QueryParameter(description="`price_source` of an order line, or quote:<id>; absent: the price now"),
]
Tier = Annotated[
    str | None,
    QueryParameter(description="As whoever is of this tier, without a contract; instead of `buyer_id`"),
]
Moment = Annotated[
    datetime | None,
    QueryParameter(description="As of then, past or to come; tiers and contracts are today's. Absent: now"),
]
Quantity = Annotated[int, QueryParameter(description="Of how many pieces", ge=1, le=2**31 - 1)]


@get(
    "/console/v1/books",
    operation_id="listBooks",
    tags=["Prices"],
    summary="Price books",
    opt=said("价格本列表"),
)
async def list_books(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[wire.BookOut]:
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.list_books(tx, actor.mall_id, after(cursor), sized(size))
    return page(found, size, wire.book_out, lambda b: b.id)


@post(
    "/console/v1/books",
    operation_id="openBook",
    tags=["Prices"],
    summary="Open a price book",
    opt=said("新建价格本", "", PricingRefusal.no_such_book, PricingRefusal.book_exists),
)
async def open_book(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[wire.BookIn]
) -> wire.BookOut:
    tier_id = None if data.tier_id is None else int(data.tier_id)
    buyer_id = None if data.buyer_id is None else int(data.buyer_id)
    async with env.db.transaction(actor.mall_id) as tx:
        return wire.book_out(
            await books.open_book(tx, env, actor, data.kind, data.name, tier_id=tier_id, buyer_id=buyer_id)
        )


@get(
    "/console/v1/books/{book_id:str}/prices",
    operation_id="listPrices",
    tags=["Prices"],
    summary="What holds in a book now, by SKU",
    opt=said("价格本现行价格（按商品）", "", RequestRefusal.not_found, PricingRefusal.no_such_book),
)
async def list_prices(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    book_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[wire.PriceOut]:
    tenancy.require(actor, "pricing.read")
    mall, first = actor.mall_id, after(cursor)
    async with env.db.transaction(mall) as tx:
        book = await store.book(tx, mall, number(book_id))
        found = await store.ladders_page(tx, mall, book.id, env.now(mall), first, sized(size))
    return page(
        found, size, lambda r: wire.PriceOut(str(r[0]), wire.rungs(r[1], book.currency)), lambda r: r[0]
    )


@post(
    "/console/v1/prices",
    operation_id="setPrices",
    tags=["Prices"],
    summary="Set prices now, or at an instant to come",
    opt=said(
        "立即或定时改价",
        "",
        RequestRefusal.not_found,
        PricingRefusal.no_such_book,
        PricingRefusal.no_such_change,
        PricingRefusal.unknown_sku,
        PricingRefusal.starts_in_the_past,
        PricingRefusal.already_undone,
        PricingRefusal.below_floor,
        asks=True,
    ),
)
async def set_prices(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    data: JSONBody[wire.PricesIn],
) -> Response[wire.ChangeOut]:
    tenancy.require(actor, "pricing.write")
    async with env.db.transaction(actor.mall_id) as tx:
        book = await store.book(tx, actor.mall_id, number(data.book_id))
    ladders = {
        int(p.sku_id): wire.ladder_in(p.rungs, book.currency, f"prices[{n}]")
        for n, p in enumerate(data.prices)
    }
    what = guarded.SetPrices(book.id, ladders, data.valid_from, data.reason, data.override_floor)
    return _changed(await acts.ask(env, actor, what, data.reason))


@get(
    "/console/v1/skus/{sku_id:str}/prices",
    operation_id="priceHistory",
    tags=["Prices"],
    summary="Every price a SKU ever had, with author and reason, last written first",
    opt=said("商品的全部历史价格（含操作人与原因，最近写入在前）", "", RequestRefusal.not_found),
)
async def price_history(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    sku_id: FromPath[str],
    book_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[wire.EntryOut]:
    tenancy.require(actor, "pricing.read")
    sku, book = number(sku_id), None if book_id is None else number(book_id)
    async with env.db.transaction(actor.mall_id) as tx:
        if sku not in await catalog.skus_by_id(tx, actor.mall_id, [sku]):
            raise Refused(RequestRefusal.not_found)
        currency = await store.currency_of(tx, actor.mall_id)
        found = await origin.history(
            tx,
            actor.mall_id,
            sku,
            book_id=book,
            before=after(cursor) or None,
            size=sized(size),
        )
    return page(found, size, lambda e: wire.entry_out(e, currency), lambda e: e.id)


@get(
    "/console/v1/skus/{sku_id:str}/why",
    operation_id="whyThisPrice",
    tags=["Prices"],
    summary="Why a price is what it is: of an order line by its source, else of what a buyer or a tier pays now or at an instant",
    opt=said(
        "价格由来：按订单行来源，或按客户、等级在某一时刻的价格",
        "",
        RequestRefusal.not_found,
        PricingRefusal.no_such_price,
        PricingRefusal.not_priced,
    ),
)
async def why_this_price(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    sku_id: FromPath[str],
    source: Source = None,
    buyer_id: FromQuery[str | None] = None,
    tier_id: Tier = None,
    quantity: Quantity = 1,
    at: Moment = None,
) -> wire.WhyOut:
    tenancy.require(actor, "pricing.read")
    mall, sku = actor.mall_id, number(sku_id)
    buyer = None if buyer_id is None else number(buyer_id)
    async with env.db.transaction(mall) as tx:
        currency = await store.currency_of(tx, mall)
        if source:
            return wire.why_out(await origin.why(tx, mall, sku, source, home(mall)), source, currency)
        when = at or env.now(mall)
        tier = None if tier_id is None else number(tier_id)
        gave, asked = await origin.asked_at(tx, mall, sku, quantity, when, buyer_id=buyer, tier_id=tier)
        found = await origin.why(tx, mall, sku, gave, home(mall))
    return wire.why_out(found, gave, currency, quantity, when, asked)


@get(
    "/console/v1/price-changes",
    operation_id="listPriceChanges",
    tags=["Prices"],
    summary="Acts of changing prices, newest first",
    opt=said("改价记录（按时间倒序）"),
)
async def list_changes(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[wire.ChangeOut]:
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.list_changes(tx, actor.mall_id, after(cursor) or None, sized(size))
    return page(found, size, wire.change_out, lambda c: c.id)


@post(
    "/console/v1/price-changes/{change_id:str}/undo",
    operation_id="undoPriceChange",
    tags=["Prices"],
    summary="Let what held before a change hold again",
    opt=said(
        "撤销一次改价",
        "",
        RequestRefusal.not_found,
        PricingRefusal.no_such_book,
        PricingRefusal.no_such_change,
        PricingRefusal.unknown_sku,
        PricingRefusal.starts_in_the_past,
        PricingRefusal.already_undone,
        PricingRefusal.overtaken,
        PricingRefusal.below_floor,
        asks=True,
    ),
)
async def undo(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    change_id: FromPath[str],
    data: JSONBody[wire.UndoIn],
) -> Response[wire.ChangeOut]:
    what = guarded.UndoChange(number(change_id), data.force, data.override_floor)
    return _changed(await acts.ask(env, actor, what))


def _changed(done: Change | Request) -> Response[wire.ChangeOut]:
    return approvals.waits(done) if isinstance(done, Request) else Response(wire.change_out(done))


@get(
    "/console/v1/price-templates",
    operation_id="listTemplates",
    tags=["Prices"],
    summary="Templates",
    opt=said("加价模板"),
)
async def list_templates(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> Page[wire.TemplateOut]:
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.list_templates(tx, actor.mall_id)
    return Page([wire.template_out(t) for t in found], None)


@put(
    "/console/v1/price-templates",
    operation_id="saveTemplate",
    tags=["Prices"],
    summary="Save a template under its name",
    opt=said("按名称保存加价模板", "", RequestRefusal.conflict),
)
async def save_template(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[wire.TemplateIn]
) -> wire.TemplateOut:
    return wire.template_out(
        await template.save_template(env, actor, data.name, wire.template_in(data), data.version)
    )


@post(
    "/console/v1/price-templates/{template_id:str}/preview",
    operation_id="previewTemplate",
    tags=["Prices"],
    summary="What a template would do",
    opt=said(
        "预览模板效果",
        "",
        RequestRefusal.not_found,
        PricingRefusal.no_such_book,
        PricingRefusal.no_such_template,
        PricingRefusal.unknown_sku,
    ),
    status_code=200,
)
async def preview(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    template_id: FromPath[str],
    data: JSONBody[wire.PreviewIn],
) -> wire.PreviewOut:
    tenancy.require(actor, "pricing.read")
    skus = await _skus(env, actor, data)
    shown = await template.preview(env, actor, number(template_id), int(data.book_id), skus)
    async with env.db.transaction(actor.mall_id) as tx:
        return wire.preview_out(shown, await store.currency_of(tx, actor.mall_id), data.most_rows)


async def _skus(env: Env, actor: Actor, data: wire.PreviewIn | wire.ApplyIn) -> list[int]:
    """Those that were named, or all that match now: with other goods than the preview's its hash is another one."""
    if (data.sku_ids is None) == (data.filter is None):
        raise invalid("sku_ids", "either these or a filter / 请给出商品编号或筛选条件之一")
    if data.filter is None:
        return [int(i) for i in data.sku_ids or ()]
    of = data.filter
    query = catalog.SkuQuery(
        of.q,
        tuple(of.status),
        tuple(of.kind),
        int(of.product_id) if of.product_id else None,
        int(of.brand_id) if of.brand_id else None,
    )
    found = await catalog.sku_ids(env, actor, query, wire.MOST_SKUS + 1)
    if len(found) > wire.MOST_SKUS:
        raise invalid("filter", f"at most {wire.MOST_SKUS} SKUs at once / 每次最多 {wire.MOST_SKUS} 个商品")
    return found


@post(
    "/console/v1/price-templates/{template_id:str}/apply",
    operation_id="applyTemplate",
    tags=["Prices"],
    summary="Do what the preview showed",
    opt=said(
        "执行预览所示的改价",
        "",
        RequestRefusal.not_found,
        PricingRefusal.no_such_book,
        PricingRefusal.no_such_change,
        PricingRefusal.no_such_template,
        PricingRefusal.unknown_sku,
        PricingRefusal.starts_in_the_past,
        PricingRefusal.already_undone,
        PricingRefusal.preview_stale,
        PricingRefusal.below_floor,
        asks=True,
    ),
)
async def apply(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    template_id: FromPath[str],
    data: JSONBody[wire.ApplyIn],
) -> Response[wire.AppliedOut]:
    tenancy.require(actor, "pricing.write")
    skus = await _skus(env, actor, data)
    what = guarded.ApplyTemplate(number(template_id), int(data.book_id), skus, data.hash, data.reason)
    done = await acts.ask(env, actor, what, data.reason)
    if isinstance(done, Request):
        return approvals.waits(done)
    return Response(wire.AppliedOut(None if done is None else wire.change_out(done)))


@get(
    "/console/v1/floors",
    operation_id="listFloors",
    tags=["Prices"],
    summary="Least margins over cost",
    opt=said("最低毛利"),
)
async def list_floors(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> Page[wire.FloorOut]:
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.list_floors(tx, actor.mall_id)
    return Page([wire.floor_out(f) for f in found], None)


@put(
    "/console/v1/floors",
    operation_id="setFloor",
    tags=["Prices"],
    summary="Set a least margin over cost",
    opt=said("设定最低毛利", "", PricingRefusal.unknown_sku, asks=True),
)
async def set_floor(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    data: JSONBody[wire.FloorIn],
) -> Response[wire.FloorOut]:
    sku_id = 0 if data.sku_id is None else int(data.sku_id)
    done = await acts.ask(env, actor, guarded.SetFloor(sku_id, data.margin_bp))
    return approvals.waits(done) if isinstance(done, Request) else Response(wire.floor_out(done))


@get(
    "/console/v1/price-follows",
    operation_id="listPriceFollows",
    tags=["Prices"],
    summary="What prices follow their cost, and how",
    opt=said("价格随成本联动规则"),
)
async def list_follows(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> Page[wire.FollowOut]:
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return Page([wire.follow_out(f) for f in await store.follows(tx, actor.mall_id)], None)


@put(
    "/console/v1/price-follows",
    operation_id="setPriceFollow",
    tags=["Prices"],
    summary="Let prices of a book follow their cost by a template",
    description="From the next change of a cost on. The narrowest scope holds: SKU, product, brand, mall.",
    opt=said(
        "设定价格随成本联动",
        "自下一次成本变动起生效；范围最小者优先：规格、商品、品牌、全商城",
        PricingRefusal.no_such_book,
        PricingRefusal.no_such_template,
        PricingRefusal.no_such_scope,
    ),
)
async def set_follow(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[wire.FollowIn]
) -> wire.FollowOut:
    made = await follow.set_follow(
        env,
        actor,
        book_id=int(data.book_id),
        scope=data.scope,
        scope_id=0 if data.scope_id is None else int(data.scope_id),
        template_id=int(data.template_id),
        limit_bp=data.limit_bp,
        active=data.active,
    )
    return wire.follow_out(made)


@get(
    "/console/v1/price-proposals",
    operation_id="listPriceProposals",
    tags=["Prices"],
    summary="Moves of prices that wait for a person",
    opt=said("待审批的调价建议"),
)
async def list_proposals(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[wire.ProposalOut]:
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        currency = await store.currency_of(tx, actor.mall_id)
        found = await store.proposals(tx, actor.mall_id, "waiting", after(cursor), sized(size))
    return page(found, size, lambda p: wire.proposal_out(p, currency), lambda p: p.id)


@post(
    "/console/v1/price-proposals/{proposal_id:str}/decide",
    operation_id="decidePriceProposal",
    tags=["Prices"],
    summary="Approve or refuse a move of a price",
    opt=said(
        "审批调价建议",
        "",
        TenancyRefusal.step_up_required,
        RequestRefusal.not_found,
        PricingRefusal.no_such_proposal,
        PricingRefusal.proposal_decided,
        PricingRefusal.below_floor,
    ),
    status_code=200,
)
async def decide_proposal(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    proposal_id: FromPath[str],
    data: JSONBody[wire.DecisionIn],
) -> wire.ProposalOut:
    found = await follow.decide(env, actor, number(proposal_id), approve=data.approve)
    async with env.db.transaction(actor.mall_id) as tx:
        currency = await store.currency_of(tx, actor.mall_id)
    return wire.proposal_out(found, currency)


@get(
    "/v1/products",
    operation_id="listOwnProducts",
    tags=["Products"],
    summary="What you may buy, at your prices",
    description="Listed goods that have a price for you, by id. `cursor` is the `next` of the page before.",
    opt=said(
        "可采购商品与贵方价格",
        "仅返回已上架且对贵方有价的商品，按 ID 排序；`cursor` 取上一页的 `next`。库存数为概数，可能为 `unlimited`。",
    ),
)
async def list_products(
    env: NamedDependency[Env], caller: Signed, cursor: Cursor = None, size: Size = 50
) -> Page[wire.ProductOut]:
    tenancy.require_scope(caller, "catalog:read")
    key = caller.key
    async with env.db.transaction(key.mall_id) as tx:
        currency = await store.currency_of(tx, key.mall_id)
        found = await offered.offers(
            tx, env, key.home_id, key.organisation_id, after=after(cursor), size=sized(size)
        )
    return page(found, size, lambda o: wire.product_out(o, currency), lambda o: o.good.sku_id)


@post(
    "/v1/quotes",
    operation_id="createQuote",
    tags=["Quotes"],
    summary="A price that binds us for a while",
    description="From your own prices alone. Give the quote's `id` as `quote_id` with the order.",
    opt=said(
        "锁价报价",
        "按贵方价格报价，有效期内不变；下单时以 `quote_id` 传入。",
        PricingRefusal.unknown_sku,
        PricingRefusal.not_for_sale,
        PricingRefusal.quantity_over_limit,
        PricingRefusal.not_priced,
        PricingRefusal.below_floor,
        examples={"one line": {"lines": [{"sku_id": "250782049558855680", "quantity": 2}], "ttl_s": 120}},
    ),
)
async def create_quote(
    env: NamedDependency[Env], caller: Signed, data: JSONBody[wire.QuoteIn]
) -> wire.QuoteOut:
    tenancy.require_scope(caller, "orders:write")
    wanted = [(int(x.sku_id), x.quantity) for x in data.lines]
    person = tenancy.actor_of(caller) if tenancy.is_person(caller) else None
    made = await quotes.quote(env, caller.key.home_id, caller.key.organisation_id, wanted, data.ttl_s, person)
    return wire.quote_out(made)


ROUTES = [
    list_books,
    open_book,
    list_prices,
    set_prices,
    price_history,
    why_this_price,
    list_changes,
    undo,
    list_templates,
    save_template,
    preview,
    apply,
    list_floors,
    set_floor,
    list_follows,
    set_follow,
    list_proposals,
    decide_proposal,
    list_products,
    create_quote,
    *MATRIX_ROUTES,
    *SUBSCRIPTION_ROUTES,
]
