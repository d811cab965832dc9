"""Prices that follow their cost: by a template, at once where the move is small, by a proposal where it is not.

Nothing here goes under a floor: a price that would is proposed, and may be approved when the floor allows it.
"""

from collections.abc import Sequence
from datetime import datetime

from commissary import tenancy
from commissary.base import db, money, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import mall_of
from commissary.pricing import change, rules, store, template
from commissary.pricing.types import (
    Follow,
    FollowScope,
    Ladder,
    PreviewRow,
    PricingRefusal,
    Proposal,
    SavedTemplate,
)
from commissary.tenancy.types import Actor

Seen = tuple[int, int, outbox.Event]
"""(number of the outbox row, place in it, the event)"""


async def set_follow(
    env: Env,
    actor: Actor,
    *,
    book_id: int,
    scope: FollowScope,
    scope_id: int,
    template_id: int,
    limit_bp: int,
    active: bool = True,
) -> Follow:
    """From the next change of a cost on. One rule per book and scope; it is replaced. Refuses no_such_book,
    no_such_template, no_such_scope."""
    tenancy.require(actor, "pricing.write")
    if (scope == "mall") != (scope_id == 0):
        raise invalid("scope_id", "names what is followed, of the whole mall nothing / 全商城时留空")
    if not 0 <= limit_bp <= 10_000:
        raise invalid("limit_bp", "0 to 10,000 basis points")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await store.book(tx, mall, book_id, lock=True)
        found = await store.template(tx, mall, template_id)
        if found.rules.base != "cost":
            raise invalid("template_id", "a template over cost / 须为以成本为基准的模板")
        await store.check_scope(tx, mall, scope, scope_id)
        was = await store.follow_of(tx, mall, book_id, scope, scope_id)
        made = Follow(env.ids.new(), book_id, scope, scope_id, template_id, limit_bp, active)
        made = await store.put_follow(tx, mall, made, f"{actor.kind}:{actor.id}", env.now(mall))
        before = None if was is None else _told(was)
        await tenancy.audit(tx, env, actor, "pricing.set_follow", f"follow:{made.id}", before, _told(made))
    return made


def _told(rule: Follow) -> dict[str, object]:
    scope = f"{rule.scope}:{rule.scope_id}"
    return {
        "book": str(rule.book_id),
        "scope": scope,
        "template": str(rule.template_id),
        "limit_bp": rule.limit_bp,
        "active": rule.active,
    }


async def on_cost_changed(tx: db.Tx, env: Env, home: int, seen: Sequence[Seen]) -> int:
    """A reaction: prices anew, in the transaction that moves its position; how many were written or proposed."""
    mall = mall_of(home)
    skus = sorted({e.subject for _, _, e in seen if e.data.get("new_e4") is not None})
    if not skus:
        return 0
    by_rule: dict[tuple[int, int, int], list[int]] = {}
    for book, sku, of, limit_bp, active in await store.follows_of(tx, mall, skus):
        if active:
            by_rule.setdefault((book, of, limit_bp), []).append(sku)
    count = 0
    for (book, of, limit_bp), some in sorted(by_rule.items()):
        count += await _reprice(tx, env, mall, book, of, limit_bp, some)
    return count


async def _reprice(
    tx: db.Tx, env: Env, mall: int, book_id: int, template_id: int, limit_bp: int, skus: Sequence[int]
) -> int:
    await store.book(tx, mall, book_id, lock=True)
    by = await store.template(tx, mall, template_id)
    shown = await template.look(tx, env, mall, by.rules, book_id, skus)
    now, proposed = env.now(mall), []
    written: dict[int, PreviewRow] = {}
    for row in shown.rows:
        if row.old is None or not row.old.prices_e4 or row.base is None:
            continue  # nothing to compare with: a first price is a person's
        if row.outcome == "below_floor":
            proposed.append(_proposal(env, book_id, by, row, "below_floor", now))
        elif row.outcome == "new" and not _within(row, limit_bp):
            proposed.append(_proposal(env, book_id, by, row, "over_limit", now))
        elif row.outcome == "new":
            written[row.sku_id] = row
    # The last word counts, also when it is that nothing is to be changed.
    await store.replace_proposals(tx, mall, book_id, skus, now)
    for one in proposed:
        await store.add_proposal(tx, mall, one)
    if written:
        ladders = {sku: row.new for sku, row in written.items() if row.new is not None}
        system = Actor(mall, "system", "pricing.follow")
        await change.write(
            tx,
            env,
            system,
            book_id,
            "template",
            ladders,
            None,
            _reason(by, list(written.values())),
            template_id=by.id,
        )
    return len(written) + len(proposed)


