"""Connections, offers and how SKUs are bought, for the console."""

from litestar import get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from commissary import stock
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, listed
from commissary.base.money import Money
from commissary.base.outgoing import Outgoing, OutgoingRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.dialects import SPECS
from commissary.supply import connections, declare_routes, listing, offers, own_routes, score_routes
from commissary.supply.connectors import WITH_PEOPLE
from commissary.supply.connectors.form_spec import example
from commissary.supply.listing import ConnectionQuery
from commissary.supply.pull import pull_now
from commissary.supply.purchasing import Purchasing
from commissary.supply.shelf import OFFERS
from commissary.supply.subscribe import subscribe
from commissary.supply.types import Connection, ConnectionState, SupplyRefusal
from commissary.supply.wire import (
    BalanceOut,
    ConnectionEdit,
    ConnectionIn,
    ConnectionOut,
    GoodsOut,
    OfferEdit,
    OfferIn,
    OfferOut,
    PolicyIn,
    ProtocolOut,
    PulledOut,
    SwitchIn,
    connection_out,
    good_out,
    offer_out,
)
from commissary.tenancy.types import Actor

Out = NamedDependency[SkipValidation[Outgoing]]
Talks = NamedDependency[SkipValidation[Purchasing]]
UNHEARD = (SupplyRefusal.supplier_unreachable, SupplyRefusal.supplier_said_no)


@get(
    "/console/v1/protocols",
    operation_id="listProtocols",
    tags=["Supply"],
    summary="Suppliers' protocols that are spoken here",
    opt=said("支持的供应商协议"),
)
async def protocols_route(actor: NamedDependency[Actor]) -> list[ProtocolOut]:
    del actor
    found = []
    for name, of in WITH_PEOPLE.items():
        if name == "form":
            found.append(ProtocolOut(name=name, configured=True, rules=sorted(SPECS), example=example()))
            continue
        facts = of(
            Connection("https://supplier.example", "account", "0123456789abcdef0123456789abcdef")
        ).facts
        found.append(
            ProtocolOut(
                name=name,
                people=facts.within_s is not None,
                idempotent=facts.idempotent,
                queries=facts.queries,
                cancels=facts.cancels,
                callbacks=facts.callbacks,
                pushes=facts.pushes,
                subscribes=facts.subscribes,
                price_limit=facts.guard,
                kinds=sorted(facts.kinds),
                quiet_s=facts.quiet_s,
            )
        )
    return found


def connection_query(
    q: Typed = None,
    status: FromQuery[list[ConnectionState] | None] = None,
    protocol: FromQuery[str | None] = None,
    supplier_id: FromQuery[str | None] = None,
    status_not: FromQuery[list[ConnectionState] | None] = None,
    protocol_not: FromQuery[str | None] = None,
    supplier_id_not: FromQuery[str | None] = None,
) -> ConnectionQuery:
    """The filters, the same for the list and its totals."""
    return ConnectionQuery(
        q=q or "",
        status=tuple(dict.fromkeys(status or ())),
        protocol=protocol or None,
        supplier_id=number(supplier_id) if supplier_id else None,
        status_not=tuple(dict.fromkeys(status_not or ())),
        protocol_not=protocol_not or None,
        supplier_id_not=number(supplier_id_not) if supplier_id_not else None,
    )


FILTERED = {"wanted": Provide(connection_query, sync_to_thread=False)}


@get(
    "/console/v1/connections",
    operation_id="listConnections",
    tags=["Supply"],
    summary="Our accounts with suppliers, by any of their filters",
    description="`q` is part of the name. Sorted by `created_at` or `name`; the oldest first if nothing is said.",
    opt=said(
        "供应商连接列表（按条件筛选）",
        "`q` 为名称的一部分；可按 `created_at`、`name` 排序，默认最早在前。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def connections_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[ConnectionQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[ConnectionOut]:
    sized(size)
    found, expected = await listing.look_connections(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found,
        size,
        connection_out,
        lambda c: listing.connection_cursor(c, sort),
        first=not cursor,
        estimate=expected,
    )


@get(
    "/console/v1/connections/totals",
    operation_id="totalConnections",
    tags=["Supply"],
    summary="How many connections match",
    opt=said("符合条件的连接数", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def connection_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[ConnectionQuery]
) -> Totals:
    return Totals(await listing.count_connections(env, actor, wanted), {})


@get(
    "/console/v1/connections/{connection_id:str}",
    operation_id="getConnection",
    tags=["Supply"],
    summary="One account with a supplier",
    opt=said("查询供应商连接", "", SupplyRefusal.connection_not_found, RequestRefusal.not_found),
)
async def connection_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], connection_id: FromPath[str]
) -> ConnectionOut:
    return connection_out(await connections.get_connection(env, actor, number(connection_id)))


@post(
    "/console/v1/connections",
    operation_id="addConnection",
    tags=["Supply"],
    summary="Connect to a supplier",
    description="The key is kept encrypted and never shown again.",
    opt=said(
        "新增供应商连接",
        "密钥加密保存，之后不再显示",
        SupplyRefusal.protocol_unknown,
        SupplyRefusal.supplier_not_found,
        SupplyRefusal.connection_name_taken,
        RequestRefusal.not_found,
        *OutgoingRefusal,
    ),
)
async def add_connection_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], outgoing: Out, data: JSONBody[ConnectionIn]
) -> ConnectionOut:
    return connection_out(
        await connections.add_connection(
            env,
            actor,
            _draft(data),
            supplier_id=int(data.supplier_id),
            protocol=data.protocol,
            currency=data.currency,
            outgoing=outgoing,
        )
    )


