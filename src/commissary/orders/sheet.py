"""Orders by file: one line is one order of one SKU.

`upload` reads the file whole, judges every line and stores it sealed; `run_sheet` places what is open, chunk by chunk,
through the desk like any other caller. The line's client_order_no makes it safe to kill at any point: what was placed
and not yet noted is found by its number and noted. A line that was refused for a passing reason stays open.

Columns, by name, in any order: client_order_no, sku (id or the mall's article number), quantity, max_unit_price
(optional, in the mall's currency), fields.<name> for what a top-up asks.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from commissary import catalog, tenancy
from commissary.base import db, money, outbox, table_file
from commissary.base.arrays import Bigints, Byteas, Ints, Texts
from commissary.base.crypto import Keyring
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.base.table_out import csv_lines
from commissary.catalog.types import SkuCard
from commissary.orders import book as books
from commissary.orders import store, view
from commissary.orders.book import Book
from commissary.orders.desk import Desk
from commissary.orders.settle import first_time
from commissary.orders.types import OrderRefusal, Sheet, SheetFault, SheetState
from commissary.orders.wire import OrderIn, OrderOut
from commissary.risk.types import RiskRefusal
from commissary.tenancy.types import Actor, ApiKey, AuthRefusal, Caller

log = logging.getLogger("commissary.sheet")

MOST_LINES = 100_000
CHUNK = 500
WRITTEN_AT_ONCE = 5_000
PATIENCE = 30  # chunks in a row that placed nothing before a run gives up and leaves the rest to the next
PASSING = frozenset(
    r.code
    for r in (
        RequestRefusal.overloaded,
        RequestRefusal.draining,
        RequestRefusal.unavailable,
        RequestRefusal.internal,
    )
)
NAMES: Mapping[str, Collection[str]] = {
    "client_order_no": ("client_order_no", "order_no", "客户订单号", "订单号"),
    "sku": ("sku", "sku_id", "商品", "商品编码", "货号"),
    "quantity": ("quantity", "数量"),
    "max_unit_price": ("max_unit_price", "最高单价"),
}


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line as it was written; `order` is there when it can be placed."""

    client_order_no: str
    sku: str
    quantity: str
    order: OrderIn | None = None


@dataclass(frozen=True)
class Read:
    """A file, line by line: what to place, or why not."""

    rows: list[tuple[int, Asked]]
    faults: dict[int, SheetFault]


_asked = msgspec.json.Decoder(Asked).decode


async def check_file(desk: Desk, home: int, file_name: str, data: bytes) -> tuple[int, list[SheetFault]]:
    """A dry run: how many lines, and what is wrong with which. Writes nothing, asks neither stock nor money.

    Refuses what no file can be read with (`TableRefusal`), sheet_columns_missing, sheet_too_long.
    """
    read = await asyncio.to_thread(_read, data, file_name, await books.load(desk.env.db, mall_of(home)))
    return len(read.rows), [read.faults[row] for row in sorted(read.faults)]


async def upload(
    desk: Desk,
    home: int,
    *,
    buyer_id: int,
    file_name: str,
    data: bytes,
    idempotency_key: str,
    key_id: str = "",
    actor: Actor | None = None,
) -> Sheet:
    """Store the file's lines, to be placed by `run_sheet`; faulty lines are refused at once, the others go on.

    The same key with the same file is the same sheet. Publishes `sheet.uploaded`. Refuses like `check_file`, and
    key_missing, key_reused, not_found for a buyer that is none.
    """
    env, mall = desk.env, mall_of(home)
    # Goods as they are now: what the lane knows may be a moment older, and a line refused here is refused for good.
    read = await asyncio.to_thread(_read, data, file_name, await books.load(env.db, mall))
    sheet_id, at = env.ids.new(), env.now(mall)
    sealed = await asyncio.to_thread(_sealed, env.keys, mall, sheet_id, read)
    digest = hashlib.sha256(data).digest()
    async with env.db.transaction(mall, "vault") as tx:
        asked = ["sheet", digest.hex(), file_name]
        scope = f"buyer|{buyer_id}"
        known = await first_time(tx, env, home, scope, idempotency_key, asked, sheet_id, at)
        if known is not None:
            return await _sheet(tx, home, known)
        payer = await db.row(tx, store.Q.payer, {"mall": mall, "buyer": buyer_id})
        if payer is None:
            raise Refused(RequestRefusal.not_found)
        facts = {
            "home": home,
            "id": sheet_id,
            "buyer": buyer_id,
            "account": payer[0],
            "key_id": key_id,
            "file_name": file_name[:200],
            "sha256": digest,
            "lines": len(read.rows),
            "refused": len(read.faults),
            "at": at,
        }
        await db.run(tx, store.Q.add_sheet, facts)
        for first in range(0, len(sealed), WRITTEN_AT_ONCE):
            part = sealed[first : first + WRITTEN_AT_ONCE]
            await db.run(
                tx,
                store.Q.add_sheet_lines,
                {
                    "home": home,
                    "id": sheet_id,
                    "rows": Ints([r[0] for r in part]),
                    "requests": Byteas([r[1] for r in part]),
                    "refusals": Texts([r[2] for r in part]),
                    "details": Texts([r[3] for r in part]),
                },
            )
        if actor is not None:
            after = {"file": file_name, "lines": len(read.rows), "sha256": digest.hex()}
            await tenancy.audit(tx, env, actor, "orders.upload_sheet", f"sheet:{sheet_id}", None, after)
        event = outbox.Event("sheet.uploaded", sheet_id, 1, buyer_id, at, {"lines": len(read.rows)})
        await outbox.publish(tx, home, [event], at)
        return await _sheet(tx, home, sheet_id)


