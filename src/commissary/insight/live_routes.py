"""The stream of what happens, for the console's screens."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, SkipValidation
from litestar.response import Stream

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.wire import said
from commissary.insight.live import Live
from commissary.tenancy.types import AuthRefusal

LastSeen = Annotated[
    str | None,
    HeaderParameter(name="Last-Event-ID", required=False, description="Sent by the browser itself"),
]


@get(
    "/console/v1/events",
    operation_id="listenToEvents",
    tags=["Jobs"],
    summary="What happens in the mall, as it happens (server-sent events)",
    description=(
        "`hello` says up to which event you know; `orders` that some were placed or changed; `notice` that one's own organisation has new notices of a kind; `job` how far "
        "one is; `calls` that programs called; `counters` and `inbox` what waits for people; `resync` that you missed too much: read the page again. Nothing is in it that you may "
        "not read. It ends after ten minutes and with the session; the browser comes back by itself. Six streams per person."
    ),
    opt=said(
        "实时事件（SSE）",
        "`hello` 为当前事件序号；`orders` 有订单新增或变化；`notice` 本组织有新通知；`job` 任务进度；`calls` 有新的程序调用；`counters` 与 `inbox` 待处理数量；`resync` 遗漏过多，请重新读取。"
        "仅推送有权查看的内容；十分钟或会话结束时断开，浏览器会自动重连。每人最多六个连接。",
        gives="text/event-stream",
    ),
)
async def events_route(
    env: NamedDependency[Env],
    live: NamedDependency[SkipValidation[Live]],
    request: Request[Any, Any, Any],
    last_seen: LastSeen = None,
) -> Stream:
    token = tenancy.presented_token(request.headers.get("authorization", ""), request.cookies)
    if token is None:
        raise Refused(AuthRefusal.missing_credentials)
    ip = request.client.host if request.client else ""
    actor = await tenancy.signed_in(env, request, touch=False)
    seen = int(last_seen) if last_seen and last_seen.isascii() and last_seen.isdigit() else None
    listener = await live.listen(actor, seen if seen is not None and seen < 2**63 else None)
    return Stream(
        live.stream(listener, token, ip),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


ROUTES = [events_route]
