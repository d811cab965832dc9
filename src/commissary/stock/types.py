"""Batches, lots and ranges as data."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.stock.card_file import CodeFileRefusal as CodeFileRefusal
from commissary.stock.card_file import Layout as Layout

BatchState = Literal["receiving", "sealed", "recalled", "shredded"]
IntakeState = Literal["waiting", "released", "refused"]
LotState = Literal["receiving", "open", "sold_out", "frozen", "void", "expired", "returned"]


class Lot(msgspec.Struct, frozen=True):
    """A range of a batch as read under lock; codes `next_seq..end_seq` are unsold."""

    id: int
    sku_id: int
    batch_id: int
    next_seq: int
    end_seq: int
    unit_cost_e4: int
    unlimited: bool


class Range(msgspec.Struct, frozen=True, gc=False):
    """Codes `first_seq..last_seq` of a batch, taken from a lot."""

    lot_id: int
    batch_id: int
    first_seq: int
    last_seq: int
    unit_cost_e4: int
    shared: bool

    @property
    def count(self) -> int:
        return self.last_seq - self.first_seq + 1


class Code(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """In clear, for the moment it is handed over. Its repr shows nothing."""

    secret: str
    number: str | None = None
    expires_at: datetime | None = None

    def __repr__(self) -> str:
        return "Code(…)"


class ImportOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a file of codes does not say itself. `expires_on` is the last day, for rows that name none.

    `layout` settles what the columns are when the file leaves it open; `sheet` names one of a workbook.
    """

    unit_cost_e4: Annotated[int, msgspec.Meta(ge=0)]
    currency: str | None = None  # None: the mall's
    supplier_id: int | None = None
    source: str = ""
    expires_on: date | None = None
    proof_name: str | None = None
    proof_sha256: str | None = None
    layout: Layout | None = None
    sheet: str | None = None
    accept_payment_cards: bool = False
    intake: bool = (
        False  # brought by the supplier's own people: frozen until somebody of the mall releases it
    )


class FaultLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that became no code, and why. Never shows the code."""

    line: int
    reason: str
    zh: str
    en: str
    column: int | None = None


class ImportReport(msgspec.Struct, frozen=True):
    """`read` is the sum of the five counts after it.

    A code counts as known elsewhere at each of its rows; one that is new counts once as imported and then as repeated.
    Expired rows are not looked up. `faults` are the first hundred; `trouble` is why reading ended early.
    """

    import_id: int | None
    state: Literal["done", "failed", "dry_run"]
    read: int
    imported: int
    repeated_in_file: int
    known_elsewhere: int
    expired: int
    faulty: int
    batches: tuple[int, ...] = ()
    faults: tuple[FaultLine, ...] = ()
    already_imported: bool = False
    resumed: bool = False
    trouble: str = ""
    columns: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()  # masked


class Intake(msgspec.Struct, frozen=True):
    """A file of codes that a supplier's own people brought. `id` is the import's, `file_sha256` the receipt; the counts are
    those of the report. Nothing of it is for sale while it is `waiting`; `reason` is the mall's."""

    id: int
    sku_id: int
    sku_code: str
    name_zh: str
    name_en: str
    supplier_id: int
    supplier_name: str
    file_name: str
    file_sha256: bytes
    import_state: Literal["running", "done", "failed"]
    trouble: str
    imported: int
    repeated_in_file: int
    known_elsewhere: int
    expired: int
    faulty: int
    state: IntakeState
    reason: str
    brought_at: datetime
    decided_at: datetime | None
    batches: list[int]
    unit_cost_e4: int
    currency: str
    sold: int


class BatchView(msgspec.Struct, frozen=True):
    """A batch and how its codes stand. `sold` is what the counters of its lots have passed."""

    id: int
    sku_id: int
    supplier_id: int | None
    source: str
    proof_name: str | None
    unit_cost_e4: int
    currency: str
    expires_at: datetime | None
    import_id: int | None
    state: BatchState
    created_at: datetime
    sealed_at: datetime | None
    commitment_root: bytes | None
    received: int
    available: int
    sold: int
    frozen: int
    void: int
    expired: int
    returned: int
    unlimited: bool


class Moved(msgspec.Struct, frozen=True):
    """What a batch verb did: `codes` changed their state now (0: it was so before), `sold` could not be reached."""

    batch_id: int
    codes: int
    sold: tuple[Range, ...] = ()


class LowStock(msgspec.Struct, frozen=True):
    sku_id: int
    available: int
    threshold: int


class SkuSummary(msgspec.Struct, frozen=True):
    """Codes of one SKU by state; `expiring` counts available ones by when they end. None available: unlimited."""

    sku_id: int
    available: int | None
    receiving: int
    sold: int
    frozen: int
    void: int
    expired: int
    returned: int
    expiring: dict[str, int]
    batches: tuple[BatchView, ...] = ()


class StockRefusal(Refusal):
    """In order of precedence."""

    not_from_stock = (
        409,
        "Goods of this kind are not delivered from stock, so it takes no codes",
        "该类商品不从库存发放，不能导入卡密",
    )
    supplier_unknown = (422, "There is no such supplier here", "供应商不存在")
    supplier_not_qualified = (
        409,
        "Nothing may be bought from this supplier now: see its standing",
        "该供应商当前不具备供货资质，请查看其资质状态",
        False,
        "operator",
    )
    shared_code_single = (
        422,
        "A shared code is one code; the file holds none or several",
        "共享卡密只能有一个；文件中没有或有多个",
    )
    import_options_differ = (
        409,
        "This file was begun with other options; go on with those, or change the file",
        "该文件此前以不同选项导入且尚未完成；请使用原选项继续，或修改文件",
    )
    import_running = (
        409,
        "This file is being imported by another process",
        "该文件正在由其他进程导入",
        True,
    )
    batch_receiving = (
        409,
        "The batch is still being imported; finish the import first",
        "批次尚在导入中；请先完成导入",
        True,
    )
    batch_of_intake = (
        409,
        "A supplier brought these codes and nobody released them: release the intake",
        "该批次由供应商送仓且尚未放行；请先在“供应商送仓”中放行",
    )
    intake_decided = (409, "The intake was decided otherwise already", "该送仓已作出另一裁定")
    batch_recalled = (409, "The batch was recalled; that is final", "批次已召回，不可撤销")
    range_outside_batch = (422, "The batch has no such range of codes", "批次中没有该编号范围")
    range_not_sold = (
        409,
        "Codes of this range are not sold, so they cannot come back",
        "该范围内有未售出的卡密，不能退回库存",
    )
    confirmation_wrong = (422, "To confirm, repeat the batch's number", "请重复输入批次编号以确认")
    batch_has_unsold = (
        409,
        "The batch still has codes that could be sold; void or return them first",
        "批次中仍有未售出的卡密；请先作废或退回",
    )
