"""Goods that run low, for the console."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from commissary.base.env import Env
from commissary.base.wire import said
from commissary.catalog.types import Status
from commissary.insight.low import Low, running_low
from commissary.tenancy.types import Actor


class LowOut(msgspec.Struct, frozen=True):
    """`available`: codes for sale, at or below `threshold`. `sold`: pieces ordered in the last 7 days; `days_left`: how long the
    rest lasts at that pace, whole days, null when nothing was sold. `restocked`: a policy fills it up by itself."""

    sku_id: str
    sku_code: str
    name_zh: str
    name_en: str
    status: Status
    available: int
    threshold: int
    sold: int
    days_left: int | None
    restocked: bool


class LowPage(msgspec.Struct, frozen=True):
    """`total`: of all that match, however many are shown."""

    items: list[LowOut]
    next: str | None
    total: int


Shown = Annotated[int, QueryParameter(description="Rows at most", ge=1, le=1000)]


@get(
    "/console/v1/stock/low",
    operation_id="listLowStock",
    tags=["Stock"],
    summary="Goods at or below their alarm line, the soonest to run out first",
    opt=said("低库存商品（按可售天数升序）"),
)
async def low_route(env: NamedDependency[Env], actor: NamedDependency[Actor], size: Shown = 500) -> LowPage:
    found = await running_low(env, actor)
    return LowPage([_out(one) for one in found[:size]], None, len(found))


def _out(one: Low) -> LowOut:
    left = one.days_left
    return LowOut(
        sku_id=str(one.sku_id),
        sku_code=one.code,
        name_zh=one.name_zh,
        name_en=one.name_en,
        status=one.status,
        available=one.available,
        threshold=one.threshold,
        sold=one.sold,
        days_left=None if left is None else int(left),
        restocked=one.restocked,
    )


ROUTES = [low_route]
