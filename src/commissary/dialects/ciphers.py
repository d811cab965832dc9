"""How suppliers hide cards: AES in ECB mode with PKCS7, written as base64. Their choice, not ours: equal cards look equal,
and nothing tells whether a text was changed. The length of the key says whether it is AES-128 or AES-256."""

from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.padding import PKCS7


def seal_ecb(key: bytes, plain: bytes) -> str:
    encryptor, padder = _cipher(key).encryptor(), PKCS7(AES.block_size).padder()
    padded = padder.update(plain) + padder.finalize()
    return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def open_ecb(key: bytes, text: str) -> bytes:
    """Raises ValueError for whatever was not sealed with this key, as far as its padding shows."""
    decryptor, unpadder = _cipher(key).decryptor(), PKCS7(AES.block_size).unpadder()
    padded = decryptor.update(b64decode(text, validate=True)) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def _cipher(key: bytes) -> Cipher[ECB]:
    if len(key) not in (16, 32):
        raise ValueError(f"a key of {len(key)} bytes")
    return Cipher(AES(key), ECB())  # noqa: S305
