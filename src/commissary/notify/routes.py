"""Webhooks: in the console for every organisation, in the partner API for the caller's own (scope `webhooks:write`).

Both faces call the same verbs; a key acts as an actor that may do nothing but `own.webhooks.write`.
"""

from typing import Annotated

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter, SkipValidation

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import When, time_of
from commissary.base.outgoing import Outgoing, OutgoingRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.notify import deliveries, endpoints, health_routes, resend_routes
from commissary.notify.types import DeliveryState, NotifyRefusal
from commissary.notify.wire import (
    DeliveryFullOut,
    DeliveryOut,
    EndpointEdit,
    EndpointIn,
    EndpointOut,
    NewEndpointOut,
    OwnEndpointIn,
    QueuedOut,
    ReplayIn,
    ReplayOut,
    RotateIn,
    delivery_out,
    endpoint_out,
    full_out,
)
from commissary.tenancy.types import Actor, Caller

Signed = NamedDependency[SkipValidation[Caller]]
Out = NamedDependency[SkipValidation[Outgoing]]
Named = Annotated[str | None, QueryParameter(description="Name of an event", max_length=60)]

CONSOLE, PARTNER = "/console/v1", "/v1"


@get(
    f"{CONSOLE}/webhook-endpoints",
    operation_id="listWebhookEndpoints",
    tags=["Webhooks"],
    summary="Webhook endpoints",
    opt=said("Webhook 端点列表", "", RequestRefusal.not_found),
)
async def endpoints_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[EndpointOut]:
    found = await endpoints.list_endpoints(
        env,
        actor,
        organisation_id=None if organisation_id is None else number(organisation_id),
        after=after(cursor),
        size=sized(size),
    )
    return page(found, size, endpoint_out, lambda e: e.id)


@post(
    f"{CONSOLE}/webhook-endpoints",
    operation_id="addWebhookEndpoint",
    tags=["Webhooks"],
    summary="Add an endpoint; its secret is shown once",
    opt=said(
        "新增端点（密钥仅显示一次）",
        "",
        RequestRefusal.not_found,
        NotifyRefusal.event_unknown,
        NotifyRefusal.too_many_endpoints,
        *OutgoingRefusal,
    ),
)
async def add_endpoint_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], outgoing: Out, data: JSONBody[EndpointIn]
) -> NewEndpointOut:
    view, secret = await endpoints.add_endpoint(
        env,
        outgoing,
        actor,
        organisation_id=number(data.organisation_id),
        url=data.url,
        events=data.events,
    )
    return NewEndpointOut(endpoint_out(view), secret)


@patch(
    f"{CONSOLE}/webhook-endpoints/{{endpoint_id:str}}",
    operation_id="changeWebhookEndpoint",
    tags=["Webhooks"],
    summary="Change the address or the filter of an endpoint",
    opt=said(
        "修改端点地址或事件过滤",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        NotifyRefusal.endpoint_not_found,
        NotifyRefusal.event_unknown,
        *OutgoingRefusal,
    ),
)
async def change_endpoint_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    outgoing: Out,
    endpoint_id: FromPath[str],
    data: JSONBody[EndpointEdit],
) -> EndpointOut:
    view = await endpoints.change_endpoint(
        env, outgoing, actor, number(endpoint_id), url=data.url, events=data.events, version=data.version
    )
    return endpoint_out(view)


@post(
    f"{CONSOLE}/webhook-endpoints/{{endpoint_id:str}}/rotate",
    operation_id="rotateWebhookSecret",
    tags=["Webhooks"],
    summary="A new secret; the present one signs beside it for a while",
    opt=said(
        "轮换签名密钥（旧密钥短期并用）",
        "",
        RequestRefusal.not_found,
        NotifyRefusal.endpoint_not_found,
        NotifyRefusal.too_many_secrets,
    ),
    status_code=200,
)
async def rotate_secret_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    endpoint_id: FromPath[str],
    data: JSONBody[RotateIn],
) -> NewEndpointOut:
    view, secret = await endpoints.rotate_secret(env, actor, number(endpoint_id), data.overlap_s)
    return NewEndpointOut(endpoint_out(view), secret)


@post(
    f"{CONSOLE}/webhook-endpoints/{{endpoint_id:str}}/pause",
    operation_id="pauseWebhookEndpoint",
    tags=["Webhooks"],
    summary="Keep the queue and send nothing, for at most 14 days",
    opt=said(
        "暂停推送并保留队列（最长 14 天）",
        "",
        RequestRefusal.not_found,
        NotifyRefusal.endpoint_not_found,
        NotifyRefusal.endpoint_disabled,
    ),
    status_code=200,
)
async def pause_endpoint_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], endpoint_id: FromPath[str]
) -> EndpointOut:
    return endpoint_out(await endpoints.pause_endpoint(env, actor, number(endpoint_id)))


