"""Tiers of buyers. Which prices a tier has is pricing's business; who is in it is ours."""

import psycopg

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.partners.types import PartnerRefusal, Tier
from commissary.tenancy.types import Actor

Q = sql.load(__package__)


async def add_tier(env: Env, actor: Actor, *, name: str, rank: int = 0, id: int | None = None) -> Tier:
    """`id`: of the tier in another mall that this one mirrors. Refuses `tier_name_taken`."""
    tenancy.require(actor, "partners.write")
    mall, tier = actor.mall_id, Tier(id or env.ids.new(), _name(name), rank)
    async with env.db.transaction(mall) as tx:
        facts = {"mall": mall, "id": tier.id, "name": tier.name, "rank": rank, "at": env.now(mall)}
        if not await db.run(tx, Q.add_tier, facts):
            raise Refused(PartnerRefusal.tier_name_taken)
        await tenancy.audit(
            tx, env, actor, "tier.add", f"tier:{tier.id}", None, {"name": tier.name, "rank": rank}
        )
    return tier


async def edit_tier(
    env: Env, actor: Actor, tier_id: int, *, name: str | None = None, rank: int | None = None
) -> Tier:
    """What is not given stays. Refuses `tier_name_taken`."""
    tenancy.require(actor, "partners.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        old = await _locked(tx, mall, tier_id)
        new = Tier(old.id, old.name if name is None else _name(name), old.rank if rank is None else rank)
        try:
            await db.run(tx, Q.set_tier, {"mall": mall, "id": old.id, "name": new.name, "rank": new.rank})
        except psycopg.errors.UniqueViolation:
            raise Refused(PartnerRefusal.tier_name_taken) from None
        before, after = {"name": old.name, "rank": old.rank}, {"name": new.name, "rank": new.rank}
        await tenancy.audit(tx, env, actor, "tier.edit", f"tier:{old.id}", before, after)
    return new


async def drop_tier(env: Env, actor: Actor, tier_id: int) -> None:
    """Refuses `tier_in_use`; the foreign key says so, whoever joins it at the same moment."""
    tenancy.require(actor, "partners.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        old = await _locked(tx, mall, tier_id)
        try:
            await db.run(tx, Q.drop_tier, {"mall": mall, "id": tier_id})
        except psycopg.errors.ForeignKeyViolation:
            raise Refused(PartnerRefusal.tier_in_use) from None
        await tenancy.audit(tx, env, actor, "tier.drop", f"tier:{tier_id}", {"name": old.name}, None)
        await tenancy.raise_epoch(tx, mall)


async def list_tiers(env: Env, actor: Actor) -> list[Tier]:
    """All of them, best first."""
    tenancy.require(actor, "partners.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return [Tier(*r) for r in await db.rows(tx, Q.list_tiers, {"mall": actor.mall_id})]


async def _locked(tx: db.Tx, mall: int, tier_id: int) -> Tier:
    found = await db.row(tx, Q.lock_tier, {"mall": mall, "id": tier_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Tier(*found)


def _name(name: str) -> str:
    if not 1 <= len(name.strip()) <= 80:
        raise invalid("name", "1 to 80 characters / 名称为 1–80 个字符")
    return name.strip()
