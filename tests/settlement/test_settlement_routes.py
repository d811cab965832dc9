"""SUP11 over HTTP: a statement with missing, extra, other amounts and late lines, from the file to the closed day."""

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest_asyncio

from commissary import jobs, settlement, tenancy, web
from commissary.settlement.routes import ROUTES
from make.settlement import HEADER, Counter
from make.supply import Trade
from make.tenancy import PASSWORD

YUAN = 10_000


@pytest_asyncio.fixture(loop_scope="session")
async def desk(counter: Counter) -> AsyncIterator[httpx.AsyncClient]:
    """Signed in as finance; a job that is begun is run at once by `runs`."""
    world = counter.world
    await world.house.person("finance", "fei@example.com")
    token = await tenancy.sign_in(world.env, world.house.slug, "fei@example.com", PASSWORD, "192.0.2.1", None)
    offers = {"purchasing": Trade(world).buying.purchasing}
    app = web.application(world.env, ROUTES, offers, "0")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),  # type: ignore[arg-type]
        base_url=f"http://mall/console/v1/connections/{counter.id}/",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        yield client


async def runs(counter: Counter) -> None:
    await jobs.Runner(counter.world.env, {settlement.JOB: settlement.run_job}).drain()


async def good(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_from_the_file_to_the_closed_day(counter: Counter, desk: httpx.AsyncClient) -> None:
    same = [await counter.buy(n * YUAN) for n in (1, 2, 3)]
    missing, dearer, late = (
        await counter.buy(7 * YUAN),
        await counter.buy(5 * YUAN),
        await counter.buy(11 * YUAN),
    )
    for n, id_ in enumerate(same, 1):
        counter.says(id_, n * YUAN)
    counter.says(dearer, 5 * YUAN + 100).says("99", 13 * YUAN)
    at = f"days/{counter.day}"
    file = counter.file()
    brought = await good(await desk.post(f"{at}/statement?file_name=a.csv", content=file))
    assert (brought["lines"], brought["repeated"], brought["status"]) == (5, False, "imported")
    await counter.says(late, 11 * YUAN).bring(1)
    await runs(counter)
    day = await good(await desk.get(at))
    assert day["counts"] == {"matched": 3, "missing": 1, "amount": 1, "extra": 1, "late": 1}
    # −7 missing, +0.01 dearer, +13 extra, −11 late: to the cent.
    assert (day["difference"]["amount"], day["open"], day["stale"]) == ("-4.9900", 4, False)
    lines = (await good(await desk.get(f"{at}/lines")))["items"]
    assert [x["kind"] for x in lines] == ["matched", "matched", "matched", "amount", "extra"]

    again = await good(await desk.post(f"{at}/statement", content=file))
    assert (again["repeated"], again["id"], again["job_id"]) == (True, brought["id"], None)
    assert (await desk.post(f"{at}/close")).json()["code"] == "day_has_differences"

    before = await counter.balance()
    open_ = {"day": str(counter.day), "status": "open"}
    listed = (await good(await desk.get("http://mall/console/v1/differences", params=open_)))["items"]
    by_kind = {d["kind"]: d for d in listed}
    assert by_kind["missing"]["purchase_id"] == str(missing)
    assert by_kind["late"]["other_day"] == str(counter.day + timedelta(days=1))

    async def decide(kind: str, resolution: str) -> Any:
        path = f"http://mall/console/v1/differences/{by_kind[kind]['id']}/resolve"
        return await good(await desk.post(path, json={"resolution": resolution, "note": "n"}))

    for _ in range(2):  # the same again changes nothing
        done = await decide("missing", "accepted")
        assert (done["status"], done["transfer_id"]) == ("resolved", done["id"])
    assert await counter.balance() == before + 7 * YUAN
    await decide("amount", "written_off")
    await decide("extra", "claimed")
    assert await counter.balance() == before + 7 * YUAN - 100 - 13 * YUAN
    assert (await decide("late", "late"))["transfer_id"] is None
    other = await desk.post(
        f"http://mall/console/v1/differences/{by_kind['missing']['id']}/resolve",
        json={"resolution": "claimed"},
    )
    assert other.json()["code"] == "difference_resolved"

    closed = await good(await desk.post(f"{at}/close"))
    sums = {
        k: closed[k]["amount"]
        for k in ("opening", "purchases", "refunds", "payments", "adjustments", "closing")
    }
    assert sums["purchases"] == "29.0000"
    assert sums["closing"] == "-29.0000"
    packed = (await desk.get(f"{at}/evidence")).content
    with zipfile.ZipFile(io.BytesIO(packed)) as made:
        pack, entries = made.read("pack.json"), made.read("entries.csv")
    told = json.loads(pack)
    assert hashlib.sha256(pack).hexdigest() == closed["pack_sha256"]
    assert told["statement"]["sha256"] == hashlib.sha256(file).hexdigest()
    assert told["entries"] == {"count": 6, "sha256": hashlib.sha256(entries).hexdigest()}
    assert [d["resolution"] for d in told["differences"] if d["kind"] == "extra"] == ["claimed"]
    for path in ("reconcile", "statement"):
        assert (await desk.post(f"{at}/{path}", content=b"ref,amount\n1,1")).json()["code"] == "day_closed"

    # The late one counts for the next day, and there it fits.
    await good(await desk.post(f"days/{counter.day + timedelta(days=1)}/reconcile"))
    await runs(counter)
    next_day = await good(await desk.get(f"days/{counter.day + timedelta(days=1)}"))
    assert (next_day["counts"], next_day["difference"]["amount"]) == ({"matched": 1}, "0.0000")
    assert await counter.proof() == {}
    audited = await counter.world.house.audited()
    assert audited.count("settlement.resolve") == 4
    assert "settlement.close" in audited

    [claim] = (await good(await desk.get("claims?status=waiting")))["items"]
    path = f"http://mall/console/v1/claims/{claim['id']}/end"
    assert (await good(await desk.post(path, json={"outcome": "granted"})))["status"] == "granted"
    assert await counter.balance() == before + 7 * YUAN - 100
    assert (await desk.post(path, json={"outcome": "refused"})).json()["code"] == "claim_ended"
    assert await counter.proof() == {}


async def test_garbage_is_refused_line_by_line(counter: Counter, desk: httpx.AsyncClient) -> None:
    file = "\n".join(
        [
            HEADER,
            "1,S1,101,1,9.5,成功",
            "2,S2,101,1,free,成功",
            ",,101,1,9.5,成功",
            "4,S4,101,x,1,成功",
            "5,S5,1,1,1,??",
        ]
    ).encode()
    no = await desk.post(f"days/{counter.day}/statement", content=file)
    assert (no.status_code, no.json()["code"]) == (422, "statement_lines_faulty")
    assert [(f["line"], f["code"]) for f in no.json()["facts"]["lines"]] == [
        (3, "amount_unreadable"),
        (4, "ref_missing"),
        (5, "quantity_unreadable"),
        (6, "status_unknown"),
    ]
    assert (await good(await desk.get("statements")))["items"] == []
    for content, code in (
        (b"", "file_empty"),
        (b"%PDF-1.7", "file_format_unsupported"),
        (b"a,b\n1,2", "statement_columns_missing"),
    ):
        assert (await desk.post(f"days/{counter.day}/statement", content=content)).json()["code"] == code
    assert (await desk.post("days/2026-13-01/statement", content=file)).json()["code"] == "invalid_request"


async def test_how_statements_come_is_said_and_read(counter: Counter, desk: httpx.AsyncClient) -> None:
    """Its protocol lists no orders, so by file alone; nothing was waited for before."""
    assert (await good(await desk.get("statement-source")))["expected"] is False
    refused = await desk.put("statement-source", json={"by": "api", "hour": 6})
    assert (refused.status_code, refused.json()["code"]) == (409, "statement_not_told")
    made = await good(
        await desk.put("statement-source", json={"by": "file", "hour": 6, "zone": "Asia/Tokyo"})
    )
    assert made == {"by": "file", "hour": 6, "zone": "Asia/Tokyo", "expected": True}
    assert (await desk.put("statement-source", json={"by": "file", "zone": "Mars/Base"})).status_code == 422
    assert (await desk.put("statement-source", json={"by": "file", "hour": 24})).status_code == 422
    assert (await good(await desk.get("expected-statements")))["items"] == []
    pulled = await desk.post(f"days/{counter.day}/statement/pull")
    assert (pulled.status_code, pulled.json()["code"]) == (409, "statement_not_told")


async def test_a_mapping_reads_another_supplier_s_words(counter: Counter, desk: httpx.AsyncClient) -> None:
    id_ = await counter.buy(12_300)
    told = {
        "columns": {"ref": "Their No", "amount": "Fen"},
        "statuses": {"OK-1": "bought"},
        "amounts": "cents",
    }
    assert (await desk.put("statement-mapping", json=told)).status_code == 200
    file = f"Their No;Fen;Status\n{id_};123;ok-1\n".encode()
    await good(await desk.post(f"days/{counter.day}/statement", content=file))
    await runs(counter)
    assert (await good(await desk.get(f"days/{counter.day}")))["counts"] == {"matched": 1}


async def test_another_file_of_the_day_replaces_only_when_told(
    counter: Counter, desk: httpx.AsyncClient
) -> None:
    await counter.buy(YUAN)
    for n, (query, code) in enumerate((("", None), ("", "day_has_statement"), ("?replace=true", None))):
        answer = await desk.post(
            f"days/{counter.day}/statement{query}", content=f"ref,amount\n7,{n}\n".encode()
        )
        assert answer.json().get("code") == code
    listed = (await good(await desk.get("statements")))["items"]
    assert [s["status"] for s in listed] == ["imported", "replaced"]


async def test_money_to_a_supplier_is_paid_once(counter: Counter, desk: httpx.AsyncClient) -> None:
    body = {"amount": {"amount": "500.00", "currency": "CNY"}, "reference": "bank-1"}
    first = await good(await desk.post("payments", json=body))
    again = await good(await desk.post("payments", json=body))
    assert (again["id"], again["repeated"]) == (first["id"], True)
    back = {"amount": {"amount": "-20", "currency": "CNY"}, "reference": "bank-2"}
    await good(await desk.post("payments", json=back))
    assert (await good(await desk.get("account")))["balance"]["amount"] == "480.0000"
    other = body | {"amount": {"amount": "501", "currency": "CNY"}}
    assert (await desk.post("payments", json=other)).json()["code"] == "payment_differs"
    assert len((await good(await desk.get("payments")))["items"]) == 2
