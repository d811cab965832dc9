"""The sender: lease, send outside any transaction, settle.

    homes with due deliveries ─> lease (one transaction) ─> one group per endpoint ─> answers ─> settle (one transaction
      per home for whatever answered while the last one committed) ─> next group of that endpoint

One group per endpoint at a time, in all processes together; within it up to `rules.room` requests on their way, and of
one subject only the first. When a request fails, the rest of the group goes back unsent. A killed process's deliveries
come back when their lease ends: at least once. Failing endpoints have slots of their own, so that a crowd of hanging
receivers takes none from the others.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commissary.base import outbox, outgoing
from commissary.base.crypto import KeyFault
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.notify import rules, sign, store
from commissary.notify.types import (
    Answer,
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    Event,
    Meaning,
)

log = logging.getLogger("commissary.notify")

PURPOSE = "webhook-secret"
LEASE = timedelta(seconds=60)
LEASE_REST_S = 20.0  # with less than this left of a lease, nothing more is sent under it
EACH_MAX = 64  # deliveries of one endpoint in one lease
HEALTHY_SLOTS = 96  # endpoints that are sent to at once
FAILING_SLOTS = 32
POLL_S = 0.2
SETTLE_TRIES = 5

LIMITS = outgoing.Limits(
    total_seconds=10.0,
    answer_bytes=4096,
    cut_long_answers=True,
    connections=HEALTHY_SLOTS * rules.IN_FLIGHT_PER_ENDPOINT + FAILING_SLOTS,
    connections_per_host=0,  # the bound is per endpoint, here
)
"""What the `Outgoing` of webhooks is made with."""


@dataclass
class Outcome:
    """What came of one leased delivery; no answer: it was not sent. `done` is set when the database knows."""

    delivery: Delivery
    lease: int
    answer: Answer | None
    sent_at: datetime
    done: asyncio.Future[None]


@dataclass
class Sender:
    """One per process. `run` until cancelled, or `stop` to finish what is on its way."""

    env: Env
    outgoing: outgoing.Outgoing
    jitter: Callable[[], float] = random.random
    lease_for: timedelta = LEASE
    _busy: dict[int, bool] = field(default_factory=dict)  # endpoint: was it failing when leased
    _groups: set[asyncio.Task[None]] = field(default_factory=set)
    _outcomes: asyncio.Queue[Outcome] = field(default_factory=asyncio.Queue)
    _look: asyncio.Event = field(default_factory=asyncio.Event)
    _settler: asyncio.Task[None] | None = None
    _stopping: bool = False

    async def run(self) -> None:
        """Until `stop`. A database that is away is survived."""
        while not self._stopping:
            self._look.clear()
            try:
                found = await self.start_due()
            except Exception:
                log.exception("leasing webhooks failed")
                found = 0
            if not found:
                try:
                    await asyncio.wait_for(self._look.wait(), POLL_S)
                except TimeoutError:
                    continue

    async def drain(self) -> int:
        """Send what is due now, and what becomes due by that, to the end; how many deliveries were leased."""
        total = 0
        while True:
            found = await self.start_due()
            total += found
            if not found and not self._groups:
                return total
            if self._groups:
                await asyncio.wait(self._groups, return_when=asyncio.FIRST_COMPLETED)

    def nudge(self) -> None:
        """There may be something to send."""
        self._look.set()

    async def stop(self) -> None:
        """Lease no more, wait for what is on its way, write it down."""
        self._stopping = True
        self._look.set()
        if self._groups:
            await asyncio.wait(self._groups)
        if self._settler is not None:
            self._settler.cancel()
            await asyncio.gather(self._settler, return_exceptions=True)
            self._settler = None

    async def start_due(self) -> int:
        """Lease and begin sending; how many deliveries were leased."""
        if self._settler is None:
            self._settler = asyncio.create_task(self._settle_for_ever(), name="webhooks-settle")
        found = 0
        latest = max(self.env.offsets.values(), default=0)
        async with self.env.db.transaction(None) as tx:
            homes = await store.homes_due(tx, self.env.clock() + timedelta(seconds=max(latest, 0)))
        random.shuffle(homes)  # none is always last
        for home in homes:
            for failing in (False, True):
                slots = (FAILING_SLOTS if failing else HEALTHY_SLOTS) - sum(
                    f is failing for f in self._busy.values()
                )
                if slots <= 0:
                    continue
                now = self.env.now(mall_of(home))
                leased_at = time.monotonic()
                async with self.env.db.transaction(mall_of(home)) as tx:
                    groups = await store.lease(
                        tx,
                        home,
                        lease=self.env.ids.new(),
                        now=now,
                        until=now + self.lease_for,
                        busy=self._busy,
                        failing=failing,
                        endpoints_max=slots,
                        each_max=EACH_MAX,
                    )
                for group in groups:
                    found += len(group.deliveries)
                    self._busy[group.endpoint.endpoint_id] = failing
                    task = asyncio.create_task(self._send_group(group, leased_at))
                    self._groups.add(task)
                    task.add_done_callback(self._groups.discard)
        return found

    async def _send_group(self, group: store.Leased, leased_at: float) -> None:
        """Send until one fails; return when the database knows of all."""
        endpoint = group.endpoint
        mall = mall_of(endpoint.home_id)
        room = asyncio.Semaphore(max(1, rules.room(endpoint, self.env.now(mall))))
        until = leased_at + self.lease_for.total_seconds() - LEASE_REST_S
        secrets = self._secrets(endpoint)
        failed = False

        async def one(delivery: Delivery) -> None:
            nonlocal failed
            async with room:
                sent_at = self.env.now(mall)
                if failed or self._stopping or time.monotonic() >= until:
                    answer = None
                elif secrets is None:
                    answer = Answer(failure="signing_key_missing")
                else:
                    answer = await self._post(delivery, delivery.url or endpoint.url, secrets)
                if answer is not None and rules.meaning(answer) is not Meaning.delivered:
                    failed = True
            done = asyncio.get_running_loop().create_future()
            self._outcomes.put_nowait(Outcome(delivery, group.lease, answer, sent_at, done))
            await done

        try:
            await asyncio.gather(*(one(delivery) for delivery in group.deliveries))
        finally:
            self._busy.pop(endpoint.endpoint_id, None)
            self._look.set()

    async def _post(self, delivery: Delivery, url: str, secrets: list[str]) -> Answer:
        """Signed with the process's clock, not the mall's: receivers compare it with their own."""
        headers = sign.headers(secrets, delivery.event_id, int(self.env.clock().timestamp()), delivery.body)
        started = time.perf_counter()
        try:
            reply = await self.outgoing.post(url, headers, delivery.body)
        except outgoing.Blocked as no:
            failure = no.reason.code
        except outgoing.Unreachable as no:
            failure = no.kind.code
        except Exception:
            log.exception("sending delivery %d failed", delivery.delivery_id)
            failure = "internal"
        else:
            return Answer(
                status=reply.status,
                retry_after=reply.headers.get("retry-after"),
                elapsed_ms=reply.elapsed_ms,
                head=reply.body[: store.ANSWER_CHARACTERS * 4],
            )
        return Answer(failure=failure, elapsed_ms=round((time.perf_counter() - started) * 1000))

    def _secrets(self, endpoint: Endpoint) -> list[str] | None:
        """In clear, for the time of one group. None: the key folder does not fit the database."""
        place = b"%d" % endpoint.endpoint_id
        mall = mall_of(endpoint.home_id)
        try:
            return [
                self.env.keys.open_field(mall, PURPOSE, secret.sealed, place).decode()
                for secret in rules.live_secrets(endpoint.secrets, self.env.clock())
            ]
        except KeyFault:
            log.error("the secret of webhook endpoint %d cannot be opened", endpoint.endpoint_id)
            return None

    # Settling ---------------------------------------------------------------------------------------------------

    async def _settle_for_ever(self) -> None:
        """A batch is whatever answered while the last one was written: no timer."""
        while True:
            batch = [await self._outcomes.get()]
            while not self._outcomes.empty():
                batch.append(self._outcomes.get_nowait())
            homes: dict[int, list[Outcome]] = {}
            for outcome in batch:
                homes.setdefault(outcome.delivery.home_id, []).append(outcome)
            for home, outcomes in homes.items():
                await self._settle(home, outcomes)
                for outcome in outcomes:
                    outcome.done.set_result(None)

    async def _settle(self, home: int, outcomes: list[Outcome]) -> None:
        """Given up after some tries: the leases end, and the deliveries are sent again."""
        for tries_left in reversed(range(SETTLE_TRIES)):
            try:
                await self._write(home, outcomes)
                return
            except Exception:
                log.exception("writing %d webhook outcomes failed, %d tries left", len(outcomes), tries_left)
                await asyncio.sleep(0.5 if tries_left else 0)

    async def _write(self, home: int, outcomes: list[Outcome]) -> None:
        mall = mall_of(home)
        now = self.env.now(mall)
        deliveries: list[tuple[Delivery, str]] = []
        attempts: list[tuple[int, Attempt]] = []
        wake: set[int] = set()
        bury: set[int] = set()
        turned: set[int] = set()
        async with self.env.db.transaction(mall) as tx:
            endpoints, ours = await store.lock(
                tx,
                home,
                [o.delivery.endpoint_id for o in outcomes],
                [(o.delivery.delivery_id, o.lease) for o in outcomes],
            )
            before = dict(endpoints)
            for outcome in sorted(outcomes, key=lambda o: o.sent_at):
                delivery, answer = outcome.delivery, outcome.answer
                endpoint = endpoints[delivery.endpoint_id]
                if delivery.delivery_id not in ours:  # our lease ended, another sender has it now
                    if answer is not None:
                        log_line = Attempt(
                            home_id=home,
                            delivery_id=delivery.delivery_id,
                            at=now,
                            answer=answer,
                            meaning=rules.meaning(answer),
                        )
                        attempts.append((self.env.ids.new(), log_line))
                    continue
                if answer is None:
                    deliveries.append(_unsent(delivery, endpoint))
                    continue
                settled = rules.settle(delivery, endpoint, answer, now, self.jitter(), outcome.sent_at)
                endpoints[endpoint.endpoint_id] = settled.endpoint
                deliveries.append((settled.delivery, _reason(settled)))
                attempts.append((self.env.ids.new(), settled.attempt))
                if settled.wake:
                    wake.add(endpoint.endpoint_id)
                if settled.bury:
                    bury.add(endpoint.endpoint_id)
                if settled.tell_owner:
                    turned.add(endpoint.endpoint_id)
            await store.settle(tx, home, now, deliveries, attempts)
            for id_, endpoint in endpoints.items():
                if endpoint != before[id_]:
                    await store.save_health(tx, endpoint, _why(before[id_], endpoint))
            await store.wake_and_bury(tx, home, wake - bury, bury, now)
            news = [_told(before[id_], endpoints[id_], now) for id_ in sorted(turned)]
            await outbox.publish(tx, home, [one for one in news if one is not None], now)


def _unsent(delivery: Delivery, endpoint: Endpoint) -> tuple[Delivery, str]:
    if endpoint.state is EndpointState.disabled:
        return rules.moved(delivery, DeliveryState.dead), "endpoint_disabled"
    return rules.moved(delivery, DeliveryState.waiting), ""


def _reason(settled: rules.Settled) -> str:
    if settled.delivery.state is not DeliveryState.dead:
        return ""
    return "endpoint_disabled" if settled.endpoint.state is EndpointState.disabled else "tries_ended"


def _told(before: Endpoint, after: Endpoint, at: datetime) -> outbox.Event | None:
    """To whose endpoint it is; None when one batch of answers ended where it began."""
    if after.state is before.state:
        return None
    told = {
        EndpointState.active: Event.endpoint_resumed,
        EndpointState.paused: Event.endpoint_paused,
        EndpointState.disabled: Event.endpoint_disabled,
    }[after.state]
    data = {"endpoint_id": str(after.endpoint_id), "cause": _why(before, after)}
    return outbox.Event(told.wire, after.endpoint_id, outbox.moment(at), after.buyer_id, at, data)


def _why(before: Endpoint, after: Endpoint) -> str:
    """The reason of a state that this settling brought about."""
    if after.state is before.state:
        return before.reason
    if after.state is EndpointState.active:
        return ""
    gone = after.state is EndpointState.disabled and before.state is EndpointState.active
    return "gone" if gone else "not_answering"
