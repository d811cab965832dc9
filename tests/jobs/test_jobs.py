"""Jobs: deferred with their cause, run once at a time, resumed where they stopped."""

import asyncio
from typing import Any

import pytest

from commissary import jobs
from commissary.base.errors import Refused, RequestRefusal
from commissary.jobs.routes import ROUTES
from commissary.jobs.types import JobRefusal, JobState
from make.http import served
from make.tenancy import House


async def defer(house: House, kind: str = "import", **payload: Any) -> int:
    async with house.env.db.transaction(house.mall) as tx:
        return await jobs.defer(tx, house.env, house.mall, kind, payload, by="person:1", unit="rows")


def runner(house: House, **handlers: jobs.Handler) -> jobs.Runner:
    return jobs.Runner(house.env, handlers)


async def view(house: House, id_: int) -> jobs.JobView:
    return await jobs.get_job(house.env, house.actor, id_)


async def test_a_job_runs_and_tells_how_far_it_is(house: House) -> None:
    seen = []

    async def work(job: jobs.Job) -> dict[str, int]:
        for row in range(1, 4):
            await job.progress(row, total=3, cursor=row)
            seen.append((await view(house, job.id)).done)
        return {"rows": job.payload["rows"]}

    id_ = await defer(house, rows=3)
    assert await runner(house, **{"import": work}).drain() == 1
    done = await view(house, id_)
    assert (done.state, done.done, done.total, done.result) == (JobState.done, 3, 3, {"rows": 3})
    assert seen == [1, 2, 3]


async def test_a_rolled_back_cause_leaves_no_job(house: House) -> None:
    async def cause() -> None:
        async with house.env.db.transaction(house.mall) as tx:
            await jobs.defer(tx, house.env, house.mall, "import", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await cause()
    assert await jobs.list_jobs(house.env, house.actor) == []


async def test_a_killed_job_goes_on_from_its_cursor(house: House) -> None:
    """The first runner dies without a word; the lease ends; the second begins at the saved cursor."""
    rows: list[int] = []
    reached = asyncio.Event()

    async def work(job: jobs.Job) -> None:
        for row in range(job.cursor or 0, 6):
            rows.append(row)
            await job.progress(row + 1, cursor=row + 1)
            if row == 2 and job.attempt == 1:
                reached.set()
                await asyncio.Event().wait()

    id_ = await defer(house)
    killed, other = runner(house, **{"import": work}), runner(house, **{"import": work})
    await killed.start_due()
    await reached.wait()
    assert await other.drain() == 0, "the lease holds"
    house.clock.move(seconds=31)
    assert await other.drain() == 1
    assert rows == [0, 1, 2, 3, 4, 5]
    done = await view(house, id_)
    assert (done.state, done.done, done.attempts) == (JobState.done, 6, 2)
    await killed.stop()
    assert (await view(house, id_)).state is JobState.done, "the late runner writes nothing"


async def test_a_runner_that_lost_its_lease_is_told(house: House) -> None:
    told = []

    async def work(job: jobs.Job) -> None:
        if job.attempt == 1:
            house.clock.move(seconds=31)
            await runner(house, **{"import": work}).drain()
        try:
            await job.progress(1)
        except jobs.LeaseLost:
            told.append(job.attempt)
            raise

    id_ = await defer(house)
    await runner(house, **{"import": work}).drain()
    assert told == [1]
    assert (await view(house, id_)).state is JobState.done


async def test_a_stopping_process_hands_its_jobs_over_at_once(house: House) -> None:
    started = asyncio.Event()

    async def work(job: jobs.Job) -> None:
        started.set()
        if job.attempt == 1 and job.cursor is None:
            await job.progress(1, cursor=1)
            await asyncio.Event().wait()

    id_ = await defer(house)
    stopping = runner(house, **{"import": work})
    await stopping.start_due()
    await started.wait()
    await asyncio.sleep(0.1)
    await stopping.stop()
    assert (await view(house, id_)).state is JobState.queued
    assert await runner(house, **{"import": work}).drain() == 1
    done = await view(house, id_)
    assert (done.state, done.attempts) == (JobState.done, 1), "being stopped is no failed try"


async def test_errors_are_tried_again_and_refusals_are_not(house: House) -> None:
    async def faulty(job: jobs.Job) -> None:
        raise KeyError("13800000000")

    async def refusing(job: jobs.Job) -> None:
        raise Refused(RequestRefusal.conflict)

    bad, no = await defer(house, "bad"), await defer(house, "no")
    both = runner(house, bad=faulty, no=refusing)
    for _ in range(6):
        await both.drain()
        house.clock.move(hours=1)
    failed = await view(house, bad)
    assert (failed.state, failed.attempts, failed.error) == (JobState.failed, 5, "internal:KeyError")
    refused = await view(house, no)
    assert (refused.state, refused.attempts, refused.error) == (JobState.failed, 1, "conflict")


async def test_cancelling(house: House) -> None:
    async def work(job: jobs.Job) -> None:
        await jobs.cancel_job(house.env, house.actor, job.id)
        await job.progress(1)
        raise AssertionError("it was asked to stop")

    running, queued = await defer(house), await defer(house, "later")
    await jobs.cancel_job(house.env, house.actor, queued)
    await runner(house, **{"import": work}, later=work).drain()
    assert (await view(house, running)).state is JobState.cancelled
    assert (await view(house, queued)).state is JobState.cancelled
    with pytest.raises(Refused) as no:
        await jobs.cancel_job(house.env, house.actor, queued)
    assert no.value.refusal is JobRefusal.job_has_ended


async def test_two_runners_run_each_job_once(house: House) -> None:
    ran: list[int] = []

    async def work(job: jobs.Job) -> None:
        ran.append(job.id)
        await asyncio.sleep(0.01)

    ids = [await defer(house) for _ in range(20)]
    await asyncio.gather(*(runner(house, **{"import": work}).drain() for _ in range(3)))
    assert sorted(ran) == ids


async def test_the_console_lists_shows_and_cancels(house: House) -> None:
    id_ = await defer(house)
    other = await house.ground.mall("Other")
    async with served(house, ROUTES) as http:
        (item,) = (await http.get("/console/v1/jobs?status=queued")).json()["items"]
        assert (item["id"], item["kind"], item["created_by"]) == (str(id_), "import", "person:1")
        assert (await http.get(f"/console/v1/jobs/{id_}")).json() == item
        assert (await http.post(f"/console/v1/jobs/{id_}/cancel")).json()["state"] == "cancelled"
        assert (await http.post(f"/console/v1/jobs/{id_}/cancel")).status_code == 409
    async with served(other, ROUTES) as http:
        assert (await http.get(f"/console/v1/jobs/{id_}")).status_code == 404
        assert (await http.post(f"/console/v1/jobs/{id_}/cancel")).status_code == 404
    async with served(house, ROUTES, actor=house.actor_of("support")) as http:
        assert (await http.get("/console/v1/jobs")).status_code == 403
