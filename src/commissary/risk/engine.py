"""The judge: one per process, synchronous, no I/O. Counters here, what they mean in `rules`.

Velocity counts attempts: whoever keeps hammering stays over the limit. Caps count pieces of orders that were let
through; an order that then came to nothing (no money, no stock) gives its pieces back by `release`. An order with an
`order_key` is counted once, however often it is sent.

What judging costs: `commissary bench risk`.
"""

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from typing import Any

from commissary.base.env import Env
from commissary.risk import rules, store
from commissary.risk.counter import FINE, Counter, Room
from commissary.risk.types import (
    ALLOW,
    AnyLine,
    Cap,
    Entry,
    Facts,
    Hit,
    Listed,
    Quota,
    Rule,
    RuleAction,
    Velocity,
    Verdict,
)

CAPACITY = 500_000
RECENT = 32_768

# Where a counted party stands in `_values`. The last ones exist once per line.
_PLACE = {
    "key": 0,
    "buyer": 1,
    "ip": 2,
    "end_user_ip": 3,
    "device": 4,
    "everybody": 5,
    "target": 6,
    "sku_buyer": 7,
}
_FIRST_OF_LINE = 6
_Values = tuple[object, ...]
_Found = list[tuple[RuleAction, Hit]]
_NOTHING: frozenset[str] = frozenset()


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


@dataclass(frozen=True, slots=True)
class _Mall:
    """One mall's rules and lists as of an epoch. `fast_*`: the same as tuples, for orders of one line."""

    epoch: int
    lists: rules.Lists
    watch: Rule | None
    paces: tuple[_Pace, ...]
    caps: tuple[_Limit, ...]
    fast_paces: tuple[tuple[int, Callable[[Any, float], int], int, _Pace], ...]
    fast_caps: tuple[
        tuple[int, frozenset[int], bool, Callable[[Any, float, int], int] | None, int, _Limit], ...
    ]
    counters: dict[tuple[object, ...], Counter]
    place: dict[int, int]  # of each rule in the order of rules


