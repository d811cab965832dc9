"""Cards as others sealed them, and what was not sealed so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.dialects import ciphers

FULU = b"SECRET0123456789SECRET0123456789"


VECTORS = [
    (
        "卡易信 v3, AES-256",
        b"5fb9600dd400b5e0853caed93ebbfb4e",
        "C8bR0FfVx+zMUZf/AJS9eyw3rKn+adBuHYqqnSFk09railKZVUvJV0fWO8w6q7OVOEw5RO04TfllBP1+8sjiMyj57JHp/"
        "ABJEtnygPhyYjr/6upkYGi0lAVTSfrxuJaf",
        b'[{"cancelRequest":1,"cardId":"764","cardNo":"123456789","cardPwd":"","status":0}]',
    ),
    ("星海, AES-128", b"sBOvCZZurSbbdJiA", "U88v0HHTLxUp9LUkj95AJA==", b"14"),
    ("福禄, AES-256", FULU, "opSTVGPItmj+H1rzHE7Vog==", b"CARDNO-1"),
]


@pytest.mark.parametrize(("key", "text", "plain"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS])
def test_a_secret_that_others_sealed(key: bytes, text: str, plain: bytes) -> None:
    assert ciphers.open_ecb(key, text) == plain
    assert ciphers.seal_ecb(key, plain) == text


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
