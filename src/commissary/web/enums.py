"""`GET /console/v1/meta/enums`: every enum that the console's API speaks, with words in both languages.

The codes are those of the types; the words stand in `enum_words.py`, those of refusals, roles and events where they are declared.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from commissary import notify as webhooks
from commissary import tenancy
from commissary.approvals import types as approvals
from commissary.base import errors
from commissary.base.wire import said
from commissary.bulk import types as bulk
from commissary.catalog import types as catalog
from commissary.fulfilment import types as fulfilment
from commissary.insight.types import CustodyGap, CustodyNow, FirstStep, HitKind, InboxKind, KeyState, Thing
from commissary.jobs import types as jobs
from commissary.ledger import types as ledger
from commissary.notify import types as notify
from commissary.orders import types as orders
from commissary.partners import types as partners
from commissary.pricing import types as pricing
from commissary.provenance import types as provenance
from commissary.requests import types as requests
from commissary.risk import types as risk
from commissary.sandbox import types as sandbox
from commissary.settlement import types as settlement
from commissary.stock import types as stock
from commissary.supply import types as supply
from commissary.tenancy import types as tenancy_types

from .audit_words import AUDIT_WORDS
from .docs.types import ErrorEntry
from .enum_words import WORDS


class Word(msgspec.Struct, frozen=True):
    code: str
    zh: str
    en: str


class EnumsOut(msgspec.Struct, frozen=True):
    """By the enum's name; `refusal` has the codes of the catalogue of errors, `role` those of roles, `event` what a webhook tells of."""

    enums: dict[str, list[Word]]


# A type of Literals or an enum, or the field of a struct that has its Literal written out.
SOURCES: dict[str, Any] = {
    "order_status": orders.OrderState,
    "request_status": requests.RequestState,
    "request_whose": requests.Whose,
    "department_status": partners.DepartmentState,
    "budget_direction": ledger.Direction,
    "line_status": orders.LineState,
    "line_mode": orders.Mode,
    "search_hit_kind": HitKind,
    "inbox_kind": InboxKind,
    "order_file_status": orders.SheetState,
    "tried_result": fulfilment.Result,
    "outcome": errors.Outcome,
    "upload_kind": bulk.UploadKind,
    "upload_status": bulk.UploadState,
    "commit_mode": bulk.CommitMode,
    "export_list": bulk.ExportList,
    "export_format": bulk.ExportFormat,
    "bulk_list": bulk.ActList,
    "bulk_action": bulk.ActAction,
    "bulk_item_status": bulk.ItemState,
    "work_status": fulfilment.Waits,
    "actor_kind": tenancy_types.ActorKind,
    "organisation_kind": tenancy_types.OrganisationKind,
    "organisation_status": tenancy_types.OrganisationStatus,
    "mode": tenancy_types.Mode,
    "sandbox_how": sandbox.How,
    "person_status": tenancy_types.PersonStatus,
    "proof_factor": tenancy_types.Factor,
    "two_factor": tenancy_types.TwoFactor,
    "reveal_kind": tenancy_types.LookKind,
    "invitation_status": tenancy_types.InvitationStatus,
    "business": partners.Business,
    "contact_purpose": partners.Purpose,
    "supplier_grade": partners.Grade,
    "unfit_reason": partners.Unfit,
    "paper_kind": partners.PaperKind,
    "paper_status": partners.PaperState,
    "paper_subject": (partners.PaperSort, "of"),
    "quarantine_cause": partners.Cause,
    "quarantine_status": partners.QuarantineState,
    "sku_status": catalog.Status,
    "sku_kind": catalog.Kind,
    "instrument_class": catalog.InstrumentClass,
    "redeem_scope": catalog.RedeemScope,
    "fund_mode": catalog.FundMode,
    "invoice_type": catalog.InvoiceType,
    "field_type": catalog.FieldType,
    "carrier": catalog.Carrier,
    "ported_rule": catalog.Ported,
    "number_list": catalog.NumberList,
    "checker_on_silence": (catalog.Checker, "on_silence"),
    "account_kind": ledger.AccountKind,
    "account_state": ledger.AccountState,
    "lock_reason": ledger.LockReason,
    "transfer_kind": ledger.TransferKind,
    "risk_rule_kind": risk.RuleKind,
    "risk_rule_action": risk.RuleAction,
    "risk_list": risk.ListName,
    "risk_subject": risk.Subject,
    "risk_dimension": risk.Dimension,
    "risk_per": risk.Per,
    "risk_hit": risk.HitCode,
    "risk_verdict": risk.Action,
    "batch_state": stock.BatchState,
    "lot_state": stock.LotState,
    "intake_status": stock.IntakeState,
    "custody_kind": provenance.Kind,
    "custody_now": CustodyNow,
    "custody_gap": CustodyGap,
    "price_book_kind": pricing.BookKind,
    "price_change_kind": pricing.ChangeKind,
    "price_said": pricing.Said,
    "template_base": pricing.TemplateBase,
    "price_rounding": pricing.Rounding,
    "follow_scope": pricing.FollowScope,
    "connection_state": supply.ConnectionState,
    "connection_switch": supply.Switch,
    "own_offer_status": supply.OfferStatus,
    "offer_line_status": supply.SheetLineStatus,
    "supply_strategy": supply.Strategy,
    "supply_exhausted": supply.Exhausted,
    "route_end": fulfilment.RouteEnd,
    "thing": Thing,
    "first_step": FirstStep,
    "connection_grade": supply.ScoreGrade,
    "purchase_status": supply.AttemptState,
    "provided_status": fulfilment.ProvidedStatus,
    "restock_status": fulfilment.RestockState,
    "restock_part_status": fulfilment.PartState,
    "statement_line_status": settlement.Status,
    "statement_amounts": (settlement.Mapping, "amounts"),
    "statement_day_status": (settlement.Day, "state"),
    "difference_status": (settlement.Difference, "state"),
    "difference_kind": settlement.Kind,
    "difference_resolution": settlement.Resolution,
    "claim_status": (settlement.Claim, "state"),
    "claim_outcome": settlement.ClaimOutcome,
    "objection_status": settlement.ObjectionState,
    "objection_outcome": settlement.ObjectionOutcome,
    "statement_source": (settlement.Source, "by"),
    "fix_status": fulfilment.FixState,
    "statement_expected_status": (settlement.Expected, "state"),
    "webhook_endpoint_state": notify.EndpointState,
    "key_state": KeyState,
    "webhook_delivery_state": notify.DeliveryState,
    "webhook_signature_fault": webhooks.SignatureFault,
    "job_status": jobs.JobState,
    "job_unit": jobs.Unit,
    "approval_act": approvals.ActName,
    "approval_status": approvals.State,
    "approval_mode": approvals.Mode,
    "approval_unit": approvals.Unit,
    "approval_view": approvals.View,
}


