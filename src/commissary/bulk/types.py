"""Uploads, acts on many, exports: as data."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.base.table_file import Dialect

UploadKind = Literal["codes", "skus", "prices"]
UploadState = Literal["open", "waiting", "committing", "done", "failed", "cancelled", "discarded", "expired"]
Outcome = Literal["created", "updated", "same", "skipped", "rejected"]
CommitMode = Literal["all", "valid"]
ExportList = Literal["orders", "skus", "buyers", "transfers", "audit", "prices", "codes"]
ExportFormat = Literal["csv", "xlsx", "zip"]
ActList = Literal["skus", "batches", "buyers", "orders", "work"]
ActAction = Literal[
    "list", "delist", "set_tax_category", "set_max_quantity",
    "freeze", "unfreeze", "void",
    "set_tier", "suspend", "resume",
    "cancel", "resend_webhooks",
    "give_back", "fail",
]  # fmt: skip
ItemState = Literal["open", "begun", "done", "same", "refused"]

IGNORED = "-"
KEPT = timedelta(hours=24)  # an upload's bytes, and an export
MOST_DOWNLOADS = 3
MOST_REPAIRS = 200
MOST_SHOWN = 200
BYTES_MAX = 32 * 1024 * 1024
ROWS_MAX = {"codes": 300_000, "skus": 20_000, "prices": 20_000}
MOST_SUBJECTS = 50_000


class Options(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a file does not say itself. Of codes: for which SKU, at what cost, from whom, until when. Of goods: nothing."""

    sku_id: int | None = None
    unit_cost_e4: int | None = None
    supplier_id: int | None = None
    source: str = ""
    expires_on: date | None = None
    proof_name: str | None = None
    proof_sha256: str | None = None


class Layout(msgspec.Struct, frozen=True):
    """`roles`: what each column is, `-` for nothing. `header_line` 0: there is none. `fixed`: the lines name their values
    themselves, so columns mean nothing. `guessed`: nobody has said it yet; `remembered`: as it was said last time."""

    headers: tuple[str, ...]
    roles: tuple[str, ...]
    header_line: int = 1
    fixed: bool = False
    guessed: bool = True
    remembered: bool = False


class Row(msgspec.Struct, frozen=True, gc=False):
    """`fault`: what is wrong with it as a row, (code, 中文, English, column from 0)."""

    line: int
    cells: tuple[str, ...]
    fault: tuple[str, str, str, int | None] | None = None
    numbers: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Row(line={self.line})"  # Cells may be codes; a traceback must not show them.


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a row is not taken as it is. `reason` is the repair it needs; `column` counts from 0."""

    line: int
    reason: str
    zh: str
    en: str
    column: int | None = None
    expected: str = ""
    found: str = ""
    by: str = ""


class Change(msgspec.Struct, frozen=True):
    """One cell that a commit would change. `before` None: the row is new."""

    line: int
    subject_id: int | None
    name: str
    column: str
    before: str | None
    after: str


class Group(msgspec.Struct, frozen=True):
    """Rows that need the same repair, the first of them with what was expected and found."""

    reason: str
    zh: str
    en: str
    count: int
    problems: tuple[Problem, ...]


class Report(msgspec.Struct, frozen=True):
    """A dry run. `rows` is the sum of `create`, `update`, `same`, `skip` and `rejected`. `changes` are the first ones of
    `changed_cells`. No cell of a file of codes is in it."""

    rows: int
    create: int
    update: int
    same: int
    skip: int
    rejected: int
    errors: tuple[Group, ...] = ()
    warnings: tuple[Group, ...] = ()
    changes: tuple[Change, ...] = ()
    changed_cells: int = 0
    trouble: str = ""


class How(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to commit. `all`: nothing unless every row is good; `valid`: the good rows. `valid_from`: from when it holds."""

    mode: CommitMode
    valid_from: datetime | None = None
    reason: str = ""
    override_floor: bool = False


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a commit did, by rows. `change_ids` are of prices, `import_id` and `batch_ids` of codes."""

    created: int = 0
    updated: int = 0
    same: int = 0
    skipped: int = 0
    rejected: int = 0
    reason: str = ""
    change_ids: tuple[int, ...] = ()
    import_id: int | None = None
    batch_ids: tuple[int, ...] = ()
    already_imported: bool = False


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    kind: UploadKind
    state: UploadState
    has_source: bool
    file_name: str
    sha256: bytes
    size: int
    dialect: Dialect
    layout: Layout
    options: Options
    version: int
    report: Report | None
    report_version: int | None
    how: How | None
    result: Result | None
    job_id: int | None
    made_by: int
    organisation_id: int
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    undone_at: datetime | None
    approval_id: int | None = None


class Seen(msgspec.Struct, frozen=True):
    """An upload of the very same bytes before."""

    id: int
    state: UploadState
    file_name: str
    made_at: datetime


class RowResult(msgspec.Struct, frozen=True):
    line: int
    outcome: Outcome
    subject_id: int | None = None
    reason: str = ""
    detail: str = ""
    before: Mapping[str, Any] | None = None
    version: int | None = None


class Item(msgspec.Struct, frozen=True):
    """One subject of an act on many. `line_no` is of a line of an order, else 0."""

    n: int
    subject_id: int
    line_no: int
    state: ItemState
    reason: str
    detail: str


class Act(msgspec.Struct, frozen=True):
    id: int
    list: ActList
    action: ActAction
    args: Mapping[str, Any]
    query: Mapping[str, Any] | None
    total: int
    job_id: int
    made_by: int
    organisation_id: int
    made_at: datetime
    counts: Mapping[str, int]


class Export(msgspec.Struct, frozen=True):
    """`has_file`: it can be fetched; `sha256` and `size` are of the file as it is fetched."""

    id: int
    list: ExportList
    format: ExportFormat
    query: Mapping[str, Any]
    file_name: str
    rows: int | None
    size: int | None
    sha256: bytes | None
    job_id: int
    made_by: int
    organisation_id: int
    made_at: datetime
    ready_at: datetime | None
    expires_at: datetime
    downloads: int
    has_file: bool


_Text = Annotated[str, msgspec.Meta(max_length=500)]
Filter = dict[str, _Text | Annotated[list[_Text], msgspec.Meta(max_length=200)]]
"""The names and texts of a list's own parameters."""


