"""Buyers, suppliers with their papers, tiers and contacts as data."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.tenancy.types import OrganisationStatus, Watermark

# What a buyer does with what he buys. It changes no right and no price: `role-sheet.json` of the console says what it is for.
Business = Literal["general", "group_leader", "online_seller", "gift_company", "topup_dealer"]

Purpose = Literal["general", "finance", "technical", "aftersale"]

# Where goods come from: A the issuer, B authorised in one hop, C in more, X unknown (such goods are not listed).
Grade = Literal["A", "B", "C", "X"]

PaperKind = Literal[
    "business_licence",
    "legal_person_id",
    "beneficial_owner",
    "bank_account",
    "icp_filing",
    "edi_licence",
    "payment_licence",
    "prepaid_filing",
    "brand_ownership",
    "brand_authorisation",
    "purchase_invoice",
    "other",
]


class PaperSort(msgspec.Struct, frozen=True):
    """`own`: it counts only when its holder is the supplier by its legal name. A paper `of` a person names neither
    holder nor number: those stay in the sealed file."""

    en: str
    zh: str
    of: Literal["company", "person", "brand", "goods"]
    own: bool = False


PAPER_KINDS: dict[PaperKind, PaperSort] = {
    "business_licence": PaperSort("Business licence", "营业执照", "company", True),
    "legal_person_id": PaperSort("Identity of the legal representative", "法定代表人身份证明", "person"),
    "beneficial_owner": PaperSort("Who owns and controls the company", "受益所有人材料", "person"),
    "bank_account": PaperSort("Bank account in the company's name", "同名银行账户证明", "company", True),
    "icp_filing": PaperSort("ICP filing", "ICP 备案", "company", True),
    "edi_licence": PaperSort(
        "Value-added telecom licence (EDI)", "增值电信业务经营许可证（EDI）", "company", True
    ),
    "payment_licence": PaperSort("Payment licence", "支付业务许可证", "company", True),
    "prepaid_filing": PaperSort("Filing of single-purpose cards", "单用途预付卡备案", "company", True),
    "brand_ownership": PaperSort("Proof of who issues the brand's goods", "品牌权属（发行方）证明", "brand"),
    "brand_authorisation": PaperSort("Letter of authorisation", "品牌授权书", "brand"),
    "purchase_invoice": PaperSort("Invoice of a purchase", "进货发票", "goods"),
    "other": PaperSort("Other document", "其他材料", "goods"),
}

PaperState = Literal["submitted", "accepted", "refused", "expired", "withdrawn"]
PAPER_MOVES: dict[PaperState, frozenset[PaperState]] = {
    "submitted": frozenset({"accepted", "refused", "withdrawn"}),
    "accepted": frozenset({"expired", "withdrawn"}),
    "refused": frozenset(),
    "expired": frozenset(),
    "withdrawn": frozenset(),
}

# Why nothing is bought from a supplier, in order of precedence.
Unfit = Literal[
    "unknown_supplier",
    "suspended",
    "quarantined",
    "papers_missing",
    "class_not_licensed",
    "origin_unknown",
]
UNFIT: dict[Unfit, tuple[str, str]] = {
    "unknown_supplier": ("There is no such supplier", "供应商不存在"),
    "suspended": ("The supplier is suspended or closed", "供应商已停用"),
    "quarantined": ("The supplier is in quarantine", "供应商处于隔离中"),
    "papers_missing": (
        "A paper that the law or the mall asks for is missing or has ended",
        "必备证照缺失或已过期",
    ),
    "class_not_licensed": (
        "A licence for goods of this class is missing or has ended",
        "缺少该类票券所需的牌照或已过期",
    ),
    "origin_unknown": (
        "No unbroken chain of letters leads from the brand to the supplier",
        "品牌授权链缺失或中断",
    ),
}

Cause = Literal["by_hand", "slow_topup", "complaints", "redeemed_early", "name_list"]
QuarantineState = Literal["open", "released", "confirmed"]


class Tier(msgspec.Struct, frozen=True):
    """Buyers of one tier see one price book. `rank` orders tiers on screens; the higher the better."""

    id: int
    name: str
    rank: int


class Buyer(msgspec.Struct, frozen=True):
    """`id` is the organisation's; `account_id` its main wallet; below `low_balance_e4` both sides are told. `business` orders the
    console of its people and is asked in no decision."""

    id: int
    name: str
    status: OrganisationStatus
    tier_id: int | None
    account_id: int
    home_id: int
    low_balance_e4: int | None
    notes: str
    updated_at: datetime
    business: Business = "general"
    version: int = 1


DepartmentState = Literal["open", "closed"]


class Department(msgspec.Struct, frozen=True):
    """A part of a buying company with a wallet of its own. A member buys alone up to `order_limit_e4` an order and
    `month_limit_e4` a month; `turned_on` is the month whose budget was allotted last."""

    id: int
    organisation_id: int
    name: str
    cost_centre: str
    account_id: int
    state: DepartmentState
    month_budget_e4: int | None
    returns_rest: bool
    order_limit_e4: int
    month_limit_e4: int
    turned_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int = 1


class DepartmentMember(msgspec.Struct, frozen=True):
    """`head` decides about the requests of the others. Limits of None are the department's."""

    department_id: int
    person_id: int
    name: str
    head: bool
    order_limit_e4: int | None
    month_limit_e4: int | None
    joined_at: datetime


