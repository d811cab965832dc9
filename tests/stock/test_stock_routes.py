"""The console's way to the vault."""

import json
import secrets

import httpx

from commissary.stock.routes import ROUTES
from commissary.stock.types import FaultLine
from commissary.stock.wire import faults_csv
from make.http import served
from make.stock import Shelf


def form(shelf: Shelf, text: str, **more: object) -> dict[str, object]:
    options = {"sku_id": str(shelf.sku), "unit_cost": "9.5", **more}
    return {
        "files": {
            "options": (None, json.dumps(options), "application/json"),
            "file": ("codes.csv", text.encode(), "text/csv"),
        }
    }


async def test_a_file_is_tried_then_imported_then_managed(shelf: Shelf) -> None:
    codes = [f"K{secrets.token_hex(4)}G{secrets.token_hex(4)}Z".upper() for _ in range(60)]
    text = (
        "密码,有效期\n"
        + "\n".join(f"{code},2027-12-31" for code in codes)
        + f"\nK12345678,bad\n{codes[0]},2027-12-31"
    )
    async with served(shelf.house, ROUTES) as mall:
        tried = (await mall.post("/console/v1/imports", **form(shelf, text, dry_run=True))).json()
        assert (tried["state"], tried["import_id"], tried["imported"], tried["faulty"]) == (
            "dry_run",
            None,
            60,
            1,
        )
        assert tried["columns"] == ["secret", "expires_on"]
        assert codes[0] not in json.dumps(tried)
        made = (await mall.post("/console/v1/imports", **form(shelf, text))).json()
        assert (made["state"], made["imported"], made["repeated_in_file"]) == ("done", 60, 1)
        again = (await mall.post("/console/v1/imports", **form(shelf, text))).json()
        assert again["already_imported"]

        faults = await mall.get(f"/console/v1/imports/{made['import_id']}/faults")
        assert faults.headers["content-type"].startswith("text/csv")
        lines = faults.content.decode("utf-8-sig").splitlines()
        assert [line.split(",")[0] for line in lines[1:]] == ["62", "63"]
        assert codes[0] not in faults.text

        (batch,) = made["batches"]
        one = (await mall.get(f"/console/v1/batches/{batch}")).json()
        assert (one["available"], one["unit_cost"]) == (60, {"amount": "9.5000", "currency": "CNY"})
        assert (await mall.get("/console/v1/batches", params={"sku_id": str(shelf.sku)})).json()["items"] == [
            one
        ]
        await shelf.sell(10)
        void = await mall.post(
            f"/console/v1/batches/{batch}/void", json={"first": 6, "last": 15, "reason": "x"}
        )
        assert void.json() == {"batch_id": batch, "changed": 5, "sold": [{"first": 6, "last": 10}]}
        back = await mall.post(
            f"/console/v1/batches/{batch}/return", json={"first": 60, "last": 60, "reason": "x"}
        )
        assert back.json()["changed"] == 1
        for verb, changed in (("freeze", 44), ("unfreeze", 44), ("recall", 44), ("recall", 0)):
            done = await mall.post(f"/console/v1/batches/{batch}/{verb}", json={"reason": "x"})
            assert (done.status_code, done.json()["changed"]) == (200, changed)
        stock = (await mall.get(f"/console/v1/skus/{shelf.sku}/stock")).json()
        assert (stock["available"], stock["frozen"], stock["sold"], stock["void"], stock["returned"]) == (
            0,
            44,
            10,
            5,
            1,
        )
        no = await mall.post(f"/console/v1/batches/{batch}/shred", json={"confirmation": "1", "reason": "x"})
        assert (no.status_code, no.json()["code"]) == (422, "confirmation_wrong")


async def test_uploads_of_the_wrong_form_are_refused(shelf: Shelf) -> None:
    async with served(shelf.house, ROUTES) as mall:

        async def code(**sent: object) -> tuple[int, str]:
            answer: httpx.Response = await mall.post("/console/v1/imports", **sent)  # type: ignore[arg-type]
            return answer.status_code, answer.json()["code"]

        assert await code(json={}) == (422, "invalid_request")
        assert await code(files={"file": b"K1"}) == (422, "invalid_request")
        assert await code(**form(shelf, "K1", unit_cost="-1")) == (422, "invalid_request")
        assert await code(**form(shelf, "K1", surprise=1)) == (422, "invalid_request")
        assert await code(**form(shelf, "K1", sku_id="77")) == (404, "not_found")
        cut = form(shelf, "K1")
        whole = httpx.Request("POST", "http://mall", **cut)  # type: ignore[arg-type]
        body = whole.read()
        assert await code(content=body[:-30], headers={"content-type": whole.headers["content-type"]}) == (
            422, "invalid_request",
        )  # fmt: skip
    async with served(shelf.house, ROUTES, actor=shelf.house.actor_of("readonly")) as mall:
        assert await code(**form(shelf, "K1")) == (403, "forbidden")


def test_a_fault_runs_nothing_in_a_spreadsheet() -> None:
    written = faults_csv([FaultLine(3, "=1+1", "＝CMD()", ' @SUM("a")', 2)]).decode("utf-8-sig")
    assert written.splitlines()[1] == '3,2,\'=1+1,\'＝CMD(),"\' @SUM(""a"")"'
