"""The second person's desk, in the console."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter

from commissary import tenancy
from commissary.approvals import read, role_routes, set_rules, wire
from commissary.approvals.decide import add_comment, decide, withdraw
from commissary.approvals.types import ActName, ApprovalRefusal, Request, View
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.tenancy.types import Actor, TenancyRefusal

Act = Annotated[ActName, PathParameter(description="Whose rule")]
_DECIDING = (
    RequestRefusal.not_found,
    TenancyRefusal.step_up_required,
    ApprovalRefusal.own_request,
    ApprovalRefusal.not_yours_to_decide,
    ApprovalRefusal.already_decided,
    ApprovalRefusal.request_expired,
    ApprovalRefusal.seen_otherwise,
    ApprovalRefusal.payload_changed,
    ApprovalRefusal.subject_changed,
    ApprovalRefusal.maker_lost_right,
)


@get(
    "/console/v1/approvals",
    operation_id="listApprovals",
    tags=["Approvals"],
    summary="Acts that wait for a second person, or that one decided about",
    description="`to_decide`: what the caller may decide, due first on top; the other views newest first. "
    "`mentioned`: in whose comments the caller is called upon.",
    opt=said(
        "待复核与已复核的操作",
        "`to_decide` 为本人可审批的申请，最先到期者在前；其他视图按时间倒序；`mentioned` 为评论中提及本人的申请。",
    ),
)
async def list_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    view: FromQuery[View] = "to_decide",
    cursor: Cursor = None,
    size: Size = 50,
) -> wire.ApprovalList:
    found = await read.list_requests(env, actor, view, before=after(cursor) or None, size=sized(size))
    more, found = len(found) > size and view != "to_decide", found[:size]
    names = await _names(env, actor, wire.people_of(found))
    next_ = str(found[-1].request.id) if more else None
    return wire.ApprovalList([wire.approval_out(one, names) for one in found], next_)


@get(
    "/console/v1/approvals/{approval_id:str}",
    operation_id="getApproval",
    tags=["Approvals"],
    summary="One request, with exactly what would be done and what was said about it",
    opt=said("查看申请全文与评论", "", RequestRefusal.not_found),
)
async def get_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], approval_id: FromPath[str]
) -> wire.ApprovalFile:
    one, comments, people = await read.get_request(env, actor, number(approval_id))
    names = await _names(env, actor, wire.people_of([one]) | wire.people_in(comments))
    told = [wire.comment_out(c, names) for c in comments]
    others = [wire.ref(person, people) for person in people if str(person) != actor.id]
    payload = msgspec.json.decode(one.request.payload)
    return wire.ApprovalFile(wire.approval_out(one, names), payload, told, others)


@get(
    "/console/v1/approvals/{approval_id:str}/lines",
    operation_id="listApprovalLines",
    tags=["Approvals"],
    summary="What a request would change part by part, what to look at twice and the biggest moves first",
    description="As it was asked for; the seal is over all of them. `warned`: only what stands under its floor.",
    opt=said(
        "申请的逐项变更（需留意者与变动最大者在前）",
        "内容以提交时为准，并在封签范围内；`warned` 仅列低于底价的项。",
        RequestRefusal.not_found,
    ),
)
async def lines_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    approval_id: FromPath[str],
    warned: FromQuery[bool] = False,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[wire.ApprovalLineOut]:
    found = await read.list_lines(
        env, actor, number(approval_id), warned=warned, after=after(cursor), size=sized(size)
    )
    return page(
        found, size, lambda f: wire.ApprovalLineOut(f[0], **msgspec.structs.asdict(f[1])), lambda f: f[0]
    )


@post(
    "/console/v1/approvals/{approval_id:str}/decide",
    operation_id="decideApproval",
    tags=["Approvals"],
    summary="Approve, and it is done, or refuse",
    description="Done in the transaction of the decision. `failed`: it could not be done any more, and nothing of it was.",
    opt=said(
        "复核通过（同一事务内执行）或驳回", "状态为 `failed` 表示已无法执行，且未产生任何变更。", *_DECIDING
    ),
    status_code=200,
)
async def decide_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: wire.Doing,
    approval_id: FromPath[str],
    data: JSONBody[wire.DecideIn],
) -> wire.ApprovalOut:
    if data.approve:
        tenancy.require_proof(env, actor)
    done = await decide(
        env,
        acts,
        actor,
        number(approval_id),
        approve=data.approve,
        seal=data.seal,
        comment=data.comment,
    )
    return await _out(env, actor, done)


@post(
    "/console/v1/approvals/decide",
    operation_id="decideApprovals",
    tags=["Approvals"],
    summary="The same decision about several, each by itself",
    opt=said("批量复核（逐条独立处理）", "", TenancyRefusal.step_up_required),
    status_code=200,
)
async def decide_many_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: wire.Doing,
    data: JSONBody[wire.ManyDecisionsIn],
) -> wire.ManyDecided:
    if data.approve:
        tenancy.require_proof(env, actor)
    done = []
    for one in data.items:
        try:
            found = await decide(
                env,
                acts,
                actor,
                number(one.id),
                approve=data.approve,
                seal=one.seal,
                comment=data.comment,
            )
            failure = found.decision.failure if found.decision else None
            done.append(wire.OneDecided(one.id, found.state, failure, None))
        except Refused as no:
            done.append(wire.OneDecided(one.id, None, None, no.refusal.code))
    return wire.ManyDecided(done)


@post(
    "/console/v1/approvals/{approval_id:str}/withdraw",
    operation_id="withdrawApproval",
    tags=["Approvals"],
    summary="Take back what one asked for",
    opt=said(
        "撤回本人的申请",
        "",
        RequestRefusal.not_found,
        ApprovalRefusal.not_yours_to_withdraw,
        ApprovalRefusal.already_decided,
    ),
    status_code=200,
)
async def withdraw_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    approval_id: FromPath[str],
    data: JSONBody[wire.WithdrawRequestIn],
) -> wire.ApprovalOut:
    return await _out(env, actor, await withdraw(env, actor, number(approval_id), data.comment))


@post(
    "/console/v1/approvals/{approval_id:str}/comments",
    operation_id="commentApproval",
    tags=["Approvals"],
    summary="Say something about a request, and to whom",
    opt=said("评论申请，可提及同事", "", RequestRefusal.not_found),
)
async def comment_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    approval_id: FromPath[str],
    data: JSONBody[wire.CommentIn],
) -> wire.CommentList:
    mentions = [number(person) for person in data.mentions]
    found = await add_comment(env, actor, number(approval_id), data.words, mentions)
    names = await _names(env, actor, wire.people_in(found))
    return wire.CommentList([wire.comment_out(c, names) for c in found])


@get(
    "/console/v1/approval-rules",
    operation_id="listApprovalRules",
    tags=["Approvals"],
    summary="Which acts need a second person, and above what",
    opt=said("复核规则"),
)
async def rules_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> wire.ApprovalRuleList:
    found, holders = await set_rules.list_rules(env, actor)
    currency = await _currency(env, actor)
    items = [wire.rule_out(rule, currency, len(holders)) for rule in found]
    return wire.ApprovalRuleList(items, len(holders), currency)


@put(
    "/console/v1/approval-rules/{act:str}",
    operation_id="setApprovalRule",
    tags=["Approvals"],
    summary="Set a rule; a weaker one needs a second person itself",
    opt=said(
        "设定复核规则（放宽规则本身须经复核）",
        "",
        RequestRefusal.not_found,
        ApprovalRefusal.rule_changed,
        asks=True,
    ),
)
async def set_rule_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: wire.Doing,
    act: Act,
    data: JSONBody[wire.ApprovalRuleIn],
) -> Response[wire.ApprovalRuleOut]:
    tenancy.require(actor, "approvals.write")
    currency = await _currency(env, actor)
    what = set_rules.SetRule(wire.rule_in(act, data, currency), data.version)
    done = await acts.ask(env, actor, what)
    if isinstance(done, Request):
        return wire.waits(done)
    _, holders = await set_rules.list_rules(env, actor)
    return Response(wire.rule_out(done, currency, len(holders)))


@get(
    "/console/v1/approval-delegates",
    operation_id="listApprovalDelegates",
    tags=["Approvals"],
    summary="Who decides in whose stead, now or soon",
    opt=said("审批代理"),
)
async def delegates_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> wire.DelegateList:
    found = await set_rules.list_delegates(env, actor)
    names = await _names(env, actor, {p for d in found for p in (d.person_id, d.delegate_id)})
    async with env.db.transaction(actor.mall_id) as tx:
        staff = await tenancy.staff(tx, actor.mall_id)
    colleagues = [wire.PersonRef(str(p), name) for p, name in staff.items() if str(p) != actor.id]
    if not tenancy.allows(actor, "approvals.decide"):
        colleagues = []
    return wire.DelegateList([wire.delegate_out(d, names) for d in found], colleagues)


@put(
    "/console/v1/approval-delegates/mine",
    operation_id="setApprovalDelegate",
    tags=["Approvals"],
    summary="Let a colleague decide in one's stead for a while",
    opt=said("设定本人的审批代理", "", ApprovalRefusal.delegate_unfit),
)
async def set_delegate_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[wire.DelegateIn]
) -> wire.DelegateOut:
    made = await set_rules.delegate(env, actor, number(data.person_id), data.until_at, data.from_at)
    return wire.delegate_out(made, await _names(env, actor, {made.person_id, made.delegate_id}))


@delete(
    "/console/v1/approval-delegates/mine",
    operation_id="endApprovalDelegate",
    tags=["Approvals"],
    summary="Decide oneself again",
    opt=said("取消本人的审批代理"),
    status_code=204,
)
async def end_delegate_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> None:
    await set_rules.end_delegation(env, actor)


async def _out(env: Env, actor: Actor, request: Request) -> wire.ApprovalOut:
    one = read.Shown(request, None)
    return wire.approval_out(one, await _names(env, actor, wire.people_of([one])))


async def _names(env: Env, actor: Actor, people: set[int]) -> dict[int, str]:
    async with env.db.transaction(actor.mall_id) as tx:
        return await tenancy.names_of(tx, actor.mall_id, people)


async def _currency(env: Env, actor: Actor) -> str:
    async with env.db.transaction(actor.mall_id) as tx:
        return await tenancy.currency_of(tx, actor.mall_id)


ROUTES = [
    list_route,
    get_route,
    lines_route,
    decide_route,
    decide_many_route,
    withdraw_route,
    comment_route,
    rules_route,
    set_rule_route,
    delegates_route,
    set_delegate_route,
    end_delegate_route,
    *role_routes.ROUTES,
]
