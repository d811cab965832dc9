"""A code in clear, for one person at a time."""

from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter

from commissary.base.errors import RequestRefusal
from commissary.base.wire import number, said
from commissary.orders.desk import Desk
from commissary.orders.reveal import reveal_code
from commissary.orders.types import OrderRefusal, RevealedCode
from commissary.tenancy.types import Actor, TenancyRefusal, Watermark

REMASK_S = 30


class RevealCodeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seq`: which code of the line, from 1. `reason`: the log of who saw what keeps it."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    seq: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1


class RevealedCodeOut(msgspec.Struct, frozen=True):
    """The `seq`th of `of` codes. A page hides it again after `remask_after_s`."""

    number: str | None
    secret: str
    seq: int
    of: int
    remask_after_s: int
    watermark: Watermark

    def __repr__(self) -> str:
        return "RevealedCodeOut(…)"


@post(
    "/console/v1/orders/{order_id:str}/lines/{line_no:int}/reveal",
    operation_id="revealCode",
    tags=["Orders"],
    summary="One delivered code in clear; who looked is recorded before it is shown",
    opt=said(
        "查看单个卡密明文（先记录后显示）",
        "",
        RequestRefusal.not_found,
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        OrderRefusal.no_such_code,
        TenancyRefusal.step_up_required,
        TenancyRefusal.reveals_locked,
    ),
    status_code=200,
)
async def reveal_route(
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    line_no: Annotated[int, PathParameter(ge=0, le=2**15 - 1)],
    data: JSONBody[RevealCodeIn],
) -> Response[RevealedCodeOut]:
    found = await reveal_code(desk, actor, number(order_id), line_no, data.seq, data.reason)
    return Response(revealed_out(found), headers={"cache-control": "no-store"})


def revealed_out(found: RevealedCode) -> RevealedCodeOut:
    return RevealedCodeOut(found.number, found.secret, found.seq, found.of, REMASK_S, found.seen)


ROUTES: list[Any] = [reveal_route]
