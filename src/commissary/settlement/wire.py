"""Statements, days and differences on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from commissary.base import money
from commissary.base.errors import invalid
from commissary.base.form import form
from commissary.base.money import Money
from commissary.settlement.types import (
    Account,
    Claim,
    ClaimOutcome,
    Day,
    Difference,
    Kind,
    Line,
    Payment,
    Resolution,
    Role,
    Statement,
    Status,
)

Short = Annotated[str, msgspec.Meta(max_length=100)]
Note = Annotated[str, msgspec.Meta(max_length=500)]


class MappingIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`columns`: role → the file's header; `statuses`: the supplier's word → its meaning. What is not named is found by
    the names that the trade uses."""

    columns: Annotated[dict[Role, Short], msgspec.Meta(max_length=20)] = {}
    statuses: Annotated[dict[Short, Status], msgspec.Meta(max_length=100)] = {}
    amounts: Literal["main", "cents"] = "main"


class StatementOut(msgspec.Struct, frozen=True, kw_only=True):
    """`repeated`: this very file was there before, and nothing changed. `job_id`: the match that was begun."""

    id: str
    connection_id: str
    day: date
    sha256: str
    file_name: str
    lines: int
    stored: int
    amount: Money
    status: str
    repeated: bool
    at: datetime
    job_id: str | None = None


class LineOut(msgspec.Struct, frozen=True):
    """`kind` is its class: `matched`, or what is different about it."""

    line: int
    ref: str
    supplier_ref: str
    article: str
    quantity: int
    amount: Money
    status: Status
    at: datetime | None
    kind: str


class DayOut(msgspec.Struct, frozen=True, kw_only=True):
    """`difference` = theirs − ours, exact. `stale`: match it again. The sums of the account stand once it is closed:
    opening − purchases + refunds + payments + adjustments = closing."""

    connection_id: str
    day: date
    status: Literal["open", "closed"]
    stale: bool
    counts: dict[str, int]
    open: int
    matched: Money
    ours: Money
    theirs: Money
    difference: Money
    matched_at: datetime | None
    opening: Money | None
    purchases: Money | None
    refunds: Money | None
    payments: Money | None
    adjustments: Money | None
    closing: Money | None
    pack_sha256: str | None
    closed_at: datetime | None


class DifferenceOut(msgspec.Struct, frozen=True, kw_only=True):
    """`difference` = theirs − ours. `other_day`: where the other side of a late one stands."""

    id: str
    connection_id: str
    day: date
    kind: Kind
    purchase_id: str | None
    refund: bool
    line: int | None
    ours: Money
    theirs: Money
    difference: Money
    other_day: date | None
    status: Literal["open", "resolved"]
    resolution: Resolution | None
    transfer_id: str | None
    note: str
    resolved_at: datetime | None


class ResolveIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`accepted`: their amount stands; `claimed`: disputed; `written_off`: a loss; `late`: it counts for the next day."""

    resolution: Resolution
    note: Note = ""


class ClaimOut(msgspec.Struct, frozen=True):
    """`amount` above zero: the supplier owes it to us."""

    id: str
    connection_id: str
    amount: Money
    status: Literal["waiting", "granted", "refused"]
    opened_at: datetime
    ended_at: datetime | None


class EndClaimIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: ClaimOutcome


class PayIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`amount` below zero: the supplier paid back. `spent`, for an account in another currency: what the bank took for it
    (or brought: below zero) in the mall's; without it, by the rate in force."""

    amount: Money
    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    memo: Note = ""
    spent: Money | None = None


class PaymentOut(msgspec.Struct, frozen=True):
    id: str
    connection_id: str
    amount: Money
    reference: str
    memo: str
    at: datetime
    repeated: bool
    spent: Money | None


class SupplierAccountOut(msgspec.Struct, frozen=True):
    """`balance` above zero is ours at the supplier, below zero owed to him."""

    connection_id: str
    supplier_id: str
    name: str
    account_id: str
    balance: Money


DayText = Annotated[str, form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")]


def day_of(text: str) -> date:
    """As it stands in a path."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise invalid("day", "a day is written 2026-07-01 / 日期格式为 2026-07-01")


def statement_out(s: Statement, currency: str, job: int | None = None) -> StatementOut:
    return StatementOut(
        id=str(s.id),
        connection_id=str(s.connection_id),
        day=s.day,
        sha256=bytes(s.sha256).hex(),
        file_name=s.file_name,
        lines=s.lines,
        stored=s.stored,
        amount=money.of(s.amount_e4, currency),
        status=s.state,
        repeated=s.repeated,
        at=s.at,
        job_id=None if job is None else str(job),
    )


def line_out(line: Line, kind: str, currency: str) -> LineOut:
    return LineOut(
        line.line_no,
        line.ref,
        line.supplier_ref,
        line.article,
        line.quantity,
        money.of(line.amount_e4, currency),
        line.status,
        line.at,
        kind,
    )


def day_out(d: Day, currency: str) -> DayOut:
    def told(amount_e4: int | None) -> Money | None:
        return None if amount_e4 is None else money.of(amount_e4, currency)

    return DayOut(
        connection_id=str(d.connection_id),
        day=d.day,
        status=d.state,
        stale=d.stale,
        counts=d.counts,
        open=d.open,
        matched=money.of(d.matched_e4, currency),
        ours=money.of(d.ours_e4, currency),
        theirs=money.of(d.theirs_e4, currency),
        difference=money.of(d.theirs_e4 - d.ours_e4, currency),
        matched_at=d.matched_at,
        opening=told(d.opening_e4),
        purchases=told(d.purchases_e4),
        refunds=told(d.refunds_e4),
        payments=told(d.payments_e4),
        adjustments=told(d.adjustments_e4),
        closing=told(d.closing_e4),
        pack_sha256=None if d.pack_sha256 is None else bytes(d.pack_sha256).hex(),
        closed_at=d.closed_at,
    )


def difference_out(d: Difference) -> DifferenceOut:
    return DifferenceOut(
        id=str(d.id),
        connection_id=str(d.connection_id),
        day=d.day,
        kind=d.kind,
        purchase_id=None if d.attempt_id is None else str(d.attempt_id),
        refund=d.refund,
        line=d.line_no,
        ours=money.of(d.ours_e4, d.currency),
        theirs=money.of(d.theirs_e4, d.currency),
        difference=money.of(d.difference_e4, d.currency),
        other_day=d.other_day,
        status=d.state,
        resolution=d.resolution,
        transfer_id=None if d.transfer_id is None else str(d.transfer_id),
        note=d.note,
        resolved_at=d.resolved_at,
    )


def claim_out(c: Claim, currency: str) -> ClaimOut:
    amount = money.of(c.amount_e4, currency)
    return ClaimOut(str(c.id), str(c.connection_id), amount, c.state, c.opened_at, c.ended_at)


def payment_out(p: Payment, currency: str, own: str) -> PaymentOut:
    """`own`: the mall's currency."""
    amount = money.of(p.amount_e4, currency)
    spent = None if p.spent_e4 is None else money.of(p.spent_e4, own)
    return PaymentOut(str(p.id), str(p.connection_id), amount, p.reference, p.memo, p.at, p.repeated, spent)


def account_out(a: Account) -> SupplierAccountOut:
    balance = money.of(a.balance_e4, a.currency)
    return SupplierAccountOut(str(a.connection_id), str(a.supplier_id), a.name, str(a.account_id), balance)
