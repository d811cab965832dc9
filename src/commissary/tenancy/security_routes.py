"""What the mall demands of who signs in, and what its owner does for a member who cannot."""

from typing import Annotated, Any

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.money import Money
from commissary.base.wire import number, said
from commissary.tenancy import devices, policy
from commissary.tenancy.session_routes import EndedOut
from commissary.tenancy.sessions import me
from commissary.tenancy.types import Actor, SecurityPolicy, TenancyRefusal, TwoFactor


class SecurityPolicyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`version`: the one that was looked at, 0 if there was none."""

    two_factor: TwoFactor
    reveal_above: Money
    version: Annotated[int, msgspec.Meta(ge=0, le=2_147_483_647)] = 0


class SecurityPolicyOut(msgspec.Struct, frozen=True):
    """`two_factor`: who must have a second factor. `reveal_above`: codes of an order of more than that are shown only to
    who has just proved himself. `version` 0: as it is without a setting."""

    two_factor: TwoFactor
    reveal_above: Money
    version: int


class ResetIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


@get(
    "/console/v1/security-policy",
    operation_id="getSecurityPolicy",
    tags=["Factors"],
    summary="Who must have a second factor, and when codes ask for a fresh proof",
    opt=said("登录与查看卡密的安全策略", "", RequestRefusal.not_found),
)
async def policy_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> SecurityPolicyOut:
    return await _out(env, actor, await policy.get_policy(env, actor))


@put(
    "/console/v1/security-policy",
    operation_id="setSecurityPolicy",
    tags=["Factors"],
    summary="Set who must have a second factor, and when codes ask for a fresh proof",
    opt=said(
        "设置安全策略",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        TenancyRefusal.step_up_required,
    ),
)
async def set_policy_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[SecurityPolicyIn]
) -> SecurityPolicyOut:
    who = await me(env, actor)
    if data.reveal_above.currency != who.mall.currency:
        raise invalid("reveal_above.currency", f"{who.mall.currency} / 币种须为 {who.mall.currency}")
    try:
        above = money.parse(data.reveal_above.amount)
    except ValueError as error:
        raise invalid("reveal_above.amount", str(error)) from None
    made = await policy.set_policy(
        env, actor, two_factor=data.two_factor, reveal_above_e4=above, version=data.version
    )
    return await _out(env, actor, made)


@post(
    "/console/v1/people/{person_id:str}/end-sessions",
    operation_id="endSessionsOf",
    tags=["People"],
    summary="End a member's sessions at once",
    opt=said("立即结束人员的全部登录", "", RequestRefusal.not_found, TenancyRefusal.step_up_required),
    status_code=200,
)
async def end_sessions_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], person_id: FromPath[str]
) -> EndedOut:
    return EndedOut(await devices.end_sessions_of(env, actor, number(person_id)))


@post(
    "/console/v1/people/{person_id:str}/reset-factors",
    operation_id="resetFactors",
    tags=["People"],
    summary="Take a member's factors, who has lost them: his password lets him in to enrol anew",
    opt=said(
        "重置人员的两步验证（丢失时使用，须重新绑定）",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.step_up_required,
    ),
    status_code=204,
)
async def reset_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    person_id: FromPath[str],
    data: JSONBody[ResetIn],
) -> None:
    await devices.reset_factors(env, actor, number(person_id), data.reason)


async def _out(env: Env, actor: Actor, made: SecurityPolicy) -> SecurityPolicyOut:
    who = await me(env, actor)
    above = money.of(made.reveal_above_e4, who.mall.currency)
    return SecurityPolicyOut(made.two_factor, above, made.version)


ROUTES: list[Any] = [policy_route, set_policy_route, end_sessions_route, reset_route]
