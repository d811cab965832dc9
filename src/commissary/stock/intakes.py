"""Codes that suppliers' own people bring: in the vault at once, for sale when somebody of the mall has released them.

    waiting ─release→ released      their lots are open, and like any others from then on
            ─refuse→ refused        sent back: never for sale

The database opens no lot of an intake that is not released, whoever asks.

Locks: the intake, then its batches in id order, each with its lots.
"""

from commissary import tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.stock import batch as batches
from commissary.stock import rules, store
from commissary.stock.freeze import thaw
from commissary.stock.types import Intake, IntakeState, StockRefusal
from commissary.tenancy.types import Actor


async def list_intakes(
    env: Env,
    actor: Actor,
    *,
    state: IntakeState | None = None,
    before: int | None = None,
    size: int = 50,
) -> list[Intake]:
    """Newest first; a supplier's people see what they brought, the mall's see all."""
    supplier = _whose(actor)
    async with env.db.transaction(actor.mall_id) as tx:
        return await _found(tx, actor, supplier, state=state, before=before, size=size)


async def get_intake(env: Env, actor: Actor, intake_id: int) -> Intake:
    """Refuses not_found."""
    supplier = _whose(actor)
    async with env.db.transaction(actor.mall_id) as tx:
        return await _the(tx, actor, intake_id, supplier)


async def release(env: Env, actor: Actor, intake_id: int, reason: str = "") -> Intake:
    """From now on its codes are for sale, but for those past their time. Again: nothing changes. Refuses not_found, intake_decided,
    batch_receiving, batch_recalled."""
    return await _decide(env, actor, intake_id, "released", reason)


async def refuse(env: Env, actor: Actor, intake_id: int, reason: str) -> Intake:
    """It goes back to its supplier; its codes are never for sale. Again: nothing changes. Refuses as `release`."""
    return await _decide(env, actor, intake_id, "refused", reason)


async def _decide(env: Env, actor: Actor, intake_id: int, state: IntakeState, reason: str) -> Intake:
    tenancy.require(actor, "stock.import")
    home, now = home_of(actor.mall_id), env.now(actor.mall_id)
    decided: dict[str, object] = {"home": home, "id": intake_id, "state": state, "reason": reason[:500]}
    decided |= {"by": f"{actor.kind}:{actor.id}", "at": now}
    async with env.db.transaction(actor.mall_id) as tx:
        known = await _the(tx, actor, intake_id, None)
        if known.import_state == "running":
            raise Refused(StockRefusal.batch_receiving)
        if not await db.run(tx, store.Q.decide_intake, decided):
            known = await _the(tx, actor, intake_id, None)
            if known.state != state:
                raise Refused(StockRefusal.intake_decided, status=known.state)
            return known
        events = [
            event for batch in known.batches if (event := await _move(tx, env, actor, batch, state, reason))
        ]
        was = {"state": known.state, "codes": known.imported}
        told = {"state": state, "codes": known.imported, "reason": reason[:500]}
        await tenancy.audit(tx, env, actor, f"stock.{_ACTS[state]}_intake", f"intake:{intake_id}", was, told)
        if events:
            await outbox.publish(tx, home, events, now)
        return await _the(tx, actor, intake_id, None)


_ACTS = {"released": "release", "refused": "refuse"}


async def _move(
    tx: db.Tx, env: Env, actor: Actor, batch: int, state: IntakeState, reason: str
) -> outbox.Event | None:
    now = env.now(actor.mall_id)
    held = await batches.hold(tx, home_of(actor.mall_id), batch)
    if not any(lot.state == "frozen" for lot in held.lots):
        return None
    if state == "released":
        if held.state == "recalled":
            raise Refused(StockRefusal.batch_recalled)
        await db.run(tx, store.Q.let_go, {"home": held.home, "batch": batch})
        return await thaw(tx, env, actor, held, reason, now)
    cuts = [c for lot in held.lots if (c := rules.set_aside(lot, 1, held.received, "returned"))]
    await batches.cut(tx, env.ids, held.home, cuts, reason[:500])
    ranges = sorted((c.first, c.last) for c in cuts)
    return await batches.tell(tx, env, actor, held, batches.TO_SUPPLIER, ranges, reason, now)


def _whose(actor: Actor) -> int | None:
    if tenancy.allows(actor, "stock.read"):
        return None
    tenancy.require(actor, "own.supply.read")
    return actor.organisation_id


async def _the(tx: db.Tx, actor: Actor, intake_id: int, supplier: int | None) -> Intake:
    found = await _found(tx, actor, supplier, id_=intake_id, size=1)
    if not found:
        raise Refused(RequestRefusal.not_found)
    return found[0]


async def _found(
    tx: db.Tx,
    actor: Actor,
    supplier: int | None,
    *,
    state: IntakeState | None = None,
    id_: int | None = None,
    before: int | None = None,
    size: int,
) -> list[Intake]:
    mall = actor.mall_id
    given = {"home": home_of(mall), "mall": mall, "supplier": supplier, "state": state}
    given |= {"id": id_, "before": before, "size": size}
    return [Intake(*row) for row in await db.rows(tx, store.Q.intakes, given)]
