"""Purchases and callbacks that go wrong as they do in the trade: done and not said, said and not done."""

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from heapq import heappop, heappush
from itertools import accumulate, repeat
from random import Random
from typing import Any, Self, TypeVar

from commissary.simulators import calls as callbacks
from commissary.simulators.calls import Call
from commissary.simulators.shop import Order
from commissary.simulators.types import Asked, Said, Supplier

T = TypeVar("T")


class Lie(StrEnum):
    """What befalls one purchase. `none` is the truth."""

    none = "none"
    silent_before = "silent_before"
    silent_after = "silent_after"
    error_after = "error_after"
    page_before = "page_before"
    page_after = "page_after"
    truncated_after = "truncated_after"
    slow = "slow"
    price_jump = "price_jump"
    wrong_amount = "wrong_amount"
    wrong_count = "wrong_count"
    partial = "partial"
    reversed_after = "reversed_after"


_PAGE = Said(502, b"<html><body>502 Bad Gateway</body></html>", {"content-type": "text/html"})
_ERROR = Said(500, b'{"code":500}')


@dataclass
class Liar:
    """Takes its lies and its calls in turn, one of each per purchase; when they are used up it is honest.

    It has no clock: `pass_time` says how late it is, in seconds since it began, and in between nothing happens by itself.
    Orders are finished `takes_s` after they were placed (None: when they are asked about), taken back `later_s` after they
    were done, called back about through `deliver`. While it is `down`, or in one of its `outages`, nothing answers or moves.
    """

    supplier: Supplier
    lies: Iterable[Lie] = ()
    calls: Iterable[Call] = ()
    deliver: Callable[[Asked], object] | None = None
    seed: int = 0
    takes_s: float | None = None
    slow_s: float = 5.0
    later_s: float = 60.0
    late_s: float = 3600.0
    down: bool = False
    outages: Sequence[tuple[float, float]] = ()
    now_s: float = 0.0
    purchases: int = 0
    told: dict[str, int] = field(default_factory=dict)
    """How often each lie and each call befell one."""
    _lie: Lie = Lie.none
    _call: Call = Call.honest
    _placed: list[Order] = field(default_factory=list)
    _reversed: set[str] = field(default_factory=set)
    _called: dict[str, Call] = field(default_factory=dict)
    _due: list[tuple[float, int, Callable[[], object]]] = field(default_factory=list)
    _events: int = 0

    def __post_init__(self) -> None:
        self._lies, self._calls = iter(self.lies), iter(self.calls)
        self._chance = Random(self.seed)
        self.supplier.shop.placed, self.supplier.shop.moved = self._was_placed, self._has_moved

    @classmethod
    def weighted(
        cls,
        supplier: Supplier,
        shares: Mapping[Lie, float],
        seed: int,
        calls: Mapping[Call, float] | None = None,
        **more: Any,
    ) -> Self:
        """Drawn for each purchase: {Lie.silent_after: 0.15} lies so about 15 in 100. `calls` alike, on their own."""
        lies = _drawn(shares, Lie.none, Random(f"lies {seed}"))
        return cls(
            supplier, lies, _drawn(calls or {}, Call.honest, Random(f"calls {seed}")), seed=seed, **more
        )

    def answer(self, asked: Asked) -> Said | None:
        """None: silence."""
        if self.down or self._up_at(self.now_s) > self.now_s:
            return None
        if not self.supplier.buys(asked):
            return self.supplier.answer(asked)
        self.purchases += 1
        lie, call = next(self._lies, Lie.none), next(self._calls, Call.honest)
        self.told[lie] = self.told.get(lie, 0) + 1
        self.told[call] = self.told.get(call, 0) + 1
        if lie is Lie.silent_before:
            return None
        if lie is Lie.page_before:
            return _PAGE
        self._lie, self._call, self._placed = lie, call, []
        said = self._dearer(asked) if lie is Lie.price_jump else self.supplier.answer(asked)
        if call is Call.first:
            for order in self._placed:
                self.supplier.shop.finish(order)
            self.pass_time(self.now_s)
        if lie is Lie.silent_after:
            return None
        if lie is Lie.error_after:
            return _ERROR
        if lie is Lie.page_after:
            return _PAGE
        if lie is Lie.truncated_after:
            return replace(said, body=said.body[: len(said.body) // 2])
        return replace(said, after_s=self.slow_s) if lie is Lie.slow else said

    def pass_time(self, now_s: float) -> None:
        """Until then. What is due happens in its order; what is due in an outage, when that is over."""
        while self._due and self._due[0][0] <= now_s and not self.down:
            at_s, event, act = heappop(self._due)
            if (up_s := self._up_at(at_s)) > at_s:
                heappush(self._due, (up_s, event, act))
                continue
            self.now_s = max(self.now_s, at_s)
            act()
        self.now_s = max(self.now_s, now_s)

    def rest(self) -> None:
        """Until nothing more would happen by itself."""
        while self._due and not self.down:
            self.pass_time(self._due[0][0])

    def _was_placed(self, order: Order) -> None:
        """Before anybody is answered."""
        self._placed.append(order)
        if self._lie is Lie.wrong_amount:
            order.total_e4 *= 2
        elif self._lie is Lie.wrong_count:
            order.gives += 1 if self.purchases % 2 else -1
        elif self._lie is Lie.partial:
            order.ends, order.gives = "partial", order.quantity // 2
        elif self._lie is Lie.reversed_after:
            self._reversed.add(order.number)
        if self.takes_s is not None:
            self._at(self.takes_s, lambda: self.supplier.shop.finish(order))
        if self._call is not Call.honest:
            self._called[order.number] = self._call
        if self._call is Call.forged and (told := callbacks.forged(self.supplier, order)):
            self._send(0.0, told)

    def _has_moved(self, order: Order) -> None:
        if order.state == "done" and order.number in self._reversed:
            self._reversed.remove(order.number)
            self._at(self.later_s, lambda: self.supplier.shop.fail(order))
        call = self._called.pop(order.number, Call.honest)
        if self.deliver is not None:
            for after_s, told in callbacks.sent(call, self.supplier, order, self._chance, self.late_s):
                self._send(after_s, told)

    def _send(self, after_s: float, told: Asked) -> None:
        if (deliver := self.deliver) is not None:
            self._at(after_s, lambda: deliver(told))

    def _at(self, after_s: float, act: Callable[[], object]) -> None:
        self._events += 1
        heappush(self._due, (self.now_s + after_s, self._events, act))

    def _up_at(self, at_s: float) -> float:
        """When it answers again; `at_s` itself if it does then."""
        return max([until_s for from_s, until_s in self.outages if from_s <= at_s < until_s], default=at_s)

    def _dearer(self, asked: Asked) -> Said:
        """The price that was told is not the price any more, when it buys."""
        articles = list(self.supplier.shop.articles.values())
        prices = [article.price_e4 for article in articles]
        for article in articles:
            article.price_e4 += article.price_e4 // 2 + 1
        said = self.supplier.answer(asked)
        for article, price_e4 in zip(articles, prices, strict=True):
            article.price_e4 = price_e4
        return said


def _drawn(shares: Mapping[T, float], honest: T, chance: Random) -> Iterator[T]:
    """For ever; what the shares leave is honest."""
    if not all(share >= 0 for share in shares.values()) or not sum(shares.values()) <= 1 + 1e-9:
        raise ValueError("shares are between 0 and 1 together")
    names, limits = [*shares, honest], list(accumulate(shares.values()))
    return (names[min(bisect(limits, chance.random()), len(names) - 1)] for _ in repeat(None))