def _within(row: PreviewRow, limit_bp: int) -> bool:
    """Every rung, compared with the price that the same quantity had."""
    assert row.old is not None
    assert row.new is not None
    for minimum, price_e4 in zip(row.new.minimums, row.new.prices_e4, strict=True):
        was_e4 = row.old.prices_e4[rules.rung_of(row.old, minimum)]
        if abs(price_e4 - was_e4) * 10_000 > limit_bp * was_e4:
            return False
    return True


def _proposal(
    env: Env, book_id: int, by: SavedTemplate, row: PreviewRow, why: str, now: datetime
) -> Proposal:
    assert row.old is not None
    assert row.base is not None
    prices = tuple(rules.marked_up(by.rules, p) for p in row.base.prices_e4)
    return Proposal(
        id=env.ids.new(),
        book_id=book_id,
        sku_id=row.sku_id,
        template_id=by.id,
        ladder=Ladder(row.base.minimums, prices),
        old_unit_price_e4=row.old.prices_e4[0],
        cost_e4=row.base.prices_e4[0],
        why=why,  # type: ignore[arg-type]
        state="waiting",
        change_id=None,
        at=now,
        decided_by=None,
    )


def _reason(by: SavedTemplate, rows: Sequence[PreviewRow]) -> str:
    if len(rows) == 1 and rows[0].base is not None:
        return f"follows cost {money.text(rows[0].base.prices_e4[0])} by template {by.name}"
    return f"follows the costs of {len(rows)} SKUs by template {by.name}"


async def decide(env: Env, actor: Actor, proposal_id: int, *, approve: bool) -> Proposal:
    """Approving writes its price now; again, the same answer. Refuses step_up_required, no_such_proposal,
    proposal_decided when it was decided otherwise or replaced, and below_floor."""
    tenancy.require(actor, "pricing.write")
    tenancy.require_proof(env, actor)
    mall, now = actor.mall_id, env.now(actor.mall_id)
    wanted = "approved" if approve else "refused"
    async with env.db.transaction(mall) as tx:
        found = await _proposal_of(tx, mall, proposal_id)
        await store.book(tx, mall, found.book_id, lock=True)
        found = await _proposal_of(tx, mall, proposal_id)  # as it is behind whoever held the book
        if found.state == wanted:
            return found
        if found.state != "waiting":
            raise Refused(PricingRefusal.proposal_decided, state=found.state)
        made = None
        if approve:
            reason = f"approved: follows cost {money.text(found.cost_e4)}"
            ladders = {found.sku_id: found.ladder}
            made = await change.write(
                tx,
                env,
                actor,
                found.book_id,
                "template",
                ladders,
                None,
                reason,
                template_id=found.template_id,
            )
        by = f"{actor.kind}:{actor.id}"
        await store.decide_proposal(tx, mall, proposal_id, wanted, made.id if made else None, by, now)
        subject = f"proposal:{proposal_id}"
        await tenancy.audit(
            tx, env, actor, "pricing.decide", subject, {"state": found.state}, {"state": wanted}
        )
        return await _proposal_of(tx, mall, proposal_id)


async def _proposal_of(tx: db.Tx, mall: int, proposal_id: int) -> Proposal:
    found = await store.proposal(tx, mall, proposal_id)
    if found is None:
        raise Refused(PricingRefusal.no_such_proposal)
    return found