@dataclass(slots=True)
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
        """The verdict over one order, counted once. Never awaits."""
        mall = self._malls.get(facts.mall_id) or self._by_default(facts.mall_id)
        self.judged += 1
        found: _Found = []
        waived: Set[str] = _NOTHING
        if not mall.lists.empty:
            denied, waived = _listed(mall, facts, found)
            if denied is not None:
                return denied
        key = facts.order_key
        if key:
            known = self._recent.get(key) or self._before.get(key)
            if known is not None:
                return known

        at_s = facts.at_s
        lines = facts.lines
        if len(lines) == 1:
            line = lines[0]
            values = _values(facts, line)
            for place, add, limit, pace in mall.fast_paces:
                party = values[place]
                if party:
                    count = add(party, at_s)
                    if count > limit:
                        _exceeded(found, pace, count, waived)
            for place, skus, each_sku, charge, most, cap in mall.fast_caps:
                party = values[place]
                if party and (not skus or line.sku_id in skus):
                    quantity = line.quantity
                    if each_sku:
                        party = (party, line.sku_id)
                    total = quantity if charge is None else charge(party, at_s, quantity)
                    if total > most:
                        found.append(_over(cap, party, total, quantity))
        else:
            self._judge_lines(mall, facts, found, waived)

        verdict = ALLOW
        if found:
            ranks = mall.place
            found.sort(key=lambda pair: ranks.get(pair[1].rule_id, -1))
            verdict = rules.judged(found)
            if verdict.action == "refuse":
                _take_back(mall, facts)
                return verdict
        if key:
            self._remember(key, verdict)
        return verdict

    def foresee(self, orders: Iterable[Facts]) -> list[Verdict]:
        """What `judge` would say of these orders, one after another, as things stand now. Counts nothing."""
        ahead: dict[tuple[int, Any], int] = {}
        return [self._foresee(facts, ahead) for facts in orders]

    def _foresee(self, facts: Facts, ahead: dict[tuple[int, Any], int]) -> Verdict:
        """`ahead`: what earlier orders of the same look would have added, by rule and party."""
        mall = self._malls.get(facts.mall_id) or self._by_default(facts.mall_id)
        found: _Found = []
        denied, waived = _listed(mall, facts, found)
        if denied is not None:
            return denied
        for pace in mall.paces:
            for party in _parties(pace.asked, facts):
                key = (pace.rule.id, party)
                ahead[key] = ahead.get(key, 0) + 1  # an attempt counts, whatever comes of it
                count = pace.counter.seen(party, facts.at_s) + ahead[key]
                if count > pace.asked.limit:
                    _exceeded(found, pace, count, waived)
        charged: list[tuple[tuple[int, Any], int]] = []
        for cap in mall.caps:
            for party, quantity in rules.cap_amounts(cap.asked, facts).items():
                key, count = (cap.rule.id, party), quantity
                if cap.counter is not None:
                    count += cap.counter.seen(party, facts.at_s) + ahead.get(key, 0)
                    charged.append((key, quantity))
                if count > cap.asked.quantity:
                    found.append(_over(cap, party, count, quantity))
        found.sort(key=lambda pair: mall.place.get(pair[1].rule_id, -1))
        verdict = rules.judged(found)
        if verdict.action != "refuse":  # what is refused takes no pieces from a cap
            for key, amount in charged:
                ahead[key] = ahead.get(key, 0) + amount
        return verdict

    def quotas(self, facts: Facts) -> list[Quota]:
        """The limits on that key and its buyer, and on everybody, as they stand now; those that only observe are nobody's matter."""
        mall = self._malls.get(facts.mall_id) or self._by_default(facts.mall_id)
        _, waived = _listed(mall, facts, [])
        values = dict(zip(_PLACE, _values(facts, None), strict=False))
        found: list[Quota] = []
        for pace in mall.paces:
            if pace.rule.action != "observe" and pace.asked.by in ("key", "buyer", "sku_buyer"):
                party = values.get(pace.asked.by)
                used = pace.counter.seen(party, facts.at_s) if party else None
                trusted = bool({"*", pace.asked.by} & waived)
                found.append(Quota(pace.rule, pace.asked.limit, used, trusted))
        for cap in mall.caps:
            if cap.rule.action != "observe" and cap.asked.per in ("key", "buyer", "everybody"):
                party = values[cap.asked.per]
                used = cap.counter.seen(party, facts.at_s) if cap.counter and not cap.asked.each_sku else None
                found.append(Quota(cap.rule, cap.asked.quantity, used))
        return found

    def _judge_lines(self, mall: _Mall, facts: Facts, found: _Found, waived: Set[str]) -> None:
        """As for one line, but each rule gives one hit: its worst."""
        for pace in mall.paces:
            counts = [pace.counter.add(party, facts.at_s) for party in _parties(pace.asked, facts)]
            count = max(counts, default=0)
            if count > pace.asked.limit:
                _exceeded(found, pace, count, waived)
        for cap in mall.caps:
            worst: tuple[int, Any, int] | None = None
            for party, quantity in rules.cap_amounts(cap.asked, facts).items():
                total = cap.counter.add(party, facts.at_s, quantity) if cap.counter else quantity
                if total > cap.asked.quantity and (worst is None or total > worst[0]):
                    worst = (total, party, quantity)
            if worst is not None:
                found.append(_over(cap, worst[1], worst[0], worst[2]))

    def release(self, facts: Facts) -> None:
        """The order was let through and came to nothing: its pieces return to the caps. Its attempt stays counted.
        Does nothing without an `order_key`, for a refused order, or a second time."""
        if self._recent.pop(facts.order_key, None) or self._before.pop(facts.order_key, None):
            mall = self._malls.get(facts.mall_id)
            if mall is not None:
                _take_back(mall, facts)

    def refill(self, mall: int, history: Iterable[Facts]) -> None:
        """The counters of a mall from nothing but these orders of the past, each of which is there once, without judging
        them: what this process counted itself is part of them, and what another counted it has not seen."""
        for counter in (self._malls.get(mall) or self._by_default(mall)).counters.values():
            counter.empty()
        for facts in sorted(history, key=lambda f: f.at_s):
            if facts.order_key:
                self._remember(facts.order_key, ALLOW)
            self._count(facts)

    def looks_back_s(self, mall: int) -> int:
        """The longest window of its rules."""
        known = self._malls.get(mall) or self._by_default(mall)
        windows = [pace.asked.window_s for pace in known.paces]
        return max([*windows, *(cap.asked.window_s for cap in known.caps)], default=0)

    def _count(self, facts: Facts) -> None:
        mall = self._malls.get(facts.mall_id) or self._by_default(facts.mall_id)
        for pace in mall.paces:
            for party in _parties(pace.asked, facts):
                pace.counter.add_late(party, facts.at_s)
        for cap in mall.caps:
            if cap.counter is not None:
                for party, quantity in rules.cap_amounts(cap.asked, facts).items():
                    cap.counter.add_late(party, facts.at_s, quantity)

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
        paces: list[_Pace] = []
        caps: list[_Limit] = []
        watch: Rule | None = None
        ordered = rules.in_order(written)
        for rule in ordered:
            asked = rule.params
            if isinstance(asked, Listed):
                watch = watch or rule
            elif isinstance(asked, Velocity):
                what: tuple[object, ...] = (rule.id, asked.by)
                counter = self._counter(kept, counters, what, asked.window_s, asked.limit)
                paces.append(_Pace(rule, asked, counter))
            elif asked.window_s:
                what = (rule.id, asked.per, asked.sku_ids, asked.each_sku)
                counter = self._counter(kept, counters, what, asked.window_s, asked.quantity)
                caps.append(_Limit(rule, asked, counter))
            else:
                caps.append(_Limit(rule, asked, None))
        lists = rules.Lists(
            (e, e.expires_at.timestamp() - offset_s if e.expires_at else None) for e in entries
        )
        self._malls[mall] = _Mall(
            epoch,
            lists,
            watch,
            tuple(paces),
            tuple(caps),
            tuple((_PLACE[p.asked.by], p.counter.add, p.asked.limit, p) for p in paces),
            tuple(
                (
                    _PLACE[c.asked.per],
                    frozenset(c.asked.sku_ids),
                    c.asked.each_sku,
                    c.counter.add if c.counter else None,
                    c.asked.quantity,
                    c,
                )
                for c in caps
            ),
            counters,
            {rule.id: i for i, rule in enumerate(ordered)},
        )
        for gone, counter in kept.items():
            if gone not in counters:
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

    def _remember(self, key: bytes, verdict: Verdict) -> None:
        if len(self._recent) >= RECENT:
            self._before, self._recent = self._recent, {}
        self._recent[key] = verdict

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


