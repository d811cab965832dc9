"""What people may now, also of those who are not the caller."""

from collections.abc import Collection

from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.tenancy.own_roles import role_of
from commissary.tenancy.roles import permissions_of
from commissary.tenancy.types import Actor, Mall

Q = sql.load(__package__)


async def holders_of(tx: db.Tx, mall: int, permission: str) -> dict[int, str]:
    """Active people of the mall's own staff who have it, with their roles."""
    found = await db.rows(tx, Q.staff, {"mall": mall})
    return {person: role for person, role, own in found if permission in permissions_of(role, own)}


async def staff(tx: db.Tx, mall: int) -> dict[int, str]:
    """Active people of the mall's own organisation, with their names."""
    found = await db.rows(tx, Q.staff, {"mall": mall})
    return await names_of(tx, mall, [person for person, _, _ in found])


async def is_staff(tx: db.Tx, mall: int, person_id: int) -> bool:
    """Active, in the mall's own organisation."""
    return any(person == person_id for person, _, _ in await db.rows(tx, Q.staff, {"mall": mall}))


async def actor_now(tx: db.Tx, mall: int, person_id: int, organisation_id: int, ip: str = "") -> Actor | None:
    """That person, with the rights that he has there now; None if he is suspended or no member any more."""
    key = {"mall": mall, "person": person_id, "organisation": organisation_id}
    found = await db.row(tx, Q.member_now, key)
    if found is None:
        return None
    return Actor(mall, "person", str(person_id), organisation_id, permissions_of(*found), ip)


async def is_staff_role(tx: db.Tx, mall: int, role: str) -> bool:
    """A role of the mall's own staff whose holders may decide about what others ask."""
    known = await role_of(tx, mall, role)
    return known is not None and "mall" in known.kinds and "approvals.decide" in known.permissions


async def names_of(tx: db.Tx, mall: int, people: Collection[int]) -> dict[int, str]:
    """What these people are called."""
    found = await db.rows(tx, Q.names_of, {"mall": mall, "people": Bigints(sorted(people))})
    return {int(person): str(name) for person, name in found}


async def names_for(env: Env, actor: Actor, people: Collection[int]) -> dict[int, str]:
    """What these people are called, of those whose names the actor may know."""
    given = {"mall": actor.mall_id, "people": Bigints(sorted(people)), "organisation": actor.organisation_id}
    async with env.db.transaction(actor.mall_id) as tx:
        return {int(person): str(name) for person, name in await db.rows(tx, Q.names_for, given)}


async def currency_of(tx: db.Tx, mall: int) -> str:
    """What the mall trades in."""
    found = await db.row(tx, Q.mall, {"mall": mall})
    assert found is not None, "an actor of no mall"
    return Mall(*found).currency
