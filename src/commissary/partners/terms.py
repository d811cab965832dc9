"""Terms of suppliers: when they are paid, what is kept back, what deposit is asked. Dated: the past keeps its own.

How much of the deposit is there is the ledger's to say; here stands only what is asked.
"""

from datetime import date, datetime

import msgspec

from commissary import tenancy
from commissary.base import db, money, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.partners import standing
from commissary.partners.types import PartnerRefusal, Terms
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "papers.sql")


async def set_terms(
    env: Env,
    actor: Actor,
    supplier_id: int,
    *,
    valid_from: date,
    valid_to: date | None = None,
    settlement_days: int,
    hold_days: int = 0,
    deposit_e4: int = 0,
) -> Terms:
    """From a day on, in place of those before. Refuses `terms_in_the_past`: what was settled stays as it was agreed."""
    tenancy.require(actor, "partners.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await standing.hold(tx, mall, supplier_id)
        facts = await standing.mall_facts(tx, mall)
        if valid_from < env.now(mall).astimezone(facts.zone).date():
            raise Refused(PartnerRefusal.terms_in_the_past)
        new = Terms(
            supplier_id,
            valid_from,
            valid_to,
            settlement_days,
            hold_days,
            deposit_e4,
            facts.currency,
        )
        await write(tx, env, actor, new)
    return new


async def terms_at(tx: db.Tx, mall: int, supplier_id: int, at: datetime) -> Terms | None:
    """Those in force on that day of the mall's; None: nothing was agreed for it."""
    day = at.astimezone((await standing.mall_facts(tx, mall)).zone).date()
    asked = {"mall": mall, "supplier": supplier_id, "day": day, "size": 1}
    found = await db.row(tx, Q.terms, asked)
    if found is None:
        return None
    terms = Terms(*found)
    return terms if terms.valid_to is None or day <= terms.valid_to else None


async def list_terms(env: Env, actor: Actor, supplier_id: int) -> list[Terms]:
    """Newest first, future ones too. Refuses `not_found`."""
    tenancy.require(actor, "partners.read")
    of = {"mall": actor.mall_id, "supplier": supplier_id}
    async with env.db.transaction(actor.mall_id) as tx:
        if await db.row(tx, Q.company, of) is None:
            raise Refused(RequestRefusal.not_found)
        return [Terms(*r) for r in await db.rows(tx, Q.terms, of | {"day": None, "size": 1_000})]


async def write(tx: db.Tx, env: Env, actor: Actor, new: Terms) -> None:
    """In the caller's transaction, with the supplier's file held."""
    for path in ("settlement_days", "hold_days"):
        if not 0 <= getattr(new, path) <= 180:
            raise invalid(path, "0 to 180 days / 天数为 0–180")
    if not 0 <= new.deposit_e4 <= money.MAX_E4:
        raise invalid("deposit", f"0 to {money.text(money.MAX_E4)} / 不得为负或过大")
    if not date(1970, 1, 1) <= new.valid_from <= date(2200, 12, 31):
        raise invalid("valid_from", "a day from 1970 to 2200 / 日期须在 1970–2200 年间")
    if new.valid_to is not None and not new.valid_from <= new.valid_to <= date(2200, 12, 31):
        raise invalid("valid_to", "not before they begin / 不得早于起始日")
    mall = actor.mall_id
    old = await terms_at(tx, mall, new.supplier_id, env.now(mall))
    row = msgspec.structs.asdict(new) | {"mall": mall, "supplier": new.supplier_id}
    await db.run(tx, Q.set_terms, row | {"by": f"{actor.kind}:{actor.id}", "at": env.now(mall)})
    before, after = (None if t is None else dict(msgspec.to_builtins(t)) for t in (old, new))
    await tenancy.audit(tx, env, actor, "supplier.set_terms", f"supplier:{new.supplier_id}", before, after)
