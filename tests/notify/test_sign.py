"""Signatures: vectors made with the published Standard Webhooks library, and every one-byte change refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.notify import sign
from commissary.notify.sign import Fault

K24 = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
K64 = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="

# (secret, id, seconds, body, signature), signed by the published Python library `standardwebhooks` 1.1.0
VECTORS = [
    (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (K24, "evt_1", 1700000000, "", "v1,DU55CXEPwWH1TI6tzs9qFMB/k3COfpjvK1qQHkoxOZI="),
    (
        K64,
        "evt_9223372036854775807",
        1767225600,
        '{"type":"order.delivered","data":{"name":"券厨"}}',
        "v1,IyPsDUiI3JdfEMwmMGWuvoOSZazI5d7m/7V+rAmXI1k=",
    ),
    (
        "whsec_//////////////////////////////////////////8=",
        "evt_42",
        1,
        ".",
        "v1,Pd5cqHhQNpZ7doDFagsOodlZZGaUB6zpswDn2B58Ido=",
    ),
]


@pytest.mark.parametrize(("secret", "webhook_id", "at", "body", "signature"), VECTORS)
def test_vectors(secret: str, webhook_id: str, at: int, body: str, signature: str) -> None:
    assert sign.sign([secret], webhook_id, at, body.encode()) == signature
    received = {"Webhook-Id": webhook_id, "WEBHOOK-TIMESTAMP": str(at), "webhook-signature": signature}
    assert sign.verify([secret], received, body.encode(), at) is None


def test_two_live_secrets_sign_both_and_either_verifies() -> None:
    made = sign.headers([K64, K24], "evt_7", 1_700_000_000, b"{}")
    newest, older = made["webhook-signature"].split(" ")
    assert newest == sign.sign([K64], "evt_7", 1_700_000_000, b"{}")
    assert older == sign.sign([K24], "evt_7", 1_700_000_000, b"{}")
    for known in ([K64], [K24], [K24, K64]):
        assert sign.verify(known, made, b"{}", 1_700_000_000) is None
    stranger = sign.new_secret(b"s" * 32)
    assert sign.verify([stranger], made, b"{}", 1_700_000_000) is Fault.signature_wrong
    assert sign.verify([], made, b"{}", 1_700_000_000) is Fault.signature_wrong
    later_scheme = made | {"webhook-signature": "v1a,AAAA v9,券 " + newest}
    assert sign.verify([K64], later_scheme, b"{}", 1_700_000_000) is None


@given(st.data())
def test_any_changed_byte_is_refused(data: st.DataObject) -> None:
    body = data.draw(st.binary(min_size=1, max_size=200))
    made = sign.headers([K24], "evt_7", 1_700_000_000, body)
    assert sign.verify([K24], made, body, 1_700_000_000) is None
    at = data.draw(st.integers(0, len(body) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = body[:at] + bytes([body[at] ^ flip]) + body[at + 1 :]
    assert sign.verify([K24], made, changed, 1_700_000_000) is Fault.signature_wrong
    for name, value in [("webhook-id", "evt_8"), ("webhook-timestamp", "1700000001")]:
        assert sign.verify([K24], made | {name: value}, body, 1_700_000_000) is Fault.signature_wrong


@pytest.mark.parametrize(
    ("now", "fault"),
    [(1300, None), (1301, Fault.too_old), (700, None), (699, Fault.too_new)],
)
def test_the_window_is_five_minutes_both_ways(now: int, fault: Fault | None) -> None:
    assert sign.verify([K24], sign.headers([K24], "evt_7", 1000, b""), b"", now) is fault


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"webhook-id": ""}, Fault.header_missing),
        ({"webhook-signature": ""}, Fault.header_missing),
        ({"webhook-id": "evt.7"}, Fault.header_malformed),
        ({"webhook-timestamp": "１０００"}, Fault.header_malformed),
        ({"webhook-timestamp": "-1"}, Fault.header_malformed),
        ({"webhook-timestamp": "1e3"}, Fault.header_malformed),
        ({"webhook-signature": "v1,"}, Fault.signature_wrong),
        ({"webhook-signature": "v1,券"}, Fault.signature_wrong),
        ({"webhook-signature": "v1a,AAAA"}, Fault.signature_wrong),
    ],
)
def test_faults_are_named(change: dict[str, str], fault: Fault) -> None:
    made = sign.headers([K24], "evt_7", 1000, b"")
    assert sign.verify([K24], made | change, b"", 1000) is fault


def test_a_full_stop_in_the_id_cannot_shift_the_parts() -> None:
    with pytest.raises(ValueError, match="webhook id"):
        sign.sign([K24], "evt_7.1000", 5, b"")


@pytest.mark.parametrize("size", [0, 23, 65])
def test_secrets_of_other_lengths_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        sign.new_secret(b"x" * size)
    with pytest.raises(ValueError, match="24 to 64") as fault:
        sign.key_of("whsec_" + base64.b64encode(b"x" * size).decode())
    assert "eHh4" not in str(fault.value)  # the message does not repeat the secret


@pytest.mark.parametrize("text", ["", "whsec_", K24[6:], "whsec_" + "!" * 40, K24 + "=", K24 + "\n"])
def test_other_texts_are_no_secrets(text: str) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        sign.key_of(text)


@given(st.binary(min_size=24, max_size=64))
def test_a_secret_reads_back(key: bytes) -> None:
    assert sign.key_of(sign.new_secret(key)) == key
