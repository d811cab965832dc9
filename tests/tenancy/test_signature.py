"""What is signed and how, without a server."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from commissary.tenancy import signature


@given(secret=st.binary(max_size=200), message=st.binary(max_size=300))
def test_a_signature_is_the_hmac_of_the_standard_library(secret: bytes, message: bytes) -> None:
    expected = hmac.digest(secret, message, "sha256").hex().encode()
    assert signature.sign(secret, message) == expected
    assert signature.sign(secret, message) == expected  # the kept states are not used up


def test_both_live_secrets_sign() -> None:
    signed = signature.sign(b"old", b"message")
    assert signature.matches((b"new", b"old"), b"message", signed)
    assert not signature.matches((b"new",), b"message", signed)
    assert not signature.matches((), b"message", signed)
    assert not signature.matches((b"old",), b"another", signed)


@given(
    timestamp=st.from_regex(rb"[0-9]{9,11}", fullmatch=True),
    nonce=st.from_regex(rb"[A-Za-z0-9_-]{8,64}", fullmatch=True),
    signed=st.from_regex(rb"[0-9a-f]{64}", fullmatch=True),
    at=st.integers(0, 2),
    odd=st.sampled_from([b"", b"\n", b"x\n", b" ", b"\n12345678", "９".encode()]),
)
def test_a_well_formed_part_with_something_odd_behind_it_is_refused(
    timestamp: bytes, nonce: bytes, signed: bytes, at: int, odd: bytes
) -> None:
    parts = [timestamp, nonce, signed]
    assert signature.well_formed(*parts)
    parts[at] = parts[at] + odd if odd else b""
    assert not signature.well_formed(*parts)
