"""The console's entrance: people and roles, keys, organisations, the audit log; sessions are in `session_routes`.

Keys are made at the buyer's (`partners`), which knows the wallet they spend from, and listed with their use (`insight`).
"""

from typing import Any

from litestar import Request, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, When, listed, time_of
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.tenancy import (
    factor_routes,
    invitation_routes,
    own_routes,
    reveal_routes,
    security_routes,
    session_routes,
    sign_in_routes,
    view_routes,
)
from commissary.tenancy.audit_listing import AuditQuery, audit_cursor, count_audit, look_audit
from commissary.tenancy.found import move_clock
from commissary.tenancy.keys import revoke_key, rotate_key, set_addresses
from commissary.tenancy.oauth import issue_token
from commissary.tenancy.organisations import get_organisation, list_organisations
from commissary.tenancy.own_roles import list_own
from commissary.tenancy.people import add_person, list_people, set_person_status, set_role
from commissary.tenancy.roles import ROLES, allows
from commissary.tenancy.types import Actor, ActorKind, OrganisationKind, TenancyRefusal
from commissary.tenancy.wire import (
    AuditOut,
    ClockIn,
    ClockOut,
    KeyEdit,
    KeyOut,
    OrganisationOut,
    PersonIn,
    PersonOut,
    RoleIn,
    RoleOut,
    RotateIn,
    StatusIn,
    audit_out,
    key_out,
    organisation_out,
    person_out,
    role_out,
)

AnyRequest = Request[Any, Any, Any]


@get(
    "/console/v1/clock",
    operation_id="getClock",
    tags=["Clock"],
    summary="The mall's time",
    opt=said("商城时间"),
)
async def clock_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> ClockOut:
    return ClockOut(env.now(actor.mall_id), env.offsets.get(actor.mall_id, 0))


@put(
    "/console/v1/clock",
    operation_id="moveClock",
    tags=["Clock"],
    summary="Move a test mall's clock: dates come without waiting",
    opt=said("拨动测试商城的时钟", "", TenancyRefusal.not_a_shadow),
)
async def move_clock_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[ClockIn]
) -> ClockOut:
    await move_clock(env, actor, data.offset_s)
    return ClockOut(env.now(actor.mall_id), data.offset_s)


@get(
    "/console/v1/roles",
    operation_id="listRoles",
    tags=["People"],
    summary="All roles and what they may",
    opt=said("全部角色及其权限"),
)
async def roles_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> list[RoleOut]:
    presets = [
        RoleOut(name, role.zh, role.en, list(role.kinds), sorted(role.permissions))
        for name, role in ROLES.items()
    ]
    async with env.db.transaction(actor.mall_id) as tx:
        kind = None
        if not allows(actor, "people.read"):
            kind = (await get_organisation(tx, actor.mall_id, actor.organisation_id)).kind
        return presets + [role_out(r) for r in await list_own(tx, actor.mall_id, kind)]


@get(
    "/console/v1/people",
    operation_id="listPeople",
    tags=["People"],
    summary="People and their roles",
    opt=said("人员及其角色", "", RequestRefusal.not_found),
)
async def people_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[PersonOut]:
    wanted = None if organisation_id is None else number(organisation_id)
    first, _, second = (cursor or "0-0").partition("-")
    found = await list_people(
        env, actor, organisation_id=wanted, after=(after(first), after(second or "0")), size=sized(size)
    )
    return page(found, size, person_out, lambda p: f"{p.id}-{p.organisation_id}")


@post(
    "/console/v1/people",
    operation_id="addPerson",
    tags=["People"],
    summary="Add a person with a role",
    opt=said(
        "新增人员并指定角色",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.role_does_not_fit,
        TenancyRefusal.email_taken,
    ),
)
async def add_person_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[PersonIn]
) -> PersonOut:
    made = await add_person(
        env,
        actor,
        organisation_id=number(data.organisation_id),
        email=data.email,
        name=data.name,
        password=data.password,
        role=data.role,
    )
    return person_out(made)


@put(
    "/console/v1/organisations/{organisation_id:str}/people/{person_id:str}/role",
    operation_id="setRole",
    tags=["People"],
    summary="Give another role, or take it",
    opt=said(
        "变更或取消人员角色",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.role_does_not_fit,
        TenancyRefusal.own_role,
        TenancyRefusal.last_owner,
    ),
    status_code=204,
)
async def role_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromPath[str],
    person_id: FromPath[str],
    data: JSONBody[RoleIn],
) -> None:
    await set_role(
        env, actor, organisation_id=number(organisation_id), person_id=number(person_id), role=data.role
    )


@patch(
    "/console/v1/organisations/{organisation_id:str}/people/{person_id:str}",
    operation_id="setPersonStatus",
    tags=["People"],
    summary="Suspend a person, or let him in again",
    opt=said("停用或恢复人员", "", RequestRefusal.not_found, TenancyRefusal.last_owner),
    status_code=204,
)
async def status_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromPath[str],
    person_id: FromPath[str],
    data: JSONBody[StatusIn],
) -> None:
    await set_person_status(
        env, actor, organisation_id=number(organisation_id), person_id=number(person_id), status=data.status
    )


