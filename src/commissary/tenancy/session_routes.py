"""Who is signed in, proving oneself again, and where one is signed in."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.wire import Id, number, said
from commissary.tenancy import devices, passkeys, proof, prove
from commissary.tenancy.people import change_password
from commissary.tenancy.sessions import change_organisation, me
from commissary.tenancy.sign_in_routes import (
    AnyRequest,
    OptionsOut,
    Short,
    entered,
    languages_of,
    rp_of,
    token_of,
)
from commissary.tenancy.types import Actor, Factor, Given, TenancyRefusal
from commissary.tenancy.wire import MeOut, Password, PasswordIn, me_out

# Open to who must enrol a factor before anything else.
ENROLLING = {"enrolling": True}


class ProofIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of them. The password is for who has enrolled nothing else."""

    password: Password | None = None
    code: Short | None = None
    assertion: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return "ProofIn(…)"


class ProofOut(msgspec.Struct, frozen=True):
    """Until when acts that ask for a proof go on without another one, and by what it can be renewed."""

    until: datetime
    factors: list[Factor]


class OrganisationIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    organisation_id: Id


class DeviceOut(msgspec.Struct, frozen=True):
    """`agent` is what the browser calls itself. `id` names the session to its person and says nothing of its token."""

    id: str
    current: bool
    agent: str
    ip: str
    created_at: datetime
    seen_at: datetime
    proved_by: Factor


class EndedOut(msgspec.Struct, frozen=True):
    """How many sessions ended."""

    ended: int


@post(
    "/console/v1/sessions/current/proof",
    operation_id="prove",
    tags=["Sessions"],
    summary="Prove that it is still you: acts that move money or show secrets ask for it",
    opt=said(
        "验证本人身份（涉及资金或明文的操作须先验证）",
        "",
        TenancyRefusal.wrong_factor,
        TenancyRefusal.factor_unusable,
        TenancyRefusal.passkey_needs_name,
        TenancyRefusal.too_many_attempts,
    )
    | ENROLLING,
    status_code=200,
)
async def prove_route(
    env: NamedDependency[Env],
    public_url: NamedDependency[str],
    actor: NamedDependency[Actor],
    data: JSONBody[ProofIn],
    request: AnyRequest,
) -> ProofOut:
    if data.password is not None and data.code is None and data.assertion is None:
        made = await prove.prove_by_password(env, actor, data.password)
    elif data.password is None:
        rp = None if data.assertion is None else rp_of(request, public_url)
        made = await prove.prove(env, actor, Given(data.code, None, data.assertion), rp)
    else:
        raise invalid("password", "one of password, code and assertion / 请提供一种验证方式")
    return ProofOut(made.at + proof.WITHIN, list(made.factors))


@post(
    "/console/v1/sessions/current/proof/options",
    operation_id="askProofPasskey",
    tags=["Sessions"],
    summary="What a passkey signs to prove that it is still you",
    opt=said("身份验证所用通行密钥的验证参数", "", TenancyRefusal.passkey_needs_name) | ENROLLING,
    status_code=200,
)
async def ask_proof_route(
    env: NamedDependency[Env],
    public_url: NamedDependency[str],
    actor: NamedDependency[Actor],
    request: AnyRequest,
) -> OptionsOut:
    proof.of_session(actor)
    rp = rp_of(request, public_url)
    return OptionsOut(await passkeys.asking(env, actor.mall_id, rp, "proof", int(actor.id)))


@post(
    "/console/v1/sessions/current/organisation",
    operation_id="changeOrganisation",
    tags=["Sessions"],
    summary="Act for another of one's organisations",
    opt=said("切换所代表的组织", "", RequestRefusal.not_found),
    status_code=201,
)
async def organisation_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    data: JSONBody[OrganisationIn],
    request: AnyRequest,
) -> Response[MeOut]:
    token = await change_organisation(env, actor, number(data.organisation_id))
    return await entered(env, request, token)


@get(
    "/console/v1/sessions",
    operation_id="listSessions",
    tags=["Sessions"],
    summary="Where one is signed in",
    opt=said("本人的登录设备"),
)
async def devices_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> list[DeviceOut]:
    return [
        msgspec.convert(d, DeviceOut, from_attributes=True) for d in await devices.list_devices(env, actor)
    ]


@delete(
    "/console/v1/sessions/{session_id:str}",
    operation_id="endSession",
    tags=["Sessions"],
    summary="End one of one's own sessions",
    opt=said("结束本人的某个登录", "", RequestRefusal.not_found),
    status_code=204,
)
async def end_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], session_id: FromPath[str]
) -> None:
    await devices.end_device(env, actor, session_id)


@post(
    "/console/v1/sessions/end-others",
    operation_id="endOtherSessions",
    tags=["Sessions"],
    summary="End all of one's own sessions but this one",
    opt=said("结束本人的其他登录"),
    status_code=200,
)
async def end_others_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> EndedOut:
    return EndedOut(await devices.end_other_devices(env, actor))


@get(
    "/console/v1/me",
    operation_id="getMe",
    tags=["Sessions"],
    summary="Who is signed in, and what he may",
    opt=said("当前登录者及其权限", "", RequestRefusal.not_found) | ENROLLING,
)
async def me_route(env: NamedDependency[Env], actor: NamedDependency[Actor], request: AnyRequest) -> MeOut:
    return me_out(await me(env, actor), languages_of(request))


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
    await change_password(env, actor, data.old, data.new, keep_token=token_of(request))


ROUTES: list[Any] = [
    prove_route,
    ask_proof_route,
    organisation_route,
    devices_route,
    end_route,
    end_others_route,
    me_route,
    password_route,
]
