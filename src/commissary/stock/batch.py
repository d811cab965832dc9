"""What every act on a batch has in common: hold it, change its lots, tell of it."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary import provenance, tenancy
from commissary.base import db, outbox
from commissary.base.arrays import Bigints, Ints, Texts
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.ids import Ids
from commissary.provenance import rules as custody
from commissary.provenance.types import Kind
from commissary.stock import store
from commissary.stock.rules import Cut, Held
from commissary.stock.types import BatchState, LotState, Range, StockRefusal
from commissary.tenancy.types import Actor

Q = store.Q


class HeldBatch(msgspec.Struct, frozen=True):
    """A batch and all its lots, locked until commit."""

    home: int
    id: int
    sku_id: int
    state: BatchState
    received: int
    unit_cost_e4: int
    lots: list[Held]

    def sold(self, first: int = 1, last: int | None = None) -> tuple[Range, ...]:
        """What the counters have passed within a range."""
        last = self.received if last is None else last
        return tuple(
            Range(lot.id, self.id, max(first, lot.start), min(last, lot.next - 1), self.unit_cost_e4, False)
            for lot in sorted(self.lots, key=lambda lot: lot.start)
            if max(first, lot.start) <= min(last, lot.next - 1)
        )

    def unsold(self) -> dict[LotState, int]:
        """How many codes are left in lots of each state."""
        counted: dict[LotState, int] = {}
        for lot in self.lots:
            if lot.next <= lot.end:
                counted[lot.state] = counted.get(lot.state, 0) + lot.end - lot.next + 1
        return counted


async def hold(tx: db.Tx, home: int, batch: int) -> HeldBatch:
    """Lock the batch, then its lots in id order: the order of sales, which lock lots alone.

    The batch comes first because its lots may be cut: whoever waits for it then sees the new ones.
    """
    found = await db.row(tx, Q.hold_batch, {"home": home, "batch": batch})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    sku, state, received, cost = found
    if state == "receiving":
        raise Refused(StockRefusal.batch_receiving)
    lots = await db.rows(tx, Q.hold_lots, {"home": home, "batch": batch})
    return HeldBatch(home, batch, sku, state, received, cost, [Held(*lot) for lot in lots])


async def set_states(tx: db.Tx, home: int, lots: Sequence[Held], state: LotState, reason: str) -> None:
    await db.run(
        tx,
        Q.set_lot_states,
        {"home": home, "lots": Bigints([lot.id for lot in lots]), "state": state, "reason": reason},
    )


async def cut(tx: db.Tx, ids: Ids, home: int, cuts: Sequence[Cut], reason: str) -> None:
    """Carry out cuts of lots that are held. New lots first: they copy what a cut does not change."""
    new = [(c.lot_id, ids.new(), piece) for c in cuts for piece in c.new]
    if new:
        await db.run(
            tx,
            Q.add_lots,
            {
                "home": home,
                "reason": reason,
                "origins": Bigints([origin for origin, _, _ in new]),
                "ids": Bigints([id_ for _, id_, _ in new]),
                "starts": Ints([piece.start for _, _, piece in new]),
                "nexts": Ints([piece.next for _, _, piece in new]),
                "ends": Ints([piece.end for _, _, piece in new]),
                "states": Texts([piece.state for _, _, piece in new]),
            },
        )
    await db.run(
        tx,
        Q.cut_lots,
        {
            "home": home,
            "reason": reason,
            "ids": Bigints([c.lot_id for c in cuts]),
            "starts": Ints([c.kept.start for c in cuts]),
            "nexts": Ints([c.kept.next for c in cuts]),
            "ends": Ints([c.kept.end for c in cuts]),
            "states": Texts([c.kept.state for c in cuts]),
        },
    )


class Deed(msgspec.Struct, frozen=True):
    """What was done to codes of a batch. `event` is published, `kind` goes to custody, both without the reason."""

    act: str
    event: str
    kind: Kind


FREEZE = Deed("stock.freeze", "stock.frozen", Kind.frozen)
UNFREEZE = Deed("stock.unfreeze", "stock.released", Kind.released)
RECALL = Deed("stock.recall", "stock.recalled", Kind.recalled)
REFUND = Deed(
    "stock.recall_refund", "stock.recalled", Kind.recalled
)  # afterwards, for one that was recalled without
VOID = Deed("stock.void", "stock.voided", Kind.voided)
TO_SUPPLIER = Deed("stock.return_to_supplier", "stock.returned_to_supplier", Kind.voided)
GIVE_BACK = Deed("stock.return", "stock.returned", Kind.returned)
EXPIRE = Deed("stock.expire", "stock.expired", Kind.voided)
SHRED = Deed("stock.shred", "stock.shredded", Kind.voided)


async def tell(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    batch: HeldBatch,
    deed: Deed,
    ranges: Sequence[tuple[int, int]],
    reason: str,
    now: datetime,
    more: Mapping[str, object] | None = None,
) -> outbox.Event:
    """Audit and custody; the event is the caller's to publish, last before commit. The batch is held."""
    n = await provenance.next_n(tx, batch.home, batch.id)
    count = sum(last - first + 1 for first, last in ranges)
    facts: dict[str, Any] = {
        "act": deed.act,
        "codes": [[str(batch.id), first, last] for first, last in ranges],
        "sku": str(batch.sku_id),
    }
    body = custody.event(batch.id, n, deed.kind, facts, int(now.timestamp() * 1000), os.urandom(16))
    await provenance.append(tx, batch.home, now, [body])
    await tenancy.audit(
        tx,
        env,
        actor,
        deed.act,
        f"batch:{batch.id}",
        {"state": batch.state, "unsold": batch.unsold()},
        {"ranges": [list(r) for r in ranges], "count": count, "reason": reason} | dict(more or {}),
    )
    return outbox.Event(
        deed.event,
        batch.id,
        n,
        actor.organisation_id,
        now,
        {"sku": str(batch.sku_id), "count": count, "ranges": [list(r) for r in ranges]} | dict(more or {}),
    )
