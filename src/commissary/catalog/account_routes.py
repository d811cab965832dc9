"""What a mall knows of accounts, in the console."""

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.outgoing import Outgoing
from commissary.base.wire import said
from commissary.catalog import accounts
from commissary.catalog.wire import CheckerIn, CheckerOut, NumbersIn, NumbersOut, checker_out, number_rows
from commissary.tenancy.types import Actor


@post(
    "/console/v1/account-numbers",
    operation_id="addAccountNumbers",
    tags=["Catalog"],
    summary="Add segments, or dead and ported numbers",
    opt=said("导入号段、空号或携号转网名单"),
    status_code=200,
)
async def numbers_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[NumbersIn]
) -> NumbersOut:
    rows = number_rows(data)
    kept = await accounts.add_numbers(
        env, actor, data.kind, rows, valid_from=data.valid_from, source=data.source
    )
    return NumbersOut(kept)


@get(
    "/console/v1/account-checker",
    operation_id="getAccountChecker",
    tags=["Catalog"],
    summary="Who is asked about accounts",
    opt=said("账号校验接口", "", RequestRefusal.not_found),
)
async def checker_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> CheckerOut:
    found = await accounts.get_checker(env, actor)
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return checker_out(found)


@put(
    "/console/v1/account-checker",
    operation_id="setAccountChecker",
    tags=["Catalog"],
    summary="Name who is asked about accounts",
    opt=said("设置账号校验接口"),
)
async def set_checker_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    outgoing: NamedDependency[SkipValidation[Outgoing]],
    data: JSONBody[CheckerIn],
) -> CheckerOut:
    made = await accounts.set_checker(
        env, actor, outgoing, url=data.url, secret=data.secret, on_silence=data.on_silence
    )
    return checker_out(made)


@delete(
    "/console/v1/account-checker",
    operation_id="dropAccountChecker",
    tags=["Catalog"],
    summary="Ask nobody about accounts any more",
    opt=said("停用账号校验接口"),
    status_code=204,
)
async def drop_checker_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> None:
    await accounts.drop_checker(env, actor)


ROUTES = [numbers_route, checker_route, set_checker_route, drop_checker_route]
