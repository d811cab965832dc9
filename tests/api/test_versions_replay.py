"""DEV04 an older version of the API stays as it was: requests whose answers were recorded when it was the newest are sent again to the
running server with its date, and answered byte for byte the same, but for ids, times and secrets.

    make test T=tests/api/test_versions_replay.py        COMMISSARY_RECORD=1 writes what is not there yet
"""

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from make.journey import Installation, Mall, cards, yuan
from make.trade import ALLOW, PHONE
from world import Answer, Buyer, Served, free_port, ground, signed

FOLDER = Path(__file__).parent / "snapshots"
RECORD = os.environ.get("COMMISSARY_RECORD") == "1"
DEAD, GOOD = "13900000003", "13900000004"
KEYED = {"line_not_asked_for", "cancel", "cancel_delivered"}
_SECRETS = {"secret", "number", "request_id"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+\d\d:\d\d)")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(admin_dsn: str) -> AsyncIterator[tuple[Mall, Buyer, dict[str, str]]]:
    """Always the same small shop: what differs from run to run is normalised away."""
    async with ground(admin_dsn) as made:
        server = Served(made.admin_dsn, made.key_folder, free_port(), None, ALLOW)
        await server.start()
        try:
            mall = await Installation(made, server).mall()
            card = await mall.sku()
            topup = await mall.sku(
                "topup", fields=[PHONE[0] | {"checked": True}], instrument_class="direct_topup"
            )
            await mall.price([card, topup], {1: "9.8750", 10: "9.5000"})
            await mall.upload(card, cards(8))
            dead = {"kind": "dead", "valid_from": "2025-01-01T00:00:00Z", "source": "list"}
            await mall.owner.post("/account-numbers", dead | {"rows": [{"number": DEAD}]})
            buyer = await mall.buyer("100")
            yield mall, buyer, {"card": card, "topup": topup}
        finally:
            await server.stop()


def requests_of(skus: dict[str, str]) -> list[tuple[str, str, str, Any]]:
    """(name, method, path, body), in this order. `{name}` in a path is the id that the answer of that name had."""
    line = {"sku_id": skus["card"], "quantity": 2}
    check = {"sku_id": skus["topup"]}
    return [
        ("products", "GET", "/v1/products?size=10", None),
        ("quote", "POST", "/v1/quotes", {"lines": [line]}),
        ("order", "POST", "/v1/orders", {"client_order_no": "V-1", "lines": [line]}),
        ("order_again", "POST", "/v1/orders", {"client_order_no": "V-1", "lines": [line]}),
        ("order_conflict", "POST", "/v1/orders", {"client_order_no": "V-1", "sku_id": skus["card"]}),
        ("order_by_number", "GET", "/v1/orders?client_order_no=V-1", None),
        ("orders", "GET", "/v1/orders", None),
        (
            "batch",
            "POST",
            "/v1/orders/batch",
            {
                "orders": [
                    {"client_order_no": "V-2", "sku_id": skus["card"]},
                    {"client_order_no": "V-3", "sku_id": skus["card"], "max_unit_price": yuan("1.0000")},
                ]
            },
        ),
        ("too_dear", "POST", "/v1/orders", {"client_order_no": "V-4", "sku_id": skus["card"], "max_unit_price": yuan("1.0000")}),
        ("invalid", "POST", "/v1/orders", {"client_order_no": "V-5", "sku_id": skus["card"], "quantity": 0}),
        ("balance", "GET", "/v1/balance", None),
        ("statements", "GET", "/v1/statements", None),
        ("account_good", "POST", "/v1/account-checks", check | {"fields": {"account": GOOD}}),
        ("account_dead", "POST", "/v1/account-checks", check | {"fields": {"account": DEAD}}),
        ("account_malformed", "POST", "/v1/account-checks", check | {"fields": {}}),
        ("one_order", "GET", "/v1/orders/{order}", None),
        ("one_order_unknown", "GET", "/v1/orders/1", None),
        ("snapshot", "GET", "/v1/orders/{order}/snapshot", None),
        ("log", "GET", "/v1/orders/{order}/log", None),
        ("topup", "POST", "/v1/orders", {"client_order_no": "V-6", "lines": [check | {"fields": {"account": GOOD}}]}),
        ("topup_log", "GET", "/v1/orders/{topup}/log", None),
        ("line_not_asked_for", "POST", "/v1/orders/{topup}/lines/1/fields", {"fields": {"account": GOOD}}),
        ("cancel", "POST", "/v1/orders/{topup}/cancel", None),
        ("cancel_delivered", "POST", "/v1/orders/{order}/cancel", None),
        ("subscribe", "PUT", "/v1/price-subscriptions", {"threshold_bp": 200}),
        ("subscriptions", "GET", "/v1/price-subscriptions", None),
        ("hook_unsafe", "POST", "/v1/webhook-endpoints", {"url": "http://10.0.0.1/"}),
        ("hooks", "GET", "/v1/webhook-endpoints", None),
        ("deliveries", "GET", "/v1/webhook-deliveries", None),
        ("file_unknown", "GET", "/v1/order-files/1", None),
        ("sandbox_live", "GET", "/v1/sandbox", None),
    ]  # fmt: skip


def normalised(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status, "body": _plain(answer.json, "")}


def _plain(node: Any, name: str) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value, name) for value in node]
    if not isinstance(node, str):
        return node
    if name in _SECRETS:
        return f"<{name}>"
    if name == "code" and node.startswith("A-"):
        return "<code>"
    return re.sub(r"\d{15,19}", "<id>", _TIME.sub("<time>", re.sub(r"^\d{3,6}-(?=\d{15})", "<home>-", node)))


@pytest.mark.parametrize("version", sorted(p.name for p in FOLDER.iterdir() if p.is_dir()))
async def test_an_old_version_answers_as_it_did(
    version: str, shop: tuple[Mall, Buyer, dict[str, str]]
) -> None:
    mall, buyer, skus = shop
    ids: dict[str, str] = {}
    for name, method, template, body in requests_of(skus):
        path = template.format_map(ids)
        content = b"" if body is None else json.dumps(body).encode()
        headers = signed(buyer, method, path, content) | {"Commissary-Version": version}
        headers |= {"Idempotency-Key": name} if name in KEYED else {}
        answer = await mall.server.raw(method, path, content, headers)
        if isinstance(answer.json, dict) and "id" in answer.json:
            ids[name] = answer.json["id"]
        got = json.dumps(normalised(answer), ensure_ascii=False, indent=1) + "\n"
        kept = FOLDER / version / f"{name}.json"
        if RECORD and not kept.exists():
            kept.write_text(got, "utf-8")
        assert got == kept.read_text("utf-8"), f"{version}: {method} {path} answers otherwise than it did"
