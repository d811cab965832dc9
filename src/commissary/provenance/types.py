"""Custody events as data."""

from enum import IntEnum

import msgspec


class Kind(IntEnum):
    """Stored; numbers never change their meaning."""

    batch_received = 1
    sold = 2
    delivered = 3
    revealed = 4
    returned = 5
    frozen = 6
    voided = 7
    recalled = 8
    released = 9


class CustodyEvent(msgspec.Struct, frozen=True, gc=False):
    """`body` is canonical JSON: keys sorted, no spaces. `leaf` is sha256(0x00 ‖ body)."""

    subject_id: int
    n: int
    kind: Kind
    body: bytes
    salt: bytes
    leaf: bytes
