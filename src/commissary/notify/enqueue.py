"""From the outbox to deliveries: one row per event and endpoint that wants it."""

import logging
from collections.abc import Sequence

import msgspec

from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.notify import rules, store
from commissary.notify.news import event_of, news_of
from commissary.notify.types import Delivery, Event

log = logging.getLogger("commissary.notify")

Seen = tuple[int, int, outbox.Event]
"""(number of the outbox row, place in it, the event)"""


async def enqueue(tx: db.Tx, env: Env, home: int, seen: Sequence[Seen]) -> int:
    """Deliveries of these events, in the caller's transaction; the same events again add none. Effects: delivery rows.

    An order's own `callback_url` (in the event's data) takes the place of the endpoint's URL if it leads to the same
    host and port as an endpoint of its buyer, and is heard even when that endpoint's filter leaves the event out. One
    that leads elsewhere is not called: its owner has not shown that he answers there.
    """
    wanted = [(seq, no, event, heard) for seq, no, event in seen if (heard := event_of(event.kind))]
    if not wanted:
        return 0
    mall, now = mall_of(home), env.now(mall_of(home))
    known = await store.listeners(tx, mall, {event.owner for _, _, event, _ in wanted})
    of: dict[int, list[store.Listener]] = {}
    for listener in known:
        of.setdefault(listener.organisation_id, []).append(listener)
    new: list[Delivery] = []
    for seq, no, event, heard in wanted:
        targets = _targets(of.get(event.owner, ()), heard, event.data.get("callback_url"))
        if not targets:
            continue
        try:
            body = rules.body_of(heard, event.at, news_of(heard, event))
        except msgspec.ValidationError as error:
            # The publisher's fault: it must not stop what comes after it.
            log.error("event %s of home %d, row %d, cannot be told: %s", event.kind, home, seq, error)
            continue
        new += [
            Delivery(
                home_id=home,
                delivery_id=env.ids.new(),
                endpoint_id=endpoint_id,
                event_id=rules.webhook_id(home, seq, no),
                event=heard,
                subject=str(event.subject or ""),
                sequence=event.n,
                url=url,
                body=body,
                due_at=now,
            )
            for endpoint_id, url in targets
        ]
    return await store.add(tx, home, new, now)


def _targets(
    endpoints: Sequence[store.Listener], heard: Event, callback_url: object
) -> list[tuple[int, str | None]]:
    """(endpoint, the order's callback or None for the endpoint's own URL)"""
    targets: dict[int, str | None] = {e.id: None for e in endpoints if not e.events or heard.wire in e.events}
    if isinstance(callback_url, str):
        home = next((e.id for e in endpoints if rules.at_home(e.url, callback_url)), None)
        if home is not None:
            targets[home] = callback_url
    return list(targets.items())
