"""Decisions about webhooks: what an answer means, when to try again, who may go next, when an endpoint rests.

Time and jitter are passed in. Promises, each a property test:
- A delivery is tried for at least a day before it is a dead letter.
- Of one subject and endpoint, at most one delivery is on its way, and never before an earlier one has ended.
- An endpoint that fails gets one request at a time, at most one a minute after a while; when it answers again, what
  waited goes at once.
- While an endpoint is paused nothing dies: it is probed, and resumes by itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from commissary.notify.types import (
    DELIVERY_MOVES,
    ENDPOINT_MOVES,
    LINES_MAX,
    NEWS,
    Answer,
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    Event,
    Meaning,
    News,
    OrderNews,
    SigningSecret,
)

# After the first try: 5 s, 30 s, 2 m, 10 m, 30 m, 1 h, 2 h, 4 h, 6 h, 8 h, 8 h. Sum 29.7 h; jitter only lengthens it.
RETRY_DELAYS_S = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600, 28800, 28800)
JITTER_SHARE = 0.2
RETRY_AFTER_MAX_S = 3600
IN_FLIGHT_PER_ENDPOINT = 8
REST_MAX_S = 60  # between two requests to an endpoint that keeps failing: 1 s, 2 s, 4 s, … 60 s
WAKE_AFTER_FAILURES = 3  # an outage, rather than one message that the receiver cannot digest
PAUSE_AFTER = timedelta(hours=12)
PAUSE_AFTER_FAILURES = (
    8  # one quiet endpoint with one bad hour at each end of the night is not sustained failure
)
PROBE_EVERY = timedelta(hours=1)
DISABLE_AFTER_PAUSE = timedelta(days=14)
LIVE_SECRETS = 2


def wants(endpoint: Endpoint, event: Event) -> bool:
    """Whether a new event becomes a delivery. A paused endpoint keeps its queue; a disabled one gets none."""
    return endpoint.state is not EndpointState.disabled and (not endpoint.events or event in endpoint.events)


def webhook_id(home_id: int, seq: int, no: int) -> str:
    """Where the event stands in the outbox: the same for every attempt, replay and endpoint. Receivers dedupe by it."""
    return f"evt_{home_id:x}_{seq:x}_{no:x}"


def at_home(endpoint_url: str, callback_url: str) -> bool:
    """Whether an order's callback leads to the same scheme, host and port as the endpoint, whose owner has shown that he
    answers there. So an order opens no new door: its callback shares the endpoint's secret, order, health and limits."""
    own, asked = _ORIGIN.match(endpoint_url), _ORIGIN.match(callback_url)
    return own is not None and asked is not None and own[0].lower() == asked[0].lower()


_ORIGIN = re.compile(r"https?://[^/?#@\\]+(?=[/?]|$)", re.ASCII | re.IGNORECASE)


def body_of(event: Event, at: datetime, news: News) -> bytes:
    """The bytes that are stored, signed and sent. A shape that is not this event's own is a bug."""
    assert type(news) is NEWS[event], f"{event.wire} does not carry {type(news).__name__}"
    if isinstance(news, OrderNews) and len(news.lines) > LINES_MAX:
        news = replace(news, lines=())
    plain = msgspec.to_builtins(news)
    msgspec.convert(
        plain, NEWS[event]
    )  # patterns and bounds are checked on the way in, not by the constructor
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return msgspec.json.encode({"type": event.wire, "timestamp": stamp, "data": plain})


def live_secrets(secrets: Sequence[SigningSecret], now: datetime) -> tuple[SigningSecret, ...]:
    """Those to sign with, newest first."""
    live = [secret for secret in secrets if secret.ends_at is None or now < secret.ends_at]
    return tuple(sorted(live, key=lambda secret: secret.made_at, reverse=True)[:LIVE_SECRETS])


def rotated(
    secrets: Sequence[SigningSecret], sealed: bytes, now: datetime, overlap: timedelta
) -> tuple[SigningSecret, ...] | None:
    """The new secret beside the old one until `overlap` has passed. None: two are live already."""
    live = live_secrets(secrets, now)
    if len(live) >= LIVE_SECRETS:
        return None
    return (SigningSecret(sealed, now), *(replace(old, ends_at=now + overlap) for old in live))


def meaning(answer: Answer) -> Meaning:
    """Redirects are failures: the URL should be mended. So is every 4xx but 410: receivers deploy bugs and fix them."""
    if answer.status is None:
        return Meaning.retry
    if 200 <= answer.status <= 299:
        return Meaning.delivered
    if answer.status == 410:
        return Meaning.gone
    if answer.status in (429, 503):
        return Meaning.slow_down
    return Meaning.retry


