"""The settlement with a supplier before his own people, and objections, on the wire."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.money import Money
from commissary.base.wire import Id
from commissary.settlement.types import (
    Difference,
    Kind,
    Objection,
    ObjectionOutcome,
    ObjectionState,
    OwnLine,
    Payment,
    Resolution,
    Status,
)

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class MyLineOut(msgspec.Struct, frozen=True, kw_only=True):
    """`yours` is what your statement says, `ours` what our books say; `difference` = yours − ours. `kind`: `matched`, or what
    is different. `objection`: the state of your last one about it."""

    line: int
    ref: str
    supplier_ref: str
    article: str
    quantity: int
    status: Status
    at: datetime | None
    yours: Money
    ours: Money
    difference: Money
    kind: str
    resolution: Resolution | None
    objection: ObjectionState | None


class MyDifferenceOut(msgspec.Struct, frozen=True, kw_only=True):
    """`line` null: your statement has it not, and `purchase_id` is what it is about."""

    id: str
    kind: Kind
    purchase_id: str | None
    line: int | None
    yours: Money
    ours: Money
    difference: Money
    resolution: Resolution | None


class MyPaymentOut(msgspec.Struct, frozen=True):
    """`amount` above zero: to you."""

    id: str
    amount: Money
    reference: str
    at: datetime


class ObjectionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Against a `line` of the day's statement, or against a purchase that differs from it."""

    note: Words
    line: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None
    purchase_id: Id | None = None


class AnswerIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: ObjectionOutcome
    reply: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class ObjectionOut(msgspec.Struct, frozen=True, kw_only=True):
    """`file_sha256`: of the document that came with it. `kind`, `ours`, `theirs`: what differs there, as the day was matched
    last; null when nothing does."""

    id: str
    connection_id: str
    supplier_id: str
    supplier_name: str
    day: date
    line: int | None
    purchase_id: str | None
    note: str
    file_name: str
    file_sha256: str | None
    file_bytes: int
    status: ObjectionState
    reply: str
    opened_at: datetime
    answered_at: datetime | None
    difference_id: str | None
    kind: Kind | None
    ours: Money | None
    theirs: Money | None


def line_out(x: OwnLine, currency: str) -> MyLineOut:
    return MyLineOut(
        line=x.line_no,
        ref=x.ref,
        supplier_ref=x.supplier_ref,
        article=x.article,
        quantity=x.quantity,
        status=x.status,
        at=x.at,
        yours=money.of(x.theirs_e4, currency),
        ours=money.of(x.ours_e4, currency),
        difference=money.of(x.theirs_e4 - x.ours_e4, currency),
        kind=x.kind,
        resolution=x.resolution,
        objection=x.objection,
    )


def difference_out(d: Difference) -> MyDifferenceOut:
    return MyDifferenceOut(
        id=str(d.id),
        kind=d.kind,
        purchase_id=_text(d.attempt_id),
        line=d.line_no,
        yours=money.of(d.theirs_e4, d.currency),
        ours=money.of(d.ours_e4, d.currency),
        difference=money.of(d.difference_e4, d.currency),
        resolution=d.resolution,
    )


def payment_out(p: Payment, currency: str) -> MyPaymentOut:
    return MyPaymentOut(str(p.id), money.of(p.amount_e4, currency), p.reference, p.at)


def objection_out(o: Objection) -> ObjectionOut:
    return ObjectionOut(
        id=str(o.id),
        connection_id=str(o.connection_id),
        supplier_id=str(o.supplier_id),
        supplier_name=o.supplier_name,
        day=o.day,
        line=o.line_no,
        purchase_id=_text(o.attempt_id),
        note=o.note,
        file_name=o.file_name,
        file_sha256=None if o.file_sha256 is None else bytes(o.file_sha256).hex(),
        file_bytes=o.file_bytes,
        status=o.state,
        reply=o.reply,
        opened_at=o.opened_at,
        answered_at=o.answered_at,
        difference_id=_text(o.difference_id),
        kind=o.kind,
        ours=None if o.ours_e4 is None else money.of(o.ours_e4, o.currency),
        theirs=None if o.theirs_e4 is None else money.of(o.theirs_e4, o.currency),
    )


def _text(id_: int | None) -> str | None:
    return None if id_ is None else str(id_)
