"""For journeys with files that come in and go out: what a person does with the console's API."""

import asyncio
from typing import Any

import httpx

from make.journey import Mall, Person, _good

CSV = "text/csv"


async def take(
    mall: Mall, kind: str, content: bytes, *, name: str = "file.csv", by: Person | None = None, **more: str
) -> Any:
    """An upload of these bytes."""
    query = httpx.QueryParams({"kind": kind, "file_name": name, **more})
    answer = await (by or mall.owner).call(
        "POST", f"/uploads?{query}", content, headers={"Content-Type": CSV}
    )
    return _good(answer)


async def ended(mall: Mall, job_id: str, seconds: float = 60) -> Any:
    """The job, when it has ended."""
    for _ in range(int(seconds / 0.1)):
        job = await mall.owner.get(f"/jobs/{job_id}")
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        await asyncio.sleep(0.1)
    raise AssertionError(job)


async def commit(mall: Mall, upload: Any, mode: str = "all", *, by: Person | None = None, **more: Any) -> Any:
    """Committed and done; the upload as it is then."""
    asked = {"revision": upload["revision"], "mode": mode} | more
    begun = await (by or mall.owner).post(f"/uploads/{upload['id']}/commit", asked)
    await ended(mall, begun["job_id"])
    return await (by or mall.owner).get(f"/uploads/{upload['id']}")


async def exported(
    mall: Mall, list_: str, format_: str = "csv", by: Person | None = None, **filter_: Any
) -> tuple[Any, bytes]:
    """An export and its file."""
    who = by or mall.owner
    made = await who.post("/exports", {"list": list_, "format": format_, "filter": filter_})
    job = await ended(mall, made["job_id"])
    assert job["state"] == "done", job
    answer = await who.call("POST", f"/exports/{made['id']}/fetch")
    assert answer.status == 200, answer.body
    return await who.get(f"/exports/{made['id']}"), answer.body
