"""What can be done to many at once: by list and action, what it would do to each, and doing it to one.

Each is an act that there is for one already, done again and again: its own permission, transaction, audit line and events.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from commissary import approvals, catalog, fulfilment, notify, orders, partners, stock, tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.money import Money
from commissary.bulk.types import MOST_SUBJECTS, ActAction, ActList, BulkRefusal
from commissary.orders.types import OrderRefusal
from commissary.partners.types import Buyer
from commissary.stock.types import BatchView
from commissary.tenancy.types import Actor

Subject = tuple[int, int]  # (id, line of an order or 0)
AT_ONCE = 200


@dataclass
class Effects:
    """`acting` would change; the others are `skipped`, by why. `sums`: what it amounts to, by name."""

    acting: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    sums_e4: Counter[tuple[str, str]] = field(default_factory=Counter)
    pieces: int = 0

    def skip(self, why: str) -> None:
        self.skipped[why] += 1

    def act(self, name: str = "", amount_e4: int = 0, currency: str = "", pieces: int = 0) -> None:
        self.acting += 1
        self.pieces += pieces
        if name:
            self.sums_e4[name, currency] += amount_e4

    def sums(self) -> dict[str, Money]:
        several = len({currency for _, currency in self.sums_e4}) > 1
        return {
            f"{name}_{currency.lower()}" if several else name: money.of(amount, currency)
            for (name, currency), amount in self.sums_e4.items()
        }


Args = Mapping[str, str]
Look = Callable[[Env, Actor, Sequence[Subject], Args], Awaitable[Effects]]


class One(Protocol):
    async def __call__(self, env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
        """Whether it changed something. `key`: the same each time this item of this act is tried."""


@dataclass(frozen=True)
class Act:
    """`already`: refusals by which one that was begun before a crash turns out to be done. `proof`: asked for to begin it, as the
    same act on one asks."""

    permission: str
    look: Look
    one: One
    args: tuple[str, ...] = ()
    already: frozenset[str] = frozenset()
    most: int = MOST_SUBJECTS
    proof: bool = False


def check_args(act: Act, args: Args) -> None:
    """Refuses `invalid_request`."""
    if missing := next((a for a in act.args if not args.get(a, "").strip()), None):
        raise invalid(f"args.{missing}", "missing / 缺失")
    if strange := next((a for a in args if a not in act.args), None):
        raise invalid(f"args.{strange}", "not of this act / 该操作无此参数")


# SKUs ---------------------------------------------------------------------------------------------------------------


async def _look_list(env: Env, actor: Actor, subjects: Sequence[Subject], args: Args) -> Effects:
    found, mall = Effects(), actor.mall_id
    async with env.db.transaction(mall) as tx:
        skus = await catalog.skus_by_id(tx, mall, [s for s, _ in subjects])
        faults = await catalog.listing_faults(tx, mall, list(skus.values()), env.now(mall))
    for id_, _ in subjects:
        sku = skus.get(id_)
        if sku is None or sku.status == "deleted":
            found.skip("not_found")
        elif sku.status == "listed":
            found.skip("already")
        elif faults.get(id_):
            found.skip("listing_incomplete" if faults[id_][0].reason == "incomplete" else "listing_forbidden")
        else:
            found.act()
    return found


async def _list(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    sku = await catalog.get_sku(env, actor, subject[0])
    if sku.status == "listed":
        return False
    await catalog.list_sku(env, actor, sku.id, sku.version)
    return True


async def _look_delist(env: Env, actor: Actor, subjects: Sequence[Subject], args: Args) -> Effects:
    found, mall = Effects(), actor.mall_id
    async with env.db.transaction(mall) as tx:
        skus = await catalog.skus_by_id(tx, mall, [s for s, _ in subjects])
    for id_, _ in subjects:
        sku = skus.get(id_)
        if sku is None or sku.status != "listed":
            found.skip("not_found" if sku is None or sku.status == "deleted" else "already")
        else:
            found.act()
    return found


async def _delist(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    sku = await catalog.get_sku(env, actor, subject[0])
    if sku.status == "listed":
        await catalog.delist_sku(env, actor, sku.id)
    return sku.status == "listed"


def _field(name: str, read: Callable[[str], Any]) -> tuple[Look, One]:
    """A field of goods set to one value."""

    async def look(env: Env, actor: Actor, subjects: Sequence[Subject], args: Args) -> Effects:
        found, mall, wanted = Effects(), actor.mall_id, read(args[name])
        async with env.db.transaction(mall) as tx:
            skus = await catalog.skus_by_id(tx, mall, [s for s, _ in subjects])
        for id_, _ in subjects:
            sku = skus.get(id_)
            if sku is None or sku.status == "deleted":
                found.skip("not_found")
            elif getattr(sku, name) == wanted:
                found.skip("already")
            else:
                found.act()
        return found

    async def one(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
        sku, wanted = await catalog.get_sku(env, actor, subject[0]), read(args[name])
        if getattr(sku, name) == wanted:
            return False
        await catalog.edit_sku(env, actor, sku.id, sku.version, {name: wanted})
        return True

    return look, one


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1_000_000):
        raise invalid("args.max_quantity", "1 to 1,000,000 / 取值 1–1000000")
    return int(text)


# Batches ------------------------------------------------------------------------------------------------------------


def _batches(pieces: Callable[[BatchView], int]) -> Look:
    """`pieces`: how many codes of a batch it would move."""

    async def look(env: Env, actor: Actor, subjects: Sequence[Subject], args: Args) -> Effects:
        found = Effects()
        views = {b.id: b for b in await stock.batches_by_id(env, actor, [s for s, _ in subjects])}
        for id_, _ in subjects:
            batch = views.get(id_)
            if batch is None:
                found.skip("not_found")
            elif batch.state == "receiving":
                found.skip("batch_receiving")
            elif moved := pieces(batch):
                found.act("cost", moved * batch.unit_cost_e4, batch.currency, moved)
            else:
                found.skip("already")
        return found

    return look


async def _freeze(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    return (await stock.freeze(env, actor, subject[0], args["reason"])).codes > 0


async def _unfreeze(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    return (await stock.unfreeze(env, actor, subject[0], args["reason"])).codes > 0


async def _void(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    [batch] = await stock.batches_by_id(env, actor, [subject[0]])
    if not batch.received:
        return False
    async with env.db.transaction(actor.mall_id) as tx:
        if await approvals.is_asked_about(tx, actor.mall_id, "stock.void"):
            raise Refused(BulkRefusal.needs_second_person)
    return (await stock.void_range(env, actor, batch.id, 1, batch.received, args["reason"])).codes > 0


# Buyers -------------------------------------------------------------------------------------------------------------


def _buyers(changes: Callable[[Buyer, Args], bool]) -> Look:
    async def look(env: Env, actor: Actor, subjects: Sequence[Subject], args: Args) -> Effects:
        found = Effects()
        buyers = {b.id: b for b in await partners.buyers_by_id(env, actor, [s for s, _ in subjects])}
        for id_, _ in subjects:
            if id_ not in buyers:
                found.skip("not_found")
            elif changes(buyers[id_], args):
                found.act()
            else:
                found.skip("already")
        return found

    return look


def _tier(text: str) -> int | None:
    if text == "none":
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**63):
        raise invalid("args.tier_id", "a tier's id, or none / 等级 ID 或 none")
    return int(text)


async def _set_tier(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    wanted = _tier(args["tier_id"])
    if (await partners.get_buyer(env, actor, subject[0])).tier_id == wanted:
        return False
    await partners.set_tier(env, actor, subject[0], wanted)
    return True


async def _suspend(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    if (await partners.get_buyer(env, actor, subject[0])).status == "suspended":
        return False
    await partners.suspend(env, actor, subject[0])
    return True


async def _resume(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    if (await partners.get_buyer(env, actor, subject[0])).status == "active":
        return False
    await partners.resume(env, actor, subject[0])
    return True


# Orders -------------------------------------------------------------------------------------------------------------


async def _look_cancel(env: Env, actor: Actor, subjects: Sequence[Subject], args: Args) -> Effects:
    found = Effects()
    for first in range(0, len(subjects), AT_ONCE):
        ids = tuple(s for s, _ in subjects[first : first + AT_ONCE])
        query = orders.OrderQuery(ids=ids)
        views, _ = await orders.list_orders(env, actor, query, sort=None, cursor=None, size=AT_ONCE)
        for order in views:
            lines = [line for line in order.lines if line.state in orders.CANCELLABLE]
            if lines:
                amount = sum(line.amount_e4 for line in lines)
                found.act("freed", amount, order.currency, sum(line.quantity for line in lines))
            else:
                found.skip(OrderRefusal.not_cancellable.code)
        for _ in range(len(ids) - len(views)):
            found.skip("not_found")
    return found


async def _cancel(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    await orders.cancel_for(env, actor, subject[0], args["reason"])
    return True


async def _look_resend(env: Env, actor: Actor, subjects: Sequence[Subject], args: Args) -> Effects:
    found = Effects()
    for id_, _ in subjects:
        ended = await _ended(env, actor, id_)
        if ended:
            found.act(pieces=len(ended))
        else:
            found.skip("nothing_sent")
    return found


async def _resend(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    ended = await _ended(env, actor, subject[0])
    return bool(ended) and bool(await notify.replay(env, actor, notify.Ended(ended)))


async def _ended(env: Env, actor: Actor, order_id: int) -> list[int]:
    found = await notify.list_deliveries(env, actor, subject_id=order_id, size=100)
    return [d.id for d in found if d.ended_at is not None]


# Work ---------------------------------------------------------------------------------------------------------------


async def _look_work(env: Env, actor: Actor, subjects: Sequence[Subject], args: Args) -> Effects:
    """Only what is in one's own hands can be given back or failed."""
    found = Effects()
    items = {(w.order_id, w.line_no): w for w in await fulfilment.work_by_place(env, actor, subjects)}
    for place in subjects:
        item = items.get(place)
        if item is None:
            found.skip("not_found")
        elif item.claimed_by != int(actor.id):
            found.skip("not_claimed")
        else:
            found.act("amount", item.amount_e4, item.currency, item.quantity)
    return found


