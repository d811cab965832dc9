"""Prove again who one is, in a session that there is."""

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.tenancy import attempts, factors
from commissary.tenancy import password as passwords
from commissary.tenancy.proof import of_session, proved
from commissary.tenancy.types import Actor, Given, Proof, Rp, TenancyRefusal

Q = sql.load(__package__)


async def prove(env: Env, actor: Actor, given: Given, rp: Rp | None) -> Proof:
    """By a factor that he has enrolled; the session's new proof. `rp`: for a passkey. Refuses `wrong_factor`,
    `factor_unusable` (a recovery code only signs in), `too_many_attempts`."""
    held = of_session(actor)
    if given.recovery is not None:
        raise Refused(TenancyRefusal.factor_unusable, factors=list(held.factors))
    mall, person_id = actor.mall_id, int(actor.id)
    tries = attempts.of_factor(mall, person_id, actor.ip)
    attempts.spend(tries, env.clock())
    checked = await factors.check(env, mall, person_id, given, rp or Rp("", []), "proof")
    async with env.db.transaction(mall) as tx:
        by = await factors.spend(tx, checked, env.now(mall))
        made = await proved(tx, env, actor, by)
    attempts.forgive(tries)
    return made


async def prove_by_password(env: Env, actor: Actor, password: str) -> Proof:
    """Only for who has nothing better. Refuses `factor_unusable`, `wrong_factor`, `too_many_attempts`."""
    held, person_id = of_session(actor), int(actor.id)
    if "password" not in held.factors:
        raise Refused(TenancyRefusal.factor_unusable, factors=list(held.factors))
    tries = attempts.of_factor(actor.mall_id, person_id, actor.ip)
    attempts.spend(tries, env.clock())
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(tx, Q.password_of, {"mall": actor.mall_id, "person": person_id})
    if not await passwords.verify(found[0] if found else None, password[: passwords.MAX_LENGTH]):
        raise Refused(TenancyRefusal.wrong_factor)
    async with env.db.transaction(actor.mall_id) as tx:
        made = await proved(tx, env, actor, "password")
    attempts.forgive(tries)
    return made
