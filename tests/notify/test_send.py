"""Webhooks from the outbox to receivers on real sockets, with a clock that is moved by hand."""

import asyncio
import time
from collections import defaultdict

import pytest
from commissary_sdk import webhooks as sdk
from standardwebhooks.webhooks import Webhook

from commissary import notify
from commissary.base import db
from commissary.base.home import mall_of
from commissary.notify import rules, store
from commissary.notify.types import DeliveryState, EndpointState
from make.pace import Pace
from make.receivers import Got, Receiver
from make.webhooks import Post

ORDERS, STEPS = 12, ("accepted", "partially_delivered", "delivered")


async def test_receiver_down_for_an_hour_then_up(post: Post) -> None:
    down = True
    receiver = await post.receiver(answer=lambda _: 500 if down else 204)
    buyer = await post.house.buyer()
    _, secret = await post.endpoint(buyer, receiver)
    sender = post.sender()
    for n, status in enumerate(STEPS, 1):
        await post.tell(*(post.order(buyer, 7000 + o, n, status) for o in range(ORDERS)))
    for _ in range(120):  # an hour in half minutes
        await sender.drain()
        post.house.clock.move(seconds=30)
    assert receiver.got == []
    assert 30 < len(receiver.calls) < 150, "a receiver that is down is asked, not flooded"

    down = False
    receiver.calls.clear()
    for _ in range(80):  # the next try of any of them is at most half an hour away, and wakes the rest
        post.house.clock.move(seconds=30)
        await sender.drain()
    assert await post.states() == {"delivered": ORDERS * len(STEPS)}
    assert len(receiver.calls) == len({g.id for g in receiver.calls}) == ORDERS * len(STEPS)
    story = defaultdict(list)
    for got in receiver.got:
        story[got.news["order_id"]].append(got.news["sequence"])
    assert all(told == [1, 2, 3] for told in story.values())
    assert len(story) == ORDERS
    for got in receiver.got:
        event = sdk.verify(got.headers, got.body, secret, post.house.clock.now, tolerance_s=2400)
        assert event.type == f"order.{got.news['status']}"


async def test_a_published_library_verifies_us(post: Post) -> None:
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    _, secret = await post.endpoint(buyer, receiver)
    house = post.house
    house.clock.move(seconds=time.time() - house.clock.now.timestamp())  # it asks the machine's clock
    await post.tell(post.order(buyer, 1, 1))
    await post.sender().drain()
    (got,) = receiver.got
    assert Webhook(secret).verify(got.body, got.headers)["type"] == "order.accepted"
    with pytest.raises(Exception, match="signature"):
        Webhook(secret).verify(got.body.replace(b"PO-1", b"PO-2"), got.headers)


async def test_the_same_events_again_add_nothing(post: Post) -> None:
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    await post.endpoint(buyer, receiver)
    events = [post.order(buyer, 1 + o, 1) for o in range(5)]
    assert await post.tell(*events, seq=9) == 5
    assert await post.tell(*events, seq=9) == 0
    await post.sender().drain()
    assert len(receiver.calls) == 5


async def test_one_hanging_endpoint_delays_no_other(post: Post, pace: Pace) -> None:
    hanging = await post.receiver(answer=lambda _: None)
    good = await post.receiver()
    slow_buyer, good_buyer = await post.house.buyer("slow"), await post.house.buyer("good")
    for _ in range(16):
        await post.endpoint(slow_buyer, hanging)
    await post.endpoint(good_buyer, good)
    await post.tell(*(post.order(slow_buyer, 100 + o, 1) for o in range(50)))
    sender = post.sender()
    running = asyncio.create_task(sender.run())
    while len(hanging.calls) < 16 * rules.IN_FLIGHT_PER_ENDPOINT:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    started = time.monotonic()
    await post.tell(*(post.order(good_buyer, 200 + o, 1) for o in range(100)))
    while len(good.got) < 100:
        await asyncio.sleep(0.01)
        assert time.monotonic() - started < pace.patience(5)
    assert hanging.got == []
    assert hanging.most_at_once == 16 * rules.IN_FLIGHT_PER_ENDPOINT
    await hanging.close()
    await sender.stop()
    await running


async def test_two_senders_share_the_work_and_send_nothing_twice(post: Post, pace: Pace) -> None:
    receivers = [await post.receiver(delay_s=0.002) for _ in range(4)]
    buyer = await post.house.buyer()
    for receiver in receivers:
        await post.endpoint(buyer, receiver)
    senders = [post.sender() for _ in range(2)]
    running = [asyncio.create_task(s.run()) for s in senders]
    for n in range(1, 6):
        await post.tell(*(post.order(buyer, 300 + o, n) for o in range(40)))
    started = time.monotonic()
    while (await post.states()) != {"delivered": 800}:
        await asyncio.sleep(0.05)
        assert time.monotonic() - started < pace.patience(30), await post.states()
    for receiver in receivers:
        assert len(receiver.calls) == len({g.id for g in receiver.calls}) == 200
        assert receiver.most_at_once <= rules.IN_FLIGHT_PER_ENDPOINT
        story = defaultdict(list)
        for got in receiver.got:
            story[got.news["order_id"]].append(got.news["sequence"])
        assert all(told == sorted(told) for told in story.values())
    for sender in senders:
        await sender.stop()
    await asyncio.gather(*running)


