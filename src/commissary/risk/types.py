"""Facts in, verdict with evidence out; rules, lists and decisions as data."""

from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

import msgspec

from commissary.base.errors import Refusal

Action = Literal["allow", "review", "refuse"]
RuleAction = Literal["refuse", "review", "observe"]
RuleKind = Literal["list", "velocity", "cap"]
ListName = Literal["deny", "allow", "watch"]
Subject = Literal["ip", "buyer", "key", "device", "target"]
HitCode = Literal["risk_listed", "risk_velocity", "risk_cap"]
Dimension = Literal["key", "buyer", "ip", "end_user_ip", "device", "target", "sku_buyer"]
Per = Literal["everybody", "key", "buyer", "end_user_ip", "device", "target"]

DAY_S = 86_400

# Facts -------------------------------------------------------------------------------------------------------------


class Line(msgspec.Struct, frozen=True, gc=False):
    sku_id: int
    quantity: int
    target: bytes | None = None  # blind index of the account to be topped up


class AnyLine(Protocol):
    """A `Line`, or whatever else says the same: an order's own lines are judged as they are."""

    @property
    def sku_id(self) -> int: ...
    @property
    def quantity(self) -> int: ...
    @property
    def target(self) -> bytes | None: ...


class Facts(msgspec.Struct, frozen=True, gc=False):
    """One order before it is decided. `at_s` is Unix seconds; `end_user_ip` is what the buyer says of his customer.
    `order_key` names the order and its content: the same one judged again is not counted again."""

    mall_id: int
    buyer_id: int
    key_id: str
    ip: str
    at_s: float
    lines: tuple[AnyLine, ...]
    amount_hint_e4: int = 0
    end_user_ip: str | None = None
    device_id: str | None = None
    order_key: bytes = b""


class Hit(msgspec.Struct, frozen=True):
    """A rule that fired: what it saw against what it allows, without personal data. Rule 0 is the deny or watch list
    itself."""

    rule_id: int
    code: HitCode
    saw: dict[str, Any]


class Verdict(msgspec.Struct, frozen=True):
    """`hits`: those that refuse, then those that hold, then those that only observe; each in rule order."""

    action: Action
    hits: tuple[Hit, ...] = ()


ALLOW = Verdict("allow")


# Rules -------------------------------------------------------------------------------------------------------------

WindowS = Annotated[int, msgspec.Meta(ge=1, le=DAY_S)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
SkuIds = Annotated[tuple[int, ...], msgspec.Meta(max_length=1000)]


class Velocity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most `limit` attempts to order in any `window_s`, by one key, buyer, address, device, target or SKU and buyer.
    `target` and `sku_buyer` count lines, the others count orders."""

    by: Dimension
    limit: Limit
    window_s: WindowS


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most `quantity` pieces. `window_s` 0: in one order; else ordered within it. `sku_ids` empty: of all SKUs.
    `each_sku`: of each SKU for itself instead of all together."""

    per: Per
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
    window_s: Annotated[int, msgspec.Meta(ge=0, le=DAY_S)]
    sku_ids: SkuIds = ()
    each_sku: bool = False


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What being on the watch list means; without such a rule it is observed. The deny list always refuses."""

    list: Literal["watch"]


Params = Velocity | Cap | Listed
PARAMS: dict[RuleKind, type[Velocity] | type[Cap] | type[Listed]] = {
    "list": Listed,
    "velocity": Velocity,
    "cap": Cap,
}


class Rule(msgspec.Struct, frozen=True):
    id: int
    name_zh: str
    name_en: str
    kind: RuleKind
    params: Params
    action: RuleAction
    enabled: bool
    updated_at: datetime | None = None
    version: int = 1


class Quota(msgspec.Struct, frozen=True):
    """A limit that a party's next order meets. `used`: what this process counted in the window; None: it is not counted for a
    party alone, or not over time. `waived`: the mall trusts this party."""

    rule: Rule
    most: int
    used: int | None
    waived: bool = False


class Entry(msgspec.Struct, frozen=True):
    """`value`: a CIDR network, an id, a device, or the hex blind index of a target account."""

    id: int
    list: ListName
    subject: Subject
    value: str
    reason: str
    expires_at: datetime | None
    created_at: datetime


class Decision(msgspec.Struct, frozen=True):
    """A verdict that was not a plain yes, as it is kept."""

    id: int
    order_id: int | None
    client_order_no: str
    buyer_id: int
    verdict: Action
    hits: tuple[Hit, ...]
    at: datetime


class RiskRefusal(Refusal):
    risk_refused = (403, "Refused by the mall's risk rules", "被商城风控规则拒绝", False, "operator")
    risk_velocity = (
        429,
        "Too many orders in a short time; try again later",
        "短时间内订单过多，请稍后再试",
        True,
    )
    risk_listed = (403, "This party is on the mall's deny list", "该对象在商城黑名单中", False, "operator")
    risk_cap = (409, "This would exceed a purchase limit", "超过限购数量", False, "operator")
