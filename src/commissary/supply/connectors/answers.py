"""What connectors share in reading: an answer is JSON of the expected shape, or it is Unreadable."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from commissary.dialects import money
from commissary.supply.reading import noted
from commissary.supply.types import Response, Unreadable


def json_of(response: Response) -> dict[str, Any]:
    """The object in a 200. Numbers with a point are kept exact."""
    if response.status != 200:
        raise Unreadable(f"HTTP {response.status}")
    return object_of(response.body)


_read = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode


def object_of(body: bytes) -> dict[str, Any]:
    """Strictly: no NaN, no halves of characters, nothing behind the end."""
    try:
        told: dict[str, Any] = noted(_read(body))
        return told
    except (msgspec.MsgspecError, UnicodeDecodeError, ArithmeticError, RecursionError):
        raise Unreadable("not an object in JSON") from None


_read_array = msgspec.json.Decoder(list[dict[str, Any]], float_hook=Decimal).decode


def array_of(body: bytes) -> list[dict[str, Any]]:
    """A list of objects with nothing around it, as strictly."""
    try:
        told: list[dict[str, Any]] = noted(_read_array(body))
        return told
    except (msgspec.MsgspecError, UnicodeDecodeError, ArithmeticError, RecursionError):
        raise Unreadable("not a list of objects in JSON") from None


def form_of(body: bytes) -> dict[str, str]:
    """A form, each of its names once: of two, the one that was signed need not be the one that counts."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", strict_parsing=True)
    except ValueError:
        raise Unreadable("not a form") from None
    told: dict[str, str] = noted(dict(pairs))
    if len(told) < len(pairs):
        raise Unreadable("a name that comes twice")
    return told


def dict_at(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    if not isinstance(found, dict):
        raise Unreadable(f"{name} is missing")
    return found


def list_at(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable(f"{name} is missing")
    return found


def text_at(value: Mapping[str, Any], name: str) -> str:
    """A text or a number, as text."""
    found = value.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise Unreadable(f"{name} is missing")
    return str(found)


def int_at(value: Mapping[str, Any], name: str) -> int:
    try:
        return int(text_at(value, name))
    except ValueError:
        raise Unreadable(f"{name} is no number") from None


def yuan_at(value: Mapping[str, Any], name: str) -> int:
    """An amount in main units → `_e4`."""
    found = value.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
        raise Unreadable(f"{name} is missing")
    try:
        return money.of_yuan(found)
    except ValueError as error:
        raise Unreadable(f"{name}: {error}") from None


def fen_at(value: Mapping[str, Any], name: str) -> int:
    """A whole number of hundredths → `_e4`."""
    try:
        return money.of_fen(int_at(value, name))
    except ValueError as error:
        raise Unreadable(f"{name}: {error}") from None


def said_at(value: Mapping[str, Any], name: str) -> str:
    """The supplier's own words, for people; '' without any."""
    return str(value.get(name) or "")[:200]


def words(text: object) -> tuple[str, ...]:
    """'拼多多,京东' → ('拼多多', '京东')."""
    return tuple(word.strip() for word in str(text or "").split(",") if word.strip())


def only(found: Sequence[dict[str, Any]], what: str) -> dict[str, Any]:
    if len(found) != 1:
        raise Unreadable(f"{len(found)} {what} in place of one")
    return found[0]
