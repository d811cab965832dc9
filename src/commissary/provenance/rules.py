"""The canonical form of custody events. Parties appear as sha256(salt ‖ id): whoever is told the salt can check."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from commissary.provenance.types import CustodyEvent, Kind

_sha256 = hashlib.sha256


def leaf(body: bytes) -> bytes:
    return _sha256(b"\0" + body).digest()


def party(salt: bytes, organisation_id: int) -> str:
    return _sha256(b"%b%d" % (salt, organisation_id)).hexdigest()


def sold(
    order_id: int,
    line_no: int,
    sku_id: int,
    buyer_id: int,
    ranges: Sequence[tuple[int, int, int]],
    at_ms: int,
    salt: bytes,
) -> CustodyEvent:
    """One per order line. `ranges` are (batch, first, last). Written by hand: it runs once per line of every order."""
    codes = ",".join(f'["{batch}",{first},{last}]' for batch, first, last in ranges)
    body = (
        f'{{"at_ms":{at_ms},"codes":[{codes}],"kind":"sold","line":{line_no},"order":"{order_id}",'
        f'"party":"{party(salt, buyer_id)}","sku":"{sku_id}","v":1}}'
    ).encode()
    return CustodyEvent(order_id, line_no, Kind.sold, body, salt, leaf(body))


def event(
    subject_id: int, n: int, kind: Kind, facts: dict[str, Any], at_ms: int, salt: bytes
) -> CustodyEvent:
    """Any other event; `facts` hold no code, no name, no number of a person."""
    body = json.dumps(
        {"at_ms": at_ms, "kind": kind.name, "v": 1, **facts},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()
    return CustodyEvent(subject_id, n, kind, body, salt, leaf(body))
