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
from make.journey import CONSOLE, Mall, sign_in, yuan
from make.sellers import supplier
from make.tenancy import PASSWORD

DOCS = Path(__file__).parents[2] / "docs" / "console-api.md"

# What each of them is asked with. An account and a connection must be there, for their currency is asked first.
ASKED: dict[str, Any] = {
    "revealContact": {"reason": "x"},
    "revealWorkFields": None,
    "decidePriceProposal": {"approve": True},
    "withdraw": {"amount": yuan("1"), "reference": "w", "recharge_reference": "r"},
    "adjustBalance": {"amount": yuan("1"), "reference": "a", "reason": "x"},
    "paySupplier": {"amount": yuan("1"), "reference": "p"},
    "decideApproval": {"approve": True, "seal": "a" * 64},
    "decideApprovals": {"approve": True, "items": [{"id": "1", "seal": "a" * 64}]},
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
