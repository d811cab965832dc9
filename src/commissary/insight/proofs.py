"""What a buyer gets to prove an order with, and what anybody may ask of one of its codes without having it."""

from datetime import date, datetime
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from commissary import orders, provenance, stock
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.orders.types import OrderRefusal
from commissary.provenance.types import Kind, Logged, Proof, ProvenanceRefusal

Q = sql.load(__package__, "custody.sql")

Standing = Literal["genuine", "revealed", "recalled", "withdrawn"]


class Piece(msgspec.Struct, frozen=True):
    """One code of a line, and the token of its public page. `place`: its batch, or its purchase, and its number there, where it
    was asked for and has one."""

    line_no: int
    n: int
    token: str
    place: tuple[int, int] | None = None


class Recalled(msgspec.Struct, frozen=True):
    line_no: int
    batch_id: int
    at: datetime
    reason: str


class OrderProof(msgspec.Struct, frozen=True):
    """`pending` events are not in a checkpoint yet. `following`: where the next pieces begin."""

    order_id: int
    proof: Proof | None
    pending: int
    recalls: list[Recalled]
    pieces: list[Piece]
    following: tuple[int, int] | None
    stamp: provenance.Stamp | None = None


class Authenticity(msgspec.Struct, frozen=True):
    """What everybody may know of a code: not the code, not its holder."""

    standing: Standing
    name_zh: str
    name_en: str
    mall: str
    sold_on: date


async def order_proof(
    env: Env,
    home: int,
    order_id: int,
    buyer_id: int | None = None,
    *,
    after: tuple[int, int] = (0, 0),
    size: int = 200,
) -> OrderProof:
    """`buyer_id`: whose order it must be. An order that nothing was delivered of yet has nothing to prove. Refuses
    order_not_found, not_in_log_yet."""
    mall, of_order = mall_of(home), {"home": home, "order": order_id}
    async with env.db.transaction(mall) as tx:
        head = await db.row(tx, Q.order_head, of_order)
        if head is None or buyer_id not in (None, head[0]):
            raise Refused(OrderRefusal.order_not_found)
        proof, pending = await provenance.prove(tx, home, order_id, head[0])
        if proof is None and pending:
            raise Refused(ProvenanceRefusal.not_in_log_yet)
        recalls = await _recalls(tx, mall, await provenance.events_of(tx, home, order_id))
        counts = await db.rows(tx, Q.pieces, of_order)
        stamp = await provenance.newest_stamp(tx, home)
    pieces, following = _pieces(env, home, order_id, counts, after, size)
    return OrderProof(order_id, proof, pending, recalls, pieces, following, stamp)


async def order_pages(
    env: Env,
    home: int,
    order_id: int,
    buyer_id: int | None = None,
    *,
    after: tuple[int, int] = (0, 0),
    size: int = 50,
) -> tuple[list[Piece], tuple[int, int] | None]:
    """The pieces of `order_proof` without the proof, so from the instant of delivery on, and where the next begin; each with its
    place, unless it is asked for a buyer. Refuses order_not_found."""
    of_order = {"home": home, "order": order_id}
    async with env.db.transaction(mall_of(home)) as tx:
        head = await db.row(tx, Q.order_head, of_order)
        if head is None or buyer_id not in (None, head[0]):
            raise Refused(OrderRefusal.order_not_found)
        counts = await db.rows(tx, Q.pieces, of_order)
        lying = (
            await db.rows(tx, Q.places_of_order, of_order | {"room": stock.LINE_ROOM})
            if buyer_id is None
            else []
        )
    pieces, following = _pieces(env, home, order_id, counts, after, size)
    return [msgspec.structs.replace(p, place=_place(p, lying)) for p in pieces], following


def _pieces(
    env: Env,
    home: int,
    order_id: int,
    counts: list[tuple[int, int]],
    after: tuple[int, int],
    size: int,
) -> tuple[list[Piece], tuple[int, int] | None]:
    places = ((no, n) for no, count in counts for n in range(1, count + 1) if (no, n) > after)
    some = list(islice(places, size + 1))
    pieces = [Piece(no, n, provenance.page_token(env.keys, home, order_id, no, n)) for no, n in some[:size]]
    return pieces, some[size - 1] if len(some) > size else None


def _place(piece: Piece, lying: list[tuple[int, int, int, int]]) -> tuple[int, int] | None:
    """`lying`: (line, batch, first, last), in the order in which a line's pieces are counted."""
    left = piece.n
    for line_no, batch, first, last in lying:
        if line_no != piece.line_no:
            continue
        if left <= last - first + 1:
            return batch, first + left - 1
        left -= last - first + 1
    return None


async def _recalls(tx: db.Tx, mall: int, events: list[Logged]) -> list[Recalled]:
    found = [(e.at, msgspec.json.decode(e.body)) for e in events if e.kind is Kind.recalled]
    batches = {int(batch) for _, body in found for batch, _, _ in body["codes"]}
    reasons = await orders.recall_reasons(tx, mall, sorted(batches)) if batches else {}
    return [
        Recalled(body["line"], batch, at, reasons.get(batch, ""))
        for at, body in found
        for batch in dict.fromkeys(int(b) for b, _, _ in body["codes"])
    ]


async def authenticity(env: Env, token: str) -> Authenticity | None:
    """None: no token of ours, or nothing was delivered there."""
    place = provenance.read_page_token(env.keys, token)
    if place is None or place[3] < 1:
        return None
    home, order_id, line_no, n = place
    mall, of_line = mall_of(home), {"home": home, "mall": mall_of(home), "order": order_id, "line": line_no}
    async with env.db.transaction(mall) as tx:
        row = await db.row(tx, Q.piece, of_line | {"piece": n})
        takes = await db.rows(tx, Q.batches_of_line, of_line) if row else []
    if row is None:
        return None
    state, delivered, placed_at, mall_name, zone, name_zh, name_en, revealed = row
    batch_state, left = "", n
    for shared, count, its_state in takes:
        if left <= (1 if shared else count):
            batch_state = its_state
            break
        left -= count
    if state not in ("delivered", "partial", "reversed") or (
        left > delivered if not takes else not batch_state
    ):
        return None
    standing: Standing = "genuine"
    if batch_state == "recalled":
        standing = "recalled"
    elif state == "reversed":
        standing = "withdrawn"
    elif revealed:
        standing = "revealed"
    return Authenticity(
        standing, name_zh, name_en or name_zh, mall_name, placed_at.astimezone(ZoneInfo(zone)).date()
    )