def retry_after_seconds(text: str | None, now: datetime) -> int:
    """Seconds or an HTTP date, bounded to an hour; 0 when absent, past or unreadable."""
    if text is None:
        return 0
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        return min(int(text), RETRY_AFTER_MAX_S)
    date = _HTTP_DATE.fullmatch(text)
    if not date or date["month"] not in _MONTHS:
        return 0
    try:
        hour, minute, second = (int(part) for part in date["time"].split(":"))
        month = _MONTHS.index(date["month"]) + 1
        until = datetime(int(date["year"]), month, int(date["day"]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return 0
    return max(0, min(int((until - now).total_seconds()), RETRY_AFTER_MAX_S))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HTTP_DATE = re.compile(
    r"[A-Z][a-z]{2}, (?P<day>\d\d) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d) GMT",
    re.ASCII,
)


def retry_at(attempts: int, now: datetime, jitter: float, at_least_s: int = 0) -> datetime | None:
    """When to try again after `attempts` tries; None when that was the last. `jitter` in [0, 1)."""
    assert attempts >= 1
    assert 0 <= jitter < 1
    if attempts > len(RETRY_DELAYS_S):
        return None
    delay_s = max(RETRY_DELAYS_S[attempts - 1], at_least_s) * (1 + JITTER_SHARE * jitter)
    return now + timedelta(seconds=delay_s)


class Settled(msgspec.Struct, frozen=True):
    """What one answer changes. `wake`: an outage is over, apply `woken` to what else waits for this endpoint.
    `bury`: the endpoint fell silent for good; its waiting deliveries become dead letters, ready for replay.
    `tell_owner`: the endpoint's state changed, say so by mail or in the console."""

    delivery: Delivery
    endpoint: Endpoint
    attempt: Attempt
    wake: bool = False
    bury: bool = False
    tell_owner: bool = False


def settle(
    delivery: Delivery,
    endpoint: Endpoint,
    answer: Answer,
    now: datetime,
    jitter: float,
    sent_at: datetime | None = None,
) -> Settled:
    """One answer to one delivery that was being sent. `sent_at`: a request that left before the endpoint was told to
    rest says nothing new about its health, so that eight failures at once count as one."""
    assert delivery.state is DeliveryState.sending
    assert delivery.endpoint_id == endpoint.endpoint_id
    what = meaning(answer)
    log = Attempt(
        home_id=delivery.home_id, delivery_id=delivery.delivery_id, at=now, answer=answer, meaning=what
    )
    if endpoint.state is EndpointState.disabled:  # by its owner, while this one was on its way
        done = DeliveryState.delivered if what is Meaning.delivered else DeliveryState.dead
        return Settled(moved(delivery, done, attempts=delivery.attempts + 1), endpoint, log)
    if what is Meaning.delivered:
        healthy = replace(endpoint, failing_since=None, failures=0, quiet_until=None, paused_at=None)
        was_paused = endpoint.state is EndpointState.paused
        outage = was_paused or endpoint.failures >= WAKE_AFTER_FAILURES
        if was_paused:
            healthy = turned(healthy, EndpointState.active)
        delivered = moved(delivery, DeliveryState.delivered, attempts=delivery.attempts + 1)
        return Settled(delivered, healthy, log, wake=outage, tell_owner=was_paused)
    if what is Meaning.gone:
        dead = moved(delivery, DeliveryState.dead, attempts=delivery.attempts + 1)
        return Settled(dead, _disabled(endpoint), log, bury=True, tell_owner=True)

    asked_s = retry_after_seconds(answer.retry_after, now) if what is Meaning.slow_down else 0
    known = bool(sent_at and endpoint.quiet_until and endpoint.failures and sent_at < endpoint.quiet_until)
    failures = endpoint.failures + (not known)
    rest_s = max(asked_s, min(2 ** min(failures - 1, 10), REST_MAX_S))
    failing = replace(
        endpoint,
        failures=failures,
        failing_since=endpoint.failing_since or now,
        quiet_until=max(endpoint.quiet_until or now, now + timedelta(seconds=rest_s)),
    )
    if endpoint.state is EndpointState.paused:
        assert endpoint.paused_at is not None
        if now - endpoint.paused_at >= DISABLE_AFTER_PAUSE:
            return Settled(
                moved(delivery, DeliveryState.dead), _disabled(failing), log, bury=True, tell_owner=True
            )
        return Settled(_probe_again(delivery, now), replace(failing, quiet_until=now + PROBE_EVERY), log)
    if _sustained(failing, now):
        paused = replace(turned(failing, EndpointState.paused), paused_at=now, quiet_until=now + PROBE_EVERY)
        return Settled(_probe_again(delivery, now), paused, log, tell_owner=True)
    attempts = delivery.attempts + 1
    next_at = retry_at(attempts, now, jitter, asked_s)
    if next_at is None:
        return Settled(moved(delivery, DeliveryState.dead, attempts=attempts), failing, log)
    return Settled(moved(delivery, DeliveryState.waiting, attempts=attempts, due_at=next_at), failing, log)


def may_go(
    open_deliveries: Iterable[Delivery], endpoints: Mapping[int, Endpoint], now: datetime
) -> list[Delivery]:
    """Which may be sent now, earliest due first. `open_deliveries` are all that wait or are being sent, of whole
    endpoints: a missing earlier one would let a later one pass it. Dead ones hold nobody up.
    """
    in_flight: Counter[int] = Counter()
    first: dict[tuple[int, str], Delivery] = {}
    for delivery in open_deliveries:
        in_flight[delivery.endpoint_id] += delivery.state is DeliveryState.sending
        line = (delivery.endpoint_id, delivery.subject or f"#{delivery.delivery_id}")
        ahead = first.get(line)
        if ahead is None or _place(delivery) < _place(ahead):
            first[line] = delivery
    chosen: list[Delivery] = []
    for delivery in sorted(first.values(), key=lambda d: (d.due_at, d.delivery_id)):
        endpoint = endpoints[delivery.endpoint_id]
        if (
            delivery.state is DeliveryState.waiting
            and delivery.due_at <= now
            and in_flight[endpoint.endpoint_id] < room(endpoint, now)
        ):
            in_flight[endpoint.endpoint_id] += 1
            chosen.append(delivery)
    return chosen


def room(endpoint: Endpoint, now: datetime) -> int:
    """How many requests an endpoint may have on their way. One that fails is only asked, not flooded."""
    if endpoint.state is EndpointState.disabled or (endpoint.quiet_until and now < endpoint.quiet_until):
        return 0
    return 1 if endpoint.failures else IN_FLIGHT_PER_ENDPOINT


def replayed(delivery: Delivery, now: datetime) -> Delivery:
    """Once more from the start of the schedule, with the same id and body. Raises for one that is still open."""
    return moved(delivery, DeliveryState.waiting, attempts=0, due_at=now)


def woken(delivery: Delivery, now: datetime) -> Delivery:
    """The endpoint answers again: go now. The try is given back, so that waking never shortens the schedule of a message
    that fails for its own reasons."""
    if delivery.state is not DeliveryState.waiting or delivery.due_at <= now:
        return delivery
    return replace(delivery, due_at=now, attempts=max(0, delivery.attempts - 1))


def lease_ended(delivery: Delivery, now: datetime) -> Delivery:
    """The sender died. Whether the receiver got it is unknown, so it is sent again: at least once."""
    return moved(delivery, DeliveryState.waiting, due_at=now)


def enabled(endpoint: Endpoint) -> Endpoint:
    """Its owner resumes or re-enables it; health starts afresh."""
    fresh = replace(endpoint, failing_since=None, failures=0, quiet_until=None, paused_at=None)
    return fresh if endpoint.state is EndpointState.active else turned(fresh, EndpointState.active)


def moved(
    delivery: Delivery,
    state: DeliveryState,
    *,
    attempts: int | None = None,
    due_at: datetime | None = None,
) -> Delivery:
    """The only way a delivery changes state."""
    if state not in DELIVERY_MOVES[delivery.state]:
        raise ValueError(f"a delivery does not go from {delivery.state} to {state}")
    return replace(
        delivery,
        state=state,
        attempts=delivery.attempts if attempts is None else attempts,
        due_at=due_at or delivery.due_at,
    )


def turned(endpoint: Endpoint, state: EndpointState) -> Endpoint:
    """The only way an endpoint changes state."""
    if state not in ENDPOINT_MOVES[endpoint.state]:
        raise ValueError(f"an endpoint does not go from {endpoint.state} to {state}")
    return replace(endpoint, state=state)


def _sustained(endpoint: Endpoint, now: datetime) -> bool:
    assert endpoint.failing_since is not None
    return endpoint.failures >= PAUSE_AFTER_FAILURES and now - endpoint.failing_since >= PAUSE_AFTER


def _probe_again(delivery: Delivery, now: datetime) -> Delivery:
    """A probe costs the delivery none of its tries, and goes to the end of the queue: if this one message is what the
    receiver cannot digest, the next probe is another one and ends the pause."""
    return moved(delivery, DeliveryState.waiting, due_at=now + PROBE_EVERY)


def _disabled(endpoint: Endpoint) -> Endpoint:
    return replace(turned(endpoint, EndpointState.disabled), paused_at=None, quiet_until=None)


def _place(delivery: Delivery) -> tuple[int, int]:
    return delivery.sequence, delivery.delivery_id
