"""Work by hand as data."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.orders.types import LineState

CLAIM = timedelta(minutes=15)
LONGEST_CLAIM = timedelta(hours=4)
# How long a line may wait for a person before it is late: the clock of the review queue and of work by hand.
LATE_AFTER: dict[str, timedelta] = {
    "review": timedelta(minutes=30),
    "waiting": timedelta(minutes=30),
    "working": timedelta(hours=1),
}


class WorkItem(msgspec.Struct, frozen=True):
    """A line that needs a person. `since` is when it came to us: the order's time, or its release date."""

    order_id: int
    line_no: int
    client_order_no: str
    buyer_id: int
    buyer_name: str
    sku_id: int
    sku_zh: str
    sku_en: str
    quantity: int
    amount_e4: int
    currency: str
    mode: str
    state: LineState
    reason: str
    target_last: str | None
    since: datetime
    claimed_by: int | None
    claimed_until: datetime | None


class Released(msgspec.Struct, frozen=True):
    """How far a run came. `skipped` were being worked on by somebody else, or failed: the next run sees them again."""

    delivered: int = 0
    waiting: int = 0
    skipped: int = 0


class Action(Enum):
    """What a buyer may read was done: (中文, English)."""

    released = ("到期放行，进入处理", "Released on its date")
    approved = ("审核通过，继续处理", "Approved; it continues")
    blocked = ("审核未通过，已取消并退回款项", "Not approved; cancelled, the money is free again")
    queued = ("等待人工处理", "Waiting for a person")
    short = ("等待到货", "Waiting for goods")
    unconfirmed = ("等待商家确认", "Waiting for the seller's confirmation")
    buying = ("已向供应商下单", "Ordered from a supplier")
    bought_elsewhere = (
        "该供应商未能供货，正在更换货源",
        "That supplier could not serve it; another is asked",
    )
    asking = ("供应商处理中，结果确认中", "The supplier has it; its result is being confirmed")
    no_supplier = ("暂无可用货源，转人工处理", "No supplier can serve it; a person takes over")
    claimed = ("已有人员接手处理", "Somebody is working on it")
    given_back = ("重新排队等待处理", "Back in the queue")
    delivered = ("已交付", "Delivered")
    partly_delivered = ("部分交付，其余款项已退回", "Delivered in part; the rest of the money is free again")
    failed = ("处理失败，款项已退回", "Failed; the money is free again")
    reversed = ("交付后被冲正，款项已退回", "Reversed after delivery; the money was returned")

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en


class LogEntry(msgspec.Struct, frozen=True):
    id: int
    line_no: int
    action: str
    zh: str
    en: str
    at: datetime


Result = Literal["processing", "delivered", "failed"]


class Tried(msgspec.Struct, frozen=True):
    """A purchase at a supplier as its buyer may see it: `supplier` is a mask."""

    line_no: int
    n: int
    supplier: str
    result: Result
    at: datetime
    ended_at: datetime | None


class FulfilmentRefusal(Refusal):
    claimed_by_other = (409, "Somebody else is working on this line", "该行已由他人处理中")
    not_claimed = (
        409,
        "Claim the line first; your claim may have run out",
        "请先领取该行；您的领取可能已超时",
    )
    being_bought = (
        409,
        "This line is being bought from a supplier; decide about the purchase first",
        "该行正在向供应商采购，请先处理采购记录",
    )
    no_fields = (404, "This line has no top-up fields", "该行没有充值信息")
