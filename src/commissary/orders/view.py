"""Orders as their buyer sees them: the same picture from a fresh sale and from the tables."""

from collections.abc import Iterable
from datetime import UTC

from commissary import stock
from commissary.base import db, money
from commissary.base.arrays import Bigints
from commissary.base.crypto import Keyring
from commissary.base.home import mall_of
from commissary.orders import store
from commissary.orders.place import Sold
from commissary.orders.types import Accepted
from commissary.orders.wire import CodeOut, FixOut, LineOut, OrderOut
from commissary.supply.types import WRONG_ACCOUNT


def fresh(
    order: Accepted,
    sold: Sold,
    home: int,
    currency: str,
    vault: stock.Vault,
    *,
    codes: bool,
    livemode: bool = True,
) -> OrderOut:
    """Right after the commit, without another look into the database."""
    return OrderOut(
        id=str(order.id),
        order_no=order_no(home, order.id),
        client_order_no=order.wanted.client_order_no,
        status=order.state,
        total=money.of(order.amount_e4, currency),
        lines=[
            LineOut(
                line_no=line.line_no,
                sku_id=str(line.sku_id),
                quantity=line.quantity,
                delivered=line.quantity if line.state == "delivered" else 0,
                unit_price=money.of(line.unit_price_e4, currency),
                amount=money.of(line.amount_e4, currency),
                status=line.state,
                bundle_id=str(line.bundle_id) if line.bundle_id else None,
                release_at=line.release_at,
                target=_masked(line.asked.target_last),
                codes=[
                    _code(vault, home, r.batch_id, seq, sold.ciphers[r.batch_id, seq])
                    for r in line.ranges
                    for seq in range(r.first_seq, r.last_seq + 1)
                ]
                if codes and line.ranges
                else None,
            )
            for line in order.lines
        ],
        decision_id=str(order.wanted.decision_id),
        created_at=sold.now,
        reason=store.reason_of(order) or None,
        livemode=livemode,
    )


async def load(
    tx: db.Tx,
    home: int,
    ids: Iterable[int],
    vault: stock.Vault,
    keys: Keyring,
    *,
    codes: bool,
    buyer_id: int | None = None,
    livemode: bool = True,
) -> dict[int, OrderOut]:
    """As they are now. `tx` belongs to the vault role when codes are wanted. Others' orders are left out."""
    params = {"home": home, "ids": Bigints(list(ids))}
    orders = await db.rows(tx, store.Q.orders_by_id, params)
    lines: dict[int, list[LineOut]] = {}
    revealed = await _codes(tx, home, params, vault, keys) if codes else {}
    receipts: dict[tuple[int, int], list[str]] = {}
    for order_id, line_no, receipt in await db.rows(tx, store.Q.receipts_by_order, params):
        receipts.setdefault((order_id, line_no), []).append(receipt)
    currencies = {o[0]: o[4] for o in orders}
    for row in await db.rows(tx, store.Q.lines_by_order, params):
        (
            order_id,
            line_no,
            sku,
            bundle,
            quantity,
            delivered,
            price,
            amount,
            returned,
            state,
            reason,
            release,
            last,
            fix_field,
            fix_by,
        ) = row
        currency = currencies[order_id]
        lines.setdefault(order_id, []).append(
            LineOut(
                line_no=line_no,
                sku_id=str(sku),
                quantity=quantity,
                delivered=delivered,
                unit_price=money.of(price, currency),
                amount=money.of(amount, currency),
                status=state,
                returned=money.of(returned, currency) if returned else None,
                bundle_id=str(bundle) if bundle else None,
                reason=reason or None,
                release_at=release.astimezone(UTC) if release and state in ("scheduled", "review") else None,
                target=_masked(last),
                receipts=receipts.get((order_id, line_no)),
                codes=revealed.get((order_id, line_no)),
                fix=FixOut(fix_field, fix_by.astimezone(UTC))
                if fix_by is not None and state == "waiting" and reason == WRONG_ACCOUNT
                else None,
            )
        )
    found = {}
    for id_, buyer, client_no, amount, currency, state, reason, _verdict, decision, placed_at in orders:
        if buyer_id is not None and buyer != buyer_id:
            continue
        found[id_] = OrderOut(
            id=str(id_),
            order_no=order_no(home, id_),
            client_order_no=client_no,
            status=state,
            total=money.of(amount, currency),
            lines=lines.get(id_, []),
            decision_id=str(decision),
            created_at=placed_at.astimezone(UTC),
            reason=reason or None,
            livemode=livemode,
        )
    return found


def order_no(home: int, order_id: int) -> str:
    """What people read to each other; the home in front routes a question about it."""
    return f"{home}-{order_id}"


def parse_order_no(text: str) -> tuple[int, int] | None:
    home, dash, order_id = text.partition("-")
    return (int(home), int(order_id)) if dash and home.isdigit() and order_id.isdigit() else None


async def _codes(
    tx: db.Tx, home: int, params: dict[str, object], vault: stock.Vault, keys: Keyring
) -> dict[tuple[int, int], list[CodeOut]]:
    found: dict[tuple[int, int], list[CodeOut]] = {}
    takes = await db.rows(tx, store.Q.takes_by_order, params)
    await vault.ready(tx, home, [t[3] for t in takes])
    ciphers = await store.read_ciphers(tx, home, [(t[3], t[4], t[5]) for t in takes])
    for order_id, line_no, _n, batch, first, last, _shared in takes:
        found.setdefault((order_id, line_no), []).extend(
            _code(vault, home, batch, seq, ciphers[batch, seq]) for seq in range(first, last + 1)
        )
    for order_id, line_no, n, content in await db.rows(tx, store.Q.deliveries_by_order, params):
        if content is not None:
            number, secret = store.open_delivery(keys, mall_of(home), order_id, line_no, n, bytes(content))
            found.setdefault((order_id, line_no), []).append(CodeOut(secret, number))
    return found


def _code(vault: stock.Vault, home: int, batch: int, seq: int, cipher: bytes) -> CodeOut:
    code = vault.open(home, batch, seq, cipher)
    return CodeOut(code.secret, code.number)


def _masked(last: str | None) -> str | None:
    return f"****{last}" if last else None
