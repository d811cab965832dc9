"""Signing in and out.

The session token travels in a cookie that scripts cannot read and other sites cannot send; it is in no body. The token
of a sign-in that is under way opens nothing without a factor; it is in the facts of `second_factor_required`.
"""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Id, number, said
from commissary.tenancy import passkeys
from commissary.tenancy.sessions import LIFE, actor_of_token, me, presented_token, sign_out
from commissary.tenancy.sign_in import (
    ask_factor,
    ask_passkey,
    sign_in,
    sign_in_by_factor,
    sign_in_by_passkey,
)
from commissary.tenancy.types import MODE_COOKIE, SESSION_COOKIES, Given, Rp, TenancyRefusal
from commissary.tenancy.wire import MeOut, SignInIn, me_out

AnyRequest = Request[Any, Any, Any]

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
PendingToken = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]

# Who signs in, or out, leaves no sandbox behind for whoever comes next.
LIVE_AGAIN = Cookie(key=MODE_COOKIE, value="", path="/", max_age=0, httponly=True, samesite="strict")


class FactorIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second step: `sign_in_token` of `second_factor_required`, and one of a `code` of the authenticator app, a
    `recovery` code, and the `assertion` of a passkey (WebAuthn's JSON)."""

    sign_in_token: PendingToken
    code: Short | None = None
    recovery: Short | None = None
    assertion: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return "FactorIn(…)"


class PendingIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sign_in_token: PendingToken

    def __repr__(self) -> str:
        return "PendingIn(…)"


class PasskeyMallIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mall: Short


class PasskeySignInIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mall: Short
    assertion: dict[str, Any]
    organisation_id: Id | None = None


class OptionsOut(msgspec.Struct, frozen=True):
    """For the browser's `navigator.credentials`, as WebAuthn's JSON."""

    options: dict[str, Any]


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
        TenancyRefusal.second_factor_required,
        TenancyRefusal.too_many_attempts,
    )
    | {"public": True},
    status_code=201,
)
async def sign_in_route(
    env: NamedDependency[Env], data: JSONBody[SignInIn], request: AnyRequest
) -> Response[MeOut]:
    wanted = None if data.organisation_id is None else number(data.organisation_id)
    token = await sign_in(
        env, data.mall, data.email, data.password, ip_of(request), wanted, agent_of(request)
    )
    return await entered(env, request, token)


@delete(
    "/console/v1/sessions/current",
    operation_id="signOut",
    tags=["Sessions"],
    summary="Sign out",
    opt=said("退出登录") | {"public": True},
    status_code=204,
)
async def sign_out_route(env: NamedDependency[Env], request: AnyRequest) -> Response[None]:
    if (token := token_of(request)) is not None:
        await sign_out(env, token, ip_of(request))
    return Response(None, status_code=204, cookies=[_cookie(request, "", 0), LIVE_AGAIN])


@post(
    "/console/v1/sessions/factor",
    operation_id="signInByFactor",
    tags=["Sessions"],
    summary="The second step of signing in",
    opt=said(
        "登录第二步：验证码、恢复码或通行密钥",
        "",
        TenancyRefusal.sign_in_expired,
        TenancyRefusal.wrong_factor,
        TenancyRefusal.passkey_needs_name,
        TenancyRefusal.too_many_attempts,
    )
    | {"public": True},
    status_code=201,
)
async def factor_route(
    env: NamedDependency[Env],
    public_url: NamedDependency[str],
    data: JSONBody[FactorIn],
    request: AnyRequest,
) -> Response[MeOut]:
    given = Given(data.code, data.recovery, data.assertion)
    rp = None if data.assertion is None else rp_of(request, public_url)
    token = await sign_in_by_factor(env, data.sign_in_token, given, rp, ip_of(request), agent_of(request))
    return await entered(env, request, token)


@post(
    "/console/v1/sessions/factor/options",
    operation_id="askFactorPasskey",
    tags=["Sessions"],
    summary="What a passkey signs as the second step",
    opt=said(
        "第二步所用通行密钥的验证参数",
        "",
        TenancyRefusal.sign_in_expired,
        TenancyRefusal.passkey_needs_name,
    )
    | {"public": True},
    status_code=200,
)
async def ask_factor_route(
    env: NamedDependency[Env],
    public_url: NamedDependency[str],
    data: JSONBody[PendingIn],
    request: AnyRequest,
) -> OptionsOut:
    return OptionsOut(await ask_factor(env, data.sign_in_token, rp_of(request, public_url)))


@post(
    "/console/v1/sessions/passkey/options",
    operation_id="askPasskey",
    tags=["Sessions"],
    summary="What a passkey signs to sign in without a password",
    opt=said(
        "免密登录所用通行密钥的验证参数",
        "",
        TenancyRefusal.passkey_needs_name,
        TenancyRefusal.too_many_attempts,
    )
    | {"public": True},
    status_code=200,
)
async def ask_passkey_route(
    env: NamedDependency[Env],
    public_url: NamedDependency[str],
    data: JSONBody[PasskeyMallIn],
    request: AnyRequest,
) -> OptionsOut:
    return OptionsOut(await ask_passkey(env, data.mall, rp_of(request, public_url), ip_of(request)))


@post(
    "/console/v1/sessions/passkey",
    operation_id="signInByPasskey",
    tags=["Sessions"],
    summary="Sign in by a passkey alone",
    opt=said(
        "使用通行密钥登录",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.wrong_factor,
        TenancyRefusal.passkey_needs_name,
        TenancyRefusal.too_many_attempts,
    )
    | {"public": True},
    status_code=201,
)
async def passkey_route(
    env: NamedDependency[Env],
    public_url: NamedDependency[str],
    data: JSONBody[PasskeySignInIn],
    request: AnyRequest,
) -> Response[MeOut]:
    wanted = None if data.organisation_id is None else number(data.organisation_id)
    rp = rp_of(request, public_url)
    token = await sign_in_by_passkey(
        env, data.mall, data.assertion, rp, ip_of(request), wanted, agent_of(request)
    )
    return await entered(env, request, token)


def rp_of(request: AnyRequest, public_url: str) -> Rp:
    """Refuses `passkey_needs_name`."""
    return passkeys.rp_of((request.url.scheme, request.headers.get("host", "")), public_url)


async def entered(env: Env, request: AnyRequest, token: str) -> Response[MeOut]:
    """The new session in its cookie, and whose it is."""
    actor = await actor_of_token(env, token, ip_of(request), enrolling=True)
    who = me_out(await me(env, actor), languages_of(request))
    return Response(
        who, status_code=201, cookies=[_cookie(request, token, int(LIFE.total_seconds())), LIVE_AGAIN]
    )


def ip_of(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


def agent_of(request: AnyRequest) -> str:
    return request.headers.get("user-agent", "")


def token_of(request: AnyRequest) -> str | None:
    return presented_token(request.headers.get("authorization", ""), request.cookies)


def languages_of(request: AnyRequest) -> str:
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


ROUTES: list[Any] = [
    sign_in_route,
    sign_out_route,
    factor_route,
    ask_factor_route,
    ask_passkey_route,
    passkey_route,
]
