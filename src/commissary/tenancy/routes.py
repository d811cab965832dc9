"""The console's entrance: sessions, people and roles, keys, organisations, the audit log.

Keys are made at the buyer's (`partners`), which knows the wallet they spend from. The session token travels in a cookie
that scripts cannot read and other sites cannot send; it is in no body.
"""

from typing import Any

from litestar import Request, Response, delete, get, patch, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.tenancy import view_routes
from commissary.tenancy.audit import list_audit
from commissary.tenancy.found import move_clock
from commissary.tenancy.keys import list_keys, revoke_key, rotate_key
from commissary.tenancy.oauth import issue_token
from commissary.tenancy.organisations import list_organisations
from commissary.tenancy.people import add_person, change_password, list_people, set_person_status, set_role
from commissary.tenancy.roles import ROLES
from commissary.tenancy.sessions import LIFE, actor_of_token, me, presented_token, sign_in, sign_out
from commissary.tenancy.types import (
    MODE_COOKIE,
    SESSION_COOKIES,
    Actor,
    Mode,
    OrganisationKind,
    TenancyRefusal,
)
from commissary.tenancy.wire import (
    AuditOut,
    ClockIn,
    ClockOut,
    KeyOut,
    MeOut,
    OrganisationOut,
    PasswordIn,
    PersonIn,
    PersonOut,
    RoleIn,
    RoleOut,
    RotateIn,
    SignInIn,
    StatusIn,
    audit_out,
    key_out,
    me_out,
    organisation_out,
    person_out,
)

AnyRequest = Request[Any, Any, Any]

# Who signs in, or out, leaves no sandbox behind for whoever comes next.
LIVE_AGAIN = Cookie(key=MODE_COOKIE, value="", path="/", max_age=0, httponly=True, samesite="strict")


@post(
    "/console/v1/sessions",
    operation_id="signIn",
    tags=["Sessions"],
    summary="Sign in",
    opt=said(
        "登录",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.wrong_credentials,
        TenancyRefusal.too_many_attempts,
    )
    | {"public": True},
    status_code=201,
)
async def sign_in_route(
    env: NamedDependency[Env], data: JSONBody[SignInIn], request: AnyRequest
) -> Response[MeOut]:
    ip = request.client.host if request.client else ""
    wanted = None if data.organisation_id is None else number(data.organisation_id)
    token = await sign_in(env, data.mall, data.email, data.password, ip, wanted)
    who = me_out(await me(env, await actor_of_token(env, token, ip)), _languages(request))
    return Response(
        who, status_code=201, cookies=[_cookie(request, token, int(LIFE.total_seconds())), LIVE_AGAIN]
    )


@delete(
    "/console/v1/sessions/current",
    operation_id="signOut",
    tags=["Sessions"],
    summary="Sign out",
    opt=said("退出登录") | {"public": True},
    status_code=204,
)
async def sign_out_route(env: NamedDependency[Env], request: AnyRequest) -> Response[None]:
    if (token := _token(request)) is not None:
        await sign_out(env, token, request.client.host if request.client else "")
    return Response(None, status_code=204, cookies=[_cookie(request, "", 0), LIVE_AGAIN])


@get(
    "/console/v1/me",
    operation_id="getMe",
    tags=["Sessions"],
    summary="Who is signed in, and what he may",
    opt=said("当前登录者及其权限", "", RequestRefusal.not_found),
)
async def me_route(env: NamedDependency[Env], actor: NamedDependency[Actor], request: AnyRequest) -> MeOut:
    return me_out(await me(env, actor), _languages(request))


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


@put(
    "/console/v1/me/password",
    operation_id="changePassword",
    tags=["Sessions"],
    summary="Change one's password; all other sessions end",
    opt=said("修改本人密码（其他会话随即失效）", "", TenancyRefusal.wrong_credentials),
    status_code=204,
)
async def password_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[PasswordIn], request: AnyRequest
) -> None:
    await change_password(env, actor, data.old, data.new, keep_token=_token(request))


@get(
    "/console/v1/roles",
    operation_id="listRoles",
    tags=["People"],
    summary="All roles and what they may",
    opt=said("全部角色及其权限"),
)
async def roles_route(actor: NamedDependency[Actor]) -> list[RoleOut]:
    return [
        RoleOut(name, role.zh, role.en, list(role.kinds), sorted(role.permissions))
        for name, role in ROLES.items()
    ]


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


@get(
    "/console/v1/keys",
    operation_id="listKeys",
    tags=["Keys"],
    summary="API keys, without their secrets",
    opt=said("API 密钥列表（不含密钥内容）", "", RequestRefusal.not_found),
)
async def keys_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromQuery[str | None] = None,
    mode: FromQuery[Mode] = "live",
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[KeyOut]:
    wanted = None if organisation_id is None else number(organisation_id)
    found = await list_keys(
        env, actor, organisation_id=wanted, mode=mode, after=cursor or "", size=sized(size)
    )
    return page(found, size, key_out, lambda k: k.id)


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


@get(
    "/console/v1/audit",
    operation_id="listAudit",
    tags=["Audit"],
    summary="Administrative acts, newest first",
    opt=said("管理操作审计记录（按时间倒序）"),
)
async def audit_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    subject: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[AuditOut]:
    before = None if cursor is None else after(cursor)
    found = await list_audit(env, actor, subject=subject, before_id=before, size=sized(size))
    return page(found, size, audit_out, lambda e: e.id)


def _token(request: AnyRequest) -> str | None:
    return presented_token(request.headers.get("authorization", ""), request.cookies)


def _languages(request: AnyRequest) -> str:
    return request.headers.get("accept-language", "")


def _cookie(request: AnyRequest, token: str, life_s: int) -> Cookie:
    secure = request.url.scheme == "https"
    return Cookie(
        key=SESSION_COOKIES[0 if secure else 1],
        value=token,
        path="/",
        max_age=life_s,
        httponly=True,
        secure=secure,
        samesite="strict",
    )


ROUTES = [
    issue_token,
    sign_in_route,
    sign_out_route,
    me_route,
    clock_route,
    move_clock_route,
    password_route,
    roles_route,
    people_route,
    add_person_route,
    role_route,
    status_route,
    organisations_route,
    keys_route,
    rotate_route,
    revoke_route,
    audit_route,
    *view_routes.ROUTES,
]
