"""Departments and their budgets, for the people of the company that they belong to.

The company is the session's and is never a parameter: another's department is not found.
"""

from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from commissary import partners, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.home import home
from commissary.base.money import Money
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.ledger import departments, export, statement, store, wire
from commissary.ledger.department_wire import (
    BudgetMoved,
    BudgetMoveIn,
    DepartmentEdit,
    DepartmentIn,
    DepartmentKeyIn,
    DepartmentKeyOut,
    DepartmentOut,
    DepartmentsOut,
    DepartmentTransferOut,
    MemberIn,
    MemberOut,
    department_out,
    department_transfer_out,
    member_out,
)
from commissary.ledger.departments import MANAGE
from commissary.ledger.types import LedgerRefusal, Opening
from commissary.partners.types import Department, PartnerRefusal
from commissary.tenancy.types import BUYER_SCOPES, Actor

ROOT = "/console/v1/own/departments"
ONE = f"{ROOT}/{{department_id:str}}"
TAG = ["Own: departments"]
Key = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=64)]
MONEY = ("month_budget", "order_limit", "month_limit")


@get(
    ROOT,
    operation_id="listMyDepartments",
    tags=TAG,
    summary="The company's departments with their money",
    description="Who does not manage them sees those he belongs to.",
    opt=said("本企业部门及预算", "无管理权限者仅见所属部门。"),
)
async def list_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> DepartmentsOut:
    manages = tenancy.allows(actor, MANAGE)
    async with env.db.transaction(actor.mall_id) as tx:
        company = await partners.company_of(tx, actor)
        found = await partners.departments_of(tx, actor, all_of_them=manages)
        items = await _shown(tx, env, actor, found)
        main = None
        if manages:
            here = home(actor.mall_id)
            account = await store.account(tx, here, company.account_id)
            main = wire.account_out(account, await store.credit_line(tx, here, account.id))
    return DepartmentsOut(items, main)


@post(
    ROOT,
    operation_id="openMyDepartment",
    tags=TAG,
    summary="Open a department with a wallet of its own",
    opt=said("新建部门（含独立钱包）", "", PartnerRefusal.department_name_taken),
)
async def open_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[DepartmentIn]
) -> DepartmentOut:
    tenancy.require(actor, MANAGE)
    currency = await departments.currency_of_company(env, actor)
    given = {f"{n}_e4": _amount(getattr(data, n), currency, n) for n in MONEY}
    wanted = Opening(
        data.name,
        data.cost_centre,
        given["month_budget_e4"],
        data.returns_rest,
        given["order_limit_e4"] or 0,
        given["month_limit_e4"] or 0,
    )
    made, _ = await departments.open_department(env, actor, wanted)
    return await _one(env, actor, made)


@get(
    ONE,
    operation_id="getMyDepartment",
    tags=TAG,
    summary="A department with its members",
    opt=said("部门详情及成员", "", RequestRefusal.not_found),
)
async def get_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], department_id: FromPath[str]
) -> DepartmentOut:
    async with env.db.transaction(actor.mall_id) as tx:
        found = await departments.seen(tx, actor, number(department_id))
    return await _one(env, actor, found)


@patch(
    ONE,
    operation_id="editMyDepartment",
    tags=TAG,
    summary="Change its name, budget, or what members buy alone",
    opt=said(
        "修改部门、预算与自主采购额度",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        PartnerRefusal.department_name_taken,
        PartnerRefusal.department_closed,
    ),
)
async def edit_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    data: JSONBody[DepartmentEdit],
) -> DepartmentOut:
    tenancy.require(actor, MANAGE)
    currency = await departments.currency_of_company(env, actor)
    given: dict[str, Any] = {k: v for k, v in msgspec.structs.asdict(data).items() if v is not msgspec.UNSET}
    changes = {k: v for k, v in given.items() if k not in MONEY and k != "version"}
    changes |= {f"{k}_e4": _amount(given[k], currency, k) for k in MONEY if k in given}
    changed = await partners.edit_department(env, actor, number(department_id), changes, data.version)
    return await _one(env, actor, changed)


