"""Rows ↔ types of what comes after placement: `settle`, `cancel` and the commands that carry a key. Beside `store`, the
only file here that knows column names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Bools, Byteas, Ints, Smallints, Texts
from commissary.orders.store import LotView, Q, Torn, callback_told, read_ciphers
from commissary.orders.types import AskBuyer, Correct, LineNow, OrderNow
from commissary.stock.types import Range

L = sql.load(__package__, "later.sql")


async def lock_orders(
    tx: db.Tx, home: int, ids: Iterable[int], *, skip_taken: bool = False
) -> dict[int, OrderNow]:
    """With their lines, locked in id order until commit; those that do not exist are left out, and with `skip_taken`
    those that somebody else works on now."""
    params = {"home": home, "ids": Bigints(sorted(set(ids)))}
    heads = await db.rows(tx, Q.lock_orders_free if skip_taken else Q.lock_orders, params)
    if not heads:
        return {}
    lines: dict[int, list[LineNow]] = {}
    for row in await db.rows(tx, Q.lines_now, params | {"ids": Bigints([head[0] for head in heads])}):
        lines.setdefault(row[0], []).append(LineNow(*row))
    found = {}
    for *facts, url, channel, key_id in heads:
        id_ = facts[0]
        found[id_] = OrderNow(*(*facts, callback_told(url, channel, key_id), tuple(lines.get(id_, ()))))
    return found


async def receivers(tx: db.Tx, home: int, hold_ids: Sequence[int]) -> dict[int, int]:
    """Hold → the account its money is promised to."""
    return dict(await db.rows(tx, Q.holds_of_lines, {"home": home, "ids": Bigints(hold_ids)}))


async def lock_accounts(tx: db.Tx, home: int, ids: Iterable[int]) -> None:
    await db.rows(tx, Q.lock_accounts, {"home": home, "ids": Bigints(sorted(set(ids)))})


async def margins(tx: db.Tx, mall: int, skus: Sequence[int]) -> dict[int, int]:
    """The least margin over cost of each SKU, in basis points."""
    return dict(await db.rows(tx, Q.margins, {"mall": mall, "skus": Bigints(skus)}))


async def lock_lots(
    tx: db.Tx, home: int, wanted: Mapping[int, int], now: datetime
) -> dict[int, list[LotView]]:
    """By SKU, first expired first; together at least what is wanted, or all there are."""
    most = 64
    while True:
        lots: dict[int, list[LotView]] = {sku: [] for sku in wanted}
        for id_, sku, batch, next_seq, end_seq, cost, unlimited in await db.rows(
            tx,
            Q.lock_lots,
            {
                "home": home,
                "skus": Bigints(list(wanted)),
                "wanted": Bigints(list(wanted.values())),
                "now": now,
                "most": most,
            },
        ):
            lots[sku].append(LotView(id_, batch, next_seq, next_seq, end_seq, cost, unlimited))
        if not any(
            len(lots[sku]) >= most and sum(lot.end - lot.next + 1 for lot in lots[sku]) < pieces
            for sku, pieces in wanted.items()
        ):
            return lots
        most *= 8


async def write_settled(
    tx: db.Tx,
    home: int,
    at: datetime,
    lines: Sequence[LineNow],
    takes: Sequence[tuple[LineNow, Range]],
    deliveries: Sequence[tuple[int, int, int, int, bytes | None, str]],
    orders: Sequence[tuple[int, str, str]],
    lots: Sequence[LotView],
) -> None:
    """Lines and orders as they are from now on, and what was taken or handed over for them."""
    moved = [lot for lot in lots if lot.touched and (lot.unlimited or lot.next > lot.seen)]
    if moved:
        found = await db.row(
            tx,
            Q.take_lots,
            {
                "home": home,
                "lots": Bigints([lot.id for lot in moved]),
                "seen": Ints([lot.seen for lot in moved]),
                "counts": Ints([lot.next - lot.seen for lot in moved]),
            },
        )
        if found is None or found[0] != len(moved):
            raise Torn(f"{found} of {len(moved)} lots moved")
    changed = await db.run(
        tx,
        Q.set_lines,
        {
            "home": home,
            "orders": Bigints([line.order_id for line in lines]),
            "nos": Smallints([line.line_no for line in lines]),
            "states": Texts([line.state for line in lines]),
            "reasons": Texts([line.reason for line in lines]),
            "delivered": Ints([line.delivered for line in lines]),
            "returned": Bigints([line.returned_e4 for line in lines]),
            "costs": Bigints([line.cost_e4 for line in lines]),
            "modes": Texts([line.mode for line in lines]),
        },
    )
    if changed != len(lines):
        raise Torn(f"{changed} of {len(lines)} lines changed")
    numbered: list[tuple[LineNow, int, Range]] = []
    for line, taken in takes:
        n = 1 + sum(1 for other, _, _ in numbered if other is line)
        numbered.append((line, n, taken))
    if numbered:
        await db.run(
            tx,
            Q.add_takes,
            {
                "home": home,
                "orders": Bigints([line.order_id for line, _, _ in numbered]),
                "nos": Smallints([line.line_no for line, _, _ in numbered]),
                "ns": Smallints([n for _, n, _ in numbered]),
                "lots": Bigints([r.lot_id for _, _, r in numbered]),
                "batches": Bigints([r.batch_id for _, _, r in numbered]),
                "firsts": Ints([r.first_seq for _, _, r in numbered]),
                "lasts": Ints([r.last_seq for _, _, r in numbered]),
                "costs": Bigints([r.unit_cost_e4 for _, _, r in numbered]),
                "shared": Bools([r.shared for _, _, r in numbered]),
            },
        )
        await read_ciphers(tx, home, [(r.batch_id, r.first_seq, r.last_seq) for _, _, r in numbered])
    if deliveries:
        await db.run(
            tx,
            Q.add_deliveries,
            {
                "home": home,
                "at": at,
                "orders": Bigints([d[0] for d in deliveries]),
                "nos": Smallints([d[1] for d in deliveries]),
                "ns": Smallints([d[2] for d in deliveries]),
                "quantities": Ints([d[3] for d in deliveries]),
                "contents": Byteas([d[4] for d in deliveries]),
                "receipts": Texts([d[5] for d in deliveries]),
            },
        )
    changed = await db.run(
        tx,
        Q.set_orders,
        {
            "home": home,
            "at": at,
            "ids": Bigints([o[0] for o in orders]),
            "states": Texts([o[1] for o in orders]),
            "reasons": Texts([o[2] for o in orders]),
        },
    )
    if changed != len(orders):
        raise Torn(f"{changed} of {len(orders)} orders changed")


async def command(
    tx: db.Tx, home: int, key: bytes, body: bytes, subject_id: int, at: datetime
) -> tuple[bytes, int] | None:
    """None: the key is bound now. Else what it was bound to before; waits for whoever is binding it."""
    params = {"home": home, "key": key, "body": body, "subject": subject_id, "at": at}
    if await db.run(tx, Q.add_command, params):
        return None
    found = await command_before(tx, home, key)
    assert found is not None, "a key that is neither new nor there"
    return found


async def command_before(tx: db.Tx, home: int, key: bytes) -> tuple[bytes, int] | None:
    found = await db.row(tx, Q.command, {"home": home, "key": key})
    return None if found is None else (bytes(found[0]), int(found[1]))


async def write_fixes(
    tx: db.Tx, home: int, at: datetime, asked: Sequence[AskBuyer], corrected: Sequence[Correct]
) -> None:
    """What buyers are asked for, and what they answered; each line's old fields are kept first."""
    for ask in asked:
        told = {"home": home, "order": ask.order_id, "line": ask.line_no, "field": ask.field, "by": ask.until}
        await db.run(tx, L.ask_fix, told)
    for new in corrected:
        told = {"home": home, "order": new.order_id, "line": new.line_no, "at": at}
        told |= {"fields": new.sealed_fields, "target": new.target, "last": new.target_last}
        await db.run(tx, L.keep_fields, told)
        await db.run(tx, L.correct_fields, told)
