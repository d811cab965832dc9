"""How good a connection has been: measured over its purchases of a window, judged by one rule."""

from datetime import timedelta

import msgspec

from commissary import tenancy
from commissary.base import db, ids
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.supply import store
from commissary.supply.types import ScoreGrade as Grade
from commissary.supply.types import SupplyRefusal
from commissary.tenancy.types import Actor

MOST_COUNTED = 10_000  # the newest of the window
LEAST_COUNTED = 10
REMEMBERED = timedelta(hours=1)
REMEMBERED_MOST = 200

GRADES: tuple[tuple[Grade, int], ...] = (("A", 9_000), ("B", 7_500), ("C", 5_000), ("D", 0))


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Purchases of a window that have an answer or are late with it. `late`: bought after they had been given up;
    `reversed`: taken back after delivery. `p50_ms`, `p95_ms`: from the call to the goods. `price_moves_bp`: by how much a
    good's cost moved from one purchase to the next, on average."""

    purchases: int
    succeeded: int
    unknown: int
    late: int
    reversed: int
    p50_ms: int | None
    p95_ms: int | None
    price_moves_bp: int


class Score(msgspec.Struct, frozen=True):
    """`points`: 0 to 10,000. `new`: too few purchases to say."""

    grade: Grade
    points: int
    measured: Measured


def judge(m: Measured) -> Score:
    """Success counts in full; what is worse than a plain failure costs extra, slowness and restless prices a little."""
    if not m.purchases:
        return Score("new", 0, m)
    points = 10_000 * m.succeeded // m.purchases
    points -= 5_000 * m.unknown // m.purchases  # nobody may buy elsewhere meanwhile
    points -= 20_000 * (m.late + m.reversed) // m.purchases
    points -= min(1_000, (m.p95_ms or 0) // 120)  # two minutes cost a grade
    points -= min(1_000, m.price_moves_bp // 2)
    points = max(0, points)
    if m.purchases < LEAST_COUNTED:
        return Score("new", points, m)
    return Score(next(grade for grade, least in GRADES if points >= least), points, m)


async def score(env: Env, actor: Actor, connection_id: int, days: int) -> Score:
    """Over the last days. Refuses connection_not_found."""
    tenancy.require(actor, "supply.read")
    async with env.db.transaction(actor.mall_id) as tx:
        if not await store.connections(tx, actor.mall_id, [connection_id]):
            raise Refused(SupplyRefusal.connection_not_found)
        return await measure(tx, env, actor.mall_id, connection_id, days)


async def measure(tx: db.Tx, env: Env, mall: int, connection_id: int, days: int) -> Score:
    """The same, of a connection that is known to be there."""
    given = {
        "home": home_of(mall),
        "connection": connection_id,
        "since": ids.id_at(env.clock() - timedelta(days=days)),
        "most": MOST_COUNTED,
    }
    found = await db.row(tx, store.Q.measure, given)
    assert found is not None
    return judge(Measured(**dict(zip(Measured.__struct_fields__, found, strict=True))))


async def remembered(tx: db.Tx, env: Env, mall: int) -> dict[int, tuple[float, float]]:
    """Connection → (success in basis points, latency in ms) of the last hour, for a process that begins."""
    given = {"mall": mall, "home": home_of(mall), "most": REMEMBERED_MOST}
    given["since"] = ids.id_at(env.clock() - REMEMBERED)
    return {r[0]: (float(r[1]), float(r[2])) for r in await db.rows(tx, store.Q.lately, given)}
