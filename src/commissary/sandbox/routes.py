"""Sandboxes: for a developer's test key, and in the console."""

from typing import Any

from litestar import Request, Response, get, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from commissary import partners, tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import number, said
from commissary.ledger.types import LedgerRefusal
from commissary.sandbox.keep import Sandbox
from commissary.sandbox.replay import Replayer
from commissary.sandbox.types import SandboxRefusal
from commissary.sandbox.wire import (
    CallAgainIn,
    CallAgainOut,
    ModeIn,
    PlayMoneyIn,
    PlayMoneyOut,
    SandboxOut,
    SyncedOut,
    TopUpIn,
    magic_out,
    play_money_out,
    replay_out,
    synced_out,
)
from commissary.tenancy.types import MODE_COOKIE, Actor, Caller, TenancyRefusal

Signed = NamedDependency[SkipValidation[Caller]]


@get(
    "/v1/sandbox",
    operation_id="getSandbox",
    tags=["Sandbox"],
    summary="The magic goods of the sandbox, and its clock",
    description=(
        "With a test key: goods that succeed, fail, stay unknown, come in part or are taken back, each with what to expect. Orders for "
        "them are placed as any other."
    ),
    opt=said(
        "沙箱魔法商品与时钟",
        "须使用测试密钥：分别会成功、失败、结果未知、部分交付、成功后冲正等的商品及其预期结果，下单方式与其他商品相同。",
        SandboxRefusal.live_key,
    ),
)
async def own_sandbox_route(
    env: NamedDependency[Env], caller: Signed, sandbox: NamedDependency[SkipValidation[Sandbox]]
) -> SandboxOut:
    tenancy.require_scope(caller, "catalog:read")
    sandbox.require_test(caller)
    return await _shown(env, sandbox, caller.key.mall_id)


@post(
    "/v1/sandbox/top-ups",
    operation_id="addPlayMoney",
    tags=["Sandbox"],
    summary="Play money for the wallet of a test key",
    opt=said(
        "为测试密钥的钱包充入模拟资金",
        "",
        SandboxRefusal.live_key,
        SandboxRefusal.too_much_play_money,
        LedgerRefusal.reference_used,
    ),
)
async def own_top_up_route(
    caller: Signed, sandbox: NamedDependency[SkipValidation[Sandbox]], data: JSONBody[PlayMoneyIn]
) -> PlayMoneyOut:
    tenancy.require_scope(caller, "balance:read")
    return play_money_out(await sandbox.top_up_own(caller, data.amount, data.reference), data.amount)


@put(
    "/console/v1/me/mode",
    operation_id="setMode",
    tags=["Sessions"],
    summary="Switch between the live mall and its sandbox",
    description=(
        "From then on the session's calls are meant for the mall's sandbox (`test`) or for the mall itself (`live`). A call that says "
        "`Commissary-Mode: live` or `test` is meant so, whatever was switched elsewhere."
    ),
    opt=said(
        "切换正式环境与沙箱",
        "此后该会话的请求作用于沙箱（`test`）或商城本身（`live`）；单个请求可用请求头 `Commissary-Mode` 指定，优先于此设置。",
        RequestRefusal.not_found,
        TenancyRefusal.no_sandbox,
        TenancyRefusal.not_in_sandbox,
    ),
)
async def mode_route(
    actor: NamedDependency[Actor],
    sandbox: NamedDependency[SkipValidation[Sandbox]],
    request: Request[Any, Any, Any],
    data: JSONBody[ModeIn],
) -> Response[ModeIn]:
    if data.mode == "test":
        await sandbox.enter(actor)
    else:
        await sandbox.leave(actor)
    cookie = Cookie(
        key=MODE_COOKIE,
        value=data.mode,
        path="/",
        max_age=43_200,
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="strict",
    )
    return Response(data, cookies=[cookie])


@get(
    "/console/v1/sandbox",
    operation_id="getSandboxState",
    tags=["Sandbox"],
    summary="The sandbox: its magic goods and its clock",
    opt=said("沙箱：魔法商品与时钟", "", RequestRefusal.not_found, TenancyRefusal.no_sandbox),
)
async def sandbox_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    sandbox: NamedDependency[SkipValidation[Sandbox]],
) -> SandboxOut:
    _may_read(actor)
    there = actor if env.is_test(actor.mall_id) else await tenancy.in_sandbox(env, actor)
    return await _shown(env, sandbox, there.mall_id)


