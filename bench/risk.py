"""What judging an order costs: the engine alone, with eight rules at work, in one thread and without a database.

CPU time, so that what else runs on the machine counts little; p50 and p99 are by the wall clock and count it. The last
figure is what a flood of strangers costs in memory.
"""

import gc
import os
import platform
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable
from random import Random

import msgspec
from rich.console import Console
from rich.table import Table

from bench import machine
from commissary.cli import reach
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


def wall_us(judge: Callable[[Facts], Verdict], percentile: int) -> float:
    """Of single judgements by the wall clock: what an order waits longer because of risk."""
    took: list[int] = []
    for first in range(0, ORDERS, 1000):
        for facts in orders(1000, first):
            start = time.perf_counter_ns()
            judge(facts)
            took.append(time.perf_counter_ns() - start)
    took.sort()
    return took[len(took) * percentile // 100] / 1_000


def engine(rules: Iterable[Rule] = EIGHT, capacity: int = 500_000) -> Engine:
    made = Engine(capacity)
    made.install(1, rules)
    return made


def bytes_per_party(count: int = 200_000) -> float:
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


class Machine(msgspec.Struct, frozen=True):
    cpu: str
    cores: int
    python: str


class Result(msgspec.Struct, frozen=True):
    """Medians over the rounds, µs."""

    machine: Machine
    rounds: int
    unknown_end_users_us: float
    known_end_users_us: float
    sent_twice_us: float
    p50_us: float
    p99_us: float
    bytes_per_party: float


SIDES: dict[str, tuple[str, Callable[[], float]]] = {
    "unknown_end_users_us": (
        "CPU µs an order, end users unknown",
        lambda: cpu_us(engine().judge, end_users=None),
    ),
    "known_end_users_us": (
        "CPU µs an order, end users known: three parties never seen before",
        lambda: cpu_us(engine().judge),
    ),
    "sent_twice_us": (
        "CPU µs a judgement, each order sent twice",
        lambda: cpu_us(engine().judge, times=2),
    ),
    "p50_us": ("wall clock µs, p50 of single judgements", lambda: wall_us(engine().judge, 50)),
    "p99_us": ("wall clock µs, p99 of single judgements", lambda: wall_us(engine().judge, 99)),
}


def run(rounds: int, as_json: bool) -> Result:
    """Measures and prints: every side once per round, in a random order."""
    taken: dict[str, list[float]] = {name: [] for name in SIDES}
    with reach.progress() as bar:
        task = bar.add_task("rounds", total=rounds * len(SIDES))
        for _ in range(rounds):
            for name in random.sample(list(SIDES), len(SIDES)):
                taken[name].append(SIDES[name][1]())
                bar.advance(task)
    result = Result(
        machine=Machine(machine.cpu_model(), len(os.sched_getaffinity(0)), platform.python_version()),
        rounds=rounds,
        bytes_per_party=round(bytes_per_party()),
        **{name: round(statistics.median(values), 2) for name, values in taken.items()},
    )
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        sys.stdout.flush()
        return result
    table = Table("", "median", title=f"{len(EIGHT)} rules, {rounds} rounds of {ORDERS:,} orders")
    table.columns[1].justify = "right"
    for name, (told, _) in SIDES.items():
        table.add_row(told, f"{getattr(result, name):,.2f}")
    table.add_row("bytes, a party seen once, its name included", f"{result.bytes_per_party:,.0f}")
    Console().print(table)
    return result
