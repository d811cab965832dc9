"""The address of a code's public page: unguessable, and without a table to look it up in.

A token is AES-SIV (RFC 5297) over (home, order, line, number of the code in its line): a keyed hash of these, and these
masked under it. Who has the key reads the place back; nobody else can make a token that means anything, and the same code
has the same token for ever. The key is derived from the index key, which does not rotate: printed QR codes stay good.
"""

import base64
import binascii
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from commissary.base.crypto import Keyring

LENGTH = 48
_PURPOSE = [b"authenticity page v1"]
_PLACE = struct.Struct(">QqHI")  # the home in 48 bits, its first two bytes left out


def page_token(keys: Keyring, home: int, order_id: int, line_no: int, n: int) -> str:
    """`n` counts the codes of the line from 1."""
    plain = _PLACE.pack(home, order_id, line_no, n)[2:]
    return base64.urlsafe_b64encode(_cipher(keys).encrypt(plain, _PURPOSE)).decode()


def read_page_token(keys: Keyring, token: str) -> tuple[int, int, int, int] | None:
    """(home, order, line, n); None for what is no token of ours."""
    try:
        raw = base64.b64decode(token, b"-_", validate=True) if len(token) == LENGTH else b""
        if base64.urlsafe_b64encode(raw).decode() != token or not raw:
            return None
        home, order_id, line_no, n = _PLACE.unpack(b"\0\0" + _cipher(keys).decrypt(raw, _PURPOSE))
    except (binascii.Error, ValueError, InvalidTag):
        return None
    return home, order_id, line_no, n


def _cipher(keys: Keyring) -> AESSIV:
    return AESSIV(keys.blind("authenticity-page", "mac") + keys.blind("authenticity-page", "mask"))