@post(
    "/console/v1/sandbox/sync",
    operation_id="syncSandbox",
    tags=["Sandbox"],
    summary="Bring the sandbox up to the mall: brands, goods, prices, tiers",
    description=(
        "Under the same ids, without stock, suppliers, contracts, keys or endpoints. At most 300 SKUs at a time; `left` says how many "
        "wait for the next call."
    ),
    opt=said(
        "将商城的品牌、商品、价格与等级同步到沙箱",
        "编号保持一致；不包含库存、供应商、合同价、密钥与推送地址。每次最多 300 个 SKU，`left` 为剩余数量。",
        RequestRefusal.not_found,
        TenancyRefusal.no_sandbox,
    ),
    status_code=200,
)
async def sync_route(
    actor: NamedDependency[Actor], sandbox: NamedDependency[SkipValidation[Sandbox]]
) -> SyncedOut:
    return synced_out(await sandbox.sync(actor))


@post(
    "/console/v1/sandbox/reset",
    operation_id="resetSandbox",
    tags=["Sandbox"],
    summary="Set the sandbox back: its clock, its goods, its play money",
    description="Orders of before stay.",
    opt=said(
        "重置沙箱的时钟、商品与模拟资金",
        "历史订单保留。",
        RequestRefusal.not_found,
        TenancyRefusal.no_sandbox,
    ),
    status_code=200,
)
async def reset_route(
    actor: NamedDependency[Actor], sandbox: NamedDependency[SkipValidation[Sandbox]]
) -> SyncedOut:
    return synced_out(await sandbox.reset(actor))


@post(
    "/console/v1/sandbox/top-ups",
    operation_id="giveMoneyToPlay",
    tags=["Sandbox"],
    summary="Play money for a buyer in the sandbox",
    opt=said(
        "为客户的沙箱钱包充入模拟资金",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.no_sandbox,
        TenancyRefusal.not_in_sandbox,
        SandboxRefusal.too_much_play_money,
        LedgerRefusal.reference_used,
    ),
)
async def top_up_route(
    actor: NamedDependency[Actor],
    sandbox: NamedDependency[SkipValidation[Sandbox]],
    data: JSONBody[TopUpIn],
) -> PlayMoneyOut:
    moved = await sandbox.top_up(actor, int(data.buyer_id), data.amount, data.reference)
    return play_money_out(moved, data.amount)


TOLD = (
    "Signed with a test key of the company (`Replay 重放`) and sent to the sandbox, never to the live mall. Values that the log hides have to "
    "be written again; queries are not kept."
)
TOLD_ZH = "以本企业的沙箱密钥（`Replay 重放`）签名并仅发送到沙箱。日志隐藏的内容须重新填写；不保留查询参数。"
CANNOT = (RequestRefusal.not_found, TenancyRefusal.no_sandbox, SandboxRefusal.not_replayable)


@post(
    "/console/v1/calls/{call_id:str}/replay",
    operation_id="replayCall",
    tags=["Calls"],
    summary="A logged call again, in the sandbox",
    description=TOLD,
    opt=said("在沙箱中重放一次调用", TOLD_ZH, *CANNOT),
    status_code=200,
)
async def replay_route(
    actor: NamedDependency[Actor],
    replayer: NamedDependency[SkipValidation[Replayer]],
    call_id: FromPath[str],
    data: JSONBody[CallAgainIn],
) -> CallAgainOut:
    return replay_out(await replayer.replay(actor, number(call_id), data.body))


@post(
    "/console/v1/own/calls/{call_id:str}/replay",
    operation_id="replayMyCall",
    tags=["Own: developer"],
    summary="A logged call of one's own company again, in the sandbox",
    description=TOLD,
    opt=said("在沙箱中重放本企业的一次调用", TOLD_ZH, *CANNOT),
    status_code=200,
    dependencies=partners.OWN,
)
async def own_replay_route(
    actor: NamedDependency[Actor],
    caller: Signed,
    replayer: NamedDependency[SkipValidation[Replayer]],
    call_id: FromPath[str],
    data: JSONBody[CallAgainIn],
) -> CallAgainOut:
    del caller
    return replay_out(await replayer.replay(actor, number(call_id), data.body))


def _may_read(actor: Actor) -> None:
    """The mall's staff by their right; a buyer's people who keep keys."""
    if not tenancy.allows(actor, "own.keys.write"):
        tenancy.require(actor, "sandbox.read")


async def _shown(env: Env, sandbox: Sandbox, mall: int) -> SandboxOut:
    goods = [magic_out(magic, sku) for magic, sku in await sandbox.table(mall)]
    return SandboxOut(False, env.now(mall), env.offsets.get(mall, 0), goods)


ROUTES = [
    own_sandbox_route,
    own_top_up_route,
    mode_route,
    sandbox_route,
    sync_route,
    reset_route,
    top_up_route,
    replay_route,
    own_replay_route,
]
