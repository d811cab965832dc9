"""Endpoints and the delivery log, over HTTP as the console and partners see them, and as a stranger must not."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest
from litestar import Router
from litestar.di import Provide

from commissary import notify
from commissary.base import db
from commissary.base.outgoing import Blocked, Outgoing
from commissary.notify import health_routes, sign
from commissary.notify.endpoints import ENDPOINTS_MAX
from commissary.notify.routes import ROUTES
from make.http import caller, served
from make.receivers import outgoing
from make.tenancy import Ground
from make.webhooks import Post


def web(post: Post, **who: Any) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    out = outgoing(*post.receivers)
    routes = [
        Router(
            "/",
            route_handlers=ROUTES,
            dependencies={"outgoing": Provide(lambda: out, sync_to_thread=False)},
        )
    ]
    return served(post.house, routes, **who)


def as_key(post: Post, buyer: int, *scopes: str) -> Any:
    return caller(post.house, post.home, buyer, 1, *(scopes or ("webhooks:write",)))


async def test_a_partner_runs_its_own_webhooks(post: Post) -> None:
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    async with web(post, caller=as_key(post, buyer)) as http:
        made = (
            await http.post("/v1/webhook-endpoints", json={"url": receiver.url, "events": ["order.failed"]})
        ).json()
        id_, secret = made["endpoint"]["id"], made["secret"]
        assert sign.key_of(secret)
        listed = (await http.get("/v1/webhook-endpoints")).text
        assert id_ in listed
        assert secret not in listed

        assert (await http.post(f"/v1/webhook-endpoints/{id_}/test")).status_code == 202
        await post.sender().drain()
        (got,) = receiver.got
        assert got.news == {"endpoint_id": id_}
        rotated = (await http.post(f"/v1/webhook-endpoints/{id_}/rotate", json={})).json()
        assert rotated["secret"] != secret
        twice = await http.post(f"/v1/webhook-endpoints/{id_}/rotate", json={})
        assert twice.json()["code"] == "too_many_secrets"

        await http.post(f"/v1/webhook-endpoints/{id_}/test")
        await post.sender().drain()
        now = int(post.house.clock.now.timestamp())
        for one in (secret, rotated["secret"]):
            assert sign.verify([one], receiver.got[1].headers, receiver.got[1].body, now) is None
        post.house.clock.move(days=2)
        await http.post(f"/v1/webhook-endpoints/{id_}/test")
        await post.sender().drain()
        now = int(post.house.clock.now.timestamp())
        assert sign.verify([secret], receiver.got[2].headers, receiver.got[2].body, now)
        assert sign.verify([rotated["secret"]], receiver.got[2].headers, receiver.got[2].body, now) is None

        (first, *_) = (await http.get("/v1/webhook-deliveries?size=1")).json()["items"]
        full = (await http.get(f"/v1/webhook-deliveries/{first['id']}")).json()
        assert full["attempts"][0]["status"] == 204
        again = await http.post("/v1/webhook-deliveries/replay", json={"delivery_ids": [first["id"]]})
        assert again.json() == {"replayed": 1}
        await post.sender().drain()
        assert receiver.got[3].id == receiver.got[2].id == first["event_id"]
        assert (await http.post("/v1/webhook-deliveries/replay", json={})).json() == {"replayed": 0}


async def test_what_a_filter_matches_is_counted_first_and_sent_again(post: Post, monkeypatch: Any) -> None:
    """By event, subject, state and time, of one's own alone; in slices, none of them twice."""
    receiver, stranger = await post.receiver(), await post.receiver()
    buyer, other = await post.house.buyer("mine"), await post.house.buyer("theirs")
    id_, _ = await post.endpoint(buyer, receiver)
    await post.endpoint(other, stranger)
    for number in (1, 2, 3):
        await post.tell(post.order(buyer, number, 1))
    await post.tell(post.order(other, 4, 1))
    await post.sender().drain()
    assert (len(receiver.got), len(stranger.got)) == (3, 1)
    path, start = "/v1/webhook-deliveries", post.house.clock.now.isoformat()
    async with web(post, caller=as_key(post, buyer)) as http:
        items = (await http.get(path)).json()["items"]
        event, subject = items[0]["event"], items[0]["subject_id"]
        assert (
            len((await http.get(path, params={"event": event, "created_from": start})).json()["items"]) == 3
        )
        assert (await http.get(path, params={"event": "price.changed"})).json()["items"] == []
        assert (await http.get(path, params={"created_to": start})).json()["items"] == []
        assert (await http.get(path, params={"created_from": "yesterday"})).status_code == 422

        async def asked(**wanted: Any) -> Any:
            return (await http.post(f"{path}/replay", json=wanted)).json()

        assert await asked(dry_run=True) == {"replayed": 0, "matching": 0}, "everything is no filter"
        assert await asked(dry_run=True, event=event) == {"replayed": 0, "matching": 3}
        assert await asked(dry_run=True, subject_id=subject) == {"replayed": 0, "matching": 1}
        assert await asked(dry_run=True, event=event, state="dead") == {"replayed": 0, "matching": 0}
        assert await asked(dry_run=True, event=event, until=start) == {"replayed": 0, "matching": 0}
        await post.sender().drain()
        assert len(receiver.got) == 3, "a dry run sends nothing"
        monkeypatch.setattr("commissary.notify.deliveries.REPLAY_MAX", 2)
        first = await asked(endpoint_id=str(id_))
        assert (first["replayed"], "last" in first) == (2, True)
        await post.sender().drain()
        assert await asked(event=event, beyond=first["last"]) == {"replayed": 1}
        await post.sender().drain()
    assert sorted(g.id for g in receiver.got[3:]) == sorted(g.id for g in receiver.got[:3])
    assert len(stranger.got) == 1


