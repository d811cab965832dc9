"""What may need a second person, what waits for one, and what became of it.

open ──> approved     by another person: the act was done in the transaction of the decision
  ├────> refused      by another person
  ├────> withdrawn    by whoever asked
  ├────> expired      nobody decided in time
  └────> failed       approved, but the act could not be done any more: nothing of it was
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from commissary.base.errors import Refusal

ActName = Literal[
    "ledger.adjust",
    "ledger.withdraw",
    "ledger.set_credit",
    "pricing.change",
    "pricing.floor",
    "stock.void",
    "stock.shred",
    "stock.export",
    "orders.recall_refund",
    "tenancy.widen_role",
    "approvals.weaken",
]
Mode = Literal["off", "above", "always"]
State = Literal["open", "approved", "refused", "withdrawn", "expired", "failed"]
View = Literal["to_decide", "mine", "open", "decided", "mentioned"]
Unit = Literal["skus", "codes", "rights", "acts"]


class Line(msgspec.Struct, frozen=True):
    """One of the many things that an act would change, for whoever decides to look through: `sku:1` in `book:2`, from one text to
    another. `move_bp` None: nothing to compare with. `warning`: why to look at it twice."""

    subject: str
    place: str
    before: str
    after: str
    currency: str
    move_bp: int | None = None
    warning: str = ""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What an act is about and would do, as things stand now. `acts`: whose rules are asked, the first that asks counts.

    `before` and `after` are for people: money as `base.money.Money`, all else text or numbers. `holds` is what must still be so
    when it is approved, and so must `lines`, if what it changes is too much for one page, in the order in which they are read. `weight_e4`: the amount in the mall's currency, None if no rate is known; the rule then asks.
    """

    acts: tuple[ActName, ...]
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]
    holds: dict[str, Any]
    amount_e4: int | None = None
    currency: str | None = None
    weight_e4: int | None = None
    count: int | None = None
    unit: Unit | None = None
    move_bp: int | None = None
    lines: tuple[Line, ...] = ()


class Rule(msgspec.Struct, frozen=True):
    """`above`: any limit that is set and exceeded asks. `role` decides, besides owners; '': whoever has `approvals.decide`.
    `version` 0: never set, the default."""

    act: ActName
    mode: Mode
    above_e4: int | None = None
    above_count: int | None = None
    above_bp: int | None = None
    role: str = ""
    due_minutes: int = 1440
    version: int = 0
    set_by: str = ""
    set_at: datetime | None = None


class Decision(msgspec.Struct, frozen=True):
    """`instead_of`: whose right it was, if delegated. `failure`: the code of the refusal that the act met."""

    state: State
    by: int | None
    instead_of: int | None
    comment: str
    failure: str | None
    result: Any
    at: datetime


class Comment(msgspec.Struct, frozen=True):
    """`mentions`: people whom it calls upon."""

    id: int
    person_id: int
    words: str
    at: datetime
    mentions: list[int]


class Request(msgspec.Struct, frozen=True):
    """`seal`: over everything that is decided about; who decides says which one he saw."""

    id: int
    act: ActName
    kind: str
    subject: str
    maker_id: int
    organisation_id: int
    maker_ip: str
    reason: str
    payload: str
    holds: str
    before: dict[str, Any]
    after: dict[str, Any]
    amount_e4: int | None
    currency: str | None
    weight_e4: int | None
    count: int | None
    unit: Unit | None
    move_bp: int | None
    role: str
    seal: bytes
    asked_at: datetime
    due_at: datetime
    expires_at: datetime
    decision: Decision | None = None

    @property
    def lines(self) -> int:
        """How many there are to look through."""
        return int(msgspec.json.decode(self.holds).get("lines", 0))

    @property
    def state(self) -> State:
        return self.decision.state if self.decision else "open"


class Delegate(msgspec.Struct, frozen=True):
    """`delegate_id` decides in the stead of `person_id`, within half-open time."""

    person_id: int
    delegate_id: int
    from_at: datetime
    until_at: datetime


class ApprovalRefusal(Refusal):
    """In order of precedence."""

    own_request = (
        403,
        "Nobody decides about what he asked for himself",
        "不能审批本人提交的申请",
    )
    not_yours_to_decide = (403, "The rule names somebody else to decide", "该申请须由规则指定的人员审批")
    not_yours_to_withdraw = (403, "Only who asked may withdraw", "仅申请人可撤回")
    already_decided = (409, "It was decided already", "该申请已处理")
    request_expired = (409, "Nobody decided in time; ask again", "审批已超时失效，请重新提交")
    seen_otherwise = (
        409,
        "What you saw is not what is asked; read it again",
        "您看到的内容与申请不一致，请重新查看",
    )
    payload_changed = (
        409,
        "What is stored is not what was asked: void",
        "申请内容与提交时不一致，申请作废",
    )
    subject_changed = (
        409,
        "Its subject has changed since; ask again",
        "申请提交后对象已变化，请重新提交",
    )
    maker_lost_right = (
        409,
        "Who asked may not do it any more",
        "申请人已无此权限",
    )
    delegate_unfit = (
        409,
        "Only an active colleague of the mall's own staff can decide in your stead",
        "代理人须为本商城在职人员且不能是本人",
    )
    rule_changed = (409, "The rule was changed meanwhile; read it again", "规则已被他人修改，请重新读取")
