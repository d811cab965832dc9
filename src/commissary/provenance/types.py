"""Custody events as data, and what the log over them is made of."""

from datetime import datetime
from enum import IntEnum

import msgspec

from commissary.base.errors import Refusal


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


class Logged(msgspec.Struct, frozen=True):
    """An event as it stands; no `position` while the log has not reached it."""

    n: int
    kind: Kind
    at: datetime
    body: bytes
    salt: bytes
    leaf: bytes
    position: int | None


class Signed(msgspec.Struct, frozen=True):
    """The newest checkpoint of a home. `note` carries its cosignatures; `witnesses` are the keys of those."""

    origin: str
    size: int
    root: bytes
    note: str
    at: datetime
    witnesses: tuple[str, ...] = ()


class ProvenEvent(msgspec.Struct, frozen=True):
    """`body` is the event as it was committed to, letter for letter; `path` leads from its leaf to the root."""

    body: str
    salt: str
    index: int
    path: list[str]


class Proof(msgspec.Struct, frozen=True):
    """Verifies offline, with `verify.py`. `party` is the buyer whose commitment the events carry."""

    format: str
    key: str
    witnesses: list[str]
    checkpoint: str
    order: str
    party: str
    entries: list[ProvenEvent]


class WitnessView(msgspec.Struct, frozen=True):
    """`size`: how much of the log it has cosigned."""

    id: int
    url: str
    vkey: str
    size: int
    asked_at: datetime | None
    trouble: str


class ProvenanceRefusal(Refusal):
    """In order of precedence."""

    not_in_log_yet = (
        409,
        "The log has not reached this order yet; it takes some seconds",
        "该订单的存证尚未写入日志，请数秒后重试",
        True,
    )
    key_malformed = (
        422,
        "This is no verifier key of the right kind (name+hash+base64)",
        "验证公钥格式或类型不正确（name+hash+base64）",
    )
    witness_known = (409, "This witness is configured already", "该见证方已配置")
