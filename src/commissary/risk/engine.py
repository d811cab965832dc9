"""The judge: one per process, synchronous, no I/O. Counters here, what they mean in `rules`.

Velocity counts attempts: whoever keeps hammering stays over the limit. Caps count pieces of orders that were let
through; an order that then came to nothing (no money, no stock) gives its pieces back by `release`. An order with an
`order_key` is counted once, however often it is sent.

Cost, measured by `tests/risk/measure.py`: see its docstring.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from commissary.base.env import Env
from commissary.risk import rules, store
from commissary.risk.counter import FINE, Counter, Room
from commissary.risk.types import (
    ALLOW,
    Cap,
    Entry,
    Facts,
    Hit,
    Listed,
    Rule,
    RuleAction,
    Velocity,
    Verdict,
)

CAPACITY = 500_000
RECENT = 32_768

_SINGLE = {"key": 0, "buyer": 1, "ip": 2, "end_user_ip": 3, "device": 4}
_Found = list[tuple[RuleAction, Hit]]


@dataclass(frozen=True, slots=True)
class _Pace:
    """A velocity rule at work."""

    rule: Rule
    asked: Velocity
    counter: Counter


@dataclass(frozen=True, slots=True)
class _Limit:
    """A cap at work; without a counter it looks at one order alone."""

    rule: Rule
    asked: Cap
    counter: Counter | None


@dataclass(frozen=True)
class _Mall:
    """One mall's rules and lists as of an epoch, arranged for the hot path."""

    epoch: int
    lists: rules.Lists
    watch: Rule | None
    by_order: tuple[tuple[int, Callable[[Any, float], int], int, _Pace], ...]
    by_line: tuple[_Pace, ...]
    caps: tuple[_Limit, ...]
    counters: dict[tuple[object, ...], Counter]
    place: dict[int, int]  # of each rule in the order of rules


