"""What judging costs: `python tests/risk/measure.py`. CPU time of one thread, best of five.

On a shared two-core EPYC machine with Python 3.11, load average 2 to 3, lowest and highest of several runs (the order
path as a whole has 90 µs):

    8 rules, end users unknown                     3.5 to 5.1 µs an order
    8 rules, end users known                       5.5 to 8.2 µs an order: three parties never seen before
    8 rules, end users known, each order sent twice 4.2 to 4.7 µs a judgement
    a party seen once, its name included             134 bytes
"""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterable
from random import Random

import msgspec

from commissary.risk import Engine
from commissary.risk.rules import DEFAULT_RULES
from commissary.risk.types import Cap, Facts, Line, Rule, Velocity, Verdict

ORDERS = 100_000
EIGHT: tuple[Rule, ...] = (
    *DEFAULT_RULES[1:],
    Rule(8, "同款高频", "Same SKU again", "velocity", Velocity("sku_buyer", 20_000, 60), "review", True),
    Rule(9, "每客户每天", "Per buyer and day", "cap", Cap("buyer", 10_000_000, 86_400), "refuse", True),
)


def orders(count: int, first: int = 0, *, end_users: int | None = 1_000_000) -> list[Facts]:
    """Distributors' traffic: 200 buyers, their end users spread wide, 10,000 orders a second."""
    random = Random(first)
    made = []
    for i in range(first, first + count):
        buyer = int(random.paretovariate(1.2)) % 200 + 1
        facts = Facts(
            mall_id=1,
            buyer_id=buyer,
            key_id=f"ck_1_{buyer:012}",
            ip=f"192.0.2.{buyer}",
            at_s=1_800_000_000 + i / 10_000,
            lines=(Line(random.randrange(1, 500), 1),),
            order_key=i.to_bytes(32, "big"),
        )
        if end_users:
            user = random.randrange(end_users)
            facts = msgspec.structs.replace(
                facts,
                lines=(Line(facts.lines[0].sku_id, 1, user.to_bytes(16, "big")),),
                end_user_ip=f"10.{user >> 16 & 255}.{user >> 8 & 255}.{user & 255}",
                device_id=f"device-{user:08}",
            )
        made.append(facts)
    return made


def cpu_us(judge: Callable[[Facts], Verdict], *, end_users: int | None = 1_000_000, times: int = 1) -> float:
    """Per order. The questions come in small parts, warm in the cache as they are when just parsed."""
    spent = 0.0
    for first in range(0, ORDERS, 1000):
        asked = orders(1000, first, end_users=end_users)
        start = time.process_time()
        for facts in asked:
            for _ in range(times):
                judge(facts)
        spent += time.process_time() - start
    return spent / ORDERS / times * 1e6


def p99_us(judge: Callable[[Facts], Verdict]) -> float:
    """Of single judgements by the wall clock: what an order waits longer because of risk."""
    took: list[int] = []
    for first in range(0, ORDERS, 1000):
        for facts in orders(1000, first):
            start = time.perf_counter_ns()
            judge(facts)
            took.append(time.perf_counter_ns() - start)
    took.sort()
    return took[len(took) * 99 // 100] / 1_000


def engine(rules: Iterable[Rule] = EIGHT, capacity: int = 500_000) -> Engine:
    made = Engine(capacity)
    made.install(1, rules)
    return made


def bytes_per_entity(count: int = 200_000) -> float:
    """Of parties seen once, their names included: what a flood of strangers costs."""
    judge = engine([DEFAULT_RULES[5]], count * 2)
    gc.collect()
    tracemalloc.start()
    for i in range(count):
        device = f"device-{i:08}"
        judge.judge(Facts(1, 1, "k", "192.0.2.1", 1_800_000_000 + i / 10_000, (), device_id=device))
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / judge.room.entities


def main() -> None:
    for name, end_users, times in (
        ("end users unknown", None, 1),
        ("end users known", 1_000_000, 1),
        ("end users known, each order sent twice", 1_000_000, 2),
    ):
        best = min(cpu_us(engine().judge, end_users=end_users, times=times) for _ in range(3))
        print(f"8 rules, {name:40} {best:6.2f} µs an order")
    p99 = min(p99_us(engine().judge) for _ in range(3))
    print(f"8 rules, end users known, p99 of a judgement     {p99:6.2f} µs an order")
    print(f"a party seen once, its name included {bytes_per_entity():16.0f} bytes")


if __name__ == "__main__":
    main()
