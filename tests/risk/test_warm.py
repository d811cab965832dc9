"""A process that begins to judge knows what came before it."""

from collections.abc import Sequence

from commissary import risk
from commissary.base.env import Env
from commissary.risk import Engine
from commissary.risk.types import Cap, Facts, Line, Rule, Velocity
from make.tenancy import House


class Past:
    """Orders of a device, one a second until now; what was asked for."""

    def __init__(self, house: House, count: int) -> None:
        now_s = house.clock.now.timestamp()
        self.orders = [
            Facts(house.mall, 9, "ck", "", now_s - n, (Line(5, 1),), device_id="d", order_key=b"%d" % n)
            for n in range(count)
        ]
        self.asked: list[tuple[int, float, int]] = []

    async def read(self, env: Env, mall: int, since_s: float, most: int) -> Sequence[Facts]:
        self.asked.append((mall, env.clock().timestamp() - since_s, most))
        return [facts for facts in self.orders if facts.at_s >= since_s][:most]


def next_order(house: House) -> Facts:
    at_s = house.clock.now.timestamp() + 1
    return Facts(house.mall, 9, "ck", "", at_s, (Line(5, 1),), device_id="d", order_key=b"next")


async def test_the_eleventh_is_held_though_ten_were_counted_elsewhere(house: House) -> None:
    cold, warmed, past = Engine(), Engine(), Past(house, 10)
    assert cold.judge(next_order(house)).action == "allow"
    assert await risk.warm(house.env, warmed, house.mall, past.read) == 10
    assert past.asked == [(house.mall, 60, 100_000)]
    assert warmed.judge(next_order(house)).action == "review"


async def test_it_reads_as_far_back_as_the_longest_window(house: House) -> None:
    engine, past = Engine(), Past(house, 400)
    velocity = Rule(1, "频", "Pace", "velocity", Velocity("device", 1_000, 10), "review", True)
    cap = Rule(2, "限", "Cap", "cap", Cap("buyer", 60, 300), "refuse", True)
    engine.install(house.mall, [velocity, cap])
    assert await risk.warm(house.env, engine, house.mall, past.read) == 301
    assert past.asked == [(house.mall, 300, 100_000)]
    assert engine.judge(next_order(house)).hits[0].code == "risk_cap"


async def test_a_lane_that_comes_back_is_counted_anew_and_not_twice(house: House) -> None:
    engine, past = Engine(), Past(house, 6)
    for facts in reversed(past.orders[3:]):  # three were placed here, three by another process meanwhile
        engine.judge(facts)
    for _ in range(2):
        await risk.warm(house.env, engine, house.mall, past.read)
    for n in range(4):
        assert engine.judge(_numbered(house, n)).action == "allow"
    assert engine.judge(_numbered(house, 4)).action == "review"


async def test_a_mall_without_windows_asks_nothing(house: House) -> None:
    engine, past = Engine(), Past(house, 3)
    engine.install(house.mall, [Rule(2, "限", "Cap", "cap", Cap("buyer", 3, 0), "refuse", True)])
    assert await risk.warm(house.env, engine, house.mall, past.read) == 0
    assert past.asked == []


def _numbered(house: House, n: int) -> Facts:
    at_s = house.clock.now.timestamp() + 1 + n / 10
    return Facts(house.mall, 9, "ck", "", at_s, (Line(5, 1),), device_id="d", order_key=b"new-%d" % n)
