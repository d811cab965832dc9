"""What becomes of lines after placement: the one place that changes them. Gather → decide → write, in one transaction.

Locks: orders in id order, then accounts, then lots, each in id order, then the outbox head. Placing takes accounts
before lots too and never touches an order that exists, so the two never wait for each other crosswise. Two workers on
one line: the order's lock lets one in; the other finds a state that does not allow it.

Writes, by the doors and SQL functions that own them: orders (lines, takes, deliveries, orders), ledger (holds captured
and released, refunds), stock (lot counters), provenance (one leaf per delivery or reversal), tenancy (audit), base (one
outbox row). Publishes `order.delivered`, `order.partially_delivered`, `order.failed`, `order.cancelled`,
`order.reversed`, `order.refunded`, `order.fix_requested`, `order.released` (out of review) or `order.updated`: one event
per order and call.
"""

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from commissary import ledger, provenance, tenancy
from commissary.base import db, outbox, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.base.money import apply_bp
from commissary.ledger.types import Settlement, Transfer, TransferKind
from commissary.orders import store, store_later
from commissary.orders.rules import may_follow, order_state, pro_rata
from commissary.orders.store import LotView
from commissary.orders.types import (
    AskBuyer,
    Cancel,
    Change,
    Correct,
    Deliver,
    Fail,
    LineNow,
    LineState,
    Move,
    OrderNow,
    OrderRefusal,
    OrderState,
    Refund,
    Release,
    Reverse,
    Settled,
    ToPeople,
)
from commissary.provenance import rules as custody
from commissary.provenance.types import CustodyEvent, Kind
from commissary.stock.types import Range
from commissary.supply.types import WRONG_ACCOUNT
from commissary.tenancy.types import Actor

L = sql.load(__package__, "later.sql")
_replace = msgspec.structs.replace


async def settle(
    tx: db.Tx,
    env: Env,
    home: int,
    changes: Sequence[Change],
    at: datetime,
    actor: Actor | None = None,
    *,
    locked: Mapping[int, OrderNow] | None = None,
) -> list[Settled]:
    """All of the changes or none; `tx` belongs to the vault role. Answers in the order of the question.

    A line is named once. `actor` is the person whose act this is, for the audit. `locked` is what `lock` found in this
    transaction, in which nothing has been settled since: they are not read again. Refuses order_not_found,
    line_not_found, wrong_state, wrong_quantity. A `Release` whose goods are short or would be sold at a loss is no
    refusal: the line waits, its `reason` says why. A `Release` that changes nothing is not told of.
    """
    if locked is None:
        locked = await store_later.lock_orders(tx, home, [c.order_id for c in changes])
    orders = locked
    asked = [(change, *_found(orders, change)) for change in changes]
    assert len({(c.order_id, c.line_no) for c in changes}) == len(changes), "a line is settled once per call"
    plan = Plan(
        mall_of(home),
        env,
        at,
        orders,
        {(line.order_id, line.line_no): line for order in orders.values() for line in order.lines},
        await _lock_money(tx, home, asked),
    )
    wanted: dict[int, int] = {}
    for change, _, line in asked:
        if isinstance(change, Release) and line.mode == "stock" and _is_due(line, at):
            wanted[line.sku_id] = wanted.get(line.sku_id, 0) + line.quantity
    if wanted:
        plan.margins_bp = await store_later.margins(tx, plan.mall, list(wanted))
        plan.lots = await store_later.lock_lots(tx, home, wanted, at)

    settled = [plan.decide(change, order, line) for change, order, line in asked]

    await plan.write(tx, home)
    await _tell(tx, home, plan, changes, actor)
    return settled


