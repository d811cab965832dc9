"""Goods as data: kinds, classes, input fields of top-ups, and the card of a SKU that the order path reads."""

from datetime import date, datetime
from typing import Literal

import msgspec

from commissary.base.errors import Refusal

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
# Who redeems: the issuer alone, its group, traders under the same brand, or several unrelated companies.
RedeemScope = Literal["issuer", "group", "brand", "several"]
FieldType = Literal["text", "digits", "phone", "email", "choice"]
Carrier = Literal["mobile", "unicom", "telecom", "broadnet", "virtual"]
Ported = Literal["refuse", "follow"]
NumberList = Literal["segment", "dead", "ported", "plain"]
InvoiceType = Literal["general", "special"]

# Kinds whose codes lie in the vault; the others are delivered by work.
FROM_STOCK: frozenset[Kind] = frozenset({"code", "link", "voucher", "shared_code", "membership"})


class FieldSpec(msgspec.Struct, frozen=True):
    """One input of a top-up. `target` marks the account that is topped up: risk counts it, lists show its last digits.

    A target may be checked before anything is charged: `checked` against the mall's lists and its checker; a mobile
    number also for its `carrier` and its `region` (`CN-GD`). `ported`: a number that left its first carrier is refused,
    or counts as its new one's.
    """

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
    checked: bool = False
    carrier: Carrier | None = None
    region: str | None = None
    ported: Ported = "refuse"

    @property
    def asks(self) -> bool:
        """Whether more than its form is checked."""
        return self.target and (self.checked or self.carrier is not None or self.region is not None)


class NumberFacts(msgspec.Struct, frozen=True):
    """What is known of an account. None: not known, which is no reason to refuse."""

    dead: bool = False
    ported: bool = False
    carrier: Carrier | None = None
    region: str | None = None


class NumberRow(msgspec.Struct, frozen=True):
    """One line of a mall's own data: a segment (`number` is a prefix), or a note on one number."""

    number: str
    carrier: Carrier | None = None
    region: str | None = None


class Checker(msgspec.Struct, frozen=True):
    """Who is asked about accounts, and what his silence means. His secret is not in here."""

    url: str
    on_silence: Literal["pass", "refuse"]
    changed_at: datetime


class Component(msgspec.Struct, frozen=True):
    sku_id: int
    quantity: int


class Part(msgspec.Struct, frozen=True):
    """What a bundle is delivered as."""

    sku_id: int
    quantity: int
    kind: Kind


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
    code: str = ""
    name_zh: str = ""
    name_en: str = ""
    case_sensitive: bool = True
    low_stock: int | None = None
    face_value_e4: int | None = None
    fingerprint_scope: str = ""  # of its brand: equal codes of one scope are one code


class Brand(msgspec.Struct, frozen=True):
    id: int
    name_zh: str
    name_en: str
    fingerprint_scope: str
    version: int


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """What SKUs of several face values have in common. `guide`: how to redeem."""

    id: int
    brand_id: int
    name_zh: str
    name_en: str
    description_zh: str = ""
    description_en: str = ""
    guide_zh: str = ""
    guide_en: str = ""
    regions: tuple[str, ...] = ()
    version: int = 1


class SkuDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of a SKU. From `instrument_class` to `issuer_licence_sha256`: its classification, without
    which it is not listed."""

    product_id: int
    code: str
    name_zh: str
    name_en: str
    kind: Kind
    face_value_e4: int | None = None
    face_currency: str | None = None
    validity_days: int | None = None  # None: never expires
    period_months: int | None = None
    fields: tuple[FieldSpec, ...] = ()
    components: tuple[Component, ...] = ()
    case_sensitive: bool = True
    instrument_class: InstrumentClass | None = None
    issuer: str | None = None
    redeem_scope: RedeemScope | None = None
    registered: bool | None = None
    tax_category: str | None = None
    jurisdiction: str = "CN"
    issuer_licence_no: str | None = None
    issuer_licence_expires: date | None = None
    issuer_licence_sha256: bytes | None = None
    fund_mode: FundMode = "principal"
    release_at: datetime | None = None
    max_quantity: int = 1000
    low_stock: int | None = None


class Sku(SkuDraft, frozen=True, kw_only=True):
    """`version` is what an edit must name and what order lines point to."""

    id: int
    status: Status
    version: int
    created_at: datetime
    updated_at: datetime


class Offered(msgspec.Struct, frozen=True):
    """A listed SKU as a buyer's program sees it; the price is pricing's."""

    sku_id: int
    code: str
    kind: Kind
    version: int
    name_zh: str
    name_en: str
    product_id: int
    product_zh: str
    product_en: str
    brand_id: int
    brand_zh: str
    brand_en: str
    description_zh: str
    description_en: str
    guide_zh: str
    guide_en: str
    regions: list[str]
    face_value_e4: int | None
    face_currency: str | None
    validity_days: int | None
    period_months: int | None
    max_quantity: int
    release_at: datetime | None
    low_stock: int | None
    tax_category: str | None
    fields: tuple[FieldSpec, ...]
    parts: tuple[Part, ...] = ()


class Limit(msgspec.Struct, frozen=True):
    """What an instrument may be worth and how long it must hold, from an instant on."""

    jurisdiction: str
    instrument_class: str
    registered: bool
    max_face_e4: int
    currency: str
    may_expire: bool
    min_validity_months: int
    valid_from: datetime
    valid_to: datetime | None
    source: str


class TaxRule(msgspec.Struct, frozen=True):
    """`tax_code` is empty where no accountant has confirmed one: such lines cannot be invoiced yet."""

    category: str
    instrument_class: str
    fund_mode: FundMode
    rate_bp: int
    tax_code: str
    invoice_types: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime | None
    source: str


class ListingFault(msgspec.Struct, frozen=True):
    """Why a SKU may not be listed. `reason` is stable; `path` names the field to mend."""

    reason: str
    path: str
    en: str
    zh: str


class CatalogRefusal(Refusal):
    """In order of precedence."""

    brand_name_taken = (409, "A brand with this name exists already", "该品牌名称已存在")
    sku_code_taken = (409, "A SKU with this article number exists already", "该货号已存在")
    sku_is_deleted = (409, "A deleted SKU stays deleted", "已删除的商品规格不可恢复")
    sku_is_listed = (409, "Delist it first", "请先下架该商品规格")
    kind_is_fixed = (
        409,
        "The kind and case-sensitivity of a SKU that was listed cannot change; make a new SKU",
        "已上架过的规格不可更改类型或大小写规则，请新建规格",
    )
    bundle_is_nested = (409, "A bundle cannot contain a bundle", "组合商品不能包含组合商品")
    part_of_bundle = (
        409,
        "A bundle contains it; change the bundle first",
        "该规格属于某个组合商品，请先修改组合",
    )
    listing_incomplete = (409, "Its classification is incomplete", "商品分类信息不完整，无法上架")
    listing_forbidden = (409, "Goods of this kind may not be listed like this", "该商品不符合上架规定")
    tax_rule_overlaps = (
        409,
        "A tax rule with this or a later start exists already",
        "已存在相同或更晚生效的税率规则",
    )


class AccountRefusal(Refusal):
    """Why an account cannot be topped up, before anything is charged. In order of precedence."""

    account_dead = (422, "The number is not in use", "该号码为空号")
    account_ported = (422, "The number was ported to another carrier", "该号码已携号转网，无法充值")
    account_wrong_operator = (
        422,
        "The number belongs to another carrier than these goods",
        "号码运营商与商品不符",
    )
    account_region = (422, "The number is of another region than these goods", "号码归属地与商品不符")
    account_refused = (422, "The account cannot be topped up", "该账号无法充值")
    account_unchecked = (
        503,
        "The account could not be checked just now; nothing was charged",
        "账号暂时无法校验，未扣款，请稍后重试",
        True,
        "platform",
    )
