"""Files of card codes (卡密文件) in the ways the trade writes them, read as a stream of codes and faults. Pure but for reading.

    header or none      卡号,密码,有效期 · number,password · one code a line · one link a line
    four dashes         卡号----密码----有效期
    prose               卡号：… 密码：… 有效期：…
    numbering           1. … / 1、… before each line

A file whose columns are not plain is refused with `layout_unclear`, a row that does not fit becomes a `Fault`
that says what was found and how to mend it: a guess would sell a date as a password. An explicit `Layout` settles both.
No text made here repeats a secret.
"""

from commissary.stock.card_file.read import code_batches, read_codes, sniff
from commissary.stock.card_file.text import is_link, mask, read_date
from commissary.stock.card_file.types import (
    ALIASES,
    EXPIRES_ON,
    IGNORED,
    NUMBER,
    SECRET,
    CodeBatch,
    CodeFileRefusal,
    CodeRow,
    Fault,
    Layout,
    Preview,
    Reason,
)

__all__ = [
    "ALIASES",
    "EXPIRES_ON",
    "IGNORED",
    "NUMBER",
    "SECRET",
    "CodeBatch",
    "CodeFileRefusal",
    "CodeRow",
    "Fault",
    "Layout",
    "Preview",
    "Reason",
    "code_batches",
    "is_link",
    "mask",
    "read_codes",
    "read_date",
    "sniff",
]