@dataclass
class Plan:
    """What the changes come to, before anything is written. `lines` are as they will be."""

    mall: int
    env: Env
    at: datetime
    orders: Mapping[int, OrderNow]
    lines: dict[tuple[int, int], LineNow]
    revenue: Mapping[str, int]
    margins_bp: Mapping[int, int] = field(default_factory=dict)
    lots: Mapping[int, list[LotView]] = field(default_factory=dict)
    changed: list[LineNow] = field(default_factory=list)
    takes: list[tuple[LineNow, Range]] = field(default_factory=list)
    deliveries: list[tuple[int, int, int, int, bytes | None, str]] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    refunds: list[Transfer] = field(default_factory=list)
    leaves: list[CustodyEvent] = field(default_factory=list)
    reversed: list[tuple[OrderNow, LineNow]] = field(default_factory=list)
    asked: list[AskBuyer] = field(default_factory=list)
    corrected: list[Correct] = field(default_factory=list)

    def decide(self, change: Change, order: OrderNow, line: LineNow) -> Settled:
        match change:
            case Deliver():
                after = self.deliver(change, order, line)
            case Release():
                after = self.release(change, order, line)
            case Fail():
                after = self.give_up(line, "failed", change.reason)
            case Cancel():
                after = self.give_up(line, "cancelled", change.reason)
            case Reverse():
                after = self.turn_back(order, line, change.reason)
            case Refund():
                after = self.refund(change, order, line)
            case Move():
                after = _replace(_allowed(line, change.to), state=change.to, reason="")
            case ToPeople():
                if line.state not in ("waiting", "working"):
                    raise Refused(OrderRefusal.wrong_state, status=line.state)
                after = _replace(line, state="waiting", mode="manual", reason=change.reason)
            case AskBuyer():
                after = _replace(_allowed(line, "waiting"), state="waiting", reason=change.reason)
                self.asked.append(change)
            case Correct():
                if not line.asks_buyer:
                    raise Refused(OrderRefusal.wrong_state, status=line.state)
                after = _replace(line, reason="")
                self.corrected.append(change)
        if after != line:
            self.lines[line.order_id, line.line_no] = after
            self.changed.append(after)
        return Settled(
            line.order_id,
            line.line_no,
            line.state,
            after.state,
            after.delivered,
            after.returned_e4,
            after.reason,
        )

    def deliver(self, change: Deliver, order: OrderNow, line: LineNow) -> LineNow:
        """By hand. What was not delivered of the line is not paid for either."""
        whole = change.quantity == line.quantity
        if not 0 < change.quantity <= line.quantity or (
            change.codes and len(change.codes) != change.quantity
        ):
            raise Refused(OrderRefusal.wrong_quantity, quantity=line.quantity)
        _allowed(line, "delivered" if whole else "partial")
        paid_e4 = line.amount_e4 if whole else pro_rata(line.amount_e4, change.quantity, line.quantity)
        self.settle_hold(line, paid_e4)
        salt = os.urandom(16)
        for n, code in enumerate(change.codes, 1):
            sealed = store.seal_delivery(
                self.env.keys, self.mall, order.id, line.line_no, n, code.number, code.secret
            )
            self.deliveries.append((order.id, line.line_no, n, 1, sealed, change.receipt if n == 1 else ""))
        if not change.codes:
            self.deliveries.append((order.id, line.line_no, 1, change.quantity, None, change.receipt))
        self.leaves.append(
            custody.event(
                order.id,
                line.line_no,
                Kind.delivered,
                {
                    "order": str(order.id),
                    "line": line.line_no,
                    "sku": str(line.sku_id),
                    "quantity": change.quantity,
                    "party": custody.party(salt, order.buyer_id),
                    "contents": [
                        hashlib.sha256(salt + msgspec.msgpack.encode((c.number, c.secret))).hexdigest()
                        for c in change.codes
                    ],
                },
                self.at_ms,
                salt,
            )
        )
        return _replace(
            line,
            state="delivered" if whole else "partial",
            reason="",
            delivered=change.quantity,
            returned_e4=line.amount_e4 - paid_e4,
            cost_e4=line.cost_e4 if change.cost_e4 is None else change.cost_e4,
        )

    def release(self, change: Release, order: OrderNow, line: LineNow) -> LineNow:
        if line.state not in ("review", "scheduled", "waiting"):
            raise Refused(OrderRefusal.wrong_state, status=line.state)
        if not _is_due(line, self.at):
            return _replace(line, state="scheduled", reason="")
        if line.mode != "stock":
            return line if line.state == "waiting" else _replace(line, state="waiting", reason="")
        ranges = self.take(line.sku_id, line.quantity)
        if ranges is None:
            return _replace(line, state="waiting", reason=OrderRefusal.out_of_stock.code)
        if not change.even_below_floor and order.quote_id is None and self.loses_money(order, line, ranges):
            self.put_back(line.sku_id, ranges)
            return _replace(line, state="waiting", reason=OrderRefusal.below_floor.code)
        self.settle_hold(line, line.amount_e4)
        self.leaves.append(
            custody.sold(
                order.id,
                line.line_no,
                line.sku_id,
                order.buyer_id,
                [(r.batch_id, r.first_seq, r.last_seq) for r in ranges],
                self.at_ms,
                os.urandom(16),
            )
        )
        after = _replace(
            line,
            state="delivered",
            reason="",
            delivered=line.quantity,
            cost_e4=sum(r.unit_cost_e4 * (line.quantity if r.shared else r.count) for r in ranges),
        )
        self.takes += [(after, r) for r in ranges]
        return after

    def give_up(self, line: LineNow, state: LineState, reason: str) -> LineNow:
        """Nothing was delivered: all of the promised money is free again."""
        _allowed(line, state)
        self.settle_hold(line, 0)
        return _replace(line, state=state, reason=reason, returned_e4=line.amount_e4)

    def turn_back(self, order: OrderNow, line: LineNow, reason: str) -> LineNow:
        """The buyer gets back what he paid; codes he has seen are not sold again."""
        _allowed(line, "reversed")
        self.pay_back(order, line.amount_e4 - line.returned_e4)
        self.reversed.append((order, line))
        return _replace(line, state="reversed", reason=reason, returned_e4=line.amount_e4)

    def refund(self, change: Refund, order: OrderNow, line: LineNow) -> LineNow:
        if line.state not in ("delivered", "partial"):
            raise Refused(OrderRefusal.wrong_state, status=line.state)
        assert 0 < change.amount_e4 <= line.amount_e4 - line.returned_e4, "more than was paid"
        self.pay_back(order, change.amount_e4)
        return _replace(line, reason=change.reason, returned_e4=line.returned_e4 + change.amount_e4)

    def pay_back(self, order: OrderNow, amount_e4: int) -> None:
        if amount_e4:
            self.refunds.append(
                Transfer(
                    self.env.ids.new(),
                    self.revenue[order.currency],
                    order.account_id,
                    amount_e4,
                    TransferKind.refund,
                    order.id,
                )
            )

    def settle_hold(self, line: LineNow, paid_e4: int) -> None:
        if line.hold_id is not None:
            self.settlements.append(Settlement(line.hold_id, capture_e4=paid_e4, release_rest=True))

    def take(self, sku_id: int, quantity: int) -> tuple[Range, ...] | None:
        """That many codes, first expired first; None leaves everything as it was."""
        taken: list[Range] = []
        for lot in self.lots[sku_id]:
            if lot.unlimited:
                self.put_back(sku_id, taken)
                lot.touched = True
                return (Range(lot.id, lot.batch_id, lot.seen, lot.seen, lot.unit_cost_e4, True),)
            count = min(quantity - sum(r.count for r in taken), lot.end - lot.next + 1)
            if count > 0:
                taken.append(
                    Range(lot.id, lot.batch_id, lot.next, lot.next + count - 1, lot.unit_cost_e4, False)
                )
                lot.next += count
                lot.touched = True
        if sum(r.count for r in taken) == quantity:
            return tuple(taken)
        self.put_back(sku_id, taken)
        return None

    def put_back(self, sku_id: int, ranges: Sequence[Range]) -> None:
        for taken in ranges:
            if not taken.shared:
                next(lot for lot in self.lots[sku_id] if lot.id == taken.lot_id).next -= taken.count

    def loses_money(self, order: OrderNow, line: LineNow, ranges: Sequence[Range]) -> bool:
        """By the piece; a part of a bundle with what the bundle's delivered parts have cost already."""
        margin_bp = self.margins_bp[line.sku_id]
        floors = [(r, r.unit_cost_e4 + apply_bp(r.unit_cost_e4, margin_bp)) for r in ranges]
        if line.bundle_id is None:
            return any(line.unit_price_e4 < floor_e4 for _, floor_e4 in floors)
        parts = [self.lines[p.order_id, p.line_no] for p in order.lines if p.bundle_id == line.bundle_id]
        needed_e4 = sum(floor_e4 * (line.quantity if r.shared else r.count) for r, floor_e4 in floors)
        spent_e4 = sum(p.cost_e4 for p in parts if p.state == "delivered")
        return sum(p.amount_e4 for p in parts) < spent_e4 + needed_e4

    @property
    def at_ms(self) -> int:
        return int(self.at.timestamp() * 1000)

    def state_of(self, order_id: int) -> OrderState:
        return order_state(self.lines[order_id, line.line_no].state for line in self.orders[order_id].lines)

    def touched(self) -> list[OrderNow]:
        ids = {line.order_id for line in self.changed}
        return [order for order in self.orders.values() if order.id in ids]

    async def write(self, tx: db.Tx, home: int) -> None:
        if not self.changed:
            return
        if self.settlements:
            await ledger.settle(tx, self.env, home, self.settlements, self.at)
        if self.refunds:
            await ledger.post(tx, self.env, home, self.refunds, self.at, even_locked=True)
        await store_later.write_settled(
            tx,
            home,
            self.at,
            self.changed,
            self.takes,
            self.deliveries,
            [
                (order.id, state, order.reason if state == "review" else "")
                for order in self.touched()
                for state in [self.state_of(order.id)]
            ],
            [lot for lots in self.lots.values() for lot in lots],
        )
        await store_later.write_fixes(tx, home, self.at, self.asked, self.corrected)
        await provenance.append(tx, home, self.at, self.leaves)
        for order, line in self.reversed:
            # A line's own number belongs to its delivery; what comes later is numbered behind all lines.
            n = max(await provenance.next_n(tx, home, order.id), len(order.lines) + 1)
            salt = os.urandom(16)
            facts = {
                "order": str(order.id),
                "line": line.line_no,
                "sku": str(line.sku_id),
                "quantity": line.delivered,
                "party": custody.party(salt, order.buyer_id),
            }
            leaf = custody.event(order.id, n, Kind.returned, facts, self.at_ms, salt)
            await provenance.append(tx, home, self.at, [leaf])


