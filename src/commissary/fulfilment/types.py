"""Work by hand, and buying for the shelf, as data."""

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.orders.types import LineState
from commissary.supply.types import Weighed

CLAIM = timedelta(minutes=15)
LONGEST_CLAIM = timedelta(hours=4)
# How long a line may wait for a person before it is late: the clock of the review queue and of work by hand.
LATE_AFTER: dict[str, timedelta] = {
    "review": timedelta(minutes=30),
    "waiting": timedelta(minutes=30),
    "working": timedelta(hours=1),
}


RouteEnd = Literal["stock", "bought", "waits", "fails", "people"]
"""What would become of a line now."""
Waits = Literal["review", "waiting", "working"]


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
    fix_requested = ("充值账号有误，请在期限内更正", "The account is wrong; please correct it in time")
    corrected = ("充值信息已更正，继续处理", "The fields were corrected; it continues")
    fix_expired = (
        "逾期未更正充值信息，款项已退回",
        "The account was not corrected in time; the money is free again",
    )
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


RestockState = Literal["proposed", "going", "done", "failed", "refused", "lapsed"]
PartState = Literal["waiting", "buying", "done", "failed", "reversing", "reversed"]

# Who may follow whom. `failed` → `done`: a purchase that was given up had been made after all.
RESTOCK_TRANSITIONS: dict[RestockState, frozenset[RestockState]] = {
    "proposed": frozenset({"going", "refused", "lapsed"}),
    "going": frozenset({"done", "failed"}),
    "failed": frozenset({"done"}),
    "done": frozenset(),
    "refused": frozenset(),
    "lapsed": frozenset(),
}
PART_TRANSITIONS: dict[PartState, frozenset[PartState]] = {
    "waiting": frozenset({"buying", "done", "failed"}),
    "buying": frozenset({"waiting", "done", "failed"}),
    "failed": frozenset({"done"}),
    "done": frozenset({"reversing"}),
    "reversing": frozenset({"reversed"}),
    "reversed": frozenset(),
}


class RestockTerms(msgspec.Struct, frozen=True, kw_only=True):
    """When a SKU is bought for the shelf, and within what. At or below `reorder_at` pieces, or what is sold in
    `reorder_days`, it is filled up to what is sold in `cover_days`. `approval_e4`: a plan above it waits for a person."""

    active: bool = True
    reorder_at: int | None = None
    reorder_days: int | None = None
    cover_days: int
    most_pieces: int
    most_unit_e4: int
    monthly_budget_e4: int
    approval_e4: int


class RestockPolicy(RestockTerms, frozen=True, kw_only=True):
    """`set_by`: the maker of its plans. `sold_7`, `sold_28`: pieces ordered in so many days, as last counted. `note`:
    why nothing was proposed at the last look."""

    sku_id: int
    version: int
    set_by: str
    set_at: datetime
    sold_7: int
    sold_28: int
    counted_at: datetime | None
    note: str


class RestockLimits(msgspec.Struct, frozen=True):
    """Of the whole mall. Without them nothing is bought for the shelf."""

    monthly_budget_e4: int
    approval_e4: int
    version: int
    set_by: str
    set_at: datetime


class Budget(msgspec.Struct, frozen=True):
    """Of one month; `sku_id` 0: of the whole mall. `late_e4`: spent though the budget had no room, on purchases that
    were made after all when their money had been given back."""

    sku_id: int
    month: date
    limit_e4: int
    committed_e4: int
    spent_e4: int
    late_e4: int

    @property
    def left_e4(self) -> int:
        return max(0, self.limit_e4 - self.committed_e4 - self.spent_e4 - self.late_e4)


class RestockWhy(msgspec.Struct, frozen=True):
    """What a plan was made of: pieces on the shelf, ordered in 7 and 28 days, and at or below which it is filled; what was left of
    the SKU's and of the mall's budget; every offer that was weighed."""

    available: int
    sold_7: int
    sold_28: int
    reorder_point: int
    left_e4: list[int]
    policy_version: int
    offers: tuple[Weighed, ...]