class Supplier(msgspec.Struct, frozen=True):
    """`id` is the organisation's; `grade` the best over its brands; `settlement_days` by today's terms, from delivery to
    payment, 0 for prepaid."""

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
    """In clear, for who has to call; `seen` is the look that was written down. Its repr shows nothing."""

    name: str
    phone: str | None
    email: str | None
    seen: Watermark

    def __repr__(self) -> str:
        return "ContactClear(…)"


class Company(msgspec.Struct, frozen=True):
    """Who a supplier is in law; its owners are sealed, here is how many are on file. `version` 0: nobody has said it yet."""

    supplier_id: int
    legal_name: str
    registration_no: str
    country: str
    owners_count: int
    version: int = 0


class PaperDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed in. `issuer` gave the paper (an authority; of a letter: one link up), `holder` got it; `valid_to` is
    its last good day, None without end; `replaces` the paper it renews."""

    kind: PaperKind
    sha256: bytes
    size_bytes: int
    valid_from: date
    valid_to: date | None = None
    number: str = ""
    issuer: str = ""
    holder: str = ""
    file_name: str = ""
    brand_ids: tuple[int, ...] = ()
    replaces: int | None = None


class Paper(PaperDraft, frozen=True, kw_only=True):
    id: int
    supplier_id: int
    state: PaperState
    has_file: bool
    submitted_by: str
    submitted_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str


class PaperRule(msgspec.Struct, frozen=True):
    """Whether a kind of paper is needed of suppliers of a country (`*`: any) for a class of instruments (empty: for
    all). `own`: set by this mall; goes before those of the product."""

    country: str
    instrument_class: str
    kind: PaperKind
    needed: bool
    valid_from: date
    valid_to: date | None
    source: str
    own: bool = False


class Assessed(msgspec.Struct, frozen=True):
    """What papers add up to for the company (brand 0), for a class of instruments, or for a brand. `until`: it ends then,
    by itself; None: never, as far as is known."""

    brand_id: int
    instrument_class: str
    ok: bool
    grade: Grade | None
    until: datetime | None
    missing: tuple[PaperKind, ...] = ()
    hops: tuple[int, ...] = ()


class Fitness(msgspec.Struct, frozen=True):
    """Whether something may be bought from a supplier now, and why not. `grade` is None when no brand was asked."""

    supplier_id: int
    brand_id: int | None
    why: Unfit | None
    grade: Grade | None

    @property
    def ok(self) -> bool:
        return self.why is None


class Quarantine(msgspec.Struct, frozen=True):
    id: int
    supplier_id: int
    cause: Cause
    reason: str
    state: QuarantineState
    until: datetime | None
    evidence: dict[str, Any]
    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    closing: str


class NameList(msgspec.Struct, frozen=True):
    id: int
    title: str
    source: str
    dated: date
    names: int
    sha256: bytes
    uploaded_by: str
    uploaded_at: datetime
    replaced_at: datetime | None


class Terms(msgspec.Struct, frozen=True):
    """From a day on: days from delivery to payment, days that money is kept back, and the deposit that is asked."""

    supplier_id: int
    valid_from: date
    valid_to: date | None
    settlement_days: int
    hold_days: int
    deposit_e4: int
    currency: str


class PartnerRefusal(Refusal):
    """In order of precedence."""

    tier_name_taken = (409, "A tier with this name exists already", "该等级名称已存在")
    tier_in_use = (
        409,
        "Buyers still have this tier; move them first",
        "仍有客户使用该等级，请先调整客户等级",
    )
    buyer_not_active = (409, "The buyer is suspended or closed", "该客户已停用或关闭")
    department_name_taken = (409, "The company has an open department of this name", "企业内已有同名部门")
    department_closed = (409, "The department is closed", "部门已关闭")
    paper_altered = (
        409,
        "The document is not the one that is on file: its hash differs",
        "文件与已登记的文件不一致（哈希不符）",
    )
    paper_on_file = (
        409,
        "This document is on file already, with other particulars",
        "该文件已登记，但登记信息不同",
    )
    paper_decided = (409, "The paper was decided already", "该材料已审核，不能重复操作")
    paper_ended = (409, "The paper's last day has passed", "该材料已过有效期")
    paper_without_file = (409, "Upload the document first", "请先上传文件")
    paper_file_too_large = (
        413,
        "The document is larger than is kept here; its hash is enough",
        "文件超过可存储大小，仅登记哈希即可",
    )
    already_quarantined = (409, "The supplier is in quarantine already", "该供应商已处于隔离中")
    quarantine_closed = (409, "The quarantine was closed already", "该隔离已结束")
    not_a_name_hit = (409, "Only a hit on a name list can be confirmed", "仅名单命中可以确认")
    terms_in_the_past = (409, "Terms begin today or later", "结算条款只能自今日或以后生效")
    paper_rule_taken = (
        409,
        "A rule for this paper with this or a later start exists already",
        "已存在相同或更晚生效的材料规则",
    )
