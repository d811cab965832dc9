"""Buyers, suppliers, tiers and contacts as data."""

from datetime import datetime
from typing import Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.tenancy.types import OrganisationStatus

Purpose = Literal["general", "finance", "technical", "aftersale"]

# Where goods come from: A the issuer, B authorised in one hop, C in more, X unknown (such goods are not listed).
Grade = Literal["A", "B", "C", "X"]


class Tier(msgspec.Struct, frozen=True):
    """Buyers of one tier see one price book. `rank` orders tiers on screens; the higher the better."""

    id: int
    name: str
    rank: int


class Buyer(msgspec.Struct, frozen=True):
    """`id` is the organisation's; `account_id` its main wallet; below `low_balance_e4` both sides are told."""

    id: int
    name: str
    status: OrganisationStatus
    tier_id: int | None
    account_id: int
    home_id: int
    low_balance_e4: int | None
    notes: str
    updated_at: datetime


class Supplier(msgspec.Struct, frozen=True):
    """`id` is the organisation's; `settlement_days` from delivery to payment, 0 for prepaid."""

    id: int
    name: str
    status: OrganisationStatus
    grade: Grade
    settlement_days: int
    updated_at: datetime


class Contact(msgspec.Struct, frozen=True):
    """As lists show it: the phone by its last digits, the mail only as there or not."""

    id: int
    organisation_id: int
    name: str
    phone_last: str | None
    has_email: bool
    purpose: Purpose


class ContactClear(msgspec.Struct, frozen=True):
    """In clear, for who has to call. Its repr shows nothing."""

    name: str
    phone: str | None
    email: str | None

    def __repr__(self) -> str:
        return "ContactClear(…)"


class PartnerRefusal(Refusal):
    """In order of precedence."""

    tier_name_taken = (409, "A tier with this name exists already", "该等级名称已存在")
    tier_in_use = (
        409,
        "Buyers still have this tier; move them first",
        "仍有客户使用该等级，请先调整客户等级",
    )
