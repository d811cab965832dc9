"""How others wrap secrets that travel in a text: AES-ECB with PKCS7 as base64. Hides, proves nothing: look at the signature
first. The length of the key decides between AES-128 and AES-256.
"""

import base64

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

_BLOCK = 128


def open_ecb(key: bytes, text: str) -> bytes:
    """Raises ValueError when the key does not fit, or the text is none of its making."""
    opened = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305  # the protocol's choice
    unpadded = PKCS7(_BLOCK).unpadder()
    padded = opened.update(base64.b64decode(text, validate=True)) + opened.finalize()
    return unpadded.update(padded) + unpadded.finalize()


def seal_ecb(key: bytes, plain: bytes) -> str:
    padded = PKCS7(_BLOCK).padder()
    sealed = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  # the protocol's choice
    whole = padded.update(plain) + padded.finalize()
    return base64.b64encode(sealed.update(whole) + sealed.finalize()).decode()