async def lock(tx: db.Tx, home: int, ids: Iterable[int], *, skip_taken: bool = False) -> dict[int, OrderNow]:
    """Orders as they are, and nobody else changes them until commit. `skip_taken`: without those another works on."""
    return await store_later.lock_orders(tx, home, ids, skip_taken=skip_taken)


async def first_time(
    tx: db.Tx, env: Env, home: int, scope: str, key: str, asked: object, subject_id: int, at: datetime
) -> int | None:
    """Bind a caller's Idempotency-Key to what he asks. None: go on. Else it was done before: the subject it was about.

    Call it first in the transaction: what is refused later frees the key again. Refuses key_reused when the key was
    used for something else, key_missing when it is no key.
    """
    if not (0 < len(key) <= 128 and key.isascii() and key.isprintable()):
        raise Refused(OrderRefusal.key_missing)
    bound, body = _bound(env, scope, key, asked)
    before = await store_later.command(tx, home, bound, body, subject_id, at)
    return None if before is None else _same(before, body)


async def done_before(tx: db.Tx, env: Env, home: int, scope: str, key: str, asked: object) -> int | None:
    """As `first_time`, but nothing is bound: for whoever has questions to ask before he begins."""
    if not (0 < len(key) <= 128 and key.isascii() and key.isprintable()):
        raise Refused(OrderRefusal.key_missing)
    bound, body = _bound(env, scope, key, asked)
    before = await store_later.command_before(tx, home, bound)
    return None if before is None else _same(before, body)