@post(
    f"{ONE}/close",
    operation_id="closeMyDepartment",
    tags=TAG,
    summary="Close a department: it buys no more, and its money goes back to the company",
    opt=said(
        "关闭部门（余额退回企业主账户）", "", RequestRefusal.not_found, PartnerRefusal.department_closed
    ),
    status_code=200,
)
async def close_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], department_id: FromPath[str]
) -> DepartmentOut:
    closed = await departments.close_department(env, actor, number(department_id))
    return await _one(env, actor, closed)


@post(
    f"{ONE}/budget-moves",
    operation_id="moveMyBudget",
    tags=TAG,
    summary="Move money between the company's wallet and a department's",
    description="`Idempotency-Key` names the move: the same again is done once.",
    opt=said(
        "划拨 / 收回部门预算",
        "`Idempotency-Key` 标识本次划拨，重复提交只执行一次。",
        RequestRefusal.not_found,
        PartnerRefusal.department_closed,
        LedgerRefusal.reference_used,
        LedgerRefusal.account_locked,
        LedgerRefusal.insufficient_balance,
    ),
)
async def move_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    data: JSONBody[BudgetMoveIn],
    idempotency_key: Key = "",
) -> BudgetMoved:
    tenancy.require(actor, MANAGE)
    if not idempotency_key:
        raise invalid("Idempotency-Key", "is needed / 必填")
    currency = await departments.currency_of_company(env, actor)
    amount_e4 = wire.amount_in(data.amount, currency, "amount")
    moved = await departments.move_budget(
        env, actor, number(department_id), amount_e4, data.direction, idempotency_key, data.memo
    )
    return BudgetMoved(str(moved.transfer_id), data.direction, data.amount, moved.repeated)


@put(
    f"{ONE}/members/{{person_id:str}}",
    operation_id="setMyDepartmentMember",
    tags=TAG,
    summary="Put a colleague into a department, or change what he is in it",
    opt=said("添加或修改部门成员", "", RequestRefusal.not_found, PartnerRefusal.department_closed),
)
async def member_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    person_id: FromPath[str],
    data: JSONBody[MemberIn],
) -> MemberOut:
    tenancy.require(actor, MANAGE)
    currency = await departments.currency_of_company(env, actor)
    member = await partners.set_member(
        env,
        actor,
        number(department_id),
        number(person_id),
        head=data.head,
        order_limit_e4=_amount(data.order_limit, currency, "order_limit"),
        month_limit_e4=_amount(data.month_limit, currency, "month_limit"),
    )
    return member_out(member, currency)


@delete(
    f"{ONE}/members/{{person_id:str}}",
    operation_id="dropMyDepartmentMember",
    tags=TAG,
    summary="Take somebody out of a department",
    opt=said("移出部门成员", "", RequestRefusal.not_found),
    status_code=204,
)
async def drop_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    person_id: FromPath[str],
) -> None:
    await partners.drop_member(env, actor, number(department_id), number(person_id))


@post(
    f"{ONE}/keys",
    operation_id="issueMyDepartmentKey",
    tags=TAG,
    summary="An API key whose orders are charged to the department",
    opt=said(
        "签发部门密钥（订单计入该部门）", "", RequestRefusal.not_found, PartnerRefusal.department_closed
    ),
)
async def key_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    data: JSONBody[DepartmentKeyIn],
) -> DepartmentKeyOut:
    tenancy.require(actor, MANAGE)
    tenancy.require_for(actor, "keys.write", actor.organisation_id)
    if not set(data.scopes) <= set(BUYER_SCOPES):
        raise invalid("scopes", f"of {', '.join(BUYER_SCOPES)} / 客户密钥仅限上述权限")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await partners.open_department(tx, actor, number(department_id))
    view, secret = await tenancy.issue_key(
        env,
        actor,
        organisation_id=found.organisation_id,
        account_id=found.account_id,
        name=data.name,
        scopes=data.scopes,
        ip_allow=data.ip_allow,
        expires_at=data.expires_at,
    )
    return DepartmentKeyOut(view.id, secret)