async def test_a_leaked_secret_ends_at_once(post: Post) -> None:
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    id_, secret = await post.endpoint(buyer, receiver)
    await notify.rotate_secret(post.house.env, post.house.actor, id_)
    _, newest = await notify.rotate_secret(post.house.env, post.house.actor, id_, 0)
    await notify.send_test(post.house.env, post.house.actor, id_)
    await post.sender().drain()
    (got,) = receiver.got
    now = int(post.house.clock.now.timestamp())
    assert sign.verify([secret], got.headers, got.body, now) is sign.Fault.signature_wrong
    assert sign.verify([newest], got.headers, got.body, now) is None


async def test_partners_see_nothing_of_each_other(post: Post) -> None:
    receiver = await post.receiver()
    mine, theirs = await post.house.buyer("mine"), await post.house.buyer("theirs")
    id_, _ = await post.endpoint(theirs, receiver)
    await post.tell(post.order(theirs, 1, 1))
    await post.sender().drain()
    (delivery,) = await notify.list_deliveries(post.house.env, post.house.actor)
    async with web(post, caller=as_key(post, mine)) as http:
        assert (await http.get("/v1/webhook-endpoints")).json()["items"] == []
        assert (await http.get("/v1/webhook-deliveries")).json()["items"] == []
        assert (await http.get(f"/v1/webhook-deliveries/{delivery.id}")).status_code == 404
        assert (
            await http.patch(f"/v1/webhook-endpoints/{id_}", json={"url": receiver.url})
        ).status_code == 404
        for verb in ("pause", "resume", "disable", "test"):
            assert (await http.post(f"/v1/webhook-endpoints/{id_}/{verb}")).status_code == 404, verb
        assert (await http.post(f"/v1/webhook-endpoints/{id_}/rotate", json={})).status_code == 404
        again = await http.post("/v1/webhook-deliveries/replay", json={"delivery_ids": [str(delivery.id)]})
        assert again.json() == {"replayed": 0}
    async with web(post, caller=as_key(post, theirs, "orders:read")) as http:
        assert (await http.get("/v1/webhook-endpoints")).json()["code"] == "missing_scope"


async def test_the_console_sees_all_and_says_whose(post: Post) -> None:
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    async with web(post) as http:
        made = await http.post(
            "/console/v1/webhook-endpoints", json={"organisation_id": str(buyer), "url": receiver.url}
        )
        id_ = made.json()["endpoint"]["id"]
        for verb, state in (
            ("pause", "paused"),
            ("resume", "active"),
            ("disable", "disabled"),
            ("resume", "active"),
        ):
            turned = await http.post(f"/console/v1/webhook-endpoints/{id_}/{verb}")
            assert turned.json()["state"] == state
    audited = await post.house.audited()
    assert [a for a in audited if a.startswith("webhook")] == [
        "webhook.add",
        "webhook.pause",
        "webhook.resume",
        "webhook.disable",
        "webhook.resume",
    ]


async def test_support_reads_and_does_not_write(post: Post) -> None:
    receiver = await post.receiver()
    id_, _ = await post.endpoint(await post.house.buyer(), receiver)
    async with web(post, actor=post.house.actor_of("support")) as http:
        assert (await http.get("/console/v1/webhook-endpoints")).status_code == 200
        assert (await http.post(f"/console/v1/webhook-endpoints/{id_}/disable")).status_code == 403
        assert (
            await http.post("/console/v1/webhook-deliveries/replay", json={"state": "dead"})
        ).status_code == 403
    async with web(post, actor=post.house.actor_of("finance")) as http:
        assert (await http.get("/console/v1/webhook-endpoints")).status_code == 403


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://shop.example.com/", "url_not_https"),
        ("https://127.0.0.1/", "address_not_public"),
        ("https://169.254.169.254/latest", "address_not_public"),
        ("https://localhost/", "host_internal"),
        ("https://a:b@shop.example.com/", "url_has_credentials"),
        ("https://shop.example.com:22/", "port_not_allowed"),
    ],
)
async def test_a_url_is_judged_when_it_is_saved(post: Post, url: str, code: str) -> None:
    buyer = await post.house.buyer()
    async with Outgoing(production=True) as out:
        with pytest.raises(Blocked) as no:
            await notify.add_endpoint(post.house.env, out, post.house.actor, organisation_id=buyer, url=url)
    assert no.value.refusal.code == code


