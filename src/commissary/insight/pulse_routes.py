"""A mall's day, for the console's first page."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from commissary import tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.money import Money
from commissary.base.wire import said
from commissary.insight.pulse import Sold, pulse
from commissary.tenancy.types import Actor


class PulseSoldOut(msgspec.Struct, frozen=True):
    """`amount`: what buyers pay, less what they got back. `profit`: of what was delivered, less what it cost; null for
    who may not see costs."""

    orders: int
    pieces: int
    delivered: int
    amount: Money
    profit: Money | None


class PulseHourOut(msgspec.Struct, frozen=True):
    """`then`: the same hour a week ago."""

    hour: int
    orders: int
    amount: Money
    then_orders: int
    then_amount: Money


class PulseOut(msgspec.Struct, frozen=True):
    """`day` of the mall's clock. `then`: a week ago until the same moment; `hours`: 24, of both days whole."""

    day: str
    today: PulseSoldOut
    then: PulseSoldOut
    hours: list[PulseHourOut]


@get(
    "/console/v1/pulse",
    operation_id="getPulse",
    tags=["Orders"],
    summary="Today's sales beside those of the same day a week ago, by the hour",
    opt=said("今日与上周同日的销售对比（按小时）"),
)
async def pulse_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> PulseOut:
    found = await pulse(env, actor)
    costs = tenancy.allows(actor, "pricing.read")

    def of(sold: Sold) -> PulseSoldOut:
        profit = money.of(sold.profit_e4, found.currency) if costs else None
        amount = money.of(sold.kept_e4, found.currency)
        return PulseSoldOut(sold.orders, sold.pieces, sold.delivered, amount, profit)

    def hour(n: int, now: Sold, then: Sold) -> PulseHourOut:
        amounts = [money.of(one.kept_e4, found.currency) for one in (now, then)]
        return PulseHourOut(n, now.orders, amounts[0], then.orders, amounts[1])

    hours = [hour(n, now, then) for n, (now, then) in enumerate(found.hours)]
    return PulseOut(found.day.isoformat(), of(found.today), of(found.then), hours)


ROUTES = [pulse_route]
