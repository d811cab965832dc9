"""A fresh proof of who is signed in, before an act that asks for one."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from commissary.base.env import Env
from commissary.base.wire import said
from commissary.tenancy import proof
from commissary.tenancy.types import Actor, Factor, TenancyRefusal
from commissary.tenancy.wire import Password


class ProofIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: Password

    def __repr__(self) -> str:
        return "ProofIn(…)"


class ProofOut(msgspec.Struct, frozen=True):
    """Until when acts that ask for a proof go on without another one, and by what it can be renewed."""

    until: datetime
    factors: list[Factor]


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
        TenancyRefusal.too_many_attempts,
    ),
    status_code=200,
)
async def prove_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[ProofIn]
) -> ProofOut:
    made = await proof.prove_by_password(env, actor, data.password)
    return ProofOut(made.at + proof.WITHIN, list(made.factors))


ROUTES: list[Any] = [prove_route]
