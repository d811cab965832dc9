"""Batches and imports on the wire."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from commissary.base import money, table_out
from commissary.base.form import form
from commissary.base.money import Money
from commissary.base.wire import Id
from commissary.partners.types import Grade, Unfit
from commissary.stock.card_file import Layout
from commissary.stock.sources import SkuSource, genuine
from commissary.stock.types import (
    BatchState,
    BatchView,
    FaultLine,
    ImportReport,
    Moved,
    SkuSummary,
)

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Place = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Available = int | Literal["unlimited"]  # as partners see it: a shared code never runs out


class ImportIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part `options` of an upload. `columns` settles what the file's columns are when they are not plain."""

    sku_id: Id
    unit_cost: Annotated[str, form(r"[0-9]{1,12}(\.[0-9]{1,4})?")]
    dry_run: bool = False
    supplier_id: Id | None = None
    source: Annotated[str, msgspec.Meta(max_length=500)] = ""
    expires_on: date | None = None
    proof_name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    proof_sha256: Annotated[str, form("[0-9a-f]{64}")] | None = None
    layout: Layout | None = None
    sheet: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class SkuSourceOut(msgspec.Struct, frozen=True):
    """`supplier_id` null: goods whose supplier nobody wrote down. `why` is null when the supplier may be bought from."""

    supplier_id: str | None
    grade: Grade | None
    qualified: bool | None
    why: Unfit | None


class SkuSourcesOut(msgspec.Struct, frozen=True):
    """`genuine`: every source is the issuer or one hop from it, so the goods may carry the badge 正品."""

    genuine: bool
    sources: list[SkuSourceOut]


class ReasonIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason


class RecallIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`refund`: each line that holds codes of the batch gets back what was paid for them, once."""

    reason: Reason
    refund: bool = False


class RangeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first: Place
    last: Place
    reason: Reason


class ShredIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`confirmation` repeats the batch's id."""

    confirmation: Annotated[str, msgspec.Meta(max_length=40)]
    reason: Reason


class ImportOut(msgspec.Struct, frozen=True):
    import_id: str | None
    state: str
    read: int
    imported: int
    repeated_in_file: int
    known_elsewhere: int
    expired: int
    faulty: int
    batches: list[str]
    faults: tuple[FaultLine, ...]
    already_imported: bool
    resumed: bool
    trouble: str
    columns: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]


class BatchOut(msgspec.Struct, frozen=True):
    """`available` is `unlimited` for a shared code."""

    id: str
    sku_id: str
    supplier_id: str | None
    source: str
    proof_name: str | None
    unit_cost: Money
    expires_at: datetime | None
    import_id: str | None
    state: BatchState
    created_at: datetime
    sealed_at: datetime | None
    commitment_root: str | None
    received: int
    available: Available
    sold: int
    frozen: int
    void: int
    expired: int
    returned: int


class SpanOut(msgspec.Struct, frozen=True):
    first: int
    last: int


class MovedOut(msgspec.Struct, frozen=True):
    """`changed` codes changed their state now; `sold` are the ranges that are out."""

    batch_id: str
    changed: int
    sold: list[SpanOut]


class SummaryOut(msgspec.Struct, frozen=True):
    sku_id: str
    available: Available
    receiving: int
    sold: int
    frozen: int
    void: int
    expired: int
    returned: int
    expiring: dict[str, int]
    batches: list[BatchOut]


def import_out(report: ImportReport) -> ImportOut:
    fields = msgspec.structs.asdict(report)
    import_id = None if report.import_id is None else str(report.import_id)
    return ImportOut(**fields | {"import_id": import_id, "batches": [str(b) for b in report.batches]})


def batch_out(batch: BatchView) -> BatchOut:
    root = batch.commitment_root
    return BatchOut(
        str(batch.id),
        str(batch.sku_id),
        None if batch.supplier_id is None else str(batch.supplier_id),
        batch.source,
        batch.proof_name,
        money.of(batch.unit_cost_e4, batch.currency),
        batch.expires_at,
        None if batch.import_id is None else str(batch.import_id),
        batch.state,
        batch.created_at,
        batch.sealed_at,
        None if root is None else bytes(root).hex(),
        batch.received,
        "unlimited" if batch.unlimited else batch.available,
        batch.sold,
        batch.frozen,
        batch.void,
        batch.expired,
        batch.returned,
    )


def moved_out(moved: Moved) -> MovedOut:
    return MovedOut(str(moved.batch_id), moved.codes, [SpanOut(r.first_seq, r.last_seq) for r in moved.sold])


def summary_out(summary: SkuSummary) -> SummaryOut:
    fields = msgspec.structs.asdict(summary)
    fields |= {"sku_id": str(summary.sku_id), "batches": [batch_out(b) for b in summary.batches]}
    if summary.available is None:
        fields["available"] = "unlimited"
    return SummaryOut(**fields)


def faults_csv(faults: Iterable[FaultLine]) -> bytes:
    """UTF-8 with a byte order mark, as spreadsheets want it. A cell that begins like a formula is shown as text."""
    head = ["行 Line", "列 Column", "原因 Reason", "说明", "Explanation"]
    rows = [[f.line, f.column or "", f.reason, f.zh, f.en] for f in faults]
    return table_out.table([head, *rows], "csv")


def sources_out(found: list[SkuSource]) -> SkuSourcesOut:
    told = [
        SkuSourceOut(None, None, None, None)
        if s.supplier_id is None or s.fitness is None
        else SkuSourceOut(str(s.supplier_id), s.fitness.grade, s.fitness.ok, s.fitness.why)
        for s in found
    ]
    return SkuSourcesOut(genuine(found), told)
