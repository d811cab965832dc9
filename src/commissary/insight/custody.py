"""The custody chain of one code: where it came from, to whom it went, how it stands; each step with its place in the log.

A code lies in a batch of the vault, or it was bought for one line, or given for it by a person, and went to it at once: then
its place is the purchase or the order, with its number there, and custody begins with the delivery, which commits to what came.
"""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from commissary import provenance, stock, tenancy
from commissary.base import db, sql
from commissary.base.arrays import Bigints, Ints
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.insight.types import CustodyGap, CustodyNow
from commissary.provenance.types import Kind, Logged
from commissary.stock import types as stock_types
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "custody.sql")
MOST = 100  # takers of one code; only a shared one has so many


class Bought(msgspec.Struct, frozen=True):
    """The purchase that brought it; `supplier_ref` is the supplier's number of it."""

    connection_id: int
    connection_name: str
    supplier_ref: str
    called_at: datetime


class Source(msgspec.Struct, frozen=True):
    """`batch_id`, with `bought`, is the purchase's, and `batch_state` its state; `by_hand`, they are the order's and the line's.
    `commitment` of one that never lay in the vault is what its delivery commits to; None: no delivery tells of it."""

    batch_id: int
    seq: int
    sku_id: int
    supplier_id: int | None
    supplier_name: str
    source: str
    import_id: int | None
    proof_name: str | None
    proof_sha256: bytes | None
    received: int
    received_at: datetime
    batch_state: str
    commitment_root: bytes | None
    commitment: bytes | None
    bought: Bought | None = None
    by_hand: bool = False

    @property
    def at_once(self) -> bool:
        """It never lay in the vault."""
        return self.by_hand or self.bought is not None


class Step(msgspec.Struct, frozen=True):
    """`signed`: a checkpoint covers it, so that an outsider can check it."""

    at: datetime
    kind: str
    order_id: int | None
    line_no: int | None
    leaf: bytes
    position: int | None
    signed: bool


class Taker(msgspec.Struct, frozen=True):
    """A line that took the code."""

    order_id: int
    line_no: int
    state: str
    buyer_id: int
    buyer_name: str
    client_order_no: str
    placed_at: datetime


class Seen(msgspec.Struct, frozen=True):
    """Somebody was shown the code. `person` for who may read the audit log. `leaf`, with its place in the log, is custody's own
    word of it; None: it was before custody told of looks."""

    at: datetime
    order_id: int
    line_no: int
    by_buyer: bool
    person: str | None
    leaf: bytes | None = None
    position: int | None = None
    signed: bool = False


class Chain(msgspec.Struct, frozen=True):
    """`now` is how the code stands; `gaps` are what custody should tell and does not. `seen`, newest first: who was shown the code
    in the console; `steps` do not repeat it."""

    source: Source
    steps: list[Step]
    takers: list[Taker]
    now: CustodyNow
    gaps: list[CustodyGap]
    seen: list[Seen]


class _Held(NamedTuple):
    """What is known of the code where it lies, or of its purchase; `sold`: its lot says so."""

    source: Source
    lot_state: str | None
    unlimited: bool
    sold: bool


async def custody_of(
    env: Env,
    actor: Actor,
    *,
    fingerprint: bytes | None = None,
    batch: int | None = None,
    seq: int | None = None,
) -> Chain:
    """By the code's fingerprint, or by its place: a batch, a purchase or an order, and its number there. Refuses not_found. Needs
    `provenance.read`."""
    tenancy.require(actor, "provenance.read")
    home = home_of(actor.mall_id)
    of_code: dict[str, Any] = {"home": home, "mall": actor.mall_id, "batch": batch, "seq": seq, "most": MOST}
    of_code |= {"room": stock.LINE_ROOM}
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        if fingerprint is not None:
            place = await db.row(tx, Q.code_of_fingerprint, of_code | {"fingerprint": fingerprint})
            if place is None:
                raise Refused(RequestRefusal.not_found)
            of_code |= {"batch": place[0], "seq": place[1]}
        held, rows = await _held(tx, of_code | {"known": fingerprint is not None})
        takers = [Taker(*t) for *t, _ in rows]
        [(signed,)] = await db.rows(tx, Q.log_size, of_code)
        history: list[tuple[int | None, Logged]] = []
        if not held.source.at_once:
            history += [(None, e) for e in await provenance.events_of(tx, home, of_code["batch"])]
        for order_id in dict.fromkeys(t.order_id for t in takers):
            history += [(order_id, e) for e in await provenance.events_of(tx, home, order_id)]
        looked = {
            "mall": actor.mall_id,
            "orders": Bigints([t.order_id for t in takers]),
            "lines": Ints([t.line_no for t in takers]),
            "pieces": Ints([piece for *_, piece in rows]),
            "buyers": Bigints([t.buyer_id for t in takers]),
            "most": MOST,
        }
        names = tenancy.allows(actor, "audit.read")
        looks = {
            str(id_): Seen(at, order_id, line_no, by_buyer, person if names else None)
            for id_, at, order_id, line_no, by_buyer, person in await db.rows(tx, Q.looks_at_code, looked)
        }
    lines = {(t.order_id, t.line_no) for t in takers}
    steps: list[Step] = []
    told: dict[tuple[int | None, int | None], set[str]] = {}
    source = held.source
    for subject, event in history:
        body = msgspec.json.decode(event.body)
        line_no = _concerns(body, subject, lines, of_code["batch"], of_code["seq"])
        if line_no is None:
            continue
        no = line_no or None
        told.setdefault((subject, no), set()).add(event.kind.name)
        if source.at_once and event.kind is Kind.delivered:
            source = msgspec.structs.replace(
                source, commitment=_committed(body, source.seq % stock.LINE_ROOM)
            )
        covered = event.position is not None and event.position < signed
        if event.kind is Kind.revealed:
            if (look := looks.get(body["look"])) is not None:
                looks[body["look"]] = msgspec.structs.replace(
                    look, leaf=event.leaf, position=event.position, signed=covered
                )
            continue
        steps.append(Step(event.at, event.kind.name, subject, no, event.leaf, event.position, covered))
    steps.sort(key=lambda s: (s.at, s.position if s.position is not None else 2**63))
    held = held._replace(source=source)
    return Chain(
        source, steps, takers, _now(held, takers), _gaps(held, told, takers, steps), list(looks.values())
    )


