"""Cards as others sealed them, and what was not sealed so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.dialects import ciphers

FULU = b"SECRET0123456789SECRET0123456789"


def test_a_card_that_a_foreign_program_sealed() -> None:
    assert ciphers.seal_ecb(FULU, b"CARDNO-1") == "opSTVGPItmj+H1rzHE7Vog=="
    assert ciphers.open_ecb(FULU, "opSTVGPItmj+H1rzHE7Vog==") == b"CARDNO-1"


@given(st.sampled_from([16, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n)), st.binary(max_size=80))
def test_there_and_back(key: bytes, plain: bytes) -> None:
    assert ciphers.open_ecb(key, ciphers.seal_ecb(key, plain)) == plain


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (FULU, ""),
        (FULU, "opSTVGPItmj+H1rzHE7Vog"),  # base64 cut off
        (FULU, "opSTVGPItmj+H1rzHE7V"),  # no whole block
        (FULU, " opSTVGPItmj+H1rzHE7Vog=="),
        (FULU, "卡密"),
        (FULU[::-1], "opSTVGPItmj+H1rzHE7Vog=="),
        (FULU[:24], "opSTVGPItmj+H1rzHE7Vog=="),
        (FULU[:5], "opSTVGPItmj+H1rzHE7Vog=="),
        (b"", "opSTVGPItmj+H1rzHE7Vog=="),
    ],
)
def test_what_was_not_sealed_so(key: bytes, text: str) -> None:
    with pytest.raises(ValueError):
        ciphers.open_ecb(key, text)


def test_no_other_key_seals() -> None:
    with pytest.raises(ValueError):
        ciphers.seal_ecb(FULU[:24], b"x")
