"""The SDK and the server are written apart; here their bytes meet without a network."""

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from commissary_sdk import EndUser, Line, Money, Purchase, errors, wire
from commissary_sdk.types import FINAL_STATUSES

from commissary.base.errors import Refusal, RequestRefusal
from commissary.base.money import Money as WireMoney
from commissary.orders.types import LineState, OrderRefusal, OrderState
from commissary.orders.wire import BatchIn, CodeOut, LineOut, OrderIn, OrderOut
from commissary.risk.types import RiskRefusal
from commissary.tenancy import signature

GOLDEN = json.loads((Path(__file__).parents[2] / "sdk" / "golden.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", GOLDEN["requests"], ids=lambda vector: vector["name"])
def test_the_server_computes_the_shared_signatures(vector: dict[str, Any]) -> None:
    path, query, timestamp, nonce = (
        str(vector[name]).encode() for name in ("path", "query", "timestamp", "nonce")
    )
    message = signature.canonical(
        vector["method"], path, query, timestamp, nonce, base64.b64decode(vector["body_base64"])
    )
    signed = signature.sign(vector["secret"].encode(), message)
    assert signed.decode() == vector["signature"]
    assert signature.well_formed(timestamp, nonce, signed)


def test_the_server_understands_every_field_of_a_purchase() -> None:
    line = Line("8001", 2, Money.of("9.9", "CNY"), {"phone": "13800000000"})
    purchase = Purchase(
        "PO-1", [line, Line("8002")], "7", 3000, EndUser("203.0.113.9", "dev"), "https://shop.example/cb"
    )
    body = wire.purchase_json(purchase)
    read = msgspec.json.decode(wire.dump(body), type=OrderIn)
    assert json.loads(msgspec.json.encode(read)) == {
        **body,
        "lines": [body["lines"][0], {"sku_id": "8002"}],  # a quantity of one goes without saying
    }
    assert read.lines is not None
    assert read.lines[0].max_unit_price == WireMoney("9.9000", "CNY")
    assert msgspec.json.decode(wire.dump({"orders": [body]}), type=BatchIn).orders == (read,)


def test_the_sdk_understands_an_order_of_the_server() -> None:
    price = WireMoney("9.8750", "CNY")
    line = LineOut(
        1,
        "8001",
        2,
        2,
        price,
        WireMoney("19.7500", "CNY"),
        "delivered",
        bundle_id="9",
        codes=[CodeOut("s-1", "n-1"), CodeOut("s-2")],
    )
    at = datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    sent = OrderOut("7", "H-7", "PO-1", "delivered", WireMoney("19.7500", "CNY"), [line], "5", at)
    order = wire.order(json.loads(msgspec.json.encode(sent)))
    assert (order.id, order.order_no, order.client_order_no, order.decision_id) == ("7", "H-7", "PO-1", "5")
    assert order.created_at == at
    assert order.total == Money(Decimal("19.7500"), "CNY")
    assert [(code.number, code.secret) for code in order.codes] == [("n-1", "s-1"), (None, "s-2")]
    assert (order.lines[0].delivered, order.lines[0].bundle_id) == (2, "9")


def test_the_sdk_knows_which_states_are_ends() -> None:
    assert set(get_args(OrderState)) - {"review", "scheduled", "processing"} == FINAL_STATUSES
    assert set(get_args(LineState)) >= FINAL_STATUSES - {"partially_delivered"}


@pytest.mark.parametrize("refusal", [*OrderRefusal, *RiskRefusal], ids=lambda refusal: refusal.code)
def test_a_business_no_is_raised_as_one(refusal: Refusal) -> None:
    problem = {"code": refusal.code, "outcome": refusal.outcome, "retryable": refusal.retryable}
    error = errors.from_problem(refusal.status, problem)
    wanted = {"risk_velocity": errors.RateLimited, "sheet_too_long": errors.InvalidRequest} | dict.fromkeys(
        ("order_not_found", "line_not_found", "sheet_not_found", "no_such_code"), errors.NotFound
    )
    assert isinstance(error, wanted.get(refusal.code, errors.Refused))


def test_every_code_the_sdk_knows_is_one_the_server_says() -> None:
    from commissary.tenancy import types as tenancy

    said = {refusal.code for kind in (RequestRefusal, OrderRefusal, RiskRefusal) for refusal in kind}
    said |= {
        member.code
        for kind in vars(tenancy).values()
        if isinstance(kind, type) and issubclass(kind, Refusal)
        for member in kind
    }
    assert set(errors.BY_CODE) <= said
