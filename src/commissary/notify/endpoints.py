"""Endpoints and their secrets: add, change, rotate, pause, resume, disable, test.

The mall's staff act for any organisation by `notify.write`, a partner's people and keys for their own by
`own.webhooks.write`. The secret (`whsec_…`, 256 bits) is shown once and stored sealed.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from commissary import tenancy
from commissary.base import db, outgoing
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid, unchanged
from commissary.base.home import home
from commissary.notify import rules, sign, store
from commissary.notify.send import PURPOSE
from commissary.notify.store import Q
from commissary.notify.types import (
    BY_WIRE,
    Delivery,
    Endpoint,
    EndpointState,
    Event,
    NotifyRefusal,
    SigningSecret,
    TestNews,
)
from commissary.tenancy.types import Actor

ENDPOINTS_MAX = 16
OVERLAP_MAX_S = 7 * 86_400


class EndpointView(msgspec.Struct, frozen=True):
    """An endpoint as people see it: without secrets."""

    id: int
    organisation_id: int
    url: str
    events: list[str]  # empty: all
    state: EndpointState
    state_reason: str
    failures: int
    failing_since: datetime | None
    quiet_until: datetime | None
    old_secret_until: datetime | None
    created_at: datetime
    version: int


async def add_endpoint(
    env: Env,
    out: outgoing.Outgoing,
    actor: Actor,
    *,
    organisation_id: int,
    url: str,
    events: Sequence[str] = (),
) -> tuple[EndpointView, str]:
    """The endpoint and its secret, which is never shown again. Refuses an `OutgoingRefusal`, `event_unknown`,
    `not_found`, `too_many_endpoints`."""
    _require(actor, organisation_id)
    out.require(url)
    wanted = _events(events)
    mall, now = actor.mall_id, env.now(actor.mall_id)
    id_, secret = env.ids.new(), _new_secret()
    sealed = _sealed(env, mall, id_, secret)
    async with env.db.transaction(mall) as tx:
        organisation = await tenancy.get_organisation(tx, mall, organisation_id)
        await db.run(tx, Q.lock_owner, {"organisation": organisation_id})
        count = await db.row(tx, Q.count_endpoints, {"mall": mall, "organisation": organisation_id})
        if count is None or count[0] >= ENDPOINTS_MAX:
            raise Refused(NotifyRefusal.too_many_endpoints, most=ENDPOINTS_MAX)
        facts = {"mall": mall, "id": id_, "organisation": organisation_id, "url": url, "now": now}
        await db.run(tx, Q.add_endpoint, facts | {"events": sorted(e.wire for e in wanted), "secret": sealed})
        after = {"url": url, "events": sorted(events), "organisation_id": str(organisation_id)}
        await tenancy.audit(tx, env, actor, "webhook.add", f"webhook:{id_}", None, after)
    made = Endpoint(
        home_id=organisation.home_id,
        endpoint_id=id_,
        buyer_id=organisation_id,
        url=url,
        events=wanted,
        secrets=(SigningSecret(sealed, now),),
        created_at=now,
    )
    return _view(made), secret


async def count_endpoints(env: Env, mall: int, organisation_id: int) -> int:
    """Those of the company that count against `ENDPOINTS_MAX`."""
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.count_endpoints, {"mall": mall, "organisation": organisation_id})
    return int(found[0]) if found else 0


async def change_endpoint(
    env: Env,
    out: outgoing.Outgoing,
    actor: Actor,
    endpoint_id: int,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    version: int | None = None,
) -> EndpointView:
    """What waits goes to the new URL. A new filter applies to events from now on. Refuses `conflict` when `version` is given
    and not the present one."""
    if url is not None:
        out.require(url)
    wanted = None if events is None else _events(events)
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _locked(tx, actor, endpoint_id)
        unchanged(version, old.version)
        new = replace(
            old,
            url=old.url if url is None else url,
            events=old.events if wanted is None else wanted,
            version=old.version + 1,
        )
        if new.url != old.url and new.state is EndpointState.active:
            new = rules.enabled(new)  # another place starts with good health
        await store.save_endpoint(tx, new, new.reason)
        await _audit(tx, env, actor, "webhook.change", old, new)
    return _view(new)


async def rotate_secret(
    env: Env, actor: Actor, endpoint_id: int, overlap_s: int = 86_400
) -> tuple[EndpointView, str]:
    """A new secret; requests carry signatures of both until `overlap_s` has passed. 0, when a secret leaked, ends every
    old one now. Refuses `too_many_secrets`."""
    if not 0 <= overlap_s <= OVERLAP_MAX_S:
        raise invalid("overlap_s", f"0 to {OVERLAP_MAX_S} seconds / 0–{OVERLAP_MAX_S} 秒")
    now, secret = env.clock(), _new_secret()
    sealed = _sealed(env, actor.mall_id, endpoint_id, secret)
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _locked(tx, actor, endpoint_id)
        if overlap_s:
            secrets = rules.rotated(old.secrets, sealed, now, timedelta(seconds=overlap_s))
            if secrets is None:
                raise Refused(NotifyRefusal.too_many_secrets)
        else:
            secrets = (SigningSecret(sealed, now),)
        new = replace(old, secrets=secrets)
        await store.save_endpoint(tx, new, new.reason)
        was, now_signing = {"signing": len(old.secrets)}, {"signing": len(secrets), "overlap_s": overlap_s}
        await tenancy.audit(tx, env, actor, "webhook.rotate", f"webhook:{endpoint_id}", was, now_signing)
    return _view(new), secret


async def pause_endpoint(env: Env, actor: Actor, endpoint_id: int) -> EndpointView:
    """Its queue is kept and nothing is sent, for at most 14 days; then it is probed, and an answer resumes it. Refuses
    `endpoint_disabled`."""
    now = env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _locked(tx, actor, endpoint_id)
        if old.state is EndpointState.disabled:
            raise Refused(NotifyRefusal.endpoint_disabled)
        paused = old if old.state is EndpointState.paused else rules.turned(old, EndpointState.paused)
        new = replace(paused, paused_at=now, quiet_until=now + rules.DISABLE_AFTER_PAUSE, reason="by_owner")
        await store.save_endpoint(tx, new, new.reason)
        await _audit(tx, env, actor, "webhook.pause", old, new)
    return _view(new)


async def resume_endpoint(env: Env, actor: Actor, endpoint_id: int) -> EndpointView:
    """Paused or disabled: active again with good health, and what waits goes at once. Dead letters are for `replay`."""
    now = env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _locked(tx, actor, endpoint_id)
        new = replace(rules.enabled(old), reason="")
        await store.save_endpoint(tx, new, new.reason)
        await store.wake_and_bury(tx, new.home_id, [endpoint_id], [], now)
        await _audit(tx, env, actor, "webhook.resume", old, new)
    return _view(new)


async def disable_endpoint(env: Env, actor: Actor, endpoint_id: int) -> EndpointView:
    """Nothing more is sent but what is on its way; what waits becomes dead letters, new events are not kept."""
    now = env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _locked(tx, actor, endpoint_id)
        if old.state is EndpointState.disabled:
            return _view(old)
        new = replace(
            rules.turned(old, EndpointState.disabled), paused_at=None, quiet_until=None, reason="by_owner"
        )
        await store.save_endpoint(tx, new, new.reason)
        await store.wake_and_bury(tx, new.home_id, [], [endpoint_id], now)
        await _audit(tx, env, actor, "webhook.disable", old, new)
    return _view(new)


async def send_test(env: Env, actor: Actor, endpoint_id: int) -> int:
    """Queues an `endpoint.test` for this endpoint alone; the id of the delivery. Refuses `endpoint_disabled`."""
    now = env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        endpoint = await _locked(tx, actor, endpoint_id)
        if endpoint.state is EndpointState.disabled:
            raise Refused(NotifyRefusal.endpoint_disabled)
        id_ = env.ids.new()
        made = Delivery(
            home_id=endpoint.home_id,
            delivery_id=id_,
            endpoint_id=endpoint_id,
            event_id=f"test_{id_:x}",
            event=Event.endpoint_test,
            subject="",
            sequence=1,
            body=rules.body_of(Event.endpoint_test, now, TestNews(str(endpoint_id))),
            due_at=now,
        )
        await store.add(tx, endpoint.home_id, [made], now)
        told = {"delivery": str(id_)}
        await tenancy.audit(tx, env, actor, "webhook.test", f"webhook:{endpoint_id}", None, told)
    return id_


async def check_signature(
    env: Env, actor: Actor, endpoint_id: int, received: Mapping[str, str], body: bytes
) -> sign.Fault | None:
    """Why a receiver with this endpoint's secrets should not believe what it got; None: it should. Writes nothing."""
    async with env.db.transaction(actor.mall_id) as tx:
        endpoint = await _locked(tx, actor, endpoint_id)
    now, place = env.clock(), b"%d" % endpoint_id
    secrets = [
        env.keys.open_field(actor.mall_id, PURPOSE, secret.sealed, place).decode()
        for secret in rules.live_secrets(endpoint.secrets, now)
    ]
    return sign.verify(secrets, received, body, int(now.timestamp()))


