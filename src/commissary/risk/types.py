"""Facts in, verdict with evidence out."""

from typing import Any, Literal

import msgspec

from commissary.base.errors import Refusal

Action = Literal["allow", "review", "refuse"]


class Line(msgspec.Struct, frozen=True, gc=False):
    sku_id: int
    quantity: int
    target: bytes | None = None  # blind index of the account to be topped up


class Facts(msgspec.Struct, frozen=True, gc=False):
    """One order before it is decided. `at_s` is Unix seconds; `end_user_ip` is what the buyer says of his customer."""

    mall_id: int
    buyer_id: int
    key_id: str
    ip: str
    at_s: float
    lines: tuple[Line, ...]
    amount_hint_e4: int = 0
    end_user_ip: str | None = None
    device_id: str | None = None


class Hit(msgspec.Struct, frozen=True):
    """A rule that fired: what it saw against what it allows."""

    rule_id: int
    code: str
    saw: dict[str, Any]


class Verdict(msgspec.Struct, frozen=True):
    action: Action
    hits: tuple[Hit, ...] = ()


ALLOW = Verdict("allow")


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