@get(
    "/console/v1/organisations",
    operation_id="listOrganisations",
    tags=["People"],
    summary="Companies inside the mall",
    opt=said("商城内的公司", "", RequestRefusal.not_found),
)
async def organisations_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    kind: FromQuery[OrganisationKind | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[OrganisationOut]:
    found = await list_organisations(env, actor, kind=kind, after=after(cursor), size=sized(size))
    return page(found, size, organisation_out, lambda o: o.id)


@post(
    "/console/v1/keys/{key_id:str}/rotate",
    operation_id="rotateKey",
    tags=["Keys"],
    summary="A new secret, shown once; the present one lives on for a while",
    opt=said(
        "轮换密钥（新密钥仅显示一次，旧密钥短期并用）",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.key_is_revoked,
    ),
)
async def rotate_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], key_id: FromPath[str], data: JSONBody[RotateIn]
) -> KeyOut:
    return key_out(*await rotate_key(env, actor, key_id, data.overlap_s))


@patch(
    "/console/v1/keys/{key_id:str}",
    operation_id="changeKey",
    tags=["Keys"],
    summary="From which addresses a key may be used: within a second it is refused from others",
    opt=said(
        "修改密钥的 IP 白名单（一秒内生效）",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        TenancyRefusal.key_is_revoked,
    ),
)
async def change_key_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], key_id: FromPath[str], data: JSONBody[KeyEdit]
) -> KeyOut:
    return key_out(await set_addresses(env, actor, key_id, data.ip_allow, data.version))


@post(
    "/console/v1/keys/{key_id:str}/revoke",
    operation_id="revokeKey",
    tags=["Keys"],
    summary="Revoke a key for good; it is refused within a second",
    opt=said("永久吊销密钥（一秒内生效）", "", RequestRefusal.not_found),
)
async def revoke_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], key_id: FromPath[str]
) -> KeyOut:
    return key_out(await revoke_key(env, actor, key_id))


def audit_query(
    q: Typed = None,
    subject: FromQuery[str | None] = None,
    action: FromQuery[list[str] | None] = None,
    actor_kind: FromQuery[ActorKind | None] = None,
    actor_id: FromQuery[str | None] = None,
    at_from: When = None,
    at_to: When = None,
    action_not: FromQuery[list[str] | None] = None,
    actor_kind_not: FromQuery[ActorKind | None] = None,
    actor_id_not: FromQuery[str | None] = None,
) -> AuditQuery:
    """The filters, the same for the list and its totals."""
    return AuditQuery(
        q=q or "",
        subject=subject or None,
        action=tuple(dict.fromkeys(action or ())),
        actor_kind=actor_kind,
        actor_id=actor_id or None,
        at_from=time_of("at_from", at_from),
        at_to=time_of("at_to", at_to),
        action_not=tuple(dict.fromkeys(action_not or ())),
        actor_kind_not=actor_kind_not,
        actor_id_not=actor_id_not or None,
    )


FILTERED = {"wanted": Provide(audit_query, sync_to_thread=False)}


@get(
    "/console/v1/audit",
    operation_id="listAudit",
    tags=["Audit"],
    summary="Administrative acts, by any of their filters",
    description="`q` is an act such as `sku.edit` or its family `sku`, a subject such as `sku:7`, or the number of one. Sorted by `at`; the latest "
    "first if nothing is said.",
    opt=said(
        "管理操作审计记录（按条件筛选）",
        "`q` 为操作（如 `sku.edit`）或其类别（`sku`）、对象（如 `sku:7`）或其编号；按 `at` 排序，默认最新在前。",
    ),
    dependencies=FILTERED,
)
async def audit_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[AuditQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[AuditOut]:
    sized(size)
    found, expected = await look_audit(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, audit_out, lambda e: audit_cursor(e, sort), first=not cursor, estimate=expected
    )


@get(
    "/console/v1/audit/totals",
    operation_id="totalAudit",
    tags=["Audit"],
    summary="How many acts match",
    opt=said("符合条件的审计记录数"),
    dependencies=FILTERED,
)
async def audit_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[AuditQuery]
) -> Totals:
    return Totals(await count_audit(env, actor, wanted), {})


ROUTES = [
    issue_token,
    clock_route,
    move_clock_route,
    roles_route,
    people_route,
    add_person_route,
    role_route,
    status_route,
    organisations_route,
    change_key_route,
    rotate_route,
    revoke_route,
    audit_route,
    *sign_in_routes.ROUTES,
    *session_routes.ROUTES,
    *factor_routes.ROUTES,
    *security_routes.ROUTES,
    *reveal_routes.ROUTES,
    *invitation_routes.ROUTES,
    audit_totals_route,
    *view_routes.ROUTES,
    *own_routes.ROUTES,
]
