"""Corrections over HTTP: by the buyer's program, and in the console by people; who is asked, and for how long."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import (
    FromPath,
    FromQuery,
    HeaderParameter,
    JSONBody,
    PathParameter,
    QueryParameter,
    SkipValidation,
)

from commissary import orders, tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.catalog.types import AccountRefusal
from commissary.fulfilment import fix
from commissary.fulfilment.buy import Buying
from commissary.fulfilment.types import FixRequest, FixState, FulfilmentRefusal
from commissary.fulfilment.wire import SettledOut, settled_out
from commissary.orders.types import OrderRefusal
from commissary.risk.types import RiskRefusal
from commissary.tenancy.types import Actor, Caller

Buyer = NamedDependency[SkipValidation[Caller]]
Desk = NamedDependency[orders.Desk]
Bought = NamedDependency[SkipValidation[Buying]]
Key = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        description="Any text of your own; the same again changes nothing",
        schema_extra={"min_length": 1},
    ),
]
LineNo = Annotated[int, PathParameter(ge=0, le=2**15 - 1)]
CORRECTING = (
    OrderRefusal.order_not_found,
    OrderRefusal.line_not_found,
    OrderRefusal.key_missing,
    OrderRefusal.key_reused,
    FulfilmentRefusal.nothing_to_correct,
    FulfilmentRefusal.too_many_corrections,
    FulfilmentRefusal.fix_expired,
    FulfilmentRefusal.fix_unchanged,
    OrderRefusal.sku_unknown,
    *AccountRefusal,
    *RiskRefusal,
)


class CorrectIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of the line's fields as they should be, as in an order."""

    fields: orders.Fields


class FixRequestOut(msgspec.Struct, frozen=True):
    """`corrections`: how often the line was corrected before. `purchase_id`: the purchase that failed."""

    id: str
    order_id: str
    line_no: int
    purchase_id: str
    field: str
    reason: str
    corrections: int
    status: FixState
    asked_at: datetime
    deadline: datetime
    ended_at: datetime | None
    ended_by: str


class FixTermsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`version`: the one that was looked at, 0 if there was none."""

    open_minutes: Annotated[int, msgspec.Meta(ge=5, le=43_200)]
    version: Annotated[int, msgspec.Meta(ge=0)] = 0


class FixTermsOut(msgspec.Struct, frozen=True):
    """How long a buyer may correct. `version` 0: as it is without a setting."""

    open_minutes: int
    version: int


@post(
    "/v1/orders/{order_id:str}/lines/{line_no:int}/fields",
    operation_id="correctLine",
    tags=["Orders"],
    summary="Correct the fields of a line whose account was wrong",
    description=(
        "When a line shows `fix`, its supplier called the account wrong. Send all of its fields as they should be, before "
        "`fix.until`: they are checked as in an order, and the line goes on with the money that is already held."
    ),
    opt=said(
        "更正充值信息",
        "订单行出现 `fix` 表示供应商认定充值账号有误。请在 `fix.until` 之前提交该行的全部充值信息；校验规则与下单相同，"
        "通过后该行继续处理，使用已冻结的款项，不会再次扣款。",
        *CORRECTING,
        examples={"another number": {"fields": {"phone": "13800000001"}}},
    ),
    status_code=200,
)
async def correct_route(
    desk: Desk,
    buying: Bought,
    caller: Buyer,
    order_id: FromPath[str],
    line_no: LineNo,
    data: JSONBody[CorrectIn],
    idempotency_key: Key = "",
) -> orders.OrderOut:
    tenancy.require_scope(caller, "orders:write")
    order = order_id_of(order_id)
    return await fix.correct(desk, caller, order, line_no, data.fields, idempotency_key, buying.nudge)


@post(
    "/console/v1/orders/{order_id:str}/lines/{line_no:int}/fields",
    operation_id="correctLineForBuyer",
    tags=["Work"],
    summary="Correct the fields of a line for its buyer",
    opt=said("代买家更正充值信息", "", *CORRECTING),
    status_code=200,
)
async def correct_for_route(
    desk: Desk,
    buying: Bought,
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    line_no: LineNo,
    data: JSONBody[CorrectIn],
    idempotency_key: Key = "",
) -> SettledOut:
    order = order_id_of(order_id)
    return settled_out(
        await fix.correct_for(desk, actor, order, line_no, data.fields, idempotency_key, buying.nudge)
    )


@post(
    "/console/v1/orders/{order_id:str}/lines/{line_no:int}/withdraw-fix",
    operation_id="withdrawFixRequest",
    tags=["Work"],
    summary="Wait for the buyer no longer: the line fails, its money is free again",
    opt=said(
        "撤回更正请求：该行失败并退回款项",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        FulfilmentRefusal.nothing_to_correct,
    ),
    status_code=200,
)
async def withdraw_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], order_id: FromPath[str], line_no: LineNo
) -> SettledOut:
    return settled_out(await fix.withdraw_fix(env, actor, order_id_of(order_id), line_no))


@get(
    "/console/v1/fix-requests",
    operation_id="listFixRequests",
    tags=["Work"],
    summary="Corrections that buyers were asked for, oldest first",
    opt=said("待买家更正的充值信息（由旧到新）", "", RequestRefusal.not_found),
)
async def fixes_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    status: Annotated[
        Literal["open", "corrected", "expired", "withdrawn"] | None, QueryParameter(description="Only these")
    ] = None,
    order_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[FixRequestOut]:
    of = number(order_id) if order_id else None
    found = await fix.list_fixes(env, actor, state=status, order_id=of, after=after(cursor), size=sized(size))
    return page(found, size, _shown, lambda f: f.id)


@get(
    "/console/v1/fix-terms",
    operation_id="getFixTerms",
    tags=["Work"],
    summary="How long a buyer may correct a wrong account",
    opt=said("买家更正充值账号的期限"),
)
async def terms_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> FixTermsOut:
    kept = await fix.fix_terms(env, actor)
    return FixTermsOut(kept.open_minutes, kept.version) if kept else FixTermsOut(fix.OPEN_MINUTES, 0)


@put(
    "/console/v1/fix-terms",
    operation_id="setFixTerms",
    tags=["Work"],
    summary="Set how long a buyer may correct a wrong account, from now on",
    opt=said("设置买家更正充值账号的期限", "", FulfilmentRefusal.fix_terms_changed),
)
async def set_terms_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[FixTermsIn]
) -> FixTermsOut:
    kept = await fix.set_fix_terms(env, actor, data.open_minutes, data.version)
    return FixTermsOut(kept.open_minutes, kept.version)


def order_id_of(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63:
        return int(text)
    raise Refused(OrderRefusal.order_not_found)


def _shown(f: FixRequest) -> FixRequestOut:
    return FixRequestOut(
        id=str(f.id),
        order_id=str(f.order_id),
        line_no=f.line_no,
        purchase_id=str(f.attempt_id),
        field=f.field,
        reason=f.reason,
        corrections=f.corrections,
        status=f.state,
        asked_at=f.asked_at,
        deadline=f.deadline,
        ended_at=f.ended_at,
        ended_by=f.ended_by,
    )


ROUTES = [correct_route, correct_for_route, withdraw_route, fixes_route, terms_route, set_terms_route]
