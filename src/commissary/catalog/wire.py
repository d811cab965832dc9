"""Goods on the wire. In an edit, what is not given stays, and null clears."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET
from msgspec import UnsetType as Unset

from commissary.base import money
from commissary.base.form import form
from commissary.base.money import Money
from commissary.base.wire import Id, Name, Text, Url
from commissary.catalog.types import (
    Brand,
    Carrier,
    Checker,
    Component,
    FieldSpec,
    FieldType,
    FundMode,
    InstrumentClass,
    InvoiceType,
    Kind,
    NumberList,
    NumberRow,
    Ported,
    Product,
    RedeemScope,
    Sku,
    Status,
)

BrandName = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Length = Annotated[int, msgspec.Meta(ge=1, le=200)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Days = Annotated[int, msgspec.Meta(ge=1, le=36_500)]
Months = Annotated[int, msgspec.Meta(ge=1, le=1_200)]
Sha256 = Annotated[str, form("[0-9a-f]{64}")]
Regions = Annotated[list[Annotated[str, msgspec.Meta(max_length=6)]], msgspec.Meta(max_length=300)]
Region = Annotated[str, form("CN-[A-Z]{2}")]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1, description="The version this was made from")]


class BrandIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name_zh: BrandName
    name_en: BrandName


class BrandEdit(BrandIn, frozen=True, forbid_unknown_fields=True):
    version: Version


class BrandOut(msgspec.Struct, frozen=True):
    id: str
    name_zh: str
    name_en: str
    version: int


class ProductIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`guide`: how to redeem; `regions`: ISO 3166 codes or GLOBAL."""

    brand_id: Id
    name_zh: Name
    name_en: Name
    description_zh: Text = ""
    description_en: Text = ""
    guide_zh: Text = ""
    guide_en: Text = ""
    regions: Regions = []


class ProductEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Version
    brand_id: Id | Unset = UNSET
    name_zh: Name | Unset = UNSET
    name_en: Name | Unset = UNSET
    description_zh: Text | Unset = UNSET
    description_en: Text | Unset = UNSET
    guide_zh: Text | Unset = UNSET
    guide_en: Text | Unset = UNSET
    regions: Regions | Unset = UNSET


class ProductOut(msgspec.Struct, frozen=True):
    id: str
    brand_id: str
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    guide_zh: str
    guide_en: str
    regions: list[str]
    version: int


class ComponentIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sku_id: Id
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1


class FieldIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One input of a top-up. `target` marks the account that is topped up; `choices` for the type `choice`. Before anything
    is charged a target may be `checked` against the mall's lists and checker, and a mobile number be of a `carrier` and
    of a `region` (`CN-GD`); `ported`: numbers that changed their carrier are refused, or count as the new one's."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    label_zh: Name
    label_en: Name
    type: FieldType = "text"
    required: bool = True
    target: bool = False
    pattern: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    min_length: Length = 1
    max_length: Length = 200
    choices: Annotated[tuple[Word, ...], msgspec.Meta(max_length=200)] = ()
    checked: bool = False
    carrier: Carrier | None = None
    region: Region | None = None
    ported: Ported = "refuse"


class NumberIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: Annotated[str, form("1[0-9]{2,10}")]
    carrier: Carrier | None = None
    region: Region | None = None


class NumbersIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a mall knows of numbers, from an instant on. `segment`: `number` is a prefix, with its carrier or region.
    `dead`, `ported` (with the new carrier) and `plain` (neither any more): whole numbers."""

    kind: NumberList
    valid_from: Instant
    source: Word
    rows: Annotated[list[NumberIn], msgspec.Meta(min_length=1, max_length=5_000)]


class NumbersOut(msgspec.Struct, frozen=True):
    kept: int


class CheckerIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`secret` signs what we ask: HMAC-SHA256 of the body, in hex, as `X-Signature`. `on_silence`: what becomes of an order when
    no answer came within 300 ms."""

    url: Url
    secret: Annotated[str, msgspec.Meta(min_length=16, max_length=200)]
    on_silence: Literal["pass", "refuse"] = "pass"


class CheckerOut(msgspec.Struct, frozen=True):
    url: str
    on_silence: Literal["pass", "refuse"]
    changed_at: datetime


class TaxRuleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`tax_code` is empty where no accountant has confirmed one."""

    category: Word
    instrument_class: InstrumentClass
    fund_mode: FundMode
    rate_bp: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    tax_code: Annotated[str, form("([0-9]{19})?")]
    invoice_types: Annotated[tuple[InvoiceType, ...], msgspec.Meta(max_length=2)]
    valid_from: Instant
    valid_to: Instant | None = None
    source: Annotated[str, msgspec.Meta(max_length=500)] = ""


class _SkuWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and editing a SKU have in common."""

    face_value: Money | Unset | None = UNSET
    validity_days: Days | Unset | None = UNSET
    period_months: Months | Unset | None = UNSET
    fields: Annotated[list[FieldIn], msgspec.Meta(max_length=20)] | Unset = UNSET
    components: Annotated[list[ComponentIn], msgspec.Meta(max_length=20)] | Unset = UNSET
    case_sensitive: bool | Unset = UNSET
    instrument_class: InstrumentClass | Unset | None = UNSET
    issuer: Word | Unset | None = UNSET
    redeem_scope: RedeemScope | Unset | None = UNSET
    registered: bool | Unset | None = UNSET
    tax_category: Word | Unset | None = UNSET
    jurisdiction: Annotated[str, form("[A-Z]{2}(-[A-Z0-9]{1,3})?")] | Unset = UNSET
    issuer_licence_no: Word | Unset | None = UNSET
    issuer_licence_expires: date | Unset | None = UNSET
    issuer_licence_sha256: Sha256 | Unset | None = UNSET
    fund_mode: FundMode | Unset = UNSET
    release_at: Instant | Unset | None = UNSET
    max_quantity: Count | Unset = UNSET
    low_stock: Annotated[int, msgspec.Meta(ge=0, le=2_000_000_000)] | Unset | None = UNSET


class SkuIn(_SkuWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product_id: Id
    code: Code
    name_zh: Name
    name_en: Name
    kind: Kind


class SkuEdit(_SkuWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Version
    product_id: Id | Unset = UNSET
    code: Code | Unset = UNSET
    name_zh: Name | Unset = UNSET
    name_en: Name | Unset = UNSET
    kind: Kind | Unset = UNSET


class VersionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Version


class ComponentOut(msgspec.Struct, frozen=True):
    sku_id: str
    quantity: int


class SkuOut(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    product_id: str
    code: str
    name_zh: str
    name_en: str
    kind: Kind
    status: Status
    version: int
    face_value: Money | None
    validity_days: int | None
    period_months: int | None
    fields: list[FieldSpec]
    components: list[ComponentOut]
    case_sensitive: bool
    instrument_class: InstrumentClass | None
    issuer: str | None
    redeem_scope: RedeemScope | None
    registered: bool | None
    tax_category: str | None
    jurisdiction: str
    issuer_licence_no: str | None
    issuer_licence_expires: date | None
    issuer_licence_sha256: str | None
    fund_mode: FundMode
    release_at: datetime | None
    max_quantity: int
    low_stock: int | None
    created_at: datetime
    updated_at: datetime


def given(data: msgspec.Struct) -> dict[str, Any]:
    """What the body says, in the domain's words; what it does not say is not in it."""
    said = {k: v for k, v in msgspec.structs.asdict(data).items() if v is not UNSET and k != "version"}
    for name in ("brand_id", "product_id"):
        if name in said:
            said[name] = int(said[name])
    if "face_value" in said:
        face: Money | None = said.pop("face_value")
        said["face_value_e4"] = money.parse(face.amount) if face else None
        said["face_currency"] = face.currency if face else None
    if "components" in said:
        said["components"] = tuple(Component(int(c.sku_id), c.quantity) for c in said["components"])
    if "fields" in said:
        said["fields"] = tuple(FieldSpec(**msgspec.structs.asdict(f)) for f in said["fields"])
    if "regions" in said:
        said["regions"] = tuple(said["regions"])
    if said.get("issuer_licence_sha256") is not None:
        said["issuer_licence_sha256"] = bytes.fromhex(said["issuer_licence_sha256"])
    return said


def brand_out(b: Brand) -> BrandOut:
    return BrandOut(str(b.id), b.name_zh, b.name_en, b.version)


def product_out(p: Product) -> ProductOut:
    row = msgspec.structs.asdict(p)
    return ProductOut(**(row | {"id": str(p.id), "brand_id": str(p.brand_id), "regions": list(p.regions)}))


def sku_out(s: Sku) -> SkuOut:
    row = {k: v for k, v in msgspec.structs.asdict(s).items() if k not in ("face_value_e4", "face_currency")}
    face = None if s.face_value_e4 is None else money.of(s.face_value_e4, str(s.face_currency))
    digest = None if s.issuer_licence_sha256 is None else s.issuer_licence_sha256.hex()
    return SkuOut(
        **(
            row
            | {
                "id": str(s.id),
                "product_id": str(s.product_id),
                "face_value": face,
                "fields": list(s.fields),
                "components": [ComponentOut(str(c.sku_id), c.quantity) for c in s.components],
                "issuer_licence_sha256": digest,
            }
        )
    )


def number_rows(data: NumbersIn) -> list[NumberRow]:
    return [NumberRow(r.number, r.carrier, r.region) for r in data.rows]


def checker_out(c: Checker) -> CheckerOut:
    return CheckerOut(c.url, c.on_silence, c.changed_at)
