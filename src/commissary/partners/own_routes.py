"""A buyer's own keys: made here, because a key spends from his wallet."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import said
from commissary.partners import buyers
from commissary.partners.own import OWN
from commissary.partners.wire import KeyIn, NewKeyOut, new_key_out
from commissary.tenancy.types import Actor, Caller


@post(
    "/console/v1/own/keys",
    operation_id="issueMyKey",
    tags=["Own: developer"],
    summary="An API key of one's own company; its secret is shown once",
    opt=said("签发本企业的 API 密钥（密钥仅显示一次）", "", RequestRefusal.not_found),
    dependencies=OWN,
)
async def issue_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    caller: NamedDependency[SkipValidation[Caller]],
    data: JSONBody[KeyIn],
) -> NewKeyOut:
    made = await buyers.issue_key(
        env,
        actor,
        caller.key.organisation_id,
        name=data.name,
        scopes=data.scopes,
        ip_allow=data.ip_allow,
        expires_at=data.expires_at,
    )
    return new_key_out(*made)


ROUTES = [issue_route]
