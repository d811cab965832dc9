"""The console's entrance: sessions, people and roles, keys, organisations, the audit log.

Keys are made at the buyer's (`partners`), which knows the wallet they spend from. The session token travels in a cookie
that scripts cannot read and other sites cannot send; it is in no body.
"""

from typing import Any

from litestar import Request, Response, delete, get, patch, post, put
from litestar.datastructures import Cookie

from commissary.base.env import Env
from commissary.base.wire import Page, after, number, page, sized
from commissary.tenancy.audit import list_audit
from commissary.tenancy.found import move_clock
from commissary.tenancy.keys import list_keys, revoke_key, rotate_key
from commissary.tenancy.oauth import issue_token
from commissary.tenancy.organisations import list_organisations
from commissary.tenancy.people import add_person, change_password, list_people, set_person_status, set_role
from commissary.tenancy.roles import ROLES
from commissary.tenancy.sessions import LIFE, actor_of_token, me, presented_token, sign_in, sign_out
from commissary.tenancy.types import SESSION_COOKIES, Actor, OrganisationKind
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


@post(
    "/console/v1/sessions",
    operation_id="signIn",
    tags=["Sessions"],
    summary="Sign in",
    opt={"public": True},
    status_code=201,
)
async def sign_in_route(env: Env, data: SignInIn, request: AnyRequest) -> Response[MeOut]:
    ip = request.client.host if request.client else ""
    wanted = None if data.organisation_id is None else number(data.organisation_id)
    token = await sign_in(env, data.mall, data.email, data.password, ip, wanted)
    who = me_out(await me(env, await actor_of_token(env, token, ip)))
    return Response(who, status_code=201, cookies=[_cookie(request, token, int(LIFE.total_seconds()))])


@delete(
    "/console/v1/sessions/current",
    operation_id="signOut",
    tags=["Sessions"],
    summary="Sign out",
    opt={"public": True},
    status_code=204,
)
async def sign_out_route(env: Env, request: AnyRequest) -> Response[None]:
    if (token := _token(request)) is not None:
        await sign_out(env, token, request.client.host if request.client else "")
    return Response(None, status_code=204, cookies=[_cookie(request, "", 0)])


@get("/console/v1/me", operation_id="getMe", tags=["Sessions"], summary="Who is signed in, and what he may")
async def me_route(env: Env, actor: Actor) -> MeOut:
    return me_out(await me(env, actor))


@get(
    "/console/v1/clock",
    operation_id="getClock",
    tags=["Clock"],
    summary="The mall's time",
)
async def clock_route(env: Env, actor: Actor) -> ClockOut:
    return ClockOut(env.now(actor.mall_id), env.offsets.get(actor.mall_id, 0))


@put(
    "/console/v1/clock",
    operation_id="moveClock",
    tags=["Clock"],
    summary="Move a test mall's clock: dates come without waiting",
)
async def move_clock_route(env: Env, actor: Actor, data: ClockIn) -> ClockOut:
    await move_clock(env, actor, data.offset_s)
    return ClockOut(env.now(actor.mall_id), data.offset_s)


@put(
    "/console/v1/me/password",
    operation_id="changePassword",
    tags=["Sessions"],
    summary="Change one's password; all other sessions end",
    status_code=204,
)
async def password_route(env: Env, actor: Actor, data: PasswordIn, request: AnyRequest) -> None:
    await change_password(env, actor, data.old, data.new, keep_token=_token(request))


@get("/console/v1/roles", operation_id="listRoles", tags=["People"], summary="All roles and what they may")
async def roles_route(actor: Actor) -> list[RoleOut]:
    return [
        RoleOut(name, role.zh, role.en, list(role.kinds), sorted(role.permissions))
        for name, role in ROLES.items()
    ]


@get("/console/v1/people", operation_id="listPeople", tags=["People"], summary="People and their roles")
async def people_route(
    env: Env, actor: Actor, organisation_id: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[PersonOut]:
    wanted = None if organisation_id is None else number(organisation_id)
    first, _, second = (cursor or "0-0").partition("-")
    found = await list_people(
        env, actor, organisation_id=wanted, after=(after(first), after(second or "0")), size=sized(size)
    )
    return page(found, size, person_out, lambda p: f"{p.id}-{p.organisation_id}")


@post("/console/v1/people", operation_id="addPerson", tags=["People"], summary="Add a person with a role")
async def add_person_route(env: Env, actor: Actor, data: PersonIn) -> PersonOut:
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
    status_code=204,
)
async def role_route(env: Env, actor: Actor, organisation_id: str, person_id: str, data: RoleIn) -> None:
    await set_role(
        env, actor, organisation_id=number(organisation_id), person_id=number(person_id), role=data.role
    )


@patch(
    "/console/v1/organisations/{organisation_id:str}/people/{person_id:str}",
    operation_id="setPersonStatus",
    tags=["People"],
    summary="Suspend a person, or let him in again",
    status_code=204,
)
async def status_route(env: Env, actor: Actor, organisation_id: str, person_id: str, data: StatusIn) -> None:
    await set_person_status(
        env, actor, organisation_id=number(organisation_id), person_id=number(person_id), status=data.status
    )


@get(
    "/console/v1/organisations",
    operation_id="listOrganisations",
    tags=["People"],
    summary="Companies inside the mall",
)
async def organisations_route(
    env: Env, actor: Actor, kind: OrganisationKind | None = None, cursor: str | None = None, size: int = 50
) -> Page[OrganisationOut]:
    found = await list_organisations(env, actor, kind=kind, after=after(cursor), size=sized(size))
    return page(found, size, organisation_out, lambda o: o.id)


@get("/console/v1/keys", operation_id="listKeys", tags=["Keys"], summary="API keys, without their secrets")
async def keys_route(
    env: Env, actor: Actor, organisation_id: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[KeyOut]:
    wanted = None if organisation_id is None else number(organisation_id)
    found = await list_keys(env, actor, organisation_id=wanted, after=cursor or "", size=sized(size))
    return page(found, size, key_out, lambda k: k.id)


@post(
    "/console/v1/keys/{key_id:str}/rotate",
    operation_id="rotateKey",
    tags=["Keys"],
    summary="A new secret, shown once; the present one lives on for a while",
)
async def rotate_route(env: Env, actor: Actor, key_id: str, data: RotateIn) -> KeyOut:
    return key_out(*await rotate_key(env, actor, key_id, data.overlap_s))


@post(
    "/console/v1/keys/{key_id:str}/revoke",
    operation_id="revokeKey",
    tags=["Keys"],
    summary="Revoke a key for good; it is refused within a second",
)
async def revoke_route(env: Env, actor: Actor, key_id: str) -> KeyOut:
    return key_out(await revoke_key(env, actor, key_id))


@get(
    "/console/v1/audit", operation_id="listAudit", tags=["Audit"], summary="Administrative acts, newest first"
)
async def audit_route(
    env: Env, actor: Actor, subject: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[AuditOut]:
    before = None if cursor is None else after(cursor)
    found = await list_audit(env, actor, subject=subject, before_id=before, size=sized(size))
    return page(found, size, audit_out, lambda e: e.id)


def _token(request: AnyRequest) -> str | None:
    return presented_token(request.headers.get("authorization", ""), request.cookies)


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
]
