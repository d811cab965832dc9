"""What a supplier's people say that they have, and at what cost: by themselves, or by the mall's people for them."""

from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.supply import offers, store
from commissary.supply.connectors import PEOPLE
from commissary.supply.people import MOST, D, put_stock
from commissary.supply.shelf import lay_out
from commissary.supply.types import Good, SupplyRefusal
from commissary.tenancy.types import Actor


class Declared(msgspec.Struct, frozen=True):
    """An offer of people. `asked`: of `declared`, what open purchases are for; `free`: what may still be sold.
    `held_cost_e4`: the cost they told last, which waits for a person of the mall because it jumped."""

    offer_id: int
    connection_id: int
    supplier_id: int
    good_id: str
    good_name: str
    sku_id: int
    kind: str
    unit_cost_e4: int
    held_cost_e4: int | None
    currency: str
    state: str
    on_sale: bool
    declared: int
    free: int
    asked: int
    declared_at: datetime | None


async def declare(
    env: Env, actor: Actor, offer_id: int, *, stock: int, unit_cost_e4: int | None = None
) -> Declared:
    """What he has now, what is asked of him already included; and at what cost, when it is another. By his own people, or
    by the mall's for him. Refuses offer_not_found, not_people."""
    if not 0 <= stock <= MOST:
        raise invalid("stock", f"0 to {MOST:,}")
    if unit_cost_e4 is not None and unit_cost_e4 < 0:
        raise invalid("unit_cost", "0 or more / 不可为负")
    mall, home, at = actor.mall_id, home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        old = await store.lock_offer(tx, mall, offer_id)
        kept = await store.connections(tx, mall, [old.connection_id]) if old else []
        if old is None or not kept or not may_act(actor, kept[0].supplier_id, "write"):
            raise Refused(SupplyRefusal.offer_not_found)
        if kept[0].protocol != PEOPLE:
            raise Refused(SupplyRefusal.not_people)
        before = await _declared(tx, mall, home, offer_id)
        cost_e4 = old.unit_cost_e4 if unit_cost_e4 is None else unit_cost_e4
        if unit_cost_e4 is None and old.held_cost_e4 is not None:
            cost_e4 = old.held_cost_e4
        good = Good(old.good_id, old.good_name, old.kind, cost_e4, on_sale=True, stock=stock)
        rev = await tenancy.raise_epoch(tx, mall)
        await store.put_offers(tx, mall, old.connection_id, [offers.told(old, good, at)], rev, at)
        await put_stock(tx, home, offer_id, stock, at)
        after = await _declared(tx, mall, home, offer_id)
        await tenancy.audit(
            tx, env, actor, "supply.declare", f"offer:{offer_id}", _shown(before), _shown(after)
        )
        await lay_out(tx, env, mall, [old.sku_id], rev)
    return after


async def list_declared(env: Env, actor: Actor, *, after: int = 0, size: int = 50) -> list[Declared]:
    """By id; a supplier's people see his own."""
    mall = actor.mall_id
    given = {"mall": mall, "home": home_of(mall), "supplier": whose(actor), "offer": None}
    async with env.db.transaction(mall) as tx:
        found = await db.rows(tx, D.declared, given | {"after": after, "size": size})
    return [Declared(*r) for r in found]


def whose(actor: Actor) -> int | None:
    """Whose purchases and offers an actor may see; None: every supplier's. Refuses `forbidden`."""
    if tenancy.allows(actor, "supply.read"):
        return None
    tenancy.require(actor, "own.supply.read")
    return actor.organisation_id


def may_act(actor: Actor, supplier_id: int, right: str) -> bool:
    if tenancy.allows(actor, f"supply.{right}"):
        return True
    tenancy.require(actor, f"own.supply.{right}")
    return supplier_id == actor.organisation_id


async def _declared(tx: db.Tx, mall: int, home: int, offer_id: int) -> Declared:
    given = {"mall": mall, "home": home, "supplier": None, "offer": offer_id, "after": 0, "size": 1}
    found = await db.row(tx, D.declared, given)
    assert found is not None
    return Declared(*found)


def _shown(d: Declared) -> dict[str, object]:
    return {
        "stock": d.declared,
        "free": d.free,
        "unit_cost_e4": d.unit_cost_e4,
        "held_cost_e4": d.held_cost_e4,
        "at": d.declared_at,
    }