@post(
    f"{CONSOLE}/webhook-endpoints/{{endpoint_id:str}}/resume",
    operation_id="resumeWebhookEndpoint",
    tags=["Webhooks"],
    summary="Send again, at once",
    opt=said("恢复推送", "", RequestRefusal.not_found, NotifyRefusal.endpoint_not_found),
    status_code=200,
)
async def resume_endpoint_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], endpoint_id: FromPath[str]
) -> EndpointOut:
    return endpoint_out(await endpoints.resume_endpoint(env, actor, number(endpoint_id)))


@post(
    f"{CONSOLE}/webhook-endpoints/{{endpoint_id:str}}/disable",
    operation_id="disableWebhookEndpoint",
    tags=["Webhooks"],
    summary="Send nothing more; what waits becomes dead letters",
    opt=said("停用端点（待发消息转为死信）", "", RequestRefusal.not_found, NotifyRefusal.endpoint_not_found),
    status_code=200,
)
async def disable_endpoint_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], endpoint_id: FromPath[str]
) -> EndpointOut:
    return endpoint_out(await endpoints.disable_endpoint(env, actor, number(endpoint_id)))


@post(
    f"{CONSOLE}/webhook-endpoints/{{endpoint_id:str}}/test",
    operation_id="testWebhookEndpoint",
    tags=["Webhooks"],
    summary="Queue a test message for this endpoint",
    opt=said(
        "向该端点发送测试消息",
        "",
        RequestRefusal.not_found,
        NotifyRefusal.endpoint_not_found,
        NotifyRefusal.endpoint_disabled,
    ),
    status_code=202,
)
async def test_endpoint_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], endpoint_id: FromPath[str]
) -> QueuedOut:
    return QueuedOut(str(await endpoints.send_test(env, actor, number(endpoint_id))))


@get(
    f"{CONSOLE}/webhook-deliveries",
    operation_id="listWebhookDeliveries",
    tags=["Webhooks"],
    summary="The delivery log, newest first",
    opt=said("推送记录（按时间倒序）", "", RequestRefusal.not_found),
)
async def deliveries_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromQuery[str | None] = None,
    endpoint_id: FromQuery[str | None] = None,
    subject_id: FromQuery[str | None] = None,
    status: FromQuery[DeliveryState | None] = None,
    event: Named = None,
    created_from: When = None,
    created_to: When = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[DeliveryOut]:
    found = await deliveries.list_deliveries(
        env,
        actor,
        organisation_id=None if organisation_id is None else number(organisation_id),
        endpoint_id=None if endpoint_id is None else number(endpoint_id),
        subject_id=None if subject_id is None else number(subject_id),
        state=status,
        event=event or None,
        since=time_of("created_from", created_from),
        until=time_of("created_to", created_to),
        before=after(cursor) or deliveries.ID_MAX,
        size=sized(size),
    )
    return page(found, size, delivery_out, lambda d: d.id)


@get(
    f"{CONSOLE}/webhook-deliveries/{{delivery_id:str}}",
    operation_id="getWebhookDelivery",
    tags=["Webhooks"],
    summary="A delivery with its body and its tries",
    opt=said("单次推送的内容与尝试记录", "", RequestRefusal.not_found, NotifyRefusal.delivery_not_found),
)
async def delivery_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], delivery_id: FromPath[str]
) -> DeliveryFullOut:
    return full_out(*await deliveries.get_delivery(env, actor, number(delivery_id)))


@post(
    f"{CONSOLE}/webhook-deliveries/replay",
    operation_id="replayWebhookDeliveries",
    tags=["Webhooks"],
    summary="Send again what was delivered or is a dead letter, with the same id",
    opt=said("以相同 ID 重新推送已送达或死信消息", "", RequestRefusal.not_found),
    status_code=200,
)
async def replay_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[ReplayIn]
) -> ReplayOut:
    return await _replay(env, actor, data)