async def test_an_organisation_has_a_bounded_number_of_endpoints(post: Post) -> None:
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    for _ in range(ENDPOINTS_MAX):
        await post.endpoint(buyer, receiver)
    async with web(post, caller=as_key(post, buyer)) as http:
        more = await http.post("/v1/webhook-endpoints", json={"url": receiver.url})
        assert more.json()["code"] == "too_many_endpoints"
        unknown = await http.post("/v1/webhook-endpoints", json={"url": receiver.url, "events": ["order.x"]})
        assert unknown.json()["code"] == "event_unknown"


async def test_a_pause_keeps_the_queue_and_disabling_buries_it(post: Post) -> None:
    env, actor = post.house.env, post.house.actor
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    id_, _ = await post.endpoint(buyer, receiver)
    await notify.pause_endpoint(env, actor, id_)
    await post.tell(post.order(buyer, 1, 1))
    await post.sender().drain()
    assert (await post.states(), receiver.calls) == ({"waiting": 1}, [])
    await notify.resume_endpoint(env, actor, id_)
    await post.sender().drain()
    assert await post.states() == {"delivered": 1}
    await post.tell(post.order(buyer, 2, 1))
    await notify.disable_endpoint(env, actor, id_)
    await post.sender().drain()
    assert await post.states() == {"delivered": 1, "dead": 1}
    assert len(receiver.calls) == 1


async def test_no_secret_is_stored_in_clear_or_logged(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    receiver = await post.receiver(answer=lambda _: 500)
    buyer = await post.house.buyer()
    id_, secret = await post.endpoint(buyer, receiver)
    await post.tell(post.order(buyer, 1, 1))
    await post.sender().drain()
    async with post.house.env.db.transaction(post.house.mall) as tx:
        rows = await db.rows(tx, "select secret from notify.endpoint where id = %s", (id_,))
        audit = await db.rows(tx, "select after::text from tenancy.audit")
    assert secret.encode() not in bytes(rows[0][0])
    assert sign.key_of(secret) not in bytes(rows[0][0])
    assert secret not in str(audit) + caplog.text


async def test_old_deliveries_are_forgotten_and_young_ones_kept(post: Post) -> None:
    receiver = await post.receiver()
    buyer = await post.house.buyer()
    await post.endpoint(buyer, receiver)
    await post.tell(post.order(buyer, 1, 1))
    await post.sender().drain()
    post.house.clock.move(days=31)
    await post.tell(post.order(buyer, 2, 1))
    await post.sender().drain()
    await notify.prune(post.house.env)
    async with post.house.env.db.transaction(post.house.mall) as tx:
        kept = await db.rows(tx, "select subject_id from notify.delivery where home_id = %s", (post.home,))
        tries = await db.rows(tx, "select 1 from notify.attempt where home_id = %s", (post.home,))
    assert (kept, len(tries)) == ([(2,)], 1)


async def test_the_mall_sees_how_every_endpoint_does(post: Post, ground: Ground) -> None:
    good, bad = await post.receiver(), await post.receiver(answer=lambda _: 500)
    blue, green = await post.house.buyer("Blue"), await post.house.buyer("Green")
    (good_id, _), (bad_id, _) = await post.endpoint(blue, good), await post.endpoint(green, bad)
    await post.tell(post.order(blue, 1, 1), post.order(blue, 2, 1), post.order(green, 3, 1))
    await post.sender().drain()
    path = "/console/v1/webhook-health"
    async with web(post) as http:
        first, second = (await http.get(path)).json()["items"]
        assert (first["id"], first["organisation"], first["waiting"]) == (str(bad_id), "Green", 1)
        assert first["failures"] >= 1
        assert first["oldest_waiting_at"] is not None
        assert (second["id"], second["delivered"], second["waiting"]) == (str(good_id), 2, 0)
        assert second["oldest_waiting_at"] is None
        for query, ids in [
            ({"failing": True}, [bad_id]),
            ({"q": "blu"}, [good_id]),
            ({"organisation_id": green}, [bad_id]),
            ({"status": "paused"}, []),
            ({"sort": "created_at"}, [good_id, bad_id]),
        ]:
            found = (await http.get(path, params=query)).json()["items"]
            assert [e["id"] for e in found] == [str(id_) for id_ in ids], query
        totals = (await http.get(f"{path}/totals")).json()
        assert totals == {"total": 2, "waiting": 1, "delivered": 2, "dead": 0}
        totals = (await http.get(f"{path}/totals", params={"q": "blue"})).json()
        assert totals == {"total": 1, "waiting": 0, "delivered": 2, "dead": 0}
    async with served(await ground.mall("Other"), health_routes.ROUTES) as http:
        assert (await http.get(path)).json()["items"] == []
        asked = {"organisation_id": green}
        assert (await http.get(f"{path}/totals", params=asked)).json()["waiting"] == 0
    async with web(post, actor=post.house.actor_of("finance")) as http:
        assert (await http.get(path)).status_code == 403
        assert (await http.get(f"{path}/totals")).status_code == 403