async def run_sheet(env: Env, desk: Desk, home: int, sheet_id: int) -> Sheet:
    """Place what is open until nothing is, or the sheet is cancelled. Safe to kill, to repeat and to run twice at once."""
    mall, idle = mall_of(home), 0
    while True:
        async with env.db.transaction(mall, "vault") as tx:
            sheet = await _sheet(tx, home, sheet_id)
            if sheet.state != "running":
                return sheet
            found = await db.rows(tx, store.Q.open_sheet_lines, {"home": home, "id": sheet_id, "size": CHUNK})
            if not found:
                params = {"home": home, "id": sheet_id, "state": "done", "at": env.now(mall)}
                await db.run(tx, store.Q.end_sheet, params)
                return await _sheet(tx, home, sheet_id)
        rows = [(row, _opened(env.keys, mall, sheet_id, row, request).order) for row, request in found]
        caller = Caller(_key(home, sheet), "")
        try:
            answers = await desk.place_many(caller, [order for _, order in rows if order is not None])
        except Refused as refused:
            if refused.refusal.code not in PASSING:
                raise
            answers = [refused] * len(rows)
        if not await _note(env, home, sheet_id, [row for row, _ in rows], answers):
            idle += 1
            if idle > PATIENCE:
                raise Refused(RequestRefusal.unavailable)
            await asyncio.sleep(min(5.0, 0.2 * idle))
        else:
            idle = 0


async def running_sheets(env: Env, mall: int) -> list[int]:
    """What a worker has to take up, oldest first."""
    async with env.db.transaction(mall) as tx:
        return [r[0] for r in await db.rows(tx, store.Q.running_sheets, {"home": home_of(mall)})]


async def get_sheet(env: Env, home: int, sheet_id: int, buyer_id: int | None = None) -> Sheet:
    """Refuses sheet_not_found; `buyer_id`: whose it must be."""
    async with env.db.transaction(mall_of(home)) as tx:
        sheet = await _sheet(tx, home, sheet_id)
    if buyer_id not in (None, sheet.buyer_id):
        raise Refused(OrderRefusal.sheet_not_found)
    return sheet


async def list_sheets(
    env: Env,
    home: int,
    buyer_id: int | None = None,
    before: int | None = None,
    size: int = 50,
    state: SheetState | None = None,
) -> list[Sheet]:
    """Newest first."""
    async with env.db.transaction(mall_of(home)) as tx:
        params = {
            "home": home,
            "buyer": buyer_id,
            "state": state,
            "before": before or 2**63 - 1,
            "size": size,
        }
        return [Sheet(*r) for r in await db.rows(tx, store.Q.sheets, params)]


async def cancel_sheet(
    env: Env, home: int, sheet_id: int, buyer_id: int | None = None, actor: Actor | None = None
) -> Sheet:
    """Lines not placed yet stay so; a chunk on its way is still placed and noted. `actor` is the person whose act this
    is, for the audit. Refuses sheet_not_found, sheet_ended."""
    sheet = await get_sheet(env, home, sheet_id, buyer_id)
    async with env.db.transaction(mall_of(home), "vault") as tx:
        params = {"home": home, "id": sheet.id, "state": "cancelled", "at": env.now(mall_of(home))}
        if not await db.run(tx, store.Q.end_sheet, params):
            raise Refused(OrderRefusal.sheet_ended)
        if actor is not None:
            before, after = {"state": sheet.state, "done": sheet.done}, {"state": "cancelled"}
            await tenancy.audit(tx, env, actor, "orders.cancel_sheet", f"sheet:{sheet_id}", before, after)
        return await _sheet(tx, home, sheet_id)


