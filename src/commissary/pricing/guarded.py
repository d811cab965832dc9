"""Changes of prices that a rule may put before a second person: how many goods, and how far the farthest goes.

Of a change of thousands the first few are shown at once and all of them as lines; all must still be as they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from commissary import approvals, tenancy
from commissary.approvals.types import ActName, Line, Look
from commissary.base import crypto, db, money
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.pricing import change, floors, rules, store, template
from commissary.pricing.types import Change, Floor, Ladder, PricingRefusal
from commissary.tenancy.types import Actor

SHOWN = 20


class SetPrices(msgspec.Struct, frozen=True):
    book_id: int
    ladders: dict[int, Ladder]
    valid_from: datetime | None
    reason: str
    override_floor: bool


class UndoChange(msgspec.Struct, frozen=True):
    change_id: int
    force: bool
    override_floor: bool


class ApplyTemplate(msgspec.Struct, frozen=True):
    template_id: int
    book_id: int
    sku_ids: list[int]
    hash: str
    reason: str


class SetFloor(msgspec.Struct, frozen=True):
    """`sku_id` 0: the mall's."""

    sku_id: int
    margin_bp: int


async def look_prices(tx: db.Tx, env: Env, actor: Actor, what: SetPrices) -> Look:
    tenancy.require(actor, "pricing.write")
    book = await store.book(tx, actor.mall_id, what.book_id, lock=True)
    at = what.valid_from or env.now(actor.mall_id)
    return await _look(tx, env, actor, book.id, book.currency, what.ladders, at, what.override_floor)


async def set_prices(env: Env, actor: Actor, what: SetPrices) -> Change:
    return await change.set_prices(
        env,
        actor,
        what.book_id,
        what.ladders,
        what.valid_from,
        what.reason,
        override_floor=what.override_floor,
    )


async def look_undo(tx: db.Tx, env: Env, actor: Actor, what: UndoChange) -> Look:
    tenancy.require(actor, "pricing.write")
    mall = actor.mall_id
    undone = await store.change(tx, mall, what.change_id)
    book_id = await store.book_of_change(tx, mall, what.change_id)
    if book_id is None:
        raise Refused(PricingRefusal.no_such_change)
    book = await store.book(tx, mall, book_id, lock=True)
    at = max(env.now(mall), undone.valid_from)
    before = await store.before_change(tx, mall, what.change_id, at)
    ladders = {b.sku_id: b.ladder for b in before}
    return await _look(tx, env, actor, book.id, book.currency, ladders, at, what.override_floor)


async def undo(env: Env, actor: Actor, what: UndoChange) -> Change:
    return await change.undo(env, actor, what.change_id, force=what.force, override_floor=what.override_floor)


async def look_template(tx: db.Tx, env: Env, actor: Actor, what: ApplyTemplate) -> Look:
    tenancy.require(actor, "pricing.write")
    mall = actor.mall_id
    book = await store.book(tx, mall, what.book_id, lock=True)
    found = await store.template(tx, mall, what.template_id)
    shown = await template.look(tx, env, mall, found.rules, what.book_id, what.sku_ids)
    if shown.hash != what.hash:
        raise Refused(PricingRefusal.preview_stale)
    ladders = {row.sku_id: row.new for row in shown.rows if row.new is not None}
    return await _look(tx, env, actor, book.id, book.currency, ladders, env.now(mall), False)


async def apply_template(env: Env, actor: Actor, what: ApplyTemplate) -> Change | None:
    return await template.apply(
        env, actor, what.template_id, what.book_id, what.sku_ids, what.hash, what.reason
    )


async def look_floor(tx: db.Tx, env: Env, actor: Actor, what: SetFloor) -> Look:
    """Only a lower floor is nearer to a loss."""
    del env
    tenancy.require(actor, "pricing.write")
    tenancy.require(actor, "pricing.floor")
    known = await store.floors(tx, actor.mall_id)
    old = known.get(what.sku_id, known.get(0, 0))
    lower = what.margin_bp < old
    return Look(
        acts=("pricing.floor",) if lower else (),
        subject=f"sku:{what.sku_id}",
        before={"margin_bp": old},
        after={"margin_bp": what.margin_bp},
        holds={"margin_bp": old},
        count=1,
        unit="skus",
    )


async def set_floor(env: Env, actor: Actor, what: SetFloor) -> Floor:
    return await floors.set_floor(env, actor, what.sku_id, what.margin_bp)


async def _look(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    book_id: int,
    currency: str,
    new: Mapping[int, Ladder],
    at: datetime,
    override_floor: bool,
) -> Look:
    mall, skus = actor.mall_id, sorted(new)
    old = await store.ladders(tx, mall, book_id, skus, at)
    acts: list[ActName] = ["pricing.change"]
    least: Mapping[int, int] = {}
    if override_floor:
        tenancy.require(actor, "pricing.floor")
        least = await floors.floors_of(tx, mall, skus, env.now(mall))
        if any(price < least.get(sku, 0) for sku in skus for price in new[sku].prices_e4):
            acts.insert(0, "pricing.floor")
    seen = [(sku, old[sku].minimums, old[sku].prices_e4) for sku in skus if sku in old]
    return Look(
        acts=tuple(acts),
        subject=f"book:{book_id}",
        before=_first(old, skus, currency),
        after=_first(new, skus, currency),
        holds={"ladders": crypto.sha256(msgspec.json.encode(seen)).hex()},
        count=len(skus),
        unit="skus",
        move_bp=max((rules.farthest_bp(old[sku], new[sku]) for sku in skus if sku in old), default=0),
        lines=in_order(lines_of(book_id, currency, old, new, least)) if len(skus) > SHOWN else (),
    )


def lines_of(
    book_id: int,
    currency: str,
    old: Mapping[int, Ladder],
    new: Mapping[int, Ladder],
    least: Mapping[int, int],
) -> list[Line]:
    """A line for each of these goods of one book; `least`: the floors under which it is warned of."""
    return [
        Line(
            f"sku:{sku}",
            f"book:{book_id}",
            rules.ladder_text(old.get(sku)),
            rules.ladder_text(ladder),
            currency,
            rules.move_bp(old[sku], ladder) if sku in old else None,
            "below_floor" if any(price < least.get(sku, 0) for price in ladder.prices_e4) else "",
        )
        for sku, ladder in sorted(new.items())
    ]


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What to look at twice, what leaves its book, the biggest moves; what comes new last."""

    def place(line: Line) -> tuple[bool, bool, int, str, str]:
        big = abs(line.move_bp) if line.move_bp is not None else -1
        return not line.warning, bool(line.after), -big, line.subject, line.place

    return tuple(sorted(lines, key=place))


def _first(of: Mapping[int, Ladder], skus: Sequence[int], currency: str) -> dict[str, object]:
    """What one piece costs; None: not in the book."""
    shown: dict[str, object] = {}
    for sku in skus[:SHOWN]:
        prices = of[sku].prices_e4 if sku in of else ()
        shown[f"sku:{sku}"] = money.of(prices[0], currency) if prices else None
    return shown


ACTS = [
    approvals.Act(SetPrices, ("pricing.floor", "pricing.change"), look_prices, set_prices),
    approvals.Act(UndoChange, ("pricing.floor", "pricing.change"), look_undo, undo),
    approvals.Act(ApplyTemplate, ("pricing.change",), look_template, apply_template),
    approvals.Act(SetFloor, ("pricing.floor",), look_floor, set_floor),
]
