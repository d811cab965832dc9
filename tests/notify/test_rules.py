"""Webhook decisions, by table and by property; and whole days simulated without a clock."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from commissary.base.money import Money
from commissary.base.outgoing import Failure, OutgoingRefusal
from commissary.notify import rules
from commissary.notify.types import (
    BY_WIRE,
    DELIVERY_MOVES,
    ENDPOINT_MOVES,
    LINES_MAX,
    NEWS,
    Answer,
    BalanceNews,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    Event,
    LineNews,
    Meaning,
    NotifyRefusal,
    OrderNews,
    SigningSecret,
)

T0 = datetime(2026, 1, 1, tzinfo=UTC)
OK, BROKEN, GONE = Answer(status=204), Answer(status=500), Answer(status=410)
jitters = st.floats(0, 1, exclude_max=True)


def endpoint(endpoint_id: int = 1, **change: object) -> Endpoint:
    made = Endpoint(home_id=1024, endpoint_id=endpoint_id, buyer_id=7, url="https://shop.example.com/")
    return replace(made, **change)


def delivery(delivery_id: int = 1, subject: str = "order:1", sequence: int = 1, **change: object) -> Delivery:
    made = Delivery(
        home_id=1024,
        delivery_id=delivery_id,
        endpoint_id=1,
        event_id=str(1000 + delivery_id),
        event=Event.order_accepted,
        subject=subject,
        sequence=sequence,
        body=b"{}",
        due_at=T0,
    )
    return replace(made, **change)


def sending(**change: int) -> Delivery:
    return replace(delivery(), state=DeliveryState.sending, **change)


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (200, "delivered"),
        (204, "delivered"),
        (299, "delivered"),
        (199, "retry"),
        (300, "retry"),
        (301, "retry"),
        (308, "retry"),
        (400, "retry"),
        (401, "retry"),
        (404, "retry"),
        (409, "retry"),
        (410, "gone"),
        (429, "slow_down"),
        (500, "retry"),
        (502, "retry"),
        (503, "slow_down"),
        (504, "retry"),
    ],
)
def test_what_a_status_means(status: int, what: str) -> None:
    assert rules.meaning(Answer(status=status)) is Meaning(what)


def test_no_answer_means_retry() -> None:
    for failure in (*Failure, *OutgoingRefusal):
        assert rules.meaning(Answer(failure=failure.code)) is Meaning.retry


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("3600", 3600),
        ("86400", 3600),
        ("999999999", 3600),
        ("9999999999", 0),
        ("-5", 0),
        ("1.5", 0),
        ("１２", 0),
        ("soon", 0),
        ("Thu, 01 Jan 2026 00:02:00 GMT", 120),
        ("Wed, 31 Dec 2025 23:59:00 GMT", 0),
        ("Fri, 02 Jan 2026 00:00:00 GMT", 3600),
        ("Thu, 41 Jan 2026 00:02:00 GMT", 0),
        ("Thu, 01 Foo 2026 00:02:00 GMT", 0),
    ],
)
def test_retry_after_is_read_and_bounded(text: str | None, seconds: int) -> None:
    assert rules.retry_after_seconds(text, T0) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_within_bounds(text: str) -> None:
    assert 0 <= rules.retry_after_seconds(text, T0) <= rules.RETRY_AFTER_MAX_S


# --- schedule --------------------------------------------------------------------------------------------------------


@given(st.lists(jitters, min_size=20, max_size=20))
def test_the_schedule_spans_a_day_grows_and_ends(jitter: list[float]) -> None:
    now, delays, attempts = T0, [], 1
    while (at := rules.retry_at(attempts, now, jitter[attempts])) is not None:
        delays.append((at - now).total_seconds())
        now, attempts = at, attempts + 1
    assert now - T0 >= timedelta(hours=24)
    assert now - T0 <= timedelta(hours=36)
    assert attempts == len(rules.RETRY_DELAYS_S) + 1
    for nominal, delay in zip(rules.RETRY_DELAYS_S, delays, strict=True):
        assert nominal <= delay <= nominal * (1 + rules.JITTER_SHARE)
    assert list(rules.RETRY_DELAYS_S) == sorted(rules.RETRY_DELAYS_S)


def test_jitter_spreads() -> None:
    assert rules.retry_at(3, T0, 0.0) == after(120)
    assert rules.retry_at(3, T0, 0.5) == after(132)


def test_retry_after_lengthens_but_never_shortens() -> None:
    assert rules.retry_at(1, T0, 0.0, 90) == after(90)
    assert rules.retry_at(6, T0, 0.0, 90) == after(3600)
    settled = rules.settle(sending(), endpoint(), Answer(status=429, retry_after="90"), T0, 0.0)
    assert (settled.delivery.due_at, settled.endpoint.quiet_until) == (after(90), after(90))
    ignored = rules.settle(sending(), endpoint(), Answer(status=500, retry_after="90"), T0, 0.0)
    assert ignored.delivery.due_at == after(5)


# --- one answer ------------------------------------------------------------------------------------------------------


def test_success_heals() -> None:
    sick = endpoint(failures=3, failing_since=T0, quiet_until=after(30))
    settled = rules.settle(sending(attempts=2), sick, OK, after(60), 0.0)
    assert (settled.delivery.state, settled.delivery.attempts) == (DeliveryState.delivered, 3)
    assert settled.endpoint == endpoint()
    assert (settled.wake, settled.bury, settled.tell_owner) == (True, False, False)
    assert settled.attempt.meaning is Meaning.delivered


def test_one_bad_message_among_good_ones_wakes_nobody() -> None:
    assert not rules.settle(sending(), endpoint(failures=1, failing_since=T0), OK, T0, 0.0).wake


def test_gone_disables_and_buries() -> None:
    settled = rules.settle(sending(), endpoint(), GONE, T0, 0.0)
    assert settled.delivery.state is DeliveryState.dead
    assert settled.endpoint.state is EndpointState.disabled
    assert settled.bury
    assert settled.tell_owner
    assert not rules.wants(settled.endpoint, Event.order_failed)


def test_the_last_failure_is_a_dead_letter_and_can_be_replayed() -> None:
    last = sending(attempts=len(rules.RETRY_DELAYS_S))
    dead = rules.settle(last, endpoint(), BROKEN, T0, 0.0).delivery
    assert (dead.state, dead.attempts) == (DeliveryState.dead, len(rules.RETRY_DELAYS_S) + 1)
    again = rules.replayed(dead, after(9))
    assert (again.state, again.attempts, again.due_at) == (DeliveryState.waiting, 0, after(9))
    assert (again.event_id, again.body) == (dead.event_id, dead.body)
    with pytest.raises(ValueError, match="does not go"):
        rules.replayed(again, after(9))


def test_an_answer_after_the_owner_disabled_the_endpoint() -> None:
    off = endpoint(state=EndpointState.disabled)
    assert rules.settle(sending(), off, OK, T0, 0.0).delivery.state is DeliveryState.delivered
    for bad in (BROKEN, GONE):
        settled = rules.settle(sending(), off, bad, T0, 0.0)
        assert (settled.delivery.state, settled.endpoint) == (DeliveryState.dead, off)


@settings(max_examples=300)
@given(
    st.integers(0, 30),
    st.sampled_from([100, 200, 301, 404, 410, 429, 500, 503, None]),
    st.sampled_from(list(EndpointState)),
    st.integers(0, 40),
    st.integers(0, 30 * 86400),
    jitters,
)
def test_settling_keeps_to_the_tables(
    attempts: int, status: int | None, state: EndpointState, failures: int, age_s: int, jitter: float
) -> None:
    before = endpoint(
        state=state,
        failures=failures,
        failing_since=T0 if failures else None,
        paused_at=T0 if state is EndpointState.paused else None,
    )
    now = after(age_s)
    settled = rules.settle(sending(attempts=attempts), before, Answer(status=status), now, jitter)
    assert settled.delivery.state in DELIVERY_MOVES[DeliveryState.sending]
    assert settled.endpoint.state is state or settled.endpoint.state in ENDPOINT_MOVES[state]
    assert (settled.endpoint.paused_at is not None) == (settled.endpoint.state is EndpointState.paused)
    assert settled.tell_owner == (settled.endpoint.state is not state)
    assert settled.bury == (settled.tell_owner and settled.endpoint.state is EndpointState.disabled)
    assert settled.delivery.due_at >= now or settled.delivery.state is not DeliveryState.waiting
    if settled.endpoint.state is EndpointState.active:
        assert (settled.endpoint.failures > 0) == (settled.endpoint.failing_since is not None)
    if settled.delivery.state is DeliveryState.delivered:
        assert status == 200


# --- order and room --------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000))
def test_only_the_first_of_a_subject_may_go(seed: int) -> None:
    random = Random(seed)
    open_ones = [
        delivery(
            n,
            random.choice(["order:1", "order:2", "sku:1", ""]),
            n // 3,
            endpoint_id=random.randint(1, 3),
            due_at=after(random.randint(-60, 60)),
            state=random.choice([DeliveryState.waiting, DeliveryState.waiting, DeliveryState.sending]),
        )
        for n in range(random.randint(0, 40))
    ]
    random.shuffle(open_ones)
    endpoints = {
        1: endpoint(1),
        2: endpoint(2, failures=1, failing_since=T0),
        3: endpoint(3, state=random.choice(list(EndpointState)), quiet_until=random.choice([None, after(1)])),
    }
    chosen = rules.may_go(open_ones, endpoints, T0)
    assert len({d.delivery_id for d in chosen}) == len(chosen)
    for one in chosen:
        assert one.state is DeliveryState.waiting
        assert one.due_at <= T0
        if one.subject:
            line = [d for d in open_ones if (d.endpoint_id, d.subject) == (one.endpoint_id, one.subject)]
            assert one.sequence == min(d.sequence for d in line)
            assert not any(d.state is DeliveryState.sending and d.sequence < one.sequence for d in line)
            assert sum(d in chosen for d in line) == 1
    for number, at in endpoints.items():
        flying = [d for d in open_ones if d.endpoint_id == number and d.state is DeliveryState.sending]
        going = [d for d in chosen if d.endpoint_id == number]
        assert not going or len(flying) + len(going) <= rules.room(at, T0)
    # Nobody is held up without a reason: a healthy endpoint with room sends every first one that is due.
    healthy = [d for d in open_ones if d.endpoint_id == 1]
    if len(healthy) <= rules.IN_FLIGHT_PER_ENDPOINT:
        for d in healthy:
            ahead = [e for e in healthy if e.subject == d.subject and e != d] if d.subject else []
            if d.state is DeliveryState.waiting and d.due_at <= T0 and not ahead:
                assert d in chosen


def test_room() -> None:
    assert rules.room(endpoint(), T0) == rules.IN_FLIGHT_PER_ENDPOINT
    assert rules.room(endpoint(failures=1), T0) == 1
    assert rules.room(endpoint(failures=1, quiet_until=after(1)), T0) == 0
    assert rules.room(endpoint(failures=1, quiet_until=T0), T0) == 1
    assert rules.room(endpoint(state=EndpointState.disabled), T0) == 0


# --- days, simulated -------------------------------------------------------------------------------------------------


class World:
    """One endpoint, its open deliveries, and a receiver that is a function of time and delivery."""

    def __init__(self, deliveries: list[Delivery], receiver: Callable[[datetime, Delivery], Answer]) -> None:
        self.all = {d.delivery_id: d for d in deliveries}
        self.endpoint = endpoint()
        self.receiver = receiver
        self.now = T0
        self.log: list[tuple[datetime, Delivery, Meaning]] = []
        self.told: list[tuple[datetime, EndpointState]] = []
        self.random = Random(1)
        self.coming: list[Delivery] = []

    def open(self) -> list[Delivery]:
        return [d for d in self.all.values() if d.state in (DeliveryState.waiting, DeliveryState.sending)]

    def run(self, until: datetime, step_s: int = 5) -> None:
        while self.now < until and (self.open() or self.coming):
            while self.coming and self.coming[0].due_at <= self.now:
                arrived = self.coming.pop(0)
                self.all[arrived.delivery_id] = arrived
            going = rules.may_go(self.open(), {1: self.endpoint}, self.now)
            flying = [rules.moved(d, DeliveryState.sending) for d in going]
            for d in flying:
                self.all[d.delivery_id] = d
            for d in flying:
                self.settle(d)
            self.now += timedelta(seconds=step_s)

    def settle(self, d: Delivery) -> None:
        result = rules.settle(d, self.endpoint, self.receiver(self.now, d), self.now, self.random.random())
        self.endpoint = result.endpoint
        self.all[d.delivery_id] = result.delivery
        self.log.append((self.now, d, result.attempt.meaning))
        if result.tell_owner:
            self.told.append((self.now, result.endpoint.state))
        for other in self.open():
            if result.wake:
                self.all[other.delivery_id] = rules.woken(other, self.now)
            if result.bury and other.state is DeliveryState.waiting:
                self.all[other.delivery_id] = rules.moved(other, DeliveryState.dead)

    def delivered(self) -> dict[str, list[int]]:
        story: dict[str, list[int]] = defaultdict(list)
        for _, d, what in self.log:
            if what is Meaning.delivered:
                story[d.subject].append(d.sequence)
        return story


def stories(orders: int, events: int) -> list[Delivery]:
    return [
        delivery(order * events + n, f"order:{order}", n)
        for order in range(1, orders + 1)
        for n in range(events)
    ]


def test_a_receiver_that_is_down_for_an_hour_misses_nothing_and_hears_each_order_in_order() -> None:
    back = T0 + timedelta(hours=1)
    world = World(stories(30, 4), lambda now, _: OK if now >= back else BROKEN)
    world.run(T0 + timedelta(hours=4))
    assert world.delivered() == {f"order:{n}": [0, 1, 2, 3] for n in range(1, 31)}
    assert not world.open()
    assert world.now - back < timedelta(minutes=5)  # a success wakes the rest
    asked = [at for at, _, what in world.log if what is not Meaning.delivered]
    assert len(asked) < 120  # and the hour was not spent hammering: about one a minute
    assert world.told == []


def test_one_undigestible_message_dies_after_a_day_and_only_its_own_order_waits() -> None:
    def receiver(now: datetime, d: Delivery) -> Answer:
        return BROKEN if (d.subject, d.sequence) == ("order:1", 1) else OK

    world = World(stories(2, 3), receiver)
    world.coming = [  # news of other orders, every ten minutes
        delivery(10_000 + n, f"order:{10_000 + n}", due_at=after(n * 600)) for n in range(41 * 6)
    ]
    world.run(T0 + timedelta(hours=41), step_s=20)
    assert world.delivered()["order:2"] == [0, 1, 2]
    assert world.delivered()["order:1"] == [0, 2]
    tries = [at for at, d, _ in world.log if (d.subject, d.sequence) == ("order:1", 1)]
    assert tries[-1] - tries[0] >= timedelta(hours=24)
    assert len(tries) < 40
    assert world.told == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_whatever_the_weather_no_message_dies_within_a_day_and_order_holds(seed: int) -> None:
    weather = Random(seed)
    good = [weather.random() < 0.4 for _ in range(24 * 12)]  # per ten minutes of two days

    def receiver(now: datetime, d: Delivery) -> Answer:
        slot = int((now - T0).total_seconds() // 600)
        if d.delivery_id % 7 == 0:
            return BROKEN
        return OK if slot >= len(good) or good[slot] else Answer(failure="timeout")

    world = World(stories(6, 3), receiver)
    world.run(T0 + timedelta(days=4), step_s=60)
    for story in world.delivered().values():
        assert story == sorted(set(story))
    first_try: dict[int, datetime] = {}
    for at, d, _ in world.log:
        first_try.setdefault(d.delivery_id, at)
        if world.all[d.delivery_id].state is DeliveryState.dead:
            assert d.delivery_id % 7 == 0
    for d in world.all.values():
        if d.state is DeliveryState.dead:
            last = max(at for at, tried, _ in world.log if tried.delivery_id == d.delivery_id)
            assert last - first_try[d.delivery_id] >= timedelta(hours=24)


def test_repeated_outages_do_not_use_up_the_day_of_a_message() -> None:
    def receiver(now: datetime, d: Delivery) -> Answer:
        minutes = (now - T0).total_seconds() / 60
        return BROKEN if d.delivery_id == 1 or minutes % 40 < 20 else OK

    world = World([delivery(1)], receiver)
    world.coming = [delivery(100 + n, f"order:{100 + n}", due_at=after(n * 120)) for n in range(30 * 36)]
    world.run(T0 + timedelta(hours=36), step_s=20)
    tries = [at for at, d, _ in world.log if d.delivery_id == 1]
    assert world.all[1].state is not DeliveryState.dead or tries[-1] - tries[0] >= timedelta(hours=24)
    assert len(tries) > 20  # it was woken often


def test_long_silence_pauses_probes_and_resumes_by_itself() -> None:
    back = T0 + timedelta(days=5)
    world = World(stories(5, 2), lambda now, _: OK if now >= back else BROKEN)
    world.run(T0 + timedelta(days=6), step_s=60)
    assert [state for _, state in world.told] == [EndpointState.paused, EndpointState.active]
    paused_at, resumed_at = (at for at, _ in world.told)
    assert rules.PAUSE_AFTER <= paused_at - T0 <= timedelta(hours=17)
    assert resumed_at - back <= rules.PROBE_EVERY + timedelta(minutes=2)
    probes = [at for at, _, _ in world.log if paused_at < at < back]
    assert 80 <= len(probes) <= 120
    assert world.delivered() == {f"order:{n}": [0, 1] for n in range(1, 6)}


def test_one_undigestible_message_does_not_keep_an_endpoint_paused() -> None:
    world = World(stories(1, 1), lambda now, d: BROKEN if d.delivery_id == 1 else OK)
    world.endpoint = replace(
        world.endpoint, state=EndpointState.paused, paused_at=T0, failures=9, failing_since=T0
    )
    world.run(T0 + timedelta(minutes=30))
    world.all[2] = delivery(2, "order:2", due_at=world.now)
    world.run(T0 + rules.PROBE_EVERY + timedelta(minutes=1))  # the very next probe is the other message
    assert world.all[2].state is DeliveryState.delivered
    assert world.endpoint.state is EndpointState.active


def test_silence_for_weeks_disables_and_everything_can_be_replayed() -> None:
    world = World(stories(3, 2), lambda now, _: BROKEN)
    world.run(T0 + timedelta(days=20), step_s=300)
    assert [state for _, state in world.told] == [EndpointState.paused, EndpointState.disabled]
    assert {d.state for d in world.all.values()} == {DeliveryState.dead}
    world.endpoint = rules.enabled(world.endpoint)
    world.all = {n: rules.replayed(d, world.now) for n, d in world.all.items()}
    world.receiver = lambda now, _: OK
    world.run(world.now + timedelta(hours=1))
    assert world.delivered() == {f"order:{n}": [0, 1] for n in range(1, 4)}


# --- secrets, bodies, tables -----------------------------------------------------------------------------------------


def test_secrets_overlap_while_they_rotate() -> None:
    first = rules.rotated((), b"first", T0, timedelta(hours=24))
    assert first is not None
    both = rules.rotated(first, b"second", after(10), timedelta(hours=24))
    assert both is not None
    assert [s.sealed for s in rules.live_secrets(both, after(11))] == [b"second", b"first"]
    assert rules.rotated(both, b"third", after(12), timedelta(hours=24)) is None
    assert [s.sealed for s in rules.live_secrets(both, after(10 + 86400))] == [b"second"]
    third = rules.rotated(both, b"third", after(90_000), timedelta(0))
    assert third is not None
    assert [s.sealed for s in rules.live_secrets(third, after(90_000))] == [b"third"]
    assert rules.live_secrets((SigningSecret(b"x", T0, T0),), T0) == ()


def news(**change: object) -> OrderNews:
    made = OrderNews(
        order_id="71",
        client_order_no="PO-1",
        sequence=3,
        status="delivered",
        lines=(LineNews("5", 2, 2, "delivered"),),
    )
    return replace(made, **change)


def test_a_body_says_what_happened() -> None:
    body = rules.body_of(Event.order_delivered, T0 + timedelta(milliseconds=5), news())
    assert msgspec.json.decode(body) == {
        "type": "order.delivered",
        "timestamp": "2026-01-01T00:00:00.005Z",
        "data": {
            "order_id": "71",
            "client_order_no": "PO-1",
            "sequence": 3,
            "status": "delivered",
            "lines": [{"sku_id": "5", "quantity": 2, "delivered": 2, "status": "delivered"}],
        },
    }
    low = BalanceNews("9", "7", Money("1.0000", "CNY"), Money("5.0000", "CNY"))
    assert b'"threshold":{"amount":"5.0000"' in rules.body_of(Event.balance_low, T0, low)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "ABCD-EFGH-1234"},
        {"reason": "card 8888 pin 9999"},
        {"order_id": "ABC"},
        {"lines": (LineNews("5", 2, 2, "XK7-99"),)},
        {"client_order_no": "x" * 65},
    ],
)
def test_a_body_has_no_place_for_a_code(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        rules.body_of(Event.order_delivered, T0, news(**wrong))
    with pytest.raises(AssertionError):
        rules.body_of(Event.balance_low, T0, news())


def test_no_shape_of_a_body_names_a_secret_thing() -> None:
    seen = set()
    for shape in NEWS.values():
        seen |= set(shape.__struct_fields__)
    seen |= set(LineNews.__struct_fields__)
    for word in ("code", "card", "pin", "secret", "phone", "account_no", "password", "email", "name", "note"):
        assert not [field for field in seen if word in field.split("_")]


def test_a_large_order_is_told_thinly_and_stays_below_20_kb() -> None:
    line = LineNews("9219999999999999999", 1_000_000, 1_000_000, "partially_delivered")
    for count in (LINES_MAX, LINES_MAX + 1, 1000):
        body = rules.body_of(Event.order_delivered, T0, news(lines=(line,) * count))
        assert len(body) < 20_000
        assert ("lines" in msgspec.json.decode(body)["data"]) == (count <= LINES_MAX)


def test_subscriptions() -> None:
    picky = endpoint(events=frozenset({Event.order_delivered}))
    assert rules.wants(endpoint(), Event.balance_low)
    assert rules.wants(picky, Event.order_delivered)
    assert not rules.wants(picky, Event.balance_low)
    assert rules.wants(endpoint(state=EndpointState.paused), Event.balance_low)


def test_tables_are_complete_and_bilingual() -> None:
    assert set(NEWS) == set(Event) == set(BY_WIRE.values())
    assert set(DELIVERY_MOVES) == set(DeliveryState)
    assert set(ENDPOINT_MOVES) == set(EndpointState)
    for event in Event:
        assert event.name == event.wire.replace(".", "_")
    for said in (*Event, *NotifyRefusal, *OutgoingRefusal, *Failure):
        assert said.en.isascii()
        assert not said.zh.isascii()
