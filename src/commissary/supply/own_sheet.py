"""What a supplier's people have and what it costs, many articles at once: a sheet, looked at first, then declared line by line.

Each line is a declaration of its own (`declare.py`), and the same again changes nothing: whatever is killed between two
lines, the same sheet goes on from there.
"""

import csv
import io
from collections.abc import Mapping
from typing import Any

import msgspec

from commissary.base import db, money, table_file
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.table_file import Limits, Row
from commissary.base.table_out import guarded
from commissary.supply.declare import declare
from commissary.supply.offers import jumps
from commissary.supply.own import O, own
from commissary.supply.people import MOST
from commissary.supply.types import SheetLineStatus, SupplyRefusal
from commissary.tenancy.types import Actor

MOST_LINES = 2_000
LIMITS = Limits(bytes_max=4 * 1024 * 1024, rows_max=MOST_LINES + 1)
NAMES = {
    "offer": ("offer_id", "货源编号", "offer"),
    "good": ("good_id", "货品编号", "商品编号", "货号", "good", "article"),
    "stock": ("stock", "库存", "数量", "可供数量"),
    "cost": ("unit_cost", "cost", "成本", "单价", "报价", "供货价"),
}
HEADER = ("offer_id", "good_id", "name", "sku", "stock", "unit_cost", "currency")
FAULTS: Mapping[str, tuple[str, str]] = {
    "offer_unknown": ("没有这个货源", "You have no such offer"),
    "offer_ambiguous": (
        "该货品对应多个货源，请填写货源编号",
        "Several offers have this article; name the offer",
    ),
    "offer_twice": ("该货源在文件中出现两次", "The offer stands here twice"),
    "stock_unreadable": ("库存须为 0 至 1,000,000 的整数", "The stock is no whole number up to 1,000,000"),
    "cost_unreadable": ("成本须为最多四位小数的数字", "The cost is no number with at most four decimals"),
    "nothing_told": ("库存与成本均为空", "Neither a stock nor a cost"),
    "line_unreadable": ("该行无法读取", "The line cannot be read"),
}


class Known(msgspec.Struct, frozen=True):
    """One of his offers as it stands. `told_e4`: the cost that he told last; it waits when it is another than the one in force."""

    id: int
    good_id: str
    good_name: str
    sku_code: str
    unit_cost_e4: int
    told_e4: int
    currency: str
    stock: int


class Line(msgspec.Struct, frozen=True):
    """What a line of the sheet says, and what became of it. `fault` names why it is faulty, by the words of FAULTS."""

    line: int
    status: SheetLineStatus
    offer: Known | None = None
    stock: int | None = None
    unit_cost_e4: int | None = None
    fault: str = ""


async def declare_sheet(
    env: Env, actor: Actor, content: bytes, *, file_name: str = "", dry_run: bool = False
) -> list[Line]:
    """`dry_run`: what would become of it. Nothing is declared while a line is faulty.

    Refuses offers_unreadable and what `table_file` refuses.
    """
    supplier, mall = own(actor, "write"), actor.mall_id
    given = {"mall": mall, "home": home_of(mall), "supplier": supplier, "most": 10 * MOST_LINES}
    async with env.db.transaction(mall) as tx:
        known = [Known(*row) for row in await db.rows(tx, O.offers_of_supplier, given)]
    lines = read(content, file_name, known)
    if dry_run or any(line.status == "faulty" for line in lines):
        return lines
    done = []
    for line in lines:
        assert line.offer is not None
        if line.status == "same":
            done.append(line)
            continue
        stock = line.offer.stock if line.stock is None else line.stock
        now = await declare(env, actor, line.offer.id, stock=stock, unit_cost_e4=line.unit_cost_e4)
        status: SheetLineStatus = "changed" if now.held_cost_e4 is None else "held"
        done.append(msgspec.structs.replace(line, status=status))
    return done


def read(content: bytes, file_name: str, known: list[Known]) -> list[Line]:
    """Refuses offers_unreadable and what `table_file` refuses."""
    rows = table_file.open_table(content, filename=file_name, limits=LIMITS)
    header = next(rows, None)
    found = {} if header is None or header.fault else table_file.columns_by_header(header.cells, NAMES).found
    if not found.keys() & {"offer", "good"} or not found.keys() & {"stock", "cost"}:
        raise Refused(SupplyRefusal.offers_unreadable)
    by_id = {str(k.id): k for k in known}
    by_good: dict[str, list[Known]] = {}
    for k in known:
        by_good.setdefault(k.good_id, []).append(k)
    seen: set[int] = set()
    lines = [_line(row, found, by_id, by_good, seen) for row in rows]
    if not lines:
        raise Refused(table_file.TableRefusal.file_empty)
    return lines


def _line(
    row: Row,
    at: Mapping[str, int],
    by_id: Mapping[str, Known],
    by_good: Mapping[str, list[Known]],
    seen: set[int],
) -> Line:
    def cell(role: str) -> str:
        column = at.get(role)
        return row.cells[column].strip() if column is not None and column < len(row.cells) else ""

    def faulty(why: str, offer: Known | None = None) -> Line:
        return Line(row.line, "faulty", offer, fault=why)

    if row.fault:
        return faulty("line_unreadable")
    named = [by_id[cell("offer")]] if cell("offer") in by_id else []
    if not cell("offer"):
        named = by_good.get(cell("good"), [])
    if len(named) != 1:
        return faulty("offer_ambiguous" if named else "offer_unknown")
    [offer] = named
    if offer.id in seen:
        return faulty("offer_twice", offer)
    seen.add(offer.id)
    stock, cost_e4 = _whole(cell("stock")), _amount(cell("cost"))
    if cell("stock") and stock is None:
        return faulty("stock_unreadable", offer)
    if cell("cost") and cost_e4 is None:
        return faulty("cost_unreadable", offer)
    if stock is None and cost_e4 is None:
        return faulty("nothing_told", offer)
    if cost_e4 == offer.told_e4:
        cost_e4 = None  # as he told it before, whether it waits or is in force
    if cost_e4 is not None and jumps(offer.unit_cost_e4, cost_e4):
        return Line(row.line, "held", offer, stock, cost_e4)
    same = stock in (None, offer.stock) and cost_e4 is None
    return Line(row.line, "same" if same else "changed", offer, stock, cost_e4)


def _whole(text: str) -> int | None:
    bare = text.replace(",", "")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 7 and int(bare) <= MOST else None


def _amount(text: str) -> int | None:
    try:
        amount = money.parse(text.replace(",", "").lstrip("¥￥$ "))
    except ValueError:
        return None
    return amount if 0 <= amount <= money.MAX_E4 else None


async def sheet_of(env: Env, actor: Actor) -> bytes:
    """His offers as they stand, to be changed and sent back: UTF-8 with its mark, as spreadsheets want it."""
    supplier, mall = own(actor), actor.mall_id
    given = {"mall": mall, "home": home_of(mall), "supplier": supplier, "most": MOST_LINES}
    async with env.db.transaction(mall) as tx:
        known = [Known(*row) for row in await db.rows(tx, O.offers_of_supplier, given)]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write(HEADER)
    for k in known:
        cells: tuple[Any, ...] = (
            k.id,
            guarded(k.good_id),
            guarded(k.good_name),
            guarded(k.sku_code),
            k.stock,
        )
        write((*cells, money.text(k.told_e4), k.currency))
    return b"\xef\xbb\xbf" + out.getvalue().encode()
