"""A statement's file as lines, by the connection's mapping. Faulty ones are named, each with its reason."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, tzinfo

import msgspec

from commissary.base import money, table_file
from commissary.base.errors import Refused
from commissary.settlement import types
from commissary.settlement.types import Line, LineFault, Role, SettlementRefusal, Status

MOST_LINES = 2_000_000
MOST_TOLD = 100
INT_MAX = 2**31 - 1

NAMES: Mapping[Role, Collection[str]] = {
    "ref": (
        "ref",
        "our_ref",
        "client_order_no",
        "out_trade_no",
        "商户订单号",
        "我方单号",
        "客户订单号",
        "外部订单号",
    ),
    "supplier_ref": ("supplier_ref", "order_no", "supplier_order_no", "供应商单号", "平台订单号", "订单号"),
    "article": ("article", "goods_id", "product_id", "sku", "商品编号", "商品编码", "商品"),
    "quantity": ("quantity", "count", "qty", "数量"),
    "amount": ("amount", "total", "金额", "总金额", "扣款金额"),
    "status": ("status", "state", "状态", "订单状态"),
    "time": ("time", "at", "created_at", "时间", "下单时间", "交易时间"),
}
STATUSES: Mapping[str, Status] = {
    **dict.fromkeys(("", "success", "succeeded", "bought", "paid", "成功", "交易成功", "已完成"), "bought"),
    **dict.fromkeys(("fail", "failed", "失败", "交易失败", "已取消"), "failed"),
    **dict.fromkeys(("refund", "refunded", "退款", "已退款", "冲正"), "refunded"),
}
LINE_FAULTS: Mapping[str, tuple[str, str]] = {
    "ref_missing": ("The line names no order", "该行没有订单号"),
    "amount_unreadable": ("The amount is no number with at most four decimals", "金额不是最多四位小数的数字"),
    "quantity_unreadable": ("The quantity is no whole number", "数量不是整数"),
    "status_unknown": ("The status is not mapped", "状态未映射"),
    "time_unreadable": ("The time is not like 2026-07-01 08:00:00", "时间格式应为 2026-07-01 08:00:00"),
    "cell_too_long": ("A cell is too long", "单元格内容过长"),
}
_CENTS = re.compile(r"-?\d{1,14}", re.ASCII)
_TIMES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y%m%d%H%M%S",
    "%Y-%m-%d",
)


def read(data: bytes, file_name: str, told: types.Mapping, zone: tzinfo) -> list[Line]:
    """All lines, in order. Refuses statement_columns_missing, statement_too_long, statement_lines_faulty with
    `lines`, of which at most 100 are named, and what `table_file` refuses."""
    rows = table_file.open_table(data, filename=file_name, limits=table_file.Limits(rows_max=2 * MOST_LINES))
    header = next(rows, None)
    if header is None or header.fault:
        raise Refused(SettlementRefusal.statement_columns_missing)
    names: dict[str, Collection[str]] = {role: NAMES[role] for role in NAMES if role not in told.columns}
    names |= {role: (name,) for role, name in told.columns.items()}
    columns = table_file.columns_by_header(header.cells, names)
    at = columns.found
    if not at.keys() & {"ref", "supplier_ref"} or "amount" not in at or columns.repeated:
        raise Refused(
            SettlementRefusal.statement_columns_missing, found=sorted(at), repeated=list(columns.repeated)
        )
    statuses = dict(STATUSES) | {word.casefold(): status for word, status in told.statuses.items()}
    lines: list[Line] = []
    faults: list[LineFault] = []
    faulty = 0
    for row in rows:
        if len(lines) + faulty >= MOST_LINES:
            raise Refused(SettlementRefusal.statement_too_long, lines_max=MOST_LINES)
        one = (
            LineFault(row.line, row.fault.name, row.fault.en)
            if row.fault
            else _line(row, at, statuses, told.amounts == "cents", zone)
        )
        if isinstance(one, Line):
            lines.append(one)
        else:
            faulty += 1
            if len(faults) < MOST_TOLD:
                faults.append(one)
    if faulty:
        raise Refused(
            SettlementRefusal.statement_lines_faulty,
            faulty=faulty,
            lines=[msgspec.to_builtins(f) for f in faults],
        )
    if not lines:
        raise Refused(table_file.TableRefusal.file_empty)
    return lines


def _line(
    row: table_file.Row, at: Mapping[str, int], statuses: Mapping[str, Status], cents: bool, zone: tzinfo
) -> Line | LineFault:
    cells = row.cells

    def cell(role: Role) -> str:
        column = at.get(role)
        return cells[column].strip() if column is not None and column < len(cells) else ""

    ref, supplier_ref, article, amount = cell("ref"), cell("supplier_ref"), cell("article"), cell("amount")
    if not ref and not supplier_ref:
        return _fault(row, "ref_missing")
    if max(len(ref), len(supplier_ref), len(article)) > 200:
        return _fault(row, "cell_too_long")
    amount_e4 = _amount(amount, cents)
    if amount_e4 is None:
        return _fault(row, "amount_unreadable", amount)
    quantity = cell("quantity") or "1"
    if not (quantity.isascii() and quantity.isdigit() and int(quantity[:12]) <= INT_MAX):
        return _fault(row, "quantity_unreadable", quantity)
    status = statuses.get(cell("status").casefold())
    if status is None:
        return _fault(row, "status_unknown", cell("status"))
    time = cell("time")
    when = _time(time, zone) if time else None
    if time and when is None:
        return _fault(row, "time_unreadable", time)
    if status == "bought" and amount_e4 < 0:
        status = "refunded"
    signed = {"bought": amount_e4, "refunded": -abs(amount_e4), "failed": 0}[status]
    named = int(ref) if ref.isascii() and ref.isdigit() and len(ref) <= 19 and int(ref) < 2**63 else None
    return Line(row.line, ref, named, supplier_ref, article, int(quantity), signed, status, when)


def _amount(text: str, cents: bool) -> int | None:
    """Of thousands' commas and a currency's sign nothing is left; None: no amount."""
    bare = text.replace(",", "").replace("，", "").lstrip("¥￥$ ").replace("−", "-")
    if cents:
        return int(bare) * 100 if _CENTS.fullmatch(bare) else None
    try:
        parsed = money.parse(bare)
    except ValueError:
        return None
    return parsed if abs(parsed) <= money.MAX_E4 else None


def _time(text: str, zone: tzinfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        for form in _TIMES:
            try:
                at = datetime.strptime(text, form)  # noqa: DTZ007 — the zone follows
                break
            except ValueError:
                continue
        else:
            return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _fault(row: table_file.Row, code: str, detail: str = "") -> LineFault:
    return LineFault(row.line, code, detail[:60] or LINE_FAULTS[code][0])