@get(
    f"{PARTNER}/webhook-endpoints",
    operation_id="listOwnWebhookEndpoints",
    opt=said("Webhook 端点列表"),
    tags=["Webhooks"],
    summary="Webhook endpoints",
)
async def endpoints_own_route(
    env: NamedDependency[Env],
    caller: Signed,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[EndpointOut]:
    found = await endpoints.list_endpoints(
        env,
        _acting(caller),
        after=after(cursor),
        size=sized(size),
    )
    return page(found, size, endpoint_out, lambda e: e.id)


@post(
    f"{PARTNER}/webhook-endpoints",
    operation_id="addOwnWebhookEndpoint",
    opt=said(
        "新增端点（密钥仅显示一次）",
        "",
        RequestRefusal.not_found,
        NotifyRefusal.event_unknown,
        NotifyRefusal.too_many_endpoints,
        *OutgoingRefusal,
        examples={
            "all about orders": {
                "url": "https://shop.example/webhooks",
                "events": ["order.delivered", "order.failed"],
            }
        },
    ),
    tags=["Webhooks"],
    summary="Add an endpoint; its secret is shown once",
)
async def add_endpoint_own_route(
    env: NamedDependency[Env], caller: Signed, outgoing: Out, data: JSONBody[OwnEndpointIn]
) -> NewEndpointOut:
    view, secret = await endpoints.add_endpoint(
        env,
        outgoing,
        _acting(caller),
        organisation_id=caller.key.organisation_id,
        url=data.url,
        events=data.events,
    )
    return NewEndpointOut(endpoint_out(view), secret)


@patch(
    f"{PARTNER}/webhook-endpoints/{{endpoint_id:str}}",
    operation_id="changeOwnWebhookEndpoint",
    opt=said(
        "修改端点地址或事件过滤",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        NotifyRefusal.endpoint_not_found,
        NotifyRefusal.event_unknown,
        *OutgoingRefusal,
        examples={"another address": {"url": "https://shop.example/webhooks/v2"}},
    ),
    tags=["Webhooks"],
    summary="Change the address or the filter of an endpoint",
)
async def change_endpoint_own_route(
    env: NamedDependency[Env],
    caller: Signed,
    outgoing: Out,
    endpoint_id: FromPath[str],
    data: JSONBody[EndpointEdit],
) -> EndpointOut:
    view = await endpoints.change_endpoint(
        env,
        outgoing,
        _acting(caller),
        number(endpoint_id),
        url=data.url,
        events=data.events,
        version=data.version,
    )
    return endpoint_out(view)


@post(
    f"{PARTNER}/webhook-endpoints/{{endpoint_id:str}}/rotate",
    operation_id="rotateOwnWebhookSecret",
    opt=said(
        "轮换签名密钥（旧密钥短期并用）",
        "",
        RequestRefusal.not_found,
        NotifyRefusal.endpoint_not_found,
        NotifyRefusal.too_many_secrets,
        examples={"a day beside the old one": {"overlap_s": 86_400}, "it leaked": {"overlap_s": 0}},
    ),
    tags=["Webhooks"],
    summary="A new secret; the present one signs beside it for a while",
    status_code=200,
)
async def rotate_secret_own_route(
    env: NamedDependency[Env], caller: Signed, endpoint_id: FromPath[str], data: JSONBody[RotateIn]
) -> NewEndpointOut:
    view, secret = await endpoints.rotate_secret(env, _acting(caller), number(endpoint_id), data.overlap_s)
    return NewEndpointOut(endpoint_out(view), secret)


@post(
    f"{PARTNER}/webhook-endpoints/{{endpoint_id:str}}/pause",
    operation_id="pauseOwnWebhookEndpoint",
    opt=said(
        "暂停推送并保留队列（最长 14 天）",
        "",
        RequestRefusal.not_found,
        NotifyRefusal.endpoint_not_found,
        NotifyRefusal.endpoint_disabled,
    ),
    tags=["Webhooks"],
    summary="Keep the queue and send nothing, for at most 14 days",
    status_code=200,
)
async def pause_endpoint_own_route(
    env: NamedDependency[Env], caller: Signed, endpoint_id: FromPath[str]
) -> EndpointOut:
    return endpoint_out(await endpoints.pause_endpoint(env, _acting(caller), number(endpoint_id)))


@post(
    f"{PARTNER}/webhook-endpoints/{{endpoint_id:str}}/resume",
    operation_id="resumeOwnWebhookEndpoint",
    opt=said("恢复推送", "", RequestRefusal.not_found, NotifyRefusal.endpoint_not_found),
    tags=["Webhooks"],
    summary="Send again, at once",
    status_code=200,
)
async def resume_endpoint_own_route(
    env: NamedDependency[Env], caller: Signed, endpoint_id: FromPath[str]
) -> EndpointOut:
    return endpoint_out(await endpoints.resume_endpoint(env, _acting(caller), number(endpoint_id)))


@post(
    f"{PARTNER}/webhook-endpoints/{{endpoint_id:str}}/disable",
    operation_id="disableOwnWebhookEndpoint",
    opt=said("停用端点（待发消息转为死信）", "", RequestRefusal.not_found, NotifyRefusal.endpoint_not_found),
    tags=["Webhooks"],
    summary="Send nothing more; what waits becomes dead letters",
    status_code=200,
)
async def disable_endpoint_own_route(
    env: NamedDependency[Env], caller: Signed, endpoint_id: FromPath[str]
) -> EndpointOut:
    return endpoint_out(await endpoints.disable_endpoint(env, _acting(caller), number(endpoint_id)))


@post(
    f"{PARTNER}/webhook-endpoints/{{endpoint_id:str}}/test",
    operation_id="testOwnWebhookEndpoint",
    opt=said(
        "发送测试消息",
        "",
        RequestRefusal.not_found,
        NotifyRefusal.endpoint_not_found,
        NotifyRefusal.endpoint_disabled,
    ),
    tags=["Webhooks"],
    summary="Queue a test message for this endpoint",
    status_code=202,
)
async def test_endpoint_own_route(
    env: NamedDependency[Env], caller: Signed, endpoint_id: FromPath[str]
) -> QueuedOut:
    return QueuedOut(str(await endpoints.send_test(env, _acting(caller), number(endpoint_id))))


@get(
    f"{PARTNER}/webhook-deliveries",
    operation_id="listOwnWebhookDeliveries",
    opt=said("推送记录（按时间倒序）", "", RequestRefusal.not_found),
    tags=["Webhooks"],
    summary="The delivery log, newest first",
)
async def deliveries_own_route(
    env: NamedDependency[Env],
    caller: Signed,
    endpoint_id: FromQuery[str | None] = None,
    subject_id: FromQuery[str | None] = None,
    status: FromQuery[DeliveryState | None] = None,
    event: Named = None,
    created_from: When = None,
    created_to: When = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[DeliveryOut]:
    found = await deliveries.list_deliveries(
        env,
        _acting(caller),
        endpoint_id=None if endpoint_id is None else number(endpoint_id),
        subject_id=None if subject_id is None else number(subject_id),
        state=status,
        event=event or None,
        since=time_of("created_from", created_from),
        until=time_of("created_to", created_to),
        before=after(cursor) or deliveries.ID_MAX,
        size=sized(size),
    )
    return page(found, size, delivery_out, lambda d: d.id)


@get(
    f"{PARTNER}/webhook-deliveries/{{delivery_id:str}}",
    operation_id="getOwnWebhookDelivery",
    opt=said("单次推送的内容与尝试记录", "", RequestRefusal.not_found, NotifyRefusal.delivery_not_found),
    tags=["Webhooks"],
    summary="A delivery with its body and its tries",
)
async def delivery_own_route(
    env: NamedDependency[Env], caller: Signed, delivery_id: FromPath[str]
) -> DeliveryFullOut:
    return full_out(*await deliveries.get_delivery(env, _acting(caller), number(delivery_id)))


@post(
    f"{PARTNER}/webhook-deliveries/replay",
    operation_id="replayOwnWebhookDeliveries",
    opt=said(
        "以相同 ID 重新推送",
        "",
        RequestRefusal.not_found,
        examples={"dead letters of an endpoint": {"endpoint_id": "9001", "state": "dead"}},
    ),
    tags=["Webhooks"],
    summary="Send again what was delivered or is a dead letter, with the same id",
    status_code=200,
)
async def replay_own_route(env: NamedDependency[Env], caller: Signed, data: JSONBody[ReplayIn]) -> ReplayOut:
    return await _replay(env, _acting(caller), data)


async def _replay(env: Env, actor: Actor, data: ReplayIn) -> ReplayOut:
    wanted = deliveries.Ended(
        delivery_ids=None if data.delivery_ids is None else [number(id_) for id_ in data.delivery_ids],
        endpoint_id=None if data.endpoint_id is None else number(data.endpoint_id),
        subject_id=None if data.subject_id is None else number(data.subject_id),
        event=data.event,
        state=data.state,
        beyond=None if data.beyond is None else number(data.beyond),
        since=data.since,
        until=data.until,
    )
    if data.dry_run:
        return ReplayOut(0, matching=await deliveries.count_replayable(env, actor, wanted))
    again = await deliveries.replay(env, actor, wanted)
    return ReplayOut(len(again), last=str(again[-1]) if len(again) == deliveries.REPLAY_MAX else None)


def _acting(caller: Caller) -> Actor:
    tenancy.require_scope(caller, "webhooks:write")
    return tenancy.actor_of(caller, "own.webhooks.write")


ROUTES = [
    endpoints_route,
    add_endpoint_route,
    change_endpoint_route,
    rotate_secret_route,
    pause_endpoint_route,
    resume_endpoint_route,
    disable_endpoint_route,
    test_endpoint_route,
    deliveries_route,
    delivery_route,
    replay_route,
    endpoints_own_route,
    add_endpoint_own_route,
    change_endpoint_own_route,
    rotate_secret_own_route,
    pause_endpoint_own_route,
    resume_endpoint_own_route,
    disable_endpoint_own_route,
    test_endpoint_own_route,
    deliveries_own_route,
    delivery_own_route,
    replay_own_route,
    *health_routes.ROUTES,
    *resend_routes.ROUTES,
]