async def trace(env: Env, actor: Actor, code: str, number: str | None) -> tuple[int, int]:
    """The place of a code that somebody holds in his hand, as `custody_of` takes it. Neither the code nor a word of it is kept;
    that somebody asked is in the audit log, with what he found. Refuses not_found. Needs `provenance.read`."""
    tenancy.require(actor, "provenance.read")
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        place = await stock.find_code(tx, env, actor.mall_id, stock_types.Code(code, number))
        subject = f"mall:{actor.mall_id}" if place is None else f"batch:{place[0]}"
        after = None if place is None else {"seq": place[1]}
        await tenancy.audit(tx, env, actor, "custody.trace", subject, None, after)
    if place is None:
        raise Refused(RequestRefusal.not_found)
    return place


async def _held(tx: db.Tx, of_code: dict[str, Any]) -> tuple[_Held, list[tuple[Any, ...]]]:
    """With the lines that took it, each with which piece of the line it is."""
    row = await db.row(tx, Q.code, of_code)
    if row is not None:
        *facts, lot_state, unlimited, sold = row
        source = Source(of_code["batch"], of_code["seq"], *facts)
        return _Held(source, lot_state, bool(unlimited), bool(sold)), await db.rows(tx, Q.takers, of_code)
    row = await db.row(tx, Q.bought_code, of_code)
    if row is None:
        return await _given(tx, of_code)
    sku, supplier, name, received, at, state, order_id, line_no, *purchase = row
    source = Source(
        batch_id=of_code["batch"],
        seq=of_code["seq"],
        sku_id=sku,
        supplier_id=supplier,
        supplier_name=name,
        source="",
        import_id=None,
        proof_name=None,
        proof_sha256=None,
        received=received,
        received_at=at,
        batch_state=state,
        commitment_root=None,
        commitment=None,
        bought=Bought(*purchase),
    )
    of_line = of_code | {"order": order_id, "line": line_no}
    return _Held(source, None, False, True), await db.rows(tx, Q.taker_of_line, of_line)


async def _given(tx: db.Tx, of_code: dict[str, Any]) -> tuple[_Held, list[tuple[Any, ...]]]:
    """`_held` of a code that a person gave for a line."""
    row = await db.row(tx, Q.by_hand_code, of_code)
    if row is None:
        raise Refused(RequestRefusal.not_found)
    sku, received, at, state, line_no, piece = row
    source = Source(
        batch_id=of_code["batch"],
        seq=of_code["seq"],
        sku_id=sku,
        supplier_id=None,
        supplier_name="",
        source="",
        import_id=None,
        proof_name=None,
        proof_sha256=None,
        received=received,
        received_at=at,
        batch_state=state,
        commitment_root=None,
        commitment=None,
        by_hand=True,
    )
    of_line = of_code | {"order": of_code["batch"], "line": line_no, "seq": piece}
    return _Held(source, None, False, True), await db.rows(tx, Q.taker_of_line, of_line)


def _committed(delivered: dict[str, Any], seq: int) -> bytes | None:
    contents = delivered["contents"]
    return bytes.fromhex(contents[seq - 1]) if seq <= len(contents) else None


def _concerns(
    body: dict[str, Any], order_id: int | None, lines: set[tuple[int, int]], batch: int, seq: int
) -> int | None:
    """The line it is about, 0 for an event of the batch; None: another code's."""
    codes = body.get("codes")
    here = codes is None or any(int(b) == batch and first <= seq <= last for b, first, last in codes)
    if not here:
        return None
    if order_id is None:
        return 0
    line_no = int(body.get("line", 0))
    return line_no if (order_id, line_no) in lines else None


def _now(held: _Held, takers: list[Taker]) -> CustodyNow:
    batch_state = "" if held.source.at_once else held.source.batch_state
    if batch_state == "recalled" or (batch_state == "shredded" and not takers):
        return batch_state  # type: ignore[return-value]
    if takers and (held.sold or held.unlimited):
        return "reversed" if takers[0].state == "reversed" else "delivered"
    if held.sold or held.lot_state in (None, "sold_out"):
        return "unknown"
    return "available" if held.lot_state == "open" else held.lot_state  # type: ignore[return-value]


def _gaps(
    held: _Held, told: dict[tuple[int | None, int | None], set[str]], takers: list[Taker], steps: list[Step]
) -> list[CustodyGap]:
    """In the order of the chain. An event that waits for the log is none: it is there in seconds."""
    gaps: list[CustodyGap] = []
    at_once = held.source.at_once
    sale = Kind.delivered.name if at_once else Kind.sold.name
    if not at_once and Kind.batch_received.name not in told.get((None, None), set()):
        gaps.append("no_receipt")
    if held.sold and not takers:
        gaps.append("sold_to_nobody")
    if any(sale not in told.get((t.order_id, t.line_no), set()) for t in takers):
        gaps.append("sale_not_told")
    if at_once and held.source.commitment is None and "sale_not_told" not in gaps:
        gaps.append("code_not_told")
    places = [s.position for s in steps if s.position is not None]
    if len(set(places)) != len(places):
        gaps.append("place_taken_twice")
    return gaps