async def list_endpoints(
    env: Env, actor: Actor, *, organisation_id: int | None = None, after: int = 0, size: int = 50
) -> list[EndpointView]:
    """By id; a partner sees its own only."""
    facts = {
        "mall": actor.mall_id,
        "organisation": visible(actor, organisation_id),
        "after": after,
        "size": size,
    }
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, Q.list_endpoints, facts)
    return [_view(store.endpoint_of(home(actor.mall_id), r)) for r in found]


def visible(actor: Actor, organisation_id: int | None) -> int | None:
    """Whose rows an actor may see: None is everybody's. Refuses `forbidden`."""
    if tenancy.allows(actor, "notify.read"):
        return organisation_id
    tenancy.require(actor, "own.webhooks.write")
    return actor.organisation_id


async def _locked(tx: db.Tx, actor: Actor, endpoint_id: int) -> Endpoint:
    found = await db.row(tx, Q.lock_endpoints, {"mall": actor.mall_id, "ids": Bigints([endpoint_id])})
    if found is None:
        raise Refused(NotifyRefusal.endpoint_not_found)
    own = found[1] == actor.organisation_id
    if not own and not tenancy.allows(actor, "notify.read") and not tenancy.allows(actor, "notify.write"):
        raise Refused(NotifyRefusal.endpoint_not_found)
    _require(actor, found[1])
    organisation = await tenancy.get_organisation(tx, actor.mall_id, found[1])
    return store.endpoint_of(organisation.home_id, found)