def _bound(env: Env, scope: str, key: str, asked: object) -> tuple[bytes, bytes]:
    """Keyed hashes: what is asked may hold codes, and a plain hash of a short code can be guessed."""
    told = msgspec.json.encode(asked).decode()
    return env.keys.blind("command-key", f"{scope}|{key}")[:16], env.keys.blind("command", told)[:16]


def _same(before: tuple[bytes, int], body: bytes) -> int:
    if before[0] != body:
        raise Refused(OrderRefusal.key_reused)
    return before[1]


def _found(orders: Mapping[int, OrderNow], change: Change) -> tuple[OrderNow, LineNow]:
    order = orders.get(change.order_id)
    if order is None:
        raise Refused(OrderRefusal.order_not_found)
    for line in order.lines:
        if line.line_no == change.line_no:
            return order, line
    raise Refused(OrderRefusal.line_not_found)


def _allowed(line: LineNow, then: LineState) -> LineNow:
    if not may_follow(line.state, then):
        raise Refused(OrderRefusal.wrong_state, status=line.state)
    return line


def _is_due(line: LineNow, at: datetime) -> bool:
    return line.release_at is None or line.release_at <= at


async def _lock_money(
    tx: db.Tx, home: int, asked: Sequence[tuple[Change, OrderNow, LineNow]]
) -> dict[str, int]:
    """Every account these changes may move, in id order, before any lot. Currency → the revenue account."""
    still = Move | ToPeople | AskBuyer | Correct
    moving = [(c, o, line) for c, o, line in asked if not isinstance(c, still)]
    holds = [line.hold_id for _, _, line in moving if line.hold_id is not None]
    to = await store_later.receivers(tx, home, holds) if holds else {}
    revenue: dict[str, int] = {}
    for currency in sorted({o.currency for c, o, _ in moving if isinstance(c, Reverse | Refund)}):
        revenue[currency] = await ledger.revenue_account(tx, home, currency)
    accounts = {o.account_id for _, o, _ in moving} | set(to.values()) | set(revenue.values())
    if accounts:
        await store_later.lock_accounts(tx, home, accounts)
    return revenue


