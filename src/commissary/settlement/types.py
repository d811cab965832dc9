"""Statements, their lines, and what differs, as data. Money is `_e4`; what is charged to us is positive."""

from datetime import date, datetime
from typing import Literal

import msgspec

from commissary.base.errors import Refusal

Status = Literal["bought", "failed", "refunded"]
Kind = Literal["missing", "extra", "amount", "late", "status", "quantity", "duplicate", "books"]
Resolution = Literal["accepted", "claimed", "written_off", "late"]
ClaimOutcome = Literal["granted", "refused"]
ObjectionState = Literal["open", "accepted", "refused"]
ObjectionOutcome = Literal["accepted", "refused"]
Role = Literal["ref", "supplier_ref", "article", "quantity", "amount", "status", "time"]

MATCHED = "matched"


class Mapping(msgspec.Struct, frozen=True):
    """How a connection's statements are written. `columns`: role → header; `statuses`: the supplier's word → ours."""

    columns: dict[Role, str] = {}
    statuses: dict[str, Status] = {}
    amounts: Literal["main", "cents"] = "main"


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line of a statement. `amount_e4` is negative where money came back, 0 where nothing was bought."""

    line_no: int
    ref: str
    ref_id: int | None
    supplier_ref: str
    article: str
    quantity: int
    amount_e4: int
    status: Status
    at: datetime | None


class LineFault(msgspec.Struct, frozen=True):
    """What is wrong with a line of a file, by the words of `LINE_FAULTS` or of `RowFault`."""

    line: int
    code: str
    detail: str = ""


class Statement(msgspec.Struct, frozen=True):
    """`repeated`: this very file was there already."""

    id: int
    connection_id: int
    day: date
    sha256: bytes
    file_name: str
    lines: int
    stored: int
    amount_e4: int
    state: Literal["importing", "imported", "replaced"]
    at: datetime
    repeated: bool = False


class Day(msgspec.Struct, frozen=True):
    """One day of a connection. `stale`: something changed since it was matched. The sums of the account stand when it
    is closed: opening − purchases + refunds + payments + adjustments = closing."""

    connection_id: int
    day: date
    stale: bool
    statement_id: int | None
    counts: dict[str, int]
    matched_e4: int
    ours_e4: int
    theirs_e4: int
    matched_at: datetime | None
    state: Literal["open", "closed"]
    open: int
    opening_e4: int | None
    purchases_e4: int | None
    refunds_e4: int | None
    payments_e4: int | None
    adjustments_e4: int | None
    closing_e4: int | None
    pack_sha256: bytes | None
    closed_at: datetime | None


class Difference(msgspec.Struct, frozen=True):
    """`theirs_e4 − ours_e4` is what the supplier charges beyond our books."""

    id: int
    connection_id: int
    day: date
    kind: Kind
    attempt_id: int | None
    refund: bool
    statement_id: int | None
    line_no: int | None
    ours_e4: int
    theirs_e4: int
    other_day: date | None
    state: Literal["open", "resolved"]
    resolution: Resolution | None
    to_day: date | None
    transfer_id: int | None
    note: str
    resolved_by: str
    resolved_at: datetime | None
    currency: str

    @property
    def difference_e4(self) -> int:
        return self.theirs_e4 - self.ours_e4


class Found(msgspec.Struct, frozen=True, gc=False):
    """A difference as the match finds it. `key` is what it is about, once in a day."""

    key: str
    kind: Kind
    attempt_id: int | None
    refund: bool
    statement_id: int | None
    line_no: int | None
    ours_e4: int
    theirs_e4: int
    other_offset: int | None  # days from this one to where the other side of a late one stands


class Match(msgspec.Struct, frozen=True):
    """`theirs_e4 − ours_e4` is the sum over `found`; `counts`: class → items, `matched` among them."""

    counts: dict[str, int]
    matched_e4: int
    ours_e4: int
    theirs_e4: int
    found: list[Found]


class Claim(msgspec.Struct, frozen=True):
    """What waits for the supplier's word; more than zero: he owes it to us."""

    id: int
    connection_id: int
    amount_e4: int
    state: Literal["waiting", "granted", "refused"]
    transfer_id: int | None
    opened_at: datetime
    ended_at: datetime | None


class Objection(msgspec.Struct, frozen=True):
    """What a supplier's people say against a line of a day, or against a purchase that their statement has not (`attempt_id`).
    `file_sha256`: of the document that came with it. `kind` is what differs there, as the day was matched last."""

    id: int
    connection_id: int
    supplier_id: int
    supplier_name: str
    day: date
    line_no: int | None
    attempt_id: int | None
    note: str
    file_name: str
    file_sha256: bytes | None
    file_bytes: int
    state: ObjectionState
    reply: str
    opened_at: datetime
    answered_at: datetime | None
    difference_id: int | None
    kind: Kind | None
    ours_e4: int | None
    theirs_e4: int | None
    currency: str


