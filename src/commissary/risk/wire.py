"""Rules, lists and decisions as the console sends and sees them."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from commissary.risk.types import Action, ListName, RuleAction, RuleKind, Subject

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class RuleOut(msgspec.Struct, frozen=True):
    """`params` by kind: velocity {by, limit, window_s}; cap {per, quantity, window_s, sku_ids, each_sku}; list {list}.
    `text_zh`, `text_en`: what it fires at."""

    id: str
    name_zh: str
    name_en: str
    kind: RuleKind
    params: dict[str, Any]
    action: RuleAction
    enabled: bool
    updated_at: datetime | None
    version: int
    text_zh: str
    text_en: str


class RuleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name_zh: Name
    name_en: Name
    kind: RuleKind
    params: dict[str, Any]
    action: RuleAction
    enabled: bool = True


class RuleChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays. `version`, or If-Match: refused when somebody changed the rule since."""

    name_zh: Name | None = None
    name_en: Name | None = None
    params: dict[str, Any] | None = None
    action: RuleAction | None = None
    enabled: bool | None = None
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None


class RuleList(msgspec.Struct, frozen=True):
    items: list[RuleOut]
    next: str | None = None


class EntryOut(msgspec.Struct, frozen=True):
    """A target account is shown as its blind index."""

    id: str
    list: ListName
    subject: Subject
    value: str
    reason: str
    expires_at: datetime | None
    created_at: datetime


class EntryIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`value` of a target: the account as an order would name it, or `index:` and its blind index in hex."""

    list: ListName
    subject: Subject
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class RemovalIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is taken off, for the audit log."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class EntryList(msgspec.Struct, frozen=True):
    items: list[EntryOut]
    next: str | None


class HitOut(msgspec.Struct, frozen=True):
    rule_id: str
    code: str
    saw: dict[str, Any]
    text_zh: str
    text_en: str


class DecisionOut(msgspec.Struct, frozen=True):
    id: str
    order_id: str | None
    client_order_no: str
    buyer_id: str
    verdict: Action
    hits: list[HitOut]
    at: datetime


class DecisionList(msgspec.Struct, frozen=True):
    items: list[DecisionOut]
    next: str | None
