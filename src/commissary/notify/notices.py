"""What the people of an organisation are told of, apart from webhooks: kept for a while, and seen by each of them for himself."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.arrays import Bigints, Ints, Texts
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.notify.enqueue import Seen
from commissary.notify.news import event_of, news_of
from commissary.notify.store import homes_of
from commissary.notify.types import Event, OrderNews
from commissary.tenancy.types import Actor

log = logging.getLogger("commissary.notify")
N = sql.load(__package__, "notices.sql")

KEPT = timedelta(days=90)
PRUNED_AT_ONCE = 5_000
COUNTED = 100  # unread: nobody needs them counted further


class Audience(NamedTuple):
    """The right by which the mall's staff are told, and that by which a partner's own people are; '': nobody."""

    staff: str = ""
    own: str = ""


# Of all events those that call for somebody; an order's ordinary way is seen where orders are.
TOLD: Mapping[Event, Audience] = {
    Event.stock_low: Audience("stock.read"),
    Event.sku_delisted: Audience("catalog.read"),
    Event.supplier_paper_expiring: Audience("partners.read"),
    Event.supplier_lapsed: Audience("partners.read"),
    Event.supplier_quarantined: Audience("partners.read"),
    Event.supplier_paused: Audience("supply.read"),
    Event.supplier_resumed: Audience("supply.read"),
    Event.supplier_balance_low: Audience("supply.read"),
    Event.supplier_statement_missing: Audience("settlement.read"),
    Event.supplier_requested: Audience(own="own.supply.read"),
    Event.endpoint_paused: Audience("notify.read", "own.webhooks.write"),
    Event.endpoint_resumed: Audience("notify.read", "own.webhooks.write"),
    Event.endpoint_disabled: Audience("notify.read", "own.webhooks.write"),
    Event.reveals_locked: Audience("audit.read"),
    Event.balance_low: Audience("ledger.read", "own.balance.read"),
    Event.statement_ready: Audience(own="own.balance.read"),
    Event.order_fix_requested: Audience(own="own.orders.read"),
    Event.order_recalled: Audience(own="own.orders.read"),
}
RIGHTS = frozenset(right for audience in TOLD.values() for right in audience if right)
KINDS: Mapping[str, Audience] = {event.wire: audience for event, audience in TOLD.items()}


class Notice(msgspec.Struct, frozen=True):
    """`about`: what the event's webhook says. `unseen`: since the reader looked last."""

    id: int
    kind: str
    subject_id: int
    about: dict[str, Any]
    at: datetime
    unseen: bool


def may_hear(actor: Actor, kind: str) -> bool:
    """A kind on the wire; of what his own organisation is told."""
    audience = KINDS.get(kind)
    return audience is not None and any(right and tenancy.allows(actor, right) for right in audience)


async def note(tx: db.Tx, env: Env, home: int, seen: Sequence[Seen]) -> int:
    """Notices of these events, in the caller's transaction; the same events again add none. Returns how many are new."""
    now = env.now(mall_of(home))
    new: list[tuple[int, int, str, int, str, int, int]] = []
    for seq, no, event in seen:
        told = event_of(event.kind)
        if told is None or told not in TOLD or not event.owner:
            continue
        try:
            news: Any = news_of(told, event)
        except msgspec.ValidationError as error:
            log.error("event %s of home %d, row %d, cannot be told: %s", event.kind, home, seq, error)
            continue
        if isinstance(news, OrderNews):
            news = msgspec.structs.replace(news, lines=())
        about = msgspec.json.encode(news).decode()
        new.append((env.ids.new(), event.owner, told.wire, event.subject, about, seq, no))
    if not new:
        return 0
    ids, owners, kinds, subjects, abouts, seqs, nos = zip(*new, strict=True)
    return await db.run(
        tx,
        N.add,
        {
            "home": home,
            "now": now,
            "ids": Bigints(ids),
            "owners": Bigints(owners),
            "kinds": Texts(kinds),
            "subjects": Bigints(subjects),
            "abouts": Texts(abouts),
            "seqs": Bigints(seqs),
            "nos": Ints(nos),
        },
    )


async def list_notices(
    env: Env, actor: Actor, *, kind: str | None = None, before: int | None = None, size: int = 50
) -> tuple[list[Notice], int]:
    """(newest first, how many he has not seen, at most 100) of his organisation, of what he may know."""
    kinds = [k for k in KINDS if may_hear(actor, k)]
    given = _of(actor) | {"kinds": kinds, "size": size, "before": before, "most": COUNTED}
    shown = given | {"kinds": [k for k in kinds if kind in (None, k)]}
    async with env.db.transaction(actor.mall_id) as tx:
        found = [Notice(*r) for r in await db.rows(tx, N.page, shown)]
        [(unseen,)] = await db.rows(tx, N.unseen, given)
    return found, unseen


async def see_notices(env: Env, actor: Actor, up_to: int) -> None:
    """He has looked at everything up to that one. Never back."""
    async with env.db.transaction(actor.mall_id) as tx:
        await db.run(tx, N.see, _of(actor) | {"up_to": up_to})


async def prune_notices(env: Env, mall: int, now: datetime) -> int:
    """The job: what is older than 90 days is forgotten."""
    done, gone = 0, PRUNED_AT_ONCE
    while gone == PRUNED_AT_ONCE:
        async with env.db.transaction(mall) as tx:
            gone = await db.run(tx, N.prune, homes_of(mall) | {"before": now - KEPT, "most": PRUNED_AT_ONCE})
        done += gone
    return done


def _of(actor: Actor) -> dict[str, Any]:
    return homes_of(actor.mall_id) | {
        "mall": actor.mall_id,
        "organisation": actor.organisation_id,
        "person": int(actor.id),
    }
