"""One inbox of what waits for a person's word: acts for a second person, moves of prices, plans to fill the shelf, papers, purchases
of which nobody knows whether they were made. Each stays where it is kept and is decided there; this is the one place to look.

Nobody sees what he may not decide: his own requests, plans and papers are left out.
"""

from typing import Any

from commissary import approvals, tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.insight.types import InboxItem, InboxKind
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "inbox.sql")

MOST = 200  # of each kind: a longer list is worked through on its own page
# Whose word it needs, and what finds it.
SOURCES: dict[InboxKind, tuple[str, str]] = {
    "price_proposal": ("pricing.write", Q.price_proposals),
    "restock": ("approvals.decide", Q.restocks),
    "paper": ("approvals.decide", Q.papers),
    "purchase": ("fulfilment.write", Q.purchases),
}


async def inbox(
    env: Env, actor: Actor, kind: InboxKind | None = None
) -> tuple[list[InboxItem], dict[str, int]]:
    """(items, due first and then the longest waiting; how many of each kind, 200 meaning that or more). `kind`: items of that alone;
    all kinds are counted."""
    mall = actor.mall_id
    given: dict[str, Any] = {"mall": mall, "home": home_of(mall), "me": f"person:{actor.id}", "most": MOST}
    items: list[InboxItem] = []
    async with env.db.transaction(mall) as tx:
        items += [_asked(one) for one in (await approvals.to_decide(tx, env, actor))[:MOST]]
        for name, (right, query) in SOURCES.items():
            if tenancy.allows(actor, right):
                items += [InboxItem(name, *row) for row in await db.rows(tx, query, given)]
    counts = {"approval": 0} | dict.fromkeys(SOURCES, 0)
    for item in items:
        counts[item.kind] += 1
    shown = [item for item in items if kind in (None, item.kind)]
    return sorted(shown, key=lambda i: (i.due_at is None, i.due_at or i.at, i.id)), counts


def _asked(one: approvals.Shown) -> InboxItem:
    r = one.request
    return InboxItem(
        "approval",
        r.id,
        r.subject,
        r.reason,
        r.reason,
        r.amount_e4,
        r.currency,
        r.asked_at,
        r.act,
        r.due_at,
        r.seal.hex(),
    )
