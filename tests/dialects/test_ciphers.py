"""Secrets as others wrapped them, opened and wrapped again to the letter."""

import base64

import pytest

from commissary.dialects import ciphers

VECTORS = [
    (
        "卡易信 v3, AES-256",
        b"5fb9600dd400b5e0853caed93ebbfb4e",
        "C8bR0FfVx+zMUZf/AJS9eyw3rKn+adBuHYqqnSFk09railKZVUvJV0fWO8w6q7OVOEw5RO04TfllBP1+8sjiMyj57JHp/"
        "ABJEtnygPhyYjr/6upkYGi0lAVTSfrxuJaf",
        b'[{"cancelRequest":1,"cardId":"764","cardNo":"123456789","cardPwd":"","status":0}]',
    ),
    ("星海, AES-128", b"sBOvCZZurSbbdJiA", "U88v0HHTLxUp9LUkj95AJA==", b"14"),
    ("福禄, AES-256", b"SECRET0123456789SECRET0123456789", "opSTVGPItmj+H1rzHE7Vog==", b"CARDNO-1"),
]


@pytest.mark.parametrize(("key", "text", "plain"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS])
def test_a_secret_that_others_wrapped(key: bytes, text: str, plain: bytes) -> None:
    assert ciphers.open_ecb(key, text) == plain
    assert ciphers.seal_ecb(key, plain) == text


@pytest.mark.parametrize("plain", [b"", b"x" * 16, "卡".encode() * 99])
def test_there_and_back(plain: bytes) -> None:
    assert ciphers.open_ecb(b"k" * 32, ciphers.seal_ecb(b"k" * 32, plain)) == plain


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (b"k" * 31, VECTORS[0][2]),
        (b"", VECTORS[0][2]),
        (b"5fb9600dd400b5e0853caed93ebbfb4f", VECTORS[0][2]),
        (VECTORS[0][1], VECTORS[0][2][:-4]),
        (VECTORS[0][1], ""),
        (VECTORS[0][1], "<html>"),
        (VECTORS[0][1], "卡"),
        (VECTORS[0][1], base64.b64encode(b"\0" * 32).decode()),
    ],
)
def test_what_cannot_be_opened(key: bytes, text: str) -> None:
    with pytest.raises(ValueError):
        ciphers.open_ecb(key, text)