@put(
    "/console/v1/connections/{connection_id:str}",
    operation_id="editConnection",
    tags=["Supply"],
    summary="Change an account with a supplier",
    opt=said(
        "修改供应商连接",
        "",
        SupplyRefusal.connection_not_found,
        SupplyRefusal.connection_changed,
        SupplyRefusal.connection_name_taken,
        RequestRefusal.not_found,
        *OutgoingRefusal,
    ),
)
async def edit_connection_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    outgoing: Out,
    connection_id: FromPath[str],
    data: JSONBody[ConnectionEdit],
) -> ConnectionOut:
    return connection_out(
        await connections.edit_connection(
            env, actor, number(connection_id), _draft(data), data.version, outgoing=outgoing
        )
    )


@post(
    "/console/v1/connections/{connection_id:str}/switch",
    operation_id="switchConnection",
    tags=["Supply"],
    summary="Stop buying from a supplier, or begin again",
    description="Nothing new is bought while it is off; purchases on their way are still asked about.",
    opt=said(
        "启用/停用供应商连接",
        "停用后不再产生新的采购；在途采购继续查询",
        SupplyRefusal.connection_not_found,
        RequestRefusal.not_found,
    ),
    status_code=200,
)
async def switch_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    data: JSONBody[SwitchIn],
) -> ConnectionOut:
    found = await connections.switch(env, actor, number(connection_id), data.state, data.reason)
    return connection_out(found)


@post(
    "/console/v1/connections/{connection_id:str}/try",
    operation_id="tryConnection",
    tags=["Supply"],
    summary="Ask for our balance there: address, account and key are right",
    opt=said(
        "测试连接（查询余额）", "", SupplyRefusal.connection_not_found, RequestRefusal.not_found, *UNHEARD
    ),
    status_code=200,
)
async def try_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchasing: Talks,
    connection_id: FromPath[str],
) -> BalanceOut:
    id_ = number(connection_id)
    balance_e4 = await connections.try_connection(env, purchasing, actor, id_)
    kept = await connections.get_connection(env, actor, id_)
    return BalanceOut(Money(money.text(balance_e4), kept.currency))


@post(
    "/console/v1/connections/{connection_id:str}/pull",
    operation_id="pullConnection",
    tags=["Supply"],
    summary="Read the supplier's catalogue and our balance now",
    description="It is done by itself every `pull_s` seconds. Within five seconds of the last time: what that one saw.",
    opt=said(
        "立即拉取供应商商品与余额",
        "系统按 `pull_s` 自动拉取；五秒内重复请求返回上一次的结果",
        SupplyRefusal.connection_not_found,
        SupplyRefusal.pull_running,
        RequestRefusal.not_found,
        *UNHEARD,
    ),
    status_code=200,
)
async def pull_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchasing: Talks,
    connection_id: FromPath[str],
) -> PulledOut:
    done = await pull_now(env, purchasing, actor, number(connection_id))
    return PulledOut(done.seen, done.changed)


@post(
    "/console/v1/connections/{connection_id:str}/subscribe",
    operation_id="subscribeConnection",
    tags=["Supply"],
    summary="Ask the supplier to tell of changes by himself",
    description="At the connection's `callback_path`. Again after our key there was changed. Of a protocol without "
    "`subscribes` the address is entered at the supplier.",
    opt=said(
        "订阅供应商的商品变动推送",
        "推送至该连接的 `callback_path`；更换密钥后须重新订阅。不支持自动订阅的协议，请在供应商处填写该地址",
        SupplyRefusal.connection_not_found,
        SupplyRefusal.cannot_subscribe,
        RequestRefusal.not_found,
        *UNHEARD,
    ),
)
async def subscribe_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchasing: Talks,
    connection_id: FromPath[str],
) -> ConnectionOut:
    id_ = number(connection_id)
    await subscribe(env, purchasing, actor, id_)
    return connection_out(await connections.get_connection(env, actor, id_))