@get(
    "/console/v1/meta/enums",
    operation_id="listEnums",
    tags=["Sessions"],
    summary="Every code that the API speaks, in both languages",
    opt=said("接口使用的全部枚举及其中英文") | {"public": True},
)
async def enums_route(errors: NamedDependency[SkipValidation[list[ErrorEntry]]]) -> EnumsOut:
    return _all(tuple(errors))


@cache
def _all(errors: tuple[ErrorEntry, ...]) -> EnumsOut:
    found = {
        name: [Word(code, *WORDS[name][code]) for code in codes_of(source)]
        for name, source in SOURCES.items()
    }
    refusals = {e.code: Word(e.code, e.zh, e.en) for e in errors}
    found["refusal"] = list(refusals.values())
    found["role"] = [Word(name, role.zh, role.en) for name, role in tenancy.ROLES.items()]
    found["permission"] = [Word(name, *words) for name, words in tenancy.permission_words().items()]
    found["event"] = [Word(e.value[0], e.value[2], e.value[1]) for e in notify.Event]
    found["audit_action"] = [Word(act, *words) for act, words in AUDIT_WORDS.items()]
    found["log_action"] = [Word(a.name, a.value[0], a.value[1]) for a in fulfilment.Action]
    return EnumsOut(found)


def codes_of(source: Any) -> list[str]:
    """In the order of their declaration. Numbers are stored; on the wire an enum of numbers is named."""
    if isinstance(source, tuple):
        struct, field = source
        return list(_literals(get_type_hints(struct, include_extras=True)[field]))
    if isinstance(source, type) and issubclass(source, Enum):
        return [str(e.value) if isinstance(e.value, str) else e.name for e in source]
    return list(get_args(source))


def _literals(annotation: Any) -> Iterator[str]:
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        else:
            yield from _literals(part)


def unworded(sources: Mapping[str, Any] = SOURCES) -> list[str]:
    """Codes without words, and words without a code."""
    found = []
    for name, source in sources.items():
        codes, words = codes_of(source), WORDS.get(name, {})
        found += [f"{name}.{code}" for code in codes if not all(words.get(code, ("", "")))]
        found += [f"{name}.{code} is no code" for code in words if code not in codes]
    return found + [f"{name} is no enum" for name in WORDS if name not in sources]


ROUTES = [enums_route]
