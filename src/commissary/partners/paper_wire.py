"""A supplier's file on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from commissary.base import money
from commissary.base.form import form
from commissary.base.money import Money
from commissary.base.wire import Id, Name, Version
from commissary.partners.rules import may_promise_genuine
from commissary.partners.standing import Standing
from commissary.partners.types import (
    PAPER_KINDS,
    UNFIT,
    Assessed,
    Cause,
    Company,
    Grade,
    NameList,
    Paper,
    PaperDraft,
    PaperKind,
    PaperRule,
    PaperState,
    Quarantine,
    QuarantineState,
    Terms,
    Unfit,
)

Amount = Annotated[str, form(r"[0-9]{1,11}(\.[0-9]{1,4})?")]
Country = Annotated[str, form("[A-Z]{2}")]
Days = Annotated[int, msgspec.Meta(ge=0, le=180)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Sha256 = Annotated[str, form("[0-9a-f]{64}")]
Said = Annotated[str, msgspec.Meta(max_length=200)]


class CompanyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`owners`: the people who own and control it, kept sealed; left out, those on file stay. `version`, or If-Match: refused
    when somebody changed it since."""

    legal_name: Name
    country: Country = "CN"
    registration_no: Annotated[str, msgspec.Meta(max_length=64)] = ""
    owners: (
        Annotated[
            list[Annotated[str, msgspec.Meta(min_length=1, max_length=100)]], msgspec.Meta(max_length=50)
        ]
        | None
    ) = None
    version: Version | None = None

    def __repr__(self) -> str:
        return "CompanyIn(…)"


class CompanyOut(msgspec.Struct, frozen=True):
    supplier_id: str
    legal_name: str
    registration_no: str
    country: str
    owners_count: int
    version: int


class PaperKindOut(msgspec.Struct, frozen=True):
    """`own`: it counts only when its holder is the supplier by its legal name."""

    kind: PaperKind
    en: str
    zh: str
    of: Literal["company", "person", "brand", "goods"]
    own: bool


class PaperIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`valid_to` is the last good day, null without end; `replaces` is the paper that this one renews. Of a letter,
    `issuer` is who gave it and `holder` who got it."""

    kind: PaperKind
    sha256: Sha256
    size_bytes: Annotated[int, msgspec.Meta(ge=1, le=2**40)]
    valid_from: date
    valid_to: date | None = None
    number: Annotated[str, msgspec.Meta(max_length=100)] = ""
    issuer: Said = ""
    holder: Said = ""
    file_name: Said = ""
    brand_ids: Annotated[list[Id], msgspec.Meta(max_length=200)] = []
    replaces: Id | None = None

    def draft(self) -> PaperDraft:
        return PaperDraft(
            kind=self.kind,
            sha256=bytes.fromhex(self.sha256),
            size_bytes=self.size_bytes,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            number=self.number,
            issuer=self.issuer,
            holder=self.holder,
            file_name=self.file_name,
            brand_ids=tuple(int(b) for b in self.brand_ids),
            replaces=None if self.replaces is None else int(self.replaces),
        )


class PaperOut(msgspec.Struct, frozen=True):
    """`has_file`: the document is kept here, sealed; else only its hash."""

    id: str
    supplier_id: str
    kind: PaperKind
    state: PaperState
    number: str
    issuer: str
    holder: str
    valid_from: date
    valid_to: date | None
    sha256: str
    size_bytes: int
    file_name: str
    has_file: bool
    brand_ids: list[str]
    replaces: str | None
    submitted_by: str
    submitted_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str


class AcceptIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hash of the document that was looked at."""

    sha256: Sha256


class WhyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason


class PaperRuleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`country`: `*` for all; `instrument_class` left out: whatever is sold."""

    kind: PaperKind
    needed: bool
    valid_from: date
    source: Reason
    country: Annotated[str, form(r"([A-Z]{2}|\*)")] = "*"
    instrument_class: Annotated[str, form("[a-z_]{0,40}")] = ""
    valid_to: date | None = None

    def rule(self) -> PaperRule:
        return PaperRule(
            self.country,
            self.instrument_class,
            self.kind,
            self.needed,
            self.valid_from,
            self.valid_to,
            self.source,
            True,
        )


class FitOut(msgspec.Struct, frozen=True):
    code: Unfit
    en: str
    zh: str


class BrandGradeOut(msgspec.Struct, frozen=True):
    """`hops`: the papers of the chain, from the brand down. `genuine`: goods may carry the badge 正品."""

    brand_id: str
    grade: Grade
    genuine: bool
    until: datetime | None
    hops: list[str]


class PartOut(msgspec.Struct, frozen=True):
    """For the company, or for a class of instruments that asks for more."""

    instrument_class: str
    ok: bool
    missing: list[PaperKind]
    until: datetime | None


class QuarantineOut(msgspec.Struct, frozen=True):
    id: str
    supplier_id: str
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


class StandingOut(msgspec.Struct, frozen=True):
    """`why` is null when the supplier may be bought from, as far as brands do not say otherwise."""

    company: CompanyOut
    qualified: bool
    why: FitOut | None
    papers: list[PartOut]
    brands: list[BrandGradeOut]
    quarantines: list[QuarantineOut]


class QuarantineIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `until` it stays until it is released."""

    reason: Reason
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class NameListIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole list: it takes the place of the older edition with this title."""

    title: Name
    source: Reason
    dated: date
    names: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=300)]],
        msgspec.Meta(min_length=1, max_length=50_000),
    ]


class NameListOut(msgspec.Struct, frozen=True):
    id: str
    title: str
    source: str
    dated: date
    names: int
    sha256: str
    uploaded_by: str
    uploaded_at: datetime
    replaced_at: datetime | None


class NamesUploadedOut(msgspec.Struct, frozen=True):
    """`hits`: suppliers' names that were found now."""

    list: NameListOut
    hits: int


class TermsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`settlement_days` from delivery to payment; `hold_days` that money is kept back; `deposit` in the mall's currency."""

    valid_from: date
    settlement_days: Days
    hold_days: Days = 0
    deposit: Amount = "0"
    valid_to: date | None = None


class TermsOut(msgspec.Struct, frozen=True):
    supplier_id: str
    valid_from: date
    valid_to: date | None
    settlement_days: int
    hold_days: int
    deposit: Money


def company_out(c: Company) -> CompanyOut:
    return CompanyOut(
        str(c.supplier_id), c.legal_name, c.registration_no, c.country, c.owners_count, c.version
    )


def paper_kinds() -> list[PaperKindOut]:
    return [PaperKindOut(kind, s.en, s.zh, s.of, s.own) for kind, s in PAPER_KINDS.items()]


def paper_out(p: Paper) -> PaperOut:
    return PaperOut(
        str(p.id),
        str(p.supplier_id),
        p.kind,
        p.state,
        p.number,
        p.issuer,
        p.holder,
        p.valid_from,
        p.valid_to,
        p.sha256.hex(),
        p.size_bytes,
        p.file_name,
        p.has_file,
        [str(b) for b in p.brand_ids],
        None if p.replaces is None else str(p.replaces),
        p.submitted_by,
        p.submitted_at,
        p.decided_by,
        p.decided_at,
        p.reason,
    )


def standing_out(s: Standing) -> StandingOut:
    why = s.fitness.why
    return StandingOut(
        company_out(s.company),
        s.fitness.ok,
        None if why is None else FitOut(why, *UNFIT[why]),
        [PartOut(p.instrument_class, p.ok, list(p.missing), p.until) for p in s.parts if not p.brand_id],
        [_brand_out(p) for p in s.parts if p.brand_id],
        [quarantine_out(q) for q in s.quarantines],
    )


def _brand_out(p: Assessed) -> BrandGradeOut:
    grade = p.grade or "X"
    hops = [str(h) for h in p.hops]
    return BrandGradeOut(str(p.brand_id), grade, may_promise_genuine(grade), p.until, hops)


def quarantine_out(q: Quarantine) -> QuarantineOut:
    row = msgspec.structs.asdict(q) | {"id": str(q.id), "supplier_id": str(q.supplier_id)}
    return QuarantineOut(**row)


def name_list_out(n: NameList) -> NameListOut:
    return NameListOut(**(msgspec.structs.asdict(n) | {"id": str(n.id), "sha256": n.sha256.hex()}))


def terms_out(t: Terms) -> TermsOut:
    deposit = money.of(t.deposit_e4, t.currency)
    return TermsOut(str(t.supplier_id), t.valid_from, t.valid_to, t.settlement_days, t.hold_days, deposit)
