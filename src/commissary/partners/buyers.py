"""Buyers: companies that buy from the mall with a wallet of their own."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.partners.departments import company_of
from commissary.partners.types import Business, Buyer
from commissary.tenancy.types import BUYER_SCOPES, Actor, KeyView, OrganisationStatus

Q = sql.load(__package__)


async def add_buyer(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    *,
    name: str,
    account_id: int,
    tier_id: int | None = None,
    low_balance_e4: int | None = None,
    notes: str = "",
    business: Business = "general",
    parent_id: int | None = None,
    id: int | None = None,
) -> Buyer:
    """In the caller's transaction, in which the caller opens the wallet `account_id` too: a buyer without one cannot
    be. The organisation and the buyer share `id` (the wallet's owner). Refuses `not_found` for a tier or parent."""
    tenancy.require(actor, "partners.write")
    mall = actor.mall_id
    made = await tenancy.add_organisation(
        tx, env, actor, kind="buyer", name=_name(name), parent_id=parent_id, id=id
    )
    await _hold_tier(tx, mall, tier_id)
    buyer = Buyer(
        made.id,
        made.name,
        made.status,
        tier_id,
        account_id,
        made.home_id,
        low_balance_e4,
        notes,
        made.created_at,
        business,
    )
    await db.run(tx, Q.add_buyer, _row(mall, buyer))
    await tenancy.audit(tx, env, actor, "buyer.add", f"buyer:{buyer.id}", None, _shown(buyer))
    await tenancy.raise_epoch(tx, mall)
    return buyer


async def edit_buyer(
    env: Env,
    actor: Actor,
    buyer_id: int,
    *,
    name: str | msgspec.UnsetType = msgspec.UNSET,
    low_balance_e4: int | msgspec.UnsetType | None = msgspec.UNSET,
    notes: str | msgspec.UnsetType = msgspec.UNSET,
    business: Business | msgspec.UnsetType = msgspec.UNSET,
    version: int | None = None,
) -> Buyer:
    """What is not given stays. Refuses `conflict` when `version` is given and not the present one."""
    tenancy.require(actor, "partners.write")
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _locked(tx, actor.mall_id, buyer_id)
        if version is not None and version != old.version:
            raise Refused(RequestRefusal.conflict, version=old.version)
        given = {"low_balance_e4": low_balance_e4, "notes": notes, "business": business}
        changes = {k: v for k, v in given.items() if v is not msgspec.UNSET}
        new = msgspec.structs.replace(old, **changes, updated_at=env.now(actor.mall_id))
        if name is not msgspec.UNSET:
            new = msgspec.structs.replace(new, name=_name(name))
            await tenancy.set_organisation(tx, env, actor, buyer_id, name=new.name)
        return await _save(tx, env, actor, "buyer.edit", old, new)


async def set_tier(env: Env, actor: Actor, buyer_id: int, tier_id: int | None) -> Buyer:
    """His next order has the new tier's prices: the epoch is raised with it."""
    tenancy.require(actor, "partners.write")
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _locked(tx, actor.mall_id, buyer_id)
        await _hold_tier(tx, actor.mall_id, tier_id)
        new = msgspec.structs.replace(old, tier_id=tier_id, updated_at=env.now(actor.mall_id))
        return await _save(tx, env, actor, "buyer.set_tier", old, new)


async def my_business(env: Env, actor: Actor) -> Buyer:
    """The company that one is signed in for. Refuses as `company_of`."""
    async with env.db.transaction(actor.mall_id) as tx:
        return await company_of(tx, actor)


async def set_my_business(env: Env, actor: Actor, business: Business, version: int) -> Buyer:
    """By who keeps the company's people. Refuses as `company_of`, and `conflict`."""
    async with env.db.transaction(actor.mall_id) as tx:
        company = await company_of(tx, actor)
        tenancy.require_for(actor, "people.write", company.id)
        old = await _locked(tx, actor.mall_id, company.id)
        if version != old.version:
            raise Refused(RequestRefusal.conflict, version=old.version)
        new = msgspec.structs.replace(old, business=business, updated_at=env.now(actor.mall_id))
        return await _save(tx, env, actor, "buyer.set_business", old, new)


async def suspend(env: Env, actor: Actor, buyer_id: int) -> Buyer:
    """His keys and his people's sessions are refused within a second; orders already placed go on."""
    return await _set_status(env, actor, buyer_id, "suspended")


async def resume(env: Env, actor: Actor, buyer_id: int) -> Buyer:
    """Lets a suspended buyer in again."""
    return await _set_status(env, actor, buyer_id, "active")


async def issue_key(
    env: Env,
    actor: Actor,
    buyer_id: int,
    *,
    name: str,
    scopes: Sequence[str],
    ip_allow: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[KeyView, str]:
    """An API key that spends from the buyer's main wallet; see `tenancy.issue_key`."""
    if not set(scopes) <= set(BUYER_SCOPES):
        raise invalid("scopes", f"of {', '.join(BUYER_SCOPES)} / 客户密钥仅限上述权限")
    tenancy.require_for(actor, "keys.write", buyer_id)
    async with env.db.transaction(actor.mall_id) as tx:
        buyer = await _buyer(tx, actor.mall_id, buyer_id)
    return await tenancy.issue_key(
        env,
        actor,
        organisation_id=buyer_id,
        account_id=buyer.account_id,
        name=name,
        scopes=scopes,
        ip_allow=ip_allow,
        expires_at=expires_at,
    )


async def get_buyer(env: Env, actor: Actor, buyer_id: int) -> Buyer:
    """Refuses `not_found`."""
    tenancy.require(actor, "partners.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await _buyer(tx, actor.mall_id, buyer_id)


async def list_buyers(
    env: Env,
    actor: Actor,
    *,
    search: str | None = None,
    tier_id: int | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Buyer]:
    """By id; `search` is part of the name."""
    tenancy.require(actor, "partners.read")
    mall = actor.mall_id
    facts = {"mall": mall, "search": search, "tier": tier_id, "after": after, "size": size}
    async with env.db.transaction(mall) as tx:
        return [Buyer(*r) for r in await db.rows(tx, Q.list_buyers, facts)]


async def _set_status(env: Env, actor: Actor, buyer_id: int, status: OrganisationStatus) -> Buyer:
    tenancy.require(actor, "partners.write")
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _locked(tx, actor.mall_id, buyer_id)
        await tenancy.set_organisation(tx, env, actor, buyer_id, status=status)
        return msgspec.structs.replace(old, status=status)


async def _save(tx: db.Tx, env: Env, actor: Actor, action: str, old: Buyer, new: Buyer) -> Buyer:
    new = msgspec.structs.replace(new, version=old.version + 1)
    await db.run(tx, Q.set_buyer, _row(actor.mall_id, new))
    await tenancy.audit(tx, env, actor, action, f"buyer:{new.id}", _shown(old), _shown(new))
    await tenancy.raise_epoch(tx, actor.mall_id)
    return new


async def _buyer(tx: db.Tx, mall: int, buyer_id: int) -> Buyer:
    found = await db.row(tx, Q.buyer, {"mall": mall, "id": buyer_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Buyer(*found)


async def _locked(tx: db.Tx, mall: int, buyer_id: int) -> Buyer:
    found = await db.row(tx, Q.lock_buyer, {"mall": mall, "id": buyer_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Buyer(*found)


async def _hold_tier(tx: db.Tx, mall: int, tier_id: int | None) -> None:
    if tier_id is not None and await db.row(tx, Q.hold_tier, {"mall": mall, "id": tier_id}) is None:
        raise Refused(RequestRefusal.not_found, tier_id=str(tier_id))


def _row(mall: int, buyer: Buyer) -> dict[str, object]:
    return {
        "mall": mall,
        "id": buyer.id,
        "tier": buyer.tier_id,
        "account": buyer.account_id,
        "low_balance_e4": buyer.low_balance_e4,
        "notes": buyer.notes,
        "business": buyer.business,
        "version": buyer.version,
        "at": buyer.updated_at,
    }


def _shown(buyer: Buyer) -> dict[str, object]:
    return {
        "name": buyer.name,
        "tier_id": str(buyer.tier_id) if buyer.tier_id else None,
        "account_id": str(buyer.account_id),
        "low_balance_e4": buyer.low_balance_e4,
        "notes": buyer.notes,
        "business": buyer.business,
    }


def _name(name: str) -> str:
    if not 1 <= len(name.strip()) <= 200:
        raise invalid("name", "1 to 200 characters / 名称为 1–200 个字符")
    return name.strip()
