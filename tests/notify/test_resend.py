"""All that matches sent again by a job: killed in the middle, cancelled, asked for by whoever may."""

import asyncio
from typing import Any

import pytest

from commissary import jobs, notify
from commissary.base.errors import Refused
from commissary.jobs.types import JobState
from make.webhooks import Post
from notify.test_endpoints import web

FILTER = notify.Ended(event="order.accepted")


def runner(post: Post, handler: jobs.Handler = notify.run_resend) -> jobs.Runner:
    return jobs.Runner(post.house.env, {notify.RESEND_JOB: handler})


async def told(post: Post, count: int) -> tuple[int, Any]:
    """A buyer whose receiver has got so many messages."""
    receiver, buyer = await post.receiver(), await post.house.buyer()
    await post.endpoint(buyer, receiver)
    for number in range(1, count + 1):
        await post.tell(post.order(buyer, number, 1))
    await post.sender().drain()
    assert len(receiver.got) == count
    return buyer, receiver


async def test_killed_in_the_middle_it_goes_on_and_sends_nothing_twice(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commissary.notify.resend.CHUNK", 2)
    _, receiver = await told(post, 5)
    job_id, total = await notify.begin_resend(post.house.env, post.house.actor, FILTER)
    assert total == 5
    reached = asyncio.Event()

    async def work(job: jobs.Job) -> Any:
        if job.attempt > 1:
            return await notify.run_resend(job)
        save, saved = job.progress, 0

        async def hangs(*args: Any, **more: Any) -> None:
            nonlocal saved
            await save(*args, **more)
            saved += 1
            if saved == 2:  # of the second two all is written, and not committed
                reached.set()
                await asyncio.Event().wait()

        job.progress = hangs  # type: ignore[method-assign]
        return await notify.run_resend(job)

    killed = runner(post, work)
    await killed.start_due()
    await asyncio.wait_for(reached.wait(), 20)
    for task in list(killed._running):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await post.sender().drain()
    assert len(receiver.got) == 5 + 2, "what was committed is sent, and ends again"
    post.house.clock.move(seconds=31)
    await runner(post, work).drain()
    await post.sender().drain()
    assert sorted(g.id for g in receiver.got[5:]) == sorted(g.id for g in receiver.got[:5])
    done = await notify.get_resend(post.house.env, post.house.actor, job_id)
    assert (done.state, done.done, done.total, done.result) == (JobState.done, 5, 5, {"resent": 5})


async def test_what_ends_after_it_was_asked_for_is_left(post: Post) -> None:
    buyer, receiver = await told(post, 2)
    await post.tell(post.order(buyer, 3, 1))
    _, total = await notify.begin_resend(post.house.env, post.house.actor, FILTER)
    assert total == 2
    post.house.clock.move(seconds=1)
    await post.sender().drain()
    await runner(post).drain()
    await post.sender().drain()
    assert len(receiver.got) == 3 + 2


async def test_cancelled_it_leaves_the_rest(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commissary.notify.resend.CHUNK", 1)
    _, receiver = await told(post, 3)
    env, actor = post.house.env, post.house.actor
    job_id, _ = await notify.begin_resend(env, actor, FILTER)

    async def work(job: jobs.Job) -> Any:
        save, saved = job.progress, 0

        async def asked_to_stop(*args: Any, **more: Any) -> None:
            nonlocal saved
            saved += 1
            if saved == 3:
                await notify.cancel_resend(env, actor, job_id)
            await save(*args, **more)

        job.progress = asked_to_stop  # type: ignore[method-assign]
        return await notify.run_resend(job)

    await runner(post, work).drain()
    await post.sender().drain()
    ended = await notify.get_resend(env, actor, job_id)
    assert (ended.state, ended.done) == (JobState.cancelled, 2)
    assert len(receiver.got) == 3 + 2
    with pytest.raises(Refused, match=r"^job_has_ended$"):
        await notify.cancel_resend(env, actor, job_id)


async def test_whose_it_is(post: Post) -> None:
    """Everything is no filter; one company's people send its own again, and see no other's job."""
    buyer, receiver = await told(post, 1)
    other = await post.house.buyer("other")
    stranger = await post.receiver()
    await post.endpoint(other, stranger)
    await post.tell(post.order(other, 9, 1))
    await post.sender().drain()
    env = post.house.env
    with pytest.raises(Refused, match=r"^invalid_request$"):
        await notify.begin_resend(env, post.house.actor, notify.Ended())
    mine = post.house.actor_of("distributor", 3, buyer)
    job_id, total = await notify.begin_resend(env, mine, FILTER)
    assert total == 1
    with pytest.raises(Refused, match=r"^job_not_found$"):
        await notify.get_resend(env, post.house.actor_of("distributor", 4, other), job_id)
    with pytest.raises(Refused, match=r"^forbidden$"):
        await notify.begin_resend(env, post.house.actor_of("employee", 5, buyer), FILTER)
    await runner(post).drain()
    await post.sender().drain()
    assert (len(receiver.got), len(stranger.got)) == (2, 1)


async def test_over_http_it_is_a_job(post: Post) -> None:
    _, receiver = await told(post, 1)
    path = "/console/v1/webhook-resends"
    async with web(post) as http:
        nothing = await http.post(path, json={})
        assert (nothing.status_code, nothing.json()["code"]) == (422, "invalid_request")
        begun = await http.post(path, json={"state": "delivered"})
        assert (begun.status_code, begun.json()["matching"]) == (202, 1)
        at = f"{path}/{begun.json()['job_id']}"
        assert (await http.get(at)).json()["state"] == "queued"
        await runner(post).drain()
        seen = (await http.get(at)).json()
        assert (seen["state"], seen["done"], seen["total"]) == ("done", 1, 1)
        assert (await http.post(f"{at}/cancel")).json()["code"] == "job_has_ended"
        dropped = (await http.post(path, json={"state": "delivered", "until": "2001-01-01T00:00:00Z"})).json()
        gone = await http.post(f"{path}/{dropped['job_id']}/cancel")
        assert gone.json()["state"] == "cancelled"
        assert (await http.get(f"{path}/1")).status_code == 404
    await post.sender().drain()
    assert len(receiver.got) == 2
    assert "webhook.resend" in await post.house.audited()