HEADER = (
    "row", "client_order_no", "sku", "quantity", "status", "order_no", "delivered", "amount", "currency", "error",
    "message_zh", "message_en", "detail", "codes",
)  # fmt: skip


async def sheet_result(desk: Desk, home: int, sheet: Sheet, *, codes: bool) -> AsyncIterator[bytes]:
    """A CSV (UTF-8 with mark) of every line as it is now. Codes are masked unless `codes`; several are parted by line
    breaks. A cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    env, mall, after = desk.env, mall_of(home), 0
    yield b"\xef\xbb\xbf" + csv_lines([HEADER])
    while True:
        async with env.db.transaction(mall, "vault") as tx:
            params = {"home": home, "id": sheet.id, "after": after, "size": CHUNK}
            rows = await db.rows(tx, store.Q.sheet_lines, params)
            ids = [r[2] for r in rows if r[2] is not None]
            placed = await view.load(tx, home, ids, desk.vault, env.keys, codes=True) if ids else {}
        if not rows:
            return
        after = rows[-1][0]
        yield csv_lines(
            [
                _result_row(
                    row,
                    _opened(env.keys, mall, sheet.id, row, request),
                    placed.get(order_id),
                    refusal,
                    detail,
                    sheet,
                    codes=codes,
                )
                for row, request, order_id, refusal, detail in rows
            ]
        )


# Reading ----------------------------------------------------------------------------------------------------------


def _read(data: bytes, file_name: str, book: Book) -> Read:
    rows = table_file.open_table(data, filename=file_name, limits=table_file.Limits(rows_max=4 * MOST_LINES))
    header = next(rows, None)
    if header is None or header.fault:
        raise Refused(OrderRefusal.sheet_columns_missing)
    columns = table_file.columns_by_header(header.cells, NAMES)
    missing = [name for name in ("client_order_no", "sku", "quantity") if name not in columns.found]
    if missing or columns.repeated:
        raise Refused(OrderRefusal.sheet_columns_missing, missing=missing, repeated=list(columns.repeated))
    fields = {
        column: header.cells[column].strip()[len("fields.") :]
        for column in columns.unknown
        if header.cells[column].strip().lower().startswith("fields.")
    }
    by_code = {card.code: card for card in book.cards.values() if card.code and card.status != "deleted"}
    seen: set[str] = set()
    read = Read([], {})
    for row in rows:
        if len(read.rows) >= MOST_LINES:
            raise Refused(OrderRefusal.sheet_too_long, lines_max=MOST_LINES)
        if row.fault is not None:
            read.rows.append((row.line, Asked("", "", "")))
            read.faults[row.line] = SheetFault(row.line, row.fault.name, row.fault.en)
            continue
        asked, fault = _line(row, columns.found, fields, book, by_code, seen)
        read.rows.append((row.line, asked))
        if fault is not None:
            read.faults[row.line] = fault
    return read


def _line(
    row: table_file.Row,
    columns: Mapping[str, int],
    fields: Mapping[int, str],
    book: Book,
    by_code: Mapping[str, SkuCard],
    seen: set[str],
) -> tuple[Asked, SheetFault | None]:
    def cell(column: int | None) -> str:
        return row.cells[column].strip() if column is not None and column < len(row.cells) else ""

    number, sku, quantity = (cell(columns[name]) for name in ("client_order_no", "sku", "quantity"))
    price = cell(columns.get("max_unit_price"))
    bare = Asked(number, sku, quantity)

    def faulty(code: str, detail: str = "") -> tuple[Asked, SheetFault]:
        return bare, SheetFault(row.line, code, detail)

    card = by_code.get(sku) or (book.cards.get(int(sku)) if sku.isascii() and sku.isdigit() else None)
    given = {name: text for column, name in fields.items() if (text := cell(column))}
    try:
        order = msgspec.convert(
            {
                "client_order_no": number,
                "sku_id": str(card.id) if card else "1",
                "quantity": int(quantity) if quantity.isascii() and quantity.isdigit() else quantity,
            }
            | ({"max_unit_price": {"amount": price, "currency": book.currency}} if price else {})
            | ({"fields": given} if given else {}),
            OrderIn,
        )
        if price:
            money.parse(price)
    except (msgspec.ValidationError, ValueError) as error:
        return faulty(RequestRefusal.invalid_request.code, str(error))
    if card is None or card.status in ("draft", "deleted"):
        return faulty(OrderRefusal.sku_unknown.code)
    if card.status != "listed":
        return faulty(OrderRefusal.sku_not_listed.code)
    if order.quantity and order.quantity > card.max_quantity:
        return faulty(OrderRefusal.quantity_over_limit.code, f"at most {card.max_quantity}")
    _, faults = catalog.check_fields(card.fields, given)
    if faults:
        details = "; ".join(f"fields.{f.path}: {f.message}" for f in faults)
        return faulty(RequestRefusal.invalid_request.code, details)
    if number in seen:
        return faulty(OrderRefusal.repeated_in_file.code)
    seen.add(number)
    return msgspec.structs.replace(bare, order=order), None


def _sealed(
    keys: Keyring, mall: int, sheet_id: int, read: Read
) -> list[tuple[int, bytes, str | None, str | None]]:
    sealed = []
    for row, asked in read.rows:
        fault = read.faults.get(row)
        request = keys.seal_field(mall, "sheet", msgspec.json.encode(asked), b"%d|%d" % (sheet_id, row))
        sealed.append((row, request, fault.code if fault else None, fault.detail if fault else None))
    return sealed


def _opened(keys: Keyring, mall: int, sheet_id: int, row: int, request: bytes) -> Asked:
    return _asked(keys.open_field(mall, "sheet", bytes(request), b"%d|%d" % (sheet_id, row)))


# Placing ----------------------------------------------------------------------------------------------------------


def _key(home: int, sheet: Sheet) -> ApiKey:
    """What the file's lines are placed with: its buyer's money, no right to see codes."""
    return ApiKey(
        sheet.key_id,
        mall_of(home),
        home,
        sheet.buyer_id,
        sheet.account_id,
        frozenset({"orders:write"}),
        (),
        (),
    )


async def _note(
    env: Env, home: int, sheet_id: int, rows: Sequence[int], answers: Sequence[OrderOut | Refused]
) -> int:
    """Write down what became of the lines; how many have ended."""
    ended = [
        (row, answer)
        for row, answer in zip(rows, answers, strict=True)
        if not (isinstance(answer, Refused) and answer.refusal.code in PASSING)
    ]
    if not ended:
        return 0
    async with env.db.transaction(mall_of(home), "vault") as tx:
        refused = [a if isinstance(a, Refused) else None for _, a in ended]
        await db.run(
            tx,
            store.Q.end_sheet_lines,
            {
                "home": home,
                "id": sheet_id,
                "rows": Ints([row for row, _ in ended]),
                "orders": Bigints([int(a.id) if isinstance(a, OrderOut) else None for _, a in ended]),
                "refusals": Texts([r.refusal.code if r else None for r in refused]),
                "details": Texts([_detail(r) if r else None for r in refused]),
            },
        )
    return len(ended)


def _detail(refused: Refused) -> str:
    faults = [f"{f.path}: {f.message}" for f in refused.fields]
    facts = [f"{name}={value}" for name, value in refused.facts.items()]
    return "; ".join(faults + facts)


async def _sheet(tx: db.Tx, home: int, sheet_id: int) -> Sheet:
    found = await db.row(tx, store.Q.sheet, {"home": home, "id": sheet_id})
    if found is None:
        raise Refused(OrderRefusal.sheet_not_found)
    return Sheet(*found)


# Results ----------------------------------------------------------------------------------------------------------


_TEXTS: dict[str, tuple[str, str]] = {
    member.name: (member.zh, member.en)
    for enum in (table_file.RowFault, AuthRefusal, RequestRefusal, RiskRefusal, OrderRefusal)
    for member in enum
}


def messages(code: str) -> tuple[str, str]:
    """(中文, English) of what a line was refused for."""
    return _TEXTS.get(code, ("", ""))


def _result_row(
    row: int,
    asked: Asked,
    order: OrderOut | None,
    refusal: str | None,
    detail: str | None,
    sheet: Sheet,
    *,
    codes: bool,
) -> tuple[object, ...]:
    status: str = order.status if order else "refused" if refusal else "open"
    if status == "open" and sheet.state == "cancelled":
        status = "not_placed"
    zh, en = messages(refusal or "")
    shown = [
        " ".join(filter(None, (code.number, code.secret if codes else mask(code.secret))))
        for line in (order.lines if order else ())
        for code in line.codes or ()
    ]
    return (
        row,
        asked.client_order_no,
        asked.sku,
        asked.quantity,
        status,
        order.order_no if order else "",
        sum(line.delivered for line in order.lines) if order else "",
        order.total.amount if order else "",
        order.total.currency if order else "",
        refusal or "",
        zh,
        en,
        detail or "",
        "\n".join(shown),
    )


def mask(secret: str) -> str:
    """The last four characters, if that leaves most of it hidden."""
    return f"****{secret[-4:]}" if len(secret) >= 12 else "****"