@get(
    "/console/v1/connections/{connection_id:str}/goods",
    operation_id="browseGoods",
    tags=["Supply"],
    summary="A supplier's catalogue, as he tells it now",
    opt=said(
        "浏览供应商商品（实时）", "", SupplyRefusal.connection_not_found, RequestRefusal.not_found, *UNHEARD
    ),
)
async def goods_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchasing: Talks,
    connection_id: FromPath[str],
    begin: FromQuery[str] = "",
) -> GoodsOut:
    id_ = number(connection_id)
    kept = await connections.get_connection(env, actor, id_)
    found = await offers.browse(env, purchasing, actor, id_, begin[:200])
    return GoodsOut([good_out(good, kept.currency) for good in found.goods], found.next or None)


@get(
    "/console/v1/offers",
    operation_id="listOffers",
    tags=["Supply"],
    summary="What suppliers offer for our SKUs",
    opt=said("货源列表", "", RequestRefusal.not_found),
)
async def offers_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    sku_id: FromQuery[str | None] = None,
    connection_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[OfferOut]:
    found = await offers.list_offers(
        env,
        actor,
        sku_id=number(sku_id) if sku_id else None,
        connection_id=number(connection_id) if connection_id else None,
        after=after(cursor),
        size=sized(size),
    )
    return page(found, size, offer_out, lambda o: o.id)


@post(
    "/console/v1/offers",
    operation_id="linkOffer",
    tags=["Supply"],
    summary="Let a SKU be bought as a supplier's article, at the cost he tells now",
    opt=said(
        "关联货源（成本取供应商实时报价）",
        "",
        SupplyRefusal.connection_not_found,
        SupplyRefusal.kind_mismatch,
        RequestRefusal.not_found,
        *UNHEARD,
    ),
)
async def link_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], purchasing: Talks, data: JSONBody[OfferIn]
) -> OfferOut:
    return offer_out(
        await offers.link_offer(
            env,
            purchasing,
            actor,
            connection_id=int(data.connection_id),
            good_id=data.good_id,
            sku_id=int(data.sku_id),
            weight=data.weight,
            canary_bp=data.canary_bp,
            warranty_hours=data.warranty_hours,
            field_map=data.field_map,
            unit_cost_e4=None if data.unit_cost is None else money.parse(data.unit_cost.amount),
            stock=data.stock,
        )
    )


@patch(
    "/console/v1/offers/{offer_id:str}",
    operation_id="setOffer",
    tags=["Supply"],
    summary="Switch an offer, move its share, decide about a cost that jumped",
    opt=said(
        "修改货源", "", SupplyRefusal.offer_not_found, RequestRefusal.not_found, RequestRefusal.conflict
    ),
)
async def set_offer_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    offer_id: FromPath[str],
    data: JSONBody[OfferEdit],
) -> OfferOut:
    return offer_out(
        await offers.set_offer(
            env,
            actor,
            number(offer_id),
            on=data.on,
            weight=data.weight,
            canary_bp=data.canary_bp,
            accept_held=data.accept_held,
            version=data.version,
        )
    )


@put(
    "/console/v1/skus/{sku_id:str}/supply-policy",
    operation_id="setSupplyPolicy",
    tags=["Supply"],
    summary="How a SKU is bought",
    opt=said("设置商品采购策略", "", RequestRefusal.not_found, RequestRefusal.conflict),
    status_code=204,
)
async def policy_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    sku_id: FromPath[str],
    data: JSONBody[PolicyIn],
) -> None:
    await offers.set_policy(
        env,
        actor,
        number(sku_id),
        strategy=data.strategy,
        tries=data.tries,
        exhausted=data.exhausted,
        patience_s=data.patience_s,
        version=data.version,
    )


def _draft(data: ConnectionIn | ConnectionEdit) -> connections.ConnectionDraft:
    return connections.ConnectionDraft(
        name=data.name,
        base_url=data.base_url or "",
        account=data.account or "",
        secret=data.secret,
        settings=data.settings,
        quiet_s=data.quiet_s,
        at_once=data.at_once,
        pull_s=data.pull_s,
        low_balance_e4=None if data.low_balance is None else money.parse(data.low_balance.amount),
    )


@get(
    "/console/v1/skus/{sku_id:str}/sources",
    operation_id="listSkuSources",
    tags=["Stock"],
    summary="Who supplies a SKU, from the shelf or by an offer, of what grade, and whether it may carry the badge of genuine goods",
    opt=said("商品货源（库存与供应商报价）：供应商、等级与正品标识", "", RequestRefusal.not_found),
)
async def sources_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sku_id: FromPath[str]
) -> stock.SkuSourcesOut:
    found = await stock.sources_of(env, actor, number(sku_id), (stock.LOTS, OFFERS))
    return stock.sources_out(found)


ROUTES = [
    sources_route,
    protocols_route,
    connections_route,
    connection_totals_route,
    connection_route,
    add_connection_route,
    edit_connection_route,
    switch_route,
    try_route,
    pull_route,
    subscribe_route,
    goods_route,
    offers_route,
    link_route,
    set_offer_route,
    policy_route,
    *score_routes.ROUTES,
    *declare_routes.ROUTES,
    *own_routes.ROUTES,
]
