"""A statement as a CSV file that opens in a spreadsheet and runs nothing there."""

import csv
import io
from collections.abc import Iterable

from commissary.base import money
from commissary.ledger.types import Account, Posted, Statement

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEAD = [
    "时间 Time",
    "流水号 Transfer",
    "类型 Kind",
    "订单 Order",
    "借方 Debit",
    "贷方 Credit",
    "余额 Balance",
    "备注 Memo",
]


def text_cell(text: str) -> str:
    """A cell that begins like a formula is shown as text (OWASP, CSV injection)."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def statement_csv(statement: Statement, account: Account, lines: Iterable[Posted]) -> bytes:
    """UTF-8 with a byte order mark, as spreadsheets want it; the last balance equals the statement's closing."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write(HEAD)
    balance_e4 = statement.opening_e4
    write([statement.from_at.isoformat(), "", "opening", "", "", "", money.text(balance_e4), ""])
    for t in lines:
        gave = t.dr_id == account.id
        balance_e4 += -t.amount_e4 if gave else t.amount_e4
        amount = money.text(t.amount_e4)
        write(
            [
                t.at.isoformat(),
                str(t.id),
                t.kind.name,
                str(t.order_id or ""),
                amount if gave else "",
                "" if gave else amount,
                money.text(balance_e4),
                text_cell(t.memo or ""),
            ]
        )
    assert balance_e4 == statement.closing_e4, "the lines do not lead to the closing balance"
    write([statement.to_at.isoformat(), "", "closing", "", "", "", money.text(balance_e4), account.currency])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
