"""Rows ↔ types, and the statements of the sender. The only file that knows column names."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Byteas, Ints, Smallints, Texts, Timestamps
from commissary.base.home import SHELF_BITS, home, mall_of
from commissary.notify.types import (
    BY_WIRE,
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    Event,
    SigningSecret,
)

Q = sql.load(__package__)
ANSWER_CHARACTERS = 500


class Listener(msgspec.Struct, frozen=True):
    """As much of an endpoint as decides who hears an event."""

    id: int
    organisation_id: int
    url: str
    events: frozenset[str]


class Leased(msgspec.Struct, frozen=True):
    """An endpoint and what of it was leased."""

    lease: int
    endpoint: Endpoint
    deliveries: list[Delivery]


def homes_of(mall: int) -> dict[str, Any]:
    """The range of homes of a mall, for the few statements that look at all of them."""
    return {"first_home": home(mall), "last_home": home(mall, (1 << SHELF_BITS) - 1)}


async def listeners(tx: db.Tx, mall: int, owners: Iterable[int]) -> list[Listener]:
    found = await db.rows(tx, Q.listeners, {"mall": mall, "owners": sorted(owners)})
    return [Listener(i, o, u, frozenset(e)) for i, o, u, e in found]


async def add(tx: db.Tx, home_id: int, new: Sequence[Delivery], now: datetime) -> int:
    """How many were not there yet."""
    if not new:
        return 0
    return await db.run(
        tx,
        Q.add_deliveries,
        {
            "home": home_id,
            "now": now,
            "ids": Bigints([d.delivery_id for d in new]),
            "endpoints": Bigints([d.endpoint_id for d in new]),
            "event_ids": Texts([d.event_id for d in new]),
            "events": Texts([d.event.wire for d in new]),
            "subjects": Bigints([int(d.subject or 0) for d in new]),
            "ns": Ints([d.sequence for d in new]),
            "urls": Texts([d.url for d in new]),
            "bodies": Byteas([d.body for d in new]),
        },
    )


async def homes_due(tx: db.Tx, now: datetime) -> list[int]:
    return [home_id for (home_id,) in await db.rows(tx, Q.homes_due, {"now": now})]


async def lease(
    tx: db.Tx,
    home_id: int,
    *,
    lease: int,
    now: datetime,
    until: datetime,
    busy: Iterable[int],
    failing: bool,
    endpoints_max: int,
    each_max: int,
) -> list[Leased]:
    """Endpoints with work that nobody sends for, and their next deliveries; of a failing one only the first."""
    facts = {"home": home_id, "mall": mall_of(home_id), "now": now}
    found = await db.rows(
        tx,
        Q.endpoints_with_work,
        facts | {"busy": Bigints(list(busy)), "failing": failing, "most": endpoints_max},
    )
    endpoints = {r[0]: endpoint_of(home_id, r) for r in found}
    if not endpoints:
        return []
    mosts = [1 if e.failures or e.state is EndpointState.paused else each_max for e in endpoints.values()]
    chosen = await db.rows(
        tx, Q.next_deliveries, facts | {"endpoints": Bigints(list(endpoints)), "mosts": Ints(mosts)}
    )
    ids = Bigints([r[0] for r in chosen])
    await db.run(tx, Q.lease, {"home": home_id, "ids": ids, "lease": lease, "until": until})
    of: dict[int, list[Delivery]] = {}
    for id_, endpoint_id, event_id, event, subject, n, url, body, attempts, due_at in chosen:
        of.setdefault(endpoint_id, []).append(
            Delivery(
                home_id=home_id,
                delivery_id=id_,
                endpoint_id=endpoint_id,
                event_id=event_id,
                event=BY_WIRE[event],
                subject=str(subject or ""),
                sequence=n,
                url=url,
                body=bytes(body),
                due_at=due_at,
                state=DeliveryState.sending,
                attempts=attempts,
            )
        )
    return [Leased(lease, endpoints[id_], deliveries) for id_, deliveries in of.items()]


async def lock(
    tx: db.Tx, home_id: int, endpoints: Iterable[int], deliveries: Iterable[tuple[int, int]]
) -> tuple[dict[int, Endpoint], set[int]]:
    """The endpoints, and which of the (delivery, lease) pairs still hold. Endpoints first, each in id order."""
    held = list(deliveries)
    found = await db.rows(
        tx, Q.lock_endpoints, {"mall": mall_of(home_id), "ids": Bigints(sorted(set(endpoints)))}
    )
    ours = await db.rows(
        tx,
        Q.lock_leased,
        {
            "home": home_id,
            "ids": Bigints([d for d, _ in held]),
            "leases": Bigints(sorted({lease for _, lease in held})),
        },
    )
    return {r[0]: endpoint_of(home_id, r) for r in found}, {id_ for (id_,) in ours}


async def settle(
    tx: db.Tx,
    home_id: int,
    now: datetime,
    deliveries: Sequence[tuple[Delivery, str]],
    attempts: Sequence[tuple[int, Attempt]],
) -> None:
    """Deliveries with the reason of their death, attempts with their ids."""
    if deliveries:
        await db.run(
            tx,
            Q.settle_deliveries,
            {
                "home": home_id,
                "now": now,
                "ids": Bigints([d.delivery_id for d, _ in deliveries]),
                "states": Texts([d.state for d, _ in deliveries]),
                "attempts": Smallints([d.attempts for d, _ in deliveries]),
                "dues": Timestamps([d.due_at for d, _ in deliveries]),
                "reasons": Texts([reason for _, reason in deliveries]),
            },
        )
    if attempts:
        answers = [a.answer for _, a in attempts]
        await db.run(
            tx,
            Q.add_attempts,
            {
                "home": home_id,
                "deliveries": Bigints([a.delivery_id for _, a in attempts]),
                "ids": Bigints([id_ for id_, _ in attempts]),
                "ats": Timestamps([a.at for _, a in attempts]),
                "statuses": Smallints([a.status for a in answers]),
                "errors": Texts([a.failure or "" for a in answers]),
                "elapsed": Ints([a.elapsed_ms for a in answers]),
                "answers": Texts([readable(a.head) for a in answers]),
            },
        )


async def wake_and_bury(
    tx: db.Tx, home_id: int, wake: Iterable[int], bury: Iterable[int], now: datetime
) -> None:
    """What waits for endpoints that answer again, or never will."""
    facts = homes_of(mall_of(home_id)) | {"now": now}
    if awake := sorted(wake):
        await db.run(tx, Q.wake, facts | {"endpoints": Bigints(awake)})
    if buried := sorted(bury):
        await db.run(tx, Q.bury, facts | {"endpoints": Bigints(buried)})


async def save_health(tx: db.Tx, endpoint: Endpoint, reason: str) -> None:
    await db.run(tx, Q.save_health, _health(endpoint, reason))


async def save_endpoint(tx: db.Tx, endpoint: Endpoint, reason: str) -> None:
    newest, *older = endpoint.secrets
    old = older[0] if older else None
    await db.run(
        tx,
        Q.save_endpoint,
        _health(endpoint, reason)
        | {
            "url": endpoint.url,
            "events": sorted(e.wire for e in endpoint.events),
            "secret": newest.sealed,
            "secret_at": newest.made_at,
            "old_secret": old.sealed if old else None,
            "old_secret_until": old.ends_at if old else None,
            "version": endpoint.version,
        },
    )


def endpoint_of(home_id: int, r: Sequence[Any]) -> Endpoint:
    secrets = [SigningSecret(bytes(r[4]), r[5])]
    if r[6] is not None:
        secrets.append(SigningSecret(bytes(r[6]), r[14], r[7]))
    return Endpoint(
        home_id=home_id,
        endpoint_id=r[0],
        buyer_id=r[1],
        url=r[2],
        events=frozenset(events_of(r[3])),
        secrets=tuple(secrets),
        state=EndpointState(r[8]),
        reason=r[9],
        failures=r[10],
        failing_since=r[11],
        quiet_until=r[12],
        paused_at=r[13],
        created_at=r[14],
        version=r[15],
    )


def events_of(words: Iterable[str]) -> list[Event]:
    return [BY_WIRE[word] for word in words if word in BY_WIRE]


def readable(head: bytes) -> str:
    """What a person may see of an answer: no control characters, which a log or a terminal would obey."""
    text = head[: ANSWER_CHARACTERS * 4].decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)[:ANSWER_CHARACTERS]


def _health(endpoint: Endpoint, reason: str) -> dict[str, Any]:
    return {
        "mall": mall_of(endpoint.home_id),
        "id": endpoint.endpoint_id,
        "state": endpoint.state,
        "reason": reason,
        "failures": endpoint.failures,
        "failing_since": endpoint.failing_since,
        "quiet_until": endpoint.quiet_until,
        "paused_at": endpoint.paused_at,
    }