def _require(actor: Actor, organisation_id: int) -> None:
    if not tenancy.allows(actor, "notify.write"):
        tenancy.require(actor, "own.webhooks.write")
        if organisation_id != actor.organisation_id:
            raise Refused(RequestRefusal.not_found)


def _events(words: Sequence[str]) -> frozenset[Event]:
    for word in words:
        if word not in BY_WIRE:
            raise Refused(NotifyRefusal.event_unknown, event=word[:80])
    return frozenset(BY_WIRE[word] for word in words)


def _new_secret() -> str:
    return sign.new_secret(os.urandom(32))


def _sealed(env: Env, mall: int, endpoint_id: int, secret: str) -> bytes:
    return env.keys.seal_field(mall, PURPOSE, secret.encode(), b"%d" % endpoint_id)


async def _audit(tx: db.Tx, env: Env, actor: Actor, action: str, old: Endpoint, new: Endpoint) -> None:
    await tenancy.audit(tx, env, actor, action, f"webhook:{new.endpoint_id}", _facts(old), _facts(new))


def _facts(endpoint: Endpoint) -> dict[str, object]:
    return {
        "url": endpoint.url,
        "events": sorted(e.wire for e in endpoint.events),
        "state": endpoint.state.value,
    }


def _view(endpoint: Endpoint) -> EndpointView:
    assert endpoint.created_at is not None
    old = endpoint.secrets[1:]
    return EndpointView(
        id=endpoint.endpoint_id,
        organisation_id=endpoint.buyer_id,
        url=endpoint.url,
        events=sorted(e.wire for e in endpoint.events),
        state=endpoint.state,
        state_reason=endpoint.reason,
        failures=endpoint.failures,
        failing_since=endpoint.failing_since,
        quiet_until=endpoint.quiet_until,
        old_secret_until=old[0].ends_at if old else None,
        created_at=endpoint.created_at,
        version=endpoint.version,
    )