@get(
    f"{ONE}/transfers",
    operation_id="listMyDepartmentTransfers",
    tags=TAG,
    summary="What moved on a department's wallet, newest first",
    opt=said("部门流水（按时间倒序）", "", RequestRefusal.not_found),
)
async def transfers_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[DepartmentTransferOut]:
    async with env.db.transaction(actor.mall_id) as tx:
        account = (await departments.seen(tx, actor, number(department_id))).account_id
        found = await store.transfers(tx, home(actor.mall_id), account, after(cursor) or None, sized(size))
    return page(found, size, lambda t: department_transfer_out(t, account), lambda t: t.id)


@get(
    f"{ONE}/statements",
    operation_id="listMyDepartmentStatements",
    tags=TAG,
    summary="A department's statements, newest first",
    opt=said("部门对账单（按时间倒序）", "", RequestRefusal.not_found),
)
async def statements_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> wire.StatementList:
    here = home(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        account = (await departments.seen(tx, actor, number(department_id))).account_id
        currency = (await store.account(tx, here, account)).currency
        before = after(cursor) or None
        found = await statement.statements(tx, here, account, before=before, size=sized(size))
    shown = page(found, size, lambda s: wire.statement_out(s, currency), lambda s: s.id)
    return wire.StatementList(shown.items, shown.next)


@post(
    f"{ONE}/statements",
    operation_id="makeMyDepartmentStatement",
    tags=TAG,
    summary="Close a period of a department's wallet",
    opt=said(
        "生成部门对账单",
        "",
        RequestRefusal.not_found,
        LedgerRefusal.period_open,
        LedgerRefusal.period_overlaps,
    ),
)
async def close_period_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    data: JSONBody[wire.StatementIn],
) -> wire.StatementOut:
    tenancy.require(actor, MANAGE)
    async with env.db.transaction(actor.mall_id) as tx:
        account = (await departments.seen(tx, actor, number(department_id))).account_id
    made = await statement.close_period(env, actor, account, data.from_at, data.to_at)
    currency = await departments.currency_of_company(env, actor)
    return wire.statement_out(made, currency)


@get(
    f"{ONE}/statements/{{statement_id:str}}/export",
    operation_id="exportMyDepartmentStatement",
    tags=TAG,
    summary="A department's statement with its transfers as CSV",
    opt=said("导出部门对账单及流水（CSV）", "", RequestRefusal.not_found, gives="text/csv"),
    media_type="text/csv",
)
async def export_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    department_id: FromPath[str],
    statement_id: FromPath[str],
) -> Response[bytes]:
    here = home(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        account_id = (await departments.seen(tx, actor, number(department_id))).account_id
        found = await store.statement(tx, here, number(statement_id))
        if found.account_id != account_id:
            raise Refused(RequestRefusal.not_found)
        account = await store.account(tx, here, account_id)
        body = export.statement_csv(found, account, await statement.lines_of(tx, here, found))
    name = f'attachment; filename="department-{department_id}-{found.id}.csv"'
    return Response(body, media_type="text/csv; charset=utf-8", headers={"content-disposition": name})


async def _one(env: Env, actor: Actor, found: Department) -> DepartmentOut:
    async with env.db.transaction(actor.mall_id) as tx:
        return (await _shown(tx, env, actor, [found]))[0]


async def _shown(tx: db.Tx, env: Env, actor: Actor, found: list[Department]) -> list[DepartmentOut]:
    mall = actor.mall_id
    standing = await departments.standings(tx, mall, found, env.now(mall))
    return [department_out(s, await partners.members_of(tx, mall, s.department.id)) for s in standing]


def _amount(given: Money | None, currency: str, path: str) -> int | None:
    if given is None:
        return None
    amount_e4 = wire.amount_in(given, currency, path)
    if amount_e4 < 0:
        raise invalid(f"{path}.amount", "must not be negative / 不能为负数")
    return amount_e4


ROUTES = [
    list_route,
    open_route,
    get_route,
    edit_route,
    close_route,
    move_route,
    member_route,
    drop_route,
    key_route,
    transfers_route,
    statements_route,
    close_period_route,
    export_route,
]
