"""Step-up 身份验证. Acts that move money or show secrets ask for a proof of the last minutes: every operation of the table in
docs/console-api.md, and no other says that it does.

    make test T=tests/journeys/test_step_up.py
"""

import re
from pathlib import Path
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler

from commissary import app
from make.bulk import ended
from make.journey import CONSOLE, Mall, cards, sign_in, yuan
from make.sellers import supplier
from make.tenancy import PASSWORD

DOCS = Path(__file__).parents[2] / "docs" / "console-api.md"

# What each of them is asked with. An account and a connection must be there, for their currency is asked first.
ASKED: dict[str, Any] = {
    "revealContact": {"reason": "x"},
    "revealWorkFields": None,
    "openEvidence": {"reason": "x"},
    "decidePriceProposal": {"approve": True},
    "withdraw": {"amount": yuan("1"), "reference": "w", "recharge_reference": "r"},
    "adjustBalance": {"amount": yuan("1"), "reference": "a", "reason": "x"},
    "paySupplier": {"amount": yuan("1"), "reference": "p"},
    "decideApproval": {"approve": True, "seal": "a" * 64},
    "decideApprovals": {"approve": True, "items": [{"id": "1", "seal": "a" * 64}]},
    "approveRestock": {"payload": "a" * 64},
    "voidCodes": {"first": 1, "last": 1, "reason": "x"},
    "returnToSupplier": {"first": 1, "last": 1, "reason": "x"},
    "shredBatch": {"confirmation": "1", "reason": "x"},
    "recallBatch": {"reason": "x"},
    "actOnBatches": {"action": "void", "subjects": [{"id": "1"}], "args": {"reason": "x"}},
    "beginExport": {"list": "orders"},
    "fetchExport": None,
    "showExportPassword": None,
    "enrolTotp": None,
    "confirmTotp": {"code": "000000"},
    "dropTotp": None,
    "makeRecoveryCodes": None,
    "beginPasskey": None,
    "addPasskey": {"name": "x", "credential": {}},
    "dropPasskey": None,
    "setSecurityPolicy": {"two_factor": "off", "reveal_above": yuan("0"), "version": 0},
    "endSessionsOf": None,
    "resetFactors": {"reason": "x"},
}


