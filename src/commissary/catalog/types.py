"""Goods as data: kinds, classes, input fields of top-ups, and the card of a SKU that the order path reads."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["code", "link", "voucher", "shared_code", "topup", "membership", "bundle"]
InstrumentClass = Literal[
    "stored_value_single",
    "stored_value_multi",
    "specific_item_voucher",
    "direct_topup",
    "subscription",
    "coupon_promo",
]
Status = Literal["draft", "listed", "delisted", "deleted"]
FundMode = Literal["principal", "agent"]
FieldType = Literal["text", "digits", "phone", "email", "choice"]

# Kinds whose codes lie in the vault; the others are delivered by work.
FROM_STOCK: frozenset[Kind] = frozenset({"code", "link", "voucher", "shared_code", "membership"})


class FieldSpec(msgspec.Struct, frozen=True):
    """One input of a top-up. `target` marks the account that is topped up: risk counts it, lists show its last digits."""

    name: str
    label_zh: str
    label_en: str
    type: FieldType = "text"
    required: bool = True
    target: bool = False
    pattern: str | None = None
    min_length: int = 1
    max_length: int = 200
    choices: tuple[str, ...] = ()


class Component(msgspec.Struct, frozen=True):
    sku_id: int
    quantity: int


class SkuCard(msgspec.Struct, frozen=True):
    """What placing an order must know of a SKU, cached per process."""

    id: int
    kind: Kind
    version: int
    status: Status
    max_quantity: int
    fund_mode: FundMode
    tax_category: str
    release_at: datetime | None
    fields: tuple[FieldSpec, ...] = ()
    components: tuple[Component, ...] = ()
