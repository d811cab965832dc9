"""Signatures of requests against the shared vectors; webhooks against a verifier that others published."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from commissary_sdk import sign, signed_headers, string_to_sign, webhooks

ROOT = Path(__file__).parents[2]
GOLDEN = json.loads((ROOT / "sdk" / "golden.json").read_text("utf-8"))
NOW = datetime(2026, 1, 1, 0, 1, tzinfo=UTC)

# Made by `Webhook(secret).sign(…)` of the PyPI library standardwebhooks 1.1.0; the first is also printed in the
# documentation of its authors.
FOREIGN = [
    (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        1649367553,
        '{"type":"order.delivered","data":{"名":"券"}}',
        "v1,W1P+RkUfzdW69kX0chh3sCl7d7MSxhw5AGe7ZjHOJ1s=",
    ),
    (
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "evt.with.dots",
        1767225600,
        "{}",
        "v1,PPpnibipmY/hVJU2/h8Y5vLhiFV4noURT7Sjk6995Ns=",
    ),
]


@pytest.mark.parametrize("vector", GOLDEN["requests"], ids=lambda vector: vector["name"])
def test_a_request_is_signed_as_agreed(vector: dict[str, Any]) -> None:
    parts = [vector[name] for name in ("method", "path", "query", "timestamp", "nonce")]
    body = base64.b64decode(vector["body_base64"])
    assert string_to_sign(*parts, body) == vector["string_to_sign"]
    assert sign(vector["secret"], *parts, body) == vector["signature"]
    headers = signed_headers("key-1", vector["secret"], *parts, body)
    assert headers == {
        "Commissary-Key": "key-1",
        "Commissary-Timestamp": str(vector["timestamp"]),
        "Commissary-Nonce": vector["nonce"],
        "Commissary-Signature": vector["signature"],
    }


def test_there_are_enough_vectors_and_no_two_agree() -> None:
    signatures = [vector["signature"] for vector in GOLDEN["requests"]]
    assert len(set(signatures)) == len(signatures) >= 8


def test_the_readable_table_says_the_same() -> None:
    blocks = (ROOT / "tests" / "tables" / "signatures.txt").read_text("utf-8").split("\n\n")[1:]
    assert len(blocks) == len(GOLDEN["requests"])
    for block, vector in zip(blocks, GOLDEN["requests"], strict=True):
        name, *lines = block.strip().splitlines()
        row = {line[2:12].strip(): line[13:] for line in lines}
        shown = row.pop("body")
        body = base64.b64decode(shown[7:]) if shown.startswith("base64:") else json.loads(shown).encode()
        assert name == vector["name"]
        assert body == base64.b64decode(vector["body_base64"])
        assert row == {key: str(vector[key]) for key in row}
        assert set(row) == {"secret", "method", "path", "query", "timestamp", "nonce", "signature"}


def headers_of(message_id: str, timestamp: int | str, signature: str) -> dict[str, str]:
    return {"Webhook-Id": message_id, "webhook-timestamp": str(timestamp), "WEBHOOK-SIGNATURE": signature}


@pytest.mark.parametrize(("secret", "message_id", "timestamp", "body", "signature"), FOREIGN)
def test_what_the_published_library_signs_is_accepted(
    secret: str, message_id: str, timestamp: int, body: str, signature: str
) -> None:
    headers = headers_of(message_id, timestamp, signature)
    event = webhooks.verify(headers, body.encode(), secret, float(timestamp))
    assert event.id == message_id
    assert event.raw == json.loads(body)
    assert webhooks.sign(secret, message_id, timestamp, body.encode()) == signature


@pytest.mark.parametrize("vector", GOLDEN["webhooks"], ids=lambda vector: vector["name"])
def test_our_own_webhooks_are_accepted_with_every_live_secret(vector: dict[str, Any]) -> None:
    """The published library verified these too."""
    body = base64.b64decode(vector["body_base64"])
    for secret in vector["secrets"]:
        assert webhooks.verify(vector["headers"], body, secret, NOW).type.startswith("order.")
    other = "whsec_" + base64.b64encode(b"another secret of 24 byt").decode()
    with pytest.raises(webhooks.WebhookRefused, match="no signature"):
        webhooks.verify(vector["headers"], body, other, NOW)
    webhooks.verify(vector["headers"], body, [other, vector["secrets"][-1]], NOW)


SECRET, ID, AT, BODY, SIGNATURE = FOREIGN[0]


@pytest.mark.parametrize("late_s", [-300, 0, 300])
def test_five_minutes_either_way_are_accepted(late_s: int) -> None:
    webhooks.verify(headers_of(ID, AT, SIGNATURE), BODY, SECRET, float(AT + late_s))


@pytest.mark.parametrize("late_s", [-301, 301])
def test_more_is_refused(late_s: int) -> None:
    with pytest.raises(webhooks.WebhookRefused, match="tolerance"):
        webhooks.verify(headers_of(ID, AT, SIGNATURE), BODY, SECRET, float(AT + late_s))


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (headers_of(ID, AT, SIGNATURE), BODY + " "),
        (headers_of(ID + "x", AT, SIGNATURE), BODY),
        (headers_of(ID, AT + 1, SIGNATURE), BODY),
        (headers_of(ID, f"{AT}.0", SIGNATURE), BODY),
        (headers_of(ID, "１６１４２６５３３０", SIGNATURE), BODY),
        (headers_of(ID, AT, SIGNATURE.replace("v1,", "v1a,")), BODY),
        (headers_of(ID, AT, SIGNATURE.replace("v1,", "v2,")), BODY),
        (headers_of(ID, AT, SIGNATURE[3:]), BODY),
        (headers_of(ID, AT, "v1,"), BODY),
        (headers_of(ID, AT, "v1,名 \udcff"), BODY),
        (headers_of(ID, AT, ""), BODY),
        ({}, BODY),
    ],
)
def test_whatever_was_changed_is_refused(headers: dict[str, str], body: str) -> None:
    with pytest.raises(webhooks.WebhookRefused):
        webhooks.verify(headers, body, SECRET, float(AT))


def test_a_foreign_signature_beside_ours_does_no_harm() -> None:
    webhooks.verify(headers_of(ID, AT, f"v1a,AAAA junk {SIGNATURE}"), BODY, SECRET, float(AT))


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_?", []])
def test_a_secret_that_is_none_is_a_mistake_of_ours(secret: str | list[str]) -> None:
    """An empty secret would accept what anybody signs with nothing."""
    with pytest.raises(ValueError, match="secret"):
        webhooks.verify(headers_of(ID, AT, SIGNATURE), BODY, secret, float(AT))


@pytest.mark.parametrize("body", [b"not json", b"[]", b"\xff"])
def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    headers = headers_of(ID, AT, webhooks.sign(SECRET, ID, AT, body))
    with pytest.raises(webhooks.WebhookRefused, match="JSON"):
        webhooks.verify(headers, body, SECRET, float(AT))
