"""What a mall demands of who signs in, and of who looks at codes."""

from commissary.base import db, money, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.tenancy.audit import audit
from commissary.tenancy.proof import require_proof
from commissary.tenancy.roles import require
from commissary.tenancy.types import Actor, SecurityPolicy, TwoFactor

F = sql.load(__package__, "factors.sql")


async def get_policy(env: Env, actor: Actor) -> SecurityPolicy:
    require(actor, "mall.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await policy_of(tx, actor.mall_id)


async def policy_of(tx: db.Tx, mall: int) -> SecurityPolicy:
    found = await db.row(tx, F.policy, {"mall": mall})
    return SecurityPolicy(*found) if found else SecurityPolicy()


async def set_policy(
    env: Env, actor: Actor, *, two_factor: TwoFactor, reveal_above_e4: int, version: int
) -> SecurityPolicy:
    """From the next call on: who has none of the factors that are demanded now can only enrol one. Refuses
    `step_up_required`, `conflict`."""
    require(actor, "mall.write")
    require_proof(env, actor)
    if not 0 <= reveal_above_e4 <= money.MAX_E4:
        raise invalid("reveal_above", "must not be less than zero / 不得小于零")
    mall = actor.mall_id
    row = {"mall": mall, "two_factor": two_factor, "above": reveal_above_e4, "version": version}
    async with env.db.transaction(mall) as tx:
        old = await policy_of(tx, mall)
        query = F.set_policy if version else F.add_policy
        if not await db.run(tx, query, row | {"now": env.now(mall)}):
            raise Refused(RequestRefusal.conflict)
        new = SecurityPolicy(two_factor, reveal_above_e4, version + 1)
        await audit(tx, env, actor, "mall.security_policy", f"mall:{mall}", _told(old), _told(new))
    return new


def _told(policy: SecurityPolicy) -> dict[str, object]:
    return {"two_factor": policy.two_factor, "reveal_above_e4": policy.reveal_above_e4}
