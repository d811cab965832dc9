"""Webhooks of a buyer's own company, before its people: what the partner API does for its key. And whether what a receiver
got is genuine, for both audiences."""

from typing import Any

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, SkipValidation

from commissary import partners, tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.outgoing import OutgoingRefusal
from commissary.base.wire import number, said
from commissary.notify import endpoints, routes
from commissary.notify.types import NotifyRefusal
from commissary.notify.wire import SignatureIn, SignatureOut
from commissary.tenancy.types import Actor, Caller

ROOT = "/console/v1/own"
HOOKS, DELIVERIES = f"{ROOT}/webhook-endpoints", f"{ROOT}/webhook-deliveries"
ONE = f"{HOOKS}/{{endpoint_id:str}}"
GONE = (RequestRefusal.not_found, NotifyRefusal.endpoint_not_found)


def twin(
    make: Any, path: str, of: HTTPRouteHandler, operation_id: str, en: str, zh: str, *errors: Any, **more: Any
) -> HTTPRouteHandler:
    """The partner API's operation, for whoever is signed in for the same company."""
    made: HTTPRouteHandler = make(
        path,
        operation_id=operation_id,
        tags=["Own: developer"],
        summary=en,
        opt=said(zh, "", *errors),
        dependencies=partners.OWN,
        **more,
    )(of.fn)
    return made


SIGNATURE = "Whether a received webhook is genuine, by this endpoint's secrets"
SIGNATURE_ZH = "校验收到的 Webhook 签名是否真实（不改变任何内容）"


@post(
    "/console/v1/webhook-endpoints/{endpoint_id:str}/verify",
    operation_id="checkWebhookSignature",
    tags=["Webhooks"],
    summary=SIGNATURE,
    opt=said(SIGNATURE_ZH, "", *GONE),
    status_code=200,
)
async def verify_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    endpoint_id: FromPath[str],
    data: JSONBody[SignatureIn],
) -> SignatureOut:
    return await _verified(env, actor, endpoint_id, data)


@post(
    f"{ONE}/verify",
    operation_id="checkMySignature",
    tags=["Own: developer"],
    summary=SIGNATURE,
    opt=said(SIGNATURE_ZH, "", *GONE),
    status_code=200,
    dependencies=partners.OWN,
)
async def own_verify_route(
    env: NamedDependency[Env],
    caller: NamedDependency[SkipValidation[Caller]],
    endpoint_id: FromPath[str],
    data: JSONBody[SignatureIn],
) -> SignatureOut:
    tenancy.require_scope(caller, "webhooks:write")
    return await _verified(env, tenancy.actor_of(caller, "own.webhooks.write"), endpoint_id, data)


async def _verified(env: Env, actor: Actor, endpoint_id: str, data: SignatureIn) -> SignatureOut:
    fault = await endpoints.check_signature(env, actor, number(endpoint_id), data.headers, data.body.encode())
    return SignatureOut(fault is None, fault)


ROUTES = [
    verify_route,
    own_verify_route,
    twin(get, HOOKS, routes.endpoints_own_route, "listMyEndpoints", "Endpoints", "Webhook 端点"),
    twin(
        post, HOOKS, routes.add_endpoint_own_route, "addMyEndpoint", "Add an endpoint; its secret is shown once",
        "新增端点（密钥仅显示一次）", NotifyRefusal.event_unknown, NotifyRefusal.too_many_endpoints, *OutgoingRefusal,
    ),
    twin(
        patch, ONE, routes.change_endpoint_own_route, "changeMyEndpoint", "Change the address or the filter",
        "修改端点地址或事件过滤", *GONE, RequestRefusal.conflict, NotifyRefusal.event_unknown, *OutgoingRefusal,
    ),
    twin(
        post, f"{ONE}/rotate", routes.rotate_secret_own_route, "rotateMyEndpointSecret",
        "A new secret; the present one signs beside it for a while", "轮换签名密钥（旧密钥短期并用）",
        *GONE, NotifyRefusal.too_many_secrets, status_code=200,
    ),
    twin(
        post, f"{ONE}/pause", routes.pause_endpoint_own_route, "pauseMyEndpoint", "Keep the queue and send nothing",
        "暂停推送并保留队列", *GONE, NotifyRefusal.endpoint_disabled, status_code=200,
    ),
    twin(
        post, f"{ONE}/resume", routes.resume_endpoint_own_route, "resumeMyEndpoint", "Send again, at once",
        "恢复推送", *GONE, status_code=200,
    ),
    twin(
        post, f"{ONE}/disable", routes.disable_endpoint_own_route, "disableMyEndpoint",
        "Send nothing more; what waits becomes dead letters", "停用端点（待发消息转为死信）", *GONE, status_code=200,
    ),
    twin(
        post, f"{ONE}/test", routes.test_endpoint_own_route, "testMyEndpoint", "Queue a test message",
        "发送测试消息", *GONE, NotifyRefusal.endpoint_disabled, status_code=202,
    ),
    twin(
        get, DELIVERIES, routes.deliveries_own_route, "listMyDeliveries", "The delivery log, newest first",
        "推送记录（按时间倒序）", RequestRefusal.not_found,
    ),
    twin(
        get, f"{DELIVERIES}/{{delivery_id:str}}", routes.delivery_own_route, "getMyDelivery",
        "A delivery with its body and its tries", "单次推送的内容与尝试记录",
        RequestRefusal.not_found, NotifyRefusal.delivery_not_found,
    ),
    twin(
        post, f"{DELIVERIES}/replay", routes.replay_own_route, "replayMyDeliveries",
        "Send again what was delivered or is a dead letter, with the same id", "以相同 ID 重新推送",
        RequestRefusal.not_found, status_code=200,
    ),
]  # fmt: skip
