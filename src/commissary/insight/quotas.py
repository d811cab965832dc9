"""What a key may still do: the mall's limits on it and on its company, and what was counted of them."""

from commissary import notify, risk, tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.tenancy.types import Actor


async def of_key(
    env: Env, actor: Actor, engine: risk.Engine, keys: tenancy.KeyCache, key_id: str
) -> tuple[str, list[risk.Quota], int]:
    """(key, limits, endpoints of its company). The mall's developers for any key, a buyer's for his own. Refuses not_found."""
    if not tenancy.allows(actor, "keys.read"):
        tenancy.require(actor, "own.keys.write")
    key = await keys.load(key_id)
    own = key is not None and key.organisation_id == actor.organisation_id
    if key is None or key.mall_id != actor.mall_id or not (own or tenancy.allows(actor, "keys.read")):
        raise Refused(RequestRefusal.not_found)
    facts = risk.Facts(key.mall_id, key.organisation_id, key.id, "", env.clock().timestamp(), ())
    endpoints = await notify.count_endpoints(env, key.mall_id, key.organisation_id)
    return key.id, engine.quotas(facts), endpoints