class Restock(msgspec.Struct, frozen=True):
    """A plan. `payload`: what a person approves, as a hash in hex."""

    id: int
    sku_id: int
    quantity: int
    unit_cost_e4: int
    currency: str
    offer_id: int
    supplier_id: int
    why: RestockWhy
    payload: str
    made_by: str
    state: RestockState
    reason: str
    received: int
    decided_by: str
    proposed_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None

    @property
    def amount_e4(self) -> int:
        return self.unit_cost_e4 * self.quantity


class RestockPart(msgspec.Struct, frozen=True):
    """One purchase of a plan; for `supply` it is line −`part_no` of an order that is the plan."""

    restock_id: int
    part_no: int
    sku_id: int
    quantity: int
    state: PartState
    reason: str
    month: date | None
    committed_e4: int
    cost_e4: int
    received: int
    attempt_id: int | None
    batch_id: int | None

    @property
    def place(self) -> tuple[int, int]:
        return (self.restock_id, -self.part_no)


ProvidedStatus = Literal["ready", "provided", "in_check", "refused"]
FixState = Literal["open", "corrected", "expired", "withdrawn"]


class FixRequest(msgspec.Struct, frozen=True):
    """A correction that a buyer is asked for. `field`: of the line; `corrections`: of this line before; `ended_by`: who
    corrected or withdrew it, '' when nobody did."""

    id: int
    order_id: int
    line_no: int
    attempt_id: int
    field: str
    reason: str
    corrections: int
    state: FixState
    asked_at: datetime
    deadline: datetime
    ended_at: datetime | None
    ended_by: str


class FixTerms(msgspec.Struct, frozen=True):
    """How long a buyer may correct."""

    open_minutes: int
    version: int
    set_by: str
    set_at: datetime


class FulfilmentRefusal(Refusal):
    restock_not_found = (404, "There is no such restock plan", "补货计划不存在")
    own_restock = (
        403,
        "Whoever made a restock plan does not approve it",
        "不能审批由本人制定的补货计划",
    )
    restock_decided = (409, "The restock plan was decided already", "该补货计划已有处理结果")
    restock_changed = (409, "This is not the restock plan that you saw", "补货计划与您所见不一致，请刷新")
    restock_policy_changed = (409, "Somebody else changed it meanwhile", "补货设置已被他人修改，请刷新")
    not_stocked = (422, "Goods of this kind are not bought for the shelf", "该类商品不支持自动补货")
    claimed_by_other = (409, "Somebody else is working on this line", "该行已由他人处理中")
    not_claimed = (
        409,
        "Claim the line first; your claim may have run out",
        "请先领取该行；您的领取可能已超时",
    )
    code_known = (
        409,
        "A code of these was here before: it was delivered, bought or imported already",
        "其中有卡密此前已出现过（已交付、采购或入库），不能再次交付",
    )
    being_bought = (
        409,
        "This line is being bought from a supplier; decide about the purchase first",
        "该行正在向供应商采购，请先处理采购记录",
    )
    asks_buyer = (
        409,
        "This line waits for its buyer's correction; correct it for him or withdraw the request",
        "该行正在等待买家更正充值信息，可代为更正或撤回更正请求",
    )
    results_unreadable = (
        422,
        "The first line must name the column purchase_id, and secret or receipt; each line has a number and one of them",
        "首行须含我方单号列，以及卡密或凭证号列；每行须有单号，且有卡密或凭证号",
    )
    results_too_many = (
        413,
        "The sheet has results of more requests than are taken at once",
        "文件中的单数超过一次上限",
    )
    nothing_to_correct = (409, "No correction is asked for on this line", "该行没有待更正的信息")
    too_many_corrections = (
        409,
        "The line was corrected as often as it may be",
        "该行的更正次数已达上限",
    )
    fix_expired = (409, "The time for a correction is over", "更正期限已过")
    fix_unchanged = (422, "These are the fields that were refused", "充值信息与原来相同")
    fix_terms_changed = (409, "Somebody else changed it meanwhile", "更正期限设置已被他人修改，请刷新")
    no_fields = (404, "This line has no top-up fields", "该行没有充值信息")
