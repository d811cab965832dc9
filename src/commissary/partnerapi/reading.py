"""What came over the wire, read strictly: forms, JSON, numbers. Whatever cannot be read is Refused."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from commissary.base.errors import FieldFault, Refused, RequestRefusal
from commissary.base.http import once, refuse_zero
from commissary.dialects import money

MOST_FIELDS = 200
_exact = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode
_as_signed = msgspec.json.Decoder(dict[str, Any]).decode


def form_of(body: bytes) -> dict[str, str]:
    """A form's fields in the order in which they came. Refuses malformed_json; and a name that is given twice, since the one
    that was signed need not be the one that counts."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:  # not ASCII, half a letter, too many
        raise Refused(RequestRefusal.malformed_json) from None
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise wrong("body", "a zero character is in it")
    once(pairs)
    return dict(pairs)


def json_of(body: bytes) -> dict[str, Any]:
    """An object; numbers with a point stay exact. Refuses malformed_json, invalid_request."""
    refuse_zero(body)
    try:
        return _exact(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, ArithmeticError, RecursionError):
        raise Refused(RequestRefusal.malformed_json) from None


def json_as_signed(body: bytes) -> dict[str, Any]:
    """The same with numbers as the signer's language had them; for signatures alone."""
    try:
        return _as_signed(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused(RequestRefusal.malformed_json) from None


def text_at(told: Mapping[str, Any], name: str) -> str:
    """A text, or a whole number as one; '' if it is not there. Refuses anything else."""
    found = told.get(name)
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise wrong(name, "must be a text")
    return str(found).strip()


def int_at(told: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """A whole number, or the digits of one. Refuses anything else, and absence unless there is a default."""
    text = text_at(told, name)
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise wrong(name, "must be a whole number")
    return int(text)


def yuan_at(told: Mapping[str, Any], name: str) -> int | None:
    """An amount in main units → `_e4`, rounded down: it is a limit. None if it is not there."""
    found = told.get(name)
    if found is None or found == "":
        return None
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
        raise wrong(name, "must be an amount")
    try:
        amount = Decimal(found.strip() if isinstance(found, str) else found)
        return money.of_yuan(amount.quantize(Decimal("0.0001"), rounding="ROUND_FLOOR"))
    except (ValueError, ArithmeticError):
        raise wrong(name, "must be an amount") from None


def id_in(text: object) -> int | None:
    """An id as a number or a text; None for whatever cannot be one."""
    if isinstance(text, bool) or not isinstance(text, int | str):
        return None
    told = str(text)
    if not (told.isascii() and told.isdigit() and len(told) <= 19):
        return None
    return int(told) if 0 < int(told) < 2**63 else None


def wrong(path: str, message: str) -> Refused:
    return Refused(RequestRefusal.invalid_request, fields=[FieldFault(path, message)])


_UNNUMBERED = "sign-"


def unnumbered(signature: str) -> str:
    """The number of an order that came without one: the same for the same request, byte for byte."""
    return _UNNUMBERED + hashlib.sha256(signature.lower().encode()).hexdigest()[:40]


def is_unnumbered(number: str) -> bool:
    return number.startswith(_UNNUMBERED)
