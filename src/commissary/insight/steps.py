"""What a new mall still lacks before it sells, step by step, as its rows say it."""

from typing import get_args

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.insight.types import FirstStep
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "steps.sql")


async def first_steps(env: Env, actor: Actor) -> dict[FirstStep, bool]:
    """Each step, in the order in which they are taken, and whether it is done. Refuses forbidden."""
    tenancy.require(actor, "mall.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(tx, Q.steps, {"mall": actor.mall_id, "home": home_of(actor.mall_id)})
    assert found is not None
    return dict(zip(get_args(FirstStep), found, strict=True))