@dataclass
class Engine:
    """`capacity`: how many counted parties are remembered at most, over all malls and rules."""

    capacity: int = CAPACITY
    room: Room = field(init=False)
    judged: int = 0
    _malls: dict[int, _Mall] = field(default_factory=dict)
    _recent: dict[bytes, Verdict] = field(default_factory=dict)
    _before: dict[bytes, Verdict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.room = Room(self.capacity)

    def judge(self, facts: Facts) -> Verdict:
        """The verdict over one order, counted once. Never awaits, never raises for odd facts."""
        mall = self._malls.get(facts.mall_id) or self._by_default(facts.mall_id)
        self.judged += 1
        found: _Found = []
        waived: set[str] = set()
        if not mall.lists.empty:
            denied = _listed(mall, facts, found, waived)
            if denied is not None:
                return denied
        key = facts.order_key
        if key:
            known = self._recent.get(key) or self._before.get(key)
            if known is not None:
                return known

        at_s = facts.at_s
        ip, end_user_ip = facts.ip, facts.end_user_ip
        if ":" in ip:
            ip = rules.network_of(ip)
        if end_user_ip and ":" in end_user_ip:
            end_user_ip = rules.network_of(end_user_ip)
        values = (facts.key_id, facts.buyer_id, ip, end_user_ip, facts.device_id)
        for index, add, limit, pace in mall.by_order:
            value = values[index]
            if value:
                count = add(value, at_s)
                if count > limit:
                    _exceeded(found, pace, count, waived)
        for pace in mall.by_line:
            most = 0
            for party in _parties(pace.asked, facts):
                most = max(most, pace.counter.add(party, at_s))
            if most > pace.asked.limit:
                _exceeded(found, pace, most, waived)

        charges: list[tuple[Counter, Any, int]] = []
        for limit_ in mall.caps:
            _charge(limit_, facts, found, charges)
        if len(found) > 1:
            place = mall.place
            found.sort(key=lambda pair: place.get(pair[1].rule_id, -1))
        verdict = rules.judged(found) if found else ALLOW
        if verdict.action != "refuse":
            for counter, party, quantity in charges:
                counter.add(party, at_s, quantity)
            if key:
                if len(self._recent) >= RECENT:
                    self._before, self._recent = self._recent, {}
                self._recent[key] = verdict
        return verdict

    def release(self, facts: Facts) -> None:
        """The order was let through and came to nothing: its pieces return to the caps. Its attempt stays counted.
        Does nothing without an `order_key`, for a refused order, or a second time."""
        if self._recent.pop(facts.order_key, None) or self._before.pop(facts.order_key, None):
            mall = self._malls.get(facts.mall_id)
            for limit in mall.caps if mall else ():
                if limit.counter is not None:
                    for party, quantity in rules.cap_amounts(limit.asked, facts).items():
                        limit.counter.take_back(party, facts.at_s, quantity)

    def replay(self, history: Iterable[Facts]) -> None:
        """Count orders of the past without judging them: a warm start, before the first `judge`."""
        for facts in sorted(history, key=lambda f: f.at_s):
            mall = self._malls.get(facts.mall_id) or self._by_default(facts.mall_id)
            if facts.order_key:
                if facts.order_key in self._recent or facts.order_key in self._before:
                    continue
                if len(self._recent) >= RECENT:
                    self._before, self._recent = self._recent, {}
                self._recent[facts.order_key] = ALLOW
            end_user_ip = rules.network_of(facts.end_user_ip) if facts.end_user_ip else None
            values = (
                facts.key_id,
                facts.buyer_id,
                rules.network_of(facts.ip),
                end_user_ip,
                facts.device_id,
            )
            for index, _, _, pace in mall.by_order:
                if values[index]:
                    pace.counter.add_late(values[index], facts.at_s)
            for pace in mall.by_line:
                for party in _parties(pace.asked, facts):
                    pace.counter.add_late(party, facts.at_s)
            for limit in mall.caps:
                if limit.counter is not None:
                    for party, quantity in rules.cap_amounts(limit.asked, facts).items():
                        limit.counter.add_late(party, facts.at_s, quantity)

    async def reload(self, env: Env, mall: int, epoch: int) -> None:
        """Rules and lists as they are now, read in one transaction. Counters of rules that still count the same go on;
        orders judged meanwhile see the old rules or the new ones, never a mixture."""
        known = self._malls.get(mall)
        if known is not None and known.epoch > epoch:
            return
        async with env.db.transaction(mall) as tx:
            await tx.execute("set transaction isolation level repeatable read")
            written = await store.rules_of(tx, mall)
            entries = await store.entries_of(tx, mall, env.now(mall))
        known = self._malls.get(mall)
        if known is None or known.epoch <= epoch:
            self.install(mall, written or rules.DEFAULT_RULES, entries, epoch, env.offsets.get(mall, 0))

    def install(
        self,
        mall: int,
        written: Iterable[Rule],
        entries: Iterable[Entry] = (),
        epoch: int = 0,
        offset_s: float = 0,
    ) -> None:
        """Put these rules and lists to work. `offset_s`: how far the mall's clock is ahead of `Facts.at_s`."""
        before = self._malls.get(mall)
        kept = before.counters if before else {}
        counters: dict[tuple[object, ...], Counter] = {}
        by_order: list[tuple[int, Callable[[Any, float], int], int, _Pace]] = []
        by_line: list[_Pace] = []
        caps: list[_Limit] = []
        watch: Rule | None = None
        ordered = rules.in_order(written)
        for rule in ordered:
            asked = rule.params
            if isinstance(asked, Listed):
                watch = watch or rule
            elif isinstance(asked, Velocity):
                counted = self._counter(kept, counters, (rule.id, asked.by), asked.window_s, asked.limit)
                pace = _Pace(rule, asked, counted)
                if asked.by in _SINGLE:
                    by_order.append((_SINGLE[asked.by], counted.add, asked.limit, pace))
                else:
                    by_line.append(pace)
            elif asked.window_s:
                what = (rule.id, asked.per, asked.sku_ids, asked.each_sku)
                counted = self._counter(kept, counters, what, asked.window_s, asked.quantity)
                caps.append(_Limit(rule, asked, counted))
            else:
                caps.append(_Limit(rule, asked, None))
        lists = rules.Lists(
            (e, e.expires_at.timestamp() - offset_s if e.expires_at else None) for e in entries
        )
        self._malls[mall] = _Mall(
            epoch,
            lists,
            watch,
            tuple(by_order),
            tuple(by_line),
            tuple(caps),
            counters,
            {rule.id: i for i, rule in enumerate(ordered)},
        )
        for what_counted, counter in kept.items():
            if what_counted not in counters:
                counter.leave()

    def sweep(self, at_s: float, most: int = 20_000) -> None:
        """Forget who has nothing left that counts. Call every few seconds; takes a few milliseconds at most."""
        for counter in tuple(self.room.counters):
            counter.sweep(at_s)
        self.room.free(most)

    def stats(self) -> dict[str, int]:
        """For metrics."""
        return {
            "judged": self.judged,
            "entities": self.room.entities,
            "capacity": self.capacity,
            "evicted": self.room.evicted,
            "malls": len(self._malls),
        }

    def _by_default(self, mall: int) -> _Mall:
        """A mall that was not read yet is judged by the default rules rather than not at all."""
        self.install(mall, rules.DEFAULT_RULES, epoch=-1)
        return self._malls[mall]

    def _counter(
        self,
        kept: dict[tuple[object, ...], Counter],
        counters: dict[tuple[object, ...], Counter],
        what: tuple[object, ...],
        window_s: int,
        limit: int,
    ) -> Counter:
        what = (*what, window_s, limit <= FINE)
        counter = kept.get(what)
        if counter is None:
            counter = Counter(window_s, limit, self.room)
        else:
            counter.fit(window_s, limit)
        counters[what] = counter
        return counter


def _listed(mall: _Mall, facts: Facts, found: _Found, waived: set[str]) -> Verdict | None:
    """A denial, or None with watch hits in `found` and in `waived` the dimensions whose rules are asked in vain."""
    denied: list[tuple[RuleAction, Hit]] = []
    for dimension, entry in mall.lists.match(facts):
        if entry.list == "deny":
            denied.append(("refuse", rules.listed_hit(0, "deny", dimension, entry)))
        elif entry.list == "watch":
            rule_id, action = (mall.watch.id, mall.watch.action) if mall.watch else (0, "observe")
            found.append((action, rules.listed_hit(rule_id, "watch", dimension, entry)))
        else:
            waived.add(dimension)
    if "buyer" in waived or "key" in waived:
        waived.add("*")
    return rules.judged(denied) if denied else None


def _exceeded(found: _Found, pace: _Pace, count: int, waived: set[str]) -> None:
    asked = pace.asked
    if waived and ("*" in waived or asked.by in waived):
        return
    saw = {"dimension": asked.by, "count": count, "limit": asked.limit, "window_s": asked.window_s}
    found.append((pace.rule.action, Hit(pace.rule.id, "risk_velocity", saw)))


def _parties(asked: Velocity, facts: Facts) -> list[Any]:
    if asked.by == "target":
        return [line.target for line in facts.lines if line.target]
    return [(line.sku_id, facts.buyer_id) for line in facts.lines]


def _charge(limit: _Limit, facts: Facts, found: _Found, charges: list[tuple[Counter, Any, int]]) -> None:
    """The worst overstepping of this cap becomes one hit; what to count is left for after the verdict."""
    asked, counter = limit.asked, limit.counter
    worst: dict[str, Any] = {}
    for party, quantity in rules.cap_amounts(asked, facts).items():
        before = 0
        if counter is not None:
            before = counter.seen(party, facts.at_s)
            charges.append((counter, party, quantity))
        total = before + quantity
        if total > asked.quantity and total > worst.get("count", 0):
            worst = {
                "dimension": asked.per,
                "count": total,
                "limit": asked.quantity,
                "window_s": asked.window_s,
                "left": max(0, asked.quantity - before),
            }
            if asked.each_sku:
                worst["sku_id"] = str(party[1])
    if worst:
        found.append((limit.rule.action, Hit(limit.rule.id, "risk_cap", worst)))
