"""The custody chain of one code: where it came from, to whom it went, how it stands; each step with its place in the log."""

from datetime import datetime
from typing import Any

import msgspec

from commissary import provenance, tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.provenance.types import Kind, Logged
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "custody.sql")
MOST = 100  # takers of one code; only a shared one has so many


class Source(msgspec.Struct, frozen=True):
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
    commitment: bytes


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


class Chain(msgspec.Struct, frozen=True):
    """`now` is how the code stands; `gaps` are words for what custody should tell and does not."""

    source: Source
    steps: list[Step]
    takers: list[Taker]
    now: str
    gaps: list[str]


async def custody_of(
    env: Env,
    actor: Actor,
    *,
    fingerprint: bytes | None = None,
    batch: int | None = None,
    seq: int | None = None,
) -> Chain:
    """By the code's fingerprint, or by its place in a batch. Refuses not_found. Needs `provenance.read`."""
    tenancy.require(actor, "provenance.read")
    home = home_of(actor.mall_id)
    of_code: dict[str, Any] = {"home": home, "mall": actor.mall_id, "batch": batch, "seq": seq, "most": MOST}
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        if fingerprint is not None:
            place = await db.row(tx, Q.code_of_fingerprint, of_code | {"fingerprint": fingerprint})
            if place is None:
                raise Refused(RequestRefusal.not_found)
            of_code |= {"batch": place[0], "seq": place[1]}
        row = await db.row(tx, Q.code, of_code)
        if row is None:
            raise Refused(RequestRefusal.not_found)
        *facts, lot_state, unlimited, sold = row
        takers = [Taker(*t) for t in await db.rows(tx, Q.takers, of_code)]
        [(signed,)] = await db.rows(tx, Q.log_size, of_code)
        history: list[tuple[int | None, Logged]] = [
            (None, e) for e in await provenance.events_of(tx, home, of_code["batch"])
        ]
        for order_id in dict.fromkeys(t.order_id for t in takers):
            history += [(order_id, e) for e in await provenance.events_of(tx, home, order_id)]
    lines = {(t.order_id, t.line_no) for t in takers}
    steps: list[Step] = []
    told: dict[tuple[int | None, int | None], set[str]] = {}
    for subject, event in history:
        line_no = _concerns(event, subject, lines, of_code["batch"], of_code["seq"])
        if line_no is None:
            continue
        no = line_no or None
        told.setdefault((subject, no), set()).add(event.kind.name)
        covered = event.position is not None and event.position < signed
        steps.append(Step(event.at, event.kind.name, subject, no, event.leaf, event.position, covered))
    steps.sort(key=lambda s: (s.at, s.position if s.position is not None else 2**63))
    source = Source(of_code["batch"], of_code["seq"], *facts)
    now = _now(source.batch_state, lot_state, bool(sold or unlimited), takers)
    return Chain(source, steps, takers, now, _gaps(told, takers, steps, bool(sold)))


def _concerns(
    event: Logged, order_id: int | None, lines: set[tuple[int, int]], batch: int, seq: int
) -> int | None:
    """The line it is about, 0 for an event of the batch; None: another code's."""
    body = msgspec.json.decode(event.body)
    codes = body.get("codes")
    here = codes is None or any(int(b) == batch and first <= seq <= last for b, first, last in codes)
    if not here:
        return None
    if order_id is None:
        return 0
    line_no = int(body.get("line", 0))
    return line_no if (order_id, line_no) in lines else None


def _now(batch_state: str, lot_state: str | None, sold: bool, takers: list[Taker]) -> str:
    if batch_state in ("recalled", "shredded") and not (batch_state == "shredded" and takers):
        return batch_state
    if takers and sold:
        return {"reversed": "reversed", "delivered": "delivered", "partial": "delivered"}.get(
            takers[0].state, takers[0].state
        )
    return "available" if lot_state == "open" else lot_state or "unknown"


def _gaps(
    told: dict[tuple[int | None, int | None], set[str]], takers: list[Taker], steps: list[Step], sold: bool
) -> list[str]:
    """In the order of the chain. An event that waits for the log is none: it is there in seconds."""
    gaps = []
    if Kind.batch_received.name not in told.get((None, None), set()):
        gaps.append("no_receipt")
    if sold and not takers:
        gaps.append("sold_to_nobody")
    if any(Kind.sold.name not in told.get((t.order_id, t.line_no), set()) for t in takers):
        gaps.append("sale_not_told")
    places = [s.position for s in steps if s.position is not None]
    if len(set(places)) != len(places):
        gaps.append("place_taken_twice")
    return gaps
