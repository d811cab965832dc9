"""Founding a mall, and its test twin: acts of the platform, through the administrator's connection.

The runtime roles cannot do it: a mall's rows must exist before anyone can be inside it.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
from psycopg import AsyncConnection

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.home import home
from commissary.base.ids import Ids
from commissary.tenancy.audit import audit, raise_epoch
from commissary.tenancy.password import hash_password
from commissary.tenancy.people import checked_email, checked_password
from commissary.tenancy.roles import allows, require
from commissary.tenancy.types import Actor, Founded, Mall, TenancyRefusal

Q = sql.load(__package__)

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,38}", re.ASCII)


async def found_mall(
    admin_dsn: str,
    ids: Ids,
    *,
    slug: str,
    name: str,
    owner_email: str,
    owner_name: str,
    owner_password: str,
    at: datetime,
    currency: str = "CNY",
    zone: str = "Asia/Shanghai",
) -> Founded:
    """The mall, its own organisation and its first Owner, in one transaction. Refuses `slug_taken`."""
    if not _SLUG.fullmatch(slug):
        raise invalid(
            "slug", "2 to 39 lower-case letters, digits and hyphens / 2–39 位小写字母、数字或连字符"
        )
    ZoneInfo(zone)
    email = checked_email(owner_email)
    hashed = await hash_password(checked_password(owner_password))
    organisation_id, person_id = ids.new(), ids.new()
    async with _platform(admin_dsn) as tx:
        mall = await _found(tx, slug, name, currency, zone, None, at)
        await _own_organisation(tx, mall, organisation_id, name, at)
        of_mall = {"mall": mall, "organisation": organisation_id, "person": person_id}
        await db.run(
            tx,
            Q.add_person,
            of_mall | {"id": person_id, "email": email, "name": owner_name, "hash": hashed, "at": at},
        )
        await db.run(tx, Q.add_member, of_mall | {"role": "owner", "role_id": None})
        await _audited(tx, ids, mall, "mall.found", at)
    return Founded(mall, organisation_id, person_id)


async def found_shadow(admin_dsn: str, ids: Ids, mall_id: int, at: datetime) -> Founded:
    """The test twin: a mall of its own with its own clock; the live mall's staff get in with the same passwords.

    A mall has one; founding it again answers with the one there is. `person_id` is 0: nobody new was made.
    """
    organisation_id = ids.new()
    async with _platform(admin_dsn) as tx:
        await db.run(tx, Q.lock_founding)
        found = await db.row(tx, Q.mall, {"mall": mall_id})
        if found is None:
            raise Refused(RequestRefusal.not_found)
        live = Mall(*found)
        if live.shadow_of is not None:
            raise Refused(RequestRefusal.conflict)
        twin = await db.row(
            tx,
            """select m.id, o.id from tenancy.mall m
               join tenancy.organisation o on o.mall_id = m.id and o.kind = 'mall' where m.shadow_of = %s""",
            (mall_id,),
        )
        if twin is not None:
            return Founded(twin[0], twin[1], 0)
        slug = f"{live.slug[:34]}-test"
        shadow = await _found(tx, slug, live.name, live.currency, live.zone, mall_id, at)
        await _own_organisation(tx, shadow, organisation_id, live.name, at)
        of_both = {"mall": mall_id, "shadow": shadow, "organisation": organisation_id, "at": at}
        await db.run(tx, Q.copy_staff, of_both)
        await db.run(tx, Q.copy_membership, of_both)
        await _audited(tx, ids, shadow, "mall.found_shadow", at)
    return Founded(shadow, organisation_id, 0)


async def open_malls(env: Env) -> list[Mall]:
    """Every mall that is not closed, live and shadow."""
    async with env.db.transaction(None) as tx:
        return [Mall(*r) for r in await db.rows(tx, Q.open_malls)]


async def is_empty(admin_dsn: str) -> bool:
    """Whether this installation never had a mall."""
    async with _platform(admin_dsn) as tx:
        found = await db.row(tx, "select not exists (select from tenancy.mall)")
        return bool(found and found[0])


async def load_offsets(env: Env) -> None:
    """Bring `env.offsets` up to the clocks of the test malls; at start and when an epoch changes."""
    for mall in await open_malls(env):
        env.offsets[mall.id] = mall.clock_offset_s
        if mall.shadow_of is not None:
            env.shadows[mall.id] = mall.shadow_of


async def move_clock(env: Env, actor: Actor, offset_s: int) -> None:
    """Time travel in a test mall, for all who use it: by whoever keeps the mall or its sandbox. Refuses `not_a_shadow`."""
    if not allows(actor, "sandbox.write"):
        require(actor, "mall.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        if not await db.run(tx, Q.move_clock, {"mall": mall, "offset_s": offset_s}):
            raise Refused(TenancyRefusal.not_a_shadow)
        await audit(tx, env, actor, "mall.move_clock", f"mall:{mall}", None, {"offset_s": offset_s})
        await raise_epoch(tx, mall)
    env.offsets[mall] = offset_s


@asynccontextmanager
async def _platform(admin_dsn: str) -> AsyncIterator[db.Tx]:
    """As the owner of the tables, who sees all malls; the administrator's own rights are wider than this needs."""
    async with await AsyncConnection.connect(admin_dsn) as tx:
        await tx.execute("set local role commissary_owner")
        yield tx


async def _found(
    tx: db.Tx, slug: str, name: str, currency: str, zone: str, shadow_of: int | None, at: datetime
) -> int:
    await db.run(tx, Q.lock_founding)
    found = await db.row(tx, Q.next_mall_id)
    assert found is not None
    facts = {"mall": found[0], "slug": slug, "name": name, "currency": currency, "zone": zone}
    try:
        await db.run(tx, Q.found_mall, facts | {"shadow_of": shadow_of, "at": at})
    except psycopg.errors.UniqueViolation:
        raise Refused(TenancyRefusal.slug_taken) from None
    return int(found[0])


async def _own_organisation(tx: db.Tx, mall: int, organisation_id: int, name: str, at: datetime) -> None:
    facts = {"mall": mall, "id": organisation_id, "kind": "mall", "name": name, "parent": None}
    await db.run(tx, Q.add_organisation, facts | {"home": home(mall), "at": at})


async def _audited(tx: db.Tx, ids: Ids, mall: int, action: str, at: datetime) -> None:
    facts = {
        "mall": mall,
        "id": ids.new(),
        "at": at,
        "kind": "cli",
        "actor": "platform",
        "ip": "",
        "action": action,
    }
    await db.run(tx, Q.add_audit, facts | {"subject": f"mall:{mall}", "before": None, "after": None})
