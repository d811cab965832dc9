"""Purchase requests as data: their states and who may follow whom, refusals."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from commissary.base.errors import Refusal

RequestState = Literal["asked", "approved", "placed", "refused", "withdrawn", "failed"]

Whose = Literal["mine", "to_decide", "all"]

# `approved`: its order is being placed. A price that moved above what was approved sends it back to be asked again.
# `failed` is not undone; an order that another process placed meanwhile is a fact, so it may still turn out `placed`.
REQUEST_MOVES: dict[RequestState, frozenset[RequestState]] = {
    "asked": frozenset({"approved", "refused", "withdrawn"}),
    "approved": frozenset({"placed", "failed", "asked"}),
    "failed": frozenset({"placed"}),
    "placed": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
}


class RequestLine(msgspec.Struct, frozen=True):
    """`fields` are top-up fields, sealed at rest. `unit_price_e4` is the most that a piece may cost when it is ordered."""

    sku_id: int
    quantity: int
    unit_price_e4: int
    fields: Mapping[str, str] | None = None


class Recipient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom the goods are for, as the company knows him."""

    name: str
    contact: str = ""


class Sealed(msgspec.Struct, frozen=True):
    """What is personal of a request: fields by line, recipients."""

    fields: list[dict[str, str] | None]
    recipients: list[Recipient]


class Request(msgspec.Struct, frozen=True):
    """`amount_e4` at the unit prices of its lines; `most_e4` is what it may come to. `alone`: within what its asker buys alone."""

    id: int
    organisation_id: int
    department_id: int
    asked_by: int
    request_no: str
    body: bytes
    reason: str
    recipients: int
    currency: str
    amount_e4: int
    most_e4: int
    state: RequestState
    alone: bool
    decided_by: int | None
    decided_at: datetime | None
    comment: str
    order_id: int | None
    failure: str
    asked_at: datetime
    updated_at: datetime


class RequestRefusal(Refusal):
    """In order of precedence."""

    no_department = (
        409,
        "You belong to no department that buys; ask whoever manages departments",
        "您未加入任何可采购的部门，请联系部门管理员",
    )
    not_priced_for_you = (409, "One of these goods has no price for your company", "部分商品暂无本企业价格")
    request_no_reused = (
        409,
        "This number was used for another request",
        "该申请编号已用于其他申请",
    )
    own_request = (403, "Nobody decides about his own request", "不能审批自己的申请")
    not_the_approver = (
        403,
        "Only a head of the department or an approver of the company decides",
        "仅部门负责人或企业审批人可审批",
    )
    request_decided = (409, "It is decided already", "该申请已处理")
    amount_moved = (
        409,
        "What it comes to is not what you saw; look again",
        "申请金额已变化，请重新查看后再审批",
    )
