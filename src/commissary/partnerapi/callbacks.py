"""Telling a shop what became of its order, in its own protocol: at least once, the newest state, from whichever process.

order's event ─ `enqueue` ─> a row per order ─ lease ─> read the order, sign, post ─┬─ heard ─> the row is gone
                                   ^                                                └─ not ───> later, or given up
                                   └── a newer event of the order takes its place
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from commissary import orders, tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.base.outgoing import Blocked, Outgoing, Unreachable
from commissary.partnerapi import store
from commissary.partnerapi.face import Face
from commissary.partnerapi.types import Due
from commissary.tenancy.types import Caller

log = logging.getLogger("commissary.faces")

LEASE = timedelta(seconds=60)
AT_ONCE = 32
# Faces that are told of nothing that their own answer has told already.
SILENT_AT_ONCE = frozenset({"xianguanjia"})

Seen = tuple[int, int, outbox.Event]
"""(number of the outbox row, place in it, the event)"""


async def enqueue(tx: db.Tx, env: Env, home: int, seen: Sequence[Seen]) -> int:
    """In the caller's transaction; the same events again add nothing."""
    newest: dict[int, Due] = {}
    for _, _, event in seen:
        told = event.data.get("face")
        if isinstance(told, dict) and (event.n > 1 or told["name"] not in SILENT_AT_ONCE):
            newest[event.subject] = Due(event.subject, told["name"], told["key_id"], told["url"], event.n, 0)
    if not newest:
        return 0
    dues = [newest[order_id] for order_id in sorted(newest)]
    return await store.wish(tx, home, dues, env.clock())


async def send_due(edge: orders.PartnerEdge, outgoing: Outgoing, faces: Mapping[str, Face]) -> int:
    """What is due now, once; how many were sent."""
    env, count = edge.desk.env, 0
    async with env.db.transaction(None) as tx:
        homes = await store.homes_due(tx, env.clock())
    for home in homes:
        lease_id = env.ids.new()
        async with env.db.transaction(mall_of(home)) as tx:
            now = env.clock()
            dues = await store.lease(tx, home, now, now + LEASE, lease_id, AT_ONCE)
        await asyncio.gather(*(_send(edge, outgoing, faces, home, lease_id, due) for due in dues))
        count += len(dues)
    return count


async def _send(
    edge: orders.PartnerEdge,
    outgoing: Outgoing,
    faces: Mapping[str, Face],
    home: int,
    lease_id: int,
    due: Due,
) -> None:
    env, face = edge.desk.env, faces.get(due.face)
    retries = face.retries_s if face is not None else ()
    try:
        ended = face is None or await _post(edge, outgoing, face, due)
    except Exception:
        log.exception("order %d could not be told of", due.order_id)
        ended = False
    if not ended and due.attempts >= len(retries):
        log.warning(
            "order %d: %s was told %d times and did not hear", due.order_id, due.face, due.attempts + 1
        )
        ended = True
    async with env.db.transaction(mall_of(home)) as tx:
        if ended:
            await store.heard(tx, home, due.order_id, lease_id)
        else:
            pause = timedelta(seconds=retries[due.attempts])
            await store.again(tx, home, due.order_id, lease_id, env.clock() + pause)


async def _post(edge: orders.PartnerEdge, outgoing: Outgoing, face: Face, due: Due) -> bool:
    """Was it heard? Also when there is nobody left who may hear: codes go to whoever holds a live key."""
    key = await edge.gate.holder(due.key_id)
    if key is None:
        return True
    order = await edge.desk.order(Caller(key, ""), due.order_id)
    # While a key rotates, the shop may still know the old secret alone.
    secrets = tenancy.live_secrets(key, edge.desk.env.clock())
    secret = secrets[due.attempts % len(secrets)].decode()
    try:
        notice = await face.notice(key, secret, order, due.url)
        reply = await outgoing.post(notice.url, notice.headers, notice.body)
    except (Unreachable, Blocked, Refused) as error:
        log.info("order %d: %s was not reached: %s", due.order_id, due.face, type(error).__name__)
        return False
    return face.heard(reply)