async def test_a_lost_lease_is_sent_again_and_the_late_answer_changes_nothing(post: Post) -> None:
    answers = iter([204, 500])  # the second call is answered first
    receiver = await post.receiver(answer=lambda _: next(answers), delay_s=0.6)
    buyer = await post.house.buyer()
    endpoint, _ = await post.endpoint(buyer, receiver)
    await post.tell(post.order(buyer, 1, 1))
    stalled, other = post.sender(), post.sender()
    assert await stalled.start_due() == 1
    await asyncio.sleep(0.2)
    assert len(receiver.calls) == 1
    assert await other.start_due() == 0, "the lease holds"
    post.house.clock.move(seconds=61)
    receiver.delay_s = 0.0
    assert await other.drain() == 1
    assert await post.states() == {"delivered": 1}
    await stalled.drain()
    assert [c.id for c in receiver.calls] == [receiver.got[0].id] * 2
    assert await post.states() == {"delivered": 1}
    (view,) = await notify.list_deliveries(post.house.env, post.house.actor)
    _, _, tries = await notify.get_delivery(post.house.env, post.house.actor, view.id)
    assert (view.attempts, sorted(t.status or 0 for t in tries)) == (1, [204, 500])
    (health,) = await notify.list_endpoints(post.house.env, post.house.actor)
    assert (health.id, health.failures) == (endpoint, 0)


async def test_dead_letters_and_replay(post: Post) -> None:
    env, actor = post.house.env, post.house.actor
    gone = True
    receiver = await post.receiver(answer=lambda _: 410 if gone else 200)
    buyer = await post.house.buyer()
    endpoint, _ = await post.endpoint(buyer, receiver)
    await post.tell(*(post.order(buyer, 1 + o, 1) for o in range(20)))
    sender = post.sender()
    await sender.drain()
    assert await post.states() == {"dead": 20}
    (view,) = await notify.list_endpoints(env, actor)
    assert (view.state, view.state_reason) == (EndpointState.disabled, "gone")
    assert await post.tell(post.order(buyer, 99, 1)) == 0, "a disabled endpoint hears nothing"
    assert await notify.replay(env, actor, notify.Ended(endpoint_id=endpoint)) == [], (
        "nor is anything replayed to it"
    )

    gone = False
    first_ids = {g.id for g in receiver.calls}
    receiver.calls.clear()
    await notify.resume_endpoint(env, actor, endpoint)
    dead = await notify.list_deliveries(env, actor, state=DeliveryState.dead)
    assert await notify.replay(env, actor, notify.Ended([dead[0].id])) == [dead[0].id]
    await sender.drain()
    assert [g.id for g in receiver.calls] == [dead[0].event_id]
    assert (
        len(await notify.replay(env, actor, notify.Ended(endpoint_id=endpoint, state=DeliveryState.dead)))
        == 19
    )
    await sender.drain()
    assert await post.states() == {"delivered": 20}
    assert {g.id for g in receiver.got} >= first_ids
    assert await notify.replay(env, actor, notify.Ended()) == [], "no filter, no replay"


async def test_an_orders_callback_goes_only_where_its_buyer_answers(post: Post) -> None:
    receiver = await post.receiver()
    stranger = await post.receiver()
    buyer = await post.house.buyer()
    _, secret = await post.endpoint(buyer, receiver, "order.failed")
    here, there = receiver.url.replace("/hook", "/cb?o=1"), stranger.url
    await post.tell(
        post.order(buyer, 1, 1, callback_url=here),
        post.order(buyer, 2, 1, callback_url=there),
        post.order(buyer, 3, 1),
    )
    await post.sender().drain()
    assert [(g.path, g.news["order_id"]) for g in receiver.calls] == [("/cb", "1")]
    assert stranger.calls == []
    sdk.verify(receiver.calls[0].headers, receiver.calls[0].body, secret, post.house.clock.now)


@pytest.mark.parametrize(
    ("endpoint", "callback", "same"),
    [
        ("https://a.example/x", "https://a.example/y?z", True),
        ("https://a.example", "https://A.example/y", True),
        ("https://a.example/x", "https://a.example:8443/y", False),
        ("https://a.example/x", "http://a.example/y", False),
        ("https://a.example/x", "https://a.example.evil/y", False),
        ("https://a.example/x", "https://a.example@evil/y", False),
        ("https://a.example/x", "https://evil/https://a.example/", False),
        ("https://a.example/x", "https://a.example\\@evil/", False),
    ],
)
def test_where_a_callback_may_lead(endpoint: str, callback: str, same: bool) -> None:
    assert rules.at_home(endpoint, callback) is same


