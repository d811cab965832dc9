"""A buyer's own keys, made here because a key spends from his wallet; and what his company does with what it buys."""

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import said
from commissary.partners import buyers
from commissary.partners.mirror import Mirror
from commissary.partners.own import OWN
from commissary.partners.wire import BusinessIn, BuyerKeyIn, MyBusinessOut, NewKeyOut, new_key_out
from commissary.tenancy.types import Actor, Caller, TenancyRefusal


@post(
    "/console/v1/own/keys",
    operation_id="issueMyKey",
    tags=["Own: developer"],
    summary="An API key of one's own company; its secret is shown once",
    description="`mode` `test`: a key of the mall's sandbox, where the same goods are bought with play money.",
    opt=said(
        "签发本企业的 API 密钥（密钥仅显示一次）",
        "`mode` 为 `test` 时签发沙箱密钥：以模拟资金购买同样的商品。",
        RequestRefusal.not_found,
        TenancyRefusal.no_sandbox,
    ),
    dependencies=OWN,
)
async def issue_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    caller: NamedDependency[SkipValidation[Caller]],
    mirror: NamedDependency[SkipValidation[Mirror]],
    data: JSONBody[BuyerKeyIn],
) -> NewKeyOut:
    company = caller.key.organisation_id
    tenancy.require_for(actor, "keys.write", company)
    if data.mode == "test" and not env.is_test(actor.mall_id):
        actor = await mirror.buyer(actor, company)
    made = await buyers.issue_key(
        env,
        actor,
        company,
        name=data.name,
        scopes=data.scopes,
        ip_allow=data.ip_allow,
        expires_at=data.expires_at,
    )
    return new_key_out(*made)


@get(
    "/console/v1/own/business",
    operation_id="getMyBusiness",
    tags=["Own: company"],
    summary="What one's company does with what it buys; the console is arranged by it",
    opt=said("本企业的经营类型（决定后台菜单顺序与默认值）"),
)
async def business_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> MyBusinessOut:
    found = await buyers.my_business(env, actor)
    return MyBusinessOut(found.business, found.version)


@put(
    "/console/v1/own/business",
    operation_id="setMyBusiness",
    tags=["Own: company"],
    summary="Say what one's company does; changes no right and no price",
    opt=said("修改本企业的经营类型（不影响权限与价格）", "", RequestRefusal.conflict),
)
async def set_business_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[BusinessIn]
) -> MyBusinessOut:
    made = await buyers.set_my_business(env, actor, data.business, data.version)
    return MyBusinessOut(made.business, made.version)


ROUTES = [issue_route, business_route, set_business_route]
