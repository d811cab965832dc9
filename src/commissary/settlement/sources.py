"""How a connection's statements come: by file, or asked for at an hour of the day after."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from commissary import supply, tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.settlement import store
from commissary.settlement.types import Expected, Source
from commissary.supply.types import SupplyRefusal
from commissary.tenancy.types import Actor

P = sql.load(__package__, "pull.sql")


async def set_source(
    env: Env, actor: Actor, purchasing: supply.Purchasing, connection_id: int, told: Source
) -> Source:
    """From the day on that runs now. `zone` '': the mall's. Refuses connection_unknown, statement_not_told."""
    tenancy.require(actor, "settlement.write")
    if not 0 <= told.hour <= 23:
        raise invalid("hour", "0 to 23")
    try:
        zone = ZoneInfo(told.zone).key if told.zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid("zone", "a zone such as Asia/Shanghai / 时区名，例如 Asia/Shanghai") from None
    mall, home = actor.mall_id, home_of(actor.mall_id)
    market = await purchasing.reload(mall)
    async with env.db.transaction(mall) as tx:
        _, own_zone = await store.account(tx, home, connection_id)
        facts = market.connections[connection_id].connector.facts
        if told.by == "api" and not facts.statements:
            raise Refused(SupplyRefusal.statement_not_told)
        at = env.now(mall)
        before = await source_of(tx, mall, connection_id)
        given: dict[str, Any] = {
            "mall": mall,
            "connection": connection_id,
            "by": told.by,
            "hour": told.hour,
            "zone": zone,
        }
        yesterday = at.astimezone(own_zone).date() - timedelta(days=1)
        given |= {"from": yesterday, "author": f"{actor.kind}:{actor.id}", "at": at}
        await db.run(tx, P.set_source, given)
        made = await source_of(tx, mall, connection_id)
        assert made is not None
        was = None if before is None else msgspec.to_builtins(before)
        subject = f"connection:{connection_id}"
        await tenancy.audit(tx, env, actor, "settlement.source", subject, was, msgspec.to_builtins(made))
    return made


async def get_source(env: Env, actor: Actor, connection_id: int) -> Source:
    """Without one: by file, expected at no hour. Refuses connection_unknown."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        _, zone = await store.account(tx, home_of(actor.mall_id), connection_id)
        found = await source_of(tx, actor.mall_id, connection_id)
    return found or Source("file", 8, zone.key, expected=False)


async def source_of(tx: db.Tx, mall: int, connection_id: int) -> Source | None:
    found = await db.row(tx, P.source, {"mall": mall, "connection": connection_id})
    return None if found is None else Source(found[0], found[1], found[2])


async def list_expected(
    env: Env, actor: Actor, connection_id: int, *, before: date = store.LAST_DAY, size: int = 50
) -> list[Expected]:
    """Days whose statement is waited for or has come, newest first. Refuses connection_unknown."""
    tenancy.require(actor, "settlement.read")
    home = home_of(actor.mall_id)
    given = {"home": home, "connection": connection_id, "before": before, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        await store.account(tx, home, connection_id)
        return [Expected(*r) for r in await db.rows(tx, P.pulls, given)]