async def test_a_body_carries_nothing_it_has_no_place_for(post: Post) -> None:
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    await post.endpoint(buyer, receiver)
    await post.tell(
        post.order(buyer, 1, 1, codes=["SECRET-1"], phone="13800000000"),
        post.order(buyer, 2, 1, "Not a word"),  # unknown kind: not told
        post.order(buyer, 3, 1, "accepted", client_order_no=7),  # a publisher's fault: skipped, the rest goes
        post.order(buyer, 4, 1),
    )
    await post.sender().drain()
    assert sorted(g.news["order_id"] for g in receiver.got) == ["1", "4"]
    assert not any(b"SECRET" in g.body or b"138" in g.body for g in receiver.got)


async def test_the_log_keeps_what_came_back_but_no_control_characters(post: Post) -> None:
    receiver = await post.receiver(answer=lambda _: 500)
    buyer = await post.house.buyer()
    await post.endpoint(buyer, receiver)
    await post.tell(post.order(buyer, 1, 1))
    await post.sender().drain()
    (view,) = await notify.list_deliveries(post.house.env, post.house.actor)
    _, body, tries = await notify.get_delivery(post.house.env, post.house.actor, view.id)
    assert body == receiver.calls[0].body
    assert [(t.status, t.answer) for t in tries] == [(500, "no   [31mthanks")]


async def test_rest_of_a_group_goes_back_unsent_when_one_fails(post: Post) -> None:
    calls = 0

    def answer(_: Got) -> int:
        nonlocal calls
        calls += 1
        return 204 if calls > rules.IN_FLIGHT_PER_ENDPOINT else 503

    receiver = await post.receiver(answer=answer, delay_s=0.02)
    buyer = await post.house.buyer()
    await post.endpoint(buyer, receiver)
    await post.tell(*(post.order(buyer, 1 + o, 1) for o in range(60)))
    sender = post.sender()
    await sender.drain()
    assert len(receiver.calls) == rules.IN_FLIGHT_PER_ENDPOINT
    (view,) = await notify.list_endpoints(post.house.env, post.house.actor)
    assert view.failures == 1, "eight failures at once are one piece of news"
    post.house.clock.move(seconds=2)
    await sender.drain()
    assert (await post.states())["delivered"] == 52
    post.house.clock.move(seconds=10)
    await sender.drain()
    assert await post.states() == {"delivered": 60}


async def test_sql_and_rules_agree_on_who_may_go(post: Post, ground: object) -> None:
    """`rules.may_go` is the specification of the statements that lease."""
    from random import Random

    env, mall = post.house.env, post.house.mall
    receiver = Receiver(port=9)
    buyer = await post.house.buyer()
    post.receivers.append(receiver)
    ids = [(await post.endpoint(buyer, receiver))[0] for _ in range(6)]
    dice = Random(5)
    for step in range(12):
        await post.tell(*(post.order(buyer, 1 + dice.randrange(20), step + 1) for _ in range(8)))
        now = post.house.clock.now
        async with env.db.transaction(mall) as tx:
            for endpoint in ids:
                await tx.execute(
                    "update notify.endpoint set failures = %s, quiet_until = %s, state = %s where mall_id = %s and id = %s",
                    (
                        dice.choice([0, 0, 2]),
                        dice.choice([None, now]),
                        dice.choice(["active", "active", "disabled"]),
                        mall,
                        endpoint,
                    ),
                )
            await tx.execute(
                "update notify.delivery set due_at = due_at + make_interval(secs => (id %% 7) * 20) where home_id = %s and id %% 3 = %s",
                (post.home, step % 3),
            )
            found = await db.rows(
                tx,
                """select id, endpoint_id, event_id, 'order.accepted', subject_id, n, url, body, attempts, due_at
                   from notify.delivery where home_id = %s and state = 'waiting'""",
                (post.home,),
            )
            endpoints, _ = await store.lock(tx, post.home, ids, [])
            opened = [
                rules.Delivery(
                    home_id=post.home,
                    delivery_id=r[0],
                    endpoint_id=r[1],
                    event_id=r[2],
                    event=next(iter(rules.NEWS)),
                    subject=str(r[4] or ""),
                    sequence=r[5],
                    body=b"",
                    due_at=r[9],
                )
                for r in found
            ]
            wanted = {d.delivery_id for d in rules.may_go(opened, endpoints, now)}
            leased = []
            for failing in (False, True):
                leased += await store.lease(
                    tx,
                    post.home,
                    lease=1,
                    now=now,
                    until=now,
                    busy=[],
                    failing=failing,
                    endpoints_max=99,
                    each_max=rules.IN_FLIGHT_PER_ENDPOINT,
                )
            assert {d.delivery_id for g in leased for d in g.deliveries} == wanted
            assert mall_of(post.home) == mall
            await tx.execute(
                "update notify.delivery set state = 'delivered', ended_at = %s where home_id = %s and id = any(%s)",
                (now, post.home, [i for i in wanted if dice.random() < 0.5]),
            )
            await tx.execute(
                "update notify.delivery set state = 'waiting' where home_id = %s and state = 'sending'",
                (post.home,),
            )
        post.house.clock.move(seconds=15)