def documented() -> list[str]:
    text = DOCS.read_text("utf-8").split("## Proving who one is", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (`.+?) \|", text, re.MULTILINE)
    return re.findall(r"`(\w+)`", " ".join(rows))


def declared() -> dict[str, tuple[str, str]]:
    """Operation → (method, path) of whatever says `step_up_required`."""
    found = {}
    for handler in app.ROUTES:
        assert isinstance(handler, HTTPRouteHandler)
        if "step_up_required" in handler.opt.get("x-errors", []):
            [method], [path] = handler.http_methods, handler.paths
            found[str(handler.operation_id)] = (str(method), path.removeprefix(CONSOLE))
    return found


async def grown_old(mall: Mall) -> None:
    """Every session's last proof was six minutes ago."""
    await mall.rows(
        "update tenancy.session set proved_at = proved_at - interval '6 minutes' where mall_id = %s returning 1",
        (mall.world.mall,),
    )


async def connected(mall: Mall) -> str:
    """A connection to people."""
    asked = {"supplier_id": await supplier(mall), "protocol": "people", "name": "老周"}
    return str((await mall.owner.post("/connections", asked))["id"])


def test_the_table_is_whole() -> None:
    assert sorted(documented()) == sorted(declared())
    # Told elsewhere: below, and in test_rsk09_reveal.py.
    assert set(declared()) - set(ASKED) == {
        "getOrderFileResultForConsole",
        "revealCode",
        "revealMyCode",
    }


@pytest.mark.parametrize("operation", sorted(ASKED))
async def test_a_proof_is_asked_for_and_then_it_goes_on(mall: Mall, operation: str) -> None:
    method, path = declared()[operation]
    owner = mall.owner
    ids = {"account_id": str((await mall.buyer()).account), "connection_id": await connected(mall)}
    ids["export_id"] = (await owner.post("/exports", {"list": "orders"}))["id"]
    filled = re.sub(r"\{(\w+):\w+\}", lambda m: ids.get(m[1], "1"), path)
    await grown_old(mall)
    answer = await owner._call(method, filled, ASKED[operation], None)
    assert (answer.status, answer.json["code"]) == (403, "step_up_required"), answer.body
    assert answer.json["facts"] == {"factors": ["password"], "within_s": 300}
    wrong = await owner._call("POST", "/sessions/current/proof", {"password": "not mine"}, None)
    assert (wrong.status, wrong.json["code"]) == (403, "wrong_factor")
    assert (await owner._call(method, filled, ASKED[operation], None)).json["code"] == "step_up_required"
    proved = await owner.post("/sessions/current/proof", {"password": owner.password})
    assert proved["factors"] == ["password"]
    answer = await owner._call(method, filled, ASKED[operation], None)
    # It goes on to what it is about, which may not be there.
    assert answer.status < 300 or answer.json["code"] not in ("step_up_required", "forbidden"), answer.body


async def test_codes_of_a_file_are_asked_for_only_by_who_may_see_them(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "1")
    buyer = await mall.buyer()
    content = f"client_order_no,sku,quantity\nx1,{sku},1\n".encode()
    told = {"Content-Type": "text/csv", "Idempotency-Key": "s"}
    at = f"/order-files?buyer_id={buyer.organisation}&file_name=o.csv"
    sheet = (await mall.owner.call("POST", at, content, headers=told)).json["id"]
    path = f"/order-files/{sheet}/result"
    theirs = {"organisation_id": str(buyer.organisation), "email": "lan@example.com", "name": "蓝"}
    await mall.owner.post("/people", theirs | {"password": PASSWORD, "role": "distributor"})
    lan = await sign_in(mall.server, mall.world.slug, "lan@example.com")
    await grown_old(mall)
    assert (await lan._call("GET", path, None, None)).json["code"] == "step_up_required"
    assert (await mall.owner._call("GET", path, None, None)).status == 200  # masked for staff


async def test_guessing_at_a_proof_is_stopped(mall: Mall) -> None:
    await grown_old(mall)
    for _ in range(10):
        assert (await mall.owner.refused("POST", "/sessions/current/proof", {"password": "no"}))[0] == 403
    right = {"password": mall.owner.password}
    assert await mall.owner.refused("POST", "/sessions/current/proof", right) == (429, "too_many_attempts")


async def test_without_a_proof_nothing_is_done_and_with_one_it_goes_on(mall: Mall) -> None:
    sku, owner = await mall.sku(), mall.owner
    batch = (await mall.upload(sku, cards(10), cost="5"))["batches"][0]
    sheet = (await owner.post("/exports", {"list": "skus"}))["id"]
    codes = {"list": "codes", "format": "zip", "filter": {"batch_id": [batch]}}
    asked = await owner.post("/exports", codes)
    await ended(mall, asked["job_id"])
    many = {"action": "void", "subjects": [{"id": batch}], "args": {"reason": "x"}}
    some = {"first": 1, "last": 4, "reason": "x"}

    async def unproved(path: str, body: Any = None) -> bool:
        answer = await owner._call("POST", path, body, None)
        return (answer.status, answer.json["code"]) == (403, "step_up_required")

    await grown_old(mall)
    assert await unproved("/exports", codes)
    assert await unproved(f"/exports/{asked['id']}/fetch")
    assert await unproved(f"/exports/{asked['id']}/password")
    assert await unproved(f"/batches/{batch}/return", some)
    assert await unproved(f"/batches/{batch}/void", some)
    assert await unproved(f"/batches/{batch}/recall", {"reason": "x", "refund": True})
    assert await unproved("/batches/bulk", many)
    # Looking, goods, and what stops a sale for the time being want none.
    assert (await owner.post("/batches/bulk", many | {"dry_run": True}))["acting"] == 1
    assert (await owner.get(f"/exports/{sheet}"))["list"] == "skus"
    assert await owner.post(f"/batches/{batch}/freeze", {"reason": "x"})
    assert await owner.post(f"/batches/{batch}/unfreeze", {"reason": "x"})
    assert (await owner.get(f"/skus/{sku}/stock"))["available"] == 10
    assert len((await owner.get("/exports"))["items"]) == 2
    assert (await owner.get(f"/exports/{asked['id']}"))["downloads_left"] == 3

    await owner.post("/sessions/current/proof", {"password": owner.password})
    assert (await owner.post(f"/batches/{batch}/return", some))["changed"] == 4
    await owner.post(f"/exports/{asked['id']}/password")
    assert (await owner.call("POST", f"/exports/{asked['id']}/fetch")).status == 200
    begun = await owner.post("/batches/bulk", many)
    await grown_old(mall)  # the job goes on with what was proved when it was asked for
    assert (await ended(mall, begun["job_id"]))["result"]["done"] == 1
    left = await owner.get(f"/skus/{sku}/stock")
    assert (left["available"], left["void"], left["returned"]) == (0, 6, 4)


async def test_what_goes_back_to_the_supplier_is_asked_about_like_what_is_written_off(mall: Mall) -> None:
    sku = await mall.sku()
    batch = (await mall.upload(sku, cards(10), cost="5"))["batches"][0]
    rule = {"mode": "above", "above_amount": yuan("20"), "role": "finance", "due_minutes": 60}
    await mall.owner.put("/approval-rules/stock.void", rule)
    few, many = ({"first": 1, "last": last, "reason": "x"} for last in (4, 10))
    assert (await mall.owner.post(f"/batches/{batch}/return", few))["changed"] == 4
    asked = await mall.owner.post(f"/batches/{batch}/return", many)
    finance = await mall.sign_in("finance")
    file = (await finance.get(f"/approvals/{asked['approval_id']}"))["approval"]
    assert file["after"] == {"unsold": 0, "returned": 6, "given_back": yuan("30.0000")}
    done = await finance.post(
        f"/approvals/{asked['approval_id']}/decide", {"approve": True, "seal": file["seal"]}
    )
    assert done["status"] == "approved"
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["returned"] == 10