class OwnLine(msgspec.Struct, frozen=True):
    """A line of a statement beside our books, as its supplier sees it."""

    line_no: int
    ref: str
    supplier_ref: str
    article: str
    quantity: int
    theirs_e4: int
    status: Status
    at: datetime | None
    kind: str
    ours_e4: int
    state: Literal["open", "resolved"] | None
    resolution: Resolution | None
    objection: ObjectionState | None


class Payment(msgspec.Struct, frozen=True):
    """More than zero: to the supplier. `id` is the transfer's. `spent_e4`: what it took from the bank in the mall's
    currency, None where that is the account's own."""

    id: int
    connection_id: int
    amount_e4: int
    spent_e4: int | None
    reference: str
    memo: str
    at: datetime
    repeated: bool = False


class Source(msgspec.Struct, frozen=True):
    """How a connection's statements come, and from which hour of the day after a day's is expected. Without `expected`
    nobody waits for one."""

    by: Literal["file", "api"]
    hour: int
    zone: str
    expected: bool = True


class Expected(msgspec.Struct, frozen=True):
    """A day's statement, waited for or there. `error`: why the last request brought none; `told_at`: when people were told."""

    connection_id: int
    day: date
    state: Literal["waiting", "done"]
    tries: int
    due_at: datetime
    error: str
    told_at: datetime | None
    ended_at: datetime | None


class Account(msgspec.Struct, frozen=True):
    """A connection's account in the books: what is ours at the supplier; less than zero: what we owe him."""

    connection_id: int
    supplier_id: int
    name: str
    account_id: int
    currency: str
    balance_e4: int


class SettlementRefusal(Refusal):
    connection_unknown = (404, "There is no such connection", "供应商连接不存在")
    statement_columns_missing = (
        422,
        "The first line must name the columns ref or supplier_ref, and amount; map other names first",
        "首行须含我方单号或供应商单号列以及金额列；如列名不同请先设置列映射",
    )
    statement_lines_faulty = (
        422,
        "Some lines cannot be read, so nothing was imported; mend them and send the file again",
        "部分行无法识别，文件未导入；请修正后重新上传",
    )
    statement_too_long = (413, "The statement has more lines than allowed", "对账单行数超过上限")
    day_has_statement = (
        409,
        "This day has another statement; say that this one replaces it",
        "该日已有另一份对账单；如需替换请明确指定",
    )
    statement_missing = (409, "No statement of this day was imported", "该日尚未导入对账单")
    day_not_found = (404, "Nothing is known of this day", "该日没有对账记录")
    day_closed = (409, "The day is closed and stays as it is", "该日已结账，不可更改")
    day_decided = (
        409,
        "Differences of this day were resolved by its statement; it cannot be replaced any more",
        "该日差异已按现有对账单处理，不可再替换",
    )
    day_not_over = (409, "The day has not ended yet", "该日尚未结束")
    day_stale = (
        409,
        "Something changed since the day was matched; reconcile it again",
        "对账后数据有变化，请重新对账",
    )
    day_has_differences = (409, "Differences are still open", "仍有未处理的差异")
    day_has_objections = (
        409,
        "The supplier's objections to this day are not answered yet",
        "供应商对该日的异议尚未答复",
    )
    earlier_day_open = (409, "An earlier day is not closed yet", "更早的日期尚未结账")
    difference_not_found = (404, "There is no such difference", "差异记录不存在")
    difference_resolved = (409, "The difference was resolved already", "该差异已处理")
    not_late = (
        409,
        "Only what one side lacks can move to the next day; a late one is moved where it is earlier",
        "仅单边差异可顺延至次日；跨日差异请在较早一日顺延",
    )
    line_not_found = (404, "The statement of this day has no such line", "该日对账单中没有该行")
    objection_not_found = (404, "There is no such objection", "异议不存在")
    objection_open = (409, "There is an open objection about it already", "该行已有待答复的异议")
    objection_answered = (409, "The objection was answered already", "该异议已答复")
    objection_file_too_large = (413, "The document is larger than 2 MB", "凭证文件超过 2 MB")
    objection_without_file = (404, "No document came with it", "该异议没有附件")
    claim_not_found = (404, "There is no such claim", "争议记录不存在")
    claim_ended = (409, "The claim has ended already", "该争议已了结")
    payment_differs = (
        409,
        "This reference was used for another amount",
        "该参考号已用于其他金额",
    )
    matching_not_installed = (
        409,
        "Matching needs Polars: pip install 'commissary[insight]'",
        "对账需要 Polars：pip install 'commissary[insight]'",
        False,
        "operator",
    )