def _listed(mall: _Mall, facts: Facts, found: _Found) -> tuple[Verdict | None, Set[str]]:
    """A denial, or None with watch hits in `found`; and the dimensions whose rules are waived (`*`: all)."""
    denied: _Found = []
    waived: set[str] = set()
    for dimension, entry in mall.lists.match(facts):
        if entry.list == "deny":
            denied.append(("refuse", rules.listed_hit(0, "deny", dimension, entry)))
        elif entry.list == "watch":
            rule_id, action = (mall.watch.id, mall.watch.action) if mall.watch else (0, "observe")
            found.append((action, rules.listed_hit(rule_id, "watch", dimension, entry)))
        elif dimension in ("buyer", "key"):
            waived.add("*")
        else:
            waived.add(dimension)
    return (rules.judged(denied) if denied else None), waived


def _exceeded(found: _Found, pace: _Pace, count: int, waived: Set[str]) -> None:
    asked = pace.asked
    if "*" in waived or asked.by in waived:
        return
    saw = {"dimension": asked.by, "count": count, "limit": asked.limit, "window_s": asked.window_s}
    found.append((pace.rule.action, Hit(pace.rule.id, "risk_velocity", saw)))


def _over(cap: _Limit, party: Any, total: int, quantity: int) -> tuple[RuleAction, Hit]:
    asked = cap.asked
    saw: dict[str, Any] = {
        "dimension": asked.per,
        "count": total,
        "limit": asked.quantity,
        "window_s": asked.window_s,
        "left": max(0, asked.quantity - total + quantity),
    }
    if asked.each_sku:
        saw["sku_id"] = str(party[1])
    return cap.rule.action, Hit(cap.rule.id, "risk_cap", saw)


def _take_back(mall: _Mall, facts: Facts) -> None:
    for cap in mall.caps:
        if cap.counter is not None:
            for party, quantity in rules.cap_amounts(cap.asked, facts).items():
                cap.counter.take_back(party, facts.at_s, quantity)


def _values(facts: Facts, line: AnyLine | None) -> _Values:
    """Whom an order can be counted for, by `_PLACE`."""
    ip, end_user_ip, buyer = facts.ip, facts.end_user_ip, facts.buyer_id
    if ":" in ip:
        ip = rules.network_of(ip)
    if end_user_ip and ":" in end_user_ip:
        end_user_ip = rules.network_of(end_user_ip)
    if line is None:
        return (facts.key_id, buyer, ip, end_user_ip, facts.device_id, "*")
    return (
        facts.key_id,
        buyer,
        ip,
        end_user_ip,
        facts.device_id,
        "*",
        line.target,
        (line.sku_id, buyer),
    )


def _parties(asked: Velocity, facts: Facts) -> list[Any]:
    """Whom an order counts for under a rule; somebody of whom two lines speak counts twice."""
    place = _PLACE[asked.by]
    if place < _FIRST_OF_LINE:
        party = _values(facts, None)[place]
        return [party] if party else []
    return [party for line in facts.lines if (party := _values(facts, line)[place])]
