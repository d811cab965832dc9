"""A connection's score, for the console."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import number, said
from commissary.supply.score import Measured, score
from commissary.supply.types import ScoreGrade as Grade
from commissary.supply.types import SupplyRefusal
from commissary.tenancy.types import Actor


class ScoreOut(msgspec.Struct, frozen=True, kw_only=True):
    """`points` of 10,000; rates in basis points of `purchases`. Late: bought after it had been given up. Reversed: taken
    back after delivery. `price_moves_bp`: how far a good's cost moves from one purchase to the next."""

    connection_id: str
    days: int
    grade: Grade
    points: int
    purchases: int
    success_bp: int
    unknown_bp: int
    late: int
    reversed: int
    p50_ms: int | None
    p95_ms: int | None
    price_moves_bp: int


@get(
    "/console/v1/connections/{connection_id:str}/score",
    operation_id="getConnectionScore",
    tags=["Supply"],
    summary="How good a connection has been: success, silence, speed, reversals, steadiness of prices",
    opt=said("供应商连接评分", "", SupplyRefusal.connection_not_found, RequestRefusal.not_found),
)
async def score_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    days: Annotated[int, QueryParameter(description="How far back", ge=1, le=90)] = 7,
) -> ScoreOut:
    found = await score(env, actor, number(connection_id), days)
    m = found.measured
    return ScoreOut(
        connection_id=connection_id,
        days=days,
        grade=found.grade,
        points=found.points,
        purchases=m.purchases,
        success_bp=_share_bp(m, m.succeeded),
        unknown_bp=_share_bp(m, m.unknown),
        late=m.late,
        reversed=m.reversed,
        p50_ms=m.p50_ms,
        p95_ms=m.p95_ms,
        price_moves_bp=m.price_moves_bp,
    )


def _share_bp(m: Measured, count: int) -> int:
    return 10_000 * count // m.purchases if m.purchases else 0


ROUTES = [score_route]