class BulkRefusal(Refusal):
    """In order of precedence."""

    upload_not_found = (404, "There is no such upload", "未找到该导入文件")
    upload_not_yours = (
        403,
        "Rows of a file of codes are shown to whoever uploaded it, and to nobody else",
        "卡密文件的内容仅对上传者可见",
    )
    upload_ended = (409, "This upload was committed or given up", "该文件已提交导入或已放弃")
    upload_waits = (
        409,
        "It waits for a second person: withdraw the request first",
        "该文件正等待复核，请先撤回申请",
    )
    source_gone = (
        410,
        "The file itself is gone: after a commit of codes, or after a day",
        "源文件已清除（卡密导入完成后或满 24 小时）",
    )
    columns_incomplete = (
        422,
        "It is not said which column is which; name those that are missing",
        "列的含义不完整，请指定缺少的列",
    )
    rows_too_many = (
        413,
        "The file has more rows than one import takes; split it",
        "文件行数超过单次导入上限，请拆分",
    )
    repairs_too_many = (
        422,
        "So many rows are mended in the file itself",
        "需修改的行过多，请在文件中修改后重新上传",
    )
    no_such_row = (422, "The file has no such row", "文件中没有该行")
    not_checked = (409, "Check the file as it is now before committing it", "内容有变动，请先重新校验")
    upload_has_errors = (
        409,
        "Rows are faulty: mend them, or commit the good ones alone",
        "存在错误行：请先修正，或选择仅导入有效行",
    )
    nothing_to_do = (409, "Nothing would change", "没有需要变更的内容")
    needs_second_person = (
        409,
        "Here such an act needs a second person: do it one by one, where it can be asked for",
        "该操作在本商城须经另一人复核，请逐项办理",
    )
    not_undoable = (409, "This import cannot be undone", "该导入不可撤销")
    already_undone = (409, "This import was undone before", "该导入已撤销")
    matched_otherwise = (
        409,
        "Other things match now than were shown; look again",
        "匹配结果已变化，请重新预览",
    )
    too_many_subjects = (
        422,
        "One act takes so many at most; narrow the filter",
        "单次操作数量超过上限，请缩小筛选范围",
    )
    nothing_matches = (409, "Nothing matches", "没有匹配的记录")
    act_not_found = (404, "There is no such act", "未找到该批量操作")
    export_not_found = (404, "There is no such export", "未找到该导出")
    export_not_ready = (409, "The file is not ready yet", "文件尚未生成", True)
    export_gone = (
        410,
        "The file is gone: after a day, or after it was fetched three times",
        "文件已失效（满 24 小时或已下载 3 次）",
    )


Cells = Sequence[str]
