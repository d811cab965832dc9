"""What somebody signs in with beside his password: his own factors."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
import segno
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import number, said
from commissary.tenancy import factors, passkeys
from commissary.tenancy.proof import require_proof
from commissary.tenancy.session_routes import ENROLLING
from commissary.tenancy.sessions import me
from commissary.tenancy.sign_in_routes import AnyRequest, OptionsOut, Short, rp_of
from commissary.tenancy.types import Actor, TenancyRefusal

PasskeyName = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class PasskeyOut(msgspec.Struct, frozen=True):
    """`rp_id`: the host name it works at."""

    id: str
    name: str
    rp_id: str
    created_at: datetime
    used_at: datetime | None


class FactorsOut(msgspec.Struct, frozen=True):
    """`demanded`: the mall wants everybody of this organisation to have one."""

    totp_since: datetime | None
    passkeys: list[PasskeyOut]
    recovery_left: int
    demanded: bool


class TotpOut(msgspec.Struct, frozen=True):
    """Shown once: the secret, as text, as an address for the authenticator app, and as a picture of that."""

    secret: str
    uri: str
    qr_svg: str

    def __repr__(self) -> str:
        return "TotpOut(…)"


class CodeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: Short

    def __repr__(self) -> str:
        return "CodeIn(…)"


class RecoveryOut(msgspec.Struct, frozen=True):
    """Each signs in once, in the place of a factor. Shown once; none, when there are good ones already."""

    recovery_codes: list[str]

    def __repr__(self) -> str:
        return "RecoveryOut(…)"


class PasskeyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`credential`: what `navigator.credentials.create` made, as WebAuthn's JSON."""

    name: PasskeyName
    credential: dict[str, Any]


@get(
    "/console/v1/me/factors",
    operation_id="listFactors",
    tags=["Factors"],
    summary="What one signs in with beside the password",
    opt=said("本人的两步验证方式") | ENROLLING,
)
async def factors_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> FactorsOut:
    held = await factors.list_factors(env, actor)
    keys = [PasskeyOut(str(k.id), k.name, k.rp_id, k.created_at, k.used_at) for k in held.passkeys]
    return FactorsOut(held.totp_since, keys, held.recovery_left, held.demanded)


@post(
    "/console/v1/me/totp",
    operation_id="enrolTotp",
    tags=["Factors"],
    summary="Begin to use an authenticator app; its secret is shown once",
    opt=said(
        "绑定身份验证器（密钥仅显示一次）",
        "",
        TenancyRefusal.step_up_required,
        TenancyRefusal.factor_exists,
    )
    | ENROLLING,
)
async def enrol_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> TotpOut:
    who = await me(env, actor)
    secret, uri = await factors.enrol_totp(env, actor, who.mall.name)
    picture = segno.make(uri, error="m", micro=False).svg_inline(scale=4, border=4, light="#fff")
    return TotpOut(secret, uri, picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@post(
    "/console/v1/me/totp/confirm",
    operation_id="confirmTotp",
    tags=["Factors"],
    summary="Confirm the authenticator app by a code of it; other sessions end",
    opt=said(
        "以验证码确认绑定（其他会话随即失效）",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        TenancyRefusal.step_up_required,
        TenancyRefusal.wrong_factor,
        TenancyRefusal.too_many_attempts,
    )
    | ENROLLING,
    status_code=200,
)
async def confirm_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[CodeIn]
) -> RecoveryOut:
    return RecoveryOut(await factors.confirm_totp(env, actor, data.code))


@delete(
    "/console/v1/me/totp",
    operation_id="dropTotp",
    tags=["Factors"],
    summary="Use the authenticator app no more; other sessions end",
    opt=said(
        "解除身份验证器（其他会话随即失效）",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.step_up_required,
    ),
    status_code=204,
)
async def drop_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> None:
    await factors.drop_totp(env, actor)


@post(
    "/console/v1/me/recovery-codes",
    operation_id="makeRecoveryCodes",
    tags=["Factors"],
    summary="Ten new recovery codes, shown once; the former ones are void",
    opt=said(
        "重新生成恢复码（仅显示一次，旧码作废）",
        "",
        TenancyRefusal.step_up_required,
        TenancyRefusal.factor_unusable,
    ),
)
async def recovery_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> RecoveryOut:
    return RecoveryOut(await factors.new_recovery_codes(env, actor))


@post(
    "/console/v1/me/passkeys/options",
    operation_id="beginPasskey",
    tags=["Factors"],
    summary="What the browser makes a passkey by",
    opt=said(
        "创建通行密钥所需参数",
        "",
        TenancyRefusal.step_up_required,
        TenancyRefusal.passkey_needs_name,
    )
    | ENROLLING,
    status_code=200,
)
async def begin_passkey_route(
    env: NamedDependency[Env],
    public_url: NamedDependency[str],
    actor: NamedDependency[Actor],
    request: AnyRequest,
) -> OptionsOut:
    require_proof(env, actor)
    who, rp = await me(env, actor), rp_of(request, public_url)
    made = await passkeys.making(env, actor, rp, who.mall.name, who.person.email, who.person.name)
    return OptionsOut(made)


@post(
    "/console/v1/me/passkeys",
    operation_id="addPasskey",
    tags=["Factors"],
    summary="Keep a new passkey; other sessions end",
    opt=said(
        "新增通行密钥（其他会话随即失效）",
        "",
        TenancyRefusal.step_up_required,
        TenancyRefusal.wrong_factor,
        TenancyRefusal.factor_exists,
        TenancyRefusal.passkey_limit,
        TenancyRefusal.passkey_needs_name,
    )
    | ENROLLING,
)
async def add_passkey_route(
    env: NamedDependency[Env],
    public_url: NamedDependency[str],
    actor: NamedDependency[Actor],
    data: JSONBody[PasskeyIn],
    request: AnyRequest,
) -> RecoveryOut:
    require_proof(env, actor)
    rp = rp_of(request, public_url)
    return RecoveryOut(await factors.add_passkey(env, actor, data.credential, data.name.strip(), rp))


@delete(
    "/console/v1/me/passkeys/{passkey_id:str}",
    operation_id="dropPasskey",
    tags=["Factors"],
    summary="Forget a passkey; other sessions end",
    opt=said(
        "删除通行密钥（其他会话随即失效）",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.step_up_required,
    ),
    status_code=204,
)
async def drop_passkey_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], passkey_id: FromPath[str]
) -> None:
    await factors.drop_passkey(env, actor, number(passkey_id))


ROUTES: list[Any] = [
    factors_route,
    enrol_route,
    confirm_route,
    drop_route,
    recovery_route,
    begin_passkey_route,
    add_passkey_route,
    drop_passkey_route,
]
