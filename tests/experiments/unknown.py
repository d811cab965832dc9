"""X1: many lines bought from suppliers that do not say what they did, and an auditor who has their books.

One virtual second at a time: orders come in, everybody looks once, the suppliers' clocks move, their callbacks arrive when
they do. Four protocols, so that no rule of one stands in for all. Afterwards half an hour goes by without orders.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from commissary.base.errors import Refused
from commissary.catalog.types import FieldSpec
from commissary.orders.wire import OrderOut
from commissary.simulators import Asked, Call, Liar, Lie
from commissary.supply import offers
from commissary.supply.types import Request, Response, Silence, Unreadable
from commissary.tenancy.types import Caller
from make.orders import World
from make.supply import CARD, TOPUP, Supplier, Trade

LIES = {Lie.silent_after: 0.15, Lie.silent_before: 0.05, Lie.error_after: 0.05}
CALLS = {
    Call.duplicated: 0.05,
    Call.out_of_order: 0.05,
    Call.first: 0.02,
    Call.wrong: 0.01,
    Call.forged: 0.01,
}
SELLERS = {
    "kasushou": CARD,
    "kakayun": CARD,
    "kayixin": CARD,
    "lansexiongdi": TOPUP,
    "kasushou topup": TOPUP,
    "kakayun topup": TOPUP,
}
PHONE = FieldSpec("phone", "手机号", "Phone", type="phone", target=True)
OUTAGE_S = 300
AFTERWARDS_S = 1800
PATIENCE_S = 30.0


@dataclass
class Verdict:
    """What the auditor found; `outcomes` counts lines by what became of them."""

    lines: int
    doubles: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    wrong_amounts: list[int] = field(default_factory=list)
    forged: list[int] = field(default_factory=list)
    unresolved: list[int] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    """Unresolved, and not with people either."""
    outcomes: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def broken(self) -> dict[str, int]:
        """What must not be, with how often it was."""
        found = {
            "double purchases": len(self.doubles),
            "lost lines": len(self.lost),
            "wrong amounts accepted": len(self.wrong_amounts),
            "forged accepted": len(self.forged),
            "unresolved and not with people": len(self.unseen),
            "unresolved over 0.1 %": max(0, len(self.unresolved) - self.lines // 1000 - 1),
        }
        return {name: count for name, count in found.items() if count}


@dataclass
class Experiment:
    world: World
    lines: int
    per_s: int
    seed: int
    trade: Trade = field(init=False)
    second: int = 0
    _callbacks: list[tuple[str, Asked]] = field(default_factory=list)
    _heard: Counter[str] = field(default_factory=Counter)

    async def run(self) -> Verdict:
        began = asyncio.get_running_loop().time()
        self.trade = Trade(self.world)
        skus = {
            CARD: await self.world.sku(98_750),
            TOPUP: await self.world.sku(98_750, kind="topup", fields=(PHONE,)),
        }
        selling_s = -(-self.lines // self.per_s)
        for n, (seller, article) in enumerate(SELLERS.items()):
            await self._supplier(seller.split()[0], skus[article], article, 80_000 + n * 1_000, n, selling_s)
        for sku in skus.values():
            await offers.set_policy(
                self.world.env, self.world.actor, sku, strategy="weighted", tries=4, patience_s=604_800
            )
        await self.trade.buying.purchasing.reload(self.world.mall)
        buyer = await self.world.buyer(10 * self.lines + 1000)
        placed: list[int] = []
        while len(placed) < self.lines:
            count = min(self.per_s, self.lines - len(placed))
            made = await asyncio.gather(*(self._place(buyer, skus, len(placed) + n) for n in range(count)))
            placed += [int(order.id) for order in made if order is not None]
            await self._tick(1)
        for _ in range(AFTERWARDS_S // 5):
            await self._tick(5)
        verdict = await self._audit(placed)
        verdict.seconds = asyncio.get_running_loop().time() - began
        return verdict

    async def _place(self, buyer: Caller, skus: Mapping[int, int], n: int) -> OrderOut | None:
        """None: every supplier is paused, and the buyer is told at once."""
        try:
            if n % 2:
                return await self.world.place(buyer, skus[TOPUP], fields={"phone": f"139{n % 10**8:08d}"})
            return await self.world.place(buyer, skus[CARD])
        except Refused as refused:
            self._heard[f"orders refused: {refused.refusal.code}"] += 1
            return None

    async def _supplier(
        self, protocol: str, sku: int, article: int, price_e4: int, n: int, selling_s: int
    ) -> None:
        made = await self.trade.supplier(protocol, price_e4=price_e4, at_once=512, stock=10**9)
        shop = made.shop
        shop.sells_again = True
        made.liar = Liar.weighted(
            made.liar.supplier,
            LIES,
            self.seed * 100 + n,
            calls=CALLS,
            deliver=lambda told: self._callbacks.append((made.kept.callback_token, told)),
            takes_s=3.0,
            outages=[
                (selling_s // 5 * (n + 1), selling_s // 5 * (n + 1) + OUTAGE_S),
                (selling_s // 5 * (n + 1) + 2 * OUTAGE_S, selling_s // 5 * (n + 1) + 3 * OUTAGE_S),
            ],
        )
        made.answer = made.liar.answer
        made.send = lambda request: self._send(made, request)  # type: ignore[method-assign]
        await self.trade.offer(made, sku, article)

    async def _send(self, supplier: Supplier, request: Request) -> Response:
        """What is called back before the answer arrives before it."""
        url = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        said = supplier.answer(Asked(request.method, url.path, headers, request.body, url.query))
        while self._callbacks:
            await self._hear(*self._callbacks.pop(0))
        if said is None or said.after_s > PATIENCE_S:
            raise Silence
        return Response(said.status, said.body, dict(said.headers))

    async def _hear(self, token: str, told: Asked) -> None:
        try:
            await self.trade.buying.hear(token, told.headers, dict(parse_qsl(told.query)), told.body)
        except Refused as refused:
            self._heard[f"callback {refused.refusal.code}"] += 1
        except Unreadable:
            self._heard["callback unreadable"] += 1
        else:
            self._heard["callback heard"] += 1

    async def _tick(self, seconds: int) -> None:
        self.second += seconds
        self.world.travel(seconds=seconds)
        self.trade.clock_s += seconds
        for supplier in self.trade.suppliers.values():
            supplier.liar.pass_time(float(self.second))
        while self._callbacks:
            await self._hear(*self._callbacks.pop(0))
        buying, rounds, most = self.trade.buying, 0, 50
        while await buying.turn(self.world.mall):
            await buying.drain()
            rounds += 1
            # A supplier who comes back meets a queue: a round asks about a hundred purchases at most.
            if rounds == 50:
                most = 50 + await self._queued() // 50
            assert rounds < 50 or rounds < most, "nobody comes to rest"

    async def _queued(self) -> int:
        """Lines and questions whose turn it is."""
        found = await self.world.rows(
            """select (select count(*) from orders.line where home_id = %(home)s and state = 'waiting')
                 + (select count(*) from supply.attempt where home_id = %(home)s and next_at <= %(now)s)""",
            {"home": self.world.home, "now": self.world.env.now(self.world.mall)},
        )
        return int(found[0][0])

    async def _audit(self, placed: list[int]) -> Verdict:
        verdict = Verdict(len(placed))
        verdict.told += self._heard
        attempts: dict[int, list[tuple[Any, ...]]] = {}
        for row in await self.world.rows(
            """select order_id, id, connection_id, state, cost_e4, people_at is not null, reason
               from supply.attempt where home_id = %s order by id""",
            self.world.home,
        ):
            attempts.setdefault(row[0], []).append(row[1:])
        states = dict(
            await self.world.rows(
                "select order_id, state from orders.line where home_id = %s", self.world.home
            )
        )
        books = {id_: s.liar.supplier.shop.books() for id_, s in self.trade.suppliers.items()}
        by_ref = {
            id_: {order.ref: order for order in s.shop.orders.values()}
            for id_, s in self.trade.suppliers.items()
        }
        for supplier in self.trade.suppliers.values():
            verdict.told += Counter(supplier.liar.told)
        for order_id in placed:
            tried = attempts.get(order_id, [])
            verdict.outcomes[f"line {states.get(order_id, 'gone')}"] += 1
            for _, _, state, *_ in tried:
                verdict.outcomes[f"purchase {state}"] += 1
            # Bought and not given back, by the suppliers' own books.
            bought = sum(books[c].sold.get(str(id_), 0) for id_, c, *_ in tried)
            back = sum(
                1
                for id_, c, *_ in tried
                if (order := by_ref[c].get(str(id_))) is not None and order.state == "failed"
            )
            if bought - back > 1:
                verdict.doubles.append(order_id)
            open_ = [t for t in tried if t[2] in ("calling", "accepted", "unknown")]
            if states.get(order_id) not in ("delivered", "failed") and not open_:
                verdict.lost.append(order_id)
                verdict.outcomes[f"lost: {states.get(order_id)} after {[(t[2], t[5]) for t in tried]}"] += 1
            if open_:
                verdict.outcomes[f"open: {open_[0][2]} {open_[0][5]}"] += 1
                verdict.unresolved.append(order_id)
                if not open_[0][4]:
                    verdict.unseen.append(order_id)
            for id_, c, state, cost_e4, *_ in tried:
                order = by_ref[c].get(str(id_))
                if state == "succeeded" and (order is None or cost_e4 not in (None, order.paid_e4)):
                    (verdict.forged if order is None else verdict.wrong_amounts).append(order_id)
        return verdict
