"""Partners on the wire."""

from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.form import form
from commissary.base.wire import Id, Name
from commissary.partners.types import (
    Business,
    Buyer,
    Contact,
    ContactClear,
    Grade,
    Purpose,
    Supplier,
    Tier,
)
from commissary.tenancy.types import KeyView, Mode, OrganisationStatus, Watermark, mode_of

REMASK_S = 30

Amount = Annotated[str, form(r"[0-9]{1,12}(\.[0-9]{1,4})?")]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Rank = Annotated[int, msgspec.Meta(ge=-32_768, le=32_767)]
Days = Annotated[int, msgspec.Meta(ge=0, le=180)]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1, description="The version this was made from")]
Notes = Annotated[str, msgspec.Meta(max_length=4_000)]


class RevealIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why somebody looks; the log of who saw what keeps it."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class TierIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    rank: Rank = 0


class TierOut(msgspec.Struct, frozen=True):
    id: str
    name: str
    rank: int


class BuyerEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is not given stays. `low_balance` in the wallet's currency; null turns the warning off. `version`, or If-Match: refused
    when somebody changed the buyer since."""

    name: Name | msgspec.UnsetType = msgspec.UNSET
    low_balance: Amount | msgspec.UnsetType | None = msgspec.UNSET
    notes: Notes | msgspec.UnsetType = msgspec.UNSET
    business: Business | msgspec.UnsetType = msgspec.UNSET
    version: Version | None = None


class TierOfIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tier_id: Id | None


class BuyerOut(msgspec.Struct, frozen=True):
    id: str
    name: str
    status: OrganisationStatus
    tier_id: str | None
    account_id: str
    low_balance: str | None
    notes: str
    updated_at: datetime
    business: Business
    version: int


class BusinessIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    business: Business
    version: Version


class MyBusinessOut(msgspec.Struct, frozen=True):
    """What one's company does with what it buys: the order of the menu and the defaults of the console follow from it."""

    business: Business
    version: int


class KeyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    scopes: Annotated[list[Word], msgspec.Meta(min_length=1, max_length=20)]
    ip_allow: Annotated[list[Word], msgspec.Meta(max_length=100)] = []
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class BuyerKeyIn(KeyIn, frozen=True, forbid_unknown_fields=True):
    mode: Mode = "live"


class NewKeyOut(msgspec.Struct, frozen=True):
    """`secret` is shown here and never again. `mode` `test`: a key of the sandbox."""

    id: str
    secret: str
    name: str
    scopes: list[str]
    ip_allow: list[str]
    expires_at: datetime | None
    mode: Mode = "live"

    def __repr__(self) -> str:
        return f"NewKeyOut({self.id})"


class SupplierIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    settlement_days: Days = 0


class SupplierEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Name | None = None
    status: OrganisationStatus | None = None
    settlement_days: Days | None = None


class SupplierOut(msgspec.Struct, frozen=True):
    """`grade`: the best over its brands, computed from its letters; `settlement_days` by the terms in force."""

    id: str
    name: str
    status: OrganisationStatus
    grade: Grade
    settlement_days: int
    updated_at: datetime


class ContactIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    purpose: Purpose = "general"

    def __repr__(self) -> str:
        return "ContactIn(…)"


class ContactOut(msgspec.Struct, frozen=True):
    id: str
    organisation_id: str
    name: str
    phone: str | None
    has_email: bool
    purpose: Purpose


class ContactClearOut(msgspec.Struct, frozen=True):
    """A page hides it again after `remask_after_s`."""

    name: str
    phone: str | None
    email: str | None
    remask_after_s: int
    watermark: Watermark

    def __repr__(self) -> str:
        return "ContactClearOut(…)"


def tier_out(t: Tier) -> TierOut:
    return TierOut(str(t.id), t.name, t.rank)


def buyer_out(b: Buyer) -> BuyerOut:
    tier = None if b.tier_id is None else str(b.tier_id)
    low = None if b.low_balance_e4 is None else money.text(b.low_balance_e4)
    return BuyerOut(
        str(b.id),
        b.name,
        b.status,
        tier,
        str(b.account_id),
        low,
        b.notes,
        b.updated_at,
        b.business,
        b.version,
    )


def new_key_out(k: KeyView, secret: str) -> NewKeyOut:
    return NewKeyOut(k.id, secret, k.name, list(k.scopes), list(k.ip_allow), k.expires_at, mode_of(k.id))


def supplier_out(s: Supplier) -> SupplierOut:
    return SupplierOut(str(s.id), s.name, s.status, s.grade, s.settlement_days, s.updated_at)


def contact_out(c: Contact) -> ContactOut:
    masked = None if c.phone_last is None else f"****{c.phone_last}"
    return ContactOut(str(c.id), str(c.organisation_id), c.name, masked, c.has_email, c.purpose)


def contact_clear_out(c: ContactClear) -> ContactClearOut:
    return ContactClearOut(c.name, c.phone, c.email, REMASK_S, c.seen)
