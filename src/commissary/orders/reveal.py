"""One code of an order shown to one person, through the door that every look at a secret takes.

Custody tells of the look before the code is shown: an answer is only given once its leaf `revealed` is committed.
"""

import os

from commissary import provenance, tenancy
from commissary.base import db, outbox
from commissary.base.arrays import Bigints
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.orders import store, store_later
from commissary.orders.desk import Desk
from commissary.orders.types import OrderRefusal, RevealedCode
from commissary.provenance import rules as custody
from commissary.provenance.types import Kind
from commissary.tenancy.types import Actor, Look, Watermark

Q = store.Q


async def reveal_code(
    desk: Desk, actor: Actor, order_id: int, line_no: int, seq: int, reason: str
) -> RevealedCode:
    """The `seq`th code of a line, counted from 1: for the mall's staff with `stock.reveal`, and for a buyer's people with
    `own.codes.read` of their own orders. Refuses order_not_found, line_not_found, no_such_code, step_up_required (from an
    order of more than the mall has set), reveals_locked."""
    env, home = desk.env, home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        buyer_id, amount_e4 = await _order(tx, home, order_id)
        if buyer_id != actor.organisation_id or not tenancy.allows(actor, "own.codes.read"):
            if not tenancy.allows(actor, "orders.read"):
                raise Refused(OrderRefusal.order_not_found)
            tenancy.require(actor, "stock.reveal")
        of = await _count(tx, home, order_id, line_no)
    if not 1 <= seq <= of:
        raise Refused(OrderRefusal.no_such_code, codes=of)
    wanted = Look("code", buyer_id, f"order:{order_id}", f"line {line_no} code {seq}", reason)
    seen = await tenancy.look(env, actor, wanted, value_e4=amount_e4)
    number, secret = await _code(desk, home, order_id, line_no, seq, actor.organisation_id, seen)
    return RevealedCode(number, secret, seq, of, seen)


async def _code(
    desk: Desk, home: int, order_id: int, line_no: int, seq: int, viewer_id: int, seen: Watermark
) -> tuple[str | None, str]:
    """(number, secret) of this code alone, counted as `view` shows them: from stock first, then what came by hand."""
    left, mall = seq, mall_of(home)
    async with desk.env.db.transaction(mall, "vault") as tx:
        params = {"home": home, "ids": Bigints([order_id])}
        takes = [t for t in await db.rows(tx, Q.takes_by_order, params) if t[1] == line_no]
        for _, _, _, batch, first, last, _ in takes:
            if left <= last - first + 1:
                at = first + left - 1
                piece = {"line": line_no, "piece": seq, "codes": [[str(batch), at, at]]}
                await _tell(tx, home, order_id, piece, viewer_id, seen)
                await desk.vault.ready(tx, home, [batch])
                ciphers = await store.read_ciphers(tx, home, [(batch, at, at)])
                code = desk.vault.open(home, batch, at, ciphers[batch, at])
                return code.number, code.secret
            left -= last - first + 1
        by_hand = [d for d in await db.rows(tx, Q.deliveries_by_order, params) if d[1] == line_no]
        await _tell(tx, home, order_id, {"line": line_no, "piece": seq}, viewer_id, seen)
    _, _, n, content = by_hand[left - 1]
    return store.open_delivery(desk.env.keys, mall, order_id, line_no, n, bytes(content))


async def _tell(
    tx: db.Tx, home: int, order_id: int, piece: dict[str, object], viewer_id: int, seen: Watermark
) -> None:
    """The leaf of one look. `look` is the number under which the log of who saw what has it."""
    order = (await store_later.lock_orders(tx, home, [order_id]))[order_id]
    n = max(await provenance.next_n(tx, home, order_id), len(order.lines) + 1)
    salt = os.urandom(16)
    facts = piece | {"order": str(order_id), "party": custody.party(salt, viewer_id), "look": seen.mark}
    at_ms = int(seen.at.timestamp() * 1000)
    leaf = custody.event(order_id, n, Kind.revealed, facts, at_ms, salt)
    await provenance.append(tx, home, seen.at, [leaf])
    # Nobody is told; the sequencer finds the leaf by it.
    event = outbox.Event("code.revealed", order_id, outbox.moment(seen.at), order.buyer_id, seen.at, {})
    await outbox.publish(tx, home, [event], seen.at)


async def _order(tx: db.Tx, home: int, order_id: int) -> tuple[int, int]:
    """(buyer, amount)."""
    found = await db.row(tx, Q.orders_by_id, {"home": home, "ids": Bigints([order_id])})
    if found is None:
        raise Refused(OrderRefusal.order_not_found)
    return found[1], found[3]


async def _count(tx: db.Tx, home: int, order_id: int, line_no: int) -> int:
    """How many codes the line has."""
    found = await db.row(tx, Q.codes_of_line, {"home": home, "order": order_id, "line": line_no})
    if found is None:
        raise Refused(OrderRefusal.line_not_found)
    return int(found[0])
