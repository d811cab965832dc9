"""Purchase requests, for the people of the company that they are made in. The company is the session's."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from commissary import orders, partners, tenancy
from commissary.base import db
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.errors import RequestRefusal as FormRefusal
from commissary.base.home import home as home_of
from commissary.base.listing import MOST_VALUES, Typed
from commissary.base.wire import Cursor, Size, after, number, said, sized
from commissary.orders.types import OrderRefusal
from commissary.partners.types import PartnerRefusal
from commissary.requests import goods, rules, store
from commissary.requests.ask import ask
from commissary.requests.decide import DECIDES, decide, standing_of, withdraw
from commissary.requests.types import Request, RequestRefusal, RequestState, Whose
from commissary.requests.wire import (
    AskableList,
    RequestDecisionIn,
    RequestIn,
    RequestOut,
    RequestPage,
    good_out,
    request_out,
)
from commissary.tenancy.types import Actor

ROOT = "/console/v1/own/requests"
ONE = f"{ROOT}/{{request_id:str}}"
TAG = ["Own: requests"]
SEES = ("own.requests.write", "own.requests.decide")


@get(
    ROOT,
    operation_id="listMyRequests",
    tags=TAG,
    summary="Requests to buy: one's own, and those that one may decide, newest first",
    opt=said("采购申请（本人的及可审批的，按时间倒序）", "", FormRefusal.not_found),
)
async def list_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    whose: FromQuery[Whose] = "all",
    status: FromQuery[list[RequestState] | None] = None,
    department_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> RequestPage:
    if status is not None and len(status) > MOST_VALUES:
        raise invalid("status", f"at most {MOST_VALUES} / 最多 {MOST_VALUES} 个")
    async with env.db.transaction(actor.mall_id) as tx:
        heads = await _heads(tx, actor)
        of = number(department_id) if department_id else None
        found = await _found(tx, actor, heads, whose, status, of, after(cursor) or 2**63 - 1, sized(size))
        waiting = await _found(tx, actor, heads, "to_decide", None, None, 2**63 - 1, 200)
        items = await _shown(tx, actor, found[:size], heads)
    following = str(found[size - 1].id) if len(found) > size else None
    return RequestPage(items, following, len(waiting))


@post(
    ROOT,
    operation_id="askToBuy",
    tags=TAG,
    summary="Ask to buy for one's department; what one may buy alone is ordered at once",
    opt=said(
        "提交采购申请（额度内直接下单）",
        "",
        RequestRefusal.no_department,
        PartnerRefusal.department_closed,
        OrderRefusal.sku_unknown,
        OrderRefusal.sku_not_listed,
        OrderRefusal.quantity_over_limit,
        RequestRefusal.not_priced_for_you,
        RequestRefusal.request_no_reused,
    ),
    status_code=200,
)
async def ask_route(
    env: NamedDependency[Env],
    desk: NamedDependency[orders.Desk],
    actor: NamedDependency[Actor],
    data: JSONBody[RequestIn],
) -> RequestOut:
    return await _one(env, actor, await ask(env, desk, actor, data.asked()))


@get(
    "/console/v1/own/request-goods",
    operation_id="listGoodsToAskFor",
    tags=TAG,
    summary="What can be asked for, and what a piece costs the company",
    opt=said("可申请的商品及本企业价格"),
)
async def goods_route(
    env: NamedDependency[Env],
    desk: NamedDependency[orders.Desk],
    actor: NamedDependency[Actor],
    q: Typed = None,
) -> AskableList:
    tenancy.require(actor, "own.requests.write")
    async with env.db.transaction(actor.mall_id) as tx:
        company = await partners.company_of(tx, actor)
    found, currency = await goods.goods(desk, actor.mall_id, company.id, q or "", env.now(actor.mall_id))
    return AskableList([good_out(one, currency) for one in found])


@get(
    ONE,
    operation_id="getMyRequest",
    tags=TAG,
    summary="A request, with whom its goods are for",
    opt=said("采购申请详情（含领用人）", "", FormRefusal.not_found),
)
async def get_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], request_id: FromPath[str]
) -> RequestOut:
    async with env.db.transaction(actor.mall_id) as tx:
        company = await partners.company_of(tx, actor)
        found = await store.request(tx, actor.mall_id, company.id, number(request_id))
        sees, _ = await standing_of(tx, actor, found)
    if not sees:
        raise Refused(FormRefusal.not_found)
    return await _one(env, actor, found)


@post(
    f"{ONE}/decide",
    operation_id="decideMyRequest",
    tags=TAG,
    summary="Approve or refuse somebody else's request; approved, it is ordered at once",
    opt=said(
        "审批采购申请（通过即下单）",
        "",
        FormRefusal.not_found,
        RequestRefusal.own_request,
        RequestRefusal.not_the_approver,
        RequestRefusal.request_decided,
        RequestRefusal.amount_moved,
        RequestRefusal.not_priced_for_you,
    ),
    status_code=200,
)
async def decide_route(
    env: NamedDependency[Env],
    desk: NamedDependency[orders.Desk],
    actor: NamedDependency[Actor],
    request_id: FromPath[str],
    data: JSONBody[RequestDecisionIn],
) -> RequestOut:
    id_ = number(request_id)
    decided = await decide(
        env, desk, actor, id_, approve=data.approve, most_e4=data.most_e4(), comment=data.comment
    )
    return await _one(env, actor, decided)


@post(
    f"{ONE}/withdraw",
    operation_id="withdrawMyRequest",
    tags=TAG,
    summary="Take one's own request back, while nobody has decided",
    opt=said("撤回本人的采购申请", "", FormRefusal.not_found, RequestRefusal.request_decided),
    status_code=200,
)
async def withdraw_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], request_id: FromPath[str]
) -> RequestOut:
    return await _one(env, actor, await withdraw(env, actor, number(request_id)))


async def _heads(tx: db.Tx, actor: Actor) -> set[int]:
    """The departments whose requests the actor decides as their head. Refuses forbidden."""
    if not any(tenancy.allows(actor, right) for right in SEES):
        tenancy.require(actor, SEES[0])
    await partners.company_of(tx, actor)
    mine = await partners.departments_of(tx, actor, all_of_them=False)
    found = [await partners.member_of(tx, actor.mall_id, d.id, int(actor.id)) for d in mine]
    return {m.department_id for m in found if m is not None and m.head}


async def _found(
    tx: db.Tx,
    actor: Actor,
    heads: set[int],
    whose: Whose,
    states: list[RequestState] | None,
    department_id: int | None,
    before: int,
    size: int,
) -> list[Request]:
    given = {
        "home": home_of(actor.mall_id),
        "organisation": actor.organisation_id,
        "person": int(actor.id),
        "whose": whose,
        "all": tenancy.allows(actor, DECIDES),
        "heads": Bigints(sorted(heads)),
        "states": list(states) if states else None,
        "department": department_id,
        "before": before,
        "size": size,
    }
    return [store.request_of(r) for r in await db.rows(tx, store.Q.list_requests, given)]


async def _shown(tx: db.Tx, actor: Actor, found: list[Request], heads: set[int]) -> list[RequestOut]:
    lines = await store.lines_by_id(tx, actor.mall_id, [r.id for r in found])
    people, departments = await store.names(tx, actor.mall_id, found)
    approver, person = tenancy.allows(actor, DECIDES), int(actor.id)
    return [
        request_out(
            r,
            lines.get(r.id, []),
            people,
            departments,
            may_decide=rules.may_decide(person, r.asked_by, r.department_id in heads, approver),
        )
        for r in found
    ]


async def _one(env: Env, actor: Actor, found: Request) -> RequestOut:
    async with env.db.transaction(actor.mall_id) as tx:
        lines, sealed = await store.lines_of(tx, env, actor.mall_id, found.id)
        people, departments = await store.names(tx, actor.mall_id, [found])
        _, decides = await standing_of(tx, actor, found)
    return request_out(found, lines, people, departments, may_decide=decides, sealed=sealed)


ROUTES = [list_route, ask_route, goods_route, get_route, decide_route, withdraw_route]
