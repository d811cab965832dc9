"""What suppliers' answers come to: for their purchases, for the lines they were made for, for the codes that came. A batch of
answers is decided on one page, under the locks of its orders and attempts, and written by `buy.py` in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from commissary import stock, supply
from commissary.base import db
from commissary.base.env import Env
from commissary.fulfilment import fix, restock_buy
from commissary.fulfilment.types import Action
from commissary.orders.types import Change, Deliver, LineNow, Move, OrderNow, Reverse
from commissary.stock.types import Code
from commissary.supply import rules
from commissary.supply.types import Attempt, Heard, Result, Unread

Log = tuple[int, int, Action]


class Answer(msgspec.Struct, frozen=True):
    """What was heard about a purchase, on its way into the books."""

    attempt_id: int
    order_id: int
    result: Result
    heard: Heard
    for_stock: bool = False

    @classmethod
    def about(cls, attempt: Attempt, result: Result, heard: Heard) -> "Answer":
        return cls(attempt.id, attempt.order_id, result, heard, attempt.line_no < 1)


@dataclass
class Page:
    """What a batch of answers comes to, before anything is written."""

    market: supply.Market
    orders: Mapping[int, OrderNow]
    now: datetime
    shelf: restock_buy.Shelf
    asking: fix.Asking
    changes: list[Change] = field(default_factory=list)
    booked: list[tuple[Attempt, Attempt]] = field(default_factory=list)
    told: list[Log] = field(default_factory=list)
    later: list[Answer] = field(default_factory=list)
    back: bool = False  # a line waits again: another supplier may be asked
    delivered: list[tuple[Attempt, Attempt, stock.Bought]] = field(default_factory=list)
    surplus: list[tuple[Attempt, stock.Bought]] = field(default_factory=list)
    doubtful: list[stock.Bought] = field(default_factory=list)
    unread: dict[int, tuple[Unread, ...]] = field(default_factory=dict)
    _lines: set[tuple[int, int]] = field(default_factory=set)

    def add(self, answer: Answer, attempt: Attempt | None) -> None:
        if attempt is None:
            return
        place = (attempt.order_id, attempt.line_no)
        if place in self._lines:
            self.later.append(answer)
            return
        self._lines.add(place)
        if answer.result.unread:
            self.unread[attempt.id] = answer.result.unread
        held = self.market.sent_to(attempt)
        next_ = supply.after(attempt, held, answer.result, answer.heard, self.now)
        after, codes = next_.attempt, tuple(Code(c.secret, c.number) for c in next_.codes)
        if after == attempt:
            return
        line = self._line(place)
        bought = stock.Bought(attempt.id, attempt.sku_id, codes)
        if attempt.line_no < 1:
            self._add_for_stock(attempt, after, bought)
            return
        if after.state == "succeeded" and line is not None and line.state == "working":
            quantity = len(codes) if attempt.kind == "code" else attempt.quantity
            receipt = after.supplier_ref if attempt.kind == "topup" else ""
            self.changes.append(Deliver(*place, quantity, codes, receipt, supply.cost_at_home_e4(after)))
            if codes:
                self.delivered.append((attempt, after, bought))
        elif after.state in ("succeeded", "surplus"):
            # The line is no longer waiting for it: what was bought is ours.
            after = rules.replace(after, state="surplus", people_at=None if codes else self.now)
            if codes:
                self.surplus.append((after, bought))
        elif codes:
            self.doubtful.append(bought)
        elif after.state == "failed" and attempt.state == "succeeded":
            if line is not None and line.state in ("delivered", "partial"):
                self.changes.append(Reverse(*place, "reversed_by_supplier"))
        elif after.state == "failed" and line is not None and line.state == "working":
            asked = self.asking.change(after, self.now)
            self.changes.append(asked or Move(*place, "waiting"))
            self.back = self.back or asked is None
        elif attempt.state == "calling":
            self.told.append((*place, Action.asking))
        self.booked.append((attempt, after))

    def _add_for_stock(self, attempt: Attempt, after: Attempt, bought: stock.Bought) -> None:
        """Goods that a plan wants; late ones too, and those of a part that was bought elsewhere meanwhile."""
        after = self.shelf.add(attempt, after, bought)
        if after.state == "surplus":
            after = rules.replace(after, people_at=None if bought.codes else self.now)
        elif after.state != "succeeded" and bought.codes:
            self.doubtful.append(bought)
        self.booked.append((attempt, after))

    async def check_codes(self, tx: db.Tx, env: Env, mall: int) -> None:
        """A code that was here before is not delivered: its purchase waits for a person, and so does its line."""
        both = [bought for _, _, bought in self.delivered] + [bought for _, bought in self.surplus]
        both += [bought for _, bought in self.shelf.goods]
        if not both:
            return
        known = await stock.known_codes(tx, env, mall, both)
        for attempt, after, bought in self.delivered:
            if bought.id in known:
                place = (attempt.order_id, attempt.line_no)
                self.changes = [c for c in self.changes if (c.order_id, c.line_no) != place]
                doubt = rules.replace(
                    after, state="unknown", reason="code_known", people_at=self.now, ended_at=None
                )
                self.booked = [(was, doubt if was.id == attempt.id else now) for was, now in self.booked]
                self.doubtful.append(bought)
        self.delivered = [d for d in self.delivered if d[2].id not in known]
        for after, bought in self.surplus:
            if bought.id in known:
                doubt = rules.replace(after, reason="code_known", people_at=self.now)
                self.booked = [(was, doubt if was.id == after.id else now) for was, now in self.booked]
                self.doubtful.append(bought)
        self.surplus = [s for s in self.surplus if s[1].id not in known]
        for after, bought in [g for g in self.shelf.goods if g[1].id in known]:
            self.shelf.doubt(after)
            doubt = rules.replace(after, reason="code_known", people_at=self.now)
            if after.state == "succeeded":
                doubt = rules.replace(doubt, state="unknown", ended_at=None)
            self.booked = [(was, doubt if was.id == after.id else now) for was, now in self.booked]
            self.doubtful.append(bought)
        await stock.claim_codes(tx, env, mall, [bought for _, _, bought in self.delivered])

    async def keep_unread(self, tx: db.Tx, env: Env, home: int) -> None:
        """Also of answers that change nothing."""
        await supply.keep_unread(tx, env, home, self.unread)

    async def keep_codes(self, tx: db.Tx, env: Env, home: int) -> None:
        """What nobody waits for any more goes on the shelf; what is in doubt is kept, sealed, for whoever decides."""
        await supply.keep_answers(tx, env, home, self.doubtful)
        for after, bought in self.surplus:
            await stock.receive(
                tx,
                env,
                home,
                bought,
                supplier_id=after.supplier_id,
                unit_cost_e4=supply.cost_at_home_e4(after) // max(1, len(bought.codes)),
                currency=self.market.currency,
                source=f"surplus of purchase {after.id}",
            )

    def _line(self, place: tuple[int, int]) -> LineNow | None:
        order = self.orders.get(place[0])
        if order is None:
            return None
        return next((line for line in order.lines if line.line_no == place[1]), None)