async def _give_back(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    await fulfilment.give_back(env, actor, *subject)
    return True


async def _fail(env: Env, actor: Actor, subject: Subject, args: Args, key: str) -> bool:
    await fulfilment.fail(env, actor, *subject, args["reason"], idempotency_key=key)
    return True


_tax, _set_tax = _field("tax_category", str.strip)
_most, _set_most = _field("max_quantity", _count)

ACTS: Mapping[tuple[ActList, ActAction], Act] = {
    ("skus", "list"): Act("catalog.write", _look_list, _list),
    ("skus", "delist"): Act("catalog.write", _look_delist, _delist),
    ("skus", "set_tax_category"): Act("catalog.write", _tax, _set_tax, ("tax_category",)),
    ("skus", "set_max_quantity"): Act("catalog.write", _most, _set_most, ("max_quantity",)),
    ("batches", "freeze"): Act("stock.freeze", _batches(lambda b: b.available), _freeze, ("reason",)),
    ("batches", "unfreeze"): Act(
        "stock.freeze", _batches(lambda b: 0 if b.state == "recalled" else b.frozen), _unfreeze, ("reason",)
    ),
    ("batches", "void"): Act(
        "stock.void",
        _batches(lambda b: b.available + b.frozen + b.expired),
        _void,
        ("reason",),
        proof=True,
    ),
    ("buyers", "set_tier"): Act(
        "partners.write",
        _buyers(lambda b, args: b.tier_id != _tier(args["tier_id"])),
        _set_tier,
        ("tier_id",),
    ),
    ("buyers", "suspend"): Act("partners.write", _buyers(lambda b, _: b.status == "active"), _suspend),
    ("buyers", "resume"): Act("partners.write", _buyers(lambda b, _: b.status == "suspended"), _resume),
    ("orders", "cancel"): Act(
        "orders.write",
        _look_cancel,
        _cancel,
        ("reason",),
        frozenset({OrderRefusal.not_cancellable.code}),
        10_000,
    ),
    ("orders", "resend_webhooks"): Act("notify.write", _look_resend, _resend, most=2_000),
    ("work", "give_back"): Act(
        "fulfilment.write", _look_work, _give_back, already=frozenset({"not_claimed"}), most=5_000
    ),
    ("work", "fail"): Act("fulfilment.write", _look_work, _fail, ("reason",), most=5_000),
}


def act_of(list_: ActList, action: ActAction) -> Act:
    """Refuses `invalid_request` for what is not done to things of that list."""
    found = ACTS.get((list_, action))
    if found is None:
        known = ", ".join(a for kept, a in ACTS if kept == list_)
        raise invalid("action", f"one of {known} / 该列表不支持此操作")
    return found


def require(actor: Actor, act: Act) -> None:
    tenancy.require(actor, act.permission)