async def _tell(tx: db.Tx, home: int, plan: Plan, changes: Sequence[Change], actor: Actor | None) -> None:
    """Audit, then the outbox: its head row is held from here to the commit."""
    events = []
    for order in plan.touched():
        now = [plan.lines[order.id, line.line_no] for line in order.lines]
        moved = [(was, line) for was, line in zip(order.lines, now, strict=True) if was != line]
        done = {type(c) for c in changes if c.order_id == order.id}
        if actor is not None and actor.kind != "system":
            await tenancy.audit(
                tx,
                plan.env,
                actor,
                "orders." + "+".join(sorted(c.__name__.lower() for c in done)),
                f"order:{order.id}",
                {str(was.line_no): was.state for was, _ in moved},
                {
                    str(line.line_no): {
                        "status": line.state,
                        "reason": line.reason,
                        "delivered": line.delivered,
                        "returned_e4": line.returned_e4,
                    }
                    for _, line in moved
                },
            )
        state = plan.state_of(order.id)
        events.append(
            outbox.Event(
                _kind(order.state, state, done),
                order.id,
                order.events + 1,
                order.buyer_id,
                plan.at,
                {
                    "client_order_no": order.client_order_no,
                    "status": state,
                    "amount_e4": order.amount_e4,
                    "lines": [_line(line) for _, line in moved],
                }
                | ({"reason": WRONG_ACCOUNT} if AskBuyer in done else {})
                | order.callback,
            )
        )
    await outbox.publish(tx, home, events, plan.at)


def _kind(before: OrderState, now: OrderState, done: Collection[type[Change]]) -> str:
    if Reverse in done:
        return "order.reversed"
    if Refund in done:
        return "order.refunded"
    if AskBuyer in done:
        return "order.fix_requested"
    if now != before and now in ("delivered", "partially_delivered", "failed", "cancelled"):
        return f"order.{now}"
    if before == "review" != now:
        return "order.released"
    return "order.updated"


def _line(line: LineNow) -> dict[str, Any]:
    return {
        "line_no": line.line_no,
        "sku_id": str(line.sku_id),
        "quantity": line.quantity,
        "status": line.state,
        "delivered": line.delivered,
        "returned_e4": line.returned_e4,
        "reason": line.reason,
    }
